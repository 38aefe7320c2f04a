package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract/raised"
)

// level is how text stands to its line.
type level uint8

const (
	onLine level = iota
	above
	below
	marked // a link to a note, wherever it stands
)

// levelOf tells whether an element raises or lowers its text, by its name, by
// its style or by the class names that editors write, or is a link to a note.
func levelOf(n *html.Node) level {
	switch n.DataAtom {
	case atom.Sup:
		return above
	case atom.Sub:
		return below
	case atom.A:
		if text, short := few(n); short && noteLink(n) && noteSign(text) {
			return marked
		}
	}
	if block(n.DataAtom) {
		return onLine
	}
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "style":
			if _, value, found := strings.Cut(strings.ToLower(a.Val), "vertical-align"); found {
				value, _, _ = strings.Cut(strings.TrimLeft(value, " :\t\n"), ";")
				switch strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important")) {
				case "super", "text-top":
					return above
				case "sub", "text-bottom":
					return below
				}
			}
		case "class":
			for c := range strings.FieldsSeq(a.Val) {
				switch strings.ToLower(c) {
				case "superscript", "super-script", "sup", "footnote-ref", "footnote-reference", "footnoteref", "footnote-anchor", "footnote-mark", "msofootnotereference":
					return above
				case "subscript", "sub-script", "sub":
					return below
				}
			}
		case "role":
			if a.Val == "doc-noteref" {
				return marked
			}
		}
	}
	return onLine
}

// noteLink tells whether a link leads to a note of the page, or back from one:
// by its role (DPUB-ARIA 1.0) or by the names that editors give to notes.
func noteLink(a *html.Node) bool {
	if role := attribute(a, "role"); role == "doc-noteref" || role == "doc-backlink" {
		return true
	}
	_, fragment, found := strings.Cut(attribute(a, "href"), "#")
	if !found {
		return false
	}
	fragment = strings.ToLower(strings.TrimLeft(fragment, "_-:"))
	for _, name := range [...]string{"fn", "ftn", "edn", "note", "footnote", "endnote", "cite", "sdfootnote", "sdendnote", "easy-footnote", "ref-", "ref_", "reference", "_ftn", "nota", "fussnote", "anm"} {
		if rest, is := strings.CutPrefix(fragment, name); is {
			return strings.ContainsFunc(rest, unicode.IsDigit) || strings.HasPrefix(rest, "ref") || strings.Trim(rest, "-_:") == "" || len(rest) <= 3
		}
	}
	return false
}

// noteSign tells whether what a link to a note shows is a sign: a mark, or one
// of the arrows that lead back to the text.
func noteSign(text string) bool {
	return text == "" || raised.Mark(".", text, "") || strings.Trim(text, "↩↑⏎^←⤴\ufe0e\ufe0f []()") == ""
}

// pageLink tells whether an element is, holds or stands in a link within its
// page.
func pageLink(n *html.Node) bool {
	for p, up := n.Parent, 0; p != nil && up < 2; p, up = p.Parent, up+1 {
		if p.DataAtom == atom.A {
			return withinPage(p)
		}
	}
	for d, looked := n, 0; d != nil && looked < maxFew; d, looked = after(d, n), looked+1 {
		if d.DataAtom == atom.A && withinPage(d) {
			return true
		}
	}
	return false
}

// maxFew bounds the nodes, and the bytes of text, of what is looked at as a mark.
const maxFew = 120

// few is the text of an element that holds little; ok is false for one that
// holds more than maxFew, which is no mark. It does not look into itself again:
// elements may be nested as deep as a page likes.
func few(root *html.Node) (text string, ok bool) {
	w := newLine()
	w.limit = maxFew
	looked := 0
	for n := root; n != nil && !w.full && looked < maxFew; looked++ {
		if n.Type == html.ElementNode && n != root && (silent(n.DataAtom) || hidden(n)) {
			n = beyond(n, root)
			continue
		}
		if n.Type == html.TextNode {
			w.text(n.Data)
		}
		n = after(n, root)
	}
	ok = !w.full && looked < maxFew
	return w.release(), ok
}

func withinPage(a *html.Node) bool {
	href := attribute(a, "href")
	return len(href) > 1 && href[0] == '#' || noteLink(a)
}

// lift adds text that is raised or lowered. It never joins the number or the
// word that it stands at: the marks of notes are left out, ordinals stay whole
// (21st), figures are written with the raised and lowered characters of Unicode
// (10⁶, m², CO₂), a fraction on the line (1 1/2), and anything else apart. It
// is false for what holds more than that, which is read like other text.
func (w *writer) lift(n *html.Node, at level) bool {
	text, short := few(n)
	if !short {
		w.owe(spaceGap)
		return false
	}
	before, behind := w.tail(), following(n)
	dropped := at == marked || pageLink(n) && noteSign(text)
	switch {
	case dropped:
	case text == "":
		w.owe(gapOf(n))
		return true
	case at == above && raised.Ordinal(before, text, behind, w.lang):
		switch text { // with the sign that keyboards have: "no" is a word
		case "o":
			text = "º"
		case "a":
			text = "ª"
		}
		w.text(text)
		return true
	case at == above && fraction(n, text, behind), at == below && denominator(before, text):
		if at == above && raised.Joined(before, text) {
			w.owe(spaceGap)
		}
		w.text(text)
		return true
	default:
		dropped = at == above && raised.Mark(before, text, behind)
	}
	if dropped {
		w.notes++
		switch next := behind; {
		case w.gap == noGap && raised.Joined(before, next):
			w.owe(spaceGap)
		case w.gap == spaceGap && next != "" && strings.ContainsRune(".,;:!?)”»", []rune(next)[0]):
			w.gap = noGap
		}
		return true
	}
	write := raised.Above
	if at == below {
		write = raised.Below
	}
	switch t, ok := write(text); {
	case ok:
		w.text(t)
	case at == above && strings.EqualFold(text, "tm"):
		w.text("™")
	case !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		w.text(text)
	default:
		w.owe(spaceGap)
		w.text(text)
		w.owe(spaceGap)
	}
	return true
}

// gapOf is the white space that an element without words leaves.
func gapOf(n *html.Node) gap {
	if n.FirstChild != nil {
		return spaceGap
	}
	return noGap
}

// tail is what stands right before, with no space between.
func (w *writer) tail() string {
	if w.gap != noGap {
		return ""
	}
	end := w.buf[max(0, len(w.buf)-64):]
	for len(end) > 0 && end[0]&0xc0 == 0x80 {
		end = end[1:]
	}
	return string(end)
}

// following is the beginning of the text that comes right behind an element in
// its paragraph.
func following(n *html.Node) string {
	root := n
	for root.Parent != nil && !block(root.DataAtom) {
		root = root.Parent
	}
	looked := 0
	for m := beyond(n, root); m != nil && looked < 8; m = after(m, root) {
		looked++
		if m.Type == html.ElementNode && (block(m.DataAtom) || m.DataAtom == atom.Br) {
			return ""
		}
		if m.Type == html.TextNode && m.Data != "" {
			return m.Data[:min(len(m.Data), 40)]
		}
	}
	return ""
}

// fraction tells whether raised figures are the upper part of a fraction, whose
// lower part is lowered behind a stroke.
func fraction(n *html.Node, text, behind string) bool {
	stroke := strings.TrimLeft(behind, " ")
	if !isDigits(text) || stroke != "/" && stroke != "⁄" && stroke != "∕" {
		return false
	}
	for m, up := n, 0; m != nil && up < 3; m, up = m.Parent, up+1 {
		for s := m.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.ElementNode {
				return levelOf(s) == below
			}
		}
	}
	return false
}

func denominator(before, text string) bool {
	for _, stroke := range []string{"/", "⁄", "∕"} {
		if figure, is := strings.CutSuffix(before, stroke); is && isDigits(text) {
			return figure != "" && isDigits(figure[len(figure)-1:])
		}
	}
	return false
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
