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
		if item := listed(l.src, l.extractor, e.DOM, e.Request.AbsoluteURL); item.URL != "" && len(l.items) < maxItems {
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
			next = strings.ReplaceAll(l.src.Listing.NextURL, "{page}", strconv.Itoa(l.number(n)))
		}
		if next == "" {
			return items, nil, nil
		}
		return items, []string{next}, nil
	})
}

// number is that of the page behind the n-th, as the site counts.
func (l *listing) number(n int) int {
	if first := l.src.Listing.FirstPage; first != nil {
		return *first + n
	}
	return 1 + n
}

// Listed reads one page of a source's listing as a visit does: its items, each
// once, and the address of the next page where a link leads to it.
func Listed(src statement.Source, x *extract.Extractor, root *goquery.Document, address string) (items []extract.Entry, next string) {
	rules := src.Listing
	base := baseOf(root, address)
	root.Find(rules.Item).EachWithBreak(func(_ int, item *goquery.Selection) bool {
		if entry := listed(src, x, item, func(href string) string { return absolute(base, href) }); entry.URL != "" {
			items = append(items, entry)
		}
		return len(items) < maxItems
	})
	if rules.Next != "" {
		href, _ := root.Find(rules.Next).First().Attr("href")
		next = absolute(base, href)
	}
	return unique(items), next
}

// baseOf is the address that the links of a page are relative to.
func baseOf(root *goquery.Document, address string) string {
	if href, ok := root.Find("base[href]").First().Attr("href"); ok {
		if base := absolute(address, href); base != "" {
			return base
		}
	}
	return address
}

// listed reads one item of a listing; resolve makes an address of its link.
func listed(src statement.Source, x *extract.Extractor, item *goquery.Selection, resolve func(string) string) extract.Entry {
	rules := src.Listing
	link := item
	switch {
	case rules.Link != "":
		link = item.Find(rules.Link).First()
	case !item.Is("a[href]"):
		link = item.Find("a[href]").First()
	}
	href, _ := link.Attr("href")
	address := ""
	if strings.TrimSpace(href) != "" {
		address = absolute(resolve(href), "")
	}
	title := link
	if rules.Title != "" {
		title = item.Find(rules.Title).First()
	}
	entry := extract.Entry{URL: address, Title: line(title), Published: x.Date(item, rules.Date)}
	if whole, ok := title.Attr(rules.TitleAttr); ok && rules.TitleAttr != "" {
		entry.Title = strings.Join(strings.Fields(whole), " ")
	}
	switch {
	case !entry.Published.IsZero():
	case rules.DateAfter:
		entry.Published = x.DateBehind(item, func(s *goquery.Selection) bool { // an item with another link
			other, linked := s.Attr("href")
			return s.Is(rules.Item) && (!linked || other != href)
		})
	case rules.DateBefore:
		entry.Published = x.DateAhead(item)
	}
	if rules.Category != "" {
		entry.Category = line(item.Find(rules.Category).First())
	}
	return entry
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
