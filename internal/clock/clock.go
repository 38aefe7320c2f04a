// Package clock is the program's one source of time.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time and waits.
type Clock interface {
	// Now is the current time, in UTC.
	Now() time.Time
	// Sleep waits for d, or until ctx is done, whose error it then returns.
	Sleep(ctx context.Context, d time.Duration) error
}

// Real is the clock of the machine.
var Real Clock = realClock{}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now().UTC() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Virtual is a clock for replays and tests. It starts at a given moment and
// runs on at the pace of the machine's; sleeping moves it forward at once
// instead of waiting, so that weeks pass in seconds.
type Virtual struct {
	mu      sync.Mutex
	now     time.Time
	since   time.Time // machine time at which now held; zero if the clock stands still
	running bool
}

// StartAt is a virtual clock that runs on from t.
func StartAt(t time.Time) *Virtual {
	return &Virtual{now: t.UTC(), since: time.Now(), running: true}
}

// StoppedAt is a virtual clock that stands still at t until it sleeps or is set.
func StoppedAt(t time.Time) *Virtual { return &Virtual{now: t.UTC()} }

// Now is the virtual time.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.at()
}

// Set moves the clock to t, forwards or back.
func (v *Virtual) Set(t time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now, v.since = t.UTC(), time.Now()
}

// Sleep moves the clock forward by d without waiting.
func (v *Virtual) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if d > 0 {
		v.now, v.since = v.at().Add(d), time.Now()
	}
	return nil
}

func (v *Virtual) at() time.Time {
	if !v.running {
		return v.now
	}
	return v.now.Add(time.Since(v.since)).Truncate(time.Microsecond)
}

// Wait waits for d, until wake receives, or until ctx is done. A virtual clock
// moves on by d at once; while others are busy, whose own waits move it, it
// stands by until one of them wakes the caller.
func Wait(ctx context.Context, c Clock, d time.Duration, wake <-chan struct{}, busy bool) error {
	var passed <-chan time.Time
	if _, virtual := c.(*Virtual); !virtual {
		timer := time.NewTimer(max(0, d))
		defer timer.Stop()
		passed = timer.C
	} else if !busy {
		select {
		case <-wake:
			return ctx.Err()
		default:
			return c.Sleep(ctx, d)
		}
	}
	select {
	case <-passed:
	case <-wake:
	case <-ctx.Done():
	}
	return ctx.Err()
}
