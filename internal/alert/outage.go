package alert

import (
	"context"
	"fmt"
	"strings"
	"time"

	"volteface/internal/statement"
)

// fail records that a channel cannot be used, puts off what else is due on it,
// and tells the operator of what will not mend itself.
func (d *Dispatcher) fail(ctx context.Context, o *statement.Outage, down *Unavailable) error {
	now := d.Clock.Now()
	if o.Failures == 0 {
		o.Since = now
	}
	o.NextTry, o.Error = now.Add(wait(o.Failures)), down.Error()
	o.Failures++
	d.Log.Warn("a channel cannot be used", "channel", o.Channel, "since", o.Since, "failures", o.Failures, "next", o.NextTry, "error", o.Error)
	if err := d.putOff(ctx, o.Channel, now, o.NextTry, o.Error); err != nil {
		return err
	}
	if down.Person && !o.Told {
		o.Told = true
		if err := d.tell(ctx, "Alerts do not go out · "+o.Channel, fmt.Sprintf(
			"%s cannot be used, and this will not mend itself:\n%s\n\nNothing is lost: what is to be sent waits in the outbox and is tried again, at most six hours apart.\n\nIn the configuration, look at: %s\nTry it: volteface alerts test\nSend what waits: volteface alerts retry",
			channelName(o.Channel), o.Error, whereConfigured(o.Channel))); err != nil {
			return err
		}
	}
	return d.Outbox.SaveOutage(ctx, *o)
}

// mend records that a channel can be used again.
func (d *Dispatcher) mend(ctx context.Context, o *statement.Outage) error {
	if o.Told {
		if err := d.tell(ctx, "Alerts go out again · "+o.Channel, fmt.Sprintf(
			"%s can be used again. It could not since %s:\n%s\n\nWhat waited is being sent.", channelName(o.Channel), moment(o.Since), o.Error)); err != nil {
			return err
		}
	}
	*o = statement.Outage{Channel: o.Channel}
	return d.Outbox.SaveOutage(ctx, *o)
}

// tellOfStuck tells the operator, once for each recipient, of what has waited
// for three days.
func (d *Dispatcher) tellOfStuck(ctx context.Context) error {
	before := d.Clock.Now().Add(-stuckAfter)
	stuck, err := d.Outbox.Stuck(ctx, before)
	if err != nil || len(stuck) == 0 {
		return err
	}
	const most = 50
	var text strings.Builder
	total := 0
	for i, s := range stuck {
		total += s.Count
		if i < most {
			fmt.Fprintf(&text, "- %s (%s): %s since %s\n  %s\n", s.Recipient, s.Channel, counted(s.Count, "alert"), moment(s.Oldest), s.LastError)
		}
	}
	if len(stuck) > most {
		fmt.Fprintf(&text, "- and %s more\n", counted(len(stuck)-most, "recipient"))
	}
	if err := d.tell(ctx, fmt.Sprintf("%s could not be sent for three days", counted(total, "alert")),
		"Nothing is lost: they are tried again, at most six hours apart, without end.\n\n"+text.String()+
			"\nAll that waits: volteface alerts list --state pending\nSend it now: volteface alerts retry"); err != nil {
		return err
	}
	return d.Outbox.NoteStuck(ctx, before)
}

func (d *Dispatcher) tell(ctx context.Context, subject, text string) error {
	d.Log.Warn("the operator is told", "subject", subject)
	if len(d.Operator) == 0 {
		return nil
	}
	n := statement.Notice{At: d.Clock.Now().Truncate(time.Microsecond), Subject: subject, Text: text}
	return d.Outbox.Tell(ctx, n, func(n statement.Notice) []statement.Alert { return RouteNotice(d.Operator, n, "") })
}

func channelName(channel string) string {
	if channel == statement.EmailChannel {
		return "The mail server"
	}
	return "The channel " + channel
}

func whereConfigured(channel string) string {
	if channel == statement.EmailChannel {
		return "smtp"
	}
	return "channels." + channel
}

// counted is "1 alert", "2 alerts", "5,000 alerts".
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return grouped(n) + " " + word + "s"
}

// grouped is a number with its thousands set apart.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
