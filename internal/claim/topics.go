package claim

import "strings"

// anything stands as the predicate of a claim on a report or idea as a whole: "the
// allegations about drones are baseless".
const anything = "*"

// topics adds claims on what is rejected, confirmed or ruled out as a whole.
func (x *reader) topics(n int, v turn, taken []bool) {
	t := x.tree
	for i := range t.words {
		sign, mode, flags := 1, Fact, Topic
		content := -1
		switch {
		case effects[t.name[i]] == denies && t.verb(i):
			if content = t.child(i, "obj", "nsubj:pass"); content >= 0 && t.noun(content) && x.nounEffect(content) == noEffect && !reportWords[t.name[content]] && t.name[i] == "dismiss" {
				continue // a judge, not a report
			}
			sign, flags = -1, flags|Denial
			if x.speaks(i) == Others {
				flags |= Reported
			}
		case t.name[i] == "rule_out" || t.name[i] == "exclude" && t.verb(i):
			content = t.child(i, "obj", "nsubj:pass")
			sign, mode = -1, Plan
		case t.verb(i) && (t.name[i] == "think" || t.name[i] == "consider" || t.name[i] == "contemplate" || t.name[i] == "envisage") && t.lower[i] != "thought":
			if content = t.child(i, "obl", "obj"); content >= 0 && !t.noun(content) {
				content = x.antecedent(i, content)
			}
			if n, _ := t.negated(i); !n {
				content = -1
			}
			mode = Plan
		case t.noun(i) && t.empty(i) && prospects[t.name[i]] && t.child(i, "nmod") >= 0: // "no talk of mobilisation"
			content = t.child(i, "nmod")
			sign, mode = 1, Plan // negated below
		default:
			if tr := x.truthOf(i); tr != 0 {
				sign, flags = tr, flags|Denial
				content = x.judged(i)
			} else if g := t.openness(i); g != 0 {
				sign, mode = g, Plan
				content = t.child(i, "nsubj", "csubj", "nsubj:pass")
			}
		}
		if content < 0 {
			continue
		}
		st := standing{sign: sign, mode: mode, flags: flags}
		if neg, _ := t.negated(i); neg {
			st.sign = -st.sign
		}
		if m, _ := t.mode(i); m == Would || m == Should {
			continue
		}
		up := x.compose(i)
		st.flags |= up.flags & (Condition | Question | Reported | Predecessor | Hedged)
		if v.voice == Journalist {
			st.flags |= Question
		}
		c := Claim{Sentence: n, Predicate: anything, Sign: int8(st.sign), Mode: st.mode, Flags: st.flags, Start: t.words[0].Start, End: t.words[len(t.words)-1].End}
		if l := t.lower[content]; !(prospects[t.name[i]] && t.noun(i)) && (l == "this" || l == "that" || l == "it" || l == "they" || l == "which" || l == "these") {
			if n == 0 || content > 3 {
				continue
			}
			if x.gainsay(n, st) {
				continue
			}
			if p := x.out.Sentences[n-1]; p.Voice == Own {
				c.Args = append(c.Args, p.Args[:min(len(p.Args), maxArgs)]...)
			}
		} else {
			c.Args = append(c.Args, x.antecedents(content, i)...)
			t.within(content, func(k int) bool { return t.base(k) == "advcl" || t.base(k) == "parataxis" || k == i }, func(k, depth int) {
				if taken[k] || !x.content(k, taken) || len(c.Args) >= maxArgs {
					return
				}
				if k == content && x.nounEffect(k) != noEffect || t.name[k] == "part" || reportWords[t.name[k]] {
					return
				}
				key := x.key(k)
				w := weight(key.Word, key.Kind)
				if depth > 2 {
					w *= 0.7
				}
				c.Args = append(c.Args, Arg{Key: key, Role: Object, Weight: w, Head: depth < 2, Group: 1})
			})
		}
		if len(c.Args) > 0 {
			x.out.Claims = append(x.out.Claims, c)
		}
	}
}

// gainsay takes up the claims of the sentence before, others' among them, as said or denied:
// "Some claim that he died there. These are lies." It is false where there are none.
func (x *reader) gainsay(n int, st standing) bool {
	found := false
	for k, end := 0, len(x.out.Claims); k < end && len(x.out.Claims) < maxClaims; k++ {
		c := x.out.Claims[k]
		if c.Sentence != n-1 || c.Sign == 0 || !c.Flags.Has(Reported) || c.Flags.Has(Presupposed|Question|Topic|Existence) {
			continue
		}
		c.Sentence, c.Sign = n, c.Sign*int8(st.sign)
		c.Flags = c.Flags&^(Reported|Mention) | Denial | Answer
		x.out.Claims = append(x.out.Claims, c)
		found = true
	}
	return found
}

// prospects are nouns that name a thing as thought of: there is no talk of it.
var prospects = set(`talk question thought prospect idea possibility discussion consideration intention plan suggestion`)

var reportWords = set(`concern put about make publish circulate allege unfounded baseless false claim report allegation accusation rumor talk suggestion unproven
story news question matter concerning regarding`)

// judged is what a word of truth or falsehood is said of.
func (x *reader) judged(i int) int {
	t := x.tree
	if s := t.child(i, "nsubj", "nsubj:pass"); s >= 0 {
		return s
	}
	h := t.words[i].Head
	if h >= 0 && t.verb(h) && (t.is(i, "xcomp", "obl", "advcl", "ccomp") || t.base(i) == "obl") {
		return t.child(h, "obj", "nsubj:pass")
	}
	return -1
}

// openness tells "is (not) on the table", "is out of the question".
func (t *tree) openness(i int) int {
	if !t.noun(i) && t.words[i].UPOS != "ADJ" {
		return 0
	}
	c := t.child(i, "case")
	if c < 0 {
		return 0
	}
	prep := t.lower[c]
	switch t.lower[i] {
	case "table", "agenda", "cards":
		if prep == "on" || prep == "in" {
			return 1
		}
		if prep == "off" {
			return -1
		}
	case "plans", "plan", "consideration", "discussion", "preparation":
		if prep == "in" || prep == "under" {
			return 1
		}
	case "question":
		if (prep == "of" || prep == "out") && i > 1 && strings.HasPrefix(t.lower[i-1], "the") {
			return -1
		}
	}
	return 0
}

// antecedent is the noun that "one" or "it" at the end of a sentence takes up: the first
// noun of the sentence.
func (x *reader) antecedent(i, pronoun int) int {
	t := x.tree
	if t.lower[pronoun] != "one" && t.lower[pronoun] != "it" && t.lower[pronoun] != "that" {
		return -1
	}
	for k := range t.words {
		if k < i && t.is(k, "nsubj", "obj") && t.noun(k) {
			return k
		}
	}
	return -1
}
