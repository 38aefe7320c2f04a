package main

import (
	"net/http"
	"strings"
	"testing"
)

// A removal is told once: later looks at the same page that is gone print
// nothing, count apart, and are no change for scripts; its return is whole.
func TestRemovalIsPrintedOnce(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "The ministry denies it."))
	p.put("/2", page("Two", "The ministry confirms it."))
	config, dir := p.configure(t, ""), t.TempDir()
	scrape := func() (string, string, int) {
		out, errs, code := start(t, nil, "scrape", "press", "--recheck", "all", "--exit-code", "--config", config, "--data-dir", dir)
		return string(out), errs, code
	}
	scrape()
	there := p.pages["/1"]
	p.put("/1", func(w http.ResponseWriter) { w.WriteHeader(http.StatusGone) })
	printed := 0
	for i := range 5 { // the second 410 in a row is a removal
		out, errs, code := scrape()
		printed += strings.Count(out, "REMOVED")
		if i > 1 && (code != 0 || !strings.Contains(errs, "0 missing (and 1 removed before)")) {
			t.Errorf("look %d: exit code %d, %s%s", i+1, code, out, errs)
		}
	}
	if printed != 1 {
		t.Errorf("REMOVED was printed %d times", printed)
	}
	p.put("/1", there)
	if out, _, _ := scrape(); !strings.Contains(out, "RESTORED") || strings.Contains(out, "; )") {
		t.Errorf("back: %s", out)
	}
}
