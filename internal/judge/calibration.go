package judge

import "math"

// Calibration is what is fitted on labelled sets apart from training; evaluate.Calibrate fits it, and model/calibration.json
// holds that of the embedded judge.
type Calibration struct {
	// Temperature divides a head's logits before the softmax (Guo et al. 2017), by the head's name; 0 stands for 1.
	Temperature map[string]float64 `json:"temperature,omitempty"`
	// Statement is how the pairs of passages of two whole statements become one verdict.
	Statement Aggregation `json:"statement"`
	// Reversal is the probability of a reversal from which it is the verdict.
	Reversal float64 `json:"reversal"`
	// Softening is the probability of a reversal or a softening together from which the verdict is at least a softening.
	Softening float64 `json:"softening"`
	// Stream is what a reading of two passages is worth that were found in a stream, where next to nothing is a turn.
	Stream Odds `json:"stream"`
}

// Odds corrects a probability on the log-odds (Platt 1999). The zero value leaves it as it is.
type Odds struct {
	Slope    float64 `json:"slope"`
	Constant float64 `json:"constant"`
}

// Calibrated is a probability corrected.
func (o Odds) Calibrated(p float64) float64 {
	if o == (Odds{}) {
		return p
	}
	return 1 / (1 + math.Exp(-(o.Slope*Logit(p) + o.Constant)))
}

// IsReversal tells whether a reading is above the threshold of a reversal.
func (c Calibration) IsReversal(r Reading) bool { return r.Reversal >= c.Reversal }

// IsSoftening tells whether a reading that is no reversal is above the threshold of a softening.
func (c Calibration) IsSoftening(r Reading) bool {
	return !c.IsReversal(r) && r.Reversal+r.Softening >= c.Softening
}

// With is the same judge with another calibration.
func (j *Judge) With(c Calibration) *Judge {
	other := *j
	other.Calibration = c
	return &other
}
