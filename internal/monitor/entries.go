package monitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/scrapers"
	"volteface/state"
)

// readEntries records the statements whose text stands in the listing itself:
// a full-text feed, or an API, and tells whether the limit lets it go on.
func (v *visit) readEntries(ctx context.Context, p scrapers.Page) (more bool, err error) {
	looks, err := v.nameEntries(ctx, p)
	if err != nil {
		return false, err
	}
	v.remark(p)
	v.entryKeys, v.reachesBack = map[string]bool{}, time.Time{}
	for _, l := range looks {
		v.entryKeys[l.key] = true
		if at := l.entry.Published.Time; !at.IsZero() && (v.reachesBack.IsZero() || at.Before(v.reachesBack)) {
			v.reachesBack = at
		}
	}
	last, err := v.lastKnown(ctx, looks)
	if err != nil {
		return false, err
	}
	for i, l := range looks {
		v.known = v.known || i > last && last >= 0
		if v.options.Limit > 0 && len(v.read) >= v.options.Limit {
			return false, ctx.Err()
		}
		if v.read[l.key] {
			continue
		}
		v.read[l.key] = true
		v.expect(1)
		if v.left(l.found.Published, i > last) {
			l.found.FoundAt = v.status.BaselineAt.Add(-time.Microsecond)
		}
		l.quiet = v.quiet(*l.found)
		v.keep(ctx, l)
	}
	return true, ctx.Err()
}

// lastKnown is the place in a listing of the last entry that is known; -1 if none is.
func (v *visit) lastKnown(ctx context.Context, looks []look) (int, error) {
	if !v.status.BaselineCut { // nobody asks
		return -1, nil
	}
	keys := make([]string, len(looks))
	for i, l := range looks {
		keys[i] = l.key
	}
	known, err := v.Store.Known(ctx, v.src.ID, keys)
	last := -1
	for i, key := range keys {
		if known[key] {
			last = i
		}
	}
	return last, err
}

// sharing is added to the key of a link: the name of an entry behind it, or,
// with nothing behind it, the mark of a link that several entries have had. A
// key has no fragment of its own.
const sharing = "#"

// nameEntries gives the entries that are wanted, each with the key under which
// it is remembered: that of its link, where no other entry has had it.
func (v *visit) nameEntries(ctx context.Context, p scrapers.Page) (looks []look, err error) {
	var marks []string
	for _, e := range p.Items {
		if e.URL == "" || !v.patterns.want(e.URL, e.Title) || before(e.Published, v.options.Since) {
			continue
		}
		found := state.Found{Source: v.src.ID, Key: v.src.Key(e.URL), URL: e.URL, Title: e.Title, Published: e.Published, Locator: e.Locator, FoundAt: v.Clock.Now()}
		looks = append(looks, look{found: &found, key: found.Key, address: e.URL, locator: e.Locator, capture: p.Capture, entry: e})
		marks = append(marks, found.Key+sharing)
	}
	shared, err := v.Store.Known(ctx, v.src.ID, marks)
	if err != nil {
		return nil, err
	}
	for i := range looks {
		if l := &looks[i]; l.entry.SharesLink || shared[marks[i]] {
			if err := v.nameApart(ctx, l); err != nil {
				return nil, err
			}
		}
	}
	return looks, nil
}

// nameApart finds the key of an entry whose link is, or was, that of others
// too. The link alone leads to a statement that was read while it was the only
// one there.
func (v *visit) nameApart(ctx context.Context, l *look) error {
	link := l.key
	keys := make([]string, 0, len(l.entry.Names))
	for _, name := range l.entry.Names {
		keys = append(keys, link+sharing+name)
	}
	for _, key := range keys {
		switch _, err := v.Store.ByKey(ctx, v.src.ID, key); {
		case err == nil:
			l.key = key
			l.found.Key = key
			return nil
		case !errors.Is(err, statement.ErrNotFound):
			return err
		}
	}
	switch st, err := v.Store.ByKey(ctx, v.src.ID, link); {
	case errors.Is(err, statement.ErrNotFound):
	case err != nil:
		return err
	default:
		r, err := v.Store.Revision(ctx, st.ID, 0)
		if err != nil {
			return err
		}
		if r.Locator == l.locator && l.locator != l.address || r.Title == l.entry.Title && r.Published.String() == l.entry.Published.String() {
			return nil
		}
	}
	l.key, l.names = keys[0], append(keys[1:], link+sharing)
	l.found.Key = l.key
	return nil
}

// remark notes of a feed whose ids or links repeat how its entries are told
// apart; it is no fault, but whoever looks after the source should know.
func (v *visit) remark(p scrapers.Page) {
	ids, links := 0, 0
	for _, e := range p.Items {
		if e.SharesID {
			ids++
		}
		if e.SharesLink {
			links++
		}
	}
	key := "listing " + v.src.Key(p.Capture.URL)
	if ids+links == 0 {
		if _, noted := v.troubles[key]; noted {
			v.submit(look{key: key}, func(tx state.Tx, l look) (Finding, error) { return Finding{}, v.settleTrouble(tx, l.key) })
		}
		return
	}
	reason := ""
	if ids > 0 {
		reason = fmt.Sprintf("%d of its %d entries have the id of another one", ids, len(p.Items))
	}
	if links > 0 {
		reason = join(reason, fmt.Sprintf("%d of its %d entries have the link of another one", links, len(p.Items)))
	}
	reason += "; they are told apart by what is their own of id and link, or else by link, title and date together"
	v.submit(look{key: key, address: p.Capture.URL}, func(tx state.Tx, l look) (Finding, error) {
		return Finding{}, v.note(tx, l, statement.TroubleRepeats, reason)
	})
}

// unreadableAgain is how long a document that cannot be read waits for the next
// look: a page may come in its place.
const unreadableAgain = 24 * time.Hour

// unreadable records inside T1 that a statement was published as something that
// is not read. It is told once, and is no fault of the source; its bytes are
// kept; of a known statement the last text stays.
func (v *visit) unreadable(tx state.Tx, l look, what string) (Finding, error) {
	if l.past != nil {
		return v.pastTrouble(tx, l, "not readable: it is "+what)
	}
	now := v.Clock.Now()
	reason := "published, not readable: it is " + what + ", at " + l.capture.FinalURL
	told := v.troubles[l.key].Kind == statement.TroubleUnreadable
	f := Finding{State: statement.Unread, Source: v.src.ID, URL: l.address, Reason: reason, Baseline: l.quiet}
	switch {
	case l.known != nil:
		st, err := tx.Statement(l.known.ID)
		if err != nil {
			return f, err
		}
		f.Statement, f.Title, f.Published, f.Revision = st.ID, st.Title, st.Published, st.Revision
		f.Reason += "; the last text read stays"
		st.LastChecked, st.NextCheck = now, v.nextCheck(st.URL, st.FirstSeen)
		if err := tx.Touch(st); err != nil {
			return f, err
		}
		if l.sha != st.CaptureHash {
			if err := v.putSnapshot(tx, st.ID, l); err != nil {
				return f, err
			}
		}
	case l.found != nil:
		f.Title, f.Published = l.found.Title, l.found.Published
		again := *l.found
		again.Attempts++
		again.LastError, again.NextTry = reason, now.Add(unreadableAgain)
		if err := tx.PutFound(again); err != nil {
			return f, err
		}
	}
	if err := v.note(tx, l, statement.TroubleUnreadable, reason); err != nil {
		return f, err
	}
	if told {
		return Finding{}, nil
	}
	// It is no statement yet: the event is of its source.
	named := f
	named.Statement, named.Revision = "", 0
	if f.Title != "" {
		named.Reason = "“" + f.Title + "”"
		if !f.Published.IsZero() {
			named.Reason += ", " + f.Published.Day()
		}
		named.Reason += ": " + f.Reason
	}
	return f, v.event(tx, named)
}

// note records inside T1 what is to be known of a page and is no fault.
func (v *visit) note(tx state.Tx, l look, kind statement.TroubleKind, reason string) error {
	t, again := v.troubles[l.key]
	if !again || t.Kind != kind {
		t = statement.Trouble{Source: v.src.ID, Key: l.key, Kind: kind, Since: v.Clock.Now()}
	}
	if l.known != nil {
		t.Statement = l.known.ID
	}
	t.URL, t.Reason, t.Looks, t.BodyHash = l.address, reason, t.Looks+1, l.sha
	return tx.PutTrouble(t)
}
