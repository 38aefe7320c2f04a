package claim

import (
	_ "embed"
	"math/bits"
	"strings"
	"sync"
)

var (
	//go:embed predicates.txt
	predicatesText string
	//go:embed things.txt
	thingsText string
	//go:embed places.txt
	placesText string
	//go:embed heads.txt
	headsText string
)

// Axes is a set of sides of axes of predicates: bit 2a is the plus side of axis a, bit 2a+1
// its minus side.
type Axes [4]uint64

func (a Axes) and(b Axes) Axes { return Axes{a[0] & b[0], a[1] & b[1], a[2] & b[2], a[3] & b[3]} }
func (a Axes) or(b Axes) Axes  { return Axes{a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]} }

// Any tells whether the set has a member.
func (a Axes) Any() bool { return a[0]|a[1]|a[2]|a[3] != 0 }

const plusSides = 0x5555555555555555

// Turned swaps the sides.
func (a Axes) Turned() Axes {
	turn := func(x uint64) uint64 { return x&plusSides<<1 | x>>1&plusSides }
	return Axes{turn(a[0]), turn(a[1]), turn(a[2]), turn(a[3])}
}

// Agree tells whether two words stand on the same side of an axis, Oppose whether on
// opposite ones.
func (a Axes) Agree(b Axes) bool  { return a.and(b).Any() }
func (a Axes) Oppose(b Axes) bool { return a.and(b.Turned()).Any() }

// Names lists the axes, each with its side.
func (a Axes) Names() []string {
	var names []string
	for i, x := range axes {
		for side, mark := range []string{"+", "-"} {
			if bit := 2*i + side; a[bit/64]>>(bit%64)&1 != 0 {
				names = append(names, mark+x.name)
			}
		}
	}
	return names
}

type axis struct {
	name string
	kind string // event, stance, state, scalar
}

var (
	axes []axis
	// sides are the axes of a word, which may have several parts.
	sides = map[string]Axes{}
	// phrases are the words of several parts, by their first.
	phrases = map[string][][]string{}
	// effects are what words do to what stands under them.
	effects = map[string]effect{}
	// kinds are the sets of axes by kind.
	kinds = map[string]Axes{}
)

type effect uint8

const (
	noEffect effect = iota
	keeps
	carries
	begins
	turns
	denies
	plans
	says
	thinks
	asks
)

var effectNames = map[string]effect{"keeps": keeps, "carries": carries, "begins": begins, "turns": turns, "denies": denies,
	"plans": plans, "says": says, "thinks": thinks, "asks": asks}

// The tables are made before anything asks for them.
var _ = loadWords()

func loadWords() bool {
	lines(predicatesText, func(f []string) {
		if f[0] == "axis" {
			axes = append(axes, axis{f[1], f[2]})
			return
		}
		bit := 2 * (len(axes) - 1)
		if f[0] == "-" {
			bit++
		}
		var side Axes
		side[bit/64] = 1 << (bit % 64)
		kinds[axes[len(axes)-1].kind] = kinds[axes[len(axes)-1].kind].or(side)
		for _, w := range f[1:] {
			w = Normal(w)
			sides[w] = sides[w].or(side)
			notePhrase(w)
		}
	})
	lines(headsText, func(f []string) {
		e := effectNames[strings.TrimSuffix(f[0], ":")]
		for _, w := range f[1:] {
			w = Normal(w)
			if effects[w] == noEffect {
				effects[w] = e
			}
			notePhrase(w)
		}
	})
	loadThings()
	return true
}

func notePhrase(w string) {
	if parts := strings.Split(w, "_"); len(parts) > 1 {
		phrases[parts[0]] = append(phrases[parts[0]], parts)
	}
}

// lines calls f with the fields of each line that is no comment.
func lines(text string, f func([]string)) {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			f(fields)
		}
	}
}

// axis sets by name, for rules that speak of one.
func side(name string) Axes {
	mark, name := name[0], name[1:]
	for i, x := range axes {
		if x.name == name {
			bit := 2 * i
			if mark == '-' {
				bit++
			}
			var a Axes
			a[bit/64] = 1 << (bit % 64)
			return a
		}
	}
	panic("no axis " + name)
}

// Normal brings British and American spellings to one.
func Normal(w string) string {
	w = strings.ToLower(w)
	if x, ok := spellings[w]; ok {
		return x
	}
	for _, p := range [...][2]string{{"isation", "ization"}, {"ise", "ize"}, {"ising", "izing"}, {"ised", "ized"}} {
		if strings.HasSuffix(w, p[0]) && len(w) > len(p[0])+3 && !keepsS[w] {
			return w[:len(w)-len(p[0])] + p[1]
		}
	}
	return w
}

var spellings = map[string]string{"licence": "license", "defence": "defense", "offence": "offense", "programme": "program", "centre": "center",
	"favour": "favor", "labour": "labor", "harbour": "harbor", "rumour": "rumor", "colour": "color", "honour": "honor",
	"neighbour": "neighbor", "neighbouring": "neighboring", "behaviour": "behavior", "cheque": "check", "enquiry": "inquiry", "enquire": "inquire", "grey": "gray",
	"tonne": "ton", "armour": "armor", "fulfil": "fulfill", "judgement": "judgment", "aeroplane": "airplane", "cancelation": "cancellation",
	"communiqué": "communique", "in_favour": "in_favor", "endeavour": "endeavor", "vapour": "vapor", "practise": "practice", "per_cent": "percent"}

var keepsS = map[string]bool{"otherwise": true, "exercise": true, "promise": true, "compromise": true, "premise": true, "advise": true,
	"supervise": true, "revise": true, "surprise": true, "enterprise": true, "franchise": true, "expertise": true, "precise": true,
	"disguise": true, "televise": true, "improvise": true, "paradise": true, "concise": true, "merchandise": true, "likewise": true,
	"excise": true, "devise": true, "comprise": true, "demise": true, "treatise": true, "arise": true, "raise": true, "praise": true, "noise": true}

// Shared is what two sets have in common.
func (a Axes) Shared(b Axes) Axes { return a.and(b) }

// Count is the number of members.
func (a Axes) Count() int {
	return bits.OnesCount64(a[0]) + bits.OnesCount64(a[1]) + bits.OnesCount64(a[2]) + bits.OnesCount64(a[3])
}

func (a Axes) ofKind(kind string) bool { k := kinds[kind]; return a.and(k.or(k.Turned())).Any() }

// State tells whether the set has a property, Stance a course that is held, Scalar a
// movement up or down.
func (a Axes) State() bool  { return a.ofKind("state") }
func (a Axes) Stance() bool { return a.ofKind("stance") }
func (a Axes) Scalar() bool { return a.ofKind("scalar") }

// BeyondScalar tells whether the set has anything but movements.
func (a Axes) BeyondScalar() bool {
	return a.ofKind("state") || a.ofKind("stance") || a.ofKind("event")
}

var supportSides = side("+support").or(side("-support"))

func sidesOf(names ...string) func() Axes {
	return sync.OnceValue(func() Axes {
		var all Axes
		for _, name := range names {
			all = all.or(side("+" + name)).or(side("-" + name))
		}
		return all
	})
}

var (
	supportAxes = sidesOf("support", "permission")
	truthAxes   = sidesOf("truth")
	judging     = sidesOf("safety", "legality", "rightness")
	assessing   = sidesOf("safety", "legality", "rightness", "effectiveness", "truth", "likelihood", "knowledge", "responsibility")
)

// Supports tells whether the set has an attitude for or against something, Tells whether
// it says what is true, Judges whether it calls safe, lawful or right, Assesses whether it
// judges in any way.
func (a Axes) Supports() bool { return a.and(supportAxes()).Any() }
func (a Axes) Tells() bool    { return a.and(truthAxes()).Any() }
func (a Axes) Judges() bool   { return a.and(judging()).Any() }
func (a Axes) Assesses() bool { return a.and(assessing()).Any() }

// Untrue is the side of what is false.
func Untrue() Axes { return untrue }

var scheduleAxes = side("+schedule").or(side("-schedule"))

// Scheduled tells whether the set has to do with dates being kept or moved.
func (a Axes) Scheduled() bool { return a.and(scheduleAxes).Any() }

var continues = side("+continuance")

// Continues is the side of what goes on: extend, prolong, keep.
func Continues() Axes { return continues }

var ends = side("-continuance").or(side("-support")).or(side("-permission")).or(side("-introduction"))

// Ends is the sides of what is ended, opposed or forbidden.
func Ends() Axes { return ends }

// Unreal tells a word under which a thing need not be there: want, deny, prevent, say.
func Unreal(word string) bool {
	switch effects[word] {
	case plans, turns, denies, says, thinks, asks:
		return true
	}
	return unreal[word]
}

var unreal = set(`be seek look_for search need demand fear avoid oppose accuse lack want deny imagine invent discuss mention concern regard call call_for talk
become remain`)

// Or joins two sets.
func (a Axes) Or(b Axes) Axes { return a.or(b) }

// Decides tells whether a word stands on an axis of what an issuer decides or does, and not
// only on those of talk, knowledge and success, which every speech is full of.
func (a Axes) Decides() bool {
	talk := smallTalk()
	for i := range a {
		a[i] &^= talk[i]
	}
	return a.Any()
}

var smallTalk = sidesOf("meeting", "engagement", "knowledge", "likelihood", "knowing_of", "word_avoidance", "attendance", "change", "help", "winning", "life",
	"belonging", "readiness", "effectiveness", "possibility")

// Denies tells whether a word rejects what is said: deny, dismiss.
func Denies(word string) bool { return effects[word] == denies }
