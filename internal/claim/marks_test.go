package claim

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Patterns that are not tried would not have matched.
func TestMarksOf(t *testing.T) {
	var pieces []string
	for _, list := range leads() {
		for _, l := range list {
			if l.text == "" {
				t.Fatalf("pattern %d may begin with anything", l.pattern)
			}
			pieces = append(pieces, strings.TrimSpace(l.text))
		}
	}
	pieces = append(pieces, "table", "year", "quarter", "s", "uous", "ly", "-", "x", "since", "é", "to comment", "stands", "is unclear", "been", "order")
	r := rand.New(rand.NewPCG(1, 1))
	found := Marks(0)
	for range 3000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(5) > 0 {
				b.WriteByte(' ')
			}
		}
		text := b.String()
		want := Marks(0)
		for _, p := range markPatterns {
			if p.re.MatchString(text) {
				want |= p.mark
			}
		}
		if got := marksOf(text); got != want {
			t.Fatalf("%q: %b, not %b", text, got, want)
		}
		found |= want
	}
	for _, p := range markPatterns {
		if !found.Has(p.mark) {
			t.Errorf("nothing matched %s", p.re)
		}
	}
}
