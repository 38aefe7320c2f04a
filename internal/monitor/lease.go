package monitor

import (
	"context"
	"errors"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Holder names this process in leases.
func Holder(started time.Time) string { return statement.Holder(started) }

// lease takes the right to visit the source and renews it until release is
// called, so that a daemon, its restart after a crash and a person at a
// terminal never visit one source at once.
func (v *visit) lease(ctx context.Context) (release func(), err error) {
	take := func() error {
		now := v.Clock.Now()
		err := v.Store.Lease(ctx, v.src.ID, v.options.Holder, now, now.Add(leaseTime))
		var leased *state.LeasedError
		if errors.As(err, &leased) && statement.HolderGone(leased.Holder) {
			return v.Store.TakeOver(ctx, v.src.ID, v.options.Holder, leased.Holder, now.Add(leaseTime))
		}
		return err
	}
	if err := take(); err != nil {
		return nil, err
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(leaseTime / 4) // of the machine's time: a lease guards against other processes
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				if err := take(); err != nil {
					v.Log.Warn("the lease of a source could not be renewed", "source", v.src.ID, "error", err)
				}
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		if err := v.Store.Release(context.WithoutCancel(ctx), v.src.ID, v.options.Holder); err != nil {
			v.Log.Warn("the lease of a source could not be given back", "source", v.src.ID, "error", err)
		}
	}, nil
}
