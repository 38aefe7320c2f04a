package monitor

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func to(code int, address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, code) }
}

// told are the states of all events so far, with the path of their statement.
func (p *press) told() string {
	p.t.Helper()
	events, err := p.store.Events(p.t.Context(), 0, 0)
	p.must(err)
	var lines []string
	for _, e := range events {
		line := string(e.State)
		if e.Statement != "" {
			st, err := p.store.Statement(p.t.Context(), e.Statement)
			p.must(err)
			line += " " + strings.TrimPrefix(st.URL, p.URL)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

// steps gives a function that lets time pass and visits all pages again.
func (p *press) steps(src statement.Source) func(after time.Duration, want ...string) {
	return func(after time.Duration, want ...string) {
		p.t.Helper()
		p.clock.Set(p.clock.Now().Add(after))
		got := p.visit(src, Options{Recheck: RecheckAll})
		slices.Sort(got)
		slices.Sort(want)
		p.expect(p.clock.Now().Format(time.RFC3339), got, want...)
	}
}

// fault is what the source's status says is wrong.
func (p *press) fault() string {
	p.t.Helper()
	s, err := p.store.SourceStatus(p.t.Context(), "press")
	p.must(err)
	return s.Fault
}

// desk has n statements on its listing, all of which have been read.
func desk(t *testing.T, n int) (*press, statement.Source) {
	p := newPress(t)
	src := p.source(nil)
	p.pages(n)
	p.visit(src, Options{})
	return p, src
}

func (p *press) pages(n int) (links []string) {
	for i := range n {
		path := fmt.Sprintf("/%d", i)
		p.page(path, "Statement "+path, fmt.Sprintf("The ministry denies it, for the reason number %d.", i), "")
		links = append(links, path)
	}
	p.list("/", links...)
	return links
}

// A page that is not there is suspected, and removed only when the signs are
// enough: three looks over a day. An outage in between is no sign.
func TestRemovalNeedsTime(t *testing.T) {
	p, src := desk(t, 2)
	step := p.steps(src)
	p.on("/0", status(404))
	step(time.Hour, "MISSING /0", "UNCHANGED /1")
	step(time.Hour, "MISSING /0", "UNCHANGED /1")
	p.on("/0", status(503))
	step(time.Hour, "ERROR /0", "UNCHANGED /1")
	if fault := p.fault(); !strings.Contains(fault, "503") {
		t.Errorf("fault %q", fault)
	}
	p.put("/0", "text/html", "<title>Page not found</title><h1>Page not found</h1>")
	step(21*time.Hour, "MISSING /0", "UNCHANGED /1")
	if st := p.statements(); len(st) != 2 || st[1].Removed() && st[0].Removed() {
		t.Errorf("%+v", st)
	}
	step(time.Hour, "REMOVED /0", "UNCHANGED /1")
	step(time.Hour, "REMOVED /0", "UNCHANGED /1")
	if want, got := "NEW /1, NEW /0, MISSING /0, REMOVED /0", p.told(); got != want {
		t.Errorf("events %q, want %q", got, want)
	}
	var id string
	for _, st := range p.statements() {
		if st.Removed() {
			id = st.ID
		}
	}
	signs, err := p.store.Signs(t.Context(), id)
	p.must(err)
	if len(signs) != 4 || signs[3].SHA256 == "" || signs[0].Status != 404 {
		t.Errorf("evidence: %+v", signs)
	}
	if fault := p.fault(); fault != "" {
		t.Errorf("a removal is no fault: %q", fault)
	}
	p.pages(2)
	step(time.Hour, "RESTORED /0", "UNCHANGED /1")
	step(time.Hour, "UNCHANGED /0", "UNCHANGED /1")
}

// The reason of a return ends with what it says, not with a separator that
// nothing follows.
func TestReasonsAreWhole(t *testing.T) {
	p, src := desk(t, 2)
	p.on("/0", status(404))
	p.visit(src, Options{Recheck: RecheckAll})
	p.pages(2)
	p.clock.Set(begin.Add(time.Hour))
	found, _ := p.look(src, Options{Recheck: RecheckAll})
	for _, f := range found {
		if f.State == statement.Restored && !strings.HasSuffix(f.Reason, "missing since 2022-11-01T09:00:00Z") {
			t.Errorf("restored: %q", f.Reason)
		}
	}
}

// 410 says it twice.
func TestGoneTwice(t *testing.T) {
	p, src := desk(t, 2)
	step := p.steps(src)
	p.on("/0", status(410))
	step(time.Hour, "MISSING /0", "UNCHANGED /1")
	step(2*time.Hour, "REMOVED /0", "UNCHANGED /1")
}

// While nothing else of the host is well, and when most pages are gone at once,
// none is missing: the source has a fault. One that lasts is meant.
func TestSiteIsIll(t *testing.T) {
	p, src := desk(t, 6)
	step := p.steps(src)
	for i := range 5 {
		p.on(fmt.Sprintf("/%d", i), status(404))
	}
	ill := []string{"ERROR /0", "ERROR /1", "ERROR /2", "ERROR /3", "ERROR /4", "UNCHANGED /5"}
	step(time.Hour, ill...)
	step(24*time.Hour, ill...)
	if fault := p.fault(); !strings.Contains(fault, "5 pages are gone together") {
		t.Errorf("fault %q", fault)
	}
	step(5*24*time.Hour, ill...)
	step(2*24*time.Hour, "REMOVED /0", "REMOVED /1", "REMOVED /2", "REMOVED /3", "REMOVED /4", "UNCHANGED /5")
	if fault := p.fault(); fault != "" {
		t.Errorf("fault %q", fault)
	}

	p, src = desk(t, 2)
	p.on("/0", status(404))
	p.on("/", status(500))
	p.clock.Set(p.clock.Now().Add(time.Hour))
	findings, _ := p.look(src, Options{Recheck: RecheckDue, ChecksOnly: true})
	if len(findings) != 2 {
		t.Errorf("%+v", findings)
	}
	p.on("/1", status(404))
	p.clock.Set(p.clock.Now().Add(time.Hour))
	findings, _ = p.look(src, Options{Recheck: RecheckAll, ChecksOnly: true})
	for _, f := range findings {
		if f.State == statement.Missing {
			t.Errorf("with the listing down: %+v", f)
		}
	}
}

// A permanent redirect to the same text is a move, told once; a passing one, or
// one that only changes the spelling, is none; one to another text is a loss.
func TestMoved(t *testing.T) {
	p, src := desk(t, 5)
	step := p.steps(src)
	same := func(path, as string) {
		p.page(path, "Statement /"+as, "The ministry denies it, for the reason number "+as+".", "")
	}
	same("/archive/0", "0")
	same("/archive/1", "1")
	same("/2/", "2")
	p.page("/archive/3", "Welcome to the archive", "Here you find what was.", "")
	p.on("/0", to(301, "/archive/0"))
	p.on("/1", to(302, "/archive/1"))
	p.on("/2", to(301, "/2/"))
	p.on("/3", to(301, "/archive/3"))
	step(time.Hour, "MOVED /0", "UNCHANGED /1", "UNCHANGED /2", "MISSING /3", "UNCHANGED /4")
	step(time.Hour, "UNCHANGED /0", "UNCHANGED /1", "UNCHANGED /2", "MISSING /3", "UNCHANGED /4")
	// The redirect goes, the text stays where it was: nothing is missing.
	p.on("/0", status(404))
	step(time.Hour, "UNCHANGED /0", "UNCHANGED /1", "UNCHANGED /2", "MISSING /3", "UNCHANGED /4")
	p.on("/archive/0", status(410))
	step(time.Hour, "MISSING /0", "UNCHANGED /1", "UNCHANGED /2", "MISSING /3", "UNCHANGED /4")
	step(time.Hour, "REMOVED /0", "UNCHANGED /1", "UNCHANGED /2", "MISSING /3", "UNCHANGED /4")
}

// A redirect there was from the beginning is no move.
func TestAlwaysRedirected(t *testing.T) {
	p := newPress(t)
	src := p.source(nil)
	p.list("/", "/go/1")
	p.on("/go/1", to(301, "/real/1"))
	p.page("/real/1", "One", "The ministry denies it.", "")
	p.expect("first", p.visit(src, Options{}), "NEW /go/1")
	p.requests()
	p.steps(src)(time.Hour, "UNCHANGED /go/1")
	if got := p.requests(); got != "/ /go/1 /real/1" {
		t.Errorf("asked for %s", got)
	}
}

// dated serves a listing of the pages given, newest first, a day apart.
func (p *press) dated(days ...int) {
	var items strings.Builder
	for _, d := range days {
		path := fmt.Sprintf("/%d", d)
		date := begin.AddDate(0, 0, d-30).Format(time.RFC3339)
		p.put(path, "text/html", fmt.Sprintf(`<h1>Statement %d</h1><time>%s</time><div class="text"><p>Text number %d.</p></div>`, d, date, d))
		fmt.Fprintf(&items, `<li><a href="%s">Statement %d</a> <time>%s</time></li>`, path, d, date)
	}
	p.put("/", "text/html", items.String())
}

// What its listing drops while the page is there is unlisted, after two walks a
// day apart; an item pinned to the top, or pushed off the end, means nothing.
func TestUnlisted(t *testing.T) {
	p := newPress(t)
	src := p.source(func(s *statement.Source) {
		s.Listing.Date = []statement.DateRule{{Selectors: []string{"time"}}}
	})
	p.dated(9, 8, 7, 6, 5, 4, 3, 2, 1)
	p.visit(src, Options{})
	walk := func(after time.Duration, days []int, want ...string) {
		t.Helper()
		p.dated(days...)
		p.clock.Set(p.clock.Now().Add(after))
		var told []string
		for _, line := range p.visit(src, Options{Recheck: RecheckAll}) {
			if !strings.HasPrefix(line, "UNCHANGED") {
				told = append(told, line)
			}
		}
		p.expect(fmt.Sprint(days), told, want...)
	}
	walk(time.Hour, []int{2, 9, 8, 7, 5, 4, 3}) // 6 is gone, 2 is pinned, 1 is pushed off
	walk(time.Hour, []int{9, 8, 7, 5, 4, 3})
	walk(23*time.Hour, []int{9, 8, 7, 5, 4, 3}, "UNLISTED /6")
	walk(time.Hour, []int{9, 8, 7, 5, 4, 3})
	walk(time.Hour, []int{9, 8, 7, 6, 5, 4, 3}, "RESTORED /6")
	walk(30*24*time.Hour, []int{9, 8, 7, 6, 5, 4, 3})
	if p.told(); strings.Count(p.told(), "UNLISTED") != 1 || strings.Count(p.told(), "RESTORED") != 1 {
		t.Errorf("events %s", p.told())
	}
	// Off the listing, and moved to another host: that is all there is to tell.
	p.on("/7", to(301, strings.Replace(p.URL, "127.0.0.1", "localhost", 1)+"/moved/7"))
	p.put("/moved/7", "text/html", fmt.Sprintf(`<h1>Statement 7</h1><time>%s</time><div class="text"><p>Text number 7.</p></div>`, begin.AddDate(0, 0, 7-30).Format(time.RFC3339)))
	walk(time.Hour, []int{9, 8, 6, 5, 4, 3}, "MOVED /7")
	walk(25*time.Hour, []int{9, 8, 6, 5, 4, 3})
	walk(25*time.Hour, []int{9, 8, 6, 5, 4, 3})
	// Off the listing and off the site: that is a removal, not an unlisting.
	p.dated(9, 8, 6, 4, 3)
	p.on("/5", status(404))
	for _, want := range []string{"MISSING /5", "MISSING /5", "REMOVED /5"} {
		p.clock.Set(p.clock.Now().Add(13 * time.Hour))
		got := p.visit(src, Options{Recheck: RecheckAll})
		if !slices.Contains(got, want) || strings.Contains(strings.Join(got, " "), "UNLISTED") {
			t.Errorf("%v, want %s", got, want)
		}
	}
}

func TestStretch(t *testing.T) {
	day := func(n int) time.Time { return begin.AddDate(0, 0, n) }
	for name, test := range map[string]struct {
		days           []int
		oldest, newest int
		ok             bool
	}{
		"in order":          {[]int{9, 8, 7, 7, 5}, 5, 9, true},
		"pinned to the top": {[]int{1, 9, 8, 7, 6, 5}, 5, 9, true},
		"pinned below":      {[]int{9, 8, 7, 20, 6, 5}, 5, 9, true},
		"too few":           {[]int{9, 8, 7}, 0, 0, false},
		"oldest first":      {[]int{1, 2, 3, 4, 5, 6}, 0, 0, false},
		"no order":          {[]int{3, 9, 1, 7, 2, 8, 5}, 0, 0, false},
		"nothing":           {nil, 0, 0, false},
	} {
		var order []time.Time
		for _, d := range test.days {
			order = append(order, day(d))
		}
		oldest, newest, ok := stretch(order)
		if ok != test.ok || ok && (!oldest.Equal(day(test.oldest)) || !newest.Equal(day(test.newest))) {
			t.Errorf("%s: %s to %s, %v", name, oldest, newest, ok)
		}
	}
}
