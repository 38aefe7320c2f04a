package evaluate

import (
	"context"
	"errors"
	"math"
	"strings"

	"volteface/internal/judge"
)

// The precision that verdicts are to have on whole statements like those calibrated on, softenings left out for reversals; that of softenings,
// which are few, surely.
const (
	reversalPrecision  = .80
	softeningPrecision = .80
)

// Calibrate fits a judge's calibration to sets that it was not trained on: temperatures of passages, how the passages of
// whole statements become one probability, and the thresholds of the verdicts. Fresh sets are left alone, to measure it by.
func Calibrate(ctx context.Context, j *judge.Judge, sets *Sets, tell func(done, total int)) (judge.Calibration, error) {
	var pairs []Pair
	var stances []Stance
	var statements []bool // whether a pair is of whole statements
	for _, name := range names(sets.Pairs) {
		if strings.HasPrefix(name, fresh) {
			continue
		}
		for _, p := range sets.Pairs[name] {
			pairs, statements = append(pairs, p), append(statements, strings.Contains(name, "cases"))
		}
	}
	for _, name := range names(sets.Stances) {
		if !strings.HasPrefix(name, fresh) {
			stances = append(stances, sets.Stances[name]...)
		}
	}
	if len(pairs) < 100 {
		return judge.Calibration{}, errors.New("fewer than a hundred pairs to calibrate on")
	}
	done := 0
	step := func() { done++; tell(done, len(pairs)+len(stances)) }
	plain := j.With(judge.Calibration{})

	var c judge.Calibration
	read, err := each(ctx, pairs, step, func(p Pair) (judge.Verdict, error) { return plain.Compare(ctx, p.Before, p.After) })
	if err != nil {
		return c, err
	}
	var x [][]float64
	var y []bool
	for i, v := range read {
		if v.Pairs == 0 {
			continue
		}
		x = append(x, []float64{1, judge.Logit(v.Reversal), judge.Logit(v.Whole), math.Log(float64(v.Pairs))})
		y = append(y, pairs[i].Label == "reversal")
	}
	w := logistic(x, y)
	c.Statement = judge.Aggregation{Constant: w[0], Slope: w[1], Whole: w[2], PerPair: w[3]}

	held, err := each(ctx, stances, step, func(s Stance) (judge.Stance, error) { return plain.Stance(ctx, s.Passage, s.Proposition) })
	if err != nil {
		return c, err
	}
	c.Temperature = map[string]float64{}
	if len(stances) > 0 {
		c.Temperature["stance"] = temperature(len(held), func(i int) ([]float64, int) {
			p := []float64{held[i].Affirms, held[i].Denies, held[i].Qualifies, held[i].Silent}
			for k, label := range stanceLabels {
				if label == stances[i].Label {
					return p, k
				}
			}
			return p, 3
		})
	}

	// Verdicts are of whole statements, and sets of these alone tell how precise they are; where there are none, all pairs do.
	whole := 0
	for _, is := range statements {
		if is {
			whole++
		}
	}
	var turns, changes []scored
	for i, v := range read {
		if whole >= 100 && !statements[i] {
			continue
		}
		r := c.Statement.Calibrated(v.Reading, v.Whole, v.Pairs)
		if pairs[i].Label != "softening" {
			turns = append(turns, scored{r.Reversal, pairs[i].Label == "reversal"})
		}
		changes = append(changes, scored{r.Reversal + r.Softening, pairs[i].Label != "none"})
	}
	_, c.Reversal = recallAt(turns, reversalPrecision)
	_, c.Softening = surely(changes, softeningPrecision)
	return c, nil
}

// logistic fits the weights of a logistic regression by Newton's method, with a slight pull towards zero.
func logistic(x [][]float64, y []bool) []float64 {
	const ridge = 1e-3
	n := len(x[0])
	w := make([]float64, n)
	for range 50 {
		g, h := make([]float64, n), make([][]float64, n)
		for a := range h {
			h[a] = make([]float64, n)
			h[a][a] = ridge
			g[a] = -ridge * w[a]
		}
		for i, row := range x {
			z := 0.0
			for a, v := range row {
				z += w[a] * v
			}
			p := 1 / (1 + math.Exp(-z))
			gap := -p
			if y[i] {
				gap++
			}
			for a, v := range row {
				g[a] += gap * v
				for b, u := range row {
					h[a][b] += p * (1 - p) * v * u
				}
			}
		}
		size := 0.0
		for a, d := range solve(h, g) {
			w[a] += d
			size += math.Abs(d)
		}
		if size < 1e-9 {
			break
		}
	}
	return w
}

// solve gives the solution of a small positive definite system by elimination. It overwrites both.
func solve(m [][]float64, v []float64) []float64 {
	n := len(v)
	for i := range n {
		for k := i + 1; k < n; k++ {
			by := m[k][i] / m[i][i]
			for c := i; c < n; c++ {
				m[k][c] -= by * m[i][c]
			}
			v[k] -= by * v[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for c := i + 1; c < n; c++ {
			v[i] -= m[i][c] * v[c]
		}
		v[i] /= m[i][i]
	}
	return v
}

// temperature is that by which probabilities of temperature one fit what was so best, by the likelihood: golden section
// search between 1/4 and 4.
func temperature(n int, at func(i int) (p []float64, gold int)) float64 {
	loss := func(logT float64) float64 {
		sum, by := 0.0, math.Exp(-logT)
		for i := range n {
			p, gold := at(i)
			total := 0.0
			for _, q := range p {
				total += math.Pow(math.Max(q, 1e-9), by)
			}
			sum -= by*math.Log(math.Max(p[gold], 1e-9)) - math.Log(total)
		}
		return sum
	}
	golden := (math.Sqrt(5) - 1) / 2
	a, b := math.Log(.25), math.Log(4.)
	for b-a > 1e-3 {
		c, d := b-golden*(b-a), a+golden*(b-a)
		if loss(c) < loss(d) {
			b = d
		} else {
			a = c
		}
	}
	return math.Exp((a + b) / 2)
}
