package claim

import "slices"

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
	for h, steps := i, 0; h >= 0 && steps < 3; h, steps = t.words[h].Head, steps+1 {
		for _, k := range t.kids[h] { // "under the previous government"
			if p := t.child(k, "case"); t.base(k) == "obl" && p >= 0 && (t.lower[p] == "under" || t.lower[p] == "during" || t.lower[p] == "in") {
				_, f := x.party(k)
				c.Flags |= f
			}
		}
		if t.base(h) != "conj" {
			break
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
