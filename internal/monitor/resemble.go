package monitor

import (
	"unicode"

	"volteface/internal/statement"
)

// resemblance is the share of the runs of three words that two texts have in
// common (Broder's resemblance, "On the resemblance and containment of
// documents", 1997), from 0 to 1: one sentence put into a page of text leaves
// it near 1. Texts of less than three words are alike only if they are the same.
func resemblance(a, b string) float64 {
	if a == b {
		return 1
	}
	x, y := runs(a), runs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	shared := 0
	for run := range x {
		if y[run] {
			shared++
		}
	}
	return float64(shared) / float64(len(x)+len(y)-shared)
}

// runs are the runs of three words of a text.
func runs(text string) map[[3]string]bool {
	all := map[[3]string]bool{}
	var last [3]string
	n := 0
	for _, word := range wordsOf(text) {
		last[0], last[1], last[2] = last[1], last[2], word
		if n++; n >= 3 {
			all[last] = true
		}
	}
	return all
}

// wordsOf are the words of a text without regard to case and punctuation; where
// a script sets no spaces between words, each letter is one.
func wordsOf(text string) (words []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	for _, r := range text {
		switch {
		case statement.Unspaced(r):
			end()
			words = append(words, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word = append(word, unicode.ToLower(r))
		default:
			end()
		}
	}
	end()
	return words
}

// sameDay reports whether two dates are known and name the same day, each by
// its own clock.
func sameDay(a, b statement.Date) bool {
	return !a.Time.IsZero() && !b.Time.IsZero() && a.Figures() == b.Figures()
}
