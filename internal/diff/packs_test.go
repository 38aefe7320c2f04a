package diff_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"volteface/internal/diff"
	"volteface/internal/extract"
	"volteface/internal/statement"
)

// readings extracts every version of the wanted pages of a replay pack by their
// main content, oldest first.
func readings(t *testing.T, pack string, want func(url string) bool) map[string][]statement.Document {
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
	x, err := extract.New(statement.Source{ID: pack, Kind: statement.KindListing, URL: "https://" + pack + ".example/"})
	if err != nil {
		t.Fatal(err)
	}
	read := map[string][]statement.Document{}
	lines := bufio.NewScanner(index)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v struct {
			URL, Body string
			Status    int
			Headers   map[string]string
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
		doc, err := x.Extract(extract.Input{URL: v.URL, ContentType: v.Headers["Content-Type"], Body: body, Via: statement.ByMainContent})
		if err != nil {
			t.Fatalf("%s: %v", v.URL, err)
		}
		read[v.URL] = append(read[v.URL], doc)
	}
	return read
}

func verdict(a, b statement.Document) diff.Verdict {
	return diff.Compare(diff.Text{Title: a.Title, Body: a.Body}, diff.Text{Title: b.Title, Body: b.Body}).Verdict(b.Language)
}

// Captures of pages of agencies, labelled by those who watched them: changes
// are found, and what is none is not.
func TestAgencyPages(t *testing.T) {
	pages := readings(t, "edgi", func(string) bool { return true })
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
		t.Logf("%s (%s): %s %v, %s", p.ID, p.Expected, v.Class, v.Kinds, v.Summary)
		if p.Expected == "no_change" && v.Class != statement.ClassNone {
			t.Errorf("%s: %s, expected %s: %v", p.ID, v.Class, p.Expected, v.Reasons)
		}
	}
	if found < 2 { // of the third, only a link went: "View this Dataset"
		t.Errorf("%d of %d changes found", found, changed)
	}
}
