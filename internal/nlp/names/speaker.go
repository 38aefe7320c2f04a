package names

import (
	"slices"
	"sort"
	"strings"

	"volteface/internal/nlp"
	"volteface/internal/nlp/lexicon"
)

// Issuer is whose document it is: who says "we" where nobody else is quoted.
type Issuer struct {
	Name       string // Ministry of Foreign Affairs
	Government string // Iran; "" for a body of no country
}

// nobody stands for somebody of whom nothing is known: who asks, who is quoted without
// a name.
const nobody = -1

// ownBody is the issuer as an entity, nobody if it is unknown.
func (f *finder) ownBody() int {
	if f.own != nil {
		return *f.own
	}
	own := nobody
	switch {
	case f.issuer.Name != "":
		own = f.resolve(&Entity{Kind: Body, Name: f.issuer.Name, Government: f.issuer.Government})
	case f.issuer.Government != "":
		own = f.governmentOf(f.issuer.Government)
	}
	f.own = &own
	return own
}

// means tells whether "the ministry" may be the issuer.
func (i Issuer) means(lemma string) bool {
	return strings.Contains(" "+strings.ToLower(i.Name)+" ", " "+lemma+" ") || i.Government != "" && (lemma == "government" || lemma == "administration")
}

// governmentOf is a country's government as an entity.
func (f *finder) governmentOf(country string) int {
	key := "government of " + country
	if known := f.keys[key]; len(known) > 0 {
		return known[0]
	}
	i := f.addEntity(Entity{Kind: Body, Role: "government", Government: country})
	f.keys[key] = []int{i}
	return i
}

// institution is who "we" are when somebody says it: he that speaks for the issuer means
// the issuer, the minister of another country his government, a body itself. In a
// transcript of the issuer who is not known to be another's speaks for the issuer; one
// who is quoted in passing does not.
func (f *finder) institution(who int, quoted bool) int {
	if who == nobody {
		return nobody
	}
	e := &f.names.Entities[who]
	switch {
	case e.Kind == Body:
		return who
	case e.Kind == Place && e.Government != "":
		return f.governmentOf(e.Government) // Tehran said: “We …”
	case e.Kind != Person:
		return nobody
	case e.Government == "" && quoted && !ofState(e.Role):
		return nobody
	case e.Government == "" || e.Government == f.issuer.Government:
		if own := f.ownBody(); own != nobody || e.Government == "" {
			return own
		}
	}
	return f.governmentOf(e.Government)
}

// ofState tells an office that only a state has: in what an issuer publishes, a minister
// without a country is its own; the president of a company is not.
func ofState(role string) bool {
	switch last := role[strings.LastIndexByte(role, ' ')+1:]; last {
	case "minister", "spokesman", "spokeswoman", "spokesperson", "ambassador", "premier", "chancellor":
		return true
	}
	return role == "president" || role == "vice president" || role == "press secretary" || role == "secretary of state"
}

// firstPerson adds the mentions of we, our and us, I and my, once all others are known.
func (f *finder) firstPerson() {
	f.others = len(f.names.Mentions)
	turn, inTurn := nobody, false
	quotes := f.quotes()
	for i := range f.doc.Sentences {
		s := &f.doc.Sentences[i]
		if s.Kind == nlp.Speaker {
			turn, inTurn = f.turn(i), true
			continue
		}
		for k := range s.Tokens {
			plural, ok := isFirstPerson(s, k)
			if !ok {
				continue
			}
			speaker, quoted := turn, false
			for len(quotes) > 0 && quotes[0].before(i, k) {
				quotes = quotes[1:]
			}
			if len(quotes) > 0 && quotes[0].holds(i, k) {
				speaker, quoted = quotes[0].speaker, true
			}
			who := nobody
			switch {
			case plural && !quoted && !inTurn:
				who = f.ownBody()
			case plural:
				who = f.institution(speaker, quoted)
			case speaker != nobody && f.names.Entities[speaker].Kind == Person:
				who = speaker
			}
			if who != nobody {
				f.add(Mention{i, k, k + 1, k, who, Pronoun})
			}
		}
	}
	if len(f.names.Mentions) > f.others {
		slices.SortStableFunc(f.names.Mentions, func(a, b Mention) int {
			if a.Sentence != b.Sentence {
				return a.Sentence - b.Sentence
			}
			return a.First - b.First
		})
	}
}

// mentions are those of one sentence, which stand together: those of the first person,
// added at the end of the list, are not looked for.
func (f *finder) mentions(i int) []Mention {
	all := f.names.Mentions[:f.others]
	first := sort.Search(len(all), func(m int) bool { return all[m].Sentence >= i })
	last := sort.Search(len(all), func(m int) bool { return all[m].Sentence > i })
	return all[first:last]
}

// isFirstPerson tells I and we with their forms. "Let us" calls on those who listen.
func isFirstPerson(s *nlp.Sentence, k int) (plural, ok bool) {
	t := &s.Tokens[k]
	if t.UPOS != "PRON" {
		return false, false
	}
	switch w := lower(s, k); w {
	case "we", "us", "our", "ours", "ourselves":
		let := w == "us" && t.Head >= 0 && strings.EqualFold(s.Tokens[t.Head].Form, "let")
		return true, t.Form != "US" && !let
	case "i", "me", "my", "mine", "myself":
		return false, true
	}
	return false, false
}

// asking are labels of those who are not the issuer's.
var asking = set("q question reporter journalist participant audience remark member moderator interviewer host")

// turn is the entity that the label of a turn names.
func (f *finder) turn(i int) int {
	s := &f.doc.Sentences[i]
	for k := range s.Tokens {
		if asking[plain(s, k)] && k <= 1 {
			return nobody
		}
	}
	for _, x := range slices.Backward(f.mentions(i)) {
		if f.names.Entities[x.Entity].Kind == Person {
			return x.Entity
		}
	}
	name, role := Speaker(s, f.doc.Text)
	if name == "" && role == "" {
		return nobody
	}
	e := Entity{Kind: Person, Name: name, Role: role}
	if name == "" {
		e.Government = f.issuer.Government
		if who := f.roleHolder(role, e.Government); who >= 0 {
			return who
		}
	}
	return f.resolve(&e)
}

// quote is a stretch between quotation marks: from a word of a sentence to one of the
// same or a later sentence.
type quote struct {
	sentence, first, last, end int
	speaker                    int
}

func (q *quote) before(i, k int) bool { return q.last < i || q.last == i && q.end <= k }

func (q *quote) holds(i, k int) bool {
	return (q.sentence < i || q.sentence == i && q.first < k) && !q.before(i, k)
}

// quotes finds the quotations of a document, in order, and who is quoted. One that is not
// closed ends with its paragraph.
func (f *finder) quotes() []quote {
	var all []quote
	open := -1
	for i := range f.doc.Sentences {
		s := &f.doc.Sentences[i]
		if open >= 0 && s.Paragraph != f.doc.Sentences[all[open].sentence].Paragraph {
			all[open].last, all[open].end = i, 0
			open = -1
		}
		for k := range s.Tokens {
			form := s.Tokens[k].Form
			switch {
			case open < 0 && (form == "“" || form == "\"" || form == "``" || form == "«" || form == "„"):
				open = len(all)
				all = append(all, quote{sentence: i, first: k, last: len(f.doc.Sentences), speaker: nobody})
			case open >= 0 && (form == "”" || form == "\"" || form == "''" || form == "»"):
				all[open].last, all[open].end = i, k
				open = -1
			}
		}
	}
	for n := range all {
		q := &all[n]
		q.speaker = f.quoted(q)
		if p := n - 1; q.speaker == nobody && p >= 0 && f.doc.Sentences[all[p].sentence].Paragraph == f.doc.Sentences[q.sentence].Paragraph {
			q.speaker = all[p].speaker // “We deny it,” he said. “We always have.”
		}
	}
	return all
}

// quoted finds who says a quotation: the subject of a verb of speech outside it, in the
// sentence in which it ends, or in which it starts, or before it and a colon.
func (f *finder) quoted(q *quote) int {
	for _, i := range []int{q.last, q.sentence, q.sentence - 1} {
		if i < 0 || i >= len(f.doc.Sentences) {
			continue
		}
		s := &f.doc.Sentences[i]
		if i == q.sentence-1 && (q.first > 0 || s.Tokens[len(s.Tokens)-1].Form != ":") {
			continue
		}
		for k := range s.Tokens {
			t := &s.Tokens[k]
			if !t.Is("nsubj") || t.Head < 0 || q.holds(i, k) || q.holds(i, t.Head) {
				continue
			}
			if _, says := lexicon.SpeechOf(s.Tokens[t.Head].Lemma); !says {
				continue
			}
			for _, x := range f.mentions(i) {
				if x.Head == k {
					return x.Entity
				}
			}
		}
	}
	return nobody
}

// Speaker reads the label of a turn, "MS. JEAN-PIERRE:" or "PRESIDENT BIDEN:", into
// a name without title and a role in small letters; both are "" for "Q".
func Speaker(s *nlp.Sentence, text string) (name, role string) {
	label := strings.Trim(text[s.Start:s.End], " :")
	if label == "Q" || strings.EqualFold(label, "question") {
		return "", ""
	}
	var title, rest []string
	for _, w := range strings.Fields(label) {
		p := strings.ToLower(strings.Trim(w, ".,"))
		switch {
		case len(rest) == 0 && honorifics[p]:
		case len(rest) == 0 && (isRole(p) || p == "the" || p == "press" || p == "vice" || p == "prime" || p == "senior" || p == "administration" || p == "foreign"):
			if p != "the" {
				title = append(title, p)
			}
		default:
			rest = append(rest, w)
		}
	}
	return strings.Join(rest, " "), strings.Join(title, " ")
}
