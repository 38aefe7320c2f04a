package main

import (
	"flag"
	"fmt"
	"os"

	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/lemma"
)

// trainLemma learns lemmas from the training parts and writes their file.
func trainLemma(args []string) error {
	flags := flag.NewFlagSet("lemma", flag.ContinueOnError)
	to := flags.String("to", "internal/nlp/model/lemma.zst", "file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sentences, err := treebanks("ewt-train", "gum-train")
	if err != nil {
		return err
	}
	file, err := lemma.Learn(lemmaExamples(sentences)).Encode()
	if err != nil {
		return err
	}
	t, err := lemma.Decode(file)
	if err != nil {
		return err
	}
	for _, part := range []string{"ewt-dev", "gum-dev"} {
		gold, err := treebank(part)
		if err != nil {
			return err
		}
		good, all := 0, 0
		for _, e := range lemmaExamples(gold) {
			all++
			good += right(t.Lemma(e.Form, e.UPOS, e.XPOS, e.First), e.Lemma)
			if os.Getenv("SHOW") != "" && t.Lemma(e.Form, e.UPOS, e.XPOS, e.First) != e.Lemma {
				fmt.Println(e, t.Lemma(e.Form, e.UPOS, e.XPOS, e.First))
			}
		}
		fmt.Printf("%s: lemmas with gold tags %.2f\n", part, 100*float64(good)/float64(all))
	}
	fmt.Printf("%d bytes\n", len(file))
	return os.WriteFile(*to, file, 0o644)
}

func lemmaExamples(sentences []conllu.Sentence) []lemma.Example {
	var all []lemma.Example
	for _, s := range sentences {
		for i, w := range s.Words {
			if w.Lemma == "_" && w.Form != "_" {
				continue
			}
			all = append(all, lemma.Example{Form: w.Form, UPOS: w.UPOS, XPOS: w.XPOS, Lemma: w.Lemma, First: i == 0})
		}
	}
	return all
}
