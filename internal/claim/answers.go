package claim

import (
	"regexp"
	"slices"
	"strings"
)

var (
	saysNo  = regexp.MustCompile(`^(well,? |so,? |look,? |i mean,? |— )*(no\b|nope|absolutely not|of course not|certainly not|not at all|never\b|definitely not|that('s| is) not (true|correct|right|going to happen)|it('s| is) not (true|being))|\b(is|was|be) (still )?(very much )?(a |an )?[“"]?no[”"]?\b`)
	saysYes = regexp.MustCompile(`^(well,? |so,? |look,? )*(yes\b|yeah|yep|correct|absolutely\b|of course\b|that('s| is) (right|correct|true)|certainly\b|i do\b|he does\b|we do\b|we are\b|i am\b|he is\b|she is\b|indeed)`)
	stands  = regexp.MustCompile(`(still the case|nothing (has|ha-|have) changed|not changed|n't changed|answer stands|remains the case|same answer|answer remains|position remains|stand by)`)
	because = regexp.MustCompile(`^(well,? )?because\b`)
	open    = regexp.MustCompile(`^(q[: ]*|question[: ]*)?(and |so |but |just |then |also |thanks[^.?]*[.,] ?)*(why|how|what|who|when|where|which)\b`)
)

// polarity tells whether an answer says yes (1), no (-1) or neither.
func polarity(answer string) int {
	if saysNo.MatchString(answer) {
		return -1
	}
	at := saysYes.FindStringIndex(answer)
	switch {
	case at == nil:
		return 0
	case strings.HasPrefix(answer[at[1]:], " not"): // "we are not"
		return -1
	}
	return 1
}

// answers makes the claims of a question the answerer's own where he says yes or no to it.
func (x *reader) answers() {
	asked := -1 // the last polar question not yet answered
	for i := range x.out.Sentences {
		s := &x.out.Sentences[i]
		text := strings.ToLower(strings.ReplaceAll(x.text[s.Start:s.End], "’", "'"))
		if i > 0 && asked >= 0 && (s.Voice == Own) {
			q := x.out.Sentences[asked]
			question := strings.ToLower(x.text[q.Start:q.End])
			wh := open.MatchString(question)
			switch {
			case !wh && polarity(text) != 0:
				x.answer(asked, i, polarity(text))
				asked = -1
			case stands.MatchString(text):
				x.answer(asked, i, 2)
				asked = -1
			case because.MatchString(text) && strings.Contains(question, "why"):
				x.answer(asked, i, 3)
				asked = -1
			}
		}
		if s.Marks.Has(Asked) {
			asked = i
		} else if s.Voice == Own && asked >= 0 && i > asked+3 {
			asked = -1
		}
	}
}

// answer copies the claims of the question at q to the answer at a. how is 1 for yes, -1
// for no, 2 for what was said before and stands, 3 for what a question takes for granted.
func (x *reader) answer(q, a, how int) {
	from := q
	if how == 2 || how == 1 || how == -1 {
		for from > 0 && from > q-3 && x.out.Sentences[from-1].Voice == x.out.Sentences[q].Voice && x.out.Sentences[q].Voice == Journalist {
			from--
		}
	}
	if how == 3 {
		from = q
	}
	s := &x.out.Sentences[a]
	for i := from; i <= q; i++ {
		s.Args = append(s.Args, x.out.Sentences[i].Args...)
	}
	if len(s.Args) > 60 {
		s.Args = s.Args[:60]
	}
	s.Marks |= x.out.Sentences[q].Marks &^ Asked
	n := len(x.out.Claims)
	for k := 0; k < n && len(x.out.Claims) < maxClaims; k++ {
		c := x.out.Claims[k]
		if c.Sentence < from || c.Sentence > q || c.Sign == 0 || c.Flags.Has(Condition) {
			continue
		}
		switch how {
		case 1, -1:
			if c.Sentence != q || slices.ContainsFunc(x.out.Claims[:n], func(d Claim) bool { return d.Sentence == a && d.Predicate == c.Predicate }) {
				continue // "No, the decision was made to purchase them": he says it himself
			}
			c.Sign = int8(how)
		case 2:
			// What the questioner says was said.
		}
		c.Sentence = a
		c.Flags = c.Flags&^(Question|Reported|Hedged) | Answer
		if c.By == Unknown || c.By == Others {
			c.By = Unknown
		}
		x.out.Claims = append(x.out.Claims, c)
	}
}
