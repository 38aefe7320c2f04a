package scrapers

import (
	"context"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// maxItems bounds what one part of a listing may name.
const maxItems = 10_000

// listing walks HTML pages of links. The items are picked out by a second
// collector, which shares the first one's cookies and transport.
type listing struct {
	*session
	pages *colly.Collector
	items []extract.Entry // of the page in hand
	next  string
}

func newListing(s *session) *listing {
	l := &listing{session: s, pages: s.collector.Clone()}
	l.pages.OnResponse(l.received)
	rules := s.src.Listing
	l.pages.OnHTML(rules.Item, func(e *colly.HTMLElement) {
		if item := l.item(e); item.URL != "" && len(l.items) < maxItems {
			l.items = append(l.items, item)
		}
	})
	if rules.Next != "" {
		l.pages.OnHTML(rules.Next, func(e *colly.HTMLElement) {
			if l.next == "" {
				l.next = e.Request.AbsoluteURL(e.Attr("href"))
			}
		})
	}
	return l
}

// Discover follows the listing's pages.
func (l *listing) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	return l.walk(ctx, maxPages, v, page, l.pages, func(n int, capture *statement.Capture) ([]extract.Entry, []string, error) {
		items, next := unique(l.items), l.next
		l.items, l.next = nil, ""
		if next == "" && l.src.Listing.NextURL != "" && len(items) > 0 {
			next = strings.ReplaceAll(l.src.Listing.NextURL, "{page}", strconv.Itoa(n+1))
		}
		if next == "" {
			return items, nil, nil
		}
		return items, []string{next}, nil
	})
}

func (l *listing) item(e *colly.HTMLElement) extract.Entry {
	rules := l.src.Listing
	link := e.DOM
	switch {
	case rules.Link != "":
		link = e.DOM.Find(rules.Link).First()
	case !e.DOM.Is("a[href]"):
		link = e.DOM.Find("a[href]").First()
	}
	href, _ := link.Attr("href")
	address := ""
	if strings.TrimSpace(href) != "" {
		address = absolute(e.Request.AbsoluteURL(href), "")
	}
	title := link
	if rules.Title != "" {
		title = e.DOM.Find(rules.Title).First()
	}
	entry := extract.Entry{URL: address, Title: line(title), Published: l.extractor.Date(e.DOM, rules.Date)}
	if whole, ok := title.Attr(rules.TitleAttr); ok && rules.TitleAttr != "" {
		entry.Title = strings.Join(strings.Fields(whole), " ")
	}
	if rules.DateAfter && entry.Published.IsZero() {
		entry.Published = l.extractor.DateBehind(e.DOM, l.another(href))
	}
	if rules.Category != "" {
		entry.Category = line(e.DOM.Find(rules.Category).First())
	}
	return entry
}

// another recognises an item with another link than the one in hand.
func (l *listing) another(href string) func(*goquery.Selection) bool {
	return func(s *goquery.Selection) bool {
		other, linked := s.Attr("href")
		return linked && other != href && s.Is(l.src.Listing.Item)
	}
}

func line(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// unique keeps the first entry of each address: listings link an item twice,
// from its picture and from its title. A title or a date found later is kept.
func unique(entries []extract.Entry) []extract.Entry {
	at := make(map[string]int, len(entries))
	kept := entries[:0]
	for _, e := range entries {
		id := e.URL + "\x00" + e.Locator
		if i, ok := at[id]; ok {
			if kept[i].Title == "" {
				kept[i].Title = e.Title
			}
			if kept[i].Published.IsZero() {
				kept[i].Published = e.Published
			}
			continue
		}
		at[id] = len(kept)
		kept = append(kept, e)
	}
	return kept
}
