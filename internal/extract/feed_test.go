package extract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"volteface/internal/statement"
)

const atomFeed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>News</title>
<link rel="self" href="/feed"/><link rel="next" href="/feed?page=2"/>
<entry><id>tag:press.example,2022:1</id><title type="html">Talks &amp;amp; &lt;b&gt;visits&lt;/b&gt;</title>
<link href="/news/1#top"/><published>2022-11-05T10:00:00+03:00</published><updated>2022-11-06T00:00:00Z</updated>
<category term="Statements"/><content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry>
<entry><title>Without an id</title><link href="https://press.example/news/2"/><updated>2022-11-07T00:00:00Z</updated><summary>Short.</summary></entry>
<entry><title>Nothing to find it by</title></entry></feed>`

func TestFeeds(t *testing.T) {
	x := extractor(t, statement.Source{Language: "en", Authority: statement.FromFeed})
	entries, next, err := x.Feed([]byte(atomFeed), "https://press.example/feed")
	if err != nil || len(entries) != 2 || next != "https://press.example/feed?page=2" {
		t.Fatalf("%+v, %q, %v", entries, next, err)
	}
	one, two := entries[0], entries[1]
	if one.Locator != "tag:press.example,2022:1" || one.URL != "https://press.example/news/1" || one.Title != "Talks & visits" || one.Category != "Statements" ||
		one.Published.String() != "2022-11-05T10:00:00+03:00" || one.Updated.String() != "2022-11-06T00:00:00Z" || one.HTML != "<p>One.</p><p>Two.</p>" {
		t.Errorf("%+v", one)
	}
	if two.Locator != two.URL || two.URL != "https://press.example/news/2" || !two.Published.IsZero() || two.HTML != "Short." {
		t.Errorf("%+v", two)
	}
	for locator, want := range map[string]string{"tag:press.example,2022:1": "One.\n\nTwo.", "https://press.example/news/2": "Short.", "https://press.example/news/1": "One.\n\nTwo."} {
		d, err := x.Extract(Input{URL: "https://press.example/feed", Body: []byte(atomFeed), Locator: locator, Representation: statement.FromFeed})
		if err != nil || d.Body != want || d.Path != statement.ByFeed || !d.Updated.IsZero() || d.Fingerprint != x.Fingerprint(statement.ByFeed) {
			t.Errorf("%s: %+v, %v", locator, d, err)
		}
	}
	if _, err := x.Extract(Input{Body: []byte(atomFeed), Locator: "3", Representation: statement.FromFeed}); !errors.Is(err, ErrNoEntry) {
		t.Errorf("an unknown entry: %v", err)
	}
}

func TestOtherFeeds(t *testing.T) {
	rss := `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title>
<atom:link rel="next" href="https://press.example/feed/?paged=2"/>
<item><title>Titre &amp; &#8220;citation&#8221;</title><link>https://press.example/1</link><guid isPermaLink="false">?p=1</guid><pubDate>Sat, 05 Nov 2022 10:00:00 +0100</pubDate>
<description>Short</description><content:encoded><![CDATA[<nav>menu</nav><p>Long.</p><p>The post x appeared first on y.</p>]]></content:encoded></item></channel></rss>`
	jsonFeed := `{"version":"https://jsonfeed.org/version/1.1","title":"T","next_url":"https://press.example/2.json","items":[
{"id":"7","url":"https://press.example/1","title":"Titre & “citation”","content_html":"<p>Long.</p>","date_published":"2022-11-05T10:00:00+01:00"}]}`
	for name, body := range map[string]string{
		"RSS": rss, "JSON": jsonFeed, "RSS in Latin-1": encoded(t, `<?xml version="1.0" encoding="iso-8859-1"?>`+strings.Replace(rss, "Long.", "Long.<!-- é -->", 1), "iso-8859-1"),
		"RSS whose declaration is wrong": `<?xml version="1.0" encoding="windows-1251"?>` + strings.Replace(rss, "Long.", "Long.<!-- é -->", 1),
	} {
		x := extractor(t, statement.Source{Authority: statement.FromFeed, Extract: statement.ExtractRules{DropText: []string{"appeared first on"}}})
		entries, next, err := x.Feed([]byte(body), "https://press.example/feed/")
		if err != nil || len(entries) != 1 || next == "" || entries[0].Title != "Titre & “citation”" || entries[0].Published.String() != "2022-11-05T10:00:00+01:00" {
			t.Errorf("%s: %+v, %q, %v", name, entries, next, err)
			continue
		}
		d, err := x.Extract(Input{Body: []byte(body), Locator: entries[0].Locator, Representation: statement.FromFeed})
		if err != nil || d.Body != "Long." {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	for _, body := range []string{"<html><body>Sign in</body></html>", "", "{}", "<feed", "<rss><channel><item>"} {
		x := extractor(t, statement.Source{})
		if entries, _, err := x.Feed([]byte(body), "https://press.example/"); err == nil && len(entries) > 0 {
			t.Errorf("%q: %+v", body, entries)
		}
	}
	if _, _, err := extractor(t, statement.Source{}).Feed([]byte("<html></html>"), ""); !errors.Is(err, ErrNotText) || statement.HintOf(err) == "" {
		t.Errorf("a page is no feed: %v", err)
	}
}

func TestSitemap(t *testing.T) {
	urlset := `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://press.example/1.jpg</image:loc></image:image><loc> https://press.example/1?a=1&amp;b=2 </loc><lastmod>2022-11-05T10:00:00+00:00</lastmod>
<news:news><news:publication><news:name>Press</news:name></news:publication><news:publication_date>2022-11-04</news:publication_date><news:title>Talks &amp; visits</news:title></news:news></url>
<url><loc>/2</loc></url><url><loc>mailto:a@b</loc></url><url><lastmod>2022-01-01</lastmod></url></urlset>`
	pages, children, err := Sitemap([]byte(urlset), "https://press.example/sitemap.xml")
	if err != nil || len(children) != 0 || len(pages) != 2 {
		t.Fatalf("%+v, %v, %v", pages, children, err)
	}
	if e := pages[0]; e.URL != "https://press.example/1?a=1&b=2" || e.Title != "Talks & visits" || e.Published.String() != "2022-11-04" || e.Updated.String() != "2022-11-05T10:00:00Z" || e.Locator != "" {
		t.Errorf("%+v", e)
	}
	if pages[1].URL != "https://press.example/2" {
		t.Errorf("%+v", pages[1])
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://press.example/a.xml</loc></sitemap><sitemap><loc>https://press.example/b.xml.gz</loc></sitemap></sitemapindex>`))
	z.Close()
	pages, children, err = Sitemap(packed.Bytes(), "https://press.example/sitemap.xml.gz")
	if err != nil || len(pages) != 0 || strings.Join(children, " ") != "https://press.example/a.xml https://press.example/b.xml.gz" {
		t.Errorf("%+v, %v, %v", pages, children, err)
	}
	for _, body := range []string{"<html><url><loc>https://press.example/</loc></url></html>", "", "\x1f\x8bxx", "{}"} {
		if pages, _, err := Sitemap([]byte(body), "https://press.example/"); err == nil {
			t.Errorf("%q: %+v", body, pages)
		}
	}
	if pages, _, err := Sitemap([]byte(urlset[:len(urlset)-60]), "https://press.example/"); err != nil || len(pages) != 2 {
		t.Errorf("a cut sitemap: %+v, %v", pages, err)
	}
}

func TestSitemapBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range maxSitemap>>10 + 1 {
		z.Write([]byte("<!--" + strings.Repeat("x", 1017) + "-->"))
	}
	z.Close()
	if _, _, err := Sitemap(packed.Bytes(), ""); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
}

const listing = `{"total":3,"results":[
{"path":"/news/one","title":"One &amp; only","public_timestamp":"2022-11-05T10:00:00Z","body":"<p>Text.</p><p>More.</p>"},
{"path":"two","title":"Two","public_timestamp":1667642400,"body":["Plain < text.\nLine.","<p>End.</p>"]},
{"path":"","title":"Three"}]}`

func TestItems(t *testing.T) {
	src := statement.Source{
		Kind: statement.KindAPI, Authority: statement.FromAPI, Timezone: "Europe/London",
		API:     statement.APIRules{Items: "results", Link: "path", LinkURL: "https://press.example/api{value}", Title: "title", Date: "public_timestamp"},
		Extract: statement.ExtractRules{Title: []string{"headline", "title"}, Body: []string{"body"}, Published: []statement.DateRule{{Selectors: []string{"public_timestamp"}}}},
	}
	x := extractor(t, src)
	entries, err := x.Items([]byte(listing), "https://press.example/search.json")
	if err != nil || len(entries) != 2 {
		t.Fatalf("%+v, %v", entries, err)
	}
	if e := entries[0]; e.URL != "https://press.example/api/news/one" || e.Title != "One & only" || e.Locator != "/news/one" || e.Published.String() != "2022-11-05T10:00:00Z" {
		t.Errorf("%+v", e)
	}
	if e := entries[1]; e.URL != "" && !strings.HasPrefix(e.URL, "https://press.example") || e.Published.String() != "2022-11-05T10:00:00Z" {
		t.Errorf("%+v", e)
	}
	for locator, want := range map[string]string{"/news/one": "Text.\n\nMore.", "two": "Plain < text.\nLine.\n\nEnd."} {
		d, err := x.Extract(Input{Body: []byte(listing), Locator: locator, Representation: statement.FromAPI})
		if err != nil || d.Body != want || d.Path != statement.ByAPI || d.Title == "" || !d.Published.HasTime {
			t.Errorf("%s: %+v, %v", locator, d, err)
		}
	}
	if _, err := x.Extract(Input{Body: []byte(listing), Locator: "no", Representation: statement.FromAPI}); !errors.Is(err, ErrNoEntry) {
		t.Errorf("an unknown item: %v", err)
	}
	if _, err := x.Extract(Input{Body: []byte(`{"title":"x"}`), Representation: statement.FromAPI}); !errors.Is(err, ErrNoSelector) {
		t.Errorf("a document without a body: %v", err)
	}
	src.Authority = statement.FromPage
	src.Extract = statement.ExtractRules{}
	entries, err = extractor(t, src).Items([]byte(listing), "https://press.example/search.json")
	if err != nil || len(entries) != 2 || entries[0].Locator != "" {
		t.Errorf("whose text is on pages: %+v, %v", entries, err)
	}
	for _, body := range []string{"<html>", "", `{"results":7}`, strings.Repeat("[", 100_000)} {
		if entries, err := x.Items([]byte(body), ""); err == nil || len(entries) > 0 {
			t.Errorf("%.20q: %+v", body, entries)
		}
	}
}
