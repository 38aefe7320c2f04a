package statement

import "time"

// Class says whether an edit matters.
type Class string

// The classes of edit, by what a reader gets from the two texts.
const (
	ClassNone        Class = "none"        // the same words: links, markup, paragraph breaks, page furniture
	ClassEditorial   Class = "editorial"   // other words or marks, the same meaning: typos, grammar, style
	ClassSubstantive Class = "substantive" // a careful reader now believes something different
)

// EditKind says what a substantive edit changes.
type EditKind string

// The kinds of substantive edit.
const (
	KindNumber     EditKind = "number"            // an amount, count, rank or code
	KindDate       EditKind = "date"              // a date, year, time or period
	KindName       EditKind = "name_or_entity"    // another person, body, place, product or office
	KindNegation   EditKind = "negation"          // said to be so, now said not to be so, or back
	KindModality   EditKind = "modality_or_tense" // done, doing, will, may, plans to
	KindHedge      EditKind = "hedge"             // over, about, nearly, up to
	KindStrength   EditKind = "wording_strength"  // the same claim in stronger or weaker words
	KindQuote      EditKind = "quote_changed"     // words quoted from somebody
	KindAddition   EditKind = "addition"          // a claim, sentence or entry came
	KindRemoval    EditKind = "removal"           // a claim, sentence or entry went
	KindCorrection EditKind = "correction_marked" // the wrong words left visible beside the right ones
	KindScope      EditKind = "scope"             // whom or what it is about
)

// EditKinds lists all of them, in the order in which they are written.
var EditKinds = []EditKind{KindNumber, KindDate, KindName, KindNegation, KindModality, KindHedge, KindStrength, KindQuote, KindAddition, KindRemoval, KindCorrection, KindScope}

// Judgement is what an edit is held to be.
type Judgement struct {
	Class      Class // empty where nothing was judged
	Kinds      []EditKind
	Importance int // 0: no alert, 1: for the log, 2: worth an alert, 3: at once
	// Flicker tells that the text flips between a few states: it has come back
	// to an earlier one for the second time. Nobody is alerted of that.
	Flicker bool
}

// Edit is the step between two revisions of a statement.
type Edit struct {
	Statement string
	From, To  int
	At        time.Time
	Summary   string // one line: what changed
	Judgement
	Back int // the earlier revision that says the same as the new one; 0 if none does
}
