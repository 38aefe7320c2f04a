package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"volteface/internal/statement"
)

// longestHold is by how much another process, which may wait longer for an
// answer, can hold a host longer than the one that asks.
const longestHold = time.Hour

const hostColumns = `name, holder, ended, pause, failures, failed_at, resume_at, reason, hour, spent, lied_at`

func scanHost(row scanner) (h statement.Host, err error) {
	var ended, pause, failed, resume, hour, lied int64
	err = row.Scan(&h.Name, &h.Holder, &ended, &pause, &h.Failures, &failed, &resume, &h.Reason, &hour, &h.Spent, &lied)
	h.Ended, h.Pause = instant(ended), time.Duration(pause)*time.Microsecond
	h.FailedAt, h.ResumeAt, h.Hour, h.LiedAt = instant(failed), instant(resume), instant(hour), instant(lied)
	return h, err
}

// HoldHost takes or renews the right to ask a host.
func (s *Store) HoldHost(ctx context.Context, name, holder, from string, now, until time.Time) (h statement.Host, held bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		h, held = statement.Host{Name: name}, false
		var end int64
		switch err := t.row(`SELECT held_until FROM hosts WHERE name = ?`, name).Scan(&end); {
		case errors.Is(err, sql.ErrNoRows):
			if _, err := t.exec(`INSERT INTO hosts (name) VALUES (?)`, name); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			if h, err = scanHost(t.row(`SELECT `+hostColumns+` FROM hosts WHERE name = ?`, name)); err != nil {
				return err
			}
		}
		if h.Holder != "" && h.Holder != holder && h.Holder != from && instant(end).After(now) {
			runs := instant(end)
			if overlong(runs, until.Add(longestHold)) {
				runs = until
			}
			_, err := t.exec(`UPDATE hosts SET wanted = 1, held_until = ? WHERE name = ?`, micros(runs), name)
			return err
		}
		held = true
		if h.Holder != holder { // whoever else waits asks again
			_, err := t.exec(`UPDATE hosts SET holder = ?, held_until = ?, wanted = 0 WHERE name = ?`, holder, micros(until), name)
			return err
		}
		_, err := t.exec(`UPDATE hosts SET held_until = ? WHERE name = ?`, micros(until), name)
		return err
	})
	return h, held, err
}

// HostWanted reports whether another process waits for the host.
func (s *Store) HostWanted(ctx context.Context, name string) (wanted bool, err error) {
	wanted, err = one(ctx, s, func(row scanner) (wanted bool, err error) { return wanted, row.Scan(&wanted) }, `SELECT wanted FROM hosts WHERE name = ?`, name)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return wanted, err
}

// PutHost records what is remembered of a host.
func (s *Store) PutHost(ctx context.Context, h statement.Host, holder string, release bool) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`INSERT INTO hosts (name, ended, pause, failures, failed_at, resume_at, reason, hour, spent, lied_at) VALUES (?,?,?,?,?,?,?,?,?,?)
			ON CONFLICT (name) DO UPDATE SET ended = excluded.ended, pause = excluded.pause, failures = excluded.failures, failed_at = excluded.failed_at,
				resume_at = excluded.resume_at, reason = excluded.reason, hour = excluded.hour, spent = excluded.spent, lied_at = excluded.lied_at`,
			h.Name, micros(h.Ended), h.Pause.Microseconds(), h.Failures, micros(h.FailedAt), micros(h.ResumeAt), h.Reason, micros(h.Hour), h.Spent, micros(h.LiedAt)); err != nil {
			return err
		}
		if !release {
			return nil
		}
		_, err := t.exec(`UPDATE hosts SET holder = '', held_until = 0, wanted = 0 WHERE name = ? AND holder = ?`, h.Name, holder)
		return err
	})
}

// Hosts lists every host that is left alone.
func (s *Store) Hosts(ctx context.Context, now time.Time) ([]statement.Host, error) {
	return list(ctx, s, scanHost, `SELECT `+hostColumns+` FROM hosts WHERE resume_at > ? ORDER BY name`, micros(now))
}

// Robots is the last copy of a robots.txt.
func (s *Store) Robots(ctx context.Context, origin string) (statement.RobotsCopy, error) {
	c, err := one(ctx, s, func(row scanner) (c statement.RobotsCopy, err error) {
		var at int64
		err = row.Scan(&c.Origin, &c.Body, &c.Status, &at)
		c.At = instant(at)
		return c, err
	}, `SELECT origin, body, status, at FROM robots WHERE origin = ?`, origin)
	return c, absent(err, "robots.txt of %s", origin)
}

// PutRobots keeps a copy of a robots.txt.
func (s *Store) PutRobots(ctx context.Context, c statement.RobotsCopy) error {
	if c.Body == nil {
		c.Body = []byte{}
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT OR REPLACE INTO robots (origin, body, status, at) VALUES (?,?,?,?)`, c.Origin, c.Body, c.Status, micros(c.At))
		return err
	})
}
