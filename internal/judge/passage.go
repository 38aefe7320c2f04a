package judge

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Passage is a stretch of a statement that the judge reads at once: one to four sentences, with the question they
// answer, if any.
type Passage struct {
	// Text is the passage itself.
	Text string `json:"text"`
	// Question is what a journalist asked, where the passage is an answer's first.
	Question string `json:"question,omitempty"`
	// Span is where Text lies in the statement, in bytes.
	Span [2]int `json:"span"`
}

// input is the passage as the judge was taught to read it.
func (p Passage) input() string {
	if p.Question == "" {
		return p.Text
	}
	return "Q: " + tail(p.Question, questionRunes) + " A: " + p.Text
}

const (
	// questionRunes is how much of a question is read: its end asks.
	questionRunes = 200
	// passageWords is the length to which sentences are joined. The passages of the training sets have 12 to 60 words.
	passageWords = 60
	// passageRunes bounds a passage whatever its words; in scripts without spaces it is what joins sentences.
	passageRunes = 900
	// maxPassages bounds what is read of one statement.
	maxPassages = 4096
)

// asks matches the label of a question at the start of a line, as transcripts write it; answers that of an answer.
// A turn of a named speaker, in capitals as in the transcripts of the White House, ends a question too.
var (
	asks    = regexp.MustCompile(`^\s*(?:Q(?:UESTION)?\s*[:.]|Q\s+|Question\s*:|Вопрос\s*:|Запитання\s*:|سؤال\s*:|پرسش\s*:|שאלה\s*:|Frage\s*:|Pregunta\s*:|Soru\s*:|问[:：]|記者[:：])\s*`)
	answers = regexp.MustCompile(`^\s*(?:A(?:NSWER)?\s*[:.]|Answer\s*:|Ответ\s*:|Відповідь\s*:|(?:ال)?جواب\s*:|پاسخ\s*:|תשובה\s*:|Antwort\s*:|Réponse\s*:|Respuesta\s*:|Cevap\s*:|答[:：]|[\p{Lu}][\p{Lu}.’' -]{2,40}:)\s*`)
	inline  = regexp.MustCompile(`(?:^|\s)A:\s`)
)

// Passages cuts a statement into the passages that the judge reads: sentences by Unicode's rules (UAX 29), mended
// after abbreviations, joined while they are short. A line that a journalist asks becomes the question of the answer
// after it. Memory and time grow linearly with the text.
func Passages(text string) []Passage {
	var out []Passage
	var question string
	for start := 0; start < len(text) && len(out) < maxPassages; {
		end := start + strings.IndexByte(text[start:], '\n')
		if end < start {
			end = len(text)
		}
		line := text[start:end]
		from := 0
		if at := asks.FindStringIndex(line); at != nil {
			answer := inline.FindStringIndex(line[at[1]:])
			if answer == nil {
				question = strings.TrimSpace(line[at[1]:])
				start = end + 1
				continue
			}
			question = strings.TrimSpace(line[at[1] : at[1]+answer[0]])
			from = at[1] + answer[1]
		} else if at := answers.FindStringIndex(line); at != nil {
			from = at[1]
		}
		for _, span := range windows(line[from:]) {
			p := Passage{Text: line[from+span[0] : from+span[1]], Question: question, Span: [2]int{start + from + span[0], start + from + span[1]}}
			question = ""
			if out = append(out, p); len(out) == maxPassages {
				break
			}
		}
		start = end + 1
	}
	return out
}

// windows are the spans of one to four sentences that are read together.
func windows(line string) [][2]int {
	var out [][2]int
	words, count := 0, 0
	for _, s := range Sentences(line) {
		n := len(strings.Fields(line[s[0]:s[1]]))
		runes := 0
		if len(out) > 0 {
			runes = utf8.RuneCountInString(line[out[len(out)-1][0]:s[1]])
		}
		if len(out) > 0 && count < 4 && words+n <= passageWords && runes <= passageRunes/3 {
			out[len(out)-1][1] = s[1]
			words, count = words+n, count+1
			continue
		}
		out = append(out, s)
		words, count = n, 1
	}
	return out
}

// abbreviated tells whether a sentence that ends here may go on: a title, an initial, "U.S.", "No.".
var abbreviated = regexp.MustCompile(`(?:^|[\s("“‘'])(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Adm|Amb|St|Jr|Sr|No|Nos|Art|vs|cf|approx|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|Hr|Fr|Nr|Abs|bzw|Mio|Mrd|Sra?|Mme|M|г|гг|ст|млн|млрд|тыс|тис|ул|им)\.|(?:\p{Lu}\.){1,4})\s*$`)

// Sentences are the spans of a line's sentences, without the white space round them.
func Sentences(line string) [][2]int {
	var out [][2]int
	open := -1
	at := 0
	for rest := sentences.FromString(line); rest.Next(); {
		s := rest.Value()
		from := at
		at += len(s)
		if open >= 0 {
			from = open
		}
		whole := line[from:at]
		if at < len(line) && at-from < 4*passageRunes && abbreviated.MatchString(tail(whole, 24)) {
			open = from
			continue
		}
		open = -1
		out = appendTrimmed(out, line, from, at)
	}
	if open >= 0 {
		out = appendTrimmed(out, line, open, at)
	}
	return out
}

// appendTrimmed adds a span without its white space, cut where it is longer than a passage may be.
func appendTrimmed(out [][2]int, line string, from, to int) [][2]int {
	s := strings.TrimLeftFunc(line[from:to], unicode.IsSpace)
	from = to - len(s)
	to = from + len(strings.TrimRightFunc(s, unicode.IsSpace))
	for from < to {
		n, runes := from, 0
		for n < to && runes < passageRunes {
			_, size := utf8.DecodeRuneInString(line[n:to])
			n, runes = n+size, runes+1
		}
		if n < to { // at a space, if there is one near
			if i := strings.LastIndexFunc(line[from:n], unicode.IsSpace); i > (n-from)/2 {
				n = from + i + 1
			}
		}
		out = append(out, [2]int{from, from + len(strings.TrimRightFunc(line[from:n], unicode.IsSpace))})
		from = n
	}
	return out
}

// tail is the last runes of a text.
func tail(s string, runes int) string {
	i := len(s)
	for ; i > 0 && runes > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}
