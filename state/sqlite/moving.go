package sqlite

import (
	"context"

	"volteface/internal/statement"
)

const (
	movingColumns = `source, place, kind, sure, seen, looks, visit, statement, example, dropping, since, learnt_at, loud_at`
	movingQuery   = `SELECT ` + movingColumns + ` FROM moving WHERE source = ? ORDER BY since, place`
	valueColumns  = `source, place, statement, at, value, sha256`
	valuesQuery   = `SELECT ` + valueColumns + ` FROM moving_values WHERE statement = ? ORDER BY row`
	lastValue     = `SELECT ` + valueColumns + ` FROM moving_values WHERE statement = ? AND place = ? ORDER BY row DESC LIMIT 1`
)

func scanMoving(row scanner) (m statement.Moving, err error) {
	var since, learnt, loud int64
	err = row.Scan(&m.Source, &m.Place, &m.Kind, &m.Sure, &m.Seen, &m.Looks, &m.Visit, &m.Statement, &m.Example, &m.Drop, &since, &learnt, &loud)
	m.Since, m.LearntAt, m.LoudAt = instant(since), instant(learnt), instant(loud)
	return m, err
}

func scanValue(row scanner) (v statement.MovingValue, err error) {
	var at int64
	err = row.Scan(&v.Source, &v.Place, &v.Statement, &at, &v.Value, &v.SHA256)
	v.At = instant(at)
	return v, err
}

// Moving lists the places of a source whose value moves by itself.
func (s *Store) Moving(ctx context.Context, source string) ([]statement.Moving, error) {
	return list(ctx, s, scanMoving, movingQuery, source)
}

// MovingValues lists the values seen at moving places of a statement's page.
func (s *Store) MovingValues(ctx context.Context, id string) ([]statement.MovingValue, error) {
	return list(ctx, s, scanValue, valuesQuery, id)
}

func (t *tx) Moving(source string) ([]statement.Moving, error) {
	return rows(t, movingQuery, scanMoving, source)
}

func (t *tx) PutMoving(m statement.Moving) error {
	_, err := t.exec(`INSERT OR REPLACE INTO moving (`+movingColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		m.Source, m.Place, m.Kind, m.Sure, m.Seen, m.Looks, m.Visit, m.Statement, m.Example, m.Drop, micros(m.Since), micros(m.LearntAt), micros(m.LoudAt))
	return err
}

func (t *tx) DropMoving(source, place string) error {
	_, err := t.exec(`DELETE FROM moving WHERE source = ? AND place = ?`, source, place)
	return err
}

func (t *tx) AddMovingValue(v statement.MovingValue) error {
	_, err := t.exec(`INSERT INTO moving_values (`+valueColumns+`) VALUES (?,?,?,?,?,?)`, v.Source, v.Place, v.Statement, micros(v.At), v.Value, v.SHA256)
	return err
}

func (t *tx) LastMovingValue(id, place string) (statement.MovingValue, error) {
	v, err := scanValue(t.row(lastValue, id, place))
	return v, absent(err, "a value of that place")
}
