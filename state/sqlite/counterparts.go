package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// ComparisonsDue lists analysed revisions for which nobody has looked for counterparts yet.
func (s *Store) ComparisonsDue(ctx context.Context, limit int) ([]state.Analysis, error) {
	if limit <= 0 {
		limit = -1
	}
	return list(ctx, s, scanAnalysis, `SELECT `+analysisColumns+` FROM analyses INDEXED BY analyses_uncompared
		WHERE compared = 0 AND judged = 1 ORDER BY said, statement, revision LIMIT ?`, limit)
}

func (t *tx) Uncompared(id string, revision int) (waits bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM analyses WHERE statement = ? AND revision = ? AND compared = 0 AND judged = 1)`, id, revision).Scan(&waits)
	return waits, err
}

func (t *tx) Compared(id string, revision int) error {
	_, err := t.exec(`UPDATE analyses SET compared = 1 WHERE statement = ? AND revision = ?`, id, revision)
	return err
}

const sketchColumns = `statement, revision, source, issuer, space, said, language, encounter, title, whole`

func scanSketch(row scanner) (k state.Sketch, err error) {
	var said int64
	err = row.Scan(&k.Statement, &k.Revision, &k.Source, &k.Issuer, &k.Space, &said, &k.Language, &k.Encounter, &k.Title, &k.Whole)
	k.Said = instant(said)
	return k, err
}

// dayOf counts days since 1970, UTC.
func dayOf(t time.Time) int64 {
	const long = 24 * 60 * 60
	seconds := t.Unix()
	if seconds < 0 {
		seconds -= long - 1
	}
	return seconds / long
}

func (t *tx) PutSketch(k state.Sketch) error {
	if k.Title == nil {
		k.Title = []byte{}
	}
	if k.Whole == nil {
		k.Whole = []byte{}
	}
	_, err := t.exec(`INSERT OR REPLACE INTO sketches (`+sketchColumns+`, day) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		k.Statement, k.Revision, k.Source, k.Issuer, k.Space, micros(k.Said), k.Language, k.Encounter, k.Title, k.Whole, dayOf(k.Said))
	return err
}

// Sketches lists the statements of the days round a moment.
func (s *Store) Sketches(ctx context.Context, q state.SketchQuery) ([]state.Sketch, error) {
	day := dayOf(q.Around)
	query, args := `SELECT `+sketchColumns+` FROM sketches WHERE day BETWEEN ? AND ?`, []any{day - int64(q.Days), day + int64(q.Days)}
	where := func(condition string, arg any) {
		query += ` AND ` + condition
		args = append(args, arg)
	}
	if q.Issuer != "" {
		where(`issuer = ?`, q.Issuer)
	}
	if q.Encounter != 0 {
		where(`encounter > 0 AND encounter & ? <> 0`, q.Encounter)
	}
	if q.NotLanguage != "" {
		where(`language <> ?`, q.NotLanguage)
	}
	if q.NotSpace != "" {
		where(`space <> ?`, q.NotSpace)
	}
	query += ` ORDER BY abs(said - ?), statement`
	args = append(args, micros(q.Around))
	if q.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, q.Limit)
	}
	return list(ctx, s, scanSketch, query, args...)
}

const counterpartColumns = `payload, said, found_at, quiet, differs, decision, reason, decided_at`

func scanCounterpart(row scanner) (p state.Paired, err error) {
	var payload string
	var said, found, decided int64
	if err = row.Scan(&payload, &said, &found, &p.Quiet, &p.Differs, &p.Review.Decision, &p.Review.Reason, &decided); err != nil {
		return p, err
	}
	p.Said, p.FoundAt, p.Review.At = instant(said), instant(found), instant(decided)
	return p, json.Unmarshal([]byte(payload), &p.Counterpart)
}

func (t *tx) Pairs(id string) ([]state.Paired, error) {
	return rows(t, `SELECT `+counterpartColumns+` FROM counterparts WHERE a = ?1 OR b = ?1 ORDER BY id`, scanCounterpart, id)
}

func (t *tx) PutCounterpart(p state.Paired) error {
	payload, err := json.Marshal(p.Counterpart)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO counterparts (id, kind, a, b, source_a, source_b, said, found_at, quiet, differs, payload) VALUES (?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET said = excluded.said, quiet = excluded.quiet, differs = excluded.differs, payload = excluded.payload`,
		p.ID, string(p.Kind), p.A.Statement, p.B.Statement, p.A.Source, p.B.Source, micros(p.Said), micros(p.FoundAt), p.Quiet, p.Differs, string(payload))
	return err
}

func (t *tx) DropCounterpart(id string) error {
	_, err := t.exec(`DELETE FROM counterparts WHERE id = ?`, id)
	return err
}

func (t *tx) ReviewCounterpart(id string, r state.Review) error {
	changed, err := t.exec(`UPDATE counterparts SET decision = ?, reason = ?, decided_at = ? WHERE id = ?`, string(r.Decision), r.Reason, micros(r.At), id)
	return something(changed, err, "counterparts %s", id)
}

// Counterparts lists what fits, the newest first.
func (s *Store) Counterparts(ctx context.Context, f state.CounterpartFilter) ([]state.Paired, error) {
	query, args := `SELECT `+counterpartColumns+` FROM counterparts WHERE true`, []any{}
	where := func(condition string, values ...any) {
		query += ` AND ` + condition
		args = append(args, values...)
	}
	if len(f.Kinds) > 0 {
		where(among("kind", len(f.Kinds)), arguments(f.Kinds)...)
	}
	if len(f.Sources) > 0 {
		either := arguments(f.Sources)
		where(`(`+among("source_a", len(f.Sources))+` OR `+among("source_b", len(f.Sources))+`)`, append(either, either...)...)
	}
	if f.Statement != "" {
		where(`(a = ? OR b = ?)`, f.Statement, f.Statement)
	}
	if f.Differing {
		where(`differs <> ''`)
	}
	if !f.Dismissed {
		where(`decision <> ?`, string(state.Dismissed))
	}
	if !f.Since.IsZero() {
		where(`said >= ?`, micros(f.Since))
	}
	if !f.Until.IsZero() {
		where(`said < ?`, micros(f.Until))
	}
	if at := micros(f.After.At); f.After.ID != "" {
		where(`(said < ? OR said = ? AND id > ?)`, at, at, f.After.ID)
	}
	query += ` ORDER BY said DESC, id`
	if f.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, f.Limit)
	}
	return list(ctx, s, scanCounterpart, query, args...)
}

// Counterpart reads one by its identifier or an unambiguous beginning of it.
func (s *Store) Counterpart(ctx context.Context, id string) (state.Paired, error) {
	found, err := list(ctx, s, scanCounterpart, `SELECT `+counterpartColumns+` FROM counterparts WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`, id, id+"~")
	switch {
	case err != nil:
		return state.Paired{}, err
	case len(found) == 0 || id == "":
		return state.Paired{}, fmt.Errorf("counterparts %q: %w", id, statement.ErrNotFound)
	case len(found) > 1 && found[0].ID != id:
		return state.Paired{}, fmt.Errorf("%q: %w", id, state.ErrAmbiguous)
	}
	return found[0], nil
}
