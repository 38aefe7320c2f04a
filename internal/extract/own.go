package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/statement"
)

// maxHeadings bounds the headings that are compared with a page's own title.
const maxHeadings = 60

// ownTitle is the title of a page for which no rule finds one. Pages call
// themselves something in og:title and <title>, mostly with the site's name
// before or after; the heading that says the same without it is the title.
func (s *sight) ownTitle() string {
	site := collapse(s.meta["og:site_name"])
	og := withoutSite(collapse(s.meta["og:title"]), site)
	whole := withoutSite(titleOf(s.pageTitle), site)
	shown := s.shownHeadings()
	for _, level := range []atom.Atom{atom.H1, atom.H2, atom.H3} {
		for _, h := range shown {
			if h.node.DataAtom == level && len(h.text) >= 8 && (agrees(og, h.text) || agrees(whole, h.text)) {
				s.titleNode = h.node
				return h.text
			}
		}
	}
	var main []heading // headings of the first level
	for _, h := range shown {
		if h.node.DataAtom == atom.H1 && utf8.RuneCountInString(h.text) >= 4 {
			main = append(main, h)
			for _, part := range parts(og, whole) {
				if strings.Contains(h.text, part) { // a date or a category stands in the heading too
					s.titleNode = h.node
					return part
				}
			}
		}
	}
	if len(main) == 1 {
		s.titleNode = main[0].node
		return main[0].text
	}
	if og != "" {
		return og
	}
	if t := fromLD(s.ld, "headline"); t != "" {
		return t
	}
	return whole
}

type heading struct {
	node *html.Node
	text string
}

// shownHeadings leaves out what is only there for screen readers.
func (s *sight) shownHeadings() []heading {
	var shown []heading
	for _, n := range s.headings {
		if hidden(n) {
			continue
		}
		if t := titleOf(n); t != "" {
			shown = append(shown, heading{n, t})
		}
	}
	return shown
}

// agrees tells whether a page's name begins or ends with a heading, and what
// is left is set off from it and shorter: else it is the site's own heading.
func agrees(name, text string) bool {
	if len(text)*2 < len(name) {
		return false
	}
	if before, ok := strings.CutSuffix(name, text); ok {
		return before == "" || strings.HasSuffix(before, " ")
	}
	after, ok := strings.CutPrefix(name, text)
	return ok && strings.HasPrefix(after, " ")
}

// parts are the long pieces of a page's names between separators.
func parts(names ...string) []string {
	var found []string
	for _, name := range names {
		for _, separator := range nameSeparators {
			pieces := strings.Split(name, separator)
			if len(pieces) < 2 || len(pieces) > 6 {
				continue
			}
			for _, p := range []string{strings.Join(pieces[:len(pieces)-1], separator), strings.Join(pieces[1:], separator)} {
				if p = strings.TrimSpace(p); utf8.RuneCountInString(p) >= 20 && !slices.Contains(found, p) {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// nameSeparators set a page's own name off from that of its site.
var nameSeparators = []string{" | ", " - ", " – ", " — ", " • ", " / "}

// nameParts are those of a page's name between separators.
func nameParts(name string) (all []string) {
	for _, separator := range nameSeparators {
		if parts := strings.Split(name, separator); len(parts) > 1 {
			all = append(all, parts...)
		}
	}
	return all
}

func withoutSite(title, site string) string {
	if site == "" {
		return title
	}
	if t, ok := strings.CutSuffix(title, site); ok && t != "" {
		return strings.TrimRight(t, " |-–—•:·»")
	}
	return title
}

// ownDate is the date of publication of a page for which the source has no
// rule: as declared for other programs, in a <time> element, or standing by
// itself next to the title. A declared date of modification is not taken: it is
// not shown, and changes when nothing that can be read does; nor is a date in
// the middle of other words, such as "valid on", which changes every day.
func (s *sight) ownDate(x *Extractor) statement.Date {
	read := func(raw string) (statement.Date, bool) {
		if raw == "" || len(raw) > maxDate {
			return statement.Date{}, false
		}
		d := x.anyDate(raw, "")
		return d, !d.Time.IsZero()
	}
	for _, name := range [...]string{"article:published_time", "datepublished"} {
		if d, ok := read(collapse(s.meta[name])); ok {
			return d
		}
	}
	if d, ok := read(fromLD(s.ld, "datePublished")); ok {
		return d
	}
	if d := x.timeElement(s.mainElement()); !d.Time.IsZero() {
		return d
	}
	for _, name := range [...]string{
		"dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "pubdate", "publishdate", "date",
	} {
		if d, ok := read(collapse(s.meta[name])); ok {
			return d
		}
	}
	return s.dateByTitle(read)
}

// mainElement is the smallest <article> or <main> around the title, else the
// whole page.
func (s *sight) mainElement() *html.Node {
	if s.titleNode != nil {
		for n := s.titleNode.Parent; n != nil; n = n.Parent {
			if n.DataAtom == atom.Article || n.DataAtom == atom.Main {
				return n
			}
		}
	}
	return s.root
}

// dateByTitle looks for a date that is all an element says, in the elements
// right after the title and a few before it. A label with a colon or a place
// with a comma may stand before it.
func (s *sight) dateByTitle(read func(string) (statement.Date, bool)) statement.Date {
	if s.titleNode == nil {
		return statement.Date{}
	}
	try := func(n *html.Node) (statement.Date, bool) {
		if n.Type != html.ElementNode || silent(n.DataAtom) || hidden(n) {
			return statement.Date{}, false
		}
		raw := lineOf(n, maxDate)
		if len(raw) > 80 {
			return statement.Date{}, false
		}
		for range 3 {
			if d, ok := read(raw); ok {
				return d, true
			}
			i := strings.IndexAny(raw, ":,")
			if i < 0 || strings.ContainsAny(raw[:i], "0123456789") {
				break
			}
			raw = strings.TrimSpace(raw[i+1:])
		}
		return statement.Date{}, false
	}
	n := beyond(s.titleNode, s.root)
	for range 30 {
		if n == nil {
			break
		}
		if d, ok := try(n); ok {
			return d
		}
		n = after(n, s.root)
	}
	n = before(s.titleNode)
	for range 20 {
		if n == nil {
			break
		}
		if d, ok := try(n); ok {
			return d
		}
		n = before(n)
	}
	return statement.Date{}
}

// before is the node that precedes another in document order.
func before(n *html.Node) *html.Node {
	if n.PrevSibling == nil {
		return n.Parent
	}
	n = n.PrevSibling
	for n.LastChild != nil {
		n = n.LastChild
	}
	return n
}

// counter recognises a paragraph that counts readers, which the library takes
// for text: "Number of views (4099)/Comments (0)".
var counter = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(number of )?(page )?(views|viewed|hits|downloads|просмотров)\b.{0,3}[\d.,  ]+( times)?\b.{0,40}$`)
})

func withoutCounters(body string) string {
	if !strings.ContainsAny(body, "0123456789") {
		return body
	}
	kept := make([]string, 0, strings.Count(body, "\n\n")+1)
	for p := range strings.SplitSeq(body, "\n\n") {
		if len(p) > 100 || !counter().MatchString(p) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}
