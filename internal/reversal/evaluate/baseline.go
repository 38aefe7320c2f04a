package evaluate

import (
	"regexp"
	"strings"
)

var (
	word     = regexp.MustCompile(`[\p{L}\p{N}]+(?:['’]t)?`)
	negation = regexp.MustCompile(`(?i)\b(not|no|never|none|nobody|nothing|neither|nor|without|deny|denies|denied|reject(s|ed)?)\b|n['’]t\b`)
)

// overlapNegated is the baseline that needs no understanding: the sentences of two texts
// that share the most words, flagged where more than half is shared and just one of the
// two has a word of negation.
func overlapNegated(a, b string) (score float64, alarm bool) {
	for _, s := range sentences(a) {
		for _, t := range sentences(b) {
			if negation.MatchString(s) == negation.MatchString(t) {
				continue
			}
			if o := overlap(s, t); o > score {
				score = o
			}
		}
	}
	return score, score > 0.5
}

func sentences(text string) []string { return strings.SplitAfter(text, ". ") }

// overlap is the share of the words of the shorter sentence that the longer one has.
func overlap(a, b string) float64 {
	x, y := words(a), words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	n := 0
	for w := range x {
		if y[w] {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range word.FindAllString(strings.ToLower(s), -1) {
		if len(w) > 3 {
			m[w] = true
		}
	}
	return m
}
