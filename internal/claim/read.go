package claim

import (
	"math"
	"slices"
	"strings"

	"volteface/internal/nlp"
	"volteface/internal/nlp/vectors"
)

// reader makes the claims of one statement.
type reader struct {
	tree *tree
	own  own
	out  *Analysis
	text string
	// focus is what the sentence before is chiefly about: what "it" and "they" take up.
	focus []Arg
}

// maxClaims bounds the claims of one statement, maxArgs the arguments of one claim.
const (
	maxClaims = 4000
	maxArgs   = 24
)

var functionLemmas = set(`be have do say the a an this that these those it its they them their he his she her we our us i my you your who which what
such so very also any all some each every both other another more most much many own same than then there here not no never as of in on at by for to
from with about into over under between among against during without within and or but if because while although when where how why one thing way
type form category series range majority bulk pair o'clock afternoon morning evening midnight noon midday lot kind sort today yesterday tomorrow now still already yet again only just even too ever time case fact make get let us new good well part number
matter issue question regard respect point ladies gentleman mr mrs ms dr sir sure yes please thing something anything nothing everything someone everyone`)

// weight is how much a word says, from its frequency in English.
func weight(w string, kind Kind) float32 {
	if kind == Number || kind == Day {
		return 0.25
	}
	v, err := vectors.Load()
	if err != nil {
		return 0.6
	}
	if k := strings.LastIndexByte(w, '_'); k >= 0 {
		return 0.95
	}
	r := v.Index(w)
	if r < 0 {
		if kind == Name {
			return 1
		}
		return 0.9
	}
	x := float32(math.Log2(2+float64(r)/40) / math.Log2(2+60000/40))
	x = max(0.2, min(1, 0.15+x))
	if kind == Name {
		x = max(x, 0.75)
	}
	return x
}

var weekdays = set("monday tuesday wednesday thursday friday saturday sunday")

// content tells whether a word is one that a claim can be about.
func (x *reader) content(i int, taken []bool) bool {
	t := x.tree
	w := &t.words[i]
	if taken[i] || w.Rel == "expl" {
		return false
	}
	switch w.UPOS {
	case "NOUN", "PROPN", "VERB", "ADJ":
	case "ADV":
		return strings.HasSuffix(t.lower[i], "ly") && sides[t.name[i]].Any()
	case "NUM":
		return i > 0 && w.Form[0] >= '0' && w.Form[0] <= '9' && t.lower[i-1] != "-" // an identifier: quantities are taken
	default:
		return false
	}
	if len(w.Form) < 2 && w.UPOS != "PROPN" {
		return false
	}
	if effects[t.name[i]] == says && w.UPOS == "VERB" {
		return false
	}
	return !functionLemmas[t.name[i]]
}

func (x *reader) key(i int) Key {
	t := x.tree
	w := &t.words[i]
	kind := Common
	if w.UPOS == "PROPN" && !(w.Form[0] >= 'a' && w.Form[0] <= 'z') {
		kind = Name
	}
	if w.UPOS == "NUM" {
		return Key{Word: t.lower[i], Kind: Name}
	}
	word := t.name[i]
	if id := t.identifier(i); id != "" {
		return Key{Word: id, Kind: Name}
	}
	if parts := x.compound(i); parts != "" {
		word = parts
	}
	if kind == Name && w.Form[0] < 128 {
		if months[t.lower[i]] > 0 || weekdays[strings.TrimSuffix(t.lower[i], "s")] {
			kind = Day
		} else if things[word] != nil || officials[word] { // "Agreement", "Front"
			kind = Common
		} else if n := strings.TrimSuffix(word, "s"); things[n] != nil || officials[n] {
			word, kind = n, Common
		}
	}
	return Key{Word: word, Kind: kind}
}

// identifier is a name with a number after a hyphen, "F-16", "COVID-19", where the parser
// has taken it apart; "" for other words.
func (t *tree) identifier(i int) string {
	w := t.words
	if i+2 >= len(w) || w[i+1].Form != "-" || w[i].End != w[i+1].Start || w[i+1].End != w[i+2].Start || w[i+2].Form[0] < '0' || w[i+2].Form[0] > '9' {
		return ""
	}
	return t.lower[i] + "-" + strings.TrimSuffix(t.lower[i+2], "s")
}

// compound is the name of several words that begins here: "unmanned aircraft".
func (x *reader) compound(i int) string {
	t := x.tree
	for _, parts := range compounds[t.name[i]] {
		if i+len(parts) > len(t.words) {
			continue
		}
		ok := true
		for k, p := range parts {
			ok = ok && (t.name[i+k] == p || t.lower[i+k] == p)
		}
		if ok {
			return strings.Join(parts, "_")
		}
	}
	return ""
}

// Analyse reads a text and makes its claims.
func Analyse(text string, who Speaker) *Analysis { return Read(nlp.Analyse(text), who) }

// Read makes the claims of a statement from its trees. who tells whose statement it is:
// the zero Speaker is somebody unknown who says "we" of himself.
func Read(d *nlp.Document, who Speaker) *Analysis {
	x := &reader{own: newOwn(who), out: &Analysis{Version: Version}, text: d.Text}
	voices := x.voices(d.Sentences)
	for i := range d.Sentences {
		x.tree = newTree(d.Sentences[i].Tokens)
		x.sentence(i, voices[i])
	}
	x.answers()
	return x.out
}

func (x *reader) sentence(n int, v turn) {
	t := x.tree
	s := Sentence{Start: t.words[0].Start, End: t.words[len(t.words)-1].End, Voice: v.voice, Speaker: v.label}
	taken := make([]bool, len(t.words))
	s.Quantities, s.Dates = t.figures(taken)
	s.Marks = x.marks(s)
	seen := map[Key]bool{}
	for i := range t.words {
		if !x.content(i, taken) {
			continue
		}
		k := x.key(i)
		if seen[k] || len(s.Args) >= 60 {
			continue
		}
		seen[k] = true
		r := t.base(i)
		s.Args = append(s.Args, Arg{Key: k, Weight: weight(k.Word, k.Kind), Head: r != "amod" && r != "compound" && r != "nmod"})
	}
	question := v.voice == Journalist || s.Marks.Has(Asked)
	superlative := t.superlative(0)
	for i := range t.words {
		if len(x.out.Claims) >= maxClaims {
			break
		}
		if !x.predicate(i, taken) {
			continue
		}
		st := x.compose(i)
		if question || t.askedBefore(i) {
			st.flags |= Question
		}
		if v.voice == Foreign {
			st.flags |= Reported
		}
		if superlative {
			st.sign = 0
		}
		x.add(n, i, st, taken)
	}
	if !superlative {
		x.topics(n, v, taken)
	}
	x.out.Sentences = append(x.out.Sentences, s)
	if len(t.words) > 3 || t.lower[len(t.words)-1] != ":" { // not "Answer:"
		x.focus = x.chiefly(taken)
	}
}

// askedBefore tells a word in what somebody "asked whether …".
func (t *tree) askedBefore(i int) bool {
	for k := i - 1; k > 0; k-- {
		switch t.lower[k] {
		case ";", ".":
			return false
		case "whether", "if", "why", "how":
			for j := k - 1; j >= 0 && j >= k-3; j-- {
				if l := t.lower[j]; l == "asked" || l == "asks" || l == "ask" || l == "wondered" || l == "wonder" || l == "asking" {
					return true
				}
			}
		}
	}
	return false
}

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

func (x *reader) add(n, i int, st standing, taken []bool) {
	t := x.tree
	c := Claim{Sentence: n, Predicate: t.name[i], Axes: x.axesOf(i), Sign: int8(st.sign), Mode: st.mode, Flags: st.flags}
	x.arguments(&c, i, taken)
	if st.sign < 0 && !st.flags.Has(Restricted) && (st.flags.Has(Categorical) || x.ofAny(i)) {
		c.Flags |= Universal
	}
	if o := t.child(i, "obj", "obl"); o >= 0 && c.Axes.Agree(supportSides) && x.nounEffect(o) == turns {
		c.Axes = c.Axes.Turned() // to call for an end is to oppose
	}
	if t.noun(i) && !t.copular(i) {
		c.Flags |= Existence
		if h := t.words[i].Head; h >= 0 && t.verb(h) && t.is(i, "obj", "nsubj", "nsubj:pass", "obl") {
			// What is done to a thing is done by whoever does it, and as the verb is meant.
			up := x.compose(h)
			c.Flags |= up.flags & (Reported | Condition | Question | Predecessor | Presupposed)
			if s := t.subject(h); s >= 0 && s != i && !t.passive(h) {
				var f Flags
				c.By, f = x.party(s)
				c.Flags |= f
			}
		}
		if !t.empty(i) {
			x.nominal(&c, i)
		}
	}
	if t.verb(i) || t.copular(i) {
		if h := t.words[i].Head; h >= 0 && t.words[i].Rel == "acl:relcl" && !t.passive(i) {
			var f Flags
			c.By, f = x.party(h)
			c.Flags |= f & Predecessor
			if u := t.words[h].Head; c.By == Unknown && t.base(h) == "nmod" && u >= 0 {
				c.By, _ = x.party(u)
			}
		} else if p := t.subject(i); p >= 0 && !t.passive(i) {
			var f Flags
			c.By, f = x.party(p)
			c.Flags |= f
		}
		for _, k := range t.kids[i] {
			if t.words[k].Rel == "obl:agent" || t.base(k) == "obl" && t.passive(i) && t.child(k, "case") >= 0 && t.lower[t.child(k, "case")] == "by" {
				var f Flags
				c.By, f = x.party(k)
				c.Flags |= f
			}
		}
	}
	if st.sign > 0 && t.narrowed(i) {
		c.Flags |= Restricted
	}
	for _, k := range t.kids[i] { // "under the previous government"
		if p := t.child(k, "case"); t.base(k) == "obl" && p >= 0 && (t.lower[p] == "under" || t.lower[p] == "during" || t.lower[p] == "in") {
			_, f := x.party(k)
			c.Flags |= f
		}
	}
	lo, hi := i, i
	t.within(i, func(k int) bool {
		return t.base(k) == "parataxis" || t.base(k) == "punct" || t.base(k) == "advcl" && t.child(k, "nsubj") >= 0 || t.base(k) == "conj" && t.verb(k) && t.child(k, "nsubj") >= 0
	}, func(k, _ int) { lo, hi = min(lo, k), max(hi, k) })
	c.Start, c.End = t.words[lo].Start, t.words[hi].End
	x.out.Claims = append(x.out.Claims, c)
}

// nominal settles whether an event named by a noun is said to be: as the object of a verb
// of holding, as what there is, else it is only named.
func (x *reader) nominal(c *Claim, i int) {
	t := x.tree
	h := t.words[i].Head
	if h < 0 {
		if t.child(i, "case", "parataxis") >= 0 { // "As to mobilisation: …"
			c.Flags |= Mention
		}
		return
	}
	r := t.words[i].Rel
	switch {
	case t.child(h, "expl") >= 0 && (r == "nsubj" || r == "obj"):
		return
	case r == "nsubj" && t.child(i, "nummod") >= 0 && t.verb(h): // "sixteen cracks run through"
		return
	case r == "nsubj" && occurring[t.name[h]] && t.child(h, "obj") < 0:
		return
	case (r == "obj" || r == "nsubj:pass" || r == "nsubj") && (existential[t.name[h]] || effects[t.name[h]] == begins):
		if n, _ := t.negated(h); n && !t.empty(i) && c.Sign > 0 && existential[t.name[h]] {
			c.Sign = -1
		}
		return
	case c.Flags.Has(Denial):
		return
	}
	// "announce the withdrawal", "submit notification of withdrawal": done by being said.
	for up, steps := h, 0; up >= 0 && steps < 3; up, steps = t.words[up].Head, steps+1 {
		if e := effects[t.name[up]]; t.verb(up) && (e == begins || e == says || e == carries) && (up != h || r != "obl" || t.withPhrase(i) || t.leadsTo(h, i) || e != begins) && x.speaks(up) != Others {
			if n, _ := t.negated(up); !n {
				return
			}
		}
		if !t.noun(up) || !t.preparing(up) {
			break
		}
	}
	if c.Sign > 0 && c.Mode != Plan {
		c.Flags |= Mention
	}
}

// arguments gathers what a predicate is said of.
func (x *reader) arguments(c *Claim, i int, taken []bool) {
	t := x.tree
	group := uint8(0)
	seen := map[int]bool{i: true}
	for k := i + 1; k <= t.phraseEnd[i]; k++ {
		seen[k] = true
	}
	phrase := func(head int, role Role, scale float32) {
		if head < 0 || seen[head] || t.excepted(head) {
			return
		}
		if l := t.lower[head]; l == "ours" || l == "theirs" || l == "mine" { // "its ambassador …; ours stays"
			for k := head - 1; k >= 0; k-- {
				if t.words[k].UPOS == "NOUN" && t.is(k, "obj", "nsubj", "nsubj:pass") {
					key := x.key(k)
					c.Args = append(c.Args, Arg{Key: key, Role: role, Weight: weight(key.Word, key.Kind) * scale, Head: true, Group: group})
					break
				}
			}
		}
		group++
		for _, a := range x.antecedents(head, i) {
			if len(c.Args) < maxArgs {
				a.Role, a.Group = role, group
				a.Weight *= scale
				c.Args = append(c.Args, a)
			}
		}
		before := t.beforehand(head)
		groups, inner, headed := map[int]uint8{}, group, false
		defer func() { group = inner }()
		t.within(head, func(k int) bool {
			r := t.base(k)
			return seen[k] || k == i || t.excepted(k) || r == "advcl" || r == "parataxis" || t.words[k].Rel == "acl:relcl" || r == "conj" && t.verb(k) && t.child(k, "nsubj") >= 0
		}, func(k, depth int) {
			seen[k] = true
			if taken[k] || !x.content(k, taken) || len(c.Args) >= maxArgs {
				return
			}
			key := x.key(k)
			w := weight(key.Word, key.Kind) * scale
			if t.anyone(k) {
				w *= 0.4
			}
			if k != head {
				w *= 0.8
			}
			if depth > 2 {
				w *= 0.7
			}
			in, ok := groups[t.words[k].Head]
			if !ok || k == head {
				in = group
			} else if t.is(k, "nmod") || t.base(k) == "obl" || t.base(k) == "acl" {
				inner++
				in = inner
			}
			groups[k] = in
			if !headed && depth > 0 && t.noun(k) && t.is(k, "nmod", "appos", "compound") {
				headed = true // "any type of data": the data
				c.Args = append(c.Args, Arg{Key: key, Role: role, Weight: w, Head: true, Group: group, Before: before || t.beforehand(k)})
				groups[k] = group
				return
			}
			headed = headed || k == head
			joined := k != head && t.is(k, "conj") && t.words[k].Head == head && t.noun(k)
			c.Args = append(c.Args, Arg{Key: key, Role: role, Weight: w, Head: k == head || joined, Group: in, Before: before || t.beforehand(k), Ours: t.ours(k)})
		})
	}
	passive := t.passive(i)
	if k := x.strayObject(i); k >= 0 && !passive {
		phrase(k, Object, 1)
	}
	for _, k := range t.kids[i] {
		switch t.words[k].Rel {
		case "nsubj", "csubj":
			role := Actor
			if passive || unaccusative[t.name[i]] && t.child(i, "obj") < 0 || t.copular(i) && !c.Axes.and(kinds["event"]).Any() {
				role = Object
			}
			phrase(k, role, 1)
		case "nsubj:pass", "csubj:pass", "obj", "ccomp", "xcomp":
			phrase(k, Object, 1)
		case "iobj":
			phrase(k, Recipient, 1)
		case "obl:agent":
			phrase(k, Actor, 1)
		case "nmod", "nmod:poss", "compound", "amod", "acl", "nmod:of", "appos", "nmod:desc", "nmod:unmarked":
			phrase(k, Object, 0.9)
		case "obl", "obl:unmarked", "obl:tmod", "obl:npmod", "advmod":
			role, scale := Other, float32(0.8)
			if p := t.child(k, "case"); p >= 0 {
				switch t.lower[p] {
				case "to", "with":
					role = Recipient
				case "by":
					if passive {
						role = Actor
					}
				case "of", "on", "about", "concerning", "regarding", "for", "from", "into", "in", "at", "against":
					scale = 0.9
				}
			}
			phrase(k, role, scale)
		}
	}
	// Subjects and objects that stand elsewhere.
	if t.is(i, "acl", "amod", "acl:relcl") {
		if h := t.words[i].Head; h >= 0 {
			role, scale := Object, float32(1)
			if t.base(i) == "acl" && !passive {
				role = Actor
				if m := t.child(i, "mark"); m >= 0 { // "preparations for concluding"
					role, scale = Other, 0.5
				}
			}
			phrase(h, role, scale)
		}
	} else if t.child(i, "nsubj", "nsubj:pass", "csubj") < 0 && (t.verb(i) || t.copular(i)) {
		if s := t.subject(i); s >= 0 {
			role := Actor
			if passive {
				role = Object
			}
			phrase(s, role, 1)
		}
	}
	if t.noun(i) && !t.copular(i) || t.words[i].UPOS == "ADJ" && !t.copular(i) {
		// The event's own verb lends its arguments: "has no licence for", "was found in".
		if h := t.words[i].Head; h >= 0 && (t.verb(h) || t.copular(h)) && t.base(i) != "conj" {
			for _, k := range t.kids[h] {
				if k != i && (t.is(k, "nsubj", "obj", "nsubj:pass", "iobj", "obl", "obl:agent", "obl:unmarked") || t.base(k) == "obl") {
					phrase(k, Other, 0.8)
				}
			}
			if sides[t.name[h]].Any() && !existential[t.name[h]] && effects[t.name[h]] == noEffect && !seen[h] {
				k := x.key(h)
				c.Args = append(c.Args, Arg{Key: k, Role: Other, Weight: weight(k.Word, k.Kind) * 0.7, Head: true, Group: group + 1})
			}
		} else if h >= 0 && t.noun(h) && t.base(i) != "conj" {
			phrase(h, Other, 0.6)
		}
	}
	if t.base(i) == "conj" && t.verb(i) && t.child(i, "obj", "obl", "ccomp", "xcomp") < 0 {
		if h := t.words[i].Head; h >= 0 && t.verb(h) {
			if o := t.child(h, "obj"); o >= 0 {
				phrase(o, Object, 0.8)
			}
		}
	}
	c.Args = slices.Clip(c.Args)
}
