package reversal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"

	"volteface/internal/claim"
)

// Engine is the built-in judge. It may be used by any number of goroutines, as long as
// each statement is prepared by one.
type Engine struct {
	Weights *Weights
}

var embedded = sync.OnceValues(func() (*Weights, error) { return loadWeights(weightsFile) })

// New is the engine with the embedded weights.
func New() *Engine {
	w, err := embedded()
	if err != nil {
		panic(err) // part of the program, and tested with it
	}
	return &Engine{Weights: w}
}

func pairUp(before, after *Statement) *pairing {
	p := pair(before.ready, after.ready)
	p.day = before.Date
	if !before.Date.IsZero() && !after.Date.IsZero() {
		p.days = after.Date.Sub(before.Date).Hours() / 24
	}
	return p
}

// Judge compares two statements. It never fails.
func (e *Engine) Judge(_ context.Context, before, after *Statement) (Verdict, error) {
	return e.Compare(before, after), nil
}

// Compare compares two statements, readying them first if need be.
func (e *Engine) Compare(before, after *Statement) Verdict {
	v, _, _ := e.compare(before, after)
	return v
}

// compare gives the candidate besides that the verdict stands on, nil if there is none, and
// the pairing that it is of.
func (e *Engine) compare(before, after *Statement) (Verdict, *candidate, *pairing) {
	Prepare(before)
	Prepare(after)
	p := pairUp(before, after)
	v := Verdict{Verdict: None, SameSpeaker: sameSpeaker(before.Speaker, after.Speaker)}
	best := e.Weights.best(p.candidates())
	if best == nil {
		return v, nil, p
	}
	v.Score = best.score
	switch {
	case best.score >= e.Weights.Alarm:
		v.Verdict = Reversal
	case best.score >= e.Weights.Soften:
		v.Verdict = Softening
	default:
		return v, nil, p
	}
	v.Kind, v.Rule = best.kind, strings.TrimPrefix(featureNames[best.rule], "rule: ")
	v.Evidence = []Evidence{p.evidence(before, after, best)}
	v.Explanation = p.explain(before, after, best, v.Verdict)
	return v, best, p
}

func sameSpeaker(a, b string) bool {
	return a != "" && strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

func (p *pairing) evidence(before, after *Statement, c *candidate) Evidence {
	s, t := &p.a.sentences[c.a], &p.b.sentences[c.b]
	return Evidence{
		Before: before.Text[s.Start:s.End], BeforeSpan: [2]int{s.Start, s.End},
		After: after.Text[t.Start:t.End], AfterSpan: [2]int{t.Start, t.End},
	}
}

// Version names the rules and weights of the engine: what another version has analysed is
// analysed again.
func (e *Engine) Version() string {
	sum := sha256.Sum256(weightsFile)
	return fmt.Sprintf("%d.%x", claim.Version, sum[:4])
}
