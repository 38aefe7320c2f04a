// Package reversal finds what a statement turns round of what the same institution said before, and says so with care.
//
// A statement is cut into passages (package passage). Each is held against the earlier passages that speak of the most like
// things (Search), the judge reads the likeliest pairs, and what it holds for a turn is explained in one sentence. On propositions that
// somebody watches, each passage is asked for its stance.
package reversal

import (
	"strings"
	"time"
)

// Statement is one side of a comparison. Only Text is required.
type Statement struct {
	ID         string
	Date       time.Time // zero where unknown
	Issuer     string
	Government string
	Speaker    string
	// Officials are others who speak for the issuer.
	Officials []string
	Title     string
	Text      string
	// Language is the one the statement is declared to be in (BCP 47), "" where nobody says.
	Language string
	// Question is what the text answers, where it is an answer.
	Question string
}

// The verdicts.
const (
	Reversal  = "reversal"
	Softening = "softening"
	None      = "none"
	Unread    = "unread" // nothing found, in a language that is not read
)

// Verdict is what is said of a pair.
type Verdict struct {
	Verdict string // Reversal, Softening, None or Unread
	// Kind names what turned: denial_to_admission and the like, "" for None, and where the judge is not sure of it.
	Kind string
	// Score is the probability of a reversal, from 0 to 1.
	Score float64
	// Rule names what found it, "" for None.
	Rule string
	// Explanation is one sentence for a reader.
	Explanation string
	// SameSpeaker tells whether both sides name the same speaker.
	SameSpeaker bool
	Evidence    []Evidence
}

// Evidence is two passages that the verdict rests on. Spans are bytes of the texts.
type Evidence struct {
	Before     string `json:"before"`
	After      string `json:"after"`
	BeforeSpan [2]int `json:"before_span"`
	AfterSpan  [2]int `json:"after_span"`
}

func sameSpeaker(a, b string) bool {
	return a != "" && strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
