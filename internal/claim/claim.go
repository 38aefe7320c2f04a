// Package claim turns the trees of a statement into claims: who asserts or denies what,
// with which commitment, about whom and how much.
//
// A claim is one predicate, a verb or the noun of an event, with what it is said of. Its
// sign is composed down the tree: negation, denial, refusal and failure turn it; what
// others are quoted with, what is asked and what is supposed is marked as such. Claims are
// small and self-contained, so that they can be stored and compared years later.
package claim

// Version names the rules that claims are made by. Stored claims of another version are
// made afresh before they are compared.
const Version = 5

// Kind tells what sort of word a key is.
type Kind uint8

// The kinds of key.
const (
	Common Kind = iota
	Name        // of a person, place or organisation
	Number      // a quantity
	Day         // a date, or part of one
)

// Key is a word that a claim is about, in one spelling and in the form of a dictionary.
type Key struct {
	Word string `json:"w"`
	Kind Kind   `json:"k,omitempty"`
}

// Role is what a key is to the predicate.
type Role uint8

// The roles.
const (
	Other Role = iota // time, place, manner, and all else
	Actor
	Object
	Recipient
)

// Arg is a word in its role. Weight tells how much it says, from 0 to 1: rare words and
// heads of phrases more than frequent ones and modifiers.
type Arg struct {
	Key
	Role   Role    `json:"r,omitempty"`
	Weight float32 `json:"h"`
	// Head tells a phrase's head from its modifiers. Group numbers the phrase within the
	// claim.
	Head  bool  `json:"m,omitempty"`
	Group uint8 `json:"g,omitempty"`
	// Before tells that the phrase stands under "before", "until": what it names had not
	// yet come.
	Before bool `json:"b,omitempty"`
	// Ours tells that the phrase is the issuer's own: "our networks".
	Ours bool `json:"o,omitempty"`
}

// Mode is how a claim is meant.
type Mode uint8

// The modes.
const (
	Fact   Mode = iota // is, was, has been
	Plan               // will, shall, is to, intends, has decided to
	May                // is allowed, or possible
	Must               // is required
	Should             // a norm
	Would              // would be, under a condition
)

var modeNames = [...]string{"fact", "plan", "may", "must", "should", "would"}

func (m Mode) String() string { return modeNames[m] }

// Flags are further marks of a claim.
type Flags uint16

// The flags.
const (
	Past        Flags = 1 << iota
	Condition         // under an if, or itself one
	Question          // asked, not said
	Reported          // somebody else's claim
	Predecessor       // what an earlier office-holder said or did
	Hedged            // perhaps, it appears, is expected to
	Denial            // denied or rejected in so many words
	Existence         // that there is, or is not, such a thing
	Mention           // named by a noun, neither said nor denied to have happened
	Topic             // a report or idea is rejected or confirmed as such
	Categorical       // never, no one, in no case, not a single
	Ongoing           // progressive or continuing
	Restricted        // only, except, unless
	Answer            // taken from a question that is answered
	Presupposed       // taken as given: a participle, a relative clause
	Universal         // denied of anyone, anything, any time: one case is enough against it
)

// Has tells whether any of the flags is set.
func (f Flags) Has(any Flags) bool { return f&any != 0 }

// Party is whose doing a claim speaks of.
type Party uint8

// The parties.
const (
	Unknown Party = iota
	Issuer        // the issuer or its government: we, the Ministry, our forces
	Others        // somebody else
)

// Claim is one proposition. Start and End are bytes of the statement's text.
type Claim struct {
	Sentence  int    `json:"s"`
	Start     int    `json:"b"`
	End       int    `json:"e"`
	Predicate string `json:"p"`
	Axes      Axes   `json:"a"`
	Sign      int8   `json:"n"` // 1 asserted, -1 denied, 0 neither
	Mode      Mode   `json:"m,omitempty"`
	Flags     Flags  `json:"f,omitempty"`
	By        Party  `json:"y,omitempty"`
	Args      []Arg  `json:"x,omitempty"`
}

// Voice is who speaks a sentence.
type Voice uint8

// The voices.
const (
	Own        Voice = iota // the issuer or its official
	Journalist              // a question put to them
	Foreign                 // somebody quoted
)

// Sentence is one sentence of a statement and what it is about.
type Sentence struct {
	Start      int        `json:"b"`
	End        int        `json:"e"`
	Voice      Voice      `json:"v,omitempty"`
	Speaker    string     `json:"w,omitempty"` // the label of the turn
	Args       []Arg      `json:"x,omitempty"`
	Quantities []Quantity `json:"q,omitempty"`
	Dates      []Date     `json:"d,omitempty"`
	Marks      Marks      `json:"k,omitempty"`
}

// Marks are what a sentence says as a whole.
type Marks uint32

// The marks.
const (
	Corrects   Marks = 1 << iota // corrected, revised, replaced, counted twice
	Rises                        // has risen, so far, in addition: a count that grows
	Retracts                     // a statement of ours is withdrawn
	NoComment                    // nothing to say on it
	UnderStudy                   // under review, no decision yet
	Unknowing                    // we do not know, it cannot be determined
	Periodic                     // renewed as always, by turn
	Another                      // a separate, another, a third one
	Asked                        // a question
	Unchanged                    // the position stands
	Norm                         // should, ought
	Final                        // one last time, no later than
	NextPeriod                   // the coming year, next month
	Bounds                       // no more than, will not exceed
	PastPeriod                   // last year, years ago
	Certain                      // no doubt, certain, clearly, categorically
)

// Has tells whether any of the marks is set.
func (m Marks) Has(any Marks) bool { return m&any != 0 }

// Analysis is what is claimed in a statement.
type Analysis struct {
	Version   int        `json:"version"`
	Sentences []Sentence `json:"sentences"`
	Claims    []Claim    `json:"claims"`
}

// Speaker tells whose statement is read.
type Speaker struct {
	Issuer, Government, Name string
	// Officials are others who speak for the issuer: what they are quoted with is its own.
	Officials []string
}
