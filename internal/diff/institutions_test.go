package diff

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"volteface/internal/statement"
)

// Edits as foreign ministries, central banks, armed forces and agencies make
// them, made up and labelled by the guide of the development set before the
// rules had seen them. They name no real statement.
func TestClassifiesEditsOfOtherInstitutions(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "institutions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s scores
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		v := Compare(Text{Body: l.Before}, Text{Body: l.After}).Verdict(t.Context(), Embedded, "")
		s.add(l, v)
		if v.Class != l.Class {
			t.Logf("%s: %s %v, want %s %v: %q → %q", l.ID, v.Class, v.Kinds, l.Class, l.Kinds, l.Before, l.After)
		}
	}
	t.Log(s.String())
	recall, precision, _ := s.classF1(statement.ClassSubstantive)
	if s.all < 190 || s.accuracy() < 0.96 || s.macroF1() < 0.95 || recall < 0.98 || precision < 0.94 || s.kindsF1() < 0.80 {
		t.Errorf("worse than it was: %s", s.String())
	}
}

// Two letters make all the difference, or none.
func TestSameWordsAnotherMeaning(t *testing.T) {
	for _, c := range []struct {
		before, after string
		class         statement.Class
	}{
		{"Norland attacked Sudland on Monday.", "Sudland attacked Norland on Monday.", substantive},
		{"He flew from Oslo to Bergen.", "He flew from Bergen to Oslo.", substantive},
		{"They met in Oslo, Bergen and Malmö.", "They met in Bergen, Oslo and Malmö.", editorial},
		{"He travelled to Oslo on 3 May.", "He travelled on 3 May to Oslo.", editorial},
		{"Growth was -5 percent.", "Growth was 5 percent.", substantive},
		{"The range is 4-1/4 to 4 1/2 percent.", "The range is 4-1/4 to 4-1/2 percent.", editorial},
		{"The office is open 9-12 daily.", "The office is open 912 daily.", substantive},
		{"Will you sign it?\n\nNo.\n\nThank you for that.", "Will you sign it?\n\nThank you for that.", substantive},
		{"He paid the bill of the house, being it to a close.", "He paid the bill of the house, bring it to a close.", editorial},
		{"Sitio en Español – “Safe”", "Sitio en EspaÃ±ol â€“ â€œSafeâ€\u009d", editorial},
		{"The talks begin at 3 p.m. today.", "The talks begin at 15:00 today.", editorial},
		{"Published: 3 March 2025\n\nThe talks began in the town.", "Published: 4 March 2025\n\nThe talks began in the town.", none},
	} {
		if v := check(t, Text{Body: c.before}, Text{Body: c.after}).Verdict(t.Context(), Embedded, "en"); v.Class != c.class {
			t.Errorf("%q → %q: %s, want %s: %v", c.before, c.after, v.Class, c.class, v.Reasons)
		}
	}
}
