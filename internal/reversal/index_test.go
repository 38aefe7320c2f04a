package reversal

import (
	"cmp"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

func TestTerms(t *testing.T) {
	same := func(a, b string) bool { return slices.Equal(Terms(a), Terms(b)) }
	for _, x := range [][2]string{
		{"Negotiations, negotiating!", "negotiator"},
		{"the drones", "DRONES and the of"},
		{"дроны поставлены", "Дроны. Поставлены?"},
		{"поставлены", "поставленные"},
		{"2022", "2022."},
	} {
		if a, b := Terms(x[0]), Terms(x[1]); len(a) == 0 || !slices.ContainsFunc(a, func(h uint32) bool { return slices.Contains(b, h) }) {
			t.Errorf("%q and %q have nothing in common", x[0], x[1])
		}
	}
	if !same("a b", "") || len(Terms("我们没有提供无人机")) != 8 || same("drone", "missile") {
		t.Error("terms of short words, of Chinese, of different words")
	}
	long := Terms(string(slices.Repeat([]byte("abcd efgh "), 100_000)))
	if len(long) != 2 || len(Terms(varied(10_000))) > mostTerms {
		t.Errorf("%d terms of two words, %d of many", len(long), len(Terms(varied(10_000))))
	}
}

// varied is a text of so many different words.
func varied(n int) (text string) {
	b := []byte{}
	for i := range n {
		b = append(strconv.AppendInt(append(b, 'w'), int64(i), 36), ' ')
	}
	return string(b)
}

func TestIndex(t *testing.T) {
	x := newIndex()
	if got := x.search(Terms("drones"), 100, 3); got != nil {
		t.Errorf("an empty index gives %v", got)
	}
	for i, text := range []string{
		"No drones were sent to Russia.", "The minister received the ambassador.", "Drones, again drones, and what was said of a great many other things besides today.", "Wheat exports rose.", "Drones to Russia.",
	} {
		x.add(int64(i), Terms(text))
	}
	ids := func(hits []hit) (list []int64) {
		for _, h := range hits {
			list = append(list, h.id)
		}
		return list
	}
	if got := ids(x.search(Terms("drones for Russia"), 100, 10)); !slices.Equal(got, []int64{4, 0, 2}) {
		t.Errorf("found %v", got)
	}
	if got := ids(x.search(Terms("drones for Russia"), 4, 1)); !slices.Equal(got, []int64{0}) {
		t.Errorf("the best before the last: %v", got)
	}
	if got := ids(x.search(Terms("drones for Russia"), 100, 10)); len(got) != 3 {
		t.Errorf("asked again: %v", got)
	}
	if got := x.search(Terms("submarines"), 100, 10); len(got) != 0 {
		t.Errorf("of nothing that is known: %v", got)
	}
}

// A search finds what a look at every passage finds.
func TestIndexAgainstAllPassages(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x, all := newIndex(), [][]uint32{}
	for i := range 2000 {
		terms := someTerms(r, 300, 12)
		all = append(all, terms)
		x.add(int64(i), terms)
	}
	common := map[uint32]int{}
	for _, terms := range all {
		for _, t := range terms {
			common[t]++
		}
	}
	for range 50 {
		asked := someTerms(r, 300, 12)
		got := x.search(asked, 1500, 5)
		for _, h := range got {
			shared := 0
			for _, term := range asked {
				if slices.Contains(all[h.id], term) && common[term] <= commonLeast {
					shared++
				}
			}
			if h.id >= 1500 || (h.score > 0) != (shared > 0) {
				t.Fatalf("%+v shares %d", h, shared)
			}
		}
		if !slices.IsSortedFunc(got, func(a, b hit) int {
			return cmp.Compare(b.score, a.score)
		}) {
			t.Fatalf("out of order: %+v", got)
		}
	}
}

// someTerms are n terms of which a few are common and most rare.
func someTerms(r *rand.Rand, of uint64, n int) []uint32 {
	zipf := rand.NewZipf(r, 1.1, 20, of)
	var terms []uint32
	for range n {
		terms = append(terms, uint32(zipf.Uint64()))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// BenchmarkIndex searches for one passage of 24 terms among VOLTEFACE_BENCH_PASSAGES (1,000,000 for the figures, else 20,000).
func BenchmarkIndex(b *testing.B) {
	n := 20_000
	if text := os.Getenv("VOLTEFACE_BENCH_PASSAGES"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	r := rand.New(rand.NewPCG(1, 1))
	x := newIndex()
	for i := range n {
		x.add(int64(i), someTerms(r, 200_000, 24))
	}
	asked := make([][]uint32, 64)
	for i := range asked {
		asked[i] = someTerms(r, 200_000, 24)
	}
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		x.search(asked[i%len(asked)], int64(n), 16)
	}
	bytes := 9 * len(x.ids)
	for _, p := range x.postings {
		bytes += cap(p.places) + 64
	}
	b.ReportMetric(float64(bytes)/float64(n), "B/passage")
}
