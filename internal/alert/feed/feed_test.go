package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// past is what happened, and what it happened to.
type past struct{ events []statement.Event }

func (p *past) Events(_ context.Context, after int64, limit int) (found []statement.Event, _ error) {
	for _, ev := range p.events {
		if ev.ID > after && len(found) < limit {
			found = append(found, ev)
		}
	}
	return found, nil
}

func (p *past) Event(_ context.Context, id int64) (statement.Event, error) {
	return p.events[id-1], nil
}

func (p *past) MachineText(context.Context, string) (statement.MachineText, error) {
	return statement.MachineText{}, statement.ErrNotFound
}

func (p *past) Statement(_ context.Context, id string) (statement.Statement, error) {
	return statement.Statement{ID: id, URL: "https://mid.example/" + id}, nil
}

func (p *past) Revision(_ context.Context, id string, n int) (statement.Revision, error) {
	return statement.Revision{Title: "<b>On drones</b> \x01 بیان " + id, Body: "Text of drones ]]> <script>alert(1)</script>\n\nMore.", Language: "fa", N: n}, nil
}

func (p *past) SourceStatus(context.Context, string) (statement.SourceStatus, error) {
	return statement.SourceStatus{}, nil
}

func (p *past) Notice(context.Context, int64) (statement.Notice, error) {
	return statement.Notice{}, statement.ErrNotFound
}

func (p *past) Members(context.Context, int64, int) ([]statement.Alert, error) { return nil, nil }
func (p *past) Shares(context.Context, int64) ([]statement.Share, error)       { return nil, nil }

func (p *past) happen(n int, state statement.State, source string) {
	for range n {
		id := int64(len(p.events) + 1)
		p.events = append(p.events, statement.Event{ID: id, At: time.Date(2022, 11, 5, 9, 0, int(id), 0, time.UTC), State: state, Source: source, Statement: fmt.Sprintf("statement%d", id), Revision: 2})
	}
}

func TestUpdate(t *testing.T) {
	p := &past{}
	composer := &alert.Composer{
		Memory: p, Topics: []statement.Topic{{ID: "drones", Name: "drone supply", Terms: []string{"drones"}}, {ID: "../evil", Name: "x", Terms: []string{"drones"}}},
		Source: func(id string) (statement.Source, bool) {
			return statement.Source{ID: id, URL: "https://mid.example/", Issuer: statement.Issuer{ID: id + "_mfa", Name: "Ministry"}}, true
		},
	}
	f := Folder{Path: filepath.Join(t.TempDir(), "feeds"), URL: "https://watch.example/feeds"}
	update := func() int {
		t.Helper()
		n, err := f.Update(t.Context(), p, composer, func(id string) string { return "Name of " + id })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.happen(3, statement.New, "mid")
	p.happen(2, statement.Changed, "president")
	p.events[1].Baseline = true
	if n := update(); n != 4 {
		t.Errorf("%d events told", n)
	}
	if n := update(); n != 0 {
		t.Errorf("%d events told again", n)
	}
	p.happen(150, statement.Removed, "mid")
	if n := update(); n != 150 {
		t.Errorf("%d events told", n)
	}
	for name, want := range map[string]int{
		"all": 100, "kind/new": 2, "kind/edited": 2, "kind/removed": 100, "issuer/mid_mfa": 100, "issuer/president_mfa": 2, "topic/drones": 100,
	} {
		for _, form := range []string{".atom", ".json"} {
			content, err := os.ReadFile(filepath.Join(f.Path, name+form))
			if err != nil {
				t.Fatal(err)
			}
			feed, err := gofeed.NewParser().ParseString(string(content))
			if err != nil || len(feed.Items) != want {
				t.Fatalf("%s%s: %v, %d entries, want %d", name, form, err, len(feed.Items), want)
			}
			first := feed.Items[0]
			if first.GUID == "" || !strings.HasPrefix(first.Link, "https://mid.example/statement") || !strings.Contains(first.Title, "<b>On drones</b> بیان") {
				t.Errorf("%s%s: %+v", name, form, first)
			}
			if text := first.Content; strings.Contains(text, "<script>") || !strings.Contains(text, "&lt;script&gt;") && !strings.Contains(name, "edited") && !strings.Contains(name, "president") {
				t.Errorf("%s%s: %q", name, form, text)
			}
			if feed.FeedLink != "https://watch.example/feeds/"+name+form {
				t.Errorf("%s%s: its own address is %q", name, form, feed.FeedLink)
			}
		}
	}
	if entries, _ := filepath.Glob(filepath.Join(f.Path, "*", ".new-*")); len(entries) > 0 {
		t.Errorf("left over: %q", entries)
	}
	if _, err := os.Stat(filepath.Join(f.Path, "..", "evil.json")); err == nil {
		t.Error("a name led out of the folder")
	}
	// Damaged files, and a position that is gone, are made good.
	for _, name := range []string{"all.json", position} {
		if err := os.WriteFile(filepath.Join(f.Path, name), []byte("{"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	update()
	var doc Document
	content, err := os.ReadFile(filepath.Join(f.Path, "all.json"))
	if err != nil || json.Unmarshal(content, &doc) != nil || len(doc.Items) != 100 || doc.Items[0].Own.Event != 155 {
		t.Errorf("%v, %d items", err, len(doc.Items))
	}
	ids := map[string]bool{}
	for _, i := range doc.Items {
		if ids[i.ID] {
			t.Errorf("%s is there twice", i.ID)
		}
		ids[i.ID] = true
	}
}
