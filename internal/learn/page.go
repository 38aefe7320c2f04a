// Package learn makes the definition of a source from pages: which blocks of a
// listing are its items, where their links, titles and dates stand, how the
// listing goes on, and which selectors find title, date, text and speaker on
// every article that is at hand. It looks at repeated structure and at agreement
// between pages, and asks no model and no service. Its functions are pure: bytes
// in, a definition out.
package learn

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
)

// Page is a page as it was answered or saved.
type Page struct {
	URL         string // that answered; relative links are resolved against it
	ContentType string // header of the answer, if any
	Body        []byte
}

// maxNodes bounds the elements and texts of a page that is learnt from; the longest
// transcripts seen have some 5,000.
const maxNodes = 80_000

// tree is a page that has been parsed.
type tree struct {
	Page
	root *html.Node
	base string
}

// ErrNotHTML says that a page is a document of another kind: it is read as it is,
// and has no selectors to learn.
var ErrNotHTML = errors.New("not an HTML page")

// IsHTML tells a page from a PDF, a word processor's file or a picture.
func IsHTML(p Page) bool {
	kind := http.DetectContentType(p.Body[:min(len(p.Body), 512)])
	return strings.HasPrefix(kind, "text/") || kind == "application/octet-stream" && !bytes.HasPrefix(bytes.TrimSpace(p.Body), []byte("%PDF-"))
}

// parse makes a tree. It fails with extract.ErrTooLarge, or with ErrNotHTML.
func parse(p Page) (*tree, error) {
	if !IsHTML(p) {
		return nil, ErrNotHTML
	}
	root, err := extract.Parse(p.Body, p.ContentType)
	if err != nil {
		return nil, err
	}
	nodes := 0
	for range root.Descendants() {
		if nodes++; nodes > maxNodes {
			return nil, extract.ErrTooLarge
		}
	}
	t := &tree{Page: p, root: root, base: p.URL}
	for n := range t.root.Descendants() {
		if n.DataAtom == atom.Base {
			if href := attr(n, "href"); href != "" {
				if base := resolve(p.URL, href); base != "" {
					t.base = base
				}
			}
			break
		}
	}
	return t, nil
}

func (t *tree) document() *goquery.Document { return goquery.NewDocumentFromNode(t.root) }

// resolve makes an http or https address of a link; "" for any other.
func resolve(base, href string) string {
	href = strings.TrimSpace(href)
	if href == "" || strings.HasPrefix(href, "#") || len(href) > 4<<10 {
		return ""
	}
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(href)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

// line is the text of an element on one line.
func line(n *html.Node) string {
	if n == nil {
		return ""
	}
	return extract.OneLine(n)
}

// within tells whether a node is an element or inside it.
func within(n, of *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == of {
			return true
		}
	}
	return false
}

// depth counts the ancestors of a node.
func depth(n *html.Node) (d int) {
	for ; n.Parent != nil; n = n.Parent {
		d++
	}
	return d
}

// isElement also says no to what no reader sees.
func isElement(n *html.Node) bool {
	return n.Type == html.ElementNode && n.DataAtom != atom.Script && n.DataAtom != atom.Style && n.DataAtom != atom.Noscript && n.DataAtom != atom.Template
}

// asideWords are what ids and classes call parts of a page that hold no statements.
var asideWords = []string{
	"nav", "menu", "footer", "sidebar", "side", "breadcrumb", "social", "share", "sharing", "lang", "language", "languages", "cookie", "cookies", "pager",
	"pagination", "paging", "tags", "tagcloud", "related", "search", "login", "toolbar", "skip", "banner", "popular", "mostread", "top-menu", "print", "newsletter",
}

// aside tells whether an element stands in navigation, a column or a foot rather
// than in what a page is about.
func aside(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.Nav, atom.Footer, atom.Aside:
			if n.DataAtom == atom.Footer && inArticle(n) {
				continue
			}
			return true
		case atom.Body, atom.Main, atom.Article:
			return false
		}
		if n.Type == html.ElementNode && called(n, asideWords) {
			return true
		}
	}
	return false
}

func inArticle(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Article || n.DataAtom == atom.Li || n.DataAtom == atom.Main {
			return true
		}
	}
	return false
}

// called tells whether the id, a class or the role of an element has one of some
// words in it.
func called(n *html.Node, words []string) bool {
	for i := range n.Attr {
		a := &n.Attr[i]
		if a.Key != "id" && a.Key != "class" && a.Key != "role" && a.Key != "itemprop" {
			continue
		}
		for _, token := range nameWords(a.Val) {
			for _, w := range words {
				if token == w {
					return true
				}
			}
		}
	}
	return false
}

// nameWords are the words of names such as "news-list__date" and "publishDate".
func nameWords(s string) (words []string) {
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	lower := false
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
			flush()
			lower = false
			continue
		case unicode.IsUpper(r) && lower:
			flush()
		}
		lower = unicode.IsLower(r)
		word.WriteRune(unicode.ToLower(r))
	}
	flush()
	return words
}
