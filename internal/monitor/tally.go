package monitor

import (
	"cmp"
	"slices"

	"volteface/internal/statement"
	"volteface/state"
)

// Tally is what was found under one rule, topic or issuer, and what people said of it.
type Tally struct {
	By, Name           string // what is counted by (all, rule, topic, issuer), and which
	Alerts, Reviews    int    // by level
	Decided, Confirmed int    // by people, of both levels
	// Threshold is the lowest score from which the aim would have been confirmed of what was decided on; Told is how many
	// findings, decided on or not, score so high. Reached is whether there is any.
	Threshold float64
	Told      int
	Reached   bool
}

// fewestDecided is from how many decisions a threshold can be told: of fewer, one more may move it anywhere.
const fewestDecided = 10

// Enough tells whether enough was decided to tell a threshold.
func (t Tally) Enough() bool { return t.Decided >= fewestDecided }

// TallyAim is the share confirmed that thresholds are told for.
const TallyAim = 0.8

// Tallies counts findings: all, then by the rules that told of them, by topic and by the issuer of the later side. What has
// lapsed or was replaced is left out, since its scores are another engine's, and what follows another decision counts as found, but not as
// decided. rules are the names of those that told of a finding, by its identifier. A finding that several rules told of
// counts under each. The name is empty for what no rule told of, or was found under no topic.
func Tallies(found []state.Finding, rules map[string][]string) []Tally {
	type group struct{ by, name string }
	groups := map[group][]state.Finding{}
	for _, f := range found {
		if f.Lapsed || f.Replaced != "" {
			continue
		}
		told := rules[f.ID]
		if len(told) == 0 {
			told = []string{""}
		}
		in := []group{{"all", ""}, {"topic", f.Topic}, {"issuer", f.After.Issuer}}
		for _, rule := range told {
			in = append(in, group{"rule", rule})
		}
		for _, g := range in {
			groups[g] = append(groups[g], f)
		}
	}
	var tallies []Tally
	for g, members := range groups {
		tallies = append(tallies, tally(g.by, g.name, members))
	}
	order := []string{"all", "rule", "topic", "issuer"}
	slices.SortFunc(tallies, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.By), slices.Index(order, b.By)), cmp.Compare(b.Alerts+b.Reviews, a.Alerts+a.Reviews), cmp.Compare(a.Name, b.Name))
	})
	return tallies
}

func tally(by, name string, found []state.Finding) Tally {
	t := Tally{By: by, Name: name}
	slices.SortFunc(found, func(a, b state.Finding) int { return cmp.Compare(b.Score, a.Score) })
	for i, f := range found {
		if f.Level == statement.LevelAlert {
			t.Alerts++
		} else {
			t.Reviews++
		}
		if f.Review.Follows == "" && f.Review.Decision != state.Open {
			t.Decided++
			if f.Review.Decision == state.Confirmed {
				t.Confirmed++
			}
		}
		if i+1 < len(found) && found[i+1].Score == f.Score {
			continue // one threshold tells of both or of neither
		}
		if t.Decided > 0 && float64(t.Confirmed) >= TallyAim*float64(t.Decided) {
			t.Threshold, t.Told, t.Reached = f.Score, i+1, true
		}
	}
	return t
}

// RulesOf are the names of the rules that told of findings, by identifier; what was told of a finding that was replaced was
// told of the one in its place.
func RulesOf(told []state.ToldTurn, found []state.Finding) map[string][]string {
	today := map[string]string{}
	for _, f := range found {
		if f.Replaced != "" {
			today[f.ID] = f.Replaced
		}
	}
	rules := map[string][]string{}
	for _, x := range told {
		id := x.Reversal
		for range len(today) { // bounds a ring, should there ever be one
			next, replaced := today[id]
			if !replaced {
				break
			}
			id = next
		}
		if !slices.Contains(rules[id], x.Rule) {
			rules[id] = append(rules[id], x.Rule)
		}
	}
	return rules
}
