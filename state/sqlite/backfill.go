package sqlite

import (
	"context"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const (
	backfillColumns = `source, since, budget, memento, replay, place, walked, pages, read, oldest, day, spent, failures, note, next_at, started_at, ended_at, stopped_at`
	itemColumns     = `source, address, url, title, published, published_raw, dated, attempts, next_try, last_error`
)

func scanBackfill(row scanner) (b state.Backfill, err error) {
	var since, oldest, day, next, started, ended, stopped int64
	err = row.Scan(&b.Source, &since, &b.Budget, &b.Memento, &b.Replay, &b.Place, &b.Walked, &b.Pages, &b.Read, &oldest, &day, &b.Spent, &b.Failures, &b.Note, &next, &started, &ended, &stopped)
	b.Since, b.Oldest, b.Day, b.NextAt = instant(since), instant(oldest), instant(day), instant(next)
	b.StartedAt, b.EndedAt, b.StoppedAt = instant(started), instant(ended), instant(stopped)
	return b, err
}

func scanItem(row scanner) (i state.BackfillItem, err error) {
	var published, raw string
	var dated, next int64
	err = row.Scan(&i.Source, &i.Address, &i.URL, &i.Title, &published, &raw, &dated, &i.Attempts, &next, &i.LastError)
	i.Published, i.Dated, i.NextTry = statement.ParseDate(published, raw), instant(dated), instant(next)
	return i, err
}

// Backfills lists every backfill.
func (s *Store) Backfills(ctx context.Context) ([]state.Backfill, error) {
	return list(ctx, s, scanBackfill, `SELECT `+backfillColumns+` FROM backfills ORDER BY source`)
}

// Backfill is that of a source.
func (s *Store) Backfill(ctx context.Context, source string) (state.Backfill, error) {
	b, err := one(ctx, s, scanBackfill, `SELECT `+backfillColumns+` FROM backfills WHERE source = ?`, source)
	return b, absent(err, "backfill of %s", source)
}

// BackfillItems lists items of a source that are due.
func (s *Store) BackfillItems(ctx context.Context, source string, now time.Time, limit int) ([]state.BackfillItem, error) {
	return list(ctx, s, scanItem, `SELECT `+itemColumns+` FROM backfill_items WHERE source = ? AND next_try BETWEEN 1 AND ? ORDER BY dated DESC, published DESC, row LIMIT ?`, source, micros(now), limit)
}

// BackfillWaits is when the next item of a source is due.
func (s *Store) BackfillWaits(ctx context.Context, source string) (time.Time, error) {
	at, err := one(ctx, s, scanNumber, `SELECT ifnull(min(next_try), 0) FROM backfill_items WHERE source = ? AND next_try > 0`, source)
	return instant(at), err
}

// Coverage counts statements and what is left of a backfill by month.
func (s *Store) Coverage(ctx context.Context, source string) ([]state.Coverage, error) {
	return list(ctx, s, func(row scanner) (c state.Coverage, err error) {
		return c, row.Scan(&c.Month, &c.Statements, &c.Waiting, &c.Failed)
	}, `SELECT month, sum(kept), sum(waiting), sum(failed) FROM (
		SELECT CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*' THEN substr(published, 1, 7) ELSE '' END AS month, 1 AS kept, 0 AS waiting, 0 AS failed
			FROM statements WHERE source = ?1
		UNION ALL SELECT CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*' THEN substr(published, 1, 7) ELSE '' END, 0, next_try > 0, next_try = 0
			FROM backfill_items WHERE source = ?1)
		GROUP BY month ORDER BY month`, source)
}

func (t *tx) Backfill(source string) (state.Backfill, error) {
	all, err := rows(t, `SELECT `+backfillColumns+` FROM backfills WHERE source = ?`, scanBackfill, source)
	if err == nil && len(all) == 0 {
		err = statement.ErrNotFound
	}
	if err != nil {
		return state.Backfill{}, err
	}
	return all[0], nil
}

func (t *tx) PutBackfill(b state.Backfill) error {
	_, err := t.exec(`INSERT OR REPLACE INTO backfills (`+backfillColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		b.Source, micros(b.Since), b.Budget, b.Memento, b.Replay, b.Place, b.Walked, b.Pages, b.Read, micros(b.Oldest), micros(b.Day), b.Spent, b.Failures, b.Note,
		micros(b.NextAt), micros(b.StartedAt), micros(b.EndedAt), micros(b.StoppedAt))
	return err
}

func (t *tx) DropBackfill(source string) error {
	if _, err := t.exec(`DELETE FROM backfill_items WHERE source = ?`, source); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM backfills WHERE source = ?`, source)
	return err
}

func (t *tx) AddBackfillItem(i state.BackfillItem) error { return t.item(`INSERT OR IGNORE`, i) }

func (t *tx) PutBackfillItem(i state.BackfillItem) error { return t.item(`INSERT OR REPLACE`, i) }

func (t *tx) item(how string, i state.BackfillItem) error {
	_, err := t.exec(how+` INTO backfill_items (`+itemColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		i.Source, i.Address, i.URL, i.Title, shown(i.Published), i.Published.Raw, micros(i.Dated), i.Attempts, micros(i.NextTry), i.LastError)
	return err
}

func (t *tx) DropBackfillItem(source, address string) error {
	_, err := t.exec(`DELETE FROM backfill_items WHERE source = ? AND address = ?`, source, address)
	return err
}

func (t *tx) OldestRevision(id string) (statement.Revision, error) {
	all, err := rows(t, `SELECT `+revisionColumns+` FROM revisions WHERE statement = ? ORDER BY n LIMIT 1`, scanRevision, id)
	if err == nil && len(all) == 0 {
		err = statement.ErrNotFound
	}
	if err != nil {
		return statement.Revision{}, err
	}
	return all[0], nil
}
