package sqlite

import (
	"context"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const planColumns = `source, next_visit, definition, retired_at, fault_told, silent_told`

func scanPlan(row scanner) (p state.Plan, err error) {
	var next, retired, fault, silent int64
	err = row.Scan(&p.Source, &next, &p.Definition, &retired, &fault, &silent)
	p.NextVisit, p.RetiredAt, p.FaultTold, p.SilentTold = instant(next), instant(retired), instant(fault), instant(silent)
	return p, err
}

// Plans lists what is planned for every source.
func (s *Store) Plans(ctx context.Context) ([]state.Plan, error) {
	return list(ctx, s, scanPlan, `SELECT `+planColumns+` FROM plans ORDER BY next_visit, source`)
}

// dueChecks gives each source with something due, the longest due first. The
// index named holds all it reads, and only as much as is due is read; by itself
// SQLite walks through every source.
const dueChecks = `SELECT source FROM statements INDEXED BY statements_next_check
	WHERE next_check > 0 AND next_check <= ?1 AND source NOT IN (SELECT source FROM plans WHERE retired_at > 0) AND source NOT IN (` + paused + `)
	GROUP BY source ORDER BY min(next_check), source`

// nextDue is the earliest moment after ?1 among all that waits.
const nextDue = `SELECT ifnull(min(at), 0) FROM (
	SELECT min(next_visit) AS at FROM plans WHERE next_visit > ?1 AND retired_at = 0
	UNION ALL SELECT min(next_check) FROM statements INDEXED BY statements_next_check WHERE next_check > 0 AND next_check > ?1
	UNION ALL SELECT min(until) FROM pauses WHERE until > ?1
	UNION ALL SELECT min(next_at) FROM backfills WHERE next_at > ?1
	UNION ALL SELECT min(next_attempt) FROM alerts WHERE state = 'pending' AND parent = 0 AND next_attempt > ?1)`

// Due lists what is due at or before now.
func (s *Store) Due(ctx context.Context, now time.Time) (due state.Due, err error) {
	at := micros(now)
	if due.Visits, err = list(ctx, s, scanPlan, `SELECT `+planColumns+` FROM plans
		WHERE next_visit BETWEEN 1 AND ?1 AND retired_at = 0 AND source NOT IN (`+paused+`) ORDER BY next_visit, source`, at); err != nil {
		return due, err
	}
	name := func(row scanner) (source string, err error) { return source, row.Scan(&source) }
	if due.Checks, err = list(ctx, s, name, dueChecks, at); err != nil {
		return due, err
	}
	if due.Backfills, err = list(ctx, s, name, `SELECT source FROM backfills WHERE next_at BETWEEN 1 AND ? ORDER BY next_at, source`, at); err != nil {
		return due, err
	}
	waiting, err := one(ctx, s, scanNumber, `SELECT EXISTS (SELECT 1 FROM alerts WHERE state = 'pending' AND parent = 0 AND next_attempt <= ?)`, at)
	if err != nil {
		return due, err
	}
	due.Alerts = waiting > 0
	next, err := one(ctx, s, scanNumber, nextDue, at)
	due.Next = instant(next)
	return due, err
}

// Activity sums up the visits since a day.
func (s *Store) Activity(ctx context.Context, since time.Time) ([]state.Activity, error) {
	return list(ctx, s, func(row scanner) (a state.Activity, err error) {
		var at int64
		err = row.Scan(&a.Source, &at, &a.Visits, &a.Failed, &a.New, &a.Changed, &a.Missing, &a.Errors, &a.Requests)
		a.Day = time.UnixMicro(at).UTC()
		return a, err
	}, `SELECT source, day, visits, failed, new, changed, missing, errors, requests FROM days WHERE day >= ? ORDER BY day, source`,
		micros(midnight(since)))
}

func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Skips lists the visits that have not been made.
func (s *Store) Skips(ctx context.Context, since time.Time) ([]state.Skip, error) {
	return list(ctx, s, func(row scanner) (k state.Skip, err error) {
		var first, last int64
		err = row.Scan(&k.Source, &first, &last, &k.Count, &k.Reason)
		k.First, k.Last = instant(first), instant(last)
		return k, err
	}, `SELECT source, first_at, last_at, count, reason FROM skips WHERE last_at >= ? ORDER BY row`, micros(since))
}

// Notice reads a notice to the operator.
func (s *Store) Notice(ctx context.Context, id int64) (statement.Notice, error) {
	n, err := one(ctx, s, func(row scanner) (n statement.Notice, err error) {
		var at int64
		err = row.Scan(&n.ID, &at, &n.Subject, &n.Text)
		n.At = instant(at)
		return n, err
	}, `SELECT id, at, subject, text FROM notices WHERE id = ?`, id)
	return n, absent(err, "notice %d", id)
}

func (t *tx) Plan(source string) (state.Plan, error) {
	p, err := scanPlan(t.row(`SELECT `+planColumns+` FROM plans WHERE source = ?`, source))
	return p, absent(err, "plan of %s", source)
}

func (t *tx) PutPlan(p state.Plan) error {
	_, err := t.exec(`INSERT OR REPLACE INTO plans (`+planColumns+`) VALUES (?,?,?,?,?,?)`,
		p.Source, micros(p.NextVisit), p.Definition, micros(p.RetiredAt), micros(p.FaultTold), micros(p.SilentTold))
	return err
}

func (t *tx) DropPlan(source string) error {
	_, err := t.exec(`DELETE FROM plans WHERE source = ?`, source)
	return err
}

func (t *tx) AddNotice(n statement.Notice) (int64, error) {
	put, err := t.exec(`INSERT INTO notices (at, subject, text) VALUES (?,?,?)`, micros(n.At), n.Subject, n.Text)
	if err != nil {
		return 0, err
	}
	return put.LastInsertId()
}

func (t *tx) PutSkip(k state.Skip) error {
	_, err := t.exec(`INSERT INTO skips (source, first_at, last_at, count, reason) VALUES (?,?,?,?,?)`,
		k.Source, micros(k.First), micros(k.Last), k.Count, k.Reason)
	return err
}

// PutVisit records a visit and counts it for its day.
func (t *tx) PutVisit(v statement.Visit) (id int64, err error) {
	var number any
	began, ended, failed := 0, 0, 0
	if v.ID != 0 {
		number = v.ID
	} else {
		began = 1
	}
	if !v.EndedAt.IsZero() {
		ended = 1
		if v.Fault != "" {
			failed = 1
		}
	}
	put, err := t.exec(`INSERT OR REPLACE INTO visits (id, source, started_at, ended_at, new, changed, unchanged, missing, errors, requests, fault, due)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`, number, v.Source, micros(v.StartedAt), micros(v.EndedAt), v.New, v.Changed, v.Unchanged, v.Gone, v.Errored,
		v.Requests, v.Fault, micros(v.Due))
	if err != nil {
		return 0, err
	}
	if id, err = put.LastInsertId(); err != nil {
		return 0, err
	}
	_, err = t.exec(`INSERT INTO days (day, source, visits, failed, new, changed, missing, errors, requests) VALUES (?1,?2,?3,?5,?4*?6,?4*?7,?4*?8,?4*?9,?4*?10)
		ON CONFLICT (day, source) DO UPDATE SET visits = visits + excluded.visits, failed = failed + excluded.failed, new = new + excluded.new,
		changed = changed + excluded.changed, missing = missing + excluded.missing, errors = errors + excluded.errors, requests = requests + excluded.requests`,
		micros(midnight(v.StartedAt)), v.Source, began, ended, failed, v.New, v.Changed, v.Gone, v.Errored, v.Requests)
	return id, err
}
