package diff_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/statement"
)

// reading is a version of a page, and when it came into force.
type reading struct {
	statement.Document
	from string
}

// extractor reads pages by the rules of a source that ships with the program,
// or by their main content.
func extractor(t *testing.T, id string, via statement.Path) *extract.Extractor {
	t.Helper()
	src := statement.Source{ID: id, Kind: statement.KindListing, URL: "https://" + id + ".example/"}
	if via == statement.BySelectors {
		shipped := id
		if id == "whitehouse" {
			shipped = "whitehouse-2022" // as the site was built then
		}
		content, err := os.ReadFile(filepath.Join("..", "..", "configs", "sources", shipped+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(content, &src); err != nil {
			t.Fatal(err)
		}
	}
	x, err := extract.New(src)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// readings extracts every version of the wanted pages of a replay pack, oldest
// first.
func readings(t *testing.T, pack string, via statement.Path, want func(url string) bool) map[string][]reading {
	t.Helper()
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" {
		t.Skip("VOLTEFACE_SHARED is not set")
	}
	dir := filepath.Join(shared, "replay", "packs", pack)
	index, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	x := extractor(t, pack, via)
	read := map[string][]reading{}
	lines := bufio.NewScanner(index)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct {
			URL, Body, From string
			Status          int
			Headers         map[string]string
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if v.Status != 200 || !want(v.URL) {
			continue
		}
		f, err := os.Open(filepath.Join(dir, v.Body))
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = f
		if strings.HasSuffix(v.Body, ".gz") {
			if r, err = gzip.NewReader(f); err != nil {
				t.Fatal(err)
			}
		}
		body, err := io.ReadAll(r)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, churns := range []string{"@@NONCE@@", "@@MS@@", "@@EPOCH@@"} { // what the proxy fills in
			body = bytes.ReplaceAll(body, []byte(churns), []byte(strconv.Itoa(1000*len(read)+len(read[v.URL]))))
		}
		doc, err := x.Extract(extract.Input{URL: v.URL, ContentType: v.Headers["Content-Type"], Body: body, Via: via})
		if err != nil {
			t.Fatalf("%s: %v", v.URL, err)
		}
		read[v.URL] = append(read[v.URL], reading{doc, v.From})
	}
	if len(read) == 0 {
		t.Fatalf("nothing wanted in pack %s", pack)
	}
	return read
}

func verdict(a, b reading) diff.Verdict {
	return diff.Compare(diff.Text{Title: a.Title, Body: a.Body}, diff.Text{Title: b.Title, Body: b.Body}).Verdict(context.Background(), nil, b.Language)
}

// Captures of pages of agencies, labelled by those who watched them: changes
// are found, and what is none is not.
func TestAgencyPages(t *testing.T) {
	pages := readings(t, "edgi", statement.ByMainContent, func(string) bool { return true })
	labels, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "edgi", "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pairs []struct{ ID, URL, Expected string }
	if err := json.Unmarshal(labels, &pairs); err != nil {
		t.Fatal(err)
	}
	changed, found := 0, 0
	for _, p := range pairs {
		versions := pages[p.URL]
		if len(versions) < 2 {
			t.Errorf("%s: %d versions of %s", p.ID, len(versions), p.URL)
			continue
		}
		v := verdict(versions[0], versions[1])
		if p.Expected == "change" {
			changed++
			if v.Class != statement.ClassNone {
				found++
			}
		}
		for _, r := range v.Reasons {
			t.Logf("    %s %s: %s", r.Rule, r.Class, r.Text)
		}
		t.Logf("%s (%s): %s %v, %s", p.ID, p.Expected, v.Class, v.Kinds, v.Summary)
		if p.Expected == "no_change" && v.Class != statement.ClassNone {
			t.Errorf("%s: %s, expected %s: %v", p.ID, v.Class, p.Expected, v.Reasons)
		}
	}
	if found < 2 { // of the third, only a link went: "View this Dataset"
		t.Errorf("%d of %d changes found", found, changed)
	}
}

// The captures of a page of the Kremlin differ in markup only: whoever edits
// nothing sets off nothing.
func TestSecondRenderings(t *testing.T) {
	article := func(url string) bool {
		rest, ok := strings.CutPrefix(url, "http://en.kremlin.ru/events/president/news/")
		return ok && strings.Trim(rest, "0123456789") == "" && rest != ""
	}
	for _, via := range []statement.Path{statement.BySelectors, statement.ByMainContent} {
		pairs, changed := 0, 0
		for url, versions := range readings(t, "kremlin", via, article) {
			for i := 1; i < len(versions); i++ {
				pairs++
				if v := verdict(versions[i-1], versions[i]); v.Class != statement.ClassNone {
					changed++
					t.Errorf("%s: %s %v, %s", url, v.Class, v.Kinds, v.Summary)
				}
			}
		}
		t.Logf("%s: %d pairs of captures, %d edits other than none", via, pairs, changed)
		if pairs < 269 {
			t.Errorf("%d pairs", pairs)
		}
	}
}

// Pages of the White House were edited, and rendered anew with other links
// beside the text: the first is told, the second is not.
func TestRecordedEdits(t *testing.T) {
	article := func(url string) bool {
		rest, ok := strings.CutPrefix(url, "https://www.whitehouse.gov/briefing-room/")
		return ok && strings.Contains(rest, "/2022/")
	}
	type edit struct{ URL, From, Kind string }
	pages := readings(t, "whitehouse", statement.BySelectors, article)
	list, err := os.ReadFile(filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "replay", "packs", "whitehouse", "edits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var edits []edit
	if err := json.Unmarshal(list, &edits); err != nil {
		t.Fatal(err)
	}
	made := map[[2]string]string{} // what kind of edit, by page and moment
	for _, e := range edits {
		made[[2]string{e.URL, e.From}] = e.Kind
	}
	same, changed := 0, 0
	for url, versions := range pages {
		for i := 1; i < len(versions); i++ {
			v := verdict(versions[i-1], versions[i])
			switch kind := made[[2]string{url, versions[i].from}]; kind {
			case "text", "title":
				changed++
				t.Logf("%s: %s %v %d, %s", filepath.Base(url), v.Class, v.Kinds, v.Importance, v.Summary)
				for _, r := range v.Reasons {
					t.Logf("    %s: %s", r.Rule, r.Text)
				}
				if v.Class == statement.ClassNone {
					t.Errorf("%s at %s: the %s was edited, and nothing is told", url, versions[i].from, kind)
				}
			default:
				same++
				if v.Class != statement.ClassNone {
					t.Errorf("%s at %s (%s): %s, %s", url, versions[i].from, kind, v.Class, v.Summary)
				}
			}
		}
	}
	t.Logf("%d edits, %d other renderings", changed, same)
	if changed < 20 || same < 300 {
		t.Errorf("%d edits and %d other renderings were looked at", changed, same)
	}
}
