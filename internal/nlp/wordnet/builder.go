package wordnet

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Builder collects synsets for a file.
type Builder struct {
	Sets []Set
	// Senses lists the sets of each word, the commonest first.
	Senses map[Word][]int
}

// Set is a synset as a Builder takes it: Above and Similar are places in
// Builder.Sets.
type Set struct {
	POS            POS
	Words          []string
	Above, Similar []int
	Links          []Link
}

// Link joins the word From of a set to a word of another: Kind is WordNet's pointer
// symbol.
type Link struct {
	Kind byte
	From string
	To   Word
}

// Encode writes the file that Decode reads.
func (b *Builder) Encode() ([]byte, error) {
	var lemmas []string
	for w := range b.Senses {
		lemmas = append(lemmas, w.Lemma)
	}
	slices.Sort(lemmas)
	lemmas = slices.Compact(lemmas)
	place := make(map[string]int, len(lemmas))
	for i, l := range lemmas {
		place[l] = i
	}
	var out []byte
	put := func(x int) { out = binary.AppendUvarint(out, uint64(x)) }
	putAll := func(list []int) {
		put(len(list))
		for _, x := range list {
			put(x)
		}
	}
	text := strings.Join(lemmas, "\n")
	put(len(text))
	out = append(out, text...)
	words, refs, links := 0, 0, 0
	for _, s := range b.Sets {
		words += len(s.Words)
		refs += len(s.Above) + len(s.Similar)
		links += len(s.Links)
	}
	for _, s := range b.Senses {
		refs += len(s)
	}
	put(len(b.Sets))
	put(words)
	put(refs)
	put(links)
	for _, s := range b.Sets {
		put(int(s.POS))
		put(len(s.Words))
		for _, w := range s.Words {
			put(place[w])
		}
		putAll(s.Above)
		putAll(s.Similar)
		put(len(s.Links))
		for _, l := range s.Links {
			put(int(l.Kind))
			put(place[l.From])
			put(place[l.To.Lemma])
			put(int(l.To.POS))
		}
	}
	put(len(b.Senses))
	for _, l := range lemmas {
		var kinds []POS
		for _, pos := range []POS{Noun, Verb, Adj, Adv} {
			if len(b.Senses[Word{l, pos}]) > 0 {
				kinds = append(kinds, pos)
			}
		}
		put(len(kinds))
		for _, pos := range kinds {
			put(int(pos))
			putAll(b.Senses[Word{l, pos}])
		}
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(out, nil), nil
}
