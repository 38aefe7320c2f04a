package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// pulledBack: what a visit a year ahead has left behind waits for nobody once
// the clock is right, and what is in order stays as it is.
func pulledBack(t *testing.T, h *house) {
	year := noon.AddDate(1, 0, 0)
	longest := state.Longest{Check: 30 * 24 * time.Hour, Retry: 24 * time.Hour, Digest: 8 * 24 * time.Hour}
	visit := func(source string, at time.Time) {
		st := statement.Statement{ID: source + "-1", Source: source, Revision: 1, FirstSeen: at, LastSeen: at, LastChecked: at, ListedAt: at, NextCheck: at.Add(15 * time.Minute), MissingSince: at}
		a := sampleAlert(source, 1)
		a.CreatedAt, a.NextAttempt, a.ExpiresAt, a.SentAt, a.Source = at, at.Add(time.Hour), at.Add(48*time.Hour), time.Time{}, source
		h.update(func(tx state.Tx) error {
			_, err := tx.PutVisit(statement.Visit{Source: source, StartedAt: at, EndedAt: at})
			return errors.Join(err, tx.PutStatement(st), tx.Enqueue(a),
				tx.PutSourceStatus(statement.SourceStatus{Source: source, LastVisit: at, LastSuccess: at, BaselineAt: at, NextDeep: at.Add(time.Hour), Fault: "no answer", FaultSince: at}),
				tx.PutFound(state.Found{Source: source, Key: source, URL: "https://a.example/" + source, FoundAt: at, NextTry: at}),
				tx.PutTrouble(statement.Trouble{Source: source, Key: source, Since: at}),
				tx.PutSkip(state.Skip{Source: source, First: at, Last: at, Count: 1}),
				tx.PutPlan(state.Plan{Source: source, NextVisit: noon, RetiredAt: at}),
				tx.AddSign(statement.Sign{Statement: st.ID, At: at}))
		})
		h.must(h.PutHost(h.ctx, statement.Host{Name: source, Ended: at, FailedAt: at, ResumeAt: at.Add(time.Minute), LiedAt: at, Failures: 1}, "", false))
		h.must(h.SaveOutage(h.ctx, statement.Outage{Channel: source, Since: at, Failures: 1, NextTry: at}))
		h.must(h.PutMute(h.ctx, statement.Mute{Subject: source, Since: at, Until: at.Add(time.Hour)}))
		h.must(h.PutRobots(h.ctx, statement.RobotsCopy{Origin: source, At: at}))
	}
	visit("well", noon.Add(-time.Minute))
	visit("ahead", year)
	n, err := h.PullBack(h.ctx, noon, longest)
	h.must(err)
	if n == 0 {
		t.Error("nothing was pulled back")
	}
	for _, source := range []string{"well", "ahead"} {
		at := noon
		if source == "well" {
			at = noon.Add(-time.Minute)
		}
		st, err := h.Statement(h.ctx, source+"-1")
		h.must(err)
		next := noon
		if source == "well" {
			next = at.Add(15 * time.Minute)
		}
		h.same(source+" next look", st.NextCheck, next)
		for what, got := range map[string]time.Time{"seen": st.LastSeen, "checked": st.LastChecked, "listed": st.ListedAt, "missing": st.MissingSince} {
			h.same(source+" "+what, got, at)
		}
		s, err := h.SourceStatus(h.ctx, source)
		h.must(err)
		for what, got := range map[string]time.Time{"visit": s.LastVisit, "success": s.LastSuccess, "baseline": s.BaselineAt, "fault": s.FaultSince} {
			h.same(source+" "+what, got, at)
		}
		due, err := h.Found(h.ctx, source, noon)
		h.must(err)
		if len(due) != 1 {
			t.Errorf("%s: %d of what was found is due", source, len(due))
		}
		troubles, err := h.Troubles(h.ctx, source)
		h.must(err)
		h.same(source+" trouble", troubles[0].Since, at)
		c, err := h.Robots(h.ctx, source)
		h.must(err)
		h.same(source+" robots.txt", c.At, at)
		signs, err := h.Signs(h.ctx, source+"-1")
		h.must(err)
		if source == "ahead" && !signs[0].At.Equal(year) {
			t.Error("a sign, which is evidence, has another time")
		}
		if source == "ahead" && !st.FirstSeen.Equal(year) {
			t.Error("when it was first seen, which is evidence, has another time")
		}
	}
	late, err := h.Hosts(h.ctx, noon.Add(longest.Retry))
	h.must(err)
	if len(late) != 0 {
		t.Errorf("a host rests: %+v", late)
	}
	alerts, err := h.Alerts(h.ctx, state.AlertFilter{Sources: []string{"ahead"}})
	h.must(err)
	if a := alerts[0]; !a.CreatedAt.Equal(noon) || !a.NextAttempt.Equal(noon.Add(time.Hour)) || !a.ExpiresAt.Equal(noon.Add(48*time.Hour)) {
		t.Errorf("an alert does not keep its distances: %+v", a)
	}
	mutes, err := h.Mutes(h.ctx, noon)
	h.must(err)
	for _, m := range mutes {
		if m.Subject == "ahead" && !m.Until.Equal(noon.Add(time.Hour)) {
			t.Errorf("muted until %s", m.Until)
		}
	}
	outages, err := h.Outages(h.ctx)
	h.must(err)
	for _, o := range outages {
		if o.NextTry.After(noon) {
			t.Errorf("%s is tried at %s", o.Channel, o.NextTry)
		}
	}
	skips, err := h.Skips(h.ctx, noon.AddDate(0, 0, -1))
	h.must(err)
	if len(skips) != 1 || skips[0].Source != "well" {
		t.Errorf("skips: %+v", skips)
	}
	plans, err := h.Plans(h.ctx)
	h.must(err)
	if i := slices.IndexFunc(plans, func(p state.Plan) bool { return p.Source == "ahead" }); !plans[i].RetiredAt.IsZero() {
		t.Error("retired in the future")
	}
	n, err = h.PullBack(h.ctx, noon, longest)
	h.must(err)
	if n != 0 {
		t.Errorf("%d moments were pulled back twice", n)
	}
}

// Where most visits lie in the future, the present clock may be the wrong one:
// what is due comes back, what is remembered stays.
func pulledBackWhileBehind(_ *testing.T, h *house) {
	for i := range 30 {
		at := noon.Add(time.Duration(i) * time.Hour)
		h.update(func(tx state.Tx) error {
			_, err := tx.PutVisit(statement.Visit{Source: "press", StartedAt: at})
			return errors.Join(err, tx.PutStatement(statement.Statement{ID: "st", Source: "press", Revision: 1, LastChecked: at, MissingSince: at, NextCheck: at.Add(time.Hour)}))
		})
	}
	behind := noon.AddDate(-1, 0, 0)
	_, err := h.PullBack(h.ctx, behind, state.Longest{Check: time.Hour, Retry: time.Hour, Digest: time.Hour})
	h.must(err)
	st, err := h.Statement(h.ctx, "st")
	h.must(err)
	h.same("next look", st.NextCheck, behind)
	h.same("missing since", st.MissingSince, noon.Add(29*time.Hour))
}

// A right that was taken while the clock was ahead runs no longer than others do.
func overlongRights(t *testing.T, h *house) {
	year := noon.AddDate(1, 0, 0)
	h.must(h.Lease(h.ctx, "press", "host/1/a", year, year.Add(2*time.Minute)))
	err := h.Lease(h.ctx, "press", "host/2/b", noon, noon.Add(2*time.Minute))
	var leased *state.LeasedError
	if !errors.As(err, &leased) || !leased.Until.Equal(noon.Add(2*time.Minute)) || strings.Contains(err.Error(), "2023") {
		t.Errorf("its holder may live: %v", err)
	}
	h.must(h.Lease(h.ctx, "press", "host/2/b", noon.Add(2*time.Minute), noon.Add(4*time.Minute)))

	_, held, err := h.HoldHost(h.ctx, "a.example", "host/1/a", "", year, year.Add(90*time.Second))
	h.must(err)
	if !held {
		t.Fatal("a free host is not held")
	}
	for _, step := range []struct {
		after time.Duration
		held  bool
	}{{0, false}, {time.Minute, false}, {2 * time.Minute, true}} {
		now := noon.Add(step.after)
		if _, held, err := h.HoldHost(h.ctx, "a.example", "host/2/b", "", now, now.Add(90*time.Second)); err != nil || held != step.held {
			t.Errorf("after %s: held %v, %v", step.after, held, err)
		}
	}
}
