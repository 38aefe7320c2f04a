package api

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
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/diff"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
	"volteface/state/sqlite"
)

var noon = time.Date(2022, 11, 5, 12, 0, 0, 0, time.UTC)

// hostile is what a page may say wherever it says anything.
const hostile = `</script><script>alert(1)</script>"'&<b>` + "\x00\u202e\u2028" + `{{.}} ; DROP TABLE statements; -- ../../etc/passwd`

// desk is an API over a store of its own.
type desk struct {
	*testing.T
	store   *sqlite.Store
	office  *office
	handler http.Handler
	options Options
}

// office is what the command line has in the program itself.
type office struct {
	store    state.Store
	attended bool
	retried  []int64
}

func (o *office) Catalogue() (map[string]statement.Source, error) {
	on := true
	return map[string]statement.Source{
		"iran-mfa": {ID: "iran-mfa", Issuer: statement.Issuer{ID: "ir_mfa", Name: hostile, Government: "IR"}, Enabled: &on},
		"kremlin":  {ID: "kremlin", Issuer: statement.Issuer{ID: "ru_president", Name: "President of Russia", Government: "RU"}, Enabled: &on},
	}, nil
}

func (o *office) Sources(ctx context.Context, ids []string) (all []wire.Source, _ error) {
	catalogue, _ := o.Catalogue()
	pauses, err := o.store.Pauses(ctx, noon)
	if err != nil {
		return nil, err
	}
	defer func() {
		for i := range all {
			for _, p := range pauses {
				if p.Source == all[i].ID {
					all[i].PausedSince, all[i].PausedUntil, all[i].PausedBy, all[i].PauseReason = wire.Moment(p.Since), wire.Moment(p.Until), p.By, p.Reason
				}
			}
		}
	}()
	for _, id := range keys(catalogue) {
		if len(ids) == 0 || ids[0] == id {
			all = append(all, wire.Source{ID: id, Issuer: catalogue[id].Issuer.Name, Enabled: true, Tags: []string{}, NextVisits: []string{}, Days: []wire.Day{}, Troubles: []wire.Trouble{}, Quiet: []wire.Quiet{}})
		}
	}
	return all, nil
}

func (o *office) Topics() ([]statement.Topic, error) {
	return []statement.Topic{{ID: "drones", Name: hostile, Terms: []string{"drone*"}, Propositions: []statement.Proposition{{ID: "supplied", Text: "Iran supplied drones to Russia."}}}}, nil
}

func (o *office) EditReader() (diff.Reader, error) { return nil, nil }
func (o *office) Attended() bool                   { return o.attended }

func (o *office) Alert(ctx context.Context, id int64) (wire.ShownAlert, error) {
	found, err := o.store.Alerts(ctx, state.AlertFilter{IDs: []int64{id}})
	if err != nil || len(found) == 0 {
		return wire.ShownAlert{}, errors.Join(err, statement.ErrNotFound)
	}
	return wire.ShownAlert{Alert: wire.AlertOf(found[0]), Subject: hostile}, nil
}

func (o *office) Mute(ctx context.Context, subject string, until time.Time) (int, error) {
	return 1, o.store.PutMute(ctx, statement.Mute{Subject: subject, Since: noon, Until: until})
}

func (o *office) Unmute(ctx context.Context, subject string) (int, error) {
	return 1, o.store.DropMute(ctx, subject)
}

func (o *office) Retry(_ context.Context, ids []int64) error { o.retried = ids; return nil }

// archive has one capture.
type archive struct{}

func (archive) Get(_ context.Context, sha256 string) ([]byte, error) { return []byte(hostile), nil }

// open makes an API over a store with a little of everything in it. Keys are the names of scopes.
func open(t *testing.T) *desk {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d := &desk{T: t, store: store, office: &office{store: store, attended: true}}
	d.options = Options{
		Store: store, Archive: archive{}, Office: d.office, Clock: clock.StartAt(noon), Version: "test", Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Monitor: &monitor.Monitor{Store: store, Clock: clock.StartAt(noon), Turns: func(context.Context, [][2]string) ([]bool, error) { return nil, nil }},
		Authorize: func(r *http.Request) (Caller, error) {
			key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok || rank[Scope(key)] == 0 {
				return Caller{}, errors.New("unknown key")
			}
			return Caller{ID: "p1", Name: "Nina", Scope: Scope(key)}, nil
		},
	}
	d.handler = New(d.options)
	for i := range 5 {
		d.say(fmt.Sprintf("s-%d", i), noon.Add(time.Duration(-i)*time.Hour))
	}
	d.find("f-1", "s-3", "s-1", 0.99)
	d.find("f-2", "s-4", "s-2", 0.99)
	d.find("f-3", "s-4", "s-2", 0.91)
	d.update(func(tx state.Tx) error {
		for i := range 5 {
			if _, err := tx.AddEvent(statement.Event{At: noon, State: statement.Changed, Source: "iran-mfa", Statement: "s-1", Revision: 2, Reason: hostile, Class: statement.ClassSubstantive, Kinds: []statement.EditKind{statement.KindNumber}, Importance: 2}); err != nil {
				return err
			}
			if err := tx.Enqueue(statement.Alert{Key: fmt.Sprint(i), Rule: hostile, Kind: statement.AlertEvent, Event: 1, Source: "iran-mfa", Channel: "email", Recipient: "desk@news.example", State: statement.Sent, CreatedAt: noon, LastError: hostile}); err != nil {
				return err
			}
			if err := tx.PutStance(state.Stance{Topic: "drones", Proposition: "supplied", Statement: "s-1", Revision: 1, Source: "iran-mfa", Issuer: "ir_mfa", Said: noon.Add(time.Duration(i/2) * time.Hour), Stance: "denies", Sure: 0.9, Speaker: hostile, Sentence: hostile, Span: statement.Span{Start: i, End: i + 1}}); err != nil {
				return err
			}
		}
		if _, err := tx.AddEvent(statement.Event{At: noon, State: statement.Faulted, Source: "kremlin", Reason: "no answer"}); err != nil {
			return err
		}
		return tx.PutPlan(state.Plan{Source: "iran-mfa", NextVisit: noon.Add(time.Hour)})
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

// say keeps a statement of two revisions.
func (d *desk) say(id string, at time.Time) {
	d.Helper()
	date := statement.Date{Time: at, HasTime: true, Raw: hostile}
	hash := statement.SHA256([]byte(id))
	d.update(func(tx state.Tx) error {
		err := tx.PutStatement(statement.Statement{ID: id, Source: "iran-mfa", URL: "https://mfa.example/" + id + "?" + hostile, Title: hostile, Published: date, Language: "en-GB", Revision: 2, FirstSeen: at, Speakers: []string{hostile}})
		for n := 1; n <= 2 && err == nil; n++ {
			err = tx.PutRevision(statement.Revision{Statement: id, N: n, Title: hostile, Body: fmt.Sprintf("We have not sent %d drones. %s", n*100, hostile), Published: date, Hash: hash, Snapshot: hash, SeenAt: at, Language: "en"})
		}
		return errors.Join(err, tx.PutEdit(statement.Edit{Statement: id, From: 1, To: 2, At: at, Summary: hostile, Judgement: statement.Judgement{Class: statement.ClassSubstantive, Importance: 2}}),
			tx.PutSnapshot(statement.Snapshot{Statement: id, SHA256: hash, URL: "https://mfa.example/", FinalURL: "https://mfa.example/", Status: 200, Size: 9, FetchedAt: at, Header: http.Header{"Content-Type": {"text/html"}}}))
	})
}

func (d *desk) find(id, before, after string, score float64) {
	d.Helper()
	d.update(func(tx state.Tx) error {
		_, err := tx.PutReversal(state.Finding{
			Reversal: statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Score: score, Explanation: hostile,
				Before: statement.Quote{Statement: before, Text: hostile}, After: statement.Quote{Statement: after, Text: hostile, Published: statement.Date{Time: noon, HasTime: true}}},
			Source: "iran-mfa", Government: "IR", FoundAt: noon,
		})
		return err
	})
}

// ask makes a request with the key of a scope.
func (d *desk) ask(scope Scope, method, path, content string, header ...string) *http.Response {
	d.Helper()
	r := httptest.NewRequest(method, "http://desk.example"+Root+path, strings.NewReader(content))
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+string(scope))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Result()
}

// get reads a record.
func get[T any](d *desk, path string) (x T) {
	d.Helper()
	r := d.ask(Read, http.MethodGet, path, "")
	content, _ := io.ReadAll(r.Body)
	if r.StatusCode != http.StatusOK {
		d.Fatalf("GET %s: %d %s", path, r.StatusCode, content)
	}
	if err := json.Unmarshal(content, &x); err != nil {
		d.Fatalf("GET %s: %v in %s", path, err, content)
	}
	return x
}

// problem reads what was refused.
func (d *desk) problem(r *http.Response) Problem {
	d.Helper()
	var p Problem
	content, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(content, &p); err != nil {
		d.Errorf("%d: %v in %q", r.StatusCode, err, content)
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/problem+json" {
		d.Errorf("%d comes as %q: %s", r.StatusCode, kind, content)
	}
	if p.Status != r.StatusCode || p.Title == "" || p.Detail == "" || kinds[strings.TrimPrefix(p.Type, "urn:volteface:problem:")] == "" {
		d.Errorf("a problem without its parts: %s", content)
	}
	return p
}
