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
	if q.Denied && !r.Denied && near(q.Value, r.Value) && (t.Marks.Has(claim.Corrects) || mentions(t, policyWords)) {
		// What was ruled out is set after all.
		unit := p.unit(q.Unit, r.Unit)
		c.kind = "ruled_out_to_done"
		c.x[fNumber], c.x[fRejectsNumber], c.x[fPolicy], c.x[fUnit] = 1, 1, 1, unit
		p.fillCoverage(&c.x, ab, ba)
		return c, unit >= 0.3
	}
	if q.Denied || r.Denied || near(q.Value, r.Value) || (q.Rough || r.Rough) && math.Abs(q.Value-r.Value) < 0.06*math.Max(q.Value, r.Value) {
		return c, false
	}
	// The other sentence gives the same number too: nothing is revised.
	for _, z := range t.Quantities {
		if !z.Denied && (near(z.Value, q.Value) || z.Rough && math.Abs(z.Value-q.Value) < 0.06*q.Value) {
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
	if x[fDate] = differentDates(s.Dates, t.Dates); x[fDate] > 0 {
		x[fDate] = 1 // another month is another figure
	}
	p.fillMarks(x, s, t)
	if t.Marks.Has(claim.Corrects) {
		x[fCorrects] = 1
	}
	for _, next := range []int{j - 1, j + 1} { // the sentence beside it says so
		if x[fCorrects] == 0 && next >= 0 && next < len(p.b.sentences) && p.b.sentences[next].Marks.Has(claim.Corrects) && p.b.sentences[next].Voice == claim.Own && !p.sameB[next] {
			x[fCorrects] = 0.5
		}
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
	over := overLimit(s, q, r) // "will not exceed three per cent", "comes to 4.6"
	policy := over || p.shareWord(s, t, policyWords, 0.75) || q.Limit && mentions(t, policyWords) || r.Limit && mentions(s, policyWords)
	if policy {
		x[fPolicy] = 1
	}
	count := unit >= 0.5 && (countWords[q.Unit] && countWords[r.Unit] || p.shareWord(s, t, countWords, 0.85))
	if count && r.Value < q.Value {
		x[fFalls] = 1
	}
	if !policy && p.days > 0 && x[fCorrects]+x[fRejectsNumber] == 0 {
		x[fApart] = math.Min(1, p.days/60)
	}
	if x[fCorrects]+x[fRejectsNumber]+x[fFalls] == 0 && !(policy && x[fHeads] > 0.4 && samePeriod(s, t)) {
		return c, false
	}
	if x[fCorrects]+x[fPolicy] > 0 {
		x[fRoutine] = 0
	}
	if q.Rough && !q.Limit || r.Rough && !r.Limit {
		x[fRough] = 1
	}
	if r.Value > q.Value && s.Marks.Has(claim.Rises) {
		x[fRises] = 1
	}
	return c, true
}

// overLimit tells a number that is beyond what was said not to be exceeded.
func overLimit(s *readySentence, q, r claim.Quantity) bool {
	return r.Value > q.Value && s.Marks.Has(claim.Bounds) && q.Unit == r.Unit
}

// samePeriod is false where one side speaks of the coming year and the other does not.
func samePeriod(s, t *readySentence) bool {
	return s.Marks.Has(claim.NextPeriod) == t.Marks.Has(claim.NextPeriod) && differentDates(s.Dates, t.Dates) == 0
}

var policyWords = wordSet("cap ceiling limit target quota goal threshold rate tariff duty price minimum maximum deadline tax band range toll_fee fee level")

// countWords are what can only become more: deaths, the rescued.
var countWords = wordSet("death dead killed kill die toll victim casualty fatality rescue rescued survivor injured wounded case missing infection evacuate")

// shareWord tells whether both sentences name one of the words, or names of the same thing
// among them.
func (p *pairing) shareWord(s, t *readySentence, words map[string]bool, like float32) bool {
	for i := range s.args {
		for j := range t.args {
			if words[s.args[i].Word] && words[t.args[j].Word] && p.like(s.args[i].lexeme, t.args[j].lexeme, false) >= like {
				return true
			}
		}
	}
	return false
}

func mentions(s *readySentence, words map[string]bool) bool {
	for i := range s.args {
		if words[s.args[i].Word] {
			return true
		}
	}
	return false
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
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

// deadlines adds candidates of one plan with two dates: a last extension that is extended
// again, a target that is moved.
func (p *pairing) deadlines(out []candidate) []candidate {
	for i := range p.a.claims {
		a := &p.a.claims[i]
		s := &p.a.sentences[a.Sentence]
		if len(s.Dates) == 0 || a.Sign < 0 || a.Mode == claim.Fact && a.Flags.Has(claim.Past) || !p.usable(p.a, p.sameA, a) || a.Mode == claim.Should {
			continue
		}
		for j := range p.b.claims {
			b := &p.b.claims[j]
			t := &p.b.sentences[b.Sentence]
			if len(t.Dates) == 0 || b.Sign < 0 || !p.usable(p.b, p.sameB, b) || b.Mode == claim.Should {
				continue
			}
			if p.like(a.pred, b.pred, false) < 0.95 && !(a.Axes.Agree(b.Axes) && !a.Axes.Oppose(b.Axes)) || thin[a.Predicate] {
				continue
			}
			moved := movedDate(s, t, p.day)
			if !moved {
				continue
			}
			ab := p.cover(a.args, b, b.Sentence, false, a.By == claim.Issuer)
			ba := p.cover(b.args, a, a.Sentence, true, b.By == claim.Issuer)
			if ab.share < 0.5 || ba.share < bar {
				continue
			}
			if renewing := a.Axes.Agree(claim.Continues()) || b.Axes.Agree(claim.Continues()); renewing && !s.Marks.Has(claim.Final) {
				continue // extended in due course, as was to be expected
			}
			c := candidate{rule: fMoved, a: a.Sentence, b: b.Sentence, ca: i, cb: j, qa: -1, qb: -1, kind: "commitment_to_withdrawal"}
			c.x[fMoved] = 1
			p.fillCoverage(&c.x, ab, ba)
			p.fillMarks(&c.x, s, t)
			if s.Marks.Has(claim.Final) {
				c.x[fFinal] = 1
				c.x[fRoutine] = 0
			}
			out = append(out, c)
		}
	}
	return out
}

// movedDate tells whether the sentences name no date in common, the earlier one a day or
// month still to come.
func movedDate(s, t *readySentence, day time.Time) bool {
	future := false
	if s.Marks.Has(claim.Final) && !later(s.Dates, t.Dates, day) {
		return false // what was to end on a day may well have begun on another
	}
	for _, d := range s.Dates {
		if d.Month == 0 {
			continue
		}
		if day.IsZero() || d.Year > day.Year() || d.Year == 0 || d.Year == day.Year() && d.Month >= int(day.Month()) {
			future = true
		}
		for _, e := range t.Dates {
			if d.Month == e.Month && (d.Day == e.Day || d.Day == 0 || e.Day == 0) {
				return false
			}
		}
	}
	for _, e := range t.Dates {
		if e.Month != 0 {
			return future
		}
	}
	return false
}

// later tells whether a date of the second list is later than all of the first. A date
// without a year is of that in which day lies, or of the next if its month has passed then.
func later(first, second []claim.Date, day time.Time) bool {
	last := func(list []claim.Date) (most int) {
		for _, d := range list {
			if d.Month == 0 {
				continue
			}
			y := d.Year
			if y == 0 && !day.IsZero() {
				if y = day.Year(); d.Month < int(day.Month()) {
					y++
				}
			}
			most = max(most, (y*16+d.Month)*32+d.Day)
		}
		return most
	}
	return last(second) > last(first)
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
		ofA, ok := claim.Cause(a.Claim)
		if !ok {
			continue
		}
		for j := range p.b.claims {
			b := &p.b.claims[j]
			if !p.usable(p.b, p.sameB, b) || b.Sign < 0 || b.Mode != claim.Fact {
				continue
			}
			ofB, ok := claim.Cause(b.Claim)
			if !ok || !p.sameDeed(a, b) {
				continue
			}
			whoA, whatA := p.split(p.a, a, ofA)
			whoB, whatB := p.split(p.b, b, ofB)
			who := p.cover(whoA, &readyClaim{Claim: b.Claim, args: whoB, pred: b.pred}, -1, false, false)
			back := p.cover(whoB, &readyClaim{Claim: a.Claim, args: whoA, pred: a.pred}, -1, true, false)
			if who.share > 0.4 || back.share > 0.4 || a.By == claim.Issuer && b.By == claim.Issuer {
				continue
			}
			ab := p.cover(whatA, &readyClaim{Claim: b.Claim, args: whatB, pred: b.pred}, b.Sentence, false, false)
			ba := p.cover(whatB, &readyClaim{Claim: a.Claim, args: whatA, pred: a.pred}, a.Sentence, true, false)
			if ab.share < bar && ba.share < bar {
				continue
			}
			c := candidate{rule: fBlame, a: a.Sentence, b: b.Sentence, ca: i, cb: j, qa: -1, qb: -1, kind: "blame_shift"}
			c.x[fBlame] = 1
			p.fillCoverage(&c.x, ab, ba)
			p.fillMarks(&c.x, &p.a.sentences[a.Sentence], &p.b.sentences[b.Sentence])
			c.x[fDate] = differentDates(p.a.sentences[a.Sentence].Dates, p.b.sentences[b.Sentence].Dates)
			if p.ours(p.a, whoA) != p.ours(p.b, whoB) || (a.By == claim.Issuer) != (b.By == claim.Issuer) {
				c.x[fBothIssuer] = 1
			}
			out = append(out, c)
		}
	}
	return out
}

// ours tells whether words speak of the issuer: its country.
func (p *pairing) ours(s *prepared, args []readyArg) bool {
	for _, x := range args {
		if pl := s.lexemes[x.lexeme].Place(); pl != 0 && pl == s.country {
			return true
		}
	}
	return false
}

// sameDeed tells whether two causes are of one kind of harm.
func (p *pairing) sameDeed(a, b *readyClaim) bool {
	return a.Axes.Agree(b.Axes) || claim.Attributes(a.Claim) || claim.Attributes(b.Claim) || p.like(a.pred, b.pred, false) > 0.3
}

// split parts the words of who did a thing from those of what was done: the claim's own,
// and what else the sentence speaks of.
func (p *pairing) split(s *prepared, c *readyClaim, cause []bool) (who, what []readyArg) {
	taken := map[int]bool{}
	for i, x := range c.args {
		taken[x.lexeme] = true
		if i < len(cause) && cause[i] { // words lent by the sentence before are no part of the claim
			who = append(who, x)
		} else {
			what = append(what, x)
		}
	}
	for _, x := range s.sentences[c.Sentence].args {
		if !taken[x.lexeme] && x.lexeme != c.pred {
			x.Weight *= 0.6
			what = append(what, x)
		}
	}
	return who, what
}

// there adds candidates where the earlier text says that there is no such thing, and the
// later one speaks of it as being there: "no checks on goods", "the checks on goods begin".
func (p *pairing) there(out []candidate) []candidate {
	for i := range p.a.claims {
		a := &p.a.claims[i]
		if !p.usable(p.a, p.sameA, a) || !universal(a) || !a.Flags.Has(claim.Existence) || a.Flags.Has(claim.Condition) || a.Mode == claim.Should {
			continue
		}
		for j := range p.b.claims {
			b := &p.b.claims[j]
			if !p.usable(p.b, p.sameB, b) || b.Sign < 0 || b.Mode == claim.Should || b.Mode == claim.Would ||
				b.Flags.Has(claim.Mention|claim.Condition|claim.Topic|claim.Hedged) || undoing(b) {
				continue
			}
			for k := range b.args {
				y := &b.args[k]
				if !y.Head || y.Role == claim.Other || p.like(a.pred, y.lexeme, false) < 0.9 {
					continue
				}
				ab := p.cover(a.args, b, -1, false, false)
				ba := p.cover(b.args, a, a.Sentence, true, false)
				if ab.share < 0.7 || ab.heads < 0.5 {
					continue
				}
				c := candidate{rule: fThere, a: a.Sentence, b: b.Sentence, ca: i, cb: j, qa: -1, qb: -1, kind: "denial_to_admission"}
				if a.Mode == claim.Plan {
					c.kind = "ruled_out_to_done"
				}
				p.fillCoverage(&c.x, ab, ba)
				p.fillClaims(&c.x, a, b)
				c.x[fThere], c.x[fPlace] = 1, 0
				c.x[fModifier], c.x[fSibling] = p.modifiers(a, b)
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// undoing tells a claim about a thing that is sought, rejected or done away with: nothing
// says that it is there.
func undoing(c *readyClaim) bool {
	return claim.Unreal(c.Predicate) || c.Axes.Agree(claim.Ends())
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
