package reversal

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// No words are put into the mouth of a speaker that are the page's own.
func TestExplainPutsNoWordsIntoAnybodysMouth(t *testing.T) {
	said := func(text string) statement.Passage { return statement.Passage{Text: text} }
	before := &Statement{Issuer: "Ministry of Mines", Speaker: "the minister", Date: time.Date(2021, 3, 4, 0, 0, 0, 0, time.UTC)}
	after := &Statement{Issuer: "Ministry of Mines", Speaker: "the minister", Date: time.Date(2021, 5, 6, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct{ before, after, want string }{
		{"We will not open the quarry.", "We have opened the quarry.", "On 4 March 2021 the minister said “We will not open the quarry”; on 6 May 2021 the minister said “We have"},
		{"The quarry stays shut, the minister said.", "We have opened the quarry.", "On 4 March 2021 Ministry of Mines published “The quarry stays shut, the minister said”; on 6 May 2021 the minister said"},
		{"We will not open the quarry.", "He called the opening “a success for the valley”.", "on 6 May 2021 Ministry of Mines published “He called"},
	} {
		got := Explain(Turn{Verdict: Reversal, Before: said(c.before), After: said(c.after)}, before, after)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
	got := Explain(Turn{Verdict: Reversal, Before: said("The quarry stays shut, “for good”."), After: said("It is open.")}, &Statement{}, &Statement{})
	if !strings.HasPrefix(got, "Earlier a statement read “The quarry") || !strings.Contains(got, "later the statement said “It is open”") {
		t.Error(got)
	}
}
