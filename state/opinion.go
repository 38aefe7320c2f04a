package state

import (
	"context"
	"time"

	"volteface/internal/statement"
)

// Opinionated is the part of a Store that remembers second opinions: what was asked, what was answered, and the findings that wait.
type Opinionated interface {
	// OpinionsDue lists at most limit (0: all) questions that wait and may be asked at now: those that have waited longest first.
	OpinionsDue(ctx context.Context, now time.Time, limit int) ([]Opinion, error)
	// Opinion reads a question by its key; statement.ErrNotFound if it was never asked.
	Opinion(ctx context.Context, key string) (Opinion, error)
	// OpinionAnswers lists what was answered to a question, in the order in which it came.
	OpinionAnswers(ctx context.Context, key string) ([]OpinionAnswer, error)
	// OpinionCases lists the findings for which a question was asked.
	OpinionCases(ctx context.Context, key string) ([]OpinionCase, error)
	// OpinionCase reads what is known of a finding's second opinion; statement.ErrNotFound if none was asked for.
	OpinionCase(ctx context.Context, finding string) (OpinionCase, error)
	// HeldCases lists at most limit (0: all) findings of which nobody has been told yet, and which are held until a moment at the
	// latest; all that are held for a zero moment.
	HeldCases(ctx context.Context, until time.Time, limit int) ([]OpinionCase, error)
	// NextOpinion is when the next held finding is to be let go, and when the next question may be asked; zero for none.
	NextOpinion(ctx context.Context) (release, ask time.Time, err error)
	// OpinionSpent counts the requests made since one moment, and the tokens spent since another.
	OpinionSpent(ctx context.Context, requestsSince, tokensSince time.Time) (requests, tokens int, err error)
	// OpinionTally counts all there is.
	OpinionTally(ctx context.Context) (OpinionTally, error)
	// OpinionAddress is where a key was first used; statement.ErrNotFound if it never was.
	OpinionAddress(ctx context.Context, key string) (string, error)
	// ExtrasDue lists at most limit (0: all) extras that wait and may be asked for at now: those that have waited longest first.
	ExtrasDue(ctx context.Context, now time.Time, limit int) ([]Extra, error)
	// MachineText is what a model has written, by its key; statement.ErrNotFound where it has not.
	MachineText(ctx context.Context, key string) (statement.MachineText, error)
}

// OpinionTx is what second opinions write.
type OpinionTx interface {
	// PutOpinion records a question, or replaces what was recorded of it.
	PutOpinion(Opinion) error
	// Opinion reads one; statement.ErrNotFound if there is none.
	Opinion(key string) (Opinion, error)
	// AddOpinionAnswer records what came of a request.
	AddOpinionAnswer(OpinionAnswer) error
	// PutOpinionCase records the case of a finding, or replaces it; OpinionCase reads it, with statement.ErrNotFound if
	// there is none.
	PutOpinionCase(OpinionCase) error
	OpinionCase(finding string) (OpinionCase, error)
	// PutExtra records an extra, or replaces what was recorded of it.
	PutExtra(Extra) error
	// Extra reads one; statement.ErrNotFound if there is none.
	Extra(key string) (Extra, error)
	// HastenAlerts makes alerts of an event that have waited for an extra due at once: those that nobody has tried to send.
	HastenAlerts(event int64, now time.Time) error
	// PutOpinionAddress notes where a key is used.
	PutOpinionAddress(key, address string, since time.Time) error
	// Reversal reads a finding by its whole identifier; statement.ErrNotFound if there is none.
	Reversal(id string) (Finding, error)
	// SettleReversal notes what became of a finding that was held: when a second opinion dropped it, zero if none did, and whether it is
	// old news.
	SettleReversal(id string, dropped time.Time, quiet bool) error
}

// Opinion is a question put to a language model, and what its answers came to.
type Opinion struct {
	Key       string
	Model     string
	Question  string // JSON of what was asked
	State     OpinionState
	CreatedAt time.Time
	NextTry   time.Time // it is not asked before
	Failures  int       // requests in a row that had no answer
	Note      string    // in words: why it is void or failed, or could not be asked last
	Verdict   statement.Verdict
	Kind      string
	Reason    string
	SettledAt time.Time
}

// OpinionState is where a question stands.
type OpinionState string

// The states of a question.
const (
	OpinionWaiting  OpinionState = "waiting"
	OpinionAnswered OpinionState = "answered" // two answers agree
	OpinionVoid     OpinionState = "void"     // no two valid answers agree
	OpinionFailed   OpinionState = "failed"   // the server does not answer it, or it is not asked
)

// OpinionAnswer is one request and what came of it. Requests for extras stand among them, under the key of the extra.
type OpinionAnswer struct {
	ID      int64  // given by the store, rising
	Opinion string // key of the question; "" for what a person tried by hand
	Swapped bool   // the later passage was shown first
	At      time.Time
	State   AnswerState
	Verdict statement.Verdict // of a valid one
	Model   string            // as the server names it
	Content string            // as it came
	Note    string            // why it is void, or failed
	In, Out int               // tokens
	Took    time.Duration
}

// AnswerState says what came of a request.
type AnswerState string

// The states of an answer.
const (
	AnswerValid  AnswerState = "valid"
	AnswerVoid   AnswerState = "void"   // it counts for nothing
	AnswerFailed AnswerState = "failed" // none came
)

// OpinionCase is a finding for which a second opinion was asked.
type OpinionCase struct {
	Finding   string
	Opinion   string          // key of the question; "" for one that only waits for translations
	Level     statement.Level // as the judge had it
	HeldUntil time.Time       // it is told without the opinion then
	Held      bool            // nobody has been told of it yet
	Effect    statement.Effect
}

// Extra is something that a model is to write for readers beside an official text: a translation, or a summary.
type Extra struct {
	Key       string
	Kind      string // translation, summary
	Language  string // of the reader, BCP 47
	Asked     string // JSON of what is asked for
	Event     int64  // whose alerts wait for it; 0 for none
	State     OpinionState
	Model     string // that has written it
	Text      string
	Note      string // in words: why there is none
	Failures  int    // requests in a row without a text
	CreatedAt time.Time
	NextTry   time.Time
	SettledAt time.Time
}

// OpinionTally counts second opinions.
type OpinionTally struct {
	Questions map[OpinionState]int
	Answers   map[AnswerState]int
	In, Out   int // tokens
	Held      int // findings that wait
	// Extras counts translations and summaries.
	Extras  map[OpinionState]int
	Effects map[statement.Effect]int
	// Decided counts findings with an opinion that people have decided on; Agreed, those of them where both say the same: a
	// confirmed one is a reversal or a softening, a dismissed one none.
	Decided, Agreed int
}

// KeepOpinion takes over what a second opinion has said of the finding before, unless it has one of its own: an engine that finds the
// same again knows nothing of it. A store calls it when it puts a finding that it knows.
func (f *Finding) KeepOpinion(before Finding) {
	o := before.SecondOpinion
	if f.SecondOpinion != nil || o == nil {
		return
	}
	f.SecondOpinion = o
	if o.Effect == statement.EffectRaised && f.Level == statement.LevelReview {
		f.Level = statement.LevelAlert
	}
	if said := o.Sentence(); said != "" {
		f.Explanation += " " + said
	}
}
