package reversal

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strings"

	"volteface/internal/claim"
	"volteface/internal/statement"
)

// Bond is what ties two passages together besides their claims.
type Bond struct {
	Anchor   float64 // how rare the rarest thing is that both sentences speak of, from 0 to 1
	Shared   float64 // the rarity of all that both speak of
	Context  float64 // how like the texts around them are, from 0 to 1
	Restated float64 // how much of the two sentences is the same, from 0 to 1
}

// bond measures what ties two passages together.
func (c *commons) bond(before, after *head) (b Bond) {
	var all float64
	for _, t := range before.sentence {
		r := c.rarity(t)
		all += r
		if slices.Contains(after.sentence, t) {
			b.Anchor = max(b.Anchor, r)
			b.Shared += r
		}
	}
	for _, t := range after.sentence {
		all += c.rarity(t)
	}
	if all > 0 {
		b.Restated = 2 * b.Shared / all
	}
	// What hardly anybody else has spoken of cannot be shared, and tells nothing.
	var shared, x, y float64
	for _, t := range before.around {
		r := c.rarity(t)
		if slices.Contains(after.around, t) {
			shared += r * r
			x += r * r
		} else if c.counts[t] >= seldom {
			x += r * r
		}
	}
	for _, t := range after.around {
		if r := c.rarity(t); c.counts[t] >= seldom || slices.Contains(before.around, t) {
			y += r * r
		}
	}
	if x > 0 && y > 0 {
		b.Context = shared / math.Sqrt(x*y)
	}
	return b
}

// The odds of a turn are made of what ties two sentences together, of what is claimed in
// them, and of what else the issuer has said. Each part is a logarithm of odds; the weights
// were set on the White House statements of 2021 to 2023 (docs/rules.md).
const (
	inStream  = -8 // before anything is known of two opposed sentences of a stream
	mostOdds  = 14 // the most that claims and habit can add
	mostHabit = 0.9
)

// odds are those of the bond.
func (b *Bond) odds() float64 {
	return inStream + 3*b.Context + 0.6*min(b.Shared, 2.5) + 1.5*b.Anchor
}

// fewStatements is how many statements of a space tell little yet of which words are rare
// and who speaks for the issuer.
const fewStatements = 200

// experience takes from the odds while little has been read of a space.
func (c *commons) experience() float64 { return -1.5 * max(0, 1-float64(c.all)/fewStatements) }

// odds are those of two sentences by what they claim, and how: whether each is the issuer's
// own decision, plainly put, on the same thing, and not the same sentence in other words,
// an act's own history, or the way of things.
func (p *pairing) odds(c *candidate) float64 {
	s, t := &p.a.sentences[c.a], &p.b.sentences[c.b]
	x, y := p.a.text[s.Start:s.End], p.b.text[t.Start:t.End]
	z := 0.4 * min(math.Log(c.score/(1-c.score+1e-9)), 4)
	for _, text := range []string{x, y} {
		if len(strings.Fields(text)) < 9 {
			z -= 0.5 // a heading, or a remark
		}
	}
	z -= 0.03 * float64(max(0, len(strings.Fields(x))+len(strings.Fields(y))-60))
	if statutory.MatchString(x) && statutory.MatchString(y) {
		z -= 2.5
	}
	if looksBack(t.Dates, p.day.Year()) {
		z -= 2
	}
	if announces(y) {
		z += 0.8
	}
	z += 2 * c.x[fFinal]
	switch c.rule {
	case fNumber:
		return z + p.resets(c)
	case fBlame:
		z -= 3.5
	case fRetract:
		z -= 0.5
		if s.Marks.Has(claim.Retracts) {
			z -= 3
		}
	}
	if c.ca < 0 || c.cb < 0 {
		return z
	}
	a, b := p.a.claims[c.ca], p.b.claims[c.cb]
	for _, x := range []readyClaim{a, b} {
		z += position(&x)
	}
	if a.Mode == claim.Plan || a.Mode == claim.Must {
		z += 0.4
	}
	if a.Sign < 0 && a.Flags.Has(claim.Categorical|claim.Universal|claim.Denial) {
		z += 0.4
	}
	if b.By == claim.Issuer && b.Sign > 0 && (b.Mode == claim.Plan || b.Flags.Has(claim.Ongoing)) && !b.Flags.Has(claim.Past) {
		z += 0.5 // it is being done, or will be
	}
	z += 0.5*c.x[fLemma] - c.x[fNear] + 1.2*c.x[fHeads] + 0.8*c.x[fHeadsBack] - 0.5*c.x[fMutual] - 2*c.x[fAgree]
	if c.rule == fSign {
		same := negations(strings.Fields(strings.ToLower(x))) == negations(strings.Fields(strings.ToLower(y)))
		switch {
		case a.Sign*b.Sign > 0:
			z -= 0.5
		case same:
			z -= 1.2 // two sentences with as many negations are seldom opposed
		}
		if a.Sign < 0 && b.Sign > 0 && a.Mode == claim.Fact && a.Flags.Has(claim.Past) && (b.Mode == claim.Plan || !b.Flags.Has(claim.Past)) {
			z -= 1.3 // not yet done, then to be done
		}
	}
	return z
}

// position are the odds of one claim: whether it is what the issuer decides.
func position(c *readyClaim) (z float64) {
	if c.Axes.Decides() {
		z += 0.9
	} else {
		z -= 0.8
	}
	if thin[c.Predicate] || vague[c.Predicate] {
		z--
	}
	if c.Mode == claim.May {
		z--
	}
	switch {
	case c.By == claim.Issuer:
		z += 0.5
	case c.By == claim.Others, slices.ContainsFunc(c.args, func(a readyArg) bool { return a.Role == claim.Actor }):
		z -= 1.2
	}
	if c.Flags.Has(claim.Condition | claim.Question | claim.Reported | claim.Predecessor | claim.Hedged | claim.Mention | claim.Presupposed) {
		z--
	}
	return z
}

// resets are the odds of two figures: they differ in every speech, unless the issuer says
// that he sets anew what he had set.
func (p *pairing) resets(c *candidate) (z float64) {
	z = -1
	if c.x[fPolicy] == 0 || !mentions(&p.b.sentences[c.b], policyWords) {
		return z
	}
	for i := range p.b.claims {
		b := &p.b.claims[i]
		if b.Sentence != c.b || b.By != claim.Issuer || b.Sign <= 0 || b.Flags.Has(claim.Mention|claim.Condition|claim.Question|claim.Reported) {
			continue
		}
		switch {
		case revising[b.Predicate]:
			z = max(z, 7.5)
		case resetting[b.Predicate]:
			z = max(z, 6)
		}
	}
	return z
}

var (
	revising  = wordSet("revise correct amend")
	resetting = wordSet("raise lower increase decrease reduce cut adjust change set double halve")
)

// restatement takes from the odds of two sentences that are nearly the same: what is said
// again in other words is seldom the opposite, unless one of them has a negation more.
func (b *Bond) restatement(before, after string) float64 {
	weight := 7.0
	if negations(strings.Fields(strings.ToLower(before))) != negations(strings.Fields(strings.ToLower(after))) {
		weight = 2.5
	}
	return -weight * max(0, b.Restated-0.3)
}

// habit takes from the odds of a turn to a side that the issuer had taken before: most such
// pairs are one position, read wrongly or put in two ways. It adds a little where the
// earlier side was taken often.
func (s *Search) habit(ctx context.Context, q *statement.PassageQuery, p *pairing, c *candidate) (float64, error) {
	if c.rule != fSign || c.ca < 0 || c.cb < 0 {
		return 0, nil
	}
	a, b := p.a.claims[c.ca].Claim, p.b.claims[c.cb].Claim
	keys := b.Meets(a)
	if len(keys) == 0 {
		return -1, nil
	}
	taken, err := s.said(ctx, q, keys)
	if err != nil {
		return 0, err
	}
	left, err := s.said(ctx, q, a.Meets(b))
	if err != nil {
		return 0, err
	}
	return -0.9*math.Log1p(float64(taken)) + 0.4*math.Log1p(float64(min(left, 8))), nil
}

// mostSaid bounds how many passages under a key are looked at.
const mostSaid = 60

// said counts the earlier statements under the rarest of some keys.
func (s *Search) said(ctx context.Context, q *statement.PassageQuery, keys []string) (fewest int, err error) {
	fewest = mostSaid
	for _, key := range keys {
		found, err := s.Memory.Passages(ctx, statement.PassageQuery{Space: q.Space, Keys: []string{key}, Weights: []float64{1}, At: q.At, PerKey: mostSaid, Limit: mostSaid})
		if err != nil {
			return 0, err
		}
		statements := map[string]bool{}
		for i := range found {
			statements[found[i].Statement] = true
		}
		fewest = min(fewest, len(statements))
	}
	return fewest, nil
}

// statutory are the clauses of acts, which quote and amend each other.
var statutory = regexp.MustCompile(`(?i)^\W*(\([a-z0-9]{1,4}\)|sec(tion|\.)?\s)|\b(executive order|proclamation|subsection|paragraph|pursuant to|as amended)\b`)

// looksBack tells a sentence that speaks only of years before one.
func looksBack(dates []claim.Date, year int) bool {
	back := false
	for _, d := range dates {
		if d.Year >= year {
			return false
		}
		back = back || d.Year > 0
	}
	return back
}

// announces tells a sentence by which something new is said to be so from now on.
func announces(text string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(w string) bool { return announcing[strings.Trim(w, marks)] })
}

var announcing = wordSet(`today tonight hereby announce announces announced announcing announcement decide decides decided decision revise revises revised revising reverse
reversed reversing lift lifts lifted lifting effective withdraw withdrew withdrawn withdrawing order ordering ordered suspend suspended suspending postpone postponed cancel
cancelled canceled end ended ending change changed changing longer`)

// marks are what may stand at the ends of a word.
const marks = ".,;:—-“”\"!?()"

// repeats tells whether two sentences have nearly the same words and as many negations, as
// the clauses of orders and the turns of a speaker have: what differs is a number of a
// section or a name.
func repeats(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	if len(x) < 6 || len(y) < 6 {
		return false
	}
	if negations(x) != negations(y) {
		return false
	}
	words := map[string]int{}
	for _, w := range x {
		words[w]++
	}
	same := 0
	for _, w := range y {
		if words[w] > 0 {
			words[w]--
			same++
		}
	}
	return 2*same >= max(len(x), len(y))
}

// negations counts the negations of a sentence. One that a speaker begins anew, "no parent
// — no parent should", is one.
func negations(words []string) int {
	seen := map[string]bool{}
	for i, w := range words {
		if w = strings.Trim(w, marks); negates(w) {
			if i+1 < len(words) {
				w += " " + strings.Trim(words[i+1], marks)
			}
			seen[w] = true
		}
	}
	return len(seen)
}

func negates(w string) bool {
	switch w {
	case "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot":
		return true
	}
	return strings.HasSuffix(w, "n’t") || strings.HasSuffix(w, "n't")
}
