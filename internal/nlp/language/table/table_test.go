package table

import (
	"bytes"
	"fmt"
	"math"
	"testing"
)

func hashOf(s string) Hash {
	var h Hash
	rs := []rune(s)
	for i := len(rs) - 1; i >= 0; i-- {
		h = h.Before(rs[i])
	}
	return h
}

func sample(t testing.TB) []byte {
	t.Helper()
	g := NewGroup("Latin", []string{"da", "no", "sv"}, 500)
	lost := 0
	for i := range 500 {
		if !g.Add(hashOf(fmt.Sprint("n", i)), []float64{-1, -1 - float64(i%20)*Step, -3}) {
			lost++ // two in about 10,000 share their marks
		}
	}
	if lost > 1 {
		t.Fatalf("%d of 500 rows were not taken", lost)
	}
	return Append(nil, []*Group{g, NewGroup("Arabic", []string{"ar"}, 0)})
}

func TestRows(t *testing.T) {
	b := sample(t)
	groups, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	if again := Append(nil, groups); !bytes.Equal(again, b) {
		t.Error("what was read is written otherwise")
	}
	g := groups[0]
	wrong := 0
	for i := range 500 {
		row := g.Find(hashOf(fmt.Sprint("n", i)))
		if row == nil {
			t.Fatalf("row %d is gone", i)
		}
		if math.Abs(float64(row.Top())+1) > TopStep {
			t.Errorf("row %d has top %v", i, row.Top())
		}
		var sums [4]int32
		row.AddTo(sums[:])
		if want := [4]int32{0, int32(min(i%20, 15)), 4}; sums != want {
			wrong++
		}
	}
	if wrong > 1 {
		t.Errorf("%d of 500 rows are not what was put there", wrong)
	}
	missed := 0
	for i := range 1000 {
		if g.Find(hashOf(fmt.Sprint("x", i))) != nil {
			missed++
		}
	}
	if missed > 3 {
		t.Errorf("%d of 1,000 n-grams that are not there were found", missed)
	}
	if groups[1].Find(hashOf("n1")) != nil {
		t.Error("an empty table has a row")
	}
}

func FuzzRead(f *testing.F) {
	b := sample(f)
	f.Add(b, "n1")
	f.Add(b[:200], "n1")
	f.Fuzz(func(t *testing.T, b []byte, s string) {
		groups, err := Read(b)
		if err != nil {
			return
		}
		for _, g := range groups {
			if row := g.Find(hashOf(s)); row != nil {
				var sums [MaxLanguages]int32
				row.AddTo(sums[:])
			}
		}
	})
}
