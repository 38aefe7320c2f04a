package transition

// Cost is the number of gold arcs that a move puts out of reach, for a gold tree
// given as one head a word (n is the root). The tree is projective. The move is
// permitted.
func (s *State) Cost(m Move, gold []int32) int {
	cost := 0
	switch m {
	case Shift:
		// b0 can no longer have a head below s0, nor a dependent on the stack.
		b := int32(s.front)
		if int(gold[b]) == s.n && len(s.stack) > 0 {
			cost++ // only the lowest word of the stack can still get the root
		}
		for i, w := range s.stack {
			if gold[w] == b || (gold[b] == w && i < len(s.stack)-1) {
				cost++
			}
		}
	case Left, Right:
		w := s.stack[len(s.stack)-1]
		h := gold[w]
		if int(h) == s.n {
			// Above another word it cannot get the root any more: nothing is lost.
			if len(s.stack) == 1 && s.front < s.n {
				cost++
			}
		} else if m == Left {
			if s.front != int(h) && (int(h) > s.front || int(h) == s.Stack(1)) {
				cost++
			}
		} else if int(h) >= s.front {
			cost++
		}
		for d := s.front; d < s.n; d++ {
			if gold[d] == w {
				cost++
			}
		}
	}
	return cost
}

// Best tells which permitted moves cost least.
func (s *State) Best(gold []int32) [Moves]bool {
	var cost [Moves]int
	least := int(^uint(0) >> 1)
	for m := Shift; m < Moves; m++ {
		cost[m] = -1
		if s.Can(m) {
			cost[m] = s.Cost(m, gold)
			least = min(least, cost[m])
		}
	}
	var best [Moves]bool
	for m := range best {
		best[m] = cost[m] == least
	}
	return best
}

// Projectivise lifts arcs until no two cross: the dependent of the shortest
// crossing arc moves to its head's head (Nivre and Nilsson 2005). heads is changed
// in place and is a tree with one root; n = len(heads) is the root.
func Projectivise(heads []int32) {
	for {
		worst, length := -1, len(heads)+1
		for d, h := range heads {
			if l := abs(int(h) - d); int(h) != len(heads) && l < length && !projective(heads, d) {
				worst, length = d, l
			}
		}
		if worst < 0 {
			return
		}
		heads[worst] = heads[heads[worst]]
	}
}

// IsProjective tells whether no two arcs of a tree cross.
func IsProjective(heads []int32) bool {
	for d := range heads {
		if !projective(heads, d) {
			return false
		}
	}
	return true
}

// projective tells whether every word between d and its head descends from that
// head. The root stands at the end, so its arc is held to the same.
func projective(heads []int32, d int) bool {
	h := heads[d]
	lo, hi := min(d, int(h)), max(d, int(h))
	for w := lo + 1; w < hi; w++ {
		a := heads[w]
		for steps := 0; a != h && int(a) != len(heads) && steps <= len(heads); steps++ {
			a = heads[a]
		}
		if a != h {
			return false
		}
	}
	return true
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}
