package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func events(t *testing.T, h *house) {
	var want []statement.Event
	h.update(func(tx state.Tx) error {
		for n := range 5 {
			e := sampleEvent("aa", n)
			if n == 3 {
				e.State, e.Reversal = statement.Turned, sampleReversal()
			}
			id, err := tx.AddEvent(e)
			if err != nil {
				return err
			}
			e.ID = id
			want = append(want, e)
		}
		return nil
	})
	for i := 1; i < len(want); i++ {
		if want[i].ID <= want[i-1].ID || want[0].ID < 1 {
			t.Fatalf("numbers do not rise: %d after %d", want[i].ID, want[i-1].ID)
		}
	}
	for _, test := range []struct {
		after int64
		limit int
		want  []statement.Event
	}{{0, 0, want}, {want[1].ID, 0, want[2:]}, {want[1].ID, 2, want[2:4]}, {0, 1, want[:1]}, {want[4].ID, 9, nil}} {
		got, err := h.Events(h.ctx, test.after, test.limit)
		h.must(err)
		h.same("events", got, test.want)
	}
	got, err := h.Event(h.ctx, want[3].ID)
	h.must(err)
	h.same("event", got, want[3])
}

// sampleReversal has every field filled.
func sampleReversal() *statement.Reversal {
	quote := func(n int) statement.Quote {
		return statement.Quote{
			Statement: "aa", Revision: n, Source: "iran-mfa", Issuer: "Iran MFA", Title: "On drones", URL: "https://en.mfa.example/aa",
			Published: statement.Date{Time: time.Date(2022, 10, 17, 0, 0, 0, 0, time.UTC), Raw: "2022-10-17"}, Speaker: "A Spokesman", Stance: "denied",
			Text: "A \"sentence\"\nof two lines.", Span: statement.Span{Start: 3, End: 20}, Flagged: statement.Span{Start: 1, End: 2}, Language: "en", Snapshot: hash("page"),
		}
	}
	return &statement.Reversal{
		ID: "r1", Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Kind: "denial", Score: 0.875, Topic: "drones", TopicName: "drone supply",
		Proposition: "Iran supplied drones", Before: quote(1), After: quote(2), Explanation: "because", Engine: "v1",
	}
}

// queue puts alerts into the outbox and gives them as they are there.
func (h *house) queue(alerts ...statement.Alert) []statement.Alert {
	h.Helper()
	h.update(func(tx state.Tx) error {
		for _, a := range alerts {
			if err := tx.Enqueue(a); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := h.Alerts(h.ctx, state.AlertFilter{})
	h.must(err)
	return got
}

func alerts(t *testing.T, h *house) {
	one, two := sampleAlert("one", 1), sampleAlert("two", 2)
	twice := sampleAlert("one", 7)
	twice.Recipient = "somebody else"
	got := h.queue(one, two, twice)
	if len(got) != 2 || got[0].ID == 0 || got[1].ID <= got[0].ID {
		t.Fatalf("of two keys came %d alerts: %+v", len(got), got)
	}
	one.ID, two.ID = got[0].ID, got[1].ID
	h.same("alerts", got, []statement.Alert{one, two})

	one.State, one.Attempts, one.NextAttempt, one.SentAt, one.LastError = statement.Sent, 4, time.Time{}, hours(8), ""
	changed := one
	changed.Recipient, changed.Key, changed.MessageID = "not to be written", "nor this", "nor that"
	h.must(h.SaveAlert(h.ctx, changed))
	again := h.queue(sampleAlert("one", 9)) // sent long ago, never queued again
	h.same("alerts after sending", again, []statement.Alert{one, two})
}

func alertsAreFiltered(t *testing.T, h *house) {
	var all []statement.Alert
	for i, st := range []statement.AlertState{statement.Pending, statement.Sent, statement.Pending, statement.Refused, statement.Pending} {
		a := sampleAlert(string(rune('a'+i)), 5-i)
		a.State = st
		all = append(all, a)
	}
	all = h.queue(all...)
	ids := func(of string) (ids []int64) {
		for _, a := range all {
			if strings.Contains(of, a.Key) {
				ids = append(ids, a.ID)
			}
		}
		return ids
	}
	pending := []statement.AlertState{statement.Pending}
	for _, test := range []struct {
		name string
		f    state.AlertFilter
		want string
	}{
		{"all, oldest first", state.AlertFilter{}, "abcde"},
		{"limit", state.AlertFilter{Limit: 2}, "ab"},
		{"pending", state.AlertFilter{States: pending}, "ace"},
		{"two states", state.AlertFilter{States: []statement.AlertState{statement.Sent, statement.Refused}}, "bd"},
		{"due, the moment itself included", state.AlertFilter{States: pending, DueBefore: hours(3)}, "ce"},
		{"due, limited to the oldest", state.AlertFilter{States: pending, DueBefore: hours(9), Limit: 2}, "ac"},
		{"by number", state.AlertFilter{IDs: ids("d")}, "d"},
		{"by numbers", state.AlertFilter{IDs: append(ids("db"), 999)}, "bd"},
		{"by number and state", state.AlertFilter{IDs: ids("abcd"), States: pending}, "ac"},
		{"by a stranger's number", state.AlertFilter{IDs: []int64{999}}, ""},
	} {
		found, err := h.Alerts(h.ctx, test.f)
		h.must(err)
		got := ""
		for _, a := range found {
			got += a.Key
		}
		if got != test.want {
			t.Errorf("%s: %q, wanted %q", test.name, got, test.want)
		}
	}
}

// keys are those of alerts, in order.
func keysOf(alerts []statement.Alert) (keys string) {
	for _, a := range alerts {
		keys += a.Key
	}
	return keys
}

func alertsAreClaimedOnce(t *testing.T, h *house) {
	var all []statement.Alert
	for i, n := range []int{3, 1, 2, 9} { // hours at which they are due
		all = append(all, sampleAlert(string(rune('a'+i)), n))
	}
	all[2].Channel = "hook"
	waiting := sampleAlert("w", 0)
	waiting.Digest = "hourly"
	all = h.queue(append(all, waiting)...)
	channels, err := h.DueChannels(h.ctx, hours(5))
	h.must(err)
	h.same("channels", channels, []string{"email", "hook"})
	n, err := h.Waiting(h.ctx, hours(5))
	h.must(err)
	h.same("waiting", n, 4)
	one, err := h.Claim(h.ctx, "email", hours(5), 1)
	h.must(err)
	rest, err := h.Claim(h.ctx, "email", hours(5), 9)
	h.must(err)
	if keysOf(one) != "b" || keysOf(rest) != "a" || rest[0].State != statement.Sending {
		t.Errorf("claimed %q, then %q", keysOf(one), keysOf(rest))
	}
	sent := one[0]
	sent.State = statement.Sent
	h.must(h.SaveAlert(h.ctx, sent))
	h.must(h.Unclaim(h.ctx, "hook"))
	again, err := h.Claim(h.ctx, "email", hours(5), 9)
	h.must(err)
	h.same("while it is being sent", len(again), 0)
	h.must(h.Unclaim(h.ctx, ""))
	again, err = h.Claim(h.ctx, "email", hours(5), 9)
	h.must(err)
	h.same("after a crash", keysOf(again), "a")
	h.must(h.Unclaim(h.ctx, "email"))
	h.must(h.Hurry(h.ctx, hours(4)))
	hurried, err := h.Claim(h.ctx, "email", hours(4), 9)
	h.must(err)
	h.same("hurried", keysOf(hurried), "ad")
	h.same("all of them", len(all), 5)
}

func alertsArePutOff(t *testing.T, h *house) {
	a, b, c := sampleAlert("a", 1), sampleAlert("b", 2), sampleAlert("c", 7)
	b.ExpiresAt, c.ExpiresAt = hours(3), time.Time{}
	h.queue(a, b, c)
	n, err := h.PutOff(h.ctx, "email", hours(2), hours(6), "closed")
	h.must(err)
	h.same("put off", n, 2)
	got, err := h.Alerts(h.ctx, state.AlertFilter{DueBefore: hours(6)})
	h.must(err)
	if keysOf(got) != "ab" || got[0].LastError != "closed" || !got[1].NextAttempt.Equal(hours(6)) {
		t.Errorf("%+v", got)
	}
	for _, want := range []int{1, 0} {
		n, err = h.Expire(h.ctx, hours(4))
		h.must(err)
		h.same("expired", n, want)
	}
	got, err = h.Alerts(h.ctx, state.AlertFilter{States: []statement.AlertState{statement.Expired}})
	h.must(err)
	h.same("expired", keysOf(got), "b")
}

func digests(t *testing.T, h *house) {
	h.update(func(tx state.Tx) error {
		for n := range 9 {
			if _, err := tx.AddEvent(sampleEvent("aa", n)); err != nil {
				return err
			}
		}
		return nil
	})
	var all []statement.Alert
	for i, importance := range []int{1, 3, 1, 2, 0, 0} {
		a := sampleAlert(string(rune('a'+i)), i+1)
		a.Digest, a.Importance, a.NextAttempt = "hourly", importance, hours(1)
		switch i {
		case 3:
			a.NextAttempt = hours(2)
		case 4:
			a.Recipient = "other@news.example"
		case 5:
			a.Digest = ""
		}
		all = append(all, a)
	}
	all = h.queue(all...)
	bundles, err := h.Bundles(h.ctx, hours(1))
	h.must(err)
	h.same("bundles", bundles, []statement.Bundle{
		{Channel: "email", Recipient: "desk@news.example", Digest: "hourly", Count: 3, First: all[0].ID, Last: all[2].ID, Oldest: noon, Newest: noon, Due: hours(1)},
		{Channel: "email", Recipient: "other@news.example", Digest: "hourly", Count: 1, First: all[4].ID, Last: all[4].ID, Oldest: noon, Newest: noon, Due: hours(1)},
	})
	parent := sampleAlert("digest", 0)
	parent.Kind, parent.Rule, parent.Source, parent.Event, parent.ExpiresAt = statement.AlertDigest, "hourly", "", 0, time.Time{}
	for _, b := range bundles {
		h.must(h.Gather(h.ctx, b, parent, hours(1)))
		parent.Key += "2"
	}
	claimed, err := h.Claim(h.ctx, "email", hours(9), 9)
	h.must(err)
	if len(claimed) != 3 || claimed[0].Key != "digest" || claimed[1].Key != "e" || claimed[2].Key != "f" {
		t.Fatalf("claimed %q: the digest, the one that was alone in its own, and the one that waits for none", keysOf(claimed))
	}
	members, err := h.Members(h.ctx, claimed[0].ID, 2)
	h.must(err)
	h.same("the most important first, then the newest", keysOf(members), "bc")
	shares, err := h.Shares(h.ctx, claimed[0].ID)
	h.must(err)
	h.same("shares", shares, []statement.Share{{Source: "iran-mfa", State: statement.Changed, Count: 3}})
	fate := func(want statement.AlertState) {
		t.Helper()
		got, err := h.Members(h.ctx, claimed[0].ID, 0)
		h.must(err)
		for _, m := range got {
			if m.State != want {
				t.Errorf("a member is %s, its digest %s", m.State, want)
			}
		}
		h.same("members", len(got), 3)
	}
	for _, end := range []statement.AlertState{statement.Refused, statement.Pending, statement.Sent} {
		claimed[0].State = end
		h.must(h.SaveAlert(h.ctx, claimed[0]))
		fate(end)
	}
	due, err := h.Due(h.ctx, hours(1))
	h.must(err)
	if due.Alerts || !due.Next.Equal(hours(2)) {
		t.Errorf("due: %v, next %v", due.Alerts, due.Next)
	}
}

func floods(t *testing.T, h *house) {
	var all []statement.Alert
	for i := range 6 {
		a := sampleAlert(string(rune('a'+i)), 1)
		a.Attempts, a.LastError, a.CreatedAt, a.NextAttempt = 0, "", hours(i), hours(i)
		all = append(all, a)
	}
	all[1].State = statement.Sent
	all[5].Recipient = "other@news.example"
	all = h.queue(all...)
	crowds, err := h.Crowds(h.ctx, hours(4), hours(0))
	h.must(err)
	want := statement.Crowd{Rule: "everything", Channel: "email", Recipient: "desk@news.example", Alone: 3, Recent: 4}
	h.same("crowds", crowds, []statement.Crowd{want})
	tried := all[2]
	tried.Attempts, tried.LastError = 1, "greylisted"
	h.must(h.SaveAlert(h.ctx, tried))
	h.must(h.Hold(h.ctx, want, hours(3), hours(8)))
	crowds, err = h.Crowds(h.ctx, hours(4), hours(0))
	h.must(err)
	want.Alone, want.Held, want.HeldSince = 1, 1, hours(3)
	h.same("with some held", crowds, []statement.Crowd{want})
	h.must(h.Hold(h.ctx, want, hours(4), hours(9)))
	held, err := h.Alerts(h.ctx, state.AlertFilter{Digests: []string{statement.DigestFlood}})
	h.must(err)
	if keysOf(held) != "ade" || !held[0].NextAttempt.Equal(hours(9)) || !held[2].NextAttempt.Equal(hours(9)) {
		t.Errorf("held: %+v", held)
	}
}

func mutes(t *testing.T, h *house) {
	m := statement.Mute{Subject: "iran-mfa", Since: hours(0), Until: hours(5)}
	h.must(h.PutMute(h.ctx, m))
	later := m
	later.Since, later.Until = hours(1), hours(6)
	h.must(h.PutMute(h.ctx, later))
	h.must(h.PutMute(h.ctx, statement.Mute{Subject: "drones", Since: hours(0), Until: hours(2)}))
	m.Until = hours(6)
	got, err := h.Mutes(h.ctx, hours(3))
	h.must(err)
	h.same("mutes", got, []statement.Mute{m})
	h.update(func(tx state.Tx) error {
		inside, err := tx.Muted(hours(3))
		h.same("mutes inside a transaction", inside, got)
		return err
	})
	h.must(h.DropMute(h.ctx, "iran-mfa"))
	if err := h.DropMute(h.ctx, "iran-mfa"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
	all := h.queue(sampleAlert("a", 1), sampleAlert("b", 1))
	h.must(h.HoldMuted(h.ctx, []int64{all[0].ID}, hours(7)))
	held, err := h.Alerts(h.ctx, state.AlertFilter{Digests: []string{statement.DigestMuted}})
	h.must(err)
	if keysOf(held) != "a" || !held[0].NextAttempt.Equal(hours(7)) {
		t.Errorf("held: %+v", held)
	}
}

func outages(t *testing.T, h *house) {
	o := statement.Outage{Channel: "email", Since: hours(1), Failures: 2, NextTry: hours(3), Error: "no login", Told: true}
	h.must(h.SaveOutage(h.ctx, o))
	o.Failures = 3
	h.must(h.SaveOutage(h.ctx, o))
	got, err := h.Outages(h.ctx)
	h.must(err)
	h.same("outages", got, []statement.Outage{o})
	h.must(h.SaveOutage(h.ctx, statement.Outage{Channel: "email"}))
	got, err = h.Outages(h.ctx)
	h.must(err)
	h.same("after its end", len(got), 0)

	a, b, c := sampleAlert("a", 1), sampleAlert("b", 1), sampleAlert("c", 1)
	a.CreatedAt, b.CreatedAt, b.Recipient, b.LastError = hours(-80), hours(-80), "other@news.example", ""
	h.queue(a, b, c)
	stuck, err := h.Stuck(h.ctx, hours(-72))
	h.must(err)
	h.same("stuck", stuck, []statement.Stuck{{Channel: "email", Recipient: "desk@news.example", Count: 1, Oldest: hours(-80), LastError: "connection refused"}})
	h.must(h.NoteStuck(h.ctx, hours(-72)))
	stuck, err = h.Stuck(h.ctx, hours(-72))
	h.must(err)
	h.same("told once", len(stuck), 0)
}
