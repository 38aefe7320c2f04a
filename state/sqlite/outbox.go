package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const alertColumns = `id, key, rule, kind, event, source, importance, channel, recipient, message_id, state, digest, parent, attempts,
	created_at, next_attempt, expires_at, sent_at, last_error, beyond`

func scanAlert(row scanner) (a statement.Alert, err error) {
	var created, next, expires, sent int64
	err = row.Scan(&a.ID, &a.Key, &a.Rule, &a.Kind, &a.Event, &a.Source, &a.Importance, &a.Channel, &a.Recipient, &a.MessageID, &a.State,
		&a.Digest, &a.Parent, &a.Attempts, &created, &next, &expires, &sent, &a.LastError, &a.Beyond)
	a.CreatedAt, a.NextAttempt, a.ExpiresAt, a.SentAt = instant(created), instant(next), instant(expires), instant(sent)
	return a, err
}

func (t *tx) Enqueue(a statement.Alert) error {
	_, err := t.exec(`INSERT INTO alerts (key, rule, kind, event, source, importance, channel, recipient, message_id, state, digest, parent,
			attempts, created_at, next_attempt, expires_at, sent_at, last_error, beyond)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING`, a.Key, a.Rule, string(a.Kind), a.Event, a.Source, a.Importance,
		a.Channel, a.Recipient, a.MessageID, string(a.State), a.Digest, a.Parent, a.Attempts, micros(a.CreatedAt), micros(a.NextAttempt),
		micros(a.ExpiresAt), micros(a.SentAt), a.LastError, a.Beyond)
	return err
}

const turnsQuery = `SELECT DISTINCT e.reversal ->> '$.id', e.reversal ->> '$.score', e.source, a.rule, a.created_at, a.beyond
	FROM alerts a JOIN events e ON e.id = a.event
	WHERE a.kind = 'event' AND e.reversal <> '' AND a.created_at > ?1 AND (?2 = '' OR a.rule = ?2) ORDER BY a.created_at, 1, a.rule`

func scanTurn(row scanner) (x state.ToldTurn, err error) {
	var at int64
	err = row.Scan(&x.Reversal, &x.Score, &x.Source, &x.Rule, &at, &x.Beyond)
	x.At = instant(at)
	return x, err
}

// ToldTurns lists the reversals and softenings that rules have told of.
func (s *Store) ToldTurns(ctx context.Context, rule string, since time.Time) ([]state.ToldTurn, error) {
	return list(ctx, s, scanTurn, turnsQuery, micros(since), rule)
}

func (t *tx) ToldTurns(rule string, since time.Time) ([]state.ToldTurn, error) {
	return rows(t, turnsQuery, scanTurn, micros(since), rule)
}

// Alerts lists alerts that fit, oldest first.
func (s *Store) Alerts(ctx context.Context, f state.AlertFilter) ([]statement.Alert, error) {
	query := `SELECT ` + alertColumns + ` FROM alerts WHERE true`
	var args []any
	if len(f.IDs) > 0 {
		query += ` AND ` + among("id", len(f.IDs))
		args = append(args, arguments(f.IDs)...)
	}
	if len(f.States) > 0 {
		query += ` AND ` + among("state", len(f.States))
		args = append(args, arguments(f.States)...)
	}
	if len(f.Sources) > 0 {
		query += ` AND ` + among("source", len(f.Sources))
		args = append(args, arguments(f.Sources)...)
	}
	if len(f.Digests) > 0 {
		query += ` AND ` + among("digest", len(f.Digests))
		args = append(args, arguments(f.Digests)...)
	}
	if !f.DueBefore.IsZero() {
		query += ` AND next_attempt <= ?`
		args = append(args, micros(f.DueBefore))
	}
	if f.After > 0 {
		query += ` AND id > ?`
		args = append(args, f.After)
	}
	if f.Before > 0 {
		query += ` AND id < ?`
		args = append(args, f.Before)
	}
	if len(f.Channels) > 0 {
		query += ` AND ` + among("channel", len(f.Channels))
		args = append(args, arguments(f.Channels)...)
	}
	if len(f.Kinds) > 0 {
		query += ` AND ` + among("kind", len(f.Kinds))
		args = append(args, arguments(f.Kinds)...)
	}
	if f.Whole {
		query += ` AND parent = 0`
	}
	query += ` ORDER BY id`
	if f.Newest {
		query += ` DESC`
	}
	if f.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, f.Limit)
	}
	return list(ctx, s, scanAlert, query, args...)
}

// SaveAlert records what came of an attempt to send. It does not wait for the
// disk: that a mail was sent is worth less than that the next one goes soon, and
// a loss of power repeats at most the mails of one claim, which did wait.
func (s *Store) SaveAlert(ctx context.Context, a statement.Alert) error {
	err := s.writer.lightly(ctx, func(t *tx) error {
		saved, err := t.exec(`UPDATE alerts SET state = ?, attempts = ?, next_attempt = ?, sent_at = ?, last_error = ?, digest = ?, expires_at = ? WHERE id = ?`,
			string(a.State), a.Attempts, micros(a.NextAttempt), micros(a.SentAt), a.LastError, a.Digest, micros(a.ExpiresAt), a.ID)
		if err := something(saved, err, "alert %d", a.ID); err != nil || a.Kind != statement.AlertDigest {
			return err
		}
		members := a.State
		if members == statement.Sending {
			members = statement.Pending
		}
		_, err = t.change(`state = ?1, sent_at = ?2`, `parent > 0 AND parent = ?3 AND (state <> ?1 OR sent_at <> ?2)`, string(members), micros(a.SentAt), a.ID)
		return err
	})
	if code(err) != 0 {
		return explain("write", s.path, err)
	}
	return err
}

// Claim takes what is due on a channel to be sent.
func (s *Store) Claim(ctx context.Context, channel string, now time.Time, limit int) (claimed []statement.Alert, err error) {
	err = s.write(ctx, func(t *tx) error {
		claimed, err = rows(t, `UPDATE alerts SET state = 'sending' WHERE id IN (SELECT id FROM alerts INDEXED BY alerts_ready
				WHERE state = 'pending' AND parent = 0 AND digest = '' AND channel = ? AND next_attempt <= ? ORDER BY next_attempt, id LIMIT ?)
			RETURNING `+alertColumns, scanAlert, channel, micros(now), limit)
		return err
	})
	slices.SortFunc(claimed, func(a, b statement.Alert) int {
		return cmp.Or(a.NextAttempt.Compare(b.NextAttempt), cmp.Compare(a.ID, b.ID))
	})
	return claimed, err
}

// Unclaim makes what is being sent pending again.
func (s *Store) Unclaim(ctx context.Context, channel string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.change(`state = 'pending'`, `state = 'sending' AND (?1 = '' OR channel = ?1)`, channel)
		return err
	})
}

// PutOff moves what is due on a channel to another moment.
func (s *Store) PutOff(ctx context.Context, channel string, now, until time.Time, why string) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		n, err = t.change(`next_attempt = max(?1, ?4 + 1), last_error = ?2`, `state = 'pending' AND parent = 0 AND digest = '' AND channel = ?3 AND next_attempt <= ?4`,
			micros(until), why, channel, micros(now))
		return err
	})
	return n, err
}

// Expire ends what is pending beyond its lifetime.
func (s *Store) Expire(ctx context.Context, now time.Time) (n int, err error) {
	overdue := `state = 'pending' AND expires_at > 0 AND expires_at <= ?`
	some, err := one(ctx, s, scanNumber, `SELECT EXISTS (SELECT 1 FROM alerts WHERE `+overdue+`)`, micros(now))
	if err != nil || some == 0 {
		return 0, err
	}
	err = s.write(ctx, func(t *tx) error {
		n, err = t.change(`state = 'expired'`, overdue+` AND parent = 0`, micros(now))
		return err
	})
	return n, err
}

// DueChannels lists the channels with alerts that are due.
func (s *Store) DueChannels(ctx context.Context, now time.Time) ([]string, error) {
	return list(ctx, s, scanText, `SELECT DISTINCT channel FROM alerts WHERE state = 'pending' AND parent = 0 AND digest = '' AND next_attempt <= ?`, micros(now))
}

// Members lists alerts of a digest, the most important first.
func (s *Store) Members(ctx context.Context, parent int64, limit int) ([]statement.Alert, error) {
	if limit <= 0 {
		limit = -1
	}
	return list(ctx, s, scanAlert, `SELECT `+alertColumns+` FROM alerts WHERE parent > 0 AND parent = ? ORDER BY importance DESC, id DESC LIMIT ?`, parent, limit)
}

// Shares counts the alerts of a digest.
func (s *Store) Shares(ctx context.Context, parent int64) ([]statement.Share, error) {
	return list(ctx, s, func(row scanner) (sh statement.Share, err error) {
		return sh, row.Scan(&sh.Source, &sh.State, &sh.Count)
	},
		`SELECT a.source, ifnull(e.state, ''), count(*) AS n FROM alerts a LEFT JOIN events e ON e.id = a.event
			WHERE a.parent > 0 AND a.parent = ? GROUP BY 1, 2 ORDER BY n DESC, 1, 2`, parent)
}

// Stuck lists recipients whose alerts have waited long in spite of attempts.
func (s *Store) Stuck(ctx context.Context, before time.Time) ([]statement.Stuck, error) {
	return list(ctx, s, func(row scanner) (st statement.Stuck, err error) {
		var oldest int64
		err = row.Scan(&st.Channel, &st.Recipient, &st.Count, &oldest, &st.LastError)
		st.Oldest = instant(oldest)
		return st, err
	}, `SELECT channel, recipient, count(*), min(created_at), max(last_error) FROM alerts
		WHERE state = 'pending' AND parent = 0 AND digest = '' AND last_error <> '' AND created_at < ?
		GROUP BY channel, recipient HAVING sum(told) = 0 ORDER BY min(created_at)`, micros(before))
}

// NoteStuck notes that the operator knows of them.
func (s *Store) NoteStuck(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.change(`told = 1`, `told = 0 AND state = 'pending' AND parent = 0 AND digest = '' AND last_error <> '' AND created_at < ?`, micros(before))
		return err
	})
}

// Outages lists the channels that cannot be used.
func (s *Store) Outages(ctx context.Context) ([]statement.Outage, error) {
	return list(ctx, s, func(row scanner) (o statement.Outage, err error) {
		var since, next int64
		err = row.Scan(&o.Channel, &since, &o.Failures, &next, &o.Error, &o.Told)
		o.Since, o.NextTry = instant(since), instant(next)
		return o, err
	}, `SELECT channel, since, failures, next_try, error, told FROM outages ORDER BY channel`)
}

// SaveOutage records an outage, or its end.
func (s *Store) SaveOutage(ctx context.Context, o statement.Outage) error {
	return s.write(ctx, func(t *tx) (err error) {
		if o.Failures == 0 {
			_, err = t.exec(`DELETE FROM outages WHERE channel = ?`, o.Channel)
		} else {
			_, err = t.exec(`INSERT OR REPLACE INTO outages (channel, since, failures, next_try, error, told) VALUES (?,?,?,?,?,?)`,
				o.Channel, micros(o.Since), o.Failures, micros(o.NextTry), o.Error, o.Told)
		}
		return err
	})
}

func scanNumber(row scanner) (n int64, err error)   { return n, row.Scan(&n) }
func scanText(row scanner) (text string, err error) { return text, row.Scan(&text) }

// chunk is how many rows one statement changes. SQLite keeps what a statement
// has changed until it ends, in memory as temp_store has it: one that touched
// 100,000 alerts would take 150 MB.
const chunk = 1000

// change updates the alerts that fit a condition, which what is set must make
// false, and says how many they were.
func (t *tx) change(set, condition string, args ...any) (n int, err error) {
	query := `UPDATE alerts SET ` + set + ` WHERE id IN (SELECT id FROM alerts WHERE ` + condition + ` LIMIT ` + strconv.Itoa(chunk) + `)`
	for {
		changed, err := t.exec(query, args...)
		if err != nil {
			return n, err
		}
		some, err := changed.RowsAffected()
		if n += int(some); err != nil || some < chunk {
			return n, err
		}
	}
}
