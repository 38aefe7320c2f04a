// Package editions sets two official texts about one thing side by side: the editions of a statement in two languages, or what two
// governments publish of one call, visit or meeting.
//
//	a, b := editions.Read(j, x), editions.Read(j, y)
//	if editions.Likeness(a, b) >= editions.SameStatement {
//		rows := editions.Align(a, b, editions.InOrder)
//		differences, err := editions.Differences(ctx, j, a, b, rows, editions.InOrder)
//
// Sentences are matched by the static vectors of the judge, in which the languages share a space, by figures and by dates. Nothing in
// it knows which of two texts is right.
package editions

import (
	"strings"
	"time"
	"unicode"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Text is a statement as it is read here.
type Text struct {
	Title, Body string
	Language    string    // BCP 47
	Said        time.Time // decides the year of dates without one
}

// Sentence is one of a text; the title is the first.
type Sentence struct {
	Text string
	Span statement.Span // in the body, in bytes; the zero Span of a title
	// Length is how many words it has, or two for three letters in scripts that do not divide words.
	Length int

	vector  judge.Vector
	next    judge.Vector // of it and the next together
	figures []diff.Figure
	days    []extract.Mention
}

// Reading is a text that has been read.
type Reading struct {
	Sentences []Sentence
	Title     judge.Vector // of the title
	Whole     judge.Vector // of title and body together
	Language  string       // primary subtag, such as fa
	// Named are the governments that the text names, by Governments.
	Named map[string]bool
}

// Bounds of what is read: the memory of an alignment grows with the product of both lengths.
const (
	maxSentences = 150      // the first of them; of 9,181 statements of the White House nine in ten have fewer
	maxBody      = 64 << 10 // bytes
)

// Read reads a text.
func Read(j *judge.Judge, t Text) *Reading {
	r := &Reading{Language: primary(t.Language)}
	body := t.Body
	if len(body) > maxBody {
		body = strings.ToValidUTF8(body[:maxBody], "")
	}
	if title := strings.TrimSpace(t.Title); title != "" {
		r.Sentences = append(r.Sentences, Sentence{Text: title})
	}
	for start := 0; start < len(body) && len(r.Sentences) < maxSentences; {
		end := start + strings.IndexByte(body[start:], '\n')
		if end < start {
			end = len(body)
		}
		for _, s := range judge.Sentences(body[start:end]) {
			text := body[start+s[0] : start+s[1]]
			if len(r.Sentences) < maxSentences && length(text) > 0 && !(len(r.Sentences) == 1 && text == r.Sentences[0].Text) {
				r.Sentences = append(r.Sentences, Sentence{Text: text, Span: statement.Span{Start: start + s[0], End: start + s[1]}})
			}
		}
		start = end + 1
	}
	for i := range r.Sentences {
		s := &r.Sentences[i]
		s.Length, s.vector = length(s.Text), j.Vector(s.Text)
		rest := ""
		s.days, rest = extract.Mentions(s.Text, t.Language, t.Said)
		s.figures = diff.Figures(rest)
		if i > 0 && i+1 < len(r.Sentences) {
			s.next = j.Vector(s.Text + " " + r.Sentences[i+1].Text)
		}
	}
	if len(r.Sentences) > 0 {
		r.Title = r.Sentences[0].vector
	}
	beginning := t.Title + "\n" + head(body)
	r.Whole, r.Named = j.Vector(beginning), Governments(beginning, t.Language)
	return r
}

// head is as much of a body as tells what it is about.
func head(body string) string {
	const enough = 6 << 10
	if len(body) <= enough {
		return body
	}
	return strings.ToValidUTF8(body[:enough], "")
}

// primary is the first subtag of a language tag, in small letters.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(tag)
}

// length is how many words a text has. Where a script writes none apart, two letters count as a word and a third as half of one.
func length(text string) int {
	words, joined := 0, 0
	inside := false
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			joined++
			inside = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inside {
				words++
			}
			inside = true
		case unicode.IsMark(r) || r == '\'' || r == '’' || r == '-' || r == '\u200c':
		default:
			inside = false
		}
	}
	return words + joined*2/3
}

// Afar orders statements by how likely they tell of one thing, before either is read: higher is likelier. It has no unit and no threshold.
func Afar(titleA, wholeA, titleB, wholeB *judge.Vector) float64 {
	return titleA.Like(titleB) + wholeA.Like(wholeB)
}

// ReadAtMost is how many of the likeliest from afar are worth reading.
const ReadAtMost = 3

// Glance reads only the beginning of a text: what it is about, and whom it tells of.
func Glance(j *judge.Judge, t Text) *Reading {
	t.Body = head(t.Body)
	return Read(j, t)
}

// Beside are the rows of two bodies, the titles left out.
func Beside(a, b *Reading, rows []Row) (all []statement.Beside) {
	for _, r := range rows {
		x := statement.Beside{A: a.excerpt(r.A).Span, B: b.excerpt(r.B).Span}
		if x != (statement.Beside{}) {
			all = append(all, x)
		}
	}
	return all
}
