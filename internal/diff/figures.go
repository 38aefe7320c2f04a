package diff

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Figure is a number in digits, with its scale.
type Figure struct {
	Text string // as written: "1,7 триллиона", "20万"
	// Values are what it may be: more than one where the notation leaves it open, as 1.200 does.
	Values []float64
	// Plain is the number before its scale.
	Plain float64
}

// Same tells whether two figures may be the same number.
func (f Figure) Same(g Figure) bool {
	return slices.ContainsFunc(f.Values, func(v float64) bool {
		return slices.ContainsFunc(g.Values, func(w float64) bool { return v-w < 1e-9*max(v, w) && w-v < 1e-9*max(v, w) })
	})
}

// maxFigures is how many figures of a text are read.
const maxFigures = 4096

// Figures are the numbers in digits of any script in a text, with their scale in the languages in which official pages are most often
// read. What stands inside a word (F-16, G7) is none.
func Figures(text string) (found []Figure) {
	text = latinDigits(text)
	for at := 0; at < len(text) && len(found) < maxFigures; {
		loc := figure.FindStringIndex(text[at:])
		if loc == nil {
			break
		}
		from, to := at+loc[0], at+loc[1]
		at = to
		if r, _ := utf8.DecodeLastRuneInString(text[:from]); from > 0 && (r == '-' && from > 1 && isAlphabetic(text[:from-1]) || isAlphabetic(text[:from])) {
			continue
		}
		digits := groups.ReplaceAllStringFunc(text[from:to], func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) || r == '\'' || r == '’' {
					return -1
				}
				return r
			}, s)
		})
		v, ok := valueOf(digits)
		if !ok {
			continue
		}
		f := Figure{Plain: v, Values: []float64{v}}
		if open.MatchString(digits) { // 1.200 and 1,200: a thousand, or a little more than one
			f.Values = append(f.Values, v*1000)
			if strings.Contains(digits, ",") {
				f.Values[1] = v / 1000
			}
		}
		scale := 1.0
		for range 2 { // тысяча миллиардов
			by, n := scaleAt(text[to:])
			if n == 0 {
				break
			}
			scale, to = scale*by, to+n
		}
		for i := range f.Values {
			f.Values[i] *= scale
		}
		f.Text, at = text[from:to], to
		found = append(found, f)
	}
	return found
}

var (
	figure = regexp.MustCompile(`\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+\b|\d+(?:[.,]\d+)*`)
	groups = regexp.MustCompile(`^\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+$`)
	open   = regexp.MustCompile(`^\d{1,3}[.,]\d{3}$`)
)

// isAlphabetic tells whether a text ends with a letter of a script that has spaces between words and does not put prefixes before figures.
func isAlphabetic(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}

// scaleAt is the scale that a text begins with, and how long it is.
func scaleAt(text string) (by float64, length int) {
	word := strings.TrimLeft(text, " \u00a0\u202f-\u200c")
	lead := len(text) - len(word)
	if lead > 6 {
		return 0, 0
	}
	for _, s := range spoken {
		if len(word) < len(s.word) || !strings.EqualFold(word[:len(s.word)], s.word) {
			continue
		}
		rest := word[len(s.word):]
		if s.joined {
			return s.by, lead + len(s.word)
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if end < 0 {
			end = len(rest)
		}
		if utf8.RuneCountInString(rest[:end]) <= s.ending {
			return s.by, lead + len(word) - len(rest) + end
		}
	}
	return 0, 0
}

// spokenScale is a scale by the stem of its word, and how many letters its ending may have. joined is one of a script without spaces.
type spokenScale struct {
	word   string
	by     float64
	ending int
	joined bool
}

// spoken are the scales, the longer stem first.
var spoken = func() (all []spokenScale) {
	for _, list := range []struct {
		by     float64
		ending int
		joined bool
		words  string
	}{
		{1e12, 3, false, "trillion триллион трильйон تريليون تریلیون טריליון billón billones trilyon bilion"},
		{1e9, 4, false, "milliard milliarde миллиард мільярд مليار میلیارد ملیار מיליארד miliard miliardi milyar bilh"},
		{1e9, 1, false, "billion"},
		{1e6, 3, false, "million миллион мільйон مليون ملايين میلیون מיליון millon millón milh milion milyon juta"},
		{1e3, 3, false, "thousand тысяч тисяч tysiąc tysięcy"},
		{1e3, 2, false, "ألف آلاف ألفا الف هزار אלף אלפים ribu"},
		{1e3, 0, false, "mille mil mila tausend bin тыс тис duizend"},
		{1e6, 0, false, "млн mln mio mn"},
		{1e9, 0, false, "млрд mlrd mrd bn"},
		{1e12, 0, false, "трлн bln"},
		{1e12, 0, true, "万亿 萬億 兆 조"},
		{1e8, 0, true, "亿 億 억"},
		{1e4, 0, true, "万 萬 만"},
		{1e3, 0, true, "千 천"},
	} {
		for w := range strings.FieldsSeq(list.words) {
			all = append(all, spokenScale{w, list.by, list.ending, list.joined})
		}
	}
	slices.SortStableFunc(all, func(a, b spokenScale) int { return len(b.word) - len(a.word) })
	return all
}()
