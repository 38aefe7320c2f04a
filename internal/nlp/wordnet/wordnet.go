// Package wordnet answers questions about words from Princeton's WordNet 3.1:
// synonyms, opposites, related words of other parts of speech, and what is a kind
// of what.
//
// The embedded file holds the synsets and pointers that volteface uses, without
// glosses and without the names of people and places. It is made by the training
// command and is unpacked when first asked for; any number of goroutines may read
// it. See LICENSE beside this file.
package wordnet

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:embed wordnet.zst
var packed []byte

// POS is a part of speech.
type POS byte

// The parts of speech that WordNet knows.
const (
	Noun POS = 'n'
	Verb POS = 'v'
	Adj  POS = 'a'
	Adv  POS = 'r'
)

// POSOf gives the part of speech for a universal tag, 0 for those that WordNet does
// not hold.
func POSOf(upos string) POS {
	switch upos {
	case "NOUN", "PROPN":
		return Noun
	case "VERB", "AUX":
		return Verb
	case "ADJ":
		return Adj
	case "ADV":
		return Adv
	}
	return 0
}

// Word is a lemma with its part of speech: {"supply", Verb}. Words of several parts
// have spaces: "hand over".
type Word struct {
	Lemma string
	POS   POS
}

// Net is the network of words.
type Net struct {
	lemmas  []string // sorted
	first   []uint32 // where the entries of each lemma start; one more for the end
	entries []entry
	sets    []synset
}

// entry is a lemma as one part of speech.
type entry struct {
	pos    POS
	senses []Sense // the commonest first
}

// Sense is a synset: a set of words of one meaning.
type Sense uint32

type synset struct {
	pos     POS
	words   []uint32 // lemmas
	above   []Sense  // hypernyms
	similar []Sense  // for adjectives
	links   []link
}

// link joins a word of the set to a word of another.
type link struct {
	kind     byte // antonym '!', derivation '+', pertainym '\', participle '<'
	from, to uint32
	pos      POS
}

// Load gives the network. The first call takes some ten milliseconds.
func Load() *Net { return load() }

var load = sync.OnceValue(func() *Net {
	n, err := Decode(packed)
	if err != nil {
		panic("wordnet: embedded " + err.Error())
	}
	return n
})

// Senses lists the meanings of a word, the commonest first; nil if it is unknown.
func (n *Net) Senses(lemma string, pos POS) []Sense {
	_, s := n.find(lemma, pos)
	return s
}

// find gives the place of a lemma and its meanings.
func (n *Net) find(lemma string, pos POS) (uint32, []Sense) {
	i, ok := slices.BinarySearch(n.lemmas, strings.ToLower(lemma))
	if ok {
		for _, e := range n.entries[n.first[i]:n.first[i+1]] {
			if e.pos == pos {
				return uint32(i), e.senses
			}
		}
	}
	return 0, nil
}

// commonest cuts to the given number of meanings; 0 means all.
func commonest(s []Sense, most int) []Sense {
	if most > 0 && len(s) > most {
		return s[:most]
	}
	return s
}

// Words lists the lemmas of one meaning.
func (n *Net) Words(s Sense) []string {
	var words []string
	for _, w := range n.sets[s].words {
		words = append(words, n.lemmas[w])
	}
	return words
}

// Synonyms lists the other words of the commonest meanings of a word, as many as
// senses says (0 for all).
func (n *Net) Synonyms(lemma string, pos POS, senses int) []string {
	var out []string
	for _, s := range commonest(n.Senses(lemma, pos), senses) {
		for _, w := range n.Words(s) {
			if !strings.EqualFold(w, lemma) && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// Synonymous tells whether two words share one of their commonest meanings.
func (n *Net) Synonymous(a, b string, pos POS, senses int) bool {
	other := commonest(n.Senses(b, pos), senses)
	for _, s := range commonest(n.Senses(a, pos), senses) {
		if slices.Contains(other, s) {
			return true
		}
	}
	return false
}

// Antonyms lists the opposites of a word in any of its meanings. An adjective
// without one of its own has those of the adjectives it is similar to.
func (n *Net) Antonyms(lemma string, pos POS) []string {
	out := n.linked(lemma, pos, '!', pos)
	if len(out) > 0 || pos != Adj {
		return out
	}
	for _, s := range n.Senses(lemma, pos) {
		for _, near := range n.sets[s].similar {
			for _, l := range n.sets[near].links {
				if w := n.lemmas[l.to]; l.kind == '!' && !slices.Contains(out, w) {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// Derivations lists related words of another part of speech, or of the same: supply
// (verb) to supply, supplier, supplying (nouns).
func (n *Net) Derivations(lemma string, pos, to POS) []string {
	out := n.linked(lemma, pos, '+', to)
	for _, kind := range []byte{'\\', '<'} {
		for _, w := range n.linked(lemma, pos, kind, to) {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (n *Net) linked(lemma string, pos POS, kind byte, to POS) []string {
	var out []string
	i, senses := n.find(lemma, pos)
	for _, s := range senses {
		for _, l := range n.sets[s].links {
			if w := n.lemmas[l.to]; l.kind == kind && l.from == i && l.pos == to && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// maxDepth bounds the way up: WordNet's longest is 19.
const maxDepth = 24

// Above lists what the commonest meanings of a word are kinds of, up to depth steps
// (0 for all), nearest first: drone to aircraft, craft, vehicle …
func (n *Net) Above(lemma string, pos POS, senses, depth int) []Sense {
	if depth <= 0 || depth > maxDepth {
		depth = maxDepth
	}
	var out []Sense
	level := commonest(n.Senses(lemma, pos), senses)
	for range depth {
		var next []Sense
		for _, s := range level {
			for _, a := range n.sets[s].above {
				if !slices.Contains(out, a) {
					out = append(out, a)
					next = append(next, a)
				}
			}
		}
		level = next
	}
	return out
}

// IsA tells whether one of the commonest meanings of a word is, or is a kind of, any
// meaning of the word above: IsA("drone", "aircraft", Noun, 4).
func (n *Net) IsA(lemma, above string, pos POS, senses int) bool {
	targets := n.Senses(above, pos)
	for _, s := range commonest(n.Senses(lemma, pos), senses) {
		if slices.Contains(targets, s) {
			return true
		}
	}
	for _, s := range n.Above(lemma, pos, senses, 0) {
		if slices.Contains(targets, s) {
			return true
		}
	}
	return false
}

// Decode reads what Builder.Encode wrote.
func Decode(file []byte) (*Net, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	b, err := z.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("WordNet: %w", err)
	}
	r := &reader{b: b}
	size := r.number()
	if size > len(r.b) {
		return nil, errCut
	}
	n := &Net{lemmas: strings.Split(string(r.b[:size]), "\n")}
	r.b = r.b[size:]
	lemmas := uint32(len(n.lemmas))
	n.sets = make([]synset, r.count())
	// The lists of all synsets share a few slabs.
	words, refs, links := make([]uint32, r.count()), make([]Sense, r.count()), make([]link, r.count())
	senses := func() []Sense {
		s := take(r, &refs)
		for i := range s {
			s[i] = Sense(r.below(len(n.sets)))
		}
		return s
	}
	for i := range n.sets {
		s := &n.sets[i]
		s.pos = POS(r.number())
		s.words = take(r, &words)
		for k := range s.words {
			s.words[k] = uint32(r.below(int(lemmas)))
		}
		s.above, s.similar = senses(), senses()
		s.links = take(r, &links)
		for k := range s.links {
			s.links[k] = link{byte(r.number()), uint32(r.below(int(lemmas))), uint32(r.below(int(lemmas))), POS(r.number())}
		}
	}
	n.first = make([]uint32, lemmas+1)
	n.entries = make([]entry, 0, r.count())
	for i := range lemmas {
		for range r.count() {
			n.entries = append(n.entries, entry{POS(r.number()), senses()})
		}
		n.first[i+1] = uint32(len(n.entries))
	}
	if r.short {
		return nil, errCut
	}
	return n, nil
}

var errCut = errors.New("WordNet: cut short")

type reader struct {
	b     []byte
	short bool
}

func (r *reader) number() int {
	x, k := binary.Uvarint(r.b)
	if k <= 0 || x > 1<<31 {
		r.short, r.b = true, nil
		return 0
	}
	r.b = r.b[k:]
	return int(x)
}

// take reads a number and cuts as many places off a slab.
func take[T any](r *reader, slab *[]T) []T {
	n := r.below(len(*slab) + 1)
	part := (*slab)[:n:n]
	*slab = (*slab)[n:]
	return part
}

// count is a number of things, each of which takes at least a byte.
func (r *reader) count() int { return r.below(len(r.b) + 1) }

func (r *reader) below(limit int) int {
	x := r.number()
	if x >= limit {
		r.short, r.b = true, nil
		return 0
	}
	return x
}
