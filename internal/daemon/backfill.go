package daemon

import (
	"context"
	"errors"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/state"
)

// pastStretch is how many requests a backfill makes before the tables are looked
// at again.
const pastStretch = 20

// backfill reads on in a source's past for a while, and gives the time for which
// it then rests. It makes way for whatever is new.
func (d *daemon) backfill(ctx context.Context, s *Settings, src statement.Source) (rest time.Duration) {
	host := hostOf(src)
	before, err := d.Store.Backfill(ctx, src.ID)
	if err != nil { // taken back meanwhile
		return again
	}
	b, err := s.Monitor.Backfill(ctx, src, monitor.BackfillOptions{
		Holder: d.holder, Most: min(pastStretch, max(1, d.left(s, src))), Yield: func() bool { return d.yield(host) },
	})
	if b.Day.Equal(before.Day) {
		d.spend(src, max(0, b.Spent-before.Spent))
	} else {
		d.spend(src, b.Spent)
	}
	switch {
	case ctx.Err() != nil:
		return 0
	case errors.Is(err, state.ErrLeased), errors.Is(err, statement.ErrNotFound):
		return again
	case errors.Is(err, monitor.ErrNoBaseline): // the visit that makes it is due, or fails and is told of
		return settled
	case err != nil:
		d.metrics.failures.Inc()
		d.Log.Error("the past of a source cannot be read, it goes on later", "source", src.ID, "error", err, "hint", statement.HintOf(err))
		return settled
	}
	d.Log.Info("backfill", "source", src.ID, "read", b.Read, "pages", b.Pages, "oldest", b.Oldest, "spent_today", b.Spent, "budget", b.Budget, "done", !b.EndedAt.IsZero(), "note", b.Note)
	return 0
}
