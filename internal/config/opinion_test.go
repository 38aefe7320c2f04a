package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// Every mistake in a second opinion is told with its place and a hint, and shows no key.
func TestMistakesInASecondOpinion(t *testing.T) {
	for _, c := range []struct{ text, place, want, hint string }{
		{"{model: m}", ":1:", "needs base_url", "https://host/v1"},
		{"{base_url: api.example.org, model: m}", ":1:", "not the address of an API", "https://host/v1"},
		{"{base_url: http://api.example.org/v1, model: m}", ":1:", "not encrypted", "allow_private"},
		{"{base_url: https://192.168.0.7/v1, model: m}", ":1:", "private network", "second_opinion.allow_private"},
		{"{base_url: https://u:T0PSECRET@api.example.org/v1, model: m}", ":1:", "not the address", "without user"},
		{"{base_url: https://api.example.org/v1}", ":1:", "no model", "model:"},
		{"{base_url: https://api.example.org/v1, model: m, api_key: T0PSECRET, api_key_file: f}", ":1:", "both", "keep one"},
		{"{base_url: https://api.example.org/v1, model: m, api_key: 'T0PSECRET x'}", ":1:", "the key holds", "environment"},
		{"{base_url: https://api.example.org/v1, model: m, levels: [watch]}", ":1:", "not a level", "review, alert"},
		{"{base_url: https://api.example.org/v1, model: m, wait: 1000h}", ":1:", "nobody should wait", "168h"},
		{"{base_url: https://api.example.org/v1, model: m, max_per_day: -1}", ":1:", "negative", "300"},
		{"{base_url: https://api.example.org/v1, model: m, max_per_day: 0}", ":1:", "0 stands for nothing", "default"},
		{"{base_url: https://api.example.org/v1, model: m, max_tokens_per_month: -1}", ":1:", "negative", "2000000"},
		{"{base_url: https://api.example.org/v1, model: m, options: {messages: []}}", ":1:", "cannot set", "temperature"},
		{"{base_url: https://api.example.org/v1, model: m, translate: english}", ":1:", "not the code of a language", "en is English"},
		{"{base_url: https://api.example.org/v1, model: m, translate: en_US}", ":1:", "not how BCP 47 writes", "write en-US"},
		{"{base_url: https://api.example.org/v1, model: m, translte: en}", ":1:", `unknown key "translte"`, "translate"},
		{"{base_url: https://api.example.org/v1, model: m, price_per_million: {input: -1}}", ":1:", "negative", "million"},
		{"{base_url: https://api.example.org/v1, modle: m}", ":1:", `unknown key "modle"`, "model"},
	} {
		_, err := load(t, "second_opinion: "+c.text+"\n", env())
		if err == nil {
			t.Errorf("%s is taken", c.text)
			continue
		}
		if said := err.Error() + " " + statement.HintOf(err); !strings.Contains(said, c.want) || !strings.Contains(said, "volteface.yaml"+c.place) || !strings.Contains(statement.HintOf(err), c.hint) || strings.Contains(said, "T0PSECRET") {
			t.Errorf("%s: %s", c.text, said)
		}
	}
}

func TestASecondOpinion(t *testing.T) {
	cfg, err := load(t, "second_opinion: {base_url: https://api.example.org/v1, model: m, api_key: \"${KEY}\"}\n", env("KEY", "sk-T0PSECRET"))
	if err != nil {
		t.Fatal(err)
	}
	s := cfg.SecondOpinion
	if time.Duration(s.Wait) != 15*time.Minute || time.Duration(s.Timeout) != time.Minute || s.MaxPerDay != 300 || s.MaxTokens != 2_000_000 || fmt.Sprint(s.AskedLevels()) != "[review alert]" || s.APIKey.Reveal() != "sk-T0PSECRET" {
		t.Errorf("%+v", s)
	}
	if shown := fmt.Sprintf("%v %+v %#v", cfg, s, s); strings.Contains(shown, "T0PSECRET") {
		t.Errorf("the key is shown: %s", shown)
	}
	client, err := cfg.OpenSecondOpinion("volteface/1")
	if err != nil || client.KeyName() == "" || client.Address() != "https://api.example.org/v1" {
		t.Errorf("%v, %v", client, err)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "volteface.yaml")
	for name, text := range map[string]string{"key": "sk-T0PSECRET\n", "volteface.yaml": "second_opinion: {base_url: https://api.example.org/v1, model: m, api_key_file: key}\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if cfg, err = Load(path, env()); err != nil {
		t.Fatal(err)
	}
	other, err := cfg.OpenSecondOpinion("")
	if err != nil || other.KeyName() != client.KeyName() {
		t.Errorf("a key from a file: %v, %v", other, err)
	}
	if off, err := load(t, "contact: x\n", env()); err != nil || off.SecondOpinion.On() || off.SecondOpinion.MaxPerDay != 0 {
		t.Errorf("%+v, %v", off, err)
	}
}
