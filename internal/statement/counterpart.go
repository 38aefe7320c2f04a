package statement

// CounterpartKind says why two statements are set side by side.
type CounterpartKind string

// The kinds of counterparts.
const (
	Edition CounterpartKind = "edition" // one issuer's statement in two languages
	Readout CounterpartKind = "readout" // what two governments say of one call, visit or meeting
)

// DifferenceKind says how two counterparts differ.
type DifferenceKind string

// The kinds of differences.
const (
	PositionDiffers DifferenceKind = "position" // two passages appear to contradict each other
	FigureDiffers   DifferenceKind = "figure"
	DateDiffers     DifferenceKind = "date"
	OnlyA           DifferenceKind = "only_a" // only the first says it
	OnlyB           DifferenceKind = "only_b" // only the second does
)

// Counterpart is two statements of one thing side by side, and what differs in them. It is the payload of an event in state Differs. Which of
// the two is right nobody has looked at.
type Counterpart struct {
	ID          string          `json:"id"` // to show or dismiss it by
	Kind        CounterpartKind `json:"kind"`
	Score       float64         `json:"score"` // how much likelier than chance their sentences correspond
	A           Account         `json:"a"`     // the one that was said first; of the same moment, the one with the lesser id
	B           Account         `json:"b"`
	Differences []Difference    `json:"differences"`
	Rows        []Beside        `json:"rows"`        // the whole of both, side by side
	Explanation string          `json:"explanation"` // in a sentence or two
}

// Contrary tells whether the two say otherwise of one thing, and not only one of them more than the other.
func (c *Counterpart) Contrary() bool {
	for _, d := range c.Differences {
		if d.Kind != OnlyA && d.Kind != OnlyB {
			return true
		}
	}
	return false
}

// Account is one of two counterparts.
type Account struct {
	Statement  string `json:"statement"`
	Revision   int    `json:"revision"`
	Source     string `json:"source"`
	Issuer     string `json:"issuer"` // name, for people
	Government string `json:"government"`
	Title      string `json:"title"`
	URL        string `json:"url"`
	Published  Date   `json:"date"`
	Language   string `json:"language"` // BCP 47
	Snapshot   string `json:"snapshot"` // SHA-256 of the archived bytes
}

// Difference is one thing in which two counterparts differ. The texts are verbatim.
type Difference struct {
	Kind    DifferenceKind `json:"kind"`
	A       Excerpt        `json:"a"`
	B       Excerpt        `json:"b"`
	ValuesA []string       `json:"values_a,omitempty"` // figures or dates that the other does not have
	ValuesB []string       `json:"values_b,omitempty"`
	Score   float64        `json:"score,omitempty"` // of a position: how sure the judge is, 0 to 1
}

// Excerpt is words of a statement and where they stand in its body; the zero Span is the title.
type Excerpt struct {
	Text string `json:"text"`
	Span Span   `json:"span"`
}

// Beside is a row of two texts side by side: spans of their bodies, either of which may be none. The titles are no row.
type Beside struct {
	A Span `json:"a"`
	B Span `json:"b"`
}
