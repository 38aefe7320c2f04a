package upkeep

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
)

// Check is what an examination found.
type Check struct {
	Counts   state.Counts
	Archived int      // bytes looked at that the records refer to
	Faults   int      // reported
	Loose    int      // archived bytes that no record refers to: left over, harmless
	Lost     []string // names of bytes that are missing or damaged
}

// Examine checks that the records agree among themselves, that their dates and
// addresses make sense, that every archived
// page they refer to is there, and that its bytes are what their name says. It
// changes nothing; visits may go on meanwhile.
func (h House) Examine(ctx context.Context, report func(fault string), progress Progress) (c Check, err error) {
	var mu sync.Mutex
	tell := func(fault string) {
		mu.Lock()
		defer mu.Unlock()
		c.Faults++
		report(fault)
	}
	if err := h.Store.Faults(ctx, tell); err != nil {
		return c, err
	}
	for st, err := range h.Store.Statements(ctx, state.Filter{}) {
		if err == nil {
			err = h.sense(ctx, st, tell)
		}
		if err != nil {
			return c, err
		}
	}
	if c.Counts, err = h.Store.Counts(ctx); err != nil {
		return c, err
	}
	all, err := archived(ctx, h.Store)
	if err != nil {
		return c, err
	}
	done := 0
	err = each(ctx, all, func(a state.Archived) error {
		fault := h.sound(ctx, a)
		if fault != "" {
			tell(fault)
		}
		mu.Lock()
		defer mu.Unlock()
		if fault != "" {
			c.Lost = append(c.Lost, a.SHA256)
		}
		done++
		progress.tell(done, len(all))
		return nil
	})
	c.Archived = done
	if err != nil {
		return c, err
	}
	known := make(map[string]bool, len(all))
	for _, a := range all {
		known[a.SHA256] = true
	}
	for name, err := range h.Archive.Names(ctx) {
		if err != nil {
			return c, err
		}
		if !known[name] {
			c.Loose++
		}
	}
	if c.Loose > 0 && len(all) == 0 || mostLoose(c.Loose, len(all)) {
		tell(fmt.Sprintf("%v: the records refer to %d archived files, and to %d that are there they do not", ErrDamage, len(all), c.Loose))
	}
	return c, nil
}

// sound says what is wrong with archived bytes, "" if nothing is.
func (h House) sound(ctx context.Context, a state.Archived) string {
	b, err := h.Archive.Get(ctx, a.SHA256)
	switch {
	case errors.Is(err, statement.ErrNotFound) && a.Sign:
		return ""
	case errors.Is(err, statement.ErrNotFound):
		return fmt.Sprintf("statement %s: its archived bytes %s are missing", a.Statement, a.SHA256)
	case errors.Is(err, blob.ErrCorrupt):
		return fmt.Sprintf("statement %s: its archived bytes %s are damaged", a.Statement, a.SHA256)
	case err != nil:
		return fmt.Sprintf("statement %s: its archived bytes %s cannot be read: %v", a.Statement, a.SHA256, err)
	case a.Size > 0 && a.Size != int64(len(b)):
		return fmt.Sprintf("statement %s: its archived bytes %s are %d, recorded as %d", a.Statement, a.SHA256, len(b), a.Size)
	}
	return ""
}

// Mend puts archived bytes back from a backup, and tells how many it had.
func (h House) Mend(ctx context.Context, lost []string, from *blob.Folder) (mended int, err error) {
	for _, name := range lost {
		b, err := from.Get(ctx, name)
		if errors.Is(err, statement.ErrNotFound) || errors.Is(err, blob.ErrCorrupt) {
			continue
		}
		if err == nil {
			_, err = h.Archive.Put(ctx, b)
		}
		if err != nil {
			return mended, err
		}
		mended++
	}
	return mended, nil
}

// each runs fn on every item, as many at a time as there are processors, until
// one fails.
func each[T any](ctx context.Context, items []T, fn func(T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan T)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for item := range work {
				if err := fn(item); err != nil {
					cancel(err)
				}
			}
		})
	}
feed:
	for _, item := range items {
		select {
		case work <- item:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}
