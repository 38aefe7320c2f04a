package vectors

import "testing"

func TestSimilarity(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	near, ok := table.Similarity("missile", "rocket")
	far, ok2 := table.Similarity("missile", "butter")
	if !ok || !ok2 || near <= far {
		t.Errorf("missile is as near to rocket (%v) as to butter (%v)", near, far)
	}
	if self, _ := table.Similarity("Iran", "iran"); self < 0.999 {
		t.Errorf("Iran is to itself %v", self)
	}
	if _, ok := table.Similarity("iran", "unheard-of-word"); ok {
		t.Error("a word without vector has a similarity")
	}
	if words := table.Words(); len(words) != table.Len() || words[0] >= words[1] {
		t.Errorf("%d words of %d", len(words), table.Len())
	}
}

func TestEncode(t *testing.T) {
	numbers := make([]float32, 2*Dim)
	for i := range numbers {
		numbers[i] = float32(i%7) - 3
	}
	file, err := Encode([]string{"a", "b"}, numbers)
	if err != nil {
		t.Fatal(err)
	}
	table, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, Dim)
	table.Put(got, table.Index("b"))
	for i, x := range got {
		if d := x - numbers[Dim+i]; d > 0.3 || d < -0.3 {
			t.Fatalf("number %d is %v, want %v", i, x, numbers[Dim+i])
		}
	}
	if _, err := Decode(file[:len(file)/2]); err == nil {
		t.Error("half a file is read")
	}
}
