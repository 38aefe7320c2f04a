package diff

import "volteface/internal/statement"

// Verdict is what an edit is held to be, and why.
type Verdict struct {
	statement.Judgement
	Summary string   // one line: what changed
	Reasons []Reason // what was found, the weightiest first
}

// Reason is one rule that applied to one place.
type Reason struct {
	Rule   string             `json:"rule"`  // name of the rule
	Class  statement.Class    `json:"class"` // what the change there is by itself
	Kind   statement.EditKind `json:"kind"`  // empty unless substantive
	Text   string             `json:"text"`  // in words for people
	Title  bool               `json:"title"` // the spans are of the title, not of the body
	Before Span               `json:"before"`
	After  Span               `json:"after"`
}

// Verdict judges the edit. Language (BCP 47) is that of the text; empty if
// unknown.
func (e *Edit) Verdict(language string) Verdict {
	v := Verdict{Summary: e.Summary()}
	v.Class = statement.ClassNone
	if !e.Empty() {
		v.Class, v.Importance = statement.ClassSubstantive, 1
	}
	return v
}
