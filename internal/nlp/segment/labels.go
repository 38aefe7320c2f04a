package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"volteface/internal/nlp/lexicon"
)

// maxLabel is the length in bytes of the longest label: offices have long names.
const maxLabel = 200

// enough is the number of labels that make a text a transcript.
const enough = 3

// labels finds who speaks where a transcript writes names in small letters. Somebody is
// introduced by an office, "President of Russia Vladimir Putin:", and is "Vladimir
// Putin:" or "Putin:" from then on; or a full name without office opens paragraphs at
// least twice. Among these, a full name that comes once is a label too, and so is
// "Question:". It gives, for each paragraph, where its label ends, or 0; nil if there
// are none.
func labels(text string, paragraphs []span) []int {
	var ends []int
	names := make([]string, len(paragraphs))
	known, times := map[string]bool{}, map[string]int{}
	for i, p := range paragraphs {
		name, end := labelAt(text, p)
		if end == 0 {
			continue
		}
		if ends == nil {
			ends = make([]int, len(paragraphs))
		}
		names[i], ends[i] = name, end
		times[name]++
		if isIntroduction(name) {
			for short := name; short != ""; {
				known[short] = true
				_, short, _ = strings.Cut(short, " ")
			}
		}
	}
	if ends == nil {
		return nil
	}
	found, small := 0, smallWords(text)
	for i, end := range ends {
		switch name := names[i]; {
		case end == 0:
		case known[name]:
			found++
		case isFullName(name) && !isHeading(name, small):
			if times[name] > 1 {
				known[name] = true
				found++
			}
		case !turns[name]:
			ends[i] = 0
		}
	}
	for i, name := range names {
		if found < enough && !known[name] {
			ends[i] = 0
		}
	}
	return ends
}

// turns are labels of nobody in particular.
var turns = map[string]bool{"Question": true, "Answer": true, "Remark": true, "Reply": true, "Moderator": true, "Response": true}

// labelAt gives what stands before a colon at the start of a paragraph, without a note
// in brackets such as "(retranslated)", and where the colon ends; 0 if that cannot be a
// label.
func labelAt(text string, p span) (name string, end int) {
	part := text[p.start:min(p.end, p.start+maxLabel)]
	start := strings.IndexFunc(part, func(r rune) bool { return !isSpace(r) })
	colon := strings.IndexByte(part, ':')
	if start < 0 || colon <= start {
		return "", 0
	}
	if r, _ := utf8.DecodeRuneInString(part[colon+1:]); colon+1 < len(part) && !isSpace(r) {
		return "", 0
	}
	name = strings.TrimSpace(part[start:colon])
	if open := strings.IndexByte(name, '('); open > 0 && strings.HasSuffix(name, ")") {
		name = strings.TrimSpace(name[:open])
	}
	small := false // a word in small letters was last
	for w := range strings.FieldsSeq(name) {
		small = linking[w]
		w = strings.TrimSuffix(w, ",")
		if r, _ := utf8.DecodeRuneInString(w); !linking[w] && !unicode.IsUpper(r) || strings.ContainsAny(w, `.!?;:"“”()0123456789`) && !isInitial(w) {
			return "", 0
		}
	}
	if name == "" || small || strings.HasSuffix(name, ",") {
		return "", 0
	}
	return name, p.start + colon + 1
}

// linking are the words in small letters that offices and names are joined by.
var linking = map[string]bool{
	"of": true, "the": true, "for": true, "and": true, "on": true, "at": true, "in": true, "to": true, "de": true, "da": true,
	"la": true, "le": true, "van": true, "von": true, "der": true, "bin": true, "bint": true, "al": true, "el": true, "ibn": true,
}

// isIntroduction tells whether a label holds an office and ends in a name: Rosneft CEO
// Igor Sechin, Chair of the State Duma Vyacheslav Volodin, President Putin. "Remarks of
// President Biden" is none: what it opens with is no part of an office.
func isIntroduction(label string) bool {
	words := strings.Fields(label)
	office := -1
	for i, w := range words {
		w = strings.TrimSuffix(w, ",")
		if lexicon.Is(w, lexicon.Office) {
			office = i
		} else if office < 0 && linking[w] {
			return false
		}
	}
	if office < 0 || office == len(words)-1 {
		return false
	}
	// After "President of" a country or body comes first, then two names at least.
	names := 0
	linked := false
	for _, w := range words[office+1:] {
		if linking[w] && !particle[w] {
			linked, names = true, 0
			continue
		}
		names++
		if strings.HasSuffix(w, ",") {
			linked, names = false, 0
		}
	}
	return names > 0 && (!linked || names > 2)
}

// particle are the linking words that belong to a person's name.
var particle = map[string]bool{"de": true, "da": true, "la": true, "le": true, "van": true, "von": true, "der": true, "bin": true, "bint": true, "al": true, "el": true, "ibn": true}

// isFullName tells whether a label may be a person's name alone: two to four words with
// capitals.
func isFullName(label string) bool {
	n := 0
	if strings.HasPrefix(label, "The ") {
		return false
	}
	for w := range strings.FieldsSeq(label) {
		if linking[w] && !particle[w] || strings.HasSuffix(w, ",") {
			return false
		}
		if !particle[w] {
			n++
		}
	}
	return n >= 2 && n <= 4
}

// isHeading tells whether one of a label's words is written small elsewhere in the text:
// then it is no name, but a heading such as "Next Steps".
func isHeading(label string, small map[string]bool) bool {
	for w := range strings.FieldsSeq(label) {
		if !particle[w] && small[strings.ToLower(w)] {
			return true
		}
	}
	return false
}

func smallWords(text string) map[string]bool {
	small := map[string]bool{}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			small[w] = true
		}
	}
	return small
}
