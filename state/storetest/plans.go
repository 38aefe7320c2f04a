package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func (h *house) plan(all ...state.Plan) {
	h.Helper()
	h.update(func(tx state.Tx) error {
		for _, p := range all {
			if err := tx.PutPlan(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func plans(t *testing.T, h *house) {
	full := state.Plan{Source: "iran-mfa", NextVisit: noon, Definition: "0 * * * *|Asia/Tehran|", RetiredAt: noon.Add(time.Second), FaultTold: noon.Add(time.Minute), SilentTold: noon.Add(time.Hour)}
	early := state.Plan{Source: "nato", NextVisit: noon.Add(-time.Hour)}
	h.plan(full, early)
	got, err := h.Plans(h.ctx)
	h.must(err)
	h.same("plans", got, []state.Plan{early, full})
	h.update(func(tx state.Tx) error {
		p, err := tx.Plan("iran-mfa")
		h.same("plan", p, full)
		if err != nil {
			return err
		}
		if _, err := tx.Plan("nobody"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("the plan of nobody: %v", err)
		}
		full.NextVisit = noon.Add(24 * time.Hour)
		if err := tx.PutPlan(full); err != nil {
			return err
		}
		return tx.DropPlan("nato")
	})
	got, err = h.Plans(h.ctx)
	h.must(err)
	h.same("plans afterwards", got, []state.Plan{full})
}

func whatIsDue(_ *testing.T, h *house) {
	first, second := state.Plan{Source: "a", NextVisit: noon.Add(-time.Minute)}, state.Plan{Source: "b", NextVisit: noon}
	h.plan(second, first, state.Plan{Source: "later", NextVisit: noon.Add(3 * time.Hour)}, state.Plan{Source: "never"},
		state.Plan{Source: "gone", NextVisit: noon.Add(-time.Hour), RetiredAt: noon})
	put := func(source, id string, next time.Time) {
		st := sample(id, 1)
		st.Source, st.NextCheck = source, next
		h.update(func(tx state.Tx) error { return tx.PutStatement(st) })
	}
	put("x", "x-1", noon)
	put("x", "x-2", noon.Add(-2*time.Minute))
	put("w", "w-1", noon.Add(-time.Minute))
	put("y", "y-1", noon.Add(time.Microsecond))
	put("z", "z-1", time.Time{})
	put("gone", "gone-1", noon)
	due, err := h.Due(h.ctx, noon)
	h.must(err)
	h.same("due", due, state.Due{Visits: []state.Plan{first, second}, Checks: []string{"x", "w"}, Next: noon.Add(time.Microsecond)})

	al := sampleAlert("k", 1)
	al.State, al.NextAttempt = statement.Pending, noon.Add(time.Hour)
	h.update(func(tx state.Tx) error { return tx.Enqueue(al) })
	due, err = h.Due(h.ctx, noon.Add(time.Minute))
	h.must(err)
	h.same("the next is an alert", due.Next, noon.Add(time.Hour))
	h.same("alerts due before", due.Alerts, false)
	due, err = h.Due(h.ctx, noon.Add(time.Hour))
	h.must(err)
	h.same("alerts due", due.Alerts, true)
	h.same("the next is a visit", due.Next, noon.Add(3*time.Hour))
	due, err = h.Due(h.ctx, noon.Add(4*time.Hour))
	h.must(err)
	h.same("nothing is next", due.Next, time.Time{})
}

func activity(_ *testing.T, h *house) {
	visit := func(source string, at time.Time, fault string, fresh int) {
		v := statement.Visit{Source: source, StartedAt: at, Requests: 99}
		h.update(func(tx state.Tx) (err error) {
			v.ID, err = tx.PutVisit(v) // under way: it counts, and what it comes to is not known
			return err
		})
		if fresh == 0 {
			return
		}
		v.EndedAt, v.New, v.Changed, v.Gone, v.Errored, v.Requests, v.Fault = at.Add(time.Minute), fresh, 2, 3, 4, 5, fault
		h.update(func(tx state.Tx) error {
			_, err := tx.PutVisit(v)
			return err
		})
	}
	midnight := noon.Truncate(24 * time.Hour)
	visit("a", midnight.Add(-time.Microsecond), "", 1)
	visit("a", midnight, "", 10)
	visit("a", midnight.Add(23*time.Hour), "down", 20)
	visit("a", midnight.Add(23*time.Hour), "", 0)
	visit("b", noon, "", 7)
	visit("b", midnight.Add(-48*time.Hour), "", 7)
	got, err := h.Activity(h.ctx, midnight.Add(-time.Hour))
	h.must(err)
	h.same("activity", got, []state.Activity{
		{Source: "a", Day: midnight.Add(-24 * time.Hour), Visits: 1, New: 1, Changed: 2, Missing: 3, Errors: 4, Requests: 5},
		{Source: "a", Day: midnight, Visits: 3, Failed: 1, New: 30, Changed: 4, Missing: 6, Errors: 8, Requests: 10},
		{Source: "b", Day: midnight, Visits: 1, New: 7, Changed: 2, Missing: 3, Errors: 4, Requests: 5},
	})
}

func skips(_ *testing.T, h *house) {
	one := state.Skip{Source: "a", First: noon, Last: noon.Add(time.Hour), Count: 3, Reason: "the daemon was not running"}
	two := state.Skip{Source: "b", First: noon.Add(-time.Hour), Last: noon, Count: 2, Reason: "the visit before took longer"}
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutSkip(one), tx.PutSkip(two)) })
	for since, want := range map[time.Time][]state.Skip{noon: {one, two}, noon.Add(time.Microsecond): {one}, noon.Add(2 * time.Hour): nil} {
		got, err := h.Skips(h.ctx, since)
		h.must(err)
		h.same("skips since "+since.String(), got, want)
	}
}

func statuses(_ *testing.T, h *house) {
	visited := statement.SourceStatus{Source: "nato", LastVisit: noon, Fault: "down", FaultSince: noon, FaultCount: 2}
	h.update(func(tx state.Tx) error { return tx.PutSourceStatus(visited) })
	gone, there, others := sample("aa", 1), sample("bb", 1), sample("cc", 1)
	gone.MissingSince, there.MissingSince, others.MissingSince = noon, time.Time{}, time.Time{}
	gone.Source, there.Source, others.Source = "nato", "nato", "imported"
	h.put(gone, there, others)
	got, err := h.SourceStatuses(h.ctx)
	h.must(err)
	visited.Statements, visited.Missing = 2, 1
	h.same("statuses", got, []statement.SourceStatus{{Source: "imported", Statements: 1}, visited})
	for _, want := range got {
		one, err := h.SourceStatus(h.ctx, want.Source)
		h.must(err)
		h.same("status of "+want.Source, one, want)
	}
}

func notices(t *testing.T, h *house) {
	n := statement.Notice{At: noon, Subject: "Fault · nato", Text: "One line\nand another"}
	h.update(func(tx state.Tx) (err error) {
		n.ID, err = tx.AddNotice(n)
		return err
	})
	got, err := h.Notice(h.ctx, n.ID)
	h.must(err)
	h.same("notice", got, n)
	if _, err := h.Notice(h.ctx, n.ID+1); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("a notice that is not there: %v", err)
	}
}
