package transition

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// trees lists every projective tree over n words with one root.
func trees(n int) [][]int32 {
	var all [][]int32
	heads := make([]int32, n)
	var fill func(i int)
	fill = func(i int) {
		if i == n {
			if isTree(heads) && IsProjective(heads) {
				all = append(all, slices.Clone(heads))
			}
			return
		}
		for h := 0; h <= n; h++ {
			if h != i {
				heads[i] = int32(h)
				fill(i + 1)
			}
		}
	}
	fill(0)
	return all
}

func isTree(heads []int32) bool {
	roots := 0
	for d, h := range heads {
		if int(h) == len(heads) {
			roots++
		}
		seen := 0
		for a := int32(d); int(a) != len(heads); a = heads[a] {
			if a < 0 {
				return false
			}
			if seen++; seen > len(heads) {
				return false
			}
		}
	}
	return roots == 1
}

func TestCountOfTrees(t *testing.T) {
	// Projective trees with one root: A006013 (1, 2, 7, 30, 143).
	for n, want := range []int{0: 0, 1: 1, 2: 2, 3: 7, 4: 30, 5: 143} {
		if n > 0 && len(trees(n)) != want {
			t.Errorf("%d words have %d trees, want %d", n, len(trees(n)), want)
		}
	}
}

// Every sequence of permitted moves ends in a projective tree after 2n moves, and
// every projective tree is the end of one.
func TestEveryPathEndsInATreeAndEveryTreeIsReached(t *testing.T) {
	for n := 1; n <= 5; n++ {
		reached := map[string]bool{}
		var walk func(moves []Move)
		walk = func(moves []Move) {
			var s State
			s.Reset(n)
			for _, m := range moves {
				if s.Done() {
					t.Fatalf("%v: done too early", moves)
				}
				s.Do(m)
			}
			if s.Done() {
				if len(moves) != 2*n || !isTree(s.Heads()) || !IsProjective(s.Heads()) {
					t.Fatalf("%v ends in %v", moves, s.Heads())
				}
				reached[key(s.Heads())] = true
				return
			}
			stuck := true
			for m := Shift; m < Moves; m++ {
				if s.Can(m) {
					stuck = false
					walk(append(slices.Clone(moves), m))
				}
			}
			if stuck {
				t.Fatalf("%v: no move is permitted", moves)
			}
		}
		walk(nil)
		if all := trees(n); len(reached) != len(all) {
			t.Errorf("%d words: %d trees reached of %d", n, len(reached), len(all))
		}
	}
}

func key(heads []int32) string {
	b := make([]byte, len(heads))
	for i, h := range heads {
		b[i] = byte(h)
	}
	return string(b)
}

// From every reachable state the cost of a move is the number of gold arcs by
// which the best tree still reachable gets worse, as found by trying everything.
func TestCostIsExact(t *testing.T) {
	for n := 1; n <= 4; n++ {
		for _, gold := range trees(n) {
			var walk func(moves []Move) int // best number of gold arcs from here
			walk = func(moves []Move) int {
				var s State
				s.Reset(n)
				for _, m := range moves {
					s.Do(m)
				}
				if s.Done() {
					right := 0
					for d, h := range s.Heads() {
						if h == gold[d] {
							right++
						}
					}
					return right
				}
				best := -1
				var after [Moves]int
				for m := Shift; m < Moves; m++ {
					after[m] = -1
					if s.Can(m) {
						after[m] = walk(append(slices.Clone(moves), m))
						best = max(best, after[m])
					}
				}
				chosen := s.Best(gold)
				for m := Shift; m < Moves; m++ {
					if chosen[m] && after[m] != best {
						t.Fatalf("gold %v after %v: move %d is called best and leads to %d right arcs, not %d", gold, moves, m, after[m], best)
					}
				}
				return best
			}
			if got := walk(nil); got != n {
				t.Errorf("gold %v: best path finds %d arcs", gold, got)
			}
		}
	}
}

func TestProjectivise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + r.IntN(12)
		heads := make([]int32, n)
		order := r.Perm(n)
		heads[order[0]] = int32(n)
		for i, w := range order[1:] {
			heads[w] = int32(order[r.IntN(i+1)])
		}
		was := slices.Clone(heads)
		Projectivise(heads)
		if !isTree(heads) || !IsProjective(heads) {
			t.Fatalf("%v becomes %v", was, heads)
		}
		if IsProjective(was) && !slices.Equal(was, heads) {
			t.Fatalf("%v was projective and becomes %v", was, heads)
		}
	}
}

func FuzzMoves(f *testing.F) {
	f.Add(uint8(5), []byte{0, 0, 1, 2, 0, 1})
	f.Fuzz(func(t *testing.T, words uint8, choices []byte) {
		n := int(words%60) + 1
		var s State
		s.Reset(n)
		for i := 0; !s.Done(); i++ {
			m := Move(0)
			if i < len(choices) {
				m = Move(choices[i]) % Moves
			}
			for !s.Can(m) {
				m = (m + 1) % Moves
			}
			s.Do(m)
			if i > 2*n {
				t.Fatal("more than 2n moves")
			}
		}
		if !isTree(s.Heads()) || !IsProjective(s.Heads()) {
			t.Fatalf("%v is no projective tree", s.Heads())
		}
	})
}
