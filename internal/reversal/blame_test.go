package reversal

import "testing"

// A claim that names little is lent words by the sentence before it; they name
// no culprit.
func TestBlameOfALentWord(t *testing.T) {
	for _, text := range []string{"The convoy near Raqqa was bombed on Monday by jets. They hit it.", "Investigators looked at the bridge collapse in Genoa. It was their fault."} {
		before := &Statement{Text: text}
		after := &Statement{Text: "The convoy near Raqqa was hit by rebel rockets. The contractor is responsible for the bridge collapse in Genoa."}
		New().Compare(before, after)
		New().Compare(after, before)
	}
}
