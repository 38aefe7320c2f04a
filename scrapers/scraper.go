// Package scrapers visits sources with Colly: it walks their listings, feeds,
// sitemaps and APIs, and reads the pages these name. Politeness, limits and
// the raw bytes are the business of the http.RoundTripper underneath
// (internal/fetch); what the bytes mean is that of internal/extract.
package scrapers

import (
	"context"
	"errors"
	"fmt"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// Scraper is one visit to one source. It is not safe for concurrent use: a
// visit makes one request at a time.
type Scraper interface {
	// Discover walks the source's listing, newest items first, and calls page
	// for each part of it until page answers false, the listing ends, or
	// maxPages parts were read. The validators, if any, make the first request
	// conditional; if nothing has changed, page is called once with the
	// capture and no items. It fails with a *StatusError if a part was
	// answered with an error status, with a *fetch.Error if it was not
	// answered, and with an error of extract if it could not be read.
	Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (more bool, err error)) error
	// Fetch reads the document of one address (statement.Source.DocumentURL). An answer of any status is a capture; an error
	// is a *fetch.Error.
	Fetch(ctx context.Context, address string, v statement.Validators) (*statement.Capture, error)
}

// Page is one part of a listing: a page of links, a feed, a sitemap, or an API
// answer.
type Page struct {
	Number  int // from 1
	Capture *statement.Capture
	Items   []extract.Entry // as listed; the source's patterns are not applied yet
	Here    Place           // from which a walk begins with this part
	Next    Place           // from which it goes on behind it; without a Queue at the end
}

// Place is a place of a listing from which a walk can go on, in another process
// and on another day.
type Place struct {
	Number int      `json:"number"` // of the part that comes next, from 1
	Queue  []string `json:"queue"`  // addresses to be read
}

// StatusError says that a listing was answered, but not with a listing.
type StatusError struct{ Capture *statement.Capture }

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: %s", e.Capture.URL, e.Capture.Reason)
}

// Open begins a visit to the source. The extractor must be the source's own.
func Open(ctx context.Context, src statement.Source, x *extract.Extractor, visit *fetch.Visit) Scraper {
	return OpenAt(ctx, src, x, visit, Place{})
}

// OpenAt is Open; its Discover begins at a place that an earlier one has given.
func OpenAt(ctx context.Context, src statement.Source, x *extract.Extractor, visit *fetch.Visit, from Place) Scraper {
	s := newSession(ctx, src, x, visit)
	s.from = from
	var scraper Scraper
	switch src.Kind {
	case statement.KindFeed, statement.KindTelegram, statement.KindBluesky, statement.KindYouTube:
		scraper = feed{s}
	case statement.KindSitemap:
		scraper = sitemap{s}
	case statement.KindAPI:
		scraper = api{s}
	case statement.KindPage:
		scraper = watched{s}
	case statement.KindMastodon:
		scraper = mastodon{s}
	default:
		scraper = newListing(s)
	}
	if len(src.Feeds) > 0 {
		return heralded{scraper, s}
	}
	return scraper
}

// heralded is a source whose feeds name statements sooner than its listing.
type heralded struct {
	Scraper
	*session
}

// Fetch is the session's, as every scraper's is.
func (h heralded) Fetch(ctx context.Context, address string, v statement.Validators) (*statement.Capture, error) {
	return h.session.Fetch(ctx, address, v)
}

// Discover reads the feeds, then the listing. A feed that fails does not keep
// the listing from being read; its error is given at the end.
func (h heralded) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	var errs []error
	for _, address := range h.src.Feeds {
		errs = append(errs, h.herald(ctx, address, page))
	}
	return errors.Join(append([]error{h.Scraper.Discover(ctx, maxPages, v, page)}, errs...)...)
}

func (h heralded) herald(ctx context.Context, address string, page func(Page) (bool, error)) error {
	capture, err := h.read(ctx, h.collector, address, statement.Validators{})
	if err != nil {
		return err
	}
	entries, _, err := h.extractor.Feed(capture.Body, capture.FinalURL)
	if err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	_, err = page(Page{Number: 1, Capture: capture, Items: unique(entries)})
	return err
}
