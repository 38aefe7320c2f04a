package reversal

import (
	"math"

	"volteface/internal/claim"
)

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
