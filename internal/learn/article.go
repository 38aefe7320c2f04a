package learn

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// article is the page of a statement, and what is expected of it.
type article struct {
	*tree
	listed Item   // as the listing names it; its URL is that of the page
	title  string // that a reader sees
	own    statement.Document
	heads  []*html.Node // elements that hold the title and nothing else
	blocks []block
}

// articles parses pages and reads them without any rule, as a first impression.
func (r *reader) articles(pages []Page, items []Item) ([]*article, error) {
	var all []*article
	for _, p := range pages {
		t, err := parse(p)
		if err != nil {
			return nil, err
		}
		a := &article{tree: t, listed: Item{URL: p.URL}}
		for _, item := range items {
			if (statement.Source{}).Key(item.URL) == (statement.Source{}).Key(p.URL) {
				a.listed = item
			}
		}
		doc, err := r.x.Extract(extract.Input{URL: p.URL, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage})
		if err == nil {
			a.own = doc
		}
		a.head()
		all = append(all, a)
	}
	return all, nil
}

// head finds the title: as listed, where the page has it so, else as the page
// itself is called.
func (a *article) head() {
	listed := strings.TrimRight(strings.TrimRight(a.listed.Title, "."), "… ")
	for _, want := range []string{a.listed.Title, a.own.Title} {
		if a.heads = a.holding(func(s string) bool { return want != "" && statement.Letters(s) == statement.Letters(want) }); len(a.heads) > 0 {
			a.title = want
			return
		}
		if len([]rune(listed)) > 20 {
			short := statement.Letters(listed)
			a.heads = a.holding(func(s string) bool {
				return strings.HasPrefix(statement.Letters(s), short) && len(s) < 3*len(listed)+40
			})
			if len(a.heads) > 0 {
				a.title = line(a.heads[0])
				a.heads = slices.DeleteFunc(a.heads, func(n *html.Node) bool { return line(n) != a.title })
				return
			}
		}
	}
	a.title = a.own.Title
}

// maxHead bounds a title, in bytes.
const maxHead = 1000

// holding are the elements of a page's body whose text is a title, those that are
// headings first.
func (a *article) holding(is func(string) bool) (found []*html.Node) {
	for n := range a.root.Descendants() {
		if !isElement(n) || n.DataAtom == atom.Title || n.DataAtom == atom.Head || n.DataAtom == atom.Html {
			continue
		}
		if s := line(n); len(s) <= maxHead && is(s) && !aside(n) && !(n.DataAtom == atom.A && resolve(a.base, attr(n, "href")) != "" && !sameKey(resolve(a.base, attr(n, "href")), a.URL)) {
			found = append(found, n)
		}
	}
	slices.SortStableFunc(found, func(x, y *html.Node) int { return cmp.Compare(rank(x), rank(y)) })
	return found[:min(len(found), 8)]
}

func sameKey(a, b string) bool { return (statement.Source{}).Key(a) == (statement.Source{}).Key(b) }

func rank(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1:
		return 0
	case atom.H2, atom.H3:
		return 1
	case atom.H4, atom.H5, atom.H6:
		return 2
	}
	return 3
}

// learnTitle finds a selector that finds the title on every article.
func learnTitle(articles []*article) string {
	if len(articles) == 0 || len(articles[0].heads) == 0 {
		return ""
	}
	return simplest(articles[0].heads, nil, func(css cascadia.SelectorGroup, _ string) bool {
		for _, a := range articles {
			n := firstOf(a.root, css)
			if n == nil || statement.Letters(line(n)) != statement.Letters(a.title) {
				return false
			}
		}
		return true
	})
}

// when is a place of an article where a date stands.
type when struct {
	node *html.Node
	key  string
	raw  string
	cost float64
}

// learnPublished finds where every article shows its date: that of the listing,
// where it names one.
func learnPublished(r *reader, articles []*article) (statement.DateRule, []time.Time, bool) {
	if len(articles) == 0 {
		return statement.DateRule{}, nil, false
	}
	places := r.datesOf(articles[0])
	slices.SortStableFunc(places, func(a, b when) int { return cmp.Compare(a.cost, b.cost) })
	want := make([]time.Time, len(articles))
	known := false
	for i, a := range articles {
		want[i] = a.listed.Published
		known = known || !want[i].IsZero()
	}
	for _, p := range places[:min(len(places), 20)] {
		var rule statement.DateRule
		var days []time.Time
		css := simplest([]*html.Node{p.node}, nil, func(group cascadia.SelectorGroup, css string) bool {
			raw := make([]string, len(articles))
			for i, a := range articles {
				n := firstOf(a.root, group)
				if raw[i] = shown(n, p.key); raw[i] == "" || len(raw[i]) > 200 {
					return false
				}
			}
			if raw[0] != p.raw {
				return false
			}
			with, got, ok := r.agreed(raw, want, 1)
			if !ok || !known && len(raw) > 1 && allSame(got) && allSame(raw) && !near(articles, group) {
				return false
			}
			rule, days = forms[with].rule([]string{css}, p.key, raw[0]), got
			return true
		})
		if css != "" {
			return rule, days, true
		}
	}
	return statement.DateRule{}, nil, false
}

// near tells whether what a selector finds stands by the title; a date of the
// frame, that of today, does not.
func near(articles []*article, css cascadia.SelectorGroup) bool {
	for _, a := range articles {
		n := firstOf(a.root, css)
		if len(a.heads) == 0 || n == nil || !withinSteps(n, a.heads[0], 3) {
			return false
		}
	}
	return true
}

// withinSteps tells whether two elements have a common ancestor so many steps up.
func withinSteps(n, of *html.Node, steps int) bool {
	for range steps {
		if n = n.Parent; n == nil || n.DataAtom == atom.Body || n.DataAtom == atom.Main {
			return false
		}
		if within(of, n) {
			return true
		}
	}
	return false
}

func allSame[T comparable](all []T) bool {
	for _, v := range all {
		if v != all[0] {
			return false
		}
	}
	return true
}

// datesOf are the places of an article that may show its date, with what speaks
// against each.
func (r *reader) datesOf(a *article) (places []when) {
	var head *html.Node
	if len(a.heads) > 0 {
		head = a.heads[0]
	}
	order, at := 0, -1
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if order++; n == head {
			at = order
		}
		for _, key := range []string{"datetime", "content", ""} {
			raw := shown(n, key)
			limit := 120
			if key == "" && (n.DataAtom == atom.P || n.DataAtom == atom.Div || n.DataAtom == atom.Td) {
				limit = 160
			}
			if raw == "" || len(raw) > limit || key == "" && (!isElement(n) || n.DataAtom == atom.Title || n.DataAtom == atom.Option) {
				continue
			}
			_, with, ok := r.any(raw)
			if !ok && !r.bothOrders(raw) {
				continue
			}
			w := when{node: n, key: key, raw: raw, cost: 0.4 * float64(with)}
			switch {
			case n.DataAtom == atom.Meta && strings.Contains(strings.ToLower(attr(n, "property")+attr(n, "name")), "publish"):
				w.cost += 1
			case n.DataAtom == atom.Meta:
				w.cost += 4
			case at < 0:
				w.cost += 1
			default:
				w.cost += 0.05 * float64(min(order-at, 60))
			}
			w.cost += against(n, head)
			places = append(places, w)
		}
	}
	return places
}

// bothOrders tells whether a string has figures of a date whose order only other
// dates can tell.
func (r *reader) bothOrders(raw string) bool {
	for i, f := range forms {
		if f.layout != "" {
			if _, ok := r.read(raw, i); ok {
				return true
			}
		}
	}
	return false
}

// elsewhere is what classes call parts that tell of other statements.
var elsewhere = []string{"teaser", "related", "more", "latest", "recommended"}

// against is what speaks against an element as the place of the date.
func against(n, head *html.Node) (cost float64) {
	if called(n, dateWords) || n.DataAtom == atom.Time || n.Parent != nil && n.Parent.DataAtom != atom.Body && called(n.Parent, dateWords[:4]) {
		cost -= 1.5
	}
	for k, up := 0, n; up != nil && k < 3; k, up = k+1, up.Parent {
		if called(up, lateWords) {
			cost += 3
			break
		}
	}
	if aside(n) || called(n, elsewhere) || n.Parent != nil && called(n.Parent, elsewhere) {
		cost += 4
	}
	if n == head || head != nil && within(head, n) {
		cost += 2.5 // the title itself
	}
	if hasLink(n) {
		cost += 1.5
	}
	return cost
}

// speakerWords are what classes call who speaks, spokenBy what labels call it.
var speakerWords = []string{"speaker", "speakers", "author", "byline", "spokesperson", "orator", "auteur", "redner", "delivered"}

// learnSpeaker finds where every article says who speaks.
func learnSpeaker(articles []*article, body string) string {
	if len(articles) == 0 {
		return ""
	}
	var seeds []*html.Node
	for n := range articles[0].root.Descendants() {
		if isElement(n) && called(n, speakerWords) && !aside(n) && isName(line(n)) {
			seeds = append(seeds, n)
		}
	}
	css := simplest(seeds[:min(len(seeds), 4)], nil, func(css cascadia.SelectorGroup, _ string) bool {
		for _, a := range articles {
			found := find(a.root, css)
			if len(found) == 0 || len(found) > 5 {
				return false
			}
			for _, n := range found {
				if !isName(line(n)) {
					return false
				}
			}
		}
		return true
	})
	if css != "" || body == "" {
		return css
	}
	for _, tag := range []string{"b", "strong"} {
		css := body + " p > " + tag + ":first-child"
		group, err := cascadia.ParseGroup(css)
		if err != nil {
			continue
		}
		all := true
		for _, a := range articles {
			turns := 0
			for _, n := range find(a.root, group) {
				if s := line(n); strings.HasSuffix(s, ":") && isName(strings.TrimSuffix(s, ":")) {
					turns++
				}
			}
			all = all && turns > 0
		}
		if all {
			return css
		}
	}
	return ""
}

// isName tells what may be a person's name: a few words, no sentence, no number.
func isName(s string) bool {
	words := strings.Fields(s)
	return len(words) > 0 && len(words) <= 6 && len(s) <= 90 && !strings.ContainsAny(s, "0123456789@/|") && !strings.HasSuffix(s, ".")
}
