package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// Texts are compared as a reader sees them: which of several marks stands for
// an apostrophe, a quotation mark or a dash, how an accented letter is encoded,
// what has no width, and how wide a space is, make no difference. What is
// stored and shown stays as published.

// folded is the rune that stands for r in comparisons; -1 if r is not seen.
func folded(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case ignorable(r):
		return -1
	}
	if r >= 0x400 {
		if r = statement.PlainLetter(r); r < 0 {
			return -1
		}
	}
	switch r {
	case '‘', '’', '‚', '‛', 'ʼ', '′', '´', '＇':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»', '〝', '〞', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '－':
		return '-'
	case '\u2024':
		return '.'
	}
	return r
}

// ignorable tells what takes no room on the page: soft hyphens, joiners, marks
// of direction, variation selectors (Unicode, Default_Ignorable_Code_Point,
// without the fillers that are seen).
func ignorable(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return false
}

// ligatures are the Latin presentation forms that some editors insert.
var ligatures = map[rune]string{'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st"}

// fold is the form of a text in which it is compared. White space of any kind
// and length is one space.
func fold(text string) string {
	if asIs(text) {
		return text
	}
	return string(appendFolded(make([]byte, 0, len(text)), text))
}

// asIs tells whether a text is its own folded form because it has nothing but
// visible ASCII and single spaces. It looks at eight bytes at a time: every
// text is looked at.
func asIs(text string) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(text); i += 8 {
		t := text[i : i+8]
		x := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 | uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		if (x|(x-ones*' ')&^x)&high != 0 { // a byte of 0x80 and more, or below a space
			return false
		}
	}
	for ; i < len(text); i++ {
		if text[i] < ' ' || text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return !strings.Contains(text, "  ")
}

func appendFolded(out []byte, text string) []byte {
	from, marks := len(out), false
	for i := 0; i < len(text); {
		if c := text[i]; c < 0x80 && c != ' ' && (c < '\t' || c > '\r') {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			out = append(out, text[i]) // invalid bytes are compared as they are
		case isSpace(r):
			if len(out) == from || out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			if l, ok := ligatures[r]; ok {
				out = append(out, l...)
			} else if shown, joined := presented(r); joined {
				out = append(out, fold(shown)...)
			} else if f := folded(r); f >= 0 {
				out = utf8.AppendRune(out, f)
				marks = marks || r >= 0x300
			}
		}
		i += n
	}
	if marks && !norm.NFC.IsNormal(out[from:]) {
		out = append(out[:from], norm.NFC.Bytes(out[from:])...)
	}
	return out
}

// presented gives the letters that an Arabic presentation form shows (UAX #15,
// compatibility decomposition).
func presented(r rune) (letters string, is bool) {
	if r < 0xfb50 || r > 0xfdff && r < 0xfe70 || r > 0xfefc {
		return "", false
	}
	letters = norm.NFKC.String(string(r))
	return letters, letters != string(r)
}

func isSpace(r rune) bool {
	if r < 0x80 {
		return r == ' ' || r >= '\t' && r <= '\r'
	}
	return r == 0x85 || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000 || r == 0x1680 || r > 0x3000 && unicode.IsSpace(r)
}
