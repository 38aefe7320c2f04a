package raised

import "testing"

func TestMarks(t *testing.T) {
	for _, test := range []struct {
		before, mark, after string
		want                bool
	}{
		{"at 3", "1", " per cent", true},
		{"in 2027", "2", " and", true},
		{"Growth of 1.2", "3", " per cent", true},
		{"the report", "12", ",", true},
		{"the report.", "12", " The", true},
		{"the report", "1,2", "", true},
		{"the report", "1–3", "", true},
		{"the report", "[4]", "", true},
		{"the report", "(4)", "", true},
		{"the report", "a", " says", true},
		{"45.3", "b", " per cent", true},
		{"the report", "iv", "", true},
		{"the report", "*", "", true},
		{"the report", "‡", "", true},
		{"گزارش", "۲", " ", true},
		{"报告", "2", "指出", true},
		{"", "1", " See the report", true},
		{"10", "6", " units", false},
		{"× 10", "12", "", false},
		{"10", "-6", "", false},
		{"40 km", "2", ";", false},
		{"40 км", "2", "", false},
		{"5 m", "3", "", false},
		{"x", "2", "", false},
		{"s", "−1", "", false},
		{"Ca", "2+", "", false},
		{"at EUR 11", "99", " per head", false},
		{"at €11", "99", "", false},
		{"at 11", "99", " € per head", false},
		{"Article 15", "1", " of the code", false},
		{"статьи 15", "1", " закона", false},
		{"", "235", "U was found", false},
		{"U and ", "137", "Cs.", false},
		{"", "1", "See", true},
		{"the report", "new", "", false},
		{"the report", "2027", "", false},
	} {
		if got := Mark(test.before, test.mark, test.after); got != test.want {
			t.Errorf("%q^%q%q: %v", test.before, test.mark, test.after, got)
		}
	}
}

func TestOrdinals(t *testing.T) {
	for _, test := range []struct {
		before, letters, after, language string
		want                             bool
	}{
		{"the 21", "st", " session", "en", true}, {"le 1", "er", " novembre", "fr", true}, {"XXI", "e", " siècle", "fr", true},
		{"n", "o", " 5", "fr", true}, {"M", "me", " Colonna", "fr", true}, {"à 10", "h", "30", "fr", true},
		{"la 5", "a", " reunión", "es", true}, {"12", "a", "", "en", false}, {"45.3", "a", " per", "", false},
		{"the report", "st", "", "en", false}, {"Annex A", "a", "", "en", false}, {"the report", "a", "", "es", false},
	} {
		if got := Ordinal(test.before, test.letters, test.after, test.language); got != test.want {
			t.Errorf("%q^%q (%s): %v", test.before, test.letters, test.language, got)
		}
	}
}

func TestWithoutMarks(t *testing.T) {
	for line, want := range map[string]string{
		"at 3¹ per cent in 2027² and":     "at 3 per cent in 2027 and",
		"the report[1] of 2027.[12] Then": "the report of 2027. Then",
		"the report [1]. Then [2] came":   "the report. Then [2] came",
		"He agreed. [3] She did not.":     "He agreed. She did not.",
		"the judgment at [12].":           "the judgment at [12].",
		"[1] A list":                      "[1] A list",
		"[2027] and [sic]":                "[2027] and [sic]",
		"10⁶ units, 5 km², €11⁹⁹, Ca²⁺":   "10⁶ units, 5 km², €11⁹⁹, Ca²⁺",
		"CO₂ and x₁²":                     "CO₂ and x₁²",
		"²³⁵U and ¹⁴C":                    "²³⁵U and ¹⁴C",
		"report¹and more":                 "report and more",
		"drones† were":                    "drones were",
		"in 2026¹˒² and":                  "in 2026 and",
	} {
		if got, _ := WithoutMarks(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func FuzzWithoutMarks(f *testing.F) {
	f.Add("at 3¹ per cent in 2027.[2] 10⁶")
	f.Fuzz(func(t *testing.T, line string) {
		once, n := WithoutMarks(line)
		if len(once) > len(line)+n {
			t.Errorf("%q grew to %q", line, once)
		}
	})
}
