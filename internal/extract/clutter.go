package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The words of class names, ids and labels of what stands in and around an
// article without being of its text, where no selector says where the text is.
var (
	clutterWords = set("related recommended recommendation recommendations newsletter newsletters signup subscribe subscription promo promos promotion advert adverts " +
		"advertisement advertisements advertising sponsored outbrain taboola comments disqus slideshow carousel gallery galleries lightbox slider byline authorbio " +
		"tooltip popover rollover hovercard taglist breadcrumb breadcrumbs social share sharing sharebar sociallinks trending popular mostread readmore gdpr consent cookie cookies paywall copyright " +
		"pagination pager prevnext printlink toolbar")
	captionWords = set("caption captions figcaption credit credits imagecaption photocaption photocredit imagecredit wpcaption")
	// pairs of words that say what the single ones do not
	clutterPairs = []string{"author-bio", "about-author", "author-box", "author-info", "post-meta", "entry-meta", "article-meta", "read-more", "see-also", "most-read", "also-like", "next-post", "prev-post", "post-navigation",
		"nav-links", "tag-list", "post-tags", "entry-tags", "article-tags", "sign-up", "share-this", "follow-us", "read-next", "more-news", "more-stories", "latest-news", "other-news"}
)

// nameWords are the words of a class name or an id, in small letters: of
// "article__relatedLinks" article, related and links.
func nameWords(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		if !unicode.IsLetter(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

// clutterKind is what an element's names call it.
type clutterKind uint8

const (
	noClutter clutterKind = iota
	aside
	caption
)

func clutterOf(n *html.Node) clutterKind {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Article, atom.Main, atom.H1, atom.P, atom.Table, atom.Tbody, atom.Tr:
		return noClutter
	case atom.Figcaption:
		return caption
	case atom.Aside:
		return aside
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemprop":
		default:
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			words := nameWords(name)
			for _, w := range words {
				if captionWords[w] {
					return caption
				}
				if clutterWords[w] {
					return aside
				}
			}
			joined := strings.Join(words, "-")
			for _, pair := range clutterPairs {
				if strings.Contains(joined, pair) {
					return aside
				}
			}
		}
	}
	return noClutter
}

// letters counts the letters of an element's text, those in links apart.
func letters(n *html.Node) (plain, linked int) {
	for m := n; m != nil; m = after(m, n) {
		if m.Type != html.TextNode || m.Parent == nil || silent(m.Parent.DataAtom) {
			continue
		}
		letters := utf8.RuneCountInString(strings.TrimSpace(m.Data))
		in := false
		for p := m.Parent; p != nil; p = p.Parent {
			if p.DataAtom == atom.A && p != n {
				in = true
			}
			if p == n {
				break
			}
		}
		if in || n.DataAtom == atom.A {
			linked += letters
		} else {
			plain += letters
		}
	}
	return plain, linked
}

// maxAside is the share of a page's text that an element may have which is named
// as if it were none of it: sites also call the whole text "gallery-page".
const maxAside = .2

// declutter takes out of a page what its own names say is no part of an article:
// captions of pictures, galleries, related articles, sharing, newsletters.
func declutter(root *html.Node) {
	all, _ := letters(root)
	for n := root; n != nil; {
		next := after(n, root)
		if n.Type == html.ElementNode && n.Parent != nil && n.Parent.Type == html.ElementNode {
			if kind := clutterOf(n); kind != noClutter {
				plain, _ := letters(n)
				if float64(plain) <= maxAside*float64(all) && !holdsTitle(n) && (kind != caption || plain < 1200) {
					next = beyond(n, root)
					n.Parent.RemoveChild(n)
				}
			}
		}
		n = next
	}
}

func holdsTitle(n *html.Node) bool {
	for m := n; m != nil; m = after(m, n) {
		if m.DataAtom == atom.H1 {
			return true
		}
	}
	return false
}

// passage is a paragraph, heading or item of what was found to be the article.
type passage struct {
	node          *html.Node
	text          string
	plain, linked int
}

// linkOnly tells whether a block says nothing but the names of other pages.
func (b passage) linkOnly() bool { return b.linked > 0 && b.linked >= 9*b.plain }

func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Dt, atom.Dd, atom.Div, atom.Td, atom.Th, atom.Blockquote, atom.Pre, atom.Section, atom.Header, atom.Footer, atom.Figure, atom.Span:
		return true
	}
	return false
}

// blocks are the innermost blocks of an article that have text, in order.
func blocks(root *html.Node) (all []passage) {
	for n := root; n != nil; {
		next := after(n, root)
		if n.Type == html.ElementNode && n.DataAtom != atom.Span && isBlock(n) && !holdsBlock(n) {
			next = beyond(n, root)
			plain, linked := letters(n)
			if plain+linked > 0 {
				all = append(all, passage{n, lineOf(n, 400), plain, linked})
			}
		}
		n = next
	}
	return all
}

func holdsBlock(n *html.Node) bool {
	for m := after(n, n); m != nil; m = after(m, n) {
		if m.Type == html.ElementNode && m.DataAtom != atom.Span && isBlock(m) {
			return true
		}
	}
	return false
}

// trim takes out of an article what stands around its sentences: its own title
// and the day above them, lines that only link elsewhere, and notes of the site
// below them. Where little would be left, all stays.
func (x *Extractor) trim(article *html.Node, title string) {
	all := blocks(article)
	var drop []*html.Node
	gone, whole := 0, 0
	for _, b := range all {
		whole += b.plain
	}
	take := func(b passage) {
		drop = append(drop, b.node)
		gone += b.plain
	}
	first := len(all) // the first block that is a sentence
	for i, b := range all {
		if b.plain > 80 || b.plain > 30 && endsSentence(b.text) {
			first = i
			break
		}
	}
	for i, b := range all {
		switch {
		case i < first && (sameLine(b.text, title) || x.isDateLine(b.text) || strings.HasPrefix(b.text, "http")):
			take(b)
		case b.linkOnly() && b.node.DataAtom == atom.Li && allLinks(b.node.Parent):
			take(b)
		case b.linkOnly() && b.node.DataAtom != atom.Li && b.node.DataAtom != atom.Td && b.node.DataAtom != atom.Th:
			take(b)
		case b.linked > b.plain && labelled(b.text):
			take(b)
		}
	}
	if gone*2 > whole {
		return
	}
	for _, n := range drop {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

// allLinks tells whether each item of a list is the name of another page.
func allLinks(list *html.Node) bool {
	items := 0
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.DataAtom != atom.Li {
			continue
		}
		items++
		if plain, linked := letters(n); linked == 0 || linked < 9*plain {
			return false
		}
	}
	return items > 1
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"”»“'’)"))
	return strings.ContainsRune(".!?。！？؟।…", r)
}

func sameLine(a, b string) bool {
	fold := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	}
	a = fold(a)
	return a != "" && a == fold(b)
}

// isDateLine tells whether a line is nothing but a date.
func (x *Extractor) isDateLine(s string) bool {
	return len(s) < 120 && strings.ContainsFunc(s, unicode.IsDigit) && !x.anyDate(s, "").Time.IsZero()
}

// labelled tells whether a line is introduced as a link to something else.
func labelled(s string) bool {
	label, _, found := strings.Cut(s, ":")
	return found && linkLabels[strings.ToLower(strings.TrimSpace(label))]
}

var linkLabels = func() map[string]bool {
	all := map[string]bool{}
	for l := range strings.SplitSeq("related,read more,see also,see more,more,also,read also,watch,read,recommended,don't miss,learn more,siehe auch,mehr dazu,lesen sie auch,lire aussi,à lire aussi,voir aussi,"+
		"en savoir plus,lea también,ver también,vea también,leia também,veja também,leggi anche,vedi anche,lees ook,zie ook,läs också,läs mer,les også,læs også,lue myös,czytaj też,czytaj także,zobacz też,čtěte také,viz také,"+
		"читайте также,см. также,читайте ещё,по теме,читайте також,див. також,ayrıca bakınız,ayrıca oku,اقرأ أيضا,اقرأ أيضاً,بیشتر بخوانید,همچنین بخوانید,קראו גם,ראו גם,यह भी पढ़ें,อ่านเพิ่มเติม,相关阅读,延伸阅读,延伸閱讀,関連記事,関連リンク,あわせて読みたい,관련기사,baca juga,xem thêm,đọc thêm", ",") {
		all[l] = true
	}
	return all
}()
