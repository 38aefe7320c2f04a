package claim

import (
	"regexp"
	"strings"

	"volteface/internal/nlp"
)

type turn struct {
	voice Voice
	label string
}

var (
	speakerLabel = regexp.MustCompile(`^([A-Z][A-Za-z.,'’ -]{1,48}|Answer|A|[A-Z]{2,}[A-Z.'’ -]+):\s`)
	asker        = regexp.MustCompile(`^(Q(uestion)?( from [a-z ]+)?\s*:?|QUESTION:?|REPORTER:?)(\s|$)`)
)

// voices tells of each sentence who speaks it: turns of a transcript, questions and
// answers, long quotations.
func (x *reader) voices(sentences []nlp.Sentence) []turn {
	out := make([]turn, len(sentences))
	now := turn{}
	if x.own.words["journalist"] || x.own.words["reporter"] {
		now.voice = Journalist
	}
	asked := false // the running turn is a journalist's and has ended in a question mark
	answer := x.answerAfter(sentences)
	for i := range sentences {
		from, to := sentences[i].Start, sentences[i].End
		s := x.text[from:min(to+1, len(x.text))]
		fresh := i == 0 || sentences[i].Paragraph != sentences[i-1].Paragraph
		switch {
		case answer > 0 && i == answer:
			now, asked = turn{}, false
		case asker.MatchString(s):
			now, asked = turn{voice: Journalist, label: "Q"}, false
		case answerLabel(s):
			now, asked = turn{}, false
		case fresh && speakerLabel.MatchString(s) && strings.ToUpper(label(s)) == label(s):
			now, asked = turn{label: label(s)}, false
			if l := now.label; l == "Q" || strings.HasPrefix(l, "REPORTER") || strings.HasPrefix(l, "PARTICIPANT") || strings.HasPrefix(l, "AUDIENCE") {
				now.voice = Journalist
			}
		case fresh && now.voice == Journalist && asked:
			// The unlabelled paragraph after a question answers it.
			now, asked = turn{}, false
		case now.voice == Journalist && asked && strings.HasPrefix(s, "No,"), now.voice == Journalist && asked && strings.HasPrefix(s, "Yes,"):
			now, asked = turn{}, false
		}
		if now.voice == Journalist && strings.Contains(x.text[from:to], "?") {
			asked = true
		} else if now.voice == Journalist && asked && fresh {
			asked = false
		}
		out[i] = now
	}
	return out
}

// answerAfter is the sentence with which the answer begins in a text that is one question
// and what was answered, without any label but the first; 0 for other texts.
func (x *reader) answerAfter(sentences []nlp.Sentence) int {
	if len(sentences) == 0 || !asker.MatchString(x.text[sentences[0].Start:]) {
		return 0
	}
	first, answer := sentences[0].Paragraph, 0
	last := sentences[len(sentences)-1].Paragraph
	for i := 1; i < len(sentences); i++ {
		s := sentences[i]
		text := x.text[s.Start:s.End]
		if s.Paragraph == sentences[i-1].Paragraph {
			continue
		}
		if asker.MatchString(text) || speakerLabel.MatchString(x.text[s.Start:min(s.End+1, len(x.text))]) {
			return 0
		}
		before := x.text[sentences[i-1].Start:sentences[i-1].End]
		if asks := strings.HasSuffix(before, "?") || strings.HasSuffix(before, "—"); asks || sentences[i-1].Paragraph == first {
			answer = i
		}
		if s.Paragraph == last {
			break
		}
	}
	return answer
}

func label(s string) string {
	k := strings.IndexByte(s, ':')
	if k < 0 {
		return ""
	}
	return s[:k]
}

func answerLabel(s string) bool {
	return strings.HasPrefix(s, "Answer:") || strings.HasPrefix(s, "A:") || strings.HasPrefix(s, "ANSWER:")
}
