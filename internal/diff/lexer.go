package diff

import (
	"hash/maphash"
	"math/bits"
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
	single   [utf8.RuneSelf]int32 // 1 + the number of a word of one byte, if it has one
}

// newLexer makes a lexer for texts of so many bytes.
func newLexer(size int) *lexer {
	l := &lexer{}
	l.words.room(min(size/48, 1<<14))
	l.passages.room(min(size/128, 1<<14))
	return l
}

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
	closes                      // may be the last of a sentence
)

// word is the number of a word by its folded text, and what is known of it.
func (l *lexer) word(text string) int32 {
	single := len(text) == 1 && text[0] < utf8.RuneSelf
	if single && l.single[text[0]] > 0 {
		return l.single[text[0]] - 1
	}
	id := l.words.id(text)
	if int(id) == len(l.traits) {
		l.traits = append(l.traits, traitOf(l.words.folded[id]))
	}
	if single {
		l.single[text[0]] = id + 1
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
	switch {
	case t.form == aWord:
		is := known[strings.ToLower(word)]
		t.is |= is.is
		if is.month > 0 {
			t.month = uint8(monthOf(word))
		}
		flag(prefix, word == "US" || word == "CAD" || word == "AUD" || word == "C" || word == "A")
		flag(eastern, n == len(word) && strings.ContainsRune("年月日년월일", r))
	case t.form == aNumber:
		latin := latinDigits(word)
		flag(day, isDay(latin))
		flag(year, isYear(latin) || latin != word && isYear("20"+strings.TrimPrefix(strings.TrimPrefix(latin, "13"), "14"))) // ۱۴۰۱
		flag(digits, allDigits(latin))
	default:
		flag(light, len(word) == 1 && r < utf8.RuneSelf && !strings.ContainsRune(".?!$%#", r))
		flag(currency, isCurrencySign(word))
		flag(sign, n == len(word) && (r == '-' || r == '/' || r == ':'))
		flag(quotation, word == `"`)
		flag(closes, isCloser(word) || isStop(word))
	}
	flag(joins, t.month > 0 || t.form == aNumber || t.is&(currency|prefix|quotation) != 0)
	return t
}

// known are the traits of words by their small letters.
var known = func() map[string]trait {
	words := map[string]trait{}
	for is, list := range map[facts]map[string]struct{}{light: functionWords, unit: units} {
		for w := range list {
			t := words[w]
			t.is |= is
			words[w] = t
		}
	}
	for w, month := range months {
		t := words[w]
		t.month = uint8(month)
		words[w] = t
	}
	return words
}()

// table numbers texts by their folded form, in order of appearance.
type table struct {
	slots   []slot // open addressing by hash
	entries []named
	folded  []string // by id
}

type slot struct {
	tag   uint32 // half of the hash: seldom does another text have it
	entry int32  // 1 + its place; 0 is free
}

type named struct {
	hash uint64
	text string
	id   int32
}

// seed differs from run to run, so that nobody can write a text that fills one
// corner of the table. Numbers do not depend on it.
var seed = maphash.MakeSeed()

// room makes room for about n texts.
func (t *table) room(n int) {
	t.slots = make([]slot, 1<<bits.Len(uint(max(127, 2*n))))
	t.entries, t.folded = make([]named, 0, n), make([]string, 0, n)
}

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
	for at := int(h) & (len(t.slots) - 1); t.slots[at].entry != 0; at = (at + 1) & (len(t.slots) - 1) {
		if s := t.slots[at]; s.tag == uint32(h>>32) {
			if e := &t.entries[s.entry-1]; e.text == text {
				return e.id, true
			}
		}
	}
	return 0, false
}

func (t *table) add(e named) {
	if 2*len(t.entries) >= len(t.slots) {
		t.slots = make([]slot, 4*len(t.slots))
		for i := range t.entries {
			t.place(t.entries[i].hash, int32(i)+1)
		}
	}
	t.entries = append(t.entries, e)
	t.place(e.hash, int32(len(t.entries)))
}

func (t *table) place(h uint64, entry int32) {
	at := int(h) & (len(t.slots) - 1)
	for t.slots[at].entry != 0 {
		at = (at + 1) & (len(t.slots) - 1)
	}
	t.slots[at] = slot{uint32(h >> 32), entry}
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
