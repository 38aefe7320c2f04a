package reversal

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

//go:embed weights.json
var weightsFile []byte

// Weights are what the ranker has learned: a weight for each feature, by its name, and
// the scores from which a verdict is given.
type Weights struct {
	Version  int                `json:"version"`
	Trained  string             `json:"trained"`
	Alarm    float64            `json:"alarm"`
	Soften   float64            `json:"soften"`
	Bias     float64            `json:"bias"`
	Features map[string]float64 `json:"features"`

	w vector
}

func loadWeights(file []byte) (*Weights, error) {
	w := &Weights{}
	if err := json.Unmarshal(file, w); err != nil {
		return nil, fmt.Errorf("weights of the ranker: %w", err)
	}
	for i, name := range featureNames {
		w.w[i] = w.Features[name]
	}
	return w, nil
}

func (w *Weights) score(x *vector) float64 {
	z := w.Bias
	for i, v := range x {
		z += w.w[i] * v
	}
	return 1 / (1 + math.Exp(-z))
}

// prior is where learning starts and what it is drawn back to: what the rules' author
// expects of each feature. Learning may shrink a weight to nothing, never turn its sign.
var prior = vector{
	fSign: 0, fNumber: -1.2, fBlame: -0.6, fRetract: 0, fDoubt: -1.5,
	fLemma: 1.6, fAxis: 1.0, fBroad: -0.6, fNear: 0.3, fAntonym: -0.8, fScalar: -1.5,
	fCover: 2, fCoverBack: 0.6, fCoverLow: 1.5, fHeads: 1, fShared: 1.2,
	fNameMiss: -1.5, fNameMissBack: -0.5, fNameHit: 0.8,
	fActor: -3.5, fBothIssuer: 0.4, fDate: -3, fNorm: -2, fOpen: -1.5, fMention: -2, fAnother: -1.5, fRoutine: -1,
	fStrong: 0.5, fProgress: -1.5, fPlanBroken: 0.4, fBare: -1.5,
	fCorrects: 1.2, fRejectsNumber: 3, fRises: -1.5, fUnit: 0.8, fFar: 0.4, fRough: -0.5, fDayNamed: 3, fTopic: 0.3, fAgree: -2.5, fPlace: -1.5, fMoved: -1.5, fFinal: 2, fModifier: -2.5, fHeadMiss: -1.2, fHeadsBack: 0.6, fPolicy: 0.8, fFalls: 1.2, fApart: -0.8, fThere: -1, fMutual: -1, fTheme: -3.5, fSibling: -2.5,
}

const priorBias = -4.2
