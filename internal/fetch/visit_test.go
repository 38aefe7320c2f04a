package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/gocolly/colly/v2"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// newClient is a client that may visit the test's own servers.
func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	o.Proxy, o.AllowPrivate = "direct", true
	if o.UserAgent == "" {
		o.UserAgent = "volteface/test (+https://desk.example)"
	}
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// noRobots serves pages with a robots.txt that is not there.
func noRobots(pages http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		pages(w, r)
	})
}

func serve(t testing.TB, pages http.HandlerFunc) *httptest.Server {
	s := httptest.NewServer(noRobots(pages))
	t.Cleanup(s.Close)
	return s
}

// get visits an address the way Colly does, through an http.Client that
// follows redirects as Colly's does.
func get(v *Visit, address string) (*statement.Capture, *http.Response, error) {
	client := &http.Client{Transport: v, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	resp, err := client.Get(address)
	if err != nil {
		return nil, nil, err
	}
	return v.Capture(resp.Header), resp, nil
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestCapture(t *testing.T) {
	page := []byte("<title>\xcf\xf0\xe5\xe7\xe8\xe4\xe5\xed\xf2</title>") // windows-1251
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=windows-1251")
			w.Header().Set(captureHeader, "999")
			w.Header().Set("ETag", `"v1"`)
			_, _ = w.Write(page)
		case "/packed":
			w.Header().Set("Content-Type", "text/html; charset=windows-1251")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed(page))
		case "/sitemap.xml.gz":
			w.Header().Set("Content-Type", "application/x-gzip")
			_, _ = w.Write(packed(page))
		case "/untyped":
			w.Header()["Content-Type"] = nil
			_, _ = w.Write(page)
		case "/json":
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(page)
		}
	})
	c := newClient(t, Options{Decode: func(b []byte, _ string) []byte {
		return bytes.ReplaceAll(b, page[7:16], []byte("Президент"))
	}})
	decoded := []byte("<title>Президент</title>")
	for path, want := range map[string]struct {
		raw, seen []byte
		kind      string
	}{
		"/page":           {page, decoded, "text/html; charset=utf-8"},
		"/packed":         {page, decoded, "text/html; charset=utf-8"},
		"/untyped":        {page, decoded, "text/html; charset=utf-8"},
		"/json":           {page, page, "application/json"},
		"/sitemap.xml.gz": {packed(page), packed(page), "application/x-gzip"},
	} {
		v := c.Visit(0)
		var seen *colly.Response
		var capture *statement.Capture
		collector := colly.NewCollector()
		collector.WithTransport(v)
		collector.OnResponse(func(r *colly.Response) {
			seen, capture = r, v.Capture(*r.Headers)
			if again := v.Capture(*r.Headers); again != nil {
				t.Errorf("%s: the capture is given twice", path)
			}
		})
		if err := collector.Visit(s.URL + path); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if capture == nil {
			t.Fatalf("%s: no capture", path)
		}
		if !bytes.Equal(capture.Body, want.raw) || !bytes.Equal(seen.Body, want.seen) {
			t.Errorf("%s: captured %q, Colly saw %q", path, capture.Body, seen.Body)
		}
		if got := seen.Headers.Get("Content-Type"); got != want.kind {
			t.Errorf("%s: Colly saw the type %q", path, got)
		}
		if capture.URL != s.URL+path || capture.FinalURL != s.URL+path || capture.Status != 200 || capture.Quality != statement.Good || capture.FetchedAt.IsZero() {
			t.Errorf("%s: %+v", path, capture)
		}
		if got := capture.Header.Get(captureHeader); got != "" {
			t.Errorf("%s: the server's own %s: %s was kept", path, captureHeader, got)
		}
		if v.Requests() != 1 {
			t.Errorf("%s: %d requests", path, v.Requests())
		}
	}
}

func TestRequestHeaders(t *testing.T) {
	var got http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header; w.WriteHeader(304) })
	v := newClient(t, Options{}).Visit(0)
	req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	req.Header.Set("User-Agent", "Mozilla/5.0")
	req.Header.Set("Accept-Language", "fa")
	req.Header.Set("If-None-Match", `"v1"`)
	resp, err := v.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"User-Agent": "volteface/test (+https://desk.example)", "Accept-Language": "fa", "If-None-Match": `"v1"`,
		"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Encoding": "gzip, br",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	if req.Header.Get("User-Agent") != "Mozilla/5.0" {
		t.Error("the request was changed, which http.RoundTripper forbids")
	}
	if c := v.Capture(resp.Header); c.Quality != statement.NotModified {
		t.Errorf("quality %s", c.Quality)
	}
}

func TestVerdicts(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		if r.URL.RawQuery == "challenge" {
			w.Header().Set("cf-mitigated", "challenge")
		}
		w.WriteHeader(status)
		if r.URL.RawQuery != "" && status != 304 && status != 204 {
			_, _ = io.WriteString(w, "<p>text")
		}
	})
	v := newClient(t, Options{Clock: clock.StoppedAt(start)}).Visit(0)
	for path, want := range map[string]struct {
		quality statement.Quality
		reason  string
	}{
		"/200?body":      {statement.Good, ""},
		"/200":           {statement.Empty, "200 OK, with nothing in it"},
		"/204":           {statement.Empty, "204 No Content, with nothing in it"},
		"/304":           {statement.Failed, "304 Not Modified, though nothing was asked about changes"},
		"/302?body":      {statement.Failed, "302 Found"}, // without a Location
		"/404?body":      {statement.NotFound, "404 Not Found"},
		"/410":           {statement.NotFound, "410 Gone"},
		"/401":           {statement.Blocked, "401 Unauthorized"},
		"/403?body":      {statement.Blocked, "403 Forbidden"},
		"/429":           {statement.Blocked, "429 Too Many Requests"},
		"/451":           {statement.Blocked, "451 Unavailable For Legal Reasons"},
		"/200?challenge": {statement.Blocked, "200 OK, with a challenge that only a browser can pass"},
		"/500?body":      {statement.Failed, "500 Internal Server Error"},
		"/503":           {statement.Failed, "503 Service Unavailable"},
		"/599":           {statement.Failed, "599"},
	} {
		capture, _, err := get(v, s.URL+path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if capture.Quality != want.quality || capture.Reason != want.reason {
			t.Errorf("%s: %s (%s), want %s (%s)", path, capture.Quality, capture.Reason, want.quality, want.reason)
		}
	}
}

func TestRedirects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			http.Redirect(w, r, "/b", http.StatusMovedPermanently)
		case "/b":
			http.Redirect(w, r, "/c", http.StatusFound)
		case "/c":
			_, _ = io.WriteString(w, "<p>here")
		case "/ftp":
			http.Redirect(w, r, "ftp://127.0.0.1/", http.StatusFound)
		case "/bad":
			w.Header().Set("Location", "http://[::1")
			w.WriteHeader(http.StatusFound)
		default:
			http.Redirect(w, r, "/loop", http.StatusFound)
		}
	})
	v := newClient(t, Options{}).Visit(0)
	capture, _, err := get(v, s.URL+"/a")
	if err != nil {
		t.Fatal(err)
	}
	hops := []statement.Hop{{URL: s.URL + "/a", Status: 301}, {URL: s.URL + "/b", Status: 302}}
	if capture.URL != s.URL+"/a" || capture.FinalURL != s.URL+"/c" || !slices.Equal(capture.Hops, hops) || string(capture.Body) != "<p>here" {
		t.Errorf("%+v", capture)
	}
	if len(v.captures) != 0 {
		t.Errorf("%d captures of redirects are kept", len(v.captures))
	}
	for path, want := range map[string]ErrorKind{"/loop": KindRedirects, "/bad": KindRedirects, "/ftp": KindScheme} {
		if _, _, err := get(v, s.URL+path); kindIn(err) != want {
			t.Errorf("%s: %v, want kind %s", path, err, want)
		}
	}
}

func TestForgotten(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>here") })
	v := newClient(t, Options{}).Visit(0)
	for range 3 * maxUntaken {
		req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
		if _, err := v.RoundTrip(req); err != nil {
			t.Fatal(err)
		}
	}
	if len(v.captures) != maxUntaken {
		t.Errorf("%d captures nobody asked for are kept, want %d", len(v.captures), maxUntaken)
	}
	for _, h := range []http.Header{{}, {captureHeader: {"no number"}}, {captureHeader: {"1"}}} {
		if c := v.Capture(h); c != nil {
			t.Errorf("%v gives %+v", h, c)
		}
	}
}
