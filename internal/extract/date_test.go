package extract

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"volteface/internal/statement"
)

func TestWrittenDates(t *testing.T) {
	tehran, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ lang, raw, want string }{
		{"en", "2022-11-05T10:00:00+03:30", "2022-11-05T10:00:00+03:30"},
		{"en", "2022-11-05T10:00:00Z", "2022-11-05T10:00:00Z"},
		{"en", "2022-11-05T10:00:00.123+0000", "2022-11-05T10:00:00Z"},
		{"en", "2022-11-05 10:00", "2022-11-05T10:00:00+03:30"},
		{"en", "2022-11-05", "2022-11-05"},
		{"en", "Sat, 05 Nov 2022 10:00:00 GMT", "2022-11-05T10:00:00Z"},
		{"en", "Sat, 5 Nov 2022 10:00:00 -0400", "2022-11-05T10:00:00-04:00"},
		{"en", "Saturday, 5 November 2022", "2022-11-05"},
		{"en", "November 5, 2022", "2022-11-05"},
		{"en", "Nov. 5, 2022, 5:04 p.m. EDT", "2022-11-05T17:04:00-04:00"},
		{"en", "November 5, 2022 at 12:30 a.m.", "2022-11-05T00:30:00+03:30"},
		{"en", "12:15 PM, November 5th, 2022", "2022-11-05T12:15:00+03:30"},
		{"en", "Sept. 15, 2026", "2026-09-15"},
		{"en", "2022/11/05 - 10:00", "2022-11-05T10:00:00+03:30"},
		{"en", "05.11.2022", "2022-11-05"}, // never May
		{"en", "25/11/2022", "2022-11-25"},
		{"en", "11/25/2022", "2022-11-25"},
		{"en", "05/11/2022", ""}, // nobody can tell
		{"fr", "05/11/2022", "2022-11-05"},
		{"fr", "le 5 novembre 2022", "2022-11-05"},
		{"de", "am 5. November 2022", "2022-11-05"},
		{"fr", "5 novembre 2022 à 10:00", "2022-11-05T10:00:00+03:30"},
		{"fr", "1er août 2022", "2022-08-01"},
		{"de", "5. März 2022", "2022-03-05"},
		{"de", "Samstag, 05. November 2022, 10:00 Uhr", "2022-11-05T10:00:00+03:30"},
		{"ru", "5 ноября 2022 года", "2022-11-05"},
		{"ru", "20 мая 2013", "2013-05-20"},
		{"tr", "5 Kasım 2022", "2022-11-05"},
		{"uk", "5 листопада 2022", "2022-11-05"},
		{"zh", "2022年11月5日 10:00", "2022-11-05T10:00:00+03:30"},
		{"fa", "۲۰۲۲/۱۱/۰۵", "2022-11-05"},
		{"fa", "1405/08/12", "2026-11-03"}, // Solar Hijri
		{"fa", "10 مهر 1405", "2026-10-02"},
		{"en", "31 February 2022", ""},
		{"en", "2022-02-31", ""},
		{"en", "5 November 20221", ""},
		{"en", "5 November 2022 and later", ""},
		{"en", "Stand 12.11.2021", ""},
		{"en", "November", ""},
		{"en", "25:00 5 November 2022", ""},
		{"en", "", ""},
	} {
		x := &Extractor{src: statement.Source{Language: test.lang}, lang: test.lang, zone: tehran}
		d := x.anyDate(test.raw, test.lang)
		got := d.String()
		if d.Time.IsZero() {
			got = ""
		}
		if got != test.want || d.Raw != test.raw {
			t.Errorf("%s %q: %q <%s>, want %q", test.lang, test.raw, got, d.Raw, test.want)
		}
	}
}

func TestDateRules(t *testing.T) {
	html := `<div><time class="a" datetime="2022-11-05">Sat</time><span class="b"> 05. März&nbsp;2022,
	 14.30 Uhr</span><i class="c">Stand: 5 novembre 2022</i><u class="d">Nov 5, 2022 3:04 PM EST</u><s class="e">soon</s></div>`
	page, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		rule statement.DateRule
		want string
		raw  string
	}{
		{statement.DateRule{Selectors: []string{"time"}, Attr: "datetime"}, "2022-11-05", "2022-11-05"},
		{statement.DateRule{Selectors: []string{".b"}, Formats: []string{"2006-01-02", "02. January 2006, 15.04 Uhr"}, Locale: "de_DE"}, "2022-03-05T14:30:00+01:00", "05. März 2022, 14.30 Uhr"},
		{statement.DateRule{Selectors: []string{".c"}, Pattern: `Stand: (.*)`, Formats: []string{"2 January 2006"}, Locale: "fr-FR"}, "2022-11-05", "5 novembre 2022"},
		{statement.DateRule{Selectors: []string{".d"}, Formats: []string{"Jan 2, 2006 3:04 PM MST"}}, "2022-11-05T15:04:00-05:00", "Nov 5, 2022 3:04 PM EST"},
		{statement.DateRule{Selectors: []string{".e"}}, "soon", "soon"},
		{statement.DateRule{Selectors: []string{".none"}}, "", ""},
	} {
		rules := []statement.DateRule{test.rule}
		for name, src := range map[string]statement.Source{
			"the source's own": {Timezone: "Europe/Berlin", Language: "de", Listing: statement.ListingRules{Date: rules}},
			"others":           {Timezone: "Europe/Berlin", Language: "de"},
		} {
			if d := extractor(t, src).Date(page.Find("div"), rules); d.String() != test.want || d.Raw != test.raw {
				t.Errorf("%v, %s: %s <%s>, want %s", test.rule, name, d, d.Raw, test.want)
			}
		}
	}
	x := extractor(t, statement.Source{})
	if d := x.Date(page.Find("div"), nil); d.String() != "2022-11-05" {
		t.Errorf("without a rule: %s", d)
	}
	if d := x.Date(page.Find("nothing"), nil); !d.IsZero() {
		t.Errorf("of nothing: %s", d)
	}
}

// What a page without a rule declares, in order of trust; a time of
// modification is none of it.
func TestOwnDates(t *testing.T) {
	for html, want := range map[string]string{
		`<meta property="article:published_time" content="2022-11-05T10:00:00+00:00"><meta property="article:modified_time" content="2023-01-01T00:00:00Z">`: "2022-11-05T10:00:00Z",
		`<meta property="article:modified_time" content="2023-01-01T00:00:00Z">`:                                                                             "",
		`<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"datePublished":"2022-11-05"}]}</script>`:                                        "2022-11-05",
		`<script type="application/ld+json">[{"datePublished":"2022-11-05 09:00:00"}]</script><time datetime=2020-01-01></time>`:                             "2022-11-05T09:00:00Z",
		`<script type="application/ld+json">{"datePublished":</script><time datetime="2020-01-01">x</time>`:                                                  "2020-01-01",
		`<time>5 November 2022</time>`:                                                         "2022-11-05",
		`<h1>A title long enough</h1><p class=meta>Published: 5 November 2022</p>`:             "2022-11-05",
		`<p>Berlin, 5 November 2022</p><h1>A title long enough</h1>`:                           "2022-11-05",
		`<h1>A title long enough</h1><p>Valid on 12.11.2021 (unchanged since: 05.11.2021)</p>`: "",
		`<h1>A title long enough</h1><p>On 5 November 2022 the ministers met for talks.</p>`:   "",
	} {
		d := page(t, statement.ExtractRules{Body: []string{".body"}}, "<!doctype html><title>A title long enough</title>"+html+"<div class=body>Text.</div>")
		got := d.Published.String()
		if strings.Contains(html, "09:00:00") {
			got = d.Published.Time.Add(3 * time.Hour).UTC().Format(time.RFC3339) // the test's source is in Moscow
		}
		if got != want {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}

func TestOwnTitles(t *testing.T) {
	for html, want := range map[string]string{
		`<title>Statement on drones | Ministry</title><h1>Statement on drones</h1>`:                                               "Statement on drones",
		`<title>Ministry - Statement on drones</title><h1>Navigation</h1><h3>Statement on drones</h3>`:                            "Statement on drones",
		`<meta property="og:title" content="Statement on drones – Ministry"><meta property="og:site_name" content="Ministry">`:    "Statement on drones",
		`<title>Statement on the supply of drones - Ministry</title><h1><i>5 May 2022</i> Statement on the supply of drones</h1>`: "Statement on the supply of drones",
		`<title>Statement &amp;
			reply</title>`: "Statement & reply",
		`<h1 class="sr-only">Menu of the site</h1><h1>Statement on drones</h1><title>Ministry of Foreign Affairs</title>`: "Statement on drones",
		`<h1>x</h1><script type="application/ld+json">{"headline":"Statement &amp; reply"}</script>`:                      "Statement & reply",
	} {
		if d := page(t, statement.ExtractRules{Body: []string{".body"}}, "<!doctype html>"+html+"<div class=body>Text.</div>"); d.Title != want {
			t.Errorf("%s: %q, want %q", html, d.Title, want)
		}
	}
}
