package web

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// evil is what a page may say wherever it says anything.
const evil = `</title><script>alert(1)</script>"'&<b onclick=x>` + "\x00\u202e{{.}}"

// counter is what commands do, with little in it.
type counter struct {
	sources
	store    state.Store
	attended bool
	retried  [][]int64
	fault    string
}

func (c *counter) Catalogue() (map[string]statement.Source, error) {
	all := map[string]statement.Source{}
	for _, s := range c.sources {
		all[s.ID] = s
	}
	return all, nil
}

func (c *counter) Topics() ([]statement.Topic, error) { return c.sources.Topics(), nil }

func (c *counter) Sources(ctx context.Context, ids []string) (all []wire.Source, err error) {
	pauses, err := c.store.Pauses(ctx, noon)
	for _, s := range c.sources {
		if len(ids) > 0 && ids[0] != s.ID {
			continue
		}
		x := wire.Source{ID: s.ID, Issuer: s.Issuer.Name, URL: "javascript:alert(1)", Enabled: true, Statements: 3, Fault: c.fault, Faults: len(c.fault), FaultSince: "2022-11-05T08:00:00Z",
			NextVisits: []string{"2022-11-05T13:00:00Z"}, Days: []wire.Day{{Day: "2022-11-04", Visits: 2, New: 3}, {Day: "2022-11-05", Visits: 1, Failed: 1}}, Tags: []string{"mfa"},
			Troubles: []wire.Trouble{{URL: evil, Reason: evil, Since: "2022-11-05T08:00:00Z"}}, Quiet: []wire.Quiet{{Example: evil}}}
		for _, p := range pauses {
			if p.Source == s.ID {
				x.PausedSince, x.PausedUntil, x.PausedBy, x.PauseReason = wire.Moment(p.Since), wire.Moment(p.Until), p.By, p.Reason
			}
		}
		all = append(all, x)
	}
	return all, err
}

func (c *counter) EditReader() (diff.Reader, error) { return nil, nil }
func (c *counter) Attended() bool                   { return c.attended }
func (c *counter) Composer() (*alert.Composer, error) {
	return &alert.Composer{Memory: c.store, Source: c.Source}, nil
}

func (c *counter) Alert(ctx context.Context, id int64) (wire.ShownAlert, error) {
	found, err := c.store.Alerts(ctx, state.AlertFilter{IDs: []int64{id}})
	if err != nil || len(found) == 0 {
		return wire.ShownAlert{}, statement.ErrNotFound
	}
	return wire.ShownAlert{Alert: wire.AlertOf(found[0]), Subject: evil, Text: evil + "\n" + evil}, nil
}

func (c *counter) Mute(ctx context.Context, subject string, until time.Time) (int, error) {
	return 0, c.store.PutMute(ctx, statement.Mute{Subject: subject, Since: noon, Until: until})
}

func (c *counter) Unmute(ctx context.Context, subject string) (int, error) {
	return 0, c.store.DropMute(ctx, subject)
}

func (c *counter) Retry(_ context.Context, ids []int64) error {
	c.retried = append(c.retried, ids)
	return nil
}

func (c *counter) Rules() []alert.Rule {
	return []alert.Rule{{Name: evil, Events: []string{"reversal", "edited"}, Topics: []string{"drones"}, To: []string{"desk@news.example"}, Digest: "daily 08:00"}}
}

// openRooms opens a desk with something in every room.
func openRooms(t *testing.T) (*fixture, *counter) {
	t.Helper()
	c := &counter{attended: true, fault: "blocked: 403 " + evil}
	f := open(t, func(o *Options) {
		c.sources, c.store = o.Defined.(sources), o.Store
		c.sources[0].Issuer.Name = evil
		o.Office = c
	})
	f.update(func(tx state.Tx) error {
		st := statement.Statement{ID: "s1", Source: "iran-mfa", URL: "https://mfa.example/1", Title: evil, Published: statement.Date{Time: noon, HasTime: true}, Revision: 1, FirstSeen: noon, Language: "fa"}
		if err := tx.PutStatement(st); err != nil {
			return err
		}
		if err := tx.PutRevision(statement.Revision{Statement: "s1", N: 1, Title: evil, Body: "We sent no drones. " + evil, SeenAt: noon}); err != nil {
			return err
		}
		for i, stance := range []string{"denies", "affirms", "qualifies", "denies"} {
			if err := tx.PutStance(state.Stance{Topic: "drones", Proposition: "p", Statement: "s1", Revision: 1, Source: "iran-mfa", Issuer: "ir_mfa", Said: noon.AddDate(0, -i, 0), Stance: stance, Speaker: evil, Sentence: evil, Span: statement.Span{Start: i, End: i + 1}}); err != nil {
				return err
			}
		}
		if _, err := tx.AddEvent(statement.Event{At: noon, State: statement.Changed, Source: "iran-mfa", Statement: "s1", Revision: 1, Reason: evil}); err != nil {
			return err
		}
		if err := tx.PutPlan(state.Plan{Source: "iran-mfa", NextVisit: noon.Add(time.Hour)}); err != nil {
			return err
		}
		return tx.Enqueue(statement.Alert{Key: "k", Rule: evil, Kind: statement.AlertEvent, Event: 1, Source: "iran-mfa", Channel: "email", Recipient: evil, State: statement.Pending, CreatedAt: noon, NextAttempt: noon, LastError: evil})
	})
	return f, c
}

var picture = regexp.MustCompile(`(?s)<svg.*?</svg>`)

// Every room shows what is there, whatever it says, and nothing of it becomes more than text.
func TestRooms(t *testing.T) {
	f, _ := openRooms(t)
	b := f.as(state.RoleAdmin)
	for path, says := range map[string][]string{
		"/positions":                       {"Drone supply", `href="/positions/drones"`},
		"/positions/drones":                {"Iran supplied drones to Russia.", `class="stance denies"`, `class="stance affirms"`, `class="stance qualifies"`, `href="/statements/s1?n=1#`, "<table>"},
		"/issuers":                         {`href="/issuers/ir_mfa"`},
		"/issuers/ir_mfa":                  {"1 statement", "<rect", "November 2022", `href="/statements/s1"`},
		"/search":                          {`role="search"`},
		"/search?q=drones":                 {`href="/statements/s1"`, "<b>drones</b>", "/feeds/search.atom?q=drones"},
		"/search?q=%22":                    {`role="alert"`},
		"/search?q=nothing":                {"Nothing that is kept"},
		"/search?q=drones&since=yesterday": {`role="alert"`, "write 2022-11-05"},
		"/sources":                         {"At fault", "The site turns programs away", `class="spark"`, "13:00"},
		"/sources?show=off":                {"None."},
		"/sources/iran-mfa":                {"Visit now", "Pause", "Pages that cannot be read"},
		"/alerts":                          {"desk@news.example of what is reversal or edited, about the topic drones, in a digest: daily 08:00.", "waits", "Send what waits now"},
		"/alerts?state=sent":               {"None."},
		"/alerts/1":                        {"Send it now", "As it would be worded now"},
	} {
		code, page, _ := b.get(path)
		if code != http.StatusOK {
			t.Errorf("%s: %d", path, code)
			continue
		}
		for _, s := range says {
			if !strings.Contains(page, s) {
				t.Errorf("%s does not say %q:\n%s", path, s, page)
			}
		}
		for _, bad := range []string{"<script>alert", "<b onclick", "javascript:", "\x00", "\u202e", "ZgotmplZ", " style="} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %q in it", path, bad)
			}
		}
		for _, svg := range picture.FindAllString(page, -1) {
			if err := xml.Unmarshal([]byte(strings.ReplaceAll(svg, "&#34;", "'")), new(struct{})); err != nil {
				t.Errorf("%s: a picture is not well formed: %v\n%s", path, err, svg)
			}
		}
	}
	for _, path := range []string{"/positions/nothing", "/issuers/nobody", "/sources/nothing", "/alerts/99", "/alerts/x", "/alerts/-1"} {
		if code, _, _ := b.get(path); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// fields are those of a form.
func fields(form string) (pairs []string) {
	values, _ := url.ParseQuery(form)
	for name := range values {
		pairs = append(pairs, name, values.Get(name))
	}
	return pairs
}

// What is done in a room is done, by those who may.
func TestDoing(t *testing.T) {
	f, c := openRooms(t)
	for role, want := range map[state.Role][3]int{"reader": {403, 403, 403}, "analyst": {303, 403, 303}, "admin": {303, 303, 303}} {
		b := f.as(role)
		for i, form := range []string{"/sources/iran-mfa do=visit", "/sources/iran-mfa do=pause&until=3d&reason=they+rebuild", "/alerts do=mute&subject=drones&until=8h"} {
			path, body, _ := strings.Cut(form, " ")
			if code, _, _ := b.post(path, fields(body)...); code != want[i] {
				t.Errorf("%s, %s: %d, not %d", role, form, code, want[i])
			}
		}
	}
	pauses, err := f.store.Pauses(t.Context(), noon)
	if err != nil || len(pauses) != 1 || pauses[0].By != "The admin" || pauses[0].Reason != "they rebuild" || !pauses[0].Until.Equal(noon.AddDate(0, 0, 3)) {
		t.Errorf("paused: %+v, %v", pauses, err)
	}
	b := f.as(state.RoleAdmin)
	for form, want := range map[string]int{
		"/sources/iran-mfa do=visit": 409, "/sources/iran-mfa do=pause&until=yesterday": 422, "/sources/iran-mfa do=x": 422, "/sources/nothing do=visit": 404,
		"/alerts do=mute&subject=nothing&until=8h": 422, "/alerts do=mute&subject=drones": 422, "/alerts do=x": 422, "/alerts do=unmute&subject=drones": 303, "/alerts do=retry&id=1": 303,
	} {
		path, body, _ := strings.Cut(form, " ")
		if code, _, _ := b.post(path, fields(body)...); code != want {
			t.Errorf("%s: %d, not %d", form, code, want)
		}
	}
	if fmt.Sprint(c.retried) != "[[1]]" {
		t.Errorf("sent again: %v", c.retried)
	}
	if code, _, _ := b.post("/sources/iran-mfa", "do", "resume"); code != 303 {
		t.Errorf("resume: %d", code)
	}
	if pauses, err := f.store.Pauses(t.Context(), noon); err != nil || len(pauses) > 0 {
		t.Errorf("it goes on: %+v, %v", pauses, err)
	}
}

// Marks of one lane that would cover each other stand apart, and a picture never holds more than can be told apart.
func TestLanes(t *testing.T) {
	var all []state.Stance
	for i := range 1000 {
		all = append(all, state.Stance{Issuer: fmt.Sprintf("i-%d", i%3), Said: noon.Add(time.Duration(i) * time.Hour), Stance: "denies"})
	}
	p := drawLanes(all, func(id string) string { return id }, func(state.Stance) mark { return mark{} })
	n := 0
	for _, l := range p.Lanes {
		n += len(l.Marks)
		for _, m := range l.Marks {
			if m.X < laneLeft || m.X > laneRight || m.Y < l.Top || m.Y > l.Top+laneHeight {
				t.Fatalf("a mark of %s stands outside of its lane: %+v", l.Name, m)
			}
		}
	}
	if n != mostMarks || p.Left != 600 || len(p.Lanes) != 3 {
		t.Errorf("%d marks in %d lanes, %d left out", n, len(p.Lanes), p.Left)
	}
	close := drawLanes(all[:6], func(id string) string { return id }, func(state.Stance) mark { return mark{} })
	seen := map[[2]int]bool{}
	for _, l := range close.Lanes {
		for _, m := range l.Marks {
			if seen[[2]int{m.X, m.Y}] {
				t.Errorf("two marks at %d, %d", m.X, m.Y)
			}
			seen[[2]int{m.X, m.Y}] = true
		}
	}
	for _, span := range []time.Duration{0, time.Hour, 5 * 24 * time.Hour, 60 * 24 * time.Hour, 400 * 24 * time.Hour, 30 * 365 * 24 * time.Hour} {
		if got := ticks(noon, noon.Add(span)); len(got) < 1 || len(got) > 8 {
			t.Errorf("%s has %d ticks", span, len(got))
		}
	}
}
