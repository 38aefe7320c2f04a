package learn

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/scrapers"
)

// learnDates finds where the listing shows the dates of its items: inside them,
// behind or before them, in their titles, or in their addresses.
func (l *Listing) learnDates(r *reader) {
	for _, by := range []func(*reader) bool{l.datesInside, l.datesInBoxes, l.datesAround, l.datesInText, l.datesInAddresses} {
		if by(r) {
			return
		}
	}
}

// place is where in the items something stands.
type place struct {
	key   string // attribute; "" for the text
	nodes []*html.Node
	raw   []string
	with  int // form
	days  []time.Time
	cost  float64
}

// datesInside looks at the elements of the items.
func (l *Listing) datesInside(r *reader) bool {
	byPlace := map[string]*place{}
	var order []string
	for i, item := range l.Items {
		for n := range item.node.Descendants() {
			if !isElement(n) || n.DataAtom == atom.A && n == item.link {
				continue
			}
			for _, key := range []string{"datetime", "content", ""} {
				raw := shown(n, key)
				if raw == "" || len(raw) > 120 || !strings.ContainsFunc(raw, unicode.IsDigit) || key == "" && n != item.node && hasLink(n) {
					continue
				}
				if n == item.title || item.title != nil && within(item.title, n) {
					continue
				}
				sig := relative(n, item.node) + "@" + key
				p := byPlace[sig]
				if p == nil {
					p = &place{key: key, nodes: make([]*html.Node, len(l.Items)), raw: make([]string, len(l.Items))}
					byPlace[sig] = p
					order = append(order, sig)
				}
				if p.nodes[i] == nil {
					p.nodes[i], p.raw[i] = n, raw
				}
			}
		}
	}
	var fine []*place
	for _, sig := range order {
		p := byPlace[sig]
		ok := false
		if p.with, p.days, ok = r.agreed(p.raw, nil, 0.7); !ok {
			continue
		}
		n := firstNode(p.nodes)
		p.cost = float64(p.with)*0.3 + 0.05*float64(depth(n))
		if called(n, dateWords) || n.DataAtom == atom.Time {
			p.cost -= 2
		}
		if called(n, lateWords) {
			p.cost += 3
		}
		if p.key == "" && l.ambiguous(p) {
			p.cost += 1
		}
		if p.key == "datetime" && len(p.raw[0]) <= len(time.DateOnly) {
			p.cost += 0.5 // a day alone; the text may have the time
		}
		fine = append(fine, p)
	}
	slices.SortStableFunc(fine, func(a, b *place) int { return cmp.Compare(a.cost, b.cost) })
	for _, p := range fine {
		if l.take(p) {
			return true
		}
	}
	return false
}

// ambiguous tells whether the figures of a date could be read in either order.
func (l *Listing) ambiguous(p *place) bool { return forms[p.with].layout != "" }

func firstNode(nodes []*html.Node) *html.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}

func hasLink(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A && attr(d, "href") != "" {
			return true
		}
	}
	return false
}

// relative is the place of an element in another.
func relative(n, in *html.Node) string {
	var b strings.Builder
	for ; n != nil && n != in; n = n.Parent {
		b.WriteString(n.Data)
		if c := strings.Fields(attr(n, "class")); len(c) > 0 && !madeName.MatchString(c[0]) {
			b.WriteString("." + c[0])
		}
		b.WriteByte('/')
	}
	return b.String()
}

// take makes a rule of a place in the items, if a selector finds it in all.
func (l *Listing) take(p *place) bool {
	var seeds []*html.Node
	for _, i := range picks(len(p.nodes)) {
		if p.nodes[i] != nil {
			seeds = append(seeds, p.nodes[i])
		}
	}
	css := simplest(seeds, l.scope, func(css cascadia.SelectorGroup, _ string) bool {
		for i, item := range l.Items {
			n := firstOf(item.node, css)
			if n == nil && item.node.Type == html.ElementNode && css.Match(item.node) {
				n = item.node
			}
			if n == nil {
				if p.nodes[i] != nil {
					return false
				}
				continue
			}
			if shown(n, p.key) != p.raw[i] {
				return false
			}
		}
		return true
	})
	if css == "" {
		return false
	}
	l.dated([]string{css}, p.key, p.with, p.raw, p.days)
	return true
}

func (l *Listing) dated(css []string, key string, with int, raw []string, days []time.Time) {
	example := ""
	for _, s := range raw {
		if example = s; s != "" {
			break
		}
	}
	l.Rules.Date = []statement.DateRule{forms[with].rule(css, key, example)}
	for i := range l.Items {
		l.Items[i].Published = days[i]
	}
}

// datesInBoxes looks for day, month and year in elements of their own, as on a
// calendar's leaf.
func (l *Listing) datesInBoxes(r *reader) bool {
	boxes := make([]*html.Node, len(l.Items))
	for i, item := range l.Items {
		for n := range item.node.Descendants() {
			if kids := leaves(n); len(kids) == 3 && isElement(n) {
				if at := r.x.ReadDate(joined(kids)).Time; r.plausible(at) {
					boxes[i] = n
					break
				}
			}
		}
		if boxes[i] == nil {
			return false
		}
	}
	var css []string
	days, raw := make([]time.Time, len(boxes)), make([]string, len(boxes))
	for k := range 3 {
		var seeds []*html.Node
		for _, i := range picks(len(boxes)) {
			seeds = append(seeds, leaves(boxes[i])[k])
		}
		one := simplest(seeds, l.scope, func(group cascadia.SelectorGroup, _ string) bool {
			for i, item := range l.Items {
				if firstOf(item.node, group) != leaves(boxes[i])[k] {
					return false
				}
			}
			return true
		})
		if one == "" {
			return false
		}
		css = append(css, one)
	}
	for i := range boxes {
		raw[i] = joined(leaves(boxes[i]))
		days[i] = r.x.ReadDate(raw[i]).Time
	}
	l.dated(css, "", 0, raw, days)
	return true
}

// leaves are the elements inside another, if they are all it has and have none
// themselves.
func leaves(n *html.Node) (all []*html.Node) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.ElementNode && c.FirstChild != nil && c.FirstChild == c.LastChild && c.FirstChild.Type == html.TextNode:
			all = append(all, c)
		case c.Type == html.ElementNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
			return nil
		}
	}
	return all
}

func joined(nodes []*html.Node) string {
	var parts []string
	for _, n := range nodes {
		parts = append(parts, line(n))
	}
	return strings.Join(parts, " ")
}

// datesAround looks behind and before the items.
func (l *Listing) datesAround(r *reader) bool {
	items := map[*html.Node]int{}
	for i, item := range l.Items {
		items[item.node] = i
	}
	box := l.container()
	gaps := make([][]*html.Node, len(l.Items)+1) // dates before each item, and behind the last
	at, end := 0, (*html.Node)(nil)
	for n := range box.Descendants() {
		if i, is := items[n]; is {
			at, end = i+1, n
			continue
		}
		if end != nil && within(n, end) || !isElement(n) || hasElements(n) && n.DataAtom != atom.Dt {
			continue
		}
		if raw := line(n); raw != "" && len(raw) <= 60 {
			if _, with, ok := r.any(raw); ok && with == 0 {
				gaps[at] = append(gaps[at], n)
			}
		}
	}
	behind, before := 0, 0
	for i := range l.Items {
		if len(gaps[i+1]) > 0 {
			behind++
		}
		if len(gaps[i]) > 0 {
			before++
		}
	}
	switch {
	case len(gaps[0]) > 0:
		return l.takeAround(r, gaps[:len(l.Items)], false)
	case behind == len(l.Items) && before < behind:
		return l.takeAround(r, gaps[1:], true)
	}
	return false
}

// container is the smallest element that has all items.
func (l *Listing) container() *html.Node {
	box := l.Items[0].node.Parent
	for box.Parent != nil {
		all := true
		for _, item := range l.Items {
			all = all && within(item.node, box)
		}
		if all {
			break
		}
		box = box.Parent
	}
	return box
}

func hasElements(n *html.Node) bool {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && c.DataAtom != atom.Br && line(c) != "" {
			return true
		}
	}
	return false
}

// takeAround makes a rule of dates that stand outside of the items.
func (l *Listing) takeAround(r *reader, gaps [][]*html.Node, behind bool) bool {
	var nodes, seeds []*html.Node
	want := make([]time.Time, len(l.Items))
	raw := make([]string, len(l.Items))
	var last time.Time
	for i := range l.Items {
		if k := len(gaps[i]); k > 0 {
			n := gaps[i][k-1]
			if behind {
				n = gaps[i][0]
			}
			nodes = append(nodes, n)
			raw[i] = line(n)
			last, _, _ = r.any(raw[i])
		}
		want[i] = last
	}
	for _, i := range picks(len(nodes)) {
		seeds = append(seeds, nodes[i])
	}
	css := simplest(seeds, nil, func(group cascadia.SelectorGroup, css string) bool {
		for _, n := range nodes {
			if !group.Match(n) {
				return false
			}
		}
		rules := l.Rules
		rules.DateAfter, rules.DateBefore, rules.Date = behind, !behind, []statement.DateRule{{Selectors: []string{css}}}
		return l.reads(r, rules, want)
	})
	if css == "" {
		return false
	}
	l.Rules.DateAfter, l.Rules.DateBefore = behind, !behind
	l.dated([]string{css}, "", 0, raw, want)
	return true
}

// reads tells whether rules give every item its day.
func (l *Listing) reads(r *reader, rules statement.ListingRules, want []time.Time) bool {
	src := r.source(rules)
	src.URL = l.tree.URL
	x, err := extract.New(src)
	if err != nil {
		return false
	}
	entries, _ := scrapers.Listed(src, x, l.tree.document(), l.tree.URL)
	got := map[string]time.Time{}
	for _, e := range entries {
		got[e.URL] = e.Published.Time
	}
	for i, item := range l.Items {
		if !sameDay(got[item.URL], want[i]) {
			return false
		}
	}
	return true
}

// datesInText looks for dates in the text of the items or in their titles.
func (l *Listing) datesInText(r *reader) bool {
	for _, where := range []func(Item) *html.Node{
		func(i Item) *html.Node { return i.node },
		func(i Item) *html.Node { return i.title },
	} {
		p := &place{}
		for _, item := range l.Items {
			n := where(item)
			if n == nil {
				return false
			}
			p.nodes, p.raw = append(p.nodes, n), append(p.raw, shown(n, ""))
		}
		ok := false
		if p.with, p.days, ok = r.agreed(p.raw, nil, 0.8); ok && l.take(p) {
			return true
		}
	}
	return false
}

// addressForms are how addresses show a day.
var addressForms = []struct{ pattern, layout string }{
	{`/(\d{4}/\d{2}/\d{2})/`, "2006/01/02"},
	{`(?:^|[/t_-])((?:19|20)\d{6})(?:[^\d]|$)`, "20060102"},
	{`(\d{4}-\d{2}-\d{2})`, "2006-01-02"},
}

// datesInAddresses looks for days in the addresses of the items.
func (l *Listing) datesInAddresses(r *reader) bool {
	css := "a"
	if l.Rules.Link != "" {
		css = l.Rules.Link
	}
	for _, f := range addressForms {
		re := regexp.MustCompile(f.pattern)
		days := make([]time.Time, 0, len(l.Items))
		for i := range l.Items {
			m := re.FindStringSubmatch(attr(l.followed(&l.Items[i]), "href"))
			if m == nil {
				break
			}
			at, err := time.Parse(f.layout, m[1])
			if err != nil || !r.plausible(at) {
				break
			}
			days = append(days, at)
		}
		if len(days) < len(l.Items) {
			continue
		}
		l.Rules.Date = []statement.DateRule{{Selectors: []string{css}, Attr: "href", Pattern: f.pattern, Formats: []string{f.layout}}}
		for i := range l.Items {
			l.Items[i].Published = days[i]
		}
		return true
	}
	return false
}
