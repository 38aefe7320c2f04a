package main

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// stages in the order in which data flows. Each may import those before it.
var stages = []string{"schedule", "fetch", "extract", "nlp", "judge", "passage", "diff", "reversal", "opinion", "alert"}

// allowed says which of our packages each may import, beyond those that
// everybody may: the words (statement), the time (clock) and what differs
// between operating systems (platform).
func allowed(pkg, imported string) bool {
	if under(imported, "internal/statement") {
		return true
	}
	if under(pkg, "internal/statement") {
		return false
	}
	if under(imported, "internal/platform") {
		return true
	}
	if under(imported, "internal/clock") {
		return pkg != "state" && !under(pkg, "state")
	}
	for i, stage := range stages {
		if !under(pkg, "internal/"+stage) {
			continue
		}
		return under(imported, "internal/"+stage) ||
			slices.ContainsFunc(stages[:i], func(s string) bool { return under(imported, "internal/"+s) })
	}
	may := map[string][]string{
		"cmd/volteface":       {"internal/cli"},
		"scrapers":            {"internal/fetch", "internal/extract"},
		"state":               {"state"},
		"configs":             {},
		"internal/clock":      {},
		"internal/platform":   {},
		"internal/term":       {},
		"internal/config":     {"configs", "internal/schedule", "internal/fetch", "internal/extract", "internal/opinion", "internal/alert"},
		"internal/monitor":    {"scrapers", "state", "internal/schedule", "internal/fetch", "internal/extract", "internal/nlp", "internal/judge", "internal/passage", "internal/diff", "internal/reversal", "internal/opinion", "internal/alert"},
		"internal/wire":       {"state", "internal/monitor", "internal/diff"},
		"internal/queue":      {},
		"internal/learn":      {"scrapers", "internal/fetch", "internal/extract", "internal/nlp"},
		"internal/upkeep":     {"state"},
		"internal/daemon":     {"state", "internal/upkeep", "internal/monitor", "internal/queue", "internal/schedule", "internal/alert"},
		"internal/web":        {"state", "internal/config", "internal/monitor", "internal/alert", "internal/diff", "internal/wire", "internal/web"},
		"internal/demo":       {},
		"internal/replaytest": {},
		"internal/cli": {"configs", "scrapers", "state", "internal/config", "internal/monitor", "internal/daemon", "internal/upkeep", "internal/demo", "internal/term", "internal/learn",
			"internal/schedule", "internal/fetch", "internal/extract", "internal/nlp", "internal/judge", "internal/passage", "internal/diff", "internal/reversal", "internal/opinion", "internal/alert", "internal/wire", "internal/web"},
	}
	for room, rooms := range may {
		if under(pkg, room) {
			return slices.ContainsFunc(rooms, func(r string) bool { return under(imported, r) })
		}
	}
	return false // a room nobody has drawn into the picture yet
}

func under(pkg, room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") }

func TestWhoMayImportWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "volteface/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	packages := 0
	for decoder.More() {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages++
		pkg := strings.TrimPrefix(p.ImportPath, "volteface/")
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types", "models"}, path.Base(pkg)) {
			t.Errorf("%s says nothing by its name", pkg)
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, "volteface/"); ok && !allowed(pkg, ours) {
				t.Errorf("%s may not import %s", pkg, ours)
			}
		}
	}
	if packages < 10 {
		t.Errorf("only %d packages were looked at", packages)
	}
}

// The rules themselves refuse what the design refuses.
func TestTheRulesRefuse(t *testing.T) {
	for _, bad := range [][2]string{
		{"internal/statement", "internal/clock"}, {"internal/statement", "internal/platform"}, {"internal/platform", "internal/fetch"}, {"internal/fetch", "internal/extract"}, {"internal/alert", "state"},
		{"state/sqlite", "internal/clock"}, {"state", "internal/fetch"}, {"scrapers", "state"}, {"cmd/volteface", "state"},
		{"internal/diff", "internal/alert"}, {"internal/monitor", "internal/cli"}, {"internal/queue", "state"}, {"internal/monitor", "internal/daemon"}, {"internal/daemon", "internal/web"}, {"internal/monitor", "internal/web"}, {"internal/web", "internal/fetch"}, {"internal/somewhere", "internal/fetch"},
	} {
		if allowed(bad[0], bad[1]) {
			t.Errorf("%s would be allowed to import %s", bad[0], bad[1])
		}
	}
}
