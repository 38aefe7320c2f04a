package extract

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html"

	"volteface/internal/statement"
)

// maxEntries bounds what one feed or sitemap may name: the
// sitemaps.org protocol allows 50,000 addresses a file.
const maxEntries = 50_000

// Entry is one item of a feed, a sitemap or an API listing.
type Entry struct {
	Locator   string // names it inside its bytes; empty where it has a document of its own
	URL       string // absolute; empty if it has none
	Title     string
	Category  string
	Author    string
	Published statement.Date
	Updated   statement.Date
	HTML      string // its content, if any

	// Where the text stands in the listing itself: whether another entry has the same id, or the same link, and
	// what tells it from others of its link, the surest first. See tellApart.
	SharesID, SharesLink bool
	Names                []string

	item int // of a JSON listing, which one it is
}

// parsedFeed is the feed that was read last: its entries are extracted one by
// one, and each time the feed is the input.
type parsedFeed struct {
	sum     [sha256.Size]byte
	entries []Entry
	lang    string
}

// Feed reads RSS, Atom or JSON Feed. A date of publication is only what the
// feed calls so: the date of an update would change a statement each time its
// feed is touched. A locator is the entry's id or GUID, or
// its link where it has none of its own, and differs from that of every other
// entry; next is the address of the older part (rel=next,
// RFC 5005; next_url of JSON Feed), "" at the end.
func (x *Extractor) Feed(body []byte, base string) (entries []Entry, next string, err error) {
	feed, next, err := x.readFeed(body)
	if err != nil {
		return nil, "", err
	}
	return x.entries(feed, base), resolve(base, next), nil
}

// readFeed parses a feed. A panic of the library is an error: the bytes are
// foreign.
func readFeed(body []byte) (feed *gofeed.Feed, next string, err error) {
	defer func() {
		if r := recover(); r != nil {
			feed, err = nil, fmt.Errorf("%w: not a feed: %v", ErrNotText, r)
		}
	}()
	text, _ := Decode(body, "")
	text = withoutDeclaration(text)
	kind := gofeed.DetectFeedType(bytes.NewReader(text))
	if kind == gofeed.FeedTypeJSON && explosiveJSON(text) || kind != gofeed.FeedTypeJSON && explosiveFeed(text) {
		return nil, "", fmt.Errorf("read feed: %w", ErrTooLarge)
	}
	switch kind {
	case gofeed.FeedTypeAtom:
		f, err := new(atom.Parser).Parse(bytes.NewReader(text))
		if err != nil {
			return nil, "", fmt.Errorf("read Atom feed: %w", err)
		}
		for _, l := range f.Links {
			if l != nil && l.Rel == "next" {
				next = l.Href
			}
		}
		if feed, err = new(gofeed.DefaultAtomTranslator).Translate(f); err != nil {
			return nil, "", fmt.Errorf("read Atom feed: %w", err)
		}
		for i, e := range f.Entries {
			if i < len(feed.Items) && e != nil && e.Published == "" { // the library takes the update's date for it
				feed.Items[i].Published, feed.Items[i].PublishedParsed = "", nil
			}
		}
		return feed, next, nil
	case gofeed.FeedTypeRSS:
		f, err := new(rss.Parser).Parse(bytes.NewReader(text))
		if err != nil {
			return nil, "", fmt.Errorf("read RSS feed: %w", err)
		}
		for _, ns := range []string{"atom", "atom10", "a10"} {
			for _, l := range f.Extensions[ns]["link"] {
				if l.Attrs["rel"] == "next" {
					next = l.Attrs["href"]
				}
			}
		}
		feed, err = new(gofeed.DefaultRSSTranslator).Translate(f)
		return feed, next, err
	case gofeed.FeedTypeJSON:
		f, err := new(json.Parser).Parse(bytes.NewReader(text))
		if err != nil {
			return nil, "", fmt.Errorf("read JSON feed: %w", err)
		}
		next = f.NextURL
		feed, err = new(gofeed.DefaultJSONTranslator).Translate(f)
		return feed, next, err
	}
	return nil, "", statement.WithHint(fmt.Errorf("%w: neither RSS, Atom nor JSON Feed", ErrNotText),
		"open the address in a browser: it may have moved, or answer with a page")
}

// withoutDeclaration cuts off an XML declaration, whose encoding is no longer
// true once the text is UTF-8.
func withoutDeclaration(text []byte) []byte {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if bytes.HasPrefix(trimmed, []byte("<?xml ")) {
		if i := bytes.Index(trimmed, []byte("?>")); i >= 0 {
			return trimmed[i+2:]
		}
	}
	return trimmed
}

func (x *Extractor) entries(feed *gofeed.Feed, base string) []Entry {
	entries := make([]Entry, 0, len(feed.Items))
	var ids, links []string
	home := ""
	if x.src.Authority == statement.FromFeed { // an entry without a link is a statement all the same
		if home = resolve(base, feed.Link); home == "" {
			home = resolve(base, base)
		}
	}
	for _, item := range feed.Items {
		if item == nil || len(entries) == maxEntries {
			continue
		}
		e := Entry{URL: resolve(base, item.Link), Title: fragmentLine(item.Title), HTML: item.Content}
		if e.URL == "" && strings.HasPrefix(item.GUID, "http") {
			e.URL = resolve(base, item.GUID)
		}
		id, link := strings.TrimSpace(item.GUID), strings.TrimSpace(cmp.Or(item.Link, item.GUID))
		if e.URL == "" {
			link = ""
		}
		if e.Locator = id; e.Locator == "" {
			e.Locator = e.URL
		}
		if e.HTML == "" {
			e.HTML = item.Description
		}
		if len(item.Categories) > 0 {
			e.Category = collapse(item.Categories[0])
		}
		if len(item.Authors) > 0 && item.Authors[0] != nil {
			e.Author = fragmentLine(item.Authors[0].Name)
		}
		e.Published = x.feedDate(item.Published, item.PublishedParsed)
		e.Updated = x.feedDate(item.Updated, item.UpdatedParsed)
		if e.URL == "" && e.HTML != "" {
			e.URL = home
			e.Locator = cmp.Or(e.Locator, home)
		}
		if e.Locator != "" || e.URL != "" {
			entries, ids, links = append(entries, e), append(ids, id), append(links, link)
		}
	}
	return tellApart(x.src, entries, ids, links)
}

// zoned recognises a moment whose zone any reader understands.
var zoned = regexp.MustCompile(`\d(?:Z|\s*[+-]\d\d:?\d\d|\s+(?:GMT|UTC|UT))$`)

// feedDate prefers our own reading, which keeps the zone. The library knows more
// of the broken forms that feeds use, but takes a zone that it does not know for
// UTC, and none for UTC too: it is heard only where the zone is plain.
func (x *Extractor) feedDate(raw string, parsed *time.Time) statement.Date {
	raw = collapse(raw)
	if raw == "" {
		return statement.Date{}
	}
	if len(raw) > maxDate {
		return statement.Date{}
	}
	d := x.anyDate(raw, "")
	if d.Time.IsZero() && parsed != nil && zoned.MatchString(raw) && parsed.Year() >= 1900 && parsed.Year() <= 2100 {
		d.Time, d.HasTime = *parsed, strings.Contains(raw, ":")
	}
	return d
}

var markup = regexp.MustCompile(`<[a-zA-Z/!]|&[a-zA-Z#]`)

// fragmentLine is a title that may hold markup, on one line; "" for what is too
// long to be one.
func fragmentLine(s string) string {
	if len(s) > 4*maxTitle {
		return ""
	}
	if !markup.MatchString(s) {
		return collapse(s)
	}
	root, err := parse([]byte(s))
	if err != nil {
		return collapse(s)
	}
	return lineOf(root, maxTitle)
}

// resolve makes a link absolute against the address it was found at; "" for
// what cannot be visited over http.
func resolve(base, link string) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > maxLink {
		return ""
	}
	b, err := url.Parse(base)
	if err != nil {
		return absolute(link)
	}
	u, err := b.Parse(link)
	if err != nil {
		return ""
	}
	u.Fragment = ""
	return absolute(u.String())
}

// entry extracts one entry of a feed: its title and dates, and the text of its
// content. Where a selector of the body matches inside the content, that part
// is the text.
func (x *Extractor) entry(in Input) (statement.Document, error) {
	feed, err := x.feedOf(in)
	if err != nil {
		return statement.Document{}, err
	}
	i := find(feed.entries, in.Locator)
	if i < 0 {
		return statement.Document{}, fmt.Errorf("%w: %q", ErrNoEntry, in.Locator)
	}
	e := feed.entries[i]
	doc := statement.Document{Path: statement.ByFeed, Title: e.Title, Published: e.Published, Language: x.language(feed.lang)}
	doc.Body, err = x.fragment(e.HTML)
	if err != nil {
		return statement.Document{}, err
	}
	if !x.src.Extract.Byline || e.Author == "" {
		return x.finish(doc, nil)
	}
	if first, rest, _ := strings.Cut(doc.Body, "\n\n"); first == e.Author {
		doc.Body = rest
	}
	return x.finish(doc, []string{e.Author})
}

// feedOf parses the input unless it was the last one.
func (x *Extractor) feedOf(in Input) (parsedFeed, error) {
	sum := sha256.Sum256(in.Body)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.feed.sum != sum || x.feed.entries == nil {
		feed, _, err := x.readFeed(in.Body)
		if err != nil {
			return parsedFeed{}, err
		}
		x.feed = parsedFeed{sum: sum, entries: x.entries(feed, in.URL), lang: feed.Language}
	}
	return x.feed, nil
}

// find is the entry of a locator, by the link where no id fits; an empty one
// asks for the only entry.
func find(entries []Entry, locator string) int {
	if locator == "" && len(entries) == 1 {
		return 0
	}
	for i := range entries {
		if entries[i].Locator == locator {
			return i
		}
	}
	for i := range entries {
		if locator != "" && entries[i].URL == locator {
			return i
		}
	}
	return -1
}

// fragment is the text of a piece of HTML.
func (x *Extractor) fragment(content string) (string, error) {
	root, err := parse([]byte(content))
	if err != nil {
		return "", fmt.Errorf("parse the content: %w", err)
	}
	w := newWriter()
	w.lang = x.lang
	for n := root; n != nil; {
		if n.Type == html.ElementNode && matches(n, x.rules.body) {
			w.owe(paragraphGap)
			w.body(n, x.rules.drop)
			w.owe(paragraphGap)
			n = beyond(n, root)
			continue
		}
		n = after(n, root)
	}
	if len(w.buf) == 0 {
		w.body(root, x.rules.drop)
	}
	if w.full {
		return "", ErrTooLarge
	}
	return w.release(), nil
}
