package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Comparer is the part of a Store that remembers which statements tell of one thing: the editions of a statement, the readouts of a meeting.
type Comparer interface {
	// ComparisonsDue lists at most limit (0: all) analysed revisions for which nobody has looked for counterparts yet, the earliest said
	// first.
	ComparisonsDue(ctx context.Context, limit int) ([]Analysis, error)
	// Sketches lists the statements of the days round a moment among which counterparts are looked for.
	Sketches(ctx context.Context, q SketchQuery) ([]Sketch, error)
	// Counterparts lists what fits, the newest first.
	Counterparts(ctx context.Context, f CounterpartFilter) ([]Paired, error)
	// Counterpart reads one by its identifier or an unambiguous beginning of it.
	Counterpart(ctx context.Context, id string) (Paired, error)
}

// ComparisonTx is what the search for counterparts writes.
type ComparisonTx interface {
	// Uncompared tells whether an analysed revision still waits for a look for counterparts; Compared ends its waiting.
	Uncompared(id string, revision int) (bool, error)
	Compared(id string, revision int) error
	// PutSketch records or replaces that of a statement.
	PutSketch(Sketch) error
	// Pairs lists the counterparts of a statement that are recorded.
	Pairs(id string) ([]Paired, error)
	// PutCounterpart records a pair, or what is known of it now: when it was found and what a person decided stay.
	PutCounterpart(Paired) error
	// DropCounterpart forgets a pair.
	DropCounterpart(id string) error
	// ReviewCounterpart records what a person decided.
	ReviewCounterpart(id string, r Review) error
}

// Sketch is what is known of a statement before it is read beside another.
type Sketch struct {
	Statement string
	Revision  int
	Source    string
	Issuer    string // id
	Space     string // its government, else its issuer
	Said      time.Time
	Language  string // primary subtag
	Encounter int    // bits, of a readout; 0 for none
	Title     []byte // vectors
	Whole     []byte
}

// SketchQuery asks for the statements said within some days of a moment. Zero fields do not restrict.
type SketchQuery struct {
	Around      time.Time
	Days        int
	Issuer      string // of this issuer
	NotLanguage string // in another language
	NotSpace    string // of another government
	Encounter   int    // that tell of one of these encounters
	Limit       int    // the nearest in time
}

// Paired is two counterparts as they are kept.
type Paired struct {
	statement.Counterpart
	Said    time.Time // when the later one was
	FoundAt time.Time
	Quiet   bool   // not told: old news
	Differs string // digest of what differs; empty if nothing does
	Review  Review
}

// CounterpartFilter chooses pairs. Zero fields do not restrict.
type CounterpartFilter struct {
	Kinds     []statement.CounterpartKind
	Sources   []string // of either side
	Statement string   // either side
	Differing bool     // only those in which something differs
	Dismissed bool     // dismissed ones too
	Since     time.Time
	Until     time.Time // said before
	After     Place     // only what stands below it in the order, the newest first: when the later one was said, and the pair's identifier
	Limit     int
}
