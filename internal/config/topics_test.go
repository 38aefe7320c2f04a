package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/statement"
)

const goodTopic = `id: test
name: Test
terms: [drone]
propositions:
  - id: supplied
    text: Iran supplied drones to Russia.
`

func TestMistakesInATopic(t *testing.T) {
	for _, c := range []struct{ from, to, place, want, hint string }{
		{"id: test", "id: T est", ":1:5", "cannot be the id", "lower case"},
		{"name: Test", "name: ' '", ":2:7", "needs a name", "subjects"},
		{"name: Test", "nam: Test", ":2:1", `unknown key "nam"`, "name"},
		{"[drone]", "[drone, '']", ":3:16", "cannot be a term", "one word"},
		{"id: supplied", "id: ''", ":5:9", "cannot be the id", "lower case"},
		{"text: Iran supplied drones to Russia.", "text: ''", ":6:11", "one plain sentence", "who does what"},
		{"text: Iran supplied drones to Russia.", "text: a\n  - {id: supplied, text: b}", ":7:10", "used twice", "another"},
	} {
		_, err := ParseTopic("topic.yaml", []byte(strings.Replace(goodTopic, c.from, c.to, 1)), env())
		if err == nil {
			t.Errorf("%q is taken", c.to)
			continue
		}
		if !strings.Contains(err.Error(), "topic.yaml"+c.place) || !strings.Contains(err.Error(), c.want) || !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%q: %v (%s), want %s, %q and %q", c.to, err, statement.HintOf(err), c.place, c.want, c.hint)
		}
	}
}

func TestTopicsOfOnesOwnReplaceThoseBuiltIn(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "topics"), 0o700); err != nil {
		t.Fatal(err)
	}
	own := "id: tariffs\nname: Our tariffs\nterms: [tariff]\n"
	for name, text := range map[string]string{"volteface.yaml": "contact: https://desk.example/\n", "topics/own.yaml": own} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := Load(filepath.Join(folder, "volteface.yaml"), env())
	if err != nil {
		t.Fatal(err)
	}
	topics, err := cfg.Topics(env())
	if err != nil {
		t.Fatal(err)
	}
	if len(topics) < 10 || topics["tariffs"].Name != "Our tariffs" {
		t.Errorf("%d topics, tariffs is %q", len(topics), topics["tariffs"].Name)
	}
	drones := topics["drone-supply-to-russia"]
	if !drones.Watches(statement.Issuer{ID: "ir_mfa", Government: "IR"}) || drones.Watches(statement.Issuer{ID: "x", Government: "FJ"}) {
		t.Error("the drones are not Iran's and Russia's")
	}
}
