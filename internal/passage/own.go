package passage

import (
	"strings"
	"unicode/utf8"
)

// own is what stands for the issuer.
type own struct {
	place   string           // the code of its country or union; empty if it has none
	names   map[string]class // words of its own name and of those who speak for it
	byStart map[string][]string
	offices []string // of its officials
	longest int      // of the names, in runes
}

// newOwn reads the names of the issuer, its government and its officials.
func (r *reader) newOwn() own {
	s := r.speech
	r.own = own{names: map[string]class{}, byStart: map[string][]string{}}
	o := own{names: map[string]class{}, byStart: map[string][]string{}}
	if g := strings.TrimSpace(s.Government); len(g) >= 2 && len(g) <= 4 && strings.ToUpper(g) == g && g[0] < utf8.RuneSelf {
		o.place = g
		if g == "UK" {
			o.place = "GB"
		}
	} else if o.place = r.placeIn(g); o.place == "" {
		o.place = r.placeIn(s.Issuer)
	}
	if o.place == "" {
		for _, t := range r.tokens(s.Issuer, 0, len(s.Issuer)) {
			if t.class == 0 && utf8.RuneCountInString(t.word) >= 4 {
				o.add(t.word, mine)
			}
		}
	}
	for i, official := range append(s.Officials[:len(s.Officials):len(s.Officials)], s.Speakers...) {
		if i >= 1000 || len(official) > 400 {
			continue
		}
		name, role := official, ""
		if at := strings.IndexAny(official, ",،，、;"); at >= 0 {
			_, size := utf8.DecodeRuneInString(official[at:])
			name, role = official[:at], official[at+size:]
		}
		for _, t := range r.tokens(role, 0, len(role)) {
			if t.class&office != 0 {
				o.offices = append(o.offices, t.word)
			}
		}
		r.nameWords(&o, name, i >= len(s.Officials))
	}
	return o
}

// nameWords adds the words of a name by which its bearer is told: family names, in any place where they may stand.
func (r *reader) nameWords(o *own, name string, marked bool) {
	var words []string
	for _, t := range r.tokens(name, 0, len(name)) {
		if t.class&(asks|hosts|outsider|peer) != 0 || marked && t.place != "" && t.place != o.place {
			return // whom the page marks may be a journalist or a guest
		}
		if t.mark == 0 && t.class&office == 0 && t.place == "" {
			words = append(words, t.word)
		}
	}
	if r.words.unspaced {
		if w := fold(strings.ReplaceAll(strings.TrimSpace(name), " ", "")); w != "" && utf8.RuneCountInString(w) <= 12 {
			o.add(w, mine|person)
		}
		return
	}
	if marked && len(words) < 2 {
		return // a word alone is as often an office as a name
	}
	first := 1
	if len(words) == 1 || strings.Contains(" CN TW JP KR KP VN HU SG KH ", " "+o.place+" ") && o.place != "" {
		first = 0 // the family's name may stand first
	}
	for _, w := range words[min(first, len(words)):] {
		if utf8.RuneCountInString(w) >= 2 && !particles[w] {
			o.add(w, mine|person)
		}
	}
}

// particles of names tell nobody from others.
var particles = map[string]bool{"de": true, "von": true, "van": true, "der": true, "den": true, "al": true, "el": true, "bin": true, "ibn": true, "la": true, "le": true, "da": true, "dos": true, "del": true, "di": true, "jr": true, "sr": true, "ال": true, "بن": true, "until": true}

func (o *own) add(w string, c class) {
	if w == "" {
		return
	}
	o.names[w] |= c
	o.longest = max(o.longest, utf8.RuneCountInString(w))
	key := startOf(w)
	o.byStart[key] = append(o.byStart[key], w)
}

// class tells whether a word is one of the names, in any case ending.
func (o *own) class(w string, name bool) class {
	if !name {
		return 0
	}
	if c := o.names[w]; c != 0 {
		return c
	}
	for _, n := range o.byStart[startOf(w)] {
		if near(w, n) {
			return o.names[n]
		}
	}
	return 0
}

// startOf is by what names are filed: forms of a name share it.
func startOf(w string) string {
	n := 0
	for i := range w {
		if n == 3 {
			return w[:i]
		}
		n++
	}
	return w
}

// near tells whether two words may be forms of one name: Лебедева, Лебедевой; Karaca, Karaca'nın.
func near(a, b string) bool {
	a, _, _ = strings.Cut(a, "'")
	b, _, _ = strings.Cut(b, "'")
	if a == b {
		return a != ""
	}
	common := 0
	for common < len(a) && common < len(b) && a[common] == b[common] {
		common++
	}
	for common > 0 && common < len(a) && !utf8.RuneStart(a[common]) {
		common--
	}
	ra, rb := utf8.RuneCountInString(a[common:]), utf8.RuneCountInString(b[common:])
	if a[0] < 0x80 && b[0] < 0x80 { // Latin names do not bend but by an s, or in Polish by more
		if ra > 2 || rb > 2 || ra > 0 && rb > 0 {
			return false
		}
	}
	return utf8.RuneCountInString(a[:common]) >= 4 && ra <= 3 && rb <= 3
}

// placeIn is the country that a name of an institution names first.
func (r *reader) placeIn(name string) string {
	for _, l := range []*lexicon{r.words, lexiconOf("en")} {
		x := &reader{words: l, own: own{names: map[string]class{}}}
		for _, t := range x.tokens(name, 0, len(name)) {
			if t.place != "" {
				return t.place
			}
		}
	}
	return ""
}

// side is whom somebody speaks for.
type side int

const (
	nobody side = iota // not told
	issuer
	stranger
)

// judgement is who says something.
type judgement struct {
	side    side
	sure    bool
	speaker string
}

// acquaintances are people and offices that the text has introduced with their country: "Prime Minister Lindqvist of Sweden".
type acquaintances struct {
	people  map[string]side // by the word of a name
	names   map[string][]string
	offices map[string]side
	guests  bool // the title names somebody of another country
}

// maxAcquaintances bounds them.
const maxAcquaintances = 5000

func (a *acquaintances) meet(name string, s side) {
	if a.people == nil {
		a.people, a.names, a.offices = map[string]side{}, map[string][]string{}, map[string]side{}
	}
	if _, known := a.people[name]; known || len(a.people) >= maxAcquaintances || utf8.RuneCountInString(name) < 2 || particles[name] {
		return
	}
	a.people[name] = s
	if key := startOf(name); len(a.names[key]) < 20 {
		a.names[key] = append(a.names[key], name)
	}
}

func (a *acquaintances) side(name string) side {
	if s := a.people[name]; s != nobody {
		return s
	}
	for _, n := range a.names[startOf(name)] {
		if near(name, n) {
			return a.people[n]
		}
	}
	return nobody
}

// introductions reads the first paragraphs, where people are introduced, and whatever names an office with a country later.
func (r *reader) introductions(lines []line) {
	const most = 1 << 18
	read := 0
	for _, l := range lines {
		if read += l.to - l.from; read > most {
			return
		}
		r.introduced(r.tokens(r.speech.Text, l.from, l.to), false)
	}
}

func (r *reader) introduce(title string) {
	if len(title) > 1<<12 {
		return
	}
	r.introduced(r.tokens(title, 0, len(title)), true)
}

// phrase is a stretch of tokens between marks, prepositions, conjunctions and verbs of saying.
type phrase struct {
	offices, names []string
	side           side
}

func (r *reader) introduced(tokens []token, title bool) {
	var all []phrase
	var now phrase
	end := func() {
		if len(now.offices)+len(now.names) > 0 || now.side != nobody {
			all = append(all, now)
		}
		now = phrase{}
	}
	comma := make([]bool, 0, 8) // before phrase i stands a comma
	mark := func() {
		for len(comma) < len(all) {
			comma = append(comma, false)
		}
	}
	afterComma := false
	for i, t := range tokens {
		switch {
		case t.mark == '.' || t.mark == '-' || t.mark == '(' || t.mark == ')':
			continue
		case t.mark != 0, t.class&(prep|and|says|that) != 0 && t.place == "" && t.class&office == 0:
			before := len(all)
			end()
			if len(all) > before {
				mark()
				comma[before] = afterComma
			}
			afterComma = t.mark == ',' || t.mark == '،' || t.mark == '，'
			continue
		case t.class&(mine|person) == mine|person:
			now.side = issuer
		case t.class&peer != 0:
			now.side = stranger
		case t.class&we != 0 && now.side == nobody:
			now.side = issuer
		case t.place != "":
			if now.side == nobody {
				now.side = stranger
				if t.place == r.own.place {
					now.side = issuer
				}
			}
		}
		switch {
		case t.class&office != 0:
			now.offices = append(now.offices, t.word)
		case r.words.cased && t.capital && t.class&^(mine|person) == 0 && !t.first:
			now.names = append(now.names, t.word)
		case r.words.cased && t.capital && t.class == 0 && t.first && i+1 < len(tokens) && tokens[i+1].capital && tokens[i+1].class == 0:
			now.names = append(now.names, t.word)
		}
	}
	before := len(all)
	end()
	if len(all) > before {
		mark()
		comma[before] = afterComma
	}
	mark()
	for i, p := range all {
		if len(p.offices) > 0 && p.side == stranger && title {
			r.met.guests = true
		}
		if p.side == stranger && title && len(p.names) > 0 {
			r.met.guests = true
		}
		if len(p.offices) == 0 || p.side == nobody {
			continue
		}
		for _, w := range p.names {
			r.met.meet(w, p.side)
		}
		if i+1 < len(all) && comma[i+1] && len(all[i+1].offices) == 0 && all[i+1].side == nobody {
			for _, w := range all[i+1].names {
				r.met.meet(w, p.side)
			}
		}
		if i > 0 && comma[i] && len(all[i-1].offices) == 0 && all[i-1].side == nobody && len(p.names) == 0 {
			for _, w := range all[i-1].names {
				r.met.meet(w, p.side)
			}
		}
		if len(p.names) > 0 && r.words.cased && !title {
			continue
		}
		for _, w := range p.offices {
			if r.met.offices == nil {
				r.met.meet("", nobody)
			}
			if s, known := r.met.offices[w]; !known && len(r.met.offices) < maxAcquaintances {
				r.met.offices[w] = p.side
			} else if s != p.side {
				r.met.offices[w] = issuer
			}
		}
	}
}

// who tells for whom somebody speaks of whom the tokens tell. alone is where they are all that is known of him: a label.
func (r *reader) who(tokens []token, alone bool) judgement {
	var offices, names, known, bad int
	var pronoun, first, own, other, foreign, us, firm bool
	knownSide := nobody
	strangeOffice, ownOffice := 0, 0
	for i, t := range tokens {
		if t.mark != 0 || t.word == "" {
			continue
		}
		switch {
		case t.class&person != 0:
			firm = true
		case t.class&mine != 0:
			own = own || !foreign
		case t.class&peer != 0:
			bad++
		case t.place != "":
			if t.place == r.own.place {
				own = own || !foreign
			} else {
				foreign = foreign || !own
			}
		}
		switch {
		case t.class&office != 0:
			offices++
			switch r.officeSide(t.word) {
			case stranger:
				strangeOffice++
			case issuer:
				ownOffice++
			}
		case t.class&outsider != 0:
			other = true
		case t.class&we != 0:
			us = true
			first = first || offices == 0
		case t.class&they != 0:
			pronoun = true
		case r.words.cased && t.capital && t.class&^(mine|person) == 0 && t.place == "":
			s := r.met.side(t.word)
			if s != nobody {
				known++
				knownSide = s
			}
			if !t.first || i+1 < len(tokens) && tokens[i+1].capital || s != nobody || alone {
				names++
			}
		}
	}
	j := judgement{sure: r.known}
	if !alone { // a label is the speaker as it stands, and its words are not all of the text
		j.speaker = r.speaker(tokens)
	}
	switch {
	case firm:
		j.side = issuer
	case bad > 0:
		j.side = stranger
	case us && offices > 0 && !foreign && !other:
		j.side = issuer
	case us:
		return judgement{}
	case other && !(own && offices > 0 && !r.former(tokens)):
		j.side = stranger
	case knownSide == stranger:
		j.side = stranger
	case foreign:
		j.side, j.sure = stranger, j.sure && r.own.place != ""
	case own, knownSide == issuer:
		j.side = issuer
	case offices > 0:
		j.side = issuer
		j.sure = j.sure && (names == 0 || alone && ownOffice > 0)
		switch {
		case strangeOffice > 0 && ownOffice == 0:
			j.side, j.sure = stranger, false
		case alone && names > 0 && r.met.guests && ownOffice == 0:
			j.side, j.sure = stranger, false
		case names > 0 && ownOffice > 0:
			j.sure = false
		}
	case pronoun:
		return judgement{side: nobody, speaker: "they"}
	case names > 0:
		j.side, j.sure = stranger, false
	default:
		return judgement{}
	}
	return j
}

// former tells whether a word says that somebody is no longer in office, or the like.
func (r *reader) former(tokens []token) bool {
	for _, t := range tokens {
		if t.class&outsider != 0 && t.class&office == 0 {
			return true
		}
	}
	return false
}

// officeSide tells whose an office is that stands without a country.
func (r *reader) officeSide(w string) side {
	for _, o := range r.own.offices {
		if o == w || near(o, w) {
			return issuer
		}
	}
	return r.met.offices[w]
}
