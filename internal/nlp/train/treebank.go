package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"volteface/internal/nlp/conllu"
)

// treebank reads one part of a treebank, such as "ewt-train", from the folder that
// VOLTEFACE_SHARED names.
func treebank(part string) ([]conllu.Sentence, error) {
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		return nil, errors.New("VOLTEFACE_SHARED names no folder: the treebanks lie in its eval/treebanks")
	}
	s, err := conllu.ReadFile(filepath.Join(shared, "eval", "treebanks", part+".conllu.gz"))
	if err != nil {
		return nil, fmt.Errorf("treebank %s: %w", part, err)
	}
	return s, nil
}

// treebanks reads several parts, one after the other.
func treebanks(parts ...string) ([]conllu.Sentence, error) {
	var all []conllu.Sentence
	for _, p := range parts {
		s, err := treebank(p)
		if err != nil {
			return nil, err
		}
		all = append(all, s...)
	}
	return all, nil
}
