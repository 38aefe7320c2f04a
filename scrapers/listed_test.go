package scrapers

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// A date that stands in a heading over items, or before each, is that of what follows it; pages are counted as the site does.
func TestDatesBeforeItems(t *testing.T) {
	zero := 0
	src := statement.Source{
		ID: "press", Kind: statement.KindListing, URL: "https://press.example/news/", Authority: statement.FromPage, Language: "en",
		Listing: statement.ListingRules{Item: "li", DateBefore: true, Date: []statement.DateRule{{Selectors: []string{"h3"}}},
			Next: "a.next", NextURL: "https://press.example/news/{page}", FirstPage: &zero},
	}
	x, err := extract.New(src)
	if err != nil {
		t.Fatal(err)
	}
	root, err := goquery.NewDocumentFromReader(strings.NewReader(`<h2>News</h2><ul><li><a href="/0">Undated</a></li></ul><h3>3 October 2026</h3>
<ul><li><a href="/1">One</a></li><li><a href="2">Two</a></li></ul><h3>not a date</h3><h3>1 October 2026</h3><ul><li><a href="/3">Three</a></li></ul><a class="next" href="?p=2">`))
	if err != nil {
		t.Fatal(err)
	}
	items, next := Listed(src, x, root, src.URL)
	var got []string
	for _, item := range items {
		got = append(got, item.URL+" "+item.Published.String())
	}
	want := "https://press.example/0 , https://press.example/1 2026-10-03, https://press.example/news/2 2026-10-03, https://press.example/3 2026-10-01"
	if strings.Join(got, ", ") != want || next != "https://press.example/news/?p=2" {
		t.Errorf("%s; next %s", strings.Join(got, ", "), next)
	}
	if n := (&listing{session: &session{src: src}}).number(1); n != 1 {
		t.Errorf("the second page has the number %d", n)
	}
}
