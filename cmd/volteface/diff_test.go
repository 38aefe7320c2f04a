package main

import (
	"strings"
	"testing"
)

// A change is shown as words in a text, in a unified one, and as data; an
// address is as good as an identifier.
func TestDiff(t *testing.T) {
	p := newPress(t)
	p.put("/a", page("On drones", "The ministry denies the supply."))
	config, dir := p.configure(t, ""), t.TempDir()
	with := func(args ...string) []string { return append(args, "--config", config, "--data-dir", dir) }
	id := run[finding](t, nil, []int{0}, with("scrape", "press", "--json")...)[0].ID
	if _, stderr, code := start(t, nil, with("diff", id)...); code != 1 || !strings.Contains(stderr, "has one revision") {
		t.Errorf("before an edit: %d, %s", code, stderr)
	}
	p.put("/a", page("On drones", "The ministry confirms the supply."))
	run[finding](t, nil, []int{3}, with("scrape", "press", "--recheck", "all", "--exit-code", "--json")...)
	for _, args := range [][]string{{"diff", id[:4]}, {"diff", p.URL + "/a?utm_source=x", "--unified"}} {
		out, stderr, code := start(t, nil, with(args...)...)
		if code != 0 || !strings.Contains(string(out), "[-denies-]") || !strings.Contains(string(out), "{+confirms+}") || strings.Contains(string(out), "\x1b") {
			t.Errorf("%v: %d\n%s%s", args, code, out, stderr)
		}
	}
	type difference struct {
		ID       string
		From, To int
		Blocks   []struct {
			Kind     string
			Segments []struct{ Op, Text string }
		}
	}
	got := run[difference](t, nil, []int{0}, with("diff", id, "--json")...)[0]
	if got.ID != id || got.From != 1 || got.To != 2 || len(got.Blocks) != 1 || got.Blocks[0].Segments[1].Text != "denies" {
		t.Errorf("%+v", got)
	}
	if _, stderr, code := start(t, nil, with("diff", id, "--from", "1", "--to", "9")...); code != 2 || !strings.Contains(stderr, "hint:") {
		t.Errorf("no such revision: %d, %s", code, stderr)
	}
}

// sources test reads and keeps nothing.
func TestSourcesTest(t *testing.T) {
	p := newPress(t)
	p.put("/a", page("On drones", "The ministry denies the supply."))
	config, dir := p.configure(t, ""), t.TempDir()
	out, stderr, code := start(t, nil, "sources", "test", "press", "--config", config, "--data-dir", dir)
	if code != 0 || !strings.Contains(string(out), "On drones") {
		t.Errorf("%d\n%s%s", code, out, stderr)
	}
	if _, stderr, code := start(t, nil, "statements", "list", "--config", config, "--data-dir", dir); code != 1 || !strings.Contains(stderr, "nothing is kept") {
		t.Errorf("after a test: %d, %s", code, stderr)
	}
}
