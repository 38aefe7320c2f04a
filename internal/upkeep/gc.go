package upkeep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// grace is how long archived bytes are left alone though no record refers to
// them: they are written before their records, and a transaction may take a
// while.
const grace = 24 * time.Hour

// fewLoose is how many archived files no record may refer to, in any case,
// without a doubt of the records: processes that were killed leave some.
const fewLoose = 20

// Collected counts what Collect removed.
type Collected struct {
	state.Forgotten
	Loose int   // archived bytes no record refers to
	Freed int64 // bytes of disk
}

// Collect removes what has grown old, then the archived bytes that no record
// refers to any more. It never touches what a revision was made from. With dry
// it removes nothing and counts what it would.
//
// Where the records refer to nothing, or to less than half of what is archived
// before anything is removed, they may be the wrong ones: Collect then refuses
// with ErrDamage, and removes nothing; with insist only in the first case.
func (h House) Collect(ctx context.Context, r state.Retention, dry, insist bool, progress Progress) (c Collected, err error) {
	// Names first, records after: what is put between the two has a name that is
	// not looked at.
	var names []string
	for name, err := range h.Archive.Names(ctx) {
		if err != nil {
			return c, err
		}
		names = append(names, name)
	}
	known, err := h.known(ctx)
	if err != nil {
		return c, err
	}
	loose := 0
	for _, name := range names {
		if !known[name] {
			loose++
		}
	}
	switch {
	case loose > 0 && len(known) == 0:
		return c, statement.WithHint(fmt.Errorf("%w: no record refers to any of the %d archived files; nothing is removed", ErrDamage, loose),
			"keep a copy of the data folder as it is; volteface restore BACKUPS --replace puts a backup back")
	case mostLoose(loose, len(known)) && !insist:
		return c, statement.WithHint(fmt.Errorf("%w: no record refers to %d of the %d archived files; nothing is removed", ErrDamage, loose, len(names)),
			"if an older database was put back, restore a newer backup; if they are really left over, volteface gc --insist removes them")
	}
	if c.Forgotten, err = h.Store.Forget(ctx, r, dry); err != nil {
		return c, err
	}
	if dry {
		for _, name := range c.Released {
			delete(known, name)
		}
	} else if known, err = h.known(ctx); err != nil {
		return c, err
	}
	young := time.Now().Add(-grace) // of the machine's time, as the files' is
	for i, name := range names {
		progress.tell(i+1, len(names))
		if known[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return c, err
		}
		freed, err := h.release(ctx, name, young, dry)
		if err != nil {
			return c, err
		}
		if freed > 0 {
			c.Loose++
			c.Freed += freed
		}
	}
	return c, nil
}

// mostLoose reports whether so many archived files are referred to by no record
// that the records are to be doubted.
func mostLoose(loose, known int) bool { return loose > fewLoose && loose > known }

// known are the names of the archived bytes that the records refer to.
func (h House) known(ctx context.Context) (map[string]bool, error) {
	all, err := archived(ctx, h.Store)
	known := make(map[string]bool, len(all))
	for _, a := range all {
		known[a.SHA256] = true
	}
	return known, err
}

// release removes archived bytes that are not young, and tells how many bytes of
// disk that frees; with dry it only tells.
func (h House) release(ctx context.Context, name string, young time.Time, dry bool) (int64, error) {
	if !dry {
		return h.Archive.Remove(ctx, name, young)
	}
	size, at, err := h.Archive.Stat(ctx, name)
	if errors.Is(err, statement.ErrNotFound) || err == nil && at.After(young) {
		return 0, nil
	}
	return size, err
}
