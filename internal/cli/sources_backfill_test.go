package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Months that hold nothing are put in, and they and those that hold far less than
// the year around them are marked; what waits is no gap, what has no date comes last.
func TestGapsOfCoverage(t *testing.T) {
	kept := []state.Coverage{{Month: "", Statements: 4}}
	for month, n := range map[string]int{"2021-11": 20, "2021-12": 22, "2022-01": 2, "2022-02": 25, "2022-05": 18, "2022-06": 20} {
		kept = append(kept, state.Coverage{Month: month, Statements: n})
	}
	kept = append(kept, state.Coverage{Month: "2022-04", Waiting: 9})
	for i := range kept { // as the store gives them
		for j := range i {
			if kept[i].Month < kept[j].Month {
				kept[i], kept[j] = kept[j], kept[i]
			}
		}
	}
	var got []string
	for _, m := range monthly(kept) {
		got = append(got, fmt.Sprintf("%s %d %s", m.Month, m.Statements, m.Gap))
	}
	want := "2021-11 20 |2021-12 22 |2022-01 2 few|2022-02 25 |2022-03 0 none|2022-04 0 |2022-05 18 |2022-06 20 | 4 "
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}

// A backfill that is asked for again goes on; what was passed over is walked
// again, and another archive begins anew.
func TestOrdersOfABackfill(t *testing.T) {
	now := time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)
	src := statement.Source{ID: "press"}
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	old := state.Backfill{Source: "press", Since: year(2018), Budget: 100, Place: "x", Walked: true, Read: 60, StoppedAt: now, Pages: 7}
	for name, c := range map[string]struct {
		flags backfillFlags
		good  func(state.Backfill) bool
	}{
		"goes on": {backfillFlags{}, func(b state.Backfill) bool {
			return b.Place == "x" && b.Read == 60 && b.StoppedAt.IsZero() && b.NextAt.Equal(now) && b.Budget == 100
		}},
		"another budget": {backfillFlags{budget: 7}, func(b state.Backfill) bool { return b.Place == "x" && b.Budget == 7 }},
		"further back": {backfillFlags{since: "2015"}, func(b state.Backfill) bool {
			return b.Place == "" && !b.Walked && b.Since.Equal(year(2015)) && b.Read == 60
		}},
		"not so far back": {backfillFlags{since: "2020-03"}, func(b state.Backfill) bool {
			return b.Place == "x" && b.Since.Equal(time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC))
		}},
		"an archive": {backfillFlags{memento: "https://archive.example/t"}, func(b state.Backfill) bool { return b.Place == "" && b.Memento != "" && b.Read == 0 }},
	} {
		wanted, err := c.flags.check(src, now)
		if err != nil {
			t.Fatal(err)
		}
		if b := orders(old, true, wanted, &c.flags); !c.good(b) {
			t.Errorf("%s: %+v", name, b)
		}
	}
	for _, bad := range []backfillFlags{{budget: -1}, {since: "2099"}, {since: "soon"}, {stop: true, forget: true}, {stop: true, since: "2018"}, {replay: "https://a.example/{url}"}, {memento: "a.example"}, {memento: "https://a.example/", replay: "https://a.example/"}} {
		if _, err := bad.check(src, now); err == nil || statement.HintOf(err) == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
