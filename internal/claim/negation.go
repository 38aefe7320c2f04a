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
	if h := t.words[i].Head; h >= 0 && (t.name[h] == "spare" || i+1 < len(t.words) && t.lower[i+1] == "unturned") {
		return false // "sparing no effort", "leave no stone unturned"
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
	said := -3 // the last negator
	count := func(k int) {
		if t.aborted(k) {
			return
		}
		if said == k-2 && t.lower[said] == t.lower[k] && t.words[k-1].UPOS == "PUNCT" {
			return // "not — not turning": said twice
		}
		said = k
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
	// "the last thing we want is a war"
	if s := t.child(i, "nsubj", "csubj"); s >= 0 && t.copular(i) && t.lower[s] == "thing" && t.childWord(s, "last") >= 0 {
		n++
	}
	if n == 0 && t.nobodyBefore(i) {
		n++
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

// nobodyBefore tells a verb whose subject "nobody", with a participle of its own, the parser
// has hung elsewhere: "nobody earning less than that will pay".
func (t *tree) nobodyBefore(i int) bool {
	if !t.verb(i) || t.child(i, "aux") < 0 || t.child(i, "nsubj", "nsubj:pass", "expl") >= 0 {
		return false
	}
	for k := t.child(i, "aux") - 1; k >= 0 && k >= i-16; k-- {
		switch {
		case t.lower[k] == "nobody", t.lower[k] == "one" && k > 0 && t.lower[k-1] == "no":
			return true
		case t.words[k].UPOS == "AUX", t.is(k, "nsubj", "nsubj:pass"), t.lower[k] == ";", t.lower[k] == "—":
			return false
		}
	}
	return false
}

// aborted tells a negator after which the speaker begins anew: "I'm not — I've spent".
func (t *tree) aborted(k int) bool {
	if k+2 >= len(t.words) {
		return false
	}
	switch t.lower[k+1] {
	case "—", "–", "--":
	default:
		return false
	}
	if t.words[k+2].UPOS == "PRON" && t.is(k+2, "nsubj", "nsubj:pass", "expl") {
		return true
	}
	return t.lower[k+2] == "there"
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
