package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"volteface/state"
	"volteface/state/fulltext"
)

// Search finds statements in the index: first the last of those that fit, then
// the best among them.
//
// They are ranked here and not by FTS5, whose bm25 counts for each word the
// statements of the whole index that have it, which takes half a second for the
// commonest of 200,000.
func (s *Store) Search(ctx context.Context, q fulltext.Query, f state.SearchFilter) (found state.Results, err error) {
	terms, against := q.Every()
	how, err := s.planned(ctx, q, terms)
	if err != nil {
		return found, err
	}
	fitting, complete, err := s.fitting(ctx, q, how, f, terms)
	if err == nil && !complete && len(fitting) < leastFound {
		fitting, complete, err = s.fitting(ctx, q, plan{query: q, exact: true}, f, terms)
	}
	if err != nil || len(fitting) == 0 {
		return found, err
	}
	found.More = !complete
	fitting = fitting[:min(len(fitting), state.MostRanked)]
	found.Total = len(fitting)
	if err := s.rank(ctx, fitting, terms, against, how.share); err != nil {
		return found, err
	}
	if f.Limit > 0 {
		fitting = fitting[:min(f.Limit, len(fitting))]
	}
	for _, r := range fitting {
		st, err := one(ctx, s, scanStatement, `SELECT `+statementColumns+` FROM statements s WHERE s.row = ?`, r.row)
		if err != nil {
			return found, absent(err, "statement of row %d", r.row)
		}
		found.Hits = append(found.Hits, state.Hit{Statement: st, Score: r.score})
	}
	return found, nil
}

// fitting reads statements that fit, the last remembered first, until there are more than
// are ranked. It is not complete if more may fit: it stops, too, where a plan that is not
// exact has much to read, and at once where that would find next to nothing.
func (s *Store) fitting(ctx context.Context, q fulltext.Query, how plan, f state.SearchFilter, terms []fulltext.Query) (found []ranked, complete bool, err error) {
	rows, named, err := s.candidates(ctx, how, f)
	if err != nil {
		return nil, false, err
	}
	seen, words := 0, 0.0
	for some := range slices.Chunk(rows, state.MostRanked/2+1) {
		read, err := s.measure(ctx, some, terms)
		if err != nil {
			return nil, false, err
		}
		seen += len(some)
		for _, r := range read {
			words += r.length
		}
		if !named || !how.exact {
			read = slices.DeleteFunc(read, func(r ranked) bool { return !q.Fits(r.counts) })
		}
		if found = append(found, read...); len(found) > state.MostRanked {
			return found, false, nil
		}
		if all := words * float64(len(rows)) / float64(seen); how.exact || all <= mostWords || seen <= state.MostRanked {
			continue
		}
		if words >= mostWords || float64(len(found))*mostWords/words < leastFound {
			return found, false, nil
		}
	}
	return found, how.exact || len(rows) < mostRows, nil
}

// readCost is what it takes to read a statement of some hundred words and look
// whether it fits, in times of what it takes to look whether one that the index
// names passes a filter; measured. (To ask the index about one statement takes
// longer than either.)
const readCost = 6

// candidates gives rows of statements, the last remembered first: named by the
// index, as many as are wanted; or, where a filter leaves so few that it is less to
// do, those it lets through, which are to be looked at.
func (s *Store) candidates(ctx context.Context, how plan, f state.SearchFilter) (rows []int64, named bool, err error) {
	most, match := mostRows, match(how.query)
	if how.exact {
		most = state.MostRanked + 1
	}
	restriction, values := restrict(f)
	if how.all {
		rows, err = s.last(ctx, restriction, values, most)
		return rows, false, err
	}
	if restriction == "" {
		rows, err = list(ctx, s, scanRow, `SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?`, match, most)
		return rows, true, err
	}
	all, err := s.newest(ctx)
	if err != nil || all == 0 {
		return nil, false, err
	}
	have, err := s.spread(ctx, match, all)
	if err != nil || have == 0 {
		return nil, false, err
	}
	let, err := one(ctx, s, scanRow, `SELECT count(*) FROM statements s WHERE `+restriction, values...)
	if err != nil || let == 0 {
		return nil, false, err
	}
	// Of each as many are gone through as it takes to find enough, or all.
	reads := min(float64(let), float64(most)*float64(all)/float64(have))
	checks := min(float64(have), float64(most)*float64(all)/float64(let))
	if reads*readCost < checks {
		rows, err = list(ctx, s, scanRow, `SELECT row FROM statements s WHERE `+restriction+` ORDER BY +row DESC`, values...)
		return rows, false, err
	}
	args := append(append([]any{match}, values...), most)
	rows, err = list(ctx, s, scanRow, `SELECT search.rowid FROM search CROSS JOIN statements s ON s.row = search.rowid
		WHERE search MATCH ? AND `+restriction+` ORDER BY search.rowid DESC LIMIT ?`, args...)
	return rows, true, err
}

// last are rows of the statements that a restriction lets through, the last remembered first.
func (s *Store) last(ctx context.Context, restriction string, values []any, most int) ([]int64, error) {
	if restriction == "" {
		return list(ctx, s, scanRow, `SELECT row FROM statements ORDER BY row DESC LIMIT ?`, most)
	}
	let, err := one(ctx, s, scanRow, `SELECT count(*) FROM statements s WHERE `+restriction, values...)
	if err != nil {
		return nil, err
	}
	all, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	order := "+row" // those let through are found by an index, and sorted
	if let > all/10 {
		order = "row" // it is less to do to go through all
	}
	return list(ctx, s, scanRow, `SELECT row FROM statements s WHERE `+restriction+` ORDER BY `+order+` DESC LIMIT ?`, append(values, most)...)
}

// restrict writes a filter as a condition on statements s; "" if it lets all
// through.
func restrict(f state.SearchFilter) (condition string, values []any) {
	var parts []string
	if len(f.Sources) > 0 {
		parts, values = append(parts, among("s.source", len(f.Sources))), append(values, arguments(f.Sources)...)
	}
	if !f.Since.IsZero() {
		parts, values = append(parts, `s.sort_at >= ?`), append(values, micros(f.Since))
	}
	if !f.Until.IsZero() {
		parts, values = append(parts, `s.sort_at < ?`), append(values, micros(f.Until))
	}
	return strings.Join(parts, ` AND `), values
}

func scanRow(row scanner) (n int64, err error) { return n, row.Scan(&n) }

// newest is the row of the statement remembered last: about how many there are.
func (s *Store) newest(ctx context.Context) (int64, error) {
	return one(ctx, s, scanRow, `SELECT ifnull(max(row), 0) FROM statements`)
}

// spread estimates how many of all statements fit, by how far back the last of
// them reach.
func (s *Store) spread(ctx context.Context, match string, all int64) (int64, error) {
	var lowest int64
	n, err := one(ctx, s, func(row scanner) (n int64, err error) { return n, row.Scan(&n, &lowest) },
		`SELECT count(*), ifnull(min(rowid), 0) FROM (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?)`, match, state.MostRanked)
	if err != nil || n < state.MostRanked {
		return n, err
	}
	return max(n, n*all/max(1, all-lowest+1)), nil
}

// The constants of BM25 as Robertson and Zaragoza give them (The Probabilistic
// Relevance Framework, 2009, section 3.5), and how much more a word counts in
// the title than in the text.
const (
	saturation  = 1.2
	lengthShare = 0.75
	titleWeight = 4
)

// ranked is a statement that may fit.
type ranked struct {
	row    int64
	score  float64   // the greater the better
	counts []float64 // of each term
	length float64   // in words
}

// measure reads statements and counts the terms in them, in the order given.
func (s *Store) measure(ctx context.Context, rows []int64, terms []fulltext.Query) ([]ranked, error) {
	wanted, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(terms))
	return list(ctx, s, func(row scanner) (r ranked, err error) {
		w, err := scanWords(row)
		r.row, r.counts = w.row, make([]float64, len(terms))
		for _, part := range []struct {
			text, field string
			weight      float64
		}{{w.title, "title", titleWeight}, {w.text, "text", 1}, {w.speaker, "speaker", 1}} {
			clear(counts)
			r.length += float64(fulltext.Count(part.text, part.field, terms, counts))
			for i, n := range counts {
				r.counts[i] += part.weight * float64(n)
			}
		}
		return r, err
	}, `SELECT s.row, r.n, r.title, r.body, r.speakers, '' FROM json_each(?) j CROSS JOIN statements s ON s.row = j.value
		CROSS JOIN revisions r ON r.statement = s.id AND r.n = s.revision`, string(wanted))
}

// rank orders statements by BM25, the best first and of equals the last
// remembered. Lengths are held against the mean of those given.
func (s *Store) rank(ctx context.Context, all []ranked, terms []fulltext.Query, against []bool, share []float64) error {
	weights, err := s.rarity(ctx, terms, against, share)
	if err != nil {
		return err
	}
	mean := 0.0
	for _, r := range all {
		mean += r.length / float64(len(all))
	}
	for i := range all {
		r := &all[i]
		for k, n := range r.counts {
			if n > 0 {
				r.score += weights[k] * n * (saturation + 1) / (n + saturation*(1-lengthShare+lengthShare*r.length/max(mean, 1)))
			}
		}
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.row, a.row)) })
	return nil
}

// rarity is how much each term tells (its inverse document frequency): nothing
// if it is not to be there. A single one needs no comparing. Of a prefix, the share of
// the statements that have it is enough to tell.
func (s *Store) rarity(ctx context.Context, terms []fulltext.Query, against []bool, share []float64) ([]float64, error) {
	if len(terms) < 2 {
		return []float64{1}, nil
	}
	all, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	weights := make([]float64, len(terms))
	for i, t := range terms {
		if against[i] {
			continue
		}
		var n int64
		if t.Prefix && share != nil {
			n = int64(share[i] * float64(all))
		} else if n, err = s.spread(ctx, match(t), all); err != nil {
			return nil, err
		}
		weights[i] = math.Log(1 + (float64(max(all, n)-n)+0.5)/(float64(n)+0.5))
	}
	return weights, nil
}
