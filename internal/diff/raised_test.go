package diff

import (
	"slices"
	"testing"

	"volteface/internal/statement"
)

// Marks of notes that come and go are no edit, and a raised figure that is
// another one is a figure.
func TestRaisedFigures(t *testing.T) {
	for _, test := range []struct {
		before, after string
		class         statement.Class
		kind          statement.EditKind
	}{
		{"Inflation is expected at 3 per cent in 2027 and after.", "Inflation is expected at 3¹ per cent in 2027² and after.", statement.ClassNone, ""},
		{"Inflation is expected at 3 per cent in 2027 and after.", "Inflation is expected at 3 per cent [2] in 2027 and after.", statement.ClassNone, ""},
		{"He said that 550 pages were read by us.", "He said that 550 [55] pages were read by us.", statement.ClassSubstantive, statement.KindCorrection},
		{"The ministry refers to the report and the annex.", "The ministry refers to the report[4] and the annex.", statement.ClassNone, ""},
		{"The ministry refers to the report† and the annex.", "The ministry refers to the report and the annex.", statement.ClassNone, ""},
		{"The reactor is put at 10⁶ units of work a day.", "The reactor is put at 10⁷ units of work a day.", statement.ClassSubstantive, statement.KindNumber},
		{"It costs the citizens €11⁹⁹ a head and year.", "It costs the citizens €11⁴⁹ a head and year.", statement.ClassSubstantive, statement.KindNumber},
		{"Under Article 15¹ of the code it is forbidden.", "Under Article 15² of the code it is forbidden.", statement.ClassSubstantive, statement.KindNumber},
	} {
		v := Compare(Text{Body: test.before}, Text{Body: test.after}).Verdict(t.Context(), nil, "en")
		if v.Class != test.class || test.kind != "" && !slices.Contains(v.Kinds, test.kind) {
			t.Errorf("%s → %s: %s %v (%s)", test.before, test.after, v.Class, v.Kinds, v.Summary)
		}
	}
}
