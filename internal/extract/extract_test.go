package extract

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/extract/pdf"
	"volteface/internal/statement"
)

func page(t testing.TB, rules statement.ExtractRules, body string) statement.Document {
	t.Helper()
	d, err := extractor(t, statement.Source{Language: "en", Timezone: "Europe/Moscow", Extract: rules}).Extract(Input{
		URL: "https://press.example/1", Body: []byte(body), Representation: statement.FromPage,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBody(t *testing.T) {
	for name, test := range map[string]struct{ html, want string }{
		"paragraphs":        {"<p>One.</p><p>Two\n  three.</p>", "One.\n\nTwo three."},
		"inline":            {"<p>un<b>believ</b>able <i>words</i><span>, </span>here</p>", "unbelievable words, here"},
		"spaces at edges":   {"<p>a<b> b </b>c</p>", "a b c"},
		"nbsp and tabs":     {"<p>a&nbsp;&nbsp;b\t\u2009c\u3000d</p>", "a b c d"},
		"break":             {"<p>White House<br>\nWashington</p>", "White House\nWashington"},
		"two breaks":        {"<p>One.<br><br>Two.</p>", "One.\n\nTwo."},
		"break at the end":  {"<p>One.<br></p><p>Two.</p>", "One.\n\nTwo."},
		"headings and list": {"<h2>Head</h2><ul><li>one</li><li><p>two</p></li></ul>tail", "Head\n\none\n\ntwo\n\ntail"},
		"quotation":         {"<blockquote>“We do.”</blockquote>he said", "“We do.”\n\nhe said"},
		"table":             {"<table><tr><th>Year</th><th>Men</th></tr><tr><td>2021</td><td><p>3</p></td></tr></table>", "Year | Men\n2021 | 3"},
		"empty cell":        {"<table><tr><td></td><td>a</td></tr><tr><td>b</td><td></td></tr></table>after", "| a\nb |\n\nafter"},
		"table for layout":  {"<table><tr><td>nav</td><td><p>One.</p><p>Two.</p></td></tr></table>", "nav\n\nOne.\n\nTwo."},
		"one column":        {"<table><tr><td>One.</td></tr><tr><td>Two.</td></tr></table>", "One.\n\nTwo."},
		"silent":            {"<p>a<script>x()</script><style>p{}</style><!-- c -->b</p><nav>n</nav><aside>s</aside><form><p>f</p></form><button>b</button>", "ab"},
		"hidden":            {`<p hidden>a</p><p aria-hidden="true">b</p><p style="color:red; display : none">c</p><p class="x share-buttons">d</p><p class="hidden">e</p><p class="hidden md:block">f</p>g`, "f\n\ng"},
		"soft hyphen":       {"<p>Drohnen\u00adlieferung “quoted” ‑</p>", "Drohnen\u00adlieferung “quoted” ‑"},
		"invisible marks":   {"<p>a\u200bb\ufeffc\u0001d\u0085e</p>", "abcd e"},
		"joiners stay":      {"<p>می\u200cخواهم</p>", "می\u200cخواهم"},
		"preformatted":      {"<pre>\none\n  two\n\nthree\n</pre>", "one\ntwo\n\nthree"},
		"entities":          {"<p>AT&amp;T &lt;…&gt; &#8217;</p>", "AT&T <…> ’"},
		"struck out":        {"<p><s>and</s> [on]</p>", "and [on]"},
		"nested roots":      {"a<div class=body>b<div class=body>c</div></div>", "a\n\nb\n\nc"},
		"a page in a form":  {"<form><h1>T</h1><p>text</p></form>", "T\n\ntext"},
		"unknown elements":  {"<p>a<x-note>b</x-note>c</p>", "abc"},
		"definition list":   {"<dl><dt>Term</dt><dd>What</dd></dl>", "Term\n\nWhat"},
		"line feeds":        {"<p>a\r\nb\rc</p>", "a b c"},
		"svg and select":    {"<p>a</p><svg><text>x</text></svg><select><option>y</option></select>", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			d := page(t, statement.ExtractRules{Body: []string{".body"}}, "<!doctype html><div class=body>"+test.html+"</div>")
			if d.Body != test.want {
				t.Errorf("%q, want %q", d.Body, test.want)
			}
		})
	}
}

func TestRules(t *testing.T) {
	const html = `<!doctype html><html lang="en-GB"><head><title>T | Site</title>
<link rel="alternate canonical" href="https://press.example/one"></head><body>
<nav><h1>Site</h1></nav><p class="lead">Lead.</p><h1 class="t">A <em>title</em> &amp;
more</h1><time>5 November 2022</time><span class="clock">14:30</span>
<div class="body"><p>One.</p><p class="ad">Buy.</p><p>For Immediate Release</p><p>Two.</p></div>
<div class="body"><p>Three.</p></div><p class="updated">Last updated at 7 November 2022, 09:05</p></body></html>`
	d := page(t, statement.ExtractRules{
		Title: []string{"h2", "h1.t"}, Body: []string{".lead", ".body"}, Drop: []string{".ad"}, DropText: []string{"(?i)^for immediate release$"},
		Published: []statement.DateRule{
			{Selectors: []string{".no-such"}},
			{Selectors: []string{"time", ".clock"}, Formats: []string{"2 January 2006 15:04"}},
		},
		Updated: []statement.DateRule{{Selectors: []string{".updated"}, Pattern: `at (.*)$`, Formats: []string{"2 January 2006, 15:04"}}},
	}, html)
	want := statement.Document{
		Title: "A title & more", Body: "Lead.\n\nOne.\n\nTwo.\n\nThree.", Language: "en", Canonical: "https://press.example/one",
		Path: statement.BySelectors, Fingerprint: d.Fingerprint,
	}
	if d.Title != want.Title || d.Body != want.Body || d.Language != want.Language || d.Canonical != want.Canonical || d.Path != want.Path {
		t.Errorf("%+v\nwant %+v", d, want)
	}
	if got := d.Published.String(); got != "2022-11-05T14:30:00+03:00" || d.Published.Raw != "5 November 2022 14:30" {
		t.Errorf("published %s <%s>", got, d.Published.Raw)
	}
	if got := d.Updated.String(); got != "2022-11-07T09:05:00+03:00" || d.Updated.Raw != "7 November 2022, 09:05" {
		t.Errorf("updated %s <%s>", got, d.Updated.Raw)
	}
}

func TestCanonicalIsAbsolute(t *testing.T) {
	for href, want := range map[string]string{
		"https://press.example/1": "https://press.example/1", " http://press.example/2 ": "http://press.example/2",
		"/relative": "", "//press.example/3": "", "javascript:alert(1)": "", "ftp://press.example/": "", "https://user:pass@press.example/": "", "https:///x": "",
	} {
		d := page(t, statement.ExtractRules{Body: []string{"p"}}, `<link rel=canonical href="`+href+`"><p>text</p>`)
		if d.Canonical != want {
			t.Errorf("%q: %q, want %q", href, d.Canonical, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, test := range []struct{ source, page, want string }{
		{"en", `<html lang="en-US">`, "en"},
		{"pt-BR", `<html lang="pt">`, "pt-BR"},
		{"en", `<html lang="ru_RU">`, "ru"},
		{"en", `<html lang="zh-Hans-CN">`, "zh"},
		{"fa", `<html>`, "fa"},
		{"", `<html><meta http-equiv="content-language" content="DE-at">`, "de"},
		{"en", `<html><meta property="og:locale" content="fr_FR">`, "fr"},
		{"en", `<html lang="{{lang}}">`, "en"},
		{"en", `<html lang="">`, "en"},
	} {
		x := extractor(t, statement.Source{Language: test.source, Extract: statement.ExtractRules{Body: []string{"p"}}})
		d, err := x.Extract(Input{Body: []byte(test.page + "<p>text</p>")})
		if err != nil || d.Language != test.want {
			t.Errorf("%+v: %q, %v", test, d.Language, err)
		}
	}
}

func TestSpeakers(t *testing.T) {
	turns := statement.ExtractRules{Body: []string{"body"}, Turns: `((?:MS|MR)\. [A-Z-]+|THE PRESIDENT|Q):?`}
	bold := statement.ExtractRules{Body: []string{"body"}, Speaker: []string{"p > b:first-child"}, Drop: []string{".tip"}}
	byline := statement.ExtractRules{Body: []string{"p"}, Speaker: []string{".by"}}
	for _, test := range []struct {
		rules statement.ExtractRules
		html  string
		want  []string
	}{
		{turns, "<p>MS. JEAN-PIERRE:  Okay.</p><p>Q    Okay.</p><p>THE PRESIDENT: I said MR. X: no.</p><p>MS. JEAN-PIERRE: Yes.</p>", []string{"MS. JEAN-PIERRE", "THE PRESIDENT"}},
		{turns, "<p>Nobody speaks.</p>", []string{"The Ministry"}},
		{bold, "<p><b>Beginning of the meeting</b></p><p><b>Vladimir Putin:</b> Yes.</p><p><b>Alexei Miller</b>: No.</p>", []string{"Vladimir Putin", "Alexei Miller"}},
		{bold, "<p><b>Vladimir </b><b>Putin</b>: Yes.</p><p><b>Xi<span class=tip>: of China</span></b> <i>(in Chinese)</i>: No.</p>", []string{"Vladimir Putin", "Xi"}},
		{bold, "<p><b>Question:</b> Why?</p><p><b>Sweden</b> said: no.</p><p><b>* * *</b></p>", []string{"The Ministry"}},
		{byline, "<span class=by>Antony J. Blinken</span><p>text</p>", []string{"Antony J. Blinken"}},
	} {
		x := extractor(t, statement.Source{Speakers: []string{"The Ministry"}, Extract: test.rules})
		d, err := x.Extract(Input{Body: []byte(test.html)})
		if err != nil || !slices.Equal(d.Speakers, test.want) {
			t.Errorf("%s: %q, want %q, %v", test.html, d.Speakers, test.want, err)
		}
	}
}

func TestPaths(t *testing.T) {
	prose := strings.Repeat("<p>The government of Arlen condemns the decision, and expects, as before, that it is reversed without delay.</p>", 12)
	html := []byte("<title>A statement on the decision</title><nav><a href=/>Home</a></nav><article><h1>A statement on the decision</h1>" + prose + "</article>")
	x := extractor(t, statement.Source{Extract: statement.ExtractRules{Body: []string{".gone"}}})
	d, err := x.Extract(Input{URL: "https://press.example/1", Body: html})
	if err != nil || d.Path != statement.ByMainContent || strings.Count(d.Body, "The government") != 12 || strings.Contains(d.Body, "Home") || d.Title != "A statement on the decision" {
		t.Errorf("%+v, %v", d, err)
	}
	if d.Fingerprint != x.Fingerprint(statement.ByMainContent) || d.Fingerprint == x.Fingerprint(statement.BySelectors) {
		t.Error("the fingerprint does not tell the path")
	}
	if _, err := x.Extract(Input{Body: html, Via: statement.BySelectors}); !errors.Is(err, ErrNoSelector) {
		t.Errorf("by selectors alone: %v", err)
	}
	y := extractor(t, statement.Source{Extract: statement.ExtractRules{Body: []string{"article"}}})
	if d, err := y.Extract(Input{Body: html, Via: statement.ByMainContent}); err != nil || d.Path != statement.ByMainContent {
		t.Errorf("by main content alone: %+v, %v", d, err)
	}
}

// Where a source allows it, a title is a statement; a page without the body's
// element, or without the title's, is a fault all the same.
func TestTitleOnly(t *testing.T) {
	rules := statement.ExtractRules{Title: []string{"h1"}, Body: []string{".lead", ".text"}, Drop: []string{".share"}}
	alone := `<nav>Events</nav><h1>The ministers have met</h1><div class="text"> <p class="share">Share</p></div><p>Last updated at noon</p>`
	allowed := rules
	allowed.TitleOnly = true
	for name, test := range map[string]struct {
		rules statement.ExtractRules
		html  string
		want  bool
	}{
		"allowed":         {allowed, alone, true},
		"not allowed":     {rules, alone, false},
		"no body element": {allowed, strings.Replace(alone, "text", "other", 1), false},
		"no title":        {allowed, strings.ReplaceAll(alone, "h1", "h4"), false},
	} {
		x := extractor(t, statement.Source{Extract: test.rules})
		d, err := x.Extract(Input{URL: "https://press.example/1", Body: []byte(test.html)})
		got := err == nil && d.Path == statement.BySelectors && d.Body == "" && d.Title == "The ministers have met"
		if got != test.want {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestPlainText(t *testing.T) {
	x := extractor(t, statement.Source{})
	d, err := x.Extract(Input{ContentType: "text/plain; charset=utf-8", Body: []byte("Statement\r\n\r\nWe do\r\nnot <agree>.\r\n\r\n\r\nEnd.")})
	if err != nil || d.Title != "Statement" || d.Body != "Statement\n\nWe do\nnot <agree>.\n\nEnd." {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestRefused(t *testing.T) {
	x := extractor(t, statement.Source{Extract: statement.ExtractRules{Body: []string{"p"}}})
	for name, test := range map[string]struct {
		body string
		want error
	}{
		"nothing":     {"", ErrEmpty},
		"no text":     {"<html><body><img src=x></body></html>", ErrEmpty},
		"white space": {"  \n\t ", ErrEmpty},
		"pdf":         {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", pdf.ErrDamaged},
		"jpeg":        {"\xff\xd8\xff\xe0\x00\x10JFIF\x00", ErrNotText},
		"gzip":        {"\x1f\x8b\x08\x00\x00\x00\x00\x00", ErrNotText},
		"zip":         {"PK\x03\x04\x14\x00\x06\x00", ErrNotText},
		"binary":      {strings.Repeat("\x00\x01\x02\x03\x04garbage", 50), ErrNotText},
	} {
		if d, err := x.Extract(Input{URL: "https://press.example/1", Body: []byte(test.body)}); !errors.Is(err, test.want) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	if _, err := x.Extract(Input{Body: []byte("<p>one\x00two</p>")}); err != nil {
		t.Errorf("a stray NUL: %v", err)
	}
	if _, err := x.Extract(Input{Body: []byte("<p>" + strings.Repeat("too long ", 1_000_000) + "</p>")}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("nine million bytes: %v", err)
	}
}

func TestTitleIsBounded(t *testing.T) {
	d := page(t, statement.ExtractRules{Title: []string{"h1", "h2"}, Body: []string{"p"}}, "<h1>"+strings.Repeat("long ", 100_000)+"</h1><h2>Short</h2><p>text</p>")
	if d.Title != "Short" {
		t.Errorf("%d bytes", len(d.Title))
	}
}

func TestRuleErrors(t *testing.T) {
	for field, src := range map[string]statement.Source{
		"extract.body[1]":                   {Extract: statement.ExtractRules{Body: []string{"p", "p["}}},
		"extract.title[0]":                  {Extract: statement.ExtractRules{Title: []string{" "}}},
		"extract.drop[0]":                   {Extract: statement.ExtractRules{Drop: []string{":nonsense"}}},
		"extract.drop_text[0]":              {Extract: statement.ExtractRules{DropText: []string{"("}}},
		"extract.speaker[0]":                {Extract: statement.ExtractRules{Speaker: []string{"!"}}},
		"extract.turns":                     {Extract: statement.ExtractRules{Turns: "[A-Z]+:"}},
		"extract.published[0].selectors[0]": {Extract: statement.ExtractRules{Published: []statement.DateRule{{Selectors: []string{">"}}}}},
		"extract.published[0]":              {Extract: statement.ExtractRules{Published: []statement.DateRule{{}}}},
		"extract.updated[0].pattern":        {Extract: statement.ExtractRules{Updated: []statement.DateRule{{Selectors: []string{"p"}, Pattern: "no group"}}}},
		"extract.updated[0].formats[1]":     {Extract: statement.ExtractRules{Updated: []statement.DateRule{{Selectors: []string{"p"}, Formats: []string{"2006", "DD.MM.YYYY"}}}}},
		"extract.updated[0].locale":         {Extract: statement.ExtractRules{Updated: []statement.DateRule{{Selectors: []string{"p"}, Locale: "tlh_KX"}}}},
		"listing.item":                      {Listing: statement.ListingRules{Item: "li:"}},
		"listing.date[0].selectors[0]":      {Listing: statement.ListingRules{Date: []statement.DateRule{{Selectors: []string{"#"}}}}},
		"timezone":                          {Timezone: "Europe/Moskva"},
		"api.formats[0]":                    {API: statement.APIRules{Date: "date", Formats: []string{"yyyy"}}},
	} {
		_, err := New(src)
		var bad *RuleError
		if !errors.As(err, &bad) || bad.Field != field || statement.HintOf(err) == "" {
			t.Errorf("%s: %v (hint %q)", field, err, statement.HintOf(err))
		}
	}
}

func TestFingerprint(t *testing.T) {
	base := statement.Source{ID: "a", Language: "en", Timezone: "UTC", Extract: statement.ExtractRules{Body: []string{"p"}}}
	same, other := base, base
	same.ID, same.URL, same.Schedule, same.MaxPages = "b", "https://press.example/", "@hourly", 7
	other.Extract.Body = []string{"p", "h2"}
	zone := base
	zone.Timezone = "Europe/Moscow"
	at := func(s statement.Source) string { return extractor(t, s).Fingerprint(statement.BySelectors) }
	if at(base) != at(same) || at(base) == at(other) || at(base) == at(zone) || len(at(base)) != 32 {
		t.Errorf("%s %s %s %s", at(base), at(same), at(other), at(zone))
	}
}

// What a hostile page can cost is bounded: neither depth nor misnesting makes
// the time grow faster than the page.
func TestHostilePages(t *testing.T) {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	x := extractor(t, statement.Source{Extract: statement.ExtractRules{Title: []string{"h1"}, Body: []string{"div", "p"}, Speaker: []string{"p > b:first-child"}}})
	for name, html := range map[string]string{
		"deep":               strings.Repeat("<div>", 100_000) + "deep",
		"deep inline":        strings.Repeat("<span>", 100_000) + "deep",
		"deep lists":         strings.Repeat("<ul><li>", 50_000) + "deep",
		"deep tables":        strings.Repeat("<table><tr><td>", 30_000) + "deep",
		"open formatting":    many(400, func(i int) string { return fmt.Sprintf("<font color=%d>", i) }) + strings.Repeat("<p>a", 100_000),
		"hidden in comments": many(400, func(i int) string { return fmt.Sprintf("<b x=%d><!--</b>-->", i) }) + strings.Repeat("<p>a", 100_000),
		"many attributes":    "<p " + many(50_000, func(i int) string { return fmt.Sprintf("a%d ", i) }) + ">text",
		"one long tag":       "<p " + strings.Repeat("a", 3_000_000) + ">text",
		"end tags":           "<p>text" + strings.Repeat("</x>", 500_000),
		"empty bold":         "<p>" + strings.Repeat("<b></b>", 100_000) + "text",
		"open comment":       "<p>text<!--" + strings.Repeat("<", 2_000_000),
		"open anchors":       "<p>" + strings.Repeat("<a href=x>y", 100_000),
		"entities":           "<p>" + strings.Repeat("&amp", 500_000),
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			d, err := x.Extract(Input{URL: "https://press.example/1", Body: []byte(html)})
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("took %s", took)
			} else {
				t.Logf("%s, %d bytes of %d, %v", took.Round(time.Millisecond), len(d.Body), len(html), err)
			}
		})
	}
}

func TestExtractIsConcurrent(t *testing.T) {
	x := extractor(t, statement.Source{Authority: statement.FromFeed})
	body := []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>a</title><content>One.</content></entry><entry><id>2</id><title>b</title><content>Two.</content></entry></feed>`)
	errs := make(chan error, 8)
	for range 8 {
		go func() {
			for _, id := range []string{"1", "2"} {
				if _, err := x.Extract(Input{Body: body, Locator: id, Representation: statement.FromFeed}); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
