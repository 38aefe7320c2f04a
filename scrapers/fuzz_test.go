package scrapers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// FuzzListing finds no listing page that makes the crawl panic, or name an
// address that is none.
func FuzzListing(f *testing.F) {
	for _, s := range replaytest.Seeds("issuers", 12) {
		f.Add(s.Body)
	}
	f.Add([]byte(`<li><a href="/1">One</a><time>2 November 2022</time></li><a rel="next" href="?page=2">`))
	f.Add([]byte("<li><a href='javascript:x'>\x00\u202e</a><li><a href='http://[::1'>"))
	var page atomic.Value
	page.Store([]byte{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(page.Load().([]byte))
	}))
	f.Cleanup(server.Close)
	src := statement.Source{
		ID: "press", Kind: statement.KindListing, URL: server.URL + "/", Authority: statement.FromPage, Language: "en",
		Listing: statement.ListingRules{Item: "li, article, tr", Title: "h2, a", Date: []statement.DateRule{{Selectors: []string{"time"}}}, Next: "[rel=next]"},
	}
	x, err := extract.New(src)
	if err != nil {
		f.Fatal(err)
	}
	// What looks like a block makes the host rest: that passes at once.
	rests := clock.StoppedAt(time.Date(2022, 11, 2, 0, 0, 0, 0, time.UTC))
	client, err := fetch.NewClient(fetch.Options{Proxy: "direct", AllowPrivate: true, IgnoreRobots: true, Clock: rests})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		page.Store(body)
		rests.Set(rests.Now().Add(2 * time.Hour))
		visit := client.Visit(0)
		defer visit.Close()
		_ = Open(t.Context(), src, x, visit).Discover(t.Context(), 1, statement.Validators{}, func(p Page) (bool, error) {
			for _, item := range p.Items {
				if u, err := url.Parse(item.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
					t.Errorf("named: %q", item.URL)
				}
			}
			return true, nil
		})
	})
}
