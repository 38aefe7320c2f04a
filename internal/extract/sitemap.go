package extract

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"volteface/internal/statement"
)

// maxSitemap is the size of one unpacked sitemap, by the sitemaps.org protocol.
const maxSitemap = 50 << 20

// Sitemap reads a sitemap or an index of sitemaps (sitemaps.org, with Google's
// news extension), compressed or not. Pages carry their title and date of
// publication where the extension gives them, and lastmod as Updated; children
// are the sitemaps an index names, the newest first where it says.
func Sitemap(body []byte, base string) (pages []Entry, children []string, err error) {
	from := &pieces{}
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) { // UTF-8, by the protocol; too large to be unpacked at once
		if from.from, err = gzip.NewReader(bytes.NewReader(body)); err != nil {
			return nil, nil, fmt.Errorf("unpack sitemap: %w", err)
		}
	} else {
		text, _ := Decode(body, "")
		from.from = bytes.NewReader(withoutDeclaration(text))
	}
	d := newTags(from)
	known := false
	for len(pages)+len(children) < maxEntries {
		token, err := d.next()
		if err != nil {
			if errors.Is(err, ErrTooLarge) {
				return nil, nil, fmt.Errorf("read sitemap: %w", err)
			}
			if errors.Is(err, io.EOF) || len(pages)+len(children) > 0 {
				break // what could be read counts: a cut sitemap still names pages
			}
			return nil, nil, fmt.Errorf("read sitemap: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "urlset", "sitemapindex":
			known = true
		case "url":
			if e := sitemapEntry(d, base); known && e.URL != "" {
				pages = append(pages, e)
			}
		case "sitemap":
			if e := sitemapEntry(d, base); known && e.URL != "" {
				children = append(children, e.URL)
			}
		}
	}
	if !known {
		return nil, nil, statement.WithHint(fmt.Errorf("%w: neither a sitemap nor a sitemap index", ErrNotText),
			"robots.txt of the site names its sitemaps")
	}
	return pages, children, nil
}

// maxSitemapPiece is how many bytes may come between two tags, and
// maxSitemapDepth how deep they may nest: what a decoder keeps at once.
const (
	maxSitemapPiece = 256 << 10
	maxSitemapDepth = 32
)

// pieces is a sitemap as it is read: it ends with ErrTooLarge where it is
// larger than one may be, or a piece of it.
type pieces struct {
	from       io.Reader
	size, tail int
}

func (p *pieces) Read(into []byte) (n int, err error) {
	n, err = p.from.Read(into)
	p.size += n
	if i := bytes.LastIndexByte(into[:n], '<'); i >= 0 {
		p.tail = n - i
	} else {
		p.tail += n
	}
	if p.size > maxSitemap || p.tail > maxSitemapPiece {
		return 0, fmt.Errorf("%w: more than %d MB, or more than %d kB without a tag", ErrTooLarge, maxSitemap>>20, maxSitemapPiece>>10)
	}
	return n, err
}

// tags are the tags and texts of a sitemap, one after the other.
type tags struct {
	decoder *xml.Decoder
	depth   int
	err     error // the first
}

func newTags(from io.Reader) *tags {
	d := xml.NewDecoder(from)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return &tags{decoder: d}
}

func (s *tags) next() (token xml.Token, err error) {
	if s.err != nil {
		return nil, s.err
	}
	token, s.err = s.decoder.Token()
	switch token.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > maxSitemapDepth {
			s.err = fmt.Errorf("%w: nested deeper than %d", ErrTooLarge, maxSitemapDepth)
		}
	case xml.EndElement:
		s.depth--
	}
	return token, s.err
}

// sitemapEntry reads the children of <url> or <sitemap> to its end. The order
// of its elements is free; a picture's own <loc> does not count.
func sitemapEntry(d *tags, base string) Entry {
	var e Entry
	var path []string
	for depth := 1; depth > 0; {
		token, err := d.next()
		if err != nil {
			return e
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if len(path) < 16 {
				path = append(path, t.Name.Local)
			}
		case xml.EndElement:
			if depth--; len(path) > depth-1 && len(path) > 0 {
				path = path[:max(depth-1, 0)]
			}
		case xml.CharData:
			value := strings.TrimSpace(string(t))
			if value == "" {
				continue
			}
			switch strings.Join(path, "/") {
			case "loc":
				e.URL = resolve(base, value)
			case "lastmod":
				e.Updated = sitemapDate(value)
			case "news/publication_date":
				e.Published = sitemapDate(value)
			case "news/title":
				e.Title = collapse(value)
			}
		}
	}
	return e
}

// sitemapDate reads a W3C date, which carries its own zone.
func sitemapDate(raw string) statement.Date {
	t, hasTime, ok := readWritten(raw, where{zone: time.UTC})
	if !ok {
		return statement.Date{Raw: raw}
	}
	return statement.Date{Time: t, HasTime: hasTime, Raw: raw}
}
