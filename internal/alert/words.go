package alert

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"volteface/internal/statement"
)

// words are terms to look for in a text, of any language.
type words []term

type term struct {
	text   string // folded
	prefix bool   // it ended in *: all words that begin so
}

func compileWords(terms []string) words {
	w := make(words, 0, len(terms))
	for _, t := range terms {
		text := strings.TrimSpace(t)
		prefix := strings.HasSuffix(text, "*")
		if text = strings.TrimSpace(fold(strings.TrimRight(text, "*"))); text != "" {
			w = append(w, term{text, prefix})
		}
	}
	return w
}

// in tells whether a folded text has one of the terms, as whole words.
func (w words) in(text string) bool {
	for _, t := range w {
		if t.in(text) {
			return true
		}
	}
	return false
}

func (t term) in(text string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], t.text)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(t.text)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		first, size := utf8.DecodeRuneInString(t.text)
		last, _ := utf8.DecodeLastRuneInString(t.text)
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (statement.Unspaced(first) || !wordy(before)) && (t.prefix || statement.Unspaced(last) || !wordy(after)) {
			return true
		}
		from = start + size
	}
}

func wordy(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r))
}

// fold makes texts that a reader takes for the same alike: case, compatibility
// forms, runs of white space, joiners, and the vowel points of Arabic and
// Hebrew, which most texts leave out.
func fold(text string) string {
	text = cases.Fold().String(norm.NFKC.String(text))
	space := true
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			if space {
				return -1
			}
			space = true
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Inherited):
			return -1
		case r == 'ي':
			r = 'ی' // Arabic and Persian keyboards write one letter two ways
		case r == 'ك':
			r = 'ک'
		}
		space = false
		return r
	}, text)
}

// SpeaksOf tells whether a text of an issuer is about a topic, by its terms.
func SpeaksOf(topic statement.Topic, issuer statement.Issuer, text string) bool {
	return len(spokenOf(compileTopics([]statement.Topic{topic}), issuer, fold(text))) > 0
}
