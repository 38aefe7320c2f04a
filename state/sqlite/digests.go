package sqlite

import (
	"context"
	"fmt"
	"time"

	"volteface/internal/statement"
)

// fresh are alerts of a crowd that have not been tried yet.
const fresh = `state = 'pending' AND parent = 0 AND digest = '' AND attempts = 0 AND last_error = ''`

// Crowds counts the alerts of each rule and recipient.
func (s *Store) Crowds(ctx context.Context, now, since time.Time) ([]statement.Crowd, error) {
	return list(ctx, s, func(row scanner) (c statement.Crowd, err error) {
		var since int64
		err = row.Scan(&c.Rule, &c.Channel, &c.Recipient, &c.Alone, &c.Recent, &c.Held, &since)
		c.HeldSince = instant(since)
		return c, err
	}, `SELECT rule, channel, recipient, sum(`+fresh+` AND next_attempt <= ?1) AS alone, count(*),
			sum(state = 'pending' AND parent = 0 AND digest = 'flood'),
			ifnull(min(iif(state = 'pending' AND parent = 0 AND digest = 'flood', created_at, NULL)), 0)
		FROM alerts INDEXED BY alerts_created WHERE kind = 'event' AND digest IN ('', 'flood') AND created_at > ?2
		GROUP BY rule, channel, recipient HAVING alone > 0`, micros(now), micros(since))
}

// Hold puts a crowd into the digest named flood.
func (s *Store) Hold(ctx context.Context, c statement.Crowd, now, until time.Time) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.change(`digest = 'flood'`, `kind = 'event' AND `+fresh+` AND next_attempt <= ? AND rule = ? AND channel = ? AND recipient = ?`,
			micros(now), c.Rule, c.Channel, c.Recipient); err != nil {
			return err
		}
		_, err := t.change(`next_attempt = ?1`, `state = 'pending' AND parent = 0 AND digest = 'flood' AND digest <> '' AND next_attempt <> ?1
			AND channel = ?2 AND recipient = ?3`, micros(until), c.Channel, c.Recipient)
		return err
	})
}

// due are the alerts that a digest is made of.
const due = `state = 'pending' AND parent = 0 AND digest <> '' AND next_attempt <= ?`

// Bundles lists the digests that are due.
func (s *Store) Bundles(ctx context.Context, now time.Time) ([]statement.Bundle, error) {
	return list(ctx, s, func(row scanner) (b statement.Bundle, err error) {
		var oldest, newest, next int64
		err = row.Scan(&b.Channel, &b.Recipient, &b.Digest, &b.Count, &b.First, &b.Last, &oldest, &newest, &next)
		b.Oldest, b.Newest, b.Due = instant(oldest), instant(newest), instant(next)
		return b, err
	}, `SELECT channel, recipient, digest, count(*), min(id), max(id), min(created_at), max(created_at), min(next_attempt)
		FROM alerts WHERE `+due+` GROUP BY channel, recipient, digest ORDER BY min(id)`, micros(now))
}

// Gather makes one alert of a bundle.
func (s *Store) Gather(ctx context.Context, b statement.Bundle, parent statement.Alert, now time.Time) error {
	return s.write(ctx, func(t *tx) error {
		const members = `state = 'pending' AND parent = 0 AND digest <> '' AND next_attempt <= ?2 AND channel = ?3 AND recipient = ?4 AND digest = ?5`
		args := []any{int64(0), micros(now), b.Channel, b.Recipient, b.Digest}
		var n int
		if err := t.row(`SELECT count(*) FROM alerts WHERE ?1 = 0 AND `+members, args...).Scan(&n); err != nil {
			return err
		}
		if n <= 1 {
			_, err := t.change(`digest = ''`, `?1 = 0 AND `+members, args...)
			return err
		}
		if err := t.Enqueue(parent); err != nil {
			return err
		}
		var id int64
		if err := t.row(`SELECT id FROM alerts WHERE key = ?`, parent.Key).Scan(&id); err != nil {
			return err
		}
		args[0] = id
		_, err := t.change(`parent = ?1`, members, args...)
		return err
	})
}

// Mutes lists what is muted.
func (s *Store) Mutes(ctx context.Context, now time.Time) ([]statement.Mute, error) {
	return list(ctx, s, scanMute, mutesQuery, micros(now))
}

func (t *tx) Muted(now time.Time) ([]statement.Mute, error) {
	return rows(t, mutesQuery, scanMute, micros(now))
}

const mutesQuery = `SELECT subject, since, until FROM mutes WHERE until > ? ORDER BY subject`

func scanMute(row scanner) (m statement.Mute, err error) {
	var since, until int64
	err = row.Scan(&m.Subject, &since, &until)
	m.Since, m.Until = instant(since), instant(until)
	return m, err
}

// PutMute begins a mute, or moves its end.
func (s *Store) PutMute(ctx context.Context, m statement.Mute) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO mutes (subject, since, until) VALUES (?,?,?) ON CONFLICT (subject) DO UPDATE SET until = excluded.until`,
			m.Subject, micros(m.Since), micros(m.Until))
		return err
	})
}

// DropMute ends a mute.
func (s *Store) DropMute(ctx context.Context, subject string) error {
	return s.write(ctx, func(t *tx) error {
		dropped, err := t.exec(`DELETE FROM mutes WHERE subject = ?`, subject)
		return something(dropped, err, "a mute of %s", subject)
	})
}

// HoldMuted puts pending alerts into the digest named muted.
func (s *Store) HoldMuted(ctx context.Context, ids []int64, until time.Time) error {
	return s.write(ctx, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec(`UPDATE alerts SET digest = 'muted', next_attempt = ? WHERE state = 'pending' AND parent = 0 AND kind = 'event' AND id = ?`, micros(until), id); err != nil {
				return fmt.Errorf("alert %d: %w", id, err)
			}
		}
		return nil
	})
}

// Hurry makes everything that waits for another attempt due.
func (s *Store) Hurry(ctx context.Context, now time.Time) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.change(`next_attempt = ?1`, `state = 'pending' AND parent = 0 AND digest = '' AND next_attempt > ?1`, micros(now))
		return err
	})
}

// Waiting counts the alerts that are due.
func (s *Store) Waiting(ctx context.Context, now time.Time) (int, error) {
	n, err := one(ctx, s, scanNumber, `SELECT count(*) FROM alerts WHERE state = 'pending' AND parent = 0 AND next_attempt <= ?`, micros(now))
	return int(n), err
}
