package monitor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// advice is a page with a menu, a text and a counter.
func advice(title, text string, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<html lang="en"><head><title>%s</title></head><body><h1>%s</h1><div class="menu">Menu %d</div>
<div class="text"><p>%s</p><p class="seen">Seen %d times</p></div></body></html>`, title, title, n, text, n)
	}
}

func (p *press) watching(pages ...statement.WatchedPage) statement.Source {
	src := statement.Source{ID: "advice", Issuer: statement.Issuer{ID: "mfa", Name: "Ministry", Government: "IR"}, Kind: statement.KindPage,
		Language: "en", Timezone: "UTC", Authority: statement.FromPage, MaxPages: 20, Schedule: "0 * * * *"}
	for _, page := range pages {
		page.URL = p.URL + page.URL
		src.Pages = append(src.Pages, page)
	}
	src.URL = src.Pages[0].URL
	p.Sources = func(id string) (statement.Source, bool) { return src, id == src.ID }
	return src
}

func (p *press) seen(src statement.Source) string {
	p.t.Helper()
	var all []string
	record, err := p.Visit(p.t.Context(), src, Options{Holder: "test", Recheck: RecheckDue, Report: func(f Finding) {
		all = append(all, string(f.State)+" "+strings.TrimPrefix(f.URL, p.Server.URL))
	}})
	p.must(err)
	if record.Fault != "" {
		p.t.Errorf("fault: %s", record.Fault)
	}
	p.clock.Set(p.clock.Now().Add(90 * 24 * time.Hour)) // pages are looked at however old they are
	return strings.Join(all, ", ")
}

func (p *press) alerted() (said []string) {
	p.t.Helper()
	alerts, err := p.store.Alerts(p.t.Context(), state.AlertFilter{})
	p.must(err)
	for _, a := range alerts {
		if a.Kind == statement.AlertEvent {
			said = append(said, string(a.Kind))
		}
	}
	return said
}

// A watched page is a statement from its first sight, each with its own rules; what is said of it later is told, and read by
// the engine.
func TestWatchedPages(t *testing.T) {
	p := newPress(t, alert.Rule{Name: "all", Events: []string{"new", "changed"}, To: []string{"desk@newsroom.example"}})
	line := statement.WatchedPage{URL: "/policy", Name: "Line on drones", Select: []string{".text"}, Drop: []string{".seen"}}
	list := statement.WatchedPage{URL: "/list", Select: []string{"h1", ".text"}, Drop: []string{".seen"}}
	p.on("/policy", advice("Our policy", denied, 1))
	p.on("/list", advice("List of measures", "Measures are in force against 12 persons.", 1))
	src := p.watching(line, list)
	if got := p.seen(src); got != "NEW /policy, NEW /list" {
		t.Errorf("first: %s", got)
	}
	st, err := p.store.ByKey(t.Context(), "advice", src.Key(p.URL+"/policy"))
	p.must(err)
	r, err := p.store.Revision(t.Context(), st.ID, 0)
	p.must(err)
	if r.Title != "Line on drones" || r.Body != "Our policy\n\n"+denied || !st.NextCheck.IsZero() {
		t.Errorf("%q: %q, next check %s", r.Title, r.Body, st.NextCheck)
	}
	p.on("/policy", advice("Our policy", denied, 2)) // what is dropped changes
	if got := p.seen(src); got != "UNCHANGED /policy, UNCHANGED /list" {
		t.Errorf("again: %s", got)
	}
	if told := p.alerted(); len(told) != 0 {
		t.Errorf("told %v of what was there", told)
	}
	p.on("/policy", advice("Our policy", admitted, 3))
	if got := p.seen(src); got != "CHANGED /policy, UNCHANGED /list" {
		t.Errorf("after an edit: %s", got)
	}
	if told := p.alerted(); len(told) != 1 {
		t.Errorf("told %v of an edit", told)
	}
	due, err := p.store.AnalysesDue(t.Context(), 10)
	p.must(err)
	loud := 0
	for _, a := range due {
		if a.Statement == st.ID && a.Revision == 2 && !a.Quiet {
			loud++
		}
	}
	if loud != 1 {
		t.Errorf("the edit does not wait for the engine: %+v", due)
	}
	// A page that is added is no news, one that is taken out is left alone, whatever it is called now.
	p.on("/life", advice("Biography", "The minister was born in 1960 in the north of the country.", 1))
	src = p.watching(list, statement.WatchedPage{URL: "/life", Name: "Biography", Select: []string{".text"}})
	p.requests()
	if got := p.seen(src); got != "NEW /life, UNCHANGED /list" {
		t.Errorf("with another page: %s", got)
	}
	if asked := p.requests(); strings.Contains(asked, "/policy") {
		t.Errorf("asked for %s", asked)
	}
	if told := p.alerted(); len(told) != 1 {
		t.Errorf("told %v", told)
	}
}

// A page that leads elsewhere is read by the rules of the address that was named, now and when it is read again.
func TestWatchedPageThatRedirects(t *testing.T) {
	p := newPress(t)
	p.on("/go", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/there", http.StatusMovedPermanently)
	})
	p.on("/there", advice("Title", "What is watched is this sentence of the page.", 1))
	p.on("/other", advice("Other", "Another page is watched too, with other rules.", 1))
	src := p.watching(statement.WatchedPage{URL: "/other", Select: []string{".menu"}}, statement.WatchedPage{URL: "/go", Select: []string{".text"}, Drop: []string{".seen"}})
	p.seen(src)
	st, err := p.store.ByKey(t.Context(), "advice", src.Key(p.URL+"/go"))
	p.must(err)
	body := func() string {
		r, err := p.store.Revision(t.Context(), st.ID, 0)
		p.must(err)
		return r.Body
	}
	if got := body(); got != "What is watched is this sentence of the page." {
		t.Errorf("%q", got)
	}
	src.Pages[1].Drop = nil // other rules are no news
	if got := p.seen(src); strings.Contains(got, "CHANGED /go") && !strings.Contains(got, "UNCHANGED /go") {
		t.Errorf("other rules: %s", got)
	}
	if got := body(); got != "What is watched is this sentence of the page.\n\nSeen 1 times" {
		t.Errorf("%q", got)
	}
}

// One that is gone is missing, and one that comes back restored.
func TestWatchedPageThatIsGone(t *testing.T) {
	p := newPress(t)
	p.on("/a", advice("First", "The first page says this for as long as it is there.", 1))
	p.on("/b", advice("Second", "The second page says something else, and stays.", 1))
	src := p.watching(statement.WatchedPage{URL: "/a"}, statement.WatchedPage{URL: "/b"})
	p.seen(src)
	p.on("/a", nil)
	if got := p.seen(src); !strings.Contains(got, "MISSING /a") {
		t.Errorf("gone: %s", got)
	}
	p.on("/a", advice("First", "The first page says this for as long as it is there.", 1))
	if got := p.seen(src); !strings.Contains(got, "/a") || strings.Contains(got, "ERROR") {
		t.Errorf("back: %s", got)
	}
}
