package reversal

import (
	"slices"
	"strings"
)

// guests are titles of those who speak at an office without speaking for it, unless they
// hold it: the transcripts of a head of government have hers in most statements.
var guests = []string{"PRESIDENT", "PRIME MINISTER", "CHANCELLOR", "PREMIER", "TAOISEACH", "KING", "QUEEN", "PRINCE", "POPE", "GOVERNOR", "GOV.", "SENATOR", "SEN.",
	"REPRESENTATIVE", "REP.", "CONGRESSMAN", "CONGRESSWOMAN", "CONGRESSMEMBER", "LEADER", "SPEAKER", "MAYOR", "CHIEF", "JUDGE", "JUSTICE", "REVEREND", "RABBI", "BISHOP", "AMBASSADOR",
	"SECRETARY-GENERAL", "SECRETARY GENERAL", "FOREIGN MINISTER", "MINISTER", "COACH"}

// hosts are those who speak at an office's events and never for it.
var hosts = []string{"MODERATOR", "PARTICIPANT", "AUDIENCE", "STAFF", "MILITARY AIDE", "INTERPRETER", "TRANSLATOR", "OPERATOR", "ANNOUNCER", "HOST"}

const (
	// seldom is in how many statements somebody must have spoken to be taken for the
	// issuer's; guestShare is one of how many statements it must be for a guest's title.
	seldom     = 3
	guestShare = 100
)

// labelTerm counts the statements in which somebody has a turn. Written text has no label:
// 0. The last bits tell hosts and guests apart.
func labelTerm(label string) Term {
	if label == "" {
		return 0
	}
	begins := func(title string) bool { return strings.HasPrefix(label, title) }
	kind := Term(official)
	switch {
	case slices.ContainsFunc(hosts, begins):
		kind = host
	case slices.ContainsFunc(guests, begins):
		kind = guest
	}
	return term("label "+label)&^kinds | kind
}

// The kinds of label.
const (
	official = 1 + iota
	guest
	host
	kinds = 3
)

// speaks tells whether the one of a label in a transcript speaks for the issuer: whoever
// often does.
func (c *commons) speaks(label Term) bool {
	if label == 0 {
		return true
	}
	n := c.counts[label]
	switch label & kinds {
	case host:
		return false
	case guest:
		return n >= max(10, c.all/guestShare)
	}
	return c.all < fewStatements || n >= seldom
}
