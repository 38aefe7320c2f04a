package scrapers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gocolly/colly/v2"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/fetch/browser"
	"volteface/internal/statement"
)

// session is what the scrapers share: one Colly collector with its cookie jar,
// one transport, one request at a time.
type session struct {
	src       statement.Source
	extractor *extract.Extractor
	visit     *fetch.Visit
	collector *colly.Collector
	got       *statement.Capture // of the request in hand
	heavy     bool               // and whether it is too large to be parsed
	from      Place              // where the walk of the listing begins
	rendered  bool               // the request in hand is for a page that a browser is to show
}

func newSession(ctx context.Context, src statement.Source, x *extract.Extractor, visit *fetch.Visit) *session {
	c := colly.NewCollector(
		colly.StdlibContext(ctx),
		colly.AllowURLRevisit(),        // a re-check is a revisit
		colly.ParseHTTPErrorResponse(), // 304 and 404 are answers here
		colly.MaxBodySize(0),           // the transport limits, and says so
	)
	c.WithTransport(browser.Transport{Visit: visit})
	c.SetRequestTimeout(0) // the transport's
	s := &session{src: src, extractor: x, visit: visit, collector: c}
	c.OnResponse(s.received)
	return s
}

// received takes the capture, and keeps Colly from parsing what would fill the
// memory.
func (s *session) received(r *colly.Response) {
	s.got = s.visit.Capture(*r.Headers)
	if extract.TooHeavy(r.Body) {
		r.Body, s.heavy = nil, true
	}
}

// Fetch reads the document of one address.
func (s *session) Fetch(ctx context.Context, address string, v statement.Validators) (*statement.Capture, error) {
	s.rendered = s.src.Render == statement.ByBrowser && s.src.Authority == statement.FromPage
	defer func() { s.rendered = false }()
	return s.follow(ctx, s.collector, s.src.DocumentURL(address), v)
}

// maxRefreshes is how many stubs in a row a reader is sent on by.
const maxRefreshes = 4

// follow asks for an address and, where a stub answers, for the one that its
// meta refresh leads to, as for a redirect: robots.txt, the guard against
// private addresses and the pace of the host hold there too.
func (s *session) follow(ctx context.Context, c *colly.Collector, address string, v statement.Validators) (*statement.Capture, error) {
	capture, err := s.request(ctx, c, address, v)
	if v.Of == "" { // the validators are those of the address asked for
		v = statement.Validators{}
	}
	been := map[string]bool{address: true}
	for n := 0; err == nil && capture.Quality == statement.Stub && capture.Onward != "" && n < maxRefreshes && !been[capture.Onward]; n++ {
		been[capture.Onward] = true
		next, err := s.request(ctx, c, capture.Onward, v)
		if err != nil {
			return nil, fmt.Errorf("%s only sends its readers on: %w", capture.FinalURL, err)
		}
		capture = fetch.Continue(capture, next)
	}
	return capture, err
}

func (s *session) request(ctx context.Context, c *colly.Collector, address string, v statement.Validators) (*statement.Capture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	header := http.Header{}
	if s.rendered || c != s.collector && s.src.Render == statement.ByBrowser { // other listings than pages are read plainly
		header[fetch.Rendered] = []string{"1"}
		v = statement.Validators{} // what a script shows changes without the page
	}
	if v.ETag != "" {
		header.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		header.Set("If-Modified-Since", v.LastModified)
	}
	if v.Of != "" {
		header[fetch.ValidatorsFor] = []string{v.Of}
	}
	if s.src.Language != "" {
		header.Set("Accept-Language", s.src.Language)
	}
	if c == s.collector {
		header[fetch.CaptureOnly] = []string{"1"} // only listings are read through Colly's own copy
	}
	s.got, s.heavy = nil, false
	err := c.Request(http.MethodGet, address, nil, nil, header)
	if s.got != nil {
		return s.got, nil // what Colly made of its own copy does not matter
	}
	var known *fetch.Error
	switch {
	case errors.As(err, &known):
		return nil, known
	case err == nil:
		err = errors.New("no answer")
	}
	return nil, fmt.Errorf("fetch %s: %w", address, err)
}

// read asks for a part of a listing and insists on a good answer.
func (s *session) read(ctx context.Context, c *colly.Collector, address string, v statement.Validators) (*statement.Capture, error) {
	capture, err := s.follow(ctx, c, address, v)
	if err != nil {
		return nil, err
	}
	if capture.Quality != statement.Good && capture.Quality != statement.NotModified {
		return nil, &StatusError{Capture: capture}
	}
	if s.heavy {
		return nil, fmt.Errorf("read %s: %w", address, extract.ErrTooLarge)
	}
	return capture, nil
}

// walk reads a first address and those its parts lead to, in order, each once.
// items reads a part and names what follows.
func (s *session) walk(ctx context.Context, maxPages int, v statement.Validators, page func(Page) (bool, error),
	c *colly.Collector, items func(n int, capture *statement.Capture) (entries []extract.Entry, follow []string, err error),
) error {
	queue, first, seen := []string{s.src.URL}, 1, map[string]bool{}
	if len(s.from.Queue) > 0 {
		queue, first = slices.Clone(s.from.Queue), max(1, s.from.Number)
	}
	for n := first; n < first+maxPages && len(queue) > 0; n++ {
		address, here := queue[0], Place{n, slices.Clone(queue)}
		queue = queue[1:]
		if seen[address] {
			n--
			continue
		}
		seen[address] = true
		capture, err := s.read(ctx, c, address, v)
		if err != nil {
			return err
		}
		v = statement.Validators{}
		if capture.Quality == statement.NotModified {
			_, err := page(Page{Number: n, Capture: capture, Here: here})
			return err
		}
		entries, follow, err := items(n, capture)
		if err != nil {
			return fmt.Errorf("read %s: %w", address, err)
		}
		queue = append(queue, follow...)
		if len(entries) > 0 || n == first {
			more, err := page(Page{Number: n, Capture: capture, Items: entries, Here: here, Next: Place{n + 1, slices.Clone(queue)}})
			if err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// absolute resolves a link against the page it stands on; "" for what cannot
// be visited over http.
func absolute(base, link string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(strings.TrimSpace(link))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	u.Fragment, u.User = "", nil // nor is a login part of an address that is kept and shown
	return u.String()
}
