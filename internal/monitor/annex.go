package monitor

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Documents that the text of a page links to on its own site, such as PDFs, are
// statements of their own: captured, looked at again, searched and analysed like
// others. A link that goes is an edit of the page; the document is watched on.

// annexed is a document that a page of this visit links to and that nobody has
// read.
type annexed struct {
	state.Found
	of string // title of the page
}

// noteAnnexes remembers, inside T1, the documents that a page links to and that
// are not known. Those of a page that says what it always said were there before
// anybody looked for them: they are no news.
func (v *visit) noteAnnexes(tx state.Tx, st statement.Statement, l look, news bool) error {
	if !v.src.ReadsAnnexes() || l.locator != "" {
		return nil
	}
	for i, a := range l.doc.Annexes {
		key := v.src.Key(a.URL)
		if _, troubled := v.troubles[key]; troubled { // it waits among what was found
			continue
		}
		_, err := tx.ByKey(v.src.ID, key)
		if err == nil {
			continue
		}
		if !errors.Is(err, statement.ErrNotFound) {
			return err
		}
		now := v.Clock.Now()
		found := state.Found{Source: v.src.ID, Key: key, URL: a.URL, Title: a.Label, Published: st.Published, FoundAt: now.Add(time.Duration(i) * time.Microsecond), NextTry: now}
		if found.Title == "" {
			found.Title = st.Title
		}
		if (!news || l.quiet) && !v.status.BaselineAt.IsZero() {
			found.FoundAt = v.status.BaselineAt.Add(-time.Microsecond)
		}
		if err := tx.PutFound(found); err != nil {
			return err
		}
		v.mu.Lock()
		if v.annexes == nil {
			v.annexes = map[string]annexed{}
		}
		v.annexes[key] = annexed{found, st.Title}
		v.mu.Unlock()
	}
	return nil
}

// readAnnexes reads the documents that pages of this visit link to.
func (v *visit) readAnnexes(ctx context.Context) error {
	v.pending.Wait()
	v.mu.Lock()
	waiting := make([]annexed, 0, len(v.annexes))
	for key, a := range v.annexes {
		if !v.read[key] {
			waiting = append(waiting, a)
		}
	}
	v.mu.Unlock()
	slices.SortFunc(waiting, func(a, b annexed) int { return cmp.Or(a.FoundAt.Compare(b.FoundAt), cmp.Compare(a.Key, b.Key)) })
	if n := v.options.Limit; n > 0 {
		waiting = waiting[:max(0, min(len(waiting), n-len(v.read)))]
	}
	v.expect(len(waiting))
	for i := range waiting {
		if b := v.options.Budget; v.longEnough() || b > 0 && v.transport.Requests() >= b || v.options.Yield != nil && v.options.Yield() {
			break // the rest waits among what was found
		}
		f := waiting[i].Found
		if err := v.readPage(ctx, look{found: &f, key: f.Key, address: f.URL, quiet: v.quiet(f), annex: true}); err != nil {
			return err
		}
	}
	return nil
}

// unreadAnnex notes that a document that a page links to, and that has never been
// read, cannot be: a dead link, one that robots.txt forbids, a file too large. That
// is no fault of the source. It is asked for again later.
func (v *visit) unreadAnnex(l look, reason string) {
	v.submit(l, func(tx state.Tx, l look) (Finding, error) {
		again := *l.found
		again.Attempts++
		again.LastError, again.NextTry = reason, v.Clock.Now().Add(unreadableAgain)
		return Finding{}, errors.Join(tx.PutFound(again), v.note(tx, l, statement.TroubleUnreadable, "linked to, and not readable: "+reason))
	})
}

// annexOf says of which page a document is an annex, as far as this visit has
// seen it; "" if none.
func (v *visit) annexOf(key string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if a, is := v.annexes[key]; is {
		return "annex of “" + a.of + "”"
	}
	return ""
}
