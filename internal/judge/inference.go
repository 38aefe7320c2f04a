package judge

import (
	"context"
	"errors"
)

// Inference is a premise, taken to be true, and a hypothesis beside it.
type Inference struct{ Premise, Hypothesis string }

// Inferred is what a premise makes of a hypothesis, as probabilities that add up to one (Dagan et al. 2005; the labels are
// those of SNLI, Bowman et al. 2015).
type Inferred struct {
	Entailment    float64 // who holds the premise true holds the hypothesis true
	Neutral       float64 // it may be true or not
	Contradiction float64 // it cannot be true
}

// TellsInferences tells whether Inferences has an answer.
func (j *Judge) TellsInferences() bool { return j.heads["nli"].bias != nil }

// ErrNoInferences is the error of a judge in a folder that was not taught inference.
var ErrNoInferences = errors.New("this judge does not tell what follows from what")

// Inferences reads what each premise makes of its hypothesis, in any of the judge's languages, also across languages. What of
// the two is beyond 256 pieces is cut, the longer first. The error is ctx's, or ErrNoInferences.
func (j *Judge) Inferences(ctx context.Context, list []Inference) ([]Inferred, error) {
	if !j.TellsInferences() {
		return nil, ErrNoInferences
	}
	sides := make([][2]string, len(list))
	for i, x := range list {
		sides[i] = [2]string{x.Premise, x.Hypothesis}
	}
	out := make([]Inferred, len(list))
	err := j.read(ctx, sides, false, func(i int, first []float32) {
		p := j.heads["nli"].probabilities(first, j.Temperature["nli"])
		out[i] = Inferred{p[0], p[1], p[2]}
	})
	return out, err
}
