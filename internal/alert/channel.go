package alert

import (
	"context"
	"time"
)

// Message is what a channel sends.
type Message struct {
	To        string // address, with a name or without; for a channel that is no mail its name
	Subject   string
	Text      string
	HTML      string
	Brief     string // a few lines, for a phone
	Link      string // of the statement, or of the page about it; http or https, or empty
	Payload   Payload
	MessageID string // the part before the @: the same on every attempt
	Thread    string // names the statement: messages of one thread belong together
	List      string // names the source, for List-Id
	Date      time.Time
	Urgent    bool // of the highest importance
}

// Channel delivers messages. Two deliver the same message only if the first
// answer was lost.
type Channel interface {
	// Send hands a message over. If it fails, retry tells whether another
	// attempt may succeed; an error that concerns the channel rather than this
	// message is an *Unavailable.
	Send(ctx context.Context, m Message) (retry bool, err error)
	// Close ends what the channel keeps open between messages.
	Close() error
}

// Unavailable says that the channel itself cannot be used now: asking it to
// send more is pointless.
type Unavailable struct {
	Err error
	// Person tells that it will not mend itself: a refused login, a certificate,
	// a sender or a settled refusal to talk. The operator is told at once.
	Person bool
}

func (e *Unavailable) Error() string { return e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }
