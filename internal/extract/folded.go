package extract

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Much of a page is folded away until a reader opens it: the panels of tabs and
// accordions, dialogs, "read more". It is text of the page like any other, and an
// edit inside it is as silent as an edit can be. What no reader can open is none:
// templates, drafts, other languages, what is there for programs. The page itself
// tells them apart: what can be opened has something that opens it. Style sheets
// and scripts are not run; what they alone hide is read.
//
// unfold decides once for a tree. It marks the elements of either kind, with keys
// that no page can write, as the parser turns the zero byte into another.
const (
	openMark = "\x00open"
	shutMark = "\x00shut"
)

// maxHandles bounds the ids that are remembered because something opens them.
const maxHandles = 20_000

// unfold marks every element that hides its text: open where a reader can open it
// and finds sentences there, shut where nobody can.
func unfold(root *html.Node) {
	var closed []*html.Node
	for n := root; n != nil; n = after(n, root) {
		if n.Type == html.ElementNode && folds(n) {
			closed = append(closed, n)
		}
	}
	if len(closed) == 0 {
		return
	}
	handles, shows := openers(root)
	for _, n := range closed {
		switch {
		case !prose(n):
		case openable(n, handles, shows):
			n.Attr = append([]html.Attribute{{Key: openMark}}, n.Attr...)
			if n.DataAtom == atom.Dialog {
				n.DataAtom = atom.Div // selectors go by the name, which stays
			}
		default:
			n.Attr = append([]html.Attribute{{Key: shutMark}}, n.Attr...)
		}
	}
}

// folds tells whether an element hides what it holds, so that it may be a fold.
func folds(n *html.Node) bool {
	if n.DataAtom == atom.Dialog {
		return true
	}
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "hidden":
			return a.Val != "until-found"
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "style":
			if invisible(a.Val) {
				return true
			}
		case "role":
			if a.Val == "dialog" || a.Val == "alertdialog" {
				return true
			}
		case "class":
			if hasToken(a.Val, "hidden") && !strings.Contains(a.Val, ":") {
				return true
			}
		}
	}
	return false
}

func isOpen(n *html.Node) bool { return len(n.Attr) > 0 && n.Attr[0].Key == openMark }
func isShut(n *html.Node) bool { return len(n.Attr) > 0 && n.Attr[0].Key == shutMark }

// handleAttributes name the element that a control opens: WAI-ARIA, HTML's own,
// and those of the frameworks that official sites are built with.
var handleAttributes = map[string]bool{
	"aria-controls": true, "popovertarget": true, "commandfor": true, "data-target": true, "data-bs-target": true, "data-mdb-target": true, "data-controls": true,
	"data-tab": true, "data-tab-target": true, "data-tabs-target": true, "data-panel": true, "data-toggle-target": true, "data-collapse-toggle": true, "data-accordion-target": true,
	"data-modal-target": true, "data-modal-toggle": true, "data-open": true, "data-toggle": true, "data-reveal-id": true, "data-micromodal-trigger": true,
	"data-a11y-dialog-show": true, "data-src": true, "data-content": true, "uk-toggle": true, "data-uk-toggle": true, "data-id": true, "for": true,
}

var quotedID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`['"]#?([A-Za-z][\w:.-]{0,80})['"]`) })

// openers are the ids of what something on the page opens; shows tells whether a
// script of the page opens dialogs.
func openers(root *html.Node) (handles map[string]bool, shows bool) {
	handles = map[string]bool{}
	add := func(list string) {
		for id := range strings.FieldsFuncSeq(list, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:{}", r) }) {
			if id = strings.TrimLeft(id, "#."); id != "" && len(id) <= 100 && len(handles) < maxHandles {
				handles[id] = true
			}
		}
	}
	for n := root; n != nil; n = after(n, root) {
		if n.Type != html.ElementNode {
			continue
		}
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			shows = shows || strings.Contains(n.FirstChild.Data, "showModal") || strings.Contains(n.FirstChild.Data, ".show(")
		}
		for i := range n.Attr {
			switch a := &n.Attr[i]; {
			case len(a.Val) > 2000:
			case handleAttributes[a.Key]:
				add(a.Val)
			case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#':
				add(a.Val)
			case a.Key == "onclick" || a.Key == "onchange" || a.Key == "onkeydown":
				shows = shows || strings.Contains(a.Val, "showModal")
				for _, m := range quotedID().FindAllStringSubmatch(a.Val, 8) {
					add(m[1])
				}
				for _, call := range strings.Split(a.Val, ".showModal")[:strings.Count(a.Val, ".showModal")] { // dialog.showModal()
					add(call[strings.LastIndexFunc(call, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })+1:])
				}
			}
		}
	}
	return handles, shows
}

// foldNames are parts of the names that folds have, and asideNames of those that
// are opened for something else than reading: the site's own business.
var (
	foldNames = []string{"accordion", "akkordeon", "tab-pane", "tabpane", "tabpanel", "tab-panel", "tab-content", "tabcontent", "tabs-content", "tabs-panel", "tabs__", "tab__", "collaps", "expand",
		"toggle", "readmore", "read-more", "moretext", "more-text", "show-more", "showmore", "more-content", "spoiler", "faq", "disclosure", "fold", "panel-body", "answer"}
	asideNames = []string{"cookie", "consent", "gdpr", "newsletter", "subscri", "login", "signin", "sign-in", "share", "sharing", "search", "captcha", "nav", "menu", "breadcrumb", "social", "print",
		"clone", "skip", "alert", "notice-bar", "banner", "popup-lang", "language", "lightbox", "loader", "loading", "spinner", "tooltip", "error", "template"}
)

func named(n *html.Node, names []string) bool {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "id", "class", "aria-label":
			low := strings.ToLower(a.Val)
			for _, name := range names {
				if strings.Contains(low, name) {
					return true
				}
			}
		}
	}
	return false
}

// openable tells whether a reader can open a fold: something names it as what it
// opens, it is or stands in the panel of a tab or an accordion, or a control stands
// right beside it. What is hidden from screen readers alone is open to all others.
func openable(n *html.Node, handles map[string]bool, shows bool) bool {
	if named(n, asideNames) {
		return false
	}
	if !concealed(n) || n.DataAtom == atom.Dialog && has(n, "open") {
		return true
	}
	if id := attribute(n, "id"); id != "" && (handles[id] || id == "more") {
		return true
	}
	if attribute(n, "role") == "tabpanel" || has(n, "popover") {
		return true
	}
	dialog := n.DataAtom == atom.Dialog || attribute(n, "role") == "dialog"
	if dialog && shows {
		return true
	}
	for p, up := n, 0; p != nil && up < 4 && p.DataAtom != atom.Body && p.DataAtom != atom.Article && p.DataAtom != atom.Main; p, up = p.Parent, up+1 {
		if up < 3 && named(p, foldNames) {
			return true
		}
		if up < 2 && (control(beside(p, false)) || !dialog && control(beside(p, true))) {
			return true
		}
	}
	return false
}

// concealed tells whether an element is hidden from those who see the page.
func concealed(n *html.Node) bool {
	if n.DataAtom == atom.Dialog || attribute(n, "role") == "dialog" {
		return !has(n, "open")
	}
	return has(n, "hidden") || invisible(attribute(n, "style")) || hasToken(attribute(n, "class"), "hidden")
}

func has(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// beside is the element right before or behind another.
func beside(n *html.Node, behind bool) *html.Node {
	for n != nil {
		if behind {
			n = n.NextSibling
		} else {
			n = n.PrevSibling
		}
		if n != nil && n.Type == html.ElementNode {
			return n
		}
	}
	return nil
}

// control tells whether an element is, or holds little but, something to press.
func control(n *html.Node) bool {
	if n == nil {
		return false
	}
	if _, short := few(n); !short {
		return false
	}
	for m, looked := n, 0; m != nil && looked < maxFew; m, looked = after(m, n), looked+1 {
		if m.Type != html.ElementNode {
			continue
		}
		switch role := attribute(m, "role"); {
		case m.DataAtom == atom.Button, m.DataAtom == atom.Summary, role == "button", role == "tab", has(m, "aria-expanded"), has(m, "onclick"):
			return !named(m, asideNames)
		case m.DataAtom == atom.A && (attribute(m, "href") == "#" || strings.HasPrefix(attribute(m, "href"), "javascript:")):
			return true
		case m.DataAtom == atom.Input && (attribute(m, "type") == "checkbox" || attribute(m, "type") == "radio"), m.DataAtom == atom.Label:
			return true
		}
	}
	return false
}

// prose tells whether an element holds words to read: not a menu, whose words are
// links, and nothing to be filled in.
func prose(root *html.Node) bool {
	letters, linked, words, looked := 0, 0, 0, 0
	spaceless := false
	for n := root; n != nil && looked < 4000; looked++ {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Template, atom.Svg:
			n = beyond(n, root)
			continue
		case atom.Textarea, atom.Select:
			return false
		case atom.Input:
			if kind := attribute(n, "type"); kind != "checkbox" && kind != "radio" && kind != "button" && kind != "hidden" {
				return false
			}
		}
		if n.Type == html.TextNode {
			link := false
			for p, up := n.Parent, 0; p != nil && p != root && up < 6; p, up = p.Parent, up+1 {
				link = link || p.DataAtom == atom.A
			}
			count := 0
			for _, r := range n.Data {
				if unicode.IsLetter(r) {
					count++
					spaceless = spaceless || unspaced(r)
				}
			}
			words += len(strings.Fields(n.Data))
			letters += count
			if link {
				linked += count
			}
		}
		n = after(n, root)
	}
	return letters >= 15 && (words >= 3 || spaceless) && 2*linked <= letters
}
