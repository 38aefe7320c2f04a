package passage

import (
	_ "embed" // the lists
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"volteface/internal/nlp/countries"
	"volteface/internal/statement"
)

var (
	//go:embed words.txt
	wordsFile string
	//go:embed places.txt
	placesFile string
)

// class is what a word may be; a word may be several things.
type class uint32

const (
	says class = 1 << iota
	cites
	citesBefore // stands after its source
	office
	outsider
	peer
	we
	they
	prep
	that
	det
	aux
	asks
	answers
	hosts
	and
	country // of tokens alone: see token.place
	mine    // a name of the issuer's or of one of its officials
	person  // the name of a person among these
)

var classes = map[string]class{
	"say": says, "cite": cites, "zitat": citesBefore, "office": office, "other": outsider, "peer": peer, "we": we, "they": they, "prep": prep,
	"that": that, "and": and, "det": det, "aux": aux, "ask": asks, "answer": answers, "host": hosts,
}

// meaning is what a list says of a word.
type meaning struct {
	class class
	place string // of a country: its code
	rest  []term // the words that must follow
	loose bool   // any ending
	short bool   // of a place: it must be written with a capital
}

// term is a word of an entry.
type term struct {
	word  string
	loose bool
}

// lexicon is what the lists say of the words of a language. It is immutable.
type lexicon struct {
	code     string
	order    order
	unspaced bool
	exact    map[string][]meaning
	start    map[string][]meaning // by the start of words with any ending
	end      map[string][]meaning // by the end of words with any beginning
	longest  int                  // of the entries of an unspaced script, in runes
	cased    bool
	adverbs  adverbs
}

// order is where a subject stands as a rule.
type order int

const (
	subjectFirst order = iota // subject, verb, object, with inversion after quotations
	verbFirst                 // Arabic, Hebrew
	verbLast                  // the verb at the end of the sentence
)

var orders = map[string]order{"ar": verbFirst, "fa": verbLast, "tr": verbLast, "ja": verbLast, "ko": verbLast, "hi": verbLast}

// codes are the languages of words.txt.
var codes = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for l := range strings.Lines(wordsFile) {
		if code, _, ok := strings.Cut(l, ":"); ok && len(code) == 2 {
			out[code] = true
		}
	}
	return out
})

var lexicons sync.Map // by code

// lexiconOf is that of a language; what is not known is read as English, whose labels are the most frequent ones.
func lexiconOf(code string) *lexicon {
	tag, err := language.Parse(code)
	base, _ := tag.Base()
	code = base.String()
	if err != nil || !codes()[code] {
		code = "en"
	}
	if l, ok := lexicons.Load(code); ok {
		return l.(*lexicon)
	}
	l, _ := lexicons.LoadOrStore(code, newLexicon(code))
	return l.(*lexicon)
}

func newLexicon(code string) *lexicon {
	l := &lexicon{
		code: code, order: orders[code], unspaced: code == "zh" || code == "ja",
		cased:   !strings.Contains(" ar fa he hi zh ja ko ", code),
		adverbs: adverbs{phrases: map[string]bool{}, nouns: map[string]bool{}},
		exact:   map[string][]meaning{}, start: map[string][]meaning{}, end: map[string][]meaning{},
	}
	for s := range strings.Lines(wordsFile) {
		s = strings.TrimSpace(s)
		head, words, ok := strings.Cut(s, ": ")
		if !ok || strings.HasPrefix(s, "#") {
			continue
		}
		in, what, _ := strings.Cut(head, ":")
		labels := classes[what]&(asks|answers|hosts) != 0
		if in != code && !(in == "en" && labels) { // English labels stand in transcripts of all languages
			continue
		}
		for w := range strings.FieldsSeq(words) {
			if what == "adv" || what == "noadv" {
				l.adverbs.add(w, what == "adv")
				continue
			}
			l.add(w, meaning{class: classes[what]})
		}
	}
	for s := range strings.Lines(placesFile) {
		place, words, ok := strings.Cut(strings.TrimSpace(s), ": ")
		if !ok || strings.HasPrefix(s, "#") {
			continue
		}
		for w := range strings.FieldsSeq(words) {
			l.add(w, meaning{class: country, place: place, short: utf8.RuneCountInString(w) <= 3})
		}
	}
	l.countries()
	return l
}

// countries adds the names of countries in the language and in English (CLDR), and the names of languages that but one
// country speaks: "French" is who speaks it and what is of France.
func (l *lexicon) countries() {
	own, english, languages := countries.Namer(l.code), countries.Namer("en"), display.Languages(language.Make(l.code))
	for _, c := range countries.All() {
		m := meaning{class: country, place: c.Code, short: true}
		if own != nil {
			l.name(own(c), m)
		}
		l.name(english(c), m)
		switch c.Home {
		case "", "en", "pt", "ar", "ur":
			continue
		}
		if languages == nil {
			continue
		}
		n, _, _ := strings.Cut(languages.Name(language.Make(c.Home)), " ")
		switch l.code { // the language is named by an adverb, or by a word with "language" in it
		case "tr":
			n = cutAny(n, "ca", "ce", "ça", "çe")
		case "zh", "ja", "ko", "he", "hi":
			n = ""
		}
		if utf8.RuneCountInString(n) > 3 || l.code == "tr" {
			l.name(n, m)
		}
	}
}

func cutAny(s string, suffixes ...string) string {
	for _, x := range suffixes {
		if cut, ok := strings.CutSuffix(s, x); ok {
			return cut
		}
	}
	return s
}

// name adds the name of a country, whose words bend and have adjectives.
func (l *lexicon) name(name string, m meaning) {
	if name == "" {
		return
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == ',' })
	for i, w := range words {
		words[i] = stem(fold(w)) + "*"
	}
	if len(words) > 0 && !(l.unspaced && len(words) > 1) {
		most := 4           // letters, and the star
		if l.code == "en" { // where adjectives have capitals too
			most = 5
		}
		m.short = m.short && len(words) == 1 && utf8.RuneCountInString(words[0]) <= most
		l.add(strings.Join(words, "_"), m)
	}
}

// stem is a name without the vowel that changes when it bends or becomes an adjective: Росси|я, Ukrain|e, روسی|ه.
func stem(w string) string {
	runes := []rune(w)
	for cut := 0; cut < 2 && len(runes) > 4 && strings.ContainsRune("aeoyаяьиеыіюе"+"ةهاہ", runes[len(runes)-1]); cut++ {
		runes = runes[:len(runes)-1]
		if runes[len(runes)-1] < 0x400 || runes[len(runes)-1] > 0x52f { // one, but two in Cyrillic: Итал|ия
			break
		}
	}
	return string(runes)
}

// add adds an entry.
func (l *lexicon) add(entry string, m meaning) {
	parts := strings.Split(entry, "_")
	terms := make([]term, len(parts))
	for i, p := range parts {
		w, loose := strings.CutSuffix(p, "*")
		terms[i] = term{fold(w), loose}
		if terms[i].word == "" {
			return
		}
	}
	m.rest, m.loose = terms[1:], terms[0].loose
	first := terms[0].word
	l.longest = max(l.longest, utf8.RuneCountInString(first))
	switch beheaded, any := strings.CutPrefix(first, "*"); {
	case any:
		l.end[beheaded] = append(l.end[beheaded], m)
	case m.loose && !l.unspaced:
		l.start[first] = append(l.start[first], m)
	default:
		l.exact[first] = append(l.exact[first], m)
	}
}

// fold is a word as it is looked for: without case, accents and marks, in the plain letters of its script.
func fold(w string) string {
	plain := true
	for i := 0; i < len(w); i++ {
		if w[i] >= utf8.RuneSelf || w[i] >= 'A' && w[i] <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return w
	}
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range w {
		if r == 'İ' || r == 'ı' {
			r = 'i'
		}
		r = unicode.ToLower(r)
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
			continue
		case r == '’' || r == 'ʼ' || r == '`' || r == '‘':
			b.WriteByte('\'')
			continue
		case r == 'ß':
			b.WriteString("ss")
			continue
		case r == 'ł':
			r = 'l'
		case r == '\u200c' || r == '\u200d' || r == '\u00ad' || unicode.Is(unicode.Mn, r) && (r < 0x900 || r > 0xdff):
			continue
		}
		if r = statement.PlainLetter(r); r < 0 {
			continue
		}
		if r < 0x530 || r >= 0x1e00 && r < 0x2000 { // an accent is a rune of its own in NFD
			if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 {
				r, _ = utf8.DecodeRune(d)
				if r >= 0x1e00 || r >= 0x80 && r < 0x250 {
					if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 {
						r, _ = utf8.DecodeRune(d)
					}
				}
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
