package language

import (
	"unicode"

	"volteface/internal/nlp/language/table"
)

// script is what a letter is written in.
type script int

const (
	none script = iota // no letter
	latin
	cyrillic
	arabic
	devanagari
	han
	kana
	other // the first of the scripts that tell their language
)

// single are the scripts with one language that is worth naming, and letters of which nothing is known ("").
var single = []struct {
	name, language string
	letters        *unicode.RangeTable
}{
	{"Hangul", "ko", unicode.Hangul},
	{"Greek", "el", unicode.Greek},
	{"Hebrew", "he", unicode.Hebrew},
	{"Thai", "th", unicode.Thai},
	{"Georgian", "ka", unicode.Georgian},
	{"Armenian", "hy", unicode.Armenian},
	{"Bengali", "bn", unicode.Bengali},
	{"Gujarati", "gu", unicode.Gujarati},
	{"Gurmukhi", "pa", unicode.Gurmukhi},
	{"Tamil", "ta", unicode.Tamil},
	{"Telugu", "te", unicode.Telugu},
	{"Kannada", "kn", unicode.Kannada},
	{"Malayalam", "ml", unicode.Malayalam},
	{"Sinhala", "si", unicode.Sinhala},
	{"Khmer", "km", unicode.Khmer},
	{"Lao", "lo", unicode.Lao},
	{"Myanmar", "my", unicode.Myanmar},
	{"Ethiopic", "am", unicode.Ethiopic},
	{"any", "", unicode.L},
}

const (
	scripts = other + 19
	mark    = scripts // a combining mark, which belongs to the letter before it
)

func (s script) tabled() bool { return latin <= s && s <= devanagari }

func (s script) name() string {
	return [...]string{latin: "Latin", cyrillic: "Cyrillic", arabic: "Arabic", devanagari: "Devanagari"}[s]
}

func (s script) table() *table.Group {
	if !s.tabled() {
		return nil
	}
	return tables()[s.name()]
}

// only is the language of a script that has one, or "".
func (s script) only() string {
	switch {
	case s == han:
		return "zh"
	case s == kana:
		return "ja"
	case s >= other:
		return single[s-other].language
	}
	return ""
}

func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return latin
		}
		return none
	case r < 0x250:
		if unicode.IsLetter(r) {
			return latin
		}
		return none
	// What is frequent first; the tables of the package unicode are slow.
	case 0x400 <= r && r <= 0x481 || 0x48A <= r && r < 0x530:
		return cyrillic
	case 0x620 <= r && r <= 0x63F || 0x641 <= r && r <= 0x64A || 0x671 <= r && r <= 0x6D3:
		return arabic
	case 0x4E00 <= r && r <= 0x9FFF:
		return han
	case 0x3041 <= r && r <= 0x3096 || 0x30A1 <= r && r <= 0x30FA || r == 0x30FC:
		return kana
	case 0xAC00 <= r && r <= 0xD7A3:
		return other // Hangul
	case 0x2000 <= r && r <= 0x206F || 0x3000 <= r && r <= 0x3004 || 0xFF00 <= r && r <= 0xFF0F:
		return none
	case unicode.Is(unicode.M, r) || r == 0x640: // the Arabic letters' stretcher
		return mark
	case !unicode.IsLetter(r):
		return none
	case unicode.Is(unicode.Arabic, r):
		return arabic
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r):
		return kana
	case unicode.Is(unicode.Devanagari, r):
		return devanagari
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	}
	for i := range single {
		s := &single[i]
		if unicode.Is(s.letters, r) {
			return other + script(i)
		}
	}
	return none
}
