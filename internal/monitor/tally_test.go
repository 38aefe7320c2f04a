package monitor

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"volteface/internal/statement"
	"volteface/state"
)

func TestTallies(t *testing.T) {
	var found []state.Finding
	add := func(n int, topic string, score float64, level statement.Level, d state.Decision) {
		for range n {
			f := state.Finding{Review: state.Review{Decision: d}}
			f.ID, f.Topic, f.Score, f.Level, f.After.Issuer = string(rune('a'+len(found))), topic, score, level, "Ministry"
			found = append(found, f)
		}
	}
	add(6, "drones", 0.95, statement.LevelAlert, state.Confirmed)
	add(1, "drones", 0.95, statement.LevelAlert, state.Dismissed)
	add(2, "drones", 0.92, statement.LevelAlert, state.Confirmed)
	add(2, "drones", 0.92, statement.LevelAlert, state.Open) // told too, had this been the threshold
	add(4, "", 0.7, statement.LevelReview, state.Dismissed)
	follows, lapsed, replaced := found[0], found[0], found[0]
	follows.ID, follows.Review.Follows = "follows", "a"
	lapsed.ID, lapsed.Lapsed = "lapsed", true
	replaced.ID, replaced.Replaced = "old", "a"
	rules := RulesOf([]state.ToldTurn{{Reversal: "old", Rule: "desk"}, {Reversal: "a", Rule: "desk"}, {Reversal: "b", Rule: "all of it"}}, append(found, replaced))
	got := Tallies(append(found, follows, lapsed, replaced), rules)
	want := []Tally{
		{By: "all", Alerts: 12, Reviews: 4, Decided: 13, Confirmed: 8, Threshold: 0.92, Told: 12, Reached: true},
		{By: "rule", Alerts: 10, Reviews: 4, Decided: 11, Confirmed: 6, Threshold: 0.92, Told: 10, Reached: true},
		{By: "rule", Name: "all of it", Alerts: 1, Decided: 1, Confirmed: 1, Threshold: 0.95, Told: 1, Reached: true},
		{By: "rule", Name: "desk", Alerts: 1, Decided: 1, Confirmed: 1, Threshold: 0.95, Told: 1, Reached: true},
		{By: "topic", Name: "drones", Alerts: 12, Decided: 9, Confirmed: 8, Threshold: 0.92, Told: 12, Reached: true},
		{By: "topic", Reviews: 4, Decided: 4},
		{By: "issuer", Name: "Ministry", Alerts: 12, Reviews: 4, Decided: 13, Confirmed: 8, Threshold: 0.92, Told: 12, Reached: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got[2].Enough() || !got[0].Enough() {
		t.Error("one decision is enough, or thirteen are not")
	}
}
