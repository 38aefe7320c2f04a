package statement

import "time"

// Passage is a sentence that later statements are held against. Its body is
// the reversal engine's own.
type Passage struct {
	ID        int64 // given by the store; grows with Said
	Statement string
	Revision  int
	Sentence  int    // number in the revision
	Space     string // whose statements it is compared with: a government, else an issuer
	Said      time.Time
	Keys      []string // by which it is found; not given back
	Body      []byte
}

// PassageQuery asks for passages.
type PassageQuery struct {
	Space string
	Keys  []string
	At    time.Time // said before this moment, to the second; after it with Later
	Than  int64     // said before the passage of this number instead, if it is not 0
	Later bool
	// Weights say how much each key counts; without them all count alike.
	Weights []float64
	PerKey  int // most passages looked at under each key; 0 for Limit
	Limit   int
}
