package monitor

import (
	"context"
	"errors"
	"time"

	"volteface/internal/statement"
)

// nextCheck is when a statement is due for another look: by its age, counted from
// the moment given. A watched page has no age; each visit of its source is a look.
// A document that it leads to has one.
func (v *visit) nextCheck(address string, since time.Time) time.Time {
	if _, _, watched := v.src.Watched(address); watched {
		return time.Time{}
	}
	return v.Ladder.Next(since, v.Clock.Now())
}

// readWatched looks at every page of a source of kind page, in the order of the
// definition. One that is taken out of the definition is left alone from then on.
func (v *visit) readWatched(ctx context.Context) error {
	v.pending.Wait() // so that what was just read is not read twice
	var known []look
	for _, page := range v.src.Pages {
		key := v.src.Key(page.URL)
		st, err := v.Store.ByKey(ctx, v.src.ID, key)
		switch {
		case errors.Is(err, statement.ErrNotFound): // it waits among what was found
		case err != nil:
			return err
		case !v.read[key]:
			known = append(known, look{known: &st, key: key, address: page.URL})
		}
	}
	if n := v.options.Limit; n > 0 {
		known = known[:max(0, min(len(known), n-len(v.read)))]
	}
	v.expect(len(known))
	for _, l := range known {
		if v.longEnough() {
			break
		}
		if err := v.readPage(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// askedFor is the address of the page that a revision was read from: that which
// the definition names, where another answered.
func (v *visit) askedFor(ctx context.Context, r statement.Revision) (string, error) {
	st, err := v.Store.Statement(ctx, r.Statement)
	return st.URL, err
}
