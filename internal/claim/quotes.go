package claim

import (
	"regexp"
	"strings"

	"volteface/internal/nlp"
)

// quotations marks the sentences that stand wholly in quotation marks and are somebody
// else's: what a statement collects of others' voices ("Ann Lee: “…”"), and what a speaker
// of a transcript tells that others say. A quotation is taken to go on to its closing mark or the
// end of its paragraph. Where nobody tells who speaks, it is the issuer's.
func (x *reader) quotations(sentences []nlp.Sentence, turns []turn) {
	for i := 0; i < len(sentences); {
		n := i + 1
		for n < len(sentences) && sentences[n].Paragraph == sentences[i].Paragraph {
			n++
		}
		x.quotationsOf(sentences[i:n], turns[i:n])
		i = n
	}
}

// quotationsOf does so in the sentences of one paragraph.
func (x *reader) quotationsOf(sentences []nlp.Sentence, turns []turn) {
	start, end := sentences[0].Start, sentences[len(sentences)-1].End
	first := 0 // of the sentences that do not end before the quotation
	for at := start; at < end; {
		open := strings.IndexAny(x.text[at:end], "“„«")
		if open < 0 {
			return
		}
		open += at
		to := end
		if k := strings.IndexAny(x.text[open:end], "”»"); k >= 0 {
			to = open + k
		}
		who := nameOf(x.text[start:open])
		said := ownWords.MatchString(x.text[max(start, open-60):open])
		for first < len(sentences) && sentences[first].End <= open {
			first++
		}
		for i := first; i < len(sentences) && sentences[i].Start < to; i++ {
			s := sentences[i]
			switch whole := s.Start+1 >= open && s.End-1 <= to+len("”."); {
			case turns[i].voice != Own:
			case who != "" && !x.official(who):
				turns[i] = turn{Foreign, who}
			case who == "" && whole && turns[i].label != "" && !said:
				turns[i].voice = Foreign
			}
		}
		at = to + 1
	}
}

var (
	// namesOnly is a name with an office, before a colon.
	namesOnly = regexp.MustCompile(`^\W*(\p{Lu}[\p{L}.'’-]*,?(\s|$)|(of|the|and|for|de|von|van|al|bin|at|in)\s|\([^)]{1,20}\),?\s*|&\s){2,14}$`)
	// ownWords lead in what a speaker says that he said himself.
	ownWords = regexp.MustCompile(`(?i)\b(i|we)(['’]ve| have| had| was| were)?( also| always| just)? (said|say|saying|told|tell|stated|announced|promised|wrote)\b`)
)

// nameOf is the name that stands alone before a colon at the end of a text; empty if none does.
func nameOf(before string) string {
	before = strings.TrimSpace(before)
	name, ok := strings.CutSuffix(before, ":")
	if !ok || len(name) > 120 || !namesOnly.MatchString(name+" ") {
		return ""
	}
	return strings.TrimSpace(name)
}

// official tells whether a name may be that of somebody who speaks for the issuer.
func (x *reader) official(name string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' }) {
		if w = Normal(w); x.own.words[w] || officials[w] {
			return true
		}
	}
	return false
}
