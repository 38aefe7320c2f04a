// Package fulltext is how texts are searched, whatever database keeps the
// index: what a word is in every script, what a query means, and which part of
// a text answers it.
//
// A database indexes the words that Index gives, divided by spaces, and is
// asked for the same words by a Query; it needs to know nothing of languages.
package fulltext

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// maxWord bounds a word, in bytes; what is longer is no word, but is found by
// its beginning.
const maxWord = 96

// kinds of character.
const (
	apart   = iota // divides words
	within         // part of a word
	dropped        // neither: vowel points, the marks of accents, soft hyphens
	dense          // of a script that does not divide words: indexed in pairs
)

type folded struct {
	kind uint8
	as   string // how it is written in the index
}

// tableSize covers the scripts in everyday use, with Han, kana and Hangul.
const tableSize = 0x10000

// table says how each character is folded. It is made when first needed, which
// takes some 10 ms.
var table = sync.OnceValue(func() *[tableSize]folded {
	var t [tableSize]folded
	for r := range rune(tableSize) {
		t[r] = fold(r)
	}
	return &t
})

// plain is the table for ASCII: the character as it is indexed, 0 for what
// divides words.
var plain = func() (p [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		if f := fold(rune(c)); f.kind == within {
			p[c] = f.as[0]
		}
	}
	return p
}()

// alike are Latin letters that are written for each other, and Cyrillic ones that
// are letters of their own though they can be taken apart; for the rest see
// statement.PlainLetter.
var alike = map[rune]string{
	'й': "й", 'Й': "й", 'ї': "ї", 'Ї': "ї", 'ў': "ў", 'Ў': "ў",
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ł': "l", 'Ł': "l", 'ı': "i", 'İ': "i", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th",
}

func fold(r rune) folded {
	if as, ok := alike[r]; ok {
		return folded{within, as}
	}
	if n, ok := statement.Digit(r); ok {
		return folded{within, string(rune('0' + n))}
	}
	if plain := statement.PlainLetter(r); plain < 0 {
		return folded{kind: dropped}
	} else if plain != r {
		return folded{within, string(unicode.ToLower(plain))}
	}
	switch {
	case r >= 0xd800 && r < 0xe000, r == utf8.RuneError:
		return folded{}
	case unicode.Is(unicode.Mn, r) && !undivided(r), r == 0xad, r == 0x200d, r == 0x0640: // soft hyphen, joiner, tatweel
		return folded{kind: dropped}
	}
	var as strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, part) && !undivided(part):
		case unicode.IsLetter(part) || unicode.IsNumber(part) || unicode.IsMark(part):
			as.WriteRune(unicode.ToLower(part))
		default: // a fraction, a letter in parentheses
			return itself(r)
		}
	}
	kind := uint8(within)
	switch {
	case as.Len() == 0 || !(unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)):
		return folded{}
	case undivided(r):
		kind = dense
		if unicode.Is(unicode.Hangul, r) { // not taken apart into its letters
			return folded{kind, string(r)}
		}
	}
	return folded{kind, as.String()}
}

// itself is a character that is not taken apart.
func itself(r rune) folded {
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return folded{within, string(unicode.ToLower(r))}
	}
	return folded{}
}

// undivided are the scripts that write sentences without spaces, and Hangul,
// whose words grow endings.
func undivided(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r == 'ー' || r == '々'
}

func folding(r rune) folded {
	if r < tableSize {
		return table()[r]
	}
	return fold(r)
}

// normal puts a text into the form in which a letter and its accent are one
// character (NFC, UAX #15), as nearly all texts are.
func normal(text string) string { return norm.NFC.String(text) }

// words calls yield with each word of a text as it is indexed, and where it
// stands in the text, in bytes. A run of a script that does not divide words
// gives each pair of neighbours and its last character, so that any part of it
// is found as a phrase. The word is only valid during the call.
func words(text string, yield func(word []byte, start, end int)) {
	var word, previous []byte
	start, end, before := 0, 0, -1 // before: start of the previous dense character, -1 for none
	flush := func() {
		if len(word) > 0 {
			yield(word[:min(len(word), maxWord)], start, end)
			word = word[:0]
		}
		if before >= 0 {
			yield(previous, before, end)
			before, previous = -1, previous[:0]
		}
	}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && before < 0 { // most of most texts
			if c = plain[c]; c != 0 {
				if len(word) == 0 {
					start = i
				}
				word = append(word, c)
				end = i + 1
			} else if len(word) > 0 {
				flush()
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		f := folding(r)
		switch f.kind {
		case apart:
			flush()
		case within:
			if before >= 0 {
				flush()
			}
			if len(word) == 0 {
				start = i
			}
			word = append(word, f.as...)
			end = i + size
		case dense:
			if len(word) > 0 {
				flush()
			}
			if before >= 0 {
				pair := len(previous)
				previous = append(previous, f.as...)
				yield(previous, before, i+size)
				previous = append(previous[:0], previous[pair:]...)
			} else {
				previous = append(previous[:0], f.as...)
			}
			before, end = i, i+size
		}
		i += size
	}
	flush()
}

// Index is a text as it is to be indexed: its words, folded, divided by spaces.
func Index(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/16)
	words(normal(text), func(word []byte, _, _ int) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.Write(word)
	})
	return b.String()
}
