package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// tx is one write transaction on the writer's connection.
type tx struct {
	w *writer
	// failed is the first error SQLite gave. It may have undone the transaction
	// by itself (a full disk does that), and what is written afterwards would
	// be kept alone: so nothing is, even if the caller goes on.
	failed error
}

var _ state.Tx = (*tx)(nil)

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	st, err := t.w.statement(query)
	if err != nil {
		return nil, t.fail(err)
	}
	result, err := st.ExecContext(context.Background(), args...)
	return result, t.fail(err)
}

func (t *tx) fail(err error) error {
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

func (t *tx) row(query string, args ...any) scanner {
	st, err := t.w.statement(query)
	if err != nil {
		return txRow{t: t, err: err}
	}
	return txRow{t: t, row: st.QueryRowContext(context.Background(), args...)}
}

// txRow is a row read inside a transaction, which a failure to read spoils.
type txRow struct {
	t   *tx
	row *sql.Row
	err error // the query could not be prepared
}

func (r txRow) Scan(into ...any) error {
	if r.err != nil {
		return r.t.fail(r.err)
	}
	err := r.row.Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return r.t.fail(err)
}

// absent turns the driver's "no rows" into the word of the house.
func absent(err error, what string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), statement.ErrNotFound)
	}
	return err
}

// something makes a change of nothing fail with statement.ErrNotFound.
func something(changed sql.Result, err error, what string, args ...any) error {
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return absent(sql.ErrNoRows, what, args...)
}

// A join of the two would be prepared anew at each call, for all that it is
// kept prepared (modernc.org/sqlite 1.61): 27 µs against 8.
const byKeyQuery = `SELECT ` + statementColumns + ` FROM statements s WHERE s.id = (SELECT statement FROM aliases WHERE source = ? AND key = ?)`

const candidatesQuery = `SELECT ` + statementColumns + ` FROM statements s
	WHERE s.id IN (SELECT statement FROM candidates WHERE source = ?1 AND key = ?2)
	ORDER BY (SELECT since FROM candidates WHERE source = ?1 AND key = ?2 AND statement = s.id), s.id LIMIT 50`

func (t *tx) ByKey(source, key string) (statement.Statement, error) {
	st, err := scanStatement(t.row(byKeyQuery, source, key))
	return st, absent(err, "statement at %s", key)
}

func (t *tx) Candidates(source, key string) ([]statement.Statement, error) {
	return rows(t, candidatesQuery, scanStatement, source, key)
}

func (t *tx) Statement(id string) (statement.Statement, error) {
	st, err := scanStatement(t.row(`SELECT `+statementColumns+` FROM statements s WHERE s.id = ?`, id))
	return st, absent(err, "statement %s", id)
}

const (
	revisionQuery = `SELECT ` + revisionColumns + ` FROM revisions WHERE statement = ? AND n = ?`
	currentQuery  = `SELECT ` + revisionColumns + ` FROM revisions WHERE statement = ?1 AND n = (SELECT max(n) FROM revisions WHERE statement = ?1)`
)

func (t *tx) Revision(id string, n int) (statement.Revision, error) {
	query, args := currentQuery, []any{id}
	if n != 0 {
		query, args = revisionQuery, []any{id, n}
	}
	r, err := scanRevision(t.row(query, args...)) // a row asked for and not read would hold the connection for good
	return r, absent(err, "revision %d of %s", n, id)
}

func (t *tx) PutStatement(s statement.Statement) error {
	_, err := t.exec(`INSERT INTO statements (id, source, url, title, published, published_raw, sort_at, language, speakers, revision, text_hash,
			fingerprint, path, first_seen, last_seen, last_checked, listed_at, missing_since, next_check, etag, last_modified, capture_hash,
			removed_at, absent_since, unlisted_at, read_at, final_url, body_hash)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET source = excluded.source, url = excluded.url, title = excluded.title, published = excluded.published,
			published_raw = excluded.published_raw, sort_at = excluded.sort_at, language = excluded.language, speakers = excluded.speakers,
			revision = excluded.revision, text_hash = excluded.text_hash, fingerprint = excluded.fingerprint, path = excluded.path,
			first_seen = excluded.first_seen, last_seen = excluded.last_seen, last_checked = excluded.last_checked, listed_at = excluded.listed_at,
			missing_since = excluded.missing_since, next_check = excluded.next_check, etag = excluded.etag,
			last_modified = excluded.last_modified, capture_hash = excluded.capture_hash, removed_at = excluded.removed_at,
			absent_since = excluded.absent_since, unlisted_at = excluded.unlisted_at, read_at = excluded.read_at,
			final_url = excluded.final_url, body_hash = excluded.body_hash`,
		s.ID, s.Source, s.URL, s.Title, shown(s.Published), s.Published.Raw, order(s.Published, s.FirstSeen), s.Language, packNames(s.Speakers),
		s.Revision, s.TextHash, s.Fingerprint, string(s.Path), micros(s.FirstSeen), micros(s.LastSeen), micros(s.LastChecked), micros(s.ListedAt),
		micros(s.MissingSince), micros(s.NextCheck), s.Validators.ETag, s.Validators.LastModified, s.CaptureHash,
		micros(s.RemovedAt), micros(s.AbsentSince), micros(s.UnlistedAt), micros(s.ReadAt), s.FinalURL, s.BodyHash)
	return err
}

func (t *tx) Touch(s statement.Statement) error {
	touched, err := t.exec(`UPDATE statements SET last_seen = ?, last_checked = ?, next_check = ?, etag = ?, last_modified = ?, read_at = ?, capture_hash = ? WHERE id = ?`,
		micros(s.LastSeen), micros(s.LastChecked), micros(s.NextCheck), s.Validators.ETag, s.Validators.LastModified, micros(s.ReadAt), s.CaptureHash, s.ID)
	return something(touched, err, "statement %s", s.ID)
}

func (t *tx) PutRevision(r statement.Revision) error {
	_, err := t.exec(`INSERT OR REPLACE INTO revisions (`+revisionColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		r.Statement, r.N, r.Title, r.Body, shown(r.Published), r.Published.Raw, shown(r.Updated), r.Updated.Raw, r.Language, packNames(r.Speakers),
		r.Hash, r.Fingerprint, string(r.Path), r.Snapshot, r.Locator, r.ContentType, r.URL, micros(r.SeenAt), r.Archive)
	return err
}

func (t *tx) PutSnapshot(s statement.Snapshot) error {
	hops, err := packHops(s.Hops)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR IGNORE INTO snapshots (`+snapshotColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		s.Statement, s.SHA256, s.Locator, s.Size, s.URL, s.FinalURL, hops, s.Status, packHeader(s.Header), micros(s.FetchedAt), s.Way)
	return err
}

func (t *tx) PutEdit(e statement.Edit) error {
	_, err := t.exec(`INSERT OR REPLACE INTO edits (`+editColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		e.Statement, e.From, e.To, micros(e.At), e.Summary, string(e.Class), packKinds(e.Kinds), e.Importance, e.Flicker, e.Back)
	return err
}

func (t *tx) PutAlias(a state.Alias) error {
	if a.Kind == state.AliasCandidate {
		_, err := t.exec(`INSERT OR IGNORE INTO candidates (source, key, statement, since)
			SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE source = ?1 AND key = ?2 AND statement = ?3)`,
			a.Source, a.Key, a.Statement, micros(a.Since))
		return err
	}
	added, err := t.exec(`INSERT OR IGNORE INTO aliases (`+aliasColumns+`) VALUES (?,?,?,?,?)`,
		a.Source, a.Key, a.Statement, string(a.Kind), micros(a.Since))
	if err != nil {
		return err
	}
	if n, err := added.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = t.exec(`DELETE FROM candidates WHERE source = ? AND key = ? AND statement = ?`, a.Source, a.Key, a.Statement)
	return err
}

func (t *tx) AddEvent(e statement.Event) (int64, error) {
	reversal, err := packReversal(e.Reversal)
	if err != nil {
		return 0, err
	}
	counterpart := ""
	if e.Counterpart != nil {
		packed, err := json.Marshal(e.Counterpart)
		if err != nil {
			return 0, err
		}
		counterpart = string(packed)
	}
	added, err := t.exec(`INSERT INTO events (at, state, source, statement, revision, reason, baseline, importance, reversal, counterpart, class, kinds, flicker) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		micros(e.At), string(e.State), e.Source, e.Statement, e.Revision, e.Reason, e.Baseline, e.Importance, reversal, counterpart, string(e.Class), packKinds(e.Kinds), e.Flicker)
	if err != nil {
		return 0, err
	}
	return added.LastInsertId()
}

func (t *tx) MarkListed(source string, keys []string, at time.Time) error {
	for _, key := range keys {
		if _, err := t.exec(`UPDATE statements SET listed_at = ? WHERE id = (SELECT statement FROM aliases WHERE source = ? AND key = ?)`, micros(at), source, key); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) PutFound(f state.Found) error {
	_, err := t.exec(`INSERT INTO found (source, key, url, title, published, published_raw, sort_at, locator, found_at, attempts, next_try, last_error)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (source, key) DO UPDATE SET url = excluded.url, title = excluded.title, published = excluded.published,
			published_raw = excluded.published_raw, locator = excluded.locator, found_at = min(found.found_at, excluded.found_at),
			sort_at = CASE excluded.published WHEN '' THEN min(found.sort_at, excluded.sort_at) ELSE excluded.sort_at END,
			attempts = excluded.attempts, next_try = excluded.next_try, last_error = excluded.last_error`, f.Source, f.Key, f.URL, f.Title, shown(f.Published), f.Published.Raw, order(f.Published, f.FoundAt),
		f.Locator, micros(f.FoundAt), f.Attempts, micros(f.NextTry), f.LastError)
	return err
}

func (t *tx) DropFound(source, key string) error {
	_, err := t.exec(`DELETE FROM found WHERE source = ? AND key = ?`, source, key)
	return err
}

func (t *tx) SourceStatus(source string) (statement.SourceStatus, error) {
	s, err := scanStatus(t.row(statusQuery, source))
	if errors.Is(err, sql.ErrNoRows) {
		return statement.SourceStatus{Source: source}, nil
	}
	return s, err
}

func (t *tx) PutSourceStatus(s statement.SourceStatus) error {
	_, err := t.exec(`INSERT OR REPLACE INTO sources (source, last_visit, last_success, last_new, next_deep, baseline_at, fault, fault_since, fault_count, listing_etag, listing_modified, definition, fault_told,
			baseline_newest, baseline_newest_raw, baseline_cut, baseline_told, listing_read_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, s.Source, micros(s.LastVisit), micros(s.LastSuccess), micros(s.LastNew), micros(s.NextDeep), micros(s.BaselineAt),
		s.Fault, micros(s.FaultSince), s.FaultCount, s.Listing.ETag, s.Listing.LastModified, s.Definition, s.FaultTold,
		shown(s.BaselineNewest), s.BaselineNewest.Raw, s.BaselineCut, s.BaselineTold, micros(s.ListingReadAt))
	return err
}

func (t *tx) PutBatch(b state.Batch) error {
	_, err := t.exec(`INSERT OR REPLACE INTO batches (id, at, lines, new) VALUES (?,?,?,?)`, b.ID, micros(b.At), b.Lines, b.New)
	return err
}
