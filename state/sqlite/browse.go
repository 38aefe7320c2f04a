package sqlite

import (
	"context"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// EventsThat lists events that fit, the newest first.
func (s *Store) EventsThat(ctx context.Context, f state.EventFilter) ([]statement.Event, error) {
	query := `SELECT ` + eventColumns + ` FROM events WHERE true`
	var args []any
	with := func(condition string, values ...any) {
		query += ` AND ` + condition
		args = append(args, values...)
	}
	if f.Statement != "" {
		with(`statement = ?`, f.Statement)
	}
	if len(f.Sources) > 0 {
		with(among("source", len(f.Sources)), arguments(f.Sources)...)
	}
	if len(f.States) > 0 {
		with(among("state", len(f.States)), arguments(f.States)...)
	}
	if len(f.Classes) > 0 {
		with(among("class", len(f.Classes)), arguments(f.Classes)...)
	}
	if f.Importance > 0 {
		with(`importance >= ?`, f.Importance)
	}
	if !f.Since.IsZero() {
		with(`at >= ?`, micros(f.Since))
	}
	if !f.Until.IsZero() {
		with(`at < ?`, micros(f.Until))
	}
	if f.NoBaseline {
		with(`baseline = 0`)
	}
	if f.Before > 0 {
		with(`id < ?`, f.Before)
	}
	query += ` ORDER BY id DESC`
	if f.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, f.Limit)
	}
	return list(ctx, s, scanEvent, query, args...)
}

// monthly counts by month. Each part gives the month and in which of its columns it counts.
const monthly = `SELECT month, sum(kind = 0), sum(kind = 1), sum(kind = 2), sum(kind = 3), sum(kind = 4) FROM (
	SELECT strftime('%Y-%m-01', s.sort_at / 1000000, 'unixepoch') AS month, 0 AS kind FROM statements s WHERE s.source IN (SELECT value FROM json_each(?1)) AND s.sort_at >= ?2
	UNION ALL SELECT strftime('%Y-%m-01', e.at / 1000000, 'unixepoch'), 1 FROM edits e JOIN statements s ON s.id = e.statement
		WHERE s.source IN (SELECT value FROM json_each(?1)) AND e.at >= ?2 AND e.class <> '` + string(statement.ClassNone) + `'
	UNION ALL SELECT strftime('%Y-%m-01', s.removed_at / 1000000, 'unixepoch'), 2 FROM statements s INDEXED BY statements_missing
		WHERE s.missing_since > 0 AND s.removed_at > 0 AND s.source IN (SELECT value FROM json_each(?1)) AND s.removed_at >= ?2
	UNION ALL SELECT strftime('%Y-%m-01', said / 1000000, 'unixepoch'), iif(payload ->> '$.verdict' = '` + string(statement.VerdictSoftening) + `', 4, 3) FROM reversals
		WHERE source IN (SELECT value FROM json_each(?1)) AND said >= ?2 AND level IN ('alert', 'review') AND decision <> 'dismissed' AND replaced = '' AND dropped_at = 0)
	GROUP BY month ORDER BY month`

// Months counts what happened to some sources by month.
func (s *Store) Months(ctx context.Context, sources []string, since time.Time) ([]state.Month, error) {
	if len(sources) == 0 {
		return nil, nil
	}
	packed := arguments(append([]string{""}, sources...)) // always in JSON
	return list(ctx, s, func(row scanner) (m state.Month, err error) {
		var start string
		if err = row.Scan(&start, &m.Statements, &m.Edits, &m.Removals, &m.Reversals, &m.Softenings); err == nil {
			m.Start, err = time.Parse(time.DateOnly, start)
		}
		return m, err
	}, monthly, packed[0], micros(since))
}

// paused are the sources that are paused at ?1.
const paused = `SELECT source FROM pauses WHERE until = 0 OR until > ?1`

// Pauses lists the sources that are paused at a moment.
func (s *Store) Pauses(ctx context.Context, now time.Time) ([]state.Pause, error) {
	return list(ctx, s, func(row scanner) (p state.Pause, err error) {
		var since, until int64
		err = row.Scan(&p.Source, &since, &until, &p.By, &p.Reason)
		p.Since, p.Until = instant(since), instant(until)
		return p, err
	}, `SELECT source, since, until, by, reason FROM pauses WHERE source IN (`+paused+`) ORDER BY source`, micros(now))
}

func (t *tx) PutPause(p state.Pause) error {
	_, err := t.exec(`INSERT OR REPLACE INTO pauses (source, since, until, by, reason) VALUES (?,?,?,?,?)`, p.Source, micros(p.Since), micros(p.Until), p.By, p.Reason)
	return err
}

func (t *tx) DropPause(source string) error {
	_, err := t.exec(`DELETE FROM pauses WHERE source = ?`, source)
	return err
}
