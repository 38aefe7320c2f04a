package extract

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"volteface/internal/statement"
)

// Pages that are nothing but tags or attributes are refused before they fill
// the memory; the largest real ones are far from it.
func TestTooHeavy(t *testing.T) {
	const size = 8 << 20
	fill := func(with string) []byte { return bytes.Repeat([]byte(with), size/len(with)) }
	for name, page := range map[string][]byte{
		"bold": fill("<b>x"), "nested": fill("<div>"), "paragraphs": fill("<p>a"), "rows": fill("<tr><td>a"), "links": fill(`<a href="/x">y</a>`),
		"attributes":           []byte("<p " + string(fill("a ")) + ">"),
		"attributes, valued":   []byte("<p " + string(fill("a=1 ")) + ">"),
		"attributes, hidden":   []byte(`<p x=">" ` + string(fill("a=1 ")) + ">"),
		"attributes, quoted":   []byte(`<p ` + string(fill(`a="1"`)) + ">"),
		"attributes, slashed":  []byte(`<p ` + string(fill(`a/`)) + ">"),
		"a quote in a name":    []byte(`<p "> ` + string(fill("<i>")) + ">"),
		"text, twice as large": append(fill("word "), fill("word ")...),
	} {
		if !TooHeavy(page) {
			t.Errorf("%s passes", name)
		}
		x := extractor(t, statement.Source{})
		if _, err := x.Extract(Input{URL: "https://press.example/1", Body: page, Representation: statement.FromPage}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, page := range map[string][]byte{
		"nothing": nil, "a statement": officialPage(2000), "a picture inside": []byte(`<img src="data:image/png;base64,` + strings.Repeat("A", 5<<20) + `">`),
	} {
		if TooHeavy(page) {
			t.Errorf("%s is refused", name)
		}
	}
}

// Feeds and sitemaps that are nothing but tags are refused before they fill the
// memory; full-text feeds, whose markup is text, are not.
func TestExplosiveFeeds(t *testing.T) {
	const size = 8 << 20
	fill := func(before, part, after string) []byte {
		return []byte(before + strings.Repeat(part, (size-len(before)-len(after))/len(part)) + after)
	}
	rss, urlset := `<rss version="2.0"><channel><title>x</title>`, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`
	x := extractor(t, statement.Source{})
	for name, body := range map[string][]byte{
		"items": fill(rss, `<item><link>/1</link></item>`, `</channel></rss>`), "nested": fill(rss, `<a>`, ""), "attributes": fill(rss+"<item ", `a="" `, "></item></channel></rss>"),
		"objects": fill(`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1"}`, `,{}`, `]}`),
	} {
		if _, _, err := x.Feed(body, "https://press.example/"); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	page := strings.Repeat("<p>The ministry <b>denies</b> it.</p>", 200)
	full := fill(rss, `<item><title>x</title><link>/1</link><description><![CDATA[`+page+`]]></description></item>`, `</channel></rss>`)
	if entries, _, err := x.Feed(full, "https://press.example/"); err != nil || len(entries) != 1 { // one entry, again and again
		t.Errorf("a feed with its texts: %d entries, %v", len(entries), err)
	}
	for name, body := range map[string][]byte{
		"nested": fill(urlset, `<url>`, ""), "an endless address": fill(urlset+`<url><loc>http://x/`, `x`, `</loc></url></urlset>`), "an endless tag": fill(urlset+`<url `, `a="" `, ``),
	} {
		if _, _, err := Sitemap(body, ""); !errors.Is(err, ErrTooLarge) {
			t.Errorf("sitemap, %s: %v", name, err)
		}
	}
}

// FuzzWeight finds no page that passes and then takes much more than it should.
func FuzzWeight(f *testing.F) {
	for _, s := range []string{"<p a=1 b='2' c>", `<p x=">" a=1>`, "<p / / a b c", "<a=b='c'd>", "<b><i>", "<p a = \"1\"b=2>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, piece string) {
		if len(piece) == 0 || len(piece) > 200 {
			return
		}
		page := bytes.Repeat([]byte(piece), 16<<10/len(piece))
		if explosive(page) {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		root, _ := html.Parse(bytes.NewReader(page))
		runtime.ReadMemStats(&after)
		if used := int(after.TotalAlloc - before.TotalAlloc); used > 256<<10+8*weight(page) {
			t.Errorf("%q, often: %d KB, weighed as %d", piece, used>>10, weight(page)>>10)
		}
		runtime.KeepAlive(root)
	})
}
