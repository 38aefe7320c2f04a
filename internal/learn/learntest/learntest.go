// Package learntest makes press sites to learn from, for tests: thirty layouts
// in twelve languages, after facts about how real issuers lay out their pages
// (class names, where the date stands, what is linked twice, what is cut short),
// with texts that nobody said. What a reader must find on each is known.
package learntest

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Article is a statement of a made site, as a reader must find it.
type Article struct {
	Path       string // as the listing links it
	Title      string
	Day        time.Time // as its site shows it, in the listing or on the page
	Paragraphs []string
	Speaker    string // as the page marks it; empty where it does not
	Category   string

	n int
}

// Site is a press site: a listing and the pages it names.
type Site struct {
	Name     string
	Language string
	Host     string // with the scheme
	Listing  string // path of the listing
	Articles []Article
	Pages    map[string]string // HTML by path

	tongue tongue
	rand   *rand.Rand
}

// layout is how a site is laid out.
type layout struct {
	name, lang string
	items      int                             // 12 unless it says so
	path       func(n int, d time.Time) string // of an article
	list       func(s *Site) string            // the listing inside the site's frame
	page       func(s *Site, a Article) string // an article inside the frame
	prefix     func(s *Site, a Article) string // of titles
	speaks     bool                            // names who speaks
	frame      func(s *Site, head, in string) string
}

// Sites makes all thirty; the same seed makes the same.
func Sites(seed uint64) []*Site {
	var sites []*Site
	for i, l := range layouts() {
		sites = append(sites, build(l, seed, uint64(i)))
	}
	return sites
}

func build(l layout, seed, n uint64) *Site {
	s := &Site{
		Name: l.name, Language: l.lang, Host: fmt.Sprintf("https://press.%s.example", l.name), Listing: "/" + l.lang + "/press/",
		Pages: map[string]string{}, tongue: tongues[l.lang], rand: rand.New(rand.NewPCG(seed, n)),
	}
	count := l.items
	if count == 0 {
		count = 12
	}
	day := time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)
	titles := map[string]bool{}
	for i := range count {
		a := Article{n: i, Day: day, Title: s.title(titles), Path: l.path(i, day), Category: []string{"Statement", "Speech", "News"}[s.rand.IntN(3)]}
		for range 4 + s.rand.IntN(5) {
			a.Paragraphs = append(a.Paragraphs, s.tongue.paragraph(s.rand, s.joint()))
		}
		if l.speaks {
			a.Speaker = []string{"Anna Lindqvist", "Tomas Okello", "Mira Castellan"}[s.rand.IntN(3)]
		}
		if l.prefix != nil {
			a.Title = l.prefix(s, a) + a.Title
		}
		s.Articles = append(s.Articles, a)
		day = day.AddDate(0, 0, -s.rand.IntN(4)-1)
	}
	for _, a := range s.Articles {
		s.Pages[strings.TrimPrefix(s.URL(a.Path), s.Host)] = l.frame(s, head(s, a.Title), l.page(s, a))
	}
	s.Pages[s.Listing] = l.frame(s, head(s, s.tongue.menu[0]), l.list(s))
	return s
}

// title is one that the site does not have yet.
func (s *Site) title(taken map[string]bool) string {
	for {
		t := s.tongue.fill(s.rand, s.tongue.titles[s.rand.IntN(len(s.tongue.titles))])
		if !taken[t] {
			taken[t] = true
			return t
		}
	}
}

// joint stands between two sentences.
func (s *Site) joint() string {
	if s.Language == "zh" || s.Language == "ja" {
		return ""
	}
	return " "
}

// Text is what a reader must find in an article.
func (a Article) Text() string { return strings.Join(a.Paragraphs, "\n\n") }

// URL is the address that a link of the listing leads to.
func (s *Site) URL(path string) string {
	base, err := url.Parse(s.Host + s.Listing)
	if err == nil {
		base, err = base.Parse(path)
	}
	if err != nil { // the layouts are our own
		panic(err)
	}
	return base.String()
}

// Page is the page that a link of the listing leads to.
func (s *Site) Page(path string) string { return s.Pages[strings.TrimPrefix(s.URL(path), s.Host)] }

// ServeHTTP serves the site's pages.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, ok := s.Pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(page))
}

func head(s *Site, title string) string {
	return fmt.Sprintf(`<title>%s | %s</title><meta charset="utf-8"><meta name="viewport" content="width=device-width">`, esc(title), s.office())
}

// office is what the site calls itself.
func (s *Site) office() string { return "Office " + strings.ToUpper(s.Name[:1]) + s.Name[1:] }

func esc(s string) string { return html.EscapeString(s) }

// each joins what is made of every article.
func (s *Site) each(make func(a Article) string) string {
	var b strings.Builder
	for _, a := range s.Articles {
		b.WriteString(make(a))
		b.WriteByte('\n')
	}
	return b.String()
}

// some joins what is made of a few others than the one in hand.
func (s *Site) some(but Article, make func(a Article) string) string {
	var b strings.Builder
	for i := range min(3, len(s.Articles)-1) {
		b.WriteString(make(s.Articles[(but.n+1+i)%len(s.Articles)]))
	}
	return b.String()
}

func paragraphs(a Article) string {
	var b strings.Builder
	for _, p := range a.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", esc(p))
	}
	return b.String()
}

// lead is the first paragraph, rest the others.
func lead(a Article) string { return esc(a.Paragraphs[0]) }

func rest(a Article) string {
	a.Paragraphs = a.Paragraphs[1:]
	return paragraphs(a)
}

func (s *Site) menu(item string) string {
	var b strings.Builder
	for i, m := range s.tongue.menu {
		fmt.Fprintf(&b, item, fmt.Sprintf("/%s/section-%d/", s.Language, i), esc(m))
	}
	return b.String()
}

// modern is a frame of HTML 5: header, nav, main, footer.
func modern(s *Site, head, in string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html lang="%s"><head>%s</head><body>
<a class="skip-link" href="#main">Skip</a>
<header class="site-header"><a class="logo" href="/">%s</a><nav class="main-nav"><ul>%s</ul></nav></header>
<main id="main" class="site-main">%s</main>
<footer class="site-footer"><ul class="footer-links">%s</ul><p>© 2026 %s</p></footer>
<div class="cookie-banner"><p>This site uses cookies to count its visitors and to remember the language you chose.</p><a href="/privacy/">More</a></div>
</body></html>`, s.Language, head, s.office(), s.menu(`<li><a href="%s">%s</a></li>`), in, s.menu(`<li><a href="%s">%s</a></li>`), s.office())
}

// boxes is a frame of divs, with a column of what is read most.
func boxes(s *Site, head, in string) string {
	top := ""
	for i := range min(4, len(s.Articles)) {
		a := s.Articles[len(s.Articles)-1-i]
		top += fmt.Sprintf(`<div class="side-item"><a href="%s">%s</a></div>`, a.Path, esc(a.Title))
	}
	return fmt.Sprintf(`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html lang="%s"><head>%s</head><body class="page">
<div id="header"><div class="top-menu"><ul>%s</ul></div><div class="today">29.11.2026</div></div>
<div id="wrapper"><div id="sidebar"><h3>Top</h3>%s</div><div id="content" class="col-main">%s</div></div>
<div id="footer"><p>%s. All rights reserved.</p></div></body></html>`,
		s.Language, head, s.menu(`<li><a href="%s">%s</a></li>`), top, in, s.office())
}

// tables is a frame of the first years: a table of three columns, no classes.
func tables(s *Site, head, in string) string {
	return fmt.Sprintf(`<html lang="%s"><head>%s</head><body bgcolor="#ffffff"><table width="100%%" border="0">
<tr><td colspan="3"><img src="/banner.gif" alt=""></td></tr>
<tr><td width="150" valign="top"><table>%s</table></td><td valign="top">%s</td><td width="120"><a href="/search">Search</a></td></tr>
<tr><td colspan="3" align="center"><font size="1">%s</font></td></tr></table></body></html>`,
		s.Language, head, s.menu(`<tr><td><a href="%s">%s</a></td></tr>`), in, s.office())
}

// How sites write their days.
const (
	monthDay      = "January 2, 2006"
	monthDayTwo   = "January 02, 2006"
	dayMonth      = "2 January 2006"
	dayMonthComma = "02 January, 2006"
	shortMonth    = "2 Jan 2006"
	minuteLayout  = "2006-01-02 15:04"
	secondLayout  = "2006-01-02T15:04:05"
)
