package language

import (
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"volteface/internal/nlp/language/table"
)

type passage struct{ code, text string }

// passages are written for this test: nobody's training data.
func passages(t testing.TB) []passage {
	t.Helper()
	b, err := os.ReadFile("testdata/passages.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []passage
	for line := range strings.SplitSeq(strings.TrimRight(string(b), "\n"), "\n") {
		code, text, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		out = append(out, passage{code, text})
	}
	return out
}

func TestPassages(t *testing.T) {
	all := passages(t)
	if len(all) < 80 {
		t.Fatalf("%d passages", len(all))
	}
	for _, p := range all {
		if g := Identify(p.text); g.Code != p.code {
			t.Errorf("%s, taken for %v: %s", p.code, Rank(p.text), p.text)
		}
	}
}

func TestProbabilities(t *testing.T) {
	for _, p := range passages(t) {
		sum, last := 0.0, 1.0
		for _, g := range Rank(p.text) {
			if g.Probability > last || g.Probability < 0 || g.Code == "" {
				t.Errorf("%q: %v", p.text, Rank(p.text))
			}
			sum, last = sum+g.Probability, g.Probability
		}
		if math.Abs(sum-1) > .01 {
			t.Errorf("%q: probabilities sum to %v", p.text, sum)
		}
	}
	// What is long is surer than what is short; what fits two languages is not sure.
	if short, long := Identify("Vi har"), Identify("Vi har hele tiden sagt, at der ikke bliver sendt flere soldater af sted i år."); short.Probability > long.Probability {
		t.Errorf("%v, but %v for more of it", short, long)
	}
	if g := Identify("Oslo"); g.Probability > .9 {
		t.Errorf("sure of a name: %v", g)
	}
}

func TestTable(t *testing.T) {
	if len(tables()) != 4 {
		t.Fatalf("%d groups", len(tables()))
	}
	for s := latin; s.tabled(); s++ {
		if s.table() == nil {
			t.Errorf("no table for %s", s.name())
		}
	}
	for _, n := range []int{0, 3, 9, 40, len(tableBytes) - 1} {
		if _, err := table.Read(tableBytes[:n]); err == nil {
			t.Errorf("the first %d bytes of the table were taken for a whole one", n)
		}
	}
}

func TestMalayWords(t *testing.T) {
	for word, sign := range map[string]float32{"kerana": 1, "karena": -1, "universitas": -1, "komuniti": 1, "rumah": 0, "iti": 0} {
		if w := malayEvidence([]rune(word)); w*sign < 0 || (w == 0) != (sign == 0) {
			t.Errorf("%s weighs %v", word, w)
		}
	}
}

func TestConcurrent(t *testing.T) {
	all := passages(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, p := range all {
				if g := Identify(p.text); g.Code != p.code {
					t.Errorf("%s, taken for %v", p.code, g)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzIdentify(f *testing.F) {
	for _, p := range passages(f) {
		f.Add(p.text)
	}
	f.Add(strings.Repeat("a\u0301", 3000))
	f.Add("\xff\xfe\x00ab\x80")
	f.Fuzz(func(t *testing.T, text string) {
		g := Identify(text)
		if g.Code == "" || !(0 <= g.Probability && g.Probability <= 1) || !utf8.ValidString(g.Code) {
			t.Fatalf("%v", g)
		}
	})
}

func BenchmarkIdentify(b *testing.B) {
	for _, code := range []string{"en", "ru", "fa", "ja"} {
		for _, p := range passages(b) {
			if p.code != code {
				continue
			}
			text := []rune(strings.Repeat(p.text+" ", 300/utf8.RuneCountInString(p.text)+1))[:300]
			b.Run(code, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Identify(string(text))
				}
			})
			break
		}
	}
}
