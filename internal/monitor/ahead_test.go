package monitor

import (
	"testing"
	"time"

	"volteface/internal/statement"
)

// One visit is made while the clock is a year ahead. Set right again, visits go
// on as before: what is new is news, what changes is noticed, and a page that is
// gone is suspected before it is held to be removed.
func TestVisitWhileTheClockIsAhead(t *testing.T) {
	for _, when := range []string{"the first visit", "a later visit"} {
		t.Run(when, func(t *testing.T) {
			p := newPress(t)
			src := p.source(nil)
			p.list("/", "/a", "/b", "/c")
			for _, page := range []string{"/a", "/b", "/c"} {
				p.page(page, "Title of "+page, "The ministry denies what is said of "+page+".", "")
			}
			if when == "a later visit" {
				p.visit(src, Options{})
				p.on("/c", status(404))
				p.clock.Set(begin.Add(time.Hour))
				p.visit(src, Options{Recheck: RecheckDue}) // a first sign
			}
			p.clock.Set(begin.AddDate(1, 0, 0))
			p.visit(src, Options{Recheck: RecheckAll})
			p.clock.Set(begin.Add(2 * time.Hour))
			if n, err := p.PullBack(t.Context()); err != nil || n == 0 {
				t.Fatalf("%d pulled back, %v", n, err)
			}
			p.on("/c", status(404))
			p.list("/", "/d", "/a", "/b", "/c")
			p.page("/d", "Title of /d", "The ministry announces something new.", "")
			p.page("/a", "Title of /a", "The ministry confirms what is said of /a.", "")
			findings, _ := p.look(src, Options{Recheck: RecheckDue})
			got := map[string]statement.State{}
			for _, f := range findings {
				if f.Baseline {
					t.Errorf("%s counts as part of the first visit", f.URL)
				}
				got[f.URL[len(p.URL):]] = f.State
			}
			want := map[string]statement.State{"/a": statement.Changed, "/b": statement.Unchanged, "/c": statement.Missing, "/d": statement.New}
			for page, state := range want {
				if got[page] != state {
					t.Errorf("%s: %s, want %s", page, got[page], state)
				}
			}
			for _, st := range p.statements() {
				if st.NextCheck.After(p.clock.Now().Add(24 * time.Hour)) {
					t.Errorf("%s is looked at again at %s", st.URL, st.NextCheck)
				}
			}
		})
	}
}
