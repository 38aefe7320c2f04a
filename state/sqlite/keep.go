package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"volteface/internal/platform"
	"volteface/internal/statement"
	"volteface/state"
)

const archivedQuery = `SELECT sha256, max(size), min(statement), min(sign) FROM (
	SELECT sha256, size, statement, 0 AS sign FROM snapshots UNION ALL SELECT snapshot, 0, statement, 0 FROM revisions WHERE snapshot <> ''
	UNION ALL SELECT sha256, 0, statement, 1 FROM signs WHERE sha256 <> ''
	UNION ALL SELECT body_hash, 0, statement, 1 FROM troubles WHERE kind = 'unreadable' AND body_hash <> '')
	GROUP BY sha256 ORDER BY sha256`

// ArchivedIn lists what a database that nobody writes refers to, such as one in
// a backup, without changing a byte of it.
func ArchivedIn(ctx context.Context, path string) iter.Seq2[state.Archived, error] {
	return func(yield func(state.Archived, error) bool) {
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?mode=ro&immutable=1")
		if err != nil {
			yield(state.Archived{}, explain("open", path, err))
			return
		}
		defer db.Close()
		(&Store{path: path, read: db}).Archived(ctx)(yield)
	}
}

// Archived lists the archived bytes that the records refer to.
func (s *Store) Archived(ctx context.Context) iter.Seq2[state.Archived, error] {
	return func(yield func(state.Archived, error) bool) {
		rows, err := s.read.QueryContext(ctx, archivedQuery)
		if err != nil {
			yield(state.Archived{}, explain("read", s.path, err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var a state.Archived
			if err = rows.Scan(&a.SHA256, &a.Size, &a.Statement, &a.Sign); err != nil || !yield(a, nil) {
				break
			}
		}
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			yield(state.Archived{}, explain("read", s.path, err))
		}
	}
}

// disagreements are queries whose every row is a fault, and what it is.
var disagreements = []struct{ fault, query string }{
	{"statement %s has no revision %s", `SELECT id, revision FROM statements s WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE statement = s.id AND n = s.revision)`},
	{"statement %s and its revision %s have different hashes", `SELECT s.id, s.revision FROM statements s JOIN revisions r ON r.statement = s.id AND r.n = s.revision WHERE r.hash <> s.text_hash`},
	{"statement %s: its revisions are not numbered without gaps up to %s", `SELECT statement, max(n) FROM revisions GROUP BY statement
		HAVING max(n) < 1 OR sum(n > 0) <> max(n) OR sum(n < 0) <> -min(0, min(n)) OR sum(n = 0) > 0`},
	{"statement %s: revision %s was made from bytes that are not recorded", `SELECT statement, n FROM revisions r WHERE NOT EXISTS (SELECT 1 FROM snapshots WHERE statement = r.statement AND sha256 = r.snapshot)`},
	{"statement %s: an edit leads to revision %s, which is not there", `SELECT statement, to_n FROM edits e WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE statement = e.statement AND n = e.to_n)`},
	{"statement %s is known under no address (%s)", `SELECT id, url FROM statements s WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE statement = s.id)`},
	{"the database refers to a missing row of %s from %s", `SELECT parent, "table" FROM pragma_foreign_key_check`},
}

// Faults checks that the records agree among themselves.
func (s *Store) Faults(ctx context.Context, report func(string)) error {
	damage, err := list(ctx, s, func(row scanner) (text string, err error) { return text, row.Scan(&text) }, `SELECT integrity_check FROM pragma_integrity_check`)
	if err != nil {
		return err
	}
	for _, text := range damage {
		if text != "ok" {
			report("the database is damaged: " + text)
		}
	}
	for _, d := range disagreements {
		found, err := list(ctx, s, func(row scanner) (pair [2]string, err error) { return pair, row.Scan(&pair[0], &pair[1]) }, d.query)
		if err != nil {
			return err
		}
		for _, pair := range found {
			report(fmt.Sprintf(d.fault, pair[0], pair[1]))
		}
	}
	rows, err := s.read.QueryContext(ctx, `SELECT `+revisionColumns+` FROM revisions`)
	if err != nil {
		return explain("read", s.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRevision(rows)
		if err != nil {
			return explain("read", s.path, err)
		}
		doc := statement.Document{Title: r.Title, Body: r.Body, Published: r.Published, Updated: r.Updated}
		if doc.TextHash() != r.Hash {
			report(fmt.Sprintf("statement %s: the text of revision %d does not match its hash", r.Statement, r.N))
		}
	}
	return explain("read", s.path, rows.Err())
}

// forgettable are snapshots fetched before ?1 that may go: no revision was made
// from them, they are not the newest of their statement, and they did not come
// from an imported archive.
const forgettable = ` FROM snapshots WHERE fetched_at < ?1 AND status > 0
	AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.statement = snapshots.statement AND r.snapshot = snapshots.sha256)
	AND sha256 <> (SELECT capture_hash FROM statements WHERE id = snapshots.statement)`

// released are the bytes that only forgettable snapshots refer to.
const released = `SELECT DISTINCT sha256` + forgettable + ` AND sha256 NOT IN (SELECT snapshot FROM revisions)
	AND sha256 NOT IN (SELECT sha256 FROM signs)
	AND sha256 NOT IN (SELECT sha256 FROM snapshots WHERE (statement, sha256, locator) NOT IN (SELECT statement, sha256, locator` + forgettable + `))`

// shownDays is how long the sums of days are kept in any case: the sparklines
// and the weekly mail are made of them.
const shownDays = 31 * 24 * time.Hour

// Forget removes what has grown old.
func (s *Store) Forget(ctx context.Context, r state.Retention, dry bool) (count state.Forgotten, err error) {
	for _, kind := range []struct {
		before time.Time
		from   string
		count  *int
	}{
		{r.Captures, forgettable, &count.Captures},
		{r.Visits, ` FROM visits WHERE started_at < ?1 AND id NOT IN (SELECT max(id) FROM visits GROUP BY source)`, &count.Visits},
		{r.Visits, ` FROM skips WHERE last_at < ?1`, nil},
		{r.Visits, fmt.Sprintf(` FROM days WHERE day < min(?1, (SELECT max(day) FROM days) - %d)`, shownDays.Microseconds()), nil},
		{r.Alerts, ` FROM alerts WHERE state = 'sent' AND sent_at < ?1`, &count.Alerts},
		{r.Alerts, ` FROM notices WHERE at < ?1 AND NOT EXISTS (SELECT 1 FROM alerts WHERE kind = 'notice' AND event = notices.id)`, nil},
	} {
		if kind.before.IsZero() {
			continue
		}
		if dry {
			if kind.from == forgettable {
				if count.Released, err = list(ctx, s, scanText, released, micros(kind.before)); err != nil {
					return count, err
				}
			}
			if kind.count != nil {
				*kind.count, err = one(ctx, s, func(row scanner) (n int, err error) { return n, row.Scan(&n) }, `SELECT count(*)`+kind.from, micros(kind.before))
			}
		} else {
			err = s.write(ctx, func(t *tx) error {
				gone, err := t.exec(`DELETE`+kind.from, micros(kind.before))
				if err != nil || kind.count == nil {
					return err
				}
				n, err := gone.RowsAffected()
				*kind.count = int(n)
				return err
			})
		}
		if err != nil {
			return count, err
		}
	}
	return count, nil
}

// Used reports whether anything has ever been recorded.
func (s *Store) Used(ctx context.Context) (bool, error) {
	used, err := one(ctx, s, scanNumber, `SELECT EXISTS (SELECT 1 FROM visits) OR EXISTS (SELECT 1 FROM batches) OR EXISTS (SELECT 1 FROM statements)`)
	return used > 0, err
}

// Counts are the numbers of rows of each kind.
func (s *Store) Counts(ctx context.Context) (state.Counts, error) {
	return one(ctx, s, func(row scanner) (c state.Counts, err error) {
		return c, row.Scan(&c.Statements, &c.Revisions, &c.Snapshots, &c.Edits, &c.Events, &c.Alerts)
	}, `SELECT (SELECT count(*) FROM statements), (SELECT count(*) FROM revisions), (SELECT count(*) FROM snapshots),
		(SELECT count(*) FROM edits), (SELECT count(*) FROM events), (SELECT count(*) FROM alerts)`)
}

// Grown is how many bytes were archived since then.
func (s *Store) Grown(ctx context.Context, since time.Time) (int64, error) {
	return one(ctx, s, func(row scanner) (n int64, err error) { return n, row.Scan(&n) },
		`SELECT ifnull(sum(size), 0) FROM (SELECT max(size) AS size FROM snapshots WHERE fetched_at >= ? GROUP BY sha256)`, micros(since))
}

// Copy writes a copy of the database, as it is at one moment, to a file that
// must not exist, and syncs it. Others may read and write meanwhile.
func (s *Store) Copy(ctx context.Context, path string) error {
	db, err := pool(s.path, settings{busy: busy, synchronous: "OFF"})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return explain("copy", s.path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return platform.SyncFolder(filepath.Dir(path))
}

// Version is that of the SQLite in use, and of the schema.
func Version(ctx context.Context, s *Store) string {
	text, err := one(ctx, s, func(row scanner) (text string, err error) { return text, row.Scan(&text) },
		`SELECT sqlite_version() || ', schema ' || max(version_id) FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return "of unknown version"
	}
	return text
}
