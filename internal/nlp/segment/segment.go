// Package segment cuts text into sentences and words as Universal Dependencies
// counts them: don't is do and n't, Iran's is Iran and 's.
//
// Paragraphs and lines are cut by rules. Where a token or a sentence ends is told by
// two linear classifiers trained from treebanks, over which rules for official prose
// stand: titles, abbreviations, speakers' labels, stage directions.
package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind tells what a sentence is besides prose.
type Kind uint8

// The kinds of sentence.
const (
	Prose     Kind = iota
	Speaker        // the label of a turn in a transcript: "MS. JEAN-PIERRE:", "Q"
	Direction      // a stage direction: "(Laughter.)"
)

func (k Kind) String() string { return [...]string{"prose", "speaker", "direction"}[k] }

// Word is one syntactic word. Start and End are byte offsets into the text; the
// words of a contraction follow each other, or share one span where its letters
// cannot be told apart. Form is what is written, or the word's share of it.
type Word struct {
	Form       string
	Start, End int
	// Joined tells that the word belongs to the same token as the word before.
	Joined bool
}

// Sentence is one sentence, never empty.
type Sentence struct {
	Start, End int
	Words      []Word
	Kind       Kind
	// Paragraph counts the paragraphs of the text from 0.
	Paragraph int
}

// MaxWords is the length of the longest sentence: longer ones are cut.
const MaxWords = 400

// maxToken is the length in bytes of the longest token.
const maxToken = 200

// maxChunk is the length in bytes of the longest stretch without white space that the
// token classifier sees at once: it looks at the whole of it at every place, so that
// noise of megabytes would take for ever.
const maxChunk = 600

// Split cuts a text, which may be any bytes.
func (m *Model) Split(text string) []Sentence {
	var out []Sentence
	var tokens []token
	var words []Word
	paragraph := 0
	all := paragraphs(text)
	labels := labels(text, all)
	for i, p := range all {
		tokens = tokens[:0]
		label := 0
		if labels != nil {
			label = labels[i]
		}
		ends := m.tokens(text, p, label, &tokens)
		if len(tokens) == 0 {
			continue
		}
		first := 0
		for i := range tokens {
			if i+1 < len(tokens) && !ends[i] {
				continue
			}
			out, words = m.finish(out, words, text, tokens[first:i+1], paragraph)
			first = i + 1
		}
		paragraph++
	}
	return out
}

// finish makes sentences of the tokens of one, cutting it if it is too long.
func (m *Model) finish(out []Sentence, words []Word, text string, tokens []token, paragraph int) ([]Sentence, []Word) {
	from := len(words)
	kind := kindOf(tokens)
	emit := func(to int) {
		w := words[from:to:to]
		out = append(out, Sentence{Start: w[0].Start, End: w[len(w)-1].End, Words: w, Kind: kind, Paragraph: paragraph})
		from = to
	}
	for i := range tokens {
		if len(words)-from > MaxWords-maxPieces || len(words)-from > MaxWords*3/4 && isPause(tokens[i].text) && i+1 < len(tokens) {
			emit(len(words))
		}
		words = m.expand(words, text, &tokens[i])
	}
	if len(words) > from {
		emit(len(words))
	}
	return out, words
}

func isPause(token string) bool {
	return token == "," || token == ";" || token == ":" || token == "–" || token == "—"
}

// span is a stretch of the text.
type span struct{ start, end int }

// paragraphs cuts a text at blank lines, and at line ends where a new line means a
// new thought.
func paragraphs(text string) []span {
	var all []span
	start := 0 // of the running paragraph
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		end += at
		next := end + 1
		stop := len(text)
		if k := strings.IndexByte(text[next:], '\n'); k >= 0 {
			stop = next + k
		}
		if breaks(text[at:end], text[next:stop]) {
			all = append(all, span{start, end})
			start = next
		}
		at = next
	}
	return append(all, span{start, len(text)})
}

// breaks tells whether the end of a line ends a paragraph.
func breaks(line, next string) bool {
	line, next = strings.TrimSpace(line), strings.TrimSpace(next)
	if line == "" || next == "" {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(line)
	first, size := utf8.DecodeRuneInString(next)
	switch {
	case strings.ContainsRune(".!?:;”\"’)]", last):
		// A wrapped line of prose may end in an abbreviation, but then it is long.
		return !(last == '.' && len(line) > 60 && unicode.IsLower(first))
	case strings.ContainsRune("•·*-–—►▪‣", first):
		return true
	case unicode.IsDigit(first) && strings.HasPrefix(strings.TrimLeft(next[size:], "0123456789"), ". "):
		return true
	case unicode.IsUpper(first) || unicode.IsDigit(first) || first == '“' || first == '"':
		// A short line before a capital is a heading or an item of a list.
		return len(line) < 60
	}
	return false
}

// kindOf recognises labels and directions.
func kindOf(tokens []token) Kind {
	first, last := tokens[0], tokens[len(tokens)-1]
	if first.label {
		return Speaker
	}
	opens := first.text == "(" || first.text == "["
	if closes := last.text == ")" || last.text == "]"; opens && closes && len(tokens) <= 12 && directions[lowerOf(tokens[1].text)] {
		return Direction
	}
	return Prose
}

func lowerOf(s string) string { return strings.ToLower(s) }

// directions are the words that stage directions of official transcripts start
// with.
var directions = map[string]bool{
	"laughter": true, "applause": true, "laughs": true, "crosstalk": true, "cross-talk": true, "cross": true, "inaudible": true,
	"pause": true, "ph": true, "sic": true, "off": true, "off-mic": true, "speaking": true, "speaks": true, "as": true,
	"through": true, "via": true, "continues": true, "continuing": true, "no": true, "end": true, "begins": true, "audio": true,
	"video": true, "a": true, "the": true, "unintelligible": true, "indiscernible": true, "chuckles": true, "cheers": true,
	"gestures": true, "gesturing": true, "coughs": true, "sighs": true, "standing": true, "points": true, "pointing": true,
	"break": true, "recess": true, "music": true, "singing": true, "whereupon": true, "phone": true, "audience": true,
	"signs": true, "moment": true, "silence": true,
}
