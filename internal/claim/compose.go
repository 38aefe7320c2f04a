package claim

import "strings"

var negators = map[string]bool{"not": true, "n't": true, "never": true, "neither": true, "nor": true, "hardly": true, "scarcely": true, "cannot": true}

var emptyPronouns = map[string]bool{"nobody": true, "nothing": true, "none": true, "no-one": true, "noone": true, "neither": true}

var commentAdverbs = map[string]bool{"only": true, "just": true, "merely": true, "simply": true, "necessarily": true, "even": false}

// empty tells whether a phrase says that there is no such thing: "no licence", "not a
// single delivery", "neither of them", "no one".
func (t *tree) empty(i int) bool {
	if emptyPronouns[t.lower[i]] {
		return true
	}
	if t.lower[i] == "one" && i > 0 && t.lower[i-1] == "no" {
		return true
	}
	for _, k := range t.kids[i] {
		switch t.lower[k] {
		case "no":
			if k+1 < len(t.words) && (t.lower[k+1] == "doubt" || t.lower[k+1] == "longer" || t.lower[k+1] == "later" || t.lower[k+1] == "less" || t.lower[k+1] == "more" && t.base(k) == "advmod") {
				return false
			}
			return k < i
		case "neither", "nor":
			if k < i {
				return true
			}
		case "not":
			if k+1 < len(t.words) && (t.lower[k+1] == "a" || t.lower[k+1] == "one" || t.lower[k+1] == "any") && k < i && t.words[i].UPOS == "NOUN" && !t.copular(i) {
				return true
			}
		}
	}
	return false
}

// negated tells whether a predicate is negated by a word of its own clause, and whether
// that is put as strongly as can be.
func (t *tree) negated(i int) (neg, categorical bool) {
	n, neither := 0, false
	count := func(k int) {
		switch t.lower[k] {
		case "not", "n't":
			// "not only A but also B" asserts A.
			if k+1 < len(t.words) && commentAdverbs[t.lower[k+1]] {
				return
			}
			// "A and not B" negates what follows.
			if t.words[k].Head == i && k > i && t.noun(i) {
				return
			}
			n++
		case "never":
			n++
			categorical = true
		case "neither", "nor":
			if !neither {
				n++
			}
			neither = true
		case "hardly", "scarcely", "cannot":
			n++
		}
	}
	for _, k := range t.kids[i] {
		if negators[t.lower[k]] && (k < i || t.base(k) == "advmod" && k <= i+2) {
			count(k)
		}
		if t.base(k) == "aux" || t.base(k) == "cop" {
			for _, g := range t.kids[k] {
				if negators[t.lower[g]] {
					count(g)
				}
			}
		}
		switch t.words[k].Rel {
		case "nsubj", "nsubj:pass", "obj", "iobj":
			if t.empty(k) && !(t.words[k].Rel == "obj" && t.verbNegatedNear(i)) {
				if nor := t.childWord(k, "neither", "nor") >= 0; !nor || !neither {
					n++
					neither = neither || nor
				}
				categorical = true
			}
		case "obl", "advmod", "obl:tmod", "obl:npmod", "obl:unmarked":
			if t.empty(k) && k < i && t.base(k) == "obl" { // "under no circumstances", "at no time"
				n++
				categorical = true
			}
			if t.lower[k] == "longer" && t.childWord(k, "no") >= 0 || t.lower[k] == "longer" && k > 0 && t.lower[k-1] == "no" {
				n++
			}
			if t.lower[k] == "means" && k > 1 && t.lower[k-1] == "no" && t.lower[k-2] == "by" {
				n++
			}
		}
	}
	if next := t.phraseEnd[i] + 1; n == 0 && t.verb(i) && next < len(t.words) && emptyPronouns[t.lower[next]] && t.words[next].Head != i {
		n++ // "support neither of the sides", hung elsewhere
		categorical = true
	}
	// An adjective or noun with "no" before it: "is no hacker", "without cause".
	if t.noun(i) && t.empty(i) {
		n++
		categorical = true
	}
	if n == 0 {
		// What the parser hung elsewhere: a negator close before, no clause between.
		for k := i - 1; k >= 0 && k >= i-4; k-- {
			l := t.lower[k]
			if l == "not" || l == "n't" || l == "never" {
				h := t.words[k].Head
				if h == i || h >= 0 && t.words[h].UPOS == "AUX" && t.words[h].Head == i {
					break
				}
				if t.verb(i) && (k == i-1 || k == i-2 && t.words[i-1].UPOS == "ADV") && h < 0 {
					n++
				}
				break
			}
			if u := t.words[k].UPOS; u != "ADV" && u != "AUX" && u != "PART" {
				break
			}
		}
	}
	return n%2 == 1, categorical
}

// verbNegatedNear tells whether a verb has a negator of its own, so that "did not pay a
// single cent" is not counted twice.
func (t *tree) verbNegatedNear(i int) bool {
	for _, k := range t.kids[i] {
		if negators[t.lower[k]] {
			return true
		}
		if t.base(k) == "aux" {
			for _, g := range t.kids[k] {
				if negators[t.lower[g]] {
					return true
				}
			}
		}
	}
	return false
}

// superlative tells "never as busy as", "never better", "never so few": nothing is denied.
func (t *tree) superlative(i int) bool {
	for k := range t.words {
		if t.lower[k] != "never" {
			continue
		}
		for j := k + 1; j < len(t.words) && j <= k+12; j++ {
			switch {
			case t.lower[j] == "so" && j+1 < len(t.words) && (t.words[j+1].UPOS == "ADJ" || t.words[j+1].UPOS == "ADV"):
				return true
			case t.lower[j] == "as" && j+1 < len(t.words) && (t.words[j+1].UPOS == "ADJ" || t.words[j+1].UPOS == "ADV" && t.lower[j+1] != "long" && t.lower[j+1] != "well"):
				return true
			case strings.Contains(t.words[j].Feats, "Degree=Cmp") && t.lower[j] != "later" && t.lower[j] != "longer":
				return true
			case t.lower[j] == "such" && j+1 < len(t.words) && (t.lower[j+1] == "a" || t.words[j+1].UPOS == "ADJ"):
				return true
			case t.lower[j] == ";":
				j = len(t.words)
			}
		}
	}
	return false
}

// mode reads the auxiliaries of a predicate.
func (t *tree) mode(i int) (Mode, Flags) {
	m, f := Fact, Flags(0)
	for _, k := range t.kids[i] {
		r := t.base(k)
		if r != "aux" && r != "cop" {
			continue
		}
		switch t.lower[k] {
		case "will", "'ll", "shall", "wo", "sha":
			m = Plan
		case "would", "'d":
			if t.lower[k] == "would" {
				m = Would
			}
		case "should", "ought":
			m = Should
		case "must":
			m = Must
		case "may", "might", "can", "could", "ca":
			m = May
			if t.lower[k] == "might" || t.lower[k] == "could" {
				f |= Hedged
			}
		case "was", "were", "had", "did":
			f |= Past
		case "has", "have", "'ve":
			f |= Past
		}
	}
	feats := t.words[i].Feats
	if strings.Contains(feats, "Tense=Past") && !strings.Contains(feats, "VerbForm=Part") || strings.Contains(feats, "VerbForm=Part") && t.is(i, "acl", "amod") && strings.Contains(feats, "Tense=Past") {
		f |= Past
	}
	if strings.Contains(feats, "VerbForm=Ger") || strings.HasSuffix(t.lower[i], "ing") && t.child(i, "aux") >= 0 {
		f |= Ongoing
	}
	return m, f
}

// hedges are words that take certainty away.
var hedges = map[string]bool{"perhaps": true, "possibly": true, "probably": true, "apparently": true, "reportedly": true, "allegedly": true, "maybe": true,
	"presumably": true, "seemingly": true, "potentially": true}

// standing is what the words above and about a predicate make of it.
type standing struct {
	sign  int
	mode  Mode
	flags Flags
}

// compose walks from a predicate up to the root of its sentence.
func (x *reader) compose(i int) standing {
	t := x.tree
	neg, categorical := t.negated(i)
	s := standing{sign: 1}
	if neg {
		s.sign = -1
		if categorical {
			s.flags |= Categorical
		}
	}
	var f Flags
	s.mode, f = t.mode(i)
	s.flags |= f
	for _, k := range t.kids[i] {
		if hedges[t.lower[k]] {
			s.flags |= Hedged
		}
		if t.base(k) == "advcl" && x.conditional(k) {
			s.flags |= Condition
		}
		if c := t.child(k, "case", "mark"); t.lower[k] == "only" || t.lower[k] == "except" || c >= 0 && (t.lower[c] == "except" || t.lower[c] == "unless") {
			s.flags |= Restricted
		}
	}
	if s.mode == Would {
		s.flags |= Condition
	}
	w := i
	if t.inverted(i) {
		s.flags |= Condition
	}
	if x.reportedThat(i) {
		s.flags |= Reported
	}
	for steps := 0; steps < 16; steps++ {
		h := t.words[w].Head
		rel := t.base(w)
		if rel == "advcl" && x.conditional(w) {
			s.flags |= Condition
		}
		if h < 0 {
			break
		}
		up := false
		switch rel {
		case "conj":
			// Joined predicates share what stands above them, and a negation before "or".
			if c := t.child(w, "cc"); c >= 0 && (t.lower[c] == "or" || t.lower[c] == "nor") && w == i && t.child(w, "nsubj", "nsubj:pass", "aux") < 0 {
				if n, _ := t.negated(h); n && !neg {
					s.sign = -s.sign
				}
			}
			if w == i && t.child(w, "aux", "cop") < 0 && !(t.verb(w) && strings.Contains(t.words[w].Feats, "VerbForm=Fin")) {
				m, f := t.mode(h)
				if s.mode == Fact {
					s.mode = m
				}
				s.flags |= f & Past
			}
			if t.noun(w) && t.noun(h) && t.empty(h) && !t.empty(w) && s.sign > 0 {
				if c := t.child(w, "cc"); c >= 0 && (t.lower[c] == "nor" || t.lower[c] == "or") {
					s.sign = -1
				}
			}
			w = h
			continue
		case "xcomp", "ccomp", "csubj":
			up = true
		case "acl":
			for steps := 0; t.words[w].Rel == "acl:relcl" && steps < 3 && t.base(h) == "nmod" && t.words[h].Head >= 0; steps++ {
				if up := t.words[h].Head; t.cleft(up) { // "a machine of our forces that …"
					h = up
				} else {
					break
				}
			}
			if t.words[w].Rel == "acl:relcl" && (t.cleft(h) || t.copular(h) && t.lower[h] == "case") {
				if n, _ := t.negated(h); n {
					s.sign = -s.sign
				}
				m, f := t.mode(h)
				if s.mode == Fact {
					s.mode = m
				}
				s.flags |= f & Past
				w = h
				continue
			}
			if t.words[w].Rel == "acl:relcl" && x.contentClause(w) && x.nounEffect(h) != noEffect {
				up = true
				break
			}
			if t.words[w].Rel == "acl:relcl" {
				s.flags |= Presupposed
				if t.generic(h) {
					s.flags |= Condition // "trains that carry dangerous goods must report them"
				}
				x.voice(h, w, &s)
				return s
			}
			if !t.infinitive(w) && !x.contentClause(w) {
				s.flags |= Presupposed
				return s
			}
			if p := t.child(h, "case"); t.infinitive(w) && t.base(h) == "nmod" && p >= 0 && t.lower[p] == "for" && t.words[h].Head >= 0 {
				h = t.words[h].Head // "no need for people to wear masks"
			}
			up = true
		case "advcl":
			if m := t.child(w, "mark"); m >= 0 && t.lower[m] == "that" {
				rel, up = "ccomp", true
				break
			}
			if p := t.child(w, "mark"); p >= 0 && (t.lower[p] == "from" || t.lower[p] == "without" || t.lower[p] == "instead") {
				if t.lower[p] != "from" {
					s.sign = -s.sign
					return s
				}
				up = true
			}
		case "compound":
			if x.nounEffect(h) != turns { // not "the export ban"
				return s
			}
			rel, up = "nmod", true
		case "obj", "nsubj", "nmod", "obl", "iobj":
			up = t.noun(w) || t.verb(w)
		case "parataxis", "appos", "root", "dep", "discourse":
			// "this is false, the spokesman said": the saying may stand after.
			return s
		case "amod":
			s.flags |= Presupposed
			return s
		}
		if !up {
			return s
		}
		if !x.under(h, w, rel, &s) {
			return s
		}
		w = h
	}
	return s
}

// generic tells a plural without a determiner, "those who", "anyone who": a kind, of which
// there need not be any.
func (t *tree) generic(h int) bool {
	switch t.lower[h] {
	case "those", "anyone", "anybody", "whoever", "everyone":
		return true
	}
	if !t.noun(h) || !strings.Contains(t.words[h].Feats, "Number=Plur") {
		return false
	}
	for _, k := range t.kids[h] {
		if b := t.base(k); b == "det" && t.lower[k] != "any" || b == "nummod" || t.is(k, "nmod:poss") {
			return false
		}
	}
	m := t.words[h].Head
	return t.is(h, "nsubj", "nsubj:pass") && m >= 0 && !strings.Contains(t.words[m].Feats, "Tense=Past")
}

// inverted tells a word in an opening "Had …,", "Were …,", "Should …,".
func (t *tree) inverted(i int) bool {
	if l := t.lower[0]; l != "had" && l != "were" && l != "should" || t.lower[len(t.lower)-1] == "?" {
		return false
	}
	for k := i; k >= 0; k-- {
		if t.lower[k] == "," {
			return false
		}
	}
	for k := i; k < len(t.words); k++ {
		if t.lower[k] == "," {
			return true
		}
	}
	return false
}

// reportedThat tells a clause "that …" after a noun of report, wherever the parser has hung
// it: "the claim, put about by officials, that …".
func (x *reader) reportedThat(i int) bool {
	t := x.tree
	for steps := 0; i >= 0 && steps < 6; steps++ {
		m := t.child(i, "mark")
		if m >= 0 && t.lower[m] == "that" {
			for k := m - 1; k >= 0 && k >= m-9; k-- {
				if t.noun(k) && x.nounEffect(k) == says {
					return x.whose(k) != Issuer && !x.deniedNoun(k)
				}
				if t.verb(k) && (k == m-1 || !t.is(k, "acl", "conj", "amod", "advcl")) {
					return false
				}
			}
			return false
		}
		if r := t.base(i); r != "xcomp" && r != "conj" && r != "ccomp" {
			return false
		}
		i = t.words[i].Head
	}
	return false
}

// deniedNoun tells a report that is denied or confirmed in the same sentence.
func (x *reader) deniedNoun(k int) bool {
	t := x.tree
	h := t.words[k].Head
	return h >= 0 && (effects[t.name[h]] == denies || x.truthOf(h) != 0)
}

// cleft tells "it was X that …".
func (t *tree) cleft(h int) bool {
	if !t.copular(h) || !t.noun(h) && t.words[h].UPOS != "PRON" && t.words[h].UPOS != "NUM" {
		return false
	}
	k := t.child(h, "nsubj", "expl")
	return k >= 0 && t.lower[k] == "it"
}

// infinitive tells a clause "to …".
func (t *tree) infinitive(i int) bool {
	for _, k := range t.kids[i] {
		if t.base(k) == "mark" && t.lower[k] == "to" {
			return true
		}
	}
	return false
}

// contentClause tells "the claim that …", "the news of having …".
func (x *reader) contentClause(i int) bool {
	m := x.tree.child(i, "mark")
	return m >= 0 && (x.tree.lower[m] == "that" || x.tree.lower[m] == "of" || x.tree.lower[m] == "to" || x.tree.lower[m] == "for" || x.tree.lower[m] == "about")
}

// under lets the word h above w act on the standing; it is false where nothing further
// up matters.
func (x *reader) under(h, w int, rel string, s *standing) bool {
	t := x.tree
	nominal := rel == "obj" || rel == "nsubj" || rel == "nmod" || rel == "obl" || rel == "iobj"
	e := effects[t.name[h]]
	neg, _ := t.negated(h)
	if neg && nominal && t.empty(w) {
		neg = !neg // the emptiness of w has been counted with w
	}
	m, f := t.mode(h)
	side := sides[t.name[h]]
	truth := x.truthOf(h)
	if t.verb(h) || t.copular(h) || truth != 0 {
		s.flags |= f & Past
	}
	lift := func() {
		if m != Fact && s.mode == Fact {
			s.mode = m
		}
	}
	flip := func(on bool) {
		if on {
			s.sign = -s.sign
		}
	}
	if emptyPronouns[t.lower[h]] && rel == "acl" { // "nothing to discuss"
		flip(true)
		return true
	}
	if rel == "obl" && t.child(h, "expl") >= 0 {
		if n := t.child(h, "nsubj", "obj"); n >= 0 && n < w && x.nounEffect(n) != noEffect { // "there is no plan for X"
			return x.under(n, w, "nmod", s)
		}
	}
	if rel == "nsubj" && !t.passive(h) && occurring[t.name[h]] { // "the attack never happened"
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	}
	if rel == "nsubj" && t.child(h, "expl") >= 0 { // "there is a meeting"
		flip(neg && !t.empty(w))
		lift()
		return true
	}
	if t.noun(h) && (!t.copular(h) || nominal && x.nounEffect(h) == plans) {
		switch e := x.nounEffect(h); {
		case e == says || e == thinks || e == asks:
			s.flags |= Mention
			if o := x.whose(h); o == Others {
				s.flags |= Reported
			}
			if t.empty(h) {
				s.sign = -s.sign
			}
			return true
		case e == plans:
			if s.mode == Fact || s.mode == Should {
				s.mode = Plan
			}
			if t.empty(h) {
				s.sign = -s.sign
				s.flags |= Categorical
			}
			return true
		case rel == "nmod" || rel == "acl":
			if t.empty(h) {
				return false
			}
			if e == turns || e == begins { // "the suspension of talks"
				flip(e == turns)
				return true
			}
			if sides[t.name[h]].Any() || t.preparing(h) {
				s.flags |= Mention
				return true
			}
			return false
		}
		return false
	}
	if g := t.openness(h); g != 0 && (rel == "csubj" || rel == "nsubj") && (t.verb(w) || t.noun(w)) { // "going to the Fund is not on our agenda"
		flip(g < 0)
		flip(neg)
		s.mode = Plan
		return true
	}
	if (rel == "acl" || rel == "nsubj" && t.verb(w)) && t.copular(h) && caseWords[t.name[h]] { // "it is not the case that"
		flip(neg)
		return true
	}
	if truth != 0 && (rel == "nsubj" || rel == "csubj" || rel == "ccomp" || rel == "xcomp" || rel == "acl") {
		if truth < 0 {
			s.sign = -s.sign
			s.flags |= Denial
		}
		flip(neg)
		s.flags &^= Mention | Reported
		return true
	}
	if (rel == "xcomp" || rel == "obj") && t.name[h] == "call" && x.speaks(h) == Others { // "lawyers call it unlawful"
		s.flags |= Reported
		return false
	}
	if rel == "ccomp" && t.name[h] == "have" && x.speaks(h) == Others { // "a weekly has it that"
		s.flags |= Reported
		return false
	}
	switch e {
	case keeps:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		s.flags |= Presupposed
		if rel == "ccomp" && neg && (t.name[h] == "know" || t.name[h] == "aware") {
			s.sign, s.flags = 0, s.flags|Hedged
		}
		return false
	case carries:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		x.voice(h, w, s)
		if neg {
			if t.lower[h] == "confirm" || strings.HasPrefix(t.lower[h], "confirm") {
				s.flags |= Hedged
				s.sign = -s.sign
			} else {
				s.flags |= Hedged
			}
		}
		lift()
		if nominal {
			s.flags &^= Mention
		}
		return true
	case begins:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" && !t.withPhrase(w) && !t.leadsTo(h, w) {
			return false
		}
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	case turns:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" && !t.withPhrase(w) {
			return false
		}
		if nominal && !sides[t.name[w]].Any() && !t.preparing(w) && x.nounEffect(w) == noEffect {
			return false
		}
		if m := t.child(w, "mark"); m >= 0 && t.lower[m] == "that" { // hung too high: nobody "ceases that"
			return false
		}
		s.sign = -s.sign
		flip(neg)
		lift()
		s.flags &^= Mention
		return true
	case denies:
		if rel == "nsubj" && !t.passive(h) || rel == "obl" {
			return false
		}
		if x.speaks(h) == Others {
			s.flags |= Reported
			return false
		}
		if neg {
			s.flags |= Hedged
		} else {
			s.sign = -s.sign
			s.flags |= Denial
		}
		s.flags &^= Mention | Reported
		return false
	case plans:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		if c := t.child(w, "case"); nominal && rel != "obj" && rel != "nsubj" && !(rel == "obl" && c >= 0 && (t.lower[c] == "for" || t.lower[c] == "on") && appeals[t.name[h]]) {
			return false
		}
		x.voice(h, w, s)
		flip(neg)
		if s.mode == Fact || s.mode == Plan {
			s.mode = Plan
			lift()
		}
		switch t.name[h] {
		case "call", "urge", "demand", "ask", "require", "order", "recommend", "advise", "advocate", "call_on", "call_upon", "call_for", "appeal_to", "appeal":
			n, by := t.name[h], x.speaks(h)
			if g := t.words[h].Head; n == "require" && t.base(h) == "ccomp" && g >= 0 && x.speaks(g) == Issuer {
				by = Issuer // "I determine that the public interest requires suspending"
			}
			if by == Issuer && (n == "order" || n == "require") {
				break // it is done by being said
			}
			s.mode = Should
		case "try", "attempt", "need", "threaten", "offer":
			s.flags |= Hedged
		}
		s.flags &^= Mention
		return true
	case says:
		if nominal && rel != "obj" {
			return false
		}
		x.voice(h, w, s)
		if nominal && x.speaks(h) != Others { // "I announce the withdrawal of the bill"
			s.flags &^= Mention
			lift()
		}
		if neg {
			s.flags |= Hedged
			if m == May { // "it cannot be said that"
				s.sign = -s.sign
				s.flags &^= Hedged
			}
		}
		return true
	case thinks:
		if rel == "nsubj" && !t.passive(h) {
			return false
		}
		x.voice(h, w, s)
		flip(neg)
		if t.name[h] == "appear" || t.name[h] == "seem" || t.name[h] == "expect" || t.name[h] == "anticipate" || t.name[h] == "suspect" {
			s.flags |= Hedged
		}
		return true
	case asks:
		s.flags |= Question
		return false
	}
	if rel == "ccomp" || rel == "xcomp" || rel == "csubj" {
		if g := t.words[h].Head; rel == "ccomp" && (x.speaks(h) == Others || t.base(h) == "acl" && g >= 0 && x.nounEffect(g) == says) {
			s.flags |= Reported
		}
		if side.Oppose(likelihood) || side.Agree(likelihood) || t.name[h] == "case" || t.name[h] == "possible" {
			if side.Agree(unlikely) {
				s.sign = -s.sign
				s.flags |= Hedged
			} else if t.name[h] == "likely" || t.name[h] == "probable" || t.name[h] == "possible" {
				s.flags |= Hedged
			}
			flip(neg)
			return true
		}
		if t.lower[h] == "going" {
			flip(neg)
			s.mode = Plan
			return true
		}
		flip(neg && rel == "xcomp")
		lift()
		return true
	}
	if nominal && neg {
		// "We did not discuss the meeting": nothing follows for the meeting.
		s.flags |= Mention
	}
	return false
}

// occurring are verbs that say no more of their subject than that it is so.
var occurring = set(`apply take_effect enter_into_force come_into_force take_place happen occur begin start go_ahead proceed resume continue remain stand come
go_on erupt break_out exist materialize come_about ensue`)

// appeals are verbs that ask for something by a phrase: "calls for the resignation".
var appeals = set(`call call_for call_on appeal ask press push campaign argue plead`)

var caseWords = set(`case fact truth question`)

var likelihood, unlikely, untrue, truthful Axes

func init() {
	unlikely, untrue, truthful = side("-likelihood"), side("-truth"), side("+truth")
	likelihood = unlikely.or(side("+likelihood"))
}

// truthOf tells whether a word says of its subject that it is so (1) or not so (-1).
func (x *reader) truthOf(h int) int {
	t := x.tree
	w := &t.words[h]
	a := sides[t.name[h]]
	if w.UPOS == "ADV" || w.UPOS == "VERB" && t.name[h] == "reject" || !(w.UPOS == "ADJ" || t.noun(h) || t.verb(h) && t.lower[h] != t.name[h]) {
		return 0
	}
	if !t.copular(h) && !t.is(h, "xcomp", "amod", "obl", "conj") && t.child(h, "nsubj", "nsubj:pass") < 0 {
		return 0
	}
	switch {
	case t.name[h] == "right" || t.name[h] == "confirm":
		return 0
	case w.UPOS == "VERB" && !a.Agree(untrue):
		return 0
	case a.Agree(untrue):
		return -1
	case a.Agree(truthful):
		return 1
	}
	return 0
}

// nounEffect is what a noun does to its content: a claim, a plan.
func (x *reader) nounEffect(h int) effect {
	t := x.tree
	switch t.name[h] {
	case "claim", "allegation", "accusation", "report", "rumor", "suggestion", "assertion", "story", "charge", "news", "publication", "statement", "word", "notion", "insinuation", "speculation", "talk", "information":
		if t.name[h] == "talk" && t.lower[h] == "talks" {
			return noEffect
		}
		return says
	case "plan", "intention", "intent", "proposal", "decision", "pledge", "promise", "commitment", "preparation", "readiness", "proposition", "idea", "agenda", "desire", "wish", "need", "thought", "consideration", "aim", "goal", "offer", "schedule", "track", "course", "timetable":
		return plans
	case "refusal", "failure", "denial", "ban", "prohibition", "abandonment", "suspension", "cancellation", "end", "halt", "withdrawal", "cessation", "removal", "termination", "abolition", "absence", "lack", "rejection", "avoidance", "stop", "freeze", "embargo", "moratorium", "boycott":
		return turns
	case "start", "beginning", "continuation", "completion", "resumption", "launch", "introduction":
		return begins
	}
	return noEffect
}

func (t *tree) preparing(h int) bool {
	switch t.name[h] {
	case "preparation", "notification", "process", "step", "instrument", "work", "part", "question", "matter", "issue", "possibility", "exercise", "procedure", "notice", "announcement":
		return true
	}
	return false
}

// conditional tells whether a clause is a supposition.
func (x *reader) conditional(k int) bool {
	t := x.tree
	for _, c := range t.kids[k] {
		switch t.lower[c] {
		case "if", "unless", "whether", "lest", "provided", "supposing":
			return true
		}
	}
	first := k
	for _, c := range t.kids[k] {
		first = min(first, c)
	}
	// Inverted: "Had the operators known", "Were a flood to cut off", "Should a foreign …".
	if t.base(k) == "advcl" || t.words[k].Head < 0 {
		switch t.lower[first] {
		case "had", "were", "should":
			return first < k && (first == 0 || t.words[first].Form[0] >= 'a' || t.lower[first-1] == ",") && t.words[len(t.words)-1].Form != "?"
		}
	}
	return false
}
