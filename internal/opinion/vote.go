package opinion

import "volteface/internal/statement"

// Vote is one answer as it counts. A void one counts for none.
type Vote struct {
	Swapped bool
	Void    bool
	Verdict statement.Verdict
}

// Outcome is what votes come to.
type Outcome string

// The outcomes.
const (
	Open      Outcome = ""          // another answer is needed
	Decided   Outcome = "decided"   // two answers agree
	Undecided Outcome = "undecided" // three answers, and no two agree; or too many were void to tell
	AllVoid   Outcome = "void"      // no answer counts
)

// mostVoid is how many void answers one turn of a question may have.
const mostVoid = 2

// Count counts votes in the order in which they were cast. The question is asked in one order, then in the other; where these two
// differ, or one was void, once more; two of three decide. While the outcome is Open, swapped says in which order to ask next.
func Count(votes []Vote) (verdict statement.Verdict, outcome Outcome, swapped bool) {
	var valid []Vote
	next := 0 // of the votes
	for turn := range 3 {
		want := turn == 1
		if turn == 2 && len(valid) == 1 {
			want = !valid[0].Swapped // the order that has not been answered
		}
		void, answered := 0, false
		for !answered && void < mostVoid {
			if next == len(votes) {
				return "", Open, want
			}
			v := votes[next]
			next++
			if v.Void {
				void++
				continue
			}
			answered = true
			for _, earlier := range valid {
				if earlier.Verdict == v.Verdict {
					return v.Verdict, Decided, false
				}
			}
			valid = append(valid, v)
		}
		if turn == 1 && len(valid) == 0 {
			return "", AllVoid, false
		}
	}
	return "", Undecided, false
}
