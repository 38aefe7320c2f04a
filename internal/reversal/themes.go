package reversal

import (
	"math"

	"volteface/internal/claim"
)

// modifiers is the weight of words that make the thing both sides name another one: the
// railway crossing, the catering subsidiary, and not of the other text.
func (p *pairing) modifiers(a, b *readyClaim) (sum, sibling float64) {
	var own [2]float64
	scan := func(x, y *readyClaim, turned bool, best []float32, side int) {
		for i := range x.args {
			h := &x.args[i]
			if !h.Head {
				continue
			}
			for j := range y.args {
				like := p.like(h.lexeme, y.args[j].lexeme, turned)
				if !y.args[j].Head || like < 0.7 {
					continue
				}
				for k := range x.args {
					if m := &x.args[k]; m.Group == h.Group && !m.Head && best[m.lexeme] < 0.5 {
						if like >= 0.85 {
							sum += float64(m.Weight)
						}
						if like < 0.95 {
							own[side] += float64(m.Weight)
						}
					}
				}
				if h.Ours && !y.args[j].Ours && like >= 0.85 && others(y, &y.args[j], p, !turned) {
					sum += 0.8 // "our networks", "the networks of a supplier"
				}
				break
			}
		}
	}
	scan(a, b, false, p.bestB, 0)
	scan(b, a, true, p.bestA, 1)
	return math.Min(1, sum), math.Min(1, 2*math.Min(own[0], own[1]))
}

// others tells whether the phrase of a head has an owner or a kind that the other side does not
// speak of.
func others(c *readyClaim, head *readyArg, p *pairing, later bool) bool {
	best := p.bestB
	if later {
		best = p.bestA
	}
	next := false
	for i := range c.args {
		x := &c.args[i]
		if x == head {
			next = true
			continue
		}
		if next && x.Role == head.Role && !x.Head && best[x.lexeme] < 0.4 {
			return true
		}
	}
	return false
}

// themes tells how far two claims are said of different things, from 0 to 1: what is the
// object of one, or what is said to be so, is not named by the other.
func (p *pairing) themes(a, b *readyClaim) float64 {
	miss := func(x, y *readyClaim, turned bool) float64 {
		named, best := false, float32(0)
		for i := range x.args {
			if t := &x.args[i]; t.Role == claim.Object && t.Head && t.Kind <= claim.Name {
				named = true
				for j := range y.args {
					like := p.like(t.lexeme, y.args[j].lexeme, turned)
					if !y.args[j].Head {
						like *= 0.7
					}
					best = max(best, like)
				}
				best = max(best, p.like(t.lexeme, y.pred, turned))
			}
		}
		if !named {
			return 0
		}
		return 1 - float64(best)
	}
	return math.Max(miss(a, b, false), miss(b, a, true))
}

// topic is how far the later text speaks of what the earlier one speaks of, leaving out
// what both say word for word.
func (p *pairing) topic() float64 {
	if p.topicKnown {
		return p.topicShare
	}
	p.topicKnown = true
	var total, shared float64
	for i := range p.a.sentences {
		if p.sameA[i] {
			continue
		}
		for _, x := range p.a.sentences[i].args {
			total += float64(x.Weight)
			shared += float64(x.Weight) * float64(p.bestB[x.lexeme])
		}
	}
	if total > 0 {
		p.topicShare = shared / total
	}
	return p.topicShare
}

// agreement is how well either of two claims is said again, with the same sign, on the
// other side: what agrees elsewhere is hardly turned here.
func (p *pairing) agreement(i, j int) (best float64) {
	a, b := &p.a.claims[i], &p.b.claims[j]
	for k := range p.b.claims {
		c := &p.b.claims[k]
		if k != j && p.usable(p.b, p.sameB, c) && p.agrees(a, c) && p.actors(a, c) < 0.5 {
			v := p.again(a, c, false)
			if c.Sentence == b.Sentence && c.Mode != b.Mode {
				v *= 0.5 // "is available, but shall cease to be"
			}
			best = math.Max(best, v)
		}
	}
	for k := range p.a.claims {
		c := &p.a.claims[k]
		if k != i && p.usable(p.a, p.sameA, c) && p.agrees(c, b) && p.actors(c, b) < 0.5 {
			best = math.Max(best, p.again(b, c, true))
		}
	}
	return best
}

// again is how far a claim says the same as c, by c's own words rather than its sentence's.
func (p *pairing) again(a, c *readyClaim, turned bool) float64 {
	whole := p.cover(a.args, c, c.Sentence, turned, a.By == claim.Issuer).share
	return (whole + p.cover(a.args, c, -1, turned, a.By == claim.Issuer).share) / 2
}

func (p *pairing) agrees(a, b *readyClaim) bool {
	if a.Flags.Has(claim.Mention) || b.Flags.Has(claim.Mention) || a.Flags.Has(claim.Topic) || b.Flags.Has(claim.Topic) {
		return false
	}
	if p.like(a.pred, b.pred, false) >= 0.95 {
		return a.Sign == b.Sign
	}
	A, B := a.Axes, b.Axes
	if a.Sign < 0 {
		A = A.Turned()
	}
	if b.Sign < 0 {
		B = B.Turned()
	}
	return A.Agree(B) && !A.Oppose(B)
}
