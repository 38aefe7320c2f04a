package sqlite

import (
	"context"
	"time"

	"volteface/internal/statement"
)

const (
	troubleColumns = `source, key, statement, url, kind, reason, since, looks, body_hash`
	troublesQuery  = `SELECT ` + troubleColumns + ` FROM troubles WHERE source = ? ORDER BY since, key`
	signColumns    = `statement, at, quality, status, reason, url, sha256`
	signsQuery     = `SELECT ` + signColumns + ` FROM signs WHERE statement = ? AND at >= ? ORDER BY at, id`
)

// sameBodyQuery names the condition of its partial index and hides its parameters from the
// planner, by CAST and +: SQLite would else compile it anew for each value, to see which
// index may serve, which took five times as long as the query itself.
const sameBodyQuery = `SELECT ` + statementColumns + ` FROM statements s
	WHERE s.body_hash = CAST(? AS TEXT) AND s.body_hash <> '' AND +s.source = ? AND s.id <> ? ORDER BY s.row LIMIT 1`

func scanTrouble(row scanner) (t statement.Trouble, err error) {
	var since int64
	err = row.Scan(&t.Source, &t.Key, &t.Statement, &t.URL, &t.Kind, &t.Reason, &since, &t.Looks, &t.BodyHash)
	t.Since = instant(since)
	return t, err
}

func scanSign(row scanner) (s statement.Sign, err error) {
	var at int64
	err = row.Scan(&s.Statement, &at, &s.Quality, &s.Status, &s.Reason, &s.URL, &s.SHA256)
	s.At = instant(at)
	return s, err
}

// Troubles lists what is wrong with pages of a source.
func (s *Store) Troubles(ctx context.Context, source string) ([]statement.Trouble, error) {
	return list(ctx, s, scanTrouble, troublesQuery, source)
}

// Signs lists the looks that found a statement's page gone.
func (s *Store) Signs(ctx context.Context, id string) ([]statement.Sign, error) {
	return list(ctx, s, scanSign, signsQuery, id, 0)
}

// rows reads every row of a query inside the transaction.
func rows[T any](t *tx, query string, scan func(scanner) (T, error), args ...any) ([]T, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	st, err := t.w.statement(query)
	if err != nil {
		return nil, t.fail(err)
	}
	found, err := collect(context.Background(), st, scan, args...)
	return found, t.fail(err)
}

func (t *tx) Troubles(source string) ([]statement.Trouble, error) {
	return rows(t, troublesQuery, scanTrouble, source)
}

func (t *tx) PutTrouble(x statement.Trouble) error {
	_, err := t.exec(`INSERT OR REPLACE INTO troubles (`+troubleColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`,
		x.Source, x.Key, x.Statement, x.URL, string(x.Kind), x.Reason, micros(x.Since), x.Looks, x.BodyHash)
	return err
}

func (t *tx) DropTrouble(source, key string) error {
	_, err := t.exec(`DELETE FROM troubles WHERE source = ? AND key = ?`, source, key)
	return err
}

func (t *tx) AddSign(x statement.Sign) error {
	_, err := t.exec(`INSERT INTO signs (`+signColumns+`) VALUES (?,?,?,?,?,?,?)`,
		x.Statement, micros(x.At), string(x.Quality), x.Status, x.Reason, x.URL, x.SHA256)
	return err
}

func (t *tx) Signs(id string, since time.Time) ([]statement.Sign, error) {
	return rows(t, signsQuery, scanSign, id, micros(since))
}

func (t *tx) SameBody(source, bodyHash, exceptID string) (statement.Statement, error) {
	st, err := scanStatement(t.row(sameBodyQuery, bodyHash, source, exceptID))
	return st, absent(err, "another statement with that body")
}
