package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// gated sends every request without its cookie to where it came from, as the
// network before Iran's Foreign Ministry does, robots.txt too.
type gated struct {
	http.Handler
	mu             sync.Mutex
	turned, passed []string // paths
}

func (g *gated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("__arcsjs")
	g.mu.Lock()
	if err != nil || cookie.Value != "let-me-in" {
		g.turned = append(g.turned, r.URL.Path)
		g.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "__arcsjs", Value: "let-me-in", Path: "/", HttpOnly: true})
		w.Header().Set("Location", r.URL.RequestURI())
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	g.passed = append(g.passed, r.URL.Path)
	g.mu.Unlock()
	g.Handler.ServeHTTP(w, r)
}

// The built-in source gets through a gate of a redirect and a cookie as a
// browser does, keeps the cookie for the visit, and heeds the robots.txt behind
// the gate.
func TestIranGate(t *testing.T) {
	c := readCaptures(t)
	var front string
	site := http.NewServeMux()
	gate := &gated{Handler: site}
	server := httptest.NewServer(gate)
	defer server.Close()
	front = strings.ReplaceAll(c.body(t, "https://en.mfa.ir/"), "https://en.mfa.ir", server.URL)
	site.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, front) })
	site.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nDisallow: /portal/NewsView/795450\n")
	})
	titles := map[string]string{} // as the front page lists them
	for _, l := range c.listings {
		for _, item := range l.Items {
			titles[strings.TrimPrefix(item.URL, "https://en.mfa.ir")] = item.Title
		}
	}
	site.HandleFunc("/portal/NewsView/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<html><body><span class="nv-info">2026/10/04 - 11:30</span><div class="news-text-full"><h4>%s</h4>
			<p>The spokesperson of the Ministry of Foreign Affairs rejected the claims made in that statement and called them baseless.</p></div></body></html>`, titles[r.URL.Path])
	})
	definition, err := os.ReadFile("../../configs/sources/ir-mfa.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sources"), 0o700); err != nil {
		t.Fatal(err)
	}
	definition = regexp.MustCompile(`(?m)^url: .*$`).ReplaceAll(definition, []byte("url: "+server.URL+"/"))
	for name, text := range map[string]string{"sources/ir-mfa.yaml": string(definition), "volteface.yaml": "http: {allow_private: true}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read, forbidden := 0, 0
	for _, f := range run[finding](t, nil, []int{0, 1}, "scrape", "ir-mfa", "--delay", "0s", "--json", "--config", filepath.Join(dir, "volteface.yaml"), "--data-dir", t.TempDir()) {
		switch {
		case f.State == "NEW" && strings.Contains(f.Title, "air travel between Iran and Iraq"):
			read++
		case f.State == "ERROR" && strings.Contains(f.URL, "795450") && strings.Contains(f.Reason, "robots.txt"):
			forbidden++
		default:
			t.Errorf("%+v", f)
		}
	}
	if read == 0 || forbidden != 1 {
		t.Errorf("%d statements were read, %d heeded as forbidden", read, forbidden)
	}
	if got := strings.Join(gate.turned, " "); got != "/robots.txt /" {
		t.Errorf("the gate turned these away: %s", got)
	}
	if gate.passed[0] != "/robots.txt" {
		t.Errorf("the first that was let through is %s", gate.passed[0])
	}
}
