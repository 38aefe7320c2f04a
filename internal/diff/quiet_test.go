package diff

import (
	"slices"
	"testing"

	"volteface/internal/statement"
)

// A small word that limits a flat denial is the news, wherever it stands, when it
// comes and when it goes.
func TestQuietHedges(t *testing.T) {
	for _, hedge := range []string{
		"at this time", "currently", "as of today", "for now", "at present", "at this stage", "so far", "to our knowledge", "as far as we know", "officially", "in principle",
		"directly", "at the moment", "yet", "knowingly", "to date", "for the time being", "as of now", "at this point in time", "intentionally", "any longer", "under current circumstances",
		"to the best of our knowledge", "at this juncture", "as things stand", "in our view", "on present information", "presently", "formally", "until further notice", "for the most part",
	} {
		for _, p := range [][2]string{
			{"The ministry has not supplied drones to either side.", "The ministry has not supplied drones to either side " + hedge + "."},
			{"Iran has no plans to send troops to the region.", "Iran has, " + hedge + ", no plans to send troops to the region."},
			{"The government does not recognise the annexation.", "The government does not " + hedge + " recognise the annexation."},
			{"The Bank denies the report of a loan.", "The Bank denies the report of a loan, " + hedge + "."},
		} {
			for _, e := range []*Edit{Compare(Text{Body: p[0]}, Text{Body: p[1]}), Compare(Text{Body: p[1]}, Text{Body: p[0]})} {
				if v := e.Verdict(t.Context(), nil, "en"); v.Class != substantive || !slices.Contains(v.Kinds, statement.KindHedge) || v.Importance == 0 {
					t.Errorf("%s / %s: %s %v %d (%s)", e.before.Body, e.after.Body, v.Class, v.Kinds, v.Importance, v.Summary)
				}
			}
		}
	}
}

// One quiet hedge for another of the same sense is wording, and a word that limits
// nothing is none.
func TestNoQuietHedge(t *testing.T) {
	for _, p := range [][2]string{
		{"The ministry does not currently plan to send troops.", "The ministry does not at present plan to send troops."},
		{"The minister is in Paris with his family.", "The minister is currently in Paris with his family."},
		{"The road runs to the border.", "The road runs directly to the border."},
	} {
		if v := Compare(Text{Body: p[0]}, Text{Body: p[1]}).Verdict(t.Context(), nil, "en"); slices.Contains(v.Kinds, statement.KindHedge) {
			t.Errorf("%s: %s %v (%s)", p[1], v.Class, v.Kinds, v.Summary)
		}
	}
}

// The same words weigh more in a headline than in the text.
func TestTitlesWeighMore(t *testing.T) {
	for _, p := range [][2]string{
		{"Ministry rejects proposal for peace talks", "Ministry welcomes proposal for peace talks"},
		{"Minister denies arms deal", "Minister confirms arms deal"},
		{"Bank raises rate to 5 per cent", "Bank raises rate to 6 per cent"},
		{"Council will adopt the report", "Council may adopt the report"},
	} {
		title := Compare(Text{Title: p[0], Body: "The text stays."}, Text{Title: p[1], Body: "The text stays."}).Verdict(t.Context(), nil, "en")
		text := Compare(Text{Title: "Statement", Body: p[0] + "."}, Text{Title: "Statement", Body: p[1] + "."}).Verdict(t.Context(), nil, "en")
		if title.Class != substantive || title.Importance <= text.Importance && text.Importance < 3 {
			t.Errorf("%s: %s %d in the title, %s %d in the text", p[1], title.Class, title.Importance, text.Class, text.Importance)
		}
	}
	// A slip that is mended in a title weighs nothing.
	if v := Compare(Text{Title: "Statment on the talks", Body: "x"}, Text{Title: "Statement on the talks", Body: "x"}).Verdict(t.Context(), nil, "en"); v.Class == substantive {
		t.Errorf("a slip: %s %d", v.Class, v.Importance)
	}
}
