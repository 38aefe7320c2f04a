package monitor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// The functions of this file run inside T1. They may run twice, so they change
// nothing but the transaction.

// revise decides what a good capture means.
func (v *visit) revise(tx state.Tx, l look) (Finding, error) {
	st, err := tx.ByKey(v.src.ID, l.key)
	if errors.Is(err, statement.ErrNotFound) {
		if st, err = v.sameElsewhere(tx, l); errors.Is(err, statement.ErrNotFound) {
			return v.create(tx, l)
		}
		if err != nil {
			return Finding{}, err
		}
		if err := v.alias(tx, st.ID, l.key, state.AliasRedirect); err != nil {
			return Finding{}, err
		}
		if st.Imported() {
			return v.firstLive(tx, st, l)
		}
		f, err := v.same(tx, st, l)
		f.Reason = "another address of " + st.ID
		return f, err
	}
	if err != nil {
		return Finding{}, err
	}
	if st.Imported() {
		return v.firstLive(tx, st, l)
	}
	return v.compare(tx, st, l)
}

// compare holds a good capture against what is known of its statement.
func (v *visit) compare(tx state.Tx, st statement.Statement, l look) (Finding, error) {
	hash := l.doc.TextHash()
	if st.TextHash == hash {
		if err := v.rested(tx, st.ID); err != nil {
			return Finding{}, err
		}
		return v.same(tx, st, l)
	}
	if l.shown {
		return v.firstShown(tx, st, l)
	}
	if l.like == nil {
		return v.changed(tx, st, l)
	}
	// The rules of extraction have changed since the current revision, or the
	// page's own structure has: compare with the stored snapshot read as the
	// new page was, and keep that reading.
	if l.doc.Path != st.Path && l.doc.Path == statement.ByMainContent && st.Path != statement.ByDocument && l.like.TextHash() != hash {
		l.known = &st
		return v.troubled(tx, l, statement.TroubleDrift, "the selectors no longer match: the template of the page has changed, the last good text stays", "")
	}
	if err := v.reread(tx, &st, *l.like); err != nil {
		return Finding{}, err
	}
	if st.TextHash == hash {
		return v.same(tx, st, l)
	}
	return v.changed(tx, st, l)
}

// create records a statement never seen before.
func (v *visit) create(tx state.Tx, l look) (Finding, error) {
	if kind, reason, err := v.twin(tx, l); err != nil || kind != "" {
		if err != nil {
			return Finding{}, err
		}
		return v.troubled(tx, l, kind, reason, statement.SHA256([]byte(l.doc.Body)))
	}
	now := v.Clock.Now()
	st := statement.Statement{
		ID: statement.NewID(v.src.ID, l.key), Source: v.src.ID, URL: l.address, Revision: 1, FirstSeen: now,
	}
	if v.onListing[l.key] {
		st.ListedAt = now
	}
	if err := v.settleTrouble(tx, l.key); err != nil {
		return Finding{}, err
	}
	reason := ""
	if !v.first && (l.quiet || v.status.Backlog(l.doc.Published)) {
		l.quiet, reason = true, "backlog: it was there before the first visit, so nobody is alerted"
		if v.src.Kind == statement.KindPage {
			reason = "watched from now on: nobody is alerted of what it says already"
		}
	}
	v.adopt(&st, l)
	if l.past != nil {
		reason = "of the archive, so nobody is alerted"
		if !st.NextCheck.IsZero() { // an old page is looked at as rarely as any of its age
			st.NextCheck = now.Add(v.Ladder.Longest())
		}
	}
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	if err := v.aliases(tx, st, l); err != nil {
		return Finding{}, err
	}
	if err := v.putText(tx, st, l); err != nil {
		return Finding{}, err
	}
	if err := v.noteAnnexes(tx, st, l, true); err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.New, st, join(reason, v.annexOf(l.key)))
	f.Baseline = l.quiet
	return f, v.event(tx, f)
}

// changed records a new revision and says what is different.
func (v *visit) changed(tx state.Tx, st statement.Statement, l look) (Finding, error) {
	old, err := tx.Revision(st.ID, 0)
	if err != nil {
		return Finding{}, err
	}
	if onlyDamaged(old.Title+"\n"+old.Body, l.doc.Title+"\n"+l.doc.Body) && dates(old, l.doc) == "" {
		l.doc.Title, l.doc.Body = old.Title, old.Body
		f, err := v.same(tx, st, l)
		f.Reason = join(f.Reason, "some characters came damaged")
		return f, err
	}
	s, err := v.settle(tx, old, l.doc)
	if err != nil {
		return Finding{}, err
	}
	var news []statement.Moving // places that are quiet from now on
	if s.same {
		if news, err = v.noteMoves(tx, st.ID, l, s); err != nil {
			return Finding{}, err
		}
		if len(news) == 0 {
			l.doc.Title, l.doc.Body, l.doc.Published, l.doc.Updated = old.Title, old.Body, old.Published, old.Updated
			f, err := v.same(tx, st, l)
			f.Reason = join(f.Reason, whyQuiet(s.changes))
			return f, err
		}
	} else if l.locator == "" {
		kind, reason, err := v.doubtful(tx, st, old, l)
		if err != nil {
			return Finding{}, err
		}
		if kind != "" {
			l.known = &st
			if err := v.putSnapshot(tx, st.ID, l); err != nil {
				return Finding{}, err
			}
			return v.troubled(tx, l, kind, reason, statement.SHA256([]byte(l.doc.Body)))
		}
	}
	if err := v.settleTrouble(tx, l.key); err != nil {
		return Finding{}, err
	}
	edit, err := v.judge(tx, old, l, s)
	if err != nil {
		return Finding{}, err
	}
	if !s.same {
		if news, err = v.noteMoves(tx, st.ID, l, s); err != nil {
			return Finding{}, err
		}
	}
	if len(news) > 0 {
		learnt := v.learntEdit(old, news)
		if !s.same { // and something else that is told
			learnt.Judgement, learnt.Summary = edit.Judgement, join(edit.Summary, learnt.Summary)
		}
		edit = learnt
	}
	reason := edit.Summary
	lied := l.locator == "" && st.Validators.Same(statement.ValidatorsOf(l.capture.Header))
	if lied {
		reason += "; the server gives the changed page the mark of the old one"
	}
	if l.doc.Note != "" {
		reason = join(reason, fmt.Sprintf("the issuer says: “%s”", l.doc.Note))
	}
	if l.how != "" {
		reason = join(reason, l.how)
	}
	st.Revision = old.N + 1
	back, err := v.restored(tx, &st)
	if err != nil {
		return Finding{}, err
	}
	if redirected(l.capture) {
		if err := v.aliases(tx, st, l); err != nil {
			return Finding{}, err
		}
	}
	v.adopt(&st, l)
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	if err := v.putText(tx, st, l); err != nil {
		return Finding{}, err
	}
	if err := errors.Join(tx.PutEdit(edit), v.noteAnnexes(tx, st, l, true)); err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.Changed, st, reason)
	f.Judgement = edit.Judgement
	if f.lied = lied; back != nil {
		f.also = []Finding{*back}
	}
	return f, v.event(tx, f)
}

func dates(old statement.Revision, doc statement.Document) string {
	var parts []string
	if a, b := old.Published.String(), doc.Published.String(); a != b {
		parts = append(parts, fmt.Sprintf("published %s, was %s", shown(b), shown(a)))
	}
	if a, b := old.Updated.String(), doc.Updated.String(); a != b {
		parts = append(parts, fmt.Sprintf("updated %s, was %s", shown(b), shown(a)))
	}
	return strings.Join(parts, "; ")
}

func shown(date string) string {
	if date == "" {
		return "not shown"
	}
	return date
}

// firstLive records the first page read of a statement that was imported: a
// baseline, never news. What the archive said stays as evidence, and as an
// earlier revision if it was another text.
func (v *visit) firstLive(tx state.Tx, st statement.Statement, l look) (Finding, error) {
	old, err := tx.Revision(st.ID, 0)
	if err != nil {
		return Finding{}, err
	}
	if redirected(l.capture) && old.Title != l.doc.Title && !near(old.Body, l.doc.Body) {
		l.known, l.reason = &st, "redirects to "+l.capture.FinalURL+", which is another text"
		return v.missing(tx, l)
	}
	reason := "read for the first time: the same text as imported"
	if !l.doc.SameText(old.Title, old.Body) {
		st.Revision = old.N + 1
		reason = "read for the first time: not quite the text as imported"
	}
	v.adopt(&st, l)
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	if err := v.aliases(tx, st, l); err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.Unchanged, st, reason)
	f.Baseline = true
	return f, v.putText(tx, st, l)
}

// firstShown records a page that a browser shows for the first time, or no longer:
// another reading of the same statement, never news.
func (v *visit) firstShown(tx state.Tx, st statement.Statement, l look) (Finding, error) {
	reason := "shown by a browser for the first time: not the text that was read without its scripts"
	if !l.capture.Rendered() {
		reason = "no longer shown by a browser: not the text that its scripts wrote"
	}
	if err := v.settleTrouble(tx, l.key); err != nil {
		return Finding{}, err
	}
	st.Revision++
	v.adopt(&st, l)
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	l.quiet = true
	f := v.finding(statement.Unchanged, st, reason)
	f.Baseline = true
	return f, v.putText(tx, st, l)
}

// same records a look that found nothing new.
func (v *visit) same(tx state.Tx, st statement.Statement, l look) (Finding, error) {
	if l.found != nil {
		if err := tx.DropFound(v.src.ID, l.key); err != nil {
			return Finding{}, err
		}
	}
	if err := v.settleTrouble(tx, l.key); err != nil {
		return Finding{}, err
	}
	if err := v.noteAnnexes(tx, st, l, false); err != nil {
		return Finding{}, err
	}
	reason := ""
	if l.locator == "" && l.sha != st.CaptureHash { // other bytes, the same text
		if err := v.putSnapshot(tx, st.ID, l); err != nil {
			return Finding{}, err
		}
	}
	elsewhere := moved(st, l.capture)
	switch {
	case l.moved:
		reason = "its own address answers no more, its text is at " + l.capture.FinalURL
	case redirected(l.capture) && !SamePlace(l.capture.FinalURL, l.capture.URL):
		reason = "now at " + l.capture.FinalURL
	}
	if redirected(l.capture) {
		if err := v.aliases(tx, st, l); err != nil {
			return Finding{}, err
		}
	}
	back, err := v.restored(tx, &st)
	if err != nil {
		return Finding{}, err
	}
	before := st
	v.adopt(&st, l)
	if back != nil || before.Fingerprint != st.Fingerprint || before.FinalURL != st.FinalURL || before.BodyHash != st.BodyHash {
		err = tx.PutStatement(st)
	} else {
		err = tx.Touch(st)
	}
	if err != nil {
		return Finding{}, err
	}
	f := v.finding(statement.Unchanged, st, reason)
	if elsewhere {
		f = v.finding(statement.Moved, st, "for good, to "+l.capture.FinalURL+"; the text is the same")
		if err := v.event(tx, f); err != nil {
			return f, err
		}
	}
	if back != nil {
		if elsewhere {
			f.also = []Finding{*back}
			return f, nil
		}
		back.Reason = join(back.Reason, reason)
		return *back, nil
	}
	return f, nil
}

// unchanged records an answer that the stored snapshot still holds.
func (v *visit) unchanged(tx state.Tx, l look) (Finding, error) {
	st := *l.known // the lease keeps others from changing it since it was read
	now := v.Clock.Now()
	st.LastSeen, st.LastChecked, st.NextCheck = now, now, v.nextCheck(st.URL, st.FirstSeen)
	if err := errors.Join(v.rested(tx, st.ID), v.settleTrouble(tx, l.key)); err != nil {
		return Finding{}, err
	}
	return v.finding(statement.Unchanged, st, "not modified"), tx.Touch(st)
}

// reread replaces the current revision by another reading of the same
// snapshot. That is never an event.
func (m *Monitor) reread(tx state.Tx, st *statement.Statement, doc statement.Document) error {
	r, err := tx.Revision(st.ID, 0)
	if err != nil {
		return err
	}
	setText(&r, doc)
	if err := tx.PutRevision(r); err != nil {
		return err
	}
	was := st.Path
	if setCurrent(st, r); was == statement.ByArchive {
		st.Path = was
	}
	if err := tx.PutStatement(*st); err != nil {
		return err
	}
	return analysisDue(tx, *st, r, true)
}

// adopt makes a statement's row say what the look found.
func (v *visit) adopt(st *statement.Statement, l look) {
	now := v.Clock.Now()
	var current statement.Revision
	setText(&current, l.doc)
	setCurrent(st, current)
	st.LastSeen, st.LastChecked, st.NextCheck = now, now, v.nextCheck(st.URL, st.FirstSeen)
	st.ReadAt, st.FinalURL = now, l.capture.FinalURL
	st.BodyHash = statement.SHA256([]byte(l.doc.Body))
	st.CaptureHash = l.sha
	st.Validators = statement.ValidatorsOf(l.capture.Header)
	if !v.src.OwnDocuments() {
		st.NextCheck, st.Validators = time.Time{}, statement.Validators{} // its listing is what is looked at again
	}
}

// setCurrent copies into a statement's row what its current revision says.
func setCurrent(st *statement.Statement, r statement.Revision) {
	st.Title, st.Published, st.Language, st.Speakers = r.Title, r.Published, r.Language, r.Speakers
	st.TextHash, st.Fingerprint, st.Path = r.Hash, r.Fingerprint, r.Path
}

func setText(r *statement.Revision, doc statement.Document) {
	r.Title, r.Body, r.Published, r.Updated = doc.Title, doc.Body, doc.Published, doc.Updated
	r.Language, r.Speakers = doc.Language, doc.Speakers
	r.Hash, r.Fingerprint, r.Path = doc.TextHash(), doc.Fingerprint, doc.Path
}

// putText records the snapshot and the revision extracted from it, and takes
// the address off the list of those to be read.
func (v *visit) putText(tx state.Tx, st statement.Statement, l look) error {
	if err := v.putSnapshot(tx, st.ID, l); err != nil {
		return err
	}
	r := statement.Revision{
		Statement: st.ID, N: st.Revision, Snapshot: l.sha, Locator: l.locator,
		ContentType: l.capture.Header.Get("Content-Type"), URL: l.capture.FinalURL, SeenAt: v.Clock.Now(),
	}
	setText(&r, l.doc)
	if err := tx.PutRevision(r); err != nil {
		return err
	}
	if err := analysisDue(tx, st, r, l.quiet); err != nil {
		return err
	}
	if l.found != nil {
		return tx.DropFound(v.src.ID, l.key)
	}
	return nil
}

func (v *visit) putSnapshot(tx state.Tx, id string, l look) error {
	for _, c := range l.capture.Evidence { // what a browser made the page of
		if err := tx.PutSnapshot(statement.Snapshot{
			Statement: id, SHA256: c.SHA256(), Size: int64(len(c.Body)), URL: c.URL, FinalURL: c.FinalURL, Status: c.Status, Header: c.Header, FetchedAt: c.FetchedAt, Way: c.Way,
		}); err != nil {
			return err
		}
	}
	return tx.PutSnapshot(statement.Snapshot{
		Statement: id, SHA256: l.sha, Size: int64(len(l.capture.Body)), URL: l.capture.URL, FinalURL: l.capture.FinalURL,
		Hops: l.capture.Hops, Status: l.capture.Status, Header: l.capture.Header, Locator: l.locator, FetchedAt: l.capture.FetchedAt,
		Way: l.capture.Way,
	})
}

// sameElsewhere finds a statement with the same title and text that has, or
// claims, the address looked at or one that its redirect or canonical link
// names. Title and text must agree: sites point canonical links at their front
// page, and redirect what they have lost.
func (v *visit) sameElsewhere(tx state.Tx, l look) (statement.Statement, error) {
	keys := []string{l.key}
	if l.locator == "" {
		for _, address := range []string{l.capture.FinalURL, l.doc.Canonical} {
			if key := v.src.Key(address); address != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	var candidates []statement.Statement
	for _, key := range keys {
		claiming, err := tx.Candidates(v.src.ID, key)
		if err != nil {
			return statement.Statement{}, err
		}
		candidates = append(candidates, claiming...)
		st, err := tx.ByKey(v.src.ID, key)
		if err == nil {
			candidates = append(candidates, st)
		} else if !errors.Is(err, statement.ErrNotFound) {
			return st, err
		}
	}
	for _, st := range candidates {
		r, err := tx.Revision(st.ID, 0)
		if err != nil {
			return st, err
		}
		if l.doc.SameText(r.Title, r.Body) {
			return st, nil
		}
	}
	return statement.Statement{}, statement.ErrNotFound
}

// aliases notes every address the look showed to be the statement's.
func (v *visit) aliases(tx state.Tx, st statement.Statement, l look) error {
	for _, key := range append([]string{l.key}, l.names...) {
		if err := v.alias(tx, st.ID, key, state.AliasListed); err != nil {
			return err
		}
	}
	if l.locator != "" {
		return nil
	}
	if final := v.src.Key(l.capture.FinalURL); final != l.key {
		if err := v.alias(tx, st.ID, final, state.AliasRedirect); err != nil {
			return err
		}
	}
	if l.doc.Canonical == "" {
		return nil
	}
	if canonical := v.src.Key(l.doc.Canonical); canonical != l.key {
		return v.alias(tx, st.ID, canonical, state.AliasCandidate)
	}
	return nil
}

func (v *visit) alias(tx state.Tx, id, key string, kind state.AliasKind) error {
	return tx.PutAlias(state.Alias{Source: v.src.ID, Key: key, Statement: id, Kind: kind, Since: v.Clock.Now()})
}

// event records what happened and queues the alerts of it.
func (v *visit) event(tx state.Tx, f Finding) error {
	ev := statement.Event{At: v.Clock.Now(), State: f.State, Source: f.Source, Statement: f.Statement, Revision: f.Revision, Reason: f.Reason, Baseline: f.Baseline,
		Class: f.Class, Kinds: f.Kinds, Flicker: f.Flicker, Importance: f.Importance}
	id, err := tx.AddEvent(ev)
	if err != nil {
		return err
	}
	ev.ID = id
	if ev.Baseline || ev.Flicker || ev.Class == statement.ClassNone {
		return nil
	}
	return v.route(tx, ev, v.src)
}

func (v *visit) finding(s statement.State, st statement.Statement, reason string) Finding {
	return Finding{
		State: s, Source: v.src.ID, Statement: st.ID, URL: st.URL, Title: st.Title,
		Published: st.Published, Revision: st.Revision, Reason: reason,
	}
}

func redirected(c *statement.Capture) bool { return len(c.Hops) > 0 && c.FinalURL != c.URL }

// join puts two parts of a reason together; either may be missing.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
