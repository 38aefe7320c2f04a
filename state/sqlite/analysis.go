package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const analysisColumns = `statement, revision, said, quiet, engine, outcome, at`

func scanAnalysis(row scanner) (a state.Analysis, err error) {
	var said, at int64
	err = row.Scan(&a.Statement, &a.Revision, &said, &a.Quiet, &a.Engine, &a.Outcome, &at)
	a.Said, a.At = instant(said), instant(at)
	return a, err
}

// AnalysesDue lists revisions that wait to be analysed.
func (s *Store) AnalysesDue(ctx context.Context, limit int) ([]state.Analysis, error) {
	if limit <= 0 {
		limit = -1
	}
	return list(ctx, s, scanAnalysis, `SELECT `+analysisColumns+` FROM analyses WHERE engine = '' ORDER BY said, statement, revision LIMIT ?`, limit)
}

// AnalysisCounts says how many revisions wait, and how many there are by outcome.
func (s *Store) AnalysisCounts(ctx context.Context) (state.AnalysisCounts, error) {
	type share struct {
		waits, quiet bool
		outcome      string
		n            int
	}
	shares, err := list(ctx, s, func(row scanner) (x share, err error) { return x, row.Scan(&x.waits, &x.quiet, &x.outcome, &x.n) },
		`SELECT engine = '', quiet, outcome, count(*) FROM analyses GROUP BY 1, 2, 3`)
	counts := state.AnalysisCounts{Outcomes: map[string]int{}}
	for _, x := range shares {
		switch {
		case !x.waits:
			counts.Outcomes[x.outcome] += x.n
			continue
		case !x.quiet:
			counts.News += x.n
		}
		counts.Due += x.n
	}
	return counts, err
}

// Analysed lists what was analysed of all that was said since a moment.
func (s *Store) Analysed(ctx context.Context, since time.Time) ([]state.Analysis, error) {
	return list(ctx, s, scanAnalysis, `SELECT `+analysisColumns+` FROM analyses WHERE engine <> '' AND said >= ? ORDER BY said, statement, revision`, micros(since))
}

// Reanalyse makes what an engine of another version analysed due again.
func (s *Store) Reanalyse(ctx context.Context, engine string) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		changed, err := t.exec(`UPDATE analyses SET engine = '', quiet = 1 WHERE engine <> '' AND engine <> ?`, engine)
		if err != nil {
			return err
		}
		rows, err := changed.RowsAffected()
		n = int(rows)
		return err
	})
	return n, err
}

func (t *tx) PutAnalysis(a state.Analysis) error {
	_, err := t.exec(`INSERT OR REPLACE INTO analyses (`+analysisColumns+`) VALUES (?,?,?,?,?,?,?)`,
		a.Statement, a.Revision, micros(a.Said), a.Quiet, a.Engine, a.Outcome, micros(a.At))
	return err
}

func (t *tx) Analysis(id string, revision int) (state.Analysis, error) {
	a, err := scanAnalysis(t.row(`SELECT `+analysisColumns+` FROM analyses WHERE statement = ? AND revision = ?`, id, revision))
	return a, absent(err, "analysis of revision %d of %s", revision, id)
}

// keyed is a key of a space as the index knows it: 63 bits of its SHA-256.
func keyed(space, key string) int64 {
	sum := sha256.Sum256([]byte(space + "\n" + key))
	return int64(binary.BigEndian.Uint64(sum[:]) >> 1)
}

// countBits is how many bits of a passage's number count those of one second.
const countBits = 20

func firstOf(said time.Time) int64 {
	return (said.Unix() - time.Time{}.Unix()) << countBits
}

func (t *tx) DropPassages(id string, revision int) error {
	type row struct {
		passage int64
		keys    []byte
	}
	all, err := rows(t, `SELECT id, keys FROM passages WHERE statement = ? AND revision = ?`,
		func(from scanner) (r row, err error) { return r, from.Scan(&r.passage, &r.keys) }, id, revision)
	if err != nil {
		return err
	}
	for _, r := range all {
		for keys := r.keys; len(keys) >= 8; keys = keys[8:] {
			if _, err := t.exec(`DELETE FROM postings WHERE key = ? AND passage = ?`, int64(binary.BigEndian.Uint64(keys)), r.passage); err != nil {
				return err
			}
		}
	}
	_, err = t.exec(`DELETE FROM passages WHERE statement = ? AND revision = ?`, id, revision)
	return err
}

func (t *tx) PutPassage(p statement.Passage) (int64, error) {
	first := firstOf(p.Said)
	end := first + 1<<countBits
	var last sql.NullInt64
	if err := t.row(`SELECT max(id) FROM passages WHERE id >= ? AND id < ?`, first, end).Scan(&last); err != nil {
		return 0, err
	}
	id := first
	if last.Valid {
		id = last.Int64 + 1
	}
	if id >= end {
		return 0, fmt.Errorf("more than %d passages of one second, %s", 1<<countBits, p.Said)
	}
	packed := make([]byte, 0, 8*len(p.Keys))
	for _, key := range p.Keys {
		packed = binary.BigEndian.AppendUint64(packed, uint64(keyed(p.Space, key)))
	}
	if _, err := t.exec(`INSERT INTO passages (id, statement, revision, sentence, keys, body) VALUES (?,?,?,?,?,?)`, id, p.Statement, p.Revision, p.Sentence, packed, p.Body); err != nil {
		return 0, err
	}
	for keys := packed; len(keys) > 0; keys = keys[8:] {
		if _, err := t.exec(`INSERT OR IGNORE INTO postings (key, passage) VALUES (?,?)`, int64(binary.BigEndian.Uint64(keys)), id); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// Passages lists passages that carry one of the keys, those with the most of
// them first. It is one query: a seek for each key, and one for each passage.
func (s *Store) Passages(ctx context.Context, q statement.PassageQuery) ([]statement.Passage, error) {
	if len(q.Keys) == 0 {
		return nil, nil
	}
	than := q.Than
	if than == 0 {
		than = firstOf(q.At)
	}
	keys := q.Keys[:min(len(q.Keys), mostKeys)]
	args := make([]any, 0, 2*len(keys)+1)
	args = append(args, than)
	for i, key := range keys {
		weight := 1.0
		if i < len(q.Weights) {
			weight = q.Weights[i]
		}
		args = append(args, keyed(q.Space, key), weight)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = -1
	}
	perKey := q.PerKey
	if perKey <= 0 {
		perKey = limit
	}
	return list(ctx, s, passageScanner(q.Space), passagesQuery(len(keys), q.Later, perKey, limit), args...)
}

func passageScanner(space string) func(scanner) (statement.Passage, error) {
	return func(row scanner) (p statement.Passage, err error) {
		err = row.Scan(&p.ID, &p.Statement, &p.Revision, &p.Sentence, &p.Body)
		p.Space, p.Said = space, time.Unix(p.ID>>countBits+time.Time{}.Unix(), 0).UTC()
		return p, err
	}
}

// mostKeys is how many keys one query asks for.
const mostKeys = 80

// passagesQuery asks first for the passage before or after which, then for n keys and
// their weights. The limits are written out and each other parameter stands under a
// plus: SQLite compiles a query anew whenever a parameter is bound that it planned by,
// as it plans by a limit or the value of a term, and that took a third of the time.
func passagesQuery(n int, later bool, perKey, limit int) string {
	than, order := "<", "DESC"
	if later {
		than, order = ">", "ASC"
	}
	var b strings.Builder
	b.WriteString(`SELECT p.id, p.statement, p.revision, p.sentence, p.body FROM (SELECT passage, sum(weight) AS shared FROM (`)
	for i := range n {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		fmt.Fprintf(&b, "SELECT * FROM (SELECT passage, +?%d AS weight FROM postings WHERE key = +?%d AND passage %s +?1 ORDER BY passage %s LIMIT %d)", 2*i+3, 2*i+2, than, order, perKey)
	}
	fmt.Fprintf(&b, `) GROUP BY passage ORDER BY shared DESC, passage %s LIMIT %d) JOIN passages p ON p.id = passage ORDER BY shared DESC, passage %s`, order, limit, order)
	return b.String()
}

// PassagesOf lists the passages of a revision.
func (s *Store) PassagesOf(ctx context.Context, space, id string, revision int) ([]statement.Passage, error) {
	return list(ctx, s, passageScanner(space), `SELECT id, statement, revision, sentence, body FROM passages WHERE statement = ? AND revision = ? ORDER BY sentence`, id, revision)
}

// allStatements is the term that counts every statement.
const allStatements = -1

// fewest is in how many statements a term must be for Terms to give it: two thirds
// of all terms are in fewer.
const fewest = 3

// Terms counts the statements that speak of each term.
func (s *Store) Terms(ctx context.Context, space string) (counts map[uint32]int, all int, err error) {
	type row struct {
		term int64
		n    int
	}
	read, err := list(ctx, s, func(from scanner) (r row, err error) { return r, from.Scan(&r.term, &r.n) },
		`SELECT term, n FROM terms WHERE space = ? AND (n >= ? OR term = ?)`, space, fewest, allStatements)
	counts = make(map[uint32]int, len(read))
	for _, r := range read {
		if r.term == allStatements {
			all = r.n
			continue
		}
		counts[uint32(r.term)] = r.n
	}
	return counts, all, err
}

func (t *tx) CountTerms(space string, terms []uint32) error {
	const count = `INSERT INTO terms (space, term, n) VALUES (?, ?, 1) ON CONFLICT (space, term) DO UPDATE SET n = n + 1`
	for _, term := range terms {
		if _, err := t.exec(count, space, int64(term)); err != nil {
			return err
		}
	}
	_, err := t.exec(count, space, allStatements)
	return err
}

// lapsed tells of a finding that the engine which last read its later revision is not the one that said so.
const lapsed = `coalesce((SELECT a.engine NOT IN ('', payload ->> '$.engine') FROM analyses a
	WHERE a.statement = reversals.after AND a.revision = payload ->> '$.after.revision'), 0)`

const reversalColumns = `payload, source, government, found_at, quiet, decision, reason, decided_at, follows, replaced, ` + lapsed

func scanReversal(row scanner) (f state.Finding, err error) {
	var payload string
	var found, decided int64
	if err = row.Scan(&payload, &f.Source, &f.Government, &found, &f.Quiet, &f.Review.Decision, &f.Review.Reason, &decided, &f.Review.Follows, &f.Replaced, &f.Lapsed); err != nil {
		return f, err
	}
	f.FoundAt, f.Review.At = instant(found), instant(decided)
	return f, json.Unmarshal([]byte(payload), &f.Reversal)
}

func (t *tx) PutReversal(f state.Finding) (fresh bool, err error) {
	payload, err := json.Marshal(f.Reversal)
	if err != nil {
		return false, err
	}
	var known int
	if err := t.row(`SELECT count(*) FROM reversals WHERE id = ?`, f.ID).Scan(&known); err != nil {
		return false, err
	}
	_, err = t.exec(`INSERT INTO reversals (id, level, score, topic, source, government, before, after, said, found_at, quiet, payload, decision, reason, decided_at, follows)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET level = excluded.level, score = excluded.score, topic = excluded.topic, payload = excluded.payload, replaced = '',
			decision = iif(decided_at = 0, excluded.decision, decision), reason = iif(decided_at = 0, excluded.reason, reason),
			follows = iif(decided_at = 0, excluded.follows, follows), decided_at = iif(decided_at = 0, excluded.decided_at, decided_at)`,
		f.ID, string(f.Level), f.Score, f.Topic, f.Source, f.Government, f.Before.Statement, f.After.Statement,
		micros(f.After.Published.Time), micros(f.FoundAt), f.Quiet, string(payload), string(f.Review.Decision), f.Review.Reason, micros(f.Review.At), f.Review.Follows)
	return known == 0, err
}

func (t *tx) Review(id string, r state.Review) error {
	changed, err := t.exec(`UPDATE reversals SET decision = ?, reason = ?, decided_at = ?, follows = ? WHERE id = ?`, string(r.Decision), r.Reason, micros(r.At), r.Follows, id)
	return something(changed, err, "reversal %s", id)
}

func (t *tx) ReplaceReversal(id, by string) error {
	changed, err := t.exec(`UPDATE reversals SET replaced = ? WHERE id = ?`, by, id)
	return something(changed, err, "reversal %s", id)
}

func (t *tx) Reversals(f state.ReversalFilter) ([]state.Finding, error) {
	query, args := reversalsQuery(f)
	return rows(t, query, scanReversal, args...)
}

// Reversals lists what fits, the newest first.
func (s *Store) Reversals(ctx context.Context, f state.ReversalFilter) ([]state.Finding, error) {
	query, args := reversalsQuery(f)
	return list(ctx, s, scanReversal, query, args...)
}

func reversalsQuery(f state.ReversalFilter) (query string, args []any) {
	query = `SELECT ` + reversalColumns + ` FROM reversals WHERE true`
	with := func(column string, n int, values []any) {
		if n > 0 {
			query += ` AND ` + among(column, n)
			args = append(args, values...)
		}
	}
	with("level", len(f.Levels), arguments(f.Levels))
	with("decision", len(f.Decisions), arguments(f.Decisions))
	with("source", len(f.Sources), arguments(f.Sources))
	with("topic", len(f.Topics), arguments(f.Topics))
	with("government", len(f.Governments), arguments(f.Governments))
	if f.Statement != "" {
		query += ` AND (before = ? OR after = ?)`
		args = append(args, f.Statement, f.Statement)
	}
	if !f.Since.IsZero() {
		query += ` AND said >= ?`
		args = append(args, micros(f.Since))
	}
	if f.Standing {
		query += ` AND (decision <> '' OR NOT ` + lapsed + `)`
	}
	if !f.Replaced {
		query += ` AND replaced = ''`
	}
	query += ` ORDER BY said DESC, score DESC, id`
	if f.Limit > 0 {
		query += ` LIMIT ?`
		args = append(args, f.Limit)
	}
	return query, args
}

// Reversal reads one by its identifier or an unambiguous beginning of it.
func (s *Store) Reversal(ctx context.Context, id string) (state.Finding, error) {
	found, err := list(ctx, s, scanReversal, `SELECT `+reversalColumns+` FROM reversals WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`, id, id+"~")
	switch {
	case err != nil:
		return state.Finding{}, err
	case len(found) == 0 || id == "":
		return state.Finding{}, fmt.Errorf("reversal %q: %w", id, statement.ErrNotFound)
	case len(found) > 1 && found[0].ID != id:
		return state.Finding{}, fmt.Errorf("%q: %w", id, state.ErrAmbiguous)
	}
	return found[0], nil
}

const stanceColumns = `topic, proposition, statement, revision, source, issuer, said, stance, sure, speaker, sentence, start_at, end_at`

func scanStance(row scanner) (x state.Stance, err error) {
	var said int64
	err = row.Scan(&x.Topic, &x.Proposition, &x.Statement, &x.Revision, &x.Source, &x.Issuer, &said, &x.Stance, &x.Sure, &x.Speaker, &x.Sentence, &x.Span.Start, &x.Span.End)
	x.Said = instant(said)
	return x, err
}

func (t *tx) DropStances(id string, revision int) error {
	_, err := t.exec(`DELETE FROM stances WHERE statement = ? AND revision = ?`, id, revision)
	return err
}

func (t *tx) PutStance(x state.Stance) error {
	_, err := t.exec(`INSERT OR REPLACE INTO stances (`+stanceColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		x.Topic, x.Proposition, x.Statement, x.Revision, x.Source, x.Issuer, micros(x.Said), x.Stance, x.Sure, x.Speaker, x.Sentence, x.Span.Start, x.Span.End)
	return err
}

// Stances lists what was read on the propositions of a topic.
func (s *Store) Stances(ctx context.Context, topic string) ([]state.Stance, error) {
	return list(ctx, s, scanStance, `SELECT `+stanceColumns+` FROM stances WHERE topic = ? ORDER BY said, statement, revision, start_at`, topic)
}
