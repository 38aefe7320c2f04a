package reversal

import (
	"strings"
	"testing"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Words such as "Nothing." take a stance only on what they were asked.
func TestShortWordsTakeAStanceOnWhatTheyWereAsked(t *testing.T) {
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	s := NewSearch(j, &memory{})
	watched := func(text string) bool { return strings.Contains(text, "drones") }
	for _, c := range []struct {
		question, text string
		taken          bool
	}{
		{"Did you supply drones to Russia?", "No.", true},
		{"Did you supply them to Russia or not?", "No.", false},
		{"", "No.", false},
		{"", "We have not supplied any drones to Russia.", true},
	} {
		got, err := s.Stances(t.Context(), []string{"We supplied drones to Russia."}, watched,
			[]statement.Passage{{Text: c.text, Question: c.question, Voice: statement.VoiceIssuer}})
		if err != nil {
			t.Fatal(err)
		}
		if _, taken := got[0]; taken != c.taken {
			t.Errorf("%q, asked %q: %+v", c.text, c.question, got)
		}
	}
}
