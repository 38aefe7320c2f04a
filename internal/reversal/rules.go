package reversal

import (
	"math"
	"strings"
	"time"

	"volteface/internal/claim"
)

// numbers adds candidates of two numbers for the same thing.
func (p *pairing) numbers(out []candidate) []candidate {
	for i := range p.a.sentences {
		s := &p.a.sentences[i]
		if len(s.Quantities) == 0 || p.sameA[i] || s.Voice != claim.Own || s.Marks.Has(claim.Asked) {
			continue
		}
		for j := range p.b.sentences {
			t := &p.b.sentences[j]
			if len(t.Quantities) == 0 || p.sameB[j] || t.Voice != claim.Own || t.Marks.Has(claim.Asked) {
				continue
			}
			ab := p.cover(s.args, nil, j, false, false)
			ba := p.cover(t.args, nil, i, true, false)
			if ab.share < bar && ba.share < bar {
				continue
			}
			for k, q := range s.Quantities {
				for l, r := range t.Quantities {
					if c, ok := p.number(i, j, k, l, q, r, ab, ba); ok {
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

func (p *pairing) number(i, j, k, l int, q, r claim.Quantity, ab, ba coverage) (candidate, bool) {
	c := candidate{rule: fNumber, a: i, b: j, ca: -1, cb: -1, qa: k, qb: l, kind: "number_revised"}
	s, t := &p.a.sentences[i], &p.b.sentences[j]
	if q.Denied || r.Denied || q.Value == r.Value || near(q.Value, r.Value) {
		return c, false
	}
	// The other sentence gives the same number too: nothing is revised.
	for _, z := range t.Quantities {
		if !z.Denied && near(z.Value, q.Value) {
			return c, false
		}
	}
	for _, z := range s.Quantities {
		if !z.Denied && near(z.Value, r.Value) {
			return c, false
		}
	}
	x := &c.x
	unit := p.unit(q.Unit, r.Unit)
	if unit < 0.3 {
		return c, false
	}
	x[fNumber] = 1
	x[fUnit] = unit
	p.fillCoverage(x, ab, ba)
	x[fDate] = differentDates(s.Dates, t.Dates)
	p.fillMarks(x, s, t)
	if t.Marks.Has(claim.Corrects) {
		x[fCorrects] = 1
	}
	for _, z := range t.Quantities {
		if z.Denied && near(z.Value, q.Value) {
			x[fRejectsNumber] = 1
		}
	}
	if t.Marks.Has(claim.Rises) {
		x[fRises] = 1
	}
	if q.Value > 0 && r.Value > 0 {
		x[fFar] = math.Min(1, math.Abs(math.Log(q.Value/r.Value))/math.Log(4))
	}
	if q.Rough || r.Rough {
		x[fRough] = 1
	}
	if r.Value > q.Value && s.Marks.Has(claim.Rises) {
		x[fRises] = 1
	}
	return c, true
}

func near(a, b float64) bool { return math.Abs(a-b) <= 0.005*math.Max(math.Abs(a), math.Abs(b)) }

// unit compares what two numbers count.
func (p *pairing) unit(a, b string) float64 {
	if a == b {
		if a == "" {
			return 0.6
		}
		return 1
	}
	if a == "" || b == "" {
		return 0.5
	}
	return claim.NewLexeme(claim.Key{Word: a}).Similar(claim.NewLexeme(claim.Key{Word: b}))
}

// retractions adds candidates where the later text takes the earlier one back.
func (p *pairing) retractions(out []candidate) []candidate {
	for j := range p.b.sentences {
		t := &p.b.sentences[j]
		if !t.Marks.Has(claim.Retracts) || t.Voice != claim.Own || p.sameB[j] {
			continue
		}
		for n := range p.b.claims {
			b := &p.b.claims[n]
			if b.Sentence != j || b.Sign <= 0 || b.Mode == claim.Should || b.Flags.Has(claim.Condition|claim.Question|claim.Reported|claim.Predecessor) || !claim.TakesBack(b.Claim) {
				continue
			}
			for i := range p.a.sentences {
				if p.sameA[i] || p.a.sentences[i].Voice != claim.Own {
					continue
				}
				ab := p.cover(p.a.sentences[i].args, nil, j, false, false)
				ba := p.cover(t.args, nil, i, true, false)
				c := candidate{rule: fRetract, a: i, b: j, ca: -1, cb: n, qa: -1, qb: -1, kind: "retraction"}
				c.x[fRetract] = 1
				p.fillCoverage(&c.x, ab, ba)
				p.fillMarks(&c.x, &p.a.sentences[i], t)
				c.x[fRoutine] = 0
				if namesDay(t.Sentence, p.day) {
					c.x[fDayNamed] = 1
				}
				if c.x[fDayNamed] == 0 && ab.share < bar {
					continue
				}
				out = append(out, c)
			}
			break
		}
	}
	return out
}

func namesDay(s *claim.Sentence, day time.Time) bool {
	if day.IsZero() {
		return false
	}
	for _, d := range s.Dates {
		if d.Day == day.Day() && d.Month == int(day.Month()) && (d.Year == 0 || d.Year == day.Year()) {
			return true
		}
	}
	weekday := strings.ToLower(day.Weekday().String())
	for _, x := range s.Args {
		if x.Word == weekday {
			return true
		}
	}
	return false
}

// blames adds candidates where another is said to have done or caused a thing.
func (p *pairing) blames(out []candidate) []candidate {
	for i := range p.a.claims {
		a := &p.a.claims[i]
		if !p.usable(p.a, p.sameA, a) || a.Sign < 0 || a.Mode != claim.Fact {
			continue
		}
		ca, ea := claim.Cause(a.Claim)
		if !ca {
			continue
		}
		for j := range p.b.claims {
			b := &p.b.claims[j]
			if !p.usable(p.b, p.sameB, b) || b.Sign < 0 || b.Mode != claim.Fact {
				continue
			}
			cb, eb := claim.Cause(b.Claim)
			if !cb {
				continue
			}
			c := candidate{rule: fBlame, a: a.Sentence, b: b.Sentence, ca: i, cb: j, qa: -1, qb: -1, kind: "blame_shift"}
			if !p.sameDeed(a, b) {
				continue
			}
			whoA, whatA := split(a.args, ea)
			whoB, whatB := split(b.args, eb)
			if len(whoA) == 0 || len(whoB) == 0 {
				continue
			}
			who := p.cover(whoA, &readyClaim{Claim: b.Claim, args: whoB, pred: b.pred}, b.Sentence, false, false)
			back := p.cover(whoB, &readyClaim{Claim: a.Claim, args: whoA, pred: a.pred}, a.Sentence, true, false)
			if who.share > 0.55 || back.share > 0.55 {
				continue
			}
			if a.By == b.By && a.By == claim.Issuer {
				continue
			}
			ab := p.cover(whatA, b, b.Sentence, false, false)
			ba := p.cover(whatB, a, a.Sentence, true, false)
			if ab.share < bar && ba.share < bar {
				continue
			}
			c.x[fBlame] = 1
			p.fillCoverage(&c.x, ab, ba)
			p.fillMarks(&c.x, &p.a.sentences[a.Sentence], &p.b.sentences[b.Sentence])
			c.x[fDate] = differentDates(p.a.sentences[a.Sentence].Dates, p.b.sentences[b.Sentence].Dates)
			if a.By == claim.Issuer || b.By == claim.Issuer {
				c.x[fBothIssuer] = 1
			}
			c.x[fNameMiss] = math.Min(1, ab.nameMiss)
			out = append(out, c)
		}
	}
	return out
}

// sameDeed tells whether two causes are of one kind of harm.
func (p *pairing) sameDeed(a, b *readyClaim) bool {
	return a.Axes.Agree(b.Axes) || claim.Attributes(a.Claim) || claim.Attributes(b.Claim) || p.like(a.pred, b.pred, false) > 0.3
}

// split parts the words of who did a thing from those of what was done.
func split(args []readyArg, role claim.Role) (who, what []readyArg) {
	for _, x := range args {
		if x.Role == role {
			who = append(who, x)
		} else {
			what = append(what, x)
		}
	}
	return who, what
}

// doubts adds candidates where what was certain is no longer known.
func (p *pairing) doubts(out []candidate) []candidate {
	for j := range p.b.sentences {
		t := &p.b.sentences[j]
		if !t.Marks.Has(claim.Unknowing) || t.Voice != claim.Own || p.sameB[j] {
			continue
		}
		for i := range p.a.sentences {
			s := &p.a.sentences[i]
			if s.Voice != claim.Own || p.sameA[i] || !s.Marks.Has(claim.Certain) {
				continue
			}
			ab := p.cover(s.args, nil, j, false, false)
			ba := p.cover(t.args, nil, i, true, false)
			c := candidate{rule: fDoubt, a: i, b: j, ca: -1, cb: -1, qa: -1, qb: -1, kind: "legality_or_assessment_flip"}
			c.x[fDoubt] = 1
			p.fillCoverage(&c.x, ab, ba)
			p.fillMarks(&c.x, s, t)
			out = append(out, c)
		}
	}
	return out
}
