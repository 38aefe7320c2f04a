package fulltext

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"volteface/internal/statement"
)

func TestIndex(t *testing.T) {
	for text, want := range map[string]string{
		"The President’s U.S.-led COVID‑19 plan": "the president s u s led covid 19 plan",
		"Élysée, Łódź, Straße, İstanbul":         "elysee lodz strasse istanbul",
		"cafe\u0301 soft\u00adhyphen":            "cafe softhyphen",
		"Ещё раз: новый МИД":                     "еще раз новый мид",
		"كتاب\u200cهای ايران مىخواهد ١٤٠١":       "کتاب های ایران میخواهد 1401",
		"مَدْرَسَة":                              "مدرسه",
		"۵ آبان":                                 "5 ابان",
		"伊朗外交部":                                  "伊朗 朗外 外交 交部 部",
		"AI と無人機2機":                              "ai と無 無人 人機 機 2 機",
		"이란은":                                    "이란 란은 은",
		"ＡＢＣ１２３":                                 "abc123",
		"สหรัฐ":                                  "สห หร รั ัฐ ฐ",
		"½ ﬁnal ⒜":                               "½ final",
		"":                                       "",
		" … — ":                                  "",
		"\xff\xfe broken \x00 bytes":             "broken bytes",
	} {
		if got := Index(text); got != want {
			t.Errorf("%q is indexed as %q, want %q", text, got, want)
		}
	}
	if got := Index(strings.Repeat("x", 500)); len(got) != maxWord {
		t.Errorf("a long word: %d bytes", len(got))
	}
}

// show writes a query with all its parentheses.
func show(q Query) string {
	if q.Op == Term {
		s := strings.Join(q.Words, "+")
		if q.Prefix {
			s += "*"
		}
		if q.Field != "" {
			s = q.Field + ":" + s
		}
		return s
	}
	parts := make([]string, len(q.Parts))
	for i, p := range q.Parts {
		parts[i] = show(p)
	}
	return "(" + strings.Join(parts, map[Op]string{And: " & ", Or: " | ", Not: " - "}[q.Op]) + ")"
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"drones AND Iran":           "(drones & iran)",
		"drones Iran":               "(drones & iran)",
		"a b OR c AND d":            "((a & b) | (c & d))",
		"a (b OR c)":                "(a & (b | c))",
		"a NOT b":                   "(a - b)",
		"a -b NOT c d":              "((a & d) - (b | c))",
		`"limited number" deliver*`: "(limited+number & deliver*)",
		"“limited number”":          "limited+number",
		"«беспилотники Ирана»": "беспилотники+ирана",
		"title:drones":                   "title:drones",
		`Title:"a b" speaker:(c OR d) e`: "(title:a+b & (speaker:c | speaker:d) & e)",
		"U.S. Russia's":                  "(u+s & russia+s)",
		"co-operation":                   "co+operation",
		"and or not":                     "(and & or & not)",
		"伊朗":                             "伊朗",
		"国":                              "国*",
		"外交部 伊朗*":                        "(外交+交部 & 伊朗)",
		"нато":                           "нато",
		"a && b || c":                    "((a & b) | c)",
		`"a" "b"`:                        "(a & b)",
		`"deliver"*`:                     "deliver*",
		"((a))":                          "a",
		"x'y":                            "x+y",
		"NOT a b":                        "(b - a)",
	} {
		q, err := Parse(text)
		if err != nil || show(q) != want {
			t.Errorf("%q means %s, want %s: %v", text, show(q), want, err)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "there is nothing to search for",
		"  ":                          "there is nothing to search for",
		"drones AND (Iran":            "character 12: this ( is never closed",
		"drones)":                     "character 7: this ) closes nothing",
		"drones AND":                  "something is missing after this",
		"AND drones":                  "character 1: a word is missing before AND",
		"drones OR OR Iran":           "character 11: a word is missing before OR",
		"NOT drones":                  "only says what is not to be there",
		"a OR NOT b":                  "cannot stand beside OR",
		"a NOT NOT b":                 "NOT stands twice",
		`"limited number`:             "character 1: this quotation mark is never closed",
		"()":                          "nothing between the parentheses",
		"...":                         "there is no word in this",
		"*":                           "there is no word in this",
		"dro*nes":                     "a * can only stand at the end",
		"http://www.state.gov/":       `there is no field "http"`,
		"titel:x":                     `there is no field "titel"`,
		"title: x":                    "something is missing right after title:",
		strings.Repeat("(", 50) + "a": "nested too deep",
		strings.Repeat("a ", 100):     "more than 64 words",
		strings.Repeat("a", 5000):     "longer than",
		"a NOT":                       "something is missing",
		"title:":                      "something is missing",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) || statement.HintOf(err) == "" {
			t.Errorf("%q: %v (%s), want %s", text, err, statement.HintOf(err), want)
		}
	}
}

func snippet(t *testing.T, text, query string, size int) string {
	q, err := Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range Snippet(text, q, size) {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("Other matters were discussed at length. ", 50)
	for _, c := range []struct{ text, query, want string }{
		{"The minister denies it.", "Iran", "The minister denies it."},
		{"Iran’s drones\n\nwere “sold” in a limited number.", `drones "limited number" Iran`, "[Iran]’s [drones] were “sold” in a [limited number]."},
		{long + "A limited number of drones went to Russia." + long, `"limited number" drones`, "… [limited number] of [drones] …"},
		{"Drones. " + long + "Drones and Iran. " + long + "Iran.", "drones Iran", "… [Drones] and [Iran]. …"},
		{"Deliveries, a delivery", "deliver*", "[Deliveries], a [delivery]"},
		{"Беспилотники были поставлены", "БЕСПИЛОТНИКИ", "[Беспилотники] были поставлены"},
		{"中国外交部发言人表示", "外交部", "中国[外交部]发言人表示"},
		{"中国外交部发言人表示", "人", "中国外交部发言[人]表示"},
		{"aa bb", "title:aa bb", "aa [bb]"},
		{"x", "y -x", "x"},
		{"", "y", ""},
	} {
		got := snippet(t, c.text, c.query, 60)
		if strings.HasPrefix(c.want, "…") {
			if !strings.Contains(got, strings.Trim(c.want, "… ")) || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > 100 {
				t.Errorf("%q of %.30q…: %q", c.query, c.text, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct{ text, field, query, want string }{
		{"Drones, drones and a drone.", "text", "drones", "[2] of 5"},
		{"Drones, drones and a drone.", "text", "dron* title:drones", "[3 0] of 5"},
		{"Drones", "title", "title:drones text:drones drones", "[1 0 1] of 1"},
		{"A limited number, a limited, number; limited", "text", `"limited number" limited`, "[2 3] of 7"},
		{"x limited x number", "text", `"limited num"* x`, "[0 2] of 4"},
		{"伊朗外交部", "text", "外交部", "[1] of 5"},
		{"", "text", "a", "[0] of 0"},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		counts := make([]int, len(q.Terms()))
		n := Count(c.text, c.field, q.Terms(), counts)
		if got := fmt.Sprintf("%v of %d", counts, n); got != c.want {
			t.Errorf("%s in the %s %q: %s, want %s", c.query, c.field, c.text, got, c.want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        bool
	}{
		{"a b", "b x a", true}, {"a b", "a", false}, {"a OR b", "b", true}, {"a OR b", "c", false}, {"a -b", "a", true}, {"a -b", "a b", false},
		{"a -(b c)", "a b", true}, {"a -(b c)", "a b c", false}, {"a (b OR c) d*", "a c dd", true}, {`"a b" c`, "a c b", false}, {"a -b OR c", "b c", true},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		terms, against := q.Every()
		found := make([]int, len(terms))
		Count(c.text, "text", terms, found)
		counts := make([]float64, len(terms))
		for i, n := range found {
			counts[i] = float64(n)
		}
		if q.Fits(counts) != c.want || len(against) != len(terms) {
			t.Errorf("%q fits %q: %v", c.text, c.query, !c.want)
		}
	}
	q, err := Parse("a -(b c) d")
	if err != nil {
		t.Fatal(err)
	}
	if terms, against := q.Every(); fmt.Sprint(len(terms), against) != "4 [false false true true]" {
		t.Errorf("%v %v", terms, against)
	}
}

// What fits a query fits what is left of it without its prefixes.
func TestWithout(t *testing.T) {
	for _, c := range []struct {
		query, left string
		all         bool
	}{
		{"drones", "drones", false},
		{"dron*", "", true},
		{"iran dron*", "iran", false},
		{"iran OR dron*", "", true},
		{"iran NOT dron*", "iran", false},
		{"dron* NOT iran", "", true},
		{"(iran OR russia) dron*", "iran OR russia", false},
	} {
		q, err := Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		left, all := q.Without(func(term Query) bool { return term.Prefix })
		if all != c.all {
			t.Errorf("%s: anything may fit: %v", c.query, all)
			continue
		}
		if all {
			continue
		}
		want, err := Parse(c.left)
		if err != nil {
			t.Fatal(err)
		}
		if show(left) != show(want) {
			t.Errorf("%s: %s is left, not %s", c.query, show(left), show(want))
		}
	}
}

// What a query means fits what is indexed, whatever is written: a text is found
// by its own words.
func FuzzTextIsFoundByItself(f *testing.F) {
	for _, s := range []string{"drones AND Iran", "(a OR b) -c", "伊朗外交部", "이란은 x", `"ab`, "ÉÑß ﬁ", "کتاب\u200cهای", "a\u0301\u0308"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		for _, w := range strings.Fields(Index(text)) {
			if again := Index(w); again != w && utf8.RuneCountInString(w) != 2 && len(w) < maxWord {
				t.Errorf("%q of %q is folded again to %q", w, text, again)
			}
		}
		q, err := Parse(query)
		if err != nil {
			return
		}
		joined := 0
		for _, p := range Snippet(text, q, 80) {
			joined += len(p.Text)
			if !utf8.ValidString(p.Text) && utf8.ValidString(text) {
				t.Errorf("cut inside a character: %q", p.Text)
			}
		}
		if joined > 1000 && len(text) < 1000 {
			t.Errorf("a snippet of %d bytes", joined)
		}
		if own, err := Parse(`"` + strings.ReplaceAll(text, `"`, " ") + `"`); err == nil && !strings.ContainsAny(text, "”»」") {
			hits := find(normal(text), own.Terms())
			if len(hits) == 0 {
				t.Errorf("%q is not found by itself", text)
			}
		}
	})
}

func BenchmarkIndex(b *testing.B) {
	text := strings.Repeat("The ministry denies the supply of drones — and denies it again. ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Index(text)
	}
}
