package statement

import "time"

// Moving is a place of a source's pages at which a value changes though nobody
// edits anything: a clock, a counter, the order of a list. Once it is learnt, or
// where its words say what it is, it makes no edits; every value is kept.
type Moving struct {
	Source    string
	Place     string // the words around the value, with … for it
	Kind      string // count, age, clock, value, order, dates; see internal/diff/moving
	Sure      bool   // its words say what moves there
	Seen      int    // times it was seen to move
	Looks     int    // visits in a row that saw it move, and nothing else, on a page
	Visit     int64  // the last of them
	Statement string // the page it is being learnt from, or was
	Example   string // the line, as last seen
	Drop      string // regular expression for extract.drop_text; empty if none would do
	Since     time.Time
	LearntAt  time.Time // zero while it is being learnt
	LoudAt    time.Time // when somebody asked to be told of it again; zero if nobody has
}

// Quiet reports whether changes at the place are told to nobody.
func (m Moving) Quiet() bool { return m.LoudAt.IsZero() && (m.Sure || !m.LearntAt.IsZero()) }

// MovingValue is what stood at a moving place of a page at a look, where that made
// no revision.
type MovingValue struct {
	Source, Place string
	Statement     string
	At            time.Time
	Value         string // the line
	SHA256        string // of the bytes it was read from
}
