package diff

import (
	"strings"
	"testing"
)

// The rows of the whole make both texts: nothing is left out of them, and nothing shown twice.
func TestRowsOfTheWholeMakeBothTexts(t *testing.T) {
	before := Text{Title: "On drones", Body: strings.Repeat("Nothing changes in this long paragraph of many words. ", 9) + "\n\nIran has supplied no drones.\n\nThe end."}
	after := Text{Title: "On drones", Body: strings.Repeat("Nothing changes in this long paragraph of many words. ", 9) + "\n\nIran has supplied a few drones.\n\nA new one.\n\nThe end."}
	e := Compare(before, after)
	side := func(hidden Op) string {
		var b strings.Builder
		for _, r := range e.Rows(true) {
			for _, p := range r.Pieces {
				if p.Op != hidden {
					b.WriteString(p.Text)
				}
			}
			b.WriteString(" ")
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	plain := func(x Text) string { return strings.Join(strings.Fields(x.Title+" "+x.Body), " ") }
	if got := side(Insert); got != plain(before) {
		t.Errorf("before: %s", got)
	}
	if got := side(Delete); got != plain(after) {
		t.Errorf("after: %s", got)
	}
	folded := 0
	for _, r := range e.Rows(false) {
		folded += r.Folded
		for _, p := range r.Pieces {
			folded += p.Folded
		}
	}
	if folded == 0 {
		t.Error("nothing is folded where only changes are asked for")
	}
	if gone, come := e.Size(); gone != 2 || come != 15 {
		t.Errorf("%d letters gone, %d come", gone, come)
	}
}
