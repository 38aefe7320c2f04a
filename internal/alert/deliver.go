package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// Outbox is what delivery asks of the state.
type Outbox interface {
	SaveAlert(ctx context.Context, a statement.Alert) error
	Claim(ctx context.Context, channel string, now time.Time, limit int) ([]statement.Alert, error)
	Unclaim(ctx context.Context, channel string) error
	PutOff(ctx context.Context, channel string, now, until time.Time, why string) (int, error)
	Expire(ctx context.Context, now time.Time) (int, error)
	DueChannels(ctx context.Context, now time.Time) ([]string, error)
	Crowds(ctx context.Context, now, since time.Time) ([]statement.Crowd, error)
	Hold(ctx context.Context, c statement.Crowd, now, until time.Time) error
	Bundles(ctx context.Context, now time.Time) ([]statement.Bundle, error)
	Gather(ctx context.Context, b statement.Bundle, parent statement.Alert, now time.Time) error
	Stuck(ctx context.Context, before time.Time) ([]statement.Stuck, error)
	NoteStuck(ctx context.Context, before time.Time) error
	Outages(ctx context.Context) ([]statement.Outage, error)
	SaveOutage(ctx context.Context, o statement.Outage) error
	// Tell records a notice and queues the alerts that carry it.
	Tell(ctx context.Context, n statement.Notice, alerts func(statement.Notice) []statement.Alert) error
}

// Dispatcher sends what is due.
type Dispatcher struct {
	Outbox   Outbox
	Composer *Composer
	Channels map[string]Channel
	Clock    clock.Clock
	Log      *slog.Logger
	Rules    []Rule   // for their flood guards
	Operator []string // who is told of what does not go out
	// Calm is how long nothing more must come of a flood before its digest is
	// made, an hour at most; 0 for one that is over when Deliver is called.
	Calm time.Duration
	// Progress is told what has been sent, if set.
	Progress func(sent int)

	mu     sync.Mutex
	report Report
}

// Report counts what a delivery came to.
type Report struct {
	Sent, Retried, Refused, Expired int
	// PutOff counts what was not handed to a channel, because it cannot be used.
	PutOff    int
	Held      int // put into the digest of a flood
	LastError string
}

// batch is how many alerts are claimed, and held in memory, at a time for each
// channel: claiming waits for the disk, recording an outcome does not, so that
// a loss of power may repeat so many mails at most.
const batch = 25

// The wait before the next attempt: the first, doubled with every attempt up
// to the longest, and up to a fifth more, so that alerts do not come back all
// at once. With that fifth it is six hours at most.
const (
	firstWait   = time.Minute
	longestWait = 5 * time.Hour
	jitter      = 5 // the fifth
)

// stuckAfter is how long alerts may wait in spite of attempts before the
// operator is told.
const stuckAfter = 72 * time.Hour

// Deliver sends every alert that is due and records each outcome before the
// next is sent on the same channel. Channels do not wait for each other. Once
// one cannot be used, what else is due on it is put off without asking it
// again. An error means that the outbox could not be read or written, or that
// the context was done; a message that could not be sent is counted, not an
// error.
func (d *Dispatcher) Deliver(ctx context.Context) (Report, error) {
	d.report = Report{}
	now := d.Clock.Now()
	if err := d.prepare(ctx, now); err != nil {
		return d.report, fmt.Errorf("read the outbox: %w", err)
	}
	names, err := d.Outbox.DueChannels(ctx, now)
	if err != nil {
		return d.report, fmt.Errorf("read the outbox: %w", err)
	}
	known, err := d.Outbox.Outages(ctx)
	if err != nil {
		return d.report, fmt.Errorf("read the outbox: %w", err)
	}
	outages := map[string]statement.Outage{}
	for _, o := range known {
		outages[o.Channel] = o
	}
	var owned sync.WaitGroup
	errs := make([]error, len(names))
	for i, name := range names {
		o := outages[name]
		o.Channel = name
		owned.Go(func() { errs[i] = d.drain(ctx, &o, now) })
	}
	owned.Wait()
	if err := errors.Join(errs...); err != nil {
		return d.report, err
	}
	return d.report, d.tellOfStuck(ctx)
}

// prepare ends what has outlived its lifetime, keeps floods back and makes
// the digests that are due.
func (d *Dispatcher) prepare(ctx context.Context, now time.Time) (err error) {
	if d.report.Expired, err = d.Outbox.Expire(ctx, now); err != nil {
		return err
	}
	if err := d.guard(ctx, now); err != nil {
		return err
	}
	return d.gather(ctx, now)
}

// drain sends what is due on one channel.
func (d *Dispatcher) drain(ctx context.Context, o *statement.Outage, now time.Time) (err error) {
	channel, known := d.Channels[o.Channel]
	if !known {
		why := fmt.Sprintf("no channel is called %q in the configuration", o.Channel)
		if o.Channel == statement.EmailChannel {
			why = "no mail server is configured"
		}
		return d.putOff(ctx, o.Channel, now, now.Add(time.Hour), why)
	}
	if o.NextTry.After(now) {
		return d.putOff(ctx, o.Channel, now, o.NextTry, o.Error)
	}
	defer func() { // what was claimed and not tried
		if undo := d.Outbox.Unclaim(context.WithoutCancel(ctx), o.Channel); undo != nil {
			err = errors.Join(err, fmt.Errorf("give back what was to be sent: %w", undo))
		}
	}()
	for {
		alerts, err := d.Outbox.Claim(ctx, o.Channel, now, batch)
		if err != nil {
			return fmt.Errorf("read the outbox: %w", err)
		}
		if len(alerts) == 0 {
			return nil
		}
		for _, a := range alerts {
			down, err := d.send(ctx, channel, &a)
			if err != nil {
				return err
			}
			// What the server has accepted is recorded even when the program
			// has been asked to stop in the meantime: else it would go again.
			if err := d.Outbox.SaveAlert(context.WithoutCancel(ctx), a); err != nil {
				return fmt.Errorf("record alert %d: %w", a.ID, err)
			}
			if down != nil {
				if err := d.Outbox.Unclaim(ctx, o.Channel); err != nil {
					return err
				}
				if err := d.fail(ctx, o, down); err != nil {
					return err
				}
				a.NextAttempt = o.NextTry // with all the others
				return d.Outbox.SaveAlert(ctx, a)
			}
			if o.Failures > 0 && a.State == statement.Sent {
				if err := d.mend(ctx, o); err != nil {
					return err
				}
			}
		}
	}
}

// send tries one alert and notes in it what came of that. It says why the
// channel is down if that is so.
func (d *Dispatcher) send(ctx context.Context, channel Channel, a *statement.Alert) (*Unavailable, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !a.ExpiresAt.IsZero() && !a.ExpiresAt.After(d.Clock.Now()) {
		a.State = statement.Expired
		d.count(func(r *Report) { r.Expired++ })
		return nil, nil
	}
	m, err := d.Composer.Compose(ctx, *a)
	if err != nil && ctx.Err() == nil { // a fault of ours; it must not stop the others, nor be lost
		d.postpone(a, fmt.Sprintf("it cannot be worded: %v", err))
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("word alert %d: %w", a.ID, err)
	}
	retry, err := channel.Send(ctx, m)
	switch {
	case err == nil:
		a.State, a.SentAt, a.LastError = statement.Sent, d.Clock.Now(), ""
		a.Attempts++
		d.count(func(r *Report) {
			r.Sent++
			if d.Progress != nil {
				d.Progress(r.Sent)
			}
		})
		return nil, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !retry:
		a.State, a.LastError = statement.Refused, err.Error()
		a.Attempts++
		d.count(func(r *Report) { r.Refused++; r.LastError = err.Error() })
		return nil, nil
	}
	d.postpone(a, err.Error())
	var unavailable *Unavailable
	errors.As(err, &unavailable)
	return unavailable, nil
}

func (d *Dispatcher) postpone(a *statement.Alert, why string) {
	a.State, a.NextAttempt = statement.Pending, d.Clock.Now().Add(wait(a.Attempts))
	a.Attempts++
	a.LastError = why
	d.count(func(r *Report) { r.Retried++; r.LastError = why })
}

// putOff moves what is due on a channel that is not asked.
func (d *Dispatcher) putOff(ctx context.Context, channel string, now, until time.Time, why string) error {
	n, err := d.Outbox.PutOff(ctx, channel, now, until, why)
	if err != nil {
		return fmt.Errorf("put off what waits: %w", err)
	}
	if n > 0 {
		d.count(func(r *Report) { r.PutOff += n; r.LastError = why })
	}
	return nil
}

func (d *Dispatcher) count(change func(*Report)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.report)
}

// wait is the time to the next attempt after so many failed ones.
func wait(before int) time.Duration {
	w := longestWait
	if before < 9 { // 256 minutes; the next would be longer than the longest
		w = min(w, firstWait<<before)
	}
	return w + time.Duration(rand.Int64N(int64(w/jitter)))
}
