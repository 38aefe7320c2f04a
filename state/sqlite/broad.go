package sqlite

import (
	"context"
	"slices"

	"volteface/state/fulltext"
)

// FTS5 puts together the statements of all words that begin with a prefix before it names
// the first: half a microsecond for each statement and word, ten seconds for the one letter
// that all begin with. A statement of 300 words takes some 15 µs to read. So the index is not
// asked for the prefixes of very many words; what it names for the rest of the query, or all
// there is, is read, the last remembered first, until enough has been found.
const (
	// broadFrom is how often the words of a broad prefix occur: 50 ms.
	broadFrom = 100_000
	// sampled is how many statements, from all over the store, tell how often.
	sampled = 400
	// mostWords bounds what is read, in words: 50 ms if it lies together, 150 if scattered.
	mostWords = 1_000_000
	// mostRows bounds what the index, or the store, names to be read.
	mostRows = 20_000
	// leastFound is how many of those read must fit. Otherwise the index is asked after all,
	// however long that takes.
	leastFound = 50
)

// plan is how the statements that fit a query are looked for.
type plan struct {
	query fulltext.Query // what the index is asked for
	all   bool           // nothing: any statement may fit
	exact bool           // what the index names fits
	share []float64      // of all statements, by term, that have it; nil where it was not looked at
}

// planned decides what of a query the index is asked for.
func (s *Store) planned(ctx context.Context, q fulltext.Query, terms []fulltext.Query) (p plan, err error) {
	p = plan{query: q, exact: true}
	prefixes, of := prefixesOf(terms)
	if len(prefixes) == 0 {
		return p, nil
	}
	newest, err := s.newest(ctx)
	if err != nil || newest < broadFrom/100 {
		return p, err
	}
	rows := make([]int64, 0, sampled)
	for i := range int64(sampled) {
		rows = append(rows, newest-i*newest/sampled)
	}
	read, err := s.measure(ctx, rows, append(slices.Clone(terms), prefixes...))
	if err != nil || len(read) == 0 {
		return p, err
	}
	p.share = make([]float64, len(terms))
	occurrences := make([]float64, len(prefixes))
	for _, r := range read {
		for i := range terms {
			if r.counts[i] > 0 {
				p.share[i] += 1 / float64(len(read))
			}
		}
		for i, n := range r.counts[len(terms):] {
			occurrences[i] += n * float64(newest) / float64(len(read))
		}
	}
	broad := map[string]bool{}
	for i, t := range terms {
		if of[i] >= 0 && occurrences[of[i]] >= broadFrom {
			broad[match(t)] = true
		}
	}
	if len(broad) == 0 {
		return p, nil
	}
	p.query, p.all = q.Without(func(t fulltext.Query) bool { return broad[match(t)] })
	p.exact = false
	return p, nil
}

// prefixesOf are the words that terms let go on, wherever they stand, and which of them
// each term has, or -1.
func prefixesOf(terms []fulltext.Query) (prefixes []fulltext.Query, of []int) {
	for _, t := range terms {
		if !t.Prefix {
			of = append(of, -1)
			continue
		}
		of = append(of, len(prefixes))
		prefixes = append(prefixes, fulltext.Query{Op: fulltext.Term, Words: t.Words[len(t.Words)-1:], Prefix: true})
	}
	return prefixes, of
}
