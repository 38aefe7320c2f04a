package reversal

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"volteface/internal/claim"
	"volteface/internal/statement"
)

// Memory finds passages of earlier statements, and says how common terms are. A store
// satisfies it.
type Memory interface {
	Passages(ctx context.Context, q statement.PassageQuery) ([]statement.Passage, error)
	// Terms counts the statements of a space that speak of each term; those of few
	// statements may be missing. It gives the number of all statements, too.
	Terms(ctx context.Context, space string) (counts map[uint32]int, all int, err error)
}

// Search holds new statements against everything that was said before. It is for one
// goroutine.
type Search struct {
	Engine *Engine
	Memory Memory
	// Floor is the least score of a turn.
	Floor float64
	// PerKey is the most earlier passages that are looked at under one key, PerPassage the
	// most that one passage is compared with, PerStatement the most turns that one
	// statement gives.
	PerKey, PerPassage, PerStatement int

	spaces map[string]*Commons
}

// NewSearch is a search with the bounds that were measured.
func NewSearch(e *Engine, m Memory, floor float64) *Search {
	return &Search{Engine: e, Memory: m, Floor: floor, PerKey: 60, PerPassage: 16, PerStatement: 2, spaces: map[string]*Commons{}}
}

// Turn is an earlier passage that a later one appears to turn round.
type Turn struct {
	Verdict       Verdict
	Before, After *Statement        // the passages as statements of their own
	Earlier       statement.Passage // where Before stands
	Sentence      int               // number of After's
	Bond          Bond
	Pair          float64 // score of the two sentences by themselves
}

// What a passage must have in common with another to be held against it: measured on a
// year of press briefings, where two sentences that merely happen to be opposed share
// neither a rare word nor the talk around them.
const (
	askedRarity = 0.3  // of the thing of a key that is asked for
	leastAnchor = 0.38 // of the rarest thing that both speak of
	leastShared = 0.6  // of all that both speak of
	leastBond   = 0.1  // of the text around them
)

// Turns finds what a statement appears to turn round, the surest first. Of several earlier
// passages that one sentence contradicts it gives the surest, and none twice.
func (s *Search) Turns(ctx context.Context, space, id string, revision int, said time.Time, passages []Passage) ([]Turn, error) {
	commons, err := s.Commons(ctx, space)
	if err != nil {
		return nil, err
	}
	var all []Turn
	for i := range passages {
		p := &passages[i]
		now := commons.side(p.excerpt)
		if now.rarest() < leastAnchor || !now.own {
			continue
		}
		q := commons.query(p.Asked)
		if len(q.Keys) == 0 {
			continue
		}
		q.Space, q.At, q.PerKey, q.Limit = space, said, s.PerKey, s.PerPassage
		found, err := s.Memory.Passages(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, earlier := range found {
			if earlier.Statement == id && earlier.Revision == revision {
				continue
			}
			before, err := recall(earlier.Body, earlier.Statement, earlier.Said)
			if errors.Is(err, claim.ErrVersion) {
				continue // it waits to be analysed again
			}
			if err != nil {
				return nil, err
			}
			if earlier.Statement != id && sameDay(before.Date, p.excerpt.Date) {
				continue // nobody turns round between two statements of one day
			}
			then := commons.side(before)
			bond := commons.bond(&then, &now)
			if !then.own || bond.Anchor < leastAnchor || bond.Shared < leastShared || bond.Context < leastBond || bond.Repeats {
				continue
			}
			v := s.Engine.Compare(before, p.excerpt)
			if v.Verdict == None || !s.plausible(&v, before, p.excerpt) {
				continue
			}
			t := Turn{Verdict: v, Before: before, After: p.excerpt, Earlier: earlier, Sentence: p.Sentence, Bond: bond, Pair: v.Score}
			if t.Verdict.Score = bond.score(v.Score); t.Verdict.Score >= s.Floor {
				all = append(all, t)
			}
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

// plausible tells whether a verdict on two passages stands on the sentences they are of,
// and, where it is on a figure, whether that is said to be changed: figures that are
// counted anew every week differ.
func (s *Search) plausible(v *Verdict, before, after *Statement) bool {
	e := v.Evidence[0]
	x, y := &before.Claims.Sentences[len(before.Claims.Sentences)-1], &after.Claims.Sentences[len(after.Claims.Sentences)-1]
	if e.BeforeSpan[0] != x.Start || e.AfterSpan[0] != y.Start {
		return false
	}
	return v.Kind != "number_revised" || y.Marks.Has(claim.Corrects)
}

// Bond is what ties two passages together besides their claims.
type Bond struct {
	Anchor  float64 // how rare the rarest thing is that both sentences speak of, from 0 to 1
	Shared  float64 // the rarity of all that both speak of
	Context float64 // how like the texts around them are, from 0 to 1
	Repeats bool    // the one is the other nearly word for word
}

// score is the probability that a pair is a reversal in a stream, where it is one of a
// great many: the odds of the pair by itself, and what ties it together.
func (b Bond) score(pair float64) float64 {
	z := 0.7*math.Log(pair/(1-pair+1e-9)) + 6*b.Context + 1.0*math.Min(b.Shared, 3) + 2*b.Anchor - 7
	return 1 / (1 + math.Exp(-z))
}

// Commons knows how common the terms of a space are.
type Commons struct {
	counts map[uint32]int
	all    int
	scale  float64
}

// Commons is what a search knows of a space, asked of the memory once.
func (s *Search) Commons(ctx context.Context, space string) (*Commons, error) {
	if c := s.spaces[space]; c != nil {
		return c, nil
	}
	counts, all, err := s.Memory.Terms(ctx, space)
	if err != nil {
		return nil, err
	}
	c := &Commons{counts: counts, all: all}
	c.scale = math.Log(float64(c.all + 2))
	s.spaces[space] = c
	return c, nil
}

// Learn adds the terms of a statement.
func (c *Commons) Learn(terms []Term) {
	for _, t := range terms {
		c.counts[uint32(t)]++
	}
	c.all++
	c.scale = math.Log(float64(c.all + 2))
}

// rarity is how little a term is spoken of: 0 for one that every statement has, 1 for a
// new one.
func (c *Commons) rarity(t Term) float64 {
	return max(0, 1-math.Log(float64(c.counts[uint32(t)]+1))/c.scale)
}

// query asks for the keys of rare things, the rarer the weightier.
func (c *Commons) query(keys []string) (q statement.PassageQuery) {
	for _, k := range keys {
		if r := c.rarity(term(k[strings.LastIndexByte(k, ' ')+1:])); r >= askedRarity {
			q.Keys, q.Weights = append(q.Keys, k), append(q.Weights, r)
		}
	}
	return q
}

// side is one of two passages.
type side struct {
	x        *Statement
	sentence []Term
	own      bool
	c        *Commons
}

func (c *Commons) side(x *Statement) side {
	last := &x.Claims.Sentences[len(x.Claims.Sentences)-1]
	return side{x, appendTerms(nil, last.Args), c.speaks(last.Speaker), c}
}

func (s *side) rarest() (most float64) {
	for _, t := range s.sentence {
		most = max(most, s.c.rarity(t))
	}
	return most
}

// bond measures what ties two passages together.
func (c *Commons) bond(before, after *side) (b Bond) {
	for _, t := range before.sentence {
		if slices.Contains(after.sentence, t) {
			r := c.rarity(t)
			b.Anchor = max(b.Anchor, r)
			b.Shared += r
		}
	}
	var shared, x, y float64
	for _, t := range before.x.around {
		r := c.rarity(t)
		x += r * r
		if slices.Contains(after.x.around, t) {
			shared += r * r
		}
	}
	for _, t := range after.x.around {
		r := c.rarity(t)
		y += r * r
	}
	if x > 0 && y > 0 {
		b.Context = shared / math.Sqrt(x*y)
	}
	b.Repeats = repeats(lastSentence(before.x), lastSentence(after.x))
	return b
}

func lastSentence(x *Statement) string {
	s := &x.Claims.Sentences[len(x.Claims.Sentences)-1]
	return x.Text[s.Start:s.End]
}

// repeats tells whether two long sentences have nearly the same words, as the clauses of
// orders and greetings have: what differs is a number of a section or a name.
func repeats(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	if len(x) < 12 || len(y) < 12 {
		return false
	}
	words := map[string]int{}
	for _, w := range x {
		words[w]++
	}
	same := 0
	for _, w := range y {
		if words[w] > 0 {
			words[w]--
			same++
		}
	}
	return float64(same) >= 0.65*float64(max(len(x), len(y)))
}
