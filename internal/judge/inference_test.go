package judge

import (
	"errors"
	"testing"
)

// What is said again follows both ways; its denial contradicts it. Which is likelier is asked, not how likely.
func TestInferences(t *testing.T) {
	j, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	a, same, not := "The government supports the treaty.", "Правительство поддерживает договор.", "The government does not support the treaty."
	got, err := j.Inferences(t.Context(), []Inference{{a, a}, {a, same}, {a, not}})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range got {
		if sum := x.Entailment + x.Neutral + x.Contradiction; sum < .999 || sum > 1.001 {
			t.Errorf("%d: the probabilities add up to %g", i, sum)
		}
		if i < 2 && x.Entailment <= x.Contradiction || i == 2 && x.Contradiction <= x.Entailment {
			t.Errorf("%d: %+v", i, x)
		}
	}
	mute := *j
	mute.heads = nil
	if _, err := mute.Inferences(t.Context(), nil); !errors.Is(err, ErrNoInferences) || mute.TellsInferences() {
		t.Errorf("a judge without the head gave %v", err)
	}
}
