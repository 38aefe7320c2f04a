package diff

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer gives words their ids, the same for both sides of a comparison, and
// keeps what is known of each.
type lexer struct {
	words    table
	passages table // sentences and paragraphs
	traits   []trait
}

func newLexer() *lexer { return &lexer{} }

// trait is what is known of a word.
type trait struct {
	form  form
	month uint8 // 1 to 12, if it names a month
	is    facts
}

type facts uint16

const (
	light     facts = 1 << iota // says little by itself: the, of, a comma
	unit                        // belongs to the number before: million, percent
	currency                    // a currency sign
	prefix                      // US, CAD: may stand before a currency sign
	day                         // 5, 05, 5th
	year                        // 2022
	digits                      // nothing but ASCII digits
	sign                        // of a date or a time: - / :
	eastern                     // 年 and its like
	quotation                   // a quotation mark
	joins                       // may begin a date, an amount or a quotation
)

// word is the number of a word by its folded text, and what is known of it.
func (l *lexer) word(text string) int32 {
	id := l.words.id(text)
	if int(id) == len(l.traits) {
		l.traits = append(l.traits, traitOf(l.words.folded[id]))
	}
	return id
}

func (l *lexer) folded(id int32) string { return l.words.folded[id] }

func traitOf(word string) trait {
	t := trait{form: aMark}
	r, n := utf8.DecodeRuneInString(word)
	switch {
	case r < utf8.RuneSelf && asciiClass[r] == letter, r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r)):
		t.form = aWord
	case unicode.IsDigit(r):
		t.form = aNumber
	}
	flag := func(f facts, is bool) {
		if is {
			t.is |= f
		}
	}
	flag(light, isLight(word))
	flag(unit, isUnit(word))
	flag(currency, isCurrencySign(word))
	flag(prefix, word == "US" || word == "CAD" || word == "AUD" || word == "C" || word == "A")
	flag(day, isDay(word))
	flag(year, isYear(word))
	flag(digits, allDigits(word))
	flag(sign, n == len(word) && (r == '-' || r == '/' || r == ':'))
	flag(eastern, strings.ContainsRune("年月日년월일", r) && n == len(word))
	flag(quotation, word == `"`)
	if t.form == aWord {
		t.month = uint8(monthOf(word))
	}
	flag(joins, t.month > 0 || t.form == aNumber || t.is&(currency|prefix|quotation) != 0)
	return t
}

// table numbers texts by their folded form, in order of appearance.
type table struct {
	slots   []int32 // open addressing by hash; 0 is free, otherwise 1 + an entry
	entries []named
	folded  []string // by id
}

type named struct {
	hash uint64
	text string
	id   int32
}

// seed differs from run to run, so that nobody can write a text that fills one
// corner of the table. Numbers do not depend on it.
var seed = maphash.MakeSeed()

// id is the number of a text; texts with the same folded form have the same.
func (t *table) id(text string) int32 {
	h := maphash.String(seed, text)
	if id, ok := t.find(h, text); ok {
		return id
	}
	id := int32(len(t.folded))
	if f := fold(text); f == text {
		t.folded = append(t.folded, text)
	} else if known, ok := t.find(maphash.String(seed, f), f); ok {
		id = known
	} else {
		t.folded = append(t.folded, f)
		t.add(named{maphash.String(seed, f), f, id})
	}
	t.add(named{h, text, id})
	return id
}

func (t *table) find(h uint64, text string) (int32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	for slot := int(h) & (len(t.slots) - 1); t.slots[slot] != 0; slot = (slot + 1) & (len(t.slots) - 1) {
		if e := &t.entries[t.slots[slot]-1]; e.hash == h && e.text == text {
			return e.id, true
		}
	}
	return 0, false
}

func (t *table) add(e named) {
	if 2*len(t.entries) >= len(t.slots) {
		t.slots = make([]int32, max(256, 4*len(t.slots)))
		for i := range t.entries {
			t.place(t.entries[i].hash, int32(i)+1)
		}
	}
	t.entries = append(t.entries, e)
	t.place(e.hash, int32(len(t.entries)))
}

func (t *table) place(h uint64, entry int32) {
	slot := int(h) & (len(t.slots) - 1)
	for t.slots[slot] != 0 {
		slot = (slot + 1) & (len(t.slots) - 1)
	}
	t.slots[slot] = entry
}

// isLight tells whether a word says little by itself: function words of
// English, and marks other than those that end a sentence.
func isLight(folded string) bool {
	if len(folded) == 1 {
		c := folded[0]
		return c == 'a' || c == 'A' || c < utf8.RuneSelf && asciiClass[c] == 0 && !strings.ContainsRune(".?!$%#", rune(c))
	}
	if len(folded) > 8 {
		return false
	}
	_, is := functionWords[strings.ToLower(folded)]
	return is
}

// functionWords are the words that hold an English sentence together and whose
// change alone seldom changes what it says. What denies, limits or hedges is
// not among them.
var functionWords = set(`a an the this that these those of to in on at by for from with as and or into upon
	it its he she his her they their them we our us you your i my me who whom whose which what
	is are was were be been being am has have had do does did there here so then than also`)

func set(list string) map[string]struct{} {
	words := map[string]struct{}{}
	for w := range strings.FieldsSeq(list) {
		words[w] = struct{}{}
	}
	return words
}
