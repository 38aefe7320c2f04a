// Package diff tells which words differ between two readings of a text, and
// whether that matters: paragraphs are aligned first, then sentences, then
// words; what changed is classed by rules that give their reasons.
package diff

// Text is what is compared: a title, and a body whose paragraphs are separated
// by "\n\n".
type Text struct{ Title, Body string }

// Op says what became of a stretch of text.
type Op string

// The operations.
const (
	Equal  Op = "equal"
	Insert Op = "insert"
	Delete Op = "delete"
)

// Span is a stretch of the title or body in bytes: start, and end (exclusive).
type Span [2]int

// Segment is a stretch of a paragraph.
type Segment struct {
	Op   Op     `json:"op"`
	Text string `json:"text"` // as published after the edit; before it, if deleted
	// Was is how an equal stretch was written before, where that differs in
	// what no reader sees, or as other marks for the same: spaces, quotation
	// marks, dashes, the encoding of letters. Empty if it did not.
	Was    string `json:"was"`
	Before Span   `json:"before"`
	After  Span   `json:"after"`
}

// Kind says what became of a paragraph.
type Kind string

// The kinds of block.
const (
	Same     Kind = "same"
	Added    Kind = "added"
	Removed  Kind = "removed"
	Revised  Kind = "revised"
	Split    Kind = "split"     // one paragraph became several, perhaps revised
	Merged   Kind = "merged"    // several became one
	MovedOut Kind = "moved-out" // stood here, stands elsewhere now
	MovedIn  Kind = "moved-in"  // stood elsewhere before; its segments tell what was revised
)

// Block is the title, a paragraph before and after, or a run of unchanged ones.
//
// The text before is made of the equal and deleted segments of all blocks but
// those added and moved in, joined by "\n\n"; the text after of the equal and
// inserted ones of all but those removed and moved out.
type Block struct {
	Kind       Kind      `json:"kind"`
	Title      bool      `json:"title"`
	Paragraphs int       `json:"paragraphs"` // how many, on the side that has more; 1 for a title
	Move       int       `json:"move"`       // the same number on the two blocks of a move, 0 on others
	Before     Span      `json:"before"`
	After      Span      `json:"after"`
	Segments   []Segment `json:"segments"` // in reading order
}

// Edit is the difference between two texts.
type Edit struct {
	Blocks        []Block
	before, after Text
	lex           *lexer
}

// Empty reports whether a reader sees the same words in the same paragraphs.
func (e *Edit) Empty() bool {
	for _, b := range e.Blocks {
		if b.Kind != Same {
			return false
		}
	}
	return true
}

// Compare aligns two texts. The result is the same on every machine: no clock
// is involved. Time and memory grow in proportion to the texts, whatever they
// are.
func Compare(before, after Text) *Edit {
	e := &Edit{before: before, after: after, lex: newLexer(len(before.Body) + len(after.Body))}
	m := &matcher{steps: maxSteps}
	if before.Title != "" || after.Title != "" {
		c := comparer{lex: e.lex, m: m, a: before.Title, b: after.Title}
		title := c.block(stretch{text: before.Title, span: Span{0, len(before.Title)}}, stretch{text: after.Title, span: Span{0, len(after.Title)}})
		title.Title, title.Paragraphs = true, 1
		e.Blocks = append(e.Blocks, title)
	}
	c := comparer{lex: e.lex, m: m, a: before.Body, b: after.Body}
	e.Blocks = append(e.Blocks, c.body()...)
	return e
}

// comparer compares two titles or two bodies.
type comparer struct {
	lex   *lexer
	m     *matcher
	a, b  string
	local []int32 // by id, all zero between uses
}

// stretch is a part of a text, with its tokens if they are known.
type stretch struct {
	text   string // the whole
	span   Span
	tokens []token
}

// block compares two stretches that belong together.
func (c *comparer) block(before, after stretch) Block {
	a, b := c.a[before.span[0]:before.span[1]], c.b[after.span[0]:after.span[1]]
	out := Block{Kind: Revised, Before: before.span, After: after.span}
	switch {
	case a == "" && b == "":
		out.Kind = Same
	case a == b:
		out.Kind = Same
		out.Segments = []Segment{{Op: Equal, Text: b, Before: before.span, After: after.span}}
	case a == "":
		out.Kind = Added
		out.Segments = []Segment{{Op: Insert, Text: b, Before: before.span, After: after.span}}
	case b == "":
		out.Kind = Removed
		out.Segments = []Segment{{Op: Delete, Text: a, Before: before.span, After: after.span}}
	default:
		out.Segments = c.words(before, after)
		if unchanged(out.Segments) {
			out.Kind = Same
		}
	}
	return out
}

func unchanged(segments []Segment) bool {
	for _, s := range segments {
		if s.Op != Equal {
			return false
		}
	}
	return true
}
