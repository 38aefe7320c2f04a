package claim

var (
	attributes = set(`responsible guilty liable fault belong work doing due attributable stem result consequence originate bear`)
	harms      = set(`bring_down knock_out knock down fell bring hit strike damage destroy shoot shoot_down kill launch fire attack cause trigger provoke start poison
leak spill hack sabotage wreck sink explode crash set_off burn derail contaminate murder bomb shell`)
)

// Attributes tells whether a claim says who or what is behind a thing.
func Attributes(c *Claim) bool { return attributes[c.Predicate] }

// Cause tells whether a claim names the cause of a harm, and marks the arguments that do:
// the actor of a deed, the subject of "is responsible" and "bears the blame", what a thing
// "was the work of" or "belonged to".
func Cause(c *Claim) (who []bool, ok bool) {
	first := uint8(255)
	for _, a := range c.Args {
		if a.Role == Object {
			first = min(first, a.Group)
		}
	}
	var is func(a *Arg) bool
	switch {
	case c.Predicate == "responsible" || c.Predicate == "guilty" || c.Predicate == "liable":
		is = func(a *Arg) bool { return a.Role == Object && a.Group == first }
	case c.Predicate == "work" || c.Predicate == "fault" || c.Predicate == "result" || c.Predicate == "doing" || c.Predicate == "consequence":
		is = func(a *Arg) bool { return a.Role == Object && a.Group != first }
	case c.Predicate == "belong" || c.Predicate == "due" || c.Predicate == "attributable" || c.Predicate == "stem" || c.Predicate == "originate":
		is = func(a *Arg) bool { return a.Role == Recipient || a.Role == Other }
	case c.Predicate == "bear":
		blame := false
		for _, a := range c.Args {
			blame = blame || a.Word == "blame" || a.Word == "responsibility" || a.Word == "guilt"
		}
		if !blame {
			return nil, false
		}
		is = func(a *Arg) bool { return a.Role == Actor }
	case harms[c.Predicate]:
		is = func(a *Arg) bool { return a.Role == Actor }
	default:
		return nil, false
	}
	who = make([]bool, len(c.Args))
	for i := range c.Args {
		who[i] = is(&c.Args[i])
		ok = ok || who[i]
	}
	return who, ok
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
order proclamation memorandum directive decree instruction guidance advice publication message press account information answer word tweet post quote briefing assertion`)
