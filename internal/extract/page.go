package extract

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract/raised"
	"volteface/internal/statement"
)

// maxTitle bounds a title, in bytes: a selector that finds more has hit the
// text.
const maxTitle = 2000

// page extracts an HTML page or a plain text.
func (x *Extractor) page(in Input) (statement.Document, error) {
	text, _ := Decode(in.Body, in.ContentType)
	if kind, _, _ := mime.ParseMediaType(in.ContentType); kind == "text/plain" {
		return x.plainText(string(text))
	}
	if TooHeavy(text) {
		return statement.Document{}, ErrTooLarge
	}
	root, err := parse(text)
	if err != nil {
		return statement.Document{}, fmt.Errorf("parse: %w", err)
	}
	look := x.scan(root)
	if look.writer.full {
		return statement.Document{}, ErrTooLarge
	}
	doc := statement.Document{Path: statement.BySelectors, Language: x.language(look.langs()...), Canonical: look.canonical}
	doc.Title = look.title(x)
	doc.Published, doc.Updated = look.published(x), look.updated(x)
	annexes := look.annexes(in.URL, statement.ByMainContent)
	named := look.speakers() // before main-content extraction takes the tree apart
	doc.LeftOut = look.writer.leftOut()
	doc.Body = look.writer.release()
	if x.src.Extract.InTurn && doc.Body != "" {
		if doc.Body, err = x.inTurn(root); err != nil {
			return statement.Document{}, err
		}
	}
	switch {
	case doc.Body != "" && in.Via != statement.ByMainContent:
		annexes = look.annexes(in.URL, statement.BySelectors)
	case x.src.Extract.TitleOnly && look.hasBody && look.titleNode != nil && in.Via != statement.ByMainContent:
	case in.Via == statement.BySelectors:
		return statement.Document{}, ErrNoSelector
	default:
		doc.Path = statement.ByMainContent
		if doc.Body, err = x.mainContent(root, look.titleNode, in.URL, &doc); err != nil {
			return statement.Document{}, err
		}
	}
	doc.Annexes = annexes
	return x.finish(doc, named)
}

// inTurn is the body put together in the order of its selectors.
func (x *Extractor) inTurn(root *html.Node) (string, error) {
	w := newWriter()
	w.lang = x.lang
	for i := range x.rules.body {
		for n := root; n != nil; {
			if n.Type == html.ElementNode && matches(n, x.rules.body[i:i+1]) {
				w.owe(paragraphGap)
				w.body(n, x.rules.drop)
				w.owe(paragraphGap)
				n = beyond(n, root)
				continue
			}
			n = after(n, root)
		}
	}
	if w.full {
		return "", ErrTooLarge
	}
	return w.release(), nil
}

// finish applies the rules for paragraphs and speakers.
func (x *Extractor) finish(doc statement.Document, named []string) (statement.Document, error) {
	if len(doc.Body) > maxText {
		return statement.Document{}, ErrTooLarge
	}
	doc.Body = x.dropParagraphs(doc.Body)
	marks := 0
	doc.Title, _ = raised.WithoutMarks(doc.Title)
	doc.Body, marks = raised.WithoutMarks(doc.Body)
	doc.LeftOut.Marks += marks
	if doc.Body == "" && !(x.src.Extract.TitleOnly && doc.Path == statement.BySelectors) {
		return statement.Document{}, ErrEmpty
	}
	doc.Speakers = x.speakers(doc.Body, named)
	return doc, nil
}

func (x *Extractor) dropParagraphs(body string) string {
	if len(x.rules.dropText) == 0 {
		return body
	}
	kept := make([]string, 0, strings.Count(body, "\n\n")+1)
paragraphs:
	for p := range strings.SplitSeq(body, "\n\n") {
		for _, re := range x.rules.dropText {
			if re.MatchString(p) {
				continue paragraphs
			}
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, "\n\n")
}

// plainText takes a text without markup: blank lines divide its paragraphs.
func (x *Extractor) plainText(text string) (statement.Document, error) {
	w := newWriter()
	w.pre = 1
	w.text(text)
	doc := statement.Document{Path: statement.ByMainContent, Language: x.src.Language, Body: w.release()}
	doc.Title, _, _ = strings.Cut(doc.Body, "\n")
	if len(doc.Title) > maxTitle {
		doc.Title = ""
	}
	return x.finish(doc, nil)
}

// parse builds the tree of a page. Markup that is nested or left open beyond
// measure is flattened first: the parser refuses more than 512 open elements,
// and copies every open formatting element into each paragraph. What readers can
// open is marked.
func parse(text []byte) (*html.Node, error) {
	if explosive(text) {
		text = flatten(text)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		root, err = html.Parse(bytes.NewReader(flatten(text)))
	}
	if err == nil {
		unfold(root)
	}
	return root, err
}

// sight is what one walk over a page has found.
type sight struct {
	firsts    []wanted
	rules     *compiled
	writer    *writer
	hasBody   bool // an element of the body is there, whatever it holds
	speaking  []*html.Node
	meta      map[string]string
	lang      string
	canonical string
	pageTitle *html.Node
	headings  []*html.Node // of the first three levels, at most maxHeadings
	titleNode *html.Node   // the element the title was taken from, if any
	ld        []string     // JSON-LD blocks
	links     []linked
	base      string // href of <base>, the first
	root      *html.Node
}

// wanted is the first element that a selector matches.
type wanted struct {
	selector cascadia.SelectorGroup
	node     *html.Node
}

// scan walks over a page once and keeps what the rules ask for.
func (x *Extractor) scan(root *html.Node) *sight {
	r := &x.rules
	s := &sight{rules: r, root: root, writer: newWriter()}
	s.writer.lang = x.lang
	add := func(groups []cascadia.SelectorGroup) {
		for _, g := range groups {
			s.firsts = append(s.firsts, wanted{selector: g})
		}
	}
	add(r.title)
	for _, d := range r.published {
		add(d.selectors)
	}
	for _, d := range r.updated {
		add(d.selectors)
	}
	missing := len(s.firsts)
	var end *html.Node // where the text now being written ends
	writing := false
	for n := root; n != nil; n = after(n, root) {
		if n == end {
			writing = false
		}
		if n.Type != html.ElementNode {
			continue
		}
		s.note(n)
		s.link(n, writing)
		if missing > 0 {
			for i := range s.firsts {
				if f := &s.firsts[i]; f.node == nil && f.selector.Match(n) {
					f.node = n
					missing--
				}
			}
		}
		if len(s.speaking) < maxTurns && matches(n, r.speaker) {
			s.speaking = append(s.speaking, n)
		}
		if !writing && matches(n, r.body) {
			s.writer.owe(paragraphGap)
			s.writer.body(n, r.drop)
			s.writer.owe(paragraphGap)
			s.hasBody = true
			writing, end = true, beyond(n, root)
		}
	}
	return s
}

// note keeps what a page says of itself.
func (s *sight) note(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		s.lang = attribute(n, "lang")
	case atom.Title:
		if s.pageTitle == nil {
			s.pageTitle = n
		}
	case atom.Base:
		if s.base == "" {
			s.base = attribute(n, "href")
		}
	case atom.H1, atom.H2, atom.H3:
		if len(s.headings) < maxHeadings {
			s.headings = append(s.headings, n)
		}
	case atom.Link:
		if s.canonical == "" && hasToken(attribute(n, "rel"), "canonical") {
			s.canonical = absolute(attribute(n, "href"))
		}
	case atom.Script:
		if attribute(n, "type") == "application/ld+json" && n.FirstChild != nil && len(s.ld) < 20 {
			s.ld = append(s.ld, n.FirstChild.Data)
		}
	case atom.Meta:
		name := attribute(n, "property")
		if name == "" {
			name = attribute(n, "name")
		}
		if name == "" {
			name = attribute(n, "itemprop")
		}
		if name == "" {
			name = attribute(n, "http-equiv")
		}
		if wantedMeta(name) {
			if s.meta == nil {
				s.meta = make(map[string]string, 8)
			}
			name = strings.ToLower(name)
			if _, twice := s.meta[name]; !twice {
				s.meta[name] = attribute(n, "content")
			}
		}
	}
}

func wantedMeta(name string) bool {
	switch len(name) {
	case 0:
		return false
	case 4, 7, 8, 9, 11, 12, 13, 14, 15, 16, 22: // of the names below
	default:
		return false
	}
	switch strings.ToLower(name) {
	case "og:title", "og:site_name", "og:locale", "content-language", "article:published_time", "datepublished",
		"dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created", "date", "pubdate", "publishdate":
		return true
	}
	return false
}

func hasToken(list, token string) bool {
	for f := range strings.FieldsSeq(list) {
		if strings.EqualFold(f, token) {
			return true
		}
	}
	return false
}

// maxLink is the longest link that is heeded, in bytes.
const maxLink = 8 << 10

// absolute is an http or https address with a host, "" for anything else.
func absolute(address string) string {
	address = strings.TrimSpace(address)
	if len(address) > maxLink {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

func (s *sight) langs() []string {
	return []string{s.lang, s.meta["content-language"], s.meta["og:locale"]}
}

// title is the first that a rule finds, else the page's own idea of it.
func (s *sight) title(x *Extractor) string {
	for i := range x.rules.title {
		if t := titleOf(s.firsts[i].node); t != "" {
			s.titleNode = s.firsts[i].node
			return t
		}
	}
	return s.ownTitle()
}

func titleOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	w := newLine()
	w.body(n, nil)
	if w.full {
		w.buf = w.buf[:0]
	}
	return w.release()
}

func (s *sight) published(x *Extractor) statement.Date {
	if len(x.rules.published) == 0 {
		return s.ownDate(x)
	}
	return s.dateBy(x, x.rules.published, len(x.rules.title))
}

func (s *sight) updated(x *Extractor) statement.Date {
	at := len(x.rules.title)
	for _, r := range x.rules.published {
		at += len(r.selectors)
	}
	return s.dateBy(x, x.rules.updated, at)
}

// dateBy reads dates from the elements already found; those of rule 0 begin at
// the given place.
func (s *sight) dateBy(x *Extractor, rules []dateRule, at int) statement.Date {
	if len(rules) == 0 {
		return statement.Date{}
	}
	return x.dateBy(rules, func(rule int) []*html.Node {
		from := at
		for _, r := range rules[:rule] {
			from += len(r.selectors)
		}
		nodes := make([]*html.Node, 0, 4)
		for _, f := range s.firsts[from : from+len(rules[rule].selectors)] {
			nodes = append(nodes, f.node)
		}
		return nodes
	})
}

func (s *sight) speakers() []string {
	var names []string
	for _, n := range s.speaking {
		if name := markedSpeaker(n, s.rules.drop); name != "" && len(names) < maxSpeakers && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
