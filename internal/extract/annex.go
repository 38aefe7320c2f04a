package extract

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"

	"volteface/internal/statement"
)

// maxAnnexes bounds the documents of one page that are read besides it.
const maxAnnexes = 12

// annexed are the endings of addresses of documents that are read.
var annexed = []string{".pdf", ".docx", ".odt"}

// linked is a link to a document, as it stands on the page.
type linked struct {
	node   *html.Node
	href   string
	inBody bool // inside an element that a selector of the body matches
}

// link keeps a link that may lead to an annex.
func (s *sight) link(n *html.Node, inBody bool) {
	if n.DataAtom != atom.A || len(s.links) >= 20*maxAnnexes {
		return
	}
	href := strings.TrimSpace(attribute(n, "href"))
	if href != "" && len(href) <= maxLink {
		s.links = append(s.links, linked{n, href, inBody})
	}
}

// annexes are the documents of the same site that the text links to, each once.
// Where no selector says what the text is, a link in a head, a menu or a foot of
// the page is none of it.
func (s *sight) annexes(page string, by statement.Path) []statement.Annex {
	base, err := url.Parse(page)
	if err != nil {
		return nil
	}
	if s.base != "" {
		if b, err := base.Parse(s.base); err == nil {
			base = b
		}
	}
	var all []statement.Annex
	for _, l := range s.links {
		u, err := base.Parse(l.href)
		if err != nil || absolute(u.String()) == "" || !slices.Contains(annexed, strings.ToLower(path.Ext(u.Path))) || !SameSite(page, u.String()) {
			continue
		}
		if by == statement.BySelectors && !l.inBody || by != statement.BySelectors && framed(l.node) {
			continue
		}
		u.Fragment = "" // a page of the document
		known := slices.ContainsFunc(all, func(a statement.Annex) bool { return a.URL == u.String() })
		if !known && len(all) < maxAnnexes {
			all = append(all, statement.Annex{URL: u.String(), Label: titleOf(l.node)})
		}
	}
	return all
}

// framed tells what stands in a head, a menu or a foot of a page.
func framed(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.Nav, atom.Header, atom.Footer, atom.Aside:
			return true
		}
	}
	return false
}

// SameSite reports whether two addresses are of hosts that one owner has
// registered: www.example.gov.uk and files.example.gov.uk are, two hosts under
// gov.uk are not (publicsuffix.org).
func SameSite(a, b string) bool {
	one, errOne := url.Parse(a)
	other, errOther := url.Parse(b)
	if errOne != nil || errOther != nil {
		return false
	}
	x, y := strings.ToLower(one.Hostname()), strings.ToLower(other.Hostname())
	if x == y {
		return x != "" && one.Port() == other.Port()
	}
	x, errOne = publicsuffix.EffectiveTLDPlusOne(x)
	y, errOther = publicsuffix.EffectiveTLDPlusOne(y)
	return errOne == nil && errOther == nil && x == y
}
