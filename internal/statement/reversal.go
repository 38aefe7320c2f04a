package statement

// Verdict is what the reversal engine says of two claims.
type Verdict string

// The verdicts that are told.
const (
	VerdictReversal  Verdict = "reversal"
	VerdictSoftening Verdict = "softening"
)

// VerdictNone is said of what turns nothing round. It is not told.
const VerdictNone Verdict = "none"

// Level says how sure the engine is.
type Level string

// The levels of a reversal.
const (
	LevelAlert  Level = "alert"  // mailed
	LevelReview Level = "review" // listed for a person to look at
	LevelWatch  Level = "watch"  // kept to be searched for
)

// Reversal is a claim that appears to turn an earlier position of the same
// issuer or government round, with all that a reader needs to judge it: it is
// the payload of an event in state Turned or Softened.
type Reversal struct {
	ID          string  `json:"id"` // to confirm or dismiss it by
	Verdict     Verdict `json:"verdict"`
	Level       Level   `json:"level"`
	Kind        string  `json:"kind"`        // what turned, in a word or two: denial, figure, commitment, assessment, blame
	Score       float64 `json:"score"`       // 0 to 1, as calibrated by the engine
	Topic       string  `json:"topic"`       // id of the topic it was found under; empty for the open search
	TopicName   string  `json:"topic_name"`  // for people
	Proposition string  `json:"proposition"` // of the topic, such as "Iran supplied drones to Russia"
	Before      Quote   `json:"before"`
	After       Quote   `json:"after"`
	Explanation string  `json:"explanation"` // in a sentence or two: why these two are set side by side
	Engine      string  `json:"engine"`      // version that said so
	// SecondOpinion is what a language model said of it; nil where none has.
	SecondOpinion *SecondOpinion `json:"second_opinion,omitempty"`
}

// Quote is words of an official, and where they stand.
type Quote struct {
	Statement string `json:"statement"`
	Revision  int    `json:"revision"`
	Source    string `json:"source"`
	Issuer    string `json:"issuer"` // name, for people
	Title     string `json:"title"`  // of the statement
	URL       string `json:"url"`
	Published Date   `json:"date"`
	Speaker   string `json:"speaker"`
	Stance    string `json:"stance"`   // what the speaker did, in the past tense, for the subject: denied, acknowledged; empty where that is not known
	Text      string `json:"text"`     // the sentences, as published
	Span      Span   `json:"span"`     // where Text stands in the revision's body
	Flagged   Span   `json:"flagged"`  // the words inside Text that matter most
	Language  string `json:"language"` // BCP 47
	Snapshot  string `json:"snapshot"` // SHA-256 of the archived bytes
	// Translation is Text in the reader's language, in a model's words; nil for none. It is looked up where a quote is shown, and never kept
	// with it.
	Translation *MachineText `json:"translation,omitempty"`
}

// Span is a stretch of a text in bytes, the end excluded; the zero Span is none.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// SecondOpinion is what a language model said of a Reversal.
type SecondOpinion struct {
	Model   string  `json:"model"`
	Verdict Verdict `json:"verdict"` // reversal, softening, none; "" where its answers do not agree
	Kind    string  `json:"kind"`
	Reason  string  `json:"reason"` // one sentence, in the model's words
	At      string  `json:"at"`     // RFC 3339 in UTC
	Effect  Effect  `json:"effect"`
}

// Sentence is what a reader is told of it; "" where its answers do not agree.
func (o *SecondOpinion) Sentence() string {
	said := map[Verdict]string{VerdictReversal: "a reversal, too", VerdictSoftening: "a softening", VerdictNone: "no turn"}[o.Verdict]
	if said == "" {
		return ""
	}
	return "A second opinion, judged by " + o.Model + ", sees " + said + ": " + o.Reason
}

// Effect is what a second opinion did to a finding.
type Effect string

// The effects.
const (
	EffectNone     Effect = ""         // it stays as the judge had it
	EffectRaised   Effect = "raised"   // from review to alert
	EffectDropped  Effect = "dropped"  // kept, and neither told nor listed
	EffectRestored Effect = "restored" // dropped, and brought back by a person
)
