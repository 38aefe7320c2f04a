// Package conllu reads and writes CoNLL-U, the file format of Universal
// Dependencies (https://universaldependencies.org/format.html).
package conllu

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Word is one syntactic word: a line with a whole number as its ID.
type Word struct {
	Form, Lemma, UPOS, XPOS, Feats string
	// Head is the ID of the head, counted from 1; 0 is the root.
	Head int
	Rel  string
	// Deps and Misc are columns nine and ten as they stand, "_" when empty.
	Deps, Misc string
}

// SpaceAfter tells whether Misc leaves the usual space after the word.
func (w *Word) SpaceAfter() bool { return !hasNoSpace(w.Misc) }

// Range is a token of several words, such as don't = do + n't. First and Last
// are the IDs of its words, counted from 1.
type Range struct {
	First, Last int
	Form, Misc  string
}

// Sentence is one sentence with its comments.
type Sentence struct {
	// Comments are the lines that start with #, whole, but without "# text".
	Comments []string
	Text     string
	// NewParagraph and NewDocument tell of "# newpar" and "# newdoc".
	NewParagraph, NewDocument bool
	Words                     []Word
	Ranges                    []Range
}

// Token is a surface token: one word, or the words of a range.
type Token struct {
	Form        string
	First, Last int // IDs of its words
	SpaceAfter  bool
}

// Tokens lists the surface tokens of the sentence.
func (s *Sentence) Tokens() []Token {
	var tokens []Token
	r := 0
	for i := 1; i <= len(s.Words); i++ {
		for r < len(s.Ranges) && s.Ranges[r].First < i {
			r++
		}
		if r < len(s.Ranges) && s.Ranges[r].First == i {
			x := s.Ranges[r]
			tokens = append(tokens, Token{x.Form, x.First, x.Last, !hasNoSpace(x.Misc)})
			i = x.Last
			continue
		}
		w := &s.Words[i-1]
		tokens = append(tokens, Token{w.Form, i, i, w.SpaceAfter()})
	}
	return tokens
}

func hasNoSpace(misc string) bool {
	for field := range strings.SplitSeq(misc, "|") {
		if field == "SpaceAfter=No" {
			return true
		}
	}
	return false
}

// Read reads all sentences. Empty nodes (IDs such as 8.1) are left out. An error
// names the line.
func Read(r io.Reader) ([]Sentence, error) {
	var all []Sentence
	var s Sentence
	started := false
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20)
	end := func(line int) error {
		if !started {
			return nil
		}
		for i, w := range s.Words {
			if w.Head < 0 || w.Head > len(s.Words) || w.Head == i+1 {
				return fmt.Errorf("line %d: word %d of the sentence before has head %d", line, i+1, w.Head)
			}
		}
		for _, x := range s.Ranges {
			if x.First < 1 || x.Last < x.First || x.Last > len(s.Words) {
				return fmt.Errorf("line %d: the sentence before has no words %d-%d", line, x.First, x.Last)
			}
		}
		if len(s.Words) > 0 {
			all = append(all, s)
		}
		s, started = Sentence{}, false
		return nil
	}
	n := 0
	for scanner.Scan() {
		n++
		line := strings.TrimSuffix(scanner.Text(), "\r")
		if line == "" {
			if err := end(n); err != nil {
				return nil, err
			}
			continue
		}
		started = true
		if line[0] == '#' {
			s.comment(line)
			continue
		}
		if err := s.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read CoNLL-U: %w", err)
	}
	if err := end(n + 1); err != nil {
		return nil, err
	}
	return all, nil
}

func (s *Sentence) comment(line string) {
	name, value, _ := strings.Cut(strings.TrimSpace(line[1:]), "=")
	switch word, _, _ := strings.Cut(strings.TrimSpace(name), " "); word {
	case "text":
		if strings.TrimSpace(name) == "text" {
			s.Text = strings.TrimSpace(value)
			return
		}
	case "newpar":
		s.NewParagraph = true
	case "newdoc":
		s.NewDocument = true
	}
	s.Comments = append(s.Comments, line)
}

func (s *Sentence) line(line string) error {
	f := strings.Split(line, "\t")
	if len(f) != 10 {
		return fmt.Errorf("%d columns, not 10", len(f))
	}
	if strings.Contains(f[0], ".") {
		return nil
	}
	if a, b, ok := strings.Cut(f[0], "-"); ok {
		first, err1 := strconv.Atoi(a)
		last, err2 := strconv.Atoi(b)
		if err1 != nil || err2 != nil {
			return fmt.Errorf("%q is no ID", f[0])
		}
		s.Ranges = append(s.Ranges, Range{first, last, f[1], f[9]})
		return nil
	}
	if id, err := strconv.Atoi(f[0]); err != nil || id != len(s.Words)+1 {
		return fmt.Errorf("ID %q where %d is due", f[0], len(s.Words)+1)
	}
	head := 0
	if f[6] != "_" {
		var err error
		if head, err = strconv.Atoi(f[6]); err != nil {
			return fmt.Errorf("%q is not a head", f[6])
		}
	}
	s.Words = append(s.Words, Word{f[1], f[2], f[3], f[4], f[5], head, f[7], f[8], f[9]})
	return nil
}

// ReadFile reads a file, unpacking it if its name ends in .gz.
func ReadFile(path string) ([]Sentence, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	all, err := Read(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

// Write writes sentences: comments, "# text" if there is one, ranges and words.
func Write(w io.Writer, sentences ...Sentence) error {
	b := bufio.NewWriter(w)
	for i := range sentences {
		s := &sentences[i]
		for _, c := range s.Comments {
			fmt.Fprintln(b, c)
		}
		if s.Text != "" {
			fmt.Fprintf(b, "# text = %s\n", s.Text)
		}
		r := 0
		for j, x := range s.Words {
			for r < len(s.Ranges) && s.Ranges[r].First <= j+1 {
				fmt.Fprintf(b, "%d-%d\t%s\t_\t_\t_\t_\t_\t_\t_\t%s\n", s.Ranges[r].First, s.Ranges[r].Last, s.Ranges[r].Form, orEmpty(s.Ranges[r].Misc))
				r++
			}
			fmt.Fprintf(b, "%d\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", j+1, x.Form, orEmpty(x.Lemma), orEmpty(x.UPOS),
				orEmpty(x.XPOS), orEmpty(x.Feats), x.Head, orEmpty(x.Rel), orEmpty(x.Deps), orEmpty(x.Misc))
		}
		fmt.Fprintln(b)
	}
	return b.Flush()
}

func orEmpty(s string) string {
	if s == "" {
		return "_"
	}
	return s
}
