package evaluate

import (
	"math"
	"testing"
)

func TestMeasure(t *testing.T) {
	m := Of([]Scored{
		{Score: 0.9, Alarm: true, Gold: true}, {Score: 0.8, Alarm: true, Gold: false},
		{Score: 0.4, Gold: true}, {Score: 0.1, Gold: false},
	})
	if m.Precision != 0.5 || m.Recall != 0.5 || m.FalseAlarm != 1 || m.Positive != 2 {
		t.Errorf("%+v", m)
	}
	if want := (1.0 + 2.0/3) / 2; math.Abs(m.AveragePrecision-want) > 1e-9 {
		t.Errorf("average precision %f, not %f", m.AveragePrecision, want)
	}
}

// Equal scores earn nothing by the order of the file.
func TestAveragePrecisionOfEqualScores(t *testing.T) {
	m := Of([]Scored{{Score: 1, Gold: true}, {Score: 1}, {Score: 1}})
	if math.Abs(m.AveragePrecision-1.0/3) > 1e-9 {
		t.Errorf("%f", m.AveragePrecision)
	}
}

func TestOverlapBaseline(t *testing.T) {
	if _, alarm := overlapNegated("We did not sell tanks to the rebels.", "We did sell tanks to the rebels."); !alarm {
		t.Error("missed")
	}
	if _, alarm := overlapNegated("We sold tanks to the rebels.", "We sold tanks to the rebels."); alarm {
		t.Error("no side is negated")
	}
}
