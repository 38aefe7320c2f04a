package extract

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"volteface/internal/statement"
)

// The date a listing shows of an article is the one its page shows.
func TestListedDates(t *testing.T) {
	for _, test := range []struct {
		pack, source, listing string
		items                 int
	}{
		{"kremlin", "kremlin", "http://en.kremlin.ru/events/president/news", 20},
		{"whitehouse", "whitehouse-2022", "https://www.whitehouse.gov/briefing-room/", 10},
	} {
		x := shipped(t, test.source)
		published := map[string]statement.Document{}
		var listings []captured
		for _, v := range readPack(t, test.pack, func(u string) bool {
			return !strings.Contains(u, "/page/") && !strings.Contains(u, "feed") && !strings.Contains(u, "by-date") && !strings.HasSuffix(u, ".xml") && !strings.HasSuffix(u, ".txt")
		}) {
			if v.URL == test.listing {
				listings = append(listings, v)
			} else if d, err := x.Extract(v.input()); err == nil && d.Path == statement.BySelectors {
				if _, twice := published[v.URL]; !twice {
					published[v.URL] = d
				}
			}
		}
		compared, pages := 0, 0
		for i, v := range listings {
			if i%7 != 0 { // they differ by a few items each
				continue
			}
			pages++
			page, err := goquery.NewDocumentFromReader(bytes.NewReader(v.bytes))
			if err != nil {
				t.Fatal(err)
			}
			items := page.Find(x.src.Listing.Item)
			if items.Length() != test.items && i > 20 {
				t.Errorf("%s from %s: %d items", v.URL, v.From, items.Length())
			}
			items.Each(func(_ int, item *goquery.Selection) {
				link := item.Find(x.src.Listing.Link)
				href, _ := link.First().Attr("href")
				title := link.First()
				if x.src.Listing.Title != "" {
					title = item.Find(x.src.Listing.Title).First()
				}
				d := x.Date(item, x.src.Listing.Date)
				if !d.HasTime || href == "" || strings.TrimSpace(title.Text()) == "" {
					t.Errorf("%s from %s: %q %q %s <%s>", v.URL, v.From, href, title.Text(), d, d.Raw)
				}
				if doc, ok := published[resolve(v.URL, href)]; ok {
					compared++
					if !doc.Published.Time.Equal(d.Time) {
						t.Errorf("%s: listed %s, shown %s", href, d, doc.Published)
					}
				}
			})
			if next := page.Find(x.src.Listing.Next); next.Length() != 1 && i > 20 {
				t.Errorf("%s from %s: %d links to the next page", v.URL, v.From, next.Length())
			}
		}
		if compared < 100 {
			t.Errorf("%s: %d dates compared on %d listings of %d", test.pack, compared, pages, len(listings))
		}
		t.Logf("%s: %d dates compared on %d listings", test.pack, compared, pages)
	}
}
