package parser

import (
	"math/rand/v2"
	"testing"
)

// TestTreeIsTheBest compares with every tree that there is, for short sentences.
func TestTreeIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 5; n++ {
		trees := allTrees(n)
		if want := []int{0, 1, 2, 9, 64, 625}[n]; len(trees) != want { // n to the power of n-1 (Cayley)
			t.Fatalf("%d trees of %d words, want %d", len(trees), n, want)
		}
		heads := make([]int32, n)
		for range 2000 {
			scores := make([]float32, n*(n+1))
			for i := range scores {
				scores[i] = float32(r.IntN(40)) / 4
			}
			Tree(n, scores, heads)
			if !isTree(heads) {
				t.Fatalf("%v is no tree, for %v", heads, scores)
			}
			sum := func(heads []int32) (x float32) {
				for d, h := range heads {
					x += scores[d*(n+1)+int(h)]
				}
				return x
			}
			best := sum(trees[0])
			for _, other := range trees {
				best = max(best, sum(other))
			}
			if got := sum(heads); got != best {
				t.Fatalf("%v scores %v, the best tree %v, for %v", heads, got, best, scores)
			}
		}
	}
}

// allTrees lists every tree with one word under the root.
func allTrees(n int) [][]int32 {
	var all [][]int32
	heads := make([]int32, n)
	var choose func(d int)
	choose = func(d int) {
		if d == n {
			if isTree(heads) {
				all = append(all, append([]int32(nil), heads...))
			}
			return
		}
		for h := range n + 1 {
			if h != d {
				heads[d] = int32(h)
				choose(d + 1)
			}
		}
	}
	choose(0)
	return all
}

// FuzzTree takes any scores, ties and huge gaps too: what comes out is a tree.
func FuzzTree(f *testing.F) {
	f.Add(uint8(3), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add(uint8(40), []byte{0})
	f.Add(uint8(7), []byte{255, 0, 0, 255, 128})
	f.Fuzz(func(t *testing.T, words uint8, noise []byte) {
		n := int(words)%64 + 1
		scores, heads := make([]float32, n*(n+1)), make([]int32, n)
		for i := range scores {
			if len(noise) > 0 {
				b := noise[i%len(noise)]
				scores[i] = float32(int8(b)) * float32(int32(1)<<(b%24)) // from ties to 2^30
			}
		}
		Tree(n, scores, heads)
		for d, h := range heads {
			if h < 0 || int(h) > n || int(h) == d {
				t.Fatalf("word %d of %d hangs from %d", d, n, h)
			}
		}
		if !isTree(heads) {
			t.Fatalf("%v is no tree", heads)
		}
	})
}

func TestLongSentenceOfNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n = MaxWords
	scores, heads := make([]float32, n*(n+1)), make([]int32, n)
	for range 3 {
		for i := range scores {
			scores[i] = r.Float32()
		}
		Tree(n, scores, heads)
		if !isTree(heads) {
			t.Fatal("no tree")
		}
	}
}
