package learn

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// option is a way to name an element, and what it costs: what is bound to a
// meaning is cheap, what is bound to a place is dear.
type option struct {
	css  string
	cost float64
}

var (
	plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	// madeName are names that a build made and the next will make otherwise.
	madeName = regexp.MustCompile(`^(css|sc|jss|emotion|svelte|ng|data-v)-|\d{3,}|[a-z]\d+[a-z]|[A-Z]\d+[A-Za-z]|\d[a-z]\d`)
	// stateName says how an item is just now, layoutName how a page is divided.
	stateName  = regexp.MustCompile(`^(active|first|last|odd|even|current|open|show|hide|in|new|is-.*|has-.*|even-row|odd-row|js-.*)$`)
	layoutName = regexp.MustCompile(`^(col|row|container|wrapper|clearfix|grid|flex|mt|mb|ml|mr|my|mx|pt|pb|pl|pr|px|py|p|m|w|h|text|bg|border|float|pull|d|left|right|block)(-.*)?$`)
	moduleName = regexp.MustCompile(`^([A-Za-z][A-Za-z-]*_[A-Za-z-]+__)[A-Za-z0-9_-]{4,}$`)
)

// plainTags say what they are.
var plainTags = map[atom.Atom]float64{
	atom.H1: 1.2, atom.Time: 1.2, atom.Article: 1.3, atom.Main: 1.4, atom.Li: 2, atom.Tr: 2, atom.H2: 1.9, atom.H3: 1.9, atom.H4: 1.9, atom.Dd: 2, atom.Dt: 2, atom.Dl: 2, atom.A: 2.2,
}

// options are the ways to name an element by itself.
func options(n *html.Node) []option {
	var all []option
	tag := n.Data
	if id := attr(n, "id"); plainName.MatchString(id) && !madeName.MatchString(id) {
		all = append(all, option{"#" + id, 0.8})
	}
	var classes []string
	for c := range strings.FieldsSeq(attr(n, "class")) {
		switch {
		case moduleName.MatchString(c):
			all = append(all, option{fmt.Sprintf(`[class*="%s"]`, moduleName.FindStringSubmatch(c)[1]), 1.5})
		case !plainName.MatchString(c) || madeName.MatchString(c) || stateName.MatchString(c):
		default:
			cost := 1.0
			if layoutName.MatchString(c) {
				cost = 2.1
			}
			all = append(all, option{"." + c, cost}, option{tag + "." + c, cost + 0.2})
			classes = append(classes, c)
		}
	}
	for i := 1; i < min(len(classes), 4); i++ {
		all = append(all, option{"." + classes[0] + "." + classes[i], 1.7})
	}
	for _, key := range []string{"itemprop", "property", "name", "role"} {
		if v := attr(n, key); v != "" && len(v) < 60 && !strings.ContainsAny(v, `"\`) && (key != "name" || n.DataAtom == atom.Meta) {
			all = append(all, option{fmt.Sprintf(`%s[%s="%s"]`, tag, key, v), 1.1})
		}
	}
	cost, plain := plainTags[n.DataAtom]
	if !plain {
		cost = 2.6
	}
	return append(all, option{tag, cost})
}

// placed names an element by its place among its siblings.
func placed(n *html.Node) option {
	k := 1
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode && s.Data == n.Data {
			k++
		}
	}
	return option{fmt.Sprintf("%s:nth-of-type(%d)", n.Data, k), 4.5}
}

// maxAncestors is how far up an element's surroundings are used to name it.
const maxAncestors = 6

// maxSelectors bounds how many selectors are tried for one thing.
const maxSelectors = 900

// selectors are the ways to name an element by itself or by what it stands in, up
// to a scope that the selector is looked up in, the cheapest first.
func selectors(n, scope *html.Node) []option {
	own := append(options(n), placed(n))
	all := slices.Clone(own)
	far := 0
	for up := n.Parent; up != nil && up != scope && far < maxAncestors && up.Type == html.ElementNode; up = up.Parent {
		if up.DataAtom == atom.Html || up.DataAtom == atom.Body {
			break
		}
		for _, o := range append(options(up), placed(up)) {
			for _, s := range own {
				joint, extra := " ", 0.3
				if far == 0 {
					joint, extra = " > ", 0.25
				}
				all = append(all, option{o.css + joint + s.css, o.cost + s.cost + extra + 0.05*float64(far)})
			}
		}
		far++
	}
	return all
}

// simplest finds the cheapest selector, of those that name one of some elements,
// that ok accepts; "" if there is none.
func simplest(seeds []*html.Node, scope func(*html.Node) *html.Node, ok func(cascadia.SelectorGroup, string) bool) string {
	var all []option
	seen := map[string]bool{}
	for _, n := range seeds {
		var in *html.Node
		if scope != nil {
			in = scope(n)
		}
		for _, o := range selectors(n, in) {
			if !seen[o.css] {
				seen[o.css] = true
				all = append(all, o)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b option) int { return cmp.Compare(a.cost, b.cost) })
	for _, o := range all[:min(len(all), tries(seeds))] {
		group, err := cascadia.ParseGroup(o.css)
		if err == nil && ok(group, o.css) {
			return o.css
		}
	}
	return ""
}

// tries is how many selectors are tried on a page of that size: a large one takes
// as long as others with fewer.
func tries(seeds []*html.Node) int {
	if len(seeds) == 0 {
		return 0
	}
	root := seeds[0]
	for root.Parent != nil {
		root = root.Parent
	}
	nodes := 1
	for range root.Descendants() {
		nodes++
	}
	return max(60, min(maxSelectors, 6_000_000/nodes))
}

// find is every element below a root that a selector matches, in document order.
func find(root *html.Node, group cascadia.SelectorGroup) (found []*html.Node) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && group.Match(n) {
			found = append(found, n)
		}
	}
	return found
}

// firstOf is the first element below a root that a selector matches, nil for none.
func firstOf(root *html.Node, group cascadia.SelectorGroup) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && group.Match(n) {
			return n
		}
	}
	return nil
}
