package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Planner is the part of a Store that remembers what is to be done when, and
// what was done: all that a daemon needs to go on where another stopped.
type Planner interface {
	// Plans lists what is planned for every source, those of the earliest next
	// visit first.
	Plans(ctx context.Context) ([]Plan, error)
	// Due lists what is due at or before now, the longest due first, and when
	// the next thing after now will be; the zero time if nothing is planned.
	Due(ctx context.Context, now time.Time) (Due, error)
	// Activity sums up the visits that started on the day (UTC) of a time or
	// later, by day and source, oldest day first.
	Activity(ctx context.Context, since time.Time) ([]Activity, error)
	// Skips lists the visits that were due at or after a time and have not been
	// made, in the order recorded.
	Skips(ctx context.Context, since time.Time) ([]Skip, error)
	// SourceStatuses is SourceStatus for every source that has been visited or
	// has statements, by name.
	SourceStatuses(ctx context.Context) ([]statement.SourceStatus, error)
	// Notice reads a notice to the operator.
	Notice(ctx context.Context, id int64) (statement.Notice, error)
	// PullBack brings moments back that were written while the clock was ahead,
	// and tells how many rows it changed. What is due later than anything ever
	// waits is due now. What is remembered of the past and has not come yet is of
	// now, unless most visits lie in the future: then it may be the present clock
	// that is wrong. Evidence (captures, revisions, signs, events, when a
	// statement was first seen) and what schedules name (Plan.NextVisit, see
	// schedule.Plan) stay as they are.
	PullBack(ctx context.Context, now time.Time, l Longest) (int, error)
}

// Longest is how far ahead anything is ever put off.
type Longest struct {
	Check  time.Duration // another look at a statement
	Retry  time.Duration // another attempt to read or to send something, the rest of a host
	Digest time.Duration // the next digest
}

// Plan is what is planned for a source, and what its operator has been told.
type Plan struct {
	Source     string
	NextVisit  time.Time // zero if its schedule names no moment
	Definition string    // of the schedule from which NextVisit was computed
	RetiredAt  time.Time // no longer visited since then: its host is gone
	FaultTold  time.Time // FaultSince of the fault the operator knows of; zero if none
	SilentTold time.Time // when the operator was told of its silence; zero if not
}

// Due is what the tables say is to be done now.
type Due struct {
	Visits []Plan   // not retired
	Checks []string // sources with statements due for another look, not retired
	// Backfills are sources whose past is being read, and may be now.
	Backfills []string
	Alerts    bool // something in the outbox
	Next      time.Time
}

// Skip is a row of moments that the schedule of a source named and at which no
// visit was made.
type Skip struct {
	Source      string
	First, Last time.Time
	Count       int
	Reason      string // in words for people
}

// Activity is what the visits of a source came to on one day.
type Activity struct {
	Source                        string
	Day                           time.Time // its midnight, UTC
	Visits, Failed                int
	New, Changed, Missing, Errors int
	Requests                      int
}
