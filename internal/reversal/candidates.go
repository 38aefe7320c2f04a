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
	if product < 0 && like <= 0.45 && (a.Sign < 0 && generic[a.Predicate] || b.Sign < 0 && generic[b.Predicate]) && p.sameTheme(a, b) {
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
	x[fAgree], _ = p.agreement(i, j)
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
		x[fAntonym] > 0 && a.Axes.Supports() && b.Axes.Supports() && !p.sameObject(a, b):
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

// sameTheme tells whether the objects of two claims are names of one thing, or a kind of it.
func (p *pairing) sameTheme(a, b *readyClaim) bool {
	for i := range a.args {
		for j := range b.args {
			x, y := &a.args[i], &b.args[j]
			if x.Head && y.Head && x.Role == claim.Object && y.Role == claim.Object && p.like(x.lexeme, y.lexeme, false) >= 0.7 {
				return true
			}
		}
	}
	return false
}

// sameObject tells whether two claims have an object in common.
func (p *pairing) sameObject(a, b *readyClaim) bool {
	for i := range a.args {
		for j := range b.args {
			x, y := &a.args[i], &b.args[j]
			if x.Head && y.Head && x.Role != claim.Actor && y.Role != claim.Actor && p.like(x.lexeme, y.lexeme, false) >= 0.6 {
				return true
			}
		}
	}
	return false
}

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
// other side: what agrees elsewhere is hardly turned here. foreseen tells that the later
// claim had been announced by the earlier text itself.
func (p *pairing) agreement(i, j int) (best float64, foreseen bool) {
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
			v := p.again(b, c, true)
			if v > best {
				best, foreseen = v, true
			}
		}
	}
	return best, foreseen
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

func (p *pairing) fillCoverage(x *vector, denied, other coverage) {
	x[fCover], x[fCoverBack] = denied.share, other.share
	x[fCoverLow] = math.Min(denied.share, other.share)
	x[fMutual] = math.Min(1, math.Min(denied.missed, other.missed))
	x[fHeadMiss] = math.Min(1, denied.headMiss)
	x[fHeads], x[fHeadsBack] = denied.heads, other.heads
	x[fShared] = math.Min(1, (denied.shared+other.shared)/2/2.2)
	x[fNameMiss] = math.Min(1, denied.nameMiss)
	x[fNameMissBack] = math.Min(1, other.nameMiss)
	x[fNameHit] = math.Min(1, (denied.nameHit+other.nameHit)/2)
	if math.Min(denied.total, other.total) < 0.5 {
		x[fBare] = 1
	}
}

func (p *pairing) fillClaims(x *vector, a, b *readyClaim) {
	s, t := &p.a.sentences[a.Sentence], &p.b.sentences[b.Sentence]
	x[fActor] = p.actors(a, b)
	if !universal(a) && !universal(b) {
		x[fPlace] = p.elsewhere(a, b)
	}
	if a.By == claim.Issuer && b.By == claim.Issuer {
		x[fBothIssuer] = 1
	}
	x[fDate] = math.Max(differentDates(s.Dates, t.Dates), p.beforehand(a, b))
	if t.Marks.Has(claim.PastPeriod) && !s.Marks.Has(claim.PastPeriod) {
		x[fDate] = 1
	}
	if a.Axes.Or(b.Axes).Scheduled() {
		x[fDate] = 0 // another date is what is said
	}
	if a.Mode == claim.Should || b.Mode == claim.Should {
		x[fNorm] = 1
	}
	for _, c := range []*readyClaim{a, b} {
		if c.Flags.Has(claim.Condition) || c.Mode == claim.Would {
			x[fOpen] += 0.5
		}
		if c.Flags.Has(claim.Hedged) {
			x[fOpen] += 0.4
		}
		if c.Flags.Has(claim.Mention) {
			x[fMention] += 0.5
		} else if c.Flags.Has(claim.Presupposed) {
			x[fMention] += 0.2
		}
		if c.Sign < 0 && c.Flags.Has(claim.Denial|claim.Categorical) {
			x[fStrong] = 1
		}
		if c.Flags.Has(claim.Restricted) {
			x[fOpen] += 0.5
		}
	}
	x[fOpen], x[fMention] = math.Min(1, x[fOpen]), math.Min(1, x[fMention])
	p.fillMarks(x, s, t)
	// "Was paid" and "will not be paid", "has not been decided" and "is decided": the same
	// course of events at two times.
	switch {
	case a.Sign > 0 && b.Sign < 0 && a.Mode == claim.Fact && a.Flags.Has(claim.Past) && b.Mode != claim.Fact:
		x[fProgress] = 1
	case a.Sign < 0 && b.Sign > 0 && a.Mode == claim.Fact && b.Mode == claim.Plan:
		x[fProgress] = 1
	case a.Sign > 0 && b.Sign > 0 && a.Mode == claim.Fact && b.Mode == claim.Fact && !a.Axes.Assesses() && !b.Axes.Assesses():
		x[fProgress] = 0.8 // open one day, closed another
	}
	if (a.Mode == claim.Plan || a.Mode == claim.Must || a.Mode == claim.May) && b.Mode != claim.Should && b.Mode != claim.Would {
		x[fPlanBroken] = 1
	}
}

// actors tells how far two claims speak of different parties' doing, from 0 to 1.
func (p *pairing) actors(a, b *readyClaim) float64 {
	if a.By == claim.Issuer && b.By == claim.Issuer {
		return p.otherPerson(a, b)
	}
	if a.By == claim.Others && b.By == claim.Issuer || a.By == claim.Issuer && b.By == claim.Others {
		return 1
	}
	namedA, namedB, like := false, false, float32(0)
	for i := range a.args {
		x := &a.args[i]
		if x.Role != claim.Actor || !x.Head {
			continue
		}
		namedA = true
		for j := range b.args {
			if y := &b.args[j]; y.Role == claim.Actor && y.Head {
				like = max(like, p.like(x.lexeme, y.lexeme, false))
			}
		}
	}
	// "The aircraft delivered", read as if the aircraft did it: an object on one side.
	for _, side := range [...]struct {
		x, y   *readyClaim
		turned bool
	}{{a, b, false}, {b, a, true}} {
		for i := range side.x.args {
			if x := &side.x.args[i]; x.Role == claim.Actor {
				for j := range side.y.args {
					if y := &side.y.args[j]; y.Role == claim.Object && y.Head && p.like(x.lexeme, y.lexeme, side.turned) >= 0.7 {
						return 0
					}
				}
			}
		}
	}
	for j := range b.args {
		namedB = namedB || b.args[j].Role == claim.Actor && b.args[j].Head
	}
	switch {
	case like >= 0.5:
		return 0
	case a.By == claim.Others && !namedB && b.By == claim.Unknown, b.By == claim.Others && !namedA && a.By == claim.Unknown:
		return 0.8 // whose doing goes without saying is the issuer's
	case namedB && !namedA && a.By == claim.Unknown && b.By == claim.Unknown && p.strangers(b, true):
		return 0.5
	case namedA && !namedB && b.By == claim.Unknown && a.By == claim.Unknown && p.strangers(a, false):
		return 0.5
	case namedA && namedB, a.By == claim.Issuer && namedB, b.By == claim.Issuer && namedA:
		return 0.8 - 0.8*float64(like)
	case a.By == claim.Others || b.By == claim.Others:
		return 0.5
	}
	return 0
}

// strangers tells whether who acts in a claim is not spoken of at all on the other side.
func (p *pairing) strangers(c *readyClaim, later bool) bool {
	best := p.bestB
	if later {
		best = p.bestA
	}
	for i := range c.args {
		if x := &c.args[i]; x.Role == claim.Actor && best[x.lexeme] >= 0.4 {
			return false
		}
	}
	return true
}

// persons are offices whose holders act each for themselves.
var persons = wordSet("president minister chancellor king queen premier secretary governor general mayor vice_president prince princess pope chairman director")

// deputy tells whether the phrase of an actor names a deputy or somebody formerly in office.
func deputy(c *readyClaim, group uint8) bool {
	for i := range c.args {
		switch x := &c.args[i]; x.Word {
		case "deputy", "vice", "assistant", "acting", "former", "ex", "designate":
			if x.Role == claim.Actor && x.Group == group {
				return true
			}
		}
	}
	return false
}

// otherPerson is 1 where the holders of two offices act.
func (p *pairing) otherPerson(a, b *readyClaim) float64 {
	other := 0.0
	for i := range a.args {
		x := &a.args[i]
		if x.Role != claim.Actor || !x.Head || !persons[x.Word] {
			continue
		}
		for j := range b.args {
			if y := &b.args[j]; y.Role == claim.Actor && y.Head && persons[y.Word] {
				if p.like(x.lexeme, y.lexeme, false) > 0.85 {
					if deputy(a, x.Group) != deputy(b, y.Group) {
						return 1
					}
					return 0
				}
				other = 1
			}
		}
	}
	return other
}

// elsewhere is 1 where a claim's sentence names a country that is neither the issuer's nor spoken of
// on the other side.
func (p *pairing) elsewhere(a, b *readyClaim) float64 {
	for i := range p.a.sentences[a.Sentence].args {
		l := p.a.sentences[a.Sentence].args[i].lexeme
		if pl := p.a.lexemes[l].Place(); pl != 0 && pl != p.a.country && p.bestB[l] < 0.5 {
			return 1
		}
	}
	for i := range p.b.sentences[b.Sentence].args {
		l := p.b.sentences[b.Sentence].args[i].lexeme
		if pl := p.b.lexemes[l].Place(); pl != 0 && pl != p.b.country && p.bestA[l] < 0.5 {
			return 1
		}
	}
	return 0
}

// beforehand is 1 where one claim is set before what the other is set in: "months before
// the war", "in the war".
func (p *pairing) beforehand(a, b *readyClaim) float64 {
	for i := range a.args {
		for j := range b.args {
			x, y := &a.args[i], &b.args[j]
			if x.Before != y.Before && x.Kind != claim.Day && p.like(x.lexeme, y.lexeme, false) >= 0.9 {
				return 1
			}
		}
	}
	return 0
}

func (p *pairing) fillMarks(x *vector, s, t *readySentence) {
	if s.Marks.Has(claim.Another) != t.Marks.Has(claim.Another) {
		x[fAnother] = 1
	}
	if t.Marks.Has(claim.Unchanged | claim.Periodic) {
		x[fRoutine] = 1
	}
	if s.Marks.Has(claim.Norm) || t.Marks.Has(claim.Norm) {
		x[fNorm] = 1
	}
}

// differentDates is 1 where both sides name years that differ, 0.5 for months.
func differentDates(a, b []claim.Date) float64 {
	var years, months [2]bool
	same := false
	for _, d := range a {
		for _, e := range b {
			if d.Year != 0 && e.Year != 0 {
				years[0] = true
				if d.Year == e.Year {
					same = true
				}
			}
			if d.Month != 0 && e.Month != 0 {
				months[0] = true
				if d.Month == e.Month {
					same = true
				}
			}
		}
	}
	switch {
	case same:
		return 0
	case years[0]:
		return 1
	case months[0]:
		return 0.5
	}
	return 0
}

// kindOf names what turned.
func (p *pairing) kindOf(a, b *readyClaim) string {
	nominal := a.Flags.Has(claim.Existence) || b.Flags.Has(claim.Existence)
	dated := a.Flags.Has(claim.Past) || b.Flags.Has(claim.Past)
	switch {
	case a.Axes.Tells() && b.Axes.Tells() && a.Sign > 0 && b.Sign > 0: // "baseless", then "correct"
		if a.Axes.Agree(claim.Untrue()) {
			return "denial_to_admission"
		}
		return "admission_to_denial"
	case a.Mode != claim.Plan && p.assessed(a.Sentence, b.Sentence),
		(a.Axes.State() || b.Axes.State()) && a.Mode == claim.Fact && b.Mode != claim.Plan && !a.Flags.Has(claim.Topic) && !b.Flags.Has(claim.Topic):
		return "legality_or_assessment_flip"
	case !nominal && a.Axes.Supports() && b.Axes.Supports() && a.Mode != claim.Plan:
		return "support_to_opposition"
	case a.Sign < 0 && b.Sign > 0:
		switch {
		case a.Mode == claim.Must, a.Mode == claim.May:
			return "red_line_dropped"
		case a.Mode == claim.Plan, a.Axes.Stance() && !dated && !nominal:
			return "ruled_out_to_done"
		}
		return "denial_to_admission"
	case b.Sign < 0 && a.Sign > 0:
		switch {
		case a.Mode == claim.May || a.Mode == claim.Must:
			return "support_to_opposition"
		case a.Mode == claim.Plan, b.Mode == claim.Plan, a.Axes.Stance() || b.Axes.Stance(), !dated:
			return "commitment_to_withdrawal"
		}
		return "admission_to_denial"
	case a.Mode == claim.Must || a.Mode == claim.May:
		return "red_line_dropped"
	}
	return "commitment_to_withdrawal"
}

// assessed tells whether the two sentences judge in opposite ways: safe and contaminated,
// lawful and without authority.
func (p *pairing) assessed(i, j int) bool {
	for k := range p.a.claims {
		a := &p.a.claims[k]
		if a.Sentence != i || a.Sign == 0 || !a.Axes.Judges() {
			continue
		}
		A := a.Axes
		if a.Sign < 0 {
			A = A.Turned()
		}
		for l := range p.b.claims {
			b := &p.b.claims[l]
			if b.Sentence != j || b.Sign == 0 || !b.Axes.Judges() {
				continue
			}
			B := b.Axes
			if b.Sign < 0 {
				B = B.Turned()
			}
			if A.Oppose(B) {
				return true
			}
		}
	}
	return false
}
