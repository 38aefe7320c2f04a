package learn

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nextWords are what links to older statements say, in the languages of press
// offices: the whole text of the link, its arrows left out.
var nextWords = []string{
	"next", "next page", "older", "older posts", "more news", "weiter", "nächste", "nächste seite", "suivant", "page suivante", "suivante", "siguiente", "página siguiente",
	"próxima", "próximo", "seguinte", "successivo", "successiva", "avanti", "далее", "следующая", "вперед", "вперёд", "наступна", "далі", "التالي", "الصفحة التالية",
	"بعدی", "صفحه بعد", "下一页", "下页", "下一頁", "次へ", "次のページ", "次", "다음", "다음 페이지", "sonraki", "ileri", "הבא", "अगला", "volgende", "następna", "nästa", "neste", "seuraava",
}

// arrows stand for older statements where they are all that a link says.
const arrows = "›»→>❯▶"

// learnNext finds how the listing goes on: a link to the next page, else the form
// of the addresses of its pages.
func (l *Listing) learnNext() {
	if l.nextLink() {
		return
	}
	l.nextAddress()
}

// nextLink finds a selector of the link to the next page that names nothing else.
func (l *Listing) nextLink() bool {
	var next []*html.Node
	to := ""
	for n := range l.tree.root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.A && n.DataAtom != atom.Link {
			continue
		}
		if !saysNext(n) {
			continue
		}
		address := resolve(l.tree.base, attr(n, "href"))
		if address == "" || !sameSite(address, l.tree.URL) || l.names(address) {
			continue
		}
		if to == "" {
			to = address
		}
		if address == to {
			next = append(next, n)
		}
	}
	for _, n := range next {
		if hasWord(attr(n, "rel"), "next") {
			l.Rules.Next = n.Data + "[rel=next]"
			return true
		}
	}
	l.Rules.Next = simplest(next, nil, func(css cascadia.SelectorGroup, text string) bool {
		if !telling(text) { // a place says nothing on the last page
			return false
		}
		for _, n := range find(l.tree.root, css) {
			if resolve(l.tree.base, attr(n, "href")) != to {
				return false
			}
		}
		return true
	})
	return l.Rules.Next != ""
}

// telling tells whether a selector says that it is of what leads on, rather than
// of a place.
func telling(css string) bool {
	own := css[strings.LastIndexByte(css, ' ')+1:]
	if strings.Contains(css, ":nth") {
		return false
	}
	for _, w := range nameWords(css) {
		switch w {
		case "next", "older", "forward", "suivant", "siguiente", "weiter", "more", "load":
			return true
		}
	}
	return strings.Contains(own, "rel=")
}

func saysNext(n *html.Node) bool {
	if hasWord(attr(n, "rel"), "next") {
		return true
	}
	if n.DataAtom == atom.Link {
		return false
	}
	for _, said := range []string{line(n), attr(n, "aria-label"), attr(n, "title")} {
		said = strings.ToLower(strings.TrimSpace(said))
		bare := strings.TrimSpace(strings.Trim(said, arrows+" …."))
		if said != "" && bare == "" && strings.ContainsAny(said, arrows) || slices.Contains(nextWords, bare) {
			return true
		}
	}
	return called(n, []string{"next", "older"}) || n.Parent != nil && called(n.Parent, []string{"next"}) || called(n, []string{"load"}) && called(n, []string{"more"})
}

func hasWord(list, word string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(list)), word)
}

func (l *Listing) names(address string) bool {
	return slices.ContainsFunc(l.Items, func(i Item) bool { return i.URL == address })
}

var pageNumber = regexp.MustCompile(`\d+`)

// nextAddress finds the form of the addresses of further pages by those that are
// linked with their numbers.
func (l *Listing) nextAddress() {
	type numbered struct {
		says    int
		address string
	}
	var links []numbered
	for n := range l.tree.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		says, err := strconv.Atoi(ascii(line(n)))
		address := resolve(l.tree.base, attr(n, "href"))
		if err != nil || says < 2 || says > 9 || address == "" || !sameSite(address, l.tree.URL) || l.names(address) {
			continue
		}
		links = append(links, numbered{says, address})
	}
	for _, link := range links {
		for _, at := range slices.Backward(pageNumber.FindAllStringIndex(link.address, -1)) {
			number, err := strconv.Atoi(link.address[at[0]:at[1]])
			if err != nil || number < link.says-1 || number > link.says {
				continue
			}
			form := link.address[:at[0]] + "{page}" + link.address[at[1]:]
			if u, err := url.Parse(link.address); err != nil || at[0] < strings.Index(link.address, u.Host)+len(u.Host) {
				continue
			}
			first := number - link.says + 1
			fits := true
			for _, other := range links {
				fits = fits && strings.ReplaceAll(form, "{page}", strconv.Itoa(other.says-1+first)) == other.address
			}
			if !fits {
				continue
			}
			l.Rules.NextURL = form
			if first != 1 {
				l.Rules.FirstPage = &first
			}
			return
		}
	}
}
