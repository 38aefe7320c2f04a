package claim

import "strings"

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
	instead := false // it stands against what is negated
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
			instead = instead || t.instead(w)
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
			if p := t.child(h, "case"); t.infinitive(w) && t.base(h) == "nmod" && t.words[h].Head >= 0 && (p >= 0 || t.childWord(w, "for") >= 0) &&
				(p < 0 || t.lower[p] == "for" || (t.lower[p] == "by" || t.lower[p] == "from" || t.lower[p] == "of") && x.nounEffect(t.words[h].Head) == plans) {
				h = t.words[h].Head // "no need for people to wear masks", "no commitment by the States to provide aircraft"
			}
			up = true
		case "advcl":
			if m := t.child(w, "mark"); m >= 0 && t.lower[m] == "that" {
				rel, up = "ccomp", true
				break
			}
			if p := t.child(w, "mark"); p >= 0 && (t.lower[p] == "from" || t.lower[p] == "without" || t.lower[p] == "instead") {
				if t.lower[p] == "without" && p < h && t.child(w, "nsubj") >= 0 {
					s.flags |= Condition // "without us staying prepared, it can upend"
				}
				if t.lower[p] != "from" {
					s.sign = -s.sign
					return s
				}
				up = true
			}
			if t.infinitive(w) && ((t.present(h) || t.name[h] == "time") && t.copular(h) || t.name[h] == "use") || t.getsInto(h, w) {
				up = true // "we are not here to rule it out", "will no longer be used to construct a wall"
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
		if neg, _ := t.negated(h); neg && instead {
			s.sign, instead = -s.sign, false
		}
		w = h
	}
	return s
}

// instead tells the second part of "not to occupy the country but to protect its people",
// whose negation stands on a word above both.
func (t *tree) instead(w int) bool {
	c := t.child(w, "cc")
	return c >= 0 && t.lower[c] == "but" && t.verb(w) && !strings.Contains(t.words[w].Feats, "VerbForm=Fin") && t.child(w, "nsubj", "nsubj:pass", "aux", "cop") < 0
}

// present tells the "here" or "there" of somebody who is there to do something.
func (t *tree) present(h int) bool { return t.lower[h] == "here" || t.lower[h] == "there" }

// getsInto tells "get into negotiating".
func (t *tree) getsInto(h, w int) bool { return t.name[h] == "get_into" && t.childWord(w, "into") >= 0 }

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
