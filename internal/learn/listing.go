package learn

import (
	"fmt"
	"math"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/statement"
)

// Item is a statement that a listing names.
type Item struct {
	URL       string
	Title     string
	Published time.Time // zero where the listing shows none

	node  *html.Node // that holds it
	link  *html.Node
	title *html.Node
}

// Listing is a repeated block of a page, and how it is read.
type Listing struct {
	Rules statement.ListingRules
	Items []Item
	Score float64 // of how much it looks like a list of statements; below 1 it does not

	tree  *tree
	group *group
}

// link is a link of a page.
type link struct {
	node *html.Node
	url  string
	text string
}

// group are the links that stand in the same place of a repeated block.
type group struct {
	links    []link // the first of each address
	distinct int
	all      []link
	likeness bool // they have addresses of one form, and stand anywhere
}

func (g *group) add(l link) {
	g.all = append(g.all, l)
	at := slices.IndexFunc(g.links, func(o link) bool { return o.url == l.url })
	switch {
	case at < 0:
		g.links = append(g.links, l)
		g.distinct++
	case g.likeness && len(l.text) > len(g.links[at].text): // a picture leads there too
		g.links[at] = l
	}
}

// maxLinks bounds how many links of a page are looked at.
const maxLinks = 20_000

// Listings finds the repeated blocks of a page that may be its list of statements,
// the likeliest first. It fails where the page cannot be parsed.
func Listings(p Page, about About) ([]Listing, error) {
	t, err := parse(p)
	if err != nil {
		return nil, err
	}
	r, err := newReader(about)
	if err != nil {
		return nil, err
	}
	var found []Listing
	for _, g := range groupsOf(t) {
		l := Listing{tree: t, group: g}
		l.cut()
		for _, one := range append(l.parts(), l) {
			if one.score(r); one.Score > 0 {
				found = append(found, one)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Listing) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	found = found[:min(len(found), mostListings)]
	for i := range found {
		found[i].complete(r, found[i+1:])
	}
	found = slices.DeleteFunc(found, func(l Listing) bool { return l.Rules.Item == "" })
	if len(found) > 0 && !found[0].group.likeness { // links of the same form that the block does not have
		for i, l := range found {
			if l.group.likeness && len(l.Items) > len(found[0].Items) && l.hasAll(found[0].Items) {
				l.Score = found[0].Score
				found = slices.Insert(slices.Delete(found, i, i+1), 0, l)
				break
			}
		}
	}
	return found, nil
}

// hasAll tells whether a block names all of some items.
func (l *Listing) hasAll(items []Item) bool {
	for _, item := range items {
		if !l.names(item.URL) {
			return false
		}
	}
	return true
}

// mostListings is how many blocks of a page are looked at more closely.
const mostListings = 8

// groupsOf sorts the links of a page by the place in which they stand.
func groupsOf(t *tree) []*group {
	by := map[string]*group{}
	var order []string
	n := 0
	self := (statement.Source{}).Key(t.URL)
	for a := range t.root.Descendants() {
		if a.Type != html.ElementNode || a.DataAtom != atom.A {
			continue
		}
		if n++; n > maxLinks {
			break
		}
		address := resolve(t.base, attr(a, "href"))
		if address == "" || !leadsToText(address) || !sameSite(address, t.URL) || (statement.Source{}).Key(address) == self {
			continue
		}
		sig := signature(a)
		g := by[sig]
		if g == nil {
			g = &group{}
			by[sig] = g
			order = append(order, sig)
		}
		l := link{a, address, line(a)}
		g.add(l)
		if w := width(l.text); (w == 0 || w >= 12) && !aside(a) {
			for _, alike := range []string{"like " + shape(address), "called " + firstClass(a)} {
				if alike == "called " {
					continue
				}
				if by[alike] == nil {
					by[alike] = &group{likeness: true}
					order = append(order, alike)
				}
				by[alike].add(l)
			}
		}
	}
	var all []*group
	for _, sig := range order {
		all = append(all, by[sig])
	}
	return all
}

// leadsToText leaves out pictures, sounds and archives.
func leadsToText(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".zip", ".mp3", ".mp4", ".css", ".js", ".ics", ".xml", ".rss", ".atom":
		return false
	}
	return true
}

// sameSite tells whether two addresses are of one site: of one host, or of hosts
// under the same name.
func sameSite(a, b string) bool {
	x, err := url.Parse(a)
	y, bad := url.Parse(b)
	if err != nil || bad != nil {
		return false
	}
	h, k := strings.TrimPrefix(x.Hostname(), "www."), strings.TrimPrefix(y.Hostname(), "www.")
	return h == k || strings.HasSuffix(h, "."+k) || strings.HasSuffix(k, "."+h)
}

// signature is the place of an element: its ancestors, each with its tag and the
// first class that says something.
func signature(n *html.Node) string {
	var b strings.Builder
	for ; n != nil && n.Type == html.ElementNode; n = n.Parent {
		b.WriteString(n.Data)
		if id := attr(n, "id"); id != "" && !madeName.MatchString(id) {
			b.WriteString("#" + id)
		}
		if c := firstClass(n); c != "" {
			b.WriteString("." + c)
		}
		b.WriteByte('/')
	}
	return b.String()
}

// firstClass is the first class of an element that says something.
func firstClass(n *html.Node) string {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if plainName.MatchString(c) && !madeName.MatchString(c) && !stateName.MatchString(c) && !layoutName.MatchString(c) {
			return c
		}
	}
	return ""
}

// cut finds the element of each item: the highest that has no link to another one
// of the group, as many steps up for all.
func (l *Listing) cut() {
	mixed, of := map[*html.Node]bool{}, map[*html.Node]string{}
	for _, a := range l.group.all {
		for n := a.node; n != nil; n = n.Parent {
			if one, seen := of[n]; seen && one != a.url {
				mixed[n] = true
			}
			of[n] = a.url
		}
	}
	steps := math.MaxInt
	for _, a := range l.group.links {
		k := 0
		for n := a.node; n.Parent != nil && !mixed[n.Parent] && n.Parent.DataAtom != atom.Body; n = n.Parent {
			k++
		}
		steps = min(steps, k)
	}
	if l.group.likeness {
		steps = 0
	} else if l.group.distinct == 1 {
		steps = aloneSteps(l.group.links[0].node)
	}
	for _, a := range l.group.links {
		n := a.node
		for range steps {
			n = n.Parent
		}
		l.Items = append(l.Items, Item{URL: a.url, node: n, link: a.node})
	}
}

// parts are the stretches of a block that stand in elements of their own, if it has
// several: pages laid out by tables have their menu in the same place as their
// list.
func (l *Listing) parts() (all []Listing) {
	by := map[*html.Node]*Listing{}
	var order []*html.Node
	for _, item := range l.Items {
		box := item.node.Parent
		if by[box] == nil {
			by[box] = &Listing{tree: l.tree, group: l.group}
			order = append(order, box)
		}
		by[box].Items = append(by[box].Items, item)
	}
	if len(order) < 2 || len(order) > 6 {
		return nil
	}
	for _, box := range order {
		if len(by[box].Items) > 2 {
			all = append(all, *by[box])
		}
	}
	return all
}

// aloneSteps is how far up the only item of a listing reaches: to the element that
// has a link and a little more, in something that is called a list.
func aloneSteps(a *html.Node) int {
	n, k := a, 0
	for n.Parent != nil && n.Parent.Parent != nil && k < 5 {
		up := n.Parent
		if up.DataAtom == atom.Body || up.DataAtom == atom.Main || called(up, listWords) || up.DataAtom == atom.Ul || up.DataAtom == atom.Tbody {
			break
		}
		n = up
		k++
	}
	return k
}

// listWords are what classes call a list.
var listWords = []string{"list", "lists", "listing", "items", "results", "grid", "rows", "feed", "archive", "listado", "liste", "news", "content", "main"}

// score says how much a block looks like a list of statements.
func (l *Listing) score(r *reader) {
	texts, long, dated, deeper, number := map[string]bool{}, 0, 0, 0, 0
	titled := map[string]bool{} // forms of the addresses of those that have a title
	for i := range l.Items {
		item := &l.Items[i]
		if item.title, item.Title = bestTitle(item, nil); item.Title != "" {
			titled[shape(item.URL)] = true
		}
	}
	for i := range l.Items {
		item := &l.Items[i]
		if item.Title == "" && hasPicture(item.node) && titled[shape(item.URL)] { // its page tells its title
			texts[item.URL] = true
			long++
		} else {
			texts[statement.Letters(item.Title)] = true
		}
		if n := width(item.Title); n >= 12 && n <= 400 {
			long++
		}
		if _, _, ok := r.any(line(item.node)); ok {
			dated++
		} else if hasTime(item.node) {
			dated++
		}
		if pathDepth(item.URL) > 1 {
			deeper++
		}
		if strings.ContainsAny(item.URL[strings.Index(item.URL, "//")+2:], "0123456789") || strings.Count(path.Base(item.URL), "-") > 2 {
			number++
		}
	}
	n := float64(len(l.Items))
	if n == 0 || long == 0 {
		return
	}
	share := func(k int) float64 { return float64(k) / n }
	if n > 1 && share(len(texts)) < 0.5 || share(long) < 0.5 {
		return
	}
	l.Score = math.Log2(1+min(n, 60)) * share(long) * share(long) * share(len(texts)) * (0.6 + 0.8*share(dated) + 0.3*share(deeper) + 0.3*share(number))
	if aside(l.Items[0].link) {
		l.Score *= 0.15
	}
	if l.Items[0].title != nil && heading(l.Items[0].title) {
		l.Score *= 1.3
	}
}

// width counts letters, those of scripts without spaces as words: a title of eight
// Chinese characters says what twenty Latin letters do.
func width(s string) (n int) {
	for _, r := range s {
		if statement.Unspaced(r) {
			n += 2
		}
	}
	return n + utf8.RuneCountInString(s)
}

func pathDepth(address string) int {
	u, err := url.Parse(address)
	if err != nil {
		return 0
	}
	return strings.Count(strings.Trim(u.Path, "/"), "/") + 1
}

func hasTime(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Time {
			return true
		}
	}
	return false
}

func hasPicture(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

func heading(n *html.Node) bool {
	for k := 0; n != nil && k < 3; n, k = n.Parent, k+1 {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
	}
	for d := range descend(n) {
		switch d.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
	}
	return false
}

func descend(n *html.Node) func(func(*html.Node) bool) {
	if n == nil {
		return func(func(*html.Node) bool) {}
	}
	return n.Descendants()
}

// titleWords are what classes call a title.
var titleWords = []string{"title", "headline", "heading", "name", "titel", "titulo", "titre", "baslik", "caption", "subject", "topic"}

// bestTitle is the element of an item that names it, and its text. What is known of
// the titles of the pages behind decides; else headings and what is called so.
func bestTitle(item *Item, known map[string]string) (*html.Node, string) {
	var best *html.Node
	text, top := "", math.Inf(-1)
	try := func(n *html.Node, bonus float64) {
		s := line(n)
		if s == "" {
			return
		}
		points := bonus
		if w := width(s); w >= 12 && w <= 400 {
			points += 2
		} else if w < 4 || w > 800 {
			return
		}
		if called(n, titleWords) {
			points += 2
		}
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			points += 3
		case atom.P:
			points -= 0.5
		}
		if strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") {
			points -= 0.2
		}
		if want := known[item.URL]; want != "" {
			switch a, b := statement.Letters(s), statement.Letters(want); {
			case a == b:
				points += 20
			case strings.HasPrefix(b, strings.TrimSuffix(a, "…")) && len(a) > 12:
				points += 8
			}
		}
		if points > top {
			best, text, top = n, s, points
		}
	}
	links := 0
	for n := range item.node.Descendants() {
		if !isElement(n) {
			continue
		}
		switch n.DataAtom {
		case atom.A:
			if links++; attr(n, "href") == attr(item.link, "href") {
				try(n, 1)
			}
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			try(n, 0)
		default:
			if called(n, titleWords) && !called(n, dateWords[:3]) {
				try(n, 0)
			} else if known[item.URL] != "" && statement.Letters(line(n)) == statement.Letters(known[item.URL]) {
				try(n, 0)
			}
		}
	}
	if item.node == item.link {
		try(item.node, 0.5)
	}
	return best, text
}

// complete learns the rules of a block; others are the blocks beside it.
func (l *Listing) complete(r *reader, others []Listing) {
	l.learnLink()
	if l.learnItem(); l.Rules.Item == "" {
		return
	}
	l.join(r, others)
	l.retitle(nil)
	l.learnDates(r)
	l.learnNext()
}

// target is the element whose link a reading of the item would follow.
func (l *Listing) target(item *html.Node, css cascadia.SelectorGroup) string {
	if css != nil {
		if a := firstOf(item, css); a != nil {
			return resolve(l.tree.base, attr(a, "href"))
		}
		return ""
	}
	if item.DataAtom == atom.A && attr(item, "href") != "" {
		return resolve(l.tree.base, attr(item, "href"))
	}
	for n := range item.Descendants() {
		if n.DataAtom == atom.A && attr(n, "href") != "" {
			return resolve(l.tree.base, attr(n, "href"))
		}
	}
	return ""
}

// learnLink finds which link of an item is its own, where it is not the first.
func (l *Listing) learnLink() {
	first := true
	for _, item := range l.Items {
		first = first && l.target(item.node, nil) == item.URL
	}
	if first {
		return
	}
	items := l.Items
	var seeds []*html.Node
	for _, i := range picks(len(items)) {
		seeds = append(seeds, items[i].link)
	}
	l.Rules.Link = simplest(seeds, l.scope, func(css cascadia.SelectorGroup, _ string) bool {
		for _, item := range items {
			if l.target(item.node, css) != item.URL {
				return false
			}
		}
		return true
	})
}

// scope is the item that an element stands in.
func (l *Listing) scope(n *html.Node) *html.Node {
	for _, item := range l.Items {
		if within(n, item.node) {
			return item.node
		}
	}
	return nil
}

// picks are the first, the middle and the last of n.
func picks(n int) []int {
	switch n {
	case 0:
		return nil
	case 1:
		return []int{0}
	case 2:
		return []int{0, 1}
	}
	return []int{0, n / 2, n - 1}
}

// learnItem finds the selector of the items: one that names all of them, and else
// nothing with a link.
func (l *Listing) learnItem() {
	want := map[string]bool{}
	var seeds []*html.Node
	for _, item := range l.Items {
		want[item.URL] = true
	}
	for _, i := range picks(len(l.Items)) {
		seeds = append(seeds, l.Items[i].node)
	}
	var linked cascadia.SelectorGroup
	if l.Rules.Link != "" {
		linked = mustGroup(l.Rules.Link)
	}
	fits := func(css cascadia.SelectorGroup, text string) bool {
		if l.group.likeness && !strings.ContainsAny(text, ".#[") { // it would be of any link
			return false
		}
		got := map[string]bool{}
		for _, n := range find(l.tree.root, css) {
			address := l.target(n, linked)
			if address == "" {
				continue
			}
			if !want[address] {
				return false
			}
			if got[address] && len(got) < len(want) && nested(n, css) {
				return false
			}
			got[address] = true
		}
		return len(got) == len(want)
	}
	if l.Rules.Item = simplest(seeds, nil, fits); l.Rules.Item != "" || !l.group.likeness {
		return
	}
	if part := l.sharedPart(); part != "" {
		css := fmt.Sprintf(`a[href*="%s"]`, part)
		if group, err := cascadia.ParseGroup(css); err == nil && fits(group, css) {
			l.Rules.Item = css
		}
	}
}

// sharedPart is the longest part that the links of all items have, without the
// numbers that others will have otherwise.
func (l *Listing) sharedPart() string {
	first := attr(l.Items[0].link, "href")
	if len(first) > 300 {
		return ""
	}
	for size := len(first); size >= 5; size-- {
		for at := 0; at+size <= len(first); at++ {
			part := first[at : at+size]
			if longNumber.MatchString(part) || strings.ContainsAny(part, `"\`) || !strings.HasSuffix(part, "/") && !strings.HasSuffix(part, "=") {
				continue
			}
			all := true
			for _, item := range l.Items {
				all = all && strings.Contains(attr(item.link, "href"), part)
			}
			if all {
				return part
			}
		}
	}
	return ""
}

var longNumber = regexp.MustCompile(`\d{3}`)

// nested tells whether an element stands in another that the selector matches.
func nested(n *html.Node, css cascadia.SelectorGroup) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Type == html.ElementNode && css.Match(up) {
			return true
		}
	}
	return false
}

// shape is the form of an address: its host and folders, with every number the
// same.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	dir := path.Dir(strings.TrimRight(u.Path, "/"))
	var b strings.Builder
	digit := false
	for _, r := range dir {
		if r >= '0' && r <= '9' {
			if !digit {
				b.WriteByte('#')
			}
			digit = true
			continue
		}
		digit = false
		b.WriteRune(r)
	}
	return u.Host + b.String()
}

// join adds what stands above or beside the list and is of the same kind: the
// newest statement, set larger.
func (l *Listing) join(r *reader, others []Listing) {
	shapes, have := map[string]bool{}, map[string]bool{}
	for _, item := range l.Items {
		shapes[shape(item.URL)] = true
		have[item.URL] = true
	}
	for i := range others {
		o := others[i]
		if len(o.Items) > 3 || len(o.Items) >= len(l.Items) || aside(o.Items[0].link) || !beside(o.Items[0].link, l.Items[0].link) {
			continue
		}
		fresh := true
		for _, item := range o.Items {
			fresh = fresh && !have[item.URL] && shapes[shape(item.URL)] && width(item.Title) >= 12
		}
		if !fresh {
			continue
		}
		o.Rules = statement.ListingRules{}
		if o.learnLink(); o.Rules.Link != "" || l.Rules.Link != "" {
			continue
		}
		if o.learnItem(); o.Rules.Item == "" {
			continue
		}
		for _, item := range o.Items {
			have[item.URL] = true
		}
		l.Items = append(slices.Clone(o.Items), l.Items...)
		l.Rules.Item = o.Rules.Item + ", " + l.Rules.Item
	}
}

// beside tells whether two links stand in the same main part of a page.
func beside(a, b *html.Node) bool {
	for n := a; n != nil; n = n.Parent {
		if n.DataAtom == atom.Main || n.DataAtom == atom.Body || attr(n, "id") != "" && !madeName.MatchString(attr(n, "id")) {
			return within(b, n)
		}
	}
	return false
}

// Retitle learns anew where the titles stand, when those of the pages behind are known: by address.
func (l *Listing) Retitle(known map[string]string) { l.retitle(known) }

func (l *Listing) retitle(known map[string]string) {
	l.Rules.Title, l.Rules.TitleAttr = "", ""
	if l.confirmed(known) {
		l.whole(known)
		return
	}
	plain := true
	for i := range l.Items {
		item := &l.Items[i]
		item.title, item.Title = bestTitle(item, known)
		plain = plain && item.title != nil && statement.Letters(line(l.followed(item))) == statement.Letters(item.Title)
	}
	if !plain {
		var seeds []*html.Node
		for _, i := range append(picks(len(l.Items)), min(1, len(l.Items)-1)) {
			if l.Items[i].title != nil {
				seeds = append(seeds, l.Items[i].title)
			}
		}
		fits := func(need float64) func(cascadia.SelectorGroup, string) bool {
			return func(css cascadia.SelectorGroup, _ string) bool {
				right := 0
				for _, item := range l.Items {
					if n := firstOf(item.node, css); n != nil && statement.Letters(line(n)) == statement.Letters(item.Title) {
						right++
					}
				}
				return right > 0 && float64(right) >= need*float64(len(l.Items))
			}
		}
		if l.Rules.Title = simplest(seeds, l.scope, fits(1)); l.Rules.Title == "" {
			if l.Rules.Title = simplest(seeds, l.scope, fits(0.6)); l.Rules.Title != "" {
				l.Rules.Title = l.rest(l.Rules.Title, fits(1))
			}
		}
	}
	l.whole(known)
}

// confirmed finds where the titles stand that the pages behind have, and takes that
// for all items.
func (l *Listing) confirmed(known map[string]string) bool {
	var seeds []*html.Node
	right := func(n *html.Node, item Item) bool {
		want := known[item.URL]
		return n != nil && (want == "" && width(line(n)) >= 4 || want != "" && statement.Letters(line(n)) == statement.Letters(want))
	}
	plain := true
	for i := range l.Items {
		item := &l.Items[i]
		plain = plain && right(l.followed(item), *item)
		if known[item.URL] == "" {
			continue
		}
		for n := range item.node.Descendants() {
			if isElement(n) && right(n, *item) {
				seeds = append(seeds, n)
			}
		}
	}
	if len(seeds) == 0 && !plain {
		return false
	}
	found := 0
	for _, item := range l.Items {
		if known[item.URL] != "" {
			found++
		}
	}
	if found == 0 {
		return false
	}
	if !plain {
		l.Rules.Title = simplest(seeds[:min(len(seeds), 6)], l.scope, func(css cascadia.SelectorGroup, _ string) bool {
			for _, item := range l.Items {
				if !right(firstOf(item.node, css), item) {
					return false
				}
			}
			return true
		})
		if l.Rules.Title == "" {
			return false
		}
	}
	for i := range l.Items {
		item := &l.Items[i]
		item.title = l.followed(item)
		if l.Rules.Title != "" {
			item.title = firstOf(item.node, mustGroup(l.Rules.Title))
		}
		item.Title = line(item.title)
	}
	return true
}

// rest joins to a selector of most titles one for the others.
func (l *Listing) rest(css string, all func(cascadia.SelectorGroup, string) bool) string {
	var seeds []*html.Node
	for _, item := range l.Items {
		if n := firstOf(item.node, mustGroup(css)); item.title != nil && (n == nil || statement.Letters(line(n)) != statement.Letters(item.Title)) {
			seeds = append(seeds, item.title)
		}
	}
	more := simplest(seeds[:min(len(seeds), 3)], l.scope, func(_ cascadia.SelectorGroup, one string) bool {
		both, err := cascadia.ParseGroup(css + ", " + one)
		return err == nil && all(both, "")
	})
	if more == "" {
		return css
	}
	return css + ", " + more
}

// followed is the element whose link is followed.
func (l *Listing) followed(item *Item) *html.Node {
	if l.Rules.Link != "" {
		if n := firstOf(item.node, mustGroup(l.Rules.Link)); n != nil {
			return n
		}
	}
	if item.node.DataAtom == atom.A {
		return item.node
	}
	for n := range item.node.Descendants() {
		if n.DataAtom == atom.A && attr(n, "href") != "" {
			return n
		}
	}
	return item.link
}

// whole finds titles that are cut short and stand whole in an attribute.
func (l *Listing) whole(known map[string]string) {
	longer, fits := 0, true
	tails := map[string]bool{} // what attributes have more than texts
	var from []*html.Node
	for i := range l.Items {
		item := &l.Items[i]
		n := l.followed(item)
		value := strings.Join(strings.Fields(attr(n, "title")), " ")
		from = append(from, n)
		text := strings.TrimRight(strings.TrimRight(item.Title, "."), "… ")
		switch want := known[item.URL]; {
		case value == "" || !strings.HasPrefix(statement.Letters(value), beginningOf(statement.Letters(text))) || want != "" && statement.Letters(want) != statement.Letters(value):
			fits = false
		case value != text && strings.HasPrefix(value, text):
			longer++
			tails[value[len(text):]] = true
		}
	}
	if !fits || longer == 0 || len(tails) < min(longer, 2) { // the same tail of all is no title
		return
	}
	l.Rules.Title, l.Rules.TitleAttr = "", "title"
	for i := range l.Items {
		l.Items[i].Title = strings.Join(strings.Fields(attr(from[i], "title")), " ")
	}
}

// beginningOf is what of a text that may be cut short is surely whole.
func beginningOf(s string) string {
	if r := []rune(s); len(r) > 25 {
		return string(r[:25])
	}
	return s
}
