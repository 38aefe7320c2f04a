package extract

import (
	"fmt"
	"net/url"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/statement"
)

// mainContent finds the text of a page on which no selector matched: what a
// library takes for the main content (docs/decisions/0002 tells why this one).
// It changes the tree.
func (x *Extractor) mainContent(root, title *html.Node, address string, doc *statement.Document) (text string, err error) {
	defer func() { // foreign code on foreign bytes
		if r := recover(); r != nil {
			text, err = "", fmt.Errorf("%w: main-content extraction failed: %v", ErrEmpty, r)
		}
	}()
	shut := x.clear(root)
	between := lead(title, root)
	markClutter(root)
	base, err := url.Parse(address)
	if err != nil {
		base = nil
	}
	spare := cloned(root)
	article, err := readable(root, base)
	if err == nil && article.Node != nil {
		nameAtoms(article.Node)
		if !declutter(article.Node) { // what was found is called something else, and longer than the text
			dropMarked(spare)
			if second, err := readable(spare, base); err == nil && second.Node != nil {
				article = second
				nameAtoms(article.Node)
			}
		}
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrEmpty, err)
	}
	if doc.Title == "" {
		doc.Title = collapse(article.Title())
	}
	if article.Node == nil {
		return "", ErrEmpty
	}
	x.trim(article.Node, doc.Title, doc.Published)
	prefix(article.Node, between)
	w := newWriter()
	w.lang = x.lang
	w.body(article.Node, nil)
	if w.full {
		return "", ErrTooLarge
	}
	doc.LeftOut = w.leftOut()
	doc.LeftOut.Hidden += shut
	return withoutCounters(w.release()), nil
}

// readable asks the library for the main content of a page, with the names of its
// elements.
func readable(root *html.Node, base *url.URL) (readability.Article, error) {
	parser := readability.NewParser()
	parser.KeepClasses = true
	return parser.ParseAndMutate(root, base)
}

// clear takes out what the rules drop and what is hidden: the library does not
// know the former, and loses the classes that tell the latter. It counts the
// passages that no reader can open.
func (x *Extractor) clear(root *html.Node) (shut int) {
	for n := root; n != nil; {
		next := after(n, root)
		if n.Type == html.ElementNode && n.Parent != nil && n.Parent.Type == html.ElementNode && (hidden(n) || landmark(n) || siteFooter(n) || matches(n, x.rules.drop)) {
			next = beyond(n, root)
			n.Parent.RemoveChild(n)
			if isShut(n) {
				shut++
			}
		}
		n = next
	}
	return shut
}

// siteFooter tells whether a <footer> is that of the page, not of a part of it
// (HTML-AAM 1.0: then it is a landmark with the role contentinfo).
func siteFooter(n *html.Node) bool {
	if n.DataAtom != atom.Footer {
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Article, atom.Aside, atom.Main, atom.Nav, atom.Section:
			return false
		}
	}
	return true
}

// landmark tells whether an element is declared to be the site's own header or
// footer (WAI-ARIA 1.2, roles banner and contentinfo): what changes there, such
// as a slider of news, is none of the page's text.
func landmark(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "role" && (a.Val == "banner" || a.Val == "contentinfo") {
			return true
		}
	}
	return false
}
