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
	out = p.numbers(out)
	out = p.retractions(out)
	out = p.blames(out)
	out = p.doubts(out)
	return out
}

// usable tells whether a claim is the issuer's own and says something.
func (p *pairing) usable(s *prepared, same []bool, c *readyClaim) bool {
	return c.Sign != 0 && !same[c.Sentence] && s.sentences[c.Sentence].Voice == claim.Own &&
		!c.Flags.Has(claim.Question|claim.Reported|claim.Predecessor)
}

// opposition says whether two predicates are opposed, and by what.
func (p *pairing) opposition(a, b *readyClaim, x *vector) bool {
	product := a.Sign * b.Sign
	like := p.like(a.pred, b.pred, false)
	switch {
	case like >= 0.95 && (a.Predicate != "be"):
		if product > 0 {
			return false
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
	if product < 0 && like > 0.3 {
		x[fNear] = float64(like)
		return true
	}
	if product < 0 && (a.Flags.Has(claim.Topic) || b.Flags.Has(claim.Topic)) {
		x[fTopic] = 1
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
	x[fSign] = 1
	// The denied claim must be spoken of by the other, more than the other way round: what
	// happened may be told in more detail than it was denied.
	ab := p.cover(a.args, b, b.Sentence, false, a.By == claim.Issuer)
	ba := p.cover(b.args, a, a.Sentence, true, b.By == claim.Issuer)
	denied, other := ab, ba
	if b.Sign < 0 && a.Sign > 0 {
		denied, other = ba, ab
	}
	if ab.share < bar && ba.share < bar {
		return c, false
	}
	p.fillCoverage(x, denied, other)
	p.fillClaims(x, a, b)
	c.kind = kindOf(a, b)
	return c, true
}

func (p *pairing) fillCoverage(x *vector, denied, other coverage) {
	x[fCover], x[fCoverBack] = denied.share, other.share
	x[fCoverLow] = math.Min(denied.share, other.share)
	x[fHeads] = denied.heads
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
	if a.By == claim.Others != (b.By == claim.Others) && (a.By != claim.Unknown && b.By != claim.Unknown) {
		x[fActor] = 1
	} else if a.By == claim.Others || b.By == claim.Others {
		x[fActor] = 0.5
	}
	if a.By == claim.Issuer && b.By == claim.Issuer {
		x[fBothIssuer] = 1
	}
	x[fDate] = differentDates(s.Dates, t.Dates)
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
			x[fOpen] += 0.2
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
	case a.Sign > 0 && b.Sign > 0 && a.Mode == claim.Fact && b.Mode == claim.Fact && a.Flags.Has(claim.Past) && b.Flags.Has(claim.Past):
		x[fProgress] = 0.5
	}
	if (a.Mode == claim.Plan || a.Mode == claim.Must || a.Mode == claim.May) && b.Mode != claim.Should && b.Mode != claim.Would {
		x[fPlanBroken] = 1
	}
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
func kindOf(a, b *readyClaim) string {
	state := a.Axes.State() || b.Axes.State()
	switch {
	case a.Axes.Stance() && b.Axes.Stance() && supportive(a, b):
		return "support_to_opposition"
	case state && a.Mode == claim.Fact && b.Mode != claim.Plan:
		return "legality_or_assessment_flip"
	case a.Sign < 0 && b.Sign > 0:
		switch {
		case a.Mode == claim.Fact && !(a.Axes.Stance() && !a.Flags.Has(claim.Past)):
			return "denial_to_admission"
		case a.Mode == claim.Must, a.Mode == claim.May:
			return "red_line_dropped"
		default:
			return "ruled_out_to_done"
		}
	case b.Sign < 0 && a.Sign > 0:
		switch {
		case a.Mode == claim.Plan:
			return "commitment_to_withdrawal"
		case a.Mode == claim.May || a.Mode == claim.Must:
			return "support_to_opposition"
		case a.Flags.Has(claim.Past) || b.Flags.Has(claim.Past):
			return "admission_to_denial"
		case b.Mode == claim.Plan:
			return "commitment_to_withdrawal"
		}
		return "admission_to_denial"
	}
	if a.Mode == claim.Must || a.Mode == claim.May {
		return "red_line_dropped"
	}
	return "commitment_to_withdrawal"
}

func supportive(a, b *readyClaim) bool {
	return a.Axes.Supports() && b.Axes.Supports()
}
