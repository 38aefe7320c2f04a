package statement

import (
	"strings"
	"unicode"
)

// alike are letters that are written for each other, in Arabic script mostly by
// keyboard: Persian and Arabic kaf and yeh, alef with and without hamza. A
// Russian ё is mostly printed as е.
var alike = map[rune]rune{
	'ك': 'ک', 'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ؤ': 'و', 'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ة': 'ه', 'ۀ': 'ه', 'ە': 'ه',
	'ё': 'е', 'Ё': 'Е',
}

// PlainLetter is the letter that a letter is written for, in searches and when
// texts are compared: itself for most; -1 for what only stretches or marks another
// one (tatweel, Arabic vowel points). Arabic digits are the Persian ones. Unicode's
// presentation forms (U+FB50 to U+FDFF, U+FE70 to U+FEFC) are not taken apart: that
// is the compatibility decomposition's (UAX #15).
func PlainLetter(r rune) rune {
	switch {
	case r < 0x400:
		return r
	case r == 0x640, r >= 0x64b && r <= 0x652, r == 0x670:
		return -1
	case r >= 0x660 && r <= 0x669:
		return r + 0x90
	}
	if as, ok := alike[r]; ok {
		return as
	}
	return r
}

// Digit is the value of a decimal digit of any script (Unicode, category Nd, which keeps those of a script in rows from 0 to 9).
func Digit(r rune) (value int, ok bool) {
	if r < 0x80 {
		return int(r - '0'), r >= '0' && r <= '9'
	}
	for _, row := range unicode.Nd.R16 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r >= rune(row.Lo) && r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10, true
		}
	}
	return 0, false
}

// Unspaced tells letters of scripts that put no spaces between words.
func Unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// stemLetters is at how many letters a word is cut.
const stemLetters = 6

// Stem is a word without what bends it, as far as six letters tell: truncation, which does for retrieval in European languages
// what a stemmer does (McNamee and Mayfield 2004). A shorter word is its own stem.
func Stem(word []rune) string { return string(word[:min(len(word), stemLetters)]) }

// Letters are what of a text says the same however it is set: its letters and digits, in lower case.
func Letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
