package monitor

import (
	"context"
	"time"

	"volteface/internal/fetch"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/state"
)

// longestDigest is the longest that an alert waits for its digest: a week, and
// the quiet hours after it.
const longestDigest = 8 * 24 * time.Hour

// PullBack brings moments back that an earlier run wrote while the clock was
// ahead, so that nothing waits for them, and warns of it. It gives how many.
func (m *Monitor) PullBack(ctx context.Context) (int, error) {
	n, err := m.Store.PullBack(ctx, m.Clock.Now(), state.Longest{
		Check:  max(m.Ladder.Longest(), schedule.Retry(1<<10), removedAgain, m.Doubt.interval()),
		Retry:  max(schedule.Retry(1<<10), fetch.LongestRest, m.Doubt.interval()),
		Digest: longestDigest,
	})
	if n > 0 {
		m.Log.Warn("the clock was ahead, or is behind now: what was put off by it has been brought back; is the clock right?", "moments", n, "now", m.Clock.Now())
	}
	return n, err
}

// ahead reports whether a moment that is remembered has not come yet: it was
// written while the clock was ahead.
func ahead(t, now time.Time) bool { return t.After(now.Add(statement.ClockSlack)) }

// come are the signs that a page is gone, without those seen while the clock was
// ahead: the time between them and others tells nothing.
func come(signs []statement.Sign, now time.Time) (past []statement.Sign) {
	for _, s := range signs {
		if !ahead(s.At, now) {
			past = append(past, s)
		}
	}
	return past
}
