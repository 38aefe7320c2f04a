package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// collect reads every row of a query.
func collect[T any](ctx context.Context, st *sql.Stmt, scan func(scanner) (T, error), args ...any) (all []T, err error) {
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func list[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return nil, explain("read", s.path, err)
	}
	all, err := collect(ctx, st, scan, args...)
	return all, explain("read", s.path, err)
}

func one[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	st, err := s.prepare(ctx, query)
	if err != nil {
		var none T
		return none, explain("read", s.path, err)
	}
	found, err := scan(st.QueryRowContext(ctx, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return found, err // which word stands for it the caller knows
	}
	return found, explain("read", s.path, err)
}

// Update runs fn in one write transaction.
func (s *Store) Update(ctx context.Context, fn func(state.Tx) error) error {
	return s.write(ctx, func(t *tx) error { return fn(t) })
}

func (s *Store) write(ctx context.Context, fn func(*tx) error) error {
	err := s.writer.transaction(ctx, fn)
	if code(err) != 0 {
		return explain("write", s.path, err)
	}
	return err // the caller's own, as it is
}

// Statement finds a statement by its identifier or an unambiguous beginning.
func (s *Store) Statement(ctx context.Context, id string) (statement.Statement, error) {
	// Identifiers are ASCII, so all that begin with id lie before id + "~".
	found, err := list(ctx, s, scanStatement, `SELECT `+statementColumns+` FROM statements s WHERE s.id >= ? AND s.id < ? ORDER BY s.id LIMIT 2`, id, id+"~")
	switch {
	case err != nil:
		return statement.Statement{}, err
	case len(found) == 0 || id == "":
		return statement.Statement{}, fmt.Errorf("statement %q: %w", id, statement.ErrNotFound)
	case len(found) > 1 && found[0].ID != id:
		return statement.Statement{}, fmt.Errorf("%q: %w", id, state.ErrAmbiguous)
	}
	return found[0], nil
}

// ByKey finds a statement by any key it is known under in the source.
func (s *Store) ByKey(ctx context.Context, source, key string) (statement.Statement, error) {
	st, err := one(ctx, s, scanStatement, byKeyQuery, source, key)
	return st, absent(err, "statement at %s", key)
}

// Known tells which of the keys the source knows.
func (s *Store) Known(ctx context.Context, source string, keys []string) (map[string]bool, error) {
	known := make(map[string]bool, len(keys))
	if len(keys) == 0 {
		return known, nil
	}
	found, err := list(ctx, s, func(row scanner) (key string, err error) { return key, row.Scan(&key) },
		`SELECT key FROM aliases a WHERE source = ? AND `+among("key", len(keys))+`
		AND (SELECT path FROM statements WHERE id = a.statement) NOT IN ('`+string(statement.ByImport)+`', '`+string(statement.ByArchive)+`')`,
		append([]any{source}, arguments(keys)...)...)
	for _, key := range found {
		known[key] = true
	}
	return known, err
}

// Statements lists what fits the filter.
func (s *Store) Statements(ctx context.Context, f state.Filter) iter.Seq2[statement.Statement, error] {
	query := `SELECT ` + statementColumns + ` FROM statements s`
	if f.Missing {
		query += ` INDEXED BY statements_missing` // few are; by itself SQLite reads all in their order
	} else if f.Absent {
		query += ` INDEXED BY statements_absent`
	}
	query += ` WHERE true`
	var args []any
	if len(f.Sources) > 0 {
		query += ` AND ` + among("s.source", len(f.Sources))
		args = append(args, arguments(f.Sources)...)
	}
	if !f.Since.IsZero() {
		query += ` AND s.sort_at >= ?`
		args = append(args, micros(f.Since))
	}
	if !f.Until.IsZero() {
		query += ` AND s.sort_at < ?`
		args = append(args, micros(f.Until))
	}
	if !f.DueBefore.IsZero() {
		query += ` AND s.next_check BETWEEN 1 AND ?`
		args = append(args, micros(f.DueBefore))
	}
	if f.Missing {
		query += ` AND s.missing_since > 0`
	}
	if f.Absent {
		query += ` AND s.absent_since > 0`
	}
	if !f.NotListedAt.IsZero() {
		query += ` AND s.listed_at BETWEEN 1 AND ?`
		args = append(args, micros(f.NotListedAt)-1)
	}
	if len(f.Languages) > 0 {
		query += ` AND ` + among("substr(s.language, 1, instr(s.language || '-', '-') - 1)", len(f.Languages))
		args = append(args, arguments(f.Languages)...)
	}
	if f.After.ID != "" { // the first condition is for the index
		query += ` AND s.sort_at <= ? AND (s.sort_at, s.row) < (?, (SELECT row FROM statements WHERE id = ?))`
		args = append(args, micros(f.After.At), micros(f.After.At), f.After.ID)
	}
	if f.OldestCheck {
		query += ` ORDER BY s.next_check, s.row`
	} else {
		query += ` ORDER BY s.sort_at DESC, s.row DESC`
	}
	if f.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, f.Limit)
	}
	return func(yield func(statement.Statement, error) bool) {
		st, err := s.prepare(ctx, query)
		if err != nil {
			yield(statement.Statement{}, explain("read", s.path, err))
			return
		}
		rows, err := st.QueryContext(ctx, args...)
		if err != nil {
			yield(statement.Statement{}, explain("read", s.path, err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			one, err := scanStatement(rows)
			if !yield(one, explain("read", s.path, err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(statement.Statement{}, explain("read", s.path, err))
		}
	}
}

// among is the condition that a column is one of n values. From two on they go
// in as one JSON array, so that there are two forms to prepare and no limit to
// how many (arguments gives them).
func among(column string, n int) string {
	if n == 1 {
		return column + ` = ?`
	}
	return column + ` IN (SELECT value FROM json_each(?))`
}

func arguments[T ~string | ~int64](values []T) []any {
	if len(values) == 1 {
		return []any{values[0]}
	}
	packed, err := json.Marshal(values)
	if err != nil { // strings and numbers always can be
		panic(err)
	}
	return []any{string(packed)}
}

// Revisions lists a statement's revisions, oldest first.
func (s *Store) Revisions(ctx context.Context, id string) ([]statement.Revision, error) {
	return list(ctx, s, scanRevision, `SELECT `+revisionColumns+` FROM revisions WHERE statement = ? ORDER BY n`, id)
}

// Revision reads one; n = 0 is the current one.
func (s *Store) Revision(ctx context.Context, id string, n int) (r statement.Revision, err error) {
	if n == 0 {
		r, err = one(ctx, s, scanRevision, currentQuery, id)
	} else {
		r, err = one(ctx, s, scanRevision, revisionQuery, id, n)
	}
	return r, absent(err, "revision %d of %s", n, id)
}

// Snapshots lists the captures kept of a statement, oldest first.
func (s *Store) Snapshots(ctx context.Context, id string) ([]statement.Snapshot, error) {
	return list(ctx, s, scanSnapshot, `SELECT `+snapshotColumns+` FROM snapshots WHERE statement = ? ORDER BY fetched_at, sha256`, id)
}

// Edits lists the steps between a statement's revisions, oldest first.
func (s *Store) Edits(ctx context.Context, id string) ([]statement.Edit, error) {
	return list(ctx, s, scanEdit, `SELECT `+editColumns+` FROM edits WHERE statement = ? ORDER BY to_n`, id)
}

// Aliases lists every key a statement is known under.
func (s *Store) Aliases(ctx context.Context, id string) ([]state.Alias, error) {
	return list(ctx, s, scanAlias, `SELECT `+aliasColumns+` FROM aliases WHERE statement = ?1
		UNION ALL SELECT source, key, statement, '`+string(state.AliasCandidate)+`', since FROM candidates WHERE statement = ?1 ORDER BY since, key`, id)
}

// Events lists events after the given one, oldest first.
func (s *Store) Events(ctx context.Context, after int64, limit int) ([]statement.Event, error) {
	if limit <= 0 {
		limit = -1
	}
	return list(ctx, s, scanEvent, `SELECT `+eventColumns+` FROM events WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
}

// Event reads one event.
func (s *Store) Event(ctx context.Context, id int64) (statement.Event, error) {
	e, err := one(ctx, s, scanEvent, `SELECT `+eventColumns+` FROM events WHERE id = ?`, id)
	return e, absent(err, "event %d", id)
}

// Found lists what listings named and nobody has read yet, oldest first.
func (s *Store) Found(ctx context.Context, source string, due time.Time) ([]state.Found, error) {
	return list(ctx, s, scanFound, `SELECT `+foundColumns+` FROM found WHERE source = ? AND next_try <= ? ORDER BY sort_at, found_at, row`, source, micros(due))
}

// Batch is what is remembered of an imported batch.
func (s *Store) Batch(ctx context.Context, id string) (state.Batch, error) {
	b, err := one(ctx, s, func(row scanner) (b state.Batch, err error) {
		var at int64
		err = row.Scan(&b.ID, &at, &b.Lines, &b.New)
		b.At = instant(at)
		return b, err
	}, `SELECT id, at, lines, new FROM batches WHERE id = ?`, id)
	return b, absent(err, "batch %.12s", id)
}

// SourceStatus is what is remembered of a source.
func (s *Store) SourceStatus(ctx context.Context, source string) (statement.SourceStatus, error) {
	status, err := one(ctx, s, scanStatus, statusQuery, source)
	if errors.Is(err, sql.ErrNoRows) {
		status, err = statement.SourceStatus{Source: source}, nil
	}
	if err != nil {
		return status, err
	}
	_, err = one(ctx, s, func(row scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&status.Statements, &status.Missing, &status.Flickering)
	},
		`SELECT (SELECT count(*) FROM statements WHERE source = ?1), (SELECT count(*) FROM statements WHERE source = ?1 AND missing_since > 0),
			(SELECT count(*) FROM edits e JOIN statements s ON s.id = e.statement AND s.revision = e.to_n WHERE e.flicker > 0 AND s.source = ?1)`, source)
	return status, err
}

// SourceStatuses is what is remembered of every source.
func (s *Store) SourceStatuses(ctx context.Context) ([]statement.SourceStatus, error) {
	all, err := list(ctx, s, scanStatus, `SELECT `+statusColumns+` FROM sources`)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(all))
	for i := range all {
		at[all[i].Source] = i
	}
	type count struct {
		source string
		n      int
	}
	scan := func(row scanner) (c count, err error) { return c, row.Scan(&c.source, &c.n) }
	counts, err := list(ctx, s, scan, `SELECT source, count(*) FROM statements INDEXED BY statements_of_source GROUP BY source`)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		if _, known := at[c.source]; !known {
			at[c.source] = len(all)
			all = append(all, statement.SourceStatus{Source: c.source})
		}
		all[at[c.source]].Statements = c.n
	}
	for query, to := range map[string]func(*statement.SourceStatus) *int{
		`SELECT source, count(*) FROM statements INDEXED BY statements_missing WHERE missing_since > 0 GROUP BY source`:                                func(s *statement.SourceStatus) *int { return &s.Missing },
		`SELECT s.source, count(*) FROM edits e JOIN statements s ON s.id = e.statement AND s.revision = e.to_n WHERE e.flicker > 0 GROUP BY s.source`: func(s *statement.SourceStatus) *int { return &s.Flickering },
	} {
		counts, err := list(ctx, s, scan, query)
		if err != nil {
			return nil, err
		}
		for _, c := range counts {
			*to(&all[at[c.source]]) = c.n
		}
	}
	slices.SortFunc(all, func(a, b statement.SourceStatus) int { return strings.Compare(a.Source, b.Source) })
	return all, nil
}

// Lease takes or renews the right to visit a source.
func (s *Store) Lease(ctx context.Context, source, holder string, now, until time.Time) error {
	return s.lease(ctx, source, holder, until, func(current *state.LeasedError) bool {
		return current.Holder == holder || !current.Until.After(now)
	})
}

// overlong reports whether a right that runs until a moment was taken while the
// clock was ahead, as one that is taken now runs until another. It is then cut
// to that: a holder that lives renews it long before.
func overlong(held, until time.Time) bool { return held.After(until.Add(statement.ClockSlack)) }

// TakeOver takes the lease from a holder known to be dead.
func (s *Store) TakeOver(ctx context.Context, source, holder, from string, until time.Time) error {
	return s.lease(ctx, source, holder, until, func(current *state.LeasedError) bool { return current.Holder == from || current.Holder == holder })
}

func (s *Store) lease(ctx context.Context, source, holder string, until time.Time, free func(*state.LeasedError) bool) error {
	var leased *state.LeasedError
	err := s.write(ctx, func(t *tx) error {
		current := &state.LeasedError{Source: source}
		var end int64
		switch err := t.row(`SELECT holder, until FROM leases WHERE source = ?`, source).Scan(&current.Holder, &end); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		default:
			current.Until = instant(end)
			if !free(current) {
				leased = current
				if overlong(current.Until, until) {
					current.Until = until
					_, err := t.exec(`UPDATE leases SET until = ? WHERE source = ?`, micros(until), source)
					return err
				}
				return nil
			}
		}
		_, err := t.exec(`INSERT OR REPLACE INTO leases (source, holder, until) VALUES (?,?,?)`, source, holder, micros(until))
		return err
	})
	if err == nil && leased != nil {
		return leased
	}
	return err
}

// Release gives a lease back.
func (s *Store) Release(ctx context.Context, source, holder string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM leases WHERE source = ? AND holder = ?`, source, holder)
		return err
	})
}
