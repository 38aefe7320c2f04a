package reversal

import (
	"slices"
	"testing"
)

// What cannot be read is told by the text first, by what is declared only where the text is too short to show it.
func TestSpokenIn(t *testing.T) {
	reads := func(code string) bool { return slices.Contains([]string{"en", "fa", "ru"}, code) }
	for _, test := range []struct {
		text, declared, code string
		unread               bool
	}{
		{"We have not delivered rifles to the militia.", "", "en", false},
		{"We have not delivered rifles to the militia.", "th", "en", false},
		{"รัฐบาลไม่ได้ส่งมอบปืนไรเฟิลให้กับกองกำลังติดอาวุธ", "", "th", true},
		{"รัฐบาลไม่ได้ส่งมอบปืนไรเฟิลให้กับกองกำลังติดอาวุธ", "en", "th", true},
		{"მთავრობამ უარყო იარაღის მიწოდება.", "", "ka", true},
		{"དེ་ནི་གཞུང་གི་གསལ་བསྒྲགས་ཡིན། གཞུང་གིས་མཚོན་ཆ་སྤྲོད་མི་སྲིད།", "", "", true},
		{"5 %", "ka-GE", "ka", true},
		{"5 %", "en", "en", false},
		{"5 %", "", "", false},
		{"", "", "", false},
	} {
		code, unread := SpokenIn(test.text, test.declared, reads)
		if code != test.code || unread != test.unread {
			t.Errorf("%q, declared %q: %q, unread %v", test.text, test.declared, code, unread)
		}
	}
}

// A softening whose reversal is likelier is not told as no more than a softening.
func TestWhatASofteningIsCalled(t *testing.T) {
	near := Judged{Verdict: Verdict{Verdict: Softening}, Turn: .65, Softening: .03}
	if got := turned(near); got != "which may turn the earlier position round, or soften it" {
		t.Errorf("%+v: %s", near, got)
	}
	soft := Judged{Verdict: Verdict{Verdict: Softening}, Turn: .2, Softening: .5}
	if got := turned(soft); got != "which may soften the earlier position" {
		t.Errorf("%+v: %s", soft, got)
	}
}
