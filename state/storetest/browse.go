package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// pagesOfStatements walks through all statements a page at a time while more are remembered: each that was there at the start comes
// once, in order.
func pagesOfStatements(t *testing.T, h *house) {
	dated := func(id string, day int) statement.Statement {
		st := sample(id, 1)
		st.Published = statement.Date{Time: time.Date(2022, 11, day, 0, 0, 0, 0, time.UTC)}
		return st
	}
	undated := sample("undated", 1)
	undated.Published, undated.FirstSeen = statement.Date{Raw: "Tuesday"}, time.Date(2022, 11, 3, 6, 0, 0, 0, time.UTC)
	h.put(dated("one", 1), dated("two", 2), undated, dated("twin-1", 4), dated("twin-2", 4), dated("twin-3", 4), dated("six", 6))
	want := h.list(state.Filter{})
	var got []string
	f := state.Filter{Limit: 2}
	for page := 0; ; page++ {
		n := 0
		for st, err := range h.Statements(h.ctx, f) {
			h.must(err)
			f.After = state.PlaceOf(st)
			if n++; slices.Contains(want, st.ID) {
				got = append(got, st.ID)
			} else if page > 0 && st.Published.Instant().After(time.Date(2022, 11, 4, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("page %d shows %s, which stands above it", page, st.ID)
			}
		}
		if n < f.Limit {
			break
		}
		h.put(dated(fmt.Sprintf("new-%d", page), 30), dated(fmt.Sprintf("twin-of-the-first-%d", page), 6)) // they come meanwhile, on top
	}
	h.same("statements, page by page", got, want)
}

func statementsByLanguage(_ *testing.T, h *house) {
	for id, language := range map[string]string{"en": "en", "gb": "en-GB", "enm": "enm", "fa": "fa", "none": ""} {
		st := sample(id, 1)
		st.Language = language
		h.put(st)
	}
	for _, test := range []struct {
		languages, want []string
	}{{[]string{"en"}, []string{"en", "gb"}}, {[]string{"fa", "en"}, []string{"en", "fa", "gb"}}, {[]string{"'"}, nil}} {
		got := h.list(state.Filter{Languages: test.languages})
		slices.Sort(got)
		h.same(fmt.Sprint(test.languages), got, test.want)
	}
}

func eventsThat(_ *testing.T, h *house) {
	h.put(sample("s-1", 1), sample("s-2", 1))
	var ids []int64
	h.update(func(tx state.Tx) error {
		for i, ev := range []statement.Event{
			{State: statement.New, Source: "a", Statement: "s-1", Baseline: true},
			{State: statement.Changed, Source: "a", Statement: "s-1", Class: statement.ClassSubstantive, Importance: 2},
			{State: statement.Changed, Source: "b", Statement: "s-2", Class: statement.ClassEditorial, Importance: 1},
			{State: statement.Removed, Source: "a", Statement: "s-1"},
			{State: statement.Faulted, Source: "b"},
		} {
			ev.At = noon.Add(time.Duration(i) * time.Hour)
			id, err := tx.AddEvent(ev)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	for _, test := range []struct {
		name string
		f    state.EventFilter
		want []int // which of them
	}{
		{"all, newest first", state.EventFilter{}, []int{4, 3, 2, 1, 0}},
		{"limit", state.EventFilter{Limit: 2}, []int{4, 3}},
		{"below one", state.EventFilter{Before: ids[3], Limit: 2}, []int{2, 1}},
		{"of a statement", state.EventFilter{Statement: "s-1"}, []int{3, 1, 0}},
		{"of a statement that is none", state.EventFilter{Statement: "' OR 1=1 --"}, nil},
		{"of sources", state.EventFilter{Sources: []string{"b", "c"}}, []int{4, 2}},
		{"states", state.EventFilter{States: []statement.State{statement.Changed, statement.Removed}}, []int{3, 2, 1}},
		{"class", state.EventFilter{Classes: []statement.Class{statement.ClassSubstantive}}, []int{1}},
		{"importance", state.EventFilter{Importance: 1}, []int{2, 1}},
		{"since, the moment itself included", state.EventFilter{Since: noon.Add(3 * time.Hour)}, []int{4, 3}},
		{"until, the moment itself left out", state.EventFilter{Until: noon.Add(time.Hour)}, []int{0}},
		{"no first visit", state.EventFilter{NoBaseline: true, Statement: "s-1"}, []int{3, 1}},
	} {
		found, err := h.EventsThat(h.ctx, test.f)
		h.must(err)
		var got []int
		for _, ev := range found {
			got = append(got, slices.Index(ids, ev.ID))
		}
		h.same(test.name, got, test.want)
	}
}

// pagesOfFindings walks through findings a page at a time; some were said at the same moment, some have the same score too.
func pagesOfFindings(_ *testing.T, h *house) {
	put := func(id string, day int, score float64) {
		f := finding(id, "before", "after", statement.LevelAlert, score)
		f.After.Published = statement.Date{Time: time.Date(2022, 11, day, 0, 0, 0, 0, time.UTC)}
		h.update(func(tx state.Tx) error { _, err := tx.PutReversal(f); return err })
	}
	h.put(sample("before", 1), sample("after", 1))
	put("d", 1, 0.9)
	put("c", 2, 0.5)
	put("b", 2, 0.5)
	put("a", 2, 0.7)
	put("e", 3, 0.1)
	var got []string
	f := state.ReversalFilter{Limit: 2}
	for {
		page, err := h.Reversals(h.ctx, f)
		h.must(err)
		for _, x := range page {
			got = append(got, x.ID)
			f.After = state.PlaceOfFinding(x)
		}
		if len(page) < f.Limit {
			break
		}
		put("new"+f.After.ID, 30, 1)
	}
	h.same("findings, page by page", got, []string{"e", "a", "b", "c", "d"})
	until, err := h.Reversals(h.ctx, state.ReversalFilter{Until: time.Date(2022, 11, 2, 0, 0, 0, 0, time.UTC)})
	h.must(err)
	h.same("said before", len(until), 1)
}

func newestAlerts(_ *testing.T, h *house) {
	all := h.queue(sampleAlert("a", 1), sampleAlert("b", 2), sampleAlert("c", 3))
	ids := func(f state.AlertFilter) (ids []int64) {
		found, err := h.Alerts(h.ctx, f)
		h.must(err)
		for _, a := range found {
			ids = append(ids, a.ID)
		}
		return ids
	}
	h.same("newest first", ids(state.AlertFilter{Newest: true, Limit: 2}), []int64{all[2].ID, all[1].ID})
	h.same("below one", ids(state.AlertFilter{Newest: true, Before: all[1].ID}), []int64{all[0].ID})
	h.same("of a channel that is none", ids(state.AlertFilter{Channels: []string{"nobody"}}), []int64(nil))
	h.same("of a kind", len(ids(state.AlertFilter{Kinds: []statement.AlertKind{all[0].Kind}})), 3)
}

func months(_ *testing.T, h *house) {
	october, november := time.Date(2022, 10, 31, 23, 59, 0, 0, time.UTC), time.Date(2022, 11, 1, 0, 0, 0, 0, time.UTC)
	put := func(id, source string, at, removed time.Time) {
		st := sample(id, 2)
		st.Source, st.Published, st.MissingSince, st.RemovedAt = source, statement.Date{Time: at, HasTime: true}, removed, removed
		h.put(st)
	}
	put("s-1", "a", october, time.Time{})
	put("s-2", "b", november, november)
	put("s-3", "c", november, november)
	f := finding("f", "s-1", "s-2", statement.LevelReview, 0.9)
	f.Source, f.After.Published = "b", statement.Date{Time: november, HasTime: true}
	h.update(func(tx state.Tx) error {
		if _, err := tx.PutReversal(f); err != nil {
			return err
		}
		if err := tx.PutEdit(statement.Edit{Statement: "s-1", From: 1, To: 2, At: november, Judgement: statement.Judgement{Class: statement.ClassEditorial}}); err != nil {
			return err
		}
		return tx.PutEdit(statement.Edit{Statement: "s-2", From: 1, To: 2, At: november, Judgement: statement.Judgement{Class: statement.ClassNone}})
	})
	got, err := h.Months(h.ctx, []string{"a", "b"}, time.Time{})
	h.must(err)
	h.same("months", got, []state.Month{
		{Start: time.Date(2022, 10, 1, 0, 0, 0, 0, time.UTC), Statements: 1},
		{Start: november, Statements: 1, Edits: 1, Removals: 1, Reversals: 1},
	})
	got, err = h.Months(h.ctx, []string{"a"}, november)
	h.must(err)
	h.same("months of one, since", got, []state.Month{{Start: november, Edits: 1}})
	got, err = h.Months(h.ctx, nil, time.Time{})
	h.must(err)
	h.same("of none", len(got), 0)
}

// pauses: what is paused is not due, visits and looks alike, until the pause ends.
func pauses(_ *testing.T, h *house) {
	p := state.Pause{Source: "a", Since: noon, Until: noon.Add(time.Hour), By: "Nina", Reason: "their site is being rebuilt"}
	ever := state.Pause{Source: "b", Since: noon, By: "Nina"}
	h.plan(state.Plan{Source: "a", NextVisit: noon}, state.Plan{Source: "b", NextVisit: noon}, state.Plan{Source: "c", NextVisit: noon})
	st := sample("s-1", 1)
	st.Source, st.NextCheck = "a", noon
	h.put(st)
	h.update(func(tx state.Tx) error {
		if err := tx.PutPause(state.Pause{Source: "a", Since: noon, By: "somebody else"}); err != nil {
			return err
		}
		if err := tx.PutPause(p); err != nil {
			return err
		}
		return tx.PutPause(ever)
	})
	names := func(at time.Time) (visits, checks []string) {
		due, err := h.Due(h.ctx, at)
		h.must(err)
		for _, p := range due.Visits {
			visits = append(visits, p.Source)
		}
		return visits, due.Checks
	}
	got, err := h.Pauses(h.ctx, noon)
	h.must(err)
	h.same("pauses", got, []state.Pause{p, ever})
	visits, checks := names(noon)
	h.same("visits", visits, []string{"c"})
	h.same("looks", checks, []string(nil))
	due, err := h.Due(h.ctx, noon)
	h.must(err)
	h.same("the end of a pause is waited for", due.Next, noon.Add(time.Hour))
	visits, checks = names(noon.Add(time.Hour))
	h.same("visits afterwards", visits, []string{"a", "c"})
	h.same("looks afterwards", checks, []string{"a"})
	h.update(func(tx state.Tx) error {
		if err := tx.DropPause("nobody"); err != nil {
			return err
		}
		return tx.DropPause("b")
	})
	visits, _ = names(noon.Add(time.Hour))
	h.same("visits when all go on", visits, []string{"a", "b", "c"})
}

// finding is one as an engine puts it.
func finding(id, before, after string, level statement.Level, score float64) state.Finding {
	return state.Finding{
		Reversal: statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: level, Score: score, Before: statement.Quote{Statement: before}, After: statement.Quote{Statement: after}},
		Source:   "iran-mfa", Government: "IR", FoundAt: noon,
	}
}
