package reversal

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"volteface/internal/claim"
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

// explain says in one sentence who said what and when, and how the later stands to the
// earlier.
func (p *pairing) explain(before, after *Statement, c *candidate, verdict string) string {
	first := opening(before, "Earlier", nil)
	then := opening(after, "later", before)
	what := turns[c.kind]
	if c.rule == fNumber {
		q, r := p.a.sentences[c.a].Quantities[c.qa], p.b.sentences[c.b].Quantities[c.qb]
		if what = fmt.Sprintf("which appears to give %s where it had been %s", figure(r), figure(q)); q.Denied {
			what = fmt.Sprintf("which appears to give %s after all", figure(r))
		}
	}
	if verdict == Softening {
		what = "which may soften the earlier position"
	}
	return fmt.Sprintf("%s said %s; %s said %s, %s.", first, p.quote(p.a, c.a, c.ca), then, p.quote(p.b, c.b, c.cb), what)
}

// opening is when and by whom: "On 17 October 2022 Nasser Kanaani".
func opening(s *Statement, unknown string, earlier *Statement) string {
	who := firstOf(s.Speaker, s.Issuer, s.Government)
	if who == "" {
		who = "the statement"
		if earlier == nil {
			who = "a statement"
		}
	}
	if strings.HasPrefix(who, "spokes") || strings.HasPrefix(who, "Spokes") {
		who = "the " + strings.ToLower(who[:1]) + who[1:]
	}
	switch {
	case s.Date.IsZero():
		return unknown + " " + who
	case earlier != nil && sameDay(earlier.Date, s.Date):
		return "on the same day " + who
	case earlier != nil:
		return "on " + said(s) + " " + who
	}
	return "On " + said(s) + " " + who
}

// said is the day of a statement, by the clock of its page.
func said(s *Statement) string { return statement.Date{Time: s.Date}.Day() }

// sameDay tells whether two moments are of one day, each by the clock of its page.
func sameDay(a, b time.Time) bool {
	return !a.IsZero() && statement.Date{Time: a}.Figures() == statement.Date{Time: b}.Figures()
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			return n
		}
	}
	return ""
}

// maxQuote is the length in bytes of a sentence that is quoted whole.
const maxQuote = 260

// quote is the sentence, or, of a long one, the part that makes the claim.
func (p *pairing) quote(s *prepared, sentence, n int) string {
	x := &s.sentences[sentence]
	from, to := x.Start, x.End
	cut, more := "", ""
	if to-from > maxQuote && n >= 0 {
		if c := &s.claims[n]; c.Start >= from && c.End <= to && c.End > c.Start {
			a, b := s.window(from, to, c.Start, c.End)
			if a > from {
				cut = "… "
			}
			if b < to {
				more = " …"
			}
			from, to = a, b
		}
	}
	text := strings.Join(strings.Fields(s.text[from:to]), " ")
	if len(text) > maxQuote {
		text, more = strings.TrimSuffix(cutAt(text, maxQuote), " …"), " …"
	}
	text = strings.TrimRight(text, ".;,: ")
	asked := ""
	if n >= 0 && s.claims[n].Flags.Has(claim.Answer) {
		if q := s.question(sentence); q != "" {
			asked = ", answering “" + q + "”"
		}
	}
	return "“" + cut + text + more + "”" + asked
}

// window widens a part of a sentence that is too long to be quoted whole by as much of
// what surrounds it as fits, word by word.
func (s *prepared) window(from, to, start, end int) (a, b int) {
	room := max(0, maxQuote-(end-start))
	a, b = max(from, start-room/2), min(to, end+room/2)
	if a > from {
		if k := strings.IndexByte(s.text[a:start], ' '); k >= 0 {
			a += k + 1
		} else {
			a = start
		}
	}
	if b < to {
		if k := strings.LastIndexByte(s.text[end:b], ' '); k >= 0 {
			b = end + k
		} else {
			b = end
		}
	}
	return a, b
}

// question is the question that a sentence answers, as far as it is near.
func (s *prepared) question(sentence int) string {
	for i := sentence - 1; i >= 0 && i >= sentence-6; i-- {
		if x := s.sentences[i]; x.Marks.Has(claim.Asked) {
			return cutAt(strings.Join(strings.Fields(strings.TrimPrefix(s.text[x.Start:x.End], "Q ")), " "), maxQuote)
		}
	}
	return ""
}

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

// figure writes a number as a reader would.
func figure(q claim.Quantity) string {
	v := strconv.FormatFloat(q.Value, 'f', -1, 64)
	whole, rest, _ := strings.Cut(v, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if q.Unit == "percent" {
		whole += " per cent"
	}
	return whole
}
