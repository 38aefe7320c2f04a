package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
)

// regions are the tags that say where an issuer is; each built-in source has one. The catalogue's page is in their order.
var regions = []struct{ tag, name string }{
	{"africa", "Africa"}, {"asia", "Asia"}, {"europe", "Europe"}, {"north-america", "North America"},
	{"south-america", "South America"}, {"oceania", "Oceania"}, {"world", "The world"},
}

// offices are the tags that say what kind of institution an issuer is.
var offices = []string{"presidency", "government", "mfa", "defence", "treasury", "central-banks", "parliament", "travel-advice", "sanctions", "news-agency", "health", "trade", "energy"}

// unions are the tags of groups of governments.
var unions = map[string][]string{
	"g7":    {"CA", "DE", "FR", "GB", "IT", "JP", "US"},
	"g20":   {"AR", "AU", "BR", "CA", "CN", "DE", "EU", "FR", "GB", "ID", "IN", "IT", "JP", "KR", "MX", "RU", "SA", "TR", "US", "ZA"},
	"brics": {"AE", "BR", "CN", "EG", "ET", "ID", "IN", "IR", "RU", "ZA"},
	"un-p5": {"CN", "FR", "GB", "RU", "US"},
}

func builtIn(t *testing.T) Catalogue {
	t.Helper()
	catalogue, err := (&Config{}).Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestCatalogue(t *testing.T) {
	catalogue := builtIn(t)
	counts, issuers := map[string]int{}, map[string]statement.Issuer{}
	for _, id := range catalogue.IDs() {
		src := catalogue[id]
		counts[string(src.Verified)]++
		if src.Language != "en" {
			counts["not English"]++
		}
		if src.Path != BuiltIn+id+".yaml" {
			t.Errorf("%s is defined in %s", id, src.Path)
		}
		if src.Verified == "" || src.Verified == statement.Unverified && src.IsEnabled() {
			t.Errorf("%s: verified %q, enabled %t", id, src.Verified, src.IsEnabled())
		}
		if src.Access == "" || !strings.HasSuffix(src.Access, ".") || src.Language == "" || len(src.Speakers) == 0 {
			t.Errorf("%s does not say all: %q, %q, %q", id, src.Access, src.Language, src.Speakers)
		}
		if other, known := issuers[src.Issuer.ID]; known && other != src.Issuer {
			t.Errorf("%s: %v is %v elsewhere", id, src.Issuer, other)
		}
		issuers[src.Issuer.ID] = src.Issuer
		where, what := 0, 0
		for _, r := range regions {
			if slices.Contains(src.Tags, r.tag) {
				where++
				counts[r.tag]++
			}
		}
		for _, tag := range src.Tags {
			if slices.Contains(offices, tag) {
				what++
			}
		}
		if where != 1 || what == 0 {
			t.Errorf("%s: the tags %q say %d regions and %d kinds of institution", id, src.Tags, where, what)
		}
		gov := src.Issuer.Government
		if gov != "" && !isCountry(gov) {
			t.Errorf("%s: %q is no government", id, gov)
		}
		for tag, members := range unions {
			if slices.Contains(members, gov) != slices.Contains(src.Tags, tag) {
				t.Errorf("%s of %q: is %s a tag of it? %q", id, gov, tag, src.Tags)
			}
		}
		for _, official := range src.Officials {
			if name, office, _ := strings.Cut(official, ","); strings.TrimSpace(name) == "" || strings.TrimSpace(office) == "" {
				t.Errorf("%s: %q is not a name and an office", id, official)
			}
		}
	}
	if n := counts["replay"] + counts["format"]; len(catalogue) < 60 || n < 25 || counts["not English"] < 12 {
		t.Errorf("%d sources, %d tried, %d not in English", len(catalogue), n, counts["not English"])
	}
	for _, r := range regions {
		if counts[r.tag] < 2 {
			t.Errorf("%d sources in %s", counts[r.tag], r.name)
		}
	}
}

// What is unverified is off unless its definition, or a file of one's own, says otherwise.
func TestUnverifiedIsOff(t *testing.T) {
	for line, want := range map[string]bool{"": true, "verified: replay": true, "verified: format": true, "verified: unverified": false,
		"verified: unverified\nenabled: true": true, "verified: replay\nenabled: false": false} {
		src, err := (&Config{}).ParseSource("s.yaml", []byte(goodSource+line+"\n"), env())
		if err != nil || src.IsEnabled() != want {
			t.Errorf("%q: enabled %t, %v", line, src.IsEnabled(), err)
		}
	}
	for line, hint := range map[string]string{"verified: replai": `did you mean "replay"?`, "verified: Format": `"format"`, "verified: unverifed": `"unverified"`, "verified: yes": "one of replay, format, unverified", "verifed: replay": `did you mean "verified"?`} {
		_, err := (&Config{}).ParseSource("s.yaml", []byte(goodSource+line+"\n"), env())
		if err == nil || !strings.Contains(err.Error(), "s.yaml:7:") || !strings.Contains(statement.HintOf(err), hint) {
			t.Errorf("%q: %v (%s)", line, err, statement.HintOf(err))
		}
	}
}

// A note, or how sure one is, is no other definition: what was read stays read.
func TestFingerprintIsOfWhatIsRead(t *testing.T) {
	parse := func(more string) string {
		src, err := (&Config{}).ParseSource("s.yaml", []byte(goodSource+more), env())
		if err != nil {
			t.Fatal(err)
		}
		return src.Fingerprint()
	}
	if parse("") != parse("verified: format\naccess: Slow.\n") || parse("") == parse("language: fr\n") {
		t.Error("the fingerprint is not that of what is read")
	}
}

// A file of id and enabled switches the built-in source; all else stays as it is built in.
func TestSwitches(t *testing.T) {
	cfg := &Config{SourcesDir: t.TempDir()}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(cfg.SourcesDir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("it-mfa.yaml", "# on\nid: it-mfa\nenabled: true\n")
	write("off.yaml", "enabled: false\nid: kremlin\n")
	all, err := cfg.Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	plain := builtIn(t)
	for id, on := range map[string]bool{"it-mfa": true, "kremlin": false} {
		src := all[id]
		if src.IsEnabled() != on || src.URL != plain[id].URL || src.Path != plain[id].Path || src.Replaces != "" || !strings.HasPrefix(src.Switch, cfg.SourcesDir) {
			t.Errorf("%s: %+v", id, src)
		}
	}
	write("twice.yaml", "id: it-mfa\nenabled: false\n")
	if _, err := cfg.Sources(env()); err == nil || !strings.Contains(err.Error(), `"it-mfa" is used by`) || !strings.Contains(err.Error(), cfg.SourcesDir) {
		t.Errorf("a source switched twice: %v", err)
	}
	for text, want := range map[string]string{
		"id: kremln\nenabled: true\n":             `did you mean "kremlin"?`,
		"id: ../sources/kremlin\nenabled: true\n": "switches a built-in source",
		"id: kremlin\n":                           "issuer",
	} {
		_, err := cfg.ParseSource("x.yaml", []byte(text), env())
		if err == nil || !strings.Contains(statement.HintOf(err), want) {
			t.Errorf("%q: %v (%s)", text, err, statement.HintOf(err))
		}
	}
}

// docs/sources.md is made from the definitions: go test ./internal/config -run Catalogue -update writes it.
func TestCatalogueIsDocumented(t *testing.T) {
	want := catalogued(builtIn(t))
	path := filepath.Join("..", "..", "docs", "sources.md")
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/sources.md is not what the definitions say; run go test ./internal/config -run Catalogue -update (%v)", err)
	}
}

func catalogued(c Catalogue) []byte {
	var b bytes.Buffer
	on := 0
	for _, src := range c {
		if src.IsEnabled() {
			on++
		}
	}
	fmt.Fprintf(&b, `# The built-in sources
<!-- made from configs/sources by go test ./internal/config -run Catalogue -update -->
%d sources are built in, %d of them on. `+"`volteface sources enable SOURCE`"+` switches one on, `+"`disable`"+` off, and `+"`--tag TAG`"+`
all of a group; `+"`volteface sources --all --tag TAG`"+` shows them. A file in your own folder of sources that says no more than

`+"```yaml\nid: it-mfa\nenabled: true\n```"+`

does the same. How sure it is that a source is read right, its definition says as `+"`verified`"+`:

`, len(c), on)
	for _, v := range statement.VerifiedValues() {
		fmt.Fprintf(&b, "- **%s**: %s.\n", v, v.Means())
	}
	b.WriteString(`
Sites change. ` + "`volteface sources test SOURCE`" + ` shows what a definition reads today, keeping nothing, and what robots.txt
says; it is obeyed whatever stands here, and where nothing is said of it, nobody has looked.

## Tags
`)
	tags := c.Tags()
	group := func(what string, names []string) {
		var parts []string
		for _, tag := range names {
			if n := len(tags[tag]); n > 0 {
				parts = append(parts, fmt.Sprintf("`%s` (%d)", tag, n))
			}
			delete(tags, tag)
		}
		fmt.Fprintf(&b, "- %s: %s\n", what, strings.Join(parts, ", "))
	}
	var where, rest []string
	for _, r := range regions {
		where = append(where, r.tag)
	}
	group("institutions", offices)
	group("groups of governments", []string{"g7", "g20", "brics", "un-p5"})
	group("regions", where)
	for tag := range tags {
		rest = append(rest, tag)
	}
	slices.Sort(rest)
	group("countries, unions and single institutions", rest)
	for _, r := range regions {
		fmt.Fprintf(&b, "\n## %s\n| source | issuer | language, zone | on | verified | the way in |\n|---|---|---|---|---|---|\n", r.name)
		for _, id := range c.IDs() {
			src := c[id]
			if !slices.Contains(src.Tags, r.tag) {
				continue
			}
			state := "off"
			if src.IsEnabled() {
				state = "on"
			}
			fmt.Fprintf(&b, "| [%s](../configs/sources/%s.yaml) | %s | %s, %s | %s | %s | %s |\n", id, id, src.Issuer.Name, src.Language, src.Timezone, state, src.Verified, src.Access)
		}
	}
	return b.Bytes()
}
