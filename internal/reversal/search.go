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

	spaces map[string]*commons
}

// NewSearch is a search with the bounds that were measured.
func NewSearch(e *Engine, m Memory) *Search {
	return &Search{Engine: e, Memory: m, PerKey: 60, PerPassage: 30, PerStatement: 2, spaces: map[string]*commons{}}
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
	askedRarity  = 0.15 // of the thing of a key that is asked for
	aboutRarity  = 0.3  // the same, of a key that tells only what is spoken of
	leastAnchor  = 0.3  // of the rarest thing that both speak of
	rareName     = 0.45 // of a name that tells two events apart
	leastShared  = 0.55 // of all that both speak of
	leastContext = 0.1  // of the text around them
)

// Turns finds what a statement appears to turn round, the surest first. Of several
// sentences of one earlier statement that one sentence contradicts it gives the surest, and
// no earlier sentence twice.
func (s *Search) Turns(ctx context.Context, space, id string, revision int, said time.Time, passages []Passage) ([]Turn, error) {
	known, err := s.commons(ctx, space)
	if err != nil {
		return nil, err
	}
	floor := math.Log(s.Floor / (1 - s.Floor)) // as odds
	var all []Turn
	for i := range passages {
		p := &passages[i]
		now := head{p.excerpt.spoken(), p.excerpt.around, p.excerpt.label()}
		if known.rarest(now.sentence) < leastAnchor || !known.speaks(now.label) {
			continue
		}
		q := known.query(p.Asked)
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
			then, _, err := readHead(earlier.Body)
			if errors.Is(err, claim.ErrVersion) {
				continue // it waits to be analysed again
			}
			if err != nil {
				return nil, err
			}
			bond := known.bond(&then, &now)
			if bond.Anchor < leastAnchor || bond.Shared < leastShared || bond.Context < leastContext || bond.odds()+mostOdds < floor || !known.speaks(then.label) {
				continue
			}
			before, err := recall(earlier.Body, earlier.Statement, earlier.Said)
			if err != nil {
				return nil, err
			}
			if earlier.Statement != id && sameDay(before.Date, p.excerpt.Date) {
				continue // nobody turns round between two statements of one day
			}
			if known.apart(before, p.excerpt) || repeats(lastSentence(before), lastSentence(p.excerpt)) {
				continue
			}
			v, c, pairing := s.Engine.compare(before, p.excerpt)
			if c == nil || !plausible(&v, before, p.excerpt) {
				continue
			}
			t := Turn{Verdict: v, Before: before, After: p.excerpt, Earlier: earlier, Sentence: p.Sentence, Bond: bond, Pair: v.Score}
			z := bond.odds() + pairing.odds(c) + known.experience()
			if c.rule != fMoved {
				z += bond.restatement(lastSentence(before), lastSentence(p.excerpt))
			}
			if z+mostHabit < floor {
				continue // whatever was said besides
			}
			habit, err := s.habit(ctx, &q, pairing, c)
			if err != nil {
				return nil, err
			}
			if t.Verdict.Score = 1 / (1 + math.Exp(-z-habit)); t.Verdict.Score >= s.Floor {
				all = append(all, t)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Turn) int { return cmp.Compare(b.Verdict.Score, a.Verdict.Score) })
	type meeting struct {
		before   string
		sentence int
	}
	used, met := map[int64]bool{}, map[meeting]bool{}
	chosen := all[:0]
	for _, t := range all {
		m := meeting{t.Earlier.Statement, t.Sentence}
		if len(chosen) < s.PerStatement && !used[t.Earlier.ID] && !met[m] {
			used[t.Earlier.ID], met[m] = true, true
			chosen = append(chosen, t)
		}
	}
	return chosen, nil
}

// Speaks tells whether a passage is spoken for the issuer, and not by a guest.
func (s *Search) Speaks(ctx context.Context, space string, p *Passage) (bool, error) {
	known, err := s.commons(ctx, space)
	return err == nil && known.speaks(p.excerpt.label()), err
}

// plausible tells whether a verdict on two passages stands on the sentences they are of,
// and, where it is on a figure or a date, whether that is said to be changed or was to be
// the last: what is counted or extended anew every time differs.
func plausible(v *Verdict, before, after *Statement) bool {
	e := v.Evidence[0]
	x, y := before.last(), after.last()
	if e.BeforeSpan[0] != x.Start || e.AfterSpan[0] != y.Start {
		return false
	}
	if x.Marks.Has(claim.NoComment) || y.Marks.Has(claim.NoComment) || strings.HasSuffix(lastSentence(before), ":") || strings.HasSuffix(lastSentence(after), ":") {
		return false // who says nothing turns nothing round, and a label is no sentence
	}
	switch v.Rule {
	case "another number":
		return y.Marks.Has(claim.Corrects)
	case "a moved date":
		return x.Marks.Has(claim.Final)
	}
	return true
}

// commons knows how common the terms of a space are.
type commons struct {
	counts map[Term]int
	all    int
	scale  float64
}

// commons is what a search knows of a space, asked of the memory once.
func (s *Search) commons(ctx context.Context, space string) (*commons, error) {
	if c := s.spaces[space]; c != nil {
		return c, nil
	}
	counts, all, err := s.Memory.Terms(ctx, space)
	if err != nil {
		return nil, err
	}
	c := &commons{counts: counts, all: all}
	c.scale = math.Log(float64(c.all + 2))
	s.spaces[space] = c
	return c, nil
}

// Learn counts a statement of a space and its terms.
func (s *Search) Learn(ctx context.Context, space string, terms []Term) error {
	c, err := s.commons(ctx, space)
	if err == nil {
		c.learn(terms)
	}
	return err
}

func (c *commons) learn(terms []Term) {
	for _, t := range terms {
		c.counts[t]++
	}
	c.all++
	c.scale = math.Log(float64(c.all + 2))
}

// rarity is how little a term is spoken of: 0 for one that every statement has, 1 for a
// new one.
func (c *commons) rarity(t Term) float64 {
	return max(0, 1-math.Log(float64(c.counts[t]+1))/c.scale)
}

// query asks for the keys of rare things, the rarer the weightier.
func (c *commons) query(keys []string) (q statement.PassageQuery) {
	for _, k := range keys {
		least := askedRarity
		if strings.HasPrefix(k, "about ") {
			least = aboutRarity
		}
		if r := c.rarity(term(k[strings.LastIndexByte(k, ' ')+1:])); r >= least {
			q.Keys, q.Weights = append(q.Keys, k), append(q.Weights, r)
		}
	}
	return q
}

// rarest is the rarity of the rarest of terms.
func (c *commons) rarest(terms []Term) (most float64) {
	for _, t := range terms {
		most = max(most, c.rarity(t))
	}
	return most
}

func lastSentence(x *Statement) string {
	s := x.last()
	return x.Text[s.Start:s.End]
}

// apart tells whether each of two sentences names somebody or something rare that the other
// and the text around it do not: the same formula on two countries, bills or persons.
func (c *commons) apart(before, after *Statement) bool {
	lacks := func(x, y *Statement) bool {
		there := y.spoken()
		for _, a := range x.last().Args {
			if a.Kind != claim.Name {
				continue
			}
			terms := appendTerms(nil, []claim.Arg{a})
			if !slices.ContainsFunc(terms, func(t Term) bool {
				return slices.Contains(there, t) || slices.Contains(y.around, t) || c.rarity(t) < rareName
			}) {
				return true
			}
		}
		return false
	}
	return lacks(before, after) && lacks(after, before)
}
