package state

import (
	"context"
	"time"

	"volteface/internal/statement"
	"volteface/state/fulltext"
)

// Searcher is the part of a Store that finds statements by their words: those
// of the current revision's title, text and speakers.
//
// The index follows behind what is recorded, so that evidence never waits for
// it: whatever records a revision notes that it is to be indexed, and Index
// does what has been noted.
type Searcher interface {
	// Index brings the index up to date, a few statements a transaction, and
	// calls progress, if set, after each; done counts those of this call.
	Index(ctx context.Context, progress func(done, waiting int)) error
	// Search finds statements in the index, the best first. With a filter, what
	// waits to be indexed may be found too.
	Search(ctx context.Context, q fulltext.Query, f SearchFilter) (Results, error)
}

// SearchFilter restricts a search. Zero fields do not restrict.
type SearchFilter struct {
	Sources []string
	Since   time.Time // published (or first seen, where no date was read) at or after
	Until   time.Time // or before
	Limit   int
}

// MostRanked is how many statements a search compares by rank. If more fit, it
// is those remembered last that are compared: to rank a hundred thousand that
// have "president" in them tells nothing and takes long.
const MostRanked = 1000

// Results is what a search found.
type Results struct {
	Hits  []Hit // the best first
	Total int   // how many fit, counted up to MostRanked, or to as many as are soon found
	More  bool  // more than Total may fit; those were remembered earlier
}

// Hit is one statement found.
type Hit struct {
	Statement statement.Statement
	Score     float64 // the greater the better; comparable within one search (BM25)
}
