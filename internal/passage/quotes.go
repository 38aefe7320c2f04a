package passage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// closers of each mark that opens a quotation, by the usages of the judge's languages. The German „…“ and »…«, the Swedish
// ”…” and the typewriter's marks are among them.
var closers = map[rune]string{'"': "\"", '“': "”\"", '„': "“”\"", '«': "»", '»': "«", '”': "”", '「': "」", '『': "』", '＂': "＂", '‟': "”", '〝': "〞", '״': "״"}

// quotation is a stretch between two marks, without them.
type quotation struct {
	from, to int
	open     bool // no mark ends it: it ends with its paragraph
}

// quotations are those of a stretch of a text, in order.
func quotations(text string, from, to int) []quotation {
	var out []quotation
	var end string
	start := 0
	before := ' '
	for at := from; at < to; {
		c, size := utf8.DecodeRuneInString(text[at:to])
		after := ' '
		if at+size < to {
			after, _ = utf8.DecodeRuneInString(text[at+size : to])
		}
		switch ends, opens := closers[c]; {
		case end != "":
			if strings.ContainsRune(end, c) && !(c == '"' && unicode.IsLetter(before) && unicode.IsLetter(after)) {
				out = append(out, quotation{from: start, to: at})
				end = ""
			}
		case opens && !unicode.IsSpace(after) && (!unicode.IsLetter(before) && !unicode.IsDigit(before) || c == '“' || c == '«' || c == '「' || c == '『'):
			end, start = ends, at+size
		}
		before = c
		at += size
	}
	if end != "" {
		out = append(out, quotation{from: start, to: to, open: true})
	}
	return out
}
