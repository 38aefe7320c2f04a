package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/statement"
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
	count := 0
	for m := n.FirstChild; m != nil; m = m.NextSibling {
		switch {
		case m.Type == html.TextNode:
			count += lettersIn(strings.TrimSpace(m.Data))
		case m.Type == html.ElementNode && !silent(m.DataAtom):
			p, l := letters(m)
			plain, linked = plain+p, linked+l
		}
	}
	if n.DataAtom == atom.A {
		return 0, plain + linked + count
	}
	return plain + count, linked
}

// lettersIn counts the letters of a text; one of Chinese, Japanese or Korean says as
// much as three of others.
func lettersIn(s string) (n int) {
	for _, r := range s {
		if n++; r >= 0x3040 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n += 2
		}
	}
	return n
}

// maxAside is the share of a page's text that an element may have which is named
// as if it were none of it: sites also call the whole text "gallery-page".
// maxCaption bounds a caption, in letters.
const (
	maxAside   = .2
	maxCaption = 1200
)

// clutterMark is an attribute of elements that are clutter, and of all in them: a library that takes a page apart puts paragraphs in the
// place of their elements.
const clutterMark = "data-volteface-clutter"

// markClutter marks what a page's own names say is no part of an article:
// captions of pictures, galleries, related articles, sharing, newsletters.
func markClutter(root *html.Node) {
	all, _ := letters(root)
	for n := root; n != nil; {
		next := after(n, root)
		if n.Type == html.ElementNode {
			if kind := clutterOf(n); kind != noClutter {
				plain, _ := letters(n)
				if float64(plain) <= maxAside*float64(all) && !holdsTitle(n) && (kind != caption || plain < maxCaption) {
					next = beyond(n, root)
					for m := n; m != nil; m = after(m, n) {
						if m.Type == html.ElementNode {
							m.Attr = append(m.Attr, html.Attribute{Key: clutterMark})
						}
					}
				}
			}
		}
		n = next
	}
}

// nameAtoms gives elements that a library has renamed the atoms of their names.
func nameAtoms(root *html.Node) {
	for n := root; n != nil; n = after(n, root) {
		if n.Type == html.ElementNode {
			n.DataAtom = atom.Lookup([]byte(n.Data))
		}
	}
}

// declutter takes what is marked out of an article; it does nothing and is false
// where that is most of it.
func declutter(article *html.Node) bool {
	all, _ := letters(article)
	var marked []*html.Node
	gone := 0
	for n := after(article, article); n != nil; {
		next := after(n, article)
		if n.Type == html.ElementNode && hasAttribute(n, clutterMark) {
			plain, _ := letters(n)
			gone += plain
			marked = append(marked, n)
			next = beyond(n, article)
		}
		n = next
	}
	if gone*2 > all {
		return false
	}
	for _, n := range marked {
		n.Parent.RemoveChild(n)
	}
	return true
}

// dropMarked takes all that is marked out of a page.
func dropMarked(root *html.Node) {
	for n := root; n != nil; {
		next := after(n, root)
		if n.Type == html.ElementNode && n.Parent != nil && hasAttribute(n, clutterMark) {
			next = beyond(n, root)
			n.Parent.RemoveChild(n)
		}
		n = next
	}
}

func hasAttribute(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
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

// linkOnly tells whether a block says nothing but the names of other pages, with
// their days perhaps.
func (x *Extractor) linkOnly(b passage) bool {
	if b.linked == 0 {
		return false
	}
	return b.linked >= 9*b.plain || b.plain < 40 && x.isDateLine(unlinked(b.node))
}

// unlinked is the text of an element that stands in no link, shortened.
func unlinked(n *html.Node) string {
	var b strings.Builder
	for m := n; m != nil && b.Len() < 200; {
		if m.DataAtom == atom.A || m.Type == html.ElementNode && silent(m.DataAtom) {
			m = beyond(m, n)
			continue
		}
		if m.Type == html.TextNode {
			b.WriteString(m.Data)
			b.WriteByte(' ')
		}
		m = after(m, n)
	}
	return collapse(b.String())
}

func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Dt, atom.Dd, atom.Div, atom.Td, atom.Th, atom.Blockquote, atom.Pre, atom.Section, atom.Header, atom.Footer, atom.Figure, atom.Span:
		return true
	}
	return false
}

// passages are the innermost blocks of an article that have text, in order.
func passages(root *html.Node) (all []passage) {
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
// and the day above them or anywhere, lines that only link elsewhere with the headings above
// these, and what the site notes of the publication below them. Where little would
// be left, all stays.
func (x *Extractor) trim(article *html.Node, title string, published statement.Date) {
	all := passages(article)
	drop := make([]bool, len(all))
	lists := map[*html.Node]bool{} // of links only
	first, last := len(all), -1    // the sentences
	for i, b := range all {
		if isSentence(b) && !x.signature(b) {
			first, last = min(first, i), i
		}
	}
	above := aboveTitle(all, title)
	for i, b := range all {
		cell := b.node.DataAtom == atom.Td || b.node.DataAtom == atom.Th
		switch {
		case i <= above, i < first && (x.startsWithDate(b.text) || x.signature(b) || strings.HasPrefix(b.text, "http")):
			drop[i] = true
		case i > last && x.isRecord(b), photographed().MatchString(b.text), x.isDay(b.text, published):
			drop[i] = true
		case b.node.DataAtom == atom.Li:
			list, known := b.node.Parent, false
			if _, known = lists[list]; !known {
				lists[list] = list != nil && x.allLinks(list)
			}
			drop[i] = lists[list] && x.linkOnly(b)
		default:
			drop[i] = !cell && x.linkOnly(b) || b.linked > b.plain && labelled(b.text)
		}
	}
	for i := len(all) - 1; i >= 0; i-- { // headings of what is gone
		if isHeading(all[i].node) && i+1 < len(all) && drop[i+1] && !drop[i] && len(all[i].text) < 60 {
			drop[i] = linkLabels[strings.ToLower(strings.Trim(all[i].text, " :"))] || restGone(all, drop, i+1)
		}
	}
	gone, whole := 0, 0
	for i, b := range all {
		whole += b.plain
		if drop[i] {
			gone += b.plain
		}
	}
	if gone*2 > whole {
		return
	}
	for i, b := range all {
		if drop[i] && b.node.Parent != nil {
			b.node.Parent.RemoveChild(b.node)
		}
	}
}

// aboveTitle is the place of the page's own title in an article, -1 for none: what
// stands above it is none of the text.
func aboveTitle(all []passage, title string) int {
	whole, before := 0, 0
	for _, b := range all {
		whole += b.plain
	}
	for i, b := range all {
		if before*5 > whole {
			break
		}
		if sameLine(b.text, title) {
			return i
		}
		before += b.plain
	}
	return -1
}

// signature tells whether a line says when and by whom a text was published: it
// begins with a word for it, and has figures.
func (x *Extractor) signature(b passage) bool {
	if len(b.text) > 160 || !strings.ContainsFunc(b.text, unicode.IsDigit) {
		return false
	}
	word, rest, _ := strings.Cut(strings.ToLower(b.text), " ")
	word = strings.Trim(word, ":|")
	if !signing[word] && !ofOtherDay(word) {
		return false
	}
	year := 0
	for i := range len(rest) - 1 {
		if rest[i] >= '0' && rest[i] <= '9' && rest[i+1] >= '0' && rest[i+1] <= '9' {
			year++
		}
	}
	return year > 0
}

var signing = set("by published posted updated von par por di door av od veröffentlicht publié publicado pubblicato gepubliceerd publicerad publisert julkaistu opublikowano опубликовано опубліковано yayınlanma")

// photographed recognises the caption of a picture by the credit at its end.
var photographed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^.{0,400}[(\[]\s*(?:(?:image|photo|foto|picture|pic|credit|file photo|ap photo|photograph|bild|crédit|crédits|photo credit)s?\b\s*(?:by\b|:|/|©|credit)|ap photo|©)[^)\]]{0,80}[)\]]\s*$`)
})

// restGone tells whether all up to the next heading is dropped.
func restGone(all []passage, drop []bool, from int) bool {
	for i := from; i < len(all) && !isHeading(all[i].node); i++ {
		if !drop[i] {
			return false
		}
	}
	return true
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func isSentence(b passage) bool {
	return b.plain > 80 || b.plain > 30 && endsSentence(b.text)
}

// isRecord tells whether a line behind the text is a label with a day, an address
// or links: "Publication date: May 5, 2026", "Direct link: example.org/d/1".
func (x *Extractor) isRecord(b passage) bool {
	label, value, found := strings.Cut(b.text, ":")
	if !found || len(label) > 60 || len(b.text) > 200 {
		return false
	}
	value = strings.TrimSpace(value)
	_, path, slash := strings.Cut(value, "/")
	return b.linked > 0 && b.plain <= lettersIn(label)+2 || x.isDateLine(value) || slash && path != "" && !strings.Contains(value, " ")
}

// isDay tells whether a line is nothing but the day on which its page was
// published.
func (x *Extractor) isDay(s string, published statement.Date) bool {
	if published.Time.IsZero() || len(s) > 120 || !strings.ContainsFunc(s, unicode.IsDigit) {
		return false
	}
	d := x.anyDate(s, "")
	return !d.Time.IsZero() && d.Time.Format(time.DateOnly) == published.Time.Format(time.DateOnly)
}

// startsWithDate tells whether a line is a day, with up to four words behind it:
// "December 20, 2019 12:50 St Petersburg".
func (x *Extractor) startsWithDate(s string) bool {
	words := strings.Fields(s)
	if len(words) > 14 || len(s) > 120 {
		return false
	}
	for cut := 0; cut <= 4 && cut < len(words); cut++ {
		if x.isDateLine(strings.TrimRight(strings.Join(words[:len(words)-cut], " "), ",")) {
			return true
		}
	}
	return false
}

// allLinks tells whether each item of a list is the name of another page.
func (x *Extractor) allLinks(list *html.Node) bool {
	items := 0
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.DataAtom != atom.Li {
			continue
		}
		items++
		plain, linked := letters(n)
		if !x.linkOnly(passage{node: n, plain: plain, linked: linked}) {
			return false
		}
	}
	return items > 1
}

// maxLead bounds what may stand between a title and the text, in letters.
const maxLead = 1200

// lead finds the sentences that a page sets apart between its title and the
// paragraphs: copies of their elements. They are looked for before a library takes
// the page apart.
func lead(title, root *html.Node) (all []*html.Node) {
	top := title
	for top != nil && top.Parent != nil {
		top = top.Parent
	}
	if title == nil || top != root { // taken out with what is hidden
		return nil
	}
	n := beyond(title, root)
	size := 0
	for range 400 {
		if n == nil {
			break
		}
		if n.Type == html.ElementNode && (silent(n.DataAtom) || clutterOf(n) != noClutter || hidden(n) || n.DataAtom == atom.Nav || n.DataAtom == atom.Footer || n.DataAtom == atom.Figure) {
			n = beyond(n, root)
			continue
		}
		if n.Type == html.ElementNode && isBlock(n) && n.DataAtom != atom.Span && !holdsBlock(n) {
			plain, linked := letters(n)
			if plain > 0 && !isHeading(n) && !standfirst(n) && linked <= plain {
				all = append(all, cloned(n))
				if size += plain; size > maxLead+maxLead {
					break
				}
			}
			n = beyond(n, root)
			continue
		}
		n = after(n, root)
	}
	return all
}

// standfirst tells whether the names of an element or of the one around it call it
// a line below the headline that newspapers write over a text, not its beginning.
func standfirst(n *html.Node) bool {
	for range 2 {
		for _, a := range n.Attr {
			if a.Key != "class" && a.Key != "id" && a.Key != "itemprop" {
				continue
			}
			for _, w := range nameWords(a.Val) {
				if standfirsts[w] {
					return true
				}
			}
		}
		if n = n.Parent; n == nil {
			break
		}
	}
	return false
}

var standfirsts = set("dek deck standfirst subtitle subtitles subhead subheading subheadline excerpt description strapline kicker tagline sub secondary alternativeheadline")

func cloned(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Attr: n.Attr}
	for m := n.FirstChild; m != nil; m = m.NextSibling {
		c.AppendChild(cloned(m))
	}
	return c
}

// prefix sets the sentences of a lead before an article that begins with one of
// those behind them.
func prefix(article *html.Node, between []*html.Node) {
	var start string
	for _, b := range passages(article) {
		if isSentence(b) {
			start = b.text
			break
		}
	}
	if start == "" {
		return
	}
	there := map[string]bool{}
	for _, b := range passages(article) {
		there[b.text] = true
	}
	var sentences []*html.Node
	size := 0
	for _, n := range between {
		text := lineOf(n, 400)
		if text == start {
			for i := len(sentences) - 1; i >= 0; i-- {
				p := sentences[i]
				if p.DataAtom != atom.P {
					p.DataAtom, p.Data = atom.P, "p"
				}
				article.InsertBefore(p, article.FirstChild)
			}
			return
		}
		if plain, linked := letters(n); !there[text] && isSentence(passage{n, text, plain, linked}) {
			if size += plain; size > maxLead {
				return
			}
			sentences = append(sentences, n)
		}
	}
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
