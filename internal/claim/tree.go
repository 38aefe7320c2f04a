package claim

import (
	"strings"

	"volteface/internal/nlp"
	"volteface/internal/nlp/vectors"
)

// tree is a sentence ready to be walked.
type tree struct {
	words []nlp.Token
	kids  [][]int
	lower []string // forms in small letters, apostrophes straight
	// name is the lemma in one spelling; of a verb with its particle, both.
	name []string
	// taken marks the further words of a phrase.
	phraseEnd []int
}

func newTree(words []nlp.Token) *tree {
	n := len(words)
	t := &tree{words: words, kids: make([][]int, n), lower: make([]string, n), name: make([]string, n), phraseEnd: make([]int, n)}
	for i := range words {
		w := &words[i]
		t.lower[i] = strings.ToLower(strings.ReplaceAll(w.Form, "’", "'"))
		t.name[i] = Normal(strings.ReplaceAll(w.Lemma, "’", "'"))
		if w.UPOS == "VERB" {
			t.name[i] = verbLemma(t.name[i], t.lower[i])
		}
		if t.lower[i] == "goods" && t.noun(i) {
			t.name[i] = "goods"
		}
		if t.noun(i) && t.name[i] == t.lower[i] && strings.HasSuffix(t.lower[i], "s") {
			t.name[i] = nounLemma(t.lower[i])
		}
		if w.Head >= 0 && w.Head < n {
			t.kids[w.Head] = append(t.kids[w.Head], i)
		}
		t.phraseEnd[i] = i
	}
	for i := range words {
		t.joinHyphen(i)
		t.joinPhrase(i)
	}
	return t
}

// joinHyphen names the last part of a hyphened word of the lexicon, "well-founded", by the
// whole.
func (t *tree) joinHyphen(i int) {
	if i < 2 || t.lower[i-1] != "-" || t.words[i-1].End != t.words[i].Start || t.words[i-2].End != t.words[i-1].Start {
		return
	}
	if w := Normal(t.lower[i-2] + "-" + t.lower[i]); sides[w].Any() || things[w] != nil {
		t.name[i] = w
	}
}

// joinPhrase finds the longest phrase of the lexicon that begins at a word: its parts
// follow each other, or the particle of a verb stands after a short object.
func (t *tree) joinPhrase(i int) {
	best := 1
	for _, parts := range phrases[t.name[i]] {
		if len(parts) <= best {
			continue
		}
		at, end := i, i
		for _, p := range parts[1:] {
			next := at + 1
			if next < len(t.words) && (t.name[next] == p || t.lower[next] == p) && !(t.name[i] == "go" && t.words[next].UPOS == "PART") { // "going to resign" goes nowhere
				at, end = next, next
				continue
			}
			at = -1
			break
		}
		if at < 0 && len(parts) == 2 && t.words[i].UPOS == "VERB" {
			for k := i + 2; k < len(t.words) && k <= i+6; k++ {
				if t.lower[k] == parts[1] && t.words[k].Head == i && (t.base(k) == "compound" || t.words[k].UPOS == "ADV" || t.words[k].UPOS == "ADP" && len(t.kids[k]) == 0) {
					at, end = k, i
					break
				}
			}
		}
		if at >= 0 {
			best = len(parts)
			t.name[i] = strings.Join(parts, "_")
			t.phraseEnd[i] = end
		}
	}
}

// base is the relation without its subtype.
func (t *tree) base(i int) string {
	r := t.words[i].Rel
	if k := strings.IndexByte(r, ':'); k >= 0 {
		return r[:k]
	}
	return r
}

func (t *tree) is(i int, rels ...string) bool {
	for _, r := range rels {
		if t.words[i].Rel == r {
			return true
		}
	}
	return false
}

// child is the first dependent by one of the relations, -1 if there is none.
func (t *tree) child(i int, rels ...string) int {
	for _, k := range t.kids[i] {
		if t.is(k, rels...) {
			return k
		}
	}
	return -1
}

// childWord is the first dependent with one of the forms.
func (t *tree) childWord(i int, forms ...string) int {
	for _, k := range t.kids[i] {
		for _, f := range forms {
			if t.lower[k] == f {
				return k
			}
		}
	}
	return -1
}

func (t *tree) noun(i int) bool { return t.words[i].UPOS == "NOUN" || t.words[i].UPOS == "PROPN" }
func (t *tree) verb(i int) bool { return t.words[i].UPOS == "VERB" }

// passive tells whether a verb is a passive or a bare past participle.
func (t *tree) passive(i int) bool {
	if t.child(i, "nsubj:pass", "aux:pass", "csubj:pass") >= 0 {
		return true
	}
	return t.is(i, "acl", "amod") && strings.Contains(t.words[i].Feats, "VerbForm=Part") && strings.Contains(t.words[i].Feats, "Tense=Past")
}

// copular tells whether a word is a predicate with "be".
func (t *tree) copular(i int) bool { return t.child(i, "cop") >= 0 }

// subject finds who or what a predicate is said of: its own subject, that of the first
// of joined predicates, or of the predicate that governs it.
func (t *tree) subject(i int) int {
	for steps := 0; i >= 0 && steps < 12; steps++ {
		if s := t.child(i, "nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl"); s >= 0 {
			return s
		}
		h := t.words[i].Head
		if h < 0 {
			return -1
		}
		switch t.base(i) {
		case "conj", "parataxis":
			i = h
		case "xcomp":
			if o := t.child(h, "obj", "iobj"); o >= 0 && effects[t.name[h]] != begins && effects[t.name[h]] != turns {
				return o
			}
			i = h
		case "advcl", "ccomp":
			if t.base(i) == "ccomp" || t.child(i, "mark") >= 0 && t.lower[t.child(i, "mark")] != "by" && t.lower[t.child(i, "mark")] != "in" {
				if t.child(i, "aux") >= 0 {
					return -1
				}
			}
			i = h
		case "obj":
			if !t.verb(i) || t.passive(i) {
				return -1
			}
			i = h // "denies having met"
		case "acl":
			if t.passive(i) || t.child(i, "mark") >= 0 {
				return -1
			}
			return h
		default:
			return -1
		}
	}
	return -1
}

// within calls f for the words under i, i first, without going below those that stop
// refuses.
func (t *tree) within(i int, stop func(k int) bool, f func(k, depth int)) {
	var walk func(k, depth int)
	walk = func(k, depth int) {
		f(k, depth)
		if depth > 12 {
			return
		}
		for _, c := range t.kids[k] {
			if !stop(c) {
				walk(c, depth+1)
			}
		}
	}
	walk(i, 0)
}

// verbLemma mends the lemma of a verb that is no English word: the lemma of words that
// were never seen is guessed from their ending.
func verbLemma(lemma, form string) string {
	v, err := vectors.Load()
	if err != nil || len(lemma) < 2 || sides[lemma].Any() || effects[lemma] != noEffect {
		return lemma
	}
	if x, ok := irregular[form]; ok {
		return x
	}
	if at := v.Index(lemma); at >= 0 && at < 20000 {
		return lemma
	}
	for _, ending := range [...]string{"ed", "d", "ing", "es", "s"} {
		base, ok := strings.CutSuffix(form, ending)
		if !ok || len(base) < 3 {
			continue
		}
		for _, x := range [...]string{base, base + "e", base[:len(base)-1]} {
			x = Normal(x)
			if sides[x].Any() || effects[x] != noEffect {
				return x
			}
			if at := v.Index(x); at >= 0 && at < 20000 {
				return x
			}
		}
	}
	return lemma
}

// nounLemma mends the lemma of a plural that was taken for a singular or a name: "Supplies".
func nounLemma(form string) string {
	if len(form) < 5 || sides[form].Any() || things[form] != nil || effects[form] != noEffect {
		return form
	}
	for _, e := range [...][2]string{{"ies", "y"}, {"es", ""}, {"s", ""}} {
		if base, ok := strings.CutSuffix(form, e[0]); ok {
			if base = Normal(base + e[1]); sides[base].Any() || things[base] != nil {
				return base
			}
		}
	}
	return form
}

var irregular = map[string]string{"shot": "shoot", "forbidden": "forbid", "forbade": "forbid", "withdrew": "withdraw", "withdrawn": "withdraw",
	"overthrew": "overthrow", "fled": "flee", "sunk": "sink", "sank": "sink", "shut": "shut", "struck": "strike", "stricken": "strike", "sought": "seek",
	"fought": "fight", "bought": "buy", "sold": "sell", "held": "hold", "withheld": "withhold", "upheld": "uphold", "swore": "swear", "sworn": "swear",
	"undertook": "undertake", "undertaken": "undertake", "froze": "freeze", "frozen": "freeze", "stole": "steal", "stolen": "steal", "spoke": "speak",
	"rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "drew": "draw", "drawn": "draw", "threw": "throw", "thrown": "throw"}
