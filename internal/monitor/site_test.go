package monitor

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/fetch"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// begin is when the tests' virtual time starts.
var begin = time.Date(2022, 11, 1, 9, 0, 0, 0, time.UTC)

// press is a site whose answers a test sets, with a monitor that visits it.
type press struct {
	*httptest.Server
	*Monitor
	t     *testing.T
	clock *clock.Virtual
	store *sqlite.Store

	mu      sync.Mutex
	answers map[string]http.HandlerFunc
	asked   []string // paths, with their query, in order
}

func newPress(t *testing.T, rules ...alert.Rule) *press {
	p := &press{t: t, clock: clock.StoppedAt(begin), answers: map[string]http.HandlerFunc{}}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Server.Close)
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir+"/v.db")
	p.must(err)
	blobs, err := blob.OpenFolder(dir + "/blobs")
	p.must(err)
	client, err := fetch.NewClient(fetch.Options{Clock: p.clock, AllowPrivate: true, Proxy: "direct", Timeout: 10 * time.Second})
	p.must(err)
	p.store = store
	p.Monitor = &Monitor{Store: store, Blobs: blobs, Client: client, Clock: p.clock, Rules: rules, Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() {
		p.Monitor.Close()
		store.Close()
	})
	return p
}

func (p *press) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *press) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	answer := p.answers[r.URL.RequestURI()]
	p.asked = append(p.asked, r.URL.RequestURI())
	p.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

// requests are the paths asked for since the last call, robots.txt apart.
func (p *press) requests() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := slices.DeleteFunc(p.asked, func(path string) bool { return path == "/robots.txt" })
	p.asked = nil
	return strings.Join(asked, " ")
}

func (p *press) on(path string, answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[path] = answer
}

// put serves text under a path, with an ETag that is its hash.
func (p *press) put(path, contentType, text string) {
	p.on(path, func(w http.ResponseWriter, r *http.Request) {
		tag := `"` + statement.SHA256([]byte(text))[:12] + `"`
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, text)
	})
}

// page serves a statement; head is put into its <head>.
func (p *press) page(path, title, text, head string) {
	p.put(path, "text/html; charset=utf-8", `<html><head>`+head+`</head><body><h1>`+title+`</h1><time>2 November 2022</time><div class="text"><p>`+text+`</p></div></body></html>`)
}

// list serves a listing of links under a path.
func (p *press) list(path string, links ...string) {
	var items strings.Builder
	for _, link := range links {
		fmt.Fprintf(&items, `<li><a href="%s">Title of %s</a></li>`, link, link)
	}
	p.put(path, "text/html", `<ul>`+items.String()+`</ul>`)
}

// source is a listing at "/"; change may make it another.
func (p *press) source(change func(*statement.Source)) statement.Source {
	src := statement.Source{
		ID: "press", Issuer: statement.Issuer{ID: "press", Name: "Press"}, Kind: statement.KindListing, Authority: statement.FromPage,
		URL: p.URL + "/", Language: "en", MaxPages: 5, DeepEvery: statement.Duration(7 * 24 * time.Hour),
		Listing: statement.ListingRules{Item: "li"},
		Extract: statement.ExtractRules{Title: []string{"h1"}, Body: []string{"div.text"}, Published: []statement.DateRule{{Selectors: []string{"time"}}}},
	}
	if change != nil {
		change(&src)
	}
	return src
}

// visit makes a visit and gives its findings as lines "STATE path", in order.
func (p *press) visit(src statement.Source, o Options) []string {
	p.t.Helper()
	findings, _ := p.look(src, o)
	var lines []string
	for _, f := range findings {
		lines = append(lines, strings.TrimSpace(string(f.State)+" "+strings.TrimPrefix(f.URL, p.URL)))
	}
	return lines
}

func (p *press) look(src statement.Source, o Options) (findings []Finding, record statement.Visit) {
	p.t.Helper()
	o.Holder = "test"
	if o.Recheck == "" {
		o.Recheck = RecheckNone
	}
	o.Report = func(f Finding) { findings = append(findings, f) }
	record, err := p.Visit(p.t.Context(), src, o)
	p.must(err)
	return findings, record
}

// expect compares what a visit found, in any order where sorted.
func (p *press) expect(when string, got []string, want ...string) {
	p.t.Helper()
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

func (p *press) statements() (all []statement.Statement) {
	p.t.Helper()
	for st, err := range p.store.Statements(p.t.Context(), state.Filter{}) {
		p.must(err)
		all = append(all, st)
	}
	return all
}
