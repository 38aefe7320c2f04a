package extract

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"volteface/internal/statement"
)

var words = strings.Fields(`the government of ministry council reaffirms rejects supports welcomes agreement sanctions
ceasefire negotiations resolution budget in accordance with decision despite objections together partners joint full
economic humanitarian temporary binding legal public and has been said must not before year position changed allocated`)

// officialPage is a page of about 25 KB with some 900 words of text, and as
// much furniture around it as press pages have.
func officialPage(seed int64) []byte {
	r := rand.New(rand.NewSource(seed))
	phrase := func(n int) string {
		w := make([]string, n)
		for i := range w {
			w[i] = words[r.Intn(len(words))]
		}
		return strings.Join(w, " ")
	}
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<!-- generated -->\n<head>\n<meta charset=\"utf-8\">\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<meta property=\"article:published_time\" content=\"2022-11-05T10:00:00Z\">\n", phrase(12))
	b.WriteString("<link rel=\"canonical\" href=\"http://press.example/statement/1\">\n<style>\n")
	for i := range 40 {
		fmt.Fprintf(&b, ".layout-%02d { margin: %dpx; padding: %dpx; color: #%06x; }\n", i, i%9, i%5, i*4321)
	}
	b.WriteString("</style>\n<script>window.dataLayer = [];</script>\n</head>\n<body>\n<header class=\"site-header\"><a class=\"logo\" href=\"/\">Gazette</a>" +
		"<form action=\"/search\"><input name=\"q\"><button>Search</button></form></header>\n<nav class=\"main-nav\"><ul>\n")
	for i := range 60 {
		fmt.Fprintf(&b, "<li class=\"menu-item menu-item-%d\"><a href=\"/section/%d\" title=\"%s\">%s</a></li>\n", i, i, phrase(3), phrase(3))
	}
	fmt.Fprintf(&b, "</ul></nav>\n<main id=\"content\"><article>\n<h1 itemprop=\"headline\">%s</h1>\n<p class=\"meta\"><time datetime=\"2022-11-05T10:00:00Z\">5 November 2022</time></p>\n", phrase(12))
	b.WriteString("<div class=\"body\" itemprop=\"articleBody\">\n")
	for range 10 {
		fmt.Fprintf(&b, "<p>%s. %s. %s.</p>\n", phrase(30), phrase(30), phrase(30))
	}
	b.WriteString("</div>\n</article></main>\n<aside class=\"related\"><h2>Related</h2><ul>\n")
	for i := range 38 {
		fmt.Fprintf(&b, "<li class=\"related-item\"><a href=\"http://press.example/statement/%d\">%s</a></li>\n", i, phrase(8))
	}
	b.WriteString("</ul></aside>\n<footer><ul>\n")
	for i := range 24 {
		fmt.Fprintf(&b, "<li class=\"footer-link\"><a href=\"/about/%d\">%s</a></li>\n", i, phrase(4))
	}
	b.WriteString("</ul></footer>\n</body>\n</html>\n")
	return []byte(b.String())
}

// BenchmarkExtract reads a 25 KB page by selectors.
func BenchmarkExtract(b *testing.B) {
	x := extractor(b, statement.Source{Language: "en", Extract: statement.ExtractRules{
		Title: []string{"h1"}, Body: []string{"div[itemprop=articleBody]"},
	}})
	pages := make([][]byte, 16)
	size := 0
	for i := range pages {
		pages[i] = officialPage(int64(i))
		size += len(pages[i])
	}
	b.SetBytes(int64(size / len(pages)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d, err := x.Extract(Input{URL: "http://press.example/statement/1", ContentType: "text/html; charset=utf-8", Body: pages[i%16], Representation: statement.FromPage})
		if err != nil || len(d.Body) < 4000 {
			b.Fatal(err)
		}
	}
}

// BenchmarkKremlin reads real articles of about 60 KB with all of the source's
// rules, and without any.
func BenchmarkKremlin(b *testing.B) {
	x := shipped(b, "kremlin")
	versions := readPack(b, "kremlin", func(u string) bool { return strings.HasPrefix(u, "http://en.kremlin.ru/events/president/news/62") })
	for _, via := range []statement.Path{statement.BySelectors, statement.ByMainContent} {
		b.Run(string(via), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				in := versions[i%len(versions)].input()
				in.Via = via
				if _, err := x.Extract(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMainContent reads the same page without rules.
func BenchmarkMainContent(b *testing.B) {
	x := extractor(b, statement.Source{Language: "en"})
	page := officialPage(1)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Extract(Input{URL: "http://press.example/statement/1", Body: page, Representation: statement.FromPage}); err != nil {
			b.Fatal(err)
		}
	}
}
