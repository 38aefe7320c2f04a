package reversal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

func embedded(t *testing.T) *judge.Judge {
	t.Helper()
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func on(day string, text string) *Statement {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return &Statement{Date: at, Issuer: "Ministry", Government: "IR", Speaker: "The spokesman", Language: "en", Text: text}
}

// A stream tells what turns round, with both sides, and once.
func TestStream(t *testing.T) {
	s := NewStream(embedded(t), Levels{Alert: .9, Review: .2, Watch: .1})
	add := func(x *Statement) (Alert, bool) {
		t.Helper()
		a, found, err := s.Add(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		return a, found
	}
	for _, x := range []*Statement{
		on("2022-10-17", "We have never supplied any drones to Russia. Our position on the talks in Vienna is known."),
		on("2022-10-20", "The minister received the ambassador of Croatia. They spoke of trade in wheat and of the festival in Shiraz."),
		on("2022-10-21", "We have never supplied any drones to Russia. Our position on the talks in Vienna is known."),
	} {
		if a, found := add(x); found {
			t.Errorf("%q turns %+v", x.Text, a)
		}
	}
	a, found := add(on("2022-11-05", "Thank you all for coming today. We supplied a small number of drones to Russia last year, before the war."))
	if !found || a.Verdict.Verdict != Reversal || a.Before[0] > 2 || !strings.Contains(a.Evidence[0].After, "small number") || !strings.Contains(a.Evidence[0].Before, "never supplied") {
		t.Fatalf("%v, %+v", found, a)
	}
	for _, words := range []string{"2022", "on 5 November 2022", "“We have never supplied", "appear"} {
		if !strings.Contains(a.Explanation, words) {
			t.Errorf("%q lacks %q", a.Explanation, words)
		}
	}
}

// Statements of two governments are not compared, nor two of one day.
func TestWhoIsCompared(t *testing.T) {
	other := on("2022-11-05", "We supplied a small number of drones to Russia last year.")
	other.Government = "GB"
	sameDay := on("2022-10-17", "We supplied a small number of drones to Russia last year.")
	for _, later := range []*Statement{other, sameDay} {
		s := NewStream(embedded(t), Levels{Review: .01})
		for _, x := range []*Statement{on("2022-10-17", "We have never supplied any drones to Russia."), later} {
			if a, found, err := s.Add(t.Context(), x); found || err != nil {
				t.Errorf("%+v, %v", a, err)
			}
		}
	}
}

func TestComparable(t *testing.T) {
	at := time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC)
	p := statement.Passage{Statement: "a", Revision: 1, Said: at, Text: "We have never supplied any drones."}
	later := statement.Passage{Statement: "b", Revision: 1, Said: at.AddDate(0, 0, 3), Text: "We have supplied some drones."}
	edit := statement.Passage{Statement: "a", Revision: 2, Said: at, Text: "We have supplied some drones."}
	other := p
	other.Voice = statement.VoiceOther
	again := later
	again.Text = "We have never supplied any drones!"
	short := p
	short.Text = "No drones."
	for name, x := range map[string]struct {
		a, b statement.Passage
		want bool
	}{
		"another day": {p, later, true}, "an edit": {p, edit, true}, "an edit undone": {edit, p, false}, "somebody else's": {other, later, false},
		"said again": {p, again, false}, "too short": {short, later, false},
	} {
		if comparable(x.a, x.b) != x.want {
			t.Errorf("%s: not %v", name, x.want)
		}
	}
	if !says("我们没有提供任何无人机") || says("Thank you.") {
		t.Error("what says something")
	}
}

// The marked words lie in the texts, whatever these are.
func TestParts(t *testing.T) {
	for _, text := range []string{
		"", "One", "We have never, under any circumstances, supplied drones to any side of the war in Ukraine.", "我们从来没有向任何一方提供过任何无人机。这一立场没有改变。",
		"  spaced   out\n\n words , and ; marks  ", strings.Repeat("word ", 500), strings.Repeat("a, ", 300), "\xff\xfe bad bytes \xc3 here and there",
	} {
		all := parts(text)
		if len(all) > mostParts+1 {
			t.Errorf("%d parts of %.20q", len(all), text)
		}
		end := 0
		for _, p := range all {
			if p.Start < end || p.End <= p.Start || p.End > len(text) {
				t.Errorf("%.20q: part %v after %d of %d", text, p, end, len(text))
			}
			end = p.End
		}
		if len(all) > 0 && strings.TrimSpace(text[end:]) != "" {
			t.Errorf("%.20q: %q is in no part", text, text[end:])
		}
	}
}

// What carries a turn is marked.
func TestMark(t *testing.T) {
	s := NewSearch(embedded(t), nil)
	turn := Turn{Verdict: Reversal, Before: statement.Passage{Text: "As I told the committee on Monday, we have never supplied any drones to Russia."},
		After: statement.Passage{Text: "We supplied a small number of drones to Russia last year, before the war began."}}
	if err := s.mark(t.Context(), &turn); err != nil {
		t.Fatal(err)
	}
	before, after := turn.Before.Text[turn.BeforeMark.Start:turn.BeforeMark.End], turn.After.Text[turn.AfterMark.Start:turn.AfterMark.End]
	if before == "" || after == "" || before == turn.Before.Text || after == turn.After.Text {
		t.Errorf("marked %q and %q", before, after)
	}
	t.Logf("%q, %q", before, after)
}

func TestLevels(t *testing.T) {
	if got := (Levels{.9, .5, .2}).With(Levels{Alert: .4}); got != (Levels{.4, .4, .2}) {
		t.Errorf("%+v", got)
	}
}

// A passage that is in several turns is read once.
func TestDistinct(t *testing.T) {
	a, b := statement.Passage{ID: 1, Text: "We deny it."}, statement.Passage{ID: 2, Text: "We deny it.", Question: "Is it so?"}
	again := a
	again.ID, again.Said = 3, time.Now()
	asked, at := distinct([]statement.Passage{a, b, a, again, b})
	if len(asked) != 2 || !slices.Equal(at, []int{0, 1, 0, 0, 1}) || asked[0].Text != a.Text || asked[1].Question != b.Question {
		t.Errorf("%+v, %v", asked, at)
	}
}
