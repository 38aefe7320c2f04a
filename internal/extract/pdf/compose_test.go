package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// setter sets text on a page, letter by letter, as a program that makes PDFs
// would: half a font's size for each.
type setter struct{ sheet }

func newSetter(number int) *setter {
	return &setter{sheet{number: number, width: 595, height: 842}}
}

func (s *setter) at(x, y, size float64, text string) *setter {
	for _, r := range text {
		w := size / 2
		c := char{r: r, size: size, box: box{x, y, x + 0.9*w, y + 0.7*size}}
		if r == ' ' {
			c.box.top = y
		}
		s.chars = append(s.chars, c)
		x += w
	}
	s.chars = append(s.chars, char{r: '\r', size: 1, box: box{x, y, x, y}}, char{r: '\n', size: 1, box: box{x, y, x, y}})
	return s
}

func body(sheets ...*setter) string {
	var all []sheet
	for _, s := range sheets {
		all = append(all, s.sheet)
	}
	doc := compose(all)
	return strings.TrimSpace(doc.Title + "\n\n" + doc.Body)
}

var (
	left  = []string{"the ministry has never", "supplied any weapons to", "either side of the war", "and it will not do so as", "long as the talks go on."}
	right = []string{"a list of all measures", "is in the annex of this", "statement, which is part", "of it and was published", "on the same day as this."}
)

const bothColumns = "the ministry has never supplied any weapons to either side of the war and it will not do so as long as the talks go on." +
	"\n\na list of all measures is in the annex of this statement, which is part of it and was published on the same day as this."

// Columns are read one after the other, whether they were drawn so, or line by
// line across the page as by programs that sort text by its height.
func TestColumns(t *testing.T) {
	drawn, sorted := newSetter(0), newSetter(0)
	for i, l := range left {
		drawn.at(60, 700-14*float64(i), 10, l)
		sorted.at(60, 700-14*float64(i), 10, l).at(320, 700-14*float64(i), 10, right[i])
	}
	for i, r := range right {
		drawn.at(320, 700-14*float64(i), 10, r)
	}
	for name, s := range map[string]*setter{"column by column": drawn, "line by line": sorted} {
		if got := body(s); got != bothColumns {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A table is read row by row, with all lines of a cell together.
func TestTables(t *testing.T) {
	short, long := newSetter(0), newSetter(0)
	for i := range 4 {
		y := 700 - 16*float64(i)
		short.at(60, y, 10, fmt.Sprintf("Year %d", 2020+i)).at(220, y, 10, fmt.Sprint(10*i+7)).at(380, y, 10, "million")
		y = 700 - 40*float64(i)
		long.at(60, y, 10, fmt.Sprintf("Measure %d", i+1)).at(160, y, 10, "all exports of the goods that").at(160, y-12, 10, "the annex names are banned").at(400, y, 10, "in force")
	}
	if got, want := body(short), "Year 2020 | 7 | million\nYear 2021 | 17 | million\nYear 2022 | 27 | million\nYear 2023 | 37 | million"; got != want {
		t.Errorf("%q", got)
	}
	row := "Measure %d | all exports of the goods that the annex names are banned | in force"
	if got, want := body(long), fmt.Sprintf(row+"\n"+row+"\n"+row+"\n"+row, 1, 2, 3, 4); got != want {
		t.Errorf("%q", got)
	}
}

// A word that a line's end divides is made whole; a compound keeps its hyphen.
func TestHyphens(t *testing.T) {
	for _, test := range []struct{ first, second, want string }{
		{"the govern-", "ment has said it", "the government has said it"},
		{"a long-", "term plan, long in the making, one term", "a long-term plan, long in the making, one term"},
		{"the cease-", "fire holds, as every cease-fire did", "the cease-fire holds, as every cease-fire did"},
		{"a water-treat-", "ment plant", "a water-treatment plant"},
		{"the state-of-the-", "art plant, and the old one", "the state-of-the-art plant, and the old one"},
		{"the so-called non-", "European states", "the so-called non-European states"},
		{"between 2020-", "2021 and now", "between 2020- 2021 and now"},
		{"外交部发言人", "表示同意", "外交部发言人表示同意"},
	} {
		words := vocabulary([]line{{text: test.first}, {text: test.second}})
		if got := glue(test.first, test.second, words); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// Heads, feet and page numbers that run through the pages are no text; what
// stands there once, is.
func TestRunningHeads(t *testing.T) {
	var pages []*setter
	for i := range 3 {
		s := newSetter(i).at(200, 800, 8, "Ministry of Foreign Affairs").at(60, 600, 10, fmt.Sprintf("The statement of day %s goes on here.", []string{"one", "two", "three"}[i])).at(290, 30, 8, fmt.Sprintf("Page %d of 3", i+1))
		if i == 0 {
			s.at(60, 780, 10, "For immediate release.")
		}
		pages = append(pages, s)
	}
	got := body(pages...)
	if want := "For immediate release.\n\nThe statement of day one goes on here.\n\nThe statement of day two goes on here.\n\nThe statement of day three goes on here."; got != want {
		t.Errorf("%q", got)
	}
}

// Marks of notes are left out, exponents are not; notes come at the end; a
// paragraph goes on over the end of a page.
func TestNotesAndMarks(t *testing.T) {
	one := newSetter(0).at(60, 700, 10, "the ministry has denied it")
	mark := newSetter(0).at(60+26*5, 704, 6, "3")
	one.chars = append(one.chars[:len(one.chars)-2], append(mark.chars[:1], newSetter(0).at(60+27*5, 700, 10, " and the minister who").chars...)...)
	one.at(60, 686, 10, "spoke of 12 km").at(60, 100, 7, "3 See the statement of May.")
	two := newSetter(1).at(60, 700, 10, "has denied it said so again in the capital.")
	exponent := newSetter(0).at(60+14*5, 690, 6, "2")
	at := 0
	for i, c := range one.chars {
		if c.r == '\n' {
			if at++; at == 2 {
				one.chars = append(one.chars[:i-1:i-1], append(exponent.chars[:1], one.chars[i-1:]...)...)
				break
			}
		}
	}
	got := body(one, two)
	if !strings.Contains(got, "denied it and") || !strings.Contains(got, "12 km²") || !strings.HasSuffix(got, "\n\n3 See the statement of May.") {
		t.Errorf("%q", got)
	}
}

// Words written to the left whose letters were drawn from the left are turned.
func TestLettersDrawnTheWrongWay(t *testing.T) {
	s := newSetter(0)
	word := []rune("بيان")
	for i, r := range word { // each further left, as it is spoken
		s.chars = append(s.chars, char{r: r, size: 10, box: box{300 - 6*float64(i), 700, 305 - 6*float64(i), 707}})
	}
	s.chars = append(s.chars, char{r: ' ', size: 10, box: box{276, 700, 276, 700}})
	for i := range word { // each further right
		s.chars = append(s.chars, char{r: word[len(word)-1-i], size: 10, box: box{240 + 6*float64(i), 700, 245 + 6*float64(i), 707}})
	}
	if got := body(s); got != "بيان بيان" {
		t.Errorf("%q", got)
	}
}
