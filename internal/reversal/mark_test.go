package reversal

import (
	"strings"
	"testing"

	"volteface/internal/statement"
)

func TestMarksHoldNoHalfQuotation(t *testing.T) {
	for _, c := range []struct{ text, marked, want string }{
		{"He gave “drones before the war”, he said.", "the war”", "the war"},
		{"He gave “drones before the war”, he said.", "“drones before", "drones before"},
		{"The claim is “baseless” and political.", "“baseless” and", "“baseless” and"},
		{"Er nannte es „falsch“.", "nannte es", "nannte es"},
		{"”", "”", ""},
	} {
		at := strings.Index(c.text, c.marked)
		got := unquoted(c.text, statement.Span{Start: at, End: at + len(c.marked)})
		if words := c.text[got.Start:got.End]; words != c.want {
			t.Errorf("%q: %q, want %q", c.marked, words, c.want)
		}
	}
}

// What both sides speak of carries the matter, not the turn.
func TestOwnWords(t *testing.T) {
	other := Terms("Iran has supplied no weapons for use against Ukraine.")
	for words, want := range map[string]float64{"the Ukraine": 0.5, "Ukraine,": 0, "a limited number": 1, "in a": 1} {
		if got := own(words, other); got != want {
			t.Errorf("%q: %.2f, want %.2f", words, got, want)
		}
	}
}
