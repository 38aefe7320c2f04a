package state

import (
	"context"
	"iter"
	"time"
)

// Housekeeper is the part of a Store that house-keeping needs.
type Housekeeper interface {
	// Archived lists the archived bytes that the records refer to, each once, in
	// the order of their names.
	Archived(ctx context.Context) iter.Seq2[Archived, error]
	// Faults checks that the records agree among themselves, and reports each
	// thing that does not, in words for people.
	Faults(ctx context.Context, report func(fault string)) error
	// Forget removes what has grown old, or only counts it. It never touches a
	// statement, a revision, or a snapshot that a revision was made from.
	Forget(ctx context.Context, r Retention, dry bool) (Forgotten, error)
	// Used reports whether anything has ever been recorded: a visit, an imported
	// batch or a statement.
	Used(ctx context.Context) (bool, error)
	// Counts are the numbers of rows of each kind.
	Counts(ctx context.Context) (Counts, error)
	// Grown is how many bytes were archived since then, before compression.
	Grown(ctx context.Context, since time.Time) (int64, error)
}

// Archived names archived bytes and says how many they should be.
type Archived struct {
	SHA256    string
	Size      int64
	Statement string // one that refers to them
	Sign      bool   // they only show that a page was gone; earlier versions let such bytes go
}

// Retention says how old things may grow; a zero time keeps them for ever.
type Retention struct {
	Captures time.Time // snapshots fetched before that show a text a revision has already; the newest of each statement stays
	Visits   time.Time // records of visits before, and of moments at which none was made; the newest of each source stays
	Alerts   time.Time // alerts sent before, and notices
}

// Forgotten counts what Forget removed.
type Forgotten struct {
	Captures, Visits, Alerts int
	// Released names the archived bytes that only the captures removed refer to.
	// Only counting gives it: afterwards Archived says what is referred to.
	Released []string
}

// Counts are numbers of rows.
type Counts struct {
	Statements, Revisions, Snapshots, Edits, Events, Alerts int
}
