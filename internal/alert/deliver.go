package alert

import (
	"context"
	"errors"
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
	Notice(ctx context.Context, id int64) (statement.Notice, error)
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

// The wait before the next attempt: the first, doubled with every attempt up
// to the longest, and up to a fifth more, so that alerts do not come back all
// at once. With that fifth it is six hours at most.
const (
	firstWait   = time.Minute
	longestWait = 5 * time.Hour
	jitter      = 5 // the fifth
)

// Deliver sends every alert that is due and records each outcome before the
// next is sent. Once the channel cannot be used, what else is due is put off
// without asking it again. An error means that the outbox could not be read or
// written, or that the context was done; a mail that could not be sent is
// counted, not an error.
func (d *Dispatcher) Deliver(ctx context.Context) (report Report, err error) {
	now := d.Clock.Now()
	down := "" // why the channel cannot be used, once it cannot
	for {
		alerts, err := d.Due(ctx, now, batch)
		if err != nil {
			return report, fmt.Errorf("read the outbox: %w", err)
		}
		if len(alerts) == 0 {
			return report, nil
		}
		for _, a := range alerts {
			if down == "" {
				if down, err = d.send(ctx, &a, &report); err != nil {
					return report, err
				}
			} else {
				d.postpone(&a, now, down, &report)
			}
			// What the server has accepted is recorded even when the program
			// has been asked to stop in the meantime: else it would go again.
			if err := d.Memory.SaveAlert(context.WithoutCancel(ctx), a); err != nil {
				return report, fmt.Errorf("record alert %d: %w", a.ID, err)
			}
		}
	}
}

// send tries one alert and notes in it what came of that. It says why the
// channel is down if that is so.
func (d *Dispatcher) send(ctx context.Context, a *statement.Alert, report *Report) (down string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	m, err := d.compose(ctx, *a)
	if errors.Is(err, statement.ErrNotFound) { // a fault of ours; it must not stop the others, nor be lost
		d.postpone(a, d.Clock.Now(), fmt.Sprintf("what it tells of cannot be read: %v", err), report)
		return "", nil
	}
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
	d.postpone(a, d.Clock.Now(), err.Error(), report)
	var unavailable *Unavailable
	if errors.As(err, &unavailable) {
		return err.Error(), nil
	}
	return "", nil
}

func (d *Dispatcher) postpone(a *statement.Alert, now time.Time, why string, report *Report) {
	a.NextAttempt = now.Add(wait(a.Attempts))
	a.Attempts++
	a.LastError = why
	report.Retried++
	report.LastError = why
}

// wait is the time to the next attempt after so many failed ones.
func wait(before int) time.Duration {
	w := longestWait
	if before < 9 { // 256 minutes; the next would be longer than the longest
		w = min(w, firstWait<<before)
	}
	return w + time.Duration(rand.Int64N(int64(w/jitter)))
}
