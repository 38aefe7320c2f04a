package diff

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// form tells what a token is.
type form uint8

const (
	aWord form = iota
	aMark      // punctuation, symbols
	aNumber
	anAmount // a number with its currency, scale or unit
	aDate
	aQuote // a few words in quotation marks
)

// token is the smallest stretch that is compared: a word, a mark, or what must
// not be torn apart. White space is what lies between two.
type token struct {
	start, end int32 // bytes
	id         int32 // same id, same folded text
	form       form
	light      bool // says little by itself: the, of, a comma
}

// tokens cuts text[start:end] up.
func (l *lexer) tokens(text string, start, end int) []token {
	list := make([]token, 0, max((end-start)/5, strings.Count(text[start:end], " "))+8)
	for i := start; i < end; {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:end])
		}
		if isSpace(r) {
			i += n
			continue
		}
		j, ascii := i+n, r < utf8.RuneSelf
		for j < end { // up to the next space
			c := text[j]
			if c < utf8.RuneSelf {
				if c == ' ' || c >= '\t' && c <= '\r' {
					break
				}
				j++
				continue
			}
			r, n := utf8.DecodeRuneInString(text[j:end])
			if isSpace(r) {
				break
			}
			ascii = false
			j += n
		}
		if ascii {
			list = l.ascii(list, text, i, j)
		} else {
			list = l.unicode(list, text, i, j)
		}
		i = j
		if len(list) == cap(list) { // room for the rest, if it is like what has been read
			list = slices.Grow(list, int(int64(len(list))*int64(end-i)/int64(i-start))+8)
		}
	}
	return l.join(list, text)
}

// ascii cuts text[start:end], which has no spaces and no letter beyond ASCII,
// at the word boundaries of UAX #29.
func (l *lexer) ascii(list []token, text string, start, end int) []token {
	for i := start; i < end; {
		j := i + 1
		if class := asciiClass[text[i]]; class != 0 {
			for j < end {
				next := asciiClass[text[j]]
				if next != 0 {
					class = next
					j++
					continue
				}
				if j+1 < end && asciiClass[text[j+1]] == class && (class == letter && inWord(text[j]) || class == digit && inNumber(text[j])) {
					j += 2
					continue
				}
				break
			}
		}
		list = l.add(list, text[i:j], i, j)
		i = j
	}
	return list
}

const (
	letter = iota + 1
	digit
)

var asciiClass = func() (classes [utf8.RuneSelf]uint8) {
	for c := range classes {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			classes[c] = letter
		case c >= '0' && c <= '9':
			classes[c] = digit
		}
	}
	return classes
}()

func inWord(c byte) bool   { return c == '\'' || c == '.' || c == ':' }
func inNumber(c byte) bool { return c == '\'' || c == '.' || c == ',' || c == ';' }

// unicode cuts any text without spaces at the word boundaries of UAX #29, as if
// what is not seen were not there.
func (l *lexer) unicode(list []token, text string, start, end int) []token {
	chunk, skipped := text[start:end], false
	for _, r := range chunk {
		if ignorable(r) {
			skipped = true
			break
		}
	}
	if !skipped {
		for iter := words.FromString(chunk); iter.Next(); {
			list = l.add(list, iter.Value(), start+iter.Start(), start+iter.End())
		}
		return list
	}
	seen := make([]byte, 0, len(chunk))
	at := make([]int32, 0, len(chunk)) // where each byte of seen stands in the text
	for i, r := range chunk {
		if ignorable(r) {
			continue
		}
		_, n := utf8.DecodeRuneInString(chunk[i:])
		for k := range n {
			seen, at = append(seen, chunk[i+k]), append(at, int32(start+i+k))
		}
	}
	if len(seen) == 0 {
		return list // nothing is seen: it counts as white space
	}
	for iter := words.FromString(string(seen)); iter.Next(); {
		list = l.add(list, iter.Value(), int(at[iter.Start()]), int(at[iter.End()-1])+1)
	}
	return list
}

func (l *lexer) add(list []token, text string, start, end int) []token {
	id := l.word(text)
	return append(list, token{start: int32(start), end: int32(end), id: id, form: l.traits[id].form, light: l.traits[id].is&light != 0})
}
