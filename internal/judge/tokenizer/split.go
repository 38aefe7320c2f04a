package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordMark is U+2581, which stands for the space before a word.
const wordMark = "\u2581"

// metaspace writes a mark for each space. With prepend it puts one before a text that does not begin with one; with cut it
// begins a new stretch at every mark.
type metaspace struct {
	mark         string
	prepend, cut bool
}

func (m metaspace) split(text string, yield func(string)) {
	if text == "" {
		return
	}
	text = strings.ReplaceAll(text, " ", m.mark)
	if m.prepend && !strings.HasPrefix(text, m.mark) {
		text = m.mark + text
	}
	if !m.cut {
		yield(text)
		return
	}
	for text != "" {
		_, width := utf8.DecodeRuneInString(text)
		end := strings.Index(text[width:], m.mark)
		if end < 0 {
			yield(text)
			return
		}
		yield(text[:width+end])
		text = text[width+end:]
	}
}

// whitespaceSplit cuts at white space, which it drops.
type whitespaceSplit struct{}

func (whitespaceSplit) split(text string, yield func(string)) {
	for word := range strings.FieldsFuncSeq(text, unicode.IsSpace) {
		yield(word)
	}
}

// whole does not cut.
type whole struct{}

func (whole) split(text string, yield func(string)) {
	if text != "" {
		yield(text)
	}
}
