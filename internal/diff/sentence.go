package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is a stretch of tokens.
type sentence struct {
	from, to int
	id       int32 // of its folded text
}

// maxSentences is how many sentences of a paragraph are told apart; the words of
// one that has more are compared without regard to them.
const maxSentences = 20_000

// sentences cuts tokens after what ends a sentence, and at line breaks. It errs
// towards too few: a title or an abbreviation ends none. Beyond maxSentences it
// gives up.
func (c *comparer) sentences(tokens []token, text string) []sentence {
	var list []sentence
	from := 0
	for i := range tokens {
		if i+1 < len(tokens) && !c.ends(tokens, i, text) {
			continue
		}
		list = append(list, sentence{from: from, to: i + 1})
		from = i + 1
		if len(list) > maxSentences {
			return list
		}
	}
	for i, s := range list {
		list[i].id = c.lex.passages.id(text[tokens[s.from].start:tokens[s.to-1].end])
	}
	return list
}

// ends tells whether a sentence ends with token i, which is not the last.
func (c *comparer) ends(tokens []token, i int, text string) bool {
	between := text[tokens[i].end:tokens[i+1].start]
	if between != "" && between != " " && strings.Contains(between, "\n") {
		return true
	}
	if c.lex.traits[tokens[i].id].is&closes == 0 && tokens[i].form != aQuote {
		return false
	}
	k := i
	for k > 0 && i-k < 8 && isCloser(c.lex.folded(tokens[k].id)) && tokens[k].start == tokens[k-1].end {
		k--
	}
	mark := c.lex.folded(tokens[k].id)
	switch {
	case isStop(mark) && len(mark) > 1 && mark != "…":
		return true // of a script that has no spaces, or no capitals
	case !isStop(mark):
		if tokens[k].form != aQuote || !strings.HasSuffix(strings.TrimRight(mark, `"`), ".") {
			return false
		}
	}
	if between == "" {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[tokens[i+1].start:])
	if !unicode.IsUpper(next) && !unicode.IsDigit(next) && !unicode.IsPunct(next) && !isUncased(next) {
		return false
	}
	if mark == "." && k > 0 && tokens[k-1].end == tokens[k].start {
		word := c.lex.folded(tokens[k-1].id)
		if _, is := abbreviations[strings.ToLower(word)]; is || utf8.RuneCountInString(word) == 1 && tokens[k-1].form == aWord {
			return false
		}
	}
	return true
}

func isUncased(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsLower(r) }

// isStop tells whether a mark ends a sentence.
func isStop(mark string) bool {
	switch mark {
	case ".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।":
		return true
	}
	return false
}

func isCloser(mark string) bool {
	return mark == `"` || mark == "'" || mark == ")" || mark == "]" || mark == "»"
}

// abbreviations before whose full stop no sentence ends, though a capital follows.
var abbreviations = set(`mr mrs ms dr prof sen rep gov gen col lt maj sgt capt adm st jr sr no nos vs hon rev amb sec art para fig vol
	jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.g i.e a.m p.m г гг ул стр им`)
