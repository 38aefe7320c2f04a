package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// newClient is a client that may visit the test's own servers.
func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	o.Proxy, o.AllowPrivate = "direct", true
	if o.UserAgent == "" {
		o.UserAgent = "volteface/test (+https://volteface.example)"
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
		"User-Agent": "volteface/test (+https://volteface.example)", "Accept-Language": "fa", "If-None-Match": `"v1"`,
		"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Encoding": "gzip",
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
	v := newClient(t, Options{}).Visit(0)
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

// kindIn is the kind of the *Error inside err.
func kindIn(err error) ErrorKind {
	var known *Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}

func TestErrors(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/huge":
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		case "/told":
			w.Header().Set("Content-Length", "2000000")
			_, _ = w.Write(make([]byte, 2_000_000))
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 1 << 10 {
				if _, err := z.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		case "/headers":
			for i := range 20 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 32<<10))
			}
		case "/truncated", "/chunked", "/half-packed":
			conn, rw, _ := w.(http.Hijacker).Hijack()
			switch r.URL.Path {
			case "/truncated":
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>half")
			case "/chunked":
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<p>half")
			default: // the connection's end is the body's
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + string(packed(make([]byte, 1000))[:20]))
			}
			_ = rw.Flush()
			_ = conn.Close()
		case "/not-packed":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "<p>this is no gzip file")
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			_, _ = io.WriteString(w, "<p>")
		case "/reset":
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		case "/closed":
			panic(http.ErrAbortHandler)
		case "/drip":
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "/silent":
			<-release
		}
	})
	defer close(release)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of handshakes, which is the point
	secure.StartTLS()
	defer secure.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	patient := newClient(t, Options{MaxBody: 1 << 20, Timeout: 20 * time.Second})
	hasty := newClient(t, Options{MaxBody: 1 << 20, Timeout: 400 * time.Millisecond})
	for _, test := range []struct {
		address string
		kind    ErrorKind
		again   bool
		text    string
	}{
		{s.URL + "/huge", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/told", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/bomb", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/headers", KindTooLarge, false, "headers"},
		{s.URL + "/truncated", KindTruncated, true, "after 7 of 100 bytes"},
		{s.URL + "/chunked", KindTruncated, true, "broke off"},
		{s.URL + "/half-packed", KindTruncated, true, "broke off"},
		{s.URL + "/not-packed", KindTruncated, true, "unpacked"},
		{s.URL + "/brotli", KindOther, false, `"br", which was not asked for`},
		{s.URL + "/reset", KindRefused, true, "reset by peer"},
		{s.URL + "/closed", KindRefused, true, "cannot be reached"},
		{s.URL + "/drip", KindTimeout, true, "not done after 400ms"},
		{s.URL + "/silent", KindTimeout, true, "not done after 400ms"},
		{closed.URL, KindRefused, true, "connection refused"},
		{secure.URL, KindTLS, true, "cannot be secured"},
		{strings.Replace(s.URL, "http:", "https:", 1), KindTLS, true, "cannot be secured"},
		{"http://nobody.invalid/", KindDNS, true, "the host is unknown"},
		{"ftp://example.org/", KindScheme, false, `"ftp"`},
		{"file:///etc/passwd", KindScheme, false, `"file"`},
		{s.URL + "/" + strings.Repeat("a", maxURL), KindOther, false, "longer than"},
	} {
		c := patient
		if test.kind == KindTimeout {
			c = hasty
		}
		_, _, err := get(c.Visit(0), test.address)
		var known *Error
		if !errors.As(err, &known) {
			t.Errorf("%.60s: %v is no *Error", test.address, err)
			continue
		}
		if known.Kind != test.kind || known.Retryable() != test.again || !strings.Contains(known.Error(), test.text) {
			t.Errorf("%.60s: kind %s, retryable %v: %v", test.address, known.Kind, known.Retryable(), known)
		}
		if text := known.Error(); strings.Contains(text, "goroutine") || strings.Contains(text, "net/http:") || strings.Count(text, "http://") > 1 {
			t.Errorf("not for people: %s", text)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/silent", nil)
	if _, err := hasty.Visit(0).RoundTrip(req); kindIn(err) != KindCanceled {
		t.Errorf("canceled: %v", err)
	}
}

func TestOneAtATime(t *testing.T) {
	var mu sync.Mutex
	now, most, asked := 0, 0, 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		now++
		asked++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		_, _ = io.WriteString(w, "<p>")
	})
	c := newClient(t, Options{})
	var wait sync.WaitGroup
	for range 4 {
		v := c.Visit(0)
		for range 4 {
			wait.Go(func() {
				for range 3 {
					if _, _, err := get(v, s.URL); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wait.Wait()
	if most != 1 || asked != 48 {
		t.Errorf("%d requests, %d at once", asked, most)
	}
}

func TestPause(t *testing.T) {
	start := time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC)
	now := clock.StoppedAt(start)
	var times []time.Duration
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		times = append(times, now.Now().Sub(start))
		if r.URL.Path == "/robots.txt" {
			_, _ = io.WriteString(w, "User-agent: *\nCrawl-delay: 7\n")
		}
	}))
	defer s.Close()
	c := newClient(t, Options{Clock: now})
	patient, hasty := c.Visit(10*time.Second), c.Visit(time.Second)
	for _, v := range []*Visit{hasty, hasty, patient, hasty, hasty} {
		if _, _, err := get(v, s.URL+"/page"); err != nil {
			t.Fatal(err)
		}
	}
	// robots.txt, then Crawl-delay between the hasty ones, and the patient
	// one's pause before and after it.
	want := []time.Duration{0, 7, 14, 24, 34, 41}
	for i := range want {
		want[i] *= time.Second
	}
	if !slices.Equal(times, want) {
		t.Errorf("asked at %v, want %v", times, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if _, err := hasty.RoundTrip(req); kindIn(err) != KindCanceled {
		t.Errorf("canceled while waiting: %v", err)
	}
	if _, _, err := get(hasty, s.URL); err != nil {
		t.Errorf("the turn was lost: %v", err)
	}
}

func TestRealPause(t *testing.T) {
	var last time.Time
	least := time.Hour
	s := serve(t, func(http.ResponseWriter, *http.Request) {
		if now := time.Now(); !last.IsZero() {
			least = min(least, now.Sub(last))
			last = now
		} else {
			last = now
		}
	})
	v := newClient(t, Options{}).Visit(30 * time.Millisecond)
	for range 4 {
		if _, _, err := get(v, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if least < 30*time.Millisecond {
		t.Errorf("two requests within %s", least)
	}
}
