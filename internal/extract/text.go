package extract

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/statement"
)

// gap is the white space owed before the next word.
type gap uint8

const (
	noGap gap = iota
	spaceGap
	lineGap      // "\n"
	paragraphGap // "\n\n"
)

// writer collects text with its white space collapsed.
type writer struct {
	buf  []byte
	gap  gap
	cell int // depth of data-table cells, where breaks are spaces
	pre  int // depth of <pre>, where a line feed is a break

	limit int  // most bytes to collect
	full  bool // the limit was reached; the rest is missing

	lang  string // primary subtag of the text's language, if it is known
	notes int    // marks of notes left out
	shut  int    // passages left out that no reader can open
}

var writers = sync.Pool{New: func() any { return &writer{buf: make([]byte, 0, 16<<10)} }}

func newWriter() *writer {
	w := writers.Get().(*writer)
	*w = writer{buf: w.buf[:0], limit: maxText}
	return w
}

// newLine is a writer that puts everything on one line of at most about
// maxTitle bytes.
func newLine() *writer {
	w := newWriter()
	w.cell, w.limit = 1, maxTitle
	return w
}

// leftOut counts what was left out of the text.
func (w *writer) leftOut() statement.LeftOut {
	return statement.LeftOut{Marks: w.notes, Hidden: w.shut}
}

// release gives the writer back, and its text.
func (w *writer) release() string {
	s := string(w.buf)
	if cap(w.buf) <= 1<<20 {
		writers.Put(w)
	}
	return s
}

// owe asks for white space before the next word; the widest wish wins.
func (w *writer) owe(g gap) {
	if w.cell > 0 && g > spaceGap {
		g = spaceGap
	}
	if g > w.gap {
		w.gap = g
	}
}

// lineBreak is a <br>: two in a row divide paragraphs.
func (w *writer) lineBreak() {
	if w.gap >= lineGap {
		w.owe(paragraphGap)
		return
	}
	w.owe(lineGap)
}

func (w *writer) pay() {
	if w.gap != noGap && len(w.buf) > 0 {
		switch w.gap {
		case spaceGap:
			w.buf = append(w.buf, ' ')
		case lineGap:
			w.buf = append(w.buf, '\n')
		case paragraphGap:
			w.buf = append(w.buf, '\n', '\n')
		}
	}
	w.gap = noGap
}

// kinds of byte in a text.
const (
	inWord = iota
	isSpace
	isControl
	isMulti
)

var kindOf = func() (k [256]uint8) {
	for b := range k {
		switch {
		case b == ' ' || b >= '\t' && b <= '\r':
			k[b] = isSpace
		case b < ' ' || b == 0x7f:
			k[b] = isControl
		case b >= utf8.RuneSelf:
			k[b] = isMulti
		}
	}
	return k
}()

// text adds text: runs of white space become one space, control characters
// and marks without width that no script needs are left out, and everything
// else stays as published.
func (w *writer) text(s string) {
	if len(w.buf) > w.limit {
		w.full = true
		return
	}
	start := 0 // of the run of bytes not yet written
	for i := 0; i < len(s); {
		kind := kindOf[s[i]]
		if kind == inWord {
			i++
			continue
		}
		size := 1
		if kind == isMulti {
			r, n := utf8.DecodeRuneInString(s[i:])
			size = n
			switch {
			case r == '\u200b' || r == '\u2060' || r == '\ufeff' || r >= 0x80 && r < 0xa0 && r != 0x85:
				kind = isControl
			case unicode.IsSpace(r):
				kind = isSpace
			default:
				i += size
				continue
			}
		}
		if i > start {
			w.word(s[start:i])
		}
		if kind == isSpace {
			if s[i] == '\n' && w.pre > 0 {
				w.lineBreak()
			} else {
				w.owe(spaceGap)
			}
		}
		i += size
		start = i
	}
	if start < len(s) {
		w.word(s[start:])
	}
	w.full = w.full || len(w.buf) > w.limit
}

func (w *writer) word(s string) {
	if w.gap != noGap {
		w.pay()
	}
	w.buf = append(w.buf, s...)
}

// block tells the elements that begin and end a paragraph.
func block(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details, atom.Dir,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.H1, atom.H2,
		atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Legend, atom.Li, atom.Main,
		atom.Menu, atom.Ol, atom.P, atom.Pre, atom.Search, atom.Section, atom.Summary, atom.Table, atom.Ul,
		atom.Caption, atom.Tr, atom.Thead, atom.Tbody, atom.Tfoot, atom.Form, atom.Html, atom.Td, atom.Th:
		return true
	}
	return false
}

// silent tells the elements whose text is no part of a statement.
func silent(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Nav, atom.Aside, atom.Button, atom.Select,
		atom.Input, atom.Textarea, atom.Svg, atom.Canvas, atom.Iframe, atom.Object, atom.Embed, atom.Audio,
		atom.Video, atom.Head, atom.Dialog, atom.Datalist, atom.Map, atom.Noembed, atom.Noframes, atom.Rp, atom.Rt,
		atom.Frameset, atom.Progress, atom.Meter, atom.Title:
		return true
	}
	return false
}

// body adds the text of an element and of all inside it, which a reader would
// see, leaving out what is silent, hidden or dropped by a rule.
func (w *writer) body(root *html.Node, drop []cascadia.SelectorGroup) {
	for n := root; n != nil && !w.full; {
		down := n.FirstChild
		switch n.Type {
		case html.TextNode:
			w.text(n.Data)
		case html.ElementNode:
			if n != root && (silent(n.DataAtom) || hidden(n) || matches(n, drop)) {
				down = nil
				if isShut(n) {
					w.shut++
				}
				if block(n.DataAtom) {
					w.owe(paragraphGap)
				}
				break
			}
			if at := levelOf(n); at != onLine && n != root && w.lift(n, at) {
				down = nil
				break
			}
			if n.DataAtom == atom.Table && n != root && w.cell == 0 && tabular(n) {
				w.table(n, drop)
				down = nil
				break
			}
			w.open(n)
			if down == nil {
				w.close(n)
			}
		}
		if down != nil {
			n = down
			continue
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			w.close(n)
		}
		if n == root {
			return
		}
		n = n.NextSibling
	}
}

func (w *writer) open(n *html.Node) {
	switch n.DataAtom {
	case 0:
	case atom.Br:
		w.lineBreak()
	case atom.Pre:
		w.owe(paragraphGap)
		w.pre++
	default:
		if block(n.DataAtom) {
			w.owe(paragraphGap)
		}
	}
}

func (w *writer) close(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	switch n.DataAtom {
	case 0, atom.Br:
	case atom.Pre:
		w.owe(paragraphGap)
		w.pre--
	default:
		if block(n.DataAtom) {
			w.owe(paragraphGap)
		}
	}
}

// lineOf is all text of an element on one line, at most about limit bytes.
func lineOf(root *html.Node, limit int) string {
	w := newLine()
	w.limit = limit
	for n := root; n != nil && !w.full; {
		if n != root && n.Type == html.ElementNode && n.DataAtom != atom.A {
			if at := levelOf(n); at != onLine && w.lift(n, at) {
				n = beyond(n, root)
				continue
			}
		}
		switch {
		case n.Type == html.TextNode:
			if p := n.Parent; p == nil || p.DataAtom != atom.Script && p.DataAtom != atom.Style {
				w.text(n.Data)
			}
		case n.Type == html.ElementNode && (n.DataAtom == atom.Br || block(n.DataAtom)):
			w.owe(spaceGap)
		}
		n = after(n, root)
	}
	return w.release()
}

// collapse is a string on one line with its white space collapsed.
func collapse(s string) string {
	if s == "" {
		return ""
	}
	w := newWriter()
	w.text(s)
	return w.release()
}
