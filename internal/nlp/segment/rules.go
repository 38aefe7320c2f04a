package segment

import (
	"errors"
	"strings"
	"unicode"

	"volteface/internal/nlp/wordform"
)

var errSize = errors.New("segment: the model has weights of another size")

type verdict uint8

const (
	open verdict = iota // the classifier decides
	never
	always
)

// rule decides where official prose leaves no doubt, or where treebanks of the web
// know too little.
func rule(t []token, first, i, label int) verdict {
	if i < label {
		if i == label-1 {
			return always
		}
		return never
	}
	c, n := &t[i], &t[i+1]
	switch {
	case titles[wordform.Normal(c.text)] && n.first == classUpper:
		return never
	case !c.spaced && c.mark == 0 && n.mark != 0:
		return never // a mark belongs to the word it touches
	case (c.text == "No." || c.text == "Nos." || c.text == "no." || c.text == "Art." || c.text == "para.") && n.first == classDigit:
		return never
	case isInitial(c.text) && n.first == classUpper && i > first && (t[i-1].first == classUpper || titles[wordform.Normal(t[i-1].text)]):
		return never // J. D. Vance, George W. Bush
	}
	return open
}

// titles stand before a name and do not end a sentence.
var titles = map[string]bool{
	"mr.": true, "mrs.": true, "ms.": true, "dr.": true, "prof.": true, "h.e.": true, "h.r.h.": true, "hon.": true, "rev.": true,
	"gen.": true, "lt.": true, "col.": true, "maj.": true, "capt.": true, "cmdr.": true, "adm.": true, "sgt.": true, "brig.": true,
	"sen.": true, "rep.": true, "gov.": true, "pres.": true, "amb.": true, "sec.": true, "st.": true, "messrs.": true,
	"fr.": true, "sr.": true, "ayatollah": true, "v.": true, "vs.": true,
}

func isInitial(s string) bool {
	return len(s) == 2 && s[1] == '.' && s[0] >= 'A' && s[0] <= 'Z'
}

// labelLength is the number of tokens of a speaker's label at the start of a
// paragraph, 0 if there is none: "MS. JEAN-PIERRE:", "THE PRESIDENT:",
// "SENIOR ADMINISTRATION OFFICIAL:", "Q", "QUESTION:".
func labelLength(t []token) int {
	switch {
	case len(t) == 0:
		return 0
	case len(t) == 1 && t[0].text == "Q":
		return 1
	case len(t) == 1:
		return 0
	}
	if t[0].text == "Q" && t[0].spaced && (t[1].first == classUpper || t[1].mark != 0) && !(t[1].mark == '.' || t[1].mark == ',') {
		if t[1].text == ":" {
			return 2
		}
		if t[1].mark == '&' {
			return 0
		}
		return 1
	}
	capitals, most := 0, min(len(t), 12)
	for i := range most {
		x := &t[i]
		if x.text == ":" {
			if capitals > 0 {
				return i + 1
			}
			return 0
		}
		if !isLabelWord(x.text) {
			return 0
		}
		if len(x.text) > 1 && x.first == classUpper {
			capitals++
		}
	}
	return 0
}

// isLabelWord tells whether a token may stand in a label: capitals, or Mc and Mac
// before capitals, joined by marks.
func isLabelWord(s string) bool {
	if s == "-" || s == "." || s == "'" || s == "’" || s == "(" || s == ")" || s == "&" || s == "," {
		return true
	}
	upper := 0
	for i, r := range s {
		if unicode.IsLower(r) {
			if i > 2 || !(strings.HasPrefix(s, "Mc") || strings.HasPrefix(s, "Mac") || strings.HasPrefix(s, "De") || strings.HasPrefix(s, "Le")) {
				return false
			}
			continue
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper > 0
}

// maxPieces is the greatest number of words in one token.
const maxPieces = 4

// endings are the contractions that any word may carry.
var endings = []string{"n't", "'s", "'re", "'ve", "'ll", "'d", "'m"}

// expand appends the words of a token.
func (m *Model) expand(words []Word, text string, t *token) []Word {
	first := len(words)
	start := t.start
	add := func(end int) {
		words = append(words, Word{text[start:end], start, end, len(words) > first})
		start = end
	}
	if c := t.text[len(t.text)-1]; t.mark == 0 && len(t.text) > 1 {
		normal := wordform.Normal(t.text)
		lengths, known := m.Contractions[normal]
		switch {
		case known && len(normal) == len(t.text):
			for _, k := range lengths {
				add(start + k)
			}
			return words
		case known:
			at := t.start
			for _, k := range lengths {
				at += runesLength(text[at:t.end], k)
				add(at)
			}
			return words
		case c == '\'' || c >= 0x80 || strings.ContainsAny(t.text, "'’"):
			for _, at := range apostrophes(text[t.start:t.end], normal) {
				add(t.start + at)
			}
		}
	}
	add(t.end)
	return words
}

// runesLength is the number of bytes of the first k letters of s.
func runesLength(s string, k int) int {
	for i := range s {
		if k == 0 {
			return i
		}
		k--
	}
	return len(s)
}

// apostrophes finds where contractions of a token start, counted in its own bytes.
func apostrophes(token, normal string) []int {
	var cuts []int
	rest := normal
	for len(cuts) < maxPieces-1 {
		cut := 0
		for _, e := range endings {
			if k := len(rest) - len(e); k > 0 && strings.HasSuffix(rest, e) && isWordByte(rest[k-1]) {
				cut = k
			}
		}
		if cut == 0 && len(cuts) == 0 && strings.HasSuffix(rest, "s'") && len(rest) > 2 {
			cut = len(rest) - 1
		}
		if cut == 0 {
			break
		}
		rest = rest[:cut]
		cuts = append(cuts, cut)
	}
	for i, j := 0, len(cuts)-1; i < j; i, j = i+1, j-1 {
		cuts[i], cuts[j] = cuts[j], cuts[i]
	}
	if len(normal) != len(token) {
		// Letters that are longer in the text: count letters instead of bytes.
		for i, c := range cuts {
			cuts[i] = runesLength(token, len([]rune(normal[:c])))
		}
	}
	return cuts
}

func isWordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b >= 0x80 || b == '.'
}
