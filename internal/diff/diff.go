// Package diff tells which words differ between two readings of a text:
// paragraphs are aligned first, then words inside the paragraphs that belong
// together.
package diff

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"github.com/sergi/go-diff/diffmatchpatch"
)

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

// Segment is a stretch of a paragraph.
type Segment struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// Kind says what became of a paragraph.
type Kind string

// The kinds of block.
const (
	Same    Kind = "same"
	Added   Kind = "added"
	Removed Kind = "removed"
	Revised Kind = "revised"
)

// Block is one paragraph, or the title, before and after.
type Block struct {
	Kind     Kind      `json:"kind"`
	Title    bool      `json:"title"`
	Segments []Segment `json:"segments"` // in reading order; the equal and deleted ones make the text before, the equal and inserted ones that after
}

// Edit is the difference between two texts.
type Edit struct {
	Blocks []Block
}

// maxWork bounds the words compared with words, as the product of the two
// lengths: beyond it a paragraph counts as replaced as a whole. Comparing
// takes time in the order of length times difference.
const maxWork = 40_000_000

// Compare aligns two texts. The result is the same on every machine: no clock
// is involved.
func Compare(before, after Text) *Edit {
	e := &Edit{}
	if before.Title != "" || after.Title != "" {
		title := revise(before.Title, after.Title)
		title.Title = true
		e.Blocks = append(e.Blocks, title)
	}
	a, b := paragraphs(before.Body), paragraphs(after.Body)
	for _, run := range align(a, b) {
		e.Blocks = append(e.Blocks, run...)
	}
	return e
}

// Empty reports whether nothing differs.
func (e *Edit) Empty() bool {
	for _, b := range e.Blocks {
		if b.Kind != Same {
			return false
		}
	}
	return true
}

func paragraphs(body string) []string {
	if body == "" {
		return nil
	}
	return strings.Split(body, "\n\n")
}

func whole(kind Kind, op Op, text string) Block {
	return Block{Kind: kind, Segments: []Segment{{op, text}}}
}

// align finds the paragraphs both sides share, and pairs those between them
// that resemble each other.
func align(a, b []string) [][]Block {
	var runs [][]Block
	var gone, come []string
	i, j := 0, 0
	for _, d := range runeDiff(a, b) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			gone = append(gone, a[i:i+n]...)
			i += n
		case diffmatchpatch.DiffInsert:
			come = append(come, b[j:j+n]...)
			j += n
		default:
			runs = append(runs, pair(gone, come))
			gone, come = nil, nil
			same := make([]Block, n)
			for k := range same {
				same[k] = whole(Same, Equal, a[i+k])
			}
			runs = append(runs, same)
			i, j = i+n, j+n
		}
	}
	return append(runs, pair(gone, come))
}

// likeness at which two paragraphs are taken for one that was revised.
const likeness = 0.35

// pair matches removed paragraphs with added ones, in order, so that the sum
// of their likeness is greatest (Needleman and Wunsch, 1970, without gap cost).
func pair(gone, come []string) (blocks []Block) {
	if len(gone)*len(come) > 250_000 {
		for _, p := range gone {
			blocks = append(blocks, whole(Removed, Delete, p))
		}
		for _, p := range come {
			blocks = append(blocks, whole(Added, Insert, p))
		}
		return blocks
	}
	bags := func(texts []string) []map[string]int {
		out := make([]map[string]int, len(texts))
		for i, t := range texts {
			out[i] = map[string]int{}
			for _, w := range strings.Fields(t) {
				out[i][w]++
			}
		}
		return out
	}
	a, b := bags(gone), bags(come)
	best := make([][]float64, len(gone)+1)
	for i := range best {
		best[i] = make([]float64, len(come)+1)
	}
	alike := make([][]float64, len(gone))
	for i := len(gone) - 1; i >= 0; i-- {
		alike[i] = make([]float64, len(come))
		for j := len(come) - 1; j >= 0; j-- {
			alike[i][j] = dice(a[i], b[j])
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if alike[i][j] >= likeness {
				best[i][j] = max(best[i][j], best[i+1][j+1]+alike[i][j])
			}
		}
	}
	i, j := 0, 0
	for i < len(gone) || j < len(come) {
		switch {
		case i < len(gone) && j < len(come) && alike[i][j] >= likeness && best[i][j] == best[i+1][j+1]+alike[i][j]:
			blocks = append(blocks, revise(gone[i], come[j]))
			i, j = i+1, j+1
		case i < len(gone) && (j == len(come) || best[i][j] == best[i+1][j]):
			blocks = append(blocks, whole(Removed, Delete, gone[i]))
			i++
		default:
			blocks = append(blocks, whole(Added, Insert, come[j]))
			j++
		}
	}
	return blocks
}

// dice is the share of words two bags have in common (Dice, 1945).
func dice(a, b map[string]int) float64 {
	common, total := 0, 0
	for w, n := range a {
		common += min(n, b[w])
		total += n
	}
	for _, n := range b {
		total += n
	}
	if total == 0 {
		return 1
	}
	return 2 * float64(common) / float64(total)
}

// revise compares two readings of one paragraph word by word.
func revise(before, after string) Block {
	switch {
	case before == after:
		return whole(Same, Equal, before)
	case before == "":
		return whole(Added, Insert, after)
	case after == "":
		return whole(Removed, Delete, before)
	}
	a, b := tokens(before), tokens(after)
	if len(a)*len(b) > maxWork {
		return Block{Kind: Revised, Segments: []Segment{{Delete, before}, {Insert, after}}}
	}
	var segments []Segment
	i, j := 0, 0
	for _, d := range runeDiff(a, b) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			segments = append(segments, Segment{Delete, strings.Join(a[i:i+n], "")})
			i += n
		case diffmatchpatch.DiffInsert:
			segments = append(segments, Segment{Insert, strings.Join(b[j:j+n], "")})
			j += n
		default:
			segments = append(segments, Segment{Equal, strings.Join(a[i:i+n], "")})
			i, j = i+n, j+n
		}
	}
	return Block{Kind: Revised, Segments: phrases(segments)}
}

// tokens cuts a text into words, spaces and marks (UAX #29).
func tokens(text string) (list []string) {
	for iter := words.FromString(text); iter.Next(); {
		list = append(list, iter.Value())
	}
	return list
}

// runeDiff compares two lists by giving every distinct entry a rune of its
// own: the library compares runes exactly and fast, and never splits a word.
func runeDiff(a, b []string) []diffmatchpatch.Diff {
	numbers := map[string]rune{}
	encode := func(list []string) []rune {
		runes := make([]rune, len(list))
		for i, text := range list {
			r, ok := numbers[text]
			if !ok {
				r = rune(len(numbers) + 1)
				if r >= 0xD800 { // surrogates are no runes
					r += 0x800
				}
				numbers[text] = r
			}
			runes[i] = r
		}
		return runes
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // otherwise the result depends on the load of the machine
	return dmp.DiffMainRunes(encode(a), encode(b), false)
}

// phrases joins changes that only a space or a mark keeps apart, so that a
// changed phrase reads as one, and puts what was deleted before what was
// inserted.
func phrases(segments []Segment) []Segment {
	var out []Segment
	var gone, come strings.Builder
	flush := func() {
		if gone.Len() > 0 {
			out = append(out, Segment{Delete, gone.String()})
		}
		if come.Len() > 0 {
			out = append(out, Segment{Insert, come.String()})
		}
		gone.Reset()
		come.Reset()
	}
	for i, s := range segments {
		switch {
		case s.Op == Delete:
			gone.WriteString(s.Text)
		case s.Op == Insert:
			come.WriteString(s.Text)
		case strings.TrimSpace(s.Text) == "" && gone.Len()+come.Len() > 0 && i+1 < len(segments):
			gone.WriteString(s.Text)
			come.WriteString(s.Text)
		default:
			flush()
			out = append(out, s)
		}
	}
	flush()
	return out
}
