package opinion

import (
	"strings"
	"testing"

	"volteface/internal/statement"
)

// Two of three decide; a void answer is none.
func TestCount(t *testing.T) {
	for votes, want := range map[string]string{
		"":       "?",
		"r":      "?~",
		"rR":     "reversal",
		"nN":     "none",
		"rN":     "?",
		"rNn":    "none",
		"rNr":    "reversal",
		"rNs":    "undecided",
		"x":      "?",
		"xr":     "?~",
		"xx":     "?~",
		"xxR":    "?", // the order that has not been answered
		"xxRr":   "reversal",
		"xxRn":   "undecided",
		"xxRxx":  "undecided",
		"xxXX":   "void",
		"rXX":    "?~",
		"rXXX":   "?~",
		"rXXR":   "reversal",
		"rXXXX":  "undecided",
		"rXR":    "reversal",
		"rNx":    "?",
		"rNxx":   "undecided",
		"rNxn":   "none",
		"xrXN":   "?",
		"xrXNxn": "none",
	} {
		var cast []Vote
		for _, v := range votes {
			low := strings.ToLower(string(v))
			cast = append(cast, Vote{Swapped: low != string(v), Void: low == "x", Verdict: map[string]statement.Verdict{"r": "reversal", "s": "softening", "n": "none"}[low]})
		}
		verdict, outcome, swapped := Count(cast)
		got := string(outcome)
		switch {
		case outcome == Decided:
			got = string(verdict)
		case outcome == Open && swapped:
			got = "?~"
		case outcome == Open:
			got = "?"
		}
		if got != want {
			t.Errorf("%s: %s, not %s", votes, got, want)
		}
	}
}

// Whatever is answered, a question ends after six answers.
func TestCountEnds(t *testing.T) {
	kinds := []Vote{{Void: true}, {Verdict: statement.VerdictReversal}, {Verdict: statement.VerdictSoftening}, {Verdict: statement.VerdictNone}}
	var try func(votes []Vote)
	try = func(votes []Vote) {
		_, outcome, swapped := Count(votes)
		if outcome != Open {
			return
		}
		if len(votes) == 6 {
			t.Fatalf("%+v", votes)
		}
		for _, k := range kinds {
			k.Swapped = swapped
			try(append(votes[:len(votes):len(votes)], k))
		}
	}
	try(nil)
}
