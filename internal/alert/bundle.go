package alert

import (
	"context"
	"strconv"
	"time"

	"volteface/internal/statement"
)

// floodWindow is the time over which the flood guard counts, and the longest
// that it keeps anything back.
const floodWindow = time.Hour

// guard keeps back what is more than a rule lets through in an hour.
func (d *Dispatcher) guard(ctx context.Context, now time.Time) error {
	crowds, err := d.Outbox.Crowds(ctx, now, now.Add(-floodWindow))
	if err != nil {
		return err
	}
	limits := map[string]int{}
	for i, r := range d.Rules {
		if r.Flood > 0 {
			limits[ruleName(d.Rules, i)] = r.Flood
		}
	}
	for _, c := range crowds {
		limit, set := limits[c.Rule]
		if !set {
			limit = defaultFlood
		}
		if c.Recent <= limit {
			continue
		}
		until := now.Add(d.Calm)
		if end := c.HeldSince.Add(floodWindow); c.Held > 0 && end.Before(until) {
			until = end
		}
		if err := d.Outbox.Hold(ctx, c, now, until); err != nil {
			return err
		}
		d.Log.Info("a flood is kept back for one digest", "rule", c.Rule, "recipient", c.Recipient, "alerts", c.Alone, "until", until)
		d.report.Held += c.Alone
	}
	return nil
}

// gather makes the digests that are due. Their members are settled before one
// is sent, so that it is the same on every attempt and what comes later goes
// into the next.
func (d *Dispatcher) gather(ctx context.Context, now time.Time) error {
	bundles, err := d.Outbox.Bundles(ctx, now)
	if err != nil {
		return err
	}
	for _, b := range bundles {
		id := digest("digest", b.Channel, b.Recipient, b.Digest, strconv.FormatInt(b.First, 10), b.Oldest.Format(time.RFC3339Nano), strconv.FormatInt(b.Last, 10))
		if err := d.Outbox.Gather(ctx, b, statement.Alert{
			Key: id, MessageID: id, Rule: b.Digest, Kind: statement.AlertDigest, Channel: b.Channel, Recipient: b.Recipient,
			State: statement.Pending, CreatedAt: now, NextAttempt: now,
		}, now); err != nil {
			return err
		}
	}
	return nil
}
