package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// atHome runs the program for somebody whose home is a folder of its own.
func atHome(t *testing.T) (folder string, run func(args ...string) (int, string, string)) {
	t.Helper()
	home, data := t.TempDir(), t.TempDir()
	getenv := func(name string) string { return map[string]string{"HOME": home}[name] }
	return filepath.Join(home, ".config", "volteface", "sources"), func(args ...string) (int, string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		code := Main(t.Context(), append(args, "--data-dir", data), strings.NewReader(""), &out, &errs, getenv)
		return code, out.String(), errs.String()
	}
}

// What is off is counted and shown on demand; tags choose.
func TestSourcesStayReadable(t *testing.T) {
	_, run := atHome(t)
	code, out, errs := run("sources")
	if code != 0 || !strings.Contains(out, "\nkremlin ") || strings.Contains(out, "it-mfa") || strings.Contains(out, "whitehouse-2022") ||
		!strings.Contains(out, " sources are off: volteface sources --all shows them") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	code, out, _ = run("sources", "--all")
	if code != 0 || !strings.Contains(out, "\nit-mfa ") || !strings.Contains(out, "disabled, unverified") || strings.Contains(out, "are off") {
		t.Errorf("--all: exit %d, %s", code, out)
	}
	code, out, _ = run("sources", "list", "--tag", "g7")
	if code != 0 || !strings.Contains(out, "\nfr-elysee ") || strings.Contains(out, "\nkremlin ") || strings.Contains(out, "it-mfa") || !strings.Contains(out, "volteface sources --all --tag g7 shows") {
		t.Errorf("--tag g7: exit %d, %s", code, out)
	}
	code, out, _ = run("sources", "--tag", "g7", "--all")
	if code != 0 || !strings.Contains(out, "\nit-mfa ") || strings.Contains(out, "\nkremlin ") {
		t.Errorf("--tag g7 --all: exit %d, %s", code, out)
	}
	if code, out, _ = run("sources", "it-mfa"); code != exitUsage {
		t.Errorf("a source in a verb's place: exit %d, %s", code, out)
	}
	if code, out, _ = run("sources", "list", "it-mfa"); code != 0 || !strings.Contains(out, "disabled, unverified") {
		t.Errorf("one that is named: exit %d, %s", code, out)
	}
	code, out, _ = run("sources", "list", "--json")
	if code != 0 || !strings.Contains(out, `"id":"it-mfa"`) || !strings.Contains(out, `"verified":"unverified"`) {
		t.Errorf("--json leaves some out: exit %d, %.300s", code, out)
	}
	code, out, _ = run("sources", "tags")
	if code != 0 || !strings.Contains(out, "\ncentral-banks ") || !strings.Contains(out, "\ng7 ") {
		t.Errorf("tags: exit %d, %s", code, out)
	}
	code, out, _ = run("sources", "show", "it-mfa")
	if code != 0 || !strings.Contains(out, "# verified      unverified: written from what is known") {
		t.Errorf("show: exit %d, %s", code, out)
	}
	for line, want := range map[string]string{
		"sources --tag centralbanks":      `did you mean "central-banks"?`,
		"sources list --tag G7":           `did you mean "g7"?`,
		"scrape --tag xyzzy":              "volteface sources tags",
		"scrape --tag mexico":             "volteface sources enable --tag mexico",
		"sources list kremlin --tag g7":   "one of the two",
		"sources enable":                  "volteface sources enable kremlin",
		"sources enable kremln":           `did you mean "kremlin"?`,
		"sources disable --tag presidncy": `did you mean "presidency"?`,
	} {
		if code, out, errs := run(strings.Fields(line)...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s%s", line, code, out, errs)
		}
	}
}

// Sources are switched by name and by tag, and stay as they are built in or written.
func TestSourcesAreSwitched(t *testing.T) {
	folder, run := atHome(t)
	do := func(want string, args ...string) string {
		t.Helper()
		code, out, errs := run(args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("%v: exit %d, %s%s, want %q", args, code, out, errs, want)
		}
		return out + errs
	}
	do("it-mfa is on, but unverified: volteface sources test it-mfa", "sources", "enable", "it-mfa")
	do("it-mfa is on already", "sources", "enable", "it-mfa")
	if said := do("\nit-mfa ", "sources"); strings.Contains(said, "replaces") {
		t.Errorf("a switch replaces nothing: %s", said)
	}
	file := filepath.Join(folder, "it-mfa.yaml")
	do("# switched      on by "+file, "sources", "show", "it-mfa")
	if said := do("it-mfa.yaml is valid", "sources", "validate", file); strings.Contains(said, "note") {
		t.Errorf("validate a switch: %s", said)
	}
	do("my-mfa.yaml is a copy of it-mfa", "sources", "new", "my-mfa", "--from", "it-mfa") // of all of it, not of the switch
	do("it-mfa is off", "sources", "disable", "it-mfa", "it-mfa")
	if content, err := os.ReadFile(file); err != nil || !strings.Contains(string(content), "\nenabled: false\n") {
		t.Errorf("%s, %v", content, err)
	}
	out := do("jp-central-bank is off", "sources", "disable", "--tag", "central-banks", "--tag", "nato", "kremlin")
	if !strings.Contains(out, "kremlin is off") || !strings.Contains(out, "nato is off") || strings.Contains(out, "whitehouse") {
		t.Errorf("by tag: %s", out)
	}
	if out := do("", "sources"); strings.Contains(out, "\nkremlin ") {
		t.Errorf("kremlin is off: %s", out)
	}

	// A definition of one's own keeps all its lines.
	mine := filepath.Join(folder, "my-mfa.yaml")
	before, err := os.ReadFile(mine)
	if err != nil || os.Chmod(mine, 0o640) != nil {
		t.Fatal(err)
	}
	do("my-mfa is on", "sources", "enable", "my-mfa")
	after, _ := os.ReadFile(mine)
	if want := strings.Replace(string(before), "\nid: my-mfa\n", "\nid: my-mfa\nenabled: true\n", 1); string(after) != want {
		t.Errorf("%s\nwant\n%s", after, want)
	}
	do("my-mfa is off", "sources", "disable", "my-mfa")
	again, _ := os.ReadFile(mine)
	if want := strings.Replace(string(after), "enabled: true", "enabled: false", 1); string(again) != want {
		t.Errorf("%s\nwant\n%s", again, want)
	}
	if info, err := os.Stat(mine); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	// A name that another definition took is not written over, and what cannot be edited is left.
	taken := filepath.Join(folder, "mx-mfa.yaml")
	if err := os.WriteFile(taken, bytes.Replace(before, []byte("id: my-mfa"), []byte("id: other"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := run("sources", "enable", "mx-mfa"); code == 0 || !strings.Contains(errs, "mx-mfa.yaml is there already") {
		t.Errorf("exit %d, %s", code, errs)
	}
	flow := filepath.Join(folder, "flow.yaml")
	if err := os.WriteFile(flow, []byte("{id: nato, enabled: true}\n"), 0o600); err != nil || os.Remove(filepath.Join(folder, "nato.yaml")) != nil {
		t.Fatal(err)
	}
	if code, _, errs := run("sources", "disable", "nato"); code == 0 || !strings.Contains(errs, "write enabled: false into it yourself") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
