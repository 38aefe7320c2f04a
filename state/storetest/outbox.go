package storetest

import (
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
