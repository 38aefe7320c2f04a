package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"volteface/internal/nlp/conllu"
	"volteface/internal/nlp/lemma"
	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordnet"
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
	regular, err := regularForms()
	if err != nil {
		return err
	}
	file, err := lemma.Learn(append(lemmaExamples(sentences), regular...)).Encode()
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
		}
		fmt.Printf("%s: lemmas with gold tags %.2f\n", part, 100*float64(good)/float64(all))
	}
	fmt.Printf("%d bytes\n", len(file))
	return os.WriteFile(*to, file, 0o644)
}

// regularForms derives examples from WordNet: a frequent word that ends like an
// inflected form and can come from one verb or noun only.
func regularForms() ([]lemma.Example, error) {
	table, err := vectors.Load()
	if err != nil {
		return nil, err
	}
	wn := wordnet.Load()
	inflections := []struct {
		pos        wordnet.POS
		upos       string
		ending     string
		tags       []string
		doubles, e bool // travelled, travel; provoked, provoke
	}{
		{wordnet.Verb, "VERB", "ed", []string{"VBD", "VBN"}, true, true},
		{wordnet.Verb, "VERB", "ing", []string{"VBG"}, true, true},
		{wordnet.Verb, "VERB", "s", []string{"VBZ"}, false, false},
		{wordnet.Noun, "NOUN", "s", []string{"NNS"}, false, false},
	}
	var all []lemma.Example
	for _, w := range table.Words() {
		for _, x := range inflections {
			stem, ok := strings.CutSuffix(w, x.ending)
			if !ok || len(stem) < 3 || strings.HasSuffix(stem, "s") && x.ending == "s" {
				continue
			}
			bases := []string{stem}
			if x.e {
				bases = append(bases, stem+"e")
			}
			if n := len(stem); x.doubles && n > 3 && stem[n-1] == stem[n-2] {
				bases = append(bases, stem[:n-1])
			}
			if y, ok := strings.CutSuffix(stem, "ie"); ok && x.ending == "s" {
				bases = append(bases, y+"y")
			} else if y, ok := strings.CutSuffix(stem, "i"); ok && x.ending == "ed" {
				bases = append(bases, y+"y")
			}
			if e, ok := strings.CutSuffix(stem, "e"); ok && x.ending == "s" {
				bases = append(bases, e)
			}
			var found []string
			for _, b := range bases {
				if len(wn.Senses(b, x.pos)) > 0 {
					found = append(found, b)
				}
			}
			if len(found) != 1 || len(wn.Senses(w, x.pos)) > 0 {
				continue
			}
			for _, tag := range x.tags {
				all = append(all, lemma.Example{Form: w, UPOS: x.upos, XPOS: tag, Lemma: found[0]})
			}
		}
	}
	return all, nil
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
