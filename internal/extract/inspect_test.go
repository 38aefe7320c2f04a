package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/statement"
)

// Whoever writes rules sees what each finds.
func TestInspect(t *testing.T) {
	page := statement.Source{ID: "p", Kind: statement.KindListing, Authority: statement.FromPage, Extract: statement.ExtractRules{
		Title: []string{"h1", "h2"}, Body: []string{"article p"}, Drop: []string{".share"}, DropText: []string{"^Share"},
		Published: []statement.DateRule{{Selectors: []string{"time"}, Attr: "datetime"}}, Speaker: []string{".who"},
	}}
	api := statement.Source{ID: "a", Kind: statement.KindAPI, Authority: statement.FromAPI, API: statement.APIRules{Items: "items", Link: "id", Title: "name", Date: "day"}, Extract: statement.ExtractRules{
		Title: []string{"name"}, Body: []string{"blocks.#.text", "none"}, Published: []statement.DateRule{{Selectors: []string{"day"}}},
	}}
	feed := statement.Source{ID: "f", Kind: statement.KindFeed, Authority: statement.FromFeed, Extract: statement.ExtractRules{Body: []string{".text"}}}
	for name, test := range map[string]struct {
		src  statement.Source
		in   Input
		want []RuleUse
	}{
		"page": {page, Input{Body: []byte(`<h1>On grain</h1><article><p>We deny it.</p><p>Share this</p><time datetime="2022-11-05">5 Nov</time></article>`), Representation: statement.FromPage}, []RuleUse{
			{"extract.title[0]", "h1", 1, "On grain"}, {"extract.title[1]", "h2", 0, ""}, {"extract.body[0]", "article p", 2, "We deny it."}, {"extract.drop[0]", ".share", 0, ""},
			{"extract.published[0].selectors[0]", "time", 1, "2022-11-05"}, {"extract.speaker[0]", ".who", 0, ""}, {"extract.drop_text[0]", "^Share", 1, "Share this"},
		}},
		"JSON": {api, Input{Body: []byte(`{"items": [{"id": "1", "name": "On <b>grain</b>", "day": "2022-11-05", "blocks": [{"text": "We deny it."}, {"text": "All of it."}]}]}`), Locator: "1", Representation: statement.FromAPI}, []RuleUse{
			{"extract.title[0]", "name", 1, "On grain"}, {"extract.body[0]", "blocks.#.text", 2, "We deny it."}, {"extract.body[1]", "none", 0, ""}, {"extract.published[0].selectors[0]", "day", 1, "2022-11-05"},
		}},
		"feed": {feed, Input{Body: []byte(`<rss version="2.0"><channel><item><guid>1</guid><link>http://p.example/1</link><description>&lt;div class="text"&gt;We deny it.&lt;/div&gt;</description></item></channel></rss>`), Locator: "1", Representation: statement.FromFeed}, []RuleUse{
			{"extract.body[0]", ".text", 1, "We deny it."},
		}},
	} {
		x, err := New(test.src)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.InspectDocument(test.in)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	x, err := New(api)
	if err != nil {
		t.Fatal(err)
	}
	got, err := x.InspectListing([]byte(`{"items": [{"id": "1", "name": "On grain"}, {"id": "2", "name": "On ore", "day": "2022-11-05"}]}`), "application/json")
	want := []RuleUse{{"api.items", "items", 2, `{"id": "1", "name": "On grain"}`}, {"api.link", "id", 2, "1"}, {"api.title", "name", 2, "On grain"}, {"api.date", "day", 1, "2022-11-05"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("listing: %v\n%s", err, diff)
	}
}
