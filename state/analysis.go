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
	// AnalysesDue lists at most limit (0: all) revisions that wait to be
	// analysed, the earliest said first.
	AnalysesDue(ctx context.Context, limit int) ([]Analysis, error)
	// AnalysisCounts says how many revisions wait, and how many there are by
	// outcome.
	AnalysisCounts(ctx context.Context) (AnalysisCounts, error)
	// Analysed lists what was analysed of all that was said since a moment, the
	// earliest said first.
	Analysed(ctx context.Context, since time.Time) ([]Analysis, error)
	// Reanalyse makes what an engine of another version analysed due again,
	// quietly, and says how much that is.
	Reanalyse(ctx context.Context, engine string) (int, error)

	// Passages lists passages of a space that carry one of the keys and were
	// said before (or, with q.Later, after) a moment: those with the most of the
	// keys, or the weightiest of them, first; of equals the nearest to the
	// moment. Of each key only the q.PerKey nearest are looked at.
	Passages(ctx context.Context, q statement.PassageQuery) ([]statement.Passage, error)

	// PassagesOf lists the passages of a revision, in their order.
	PassagesOf(ctx context.Context, space, id string, revision int) ([]statement.Passage, error)
	// Terms counts the statements of a space that speak of each term, those of
	// very few left out, and gives the number of all statements counted.
	Terms(ctx context.Context, space string) (counts map[uint32]int, all int, err error)

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
	// CountTerms counts a statement and the terms that it speaks of.
	CountTerms(space string, terms []uint32) error
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
	Engine    string    // version that analysed it; empty while it waits
	Outcome   string    // in words: analysed, or why not
	At        time.Time
}

// AnalysisCounts says how far the analysis is.
type AnalysisCounts struct {
	Due      int            // wait
	News     int            // of those, not quiet
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
	Limit       int
	Standing    bool // leave out what lapsed before anybody decided on it
	Replaced    bool // those too in whose place another one stands
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
