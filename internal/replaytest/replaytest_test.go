package replaytest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestProxy(t *testing.T) {
	start := time.Date(2019, 12, 10, 0, 0, 0, 0, time.UTC)
	p := Start(t, []string{"kremlin"}, start)
	through, err := url.Parse(p.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(through)}}
	get := func() int {
		resp, err := client.Get("http://en.kremlin.ru/robots.txt")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := get(); got != http.StatusOK {
		t.Errorf("status %d", got)
	}
	p.Fault(Fault{Host: "*", Kind: "status", Status: 503, Count: 1})
	if got := get(); got != http.StatusServiceUnavailable {
		t.Errorf("status %d under a fault", got)
	}
	p.Fault(Fault{Host: "*", Kind: "status", Status: 503})
	p.ClearFaults()
	if got := get(); got != http.StatusOK {
		t.Errorf("status %d after the faults", got)
	}
	if log := p.Log("en.kremlin.ru"); len(log) != 3 || log[1].Status != 503 || log[0].Path != "/robots.txt" || !log[0].Virtual.Equal(start) {
		t.Errorf("log: %+v", log)
	}
	if s := p.Stats()["en.kremlin.ru"]; s.Requests != 3 || s.Statuses["200"] != 2 || s.MinGap == nil || s.FirstPath != "/robots.txt" {
		t.Errorf("stats: %+v", s)
	}
	p.Advance(36 * time.Hour)
	if got, want := p.Now(), start.Add(36*time.Hour); !got.Equal(want) {
		t.Errorf("the clock shows %s, want %s", got, want)
	}
	p.SetClock(start)
	if got := p.Now(); !got.Equal(start) {
		t.Errorf("the clock shows %s, want %s", got, start)
	}
	p.ClearLog()
	if log := p.Log(); len(log) != 0 {
		t.Errorf("log: %+v", log)
	}
	if urls := p.URLs("en.kremlin.ru"); len(urls) < 20 || !strings.Contains(urls[0], "en.kremlin.ru") {
		t.Errorf("%d addresses", len(urls))
	}
}
