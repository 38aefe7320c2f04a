package nlp

import "strings"

// The sides at which lines leave a cell of a drawing.
const (
	up = 1 << iota
	down
	left
	right
)

var strokes = [16]string{" ", "╵", "╷", "│", "╴", "╯", "╮", "┤", "╶", "╰", "╭", "├", "─", "┴", "┬", "┼"}

// Draw gives one string for each word: the arcs between the words, drawn at the left
// of a list of them. The arrow points at the word that depends on the other. All
// strings are of one width.
func (s *Sentence) Draw() []string {
	n := len(s.Tokens)
	// An arc runs further left than all that it spans.
	level := make([]int, n)
	deepest := 0
	for length := 1; length < n; length++ {
		for d := range s.Tokens {
			h := s.Tokens[d].Head
			if h < 0 || max(h-d, d-h) != length {
				continue
			}
			lo, hi := min(h, d), max(h, d)
			for o := range s.Tokens {
				oh := s.Tokens[o].Head
				if oh < 0 || level[o] == 0 {
					continue
				}
				if olo, ohi := min(oh, o), max(oh, o); olo < hi && lo < ohi {
					level[d] = max(level[d], level[o])
				}
			}
			level[d]++
			deepest = max(deepest, level[d])
		}
	}
	cells := make([][]int, n)
	for i := range cells {
		cells[i] = make([]int, deepest)
	}
	for d := range s.Tokens {
		h := s.Tokens[d].Head
		if h < 0 {
			continue
		}
		column := deepest - level[d]
		lo, hi := min(h, d), max(h, d)
		for i := lo; i <= hi; i++ {
			if i > lo {
				cells[i][column] |= up
			}
			if i < hi {
				cells[i][column] |= down
			}
		}
		for _, i := range []int{h, d} {
			cells[i][column] |= right
			for k := column + 1; k < deepest; k++ {
				cells[i][k] |= left | right
			}
		}
	}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		line := 0
		for _, c := range cells[i] {
			b.WriteString(strokes[c])
			line |= c & right
		}
		switch {
		case s.Tokens[i].Head >= 0:
			b.WriteString("▸")
		case line != 0:
			b.WriteString("─")
		default:
			b.WriteString(" ")
		}
		out[i] = b.String()
	}
	return out
}
