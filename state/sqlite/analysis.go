package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const analysisColumns = `statement, revision, said, quiet, engine, outcome, at, judged`

func scanAnalysis(row scanner) (a state.Analysis, err error) {
	var said, at int64
	err = row.Scan(&a.Statement, &a.Revision, &said, &a.Quiet, &a.Engine, &a.Outcome, &at, &a.Judged)
	a.Said, a.At = instant(said), instant(at)
	return a, err
}

// AnalysesDue lists revisions that wait to be read.
func (s *Store) AnalysesDue(ctx context.Context, limit int) ([]state.Analysis, error) {
	return list(ctx, s, scanAnalysis, `SELECT `+analysisColumns+` FROM analyses WHERE engine = '' ORDER BY said, statement, revision LIMIT ?`, orAll(limit))
}

// JudgementsDue lists revisions that were read and wait to be judged.
func (s *Store) JudgementsDue(ctx context.Context, limit int) ([]state.Analysis, error) {
	return list(ctx, s, scanAnalysis, `SELECT `+analysisColumns+` FROM analyses WHERE engine <> '' AND judged = 0 ORDER BY quiet, said DESC, statement, revision LIMIT ?`, orAll(limit))
}

// orAll is a limit as SQLite takes it.
func orAll(limit int) int {
	if limit <= 0 {
		return -1
	}
	return limit
}

// AnalysisCounts says how many revisions wait, and how many there are by outcome.
func (s *Store) AnalysisCounts(ctx context.Context) (state.AnalysisCounts, error) {
	type share struct {
		unread, judged, quiet bool
		outcome               string
		n                     int
	}
	shares, err := list(ctx, s, func(row scanner) (x share, err error) {
		return x, row.Scan(&x.unread, &x.judged, &x.quiet, &x.outcome, &x.n)
	}, `SELECT engine = '', judged, quiet, outcome, count(*) FROM analyses GROUP BY 1, 2, 3, 4`)
	counts := state.AnalysisCounts{Outcomes: map[string]int{}}
	for _, x := range shares {
		if !x.unread && x.judged {
			counts.Outcomes[x.outcome] += x.n
			continue
		}
		counts.Due += x.n
		if x.unread {
			counts.Unread += x.n
		}
		if !x.quiet {
			counts.News += x.n
		}
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
		changed, err := t.exec(`UPDATE analyses SET engine = '', judged = 0, quiet = 1 WHERE engine <> '' AND engine <> ?`, engine)
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
	_, err := t.exec(`INSERT OR REPLACE INTO analyses (`+analysisColumns+`) VALUES (?,?,?,?,?,?,?,?)`,
		a.Statement, a.Revision, micros(a.Said), a.Quiet, a.Engine, a.Outcome, micros(a.At), a.Judged)
	return err
}

func (t *tx) Analysis(id string, revision int) (state.Analysis, error) {
	a, err := scanAnalysis(t.row(`SELECT `+analysisColumns+` FROM analyses WHERE statement = ? AND revision = ?`, id, revision))
	return a, absent(err, "analysis of revision %d of %s", revision, id)
}

func (t *tx) DropPassages(id string, revision int) error {
	for _, query := range []string{
		`DELETE FROM passage_terms WHERE (space, seq) IN (SELECT space, seq FROM passages WHERE statement = ? AND revision = ?)`,
		`DELETE FROM passages WHERE statement = ? AND revision = ?`,
	} {
		if _, err := t.exec(query, id, revision); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) PutPassage(p statement.Passage) (int64, error) {
	first := statement.FirstPassage(p.Said)
	end := statement.FirstPassage(p.Said.Add(time.Second))
	var last sql.NullInt64
	if err := t.row(`SELECT max(id) FROM passages WHERE id >= ? AND id < ?`, first, end).Scan(&last); err != nil {
		return 0, err
	}
	id := first
	if last.Valid {
		id = last.Int64 + 1
	}
	if id >= end {
		return 0, fmt.Errorf("more than %d passages of one second, %s", end-first, p.Said)
	}
	var space, seq int64
	if err := t.row(`INSERT INTO spaces (name, seq) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET seq = seq + 1 RETURNING id, seq`, p.Space).Scan(&space, &seq); err != nil {
		return 0, err
	}
	if _, err := t.exec(`INSERT INTO passage_terms (space, seq, passage, terms) VALUES (?,?,?,?)`, space, seq, id, packTerms(p.Terms)); err != nil {
		return 0, err
	}
	_, err := t.exec(`INSERT INTO passages (id, statement, revision, n, space, seq, text, question, start_at, end_at, speaker, voice, language) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		id, p.Statement, p.Revision, p.N, space, seq, p.Text, p.Question, p.Span.Start, p.Span.End, p.Speaker, string(p.Voice), p.Language)
	return id, err
}

// packTerms are terms in four bytes each, little-endian.
func packTerms(terms []uint32) []byte {
	b := make([]byte, 0, 4*len(terms))
	for _, t := range terms {
		b = binary.LittleEndian.AppendUint32(b, t)
	}
	return b
}

func unpackTerms(b []byte) []uint32 {
	terms := make([]uint32, 0, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		terms = append(terms, binary.LittleEndian.Uint32(b))
	}
	return terms
}

// PassageTerms lists passages of a space in the order in which they were put.
func (s *Store) PassageTerms(ctx context.Context, space string, after int64, limit int) ([]statement.PassageTerms, error) {
	return list(ctx, s, func(row scanner) (p statement.PassageTerms, err error) {
		var terms []byte
		err = row.Scan(&p.Seq, &p.Passage, &terms)
		p.Terms = unpackTerms(terms)
		return p, err
	}, `SELECT t.seq, t.passage, t.terms FROM passage_terms t JOIN spaces s ON s.id = t.space WHERE s.name = ? AND t.seq > ? ORDER BY t.seq LIMIT ?`, space, after, orAll(limit))
}

const passageColumns = `p.id, p.statement, p.revision, p.n, s.name, p.text, p.question, p.start_at, p.end_at, p.speaker, p.voice, p.language, t.terms
	FROM passages p JOIN spaces s ON s.id = p.space JOIN passage_terms t ON t.space = p.space AND t.seq = p.seq`

func scanPassage(row scanner) (p statement.Passage, err error) {
	var terms []byte
	err = row.Scan(&p.ID, &p.Statement, &p.Revision, &p.N, &p.Space, &p.Text, &p.Question, &p.Span.Start, &p.Span.End, &p.Speaker, &p.Voice, &p.Language, &terms)
	p.Said, p.Terms = statement.PassageSaid(p.ID), unpackTerms(terms)
	return p, err
}

// Passages reads passages by their numbers.
func (s *Store) Passages(ctx context.Context, ids []int64) (found []statement.Passage, err error) {
	wanted, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return list(ctx, s, scanPassage, `SELECT `+passageColumns+` JOIN json_each(?) j ON j.value = p.id`, string(wanted))
}

// PassagesOf lists the passages of a revision.
func (s *Store) PassagesOf(ctx context.Context, id string, revision int) ([]statement.Passage, error) {
	return list(ctx, s, scanPassage, `SELECT `+passageColumns+` WHERE p.statement = ? AND p.revision = ? ORDER BY p.n`, id, revision)
}

// lapsed tells of a finding that the engine which last read its later revision is not the one that said so.
const lapsed = `coalesce((SELECT a.engine NOT IN ('', payload ->> '$.engine') FROM analyses a
	WHERE a.statement = reversals.after AND a.revision = payload ->> '$.after.revision'), 0)`

const reversalColumns = `payload, source, government, found_at, quiet, decision, reason, decided_at, follows, replaced, dropped_at, ` + lapsed

func scanReversal(row scanner) (f state.Finding, err error) {
	var payload string
	var found, decided, dropped int64
	if err = row.Scan(&payload, &f.Source, &f.Government, &found, &f.Quiet, &f.Review.Decision, &f.Review.Reason, &decided, &f.Review.Follows, &f.Replaced, &dropped, &f.Lapsed); err != nil {
		return f, err
	}
	f.FoundAt, f.Review.At, f.DroppedAt = instant(found), instant(decided), instant(dropped)
	return f, json.Unmarshal([]byte(payload), &f.Reversal)
}

func (t *tx) PutReversal(f state.Finding) (fresh bool, err error) {
	before, err := t.Reversal(f.ID)
	if fresh = errors.Is(err, statement.ErrNotFound); err != nil && !fresh {
		return false, err
	}
	f.KeepOpinion(before)
	payload, err := json.Marshal(f.Reversal)
	if err != nil {
		return false, err
	}
	_, err = t.exec(`INSERT INTO reversals (id, level, score, topic, source, government, before, after, said, found_at, quiet, payload, decision, reason, decided_at, follows)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET level = excluded.level, score = excluded.score, topic = excluded.topic, payload = excluded.payload, replaced = '',
			decision = iif(decided_at = 0, excluded.decision, decision), reason = iif(decided_at = 0, excluded.reason, reason),
			follows = iif(decided_at = 0, excluded.follows, follows), decided_at = iif(decided_at = 0, excluded.decided_at, decided_at)`,
		f.ID, string(f.Level), f.Score, f.Topic, f.Source, f.Government, f.Before.Statement, f.After.Statement,
		micros(f.After.Published.Time), micros(f.FoundAt), f.Quiet, string(payload), string(f.Review.Decision), f.Review.Reason, micros(f.Review.At), f.Review.Follows)
	return fresh, err
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
	if !f.Until.IsZero() {
		query += ` AND said < ?`
		args = append(args, micros(f.Until))
	}
	if p := f.After; p.ID != "" {
		said := micros(p.Said)
		query += ` AND said <= ? AND (said < ? OR score < ? OR score = ? AND id > ?)`
		args = append(args, said, said, p.Score, p.Score, p.ID)
	}
	if f.Standing {
		query += ` AND (decision <> '' OR NOT ` + lapsed + `)`
	}
	if !f.Replaced {
		query += ` AND replaced = ''`
	}
	switch {
	case f.OnlyDropped:
		query += ` AND dropped_at <> 0`
	case !f.Dropped:
		query += ` AND dropped_at = 0`
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
