package claim

import "strings"

var officials = set(`minister ministry spokesman spokeswoman spokesperson government president presidency chancellor secretary department
state republic kingdom cabinet commission council authority bank agency office administration chairman chairwoman chair director governor board
committee command headquarters premier crown army force police coastguard union house treasury parliament king queen speaker commissioner
envoy ambassador embassy mission bureau regulator chief general commander federation region service`)

// bodies are those of which an issuer is one: several of them are others.
var bodies = set(`bank government state minister president council commission house union director governor king queen chief region republic kingdom
parliament ministry secretary agency regulator spokesman embassy ambassador chancellor commissioner`)

// peoples are those of a country who do not act for it.
var peoples = set(`people person citizen family worker student teacher farmer woman man child kid consumer taxpayer voter company business manufacturer
firm corporation household community resident veteran senior patient parent job economy life public industry school university hospital`)

var foreignMarks = set(`another other third separate foreign neighboring neighbor western opposing rival hostile opposition`)

var predecessorMarks = set(`previous former predecessor earlier past last prior late then-president`)

var evidence = set(`data evidence footage finding inquiry investigation analysis test result figure laboratory measurement expert inspection audit
report examination review study survey image record log film document map satellite intelligence instrument reading assessment court law information`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[Normal(w)] = true
	}
	return m
}

// own are the words and countries that stand for whose statement is read.
type own struct {
	words   map[string]bool
	country int32
}

func newOwn(s Speaker) own {
	o := own{words: map[string]bool{}, country: codes[s.Government]}
	names := []string{s.Government, s.Issuer, s.Name}
	for _, official := range s.Officials {
		name, _, _ := strings.Cut(official, ",") // "Nasser Kanaani, spokesman"
		names = append(names, name)
	}
	for _, name := range names {
		fields := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !(r == '.' || r == '-' || r >= 'a' && r <= 'z' || r > 127) })
		for i, w := range fields {
			w = Normal(w)
			if len(w) > 2 && w != "the" && w != "and" && w != "for" {
				o.words[w] = true
			}
			p := places[w]
			if i+1 < len(fields) {
				if q, ok := places[w+"_"+Normal(fields[i+1])]; ok {
					p = q
				}
			}
			if p != 0 && o.country == 0 && w != "commission" {
				o.country = p
			}
		}
	}
	return o
}

// party tells whose side a noun phrase is on.
func (x *reader) party(i int) (Party, Flags) {
	if i < 0 {
		return Unknown, 0
	}
	t := x.tree
	switch t.lower[i] {
	case "i", "we", "us", "me", "ours", "mine", "ourselves":
		return Issuer, 0
	case "he", "she", "they", "it", "who", "which", "that", "this", "them", "him", "one", "you", "there":
		if t.lower[i] == "one" || t.lower[i] == "ours" {
			for _, k := range t.kids[i] {
				if t.lower[k] == "ours" {
					return Issuer, 0
				}
			}
		}
		return Unknown, 0
	}
	mine, foreign, past, place := false, false, false, int32(0)
	note := func(k int) {
		w := t.name[k]
		switch {
		case t.lower[k] == "our" || t.lower[k] == "my" || t.lower[k] == "ours":
			mine = true
		case foreignMarks[w] && !(w == "other" && k != i-1):
			foreign = true
		case predecessorMarks[w]:
			past = true
		}
		if p := x.placeAt(k); p != 0 && place == 0 {
			place = p
		}
	}
	note(i)
	for _, k := range t.kids[i] {
		switch t.base(k) {
		case "amod", "det", "nmod", "compound", "flat", "nummod", "appos", "obl":
			if c := t.child(k, "case"); t.base(k) == "obl" && !(t.copular(i) && c >= 0 && t.lower[c] == "before") {
				continue
			}
			if t.base(k) == "nmod" || t.base(k) == "appos" {
				if c := t.child(k, "case"); t.base(k) == "appos" || c >= 0 && t.lower[c] != "of" && t.lower[c] != "'s" && t.lower[c] != "from" && t.lower[c] != "in" && t.lower[c] != "before" {
					continue
				}
			}
			note(k)
			if c := t.child(k, "case"); c >= 0 && t.lower[c] == "before" {
				past = true // "the government before ours"
			}
			for _, g := range t.kids[k] {
				if t.base(g) == "amod" || t.base(g) == "nmod" || t.base(g) == "compound" || t.base(g) == "det" {
					note(g)
				}
			}
		}
	}
	if strings.Contains(t.words[i].Feats, "Number=Plur") && bodies[t.name[i]] && !mine && !x.own.words[t.lower[i]] {
		return Others, 0 // "banks", "the ministers of the region": not this one
	}
	official := officials[t.name[i]] || x.own.words[t.name[i]]
	switch {
	case past && (official || t.name[i] == "predecessor" || t.name[i] == "coalition"):
		return Others, Predecessor
	case mine && !foreignMarks[t.name[i]]:
		return Issuer, 0
	case foreign || foreignMarks[t.name[i]]:
		return Others, 0
	case place != 0 && x.own.country != 0:
		if place == x.own.country {
			if peoples[t.name[i]] || t.noun(i) && x.placeAt(i) != 0 && strings.Contains(t.words[i].Feats, "Number=Plur") && strings.HasSuffix(t.lower[i], "ans") {
				return Unknown, 0 // "Americans", "American families"
			}
			return Issuer, 0
		}
		return Others, 0
	case x.own.words[t.name[i]], official:
		return Issuer, 0
	}
	return Unknown, 0
}

// placeAt is the country a word or the phrase that begins with it stands for.
func (x *reader) placeAt(i int) int32 {
	t := x.tree
	if i+1 < len(t.words) {
		if p, ok := places[t.lower[i]+"_"+t.lower[i+1]]; ok {
			return p
		}
	}
	if t.words[i].Form == "us" {
		return 0
	}
	if r := t.words[i].Form[0]; r >= 'a' && r <= 'z' {
		return 0
	}
	if t.lower[i] == "commission" || t.lower[i] == "gaza" {
		return 0
	}
	return places[t.lower[i]]
}

// speaks tells who is the subject of a verb of saying.
func (x *reader) speaks(h int) Party {
	t := x.tree
	s := t.subject(h)
	if t.passive(h) {
		s = -1
		for _, k := range t.kids[h] {
			if t.words[k].Rel == "obl:agent" || t.base(k) == "obl" && t.child(k, "case") >= 0 && t.lower[t.child(k, "case")] == "by" {
				s = k
			}
		}
	}
	if s < 0 {
		return Unknown
	}
	p, _ := x.party(s)
	if p == Unknown && (t.noun(s) || t.words[s].UPOS == "NUM") && !evidence[t.name[s]] && !x.speakerName(s) {
		return Others
	}
	if p == Unknown && (t.lower[s] == "they" || t.lower[s] == "some" || t.lower[s] == "many" || t.lower[s] == "you" || t.lower[s] == "who" || t.lower[s] == "others" || t.lower[s] == "people") {
		return Others
	}
	return p
}

func (x *reader) speakerName(i int) bool {
	t := x.tree
	if x.own.words[t.lower[i]] {
		return true
	}
	for _, k := range t.kids[i] {
		if t.base(k) == "flat" && x.own.words[t.lower[k]] {
			return true
		}
	}
	return false
}

// voice marks what is said by others.
func (x *reader) voice(h, w int, s *standing) {
	t := x.tree
	e := effects[t.name[h]]
	if e != says && e != thinks && e != carries && e != asks && e != plans || !t.verb(h) {
		return
	}
	subject := t.subject(h)
	if subject >= 0 {
		if _, f := x.party(subject); f != 0 {
			s.flags |= f | Reported
			return
		}
	}
	if e == carries || e == plans {
		return
	}
	if x.speaks(h) == Others {
		s.flags |= Reported
	} else if e == says && t.passive(h) && x.speaks(h) == Unknown && (t.child(h, "aux:pass") >= 0 || t.is(h, "acl")) {
		s.flags |= Hedged
	}
}

// whose tells whose claim or report a noun names.
func (x *reader) whose(h int) Party {
	p, _ := x.party(h)
	if p == Issuer {
		return Issuer
	}
	return Others
}

// Country is the number of the country that a name of an institution speaks of, 0 if it
// names none. Numbers are those of Lexeme.Place.
func Country(name string) int32 { return newOwn(Speaker{Government: name}).country }
