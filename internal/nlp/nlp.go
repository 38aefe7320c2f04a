// Package nlp is the language engine for English: it cuts text into sentences and
// words, tells their tags and lemmas, and builds dependency trees after Universal
// Dependencies v2 (https://universaldependencies.org/guidelines.html).
//
//	doc := nlp.Analyse("Iran has not provided weaponry to any side.")
//	for i := range doc.Sentences {
//		s := &doc.Sentences[i]
//		root := &s.Tokens[s.Root()] // provided, VERB, lemma provide
//		for _, c := range s.Children(s.Root()) { // Iran, has, not, weaponry, side, "."
//			…
//		}
//	}
//
// The models are embedded and unpacked when first used. Everything here may be
// used by any number of goroutines at once; no lock is taken once the models are
// loaded. Any bytes are taken; every sentence gets a tree.
package nlp

import (
	"strings"
	"sync"

	"volteface/internal/nlp/lemma"
	"volteface/internal/nlp/model"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/segment"
)

// Document is an analysed text.
type Document struct {
	Text      string
	Sentences []Sentence
}

// Kind tells what a sentence is besides prose.
type Kind = segment.Kind

// The kinds of sentence.
const (
	Prose     = segment.Prose
	Speaker   = segment.Speaker   // the label of a turn in a transcript: "MS. JEAN-PIERRE:", "Q"
	Direction = segment.Direction // a stage direction: "(Laughter.)"
)

// Sentence is one sentence with its tree. It has at least one token.
type Sentence struct {
	// Start and End are byte offsets into the document's text.
	Start, End int
	// Paragraph counts the paragraphs of the text from 0.
	Paragraph int
	Kind      Kind
	Tokens    []Token

	children []int32 // of all tokens, one after the other
	first    []int32 // where the children of each token start; one more for the end
}

// Token is a syntactic word: "don't" is two, "do" and "n't".
type Token struct {
	// Start and End are byte offsets into the document's text.
	Start, End int
	// Form is what is written; Lemma its dictionary form.
	Form, Lemma string
	// UPOS is the universal part of speech (VERB, NOUN, PROPN, AUX …), XPOS the Penn
	// Treebank's (VBD, NNS, MD …), Feats the features as CoNLL-U writes them
	// (Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin), "" if there are none.
	UPOS, XPOS, Feats string
	// Head is the index in the sentence of the word that this one depends on, -1 for
	// the root. Rel names the relation (nsubj, obj, nsubj:pass, obl:agent, root …).
	Head int
	Rel  string
	// Joined tells that the word belongs to the same written token as the word before,
	// as n't does.
	Joined bool
}

// Feat gives the value of a feature, such as Feat("Tense") = "Past", or "".
func (t *Token) Feat(name string) string {
	for rest := t.Feats; rest != ""; {
		var f string
		f, rest, _ = strings.Cut(rest, "|")
		if k, v, _ := strings.Cut(f, "="); k == name {
			return v
		}
	}
	return ""
}

// Is tells whether the word's relation is one of the names. A name without a colon
// stands for its subtypes too: "nsubj" for nsubj:pass.
func (t *Token) Is(relations ...string) bool {
	for _, r := range relations {
		if t.Rel == r || len(t.Rel) > len(r) && t.Rel[len(r)] == ':' && t.Rel[:len(r)] == r {
			return true
		}
	}
	return false
}

// Root is the index of the root word.
func (s *Sentence) Root() int {
	for i := range s.Tokens {
		if s.Tokens[i].Head < 0 {
			return i
		}
	}
	return 0
}

// Children are the indices of the words that depend on word i, in their order in the
// sentence. The slice belongs to the sentence.
func (s *Sentence) Children(i int) []int32 { return s.children[s.first[i]:s.first[i+1]] }

// Child is the first child of word i with one of the relations (as Token.Is takes
// them), or -1.
func (s *Sentence) Child(i int, relations ...string) int {
	for _, c := range s.Children(i) {
		if s.Tokens[c].Is(relations...) {
			return int(c)
		}
	}
	return -1
}

// Subtree marks word i and everything below it.
func (s *Sentence) Subtree(i int) []bool {
	in := make([]bool, len(s.Tokens))
	stack := []int32{int32(i)}
	for len(stack) > 0 {
		k := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if in[k] {
			continue
		}
		in[k] = true
		stack = append(stack, s.Children(int(k))...)
	}
	return in
}

// Extent is the span of word i and everything below it: byte offsets into the
// document's text.
func (s *Sentence) Extent(i int) (start, end int) {
	start, end = s.Tokens[i].Start, s.Tokens[i].End
	for k, in := range s.Subtree(i) {
		if in {
			start, end = min(start, s.Tokens[k].Start), max(end, s.Tokens[k].End)
		}
	}
	return start, end
}

// Quote is what the document's text says from start to end.
func (d *Document) Quote(start, end int) string { return d.Text[start:end] }

// engine is what the embedded files hold.
type engine struct {
	segment *segment.Model
	parser  *parser.Model
	lemma   *lemma.Table
}

// load unpacks the embedded files once. They are part of the program and tested with
// it: damage is a fault of the build.
var load = sync.OnceValue(func() *engine {
	e := &engine{}
	var err error
	if e.segment, err = segment.Decode(model.Segment); err != nil {
		panic("nlp: embedded " + err.Error())
	}
	if e.parser, err = parser.New(model.Parser); err != nil {
		panic("nlp: embedded " + err.Error())
	}
	if e.lemma, err = lemma.Decode(model.Lemma); err != nil {
		panic("nlp: embedded " + err.Error())
	}
	return e
})

// Analyse cuts a text into sentences and parses each. The time it takes grows
// linearly with the text; a sentence longer than some 400 words is cut.
func Analyse(text string) *Document {
	e := load()
	d := &Document{Text: text}
	cut := e.segment.Split(text)
	d.Sentences = make([]Sentence, len(cut))
	forms := make([][]string, len(cut))
	words := 0
	for i := range cut {
		words += len(cut[i].Words)
	}
	allForms, tokens := make([]string, 0, words), make([]Token, words)
	for i := range cut {
		c := &cut[i]
		n := len(c.Words)
		s := &d.Sentences[i]
		*s = Sentence{Start: c.Start, End: c.End, Paragraph: c.Paragraph, Kind: c.Kind, Tokens: tokens[:n:n]}
		tokens = tokens[n:]
		from := len(allForms)
		for k, w := range c.Words {
			s.Tokens[k] = Token{Start: w.Start, End: w.End, Form: w.Form, Joined: w.Joined}
			allForms = append(allForms, w.Form)
		}
		forms[i] = allForms[from:]
	}
	e.fill(d.Sentences, forms)
	return d
}

// AnalyseWords parses sentences whose words are given; empty ones are left out. The
// tokens' offsets are those of a text in which the words stand with one space between
// them and each sentence on a line of its own. A sentence longer than some 400 words
// is parsed in parts; the roots of the later ones hang from the first as parataxis.
func AnalyseWords(sentences [][]string) *Document {
	d := &Document{}
	var b strings.Builder
	var parts []Sentence
	var forms [][]string
	for p, words := range sentences {
		if len(words) == 0 {
			continue
		}
		if len(d.Sentences) > 0 {
			b.WriteByte('\n')
		}
		s := Sentence{Start: b.Len(), Paragraph: p, Tokens: make([]Token, len(words))}
		for k, w := range words {
			if k > 0 {
				b.WriteByte(' ')
			}
			s.Tokens[k] = Token{Start: b.Len(), End: b.Len() + len(w), Form: w}
			b.WriteString(w)
		}
		s.End = b.Len()
		d.Sentences = append(d.Sentences, s)
		for k := 0; k < len(words); k += segment.MaxWords {
			end := min(k+segment.MaxWords, len(words))
			parts = append(parts, Sentence{Tokens: s.Tokens[k:end]})
			forms = append(forms, words[k:end])
		}
	}
	d.Text = b.String()
	load().fill(parts, forms)
	part := 0
	for i := range d.Sentences {
		s := &d.Sentences[i]
		root := parts[part].Root()
		for k := 0; k < len(s.Tokens); k += segment.MaxWords {
			for j := range parts[part].Tokens {
				switch t := &parts[part].Tokens[j]; {
				case t.Head >= 0:
					t.Head += k
				case k > 0:
					t.Head, t.Rel = root, "parataxis"
				}
			}
			part++
		}
		s.index()
	}
	return d
}

// fill parses sentences and writes what the models say into their tokens.
func (e *engine) fill(sentences []Sentence, forms [][]string) {
	m := e.parser
	e.parser.Parse(forms, func(i int, words []parser.Analysis) {
		s := &sentences[i]
		for k, a := range words {
			t := &s.Tokens[k]
			t.UPOS, t.XPOS, t.Feats = m.UPOS[a.UPOS], m.XPOS[a.XPOS], m.Feats[a.Feats]
			if t.Feats == "_" {
				t.Feats = ""
			}
			t.Head, t.Rel = int(a.Head), m.Rels[a.Rel]
			t.Lemma = e.lemma.Lemma(t.Form, t.UPOS, t.XPOS, k == 0)
		}
		s.index()
	})
}

// index lists the children of every word.
func (s *Sentence) index() {
	n := len(s.Tokens)
	room := make([]int32, 2*n+2)
	s.first, s.children = room[:n+2], room[n+2:n+2]
	for i := range s.Tokens {
		if h := s.Tokens[i].Head; h >= 0 {
			s.first[h+2]++
		}
	}
	for i := 2; i < n+2; i++ {
		s.first[i] += s.first[i-1]
	}
	s.children = room[n+2 : n+2+int(s.first[n+1])]
	for i := range s.Tokens {
		if h := s.Tokens[i].Head; h >= 0 {
			s.children[s.first[h+1]] = int32(i)
			s.first[h+1]++
		}
	}
	s.first = s.first[:n+1]
}
