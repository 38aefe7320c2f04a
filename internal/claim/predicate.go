package claim

import "strings"

// predicate tells whether a word is the head of a claim.
func (x *reader) predicate(i int, taken []bool) bool {
	t := x.tree
	w := &t.words[i]
	if taken[i] || len(w.Form) < 2 || i+1 < len(t.words) && t.lower[i+1] == "-" && w.End == t.words[i+1].Start { // "clean-up"
		return false
	}
	r := t.base(i)
	if w.UPOS == "VERB" && strings.HasSuffix(t.lower[i], "ing") && i+1 < len(t.words) && t.noun(i+1) && len(t.kids[i]) == 0 && !sides[t.name[i]].Any() {
		return false // "cooking oil"
	}
	if e := effects[t.name[i]]; (e == plans || e == begins) && t.child(i, "xcomp") >= 0 && t.verb(t.child(i, "xcomp")) {
		return false // "committed to abolishing": the abolishing is the claim
	}
	switch w.UPOS {
	case "VERB":
		if e := effects[t.name[i]]; (e == says || e == thinks || e == asks || e == denies) && (e == says && !x.transitive(i) || t.child(i, "ccomp", "xcomp", "csubj") >= 0 || !sides[t.name[i]].Any()) || light[t.name[i]] && !x.transitive(i) {
			return false
		}
		if x.aspectual(i) || w.Head > i && t.noun(w.Head) && w.Head <= i+2 && !sides[t.name[i]].Any() { // "cooking oil"
			return false
		}
		if r == "amod" || r == "compound" || r == "acl" && t.child(i, "obj", "obl", "xcomp", "ccomp", "obl:agent", "mark") < 0 && t.words[i].Rel != "acl:relcl" {
			return sides[t.name[i]].Any()
		}
		return r != "case" && r != "fixed" && r != "mark" && r != "cc"
	case "ADJ":
		if r == "amod" && (vagueAdjectives[t.name[i]] || t.name[i] == "close") {
			return false
		}
		return t.copular(i) || r == "root" || r == "xcomp" || r == "conj" && t.child(i, "nsubj") >= 0 || sides[t.name[i]].Any() && r != "amod" || r == "amod" && sides[t.name[i]].and(kinds["state"]).Any()
	case "NOUN", "PROPN":
		if t.copular(i) || t.empty(i) || r == "root" {
			return true
		}
		if s := sides[t.name[i]]; s.Any() && !noEvents[t.name[i]] {
			return w.UPOS == "NOUN" || s.and(kinds["event"]).Any()
		}
		// What is found, shown, held or exists may be denied by the other side.
		if r == "obj" || r == "nsubj" || r == "nsubj:pass" {
			h := w.Head
			return h >= 0 && (existential[t.name[h]] || t.is(i, "nsubj") && t.child(h, "expl") >= 0)
		}
	case "ADV":
		return sides[t.name[i]].and(kinds["state"]).Any()
	}
	return false
}

// existential are verbs that say no more of their object or subject than that it is there.
var existential = set(`have find show hold exist possess appear occur detect contain issue record register identify remain carry own run reveal discover grant`)

// beforehand tells whether a phrase stands under "before" or the like.
func (t *tree) beforehand(k int) bool {
	c := t.child(k, "case", "mark")
	return c >= 0 && (t.lower[c] == "before" || t.lower[c] == "until" || t.lower[c] == "prior")
}

// ours tells "our networks".
func (t *tree) ours(k int) bool { return t.childWord(k, "our", "my", "ours") >= 0 }

// narrowed tells whether the subject of a claim is cut down to some by a clause: "travellers
// who test positive".
func (t *tree) narrowed(i int) bool {
	s := t.child(i, "nsubj", "nsubj:pass")
	if s < 0 || !t.noun(s) {
		return false
	}
	k := t.child(s, "acl:relcl")
	if k < 0 {
		return false
	}
	for j := s + 1; j < k; j++ {
		if t.lower[j] == "," {
			return false
		}
	}
	return true
}

// excepted tells a phrase of what is left out: "except in defence of their lives".
func (t *tree) excepted(k int) bool {
	if c := t.childWord(k, "than"); c > 0 && (t.lower[c-1] == "other" || t.lower[c-1] == "rather") {
		return true // "built on something other than race"
	}
	return t.childWord(k, "except", "unless", "excluding", "barring") >= 0
}

// aspectual tells a verb that says no more than that an event named under it begins, goes
// on, is planned or is given up: "not proceeding with the abolition". The event is the
// claim.
func (x *reader) aspectual(i int) bool {
	t := x.tree
	switch e := effects[t.name[i]]; {
	case e == plans && (t.name[i] == "need" || t.name[i] == "seek"):
		return false
	case e == begins || e == plans:
	default:
		return false
	}
	rels := []string{"obj"}
	if t.passive(i) {
		rels = []string{"nsubj:pass"}
	}
	o := t.child(i, rels...)
	if o < 0 {
		for _, k := range t.kids[i] {
			if t.is(k, "obl") && t.withPhrase(k) && k > i {
				o = k
				break
			}
		}
	}
	for steps := 0; o >= 0 && steps < 3; steps++ {
		if t.noun(o) && sides[t.name[o]].Any() && !noEvents[t.name[o]] {
			return true
		}
		if !t.preparing(o) && x.nounEffect(o) == noEffect {
			return false
		}
		o = t.child(o, "nmod", "acl")
		if o >= 0 && t.verb(o) {
			return true
		}
	}
	return false
}

// withPhrase tells "proceed with X", "refrain from X".
func (t *tree) withPhrase(w int) bool {
	c := t.child(w, "case")
	return c >= 0 && (t.lower[c] == "with" || t.lower[c] == "from" || t.lower[c] == "of" || t.lower[c] == "on")
}

// leadsTo tells "result in X", "lead to X".
func (t *tree) leadsTo(h, w int) bool {
	c := t.child(w, "case")
	return c >= 0 && (t.name[h] == "lead" && t.lower[c] == "to" || t.name[h] == "result" && t.lower[c] == "in")
}

// strayObject finds the noun phrase that follows a verb at once and that the parser has
// hung elsewhere: "preparations for concluding the agreement are suspended".
func (x *reader) strayObject(i int) int {
	t := x.tree
	if !t.verb(i) || t.child(i, "obj", "ccomp", "xcomp", "nsubj:pass") >= 0 || t.phraseEnd[i]+1 >= len(t.words) {
		return -1
	}
	for k := t.phraseEnd[i] + 1; k < len(t.words) && k <= i+6; k++ {
		switch t.words[k].UPOS {
		case "DET", "ADJ", "NUM", "PROPN", "NOUN":
			if t.noun(k) && !t.is(k, "compound", "nmod:poss") {
				if h := t.words[k].Head; h != i && t.is(k, "nsubj", "nsubj:pass", "obj", "root") {
					return k
				}
				return -1
			}
		case "PRON":
			if t.is(k, "nmod:poss") {
				continue
			}
			return -1
		default:
			return -1
		}
	}
	return -1
}

// unaccusative are verbs whose subject undergoes what they say: "the bill goes ahead".
var unaccusative = set(`go_ahead go_forward take_place continue stand stay remain proceed lapse expire resume fall rise melt melt_down crack open close reopen
end begin start happen occur collapse explode leak spread increase decrease grow change deteriorate improve shrink expand arrive return disappear survive
hold last run_out go_on carry_on restart`)

// light are verbs that say too little to be compared.
var light = set(`have follow decide come do make go see take get let think happen continue_to seem become say mean want look keep_in`)

// transitive tells a light verb that does something to a thing, "let the quay", "make
// drones", "see the Crown Prince", and not to an event or a clause.
func (x *reader) transitive(i int) bool {
	t := x.tree
	if !sides[t.name[i]].Any() || t.name[i] == "do" || t.name[i] == "have" || t.child(i, "xcomp", "ccomp") >= 0 {
		return false
	}
	o := t.child(i, "obj")
	if t.passive(i) {
		o = t.child(i, "nsubj:pass")
	}
	return o >= 0 && t.noun(o) && (!sides[t.name[o]].Any() || noEvents[t.name[o]]) && !functionLemmas[t.name[o]]
}

// anyone tells a word under "any": "to any side of the countries at war" names nobody.
func (t *tree) anyone(k int) bool {
	for steps := 0; steps < 3 && k >= 0; steps++ {
		for _, c := range t.kids[k] {
			if l := t.lower[c]; t.base(c) == "det" && (l == "any" || l == "whatever" || l == "whatsoever") {
				return true
			}
		}
		if !t.is(k, "nmod", "amod", "compound") {
			break
		}
		k = t.words[k].Head
	}
	return false
}

// ofAny tells whether a predicate's own phrase speaks of any, anyone, anything, at all.
func (x *reader) ofAny(i int) bool {
	t := x.tree
	found := false
	t.within(i, func(k int) bool {
		return t.base(k) == "parataxis" || t.base(k) == "advcl" || t.base(k) == "conj" && t.verb(k) || t.is(k, "acl:relcl")
	}, func(k, depth int) {
		switch t.lower[k] {
		case "any", "anyone", "anybody", "anything", "anywhere", "ever", "whatsoever", "whatever", "either":
			found = found || depth <= 3
		}
	})
	return found
}

// noEvents are nouns that share the form of a verb of the lexicon and name no event.
var noEvents = set(`arm weapon part force member use work order question fund station position force target base measure share hand play run head lead round
seal grant clear cover cause charge want lease deal lack track trial course question pass call name right good sound fine line book note back
front rule rest show stand state term train plant point process power place market board record report return look see go do make drop draw hold
issue open close cut study clean stable fit intact`)

// vagueAdjectives judge nothing where they stand before a noun: "certain benefits".
var vagueAdjectives = set(`certain good right clear fine sure fit possible necessary sound free open`)

// axesOf are the axes of a word as it is used.
func (x *reader) axesOf(i int) Axes {
	if x.tree.noun(i) && noEvents[x.tree.name[i]] || x.tree.words[i].UPOS == "ADJ" && (x.tree.name[i] == "close" || x.tree.is(i, "amod") && vagueAdjectives[x.tree.name[i]]) {
		return Axes{}
	}
	return sides[x.tree.name[i]]
}
