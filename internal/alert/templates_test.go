package alert

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/statement"
)

func TestTemplatesOfAFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "templates")
	if kept, err := WriteTemplates(folder); err != nil || len(kept) > 0 {
		t.Fatal(kept, err)
	}
	if kept, err := WriteTemplates(folder); err != nil || len(kept) != len(TemplateFiles()) {
		t.Fatal(kept, err)
	}
	same, err := LoadTemplates(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Samples() {
		text, html, brief, err := same.render(s)
		wantText, wantHTML, wantBrief, _ := builtIn().render(s)
		if err != nil || text != wantText || html != wantHTML || brief != wantBrief || text == "" || html == "" || brief == "" && s.Kind != "test" {
			t.Errorf("%s: %v", s.Kind, err)
		}
	}
	own := t.TempDir()
	put := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(own, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("notice.txt", "OURS {{.Title}}\n")
	changed, err := LoadTemplates(own)
	if err != nil {
		t.Fatal(err)
	}
	message, err := (&Composer{Templates: changed}).Sample("notice", "a@example.org")
	if err != nil || message.Text != "OURS Fault · ustania\n" || !strings.Contains(message.HTML, "<h1") {
		t.Errorf("%v\n%s", err, message.Text)
	}
	for content, want := range map[string]string{
		"{{.Titel}}":                             "Titel",
		"{{if .Title}}":                          "digest.html:1",
		"{{range .Digest.Groups}}{{.X}}{{end}}":  "X",
		"{{template \"nothing\" .}}":             "nothing",
		"<a href=\"{{.Subject}}{{if .Title}}\">": "digest.html",
	} {
		put("digest.html", content)
		if _, err := LoadTemplates(own); err == nil || !strings.Contains(err.Error(), want) || statement.HintOf(err) == "" {
			t.Errorf("%q: %v", content, err)
		}
	}
	put("digest.html", "x")
	put("digset.html", "x")
	if _, err := LoadTemplates(own); err == nil || !strings.Contains(statement.HintOf(err), "digest.html") {
		t.Errorf("%v, hint %q", err, statement.HintOf(err))
	}
	if _, err := LoadTemplates(filepath.Join(own, "none")); err == nil {
		t.Error("a folder that is not there was read")
	}
}

func TestSamples(t *testing.T) {
	c := &Composer{}
	for _, s := range Samples() {
		message, err := c.Sample(s.Kind, "a@example.org")
		if err != nil || message.Subject == "" || !strings.HasPrefix(message.Subject, "[volteface] ") {
			t.Errorf("%s: %q, %v", s.Kind, message.Subject, err)
		}
	}
	if _, err := c.Sample("reversl", ""); err == nil || !strings.Contains(statement.HintOf(err), "reversal") {
		t.Error(err)
	}
}
