package main

import (
	"math/rand/v2"
	"testing"

	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/vectors"
)

func BenchmarkLearn(b *testing.B) {
	sentences, err := treebanks("gum-dev")
	if err != nil {
		b.Skip(err)
	}
	d := parser.Description{Hidden: 224, Layers: 4, TagLayer: 2, Arc: 224, Label: 128}
	counts := describe(sentences, &d)
	train, _ := examples(sentences, &d, counts)
	table, _ := vectors.Load()
	n := newNetwork(d, table, 1)
	n.dropInput, n.dropLayer, n.dropHidden = .2, .3, .3
	all := batches(train, 600, rand.New(rand.NewPCG(1, 2)))
	i := 0
	for b.Loop() {
		n.learn(all[i%len(all)], 0.001)
		i++
	}
}
