package moving

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// Same reports whether two stretches of text are one to a reader, however their
// letters are written: Arabic or Persian yeh and kaf, stretched or joined forms,
// with or without a joiner that has no width.
func Same(a, b string) bool { return a == b || key(a) == key(b) }

// key is a text with one way of writing for each letter. In Arabic script words
// are parted by a space, by a joiner without width or not at all, as the writer
// likes, so that there spaces do not count.
func key(text string) string {
	const beyond = 0x400 // Latin and Greek letters are written for nothing else
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= beyond }) {
		return strings.Join(strings.Fields(text), " ")
	}
	arabic := false
	plain := strings.Map(func(r rune) rune {
		arabic = arabic || unicode.Is(unicode.Arabic, r)
		return statement.PlainLetter(r)
	}, norm.NFC.String(strings.Map(seen, text)))
	if strings.ContainsFunc(plain, func(r rune) bool { return r >= 0xfb50 && r <= 0xfefc }) {
		plain = strings.Map(statement.PlainLetter, norm.NFKC.String(plain))
	}
	if !arabic {
		return strings.Join(strings.Fields(plain), " ")
	}
	return strings.Join(strings.FieldsFunc(plain, unicode.IsSpace), "")
}

// seen takes out what has no width.
func seen(r rune) rune {
	switch r {
	case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff:
		return -1
	}
	return r
}
