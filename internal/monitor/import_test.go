package monitor

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

// archive is a line for each path, in the words of the pages of a press.
func (p *press) archive(paths ...string) string {
	var b strings.Builder
	for _, path := range paths {
		fmt.Fprintf(&b, `{"source":"press","url":"%s%s","title":"Title","published":"2022-10-05","text":"Text of %s."}`+"\n", p.URL, path, path)
	}
	return b.String()
}

func (p *press) take(archive io.Reader, change func(*ImportOptions)) (Imported, []string) {
	p.t.Helper()
	var rejected []string
	o := ImportOptions{
		Source: func(id string) (statement.Source, bool) { return p.source(nil), id == "press" },
		Reject: func(line int, reason error) { rejected = append(rejected, fmt.Sprintf("%d: %v", line, reason)) },
	}
	if change != nil {
		change(&o)
	}
	count, err := p.Import(p.t.Context(), archive, o)
	p.must(err)
	return count, rejected
}

func everything() alert.Rule {
	return alert.Rule{Events: []string{"new", "changed", "missing"}, To: []string{"desk@news.example"}}
}

func TestImport(t *testing.T) {
	p := newPress(t, everything())
	archive := p.archive("/a", "/b") + "\n" + `{"source":"press","url":"nowhere","text":"x"}` + "\n" + `{"source":"other","url":"http://a.example/","text":"x"}` + "\n" +
		`{"url":"http://a.example/","text":"x"}` + "\n" + p.archive("/a", "/c")
	count, rejected := p.take(strings.NewReader(archive), nil)
	if count.Lines != 7 || count.New != 3 || count.Known != 1 || count.Rejected != 3 || count.Bytes != int64(len(archive)) {
		t.Errorf("%+v", count)
	}
	if want := `4: "nowhere" is not an http or https address|5: there is no source "other"|6: no source`; strings.Join(rejected, "|") != want {
		t.Errorf("rejected %q, want %q", rejected, want)
	}
	for _, st := range p.statements() {
		r, err := p.store.Revision(t.Context(), st.ID, 0)
		p.must(err)
		path := strings.TrimPrefix(st.URL, p.URL)
		if !st.Imported() || !st.NextCheck.IsZero() || r.Body != "Text of "+path+"." || st.Published.String() != "2022-10-05" || st.TextHash != r.Hash {
			t.Errorf("%+v\n%+v", st, r)
		}
		body, err := p.Blobs.Get(t.Context(), r.Snapshot)
		p.must(err)
		if string(body) != archive {
			t.Error("the lines were not kept as they are")
		}
	}
	// Nothing of it is news, and a dry run changes nothing.
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(events)+len(alerts) != 0 {
		t.Errorf("events %+v, alerts %+v", events, alerts)
	}
	count, _ = p.take(strings.NewReader(p.archive("/a", "/d")), func(o *ImportOptions) { o.DryRun = true })
	if count.New != 1 || count.Known != 1 || len(p.statements()) != 3 {
		t.Errorf("dry run: %+v, %d statements", count, len(p.statements()))
	}
	// All of them put to one source, the rejected ones of an unknown source are
	// taken in after all.
	count, rejected = p.take(strings.NewReader(archive), func(o *ImportOptions) { o.Into = "press" })
	if count.New != 1 || count.Rejected != 1 || len(rejected) != 1 {
		t.Errorf("into one source: %+v, %q", count, rejected)
	}
	// Extracting again finds the lines.
	again, err := p.Reextract(t.Context(), p.source(nil), nil)
	p.must(err)
	if again.Revisions != 4 || again.Different+again.Failed != 0 {
		t.Errorf("extracted again: %+v", again)
	}
}

// An archive of several batches that stops in the middle is gone on with.
func TestImportGoesOn(t *testing.T) {
	p := newPress(t)
	var paths []string
	for n := range 40 {
		paths = append(paths, fmt.Sprintf("/%d-%s", n, strings.Repeat("x", 80<<10)))
	}
	archive := p.archive(paths...)
	broken := io.MultiReader(strings.NewReader(archive[:len(archive)*2/3]), failing{})
	count, err := p.Import(t.Context(), broken, ImportOptions{Source: func(string) (statement.Source, bool) { return p.source(nil), true }})
	if err == nil || !strings.Contains(err.Error(), "the disk is gone") || count.New == 0 || count.New >= 40 {
		t.Fatalf("%+v, %v", count, err)
	}
	rest, _ := p.take(strings.NewReader(archive), nil)
	if rest.Lines != 40 || rest.New+rest.Known != 40 || rest.Known != count.New || len(p.statements()) != 40 {
		t.Errorf("gone on with: %+v after %+v", rest, count)
	}
	all, _ := p.take(strings.NewReader(archive), nil)
	if all.Known != 40 || all.Lines != 40 {
		t.Errorf("known: %+v", all)
	}
	grown, _ := p.take(strings.NewReader(archive+p.archive("/more")), nil)
	if grown.Known != 40 || grown.New != 1 {
		t.Errorf("grown: %+v", grown)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestImportBoundsLines(t *testing.T) {
	p := newPress(t)
	long := `{"source":"press","url":"http://a.example/","text":"` + strings.Repeat("x", maxLine) + `"}`
	count, rejected := p.take(strings.NewReader(p.archive("/a")+long+"\n"+p.archive("/b")), nil)
	if count.New != 2 || len(rejected) != 1 || rejected[0] != "2: longer than 16 MiB" {
		t.Errorf("%+v %q", count, rejected)
	}
}

// What was imported and turns up on the site is read, and that is no news.
func TestImportedThenRead(t *testing.T) {
	p := newPress(t, everything())
	p.take(strings.NewReader(p.archive("/a", "/b", "/gone", "/unlisted")), func(o *ImportOptions) { o.Recheck = false })
	p.page("/a", "Title", "Text of /a.", "")
	p.page("/b", "Title", "Text of /b, amended.", "")
	p.page("/unlisted", "Title", "Text of /unlisted.", "")
	p.page("/new", "New", "A new text.", "")
	p.list("/", "/new", "/b", "/a")
	src := p.source(nil)
	p.expect("first visit", p.visit(src, Options{Recheck: RecheckAll}), "UNCHANGED /a", "UNCHANGED /b", "NEW /new")
	for _, st := range p.statements() {
		path := strings.TrimPrefix(st.URL, p.URL)
		revisions := 1
		if path == "/b" {
			revisions = 2
		}
		if st.Revision != revisions || st.Imported() != (path == "/gone" || path == "/unlisted") {
			t.Errorf("%s: revision %d, %s", path, st.Revision, st.Path)
		}
	}
	// From now on an edit of them is news.
	p.clock.Sleep(t.Context(), 24*time.Hour)
	p.page("/a", "Title", "Text of /a, amended.", "")
	p.expect("second visit", p.visit(src, Options{Recheck: RecheckDue}), "CHANGED /a", "UNCHANGED /b", "UNCHANGED /new")
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	if len(events) != 2 {
		t.Errorf("%+v", events)
	}
}

func TestImportedAndRecheckedOnRequest(t *testing.T) {
	p := newPress(t, everything())
	p.take(strings.NewReader(p.archive("/a", "/gone", "/moved")), func(o *ImportOptions) { o.Recheck = true })
	p.page("/a", "Title", "Text of /a.", "")
	p.on("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/home", http.StatusMovedPermanently)
	})
	p.page("/home", "Home", "Welcome to the ministry.", "")
	p.list("/", "/a")
	p.expect("visit", p.visit(p.source(nil), Options{Recheck: RecheckDue}), "UNCHANGED /a", "MISSING /gone", "MISSING /moved")
	events, err := p.store.Events(t.Context(), 0, 0)
	p.must(err)
	if len(events) != 0 {
		t.Errorf("news: %+v", events)
	}
}
