package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A counter is told once; the sources name its place and a line that cuts it out,
// which works as it stands; unquiet has it told again, and every value is kept.
func TestQuietPlaces(t *testing.T) {
	p := newPress(t)
	views := 0
	show := func() {
		views += 17
		p.put("/1", page("One", fmt.Sprintf("The ministry denies it.</p><p>Views: %d | Updated %d minutes ago", 1200+views, views)))
	}
	show()
	config, dir := p.configure(t, ""), t.TempDir()
	volteface := func(args ...string) string {
		t.Helper()
		out, errs, code := start(t, nil, append(args, "--config", config, "--data-dir", dir)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d, %s", args, code, errs)
		}
		return string(out)
	}
	scrape := func(looks int) (changed int) {
		for range looks {
			show()
			changed += strings.Count("\n"+volteface("scrape", "press", "--recheck", "all"), "\nCHANGED")
		}
		return changed
	}
	volteface("scrape", "press")
	if n := scrape(8); n != 1 {
		t.Errorf("told %d times", n)
	}
	listed := volteface("sources", "list", "press")
	const drop = `^Views: .+ \| Updated .+$`
	for _, want := range []string{"well, 1 place quiet", "press: quiet at “Views: … | Updated …”", "drop_text: ['" + drop + "']", "sources unquiet SOURCE"} {
		if !strings.Contains(listed, want) {
			t.Errorf("%q is not in\n%s", want, listed)
		}
	}
	id := strings.Fields(volteface("statements", "list"))[0]
	if shown := volteface("statements", "show", id, "--json"); strings.Count(shown, `"place":"Views: … | Updated …"`) != 8 {
		t.Errorf("not every value is kept: %s", shown)
	}
	if out := volteface("sources", "unquiet", "press"); !strings.Contains(out, "told again") {
		t.Errorf("unquiet: %s", out)
	}
	if n := scrape(3); n != 3 {
		t.Errorf("told %d times of three, after unquiet", n)
	}
	if _, errs, code := start(t, nil, "sources", "unquiet", "press", "nothing like it", "--config", config, "--data-dir", dir); code == 0 || !strings.Contains(errs, "hint:") {
		t.Errorf("unquiet of what is not there: exit code %d, %s", code, errs)
	}
	source := filepath.Join(filepath.Dir(config), "sources", "press.yaml")
	text, err := os.ReadFile(source)
	if err == nil {
		err = os.WriteFile(source, []byte(strings.Replace(string(text), "body: [div.text]", "body: [div.text], drop_text: ['"+drop+"']", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if n := scrape(3); n != 0 {
		t.Errorf("told %d times though drop_text cuts it out", n)
	}
}
