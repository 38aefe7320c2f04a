package reversal

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// turns says of each kind what the later statement does, in words that claim no more than
// the texts show.
var turns = map[string]string{
	"denial_to_admission":         "which appears to admit what had been denied",
	"admission_to_denial":         "which appears to deny what had been said",
	"ruled_out_to_done":           "which appears to be what had been ruled out",
	"commitment_to_withdrawal":    "which appears to take back what had been announced",
	"support_to_opposition":       "which appears to turn the position round",
	"red_line_dropped":            "which appears to give up a line that had been drawn",
	"number_revised":              "which appears to give another figure for the same thing",
	"blame_shift":                 "which appears to name another as responsible",
	"retraction":                  "which appears to take the earlier statement back",
	"legality_or_assessment_flip": "which appears to reverse the assessment",
}

// Explain says in one sentence who said what and when, and how the later appears to stand to the earlier; before and after tell
// by whom and when.
func Explain(t Turn, before, after *Statement) string {
	what := turns[t.Kind]
	switch {
	case t.Verdict == Softening:
		what = "which may soften the earlier position"
	case what == "":
		what = "which appears to contradict it"
	}
	return fmt.Sprintf("%s %s; %s %s, %s.", opening(before, t.Before.Text, "Earlier", nil), quoted(read(t.Before)), opening(after, t.After.Text, "later", before), quoted(read(t.After)), what)
}

// retold reports whether a text tells what its speaker says rather than being their words: it holds quotation marks, or names them.
func retold(text, speaker string) bool {
	return strings.ContainsAny(text, "“”„«»\"") || speaker != "" && strings.Contains(strings.ToLower(text), strings.ToLower(speaker))
}

// opening is when and by whom a text was said: "On 17 October 2022 Nasser Kanaani said". No words are put into the mouth of a speaker
// that are the page's own: what it retells, its issuer published.
func opening(s *Statement, text, unknown string, earlier *Statement) string {
	who, verb := firstOf(s.Speaker, s.Issuer, s.Government), " said"
	if retold(text, s.Speaker) {
		who, verb = firstOf(s.Issuer, s.Government), " published"
	}
	if who == "" {
		who = "the statement"
		if earlier == nil {
			who = "a statement"
		}
		if verb == " published" {
			verb = " read"
		}
	}
	if strings.HasPrefix(who, "spokes") || strings.HasPrefix(who, "Spokes") {
		who = "the " + strings.ToLower(who[:1]) + who[1:]
	}
	switch {
	case s.Date.IsZero():
		return unknown + " " + who + verb
	case earlier != nil && !earlier.Date.IsZero() && said(earlier) == said(s):
		return "on the same day " + who + verb
	case earlier != nil:
		return "on " + said(s) + " " + who + verb
	}
	return "On " + said(s) + " " + who + verb
}

// said is the day of a statement, by the clock of its page.
func said(s *Statement) string { return statement.Date{Time: s.Date}.Day() }

func firstOf(names ...string) string {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			return n
		}
	}
	return ""
}

// maxQuote is the length in bytes of a passage that is quoted whole.
const maxQuote = 260

// cutAt shortens a text to so many bytes at the end of a word.
func cutAt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	k := strings.LastIndexByte(text[:most], ' ')
	if k < 0 {
		for k = most; !utf8.RuneStart(text[k]); k-- {
		}
	}
	return text[:k] + " …"
}

// turned says what the later statement does, in words that claim no more than the texts show. A softening is also the verdict where
// a reversal is likelier, but not likely enough to be one.
func turned(v Judged) string {
	switch {
	case v.Verdict.Verdict == Softening && v.Turn > v.Softening:
		return "which may turn the earlier position round, or soften it"
	case v.Verdict.Verdict == Softening:
		return "which may soften the earlier position"
	}
	if what := turns[v.Kind]; what != "" {
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
