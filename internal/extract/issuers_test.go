package extract

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"volteface/internal/statement"
)

// label is what the issuers pack says of an article.
type label struct {
	URL, Title, Published, Language string
	First                           string `json:"first_words"`
	Last                            string `json:"last_words"`
	Format, Body, Note              string
}

// squeezed compares without regard to white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// Pages of many issuers are read without any rule of their own: a floor under
// what main-content extraction and the dates that pages declare give.
func TestIssuersWithoutRules(t *testing.T) {
	bodies := map[string]captured{}
	for _, v := range readPack(t, "issuers", func(string) bool { return true }) {
		bodies[v.URL] = v
	}
	raw, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "issuers", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels struct{ Articles []label }
	if err := json.Unmarshal(raw, &labels); err != nil {
		t.Fatal(err)
	}
	var pages, title, date, dated, begin, end int
	for _, l := range labels.Articles {
		v, ok := bodies[l.URL]
		if !ok || !strings.Contains(v.Headers["Content-Type"], "html") {
			continue
		}
		pages++
		d, err := extractor(t, statement.Source{Language: l.Language}).Extract(v.input())
		if err != nil {
			t.Logf("%s: %v", l.URL, err)
			continue
		}
		dump(t, "issuer-"+strings.NewReplacer("/", "_", ":", "").Replace(l.URL)[:min(90, len(l.URL)-3)]+".txt", d)
		if squeezed(d.Title) == squeezed(l.Title) {
			title++
		} else {
			t.Logf("%s: title %q, want %q", l.URL, d.Title, l.Title)
		}
		if l.Published != "" {
			dated++
			if strings.HasPrefix(d.Published.String(), l.Published[:min(10, len(l.Published))]) {
				date++
			} else {
				t.Logf("%s: published %s <%s>, want %s", l.URL, d.Published, d.Published.Raw, l.Published)
			}
		}
		body := squeezed(d.Body)
		at, to := strings.Index(body, squeezed(l.First)), strings.LastIndex(body, squeezed(l.Last))
		if at >= 0 && utf8.RuneCountInString(body[:at]) < 300 {
			begin++
		} else {
			t.Logf("%s: first words at %d: %.200q, want %q", l.URL, at, d.Body, l.First)
		}
		if to >= 0 && utf8.RuneCountInString(body[to+len(squeezed(l.Last)):]) < 300 {
			end++
		} else {
			t.Logf("%s: last words at %d of %d: %q, want %q", l.URL, to, len(body), d.Body[max(0, len(d.Body)-200):], l.Last)
		}
	}
	t.Logf("%d pages: titles %d, dates %d of %d, first words %d, last words %d", pages, title, date, dated, begin, end)
}

// Real captures of agencies' pages, read without rules: what counts as no
// change must not change the text.
func TestEDGIPairs(t *testing.T) {
	versions := map[string][]captured{}
	for _, v := range readPack(t, "edgi", func(u string) bool { return !strings.HasSuffix(u, "/robots.txt") }) {
		versions[v.URL] = append(versions[v.URL], v)
	}
	raw, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "edgi", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var labels []struct{ ID, URL, Expected string }
	if err := json.Unmarshal(raw, &labels); err != nil {
		t.Fatal(err)
	}
	x := extractor(t, statement.Source{Language: "en"})
	for _, l := range labels {
		pair := versions[l.URL]
		if len(pair) != 2 {
			t.Errorf("%s: %d versions", l.URL, len(pair))
			continue
		}
		var d [2]statement.Document
		for i := range pair {
			if d[i], err = x.Extract(pair[i].input()); err != nil {
				t.Logf("%s: %v", l.ID, err)
			}
			dump(t, "edgi-"+l.ID+"-"+string(rune('a'+i))+".txt", d[i])
		}
		t.Logf("%-28s expected %-9s text differs %v title differs %v date differs %v (%d, %d bytes)", l.ID, l.Expected, d[0].Body != d[1].Body,
			d[0].Title != d[1].Title, d[0].Published.String() != d[1].Published.String(), len(d[0].Body), len(d[1].Body))
	}
}
