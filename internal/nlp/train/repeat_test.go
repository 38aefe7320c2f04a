package main

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/lemma"
	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/segment"
	"volteface/internal/nlp/vectors"
)

// lessons are sentences enough to teach every part of the network something.
func lessons(t *testing.T) []conllu.Sentence {
	t.Helper()
	var b strings.Builder
	for _, name := range []string{"Iran", "Russia", "Ukraine", "Nobody", "Moscow", "Tehran", "Kyiv"} {
		for _, verb := range []string{"denied", "confirmed", "sent", "rejected", "had"} {
			b.WriteString("# text = " + name + " " + verb + " the drones.\n1\t" + name + "\t" + name + "\tPROPN\tNNP\tNumber=Sing\t2\tnsubj\t_\t_\n2\t" + verb +
				"\t" + strings.TrimSuffix(verb, "ed") + "\tVERB\tVBD\tTense=Past\t0\troot\t_\t_\n3\tthe\tthe\tDET\tDT\t_\t4\tdet\t_\t_\n4\tdrones\tdrone\tNOUN\tNNS\tNumber=Plur\t2\tobj\t_\tSpaceAfter=No\n5\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n")
		}
	}
	sentences, err := conllu.Read(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return sentences
}

// TestTrainingIsRepeatable: the same seed gives the same bytes, whatever the number of
// processors, and whether training was stopped in between or not. With another seed
// other bytes come out, so that the comparison is worth something.
func TestTrainingIsRepeatable(t *testing.T) {
	sentences := lessons(t)
	table, err := vectors.Load()
	if err != nil {
		t.Fatal(err)
	}
	train := func(processors int, seed uint64, stopAfter int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		d := parser.Description{Version: "test", Hidden: 32, Layers: 2, TagLayer: 1, Arc: 32, Label: 32}
		counts := describe(sentences, &d)
		words, err := examples(sentences, &d, counts)
		if err != nil {
			t.Fatal(err)
		}
		fresh := func() *network {
			n := newNetwork(d, table, seed)
			n.dropInput, n.dropLayer, n.dropHidden = 0.2, 0.3, 0.3
			return n
		}
		n := fresh()
		saved := filepath.Join(t.TempDir(), "state")
		for epoch := 1; epoch <= 6; epoch++ {
			for _, b := range batches(words, 40, rand.New(rand.NewPCG(seed, uint64(100+epoch)))) {
				n.learn(b, 0.01)
			}
			if epoch == stopAfter {
				if err := n.save(saved, epoch+1); err != nil {
					t.Fatal(err)
				}
				n = fresh()
				if next, err := n.resume(saved); err != nil || next != epoch+1 {
					t.Fatalf("resumed at %d, %v", next, err)
				}
			}
		}
		file, err := net.EncodeModel(n.Description, n.tensors())
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	first := train(1, 1, 0)
	for name, again := range map[string][]byte{"again": train(1, 1, 0), "with four processors": train(4, 1, 0), "stopped and resumed": train(2, 1, 3)} {
		if !bytes.Equal(first, again) {
			t.Errorf("%s: another model", name)
		}
	}
	if bytes.Equal(first, train(1, 2, 0)) {
		t.Error("another seed gives the same model")
	}
}

// TestTablesAreRepeatable: neither the segmenter nor the lemmas depend on the order in
// which Go walks through maps.
func TestTablesAreRepeatable(t *testing.T) {
	sentences := lessons(t)
	learn := func() []byte {
		l := segment.NewLearner()
		for _, p := range rawParagraphs(sentences) {
			l.Learn(p.text, p.tokens, 0.1)
		}
		cuts, err := l.Model(segment.Description{Version: "test", Contractions: contractions(sentences)}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		lemmas, err := lemma.Learn(lemmaExamples(sentences)).Encode()
		if err != nil {
			t.Fatal(err)
		}
		return append(cuts, lemmas...)
	}
	first := learn()
	for range 3 {
		if !bytes.Equal(first, learn()) {
			t.Fatal("another file")
		}
	}
}
