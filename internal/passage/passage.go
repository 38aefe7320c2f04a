// Package passage cuts a statement into the passages that are held against each other, and tells of each who speaks: the
// statement itself, an official of its issuer, or somebody else.
//
//	passages, _ := passage.Cut(passage.Speech{Text: text, Language: "ru", Issuer: "МИД России", Government: "RU"})
//	for _, p := range passages {
//		fmt.Println(p.Voice, p.Speaker, p.Text)
//	}
//
// It reads the marks by which press pages and transcripts show who speaks: labels at the start of a line, quotation marks, and
// verbs of saying with their subject. Which words these are it has from two lists (words.txt, places.txt) and from the names of
// countries in the CLDR; there is no parser. What the marks leave open it says (Passage.Sure), and the encoder decides
// (Passage.Weigh).
package passage

import (
	"strings"

	"volteface/internal/judge"
	"volteface/internal/nlp/language"
)

// Speech is what is known of a statement before it is read.
type Speech struct {
	Title string
	Text  string
	// Language is a code of BCP 47; where it is empty it is guessed from the text.
	Language string
	// Issuer is the institution's name. Government is the country or union that it belongs to: a code of ISO 3166-1, EU, UN or NATO,
	// or a name in any of the judge's languages.
	Issuer, Government string
	// Speakers are names that the page marks as those who speak; Officials are those who speak for the issuer, as definitions
	// of sources have them: "Nasser Kanaani, spokesman".
	Speakers, Officials []string
}

// Voice is whose words a passage has.
type Voice string

const (
	Own      Voice = "issuer"   // the statement itself
	Official Voice = "official" // an official of the issuer, by name or by office, quoted or told
	Other    Voice = "other"    // a journalist, a guest, an opponent, another state, a document
)

// Passage is one to three sentences of one voice.
type Passage struct {
	// Passage has the text, where it lies in Speech.Text, and the question that it answers first.
	judge.Passage
	// N is its number in the statement, from 0.
	N int
	// Speaker is who says it, as the text names them ("MS. PSAKI", "the Foreign Minister of Iran"); empty where that is the statement
	// itself.
	Speaker string
	Voice   Voice
	// Sure tells that the text says plainly whose voice it is.
	Sure bool
}

// ours is the probability that a passage speaks for the issuer from which the encoder, where the text leaves it open, has it be so.
const ours = .5

// Weigh is the voice of the passage once the encoder has read it, too: that of the text where it is sure.
func (p Passage) Weigh(b judge.Bearing) Voice {
	switch {
	case p.Sure:
		return p.Voice
	case b.Issuer < ours:
		return Other
	case p.Voice != Other:
		return p.Voice
	case p.Speaker != "":
		return Official
	}
	return Own
}

// maxPassages bounds what is read of one statement.
const maxPassages = 1 << 14

// Cut cuts a statement into its passages, in order; they do not overlap. Every sentence is in one but the labels of turns and
// what is no speech by its form: stage directions, addresses, times, lines without a letter. A question is a passage of another's voice, and
// goes with the answer after it as its Question. Any bytes will do; memory and time grow linearly with the text. A text has 16,384 passages at
// most: left is how many bytes at its end are in none for that, 0 as a rule.
func Cut(s Speech) (passages []Passage, left int) {
	code := s.Language
	if code == "" {
		code = language.Identify(s.Text).Code
	}
	r := &reader{speech: s, words: lexiconOf(code)}
	r.own = r.newOwn()
	r.known = s.Issuer != "" || s.Government != "" || len(s.Officials) > 0
	r.introduce(s.Title)
	lines := r.lines()
	r.introductions(lines)
	r.label(lines)
	w := writer{text: s.Text}
	r.read(lines, &w)
	return w.passages, w.left
}

// reader reads one statement.
type reader struct {
	speech Speech
	words  *lexicon
	own    own
	known  bool          // whose statement it is; of a passage without its page nothing is sure but labels
	met    acquaintances // who was introduced
}

// line is a paragraph.
type line struct {
	from, to int // without white space at the ends
	turn     *turn
	fresh    bool // the turn begins here; from is behind its label
}

// maxLine is the longest paragraph that is read as one, in bytes; longer ones are cut.
const maxLine = 1 << 16

// lines are the paragraphs that are speech.
func (r *reader) lines() []line {
	var out []line
	text := r.speech.Text
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		next := end + 1
		if end-at > maxLine {
			end = runeStart(text, at+maxLine)
			if i := strings.LastIndexByte(text[at+maxLine/2:end], ' '); i >= 0 {
				end = at + maxLine/2 + i
			}
			next = end
		}
		if from, to := trim(text, at, end); from < to && !mute(text[from:to]) {
			out = append(out, line{from: from, to: to})
		}
		at = next
	}
	return out
}
