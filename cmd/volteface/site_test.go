package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// press is a small press site on loopback whose pages a test changes.
type press struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]func(http.ResponseWriter) // path to answer
	list  []string                             // listed paths, newest first
	slow  time.Duration
}

func newPress(t *testing.T) *press {
	p := &press{pages: map[string]func(http.ResponseWriter){}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	answer, slow := p.pages[r.URL.Path], p.slow
	list := p.list
	p.mu.Unlock()
	time.Sleep(slow)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case r.URL.Path == "/":
		for _, path := range list {
			fmt.Fprintf(w, `<li><a href="%s">%s</a></li>`, path, path)
		}
	case answer != nil:
		answer(w)
	default:
		http.NotFound(w, r)
	}
}

func (p *press) put(path string, answer func(http.ResponseWriter)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages[path] == nil {
		p.list = append([]string{path}, p.list...)
	}
	p.pages[path] = answer
}

func page(title, text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		fmt.Fprintf(w, `<html><head><title>x</title></head><body><h1>%s</h1><div class="text"><p>%s</p></div></body></html>`, title, text)
	}
}

func raw(contentType string, b []byte) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(b)
	}
}

// configure writes a configuration with the site as its only own source.
func (p *press) configure(t *testing.T, more string) (path string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("sources/press.yaml", fmt.Sprintf(`id: press
issuer: {id: press, name: Press}
kind: listing
url: %s/
delay: 1ms
language: en
listing: {item: li}
extract: {title: [h1], body: [div.text]}
`, p.URL))
	write("volteface.yaml", "http: {allow_private: true, timeout: 5s, max_body: 4194304}\n"+more)
	return filepath.Join(dir, "volteface.yaml")
}

// Whatever a page is, it is told clearly and harms nothing else.
func TestBadPages(t *testing.T) {
	p := newPress(t)
	p.put("/good", page("Good", "The ministry denies it."))
	p.put("/empty", raw("text/html", nil))
	p.put("/binary", raw("text/html", bytes.Repeat([]byte{0, 1, 2, 0xff, 0x89, 'P', 'N', 'G'}, 4000)))
	p.put("/huge", func(w http.ResponseWriter) {
		chunk := bytes.Repeat([]byte("<p>more</p>"), 10_000)
		for range 1000 { // about 100 MB
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	p.put("/latin", raw("text/html; charset=utf-8", []byte("<h1>D\xe9menti</h1><div class=text><p>Le minist\xe8re d\xe9ment l'annonce faite hier soir \xe0 Paris.</p></div>")))
	p.put("/evil", page("Title \x1b[31mred\x07 \u202egnitirw", "Text \x1b]0;owned\x07 here."))
	config, dir := p.configure(t, ""), t.TempDir()
	lines := run[finding](t, nil, []int{1}, "scrape", "press", "--json", "--config", config, "--data-dir", dir)
	got := map[string]finding{}
	for _, l := range lines {
		got[strings.TrimPrefix(l.URL, p.URL)] = l
	}
	for path, want := range map[string]string{"/good": "NEW", "/latin": "NEW", "/evil": "NEW", "/empty": "ERROR", "/binary": "UNREAD", "/huge": "ERROR"} {
		if got[path].State != want {
			t.Errorf("%s: %s (%s), want %s", path, got[path].State, got[path].Reason, want)
		}
		if want != "NEW" && got[path].Reason == "" {
			t.Errorf("%s gives no reason", path)
		}
	}
	if title := got["/latin"].Title; title != "Démenti" {
		t.Errorf("the page that is not UTF-8 is titled %q", title)
	}
	out, _, _ := start(t, nil, "statements", "list", "--config", config, "--data-dir", dir)
	if bytes.ContainsAny(out, "\x1b\x07") || bytes.Contains(out, []byte("\u202e")) {
		t.Errorf("control characters reach the terminal: %q", out)
	}
	// What could not be read is asked for again when its time has come.
	p.put("/empty", page("Filled", "Now there is something."))
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	again := run[finding](t, nil, []int{1}, "scrape", "press", "--json", "--recheck", "none", "--config", config, "--data-dir", dir, "--clock", later)
	found := false
	for _, l := range again {
		found = found || l.State == "NEW" && l.Title == "Filled"
	}
	if !found {
		t.Errorf("the page that was empty was not read again: %v", again)
	}
}

// Changing a selector and reading the archive again is never news; neither is
// visiting with the changed selector.
func TestReextractIsNoNews(t *testing.T) {
	p := newPress(t)
	for i := range 5 {
		p.put(fmt.Sprintf("/%d", i), func(w http.ResponseWriter) {
			fmt.Fprintf(w, `<h1>Title %d</h1><div class="text"><p>One.</p><p class="note">A note.</p></div>`, i)
		})
	}
	config, dir := p.configure(t, ""), t.TempDir()
	common := []string{"--json", "--config", config, "--data-dir", dir}
	run[finding](t, nil, []int{0}, append([]string{"scrape", "press"}, common...)...)
	source := filepath.Join(filepath.Dir(config), "sources", "press.yaml")
	content, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	change := func(to string) {
		if err := os.WriteFile(source, []byte(strings.Replace(string(content), "body: [div.text]", to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change("body: [div.text], drop: [p.note]")
	for _, args := range [][]string{{"reextract", "press"}, {"scrape", "press", "--recheck", "all"}} {
		for _, l := range run[finding](t, nil, []int{0}, append(args, common...)...) {
			if l.State == "NEW" || l.State == "CHANGED" || l.State == "MISSING" || l.State == "ERROR" {
				t.Errorf("%v: %+v", args, l)
			}
		}
	}
	change("body: [p]") // without reading the archive again first
	for _, l := range run[finding](t, nil, []int{0}, append([]string{"scrape", "press", "--recheck", "all"}, common...)...) {
		if l.State != "UNCHANGED" {
			t.Errorf("with another selector: %+v", l)
		}
	}
	id := run[finding](t, nil, []int{0}, append([]string{"statements", "list"}, common...)...)[0].ID
	one := run[shown](t, nil, []int{0}, append([]string{"statements", "show", id}, common...)...)[0]
	if len(one.Revisions) != 1 || !strings.Contains(one.Text, "A note.") {
		t.Errorf("after three readings: %d revisions, text %q", len(one.Revisions), one.Text)
	}
	// A template change is a fault of the source, not an edit.
	p.put("/0", func(w http.ResponseWriter) {
		fmt.Fprint(w, `<h1>Title 0</h1><section><section>Subscribe to our newsletter, follow us, and read the terms of use of this site.</section></section>`)
	})
	for _, l := range run[finding](t, nil, []int{0, 1}, append([]string{"scrape", "press", "--recheck", "all"}, common...)...) {
		if l.State == "CHANGED" {
			t.Errorf("a template change is reported as an edit: %+v", l)
		}
	}
}
