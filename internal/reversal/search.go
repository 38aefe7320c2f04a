package reversal

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"volteface/internal/claim"
	"volteface/internal/statement"
)

// Memory finds passages of earlier statements. A store satisfies it.
type Memory interface {
	Passages(ctx context.Context, q statement.PassageQuery) ([]statement.Passage, error)
}

// Search holds new statements against everything that was said before.
type Search struct {
	Engine *Engine
	Memory Memory
	// Floor is the least score of a turn.
	Floor float64
	// PerPassage is the most earlier passages that one is compared with, PerStatement the
	// most turns that one statement gives.
	PerPassage, PerStatement int
}

// Turn is an earlier passage that a later one appears to turn round.
type Turn struct {
	Verdict       Verdict
	Before, After *Statement        // the passages as statements of their own
	Earlier       statement.Passage // where Before stands
	Sentence      int               // number of After's
}

// Turns finds what a statement appears to turn round, the surest first. Of several earlier
// passages that one sentence contradicts it gives the surest, and none twice.
func (s *Search) Turns(ctx context.Context, space, id string, revision int, said time.Time, passages []Passage) ([]Turn, error) {
	var all []Turn
	for i := range passages {
		p := &passages[i]
		if len(p.Asked) == 0 {
			continue
		}
		found, err := s.Memory.Passages(ctx, statement.PassageQuery{Space: space, Keys: p.Asked, At: said, Limit: s.PerPassage})
		if err != nil {
			return nil, err
		}
		for _, earlier := range found {
			if earlier.Statement == id && earlier.Revision == revision {
				continue
			}
			before, err := Recall(earlier.Body, earlier.Statement, earlier.Said)
			if errors.Is(err, claim.ErrVersion) {
				continue // it waits to be analysed again
			}
			if err != nil {
				return nil, err
			}
			if earlier.Statement != id && sameDay(before.Date, p.excerpt.Date) {
				continue // nobody turns round between two statements of one day
			}
			v := s.Engine.Compare(before, p.excerpt)
			if v.Verdict == None || v.Score < s.Floor {
				continue
			}
			all = append(all, Turn{Verdict: v, Before: before, After: p.excerpt, Earlier: earlier, Sentence: p.Sentence})
		}
	}
	slices.SortStableFunc(all, func(a, b Turn) int { return cmp.Compare(b.Verdict.Score, a.Verdict.Score) })
	usedBefore, usedAfter := map[int64]bool{}, map[int]bool{}
	chosen := all[:0]
	for _, t := range all {
		if len(chosen) < s.PerStatement && !usedBefore[t.Earlier.ID] && !usedAfter[t.Sentence] {
			usedBefore[t.Earlier.ID], usedAfter[t.Sentence] = true, true
			chosen = append(chosen, t)
		}
	}
	return chosen, nil
}
