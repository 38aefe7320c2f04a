package reversal

import (
	"math"
)

// Lesson is one pair to learn from: what may stand against each other in it, and whether
// it is a reversal. KeyA and KeyB are the numbers of the sentences that decide it, -1
// where that is not known.
type Lesson struct {
	Reversal   bool
	Weight     float64
	KeyA, KeyB int
	// Unsure pairs are not learned from: softenings.
	Unsure bool
	found  []candidate
}

// NewLesson makes a lesson of a pair. Spans are byte offsets of the deciding sentences, [0,0]
// where they are not known.
func NewLesson(before, after *Statement, keyA, keyB [2]int, reversal bool, weight float64) *Lesson {
	Prepare(before)
	Prepare(after)
	p := pairUp(before, after)
	l := &Lesson{Reversal: reversal, Weight: weight, KeyA: sentenceAt(before, keyA), KeyB: sentenceAt(after, keyB), found: p.candidates()}
	return l
}

func sentenceAt(s *Statement, span [2]int) int {
	if span[1] == 0 {
		return -1
	}
	best, at := 0, -1
	for i := range s.ready.sentences {
		x := &s.ready.sentences[i]
		if o := min(x.End, span[1]) - max(x.Start, span[0]); o > best {
			best, at = o, i
		}
	}
	return at
}

// key tells whether a candidate stands on the deciding sentences, or beside them.
func (l *Lesson) key(c *candidate) bool {
	return l.KeyA < 0 || l.KeyB < 0 || abs(c.a-l.KeyA)+abs(c.b-l.KeyB) <= 1
}

func abs(i int) int {
	if i < 0 {
		return -i
	}
	return i
}

type example struct {
	x *vector
	y float64
	w float64
}

// Learn fits weights to lessons. strength is how much the weights are held to what they
// start from.
func Learn(lessons []*Lesson, strength float64) *Weights {
	w := &Weights{Version: 1, Bias: priorBias, w: prior}
	for round := 0; round < 6; round++ {
		w = fit(pick(lessons, w), strength)
	}
	w.Features = map[string]float64{}
	for i, name := range featureNames {
		w.Features[name] = math.Round(w.w[i]*1000) / 1000
	}
	return w
}

// pick takes, of each lesson, the candidates that speak for or against its label: the best
// one on the deciding sentences of a reversal; those that come closest to a false alarm
// elsewhere.
func pick(lessons []*Lesson, w *Weights) []example {
	var out []example
	for _, l := range lessons {
		if l.Unsure {
			continue
		}
		var best *candidate
		for i := range l.found {
			c := &l.found[i]
			c.score = w.score(&c.x)
		}
		if l.Reversal {
			for i := range l.found {
				if c := &l.found[i]; l.key(c) && (best == nil || c.score > best.score) {
					best = c
				}
			}
			if best != nil {
				out = append(out, example{&best.x, 1, l.Weight})
			}
			continue
		}
		for _, c := range top(l.found, 2) {
			out = append(out, example{&c.x, 0, l.Weight * 0.6})
		}
	}
	return out
}

func top(list []candidate, n int) []*candidate {
	var out []*candidate
	for i := range list {
		c := &list[i]
		at := len(out)
		for at > 0 && out[at-1].score < c.score {
			at--
		}
		if at < n {
			out = append(out, nil)
			copy(out[at+1:], out[at:])
			out[at] = c
			out = out[:min(n, len(out))]
		}
	}
	return out
}

// fit minimises the logistic loss by gradient descent, each weight held to its prior and
// to the prior's sign.
func fit(examples []example, strength float64) *Weights {
	w := &Weights{Version: 1, Bias: priorBias, w: prior}
	total := 0.0
	for _, e := range examples {
		total += e.w
	}
	if total == 0 {
		return w
	}
	for step := 0; step < 400; step++ {
		rate := 0.5 / (1 + float64(step)/100)
		var g vector
		gb := 0.0
		for _, e := range examples {
			d := (w.score(e.x) - e.y) * e.w / total
			gb += d
			for i, v := range e.x {
				g[i] += d * v
			}
		}
		for i := range w.w {
			g[i] += strength * (w.w[i] - prior[i])
			w.w[i] -= rate * 4 * g[i]
			if prior[i] > 0 {
				w.w[i] = math.Max(0, w.w[i])
			}
			if prior[i] < 0 {
				w.w[i] = math.Min(0, w.w[i])
			}
		}
		w.Bias -= rate * 4 * (gb + strength*(w.Bias-priorBias))
	}
	return w
}

// Best is the highest score of a lesson's candidates, whether it stands on the deciding
// sentences, and its kind.
func (w *Weights) Best(l *Lesson) (score float64, key bool, kind string) {
	if c := w.best(l.found); c != nil {
		return c.score, l.key(c), c.kind
	}
	return 0, false, ""
}

func (w *Weights) best(list []candidate) *candidate {
	var best *candidate
	for i := range list {
		c := &list[i]
		c.score = w.score(&c.x)
		if best == nil || c.score > best.score {
			best = c
		}
	}
	return best
}
