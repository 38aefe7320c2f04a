package parser

import "volteface/internal/nlp/transition"

// Slots is the number of words that a move is chosen by.
const Slots = 10

// Fill names the words a move is chosen by: the top three of the stack, the first
// two of the buffer and the outermost dependents so far. None stands for no word, n
// for the root.
func Fill(s *transition.State, slots *[Slots]int) {
	s0, s1, b0 := s.Stack(0), s.Stack(1), s.Buffer(0)
	*slots = [Slots]int{
		s0, s1, s.Stack(2), b0, s.Buffer(1),
		s.LeftChild(s0), s.RightChild(s0), s.LeftChild(s1), s.RightChild(s1), s.LeftChild(b0),
	}
}

// Distance is the bucket for the number of words between s0 and b0.
func Distance(s *transition.State) int {
	s0, b0 := s.Stack(0), s.Buffer(0)
	if s0 == transition.None || b0 == transition.None {
		return 0
	}
	switch d := b0 - s0; {
	case d <= 4:
		return d
	case d <= 7:
		return 5
	case d <= 15:
		return 6
	}
	return 7
}
