package monitor

import (
	"fmt"
	"slices"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// toldAfter is how many visits in a row fail before that is an event; a single
// one that fails is not worth a word.
const toldAfter = 2

// health says in the source's status what is wrong with it: what made the visit
// fail, or else which of its pages cannot be read or believed. A fault that
// stays is an event, and so is its end.
func (v *visit) health(tx state.Tx, fault error, now time.Time) error {
	s := &v.status
	was, since := s.Fault, s.FaultSince
	troubles, err := tx.Troubles(v.src.ID)
	if err != nil {
		return err
	}
	text, doubted := summary(troubles)
	if fault != nil {
		text = v.record.Fault
	}
	switch {
	case text == "":
		s.Fault, s.FaultSince = "", time.Time{}
	case was == "", s.FaultCount == 1: // pages in trouble do not date a fault of the source
		s.Fault, s.FaultSince = text, now
	default:
		s.Fault = text
	}
	told := s.FaultTold
	s.FaultTold = s.Fault != "" && (told || doubted || s.FaultCount >= toldAfter)
	switch {
	case s.FaultTold && !told:
		return v.event(tx, Finding{State: statement.Faulted, Source: v.src.ID, URL: v.src.URL, Reason: s.Fault})
	case told && !s.FaultTold:
		return v.event(tx, Finding{State: statement.Recovered, Source: v.src.ID, URL: v.src.URL,
			Reason: fmt.Sprintf("well again; since %s: %s", statement.Moment(since), was)})
	}
	return nil
}

// words say what is wrong with n pages of one kind of trouble.
var words = map[statement.TroubleKind]string{
	statement.TroubleUnread: "cannot be read", statement.TroubleDrift: "no longer fit the selectors of the source",
	statement.TroubleShrunk: "have lost most of their text", statement.TroubleUntitled: "have lost their title",
	statement.TroubleSameText: "have the text of another statement", statement.TroubleLanguage: "are in another language",
	statement.TroubleHostIll: "are gone together with what should be there in any case", statement.TroubleDisplaced: "lead to another page",
	statement.TroubleForeign: "are not what the listing names",
}

// summary sums up the troubles of a source's pages, the kind that most have
// first; doubted tells that some were answered, but cannot be believed.
func summary(troubles []statement.Trouble) (text string, doubted bool) {
	count := map[statement.TroubleKind]int{}
	troubles = slices.DeleteFunc(slices.Clone(troubles), func(t statement.Trouble) bool { return t.Kind.Remark() })
	for _, t := range troubles {
		count[t.Kind]++
		doubted = doubted || t.Kind != statement.TroubleUnread
	}
	var worst *statement.Trouble
	for i, t := range troubles { // the longest standing of its kind first
		if worst == nil || count[t.Kind] > count[worst.Kind] {
			worst = &troubles[i]
		}
	}
	if worst == nil {
		return "", false
	}
	text = fmt.Sprintf("%s: %s", worst.URL, worst.Reason)
	if n := count[worst.Kind]; n > 1 {
		text = fmt.Sprintf("%d pages %s, such as %s", n, words[worst.Kind], text)
	}
	if others := len(troubles) - count[worst.Kind]; others > 0 {
		text += fmt.Sprintf("; and %d more have other troubles", others)
	}
	return text, doubted
}
