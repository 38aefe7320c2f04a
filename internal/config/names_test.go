package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// A rule or a topic that names what nobody has would never say a word: each such name is an error with its place and the
// nearest name there is.
func TestUnknownNamesAreErrors(t *testing.T) {
	rule := func(line string) string {
		return "smtp: {host: m.example, from: a@b.example}\nalerts:\n  - events: [new]\n    to: [a@b.example]\n    " + line + "\n"
	}
	for _, c := range []struct{ text, place, want, hint string }{
		{rule("sources: [whitehouse, kremln]"), ":5:27", `no source is called "kremln"`, `"kremlin"`},
		{rule("sources: [Kremlin]"), ":5:15", `no source is called "Kremlin"`, `"kremlin"`},
		{rule("issuers: [ru-president]"), ":5:15", `no issuer is called "ru-president"`, `"ru_president"`},
		{rule("tags: [presidnecy]"), ":5:12", `no tag is called "presidnecy"`, `"presidency"`},
		{rule("topics: [drones]"), ":5:14", `no topic is called "drones"`, `"drone-supply-to-russia"`},
		{rule("sources: [xyzzy]"), ":5:15", `no source is called "xyzzy"`, "volteface sources list --all"},
	} {
		cfg, err := load(t, c.text, env())
		if err != nil {
			t.Fatal(err)
		}
		err = checkNames(t, cfg)
		if err == nil || !strings.Contains(err.Error(), "volteface.yaml"+c.place) || !strings.Contains(err.Error(), c.want) || !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%s: %v (%s)", c.text, err, statement.HintOf(err))
		}
	}
	cfg, err := load(t, "smtp: {host: m.example, from: a@b.example}\nalerts:\n  - {events: [new], to: [a@b.example], sources: [kremlin], issuers: [ru_president], tags: [presidency], topics: [drone-supply-to-russia]}\n", env())
	if err != nil {
		t.Fatal(err)
	}
	if err := checkNames(t, cfg); err != nil {
		t.Errorf("names that are there: %v", err)
	}
	for _, c := range []struct{ line, want, hint string }{
		{"issuers: [ir-mfa]", `no issuer is called "ir-mfa"`, `"ir_mfa"`},
		{"governments: [IRN]", `no government is called "IRN"`, "ISO 3166"},
		{"governments: [ZZ]", `no government is called "ZZ"`, ""},
	} {
		cfg.TopicsDir = t.TempDir()
		own := "id: grain\nname: Grain\nterms: [grain]\n" + c.line + "\n"
		if err := os.WriteFile(filepath.Join(cfg.TopicsDir, "grain.yaml"), []byte(own), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := checkNames(t, cfg); err == nil || !strings.Contains(err.Error(), "grain.yaml") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (%s)", c.line, err, statement.HintOf(err))
		}
	}
}

func checkNames(t *testing.T, cfg *Config) error {
	t.Helper()
	sources, err := cfg.Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	topics, err := cfg.Topics(env())
	if err != nil {
		t.Fatal(err)
	}
	return cfg.CheckNames(sources, topics)
}

// A definition with the id of a built-in one says whose place it takes; an empty file, as a shell leaves it, is none yet.
func TestDefinitionsInAnothersPlace(t *testing.T) {
	cfg := &Config{SourcesDir: t.TempDir()}
	for name, content := range map[string]string{"empty.yaml": "", "blank.yaml": "\n\n", "mine.yaml": strings.Replace(goodSource, "id: test", "id: kremlin", 1), "test.yaml": goodSource} {
		if err := os.WriteFile(filepath.Join(cfg.SourcesDir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := cfg.Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	if src := sources["kremlin"]; !strings.HasPrefix(src.Replaces, "built in: ") || !strings.HasSuffix(src.Path, "mine.yaml") {
		t.Errorf("%q in the place of %q", src.Path, src.Replaces)
	}
	if src := sources["test"]; src.Replaces != "" {
		t.Errorf("%q in the place of %q", src.Path, src.Replaces)
	}
}

// A 0 that is written means 0, or is refused: it never becomes the default in silence.
func TestZeroIsNotTheDefault(t *testing.T) {
	cfg, err := load(t, "http: {delay: 0s}\n", env())
	if err != nil || cfg.HTTP.Delay != 0 {
		t.Fatalf("http.delay: 0s is %v, %v", cfg.HTTP.Delay, err)
	}
	src, err := cfg.ParseSource("x.yaml", []byte(goodSource), env())
	if err != nil || src.Delay != 0 {
		t.Errorf("a source without a delay, where none is configured: %v, %v", time.Duration(src.Delay), err)
	}
	cfg, err = load(t, "http: {timeout: 5s}\n", env())
	if err != nil || time.Duration(cfg.HTTP.Delay) != defaultDelay {
		t.Fatalf("no http.delay is %v, %v", cfg.HTTP.Delay, err)
	}
	if src, err = cfg.ParseSource("x.yaml", []byte(goodSource+"delay: 0s\n"), env()); err != nil || src.Delay != 0 {
		t.Errorf("delay: 0s is %v, %v", time.Duration(src.Delay), err)
	}
	if src, err = cfg.ParseSource("x.yaml", []byte(goodSource+"api: {first_page: 0}\n"), env()); err != nil || src.API.FirstPage == nil || *src.API.FirstPage != 0 {
		t.Errorf("api.first_page: 0 is %v, %v", src.API.FirstPage, err)
	}
	for _, text := range []string{"http: {timeout: 0s}\n", "http: {max_body: 0}\n", "doubt: {shrink: 0}\n", "reversals: {alert: 0}\n", "daemon: {workers: 0}\n", "daemon: {jitter: 0s}\n",
		"retention: {captures: 0s}\n", "smtp: {host: m.example, from: a@b.example, port: 0}\n", "channels: {m: {maildir: m}}\nalerts:\n  - {events: [new], to: [m], flood: 0}\n"} {
		if _, err := load(t, text, env()); err == nil || !strings.Contains(err.Error(), "volteface.yaml:") || !strings.Contains(err.Error(), "0 stands for nothing") {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, line := range []string{"max_pages: 0\n", "deep_every: 0s\n"} {
		if _, err := cfg.ParseSource("x.yaml", []byte(goodSource+line), env()); err == nil || !strings.Contains(err.Error(), "0 stands for nothing") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// A value of another type is told in words of people, not of Go.
func TestWrongTypesAreToldInWords(t *testing.T) {
	for text, want := range map[string]string{
		"daemon: {workers: five}\n":  "this is a text, where a whole number belongs",
		"http: {allow_private: 5}\n": "where true or false belongs",
		"http: 7\n":                  "belongs",
	} {
		if _, err := load(t, text, env()); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A configuration folder is read without a configuration file, too.
func TestSourcesBesideNoConfiguration(t *testing.T) {
	home := t.TempDir()
	folder := filepath.Join(home, ".config", "volteface", "sources")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if cfg, err := Load("", env("HOME", home)); err != nil || cfg.SourcesDir != folder {
		t.Errorf("%q, %v, want %q", cfg.SourcesDir, err, folder)
	}
}

// The folders of the system are used where nobody names others: those of XDG, else those of Windows.
func TestFoldersOfTheSystem(t *testing.T) {
	for _, c := range []struct{ env, data, home string }{
		{"HOME=/home/a", "/home/a/.local/state/volteface", "/home/a/.config/volteface"},
		{"HOME=/home/a XDG_STATE_HOME=/s XDG_CONFIG_HOME=/c", "/s/volteface", "/c/volteface"},
		{"LOCALAPPDATA=/local APPDATA=/roaming", "/local/volteface", "/roaming/volteface"},
		{"LOCALAPPDATA=/local APPDATA=/roaming HOME=/home/a", "/home/a/.local/state/volteface", "/home/a/.config/volteface"},
		{"", "", "/etc/volteface"},
	} {
		var pairs []string
		for pair := range strings.FieldsSeq(c.env) {
			name, value, _ := strings.Cut(pair, "=")
			pairs = append(pairs, name, value)
		}
		data, err := DefaultDataDir(env(pairs...))
		if data != c.data || (err == nil) != (c.data != "") {
			t.Errorf("%s: data in %q, %v", c.env, data, err)
		}
		if got := homes(env(pairs...))[0]; got != c.home {
			t.Errorf("%s: configuration in %q", c.env, got)
		}
	}
}
