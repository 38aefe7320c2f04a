package monitor

import (
	"strings"
	"testing"
)

func TestOnlyDamaged(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"We de\uFFFDlared it.", "We declared it.", true},
		{"We declared it.", "We de\uFFFDlared it.", true},
		{"\uFFFDe declared it\uFFFD", "We declared it.", true},
		{"Мы заяв\uFFFDли.", "Мы заявили.", true},
		{"We de\uFFFDlared it.", "We declared it now.", false},
		{"We de\uFFFDlared it.", "We denied and then declared it.", false},
		{"We declared it.", "We denied it.", false},
		{"\uFFFD", "A whole statement of some length.", false},
		{strings.Repeat("\uFFFD", 40), strings.Repeat("b", 40), false},
		{"", "", false},
	} {
		if got := onlyDamaged(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
}

// A damaged capture is kept, and is no edit.
func TestDamagedPage(t *testing.T) {
	p := newPress(t)
	p.list("/", "/1")
	p.page("/1", "One", "Министерство “declared” это заявление.", "")
	p.expect("first", p.visit(p.source(nil), Options{}), "NEW /1")
	p.page("/1", "One", "Министерство “de\xe3lared” это заявление.", "")
	findings, _ := p.look(p.source(nil), Options{Recheck: RecheckAll})
	if len(findings) != 1 || findings[0].State != "UNCHANGED" || !strings.Contains(findings[0].Reason, "damaged") {
		t.Errorf("%+v", findings)
	}
	p.page("/1", "One", "Министерство “declared” это заявление.", "")
	p.expect("whole again", p.visit(p.source(nil), Options{Recheck: RecheckAll}), "UNCHANGED /1")
	p.page("/1", "One", "Министерство “de\xe3lared” другое заявление.", "")
	p.expect("damaged, and edited", p.visit(p.source(nil), Options{Recheck: RecheckAll}), "CHANGED /1")
}
