package monitor

import (
	"context"
	"time"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/state"
)

// Many sites make a statement's address of its headline: when that is edited,
// the address is another, and the old one redirects, shows the same page, or is
// gone. A statement that seems new is then the one known: its text is nearly
// that of a known one of the same day, and the old address bears witness.

const (
	// nearlySame is the resemblance from which a text is held to be another
	// version of one: more than a third of its sentences may be edited lightly.
	nearlySame = 0.7
	// nearlyLeast is the shortest text, in words, that is compared so; of a
	// shorter one every word must agree.
	nearlyLeast = 12
	// undatedFor is how long ago a statement without a date was first seen at most.
	undatedFor = 7 * 24 * time.Hour
	// predecessorsMost bounds the statements of a day that are compared, and
	// probesMost the old addresses that are asked for.
	predecessorsMost, probesMost = 200, 3
)

// near reports whether one text is another version of the other.
func near(a, b string) bool {
	if a == b {
		return a != ""
	}
	return len(wordsOf(a)) >= nearlyLeast && len(wordsOf(b)) >= nearlyLeast && resemblance(a, b) >= nearlySame
}

// witness is what the old address of a statement says of a new one.
type witness int

const (
	another witness = iota // it has its own text: there are two statements
	silent                 // it cannot be read at the moment
	agrees                 // it leads to the new one, shows it too, or is gone
)

// predecessor finds the known statement that a look at an address never seen
// shows, and says how it is known. wait tells that there may be one, whose
// address cannot be read.
func (v *visit) predecessor(ctx context.Context, l look) (st *statement.Statement, how string, wait bool) {
	if v.first {
		return nil, "", false
	}
	probes := 0
	for _, one := range v.ofTheDay(ctx, l) {
		is := silent
		switch {
		case l.locator != "":
			is, how = v.entryGone(ctx, l, one)
		case one.Missing():
			is, how = agrees, "its address "+one.URL+" is gone"
		case probes == probesMost:
			return nil, "", wait
		default:
			probes++
			is, how = v.askOld(ctx, l, one)
		}
		switch is {
		case agrees:
			return &one, how, false
		case silent:
			wait = true
		}
	}
	return nil, "", wait
}

// ofTheDay are the statements known before this visit that have nearly the text
// of the look, and its date if both have one.
func (v *visit) ofTheDay(ctx context.Context, l look) (all []statement.Statement) {
	around := l.doc.Published.Time
	f := state.Filter{Sources: []string{v.src.ID}, Since: around.Add(-36 * time.Hour), Until: around.Add(36 * time.Hour), Limit: predecessorsMost}
	if around.IsZero() {
		f.Since, f.Until = v.Clock.Now().Add(-undatedFor), time.Time{}
	}
	for st, err := range v.Store.Statements(ctx, f) {
		if err != nil {
			return all
		}
		dated := !around.IsZero() && !st.Published.Time.IsZero()
		if st.Imported() || !st.FirstSeen.Before(v.record.StartedAt) || dated && !sameDay(st.Published, l.doc.Published) {
			continue
		}
		r, err := v.Store.Revision(ctx, st.ID, 0)
		if err == nil && (near(r.Body, l.doc.Body) || v.sameID(l, r)) {
			all = append(all, st)
		}
	}
	return all
}

// sameID reports whether an entry of a listing has the id that a revision was
// read under.
func (v *visit) sameID(l look, r statement.Revision) bool {
	return l.locator != "" && l.locator == r.Locator && l.locator != l.address && !l.entry.SharesID
}

// askOld asks the address of a known statement whether it is the one that the
// look shows.
func (v *visit) askOld(ctx context.Context, l look, st statement.Statement) (witness, string) {
	c, err := v.scraper.Fetch(ctx, st.URL, statement.Validators{})
	if err != nil {
		return silent, ""
	}
	here := func(address string) bool {
		return address != "" && (v.src.Key(address) == l.key || SamePlace(address, l.capture.FinalURL))
	}
	switch c.Quality {
	case statement.NotFound, statement.SoftNotFound:
		return agrees, "its address was " + st.URL + ", which is gone (" + c.Reason + ")"
	case statement.Good:
	default:
		return silent, ""
	}
	if redirected(c) && here(c.FinalURL) {
		return agrees, "its address was " + st.URL + ", which leads here"
	}
	doc, err := v.extractor.Extract(extract.Input{URL: c.FinalURL, ContentType: c.Header.Get("Content-Type"), Body: c.Body, Representation: v.src.Authority})
	if err != nil {
		return silent, ""
	}
	switch {
	case doc.SameText(l.doc.Title, l.doc.Body) || doc.Title == "" && doc.Body == l.doc.Body:
		return agrees, "its address was " + st.URL + ", which shows the same"
	case here(doc.Canonical):
		return agrees, "its address was " + st.URL + ", which names this one as its own"
	case redirected(c) && !near(doc.Body, l.doc.Body):
		return agrees, "its address was " + st.URL + ", which leads elsewhere"
	}
	return another, ""
}

// entryGone tells whether a known entry has left a listing that still reaches
// back to its date, or stands there under another link.
func (v *visit) entryGone(ctx context.Context, l look, st statement.Statement) (witness, string) {
	r, err := v.Store.Revision(ctx, st.ID, 0)
	if err != nil || v.entryKeys[v.src.Key(st.URL)] && !l.entry.SharesLink {
		return another, ""
	}
	if v.sameID(l, r) {
		return agrees, "its link was " + st.URL
	}
	for key := range v.entryKeys {
		if known, err := v.Store.ByKey(ctx, v.src.ID, key); err == nil && known.ID == st.ID {
			return another, ""
		}
	}
	if v.reachesBack.IsZero() || st.Published.Time.IsZero() || v.reachesBack.After(st.Published.Time) {
		return another, ""
	}
	return agrees, "it takes the place of an entry at " + st.URL
}

// inherit records inside T1 that a statement is found under another address.
func (v *visit) inherit(tx state.Tx, l look) (Finding, error) {
	st, err := tx.Statement(l.known.ID)
	if err != nil {
		return Finding{}, err
	}
	if err := v.aliases(tx, st, l); err != nil {
		return Finding{}, err
	}
	if err := tx.DropTrouble(v.src.ID, v.src.Key(st.URL)); err != nil {
		return Finding{}, err
	}
	st.URL = l.address
	if v.onListing[l.key] {
		st.ListedAt = v.Clock.Now()
	}
	if err := tx.PutStatement(st); err != nil {
		return Finding{}, err
	}
	f, err := v.compare(tx, st, l)
	if err != nil || f.State != statement.Unchanged {
		return f, err
	}
	f = v.finding(statement.Moved, st, l.how+"; the text is the same")
	return f, v.event(tx, f)
}

// waits holds back inside T1 what may be a known statement under another
// address, until that can be told, or has been unclear for long enough.
func (v *visit) waits(tx state.Tx, l look) (Finding, error) {
	kind, reason, err := v.believe(statement.TroubleSameText, "it has nearly the text of a statement known under another address, which cannot be read at the moment", l)
	if err != nil {
		return Finding{}, err
	}
	if kind == "" {
		return v.revise(tx, l)
	}
	return v.troubled(tx, l, kind, reason, statement.SHA256([]byte(l.doc.Body)))
}
