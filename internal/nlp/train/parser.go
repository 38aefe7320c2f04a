package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/vectors"
)

// trainParser trains the network of tags and trees and writes the model file. After
// each pass the averaged weights are measured on the development parts, and the best
// are kept.
func trainParser(args []string) error {
	flags := flag.NewFlagSet("parser", flag.ContinueOnError)
	to := flags.String("to", "internal/nlp/model/parser.vfm", "file to write")
	seed := flags.Uint64("seed", 1, "seed of all chance")
	epochs := flags.Int("epochs", 30, "passes over the training part")
	cool := flags.Int("cool", 8, "last passes, in which the learning rate falls to nothing")
	batchWords := flags.Int("batch", 600, "words of a batch")
	rate := flags.Float64("rate", 0.002, "learning rate")
	decay := flags.Float64("decay", 0, "weight decay")
	dropInput := flags.Float64("drop-input", 0.2, "dropout of the input")
	dropLayer := flags.Float64("drop-layer", 0.3, "dropout between layers")
	dropHidden := flags.Float64("drop-hidden", 0.3, "dropout of hidden layers")
	version := flags.String("version", "2", "version written into the file")
	saved := flags.String("checkpoint", "", "file to save the state of training in after each pass, and to go on from if it exists")
	d := parser.Description{}
	flags.IntVar(&d.Hidden, "hidden", 224, "width of one direction of a layer")
	flags.IntVar(&d.Layers, "layers", 4, "layers")
	flags.IntVar(&d.TagLayer, "tag-layer", 2, "layers that the tags see")
	flags.IntVar(&d.Arc, "arc", 224, "width of the hidden layers of arcs")
	flags.IntVar(&d.Label, "label", 128, "width of the hidden layer of relations")
	if err := flags.Parse(args); err != nil {
		return err
	}
	d.Version = *version
	sentences, err := treebanks("ewt-train", "gum-train")
	if err != nil {
		return err
	}
	dev := map[string][]conllu.Sentence{}
	for _, part := range []string{"ewt-dev", "gum-dev"} {
		if dev[part], err = treebank(part); err != nil {
			return err
		}
	}
	counts := describe(sentences, &d)
	train, err := examples(sentences, &d, counts)
	if err != nil {
		return err
	}
	table, err := vectors.Load()
	if err != nil {
		return err
	}
	n := newNetwork(d, table, *seed)
	n.decay = *decay
	n.dropInput, n.dropLayer, n.dropHidden = *dropInput, *dropLayer, *dropHidden
	epoch := 1
	if *saved != "" {
		if epoch, err = n.resume(*saved); err != nil {
			return err
		}
	}
	best := 0.0
	started := time.Now()
	for ; epoch <= *epochs; epoch++ {
		all := batches(train, *batchWords, rand.New(rand.NewPCG(*seed, uint64(100+epoch))))
		for k, b := range all {
			done := float64(epoch-1) + float64(k)/float64(len(all))
			slow := min(1, (float64(*epochs)-done)/float64(*cool)) // in the last passes
			n.learn(b, *rate*min(1, float64(n.step+1)/300)*slow)
			if k%100 == 99 {
				fmt.Printf("  %d/%d batches, %.0f s\n", k+1, len(all), time.Since(started).Seconds())
			}
		}
		fmt.Printf("epoch %d, %.0f s, %s\n", epoch, time.Since(started).Seconds(), n.losses())
		file, err := net.EncodeModel(n.Description, n.tensors())
		if err != nil {
			return err
		}
		m, err := parser.New(file)
		if err != nil {
			return err
		}
		sum := 0.0
		for _, part := range []string{"ewt-dev", "gum-dev"} {
			f := measureModel(m, dev[part])
			sum += float64(f.las+f.uas+f.upos) / float64(f.words)
			fmt.Printf("  %s %s\n", part, f)
		}
		if *saved != "" {
			if err := n.save(*saved, epoch+1); err != nil {
				return err
			}
		}
		if sum <= best {
			continue
		}
		best = sum
		if err := os.WriteFile(*to, file, 0o644); err != nil {
			return err
		}
		fmt.Printf("  %d bytes written\n", len(file))
	}
	return nil
}

// losses tells the mean losses since it was last asked.
func (n *network) losses() string {
	var loss [3]float64
	var count [3]int
	for i := range n.shards {
		s := &n.shards[i]
		for k := range loss {
			loss[k] += s.loss[k]
			count[k] += s.lossCount[k]
		}
		s.loss, s.lossCount = [3]float64{}, [3]int{}
	}
	return fmt.Sprintf("loss of tags %.4f, arcs %.4f, relations %.4f",
		loss[0]/float64(count[0]), loss[1]/float64(count[1]), loss[2]/float64(count[2]))
}

// batches shuffles the sentences and cuts them into batches of sentences of
// similar length.
func batches(train []example, words int, r *rand.Rand) [][]*example {
	order := make([]*example, len(train))
	for i := range train {
		order[i] = &train[i]
	}
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	var all [][]*example
	var b []*example
	n := 0
	for _, e := range order {
		if n > 0 && n+len(e.words) > words {
			all = append(all, slices.Clone(b))
			b, n = b[:0], 0
		}
		b = append(b, e)
		n += len(e.words)
	}
	return append(all, b)
}

// modelFigures are shares of words that a network gets right, given gold words.
type modelFigures struct {
	words                       int
	upos, xpos, feats, uas, las int
	spent                       time.Duration
}

func (f modelFigures) String() string {
	share := func(k int) string { return fmt.Sprintf("%.2f", 100*float64(k)/float64(f.words)) }
	return strings.Join([]string{"UPOS", share(f.upos), "XPOS", share(f.xpos), "feats", share(f.feats), "UAS", share(f.uas), "LAS", share(f.las),
		fmt.Sprintf("%.0f words/s", float64(f.words)/f.spent.Seconds())}, " ")
}

func measureModel(m *parser.Model, gold []conllu.Sentence) modelFigures {
	forms := make([][]string, len(gold))
	for i, s := range gold {
		for _, w := range s.Words {
			forms[i] = append(forms[i], w.Form)
		}
	}
	var f modelFigures
	started := time.Now()
	m.Parse(forms, func(i int, words []parser.Analysis) {
		for k, a := range words {
			w := &gold[i].Words[k]
			f.words++
			f.upos += right(m.UPOS[a.UPOS], w.UPOS)
			f.xpos += right(m.XPOS[a.XPOS], w.XPOS)
			f.feats += right(m.Feats[a.Feats], w.Feats)
			if int(a.Head)+1 == w.Head {
				f.uas++
				f.las += right(m.Rels[a.Rel], w.Rel)
			}
		}
	})
	f.spent = time.Since(started)
	return f
}

func right(got, want string) int {
	if got == want {
		return 1
	}
	return 0
}
