package claim

import (
	"math"
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
	x.quotations(d.Sentences, voices)
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
		if l := t.lower[0]; st.sign < 0 && (l == "without" || l == "absent") { // "Without them, we will not be able to"
			st.flags |= Condition
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
	for k := i - 1; k >= 0; k-- {
		switch t.lower[k] {
		case ";", ".":
			return false
		case "n't", "not":
			if k > 1 && t.lower[k-2] == "why" && t.name[k-1] == "do" {
				return true // "why don't we begin with the doctor"
			}
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
