package reversal

import (
	"testing"
	"time"
)

func TestPassagesComeBack(t *testing.T) {
	tehran := time.FixedZone("", 12600)
	s := &Statement{
		ID: "s-1", Date: time.Date(2022, 10, 17, 0, 0, 0, 0, tehran), Issuer: "Iran MFA", Government: "IR", Speaker: "The spokesman",
		Text: "The weekly conference was held. Iran has not provided weaponry to any side, he said.",
	}
	later := &Statement{Text: "Iran provided some weaponry to Russia.", Government: "IR", Date: s.Date.AddDate(0, 0, 19)}
	passages := Passages(s)
	if len(passages) == 0 {
		t.Fatal("no passage")
	}
	p := &passages[len(passages)-1]
	body := p.Body()
	back, err := Recall(body, "s-1", s.Date.UTC())
	if err != nil {
		t.Fatal(err)
	}
	if back.Text != p.Excerpt().Text || back.Speaker != s.Speaker || back.Issuer != s.Issuer || back.Offset() != p.Excerpt().Offset() || back.Date.Day() != 17 {
		t.Errorf("%+v", back)
	}
	if a, b := New().Compare(back, later), New().Compare(p.Excerpt(), later); a.Score != b.Score || a.Explanation != b.Explanation {
		t.Errorf("judged %+v, before it was stored %+v", a, b)
	}
	for n := range body { // a damaged passage is told, never read beyond its end
		if x, err := Recall(body[:n], "s-1", s.Date); err == nil && x.Text == back.Text {
			t.Errorf("the first %d of %d bytes are taken for the whole", n, len(body))
		}
	}
}

func TestStances(t *testing.T) {
	p := NewProposition("Iran supplied drones to Russia.")
	for text, want := range map[string]Stance{
		"Iran has not supplied any drones to Russia.":        Denies,
		"Iran gave a limited number of drones to Russia.":    Affirms,
		"The minister received the ambassador of Croatia.":   Silent,
		"Iran sold a number of tractors to Russia.":          Silent,
		"The Ministry has delivered drones to its own army.": Silent,
		"Iran has not closed its embassy in Russia.":         Silent,
	} {
		got, sure := Silent, 0.0
		for _, x := range Passages(&Statement{Text: text, Government: "IR", Issuer: "Iran, Ministry of Foreign Affairs"}) {
			if s, score := New().Stance(p, &x); s != Silent {
				got, sure = s, score
			}
		}
		if got != want {
			t.Errorf("%q: %s (%.2f), want %s", text, got, sure, want)
		}
	}
}

// Only what is said flatly, and of the thing itself, is sure enough to alarm.
func TestSureStances(t *testing.T) {
	p := NewProposition("Iran supplied drones to Russia.")
	for text, want := range map[string]struct {
		stance Stance
		sure   bool
	}{
		"Iran supplied drones to Russia.":                                  {Affirms, true},
		"Iran supplied weapons to Russia.":                                 {Silent, false}, // which?
		"Iran has not supplied weapons to Russia.":                         {Denies, true},
		"Iran has not supplied weapons to Russia to attack Ukraine.":       {Denies, false}, // but otherwise?
		"Iran might have supplied drones to Russia.":                       {Affirms, false},
		"If Iran supplied drones to Russia, the council will be informed.": {Affirms, false},
	} {
		got, sure := Silent, 0.0
		for _, x := range Passages(&Statement{Text: text, Government: "IR", Issuer: "Iran, Ministry of Foreign Affairs"}) {
			if s, score := New().Stance(p, &x); s != Silent {
				got, sure = s, score
			}
		}
		if got != want.stance && (want.sure || got != Silent) || (sure > unsure) != want.sure {
			t.Errorf("%q: %s (%.2f), want %s, sure %v", text, got, sure, want.stance, want.sure)
		}
	}
}
