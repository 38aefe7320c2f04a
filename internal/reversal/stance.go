package reversal

import (
	"slices"

	"volteface/internal/claim"
)

// Stance is what a statement says on a proposition.
type Stance string

// The stances.
const (
	Silent    Stance = "silent"
	Affirms   Stance = "affirms"
	Denies    Stance = "denies"
	Qualifies Stance = "qualifies" // both, or neither flatly
)

// Proposition is a plain sentence on which stances are read: "Iran supplied drones to
// Russia."
type Proposition struct {
	Text             string
	affirmed, denied *Statement
	keys             map[string]bool
	words            []*claim.Lexeme // all that it speaks of
	thing            *claim.Lexeme   // what it is chiefly about, places apart
}

// NewProposition reads a proposition.
func NewProposition(text string) *Proposition {
	p := &Proposition{Text: text, affirmed: &Statement{Text: text}, keys: map[string]bool{}}
	p.affirmed.Claims = claim.Analyse(text, claim.Speaker{})
	turned := *p.affirmed.Claims
	turned.Claims = slices.Clone(turned.Claims)
	for i := range turned.Claims {
		turned.Claims[i].Sign = -turned.Claims[i].Sign
	}
	p.denied = &Statement{Text: text, Claims: &turned}
	for _, s := range []*Statement{p.affirmed, p.denied} {
		Prepare(s)
		for i := range s.Claims.Sentences {
			filed, asked := s.Claims.Keys(i)
			for _, k := range slices.Concat(filed, asked) {
				p.keys[k] = true
			}
		}
	}
	heaviest := float32(0)
	for _, x := range p.affirmed.Claims.Sentences {
		for _, arg := range x.Args {
			if arg.Kind != claim.Common && arg.Kind != claim.Name {
				continue
			}
			word := claim.NewLexeme(arg.Key)
			p.words = append(p.words, word)
			if word.Place() == 0 && arg.Weight > heaviest {
				p.thing, heaviest = word, arg.Weight
			}
		}
	}
	return p
}

// speaks tells whether a passage speaks of what the proposition is chiefly about, and
// whole whether of all of it: who says that drones were delivered has not said for which
// use.
func (p *Proposition) speaks(x *Statement) (speaks, whole bool) {
	var spoken []*claim.Lexeme
	last := len(x.Claims.Sentences) - 1
	add := func(args []claim.Arg) {
		for _, arg := range args {
			spoken = append(spoken, claim.NewLexeme(arg.Key))
		}
	}
	add(x.Claims.Sentences[last].Args)
	for i := range x.Claims.Claims {
		if c := &x.Claims.Claims[i]; c.Sentence == last { // an answer has the words of its question
			spoken = append(spoken, claim.NewLexeme(claim.Key{Word: c.Predicate}))
			add(c.Args)
		}
	}
	in := func(w *claim.Lexeme) bool {
		ours := w.Place() != 0 && w.Place() == x.ready.country // "we" may stand for it
		return ours || slices.ContainsFunc(spoken, func(s *claim.Lexeme) bool { return w.Similar(s) >= sameWord || s.Similar(w) >= sameWord })
	}
	for _, w := range p.words {
		if !in(w) {
			return p.thing == nil || in(p.thing), false
		}
	}
	return true, true
}

// sameWord is the likeness from which two words speak of one thing.
const sameWord = 0.5

// The scores from which a passage is taken to contradict a proposition or its denial: sure
// enough to be shown in a line of positions, where nobody is alarmed.
const (
	stanceFloor  = 0.35
	stanceMargin = 0.15
)

// Stance reads a passage's stance on a proposition, and how sure that is, from 0 to 1.
func (e *Engine) Stance(p *Proposition, x *Passage) (Stance, float64) {
	near := func(k string) bool { return p.keys[k] }
	if !slices.ContainsFunc(x.Filed, near) && !slices.ContainsFunc(x.Asked, near) {
		return Silent, 0
	}
	Prepare(x.excerpt)
	speaks, whole := p.speaks(x.excerpt)
	if !speaks {
		return Silent, 0
	}
	affirms, denies := e.Compare(p.denied, x.excerpt).Score, e.Compare(p.affirmed, x.excerpt).Score
	switch {
	case max(affirms, denies) < stanceFloor || affirms > denies+stanceMargin && !whole:
		return Silent, 0
	case affirms > denies+stanceMargin:
		return Affirms, affirms
	case denies > affirms+stanceMargin:
		return Denies, denies
	}
	return Qualifies, min(affirms, denies)
}
