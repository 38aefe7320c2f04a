package monitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// ErrNotVisited says that a source cannot be visited at once.
var ErrNotVisited = errors.New("it is not visited")

// VisitSoon makes a source's next visit due now, for the daemon to make. A source that was given up because nobody answered there is tried
// again. It fails with ErrNotVisited, and says why, where no daemon would make the visit: none is there, the source is off, or paused.
func VisitSoon(ctx context.Context, store state.Store, src statement.Source, now time.Time, attended bool) error {
	refuse := func(why, hint string) error {
		return statement.WithHint(fmt.Errorf("%w: %s", ErrNotVisited, why), hint)
	}
	switch {
	case !attended:
		return refuse("no daemon runs on this store", "volteface scrape "+src.ID+" visits it at once; volteface run starts a daemon")
	case !src.IsEnabled():
		return refuse(src.ID+" is off", "volteface sources enable "+src.ID+" switches it on")
	}
	pauses, err := store.Pauses(ctx, now)
	if err != nil {
		return err
	}
	for _, p := range pauses {
		if p.Source == src.ID {
			return refuse(src.ID+" is paused", "volteface sources resume "+src.ID+" lets it go on")
		}
	}
	return store.Update(ctx, func(tx state.Tx) error {
		p, err := tx.Plan(src.ID)
		if errors.Is(err, statement.ErrNotFound) {
			return refuse("the daemon has not planned its visits yet", "try again in a moment")
		}
		if err != nil {
			return err
		}
		if p.RetiredAt.IsZero() && !p.NextVisit.IsZero() && p.NextVisit.Before(now) {
			return nil // it is due already
		}
		p.NextVisit, p.RetiredAt = now, time.Time{}
		return tx.PutPlan(p)
	})
}
