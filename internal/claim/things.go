package claim

import (
	"slices"
	"strings"
	"sync"

	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordnet"
)

// A thing belongs to groups of synonyms. The broad names of a group share its number;
// a kind has the number of the group it is a kind of in broader.
type thing struct {
	same    []int32 // groups in which it is a name of one thing
	broader []int32 // groups of which it is a kind
}

var (
	things = map[string]*thing{}
	// places gives the number of the country a name stands for.
	places = map[string]int32{}
	// codes gives it for an ISO 3166-1 alpha-2 code.
	codes = map[string]int32{}
	// words of several parts among the things and places.
	compounds = map[string][][]string{}
)

func loadThings() {
	group := int32(0)
	add := func(w string) *thing {
		w = Normal(w)
		t := things[w]
		if t == nil {
			t = new(thing)
			things[w] = t
		}
		if parts := strings.Split(w, "_"); len(parts) > 1 {
			compounds[parts[0]] = append(compounds[parts[0]], parts)
		}
		return t
	}
	lines(thingsText, func(f []string) {
		group++
		broad, kind := group, false
		for _, w := range f {
			switch {
			case w == ":":
				kind = true
			case !kind:
				t := add(w)
				t.same = append(t.same, broad)
			default:
				group++
				for _, synonym := range strings.Split(w, "/") {
					t := add(synonym)
					t.same = append(t.same, group)
					t.broader = append(t.broader, broad)
				}
			}
		}
	})
	n := int32(0)
	lines(placesText, func(f []string) {
		n++
		for _, w := range f {
			if code, ok := strings.CutPrefix(w, "@"); ok {
				codes[strings.ToUpper(code)] = n
				continue
			}
			places[w] = n
			if parts := strings.Split(w, "_"); len(parts) > 1 {
				compounds[parts[0]] = append(compounds[parts[0]], parts)
			}
		}
	})
}

func share(a, b []int32) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// Lexeme is a key made ready for comparing.
type Lexeme struct {
	Key
	stem     string
	thing    *thing
	axes     Axes
	place    int32
	contrast int
	vector   int
	senses   []wordnet.Sense // what it commonly means
	kinds    []wordnet.Sense // what that is a kind of
}

// known are the lexemes that have been looked up, as far as there is room.
var known struct {
	sync.RWMutex
	lexemes map[Key]*Lexeme
}

// maxKnown bounds the lexemes that are kept: some 15 MB.
const maxKnown = 60000

// NewLexeme looks a key up.
func NewLexeme(k Key) *Lexeme {
	known.RLock()
	l := known.lexemes[k]
	known.RUnlock()
	if l != nil {
		return l
	}
	l = &Lexeme{Key: k, stem: stem(k.Word), thing: things[k.Word], axes: sides[k.Word], place: places[k.Word], contrast: contrasts[k.Word], vector: -1}
	if v, err := vectors.Load(); err == nil && k.Kind == Common {
		l.vector = v.Index(k.Word)
	}
	if k.Kind == Common {
		l.look()
	}
	known.Lock()
	if len(known.lexemes) >= maxKnown || known.lexemes == nil {
		known.lexemes = map[Key]*Lexeme{}
	}
	known.lexemes[k] = l
	known.Unlock()
	return l
}

// commonSenses is how many meanings of a word are considered for each part of speech, least
// how many steps a kind must be from the top of the net to say anything.
const (
	commonSenses = 2
	leastDepth   = 5
)

// look finds the meanings of a word in the net of words.
func (l *Lexeme) look() {
	n := wordnet.Load()
	word := strings.ReplaceAll(l.Word, "_", " ")
	for _, pos := range []wordnet.POS{wordnet.Noun, wordnet.Verb, wordnet.Adj} {
		senses := n.Senses(word, pos)
		senses = senses[:min(len(senses), commonSenses)]
		for _, s := range senses {
			if !slices.Contains(l.senses, s) {
				l.senses = append(l.senses, s)
			}
		}
		if pos != wordnet.Noun {
			continue
		}
		for _, s := range n.Above(word, pos, 1, 2) {
			if words := n.Words(s); len(words) > 0 && len(n.Above(words[0], pos, 1, 0)) >= leastDepth {
				l.kinds = append(l.kinds, s)
			}
		}
	}
}

func meet(a, b []wordnet.Sense) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// Place is the number of the country that the key names, 0 if it names none.
func (l *Lexeme) Place() int32 { return l.place }

// Similar says how far one key can stand for another, from 0 to 1: 1 the same word, 0.9
// another name of the same thing, 0.75 a kind of it, up to 0.6 a word used alike.
func (a *Lexeme) Similar(b *Lexeme) float64 {
	if a.Word == b.Word {
		return 1
	}
	if a.Kind > Name || b.Kind > Name {
		return 0
	}
	if a.place != 0 || b.place != 0 {
		if a.place == b.place {
			return 0.9
		}
		return 0
	}
	if a.stem == b.stem {
		return 0.95
	}
	if x, y := a.thing, b.thing; x != nil && y != nil {
		switch {
		case share(x.same, y.same):
			return 0.9
		case share(x.same, y.broader), share(x.broader, y.same):
			return 0.75
		}
	}
	if a.contrast != 0 && a.contrast == b.contrast {
		return 0
	}
	if a.axes.Any() && b.axes.Any() {
		if a.axes.Agree(b.axes) {
			return 0.7
		}
		if a.axes.Oppose(b.axes) {
			return 0.5
		}
	}
	switch {
	case meet(a.senses, b.senses):
		return 0.85
	case meet(a.senses, b.kinds), meet(a.kinds, b.senses):
		return 0.7
	}
	if a.vector < 0 || b.vector < 0 {
		return 0
	}
	v, err := vectors.Load()
	if err != nil {
		return 0
	}
	if s := v.Cosine(a.vector, b.vector); s > 0.5 {
		return min(0.45, (s-0.5)*2)
	}
	return 0
}

// contrasts are sets of words that are used alike and mean different things: sides, times
// of the year, degrees.
var contrasts = map[string]int{}

func init() {
	for i, set := range []string{
		"inner outer internal external inside outside", "north south east west northern southern eastern western central",
		"local general national regional federal municipal presidential parliamentary", "upper lower middle", "first second third fourth fifth last",
		"january february march april may june july august september october november december",
		"monday tuesday wednesday thursday friday saturday sunday", "spring summer autumn winter fall", "old new former current previous next",
		"public private", "import export", "man woman boy girl", "road rail railway air sea", "army navy air", "husband wife son daughter brother sister father mother",
		"left right", "red blue green white black yellow", "morning evening afternoon night", "domestic foreign", "male female", "child adult",
		"primary secondary tertiary", "civil military", "import export", "day week month year hour minute", "million billion thousand hundred trillion",
		"wheat maize rice barley", "oil gas coal", "cod herring salmon tuna", "dog cat horse", "guitar piano violin drum flute",
	} {
		for _, w := range strings.Fields(set) {
			contrasts[w] = i + 1
		}
	}
}

// stem cuts the endings of derivation, so that supply, supplier and supplying meet. It is
// meant for comparing, not for showing.
func stem(w string) string {
	if len(w) < 5 {
		return w
	}
	for _, s := range endings {
		if len(w) >= len(s)+4 && strings.HasSuffix(w, s) {
			w = w[:len(w)-len(s)]
			break
		}
	}
	if n := len(w); n > 4 && w[n-1] == w[n-2] {
		w = w[:n-1]
	}
	if len(w) < 5 {
		return w
	}
	return strings.TrimRight(w, "eyi")
}

var endings = []string{"ization", "ation", "ition", "ement", "ment", "ance", "ence", "ition", "sion", "tion", "ally", "ing", "ity", "ness", "ers", "ion", "ive", "able", "ible", "ize", "ed", "er", "or", "al", "ly", "es", "ship", "ure", "s", "e"}
