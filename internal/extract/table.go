package extract

import (
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table adds a table of figures: a line for each row, cells joined by " | ".
func (w *writer) table(table *html.Node, drop []cascadia.SelectorGroup) {
	w.owe(paragraphGap)
	for n := table.FirstChild; n != nil; {
		switch n.DataAtom {
		case atom.Tr:
			w.row(n, drop)
			w.owe(lineGap)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			if n.FirstChild != nil {
				n = n.FirstChild
				continue
			}
		case atom.Caption:
			w.body(n, drop)
			w.owe(lineGap)
		}
		if n.NextSibling == nil && n.Parent != table {
			n = n.Parent
		}
		n = n.NextSibling
	}
	w.owe(paragraphGap)
}

func (w *writer) row(tr *html.Node, drop []cascadia.SelectorGroup) {
	if hidden(tr) || matches(tr, drop) {
		return
	}
	cells := 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || hidden(c) || matches(c, drop) {
			continue
		}
		if cells++; cells > 1 {
			w.bar()
		}
		w.cell++
		w.body(c, drop)
		w.cell--
	}
}

// bar divides two cells. The break before a row whose first cell is empty may
// still be owed.
func (w *writer) bar() {
	if w.gap == spaceGap {
		w.gap = noGap
	}
	if w.gap == noGap && len(w.buf) > 0 {
		w.buf = append(w.buf, ' ')
	}
	w.pay()
	w.buf = append(w.buf, '|')
	w.owe(spaceGap)
}

// tabular tells a table of figures from one that only lays out a page: it has
// a row of two cells or more, and no cell holds another table, a heading or
// more than one paragraph.
func tabular(table *html.Node) bool {
	wide, paragraphs := false, 0
	for n := table.FirstChild; n != nil; n = after(n, table) {
		switch n.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.Ul, atom.Ol, atom.Blockquote, atom.Article:
			return false
		case atom.Td, atom.Th:
			paragraphs = 0
			for s := n.NextSibling; s != nil && !wide; s = s.NextSibling {
				wide = s.DataAtom == atom.Td || s.DataAtom == atom.Th
			}
		case atom.P:
			if paragraphs++; paragraphs > 1 {
				return false
			}
		}
	}
	return wide
}
