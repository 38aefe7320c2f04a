package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"volteface/configs"
	"volteface/internal/clock"
	"volteface/internal/statement"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func load(t *testing.T, text string, getenv func(string) string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "volteface.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, getenv)
}

const goodSource = `id: test
issuer: {id: t, name: Test}
kind: listing
url: http://press.example/
listing:
  item: li
`

// Every mistake is told with its place and a hint.
func TestMistakesInTheConfiguration(t *testing.T) {
	for _, c := range []struct{ text, place, want, hint string }{
		{"htp:\n  proxy: x\n", ":1:1", `unknown key "htp"`, "http"},
		{"http:\n  dellay: 2s\n", ":2:3", `unknown key "dellay"`, "delay"},
		{"http:\n  delay: soon\n", ":2:10", "not a duration", "500ms"},
		{"http:\n  delay: -1s\n", ":2:10", "negative", "500ms"},
		{"http:\n\tdelay: 1s\n", ":2:1", "a tab", "spaces"},
		{"foo: 1\n", ":1:1", `unknown key "foo"`, "volteface.example.yaml"},
		{"smtp: {password: ${SECRET}, host: x}\n", ":1:", "", "quotes"},
		{"http: 7\n", ":1:", "", "compare"},
		{"http:\n  proxy: ':'\n", ":2:10", "not the address of a proxy", "http://host:port"},
		{"smtp: {host: m.example, from: nobody}\n", ":1:8", "not an e-mail address", "from:"},
		{"smtp: {host: m.example, from: a@b.example, tls: ssl}\n", ":1:8", "ssl", "starttls"},
		{"alerts:\n  - events: [chnged]\n    to: [a@b.example]\n", ":2:5", "chnged", "changed"},
		{"alerts:\n  - events: [new]\n    to: [nobody]\n", ":3:10", "no channel is called \"nobody\"", "you@example.org"},
		{"channels: {m: {maildir: m}}\nalerts:\n  - events: [new]\n    to: [m]\n    languages: [en, frensh]\n", ":5:21", "not the code of a language", "BCP 47"},
		{"channels: {hook: {maildir: m}}\nalerts:\n  - events: [new]\n    to: [hok]\n", ":4:10", "no channel is called \"hok\"", "hook"},
		{"alerts:\n  - events: [new]\n    to: [\"x, y\"]\n", ":2:5", "not an e-mail address", "you@example.org"},
		{"alerts:\n  - events: [new]\n    to: [a@b.example]\n", ":1:1", "no mail server", "smtp:"},
		{"channels: {m: {maildir: m}}\nalerts:\n  - {name: a, events: [new], to: [m]}\n  - {name: a, events: [new], to: [m]}\n", ":4:12", "two rules", "another name"},
		{"channels: {Hook: {maildir: m}}\n", ":1:", "\"Hook\" cannot be", "lower case"},
		{"channels: {email: {maildir: m}}\n", ":1:", "\"email\" cannot be", "not email"},
		{"channels: {hook: {maildir: m, webhook: https://h.example/}}\n", ":1:", "must be of one kind", "one of webhook"},
		{"channels: {hook: {webhook: https://h.example/}}\n", ":1:", "needs a secret", "openssl"},
		{"channels: {hook: {webhook: ftp://h.example/, secret: x}}\n", ":1:", "not the address of a webhook", "https://"},
		{"channels: {hook: {webhook: https://h.example/, secret: whsec_short}}\n", ":1:", "secret of the webhook", "24 random bytes"},
		{"channels: {chat: {shoutrrr: nothing://x}}\n", ":1:", "address of the nothing service", "shoutrrr"},
		{"channels: {chat: {shoutrrr: no}}\n", ":1:", "not the address of a chat", "ntfy"},
		{"daemon: {operator: [phone]}\n", ":1:", "no channel is called \"phone\"", "channels"},
		{"public_url: ftp://x\n", ":1:13", "not an address on the web", "https://"},
		{"smtp: {host: m.example, from: a@b.example, user: u, password: p, auth: xoauth}\n", ":1:8", "xoauth", "xoauth2"},
		{"smtp: {host: m.example, from: a@b.example, dkim: {selector: s}}\n", ":1:8", "DKIM needs both", "key_file"},
		{"smtp: {host: m.example, from: a@b.example, unsubscribe: desk@b.example}\n", ":1:8", "unsubscribe", "mailto:"},
		{"smtp:\n  password: ${NOT_SET}\n", ":2:13", "NOT_SET is not set", "_file"},
		{"judge: {modle: x}\n", ":1:", `unknown key "modle"`, "model"},
		{"a: 1\n---\nb: 2\n", "", "more than one YAML document", "---"},
		{"http: [\n", ":1:", "", "bracket"},
	} {
		_, err := load(t, c.text, env())
		if err == nil {
			t.Errorf("%q is taken", c.text)
			continue
		}
		if !strings.Contains(err.Error(), "volteface.yaml"+c.place) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s and %q", c.text, err, c.place, c.want)
		}
		if !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%q: hint %q, want %q", c.text, statement.HintOf(err), c.hint)
		}
	}
}

func TestMistakesInASource(t *testing.T) {
	for _, c := range []struct{ from, to, place, want, hint string }{
		{"id: test", "id: Te st", ":1:5", "cannot be the id", "lower case"},
		{"kind: listing", "kind: listin", ":3:7", "not a kind", "listing"},
		{"kind: listing", "knd: listing", ":3:1", `unknown key "knd"`, "kind"},
		{"url: http://press.example/", "url: press.example", ":4:6", "not an http", "whole address"},
		{"item: li", "item: 'li['", ":6:9", "li[", "CSS"},
		{"item: li", "item: li\nschedule: every huor", ":7:11", "every huor", `did you mean "every hour"?`},
		{"item: li", "item: li\nschedule: 61 * * * *", ":7:11", `the minute "61" cannot be`, "0 to 59"},
		{"item: li", "item: li\nheaders: {User-Agent: me}", ":7:", "not for a source to set", "contact"},
		{"item: li", "item: li\nauth: {password: x}", ":7:", "no user", "auth:"},
		{"item: li", "item: li\nfeeds: ['http://a:b@press.example/feed']", ":7:9", "has a login in it", "auth"},
		{"item: li", "item: li\nproxy: 'gopher://proxy.example'", ":7:8", "proxy cannot be read", "socks5"},
		{"item: li", "item: li\nschedule: TZ=", ":7:11", "time zone", "timezone"},
		{"item: li", "item: li\ntimezone: Mars/Olympus", ":7:11", "unknown time zone", "IANA"},
		{"item: li", "item: li\nlanguage: english", ":7:11", "not the code of a language", "en is English"},
		{"item: li", "item: li\nlanguage: xx", ":7:11", "not the code of a language", "BCP 47"},
		{"item: li", "item: li\nlanguage: en_US", ":7:11", "not how BCP 47 writes", "write en-US"},
		{"item: li", "item: li\nlanguage: fas", ":7:11", "not how BCP 47 writes", "write fa"},
		{"item: li", "item: li\ndelay: 10", ":7:8", "not a duration", "2s"},
		{"url: http://press.example/\n", "", ":1:1", "no url", "address"},
		{"item: li", "item: li\ninclude: ['(']", ":7:11", "missing closing", "RE2"},
		{"item: li", "item: li\nmax_pages: 0x7fffffff", ":7:12", "pages in one visit", "between"},
		{"item: li", "item: li\nauthority: feed", ":7:12", "only a feed", "page"},
		{"item: li", "item: li\nextract:\n  body: [p, 'div >']", ":8:13", "div >", "CSS"},
		{"item: li", "item: li\nextract:\n  published:\n    - selectors: [time]\n      pattern: '('", ":", "(", ""},
		{"item: li", "item: li\n  next_url: http://press.example/2", ":7:13", "{page}", "{page}"},
		{"listing:\n  item: li\n", "", ":", "needs listing.item", "CSS"},
	} {
		text := strings.Replace(goodSource, c.from, c.to, 1)
		_, err := (&Config{}).ParseSource("s.yaml", []byte(text), env())
		if err == nil {
			t.Errorf("%s is taken", text)
			continue
		}
		if !strings.Contains(err.Error(), "s.yaml"+c.place) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s and %q", c.to, err, c.place, c.want)
		}
		if !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%q: hint %q, want %q", c.to, statement.HintOf(err), c.hint)
		}
	}
	if _, err := (&Config{}).ParseSource("s.yaml", []byte(goodSource), env()); err != nil {
		t.Error(err)
	}
}

func TestSecretsComeFromTheEnvironmentAndPrintMasked(t *testing.T) {
	cfg, err := load(t, "smtp: {host: m.example, from: a@b.example, user: u, password: '${SECRET}'}\n", env("SECRET", "hunter2: #"))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.SMTP.Password.Reveal() != "hunter2: #" {
		t.Errorf("read as %q", cfg.SMTP.Password.Reveal())
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if printed := fmt.Sprintf(format, cfg); strings.Contains(printed, "hunter2") {
			t.Errorf("%s prints the password: %s", format, printed)
		}
	}
}

// A login in the address of a source is taken out of it, and printed nowhere;
// nor is what its proxy, headers and cookies hold.
func TestTheWayToASourcePrintsMasked(t *testing.T) {
	text := strings.Replace(goodSource, "http://press.example/", "http://desk:hunter2@press.example/", 1) +
		"proxy: 'socks5://desk:${SECRET}@proxy.example:1080'\nheaders: {X-Key: '${SECRET}'}\ncookies: {session: '${SECRET}'}\n"
	src, err := (&Config{}).ParseSource("s.yaml", []byte(text), env("SECRET", "hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	if src.URL != "http://press.example/" || src.Auth.User != "desk" || src.Auth.Password.Reveal() != "hunter2" || src.Headers["X-Key"].Reveal() != "hunter2" {
		t.Errorf("read as %q with %v", src.URL, src.Auth)
	}
	inJSON, err := json.Marshal(src)
	if err != nil {
		t.Fatal(err)
	}
	inYAML, err := yaml.Marshal(src)
	if err != nil {
		t.Fatal(err)
	}
	printed := string(inJSON) + string(inYAML)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		printed += fmt.Sprintf(format, src)
	}
	if strings.Contains(printed, "hunter2") || strings.Contains(printed, "desk:") || strings.Count(string(inYAML), "********") != 4 {
		t.Errorf("prints a secret: %s", printed)
	}
	_, err = (&Config{}).ParseSource("s.yaml", []byte(text+"auth: {user: desk, password: '${SECRET}'}\n"), env("SECRET", "hunter2"))
	if err == nil || strings.Contains(err.Error(), "hunter2") || statement.HintOf(err) == "" {
		t.Errorf("two logins: %v", err)
	}
}

func TestBuiltInFilesAreValid(t *testing.T) {
	example, err := configs.Files.ReadFile("volteface.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, string(example), env("VOLTEFACE_SMTP_PASSWORD", "x")); err != nil {
		t.Errorf("the example: %v", err)
	}
	cfg, err := Load("", env())
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := cfg.Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"kremlin", "whitehouse", "whitehouse-2022"} {
		if _, ok := catalogue[id]; !ok {
			t.Errorf("%s is not built in", id)
		}
	}
	if src := catalogue["whitehouse-2022"]; src.IsEnabled() {
		t.Error("whitehouse-2022 is enabled")
	}
}

func TestOwnSourcesReplaceBuiltInOnes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mine.yaml", strings.Replace(goodSource, "id: test", "id: kremlin", 1))
	write("notes.txt", "not a source")
	cfg := &Config{SourcesDir: dir}
	catalogue, err := cfg.Sources(env())
	if err != nil {
		t.Fatal(err)
	}
	if catalogue["kremlin"].URL != "http://press.example/" {
		t.Error("the built-in definition won")
	}
	write("other.yaml", strings.Replace(goodSource, "id: test", "id: kremlin", 1))
	var placed *Error
	if _, err := cfg.Sources(env()); !errors.As(err, &placed) {
		t.Errorf("one id twice: %v", err)
	}
}

func FuzzParseSource(f *testing.F) {
	f.Add([]byte(goodSource))
	f.Add([]byte("id: [\n"))
	f.Add([]byte("? : &a *a"))
	f.Fuzz(func(t *testing.T, text []byte) {
		src, err := (&Config{}).ParseSource("f.yaml", text, env())
		if err == nil && !sourceID.MatchString(src.ID) {
			t.Fatalf("%q is taken", text)
		}
	})
}

// What is secret of a channel does not show, whatever prints the configuration.
func TestChannelsHideSecrets(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	cfg, err := load(t, "channels:\n  hook: {webhook: https://h.example/T0PSECRET, secret: "+secret+"}\n  chat: {shoutrrr: ntfy://T0PSECRET@ntfy.example/topic}\n", env())
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(shown), fmt.Sprintf("%+v", cfg), fmt.Sprintf("%#v", *cfg)} {
		if strings.Contains(text, "T0PSECRET") || strings.Contains(text, secret) {
			t.Errorf("a secret shows: %s", text)
		}
	}
	channels, err := cfg.OpenChannels(clock.Real)
	if err != nil || len(channels) != 2 {
		t.Fatal(channels, err)
	}
	for _, text := range []string{fmt.Sprintf("%+v", channels["hook"])} {
		if strings.Contains(text, secret) {
			t.Errorf("a secret shows: %s", text)
		}
	}
}
