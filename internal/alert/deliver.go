package alert

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// Message is what a channel sends.
type Message struct {
	To        string // address, with a name or without
	Subject   string
	Text      string
	HTML      string
	MessageID string // the part before the @: the same on every attempt
	Thread    string // names the statement: messages of one thread belong together
	List      string // names the source, for List-Id
	Date      time.Time
}

// Channel delivers messages. Two deliver the same message only if the first
// answer was lost.
type Channel interface {
	// Send hands a message over. If it fails, retry tells whether another
	// attempt may succeed; an error that concerns the channel rather than this
	// message is an *Unavailable.
	Send(ctx context.Context, m Message) (retry bool, err error)
}

// Unavailable says that the channel itself cannot be used now: asking it to
// send more is pointless.
type Unavailable struct{ Err error }

func (e *Unavailable) Error() string { return e.Err.Error() }
func (e *Unavailable) Unwrap() error { return e.Err }

// Memory is what delivery reads and records.
type Memory interface {
	Event(ctx context.Context, id int64) (statement.Event, error)
	Statement(ctx context.Context, id string) (statement.Statement, error)
	Revision(ctx context.Context, id string, n int) (statement.Revision, error)
	SourceStatus(ctx context.Context, source string) (statement.SourceStatus, error)
	SaveAlert(ctx context.Context, a statement.Alert) error
}

// Dispatcher sends what is due.
type Dispatcher struct {
	Memory  Memory
	Channel Channel
	Clock   clock.Clock
	// Source looks up a source's definition.
	Source func(id string) (statement.Source, bool)
	// Due lists pending alerts whose time has come, the oldest first, at most
	// limit.
	Due func(ctx context.Context, now time.Time, limit int) ([]statement.Alert, error)
	// Newest lists the newest statements of a source.
	Newest func(ctx context.Context, source string, limit int) ([]statement.Statement, error)
}

// Report counts what a delivery came to.
type Report struct {
	Sent, Retried, Refused int
	LastError              string
}

// batch is how many alerts are held in memory at a time.
const batch = 100

// Deliver sends every alert that is due and records each outcome before the
// next is sent. An error means that the outcome could not be recorded, or the
// context was done; a mail that could not be sent is counted, not an error.
func (d *Dispatcher) Deliver(ctx context.Context) (report Report, err error) {
	now := d.Clock.Now()
	for {
		alerts, err := d.Due(ctx, now, batch)
		if err != nil || len(alerts) == 0 {
			return report, err
		}
		down := "" // why the channel cannot be used, once it cannot
		for _, a := range alerts {
			if err := ctx.Err(); err != nil {
				return report, err
			}
			if down == "" {
				if down, err = d.send(ctx, &a, &report); err != nil {
					return report, err
				}
			} else {
				d.postpone(&a, down, &report)
			}
			if err := d.Memory.SaveAlert(ctx, a); err != nil {
				return report, fmt.Errorf("record alert %d: %w", a.ID, err)
			}
		}
	}
}

func (d *Dispatcher) send(ctx context.Context, a *statement.Alert, report *Report) (down string, err error) {
	m, err := d.compose(ctx, *a)
	if err != nil {
		return "", fmt.Errorf("word alert %d: %w", a.ID, err)
	}
	retry, err := d.Channel.Send(ctx, m)
	switch {
	case err == nil:
		a.State, a.SentAt, a.LastError = statement.Sent, d.Clock.Now(), ""
		a.Attempts++
		report.Sent++
		return "", nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case !retry:
		a.State, a.LastError = statement.Refused, err.Error()
		a.Attempts++
		report.Refused++
		report.LastError = err.Error()
		return "", nil
	}
	d.postpone(a, err.Error(), report)
	if _, unavailable := err.(*Unavailable); unavailable {
		return err.Error(), nil
	}
	return "", nil
}

// postpone puts an alert off: a minute, doubled with every attempt, at most
// six hours, with a jitter of a fifth so that alerts do not come back at once.
func (d *Dispatcher) postpone(a *statement.Alert, why string, report *Report) {
	wait := time.Minute << min(a.Attempts, 9)
	wait = min(wait, 6*time.Hour)
	wait -= time.Duration(rand.Int64N(int64(wait / 5)))
	a.Attempts++
	a.LastError = why
	a.NextAttempt = d.Clock.Now().Add(wait)
	report.Retried++
	report.LastError = why
}
