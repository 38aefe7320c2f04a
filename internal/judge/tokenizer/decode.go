package tokenizer

import (
	"strings"
	"unicode/utf8"
)

// decode makes a text valid UTF-8: each maximal part of an ill-formed sequence becomes one U+FFFD (Unicode 17, section 3.9,
// "substitution of maximal subparts"), as Python, browsers and WHATWG's decoder have it. Go's range would give one for each byte.
func decode(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var out strings.Builder
	out.Grow(len(text) + 8)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			out.WriteString("\uFFFD")
			i += maximalPart(text[i:])
			continue
		}
		out.WriteString(text[i : i+n])
		i += n
	}
	return out.String()
}

// maximalPart is the length of the ill-formed start of s: the longest stretch that begins some well-formed sequence, or one byte.
func maximalPart(s string) int {
	low, high, want := byte(0x80), byte(0xBF), 0
	switch b := s[0]; {
	case 0xC2 <= b && b <= 0xDF:
		want = 1
	case b == 0xE0:
		low, want = 0xA0, 2
	case b == 0xED:
		high, want = 0x9F, 2
	case 0xE1 <= b && b <= 0xEF:
		want = 2
	case b == 0xF0:
		low, want = 0x90, 3
	case b == 0xF4:
		high, want = 0x8F, 3
	case 0xF1 <= b && b <= 0xF3:
		want = 3
	}
	n := 1
	for n < len(s) && n <= want && low <= s[n] && s[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}
