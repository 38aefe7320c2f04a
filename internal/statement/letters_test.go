package statement

import (
	"testing"
	"unicode"
)

// Every decimal digit that Unicode has is read, also where the digits of several styles stand in one row.
func TestDigit(t *testing.T) {
	for r, want := range map[rune]int{'0': 0, '7': 7, '٣': 3, '۹': 9, '४': 4, '๖': 6, '𝟎': 0, '𝟗': 9, '𝟘': 0, '𝟡': 9, '𝟿': 9, '𞥔': 4} {
		if got, ok := Digit(r); got != want || !ok {
			t.Errorf("%c is %d (%v), not %d", r, got, ok, want)
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if n, ok := Digit(r); ok != unicode.IsDigit(r) || n < 0 && ok || n > 9 && ok {
			t.Fatalf("%U: %d, %v", r, n, ok)
		}
	}
}

func TestStem(t *testing.T) {
	for word, want := range map[string]string{"": "", "iran": "iran", "drones": "drones", "negotiations": "negoti", "поставлены": "постав", "поставленные": "постав", "می\u200cکنند": "می\u200cکنن"} {
		if got := Stem([]rune(word)); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
