package monitor

import (
	"strings"
	"unicode/utf8"

	"volteface/internal/extract"
	"volteface/internal/nlp/language"
	"volteface/internal/statement"
)

// A page's own word on its language is believed, unless the text plainly is in
// another: templates of sites say lang="en" whatever stands in them.
const (
	tongueLetters = 150 // of a text that contradicts its page
	tongueSure    = .99 // probability of the language it is in
	tongueLikely  = .9  // where neither page nor source name one
)

// kin are languages that are taken for each other, so that the page's word on
// them counts more than what a text looks like.
var kin = []string{"no nb nn da sv", "hr sr bs cnr sh sl", "id ms", "cs sk", "bg mk", "fa prs", "hi mr ne", "nl af", "gl pt es ca", "ru be uk", "tr az", "fi et"}

// tongue sets the language of a document.
func tongue(doc *statement.Document) {
	text := doc.Title + "\n" + doc.Body
	declared := extract.PrimarySubtag(doc.Language)
	if declared != "" && utf8.RuneCountInString(text) < tongueLetters {
		return
	}
	told := language.Identify(text)
	switch {
	case told.Code == language.Unknown || told.Code == declared:
	case declared == "":
		if told.Probability >= tongueLikely {
			doc.Language = told.Code
		}
	case told.Probability >= tongueSure && language.Knows(declared) && !areKin(declared, told.Code):
		doc.Language = told.Code
	}
}

func areKin(a, b string) bool {
	for _, family := range kin {
		if hasWord(family, a) && hasWord(family, b) {
			return true
		}
	}
	return false
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
