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
	terms            [][]Term        // of each
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
			s.ready.sentences[i].text = "" // who says it word for word contradicts its denial
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
			p.words, p.terms = append(p.words, word), append(p.terms, appendTerms(nil, []claim.Arg{arg}))
			if word.Place() == 0 && arg.Weight > heaviest {
				p.thing, heaviest = word, arg.Weight
			}
		}
	}
	return p
}

// speaks tells whether a passage speaks of what the proposition is chiefly about, named
// whether of that itself, and whole whether of all of the proposition: who says that drones were delivered has not said for which
// use, and who says that weapons were has not said drones. Who speaks of the like of it must
// name whom it is about, there or in the text around.
func (p *Proposition) speaks(x *Statement) (speaks, named, whole bool) {
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
	in := func(w *claim.Lexeme, least float64) bool {
		if w == nil {
			return false
		}
		ours := w.Place() != 0 && w.Place() == x.ready.country // "we" may stand for it
		return ours || slices.ContainsFunc(spoken, func(s *claim.Lexeme) bool { return w.Similar(s) >= least || s.Similar(w) >= least })
	}
	named, whole = in(p.thing, sameThing), true
	for i, w := range p.words {
		switch {
		case w == p.thing:
			whole = whole && named
		case in(w, sameWord):
		default:
			whole = false
			around := slices.ContainsFunc(p.terms[i], func(t Term) bool { return slices.Contains(x.around, t) })
			if w.Place() != 0 && !around && !named {
				return false, false, false
			}
		}
	}
	return whole || in(p.thing, sameWord), named, whole
}

// elsewhere tells whether a passage names a place that the proposition does not: that no
// weapons are given to attack one country says nothing flat of jets for another.
func (p *Proposition) elsewhere(x *Statement) bool {
	return slices.ContainsFunc(x.last().Args, func(arg claim.Arg) bool {
		place := claim.NewLexeme(arg.Key).Place()
		return place != 0 && place != x.ready.country && !slices.ContainsFunc(p.words, func(w *claim.Lexeme) bool { return w.Place() == place })
	})
}

// The likeness from which two words speak of one thing, and from which who speaks of the one
// has named the other.
const (
	sameWord  = 0.5
	sameThing = 0.8
)

// The scores from which a passage is taken to contradict a proposition or its denial: sure
// enough to be shown in a line of positions, where nobody is alarmed.
const (
	stanceFloor  = 0.35
	stanceMargin = 0.15
	// unsure is the most that a stance is sure that is not put flatly: too little to alarm.
	unsure = 0.5
)

// Stance reads a passage's stance on a proposition, and how sure that is, from 0 to 1.
func (e *Engine) Stance(p *Proposition, x *Passage) (Stance, float64) {
	near := func(k string) bool { return p.keys[k] }
	if !slices.ContainsFunc(x.Filed, near) && !slices.ContainsFunc(x.Asked, near) {
		return Silent, 0
	}
	Prepare(x.excerpt)
	speaks, named, whole := p.speaks(x.excerpt)
	if !speaks {
		return Silent, 0
	}
	affirms, affirmed := e.against(p.denied, x.excerpt)
	denies, denied := e.against(p.affirmed, x.excerpt)
	switch {
	case max(affirms, denies) < stanceFloor || affirms > denies+stanceMargin && !whole:
		return Silent, 0
	case affirms > denies+stanceMargin:
		return Affirms, affirmed(affirms)
	case denies > affirms+stanceMargin && !named && p.elsewhere(x.excerpt):
		return Denies, min(denies, unsure)
	case denies > affirms+stanceMargin:
		return Denies, denied(denies)
	}
	return Qualifies, min(affirms, denies)
}

// against is how surely a passage contradicts a proposition, and what is left of that where
// the claim that does is not put flatly.
func (e *Engine) against(p, x *Statement) (score float64, put func(float64) float64) {
	v, c, pairing := e.compare(p, x)
	return v.Score, func(sure float64) float64 {
		if c == nil || c.cb < 0 {
			return min(sure, unsure)
		}
		b := pairing.b.claims[c.cb]
		if b.Mode == claim.May || b.Flags.Has(claim.Condition|claim.Question|claim.Reported|claim.Hedged|claim.Mention|claim.Predecessor) {
			return min(sure, unsure)
		}
		return sure
	}
}
