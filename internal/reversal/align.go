package reversal

import (
	"time"

	"volteface/internal/claim"
)

// pairing holds two prepared statements and the likeness of their words.
type pairing struct {
	a, b         *prepared
	sim          []float32 // of lexeme i of a and j of b at i*len(b.lexemes)+j
	bestB, bestA []float32 // of each lexeme of a within b's text, and the other way
	sameA, sameB []bool    // sentences that stand word for word on the other side
	days         float64   // between the statements, 0 where unknown
	topicKnown   bool
	topicShare   float64
	day          time.Time // of the earlier statement
}

func pair(a, b *prepared) *pairing {
	p := &pairing{a: a, b: b}
	n, m := len(a.lexemes), len(b.lexemes)
	p.sim = make([]float32, n*m)
	p.bestB, p.bestA = make([]float32, n), make([]float32, m)
	for i, x := range a.lexemes {
		row := p.sim[i*m : (i+1)*m]
		for j, y := range b.lexemes {
			row[j] = float32(x.Similar(y))
			p.bestB[i] = max(p.bestB[i], row[j])
			p.bestA[j] = max(p.bestA[j], row[j])
		}
	}
	p.sameA, p.sameB = make([]bool, len(a.sentences)), make([]bool, len(b.sentences))
	for i := range a.sentences {
		for j := range b.sentences {
			if a.sentences[i].text == b.sentences[j].text {
				p.sameA[i], p.sameB[j] = true, true
			}
		}
	}
	return p
}

// like is the likeness of a lexeme of one side and one of the other. turned tells that i
// is of b.
func (p *pairing) like(i, j int, turned bool) float32 {
	if turned {
		i, j = j, i
	}
	return p.sim[i*len(p.b.lexemes)+j]
}

// Coverage is how much of one side's arguments the other side speaks of.
type coverage struct {
	share    float64 // of the weight, from 0 to 1
	heads    float64 // the same of the heads of phrases alone
	nameMiss float64 // weight of names that the other side lacks
	nameHit  float64
	headMiss float64 // weight of heads of phrases that the other side lacks
	shared   float64 // weight of what is shared
	total    float64
	missed   float64 // weight of arguments that are not matched at all
}

// How much a word counts by where the other side has it: in the claim, its sentence, the
// sentences beside it, anywhere.
const (
	inSentence = 0.9
	inBeside   = 0.5
	inText     = 0.3
)

// cover measures how far args of one side are matched by claim c, in sentence s, of the
// other; with s below 0, by the claim alone. turned tells that args are b's.
func (p *pairing) cover(args []readyArg, c *readyClaim, s int, turned bool, issuer bool) coverage {
	other, self := p.b, p.a
	best := p.bestB
	if turned {
		other, self, best = p.a, p.b, p.bestA
	}
	var v coverage
	var headTotal, headShare float64
	for i := range args {
		x := &args[i]
		w := float64(x.Weight)
		l := self.lexemes[x.lexeme]
		own := x.Role == claim.Actor && issuer
		if own || l.Place() != 0 && l.Place() == self.country && self.country == other.country {
			w *= 0.15
		}
		var hit float32
		take := func(list []readyArg, scale float32) {
			for k := range list {
				hit = max(hit, scale*p.like(x.lexeme, list[k].lexeme, turned))
			}
		}
		if c != nil {
			take(c.args, 1)
			hit = max(hit, 0.8*p.like(x.lexeme, c.pred, turned))
		}
		if s >= 0 && hit < inSentence {
			take(other.sentences[s].args, inSentence)
		}
		if s >= 0 && hit < inBeside {
			if s > 0 {
				take(other.sentences[s-1].args, inBeside)
			}
			if s+1 < len(other.sentences) {
				take(other.sentences[s+1].args, inBeside-0.15)
			}
		}
		if s >= 0 && hit < inText {
			hit = max(hit, inText*best[x.lexeme])
		}
		h := float64(hit)
		v.total += w
		v.shared += w * h
		if h < 0.3 {
			v.missed += w
		}
		if x.Kind == claim.Name {
			if h < 0.35 {
				v.nameMiss += w
			} else {
				v.nameHit += w * h
			}
		}
		if x.Head && h < 0.45 {
			v.headMiss += w
		}
		if x.Head {
			headTotal += w
			headShare += w * h
		}
	}
	if v.total > 0 {
		v.share = v.shared / v.total
	}
	if headTotal > 0 {
		v.heads = headShare / headTotal
	} else {
		v.heads = v.share
	}
	return v
}
