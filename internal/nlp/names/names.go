// Package names finds who and what a text speaks of: people with their offices,
// institutions and places, under all the names a document gives them.
//
//	"Foreign Minister Hossein Amir-Abdollahian of Iran": a person, his role
//	"foreign minister", his government Iran; later "Amir-Abdollahian", "the
//	minister" and "he" are the same person, and "we" in what he says is his
//	government.
//
// Everything is told from the trees and lists of titles, bodies and countries; no
// list of people is needed.
package names

import (
	"slices"
	"strings"
	"unicode"

	"volteface/internal/nlp"
)

// Kind is what is named.
type Kind string

// The kinds. Other names a thing, a document or an event, or cannot be told.
const (
	Person Kind = "person"
	Body   Kind = "body" // an institution
	Place  Kind = "place"
	Other  Kind = "other"
)

// Form is how a mention is worded.
type Form string

// The forms of a mention.
const (
	Named   Form = "name"    // Amir-Abdollahian, the Foreign Ministry
	Role    Form = "role"    // the minister, the spokesman, the Ministry
	Pronoun Form = "pronoun" // he, her, we, our
)

// Entity is one person, body or place of a document.
type Entity struct {
	Kind Kind
	// Name is the fullest name in the document, without title: "Hossein
	// Amir-Abdollahian". It is "" for someone who is known by office alone.
	Name string
	// Role is the office in small letters, "foreign minister", or "".
	Role string
	// Government is the country it belongs to or stands for, "Iran", or "".
	Government string
	// Aliases are the other names in the document.
	Aliases []string

	gender byte // m, f or 0
}

// Mention is one place where an entity is spoken of: words First … End-1 of a
// sentence.
type Mention struct {
	Sentence, First, End int
	// Head is the index of the word that heads the mention in the tree.
	Head   int
	Entity int // index in Names.Entities
	Form   Form
}

// Names are the entities of a document and their mentions, in the order of the text.
type Names struct {
	Entities []Entity
	Mentions []Mention
}

// At gives the entity that a word of a sentence speaks of, or nil. If mentions are
// nested the longest counts.
func (n *Names) At(sentence, word int) *Entity {
	var best *Mention
	for i := range n.Mentions {
		m := &n.Mentions[i]
		if m.Sentence == sentence && m.First <= word && word < m.End && (best == nil || m.End-m.First > best.End-best.First) {
			best = m
		}
	}
	if best == nil {
		return nil
	}
	return &n.Entities[best.Entity]
}

// Headed gives the entity of the mention whose head is the word, or nil: the entity
// that is the subject if the word is.
func (n *Names) Headed(sentence, word int) *Entity {
	for i := range n.Mentions {
		if m := &n.Mentions[i]; m.Sentence == sentence && m.Head == word {
			return &n.Entities[m.Entity]
		}
	}
	return nil
}

// Find finds the names of a document of an unknown issuer.
func Find(d *nlp.Document) *Names { return FindOf(d, Issuer{}) }

// FindOf finds the names of a document of an issuer: "we" and "the Ministry" are the
// issuer where nobody else is quoted and no other ministry was named.
func FindOf(d *nlp.Document, issuer Issuer) *Names {
	f := finder{doc: d, issuer: issuer, names: &Names{}, keys: map[string][]int{}}
	for i := range d.Sentences {
		f.sentence(i)
	}
	f.firstPerson()
	return f.names
}

type finder struct {
	doc    *nlp.Document
	issuer Issuer
	names  *Names
	keys   map[string][]int // entities by what they may be called, see keysOf
	own    *int             // the issuer as an entity, once it is asked for
	others int              // mentions of others than the first person
}

// lookBack is the number of mentions, or of entities of one key, that are looked at for
// who is meant: it keeps the time linear in books.
const lookBack = 500

// sentence finds the mentions of one sentence, in order.
func (f *finder) sentence(i int) {
	s := &f.doc.Sentences[i]
	if s.Kind == nlp.Direction {
		return
	}
	for k := 0; k < len(s.Tokens); {
		if end := f.titled(i, k); end > k {
			k = end
			continue
		}
		if end := nameEnd(s, k); end > k {
			k = f.named(i, k, end)
			continue
		}
		if end := f.roleOnly(i, k); end > k {
			k = end
			continue
		}
		f.pronoun(i, k)
		k++
	}
}

func lower(s *nlp.Sentence, k int) string { return strings.ToLower(s.Tokens[k].Form) }

// plain is a word in small letters without a dot at its end.
func plain(s *nlp.Sentence, k int) string { return strings.TrimSuffix(lower(s, k), ".") }

func isName(t *nlp.Token) bool {
	return t.UPOS == "PROPN" && !strings.HasPrefix(t.Form, "#") && !calendar[strings.TrimSuffix(strings.ToLower(t.Form), ".")]
}

// calendar are proper nouns that name no one.
var calendar = set(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
	september october november december jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m q jr sr ph.d`)

// isCapital tells a common noun or adjective that is written like a name.
func isCapital(t *nlp.Token) bool {
	return (t.UPOS == "NOUN" || t.UPOS == "ADJ") && unicode.IsUpper([]rune(t.Form)[0])
}

// nameEnd gives the end of the name that starts at word k, or k.
func nameEnd(s *nlp.Sentence, k int) int {
	n := len(s.Tokens)
	capital := func(i int) bool {
		t := &s.Tokens[i]
		return isName(t) || t.UPOS == "ADJ" && t.XPOS == "NNP" || i > k && isCapital(t)
	}
	// The Organization for the Prohibition of …
	body := k > 0 && isCapital(&s.Tokens[k]) && bodies[plain(s, k)] && k+1 < n
	// An adjective of a people may lead: Iranian Foreign Minister.
	if !body && !isName(&s.Tokens[k]) && !(s.Tokens[k].XPOS == "NNP" && k+1 < n && capital(k+1)) {
		return k
	}
	end := k + 1
	for end < n {
		t := &s.Tokens[end]
		switch {
		case capital(end):
			end++
		case end+1 < n && capital(end+1) && (t.Form == "-" || t.Form == "–" || t.Form == "'" || t.Form == "’") && t.Start == s.Tokens[end-1].End && t.End == s.Tokens[end+1].Start:
			end += 2 // Amir - Abdollahian
		case end+1 < n && capital(end+1) && t.UPOS == "PUNCT" && t.Form == "." && t.Start == s.Tokens[end-1].End:
			end += 2
		case end+1 < n && (t.Form == "of" || t.Form == "for") && takesOf(s, k, end):
			next := end + 1
			if lower(s, next) == "the" && next+1 < n {
				next++
			}
			if !capital(next) {
				return end
			}
			end = next + 1
		case end+1 < n && t.UPOS == "PART" && lower(s, end-1) == "people" && capital(end+1):
			end += 2 // People's Republic
		case end+1 < n && t.UPOS == "NOUN" && isRole(plain(s, end)) && isName(&s.Tokens[end+1]) && touches(s, end) && touches(s, end+1):
			end++ // Foreign Ministry spokesman Nasser Kanaani
		case end+1 < n && t.Form == "and" && capital(end+1) && inBody(s, k, end):
			end += 2 // Ministry of Trade and Industry
		default:
			return end
		}
	}
	return end
}

// takesOf tells whether a name goes on after "of" or "for": Ministry of Foreign
// Affairs, Secretary of State, but not Putin of Russia.
func takesOf(s *nlp.Sentence, first, end int) bool {
	w := plain(s, end-1)
	return bodies[w] || lands[w] || w == "secretary" || w == "minister" || w == "chief" || w == "prince" || w == "court"
}

func inBody(s *nlp.Sentence, first, end int) bool {
	for k := first; k < end; k++ {
		if bodies[plain(s, k)] && k+1 < end && lower(s, k+1) == "of" {
			return true
		}
	}
	return false
}

// text is what the words first … end-1 say, as written.
func (f *finder) text(s *nlp.Sentence, first, end int) string {
	if first >= end {
		return ""
	}
	return strings.Join(strings.Fields(f.doc.Text[s.Tokens[first].Start:s.Tokens[end-1].End]), " ")
}

// named adds the mention of a name and gives where to go on.
func (f *finder) named(i, first, end int) int {
	s := &f.doc.Sentences[i]
	start := first
	// Common nouns of office before the name belong to the title: foreign minister
	// Amir-Abdollahian, spokesman Kanaani.
	for start > 0 && (s.Tokens[start-1].UPOS == "NOUN" || s.Tokens[start-1].UPOS == "ADJ") && touches(s, start) &&
		(isRole(plain(s, start-1)) || s.Tokens[start-1].Head < end && s.Tokens[start-1].Head >= start) {
		start--
	}
	if start < first && !hasRole(s, start, end) {
		start = first
	}
	e := Entity{}
	name := start
	for name < end {
		w := plain(s, name)
		switch {
		case honorifics[w]:
			e.gender = cmpGender(w, e.gender)
		case name+1 < end && (isRole(w) || name < first || leadsRole(s, name, end)):
			e.gender = cmpGender(w, e.gender)
		default:
			goto named
		}
		name++
		for name < end && (s.Tokens[name].Form == "." || s.Tokens[name].Form == "-" && name+1 < end && isRole(plain(s, name+1))) {
			name++
		}
		if name < end && lower(s, name) == "of" { // Secretary of State Blinken
			name++
			for name < end && (lower(s, name) == "the" || departments[plain(s, name)]) {
				name++
			}
		}
	}
named:
	if allOffice(s, name, end) && !isFlat(s, name, end) {
		name = end // nothing but an office: the Vice President, the Foreign Minister
	}
	e.Role, e.Government = f.office(s, start, name)
	e.Name = f.text(s, name, end)
	head := headOf(s, start, end)
	switch country := Country(e.Name); {
	case e.Name == "":
		e.Kind = Person
	case country != "" && name == start:
		e.Kind, e.Government = Place, country
		if bodies[plain(s, end-1)] || bodies[plain(s, name)] {
			e.Kind = Body
		}
	case hasRole(s, start, name) || e.gender != 0 || start < name && honorifics[plain(s, start)]:
		e.Kind = Person
	case hasWord(s, name, end, bodies.has):
		e.Kind = Body
		e.Government = f.countryIn(s, name, end)
	case hasWord(s, name, end, lands.has):
		e.Kind = Place
	case isFlat(s, name, end):
		e.Kind = Person
	default:
		e.Kind = f.guess(s, head)
	}
	if e.Kind == Person {
		f.apposition(s, head, start, end, &e)
	} else if e.Kind == Body && e.Government == "" {
		e.Government = f.owner(s, head)
	}
	if e.Kind == Person && e.Name == "" && e.Role == "" {
		return end
	}
	form := Named
	if e.Name == "" {
		form = Role
		if m := f.roleHolder(e.Role, e.Government); m >= 0 {
			f.add(Mention{i, start, end, head, m, form})
			return end
		}
		if e.Government == "" {
			e.Government = f.issuer.Government // the President, in what his office publishes
		}
	} else if e.Kind == Body && bodies[strings.ToLower(e.Name)] && start > 0 && lower(s, start-1) == "the" {
		// The Ministry, after the Ministry of Foreign Affairs.
		if m := f.ministry(strings.ToLower(e.Name), e.Government); m >= 0 {
			f.add(Mention{i, start, end, head, m, Role})
			return end
		}
	}
	f.add(Mention{i, start, end, head, f.resolve(&e), form})
	return end
}

func touches(s *nlp.Sentence, k int) bool {
	return !strings.ContainsAny(s.Tokens[k-1].Form, ",;:") && s.Tokens[k].Start-s.Tokens[k-1].End <= 1
}

func hasRole(s *nlp.Sentence, first, end int) bool { return hasWord(s, first, end, isRole) }

func hasWord(s *nlp.Sentence, first, end int, is func(word string) bool) bool {
	for k := first; k < end; k++ {
		if is(plain(s, k)) {
			return true
		}
	}
	return false
}

// leadsRole tells whether word k starts a title that a role ends before the name:
// Foreign Minister, Deputy Prime Minister, Iranian President, Press Secretary.
func leadsRole(s *nlp.Sentence, k, end int) bool {
	for j := k; j < min(end-1, k+5); j++ {
		if isRole(plain(s, j)) {
			return true
		}
	}
	return false
}

// allOffice tells whether a stretch is an office without a name.
func allOffice(s *nlp.Sentence, first, end int) bool {
	for k := first; k < end; k++ {
		if w := plain(s, k); !isRole(w) && !grades[w] {
			return false
		}
	}
	return first < end && isRole(plain(s, end-1))
}

// grades are the words that tell offices apart.
var grades = set(`vice prime foreign deputy first second acting assistant special senior national security press chief former defense
	defence finance interior general permanent supreme executive managing high joint principal associate`)

// departments follow "Secretary of" and "Minister of".
var departments = set(`state defense defence foreign affairs treasury interior commerce energy labor labour health education justice
	agriculture homeland security transportation staff finance trade and external`)

// isFlat tells whether the words hang together as the parts of a person's name do.
func isFlat(s *nlp.Sentence, first, end int) bool {
	for k := first; k < end; k++ {
		if s.Tokens[k].Rel == "flat" {
			return true
		}
	}
	return false
}

func cmpGender(w string, before byte) byte {
	switch {
	case male[w]:
		return 'm'
	case female[w]:
		return 'f'
	}
	return before
}

// headOf is the word of a stretch whose head lies outside it.
func headOf(s *nlp.Sentence, first, end int) int {
	for k := first; k < end; k++ {
		if h := s.Tokens[k].Head; (h < first || h >= end) && s.Tokens[k].Rel != "punct" {
			return k
		}
	}
	return first
}

// office reads a title: the role in small letters without honorifics and country,
// and the country.
func (f *finder) office(s *nlp.Sentence, first, end int) (role, government string) {
	var words []string
	for k := first; k < end; k++ {
		w := plain(s, k)
		if c := Country(f.text(s, k, k+1)); c != "" && !isRole(w) {
			government = c
			continue
		}
		if k+1 < end {
			if c := Country(f.text(s, k, k+2)); c != "" {
				government = c
				k++
				continue
			}
		}
		if honorifics[w] || w == "." || w == "-" || s.Tokens[k].UPOS == "DET" || w == "the" || w == "'s" || w == "’s" {
			continue
		}
		words = append(words, w)
	}
	if first > 0 && government == "" {
		// Iran's foreign minister, the Iranian minister
		for k := first - 1; k >= 0 && k >= first-4; k-- {
			if c := Country(s.Tokens[k].Form); c != "" {
				government = c
				break
			}
			if t := &s.Tokens[k]; t.UPOS != "PART" && t.UPOS != "ADJ" && t.UPOS != "NOUN" && t.UPOS != "DET" {
				break
			}
		}
	}
	role = strings.Join(words, " ")
	if !slices.ContainsFunc(words, func(w string) bool { return isRole(w) }) {
		role = ""
	}
	return role, government
}

// apposition reads an office that stands beside a name: X, the foreign minister of
// Iran; Iran's foreign minister, X; X, who is the minister.
func (f *finder) apposition(s *nlp.Sentence, head, first, end int, e *Entity) {
	read := func(k int) {
		if !isRole(strings.ToLower(s.Tokens[k].Lemma)) && !isRole(lower(s, k)) || k >= first && k < end {
			return
		}
		role, government := f.describe(s, k)
		if e.Role == "" {
			e.Role = role
		}
		if e.Government == "" {
			e.Government = government
		}
		e.gender = cmpGender(lower(s, k), e.gender)
	}
	for k := first; k < end; k++ {
		for _, c := range s.Children(k) {
			if int(c) >= first && int(c) < end {
				continue
			}
			if s.Tokens[c].Is("appos") {
				read(int(c))
			}
			if e.Government == "" && s.Tokens[c].Is("nmod") {
				e.Government = f.countryBelow(s, int(c)) // Blinken of the United States
			}
		}
	}
	if h := s.Tokens[head].Head; h >= 0 && s.Tokens[head].Is("appos") {
		read(h)
	}
}

// describe reads a noun of office with what hangs below it: role and country.
func (f *finder) describe(s *nlp.Sentence, k int) (role, government string) {
	first := k
	for first > 0 {
		t := &s.Tokens[first-1]
		if h := t.Head; h < first-1 || h > k || t.UPOS == "DET" || t.UPOS == "PRON" || t.UPOS == "PUNCT" || t.UPOS == "ADP" || t.Is("nmod:poss", "case") {
			break
		}
		first--
	}
	role, government = f.office(s, first, k+1)
	for _, c := range s.Children(k) {
		if government == "" && s.Tokens[c].Is("nmod", "amod", "compound") {
			government = f.countryBelow(s, int(c))
		}
	}
	// minister of foreign affairs
	for _, c := range s.Children(k) {
		if s.Tokens[c].Rel == "nmod" && int(c) > k && Country(s.Tokens[c].Form) == "" && int(c)-k <= 4 && s.Child(int(c), "case") == k+1 && lower(s, k+1) == "of" {
			role += " of " + strings.ToLower(f.text(s, k+2, int(c)+1))
		}
	}
	return role, government
}

// countryBelow finds a country in the words below word k.
func (f *finder) countryBelow(s *nlp.Sentence, k int) string {
	start, end := k, k+1
	for start > 0 && s.Tokens[start-1].Head == k {
		start--
	}
	return f.countryIn(s, start, end)
}

// countryIn finds the first country in a stretch.
func (f *finder) countryIn(s *nlp.Sentence, first, end int) string {
	for n := min(load().longest, end-first); n > 0; n-- {
		for k := first; k+n <= end; k++ {
			if c := Country(f.text(s, k, k+n)); c != "" {
				return c
			}
		}
	}
	return ""
}

// owner is the country that a body belongs to: Iran's Foreign Ministry, the Iranian
// Foreign Ministry.
func (f *finder) owner(s *nlp.Sentence, head int) string {
	for _, c := range s.Children(head) {
		if s.Tokens[c].Is("nmod", "amod", "compound") {
			if country := f.countryBelow(s, int(c)); country != "" {
				return country
			}
		}
	}
	return ""
}

// people are verbs whose subject is most often a person.
var people = set("say tell add note think believe know want ask reply speak meet visit thank congratulate welcome stress underline warn declare resign")

// guess tells the kind of a name that no list knows by its place in the tree.
func (f *finder) guess(s *nlp.Sentence, head int) Kind {
	t := &s.Tokens[head]
	if t.Is("nsubj") && t.Head >= 0 && people[s.Tokens[t.Head].Lemma] {
		return Person
	}
	if c := s.Child(head, "case"); c >= 0 && (t.Is("obl") || t.Is("nmod")) {
		switch lower(s, c) {
		case "in", "at", "near", "from", "to", "into":
			return Place
		}
	}
	return Other
}

func (f *finder) add(m Mention) { f.names.Mentions = append(f.names.Mentions, m) }
