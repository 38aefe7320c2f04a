package learn

import (
	"errors"
	"strings"
	"testing"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// Feeds and APIs are found where a page names them or its platform has them; those of comments and of other sites are not.
func TestWays(t *testing.T) {
	for _, test := range []struct{ name, address, html, want string }{
		{"alternates", "https://press.example/news/", `<link rel="alternate" type="application/rss+xml" href="/news/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel=alternate type="application/atom+xml; charset=utf-8" href="https://elsewhere.example/atom"><a href="/rss.xml">RSS</a><a href="/feedback">Write to us</a>`,
			"feed https://press.example/news/feed/, feed https://press.example/rss.xml"},
		{"WordPress", "https://press.example/category/speeches/", `<link rel="https://api.w.org/" href="https://press.example/wp-json/"><link rel="alternate" type="application/json" href="https://press.example/wp-json/wp/v2/categories/12">`,
			"WordPress API https://press.example/wp-json/wp/v2/posts?per_page=20&_fields=link,title,date&categories=12"},
		{"GOV.UK", "https://www.gov.uk/government/organisations/hm-treasury", "", "feed of GOV.UK, with its content API https://www.gov.uk/government/organisations/hm-treasury.atom"},
		{"none", "https://press.example/", `<a href="/one">One</a>`, ""},
	} {
		var got []string
		for _, w := range Ways(Page{URL: test.address, Body: []byte(test.html)}) {
			got = append(got, w.String())
			src := w.Source
			src.ID, src.Authority = "x", statement.FromPage
			if _, err := extract.New(src); err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %s", test.name, strings.Join(got, ", "))
		}
	}
	drupal := DrupalWays("https://press.example", `{"links":{"node--press_release":{},"node--page":{}}}`)
	if len(drupal) != 1 || !strings.Contains(drupal[0].Source.URL, "/jsonapi/node/press_release?") {
		t.Errorf("%+v", drupal)
	}
	x, err := extract.New(statement.Source{ID: "x", Kind: statement.KindAPI, Authority: statement.FromPage, API: drupal[0].Source.API})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := x.Items([]byte(`{"data":[{"attributes":{"title":"On grain","created":"2026-10-03T10:00:00+00:00","path":{"alias":"/news/grain"}}}]}`), drupal[0].Source.URL)
	if err != nil || len(entries) != 1 || entries[0].URL != "https://press.example/news/grain" || entries[0].Published.String() != "2026-10-03T10:00:00Z" {
		t.Errorf("%+v %v", entries, err)
	}
}

// An address may be a feed or a sitemap itself.
func TestDirect(t *testing.T) {
	for body, want := range map[string]string{
		`<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>A</title><link>https://press.example/a</link></item></channel></rss>`: "feed 1",
		`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://press.example/a</loc></url></urlset>`:            "sitemap 1",
		`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","url":"https://press.example/a","title":"A"}]}`:                        "feed 1",
		`<!doctype html><title>x</title><p>No feed.`: " 0",
	} {
		way, entries := Direct(Page{URL: "https://press.example/x", Body: []byte(body)})
		if got := way.What + " " + string(rune('0'+len(entries))); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

// A document that is no page has nothing to learn from.
func TestDocumentsAreNoPages(t *testing.T) {
	for body, want := range map[string]bool{"%PDF-1.7\n%\xe2\xe3": false, "PK\x03\x04\x14\x00": false, "<p>x": true, "": true, "\xef\xbb\xbf<html>": true} {
		p := Page{URL: "https://press.example/a", Body: []byte(body)}
		if IsHTML(p) != want {
			t.Errorf("%q", body)
		}
		if _, err := Best(p, About{Language: "en", Timezone: "UTC", Now: now}); !want && !errors.Is(err, ErrNotHTML) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// A page tells its language, its host the country and its clock; what nothing tells stays open.
func TestAboutSite(t *testing.T) {
	persian := strings.Repeat("وزارت امور خارجه اعلام کرد که موضع کشور تغییری نکرده است. ", 8)
	for _, test := range []struct {
		address, html string
		want          Site
	}{
		{"https://en.mfa.ir/portal", `<html lang="en"><title>News | Ministry of Foreign Affairs</title>`, Site{"Ministry of Foreign Affairs", "ir-mfa", "en", "IR", "Asia/Tehran", true}},
		{"https://www.mfa.ir/", `<html lang="en"><title>x</title><p>` + persian, Site{"x", "ir-mfa", "fa", "IR", "Asia/Tehran", false}},
		{"https://press.example.org/news", `<html lang="xx-notalanguage"><meta property="og:site_name" content="The Press Office">`, Site{"The Press Office", "press", "", "", "", false}},
		{"https://www.defense.gov/News", `<html lang="en-US"><title>Releases - U.S. Department</title>`, Site{"U.S. Department", "us-defense", "en-US", "US", "America/New_York", true}},
	} {
		if got := AboutSite(Page{URL: test.address, ContentType: "text/html; charset=utf-8", Body: []byte(test.html)}); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.address, got, test.want)
		}
	}
	for body, want := range map[string]string{
		"<!-- saved from url=(0030)https://press.example/news/42 --><p>x": "https://press.example/news/42",
		`<link rel="canonical" href="https://press.example/a">`:           "https://press.example/a",
		`<meta property="og:url" content="https://press.example/b">`:      "https://press.example/b",
		`<link rel="canonical" href="/a"><p>`:                             "",
	} {
		if got := Address([]byte(body)); got != want {
			t.Errorf("%q: %q", body, got)
		}
	}
}

// What leads on is found by what it says, never by its place; pages are counted as the site does.
func TestNextPages(t *testing.T) {
	items := ""
	for _, n := range []string{"1", "2", "3", "4"} {
		items += `<li class="entry"><a href="/news/` + n + `-on-the-matter">A statement on matter number ` + n + `</a> <time>` + n + ` May 2026</time></li>`
	}
	zero := 0
	for pager, want := range map[string]statement.ListingRules{
		`<a rel="next" href="?page=2">2</a>`:                                               {Next: "a[rel=next]"},
		`<div class="pager"><a class="pager-next" href="?page=2">Suivant ›</a></div>`:      {Next: ".pager-next"},
		`<div><a href="?p=2">2</a> <a href="?p=3">3</a> <a href="?p=2">»</a></div>`:        {NextURL: "https://press.example/news/?p={page}"},
		`<p><a href="index_1.html">2</a><a href="index_2.html">3</a><a href="x">重</a></p>`: {NextURL: "https://press.example/news/index_{page}.html", FirstPage: &zero},
		`<a href="/about">About us</a>`:                                                    {},
	} {
		l, err := Best(Page{URL: "https://press.example/news/", Body: []byte(`<html lang=en><main><ul>` + items + `</ul>` + pager + `</main>`)}, About{Language: "en", Timezone: "UTC", Now: now})
		if err != nil {
			t.Fatal(err)
		}
		got := l.Rules
		if got.Next != want.Next || got.NextURL != want.NextURL || (got.FirstPage == nil) != (want.FirstPage == nil) || got.FirstPage != nil && *got.FirstPage != *want.FirstPage || len(l.Items) != 4 {
			t.Errorf("%s: %+v, %d items", pager, got, len(l.Items))
		}
	}
}

// A date whose figures could stand in either order is not read, unless another shows the order or an article tells it.
func TestOrderOfFigures(t *testing.T) {
	r, err := newReader(About{Language: "en", Timezone: "UTC", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := r.agreed([]string{"03/04/2026", "05/06/2026"}, nil, 1); ok {
		t.Error("read though nobody can tell")
	}
	with, days, ok := r.agreed([]string{"03/04/2026", "25/03/2026"}, nil, 1)
	if !ok || forms[with].layout != "2/1/2006" || days[0].Month() != 4 {
		t.Errorf("%v %v %v", with, days, ok)
	}
	april := days[0]
	with, days, ok = r.agreed([]string{"04/03/2026"}, append(days[:0:0], april), 1)
	if !ok || forms[with].layout != "1/2/2006" || days[0].Day() != 3 {
		t.Errorf("by what is known: %v %v %v", with, days, ok)
	}
}
