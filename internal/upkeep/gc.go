package upkeep

import (
	"context"
	"time"

	"volteface/state"
)

// grace is how long archived bytes are left alone though no record refers to
// them: they are written before their records, and a transaction may take a
// while.
const grace = 24 * time.Hour

// Collected counts what Collect removed.
type Collected struct {
	state.Forgotten
	Loose int   // archived bytes no record refers to
	Freed int64 // bytes of disk
}

// Collect removes what has grown old, then the archived bytes that no record
// refers to any more. It never touches what a revision was made from. With dry
// it only counts, what would become loose by it left out.
func (h House) Collect(ctx context.Context, r state.Retention, dry bool, progress Progress) (c Collected, err error) {
	if c.Forgotten, err = h.Store.Forget(ctx, r, dry); err != nil {
		return c, err
	}
	// Names first, records after: what is put between the two has a name that is
	// not looked at.
	var names []string
	for name, err := range h.Archive.Names(ctx) {
		if err != nil {
			return c, err
		}
		names = append(names, name)
	}
	all, err := archived(ctx, h.Store)
	if err != nil {
		return c, err
	}
	known := make(map[string]bool, len(all))
	for _, a := range all {
		known[a.SHA256] = true
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
		if dry {
			c.Loose++
			continue
		}
		freed, err := h.Archive.Remove(ctx, name, young)
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
