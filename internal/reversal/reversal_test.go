package reversal

import (
	"strings"
	"testing"
	"time"
)

func compare(before, after string) Verdict {
	return New().Compare(
		&Statement{Date: time.Date(2021, 3, 1, 0, 0, 0, 0, time.UTC), Speaker: "A. Speaker", Text: before},
		&Statement{Date: time.Date(2021, 5, 1, 0, 0, 0, 0, time.UTC), Speaker: "B. Speaker", Text: after})
}

func TestReversals(t *testing.T) {
	for _, p := range [][2]string{
		{"We have not delivered rifles to the militia.", "Two hundred rifles were delivered to the militia in May."},
		{"The ministry will not raise the fuel tax.", "The ministry is raising the fuel tax from June."},
		{"The number of those rescued is 368.", "The number of those rescued is 164, and not 368."},
		{"The notice concerns a bridge.", "The notice of 1 March on the bridge is withdrawn, as it was wrong."},
	} {
		if v := compare(p[0], p[1]); v.Verdict != Reversal {
			t.Errorf("%q / %q: %s %.2f", p[0], p[1], v.Verdict, v.Score)
		}
	}
}

func TestNoReversals(t *testing.T) {
	for _, p := range [][2]string{
		{"We have not delivered rifles to the militia.", "We have never delivered rifles to the militia."},
		{"We have not delivered rifles to the militia.", "A newspaper claims that rifles were delivered to the militia."},
		{"We have not delivered rifles to the militia.", "Did you deliver rifles to the militia?"},
		{"We have not delivered rifles to the militia.", "Nobody should deliver rifles to the militia."},
		{"The bridge will be closed on Monday and will reopen in June.", "The bridge was closed at noon."},
		{"The harbour has never been as busy as now.", "The harbour is busy."},
		{"The depots did not fail to pay the farmers.", "The depots paid the farmers."},
		{"We condemn interference in our affairs.", "We call for an end to interference in our affairs."},
	} {
		if v := compare(p[0], p[1]); v.Verdict == Reversal {
			t.Errorf("%q / %q: %s %.2f %s", p[0], p[1], v.Verdict, v.Score, v.Explanation)
		}
	}
}

// An explanation quotes both sides, with who and when.
func TestExplanation(t *testing.T) {
	v := compare("We have not delivered rifles to the militia.", "Two hundred rifles were delivered to the militia in May.")
	for _, part := range []string{"On 1 March 2021 A. Speaker said “We have not delivered rifles to the militia”", "on 1 May 2021 B. Speaker said “Two hundred rifles", "appears to"} {
		if !strings.Contains(v.Explanation, part) {
			t.Errorf("%q lacks %q", v.Explanation, part)
		}
	}
	e := v.Evidence[0]
	if e.BeforeSpan != [2]int{0, 44} || v.SameSpeaker {
		t.Errorf("%+v", v)
	}
}

// A stream alerts at the first departure, and not again at its repetition.
func TestStream(t *testing.T) {
	s := New().NewStream()
	var alerts []int
	for i, text := range []string{
		"We have not delivered rifles to the militia.",
		"The harvest was good.",
		"Two hundred rifles were delivered to the militia in May.",
		"Rifles were delivered to the militia in May.",
	} {
		if a, ok := s.Add(&Statement{Issuer: "Ministry", Text: text}); ok && a.Verdict.Verdict == Reversal {
			alerts = append(alerts, i)
			if len(a.Before) != 1 || a.Before[0] != 0 {
				t.Errorf("alert at %d turns %v", i, a.Before)
			}
		}
	}
	if len(alerts) != 1 || alerts[0] != 2 {
		t.Errorf("alerts at %v", alerts)
	}
}

func TestOtherVoicesAreNotCompared(t *testing.T) {
	if SameSide(&Statement{Government: "Iran"}, &Statement{Government: "United States"}) {
		t.Error("two governments are one side")
	}
}

func BenchmarkCompare(b *testing.B) {
	before := &Statement{Text: "The spokesman took several questions. Reports on this matter pursue political aims. We have not provided weaponry to any side of the war. Humanitarian flights to the region would continue. The talks on grain go on."}
	after := &Statement{Text: "Some states have made a clamour about missiles and drones. The part about missiles is wrong. A limited number of drones were handed to Russia months before the war. A meeting agreed with Kyiv did not take place."}
	e := New()
	e.Compare(before, after)
	for b.Loop() {
		e.Compare(before, after)
	}
}

// Two claims that differ in one thing are told apart by its feature.
func TestWhatTellsClaimsApart(t *testing.T) {
	for _, c := range []struct {
		before, after string
		f             feature
	}{
		{"The Governor will meet the owner of the lender.", "The Deputy Governor will not meet the owner of the lender.", fActor},
		{"We will join the alliance.", "Our neighbour will not join the alliance.", fActor},
		{"The moor will be drained.", "Last year the moor was not drained.", fDate},
		{"We do not recognise the interim president.", "We recognise the effort of the interim president.", fTheme},
		{"Our networks were not breached.", "The networks of a supplier were breached.", fModifier},
	} {
		before, after := &Statement{Text: c.before}, &Statement{Text: c.after}
		l := NewLesson(before, after, [2]int{}, [2]int{}, false, 1)
		found := false
		for i := range l.found {
			found = found || l.found[i].rule == fSign && l.found[i].x[c.f] >= 0.5
		}
		if !found {
			t.Errorf("%q / %q: %s is not seen", c.before, c.after, featureNames[c.f])
		}
	}
}

// What there was not to be is spoken of as being there.
func TestThereAfterAll(t *testing.T) {
	for after, want := range map[string]bool{
		"Germany supports this common debt.":                  true,
		"Germany rejects any common debt.":                    false,
		"Germany supports the common market for electricity.": false,
	} {
		l := NewLesson(&Statement{Text: "There will be no common debt."}, &Statement{Text: after}, [2]int{}, [2]int{}, false, 1)
		found := false
		for i := range l.found {
			found = found || l.found[i].rule == fThere
		}
		if found != want {
			t.Errorf("%q: %v", after, found)
		}
	}
}
