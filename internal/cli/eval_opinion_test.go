package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/opinion"
	"volteface/internal/opinion/standin"
)

// Questions are written without labels, and answers to them from a file are measured; void ones are told, and count as none.
func TestAnswersAreMeasured(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, lines ...string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pair := func(id, earlier, later string) string {
		return `{"id":"` + id + `","earlier":{"text":"` + earlier + `"},"later":{"text":"` + later + `","before":"Yes."}}`
	}
	write("pairs.jsonl", pair("a", "We will never close port 3.", "Port 3 is closed."), pair("b", "We will never close port 1.", "Port 1 is open."), pair("c", "We will never close port 6.", "Port 6 is closed."))
	write("labels.jsonl", `{"id":"a","label":"reversal"}`, `{"id":"b","label":"none"}`, `{"id":"c","label":"reversal"}`)
	asked := filepath.Join(folder, "asked.jsonl")
	do := func(code int, args ...string) string {
		t.Helper()
		got, out, errs := runWith(t, "", "", append([]string{"eval", "--sets", folder, "--second-opinion", asked}, args...)...)
		if got != code {
			t.Fatalf("%q: exit %d, %s%s", args, got, out, errs)
		}
		return out + errs
	}
	if out := do(2, "--answers", write("none.jsonl", "{}")); !strings.Contains(out, "holds no questions") {
		t.Errorf("%s", out)
	}
	if out := do(0); !strings.Contains(out, "3 questions") {
		t.Errorf("%s", out)
	}
	text, err := os.ReadFile(asked)
	if err != nil || strings.Contains(string(text), `"label"`) || strings.Count(string(text), "\n") != 3 || !strings.Contains(string(text), `Port 3 is closed`) {
		t.Fatalf("%s, %v", text, err)
	}
	var first askedJSON
	if err := json.Unmarshal([]byte(strings.SplitN(string(text), "\n", 2)[0]), &first); err != nil || first.Question.Later.Before != "Yes." || len(first.Messages) != 2 || string(first.Schema) != opinion.Schema {
		t.Errorf("%+v, %v", first, err)
	}
	quoted, _ := json.Marshal(standin.Answer("We will never close port 1.", "Port 1 is open.", false))
	out := do(0, "--answers", write("answers.jsonl", `{"id":"a","answer":`+standin.Answer("We will never close port 3.", "Port 3 is closed.", false)+`}`,
		`{"id":"b","content":`+string(quoted)+`}`, `{"id":"c","answer":`+standin.Answer("We said it", "Port 6 is closed.", false)+`}`), "--json")
	if want := `{"set":"questions","questions":3,"answered":2,"void":1,"agreement":0.6666666666666666,"precision":1,"recall":0.5,"dropped":0}` + "\n"; out != want {
		t.Errorf("%s, not %s", out, want)
	}
	if out := do(2, "--answers", write("strange.jsonl", `{"id":"z","content":"x"}`)); !strings.Contains(out, `no question "z"`) {
		t.Errorf("%s", out)
	}
}
