package extract

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// sound tells what is wrong with a document whatever it was made of.
func sound(d statement.Document) string {
	switch {
	case d.Body == "" || strings.TrimSpace(d.Body) != d.Body:
		return "the body is empty or has white space around it"
	case strings.Contains(d.Body, "\n\n\n") || strings.Contains(d.Body, "  ") || strings.Contains(d.Body, " \n") || strings.Contains(d.Body, "\n "):
		return "the body's white space is not collapsed"
	case strings.ContainsAny(d.Body, "\x00\r\t\u00a0\u0085"):
		return "the body has control characters"
	case strings.ContainsAny(d.Title, "\n\r\t\x00"):
		return "the title is more than a line"
	case !utf8.ValidString(d.Body) || !utf8.ValidString(d.Title):
		return "not UTF-8"
	case len(d.Body) > maxText || len(d.Title) > 2*maxTitle:
		return "too long"
	case d.Fingerprint == "" || d.Path == "":
		return "nothing says how it was made"
	}
	return ""
}

func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"<p>text", "<table><tr><td>a<td>b</table>", "<h1>T</h1><div><pre>\n\n x\n</pre></div>", "<b><i><p>x</b>y</i>",
		"<svg><p>x</svg>", "<form><h1>x</h1>", "<div hidden>x</div><br><br> y", "\xff\xfe<\x00p\x00>\x00", "<p>a\x00b&nbsp;c", "<script>x", "<p><b>A:</b> b",
		string(officialPage(1)[:4000]),
	} {
		f.Add([]byte(s))
	}
	for _, s := range append(replaytest.Seeds("issuers", 10), replaytest.Seeds("edgi", 4)...) {
		f.Add(s.Body)
	}
	x := extractor(f, statement.Source{Language: "de", Timezone: "Europe/Berlin", Extract: statement.ExtractRules{
		Title: []string{"h1"}, Body: []string{"p", "div", "table"}, Drop: []string{".ad"}, DropText: []string{"^Share$"}, Speaker: []string{"p > b:first-child"}, Turns: "([A-Z]+):",
		Published: []statement.DateRule{{Selectors: []string{"time"}, Formats: []string{"2. January 2006"}}, {Selectors: []string{"time"}}},
	}})
	bare := extractor(f, statement.Source{})
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, x := range []*Extractor{x, bare} {
			in := Input{URL: "https://press.example/1", Body: body, Representation: statement.FromPage}
			d, err := x.Extract(in)
			if err != nil {
				continue
			}
			if fault := sound(d); fault != "" {
				t.Fatalf("%s: %+v", fault, d)
			}
			in.Via = d.Path
			again, err := x.Extract(in)
			if err != nil || again.TextHash() != d.TextHash() {
				t.Fatalf("extracted again: %+v, %v", again, err)
			}
		}
	})
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(atomFeed))
	f.Add([]byte(`<rss><channel><item><guid>1</guid><description>&lt;p&gt;x</description></item></channel></rss>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_text":"x"}]}`))
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><link>https://x.example/</link></item></rdf:RDF>`))
	for _, s := range replaytest.Seeds("issuers", 30) {
		if strings.Contains(s.ContentType, "xml") || strings.Contains(s.ContentType, "rss") {
			f.Add(s.Body)
		}
	}
	// Entities that grow when they are put in, and elements without end.
	f.Add([]byte(`<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`))
	f.Add([]byte(`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><entry><title>&x;</title></entry></feed>`))
	f.Add([]byte("<rss>" + strings.Repeat("<a>", 20_000)))
	x := extractor(f, statement.Source{Language: "fr", Authority: statement.FromFeed})
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, next, err := x.Feed(body, "https://press.example/feed")
		if next != "" && absolute(next) == "" {
			t.Fatalf("next: %q", next)
		}
		if err != nil {
			return
		}
		for _, e := range entries[:min(len(entries), 20)] {
			if e.URL != "" && absolute(e.URL) == "" || e.Locator == "" && e.URL == "" {
				t.Fatalf("%+v", e)
			}
			d, err := x.Extract(Input{URL: "https://press.example/feed", Body: body, Locator: e.Locator, Representation: statement.FromFeed})
			if err == nil {
				if fault := sound(d); fault != "" {
					t.Fatalf("%s: %+v", fault, d)
				}
			}
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>https://x.example/</loc><lastmod>2022-11-05</lastmod></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>`))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		pages, children, err := Sitemap(body, "https://press.example/sitemap.xml")
		if err == nil {
			for _, p := range pages {
				children = append(children, p.URL)
			}
		}
		for _, c := range children {
			if absolute(c) == "" {
				t.Fatalf("%q", c)
			}
		}
	})
}

func FuzzItems(f *testing.F) {
	f.Add([]byte(listing))
	f.Add([]byte(`{"results":{"a":{"path":"x"}}}`))
	x := extractor(f, statement.Source{
		Kind: statement.KindAPI, Authority: statement.FromAPI,
		API:     statement.APIRules{Items: "results", Link: "path", LinkURL: "https://press.example/api{value}", Title: "title", Date: "public_timestamp"},
		Extract: statement.ExtractRules{Title: []string{"title"}, Body: []string{"body", "parts.#.body"}, Published: []statement.DateRule{{Selectors: []string{"public_timestamp", "time"}}}},
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := x.Items(body, "https://press.example/api")
		if err != nil {
			return
		}
		for _, e := range entries[:min(len(entries), 20)] {
			d, err := x.Extract(Input{Body: body, Locator: e.Locator, Representation: statement.FromAPI})
			if err == nil {
				if fault := sound(d); fault != "" {
					t.Fatalf("%s: %+v", fault, d)
				}
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"Sat, 5 Nov 2022 10:00:00 -0400", "5. März 2022, 14.30 Uhr", "2022年11月5日", "۲۰۲۲/۱۱/۰۵", "11/25/2022 12:00 a.m. EST", "2022-11-05T10:00:00+03:30"} {
		f.Add(s, "de")
	}
	for lang, s := range map[string]string{
		"fa": "سه\u200cشنبه ۲۹ آبان ۱۴۰۵ - ۱۴:۳۰", "ar": "10/06/1448هـ الموافق 20/11/2026م", "he": "ט׳ בכסלו תשפ״ז", "ja": "令和8年11月20日(金)午後3時", "th": "20 พ.ย. 69",
		"ko": "2026. 11. 20.", "zh-TW": "民國115年11月20日", "zh": "二〇二六年十一月二十日", "vi": "ngày 20 tháng 11 năm 2026", "en": "Fri, 20 Nov 2026 20:21:00 America/Los_Angeles GMT+7",
	} {
		f.Add(s, lang)
	}
	f.Fuzz(func(t *testing.T, raw, lang string) {
		at, hasTime, ok := readWritten(raw, where{zone: time.UTC, language: lang})
		if !ok {
			return
		}
		if at.Year() < 1899 || at.Year() > 2101 || !hasTime && (at.Hour() != 0 || at.Minute() != 0) {
			t.Fatalf("%q: %s, time %v", raw, at, hasTime)
		}
		d := statement.Date{Time: at, HasTime: hasTime}
		if back := statement.ParseDate(d.String(), ""); !hasTime && !back.Time.Equal(at) {
			t.Fatalf("%q: %s becomes %s", raw, at, back.Time)
		}
	})
}
