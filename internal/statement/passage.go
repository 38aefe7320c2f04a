package statement

import "time"

// Passage is what one speaker says in one to three sentences: what later statements are held against.
type Passage struct {
	ID        int64 // given by the store; grows with Said
	Statement string
	Revision  int
	N         int    // number in the revision; 0 is the title
	Space     string // whose statements it is compared with: a government, else an issuer
	Said      time.Time
	Text      string
	Question  string // what a journalist asked before it, where it is an answer's beginning
	Span      Span   // of Text in the revision's body; zero for the title
	Speaker   string // as the text names them; "" for the statement itself
	Voice     Voice
	Language  string   // ISO 639-1
	Terms     []uint32 // what it speaks of, by which it is found (package reversal)
}

// Voice is for whom a passage speaks.
type Voice string

// The voices.
const (
	VoiceIssuer   Voice = "issuer"   // the institution itself, in its own text
	VoiceOfficial Voice = "official" // somebody of it, quoted or told
	VoiceOther    Voice = "other"    // a journalist, a guest, an opponent, a foreign official
	VoiceUnsure   Voice = ""         // the text leaves it open
)

// PassageTerms is what a passage of a space speaks of, for an index in memory.
type PassageTerms struct {
	Seq     int64 // the order in which passages were put
	Passage int64
	Terms   []uint32
}

// countBits is how many bits of a passage's number count those of one second.
const countBits = 20

// FirstPassage is the least number that a passage said at a moment may have: the seconds since the year 1, then 20 bits
// that count those of one second.
func FirstPassage(said time.Time) int64 { return (said.Unix() - time.Time{}.Unix()) << countBits }

// PassageSaid is when a passage was said, to the second, by its number.
func PassageSaid(id int64) time.Time { return time.Unix(id>>countBits+time.Time{}.Unix(), 0).UTC() }
