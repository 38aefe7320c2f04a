// Package opinion asks a language model for a second opinion on two passages that the judge holds for a turn of a position.
//
// A model is never trusted alone. It is asked about what was found, and invents nothing; it is asked twice, with the passages in
// either order, and once more where the answers differ; an answer whose quotations do not stand in the passages word for word is
// void. What it says can only be one verdict of three, one kind of a list, and one sentence. So whatever a hostile statement makes
// of a model, the worst that comes of it is a void answer, or an opinion on the pair of passages that a person reads beside it.
//
// The package knows of no store: package monitor keeps the questions and answers.
package opinion

import (
	"slices"

	"volteface/internal/statement"
)

// reversalKinds and softeningKinds are what can turn, in the words of the judge.
var (
	reversalKinds = []string{"denial_to_admission", "admission_to_denial", "ruled_out_to_done", "commitment_to_withdrawal", "support_to_opposition",
		"red_line_dropped", "number_revised", "blame_shift", "retraction", "legality_or_assessment_flip"}
	softeningKinds = []string{"hedge_added", "hedge_dropped", "scope_narrowed", "stops_denying", "under_review"}
)

// noKind is the kind of what turns nothing.
const noKind = "none"

// Side is one of the two passages, with what helps to understand it. All but Text may be empty.
type Side struct {
	Date     string // of the statement, as YYYY-MM-DD
	Speaker  string
	Issuer   string
	Question string // that the passage answers
	Before   string // the sentence before it in the statement
	Text     string
	After    string // the sentence after it
}

// Question is two passages of one government, the earlier and the later one. It holds nothing of what the judge makes of them.
type Question struct {
	Earlier, Later Side
}

// Answer is a valid answer.
type Answer struct {
	Verdict statement.Verdict
	// Kind is one of the judge's kinds of the verdict, "" where the model names none of these.
	Kind       string
	SameMatter bool
	SameScope  bool
	OwnWords   bool
	// EarlierQuote and LaterQuote are words of the two passages.
	EarlierQuote, LaterQuote string
	// Reason is one sentence in English, in the model's words.
	Reason string
}

// kindOf is a kind if it is one of the verdict's, else "".
func kindOf(v statement.Verdict, kind string) string {
	switch {
	case v == statement.VerdictReversal && slices.Contains(reversalKinds, kind), v == statement.VerdictSoftening && slices.Contains(softeningKinds, kind):
		return kind
	}
	return ""
}
