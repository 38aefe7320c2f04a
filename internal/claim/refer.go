package claim

// taken up is how much less a word weighs that a pronoun stands for.
const takenUp = 0.7

// antecedents are the words that a pronoun stands for: the noun phrase that opens the
// sentence, or what the sentence before is chiefly about.
func (x *reader) antecedents(head, predicate int) []Arg {
	t := x.tree
	switch t.lower[head] {
	case "it", "they", "them", "he", "him", "she", "her":
	default:
		return nil
	}
	if t.words[head].UPOS != "PRON" || t.is(head, "expl") {
		return nil
	}
	object := t.lower[head] == "him" || t.lower[head] == "them" || t.lower[head] == "her"
	for k := 0; k < head && !object; k++ {
		if t.noun(k) && k != predicate && t.is(k, "nsubj", "nsubj:pass", "obl", "root", "dislocated") && !x.below(k, predicate) {
			return x.about(k, nil)
		}
	}
	out := make([]Arg, len(x.focus))
	copy(out, x.focus)
	return out
}

// below tells whether a word stands under another.
func (x *reader) below(k, above int) bool {
	for steps := 0; k >= 0 && steps < 30; steps++ {
		if k == above {
			return true
		}
		k = x.tree.words[k].Head
	}
	return false
}

// about lists the words of a noun phrase.
func (x *reader) about(head int, taken []bool) []Arg {
	t := x.tree
	if taken == nil {
		taken = make([]bool, len(t.words))
	}
	var out []Arg
	t.within(head, func(k int) bool { return t.is(k, "acl:relcl", "parataxis", "conj", "appos") || t.verb(k) }, func(k, depth int) {
		if len(out) < 6 && !taken[k] && x.content(k, taken) {
			key := x.key(k)
			w := weight(key.Word, key.Kind) * takenUp
			if k != head {
				w *= 0.8
			}
			out = append(out, Arg{Key: key, Weight: w, Head: k == head})
		}
	})
	return out
}

// chiefly lists the words of what a sentence is about: its subject, else its object. A
// sentence about a pronoun goes on about what it stands for.
func (x *reader) chiefly(taken []bool) []Arg {
	t := x.tree
	root := -1
	for i := range t.words {
		if t.words[i].Head < 0 {
			root = i
			break
		}
	}
	if root < 0 {
		return nil
	}
	if t.noun(root) && !t.copular(root) {
		return x.about(root, taken)
	}
	for _, rel := range []string{"nsubj:pass", "nsubj", "obj", "obl"} {
		k := t.child(root, rel)
		if k < 0 {
			continue
		}
		if l := t.lower[k]; l == "it" || l == "they" || l == "this" {
			return x.focus
		}
		if t.noun(k) {
			if out := x.about(k, taken); len(out) > 0 {
				return out
			}
		}
	}
	return nil
}
