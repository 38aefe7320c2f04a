package reversal

import (
	"context"
	"fmt"
	"strings"

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
	// UnknownLanguage tells that the judge was not taught one of them.
	UnknownLanguage bool
}

// ByJudge compares two whole statements by a judge that reads them: passage by passage, the likeliest turn deciding.
// The verdict is a reversal or a softening only above the judge's thresholds. The error is ctx's.
func ByJudge(ctx context.Context, j *judge.Judge, before, after *Statement) (Judged, error) {
	read, err := j.Compare(ctx, judge.Side{Text: before.Text, Question: before.Question}, judge.Side{Text: after.Text, Question: after.Question})
	if err != nil {
		return Judged{}, err
	}
	a, b := language.Identify(before.Text), language.Identify(after.Text)
	v := Judged{None: read.None, Softening: read.Reading.Softening, Turn: read.Reading.Reversal}
	v.Languages = [2]string{known(a), known(b)}
	v.UnknownLanguage = !j.Reads(v.Languages[0]) || !j.Reads(v.Languages[1])
	v.Verdict = Verdict{Verdict: None, Score: v.Turn, SameSpeaker: sameSpeaker(before.Speaker, after.Speaker)}
	switch {
	case j.IsReversal(read.Reading):
		v.Verdict.Verdict, v.Kind = Reversal, read.ReversalKind
	case j.IsSoftening(read.Reading):
		v.Verdict.Verdict, v.Kind = Softening, read.SofteningKind
	default:
		return v, nil
	}
	v.Rule = "judge"
	v.Evidence = []Evidence{{Before: read.Before.Text, BeforeSpan: read.Before.Span, After: read.After.Text, AfterSpan: read.After.Span}}
	v.Explanation = fmt.Sprintf("%s said %s; %s said %s, %s.", opening(before, "Earlier", nil), quoted(read.Before),
		opening(after, "later", before), quoted(read.After), turned(v.Kind, v.Verdict.Verdict))
	return v, nil
}

// known is a language that is told with some certainty, or "".
func known(g language.Guess) string {
	if g.Code == language.Unknown || g.Probability < .5 {
		return ""
	}
	return g.Code
}

// turned says what the later statement does, in words that claim no more than the texts show.
func turned(kind, verdict string) string {
	if verdict == Softening {
		return "which may soften the earlier position"
	}
	if what := turns[kind]; what != "" {
		return what
	}
	return "which appears to contradict it"
}

// quoted is a passage in quotation marks, with the question it answers.
func quoted(p judge.Passage) string {
	text := strings.Join(strings.Fields(p.Text), " ")
	more := ""
	if len(text) > maxQuote {
		text, more = strings.TrimSuffix(cutAt(text, maxQuote), " …"), " …"
	}
	asked := ""
	if q := strings.Join(strings.Fields(p.Question), " "); q != "" {
		asked = ", answering “" + cutAt(q, maxQuote) + "”"
	}
	return "“" + strings.TrimRight(text, ".;,: ") + more + "”" + asked
}
