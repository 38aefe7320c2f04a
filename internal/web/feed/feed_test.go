package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/internal/web/api"
	"volteface/state"
	"volteface/state/sqlite"
)

var noon = time.Date(2022, 11, 5, 12, 0, 0, 0, time.UTC)

const hostile = `]]></content><script>alert(1)</script>"'&<b>` + "\x00\x01\u202e" + `{{.}}`

type office struct{ store state.Store }

func (office) Catalogue() (map[string]statement.Source, error) {
	return map[string]statement.Source{
		"iran-mfa": {ID: "iran-mfa", URL: "https://mfa.example/", Issuer: statement.Issuer{ID: "ir_mfa", Name: "Iran MFA " + hostile, Government: "IR"}},
		"kremlin":  {ID: "kremlin", URL: "https://kremlin.example/", Issuer: statement.Issuer{ID: "ru_president", Name: "President of Russia", Government: "RU"}},
	}, nil
}

func (office) Topics() ([]statement.Topic, error) {
	return []statement.Topic{{ID: "drones", Name: hostile, Terms: []string{"drone*"}}}, nil
}

func (o office) Composer() (*alert.Composer, error) {
	all, _ := o.Catalogue()
	topics, _ := o.Topics()
	return &alert.Composer{Memory: o.store, Topics: topics, PublicURL: "https://desk.example", Source: func(id string) (statement.Source, bool) { s, ok := all[id]; return s, ok }}, nil
}

type desk struct {
	*testing.T
	store   *sqlite.Store
	handler http.Handler
}

func open(t *testing.T) *desk {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d := &desk{T: t, store: store}
	d.handler = New(Options{
		Store: store, Office: office{store}, Clock: clock.StoppedAt(noon), PublicURL: "https://desk.example/", Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Authorize: func(r *http.Request) (api.Caller, error) {
			if r.Header.Get("Authorization") != "Bearer secret" {
				return api.Caller{}, errors.New("unknown key")
			}
			return api.Caller{Scope: api.Read}, nil
		},
		Saved: func(_ context.Context, id string) (Search, error) {
			if id != "mine" {
				return Search{}, statement.ErrNotFound
			}
			return Search{ID: id, Name: "Mine", Query: "drones"}, nil
		},
	})
	d.say("s-1", "iran-mfa", "We have sent no drones.", statement.New)
	d.say("s-2", "kremlin", "On the harvest.", statement.New)
	d.say("s-1", "iran-mfa", "We have sent a few drones.", statement.Changed)
	d.update(func(tx state.Tx) error {
		_, err := tx.AddEvent(statement.Event{At: noon, State: statement.Turned, Source: "iran-mfa", Statement: "s-1", Revision: 1, Reversal: &statement.Reversal{
			ID: "f1", Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Topic: "drones", TopicName: hostile, Explanation: hostile,
			Before: statement.Quote{Statement: "s-1", Text: hostile, URL: "https://mfa.example/s-1"}, After: statement.Quote{Statement: "s-1", Text: hostile, URL: "javascript:alert(1)"},
		}})
		return err
	})
	if err := store.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) update(fn func(state.Tx) error) {
	d.Helper()
	if err := d.store.Update(d.Context(), fn); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) say(id, source, body string, is statement.State) {
	d.Helper()
	d.update(func(tx state.Tx) error {
		st, err := tx.Statement(id)
		if errors.Is(err, statement.ErrNotFound) {
			st, err = statement.Statement{ID: id, Source: source, URL: "https://mfa.example/" + id, Title: id + " " + hostile, FirstSeen: noon, Speakers: []string{hostile}}, nil
		}
		st.Revision++
		r := statement.Revision{Statement: id, N: st.Revision, Title: st.Title, Body: body + "\n\n" + hostile, SeenAt: noon.Add(time.Duration(st.Revision) * time.Minute), Language: "en"}
		if err = errors.Join(err, tx.PutStatement(st), tx.PutRevision(r)); err == nil {
			_, err = tx.AddEvent(statement.Event{At: noon.Add(time.Duration(st.Revision) * time.Minute), State: is, Source: source, Statement: id, Revision: st.Revision, Reason: hostile})
		}
		return err
	})
}

func (d *desk) ask(path string, header ...string) *http.Response {
	d.Helper()
	r := httptest.NewRequest("GET", "http://inside:8080"+path, nil)
	r.Header.Set("Authorization", "Bearer secret")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result()
}

func (d *desk) parsed(path string) *gofeed.Feed {
	d.Helper()
	r := d.ask(path)
	content, _ := io.ReadAll(r.Body)
	if r.StatusCode != 200 {
		d.Fatalf("%s: %d %s", path, r.StatusCode, content)
	}
	f, err := gofeed.NewParser().ParseString(string(content))
	if err != nil {
		d.Fatalf("%s: %v in %s", path, err, content)
	}
	return f
}

// Both forms of every feed are read by another's parser, and hold the same entries under the same names, which stay.
func TestFeeds(t *testing.T) {
	d := open(t)
	for path, want := range map[string]int{
		"/feeds/all": 4, "/feeds/findings": 1, "/feeds/kind/new": 2, "/feeds/issuer/ir_mfa": 3, "/feeds/source/kremlin": 1, "/feeds/topic/drones": 3, "/feeds/statement/s-1": 3,
		"/feeds/search/mine": 1, "/feeds/search": 1,
	} {
		query := map[bool]string{true: "?q=drones"}[path == "/feeds/search"]
		atom, plain := d.parsed(path+".atom"+query), d.parsed(path+".json"+query)
		if len(atom.Items) != want || len(plain.Items) != want {
			t.Errorf("%s has %d and %d entries, not %d", path, len(atom.Items), len(plain.Items), want)
			continue
		}
		if atom.FeedLink != "https://desk.example"+path+".atom"+query || plain.FeedLink != "https://desk.example"+path+".json"+query || atom.Link != "https://desk.example/" {
			t.Errorf("%s is at %q, %q, of %q", path, atom.FeedLink, plain.FeedLink, atom.Link)
		}
		if atom.UpdatedParsed == nil || atom.Title == "" {
			t.Errorf("%s: %q, updated %q", path, atom.Title, atom.Updated)
		}
		for i, it := range atom.Items {
			if it.GUID == "" || it.GUID != plain.Items[i].GUID || !strings.HasPrefix(it.GUID, "urn:uuid:") || it.UpdatedParsed == nil || it.PublishedParsed == nil {
				t.Errorf("%s: entry %d is %q and %q, updated %q", path, i, it.GUID, plain.Items[i].GUID, it.Updated)
			}
			if strings.Contains(it.Content, "<script") || strings.ContainsAny(it.Content+it.Title, "\x00\x01\u202e") || strings.HasPrefix(it.Link, "javascript:") {
				t.Errorf("%s: entry %d is not fit to be shown: %q %q %q", path, i, it.Title, it.Link, it.Content)
			}
		}
	}
	before := ids(d.parsed("/feeds/all.atom"))
	d.say("s-3", "kremlin", "More.", statement.New)
	after := ids(d.parsed("/feeds/all.atom"))
	if len(after) != 5 || !slices.Equal(after[1:], before) {
		t.Errorf("entries change their names: %q, then %q", before, after)
	}
}

func ids(f *gofeed.Feed) (ids []string) {
	for _, it := range f.Items {
		ids = append(ids, it.GUID)
	}
	return ids
}

// What has not changed is not sent again.
func TestConditional(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/feeds/all.atom", "/feeds/all.json", "/feeds/search/mine.atom"} {
		first := d.ask(path)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		for _, header := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", modified}} {
			r := d.ask(path, header...)
			if body, _ := io.ReadAll(r.Body); r.StatusCode != 304 || len(body) > 0 {
				t.Errorf("%s with %s: %d, %d bytes", path, header, r.StatusCode, len(body))
			}
		}
		d.say("s-1", "iran-mfa", fmt.Sprintf("We have sent %s drones.", path), statement.Changed)
		for _, header := range [][]string{{"If-None-Match", tag}, {"If-None-Match", tag, "If-Modified-Since", time.Now().UTC().Format(http.TimeFormat)}, {"If-Modified-Since", modified}} {
			if r := d.ask(path, header...); r.StatusCode != 200 {
				t.Errorf("%s has changed, and with %s: %d", path, header, r.StatusCode)
			}
		}
	}
}

// Who may not read is asked for a key; a feed reader sends it as a password.
func TestKeys(t *testing.T) {
	d := open(t)
	for _, header := range []string{"", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc=", "Basic !!!"} {
		r := d.ask("/feeds/all.atom", "Authorization", header)
		if r.StatusCode != 401 || !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Basic") {
			t.Errorf("%q: %d, %q", header, r.StatusCode, r.Header.Get("WWW-Authenticate"))
		}
	}
	r := httptest.NewRequest("GET", "/feeds/all.atom", nil)
	r.SetBasicAuth("anybody", "secret")
	w := httptest.NewRecorder()
	if d.handler.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("a key as a password: %d", w.Code)
	}
}

// What is not there is told in words, as text that nothing takes for a page.
func TestNothing(t *testing.T) {
	d := open(t)
	for path, says := range map[string]string{
		"/feeds/al.atom": `did you mean "all"`, "/feeds/all.rss": ".atom or .json", "/feeds/issuer/ir_mfaa.atom": `did you mean "ir_mfa"`, "/feeds/topic/drone.json": `did you mean "drones"`,
		"/feeds/source/%3Cscript%3E.atom": "no source", "/feeds/statement/zzz.atom": "no statement", "/feeds/search/other.atom": "ot found", "/feeds/kind/news.atom": `did you mean "new"`,
		"/feeds/": "no such feed", "/feeds/source/..%2f..%2fx.atom": "no source",
	} {
		r := d.ask(path)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != 404 || !strings.Contains(string(body), says) || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %q %s", path, r.StatusCode, r.Header.Get("Content-Type"), body)
		}
	}
	if r := d.ask("/feeds/search.atom?q=%22"); r.StatusCode != 400 {
		t.Errorf("words that are none: %d", r.StatusCode)
	}
	if r := d.ask("/feeds/search.atom?q=" + strings.Repeat("x", 2000)); r.StatusCode != 400 {
		t.Errorf("words without end: %d", r.StatusCode)
	}
	var doc map[string]any
	body, _ := io.ReadAll(d.ask("/feeds/kind/moved.json").Body)
	if err := json.Unmarshal(body, &doc); err != nil || doc["items"] == nil {
		t.Errorf("a feed of nothing: %v, %s", err, body)
	}
}
