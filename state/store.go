// Package state is what the monitor remembers: statements and their
// revisions, the captures they came from, what happened to them, the alerts
// that wait, and how each source does.
package state

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"volteface/internal/statement"
)

// Errors a caller can test for, besides statement.ErrNotFound.
var (
	// ErrNewerSchema says that the database was written by a newer volteface.
	ErrNewerSchema = errors.New("the database was written by a newer version of volteface")
	// ErrLeased says that another process is visiting the source.
	ErrLeased = errors.New("the source is being visited by another process")
	// ErrAmbiguous says that a shortened identifier fits more than one statement.
	ErrAmbiguous = errors.New("more than one statement begins with this identifier")
	// ErrTaken says that somebody else signs in with the name.
	ErrTaken = errors.New("somebody else signs in with this name")
)

// LeasedError says who is visiting a source. It is an ErrLeased.
type LeasedError struct {
	Source, Holder string
	Until          time.Time
}

func (e *LeasedError) Error() string {
	return fmt.Sprintf("%v (%s, until %s)", ErrLeased, e.Holder, e.Until.Format(time.RFC3339))
}

// Is makes errors.Is(err, ErrLeased) hold.
func (e *LeasedError) Is(target error) bool { return target == ErrLeased }

// Store remembers. All methods are safe for concurrent use; times are kept in
// UTC to the microsecond, shown dates as statement.Date.String writes them,
// texts as they are (a NUL, or letters outside the BMP, come back).
type Store interface {
	// Update runs fn in one write transaction: all of it is kept, or, if fn
	// fails or panics, nothing. Writers wait for each other; ctx ends the
	// waiting, not the transaction once fn runs. fn must not call the Store
	// itself, only the Tx it is given. An error of the Tx, statement.ErrNotFound
	// apart, spoils the transaction: Update then fails, even if fn does not.
	Update(ctx context.Context, fn func(Tx) error) error

	// Statement finds a statement by its identifier or an unambiguous
	// beginning of it.
	Statement(ctx context.Context, id string) (statement.Statement, error)
	// ByKey finds a statement by any key (statement.Source.Key) it is known
	// under in the source.
	ByKey(ctx context.Context, source, key string) (statement.Statement, error)
	// Known tells which of the keys the source knows, without reading more. What
	// was only imported is not known: its page has never been read.
	Known(ctx context.Context, source string, keys []string) (map[string]bool, error)
	// Statements lists what fits, newest published first unless the filter
	// says otherwise; of two at the same moment, the one remembered last. It
	// reads on while the caller uses what it yields, and shows the state as it
	// was at the start; whoever walks through it may ask and update the Store.
	Statements(ctx context.Context, f Filter) iter.Seq2[statement.Statement, error]
	// Revisions lists a statement's revisions, oldest first. Here and below,
	// nothing is known of a statement that is not there: an empty list.
	Revisions(ctx context.Context, id string) ([]statement.Revision, error)
	// Revision reads one; n = 0 is the current one.
	Revision(ctx context.Context, id string, n int) (statement.Revision, error)
	// Snapshots lists the captures kept of a statement, oldest first.
	Snapshots(ctx context.Context, id string) ([]statement.Snapshot, error)
	// Edits lists the steps between a statement's revisions, oldest first.
	Edits(ctx context.Context, id string) ([]statement.Edit, error)
	// Aliases lists every key a statement is known under and how it came to be.
	Aliases(ctx context.Context, id string) ([]Alias, error)
	// Events lists at most limit events (0: all) after the given one, oldest
	// first.
	Events(ctx context.Context, after int64, limit int) ([]statement.Event, error)
	// Event reads one event.
	Event(ctx context.Context, id int64) (statement.Event, error)

	// Found lists what a source's listings named and nobody has read yet, due
	// (NextTry) at or before the given time: oldest published first, FoundAt
	// standing in where no date is shown; then by FoundAt, then as first put.
	Found(ctx context.Context, source string, due time.Time) ([]Found, error)

	// SourceStatus is what is remembered of a source; the zero status with its
	// name for one never visited.
	SourceStatus(ctx context.Context, source string) (statement.SourceStatus, error)

	// Lease takes or renews the right to visit a source until the given time.
	// It fails with a *LeasedError while another holder's lease runs.
	Lease(ctx context.Context, source, holder string, now, until time.Time) error
	// TakeOver takes the lease from a holder known to be dead, whether it has
	// run out or not, unless somebody else has done so in the meantime: then it
	// fails with a *LeasedError.
	TakeOver(ctx context.Context, source, holder, from string, until time.Time) error
	// Release gives a lease back; releasing another's does nothing.
	Release(ctx context.Context, source, holder string) error

	Planner
	Analyst
	Opinionated
	Comparer
	Keeper
	Outbox

	Searcher
	Browser
	Housekeeper
	Backfiller
	Desk

	// Batch is what is remembered of an imported batch of statements;
	// statement.ErrNotFound if none of that name has been recorded.
	Batch(ctx context.Context, id string) (Batch, error)

	// Close waits for whoever is writing; closing twice is harmless. What is
	// asked of a closed store fails.
	Close() error
}

// Tx is one write transaction. It reads what it has written itself. What
// belongs to a statement (PutRevision, PutSnapshot, PutEdit, PutAlias) fails
// unless the statement has been put before.
type Tx interface {
	// ByKey finds a statement by any key it is known under in the source.
	ByKey(source, key string) (statement.Statement, error)
	// Candidates finds statements of the source that named the key as their
	// canonical address or redirect target without being merged with it.
	Candidates(source, key string) ([]statement.Statement, error)
	// Statement reads one by its full identifier.
	Statement(id string) (statement.Statement, error)
	// Revision reads one; n = 0 is the current one.
	Revision(id string, n int) (statement.Revision, error)

	// PutStatement inserts or replaces a statement's row.
	PutStatement(statement.Statement) error
	// PutRevision inserts a revision, or replaces the one with its number
	// (only extracting a stored snapshot again does that).
	PutRevision(statement.Revision) error
	// PutSnapshot records a kept capture; the same bytes of the same
	// statement and locator are recorded once, with the first time.
	PutSnapshot(statement.Snapshot) error
	// PutEdit records the step between two revisions.
	PutEdit(statement.Edit) error
	// PutAlias makes a key lead to a statement. A candidate does not: it only
	// waits for title and text to agree, and any number of statements may claim
	// the same key; it ends when the key is made to lead to its statement. An
	// existing alias, of this or another statement, is left as it is.
	PutAlias(Alias) error
	// AddEvent records an event and gives its number.
	AddEvent(statement.Event) (int64, error)
	// Enqueue puts an alert into the outbox unless its key is there already.
	Enqueue(statement.Alert) error
	// ToldTurns is that of the Outbox.
	ToldTurns(rule string, since time.Time) ([]ToldTurn, error)
	// Muted lists what is muted at now, by subject.
	Muted(now time.Time) ([]statement.Mute, error)
	// MarkListed notes that a listing named the keys.
	MarkListed(source string, keys []string, at time.Time) error
	// PutFound remembers an address to be read, or replaces what was noted of
	// it, but for the moment it was first found; DropFound forgets it, once it has been read.
	PutFound(Found) error
	DropFound(source, key string) error
	// Touch notes that a statement was looked at and found unchanged, without
	// rewriting the rest: LastSeen, LastChecked, NextCheck, Validators,
	// ReadAt and CaptureHash. It fails with statement.ErrNotFound if there is none.
	Touch(statement.Statement) error

	// SourceStatus and PutSourceStatus read and write a source's health; the
	// counts of statements are computed, not stored.
	SourceStatus(source string) (statement.SourceStatus, error)
	PutSourceStatus(statement.SourceStatus) error
	// PutVisit records a visit; with ID 0 a new one, whose number it gives. It
	// counts in Activity: as a visit when it is new, with what it came to when
	// EndedAt is set, which happens once.
	PutVisit(statement.Visit) (int64, error)

	// Plan reads what is planned for a source; statement.ErrNotFound if nothing is.
	Plan(source string) (Plan, error)
	// PutPlan writes what is planned for a source; DropPlan forgets it.
	PutPlan(Plan) error
	DropPlan(source string) error
	// PutSkip records visits that were due and have not been made.
	PutSkip(Skip) error
	// AddSign records a look that found a page gone; Signs lists those of a
	// statement since a moment, oldest first.
	AddSign(statement.Sign) error
	Signs(id string, since time.Time) ([]statement.Sign, error)
	// PutTrouble records what is wrong with a page of a source, or replaces what
	// was recorded of it; DropTrouble forgets it. Troubles lists those of a
	// source, the longest standing first.
	PutTrouble(statement.Trouble) error
	DropTrouble(source, key string) error
	Troubles(source string) ([]statement.Trouble, error)
	// Moving lists the places of a source whose value moves by itself, the
	// longest known first; PutMoving records one, or replaces what was recorded of
	// it; DropMoving forgets it. AddMovingValue keeps what stood at one, and
	// LastMovingValue reads the last of a statement's page; statement.ErrNotFound
	// if there is none.
	Moving(source string) ([]statement.Moving, error)
	PutMoving(statement.Moving) error
	DropMoving(source, place string) error
	AddMovingValue(statement.MovingValue) error
	LastMovingValue(id, place string) (statement.MovingValue, error)
	// SameBody finds another statement of the source whose current revision has
	// the body; statement.ErrNotFound if there is none.
	SameBody(source, bodyHash, exceptID string) (statement.Statement, error)
	// AddNotice records a notice to the operator and gives its number.
	AddNotice(statement.Notice) (int64, error)
	// PutBatch notes that a batch of an archive has been imported in full.
	PutBatch(Batch) error

	AnalysisTx
	OpinionTx
	ComparisonTx
	BackfillTx
	DeskTx
	BrowserTx
}

// Batch is a piece of an archive that was imported in one transaction. Its
// name says which bytes it is and how they were read, so that the same archive
// imported again, or after a crash, passes over what has been done.
type Batch struct {
	ID    string
	At    time.Time
	Lines int // in it
	New   int // statements made of them
}

// Alias is one key a statement is known under.
type Alias struct {
	Source    string
	Key       string
	Statement string
	Kind      AliasKind
	Since     time.Time
}

// AliasKind says how a key came to lead to a statement.
type AliasKind string

// The kinds of alias. A candidate is a canonical address or redirect target
// that has not been seen to carry the same title and text.
const (
	AliasListed    AliasKind = "listed"
	AliasRedirect  AliasKind = "redirect"
	AliasCanonical AliasKind = "canonical"
	AliasCandidate AliasKind = "candidate"
)

// Found is an address that a listing named and that waits to be read. It is
// kept so that a visit cut short, by a limit, an error or the end of the
// process, loses nothing the listing may no longer show next time.
type Found struct {
	Source    string
	Key       string
	URL       string
	Title     string // as listed
	Published statement.Date
	Locator   string // entry inside a feed or API answer
	FoundAt   time.Time
	Attempts  int
	NextTry   time.Time
	LastError string
}

// Filter chooses statements. Zero fields do not restrict.
type Filter struct {
	Sources     []string
	Since       time.Time // published (or first seen, where no date was read) at or after
	Until       time.Time // or before
	DueBefore   time.Time // NextCheck at or before
	Missing     bool      // only those gone: suspected to be removed, or removed
	Absent      bool      // only those their listing no longer names, for certain or not
	NotListedAt time.Time // a listing has named them, but none at or after this moment
	Languages   []string  // primary subtags: "en" takes in "en-GB"
	After       Place     // only what stands below it in the order, the newest published first
	Limit       int
	OldestCheck bool // order by NextCheck, the longest due first
}

// Place is where a statement stands among all, the newest published first; the zero Place is above them all. What is
// remembered later does not move it.
type Place struct {
	At time.Time // published, or first seen where no date was read; see PlaceOf
	ID string
}

// PlaceOf is where a statement stands.
func PlaceOf(s statement.Statement) Place {
	at := s.Published.Instant()
	if at.IsZero() {
		at = s.FirstSeen
	}
	return Place{at, s.ID}
}
