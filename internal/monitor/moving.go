package monitor

import (
	"errors"
	"fmt"
	"strings"

	"volteface/internal/diff/moving"
	"volteface/internal/statement"
	"volteface/state"
)

const (
	// learnt is how many visits must see a place move, and nothing else on the
	// page, before it is learnt.
	learnt = 5
	// maxPlaces is how many places of a source are learnt at most.
	maxPlaces = 500
	// dateShown is the place of the dates that a page or feed shows for the whole
	// statement, where they move by themselves; dayShown where they may not.
	dateShown = "the date shown"
	dayShown  = "the day shown"
)

// settled is a reading held against the current revision, with what moves by
// itself put back.
type settled struct {
	changes []moving.Change
	places  map[string]statement.Moving // those known
	quiet   map[string]bool             // places at which nothing is told
	same    bool                        // all that differs is quiet
	alone   bool                        // all that differs moves by itself, quiet or not
	judged  statement.Document          // what is left for the rules of edits
	order   []moving.Change             // lists in another order, to be told
}

// settle tells what of a new text has been edited, inside T1.
func (v *visit) settle(tx state.Tx, old statement.Revision, doc statement.Document) (s settled, err error) {
	known, err := tx.Moving(v.src.ID)
	if err != nil {
		return s, err
	}
	s.places, s.quiet = map[string]statement.Moving{}, map[string]bool{}
	for _, m := range known {
		s.places[m.Place] = m
	}
	quiet := func(c moving.Change) bool {
		is, fault := v.isQuiet(tx, old.Statement, s.places, c)
		err = errors.Join(err, fault)
		s.quiet[c.Place] = is
		return is
	}
	before, after := moving.Text{Title: old.Title, Body: old.Body}, moving.Text{Title: doc.Title, Body: doc.Body}
	changes, text := moving.Settle(before, after, quiet)
	_, all := moving.Settle(before, after, func(c moving.Change) bool { return s.places[c.Place].LoudAt.IsZero() })
	s.changes, s.same, s.alone = changes, text == before, all == before
	s.judged = doc
	_, ordered := moving.Settle(before, after, func(c moving.Change) bool { return s.quiet[c.Place] || c.Kind == moving.Order })
	s.judged.Title, s.judged.Body = ordered.Title, ordered.Body
	for _, c := range changes {
		if c.Kind == moving.Order && !s.quiet[c.Place] {
			s.order = append(s.order, c)
		}
	}
	if c, differ := v.dateChange(old, doc); differ && err == nil {
		s.changes = append(s.changes, c)
		s.same = quiet(c) && s.same
	}
	return s, err
}

// isQuiet tells whether a change is told to nobody: its words say what moves, or
// it has been learnt; it is a list that has been told once to come in another
// order; or it is being learnt, and has not come to rest.
func (v *visit) isQuiet(tx state.Tx, id string, places map[string]statement.Moving, c moving.Change) (bool, error) {
	m, known := places[c.Place]
	switch {
	case !m.LoudAt.IsZero():
		return false, nil
	case c.Sure, !m.LearntAt.IsZero():
		return true, nil
	case !known:
		return false, nil
	}
	last, err := tx.LastMovingValue(id, c.Place)
	if err != nil && !errors.Is(err, statement.ErrNotFound) {
		return false, err
	}
	if c.Kind == moving.Order {
		return err == nil, nil
	}
	if m.Looks == 0 || err == nil && last.Value == c.After { // it stands still: somebody has edited it
		m.Looks = 0
		places[c.Place] = m
		return false, nil
	}
	return true, nil
}

// dateChange gives what has become of the dates shown. They move by themselves
// where only that of the last touch differs, or the time of day; a feed also
// makes entries younger that it only writes anew. A day that a page changes, or a
// feed sets back, is an edit.
func (v *visit) dateChange(old statement.Revision, doc statement.Document) (c moving.Change, differ bool) {
	line := func(published, updated statement.Date) string {
		return strings.TrimSuffix(published.String()+", updated "+updated.String(), ", updated ")
	}
	c = moving.Change{Kind: moving.Dates, Place: dateShown, Before: line(old.Published, old.Updated), After: line(doc.Published, doc.Updated)}
	if c.Before == c.After {
		return c, false
	}
	a, b := old.Published, doc.Published
	switch {
	case a.String() == b.String():
		c.Sure = !old.Updated.IsZero() && !doc.Updated.IsZero()
	case a.Time.IsZero() || b.Time.IsZero():
		c.Sure = moving.Ago(a.Raw) && moving.Ago(b.Raw)
	default:
		c.Sure = sameDay(a, b) || b.Time.After(a.Time) && !v.src.OwnDocuments()
	}
	if !c.Sure {
		c.Place = dayShown
	}
	return c, true
}

// noteMoves records what moved, and gives the places that are learnt by it and have to
// be told of, once.
func (v *visit) noteMoves(tx state.Tx, id string, l look, s settled) (told []statement.Moving, err error) {
	now := v.Clock.Now()
	ripe := false
	for _, c := range s.changes {
		m, known := s.places[c.Place]
		if !known && len(s.places) >= maxPlaces || !m.LoudAt.IsZero() {
			continue
		}
		if !known {
			m = statement.Moving{Source: v.src.ID, Place: c.Place, Kind: string(c.Kind), Since: now}
		}
		m.Sure, m.Example, m.Drop = c.Sure, c.After, c.Drop
		m.Seen++
		if s.alone && m.Visit != v.record.ID {
			m.Looks, m.Visit, m.Statement = m.Looks+1, v.record.ID, id
		}
		ripe = ripe || m.LearntAt.IsZero() && m.Looks >= learnt
		s.places[c.Place] = m
		if err := errors.Join(tx.PutMoving(m), tx.AddMovingValue(statement.MovingValue{Source: v.src.ID, Place: c.Place, Statement: id, At: now, Value: c.After, SHA256: l.sha})); err != nil {
			return nil, err
		}
	}
	if !ripe {
		return nil, nil
	}
	// Those that say what they are come along, so that a page is told of once.
	for _, m := range s.places {
		if !m.LearntAt.IsZero() || !m.LoudAt.IsZero() || m.Looks == 0 || m.Looks < learnt && !m.Sure {
			continue
		}
		m.LearntAt = now
		if err := tx.PutMoving(m); err != nil {
			return nil, err
		}
		if m.Kind != string(moving.Order) && (m.Kind != string(moving.Dates) || !m.Sure) { // an order is told by then, and such a date never was
			told = append(told, m)
		}
	}
	return told, nil
}

// restless names what moves at so many places.
func restless(places []statement.Moving) string {
	const most = 3
	var names []string
	for i, m := range places {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(places)-most))
			break
		}
		names = append(names, "“"+m.Place+"”")
	}
	return strings.Join(names, ", ")
}

// learntEdit is the edit that says once that a place is quiet from now on.
func (v *visit) learntEdit(old statement.Revision, places []statement.Moving) statement.Edit {
	edit := statement.Edit{Statement: old.Statement, From: old.N, To: old.N + 1, At: v.Clock.Now()}
	edit.Class = statement.ClassEditorial
	edit.Summary = fmt.Sprintf("moves at every look, and is quiet from now on: %s; volteface sources unquiet %s has it told again", restless(places), v.src.ID)
	return edit
}

// rested forgets, inside T1, what was being learnt from a page that has not moved
// at this look.
func (v *visit) rested(tx state.Tx, id string) error {
	if !v.learning[id] {
		return nil
	}
	known, err := tx.Moving(v.src.ID)
	if err != nil {
		return err
	}
	for _, m := range known {
		if m.Statement == id && !m.Sure && m.Kind != string(moving.Order) && m.LearntAt.IsZero() && m.Looks > 0 {
			m.Looks = 0
			err = errors.Join(err, tx.PutMoving(m))
		}
	}
	return err
}

// whyQuiet says why a text that is not the same makes no edit.
func whyQuiet(changes []moving.Change) string {
	if len(changes) == 0 {
		return "the same words, some letters written in another way"
	}
	var places []statement.Moving
	for _, c := range changes {
		places = append(places, statement.Moving{Place: c.Place})
	}
	return "nothing but what moves by itself: " + restless(places)
}
