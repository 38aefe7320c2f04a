package claim

import "strings"

var flagNames = [...]string{"past", "conditional", "asked", "reported", "predecessor", "hedged", "denied outright", "there is", "mentioned", "as a whole",
	"without exception", "ongoing", "restricted", "answer", "presupposed", "of any"}

// Names lists the flags in words.
func (f Flags) Names() []string {
	names := []string{}
	for i, n := range flagNames {
		if f>>i&1 != 0 {
			names = append(names, n)
		}
	}
	return names
}

// String shows a claim on one line: "- provide (fact, past) by the issuer: object weaponry; …".
func (c *Claim) String() string {
	var b strings.Builder
	b.WriteString([]string{"- ", "? ", "+ "}[c.Sign+1])
	if c.Predicate == anything {
		b.WriteString("(the idea of)")
	} else {
		b.WriteString(c.Predicate)
	}
	b.WriteString(" (" + strings.Join(append([]string{c.Mode.String()}, c.Flags.Names()...), ", ") + ")")
	if c.By == Issuer {
		b.WriteString(" by the issuer")
	}
	if c.By == Others {
		b.WriteString(" by others")
	}
	roles := [...]string{Other: "also", Actor: "actor", Object: "object", Recipient: "to/with"}
	for _, r := range []Role{Actor, Object, Recipient, Other} {
		var words []string
		for _, a := range c.Args {
			if a.Role == r {
				words = append(words, strings.ReplaceAll(a.Word, "_", " "))
			}
		}
		if len(words) > 0 {
			b.WriteString("; " + roles[r] + ": " + strings.Join(words, ", "))
		}
	}
	return b.String()
}
