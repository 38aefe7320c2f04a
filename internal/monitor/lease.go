package monitor

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/state"
)

// Holder names this process in leases.
func Holder(started time.Time) string { return statement.Holder(started) }

// lease takes the right to visit the source and renews it until release is
// called, so that a daemon, its restart after a crash and a person at a
// terminal never visit one source at once.
func (v *visit) lease(ctx context.Context) (release func(), err error) {
	return holdLease(ctx, v.Store, v.Clock, v.Log, v.src.ID, v.options.Holder)
}

// holdLease takes a lease and renews it until release is called. A lease of a
// process of this machine that runs no more is taken over at once.
func holdLease(ctx context.Context, store state.Store, c clock.Clock, log *slog.Logger, name, holder string) (release func(), err error) {
	take := func() error {
		now := c.Now()
		err := store.Lease(ctx, name, holder, now, now.Add(leaseTime))
		var leased *state.LeasedError
		if errors.As(err, &leased) && statement.HolderGone(leased.Holder) {
			return store.TakeOver(ctx, name, holder, leased.Holder, now.Add(leaseTime))
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
					log.Warn("a lease could not be renewed", "of", name, "error", err)
				}
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		if err := store.Release(context.WithoutCancel(ctx), name, holder); err != nil {
			log.Warn("a lease could not be given back", "of", name, "error", err)
		}
	}, nil
}
