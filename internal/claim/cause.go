package claim

var (
	harmAxes   = []string{"+attack", "+killing", "+incursion", "+interference", "+leak", "+explosion", "+transfer", "-safety", "+responsibility", "+melting"}
	attributes = set(`responsible responsibility blame guilty fault belong work cause behind due launch fire attributable stem result culprit author perpetrator
originate`)
	harms = set(`bring_down knock_out knock down fell bring hit strike damage destroy shoot shoot_down kill launch fire attack cause trigger provoke start poison
leak spill hack sabotage wreck sink explode crash set_off burn derail contaminate murder bomb shell`)
)

// Attributes tells whether a claim says who or what is behind a thing.
func Attributes(c *Claim) bool { return attributes[c.Predicate] }

// Cause tells whether a claim names the cause of a harm, and in which role: the actor of a
// deed, or the subject of "is responsible", "bears the blame".
func Cause(c *Claim) (bool, Role) {
	if !harms[c.Predicate] && !attributes[c.Predicate] {
		return false, 0
	}
	role := Actor
	switch c.Predicate {
	case "responsible", "guilty", "behind", "author", "culprit", "perpetrator":
		role = Object
	case "belong":
		role = Recipient
	case "work", "fault", "result":
		role = Object
	}
	for _, a := range c.Args {
		if a.Role == role {
			return true, role
		}
	}
	return false, 0
}

// TakesBack tells whether a claim says that a statement is withdrawn, was wrong or is
// replaced.
func TakesBack(c *Claim) bool {
	switch c.Predicate {
	case "withdraw", "retract", "recant", "rescind", "take_back", "disregard", "void", "replace", "correct", "cancel", "revoke":
		for _, a := range c.Args {
			if spoken[a.Word] && (a.Role == Object || a.Role == Actor) && a.Head {
				return true
			}
		}
	case "wrong", "false", "incorrect", "inaccurate", "erroneous", "mistaken", "untrue", "misleading":
		for _, a := range c.Args {
			if spoken[a.Word] && a.Head {
				return true
			}
		}
	case "misspeak":
		return true
	}
	return false
}

var spoken = set(`statement communique announcement notice declaration release bulletin notification remark comment claim figure report letter
publication message press account information answer word tweet post quote briefing assertion`)
