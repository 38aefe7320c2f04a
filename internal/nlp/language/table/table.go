// Package table is the form in which n-grams of letters and what they say about the language are kept: hashed rows of four
// bits a language, read where they lie.
//
// A word is written ^word$. Each of its letters and its end is a symbol that has some probability in each language given
// the symbols before it; a row holds these probabilities for one n-gram of up to five symbols: the last symbol after the
// others. Where an n-gram has no row, the row of its shorter end stands for it.
package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode"
)

// Longest is the most symbols of an n-gram.
const Longest = 5

// Begin and End are the symbols round a word.
const (
	Begin rune = 2
	End   rune = 3
)

// Step is the difference of log probability (nats) that one of sixteen steps of a row stands for, below the best
// language of the row; TopStep the same for that best one's own, in 255 steps below 0.
const (
	Step    = 0.45
	TopStep = 0.07
)

// MaxLanguages is the most languages of a group.
const MaxLanguages = 64

// Fold gives the form of a letter that n-grams are made of: lower case, and Romanian's comma below as the cedilla it is
// often written with.
func Fold(r rune) rune {
	if 0x430 <= r && r < 0x460 { // frequent, and lower case already
		return r
	}
	switch r = unicode.ToLower(r); r {
	case 'ș':
		return 'ş'
	case 'ț':
		return 'ţ'
	}
	return r
}

// Group is the table of the languages that share a script.
type Group struct {
	Script    string   // the script's name as the package unicode has it
	Languages []string // ISO 639-1, or such a code and a script: "sr-Latn"
	// An n-gram lies in the first free slot from where its hash points. Of each slot there is a mark, two bytes of the hash
	// (0: free), and in another place, so that a search reads one line of cache, a row.
	marks, rows []byte
	count       uint32 // of slots
	width       int    // bytes a row: one for the best language, half a byte a language
}

// Hash is of an n-gram read backwards, begun with 0 and extended by one symbol at a time.
type Hash uint64

// Before extends the n-gram by the symbol before it.
func (h Hash) Before(symbol rune) Hash {
	x := (uint64(h) ^ uint64(uint32(symbol))) + 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return Hash(x ^ x>>31)
}

// mark is what a slot keeps of a hash to tell n-grams apart: never 0, which is an empty slot.
func (h Hash) mark() uint16 { return max(uint16(h>>48), 1) }

// Find gives the row of an n-gram, or nil.
func (g *Group) Find(h Hash) Row {
	mark := h.mark()
	for i := g.home(h); ; i = g.next(i) {
		switch binary.LittleEndian.Uint16(g.marks[2*int(i):]) {
		case mark:
			return Row(g.rows[int(i)*g.width : int(i+1)*g.width])
		case 0:
			return nil
		}
	}
}

// home is where the search for an n-gram begins; neighbours follow.
func (g *Group) home(h Hash) uint32 { return uint32(uint64(uint32(h)) * uint64(g.count) >> 32) }

func (g *Group) next(i uint32) uint32 {
	if i++; i == g.count {
		return 0
	}
	return i
}

// Row tells how probable the last symbol of an n-gram is in each language.
type Row []byte

// Top is the log probability (nats) in the language where it is highest.
func (r Row) Top() float32 { return -TopStep * float32(r[0]) }

// AddTo adds the steps below the top of each language to sums, which must have room for an even number of languages.
func (r Row) AddTo(sums []int32) {
	steps := r[1:]
	sums = sums[:2*len(steps)]
	for i, b := range steps {
		sums[2*i] += int32(b & 15)
		sums[2*i+1] += int32(b >> 4)
	}
}

const magic = "VFLANG02"

// Read finds the groups in a table's bytes, which are kept and must not change.
func Read(b []byte) ([]*Group, error) {
	if len(b) < len(magic)+1 || string(b[:len(magic)]) != magic {
		return nil, errors.New("language table: not one")
	}
	n := int(b[len(magic)])
	b = b[len(magic)+1:]
	short := errors.New("language table: cut off")
	text := func() (string, bool) {
		if len(b) < 1 || len(b) < 1+int(b[0]) {
			return "", false
		}
		s := string(b[1 : 1+int(b[0])])
		b = b[1+int(b[0]):]
		return s, true
	}
	groups := make([]*Group, 0, n)
	for range n {
		g := &Group{}
		var ok bool
		if g.Script, ok = text(); !ok || len(b) == 0 {
			return nil, short
		}
		languages := int(b[0])
		b = b[1:]
		for range languages {
			code, ok := text()
			if !ok {
				return nil, short
			}
			g.Languages = append(g.Languages, code)
		}
		if languages == 0 || languages > MaxLanguages || len(b) < 4 {
			return nil, fmt.Errorf("language table: group %s of %d languages", g.Script, languages)
		}
		g.width, g.count = 1+(languages+1)/2, binary.LittleEndian.Uint32(b)
		b = b[4:]
		if uint64(len(b)) < uint64(g.count)*uint64(2+g.width) {
			return nil, short
		}
		g.marks, b = b[:2*int(g.count)], b[2*int(g.count):]
		g.rows, b = b[:int(g.count)*g.width], b[int(g.count)*g.width:]
		if !g.hasEmpty() {
			return nil, fmt.Errorf("language table: group %s has no empty slot", g.Script)
		}
		groups = append(groups, g)
	}
	if len(b) > 0 {
		return nil, errors.New("language table: bytes after its end")
	}
	return groups, nil
}

// hasEmpty tells whether every search ends.
func (g *Group) hasEmpty() bool {
	for i := 0; i < len(g.marks); i += 2 {
		if binary.LittleEndian.Uint16(g.marks[i:]) == 0 {
			return true
		}
	}
	return false
}

// NewGroup makes room for so many rows.
func NewGroup(script string, languages []string, rows int) *Group {
	// A fifth of the slots stays empty, which keeps searches short.
	g := &Group{Script: script, Languages: languages, count: uint32(rows + rows/4 + 1), width: 1 + (len(languages)+1)/2}
	g.marks, g.rows = make([]byte, 2*int(g.count)), make([]byte, int(g.count)*g.width)
	return g
}

// Add puts a row of log probabilities (nats), one a language. It tells whether the n-gram could be told from those already there.
func (g *Group) Add(h Hash, logs []float64) bool {
	if g.Find(h) != nil {
		return false
	}
	i := g.home(h)
	for binary.LittleEndian.Uint16(g.marks[2*int(i):]) != 0 {
		i = g.next(i)
	}
	binary.LittleEndian.PutUint16(g.marks[2*int(i):], h.mark())
	row := g.rows[int(i)*g.width : int(i+1)*g.width]
	top := math.Inf(-1)
	for _, l := range logs {
		top = max(top, l)
	}
	row[0] = byte(min(math.Round(-top/TopStep), 255))
	for k, l := range logs {
		row[1+k/2] |= byte(min(math.Round((top-l)/Step), 15)) << (k % 2 * 4)
	}
	return true
}

// Append writes groups as Read finds them.
func Append(b []byte, groups []*Group) []byte {
	b = append(append(b, magic...), byte(len(groups)))
	text := func(s string) { b = append(append(b, byte(len(s))), s...) }
	for _, g := range groups {
		text(g.Script)
		b = append(b, byte(len(g.Languages)))
		for _, l := range g.Languages {
			text(l)
		}
		b = append(append(binary.LittleEndian.AppendUint32(b, g.count), g.marks...), g.rows...)
	}
	return b
}
