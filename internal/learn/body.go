package learn

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// block is a stretch of an article's text that stands by itself: a paragraph, a
// heading, an item of a list.
type block struct {
	node *html.Node
	text string
	own  bool // it is the article's, rather than of the frame, of other articles, of date and title
}

// divide finds the blocks of the articles and tells which are their own: what
// stands on several articles is of the frame, what links elsewhere leads away.
func divide(r *reader, articles []*article, items []Item, published []cascadia.SelectorGroup) {
	count, begins := map[string]int{}, map[string]int{} // of articles with a text, with a beginning in a place
	for _, a := range articles {
		a.blocks = blocksOf(a.root)
		seen := map[string]bool{}
		for _, b := range a.blocks {
			if key := statement.Letters(b.text); !seen[key] {
				seen[key] = true
				count[key]++
			}
			if begin := beginning(b); begin != "" && !seen[begin] {
				seen[begin] = true
				begins[begin]++
			}
		}
	}
	listed := map[string]bool{}
	for _, item := range items {
		listed[(statement.Source{}).Key(item.URL)] = true
	}
	for _, a := range articles {
		others := a.leadingAway(listed)
		main := statement.Letters(a.own.Body) // with one article, what a library takes for the main content decides
		lead := a.leadingIn(main)
		for i := range a.blocks {
			b := &a.blocks[i]
			key := statement.Letters(b.text)
			b.own = key != "" && (len(articles) == 1 && (main == "" || strings.Contains(main, key) || lead[i]) || len(articles) > 1 && count[key] == 1) && key != statement.Letters(a.title) && !aside(b.node) &&
				!r.dateline(b.text) && !(width(b.text) < 60 && called(b.node, besideWords)) && (len(articles) == 1 || begins[beginning(*b)] < len(articles)) && !linked(b.node) &&
				!slices.ContainsFunc(others, func(n *html.Node) bool { return within(b.node, n) }) && !isOneOf(b.node, published)
		}
	}
}

// leadingIn are the paragraphs between the title and the beginning of a text: a
// lead is often left out of it.
func (a *article) leadingIn(main string) map[int]bool {
	lead := map[int]bool{}
	behind := false
	for i, b := range a.blocks {
		key := statement.Letters(b.text)
		switch {
		case len(a.heads) > 0 && within(b.node, a.heads[0]):
			behind = true
		case !behind:
		case key != "" && width(b.text) >= 40 && strings.Contains(main, key):
			return lead
		case width(b.text) >= 60 && !linked(b.node):
			lead[i] = true
		}
	}
	return nil
}

// beginning is the place of a short text and how it begins, where that may be a
// label: "Last updated at", "Published in section:".
func beginning(b block) string {
	words := strings.Fields(b.text)
	if len(words) < 3 || len(words) > 12 || len(b.text) > 110 || strings.HasSuffix(b.text, ".") {
		return ""
	}
	return "@" + signature(b.node) + strings.Join(words[:2], " ")
}

// dateline tells whether a text is a date and nothing else, or a place and a date.
func (r *reader) dateline(text string) bool {
	if len(text) > 80 {
		return false
	}
	if !strings.ContainsFunc(text, unicode.IsLetter) { // a time of day, a counter
		return true
	}
	if _, with, ok := r.any(text); ok && with == 0 {
		return true
	}
	at := strings.LastIndexAny(text, ",|")
	if i := strings.IndexAny(text, ",|-"); i > 0 && i < 30 {
		if _, with, ok := r.any(text[i+1:]); ok && with == 0 {
			return true
		}
	}
	if at > 0 {
		if _, with, ok := r.any(text[:at]); ok && with == 0 {
			return true
		}
	}
	return false
}

// besideWords are what classes call short texts that stand beside a statement.
var besideWords = []string{"place", "location", "city", "meta", "category", "counter", "views", "code"}

func isOneOf(n *html.Node, groups []cascadia.SelectorGroup) bool {
	for ; n != nil && n.Type == html.ElementNode; n = n.Parent {
		for _, g := range groups {
			if g.Match(n) {
				return true
			}
		}
	}
	return false
}

// blocksOf are the innermost elements that hold text, in order.
func blocksOf(root *html.Node) (all []block) {
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (!isElement(n) || n.DataAtom == atom.Head || extract.Furniture(n)) {
			return
		}
		if n.Type == html.ElementNode && n.DataAtom != atom.Body && !hasBlocks(n) && blockTag(n) {
			if s := line(n); s != "" {
				all = append(all, block{node: n, text: s})
			}
			return
		}
		for c := range n.ChildNodes() {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" && n.Type == html.ElementNode && n.DataAtom != atom.Html {
				all = append(all, block{node: n, text: strings.Join(strings.Fields(c.Data), " ")})
			}
			walk(c)
		}
	}
	walk(root)
	return all
}

func blockTag(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Td, atom.Th, atom.Dd, atom.Dt, atom.Blockquote, atom.Div,
		atom.Figcaption, atom.Pre, atom.Section, atom.Article, atom.Time, atom.Span, atom.Header, atom.Footer, atom.Center, atom.Font, atom.Caption:
		return true
	}
	return false
}

// hasBlocks tells whether an element has blocks inside.
func hasBlocks(n *html.Node) bool {
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.P, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Td, atom.Dd, atom.Dt, atom.Blockquote, atom.Div, atom.Figcaption, atom.Pre, atom.Table, atom.Ul:
			return true
		}
	}
	return false
}

// linked tells whether most of a text is links.
func linked(n *html.Node) bool {
	for up := n; up != nil; up = up.Parent {
		if up.DataAtom == atom.A && attr(up, "href") != "" {
			return true
		}
	}
	in := 0
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			in += utf8.RuneCountInString(line(d))
		}
	}
	return in > 0 && float64(in) > 0.6*float64(utf8.RuneCountInString(line(n)))
}

// leadingAway are the parts of an article that tell of other statements: each as
// large as it is without the article's own title or much of its text.
func (a *article) leadingAway(listed map[string]bool) (parts []*html.Node) {
	self := (statement.Source{}).Key(a.URL)
	for n := range a.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		key := (statement.Source{}).Key(resolve(a.base, attr(n, "href")))
		if key == self || !listed[key] {
			continue
		}
		if n.Parent != nil && n.Parent.DataAtom == atom.P && !linked(n.Parent) {
			continue // a sentence of the text that refers to another statement
		}
		part := n
		for up := n.Parent; up != nil && up.DataAtom != atom.Body && up.DataAtom != atom.Main && up.DataAtom != atom.Article; up = up.Parent {
			if len(a.heads) > 0 && within(a.heads[0], up) || !teases(up, n) {
				break
			}
			part = up
		}
		parts = append(parts, part)
	}
	return parts
}

// teases tells whether an element is no more than links, each with a paragraph
// behind it at most: text before the link is not that of a teaser.
func teases(n, link *html.Node) bool {
	links, texts, before := 0, 0, true
	for d := range n.Descendants() {
		switch {
		case d == link:
			before = false
			links++
		case d.DataAtom == atom.A:
			links++
		case d.DataAtom == atom.P && utf8.RuneCountInString(line(d)) > 60:
			if texts++; before && links == 0 {
				return false
			}
		}
	}
	return texts <= links
}

// expected is the text of an article as its blocks tell it, from the first of some
// length behind the title on.
func (a *article) expected() string {
	var own []string
	for _, b := range a.mainBlocks() {
		own = append(own, b.text)
	}
	return strings.Join(own, "\n\n")
}

// mainBlocks are the article's own blocks that stand together: those in the
// element that has most of the longer ones.
func (a *article) mainBlocks() (main []block) {
	box := a.box()
	for _, b := range a.blocks {
		if b.own && (box == nil || within(b.node, box)) {
			main = append(main, b)
		}
	}
	return main
}

// weight counts what of an article's own longer text stands in an element.
func (a *article) weight(n *html.Node) (w int) {
	for _, b := range a.blocks {
		if b.own && width(b.text) >= 40 && within(b.node, n) {
			w += width(b.text)
		}
	}
	return w
}

// box is the smallest element with nearly all of the article's own longer text.
func (a *article) box() *html.Node {
	n, all := a.root, a.weight(a.root)
	if all == 0 {
		return nil
	}
	for {
		var heavy *html.Node
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode && float64(a.weight(c)) >= 0.97*float64(all) {
				heavy = c
				break
			}
		}
		if heavy == nil || blockTag(heavy) && !hasBlocks(heavy) {
			return n
		}
		n = heavy
	}
}

// learnBody finds selectors of the text and of what stands in it without being of
// it, on every article. None are given where the text has no place of its own.
func learnBody(articles []*article) (body, drop []string) {
	var with []*article // some are a title alone
	var seeds []*html.Node
	for _, a := range articles {
		box := a.box()
		if box == nil {
			continue
		}
		with = append(with, a)
		for k := 0; k < 5 && box != nil && box.Type == html.ElementNode && box.DataAtom != atom.Html; k, box = k+1, box.Parent {
			seeds = append(seeds, box)
		}
	}
	best, least := "", 0.6 // more than that is another part of the page
	for _, seed := range seeds {
		share := 0.0
		css := simplest([]*html.Node{seed}, nil, func(group cascadia.SelectorGroup, _ string) bool {
			share = 0
			for _, a := range with {
				found := outermost(find(a.root, group))
				if len(found) != 1 || float64(a.weight(found[0])) < 0.97*float64(a.weight(a.root)) {
					return false
				}
				share = max(share, a.strange(found[0]))
			}
			return true
		})
		if css != "" && share < least-0.01 {
			best, least = css, share
		}
	}
	if best == "" {
		return nil, nil
	}
	var boxes []*html.Node
	for _, a := range with {
		boxes = append(boxes, firstOf(a.root, mustGroup(best)))
	}
	return []string{best}, learnDrops(with, boxes)
}

// strange is the share of an element's text that is not the article's own.
func (a *article) strange(n *html.Node) float64 {
	own, all := 0, 1
	for _, b := range a.blocks {
		if within(b.node, n) {
			all += width(b.text)
			if b.own {
				own += width(b.text)
			}
		}
	}
	return 1 - float64(own)/float64(all)
}

func outermost(found []*html.Node) (outer []*html.Node) {
	for _, n := range found {
		if len(outer) == 0 || !within(n, outer[len(outer)-1]) {
			outer = append(outer, n)
		}
	}
	return outer
}

// learnDrops finds selectors of what stands inside the text and is not of it:
// title, date, what all articles have, what leads away.
func learnDrops(articles []*article, boxes []*html.Node) (drop []string) {
	covered := map[*html.Node]bool{}
	for i, a := range articles {
		for _, b := range a.blocks {
			if b.own || !within(b.node, boxes[i]) || b.node == boxes[i] || covered[b.node] {
				continue
			}
			top := foreignTop(a, b.node, boxes[i])
			if inside(top, covered) {
				continue
			}
			css := simplest([]*html.Node{top, b.node}, func(*html.Node) *html.Node { return boxes[i] }, func(group cascadia.SelectorGroup, css string) bool {
				return harmless(articles, boxes, group) && !strings.Contains(css, ":nth")
			})
			if css == "" {
				continue
			}
			drop = append(drop, css)
			for k := range articles {
				for _, n := range find(boxes[k], mustGroup(css)) {
					covered[n] = true
				}
			}
			if len(drop) == maxDrops {
				return drop
			}
		}
	}
	return drop
}

// maxDrops bounds how much is cut out of a text; more is another layout.
const maxDrops = 12

func inside(n *html.Node, set map[*html.Node]bool) bool {
	for ; n != nil; n = n.Parent {
		if set[n] {
			return true
		}
	}
	return false
}

// foreignTop is the largest element round a block, within the text, that has
// nothing of the article's own.
func foreignTop(a *article, n, box *html.Node) *html.Node {
	for up := n.Parent; up != nil && up != box; up = up.Parent {
		for _, b := range a.blocks {
			if b.own && within(b.node, up) {
				return n
			}
		}
		n = up
	}
	return n
}

// harmless tells whether a selector leaves the articles' own text alone.
func harmless(articles []*article, boxes []*html.Node, css cascadia.SelectorGroup) bool {
	for i, a := range articles {
		for _, n := range find(boxes[i], css) {
			for _, b := range a.blocks {
				if b.own && (within(b.node, n)) {
					return false
				}
			}
		}
	}
	return true
}
