package names

import (
	"slices"
	"strings"
)

// roleOnly adds a mention such as "the minister", "Iran's foreign minister" or "the
// ministry", whose head is word k, and gives where it ends; k if it is none.
func (f *finder) roleOnly(i, k int) int {
	s := &f.doc.Sentences[i]
	t := &s.Tokens[k]
	lemma := strings.ToLower(t.Lemma)
	if t.UPOS != "NOUN" || t.Feat("Number") == "Plur" || !isRole(lemma) && !bodies[lemma] {
		return k
	}
	definite := s.Child(k, "nmod:poss") >= 0
	if c := s.Child(k, "det"); c >= 0 {
		switch lower(s, c) {
		case "the", "this", "that":
			definite = true
		default:
			return k
		}
	}
	role, government := f.describe(s, k)
	// Without an article an office counts only with its country: Iranian spokesman.
	if !definite && government == "" {
		return k
	}
	first := k
	for _, c := range s.Children(k) {
		if int(c) < first && s.Tokens[c].Rel != "punct" {
			first = int(c)
		}
	}
	kind := Person
	if bodies[lemma] && !isRole(lemma) {
		kind = Body
		role = lemma
	}
	best := -1
	if kind == Person {
		best = f.roleHolder(role, government)
	} else {
		best = f.ministry(lemma, government)
	}
	if best < 0 {
		if government == "" {
			return k
		}
		e := Entity{Kind: kind, Role: role, Government: government, gender: cmpGender(lemma, 0)}
		best = f.addEntity(e)
	} else if e := &f.names.Entities[best]; e.Government == "" {
		e.Government = government
	}
	f.add(Mention{i, first, k + 1, k, best, Role})
	return k + 1
}

// roleHolder is the person mentioned last who holds an office, -1 if there is none. In
// the words of an issuer "the president" is first of all its own country's.
func (f *finder) roleHolder(role, government string) int {
	if own := f.issuer.Government; government == "" && own != "" {
		for _, i := range latest(f.keys[officeKey(role[strings.LastIndexByte(role, ' ')+1:])]) {
			e := &f.names.Entities[i]
			if e.Kind == Person && e.Government == own && e.Role == role {
				return i
			}
		}
	}
	lemma := role[strings.LastIndexByte(role, ' ')+1:]
	for _, m := range slices.Backward(latest(f.names.Mentions)) {
		i := m.Entity
		e := &f.names.Entities[i]
		if e.Kind == Person && e.Role != "" && suits(e.Role, role, lemma) && (government == "" || e.Government == "" || government == e.Government) {
			return i
		}
	}
	return -1
}

// ministry is the institution that "the ministry" means: the one mentioned last, or else
// the issuer; -1 if there is none.
func (f *finder) ministry(lemma, government string) int {
	if m := f.body(lemma, government); m >= 0 {
		return m
	}
	if f.issuer.means(lemma) && (government == "" || government == f.issuer.Government) {
		return f.ownBody()
	}
	return -1
}

// body is the institution mentioned last that "the ministry" may mean, -1 if there
// is none.
func (f *finder) body(lemma, government string) int {
	for _, m := range slices.Backward(latest(f.names.Mentions)) {
		i := m.Entity
		e := &f.names.Entities[i]
		if e.Kind == Body && (government == "" || e.Government == "" || government == e.Government) &&
			(e.Name == "" && e.Role == lemma || strings.Contains(" "+strings.ToLower(e.Name)+" ", " "+lemma+" ")) {
			return i
		}
	}
	return -1
}

// suits tells whether "the minister" may mean a foreign minister: the fuller role
// ends like the shorter one, and is no lesser office. "The president" is no vice
// president.
func suits(known, role, lemma string) bool {
	if known == role {
		return true
	}
	if first, _, _ := strings.Cut(known, " "); lesser[first] {
		return strings.HasSuffix(role, known)
	}
	if first, _, _ := strings.Cut(role, " "); lesser[first] {
		return strings.HasSuffix(known, role)
	}
	return strings.HasSuffix(known, " "+role) || strings.HasSuffix(role, " "+known) && role != lemma ||
		role == lemma && strings.Contains(" "+known+" ", " "+lemma+" ")
}

// lesser are the words that make another office of one.
var lesser = set("vice deputy assistant associate former acting prime under")

// pronoun adds a mention for he, she and their forms: the nearest person before who
// suits, a subject rather than another.
func (f *finder) pronoun(i, k int) {
	s := &f.doc.Sentences[i]
	t := &s.Tokens[k]
	if t.UPOS != "PRON" {
		return
	}
	var gender byte
	switch lower(s, k) {
	case "he", "him", "his", "himself":
		gender = 'm'
	case "she", "her", "hers", "herself":
		gender = 'f'
	default:
		return
	}
	best, score := -1, 0
	for m := len(f.names.Mentions) - 1; m >= 0; m-- {
		x := &f.names.Mentions[m]
		if i-x.Sentence > 3 {
			break
		}
		e := &f.names.Entities[x.Entity]
		if e.Kind != Person || e.gender != 0 && e.gender != gender {
			continue
		}
		head := &f.doc.Sentences[x.Sentence].Tokens[x.Head]
		points := 10 - 3*(i-x.Sentence)
		if head.Is("nsubj") {
			points += 4
		}
		if e.gender == gender {
			points += 2
		}
		if x.Sentence == i && head.Head >= 0 && head.Head == t.Head && !strings.HasSuffix(t.Rel, "poss") && !strings.HasSuffix(lower(s, k), "self") {
			continue // nobody acts on himself unless it is said so
		}
		if best < 0 || points > score {
			best, score = x.Entity, points
		}
	}
	if best < 0 {
		return
	}
	if e := &f.names.Entities[best]; e.gender == 0 {
		e.gender = gender
	}
	f.add(Mention{i, k, k + 1, k, best, Pronoun})
}
