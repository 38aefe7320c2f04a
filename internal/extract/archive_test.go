package extract

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/statement"
)

func TestParseLine(t *testing.T) {
	for name, c := range map[string]struct{ line, wrong string }{
		"all there":        {`{"source":"a","url":"https://a.example/1","title":"T","published":"2022-11-05","speaker":"X; Y","text":"said","category":"z"}`, ""},
		"list of speakers": {`{"url":"https://a.example/1","speaker":["X","Y",""],"text":"said"}`, ""},
		"byte order mark":  {"\xef\xbb\xbf" + `{"url":"https://a.example/1","text":"said"}`, ""},
		"nulls":            {`{"url":"https://a.example/1","speaker":null,"published":null,"text":"said"}`, ""},
		"no address":       {`{"text":"said"}`, "no url"},
		"no web address":   {`{"url":"file:///etc/passwd","text":"said"}`, "not an http or https address"},
		"relative":         {`{"url":"/news/1","text":"said"}`, "not an http or https address"},
		"no text":          {`{"url":"https://a.example/1","text":" \n"}`, "no text"},
		"no object":        {`["a"]`, "not a JSON object"},
		"cut off":          {`{"url":"https://a.exam`, "not a JSON object"},
		"number":           {`{"url":"https://a.example/1","text":7}`, `"Text" is a number`},
		"other encoding":   {"{\"url\":\"https://a.example/1\",\"text\":\"\xe9t\xe9\"}", "not UTF-8"},
	} {
		line, err := ParseLine([]byte(c.line))
		switch {
		case c.wrong == "" && (err != nil || line.Text != "said" || line.URL != "https://a.example/1"):
			t.Errorf("%s: %+v, %v", name, line, err)
		case c.wrong != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(c.wrong))):
			t.Errorf("%s: %v, want %s", name, err, c.wrong)
		}
		if strings.Contains(c.line, `"X`) && !cmp.Equal(line.Speakers, []string{"X", "Y"}) {
			t.Errorf("%s: speakers %q", name, line.Speakers)
		}
	}
}

// An archived text becomes what the page's text would be, and can be read again
// from the lines that were kept.
func TestArchivedLine(t *testing.T) {
	src := statement.Source{Language: "fa", Timezone: "Asia/Tehran", Speakers: []string{"The Ministry"}}
	x := extractor(t, src)
	archive := []byte("\n" + `{"url":"https://a.example/1","title":"first","text":"x"}` + "\r\n" +
		`{"url":"https://a.example/2","title":" On  drones ","published":"2022-11-05T10:30:00+03:30","updated":"soon","text":"One  line\u00a0here\nand another\r\n\r\n\r\n\r\nA second\u200b paragraph\n"}`)
	doc, err := x.Extract(Input{Body: archive, ContentType: ArchiveType, Locator: LineLocator(3), Via: statement.ByImport, Representation: statement.FromFeed})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Title != "On drones" || doc.Body != "One line here\nand another\n\nA second paragraph" || doc.Published.String() != "2022-11-05T10:30:00+03:30" ||
		doc.Updated.Raw != "soon" || doc.Language != "fa" || doc.Path != statement.ByImport || doc.Fingerprint != x.Fingerprint(statement.ByImport) || doc.Speakers[0] != "The Ministry" {
		t.Errorf("%+v", doc)
	}
	for _, locator := range []string{"line 4", "line 0", "line -1", "line", "", "3"} {
		if _, err := x.Extract(Input{Body: archive, Locator: locator, Via: statement.ByImport}); !errors.Is(err, ErrNoEntry) {
			t.Errorf("%q: %v", locator, err)
		}
	}
	if _, err := x.Extract(Input{Body: archive, Locator: "line 1", Via: statement.ByImport}); !errors.Is(err, ErrNotText) {
		t.Errorf("a blank line: %v", err)
	}
}

func FuzzArchivedLine(f *testing.F) {
	f.Add([]byte(`{"source":"a","url":"https://a.example/1","title":"T","published":"2022-11-05","speaker":"X; Y","text":"said"}`))
	f.Add([]byte(`{"url":"https://a.example/1","speaker":[1],"text":"\u0000\ud800"}`))
	x, err := New(statement.Source{Language: "en", Timezone: "UTC"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		line, err := ParseLine(raw)
		if err != nil {
			return
		}
		doc, err := x.Archived(line)
		if err != nil {
			return
		}
		again, err := x.Archived(Line{Title: doc.Title, Text: doc.Body})
		if err != nil || again.Body != doc.Body || again.Title != doc.Title {
			t.Errorf("%q read again is %q: %v", doc.Body, again.Body, err)
		}
	})
}
