package reversal

import (
	"context"
	"fmt"
	"unicode"

	"volteface/internal/extract"
	"volteface/internal/judge"
	"volteface/internal/nlp/language"
)

// Judged is what the embedded encoder makes of two statements.
type Judged struct {
	Verdict
	// None, Softening and Turn are probabilities that add up to one; Turn is also the score.
	None, Softening, Turn float64
	// Languages are those of the two sides (ISO 639-1), "" where they cannot be told.
	Languages [2]string
	// UnknownLanguage tells that the judge was not taught one of them; Unread, which.
	UnknownLanguage bool
	Unread          [2]bool
	// Left is how many bytes at the end of each side are not read (judge.Side.Left); 0 as a rule.
	Left [2]int
}

// ByJudge compares two whole statements by a judge that reads them: passage by passage, the likeliest turn deciding.
// The verdict is a reversal or a softening only above the judge's thresholds, and Unread where nothing was found because a side is
// in a language that the judge was not taught. The error is ctx's.
func ByJudge(ctx context.Context, j *judge.Judge, before, after *Statement) (Judged, error) {
	read, err := j.Compare(ctx, judge.Side{Text: before.Text, Question: before.Question}, judge.Side{Text: after.Text, Question: after.Question})
	if err != nil {
		return Judged{}, err
	}
	v := Judged{None: read.None, Softening: read.Reading.Softening, Turn: read.Reading.Reversal}
	for i, side := range []*Statement{before, after} {
		v.Left[i] = judge.Side{Text: side.Text}.Left()
		v.Languages[i], v.Unread[i] = SpokenIn(side.Text, side.Language, j.Reads)
	}
	v.UnknownLanguage = v.Unread[0] || v.Unread[1]
	v.Verdict = Verdict{Verdict: None, Score: v.Turn, SameSpeaker: sameSpeaker(before.Speaker, after.Speaker)}
	switch {
	case j.IsReversal(read.Reading):
		v.Verdict.Verdict, v.Kind = Reversal, read.ReversalKind
	case j.IsSoftening(read.Reading):
		v.Verdict.Verdict, v.Kind = Softening, read.SofteningKind
	case v.UnknownLanguage:
		v.Verdict.Verdict = Unread
		return v, nil
	default:
		return v, nil
	}
	v.Rule = "judge"
	v.Evidence = []Evidence{{Before: read.Before.Text, BeforeSpan: read.Before.Span, After: read.After.Text, AfterSpan: read.After.Span}}
	v.Explanation = fmt.Sprintf("%s %s; %s %s, %s.", opening(before, read.Before.Text, "Earlier", nil), quoted(read.Before),
		opening(after, read.After.Text, "later", before), quoted(read.After), turned(v))
	return v, nil
}

const (
	// enoughLetters is from how many letters on a text that is in no known language is held to be in an unknown one, rather than to
	// be too short to tell.
	enoughLetters = 20
	// likelyRead is how probable it must be that a text is in a language that can be read.
	likelyRead = .25
)

// SpokenIn tells the language of a text (ISO 639-1), "" where it cannot be told, and whether it is one that cannot be read. What
// the text itself shows counts first; the declared language (BCP 47), "" for none, where the text is too short to show it.
func SpokenIn(text, declared string, reads func(code string) bool) (code string, unread bool) {
	guesses := language.Rank(text)
	if g := guesses[0]; g.Code != language.Unknown && g.Probability >= .5 {
		code = g.Code
	} else if code = extract.PrimarySubtag(declared); code != "" && g.Code != language.Unknown {
		return code, !reads(code)
	}
	read := 0.0
	for _, g := range guesses {
		if g.Code != language.Unknown && reads(g.Code) {
			read += g.Probability
		}
	}
	if guesses[0].Code != language.Unknown {
		return code, read < likelyRead
	}
	if code != "" && !reads(code) {
		return code, true
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return code, read < likelyRead && letters >= enoughLetters
}
