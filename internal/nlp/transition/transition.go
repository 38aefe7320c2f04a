// Package transition is the arc-hybrid transition system for projective
// dependency trees (Kuhlmann, Gómez-Rodríguez and Satta 2011) with the dynamic
// oracle of Goldberg and Nivre (2013).
//
// The words of a sentence are 0 … n-1; the root stands behind them as n, at the
// end of the buffer. Exactly one word depends on the root, and every sequence of
// permitted moves ends in a tree after 2n moves.
package transition

// Move is one step of the parser.
type Move uint8

// The three moves. s0 is the top of the stack, s1 below it, b0 the front of the
// buffer.
const (
	Shift Move = iota // b0 goes onto the stack
	Left              // s0 becomes a dependent of b0 and leaves the stack
	Right             // s0 becomes a dependent of s1 and leaves the stack
	Moves             // the number of moves
)

// None stands for a place in the stack or buffer that is empty, and for a
// missing head or child.
const None = -1

// State is a parser's configuration. Its memory is reused by Reset.
type State struct {
	n     int
	front int     // b0
	stack []int32 // bottom first
	heads []int32
	// The two outermost dependents so far on each side.
	left, right   []int32
	left2, right2 []int32
}

// Reset starts a sentence of n words. n is at least 1.
func (s *State) Reset(n int) {
	s.n, s.front = n, 0
	s.stack = s.stack[:0]
	grow := func(x *[]int32) {
		if cap(*x) < n+1 {
			*x = make([]int32, n+1, 2*(n+1))
		}
		*x = (*x)[:n+1]
		for i := range *x {
			(*x)[i] = None
		}
	}
	grow(&s.heads)
	grow(&s.left)
	grow(&s.right)
	grow(&s.left2)
	grow(&s.right2)
}

// Done tells whether the tree is complete.
func (s *State) Done() bool { return s.front == s.n && len(s.stack) == 0 }

// Heads are the heads found so far: one for each word, n for the root, None where
// there is none yet. The slice belongs to the state.
func (s *State) Heads() []int32 { return s.heads[:s.n] }

// Stack gives the word k below the top of the stack, or None.
func (s *State) Stack(k int) int {
	if k >= len(s.stack) {
		return None
	}
	return int(s.stack[len(s.stack)-1-k])
}

// Buffer gives the word k behind the front of the buffer (n is the root), or None.
func (s *State) Buffer(k int) int {
	if s.front+k > s.n {
		return None
	}
	return s.front + k
}

// LeftChild is the outermost dependent of w on its left so far, or None.
func (s *State) LeftChild(w int) int { return at(s.left, w) }

// RightChild is the outermost dependent of w on its right so far, or None.
func (s *State) RightChild(w int) int { return at(s.right, w) }

// LeftChild2 is the outermost but one dependent of w on its left, or None.
func (s *State) LeftChild2(w int) int { return at(s.left2, w) }

// RightChild2 is the outermost but one dependent of w on its right, or None.
func (s *State) RightChild2(w int) int { return at(s.right2, w) }

func at(x []int32, w int) int {
	if w == None {
		return None
	}
	return int(x[w])
}

// Can tells whether a move is permitted. A word may depend on the root only when
// it is alone on the stack and no word is left in the buffer.
func (s *State) Can(m Move) bool {
	switch m {
	case Shift:
		return s.front < s.n
	case Left:
		return len(s.stack) > 0 && (s.front < s.n || len(s.stack) == 1)
	case Right:
		return len(s.stack) > 1
	}
	return false
}

// Do takes a permitted move.
func (s *State) Do(m Move) {
	switch m {
	case Shift:
		s.stack = append(s.stack, int32(s.front))
		s.front++
	case Left:
		w := s.pop()
		h := s.front
		s.heads[w] = int32(h)
		s.left2[h], s.left[h] = s.left[h], w
	case Right:
		w := s.pop()
		h := s.stack[len(s.stack)-1]
		s.heads[w] = h
		s.right2[h], s.right[h] = s.right[h], w
	}
}

func (s *State) pop() int32 {
	w := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	return w
}
