// Package border decides between editorial and substantive where the rules of
// the differ end: a logistic regression over a few features of one change,
// trained by volteface/internal/diff/train.
package border

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

// Names are the features, in order. All lie between 0 and 1.
var Names = []string{"added", "removed", "words", "capital", "end", "body"}

// Features describe one change.
type Features [6]float64

// Model is a trained regression.
type Model struct {
	Bias    float64   `json:"bias"`
	Weights []float64 `json:"weights"` // in the order of Names
}

//go:embed model.json
var trained []byte

// Trained is the model that comes with the program.
var Trained = sync.OnceValue(func() *Model {
	m, err := Read(trained)
	if err != nil {
		panic(err) // a test reads it
	}
	return m
})

// Read reads a model as Train's user writes it.
func Read(data []byte) (*Model, error) {
	var m Model
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read the model of edits: %w", err)
	}
	if len(m.Weights) != len(Names) {
		return nil, fmt.Errorf("the model of edits has %d weights, the program %d features", len(m.Weights), len(Names))
	}
	return &m, nil
}

// Substantive is the probability that a change matters.
func (m *Model) Substantive(f Features) float64 {
	z := m.Bias
	for i, w := range m.Weights {
		z += w * f[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// Example is a change and whether it was held to matter.
type Example struct {
	Features
	Substantive bool
	Weight      float64
}

// Train fits a model by gradient descent from zero, with an L2 penalty on the
// weights but not on the bias. The same examples in the same order give the
// same model.
func Train(examples []Example, l2 float64) *Model {
	const steps, rate = 4000, 0.3
	m := &Model{Weights: make([]float64, len(Names))}
	total := 0.0
	for _, e := range examples {
		total += e.Weight
	}
	if total == 0 {
		return m
	}
	for range steps {
		gradient, bias := make([]float64, len(Names)), 0.0
		for _, e := range examples {
			miss := m.Substantive(e.Features)
			if e.Substantive {
				miss--
			}
			miss *= e.Weight
			bias += miss
			for i, f := range e.Features {
				gradient[i] += miss * f
			}
		}
		m.Bias -= rate * bias / total
		for i := range m.Weights {
			m.Weights[i] -= rate * (gradient[i] + l2*m.Weights[i]) / total
		}
	}
	for i, w := range m.Weights { // what is written has three places
		m.Weights[i] = math.Round(w*1000) / 1000
	}
	m.Bias = math.Round(m.Bias*1000) / 1000
	return m
}
