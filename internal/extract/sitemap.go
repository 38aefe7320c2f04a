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
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		if body, err = unpack(body); err != nil {
			return nil, nil, err
		}
	}
	text, _ := Decode(body, "")
	d := xml.NewDecoder(bytes.NewReader(withoutDeclaration(text)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	known := false
	for len(pages)+len(children) < maxEntries {
		token, err := d.Token()
		if err != nil {
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

func unpack(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("unpack sitemap: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(z, maxSitemap+1))
	if err != nil {
		return nil, fmt.Errorf("unpack sitemap: %w", err)
	}
	if len(text) > maxSitemap {
		return nil, fmt.Errorf("unpack sitemap: %w: more than %d MB", ErrTooLarge, maxSitemap>>20)
	}
	return text, nil
}

// sitemapEntry reads the children of <url> or <sitemap> to its end. The order
// of its elements is free; a picture's own <loc> does not count.
func sitemapEntry(d *xml.Decoder, base string) Entry {
	var e Entry
	var path []string
	for depth := 1; depth > 0; {
		token, err := d.Token()
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
	t, hasTime, ok := readWritten(raw, time.UTC, nil, "")
	if !ok {
		return statement.Date{Raw: raw}
	}
	return statement.Date{Time: t, HasTime: hasTime, Raw: raw}
}
