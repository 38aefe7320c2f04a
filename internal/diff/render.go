package diff

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// What is shown around a change; the rest is folded.
const (
	besideParagraphs = 1  // unchanged paragraphs
	besideWords      = 25 // unchanged words of a changed paragraph
	leastFolded      = 20 // words that are worth folding
)

// row is one line of a rendering: a paragraph, or a fold in place of several.
type row struct {
	kind   Kind
	title  bool
	move   int
	folded int // unchanged paragraphs left out here; then there are no pieces
	pieces []piece
}

// piece is a stretch of a row. A fold has no text but a number of words.
type piece struct {
	op     Op
	text   string
	folded int
}

// rows is what every rendering shows, in order.
func (e *Edit) rows() []row {
	var rows []row
	for i, b := range e.Blocks {
		if b.Kind != Same {
			rows = append(rows, row{kind: b.Kind, title: b.Title, move: b.Move, pieces: e.pieces(b)})
			continue
		}
		var texts []string
		var whole strings.Builder
		for _, s := range b.Segments {
			whole.WriteString(s.Text)
		}
		texts = []string{whole.String()}
		if !b.Title {
			texts = strings.Split(texts[0], "\n\n")
		}
		first, last := 0, 0 // how many to show
		if i > 0 && (e.Blocks[i-1].Kind != Same) {
			first = min(besideParagraphs, len(texts))
		}
		if i+1 < len(e.Blocks) && e.Blocks[i+1].Kind != Same {
			last = min(besideParagraphs, len(texts)-first)
		}
		show := func(texts []string, tail bool) {
			for _, text := range texts {
				rows = append(rows, row{kind: Same, title: b.Title, pieces: foldWords([]piece{{op: Equal, text: text}}, tail, !tail)})
			}
		}
		show(texts[:first], false)
		if n := len(texts) - first - last; n > 0 {
			rows = append(rows, row{kind: Same, folded: n})
		}
		show(texts[len(texts)-last:], true)
	}
	return rows
}

// pieces is what is shown of a changed block, long unchanged stretches folded.
func (e *Edit) pieces(b Block) []piece { return foldWords(unfolded(b), false, b.Kind == MovedOut) }

// unfolded is all of a changed block.
func unfolded(b Block) []piece {
	if b.Kind == MovedOut {
		return []piece{{op: Equal, text: b.Segments[0].Text}}
	}
	var list []piece
	for _, s := range b.Segments {
		now, was := strings.Count(s.Text, "\n\n"), strings.Count(s.Was, "\n\n")
		switch {
		case s.Op == Equal && s.Was != "" && now > was:
			if !unseen(s.Was) {
				list = append(list, piece{op: Equal, text: " "}) // what stood between the two
			}
			list = append(list, piece{op: Insert, text: "¶\n"})
			if rest := strings.TrimLeft(s.Text, " \n"); rest != "" {
				list = append(list, piece{op: Equal, text: rest})
			}
		case s.Op == Equal && s.Was != "" && was > now:
			list = append(list, piece{op: Delete, text: "¶"}, piece{op: Equal, text: s.Text})
		default:
			list = append(list, piece{op: s.Op, text: s.Text})
		}
	}
	return bareFigures(list)
}

// bareFigures takes a percent sign that stands behind a figure before and after out of what is marked: only the figure is another.
func bareFigures(list []piece) []piece {
	out := make([]piece, 0, len(list))
	for i := 0; i < len(list); i++ {
		if i+1 == len(list) || list[i].op != Delete || list[i+1].op != Insert {
			out = append(out, list[i])
			continue
		}
		was, now := list[i], list[i+1]
		sign := percent(was.text)
		if sign == "" || sign != percent(now.text) {
			out = append(out, was)
			continue
		}
		was.text, now.text = strings.TrimSuffix(was.text, sign), strings.TrimSuffix(now.text, sign)
		out = append(out, was, now)
		if i += 2; i < len(list) && list[i].op == Equal {
			out = append(out, piece{op: Equal, text: sign + list[i].text})
			continue
		}
		i--
		out = append(out, piece{op: Equal, text: sign})
	}
	return out
}

// percent is the sign at the end of a figure, with the space before it and behind it; "" for none.
func percent(text string) string {
	bare := strings.TrimRight(text, " \n")
	figure, signed := strings.CutSuffix(bare, "%")
	figure = strings.TrimRight(figure, " \u00a0\u202f")
	if !signed || figure == "" || !unicode.IsDigit(rune(figure[len(figure)-1])) {
		return ""
	}
	return text[len(figure):]
}

// foldWords leaves out the middle of long unchanged stretches, and their
// beginning or end where nothing changed stands before or behind.
func foldWords(list []piece, noneBefore, noneBehind bool) []piece {
	var out []piece
	for i, p := range list {
		if p.op != Equal {
			out = append(out, p)
			continue
		}
		head, tail := besideWords, besideWords // words to keep at its beginning and end
		if i == 0 && (len(list) > 1 || noneBefore) {
			head = 0
		}
		if i == len(list)-1 && (len(list) > 1 || noneBehind) {
			tail = 0
		}
		ends := wordEnds(p.text)
		n := len(ends) - head - tail
		if n < leastFolded {
			out = append(out, p)
			continue
		}
		if head > 0 {
			out = append(out, piece{op: Equal, text: p.text[:ends[head-1]] + " "})
		}
		out = append(out, piece{folded: n})
		if tail > 0 {
			rest := p.text[ends[len(ends)-tail-1]:]
			out = append(out, piece{op: Equal, text: " " + strings.TrimLeft(rest, " \n\t")})
		}
	}
	return out
}

// wordEnds gives where the words of a text end, in bytes.
func wordEnds(text string) (ends []int) {
	inside := false
	for i, r := range text {
		if space := isSpace(r); space && inside {
			ends = append(ends, i)
			inside = false
		} else if !space {
			inside = true
		}
	}
	if inside {
		ends = append(ends, len(text))
	}
	return ends
}

// Unified writes the difference as plain text: whole paragraphs after "- " and
// "+ ", changed words as [-gone-] and {+come+}, unchanged stretches folded.
func (e *Edit) Unified(w io.Writer) error {
	return e.lines(w, func(op Op, text string) string {
		switch op {
		case Delete:
			return "[-" + text + "-]"
		case Insert:
			return "{+" + text + "+}"
		}
		return text
	}, func(note string) string { return note })
}

// Terminal writes the difference in colours: red and struck through for what
// is gone, green for what came, grey for what is left out.
func (e *Edit) Terminal(w io.Writer) error {
	return e.lines(w, func(op Op, text string) string {
		switch op {
		case Delete:
			return "\x1b[31;9m" + text + "\x1b[0m"
		case Insert:
			return "\x1b[32m" + text + "\x1b[0m"
		}
		return text
	}, func(note string) string { return "\x1b[90m" + note + "\x1b[0m" })
}

// margins tell at the beginning of a line what became of the paragraph.
var margins = map[Kind]string{Same: "  ", Added: "+ ", Removed: "- ", Revised: "~ ", Split: "~ ", Merged: "~ ", MovedOut: "< ", MovedIn: "> "}

func (e *Edit) lines(w io.Writer, mark func(Op, string) string, note func(string) string) error {
	var b strings.Builder
	for _, r := range e.rows() {
		if r.folded > 0 {
			b.WriteString("  " + note(unchangedParagraphs(r.folded)) + "\n\n")
			continue
		}
		var text strings.Builder
		for _, p := range r.pieces {
			if p.folded > 0 {
				text.WriteString(note(unchangedWords(p.folded)))
				continue
			}
			shown := harmless(p.text)
			if p.op != Equal { // the space around a change is no part of it
				lead, trail := shown[:leading(shown)], ""
				if lead != shown {
					trail = shown[len(shown)-trailing(shown):]
					shown = lead + mark(p.op, shown[len(lead):len(shown)-len(trail)]) + trail
					text.WriteString(shown)
					continue
				}
			}
			text.WriteString(mark(p.op, shown))
		}
		line := margins[r.kind]
		if r.title {
			line += "Title: "
		}
		if r.move > 0 {
			line += note(moved(r)) + " "
		}
		b.WriteString(line + strings.ReplaceAll(strings.TrimRight(text.String(), "\n"), "\n", "\n  ") + "\n\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func unchangedParagraphs(n int) string {
	if n == 1 {
		return "… 1 unchanged paragraph …"
	}
	return fmt.Sprintf("… %d unchanged paragraphs …", n)
}

func unchangedWords(n int) string { return fmt.Sprintf("[… %d words …]", n) }

func moved(r row) string {
	if r.kind == MovedOut {
		return fmt.Sprintf("(moved from here, %d)", r.move)
	}
	return fmt.Sprintf("(moved to here, %d)", r.move)
}

// harmless takes out what would steer a terminal or turn the direction of
// writing (UAX #9): the text comes from the web.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}
