package tokenizer

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The four normal forms of UAX #15, as `tokenizers` has them: by Unicode 9 (see unicode9), and without x/text's stream-safe
// process, which puts a joiner after thirty combining marks.
type (
	nfc  struct{}
	nfd  struct{}
	nfkc struct{}
	nfkd struct{}
)

func (nfc) normalize(s string) string  { return normalForm(s, norm.NFC, norm.NFD, true) }
func (nfd) normalize(s string) string  { return normalForm(s, norm.NFD, norm.NFD, false) }
func (nfkc) normalize(s string) string { return normalForm(s, norm.NFKC, norm.NFKD, true) }
func (nfkd) normalize(s string) string { return normalForm(s, norm.NFKD, norm.NFKD, false) }

// normalForm decomposes by one form and composes if asked to. Text that has the wanted form comes back as it is.
func normalForm(s string, want, by norm.Form, compose bool) string {
	if want.IsNormalString(s) {
		return s
	}
	marks := decomposed(s, by)
	reorder(marks)
	if compose {
		marks = composed(marks)
	}
	out := make([]byte, 0, len(s)+len(s)/8)
	for _, m := range marks {
		out = utf8.AppendRune(out, m.r)
	}
	return string(out)
}

// mark is a character and its canonical combining class; a starter's is 0.
type mark struct {
	r     rune
	class uint8
}

func decomposed(s string, by norm.Form) []mark {
	marks := make([]mark, 0, len(s))
	for i, r := range s {
		if r < utf8.RuneSelf || unicode.Is(unicode9, r) {
			marks = append(marks, mark{r, 0})
			continue
		}
		if h := r - hangulBase; 0 <= h && h < hangulCount {
			marks = append(marks, mark{leadBase + h/(vowelCount*tailCount), 0}, mark{vowelBase + h/tailCount%vowelCount, 0})
			if h%tailCount > 0 {
				marks = append(marks, mark{tailBase + h%tailCount, 0})
			}
			continue
		}
		p := by.PropertiesString(s[i:])
		d := p.Decomposition()
		if d == nil {
			marks = append(marks, mark{r, p.CCC()})
		}
		for len(d) > 0 {
			r, n := utf8.DecodeRune(d)
			marks = append(marks, mark{r, by.Properties(d).CCC()})
			d = d[n:]
		}
	}
	return marks
}

// reorder sorts the marks between starters by their class (the canonical ordering algorithm).
func reorder(marks []mark) {
	for i := 0; i < len(marks); i++ {
		from := i
		for i < len(marks) && marks[i].class > 0 {
			i++
		}
		if i-from > 1 {
			slices.SortStableFunc(marks[from:i], func(a, b mark) int { return int(a.class) - int(b.class) })
		}
	}
}

// composed joins starters with what follows them, in place (the canonical composition algorithm).
func composed(marks []mark) []mark {
	out := marks[:0]
	starter := -1 // the place of the last starter in out
	for _, m := range marks {
		if starter >= 0 {
			last := out[len(out)-1]
			// Blocked if something of the same or a higher class stands between.
			if len(out)-1 == starter || last.class < m.class {
				if c, ok := composite(out[starter].r, m.r); ok {
					out[starter].r = c
					continue
				}
			}
		}
		if m.class == 0 {
			starter = len(out)
		}
		out = append(out, m)
	}
	return out
}

// Hangul syllables are composed by arithmetic (Unicode 17, section 3.12).
const (
	hangulBase, leadBase, vowelBase, tailBase = 0xAC00, 0x1100, 0x1161, 0x11A7
	leadCount, vowelCount, tailCount          = 19, 21, 28
	hangulCount                               = leadCount * vowelCount * tailCount
)

func composite(a, b rune) (rune, bool) {
	if b < 0x300 {
		return 0, false
	}
	if l, v := a-leadBase, b-vowelBase; 0 <= l && l < leadCount && 0 <= v && v < vowelCount {
		return hangulBase + (l*vowelCount+v)*tailCount, true
	}
	if h, t := a-hangulBase, b-tailBase; 0 <= h && h < hangulCount && h%tailCount == 0 && 0 < t && t < tailCount {
		return a + t, true
	}
	var pair [2 * utf8.UTFMax]byte
	s := utf8.AppendRune(utf8.AppendRune(pair[:0], a), b)
	if norm.NFC.Properties(s[utf8.RuneLen(a):]).BoundaryBefore() || unicode.Is(unicode9, a) || unicode.Is(unicode9, b) {
		return 0, false
	}
	joined := norm.NFC.Bytes(s)
	r, n := utf8.DecodeRune(joined)
	return r, n == len(joined) && !unicode.Is(unicode9, r)
}
