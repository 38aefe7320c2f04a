package main

import (
	"cmp"
	"fmt"
	"slices"

	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordform"
)

// example is a sentence as the trainer needs it.
type example struct {
	words                  []word
	upos, xpos, feats, rel []int
	heads                  []int32 // n is the root
}

// word is what the network is shown of a form.
type word struct {
	vector     int
	index      int32
	count      int // how often the training part has it
	grams      []uint32
	suf3, suf2 uint32
	shape      uint32
}

// describe collects the vocabulary and the tags of the training part.
func describe(train []conllu.Sentence, d *parser.Description) (counts map[string]int) {
	counts = map[string]int{}
	upos, xpos, feats, rels := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, s := range train {
		for _, w := range s.Words {
			counts[wordform.Normal(w.Form)]++
			upos[w.UPOS]++
			xpos[w.XPOS]++
			feats[w.Feats]++
			rels[w.Rel]++
		}
	}
	d.Words = frequent(counts, 2)
	d.UPOS, d.XPOS, d.Feats = frequent(upos, 1), frequent(xpos, 1), frequent(feats, 2)
	d.Rels = slices.DeleteFunc(frequent(rels, 1), func(r string) bool { return r == "root" })
	d.Rels = slices.Insert(d.Rels, 0, "root")
	return counts
}

// frequent lists what occurs at least so often, the most frequent first.
func frequent(counts map[string]int, least int) []string {
	var list []string
	for w, c := range counts {
		if c >= least {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	})
	return list
}

func examples(sentences []conllu.Sentence, d *parser.Description, counts map[string]int) ([]example, error) {
	table, err := vectors.Load()
	if err != nil {
		return nil, err
	}
	index := func(list []string) map[string]int {
		m := make(map[string]int, len(list))
		for i, x := range list {
			m[x] = i
		}
		return m
	}
	words, upos, xpos, feats, rels := index(d.Words), index(d.UPOS), index(d.XPOS), index(d.Feats), index(d.Rels)
	place := func(m map[string]int, k string) int {
		if i, ok := m[k]; ok {
			return i
		}
		return -1
	}
	var all []example
	for _, s := range sentences {
		n := len(s.Words)
		if n > parser.MaxWords {
			return nil, fmt.Errorf("a sentence of %d words", n)
		}
		e := example{}
		for _, w := range s.Words {
			normal := wordform.Normal(w.Form)
			x := word{vector: table.Index(normal), count: counts[normal], grams: wordform.Grams(nil, normal),
				suf3: wordform.Suffix(normal, 3), suf2: wordform.Suffix(normal, 2), shape: wordform.Shape(w.Form)}
			if i, ok := words[normal]; ok {
				x.index = int32(i + 1)
			}
			e.words = append(e.words, x)
			e.upos = append(e.upos, place(upos, w.UPOS))
			e.xpos = append(e.xpos, place(xpos, w.XPOS))
			e.feats = append(e.feats, place(feats, w.Feats))
			e.rel = append(e.rel, place(rels, w.Rel))
			head := int32(w.Head - 1)
			if w.Head == 0 {
				head = int32(n)
			}
			e.heads = append(e.heads, head)
		}
		all = append(all, e)
	}
	return all, nil
}
