package monitor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// place is the form of an address in which a change of scheme, a "www.", a
// final slash or a tracking parameter makes no other place.
func place(address string) string {
	return strings.TrimPrefix(statement.Source{FoldCase: true}.Key(address), "www.")
}

// SamePlace reports whether two addresses differ in no more than that.
func SamePlace(a, b string) bool { return place(a) == place(b) }

// moved reports whether the capture shows that a statement lives at another
// place for good: every redirect says so (RFC 9110, sections 15.4.2 and
// 15.4.9), and it leads neither to where the page was asked for nor to where it
// was seen last.
func moved(st statement.Statement, c *statement.Capture) bool {
	if !redirected(c) || SamePlace(c.FinalURL, st.URL) || st.FinalURL == "" || SamePlace(c.FinalURL, st.FinalURL) {
		return false
	}
	return !slices.ContainsFunc(c.Hops, func(h statement.Hop) bool {
		return h.Status != http.StatusMovedPermanently && h.Status != http.StatusPermanentRedirect
	})
}

// A walk of a listing covers a stretch of time: what was published within it
// and is not named has been taken off the listing. The stretch must have this
// many items, and not more may be absent at once than named: sites change what
// they list, and in which order.
const (
	stretchLeast = 4
	absentMost   = 5
)

// absences notes which statements the walk of the listing should have named and
// did not. What stays absent while its page can be read is unlisted.
func (v *visit) absences(ctx context.Context, now time.Time) error {
	if v.options.DryRun || !v.src.OwnDocuments() || v.src.Kind.IsFeed() || v.src.Kind == statement.KindPage {
		return nil
	}
	var absent, back []statement.Statement
	if oldest, newest, ok := stretch(v.order); ok {
		f := state.Filter{Sources: []string{v.src.ID}, Since: oldest, NotListedAt: now}
		for st, err := range v.Store.Statements(ctx, f) {
			if err != nil {
				return err
			}
			if at := st.Published.Time; at.After(oldest) && at.Before(newest) && !st.Missing() && !away(st) {
				absent = append(absent, st)
			}
		}
		if len(absent) > max(absentMost, len(v.listed)/4) {
			v.Log.Warn("a listing names much less than it did: nothing is called unlisted", "source", v.src.ID, "absent", len(absent), "named", len(v.listed))
			absent = nil
		}
	}
	for st, err := range v.Store.Statements(ctx, state.Filter{Sources: []string{v.src.ID}, Absent: true}) {
		if err != nil {
			return err
		}
		if !st.ListedAt.Before(now) {
			back = append(back, st)
		}
	}
	for _, st := range absent {
		v.submit(look{known: &st, address: st.URL}, v.absent)
	}
	for _, st := range back {
		v.submit(look{known: &st, address: st.URL}, v.listedAgain)
	}
	v.pending.Wait() // what is absent is looked at in this visit
	return nil
}

// away reports whether a statement is found on another host than the one it was
// listed at: it is known to have moved, and no listing of the old host names it.
func away(st statement.Statement) bool {
	listed, _, _ := strings.Cut(place(st.URL), "/")
	found, _, _ := strings.Cut(place(st.FinalURL), "/")
	return st.FinalURL != "" && found != listed
}

// absent records that a listing does not name a statement that it should.
func (v *visit) absent(tx state.Tx, l look) (Finding, error) {
	st, err := tx.Statement(l.known.ID)
	if err != nil {
		return Finding{}, err
	}
	now := v.Clock.Now()
	switch {
	case st.AbsentSince.IsZero():
		st.AbsentSince, st.NextCheck = now, now
		return Finding{}, tx.PutStatement(st)
	case st.Unlisted(), now.Sub(st.AbsentSince) < v.Doubt.over(), st.LastSeen.Before(st.AbsentSince):
		return Finding{}, nil
	}
	st.UnlistedAt = now
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.Unlisted, st, fmt.Sprintf("its listing names what was published before and after it, but not this, since %s; its page was there at %s", moment(st.AbsentSince), moment(st.LastSeen)))
	return f, v.event(tx, f)
}

// listedAgain records that a listing names a statement that it had dropped.
func (v *visit) listedAgain(tx state.Tx, l look) (Finding, error) {
	st, err := tx.Statement(l.known.ID)
	if err != nil {
		return Finding{}, err
	}
	since, told := st.AbsentSince, st.Unlisted()
	st.AbsentSince, st.UnlistedAt = time.Time{}, time.Time{}
	if err := tx.PutStatement(st); err != nil || !told {
		return Finding{}, err
	}
	f := v.finding(statement.Restored, st, "its listing names it again, after it did not since "+moment(since))
	return f, v.event(tx, f)
}

// stretch is the time that a listing covers without a gap, by the dates of its
// items in its order: that of the longest run that does not rise. An item out
// of order, such as one that is pinned to the top, is no end of it.
func stretch(order []time.Time) (oldest, newest time.Time, ok bool) {
	n := len(order)
	longest, before := make([]int, n), make([]int, n)
	best := -1
	for i := range order {
		longest[i], before[i] = 1, -1
		for j := range i {
			if !order[j].Before(order[i]) && longest[j] >= longest[i] {
				longest[i], before[i] = longest[j]+1, j
			}
		}
		if best < 0 || longest[i] > longest[best] {
			best = i
		}
	}
	if best < 0 || longest[best] < max(stretchLeast, n*3/4) {
		return oldest, newest, false
	}
	oldest = order[best]
	for i := best; i >= 0; i = before[i] {
		newest = order[i]
	}
	return oldest, newest, true
}
