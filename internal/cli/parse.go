package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/nlp"
	"volteface/internal/nlp/conllu"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// maxParse bounds what parse reads at once.
const maxParse = 64 << 20

func (a *app) parseCommand() *cobra.Command {
	var asCoNLLU bool
	var tokenized string
	cmd := &cobra.Command{
		Use:   "parse [FILE]",
		Short: "Show how an English text is understood: sentences, words and trees",
		Long: `Show how an English text is understood: its sentences, the part of speech and
dictionary form of each word, and how the words hang together, after Universal
Dependencies. The arrow points at the word that depends on the other.

FILE is a text file; without it, or with -, standard input is read.`,
		Example: `  volteface parse statement.txt
  volteface parse - --conllu < statement.txt
  volteface parse --tokenized gold.conllu > predicted.conllu`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if tokenized != "" {
				if len(args) > 0 {
					return usage(errors.New("--tokenized names the file to read already"), "leave out "+args[0])
				}
				return a.reparse(tokenized)
			}
			name := "-"
			if len(args) > 0 {
				name = args[0]
			}
			text, err := a.readInput(name)
			if err != nil {
				return err
			}
			d := nlp.Analyse(text)
			switch {
			case a.json:
				return a.printTrees(d)
			case asCoNLLU:
				return conllu.Write(a.out, d.CoNLLU()...)
			}
			return a.drawTrees(d)
		},
	}
	a.charsetFlag(cmd)
	cmd.Flags().BoolVar(&asCoNLLU, "conllu", false, "print CoNLL-U")
	cmd.Flags().StringVar(&tokenized, "tokenized", "", "keep the sentences and words of a CoNLL-U `FILE`, predict everything else and print CoNLL-U")
	return cmd
}

// readInput reads a file, or standard input for "-".
func (a *app) readInput(name string) (string, error) {
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", statement.WithHint(err, "name a text file, or - for standard input")
		}
		defer f.Close()
		in = f
	}
	return a.decodeFile(name, in, maxParse)
}

func (a *app) reparse(name string) error {
	var sentences []conllu.Sentence
	var err error
	if name == "-" {
		sentences, err = conllu.Read(a.in)
	} else {
		sentences, err = conllu.ReadFile(name)
	}
	if err != nil {
		return statement.WithHint(err, "--tokenized takes a CoNLL-U file, ten columns a word")
	}
	nlp.Reparse(sentences)
	return conllu.Write(a.out, sentences...)
}

// treeJSON is a line of parse; its fields are documented in docs/json.md.
type treeJSON struct {
	Start     int         `json:"start"`
	End       int         `json:"end"`
	Paragraph int         `json:"paragraph"`
	Kind      string      `json:"kind"`
	Text      string      `json:"text"`
	Words     []treeWords `json:"words"`
}

type treeWords struct {
	Form  string `json:"form"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Lemma string `json:"lemma"`
	UPOS  string `json:"upos"`
	XPOS  string `json:"xpos"`
	Feats string `json:"feats"`
	Head  int    `json:"head"`
	Rel   string `json:"rel"`
}

func (a *app) printTrees(d *nlp.Document) error {
	for i := range d.Sentences {
		s := &d.Sentences[i]
		line := treeJSON{s.Start, s.End, s.Paragraph, s.Kind.String(), d.Quote(s.Start, s.End), make([]treeWords, len(s.Tokens))}
		for k := range s.Tokens {
			t := &s.Tokens[k]
			line.Words[k] = treeWords{t.Form, t.Start, t.End, t.Lemma, t.UPOS, t.XPOS, t.Feats, t.Head + 1, t.Rel}
		}
		if err := a.printJSON(line); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) drawTrees(d *nlp.Document) error {
	color := term.Color(a.out, a.getenv)
	for i := range d.Sentences {
		s := &d.Sentences[i]
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintln(a.out, term.Paint(color, term.Bold, term.Clean(strings.Join(strings.Fields(d.Quote(s.Start, s.End)), " "))))
		form, rel, lemma := 0, 0, 0
		for k := range s.Tokens {
			t := &s.Tokens[k]
			form, rel, lemma = max(form, width(t.Form)), max(rel, width(t.Rel)), max(lemma, width(t.Lemma))
		}
		for k, arcs := range s.Draw() {
			t := &s.Tokens[k]
			line := fmt.Sprintf("%s %s  %s  %s  %-5s  %s", term.Paint(color, term.Dim, arcs), pad(t.Form, form),
				term.Paint(color, term.Green, pad(t.Rel, rel)), pad(t.Lemma, lemma), t.UPOS, term.Paint(color, term.Dim, t.Feats))
			if _, err := fmt.Fprintln(a.out, strings.TrimRight(line, " ")); err != nil {
				return err
			}
		}
	}
	return nil
}

// width is the number of letters of a word as it is shown.
func width(s string) int { return len([]rune(term.Clean(s))) }

func pad(s string, n int) string {
	return term.Clean(s) + strings.Repeat(" ", max(0, n-width(s)))
}
