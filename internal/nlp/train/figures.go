package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"volteface/internal/nlp"
	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/model"
	"volteface/internal/nlp/segment"
)

// figures prints what the embedded models get right.
func figures(args []string) error {
	flags := flag.NewFlagSet("figures", flag.ContinueOnError)
	test := flags.Bool("test", false, "measure the test parts instead of the development parts: for the final table only")
	errors := flags.Int("errors", 0, "print so many words whose head or relation is wrong")
	if err := flags.Parse(args); err != nil {
		return err
	}
	part := "dev"
	if *test {
		part = "test"
	}
	cutter, err := segment.Decode(model.Segment)
	if err != nil {
		return err
	}
	var all []bankFigures
	for _, bank := range []string{"ewt", "gum"} {
		gold, err := treebank(bank + "-" + part)
		if err != nil {
			return err
		}
		all = append(all, measure(bank+" "+part, gold, cutter, *errors))
	}
	print := func(name string, value func(p *bankFigures) float64) {
		fmt.Printf("%-22s", name)
		for i := range all {
			fmt.Printf("  %12.2f", 100*value(&all[i]))
		}
		fmt.Println()
	}
	fmt.Printf("%-22s", "gold words")
	for i := range all {
		fmt.Printf("  %12s", all[i].name)
	}
	fmt.Println()
	for _, name := range []string{"UPOS", "XPOS", "features", "lemma", "UAS", "LAS"} {
		print(name, func(p *bankFigures) float64 { return float64(p.right[name]) / float64(p.words) })
	}
	fmt.Println("F1 by relation")
	for _, rel := range reported {
		print(rel, func(p *bankFigures) float64 { return p.relations[rel].f1() })
	}
	fmt.Println("from raw text")
	print("tokens F1", func(p *bankFigures) float64 { return p.segments.tokens.f1() })
	print("words F1", func(p *bankFigures) float64 { return p.segments.words.f1() })
	print("sentences F1", func(p *bankFigures) float64 { return p.segments.sentences.f1() })
	print("UPOS F1", func(p *bankFigures) float64 { return p.rawUPOS.f1() })
	print("LAS F1", func(p *bankFigures) float64 { return p.rawLAS.f1() })
	fmt.Printf("%-22s", "words/s of CPU time")
	for i := range all {
		fmt.Printf("  %12.0f", all[i].speed)
	}
	fmt.Println()
	return nil
}

// reported are the relations that claims are read from; "negation" are advmod and
// det with Polarity=Neg or PronType=Neg.
var reported = []string{"nsubj", "nsubj:pass", "obj", "iobj", "obl", "ccomp", "xcomp", "advcl", "acl:relcl", "aux", "aux:pass", "cop", "mark", "conj", "parataxis", "negation"}

type bankFigures struct {
	name            string
	words           int
	right           map[string]int
	relations       map[string]matched
	segments        segmentFigures
	rawUPOS, rawLAS matched
	speed           float64
}

func measure(name string, gold []conllu.Sentence, cutter *segment.Model, errors int) bankFigures {
	p := bankFigures{name: name, right: map[string]int{}, relations: map[string]matched{}}
	guess := make([]conllu.Sentence, len(gold))
	for i := range gold {
		guess[i] = gold[i]
		guess[i].Words = slices.Clone(gold[i].Words)
	}
	nlp.Reparse(guess)
	for i := range gold {
		for k := range gold[i].Words {
			g, w := &gold[i].Words[k], &guess[i].Words[k]
			p.words++
			p.right["UPOS"] += right(w.UPOS, g.UPOS)
			p.right["XPOS"] += right(w.XPOS, g.XPOS)
			p.right["features"] += right(orEmpty(w.Feats), g.Feats)
			p.right["lemma"] += right(w.Lemma, g.Lemma)
			head := w.Head == g.Head
			if head {
				p.right["UAS"]++
				p.right["LAS"] += right(w.Rel, g.Rel)
			}
			for _, rel := range reported {
				m := p.relations[rel]
				given, due := isRelation(w, rel), isRelation(g, rel)
				if given {
					m.given++
				}
				if due {
					m.due++
				}
				if given && due && head {
					m.right++
				}
				p.relations[rel] = m
			}
			if (!head || w.Rel != g.Rel) && errors > 0 {
				errors--
				fmt.Printf("%s: word %d %s: %d %s, not %d %s\n", gold[i].Text, k+1, w.Form, w.Head, w.Rel, g.Head, g.Rel)
			}
		}
	}
	p.segments = measureSegments(cutter, gold)
	text := rawText(gold)
	nlp.Analyse(text[:min(len(text), 1000)])
	runtime.GC()
	before := cpuTime()
	d := nlp.Analyse(text)
	words := 0
	for i := range d.Sentences {
		words += len(d.Sentences[i].Tokens)
	}
	p.speed = float64(words) / (cpuTime() - before).Seconds()
	p.compareRaw(d, gold)
	return p
}

// compareRaw counts words that stand in the same place in the raw text with the same
// tag, and whose heads do so too with the same relation.
func (p *bankFigures) compareRaw(d *nlp.Document, gold []conllu.Sentence) {
	type place struct {
		at  extent
		nth int // of the words of one token
	}
	type word struct {
		upos, rel string
		head      place
	}
	letters := func(s string) int { return len([]rune(strings.Join(strings.Fields(s), ""))) }
	known := map[place]word{}
	at := 0
	for _, s := range gold {
		places := make([]place, len(s.Words)+1)
		for _, t := range s.Tokens() {
			n := letters(t.Form)
			for k := t.First; k <= t.Last; k++ {
				places[k] = place{extent{at, at + n}, k - t.First}
			}
			at += n
		}
		for k, w := range s.Words {
			known[places[k+1]] = word{w.UPOS, w.Rel, places[w.Head]}
		}
	}
	p.rawUPOS.due, p.rawLAS.due = len(known), len(known)
	at = 0
	for i := range d.Sentences {
		s := &d.Sentences[i]
		places := make([]place, len(s.Tokens))
		for k := 0; k < len(s.Tokens); {
			end := k + 1
			for end < len(s.Tokens) && s.Tokens[end].Joined {
				end++
			}
			n := letters(d.Text[s.Tokens[k].Start:s.Tokens[end-1].End])
			for j := k; j < end; j++ {
				places[j] = place{extent{at, at + n}, j - k}
			}
			at += n
			k = end
		}
		for k := range s.Tokens {
			t := &s.Tokens[k]
			p.rawUPOS.given++
			p.rawLAS.given++
			w, ok := known[places[k]]
			if !ok {
				continue
			}
			p.rawUPOS.right += right(t.UPOS, w.upos)
			var head place
			if t.Head >= 0 {
				head = places[t.Head]
			}
			if head == w.head {
				p.rawLAS.right += right(t.Rel, w.rel)
			}
		}
	}
}

func isRelation(w *conllu.Word, rel string) bool {
	if rel == "negation" {
		return (w.Rel == "advmod" || w.Rel == "det") && (strings.Contains(w.Feats, "Polarity=Neg") || strings.Contains(w.Feats, "PronType=Neg"))
	}
	return w.Rel == rel
}

func orEmpty(s string) string {
	if s == "" {
		return "_"
	}
	return s
}

// cpuTime is the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
