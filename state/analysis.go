package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Analyst is the part of a Store that remembers what was understood: which
// revisions the engine has read, the passages that later statements are held
// against, and what appears to contradict what.
type Analyst interface {
	// AnalysesDue lists at most limit (0: all) revisions that wait to be read, the earliest said first.
	AnalysesDue(ctx context.Context, limit int) ([]Analysis, error)
	// JudgementsDue lists at most limit (0: all) revisions that were read and wait to be held against what was said before:
	// news first, then the latest said first.
	JudgementsDue(ctx context.Context, limit int) ([]Analysis, error)
	// AnalysisCounts says how many revisions wait, and how many there are by
	// outcome.
	AnalysisCounts(ctx context.Context) (AnalysisCounts, error)
	// Analysed lists what was read of all that was said since a moment, the
	// earliest said first.
	Analysed(ctx context.Context, since time.Time) ([]Analysis, error)
	// Reanalyse makes what an engine of another version analysed due again,
	// quietly, and says how much that is.
	Reanalyse(ctx context.Context, engine string) (int, error)

	// PassageTerms lists at most limit passages of a space, by what they speak of, that were put after another, in that order.
	PassageTerms(ctx context.Context, space string, after int64, limit int) ([]statement.PassageTerms, error)
	// Passages reads passages by their numbers. Those that have gone are left out; the order is any.
	Passages(ctx context.Context, ids []int64) ([]statement.Passage, error)
	// PassagesOf lists the passages of a revision, in their order.
	PassagesOf(ctx context.Context, id string, revision int) ([]statement.Passage, error)

	// Reversals lists what fits, the newest first.
	Reversals(ctx context.Context, f ReversalFilter) ([]Finding, error)
	// Reversal reads one by its identifier or an unambiguous beginning of it.
	Reversal(ctx context.Context, id string) (Finding, error)

	// Stances lists what was read on the propositions of a topic, the earliest
	// said first.
	Stances(ctx context.Context, topic string) ([]Stance, error)
}

// AnalysisTx is what T2 writes.
type AnalysisTx interface {
	// PutAnalysis records that a revision waits (Engine empty) or was analysed.
	PutAnalysis(Analysis) error
	// Analysis reads the record of a revision; statement.ErrNotFound if there is
	// none.
	Analysis(id string, revision int) (Analysis, error)
	// DropPassages forgets the passages of a revision; PutPassage adds one and
	// gives its number, which grows with Said.
	DropPassages(id string, revision int) error
	PutPassage(statement.Passage) (int64, error)
	// PutReversal records a finding, or, if it is known, what the engine says of
	// it now: what a person has decided, when it was found and whether it was
	// told stay. What nobody has decided on takes the Review of the Finding. It
	// says whether it is new.
	PutReversal(Finding) (bool, error)
	// Reversals lists what fits, the newest first.
	Reversals(f ReversalFilter) ([]Finding, error)
	// Review records what was decided.
	Review(id string, r Review) error
	// ReplaceReversal notes that another finding stands in the place of one: the
	// same words as an engine finds them today. Nothing else of it changes.
	ReplaceReversal(id, by string) error
	// DropStances forgets what was read of a revision; PutStance adds one.
	DropStances(id string, revision int) error
	PutStance(Stance) error
}

// Analysis is the record of one revision's analysis.
type Analysis struct {
	Statement string
	Revision  int
	Said      time.Time // when it was said: published, or seen for an edit
	Quiet     bool      // nothing that follows from it is news
	Engine    string    // version that read it; empty while it waits
	Judged    bool      // it has been held against what was said before
	Outcome   string    // in words: analysed, or why not
	At        time.Time
}

// AnalysisCounts says how far the analysis is.
type AnalysisCounts struct {
	Due      int            // wait to be read, or to be judged
	Unread   int            // of those, to be read
	News     int            // of those that are due, not quiet
	Outcomes map[string]int // of the others
}

// Finding is a reversal or softening as it is kept.
type Finding struct {
	statement.Reversal
	Source     string    // of the later statement
	Government string    // of both
	FoundAt    time.Time // when the engine first said so
	Quiet      bool      // not told: old news
	Review     Review
	// Replaced is the finding that stands in this one's place today; "" for none.
	Replaced string
	// Lapsed says that the engine that last read the later revision does not find this.
	Lapsed bool
	// DroppedAt is when a second opinion dropped it: it is kept, and neither told nor listed. Zero for what was not.
	DroppedAt time.Time
	// Held says, of a finding that was just recorded, that nobody is told of it before a second opinion has come. It is not stored.
	Held bool
}

// Review is what was decided on a finding. At is zero for what nobody has ever decided
// on; set, and the decision Open, for a decision that was taken back.
type Review struct {
	Decision Decision
	Reason   string
	At       time.Time
	// Follows is the finding on the same matter whose decision this is; "" where a
	// person has decided on this very one.
	Follows string
	// Signature is of a decision that is being made.
	Signature
}

// Decision is what a person can say of a finding.
type Decision string

// The decisions.
const (
	Open      Decision = ""
	Confirmed Decision = "confirmed"
	Dismissed Decision = "dismissed"
)

// ReversalFilter chooses findings. Zero fields do not restrict.
type ReversalFilter struct {
	Levels    []statement.Level
	Decisions []Decision // Open is a value too
	Sources   []string
	Topics    []string
	Statement string // on either side
	// Governments are those whose positions turned, or ids of issuers that have none.
	Governments []string
	Since       time.Time
	Until       time.Time    // said before
	After       FindingPlace // only what stands below it in the order, the newest first
	Limit       int
	Standing    bool // leave out what lapsed before anybody decided on it
	Replaced    bool // those too in whose place another one stands
	Dropped     bool // those too that a second opinion has dropped
	OnlyDropped bool // these alone
}

// FindingPlace is where a finding stands among all, what was said last first; the zero one is above them all.
type FindingPlace struct {
	Said  time.Time
	Score float64
	ID    string
}

// PlaceOfFinding is where a finding stands.
func PlaceOfFinding(f Finding) FindingPlace {
	return FindingPlace{f.After.Published.Time, f.Score, f.ID}
}

// Stance is what a revision says on a proposition of a topic.
type Stance struct {
	Topic, Proposition string
	Statement          string
	Revision           int
	Source             string
	Issuer             string // id
	Said               time.Time
	Stance             string  // affirms, denies, qualifies
	Sure               float64 // 0 to 1
	Speaker            string
	Sentence           string
	Span               statement.Span
}
