package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func statementsComeBack(t *testing.T, h *house) {
	full, bare := sample("aa", 1), statement.Statement{ID: "bb", Source: "iran-mfa", Title: "Hardly anything"}
	h.put(full, bare)
	for _, want := range []statement.Statement{full, bare} {
		got, err := h.Statement(h.ctx, want.ID)
		h.must(err)
		h.same("statement "+want.ID, got, want)
		h.update(func(tx state.Tx) error {
			got, err := tx.Statement(want.ID)
			h.same("inside a transaction", got, want)
			return err
		})
	}
	if !full.Missing() || bare.Missing() {
		t.Fatal("the samples tell nothing about what is missing")
	}
	replaced := sample("aa", 7)
	replaced.Title, replaced.MissingSince, replaced.Speakers = "Another title", time.Time{}, nil
	h.put(replaced)
	got, err := h.Statement(h.ctx, "aa")
	h.must(err)
	h.same("replaced", got, replaced)
	h.same("listed", len(h.list(state.Filter{})), 2)
}

func touchChangesAFewFields(t *testing.T, h *house) {
	old, new := sample("aa", 1), sample("aa", 5)
	new.Title, new.URL, new.Revision, new.MissingSince, new.Speakers = "not to be written", "not this", 9, time.Time{}, nil
	new.Validators, new.CaptureHash = statement.Validators{ETag: `"5"`, LastModified: "later"}, hash("five")
	h.put(old, sample("bb", 1))
	h.update(func(tx state.Tx) error { return tx.Touch(new) })
	want := old
	want.LastSeen, want.LastChecked, want.NextCheck = new.LastSeen, new.LastChecked, new.NextCheck
	want.Validators, want.CaptureHash, want.ReadAt = new.Validators, new.CaptureHash, new.ReadAt
	got, err := h.Statement(h.ctx, "aa")
	h.must(err)
	h.same("touched", got, want)
	got, err = h.Statement(h.ctx, "bb")
	h.must(err)
	h.same("its neighbour", got, sample("bb", 1))
}

func prefixes(t *testing.T, h *house) {
	h.put(sample("kq2mdrons1", 1), sample("kq2mdrons9", 2), sample("kr00000000", 3), sample("k", 4), sample("zzzzzzzzzz", 5))
	for prefix, want := range map[string]string{
		"kq2mdrons1": "kq2mdrons1", "kr": "kr00000000", "z": "zzzzzzzzzz", "k": "k", "zzzzzzzzzz": "zzzzzzzzzz",
	} {
		got, err := h.Statement(h.ctx, prefix)
		if err != nil || got.ID != want {
			t.Errorf("%q finds %q, %v", prefix, got.ID, err)
		}
	}
	for _, prefix := range []string{"kq", "kq2mdrons"} {
		if _, err := h.Statement(h.ctx, prefix); !errors.Is(err, state.ErrAmbiguous) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	for _, prefix := range []string{
		"", "%", "_", "k%", "k_", "z_zzzzzzzz", "zz%", "[k]*", "z*", "z?", `\`, `z\%`, "'", "' OR 1=1 --", "ZZ", "kq2mdrons10", "y", "\x00", "z\x00", "\uffff", "zzzzzzzzzzz",
	} {
		if got, err := h.Statement(h.ctx, prefix); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("%q finds %q, %v", prefix, got.ID, err)
		}
	}
	h.update(func(tx state.Tx) error {
		if _, err := tx.Statement("kr"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("a transaction takes a beginning for the whole: %v", err)
		}
		return nil
	})
}

func statementsAreFiltered(t *testing.T, h *house) {
	day := func(d int) statement.Date {
		return statement.Date{Time: time.Date(2022, 11, d, 0, 0, 0, 0, time.UTC), Raw: fmt.Sprint(d)}
	}
	put := func(id, source string, published statement.Date, firstSeen, next, missing time.Time) {
		h.put(statement.Statement{ID: id, Source: source, Published: published, FirstSeen: firstSeen, NextCheck: next, MissingSince: missing})
	}
	first := time.Date(2022, 11, 3, 6, 0, 0, 0, time.UTC)
	put("one", "a", day(1), first, hours(3), time.Time{})
	put("two", "a", day(2), first, hours(1), noon)
	put("undated", "a", statement.Date{Raw: "Tuesday"}, first, time.Time{}, time.Time{}) // sorts by 3 November, 6 h
	put("four", "b", day(4), first, hours(2), noon)
	put("twin", "b", day(4), first, hours(2), time.Time{})
	put("five", "c", statement.Date{Time: time.Date(2022, 11, 4, 23, 0, 0, 0, time.FixedZone("", -3*3600)), HasTime: true}, first, hours(9), time.Time{})

	for _, test := range []struct {
		name string
		f    state.Filter
		want string
	}{
		{"all, newest first, of twins the one remembered last", state.Filter{}, "five twin four undated two one"},
		{"limit", state.Filter{Limit: 2}, "five twin"},
		{"limit beyond", state.Filter{Limit: 99}, "five twin four undated two one"},
		{"one source", state.Filter{Sources: []string{"a"}}, "undated two one"},
		{"two sources", state.Filter{Sources: []string{"a", "c"}}, "five undated two one"},
		{"unknown source", state.Filter{Sources: []string{"nobody"}}, ""},
		{"hostile source", state.Filter{Sources: []string{"' OR 1=1 --", "%"}}, ""},
		{"since, the moment itself included", state.Filter{Since: day(4).Time}, "five twin four"},
		{"since counts first seen where there is no date", state.Filter{Since: first}, "five twin four undated"},
		{"since in another zone", state.Filter{Since: time.Date(2022, 11, 5, 3, 0, 0, 0, time.FixedZone("", 3600))}, "five"},
		{"due, the moment itself included, none without a time", state.Filter{DueBefore: hours(2), OldestCheck: true}, "two four twin"},
		{"due of a source", state.Filter{Sources: []string{"a"}, DueBefore: hours(5), OldestCheck: true}, "two one"},
		{"due, newest first", state.Filter{DueBefore: hours(2)}, "twin four two"},
		{"longest due", state.Filter{Sources: []string{"a", "b"}, DueBefore: hours(5), OldestCheck: true, Limit: 1}, "two"},
		{"by check, all", state.Filter{OldestCheck: true}, "undated two four twin one five"},
		{"missing", state.Filter{Missing: true}, "four two"},
		{"missing of a source", state.Filter{Missing: true, Sources: []string{"a"}}, "two"},
		{"everything at once", state.Filter{Missing: true, Sources: []string{"a", "b"}, Since: day(2).Time, DueBefore: hours(2), Limit: 1}, "four"},
	} {
		if got := strings.Join(h.list(test.f), " "); got != test.want {
			t.Errorf("%s: %q, wanted %q", test.name, got, test.want)
		}
	}

	// Written again as it was read back, each keeps its place.
	for _, id := range h.list(state.Filter{}) {
		st, err := h.Statement(h.ctx, id)
		h.must(err)
		h.put(st)
	}
	h.put(statement.Statement{ID: "listed", Source: "d", ListedAt: hours(1)}, statement.Statement{ID: "later", Source: "d", ListedAt: hours(2)}, statement.Statement{ID: "never", Source: "d"})
	if got := h.list(state.Filter{Sources: []string{"d"}, NotListedAt: hours(2)}); !slices.Equal(got, []string{"listed"}) {
		t.Errorf("listed once, but not at or after a moment: %q", got)
	}
	h.put(statement.Statement{ID: "absent", Source: "d", AbsentSince: noon})
	if got := h.list(state.Filter{Sources: []string{"d"}, Absent: true}); !slices.Equal(got, []string{"absent"}) {
		t.Errorf("no longer named by their listing: %q", got)
	}
	if got := strings.Join(h.list(state.Filter{Sources: []string{"a", "b", "c"}}), " "); got != "five twin four undated two one" {
		t.Errorf("written again: %q", got)
	}
}

func statementsAreWalked(t *testing.T, h *house) {
	var want []string
	for i := range 50 {
		st := sample(fmt.Sprintf("s%02d", i), -i)
		want = append(want, st.ID)
		h.put(st)
	}
	var walk func(depth int)
	walk = func(depth int) { // walks inside walks must not wait for one another
		seen := 0
		for st, err := range h.Statements(h.ctx, state.Filter{}) {
			h.must(err)
			if _, err := h.Statement(h.ctx, st.ID); err != nil {
				t.Error(err)
			}
			if seen++; seen == 2 && depth > 0 {
				walk(depth - 1)
				return // and are left early
			}
		}
	}
	done := make(chan struct{})
	go func() { defer close(done); walk(12) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("walks inside walks wait for one another")
	}

	var got []string
	for st, err := range h.Statements(h.ctx, state.Filter{OldestCheck: true}) {
		h.must(err)
		got = append(got, st.ID)
		st.NextCheck = hours(1000 + len(got)) // would be met again at the end
		h.update(func(tx state.Tx) error { return tx.PutStatement(st) })
	}
	slices.Sort(got)
	h.same("walked while each is moved", got, want)
}

func nothingIsKnownOfStrangers(t *testing.T, h *house) {
	_, err := h.Statement(h.ctx, "nobody")
	_, byKey := h.ByKey(h.ctx, "iran-mfa", "nobody")
	_, revision := h.Revision(h.ctx, "nobody", 0)
	_, third := h.Revision(h.ctx, "nobody", 3)
	_, event := h.Event(h.ctx, 1)
	for i, err := range []error{err, byKey, revision, third, event, h.SaveAlert(h.ctx, statement.Alert{ID: 7, State: statement.Sent})} {
		if !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := h.count("nobody"); n != 0 {
		t.Errorf("an empty store has %d records", n)
	}
}
