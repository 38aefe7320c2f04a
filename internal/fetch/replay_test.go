package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

// TestReplay visits real captured pages, over http and over https through
// CONNECT, and every disturbance the proxy knows.
func TestReplay(t *testing.T) {
	p := replaytest.Start(t, []string{"kremlin", "whitehouse"}, time.Date(2022, 11, 6, 0, 0, 0, 0, time.UTC), "--latency-ms", "5")
	c, err := NewClient(Options{UserAgent: "volteface/test", Proxy: p.Proxy, Timeout: 30 * time.Second, MaxBody: 2 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	authority, err := os.ReadFile(p.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	const house = "https://www.whitehouse.gov/briefing-room/"
	v := c.Visit(0)
	if _, _, err := get(v, house); kindIn(err) != KindTLS {
		t.Errorf("a certificate nobody vouches for: %v", err)
	}
	// In a process of its own, SSL_CERT_FILE does this.
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	c.common.transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	c.robots.files = nil // forget that the host could not be reached

	capture, _, err := get(v, house)
	if err != nil {
		t.Fatal(err)
	}
	if capture.Quality != statement.Good || !strings.Contains(string(capture.Body), "Briefing Room") {
		t.Errorf("%s %s, %d bytes", capture.Quality, capture.Reason, len(capture.Body))
	}
	if capture, _, err = get(v, strings.Replace(strings.TrimSuffix(house, "/"), "https:", "http:", 1)); err != nil || len(capture.Hops) == 0 || capture.FinalURL != house {
		t.Errorf("redirected to https: %+v, %v", capture, err)
	}
	if capture, _, err = get(v, "https://www.whitehouse.gov/no/such/page"); err != nil || capture.Quality != statement.NotFound {
		t.Errorf("a page that is not there: %+v, %v", capture, err)
	}
	if _, _, err = get(v, "https://nobody.example/"); kindIn(err) != KindProxy {
		t.Errorf("a host the proxy does not know: %v", err)
	}
	if log := p.Log("www.whitehouse.gov"); len(log) == 0 || log[0].UserAgent != "volteface/test" {
		t.Errorf("log: %+v", log)
	}
	const news = "http://en.kremlin.ru/events/president/news"
	var wait sync.WaitGroup
	for range 3 {
		for _, address := range []string{house, news} {
			wait.Go(func() {
				if _, _, err := get(c.Visit(0), address); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	stats := p.Stats()
	for _, host := range []string{"www.whitehouse.gov", "en.kremlin.ru"} {
		if s := stats[host]; s.MaxInFlight != 1 || s.FirstPath != "/robots.txt" {
			t.Errorf("%s: %d requests at once, the first for %s", host, s.MaxInFlight, s.FirstPath)
		}
	}

	for _, test := range []struct {
		fault   replaytest.Fault
		kind    ErrorKind         // of the error, or
		quality statement.Quality // of the capture
	}{
		{replaytest.Fault{Kind: "status", Status: 503, RetryAfter: "30"}, "", statement.Failed},
		{replaytest.Fault{Kind: "status", Status: 429}, "", statement.Blocked},
		{replaytest.Fault{Kind: "challenge"}, "", statement.Blocked},
		{replaytest.Fault{Kind: "challenge", Status: 200}, "", statement.Blocked},
		{replaytest.Fault{Kind: "reset"}, KindRefused, ""},
		{replaytest.Fault{Kind: "slow"}, KindTimeout, ""},
		{replaytest.Fault{Kind: "status", Delay: 2}, KindTimeout, ""},
		{replaytest.Fault{Kind: "truncate"}, KindTruncated, ""},
		{replaytest.Fault{Kind: "redirect-loop"}, KindRedirects, ""},
		{replaytest.Fault{Kind: "bomb"}, KindTooLarge, ""},
		{replaytest.Fault{Kind: "huge"}, KindTooLarge, ""},
		{replaytest.Fault{Kind: "wrong-charset"}, "", statement.Good},
	} {
		for host, address := range map[string]string{"www.whitehouse.gov": house, "en.kremlin.ru": news} {
			fault := test.fault
			fault.Host = host
			timeout := 30 * time.Second
			if test.kind == KindTimeout {
				timeout = time.Second
			}
			c, err := NewClient(Options{UserAgent: "volteface/test", Proxy: p.Proxy, Timeout: timeout, MaxBody: 2 << 20, Clock: clock.StoppedAt(start)})
			if err != nil {
				t.Fatal(err)
			}
			c.common.transport.TLSClientConfig = &tls.Config{RootCAs: pool}
			v := c.Visit(0)
			if _, err := c.Robots(t.Context(), address); err != nil && test.kind != KindTimeout {
				t.Fatal(err)
			}
			p.Fault(fault)
			capture, _, err := get(v, address)
			if kindIn(err) != test.kind || capture != nil && capture.Quality != test.quality {
				t.Errorf("%s %s: %+v, %v", fault.Kind, host, capture, err)
			}
			p.ClearFaults()
			c.Close()
		}
	}
}
