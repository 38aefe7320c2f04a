package fetch

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"volteface/internal/replaytest"
)

// FuzzBody finds no answer that is longer than allowed, or that fails without
// a word, however it is packed.
func FuzzBody(f *testing.F) {
	for _, s := range replaytest.Seeds("issuers", 8) {
		f.Add("", s.Body[:min(len(s.Body), 2000)], int64(-1))
		f.Add("gzip", packed(s.Body[:min(len(s.Body), 2000)]), int64(-1))
		f.Add("br", squeezed(s.Body[:min(len(s.Body), 2000)]), int64(-1))
	}
	f.Add("gzip", packed(make([]byte, 1<<20)), int64(-1))
	f.Add("br", squeezed(make([]byte, 1<<20)), int64(-1))
	f.Add("x-gzip", []byte("\x1f\x8b\x08"), int64(3))
	f.Add("deflate", []byte("x"), int64(9))
	const limit = 100 << 10
	f.Fuzz(func(t *testing.T, encoding string, wire []byte, told int64) {
		for _, cut := range []bool{false, true} {
			resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {encoding}}, ContentLength: told, Body: io.NopCloser(bytes.NewReader(wire))}
			got, err := readBody(resp, limit, cut)
			if len(got) > limit {
				t.Fatalf("%d bytes", len(got))
			}
			if err != nil && classify(&url.URL{Scheme: "https", Host: "press.example"}, err, withinAnswer).Error() == "" {
				t.Fatal("it fails without a word")
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "Sat, 05 Nov 2022 01:00:00 GMT", "-1", "1e9", "99999999999999999999", "Saturday, 05-Nov-22 01:00:00 GMT", ""} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, value, date string) {
		wait, _ := retryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, start)
		if wait < 0 || wait > LongestRest {
			t.Errorf("%q by %q: %s", value, date, wait)
		}
		if w := rest(1, time.Second, wait); w <= 0 || w > LongestRest {
			t.Errorf("a rest of %s", w)
		}
	})
}

// FuzzAddress finds no spelling of an address that leads inside.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://0x7f.1/", "http://2130706433/", "http://１２７.0.0.1/", "http://localhost./", "file:///etc/passwd", "http://a@169.254.169.254/", "https://press.example/1"} {
		f.Add(s)
	}
	c, err := NewClient(Options{Proxy: "direct"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			return
		}
		if c.checkURL(u.URL) != nil {
			return
		}
		if own(u.URL) || u.URL.Hostname() == "" {
			t.Errorf("%q passes", address)
		}
	})
}
