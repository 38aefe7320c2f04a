package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Browser is the part of a Store that people walk through what is kept with: the newest first, a page at a time.
type Browser interface {
	// EventsThat lists events that fit, the newest first.
	EventsThat(ctx context.Context, f EventFilter) ([]statement.Event, error)
	// Months counts what happened to some sources by month (UTC), the earliest first. Months in which nothing did are left out.
	Months(ctx context.Context, sources []string, since time.Time) ([]Month, error)
	// Pauses lists the sources that are paused at a moment, by name.
	Pauses(ctx context.Context, now time.Time) ([]Pause, error)
}

// BrowserTx is what people change of it.
type BrowserTx interface {
	// PutPause pauses a source, or changes how; DropPause lets it go on. Neither fails where nothing changes.
	PutPause(Pause) error
	DropPause(source string) error
}

// EventFilter chooses events. Zero fields do not restrict.
type EventFilter struct {
	Sources    []string
	States     []statement.State
	Statement  string
	Classes    []statement.Class
	Importance int // at least; see statement.Event.Importance
	Since      time.Time
	Until      time.Time // before
	NoBaseline bool      // not what belongs to the first visit of a source
	Before     int64     // number below this
	Limit      int
}

// Month is what happened to some sources in a month.
type Month struct {
	Start      time.Time // its first moment, UTC
	Statements int       // published in it, or first seen where no date was read
	Edits      int       // seen in it, those that only letters' encoding and the like differ in left out
	Removals   int       // confirmed in it
	Reversals  int       // later statements of it that appear to turn a position round, level alert or review, not dismissed
	Softenings int
}

// Pause is a source that a person has paused: nothing of it is visited until a moment, or until somebody lets it go on.
type Pause struct {
	Source string
	Since  time.Time
	Until  time.Time // zero for no end
	By     string    // who paused it
	Reason string    // in words
}
