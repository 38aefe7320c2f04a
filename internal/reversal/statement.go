// Package reversal says whether a later statement turns an earlier one round.
//
// Both statements are read into claims (package claim). Claims that speak of the same
// thing are aligned, and only aligned claims are judged: opposite signs, another number
// for the same count, another culprit, a statement taken back. What is found is ranked by
// a small calibrated model over features that can be explained, and told in one sentence.
package reversal

import (
	"context"
	"time"

	"volteface/internal/claim"
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
	// Claims is the analysis of Text; nil is filled in by Prepare.
	Claims *claim.Analysis

	ready  *prepared
	offset int    // of an excerpt: where it begins in the whole text
	around []Term // of an excerpt: what is spoken of around it
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
	// Kind names what turned: denial_to_admission and the like, "" for None.
	Kind string
	// Score is the probability of a reversal by the calibrated ranker, from 0 to 1.
	Score float64
	// Rule names what fired, "" for None.
	Rule string
	// Explanation is one sentence for a reader.
	Explanation string
	// SameSpeaker tells whether both sides name the same speaker.
	SameSpeaker bool
	Evidence    []Evidence
}

// Evidence is two sentences that the verdict rests on. Spans are bytes of the texts.
type Evidence struct {
	Before     string `json:"before"`
	After      string `json:"after"`
	BeforeSpan [2]int `json:"before_span"`
	AfterSpan  [2]int `json:"after_span"`
}

// Judge compares two statements. The built-in one needs no network; others may ask a
// model elsewhere.
type Judge interface {
	Judge(ctx context.Context, before, after *Statement) (Verdict, error)
}
