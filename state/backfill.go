package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Backfiller is the part of a Store that remembers which archives are being
// read, how far, and what of them waits.
type Backfiller interface {
	// Backfills lists every backfill, by source.
	Backfills(ctx context.Context) ([]Backfill, error)
	// Backfill is that of a source; statement.ErrNotFound if there is none.
	Backfill(ctx context.Context, source string) (Backfill, error)
	// BackfillItems lists at most limit items of a source that are due at or
	// before now: the newest first, by Dated, else by Published, else as put.
	BackfillItems(ctx context.Context, source string, now time.Time, limit int) ([]BackfillItem, error)
	// BackfillWaits is when the next item of a source is due; the zero time if
	// none waits.
	BackfillWaits(ctx context.Context, source string) (time.Time, error)
	// Coverage counts a source's statements, and what is left of its backfill, by
	// the month in which they were published, oldest first; Month is empty for
	// those without a date.
	Coverage(ctx context.Context, source string) ([]Coverage, error)
}

// Backfill is the reading of a source's past: of its listing, or of an archive
// that kept its pages.
type Backfill struct {
	Source    string
	Since     time.Time // what was published before is left alone
	Budget    int       // requests in a day (UTC)
	Memento   string    // address of a TimeMap or CDX; empty for the source's own listing
	Replay    string    // address of a capture, with {timestamp} and {url}; empty for what Memento tells
	Place     string    // where the walk goes on; its form is the walker's business
	Walked    bool      // to the end
	Pages     int       // of the listing, or of the index
	Read      int       // items read
	Oldest    time.Time // published or captured, of all that was read
	Day       time.Time // midnight of the last day on which it asked for anything
	Spent     int       // requests on that day
	Failures  int       // of the walk, in a row
	Note      string    // what is to be known of how it goes, in words for people
	NextAt    time.Time // when it goes on; zero where it does not
	StartedAt time.Time
	EndedAt   time.Time // zero while it is not done
	StoppedAt time.Time // a person stopped it; zero if nobody did
}

// BackfillItem is an address that a backfill has found and not read yet, or has
// given up.
type BackfillItem struct {
	Source    string
	Address   string // to ask for; it names the item
	URL       string // of the statement
	Title     string // as listed
	Published statement.Date
	Dated     time.Time // when an archive captured it; zero for the page itself
	Attempts  int
	NextTry   time.Time // zero where it was given up
	LastError string
}

// Coverage is what is kept of the statements of a month.
type Coverage struct {
	Month      string // 2018-03
	Statements int
	Waiting    int // found by the backfill, not read yet
	Failed     int // given up
}

// BackfillTx is the part of a transaction that writes it.
type BackfillTx interface {
	// Backfill is that of a source; statement.ErrNotFound if there is none.
	Backfill(source string) (Backfill, error)
	PutBackfill(Backfill) error
	// DropBackfill forgets the backfill of a source and what of it waits; what was
	// read stays.
	DropBackfill(source string) error
	// AddBackfillItem notes an item unless its address is noted already;
	// PutBackfillItem replaces it, DropBackfillItem forgets it.
	AddBackfillItem(BackfillItem) error
	PutBackfillItem(BackfillItem) error
	DropBackfillItem(source, address string) error
	// OldestRevision reads a statement's revision with the lowest number.
	OldestRevision(id string) (statement.Revision, error)
}
