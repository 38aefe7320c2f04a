package monitor

import (
	"testing"

	"volteface/internal/statement"
)

// A text that comes back once was retracted; one that comes back again and again
// flickers, until it says something new.
func TestReturns(t *testing.T) {
	for _, c := range []struct {
		name    string
		texts   string // revisions, oldest first; the last is the new one
		back    int
		flicker bool
	}{
		{"an edit", "ab", 0, false},
		{"a retraction", "aba", 1, false},
		{"back and forth", "abab", 2, true},
		{"still", "ababa", 3, true},
		{"something new", "ababc", 0, false},
		{"and back from it", "ababca", 3, true},
		{"three states", "abcabc", 3, true},
		{"back after many edits", "abcdefga", 1, false},
		{"too many states to be flicker", "abcdefgaga", 8, false},
		{"only the dates changed between", "aab", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var newest []statement.Revision
			for i := len(c.texts) - 2; i >= 0; i-- {
				newest = append(newest, statement.Revision{N: i + 1, Body: c.texts[i : i+1]})
			}
			back, flicker := returns(newest, statement.Document{Body: c.texts[len(c.texts)-1:]})
			n := 0
			if back != nil {
				n = back.N
			}
			if n != c.back || flicker != c.flicker {
				t.Errorf("back to %d, flicker %v; want %d, %v", n, flicker, c.back, c.flicker)
			}
		})
	}
}
