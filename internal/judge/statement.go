package judge

import (
	"context"
	"math"
	"sort"
	"strings"
	"unicode"

	"volteface/internal/statement"
)

// Side is one of two statements that are compared.
type Side struct {
	Text     string
	Question string // what it answers, if it is an answer
}

// Verdict is what the judge makes of two whole statements.
type Verdict struct {
	Reading
	// Before and After are the passages that decide: those whose pair is the likeliest turn.
	Before, After Passage
	// Whole is the probability of a reversal where both statements are read at once, as far as they go into one pair; that of
	// the deciding pair where they have only one passage each.
	Whole float64
	// Pairs is how many pairs of passages were read, of Possible ones.
	Pairs, Possible int
}

// maxPairs is how many pairs of passages of two statements are read at most: the likeliest by what they share.
const maxPairs = 160

// Compare reads two whole statements, the earlier first: each is cut into passages, the pairs of passages are read, and
// the likeliest turn among them decides; besides, both are read at once. The more pairs are read, the likelier is one of
// them to look like a turn by chance; the calibration takes their number into account. Of more than 160 pairs those are read that share most,
// by rare words and by meaning. The error is ctx's.
func (j *Judge) Compare(ctx context.Context, before, after Side) (Verdict, error) {
	a, b := before.passages(), after.passages()
	v := Verdict{Reading: Reading{None: 1}, Possible: len(a) * len(b)}
	if v.Possible == 0 {
		return v, ctx.Err()
	}
	pairs := j.likeliest(a, b, maxPairs)
	v.Pairs = len(pairs)
	if v.Possible > 1 {
		pairs = append(pairs, Pair{Passage{Text: before.Text, Question: before.Question}, Passage{Text: after.Text, Question: after.Question}})
	}
	readings, err := j.Pairs(ctx, pairs)
	if err != nil {
		return v, err
	}
	v.Whole = readings[len(readings)-1].Reversal
	readings = readings[:v.Pairs]
	best := 0
	for i, r := range readings {
		if r.turn() > readings[best].turn() {
			best = i
		}
	}
	v.Before, v.After = pairs[best].Before, pairs[best].After
	v.Reading = j.Statement.Calibrated(readings[best], v.Whole, v.Pairs)
	return v, nil
}

// Stance reads what a whole text does to a proposition. A text of several passages affirms, denies or qualifies what the
// least silent of them does. The error is ctx's.
func (j *Judge) Stance(ctx context.Context, text Side, proposition string) (Stance, error) {
	var held []Held
	for _, p := range text.passages() {
		held = append(held, Held{p, proposition})
	}
	if len(held) == 0 {
		return Stance{Silent: 1}, ctx.Err()
	}
	read, err := j.Stances(ctx, held)
	if err != nil {
		return Stance{}, err
	}
	least := 0
	for i, s := range read {
		if s.Silent < read[least].Silent {
			least = i
		}
	}
	return read[least], nil
}

// passages are the passages of a side; a text that is all question, or has no sentence, is one.
func (s Side) passages() []Passage {
	p := Passages(s.Text)
	if len(p) == 0 && strings.TrimSpace(s.Text) != "" {
		p = []Passage{{Text: s.Text, Span: [2]int{0, len(s.Text)}}}
	}
	if len(p) > 0 && p[0].Question == "" {
		p[0].Question = s.Question
	}
	return p
}

// Left is how many bytes at the end of the text are in none of the passages that are read of it, as it has more than 4,096; 0 as a rule.
func (s Side) Left() int {
	if len(s.Text) < 2*maxPassages { // each has a letter and a mark, or the end of a line
		return 0
	}
	p := Passages(s.Text)
	if len(p) < maxPassages {
		return 0
	}
	return len(strings.TrimSpace(s.Text[p[len(p)-1].Span[1]:]))
}

// turn orders pairs: the probability of a reversal, and a little for that of a softening.
func (r Reading) turn() float64 { return r.Reversal + r.Softening/4 }

// Aggregation tells how the readings of the pairs of passages of two statements become one. Its figures are fitted
// on sets apart from training by logistic regression on the log-odds of the deciding pair and of both statements at
// once, and on the logarithm of how many pairs were read.
type Aggregation struct {
	Slope    float64 `json:"slope"`
	Whole    float64 `json:"whole"`
	PerPair  float64 `json:"per_pair"` // by log of the number of pairs, as a rule negative
	Constant float64 `json:"constant"`
}

// Calibrated is the reading of the deciding pair as that of the two statements, whose probability of a reversal when read at
// once is whole, and of which so many pairs were read: its probability of a reversal corrected, the rest in proportion.
func (a Aggregation) Calibrated(r Reading, whole float64, pairs int) Reading {
	if a == (Aggregation{}) {
		return r
	}
	r.Reversal = 1 / (1 + math.Exp(-(a.Constant + a.Slope*Logit(r.Reversal) + a.Whole*Logit(whole) + a.PerPair*math.Log(float64(pairs)))))
	if rest := r.None + r.Softening; rest > 0 {
		r.None, r.Softening = r.None*(1-r.Reversal)/rest, r.Softening*(1-r.Reversal)/rest
	}
	return r
}

// Logit is the log-odds of a probability, kept between those of one in a million and all but one.
func Logit(p float64) float64 {
	const least = 1e-6
	p = min(max(p, least), 1-least)
	return math.Log(p / (1 - p))
}

// likeliest are the pairs of passages that share most, at most n of them, in the order of the statements.
func (j *Judge) likeliest(a, b []Passage, n int) []Pair {
	pairs := make([]Pair, 0, min(n, len(a)*len(b)))
	if len(a)*len(b) <= n {
		for _, x := range a {
			for _, y := range b {
				pairs = append(pairs, Pair{x, y})
			}
		}
		return pairs
	}
	x, y := j.glance(a), j.glance(b)
	rare := map[string]float64{}
	for _, side := range [][]glance{x, y} {
		for _, g := range side {
			for w := range g.words {
				rare[w]++
			}
		}
	}
	total := float64(len(a) + len(b))
	for w, k := range rare {
		rare[w] = math.Log(1 + total/k)
	}
	type scored struct {
		i, k  int
		score float64
	}
	// A heap would spare memory, but two statements have at most maxPassages² pairs only on paper: rows are cut to their best.
	var all []scored
	for i := range x {
		row := make([]scored, len(y))
		for k := range y {
			row[k] = scored{i, k, x[i].like(&y[k], rare)}
		}
		sort.Slice(row, func(p, q int) bool { return row[p].score > row[q].score })
		all = append(all, row[:min(len(row), n/4)]...)
	}
	sort.SliceStable(all, func(p, q int) bool { return all[p].score > all[q].score })
	all = all[:min(len(all), n)]
	sort.Slice(all, func(p, q int) bool { return all[p].i < all[q].i || all[p].i == all[q].i && all[p].k < all[q].k })
	for _, s := range all {
		pairs = append(pairs, Pair{a[s.i], b[s.k]})
	}
	return pairs
}

// glance is what a cheap look at a passage sees: the stems of its words.
type glance struct {
	words  map[string]bool
	vector Vector
}

func (j *Judge) glance(ps []Passage) []glance {
	out := make([]glance, len(ps))
	for i, p := range ps {
		words := map[string]bool{}
		for _, w := range strings.FieldsFunc(strings.ToLower(p.input()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if r := []rune(w); len(r) > 3 || unicode.IsDigit(r[0]) {
				words[statement.Stem(r)] = true
			}
		}
		out[i] = glance{words: words, vector: j.Vector(p.input())}
	}
	return out
}

// like is how much two passages share: the rarity of their common words against the geometric mean of what each has,
// and the cosine of their words' embeddings, which knows other languages too.
func (g *glance) like(h *glance, rare map[string]float64) float64 {
	var common, mine, others float64
	for w := range g.words {
		mine += rare[w]
		if h.words[w] {
			common += rare[w]
		}
	}
	for w := range h.words {
		others += rare[w]
	}
	score := 0.0
	if common > 0 {
		score = common / math.Sqrt(mine*others)
	}
	return score + g.vector.Like(&h.vector)
}
