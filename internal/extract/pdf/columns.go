package pdf

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// line is a line of text in a column.
type line struct {
	text   string
	box    box
	base   float64
	size   float64
	bold   bool
	rtl    bool
	page   int
	column int // number of the column in the document
	edge   box // of that column
	table  bool
	notes  int
}

// reader puts the pieces of pages into lines, column by column.
type reader struct {
	lines   []line
	columns int
	page    int
}

// maxDepth bounds columns inside of columns.
const maxDepth = 4

// read adds the lines of a region: bands that are divided into columns column
// by column, tables row by row, the rest as it stands.
func (r *reader) read(pieces []piece, depth int) {
	if len(pieces) == 0 {
		return
	}
	rows := rowsOf(pieces)
	edge := pieces[0].box
	for _, p := range pieces {
		edge = edge.union(p.box)
	}
	var plain [][]piece // rows that no gutter divides
	for i := 0; i < len(rows); {
		end, gutters := band(rows[i:], edge)
		if len(gutters) == 0 || depth >= maxDepth {
			plain = append(plain, rows[i])
			i++
			continue
		}
		r.column(plain)
		plain = nil
		r.divided(rows[i:i+end], gutters, depth)
		i += end
	}
	r.column(plain)
}

// rowsOf gathers what stands on the same line, the highest first.
func rowsOf(pieces []piece) [][]piece {
	sorted := slices.Clone(pieces)
	slices.SortStableFunc(sorted, func(a, b piece) int { return cmp.Compare(b.base, a.base) })
	var rows [][]piece
	for _, p := range sorted {
		if n := len(rows); n > 0 {
			first := rows[n-1][0]
			if first.base-p.base < 0.45*min(first.size, p.size) || p.size < 0.8*first.size && first.base-p.base < 0.45*first.size {
				rows[n-1] = append(rows[n-1], p)
				continue
			}
		}
		rows = append(rows, []piece{p})
	}
	return rows
}

type span struct{ from, to float64 }

// free are the stretches of a row, within the edges, where nothing stands.
func free(row []piece, edge box) []span {
	taken := make([]span, len(row))
	for i, p := range row {
		taken[i] = span{p.box.left, p.box.right}
	}
	slices.SortFunc(taken, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var spans []span
	at := edge.left
	for _, t := range taken {
		if t.from > at {
			spans = append(spans, span{at, t.from})
		}
		at = max(at, t.to)
	}
	if at < edge.right {
		spans = append(spans, span{at, edge.right})
	}
	return spans
}

func meet(a, b []span, least float64) []span {
	var both []span
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.from, y.from), min(x.to, y.to); to-from >= least {
				both = append(both, span{from, to})
			}
		}
	}
	return both
}

// leastGutter is the narrowest gap between two columns, in sizes of the font.
const leastGutter = 0.7

// band finds how many rows from the first on are divided by the same gutters.
// No gutters mean that the first row stands by itself.
func band(rows [][]piece, edge box) (n int, gutters []span) {
	size := rows[0][0].size
	open := free(rows[0], edge)
	last, lastGutters := 0, []span(nil)
	for i, row := range rows {
		if i > 0 {
			if far(rows[i-1], row) && lastGutters == nil {
				break // a title over columns is no part of them
			}
			open = meet(open, free(row, edge), leastGutter*max(size, row[0].size*0.8))
		}
		if len(open) == 0 {
			break
		}
		if cut := dividing(rows[:i+1], open); len(cut) > 0 {
			last, lastGutters = i+1, cut
		}
	}
	if last < 2 {
		return 1, nil
	}
	return trim(rows[:last], lastGutters)
}

// far tells whether a row stands well below the one before.
func far(above, below []piece) bool {
	a, b := above[0], below[0]
	return a.base-b.base > 2.2*max(a.size, b.size)
}

// dividing are the spans that have text on both sides, in two rows at least.
func dividing(rows [][]piece, open []span) []span {
	var cut []span
	for _, s := range open {
		left, right := 0, 0
		for _, row := range rows {
			l, r := false, false
			for _, p := range row {
				if p.box.right <= s.from+0.5 {
					l = true
				}
				if p.box.left >= s.to-0.5 {
					r = true
				}
			}
			if l {
				left++
			}
			if r {
				right++
			}
		}
		if left > 0 && right > 0 && left+right > 2 {
			cut = append(cut, s)
		}
	}
	return cut
}

// trim leaves off the rows at the end that stand on one side only and apart from
// the rest: they follow the columns.
func trim(rows [][]piece, gutters []span) (int, []span) {
	n := len(rows)
	for i := len(rows) - 1; i > 1; i-- {
		if far(rows[i-1], rows[i]) && !slices.ContainsFunc(rows[i:], func(row []piece) bool { return sides(row, gutters) > 1 }) &&
			!bothSides(rows[i:], gutters) {
			n = i
		}
	}
	cut := dividing(rows[:n], gutters)
	if len(cut) == 0 {
		return len(rows), gutters
	}
	return n, cut
}

func bothSides(rows [][]piece, gutters []span) bool {
	seen := map[int]bool{}
	for _, row := range rows {
		for _, p := range row {
			seen[columnOf(p, gutters)] = true
		}
	}
	return len(seen) > 1
}

func sides(row []piece, gutters []span) int {
	seen := map[int]bool{}
	for _, p := range row {
		seen[columnOf(p, gutters)] = true
	}
	return len(seen)
}

func columnOf(p piece, gutters []span) int {
	at := 0
	for _, g := range gutters {
		if p.box.left >= (g.from+g.to)/2 {
			at++
		}
	}
	return at
}

// divided reads a band with gutters, as columns or as a table.
func (r *reader) divided(rows [][]piece, gutters []span, depth int) {
	var all []piece
	columns := make([][]piece, len(gutters)+1)
	rtl := 0
	for _, row := range rows {
		for _, p := range row {
			at := columnOf(p, gutters)
			columns[at] = append(columns[at], p)
			all = append(all, p)
			if p.rtl {
				rtl++
			} else {
				rtl--
			}
		}
	}
	if tabular(rows, columns, all, gutters) {
		r.tabled(all, gutters, rtl > 0)
		return
	}
	if rtl > 0 {
		slices.Reverse(columns)
	}
	for _, c := range columns {
		if len(c) < len(all) {
			r.read(c, depth+1)
		} else {
			r.column(rowsOf(c))
		}
	}
}

// tabular tells a table from columns of text. Columns are drawn one after the
// other in most files; what is drawn to and fro is a table, unless every column
// is full of words line by line, as in files whose text was sorted by height.
func tabular(rows [][]piece, columns [][]piece, all []piece, gutters []span) bool {
	drawn := slices.Clone(all)
	slices.SortFunc(drawn, func(a, b piece) int { return cmp.Compare(a.drawn, b.drawn) })
	switches := 0
	for i := 1; i < len(drawn); i++ {
		if columnOf(drawn[i], gutters) != columnOf(drawn[i-1], gutters) {
			switches++
		}
	}
	shared := 0
	for _, row := range rows {
		if sides(row, gutters) > 1 {
			shared++
		}
	}
	if shared < 2 || switches < 2*len(gutters) || switches < shared {
		return false
	}
	if float64(len(all))/float64(switches+1) > 1.6 { // cells of several lines
		return true
	}
	return slices.ContainsFunc(columns, func(c []piece) bool { return !wordy(c) })
}

// wordy tells whether the lines of a column are full of words.
func wordy(column []piece) bool {
	edge, words, width := column[0].box, 0, 0.0
	for _, p := range column {
		edge = edge.union(p.box)
	}
	for _, p := range column {
		n := strings.Count(p.text, " ") + 1
		if first, _ := utf8.DecodeRuneInString(p.text); tight(first) {
			n = utf8.RuneCountInString(p.text) / 2
		}
		words += n
		width += p.box.width() / max(1, edge.width())
	}
	n := float64(len(column))
	return n >= 4 && float64(words)/n >= 3.5 && width/n >= 0.7
}

// tabled reads a table: a line for each row, with bars between the cells. Cells
// come in the order in which they were drawn; a row ends where that goes back.
func (r *reader) tabled(all []piece, gutters []span, rtl bool) {
	slices.SortFunc(all, func(a, b piece) int { return cmp.Compare(a.drawn, b.drawn) })
	at := func(p piece) int {
		if rtl {
			return len(gutters) - columnOf(p, gutters)
		}
		return columnOf(p, gutters)
	}
	edge := all[0].box
	for _, p := range all {
		edge = edge.union(p.box)
	}
	r.columns++
	var cells []string
	row := all[0]
	end := func() {
		if len(cells) > 0 {
			row.text = strings.Join(cells, " | ")
			l := r.line(row, edge)
			l.table = true
			r.lines = append(r.lines, l)
		}
		cells = nil
	}
	last := -1
	for i, p := range all {
		switch c := at(p); {
		case c < last || c == last && i > 0 && all[i-1].base-p.base > 2*p.size:
			end()
			row = p
			cells = append(cells, p.text)
		case c == last:
			cells[len(cells)-1] = glue(cells[len(cells)-1], p.text, nil)
			row.box = row.box.union(p.box)
		default:
			if len(cells) == 0 {
				row = p
			}
			row.box = row.box.union(p.box)
			cells = append(cells, p.text)
		}
		row.notes += p.notes
		last = at(p)
	}
	end()
}

func (r *reader) line(p piece, edge box) line {
	return line{text: p.text, box: p.box, base: p.base, size: p.size, bold: p.bold, rtl: p.rtl, page: r.page, column: r.columns, edge: edge, notes: p.notes}
}

// column adds rows that stand one below the other.
func (r *reader) column(rows [][]piece) {
	if len(rows) == 0 {
		return
	}
	r.columns++
	edge := rows[0][0].box
	for _, row := range rows {
		for _, p := range row {
			edge = edge.union(p.box)
		}
	}
	for _, row := range rows {
		rtl := 0
		for _, p := range row {
			if p.rtl {
				rtl++
			} else {
				rtl--
			}
		}
		slices.SortStableFunc(row, func(a, b piece) int {
			if a.row == b.row { // PDFium has put them in order
				return cmp.Compare(a.drawn, b.drawn)
			}
			if rtl > 0 {
				return cmp.Compare(b.box.right, a.box.right)
			}
			return cmp.Compare(a.box.left, b.box.left)
		})
		whole := row[0]
		for _, p := range row[1:] {
			sep := " "
			if gap := math.Max(p.box.left-whole.box.right, whole.box.left-p.box.right); gap < 0.12*max(p.size, whole.size) {
				sep = ""
			}
			whole.text += sep + p.text
			whole.box, whole.bold = whole.box.union(p.box), whole.bold && p.bold
			whole.notes += p.notes
			if utf8.RuneCountInString(p.text) > utf8.RuneCountInString(whole.text)/2 {
				whole.size, whole.base = p.size, p.base
			}
		}
		r.lines = append(r.lines, r.line(whole, edge))
	}
}
