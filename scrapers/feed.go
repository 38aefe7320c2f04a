package scrapers

import (
	"context"
	"strconv"
	"strings"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// feed reads RSS, Atom and JSON feeds, and the older parts they lead to by
// rel=next (RFC 5005).
type feed struct{ *session }

func (f feed) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	return f.walk(ctx, maxPages, v, page, f.collector, func(_ int, capture *statement.Capture) ([]extract.Entry, []string, error) {
		entries, next, err := f.extractor.Feed(capture.Body, capture.FinalURL)
		if err != nil || next == "" {
			return unique(entries), nil, err
		}
		return unique(entries), []string{next}, nil
	})
}

// sitemap reads a sitemap, or an index and the sitemaps it names.
type sitemap struct{ *session }

func (m sitemap) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	return m.walk(ctx, maxPages, v, page, m.collector, func(_ int, capture *statement.Capture) ([]extract.Entry, []string, error) {
		entries, children, err := extract.Sitemap(capture.Body, capture.FinalURL)
		return unique(entries), children, err
	})
}

// api reads a JSON listing, page by page where the source says how.
type api struct{ *session }

func (a api) Discover(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error)) error {
	rules := a.src.API
	return a.walk(ctx, maxPages, v, page, a.collector, func(n int, capture *statement.Capture) ([]extract.Entry, []string, error) {
		entries, err := a.extractor.Items(capture.Body, capture.FinalURL)
		if err != nil || rules.NextURL == "" || len(entries) == 0 {
			return unique(entries), nil, err
		}
		first := 1
		if rules.FirstPage != nil {
			first = *rules.FirstPage
		}
		number := strconv.Itoa(first + n)
		return unique(entries), []string{strings.ReplaceAll(rules.NextURL, "{page}", number)}, nil
	})
}
