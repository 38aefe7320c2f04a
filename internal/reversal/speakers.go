package reversal

import (
	"strings"
)

// guests are titles of those who speak at an office without speaking for it, unless they
// hold it: the transcripts of a head of government have hers in most statements.
var guests = []string{"PRESIDENT", "PRIME MINISTER", "CHANCELLOR", "PREMIER", "TAOISEACH", "KING", "QUEEN", "PRINCE", "POPE", "GOVERNOR", "GOV.", "SENATOR", "SEN.",
	"REPRESENTATIVE", "REP.", "CONGRESSMAN", "CONGRESSWOMAN", "CONGRESSMEMBER", "LEADER", "SPEAKER", "MAYOR", "CHIEF", "JUDGE", "JUSTICE", "REVEREND", "RABBI", "BISHOP", "AMBASSADOR",
	"SECRETARY-GENERAL", "SECRETARY GENERAL", "FOREIGN MINISTER", "MINISTER", "MODERATOR", "PARTICIPANT", "AUDIENCE", "STAFF", "MILITARY AIDE", "INTERPRETER", "COACH", "CHAIRMAN OF"}

const (
	// fewStatements is how many statements of a space tell nothing yet of who speaks in
	// most of them.
	fewStatements = 200
	// seldom is in how many statements somebody must have spoken to be taken for the
	// issuer's; guestShare is one of how many statements it must be for a guest's title.
	seldom     = 3
	guestShare = 100
)

// labelTerm counts the statements in which somebody has a turn.
func labelTerm(label string) Term { return term("label " + label) }

// speaks tells whether the one of a label in a transcript speaks for the issuer: whoever
// often does. Written text has no label.
func (c *Commons) speaks(label string) bool {
	label = strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(label), ":"))
	if label == "" {
		return true
	}
	n := c.counts[uint32(labelTerm(label))]
	for _, g := range guests {
		if strings.HasPrefix(label, g) {
			return n >= max(10, c.all/guestShare)
		}
	}
	return c.all < fewStatements || n >= seldom
}
