package reversal

import (
	"math"

	"volteface/internal/claim"
)

// bar is the least coverage that a candidate needs to be ranked at all.
const bar = 0.3

// candidates lists what may stand against each other in two statements.
func (p *pairing) candidates() []candidate {
	var out []candidate
	for i := range p.a.claims {
		a := &p.a.claims[i]
		if !p.usable(p.a, p.sameA, a) {
			continue
		}
		for j := range p.b.claims {
			b := &p.b.claims[j]
			if !p.usable(p.b, p.sameB, b) {
				continue
			}
			if c, ok := p.signs(i, j); ok {
				out = append(out, c)
			}
		}
	}
	out = p.there(out)
	out = p.numbers(out)
	out = p.retractions(out)
	out = p.deadlines(out)
	out = p.blames(out)
	out = p.doubts(out)
	return out
}

// usable tells whether a claim is the issuer's own and says something.
func (p *pairing) usable(s *prepared, same []bool, c *readyClaim) bool {
	return c.Sign != 0 && !same[c.Sentence] && s.sentences[c.Sentence].Voice == claim.Own &&
		!c.Flags.Has(claim.Question|claim.Reported|claim.Predecessor) && !(c.Flags.Has(claim.Mention) && c.Flags.Has(claim.Existence))
}

// opposition says whether two predicates are opposed, and by what.
func (p *pairing) opposition(a, b *readyClaim, x *vector) bool {
	product := a.Sign * b.Sign
	if a.Flags.Has(claim.Topic) || b.Flags.Has(claim.Topic) {
		if product > 0 || a.Flags.Has(claim.Topic) && b.Flags.Has(claim.Topic) {
			return false
		}
		other, topic, turned := b, a, false
		if b.Flags.Has(claim.Topic) {
			other, topic, turned = a, b, true
		}
		if other.Axes.Tells() || claim.Denies(other.Predicate) {
			return false // another way of calling it false
		}
		named := other.Axes.Any()
		for k := range topic.args {
			named = named || p.like(topic.args[k].lexeme, other.pred, turned) >= 0.7
		}
		x[fTopic] = 1
		return named
	}
	like := p.like(a.pred, b.pred, false)
	switch {
	case like >= 0.95 && (a.Predicate != "be"):
		if product > 0 {
			return false
		}
		if !a.Axes.Any() && (a.Flags.Has(claim.Presupposed) || b.Flags.Has(claim.Presupposed)) {
			return false // "cooking oil"
		}
		x[fLemma] = float64(like)
		return true
	}
	A, B := a.Axes, b.Axes
	if a.Sign < 0 {
		A = A.Turned()
	}
	if b.Sign < 0 {
		B = B.Turned()
	}
	if A.Agree(B) && !A.Oppose(B) {
		return false
	}
	if A.Oppose(B) && !A.Agree(B) {
		x[fAxis] = 1
		shared := A.Shared(B.Turned())
		x[fBroad] = 1 - math.Min(1, 2*float64(shared.Count())/float64(A.Count()+B.Count()))
		if product > 0 {
			x[fAntonym] = 1
		}
		if shared.Scalar() && !shared.BeyondScalar() {
			x[fScalar] = 1
		}
		return true
	}
	if product < 0 && like <= 0.45 && (a.Sign < 0 && generic[a.Predicate] || b.Sign < 0 && generic[b.Predicate]) && p.sameThing(a, b, 0.7, isObject) {
		x[fNear] = 0.45 // "used live ammunition", "fired live rounds"
		return true
	}
	if product < 0 && like > 0.45 && !thin[a.Predicate] && !thin[b.Predicate] && !vague[a.Predicate] && !vague[b.Predicate] {
		x[fNear] = float64(like)
		return true
	}
	return false
}

// signs makes a candidate of two claims with opposite signs.
func (p *pairing) signs(i, j int) (candidate, bool) {
	a, b := &p.a.claims[i], &p.b.claims[j]
	c := candidate{rule: fSign, a: a.Sentence, b: b.Sentence, ca: i, cb: j, qa: -1, qb: -1}
	x := &c.x
	if !p.opposition(a, b, x) {
		return c, false
	}
	if x[fTopic] > 0 && p.figureDenied(a, b) {
		return c, false
	}
	x[fSign] = 1
	// The denied claim must be spoken of by the other, more than the other way round: what
	// happened may be told in more detail than it was denied.
	ab := p.cover(a.args, b, b.Sentence, false, a.By == claim.Issuer)
	ba := p.cover(b.args, a, a.Sentence, true, b.By == claim.Issuer)
	if x[fLemma] == 0 {
		p.named(&ab, a, b, false)
		p.named(&ba, b, a, true)
	}
	denied, other := ab, ba
	if b.Sign < 0 && a.Sign > 0 {
		denied, other = ba, ab
	}
	// Hardly anything is said of the event: what the texts are about must do.
	for _, v := range []*coverage{&denied, &other} {
		if v.total < 0.5 {
			t := p.topic()
			v.share = (v.share*v.total + t*(0.5-v.total)) / 0.5
			v.heads = v.share
		}
	}
	if denied.share < bar && other.share < 2*bar || (a.Mode == claim.Should) != (b.Mode == claim.Should) ||
		a.Flags.Has(claim.Condition) || b.Flags.Has(claim.Condition) {
		return c, false
	}
	p.fillCoverage(x, denied, other)
	p.fillClaims(x, a, b)
	x[fAgree] = p.agreement(i, j)
	if x[fAgree] >= 0.6 && x[fAgree] >= denied.share-0.1 {
		return c, false
	}
	if thin[a.Predicate] && x[fLemma] > 0 && (denied.heads < 0.45 || x[fBare] > 0) || (thin[a.Predicate] && a.bare || thin[b.Predicate] && b.bare) && x[fLemma] == 0 && denied.heads < 0.7 {
		return c, false
	}
	if x[fTopic] > 0 && (a.Flags.Has(claim.Topic) && a.Sign > 0 || b.Flags.Has(claim.Topic) && b.Sign > 0) && denied.heads < 0.6 {
		return c, false
	}
	// That there is none somewhere is not turned by one elsewhere.
	if (existence[a.Predicate] || a.Flags.Has(claim.Existence)) && denied.headMiss >= 0.4 && denied.heads < 0.53 {
		return c, false
	}
	if universal(a) || universal(b) {
		x[fBare] = 0
	}
	x[fModifier], x[fSibling] = p.modifiers(a, b)
	x[fTheme] = p.themes(a, b)
	switch {
	case x[fTopic] > 0 && (a.bare || b.bare),
		p.beforehand(a, b) > 0,
		x[fScalar] > 0 && x[fAntonym] > 0 && !(a.Mode == claim.Plan && b.Mode == claim.Plan),
		x[fLemma] == 0 && x[fCoverLow] < 0.28 && x[fNameHit] < 0.3 && !((universal(a) || universal(b)) && denied.share > 0.5),
		x[fAntonym] > 0 && a.Axes.Supports() && b.Axes.Supports() && !p.sameThing(a, b, 0.6, notActor):
		return c, false
	}
	c.kind = p.kindOf(a, b)
	return c, true
}

// named counts the noun of an event among what the claim speaks of, where the other claim
// has another word for its predicate: "no mandate" against "impose requirements".
func (p *pairing) named(v *coverage, c, other *readyClaim, turned bool) {
	if !c.Flags.Has(claim.Existence) {
		return
	}
	hit := p.like(c.pred, other.pred, turned)
	for i := range other.args {
		hit = max(hit, p.like(c.pred, other.args[i].lexeme, turned))
	}
	const weight = 0.6
	v.share = (v.shared + weight*float64(hit)) / (v.total + weight)
	v.shared += weight * float64(hit)
	v.total += weight
	v.heads = (v.heads + float64(hit)) / 2
}

// universal tells a denial of a thing as such: one case is enough against it.
func universal(c *readyClaim) bool { return c.Sign < 0 && c.Flags.Has(claim.Universal) }

// thin are verbs that say little without their object.
var thin = wordSet("give take put hold make bring run carry keep set call leave turn open work stand lead offer use go_to find show add move play raise")

var existence = wordSet("show find have exist detect appear show_up contain")

// vague are verbs that say what somebody does about something else.
var vague = wordSet("need ensure want try seek help allow require ask expect hope plan intend serve become remain")

// generic are verbs that say no more than that a thing is used or done.
var generic = wordSet("use employ deploy carry_out conduct make apply perform undertake practise practice operate")

// sameThing tells whether two claims are said of one thing, or of a kind of it, in roles
// that fit.
func (p *pairing) sameThing(a, b *readyClaim, least float32, fits func(claim.Role) bool) bool {
	for i := range a.args {
		for j := range b.args {
			x, y := &a.args[i], &b.args[j]
			if x.Head && y.Head && fits(x.Role) && fits(y.Role) && p.like(x.lexeme, y.lexeme, false) >= least {
				return true
			}
		}
	}
	return false
}

func isObject(r claim.Role) bool { return r == claim.Object }
func notActor(r claim.Role) bool { return r != claim.Actor }

// figureDenied tells whether what is rejected is a report of a figure that the other side
// does not give: "that a million will be called up is a fake".
func (p *pairing) figureDenied(a, b *readyClaim) bool {
	s, t := &p.a.sentences[a.Sentence], &p.b.sentences[b.Sentence]
	if b.Flags.Has(claim.Topic) {
		s, t = t, s
	}
	for _, q := range s.Quantities {
		found := false
		for _, r := range t.Quantities {
			found = found || near(q.Value, r.Value)
		}
		if !found {
			return true
		}
	}
	return false
}
