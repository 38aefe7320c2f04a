package monitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/scrapers"
	"volteface/state"
)

// readFound reads the pages that listings have named and nobody has read.
func (v *visit) readFound(ctx context.Context) error {
	chosen, err := v.choose(ctx)
	if err != nil {
		return err
	}
	v.expect(len(chosen))
	for _, f := range chosen {
		if v.longEnough() {
			break
		}
		if err = v.readPage(ctx, look{found: &f, key: f.Key, address: f.URL, quiet: v.quiet(f), annex: v.troubles[f.Key].Kind == statement.TroubleUnreadable}); err != nil {
			break
		}
	}
	v.judgeStrangers(ctx)
	return err
}

// readDue looks again at the pages of known statements.
func (v *visit) readDue(ctx context.Context) error {
	if v.options.Recheck == RecheckNone || !v.src.OwnDocuments() {
		return nil
	}
	if v.src.Kind == statement.KindPage && !v.options.ChecksOnly {
		if err := v.readWatched(ctx); err != nil {
			return err
		}
	}
	filter := state.Filter{Sources: []string{v.src.ID}, Since: v.options.Since, OldestCheck: true}
	if v.options.Recheck != RecheckAll {
		filter.DueBefore = v.Clock.Now()
	}
	if v.options.Limit > 0 {
		filter.Limit = v.options.Limit
	}
	v.pending.Wait() // so that what was just read is not due
	var due []statement.Statement
	for st, err := range v.Store.Statements(ctx, filter) {
		if err != nil {
			return err
		}
		if !v.read[v.src.Key(st.URL)] && !(st.Imported() && st.NextCheck.IsZero()) { // nobody has asked for the page behind it
			due = append(due, st)
		}
	}
	if n := v.options.Limit; n > 0 {
		due = due[:max(0, min(len(due), n-len(v.read)))]
	}
	v.expect(len(due))
	for i := range due {
		if b := v.options.Budget; b > 0 && v.transport.Requests() >= b || v.options.Yield != nil && v.options.Yield() {
			break // the rest stays due
		}
		if v.longEnough() {
			break
		}
		st := &due[i]
		if err := v.readPage(ctx, look{known: st, key: v.src.Key(st.URL), address: st.URL}); err != nil {
			return err
		}
	}
	return nil
}

// longEnough tells whether a visit has done what one visit may do.
func (v *visit) longEnough() bool {
	return len(v.read) >= maxRead || v.Clock.Now().Sub(v.record.StartedAt) >= longestVisit
}

// look is one look at one statement: what was asked for, and what came.
type look struct {
	found    *state.Found         // named by a listing, unknown so far
	past     *state.BackfillItem  // of an archive that is read; nil for what is news
	known    *statement.Statement // as remembered before the look
	key      string
	address  string
	locator  string
	names    []string      // keys that lead to the statement too: what tells an entry from others of its link
	entry    extract.Entry // of a listing that holds the text itself
	quiet    bool          // a new statement without an alert of its own
	capture  *statement.Capture
	sha      string // of the capture's body
	doc      statement.Document
	like     *statement.Document   // the stored snapshot, extracted as doc was
	reason   string                // what the look showed, where the capture does not say so
	hint     string                // of a fault
	how      string                // a known statement shows that it has another address now
	shown    bool                  // its scripts were run, and for its last revision they were not, or the other way round
	annex    bool                  // never read so far, and linked to by a page rather than listed
	moved    bool                  // found where it was seen last, as its own address answers no more
	untitled bool                  // the page has no title of its own
	absent   bool                  // listed, and not there
	mass     bool                  // gone together with most others
	verdicts map[step]diff.Verdict // of edits that it shows, as far as they have been read
}

// readPage asks for a page and hands what came to the committer. It fails only
// if the visit must end.
func (v *visit) readPage(ctx context.Context, l look) error {
	v.read[l.key] = true
	capture, err := v.scraper.Fetch(ctx, l.address, v.conditions(l))
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, rests := fetch.Resting(err); rests {
			return err // nothing was asked: the page is as due as it was
		}
		if ours(err) {
			return err
		}
		if l.annex {
			v.unreadAnnex(l, err.Error())
			return nil
		}
		l.hint = statement.HintOf(err)
		v.fault(l, statement.TroubleUnread, err.Error())
		return v.countFailure(err)
	}
	l.capture = capture
	switch capture.Quality {
	case statement.NotModified:
		v.failures, v.well = 0, v.well+1
		v.submit(l, v.unchanged)
	case statement.NotFound, statement.SoftNotFound:
		v.failures = 0
		l.reason = capture.Reason
		switch {
		case l.annex:
			v.unreadAnnex(l, capture.Reason)
		case l.known == nil:
			l.absent = true
			v.fault(l, statement.TroubleUnread, "listed, but "+capture.Reason)
		case !l.moved && l.known.FinalURL != "" && !SamePlace(l.known.FinalURL, l.address) && !redirected(capture):
			l.moved, l.address = true, l.known.FinalURL // its redirect is gone: is the page itself?
			return v.readPage(ctx, l)
		default:
			v.gone = append(v.gone, l)
		}
	case statement.Good:
		v.failures = 0
		v.keep(ctx, l)
	default:
		if l.annex {
			v.unreadAnnex(l, capture.Reason)
			return nil
		}
		v.fault(l, statement.TroubleUnread, capture.Reason)
		return v.countFailure(errors.New(capture.Reason))
	}
	return nil
}

// An answer of "not modified" is not believed for ever: servers are known that
// give it whatever has changed. A page is asked for in whole when as much as a
// quarter of the age of its statement has passed since it last was, within these
// bounds, and after an hour where somebody asks for all pages; a listing once a
// day.
const (
	pageBelievedLeast, pageBelievedMost = 6 * time.Hour, 7 * 24 * time.Hour
	pageBelievedByHand                  = time.Hour
	listingBelieved                     = 24 * time.Hour
)

// believes tells whether a page may still be asked for changes only.
func (v *visit) believes(st *statement.Statement) bool {
	now := v.Clock.Now()
	limit := min(max(now.Sub(st.FirstSeen)/4, pageBelievedLeast), pageBelievedMost)
	if v.options.Recheck == RecheckAll {
		limit = pageBelievedByHand
	}
	since := now.Sub(st.ReadAt)
	return !st.ReadAt.IsZero() && since >= 0 && since < limit
}

// conditions are what makes a request ask for changes only: what is known of
// the page, while it is there, is read by the present rules, and its server is
// not due to be checked.
func (v *visit) conditions(l look) statement.Validators {
	st := l.known
	if st == nil || st.Missing() || l.moved || st.Fingerprint != v.extractor.Fingerprint(st.Path) {
		return statement.Validators{}
	}
	if kind := v.troubles[l.key].Kind; kind != "" && kind != statement.TroubleUnread {
		return statement.Validators{}
	}
	if v.learning[st.ID] { // a page that has come to rest must be seen
		return statement.Validators{}
	}
	if !v.believes(st) {
		return statement.Validators{}
	}
	validators := st.Validators
	if st.FinalURL != "" && st.FinalURL != st.URL {
		validators.Of = st.FinalURL
	}
	return validators
}

// countFailure ends the visit when a host has failed several times in a row:
// it is down, or it does not want us. What is left stays due.
func (v *visit) countFailure(err error) error {
	v.failures++
	if v.failures < maxFailures {
		return nil
	}
	return fmt.Errorf("%d requests in a row failed, the rest is left for the next visit: %w", v.failures, err)
}

// ours reports whether a fault is none of the source, but of this machine.
func ours(err error) bool {
	var known *fetch.Error
	return errors.As(err, &known) && known.Kind == fetch.KindOurs
}

// unreachable tells whether asking the same host for more is pointless.
func unreachable(err error) bool {
	var known *fetch.Error
	var status *scrapers.StatusError
	return errors.As(err, &known) || errors.As(err, &status) && status.Capture.Quality == statement.Blocked
}

// keep extracts a good page, writes its bytes to the archive and hands both
// over to be recorded.
func (v *visit) keep(ctx context.Context, l look) {
	if l.locator == "" && v.src.Authority == statement.FromPage {
		if what := extract.Unreadable(l.capture.Body, l.capture.Header.Get("Content-Type")); what != "" {
			v.keepUnread(ctx, l, what)
			return
		}
	}
	doc, err := v.extractor.Extract(extract.Input{
		URL: l.capture.FinalURL, Asked: l.address, ContentType: l.capture.Header.Get("Content-Type"), Body: l.capture.Body,
		Locator: l.locator, Representation: v.src.Authority,
	})
	if locked := (*extract.FileError)(nil); errors.As(err, &locked) {
		v.keepUnread(ctx, l, locked.Error())
		return
	}
	if err != nil {
		v.fault(l, statement.TroubleDrift, "cannot be read: "+err.Error())
		return
	}
	tongue(&doc)
	if l.known == nil { // it may have been read under another name, or before a crash
		if st, err := v.Store.ByKey(ctx, v.src.ID, l.key); err == nil {
			l.known = &st
		}
	}
	if l.locator == "" {
		if kind, reason := v.suspect(ctx, l, doc); kind != "" {
			v.fault(l, kind, reason)
			return
		}
	}
	if l.locator == "" && l.known == nil && v.src.Kind != statement.KindPage && doc.Path != statement.ByDocument { // no error page is a PDF
		switch is, reason := v.firstLook(ctx, l, doc); is {
		case foreign:
			v.fault(l, statement.TroubleForeign, reason)
			return
		case stranger:
			l.doc, l.reason = doc, reason
			if v.strangers = append(v.strangers, l); len(v.strangers) >= strangersMost {
				v.judgeStrangers(ctx)
			}
			return
		}
	}
	l.doc = doc
	v.take(ctx, l)
}

// keepUnread writes the bytes of what cannot be read to the archive, and hands
// over that it was published.
func (v *visit) keepUnread(ctx context.Context, l look, what string) {
	var err error
	if l.sha, err = v.archive(ctx, l); err != nil {
		v.fail(err)
		return
	}
	v.submit(l, func(tx state.Tx, l look) (Finding, error) { return v.unreadable(tx, l, what) })
}

// take hands over a page that is held to be the one asked for.
func (v *visit) take(ctx context.Context, l look) {
	doc := l.doc
	l.untitled, l.reason = doc.Title == "", ""
	switch {
	case l.known != nil:
		fillIn(&doc, l.known.Title, l.known.Published)
	case l.found != nil:
		fillIn(&doc, l.found.Title, l.found.Published)
	}
	l.doc = doc
	decide := v.revise
	if l.known == nil && l.past == nil && v.src.Kind != statement.KindPage {
		heir, how, wait := v.predecessor(ctx, l)
		switch {
		case heir != nil:
			l.known, l.how, decide = heir, how, v.inherit
			v.read[v.src.Key(heir.URL)] = true
		case wait:
			decide = v.waits
		}
	}
	if l.known != nil && !l.known.Imported() && l.known.Fingerprint != doc.Fingerprint {
		r, err := v.Store.Revision(ctx, l.known.ID, 0)
		if err == nil {
			l.like, err = v.readLike(ctx, r, l)
			l.shown = v.shownOtherwise(ctx, r, l)
		}
		if err != nil {
			v.Log.Warn("a stored snapshot cannot be extracted again", "source", v.src.ID, "statement", l.known.ID, "error", err)
		}
	}
	if l.known != nil && redirected(l.capture) && v.anotherText(ctx, l) {
		l.reason = "redirects to " + l.capture.FinalURL + ", which is another text"
		v.gone = append(v.gone, l)
		return
	}
	v.well++
	var err error
	if l.sha, err = v.archive(ctx, l); err != nil {
		v.fail(err)
		return
	}
	v.submit(l, decide)
}

// archive writes what a look brought to the archive and gives its hash.
func (v *visit) archive(ctx context.Context, l look) (sha string, err error) {
	if v.options.DryRun {
		return l.capture.SHA256(), nil
	}
	for _, c := range append([]*statement.Capture{l.capture}, l.capture.Evidence...) {
		name, err := v.Blobs.Put(ctx, c.Body)
		if err != nil {
			return "", fmt.Errorf("keep %s: %w", c.URL, err)
		}
		if sha == "" {
			sha = name
		}
	}
	return sha, nil
}

// shownOtherwise tells whether a browser showed the page and not the snapshot
// behind its last revision, or the other way round. What then differs is no edit.
func (v *visit) shownOtherwise(ctx context.Context, r statement.Revision, l look) bool {
	kept, err := v.Store.Snapshots(ctx, r.Statement)
	for _, s := range kept {
		if s.SHA256 == r.Snapshot {
			return (s.Header.Get(statement.RenderedHeader) != "") != l.capture.Rendered()
		}
	}
	if err != nil {
		v.Log.Warn("the captures of a statement cannot be listed", "source", v.src.ID, "statement", r.Statement, "error", err)
	}
	return false
}

// anotherText tells whether neither title nor text of a known statement stand
// where its address leads.
func (v *visit) anotherText(ctx context.Context, l look) bool {
	r, err := v.Store.Revision(ctx, l.known.ID, 0)
	if err != nil {
		return false
	}
	other := func(title, body string) bool { return title != l.doc.Title && !near(body, l.doc.Body) }
	return other(r.Title, r.Body) && (l.like == nil || other(l.like.Title, l.like.Body))
}

// fillIn gives a document what its page does not show itself.
func fillIn(doc *statement.Document, title string, published statement.Date) {
	if doc.Title == "" {
		doc.Title = title
	}
	if doc.Published.IsZero() {
		doc.Published = published
	}
}

// readLike extracts the snapshot behind a revision as the look was extracted. An
// entry of a listing may have been named otherwise then.
func (v *visit) readLike(ctx context.Context, r statement.Revision, l look) (*statement.Document, error) {
	if l.locator != "" && r.Locator != l.locator {
		as := r
		as.Locator = l.locator
		if doc, err := v.readAgain(ctx, as, l.doc.Path); err == nil {
			return doc, nil
		}
	}
	return v.readAgain(ctx, r, l.doc.Path)
}

// readAgain extracts the snapshot behind a revision with the present rules, by
// the path given or the best.
func (v *visit) readAgain(ctx context.Context, r statement.Revision, via ...statement.Path) (*statement.Document, error) {
	body, err := v.Blobs.Get(ctx, r.Snapshot)
	if err != nil {
		return nil, err
	}
	in := extract.Input{URL: r.URL, ContentType: r.ContentType, Body: body, Locator: r.Locator, Representation: v.src.Authority}
	if v.src.Kind == statement.KindPage {
		if in.Asked, err = v.askedFor(ctx, r); err != nil {
			return nil, err
		}
	}
	switch {
	case r.Path == statement.ByImport:
		in.Via = statement.ByImport
	case len(via) > 0:
		in.Via = via[0]
	}
	doc, err := v.extractor.Extract(in)
	if err != nil {
		return nil, err
	}
	fillIn(&doc, r.Title, r.Published)
	tongue(&doc)
	return &doc, nil
}

// submit hands a look over to be recorded by decide, inside T1.
func (v *visit) submit(l look, decide func(state.Tx, look) (Finding, error)) {
	if l.past != nil {
		decide = v.settlePast(decide)
	}
	v.pending.Add(1)
	v.offer(l, decide, v.submitted.Add(1))
}

// inTurn does what the n-th look that was submitted ends with, once those before it have ended.
func (v *visit) inTurn(n int64, end func()) {
	v.mu.Lock()
	if v.ended == nil {
		v.ended = map[int64]func(){}
	}
	v.ended[n] = end
	for {
		end, has := v.ended[v.turn+1]
		if !has {
			v.mu.Unlock()
			return
		}
		v.turn++
		delete(v.ended, v.turn)
		v.mu.Unlock()
		end()
		v.mu.Lock()
	}
}

// offer hands over the n-th look, again once an edit has been read that it turned out to show.
func (v *visit) offer(l look, decide func(state.Tx, look) (Finding, error), n int64) {
	var finding Finding
	v.commits().submit(piece{
		dry: v.options.DryRun,
		apply: func(tx state.Tx) (err error) {
			finding, err = decide(tx, l)
			return err
		},
		after: func(err error) {
			if open := (*unread)(nil); errors.As(err, &open) {
				before, done := v.reading, make(chan struct{}) // one after the other, as they were submitted
				v.reading = done
				go func() { // whoever records waits for no judge; the visit waits for what is pending
					defer close(done)
					if before != nil {
						<-before
					}
					v.offer(v.readEdit(l, open.step), decide, n)
				}()
				return
			}
			defer v.pending.Done()
			v.inTurn(n, func() {
				if err != nil {
					v.fail(fmt.Errorf("record %s: %w", l.address, err))
				} else if finding.State != "" { // what is only noted is nothing to report
					v.report(finding)
				}
			})
		},
	})
}

// fault reports a page that cannot be read or believed, and notes it as a
// trouble of the source; what is known of it stays as it is.
func (v *visit) fault(l look, kind statement.TroubleKind, reason string) {
	v.submit(l, func(tx state.Tx, l look) (Finding, error) {
		return v.troubled(tx, l, kind, reason, "")
	})
}

// passes is the longest that a page in trouble waits for the next look at
// first, and passing how many looks that holds for: most troubles pass, and
// while an outage lasts its host is left alone anyway.
const (
	passes  = time.Hour
	passing = 8
)

// again is how long a page in trouble waits for the next look. What a listing
// names and the site does not have is asked for ever more rarely.
func (v *visit) again(t statement.Trouble, absent bool) time.Duration {
	wait := schedule.Retry(t.Looks)
	switch {
	case absent:
		return wait
	case t.Looks <= passing || t.Kind == statement.TroubleUnread:
		return min(wait, passes)
	}
	return min(wait, v.Doubt.interval())
}

// troubled records inside T1 what fault reports. The hash is that of a text in
// doubt.
func (v *visit) troubled(tx state.Tx, l look, kind statement.TroubleKind, reason, bodyHash string) (Finding, error) {
	if l.past != nil {
		return v.pastTrouble(tx, l, reason)
	}
	now := v.Clock.Now()
	f := Finding{State: statement.Errored, Source: v.src.ID, URL: l.address, Reason: reason, Hint: l.hint, Baseline: l.quiet}
	t, again := v.troubles[l.key]
	if !again || t.Kind != kind || t.BodyHash != bodyHash {
		t = statement.Trouble{Source: v.src.ID, Key: l.key, Kind: kind, BodyHash: bodyHash, Since: now}
	}
	t.URL, t.Reason, t.Looks = l.address, reason, t.Looks+1
	next := now.Add(v.again(t, l.absent))
	if l.known != nil {
		st, err := tx.Statement(l.known.ID)
		if err != nil {
			return f, err
		}
		f.Statement, f.Title, f.Published, f.Revision = st.ID, st.Title, st.Published, st.Revision
		t.Statement = st.ID
		st.LastChecked, st.NextCheck = now, next
		if !v.src.OwnDocuments() {
			st.NextCheck = time.Time{}
		}
		if err := tx.Touch(st); err != nil {
			return f, err
		}
	} else if l.found != nil && l.locator == "" {
		f.Title, f.Published = l.found.Title, l.found.Published
		again := *l.found
		again.Attempts++
		again.LastError, again.NextTry = reason, next
		if err := tx.PutFound(again); err != nil {
			return f, err
		}
	}
	return f, tx.PutTrouble(t)
}

// fail notes that something could not be recorded.
func (v *visit) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.storeErr = errors.Join(v.storeErr, err)
}

func (v *visit) failure() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.storeErr
}

// expect adds to what the visit is known to be about to do.
func (v *visit) expect(n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.total += n
	if v.options.Progress != nil {
		v.options.Progress(v.done, v.total)
	}
}

// report counts a finding and passes it on.
func (v *visit) report(f Finding) {
	for _, other := range f.also {
		v.report(other)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if f.lied {
		v.liars[f.URL] = true
	}
	switch f.State {
	case statement.New:
		v.record.New++
		if f.Baseline {
			v.baseline++
		}
		if at := f.Published.Time; at.After(v.newest.Time) && !at.After(v.record.StartedAt) { // what is dated ahead says nothing of the past
			v.newest = f.Published
		}
	case statement.Changed:
		v.record.Changed++
	case statement.Unchanged, statement.Moved, statement.Restored, statement.Unlisted:
		v.record.Unchanged++ // as far as its text goes
	case statement.Missing, statement.Removed:
		v.record.Gone++
	case statement.Errored:
		v.record.Errored++
	}
	if v.options.Report != nil {
		v.options.Report(f)
	}
	v.done++
	if v.options.Progress != nil && f.URL != v.src.URL {
		v.options.Progress(v.done, v.total)
	}
}
