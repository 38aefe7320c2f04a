package sqlite

import (
	"context"
	"database/sql"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const opinionColumns = `key, model, question, state, created_at, next_try, failures, note, verdict, kind, reason, settled_at`

func scanOpinion(row scanner) (o state.Opinion, err error) {
	var created, next, settled int64
	err = row.Scan(&o.Key, &o.Model, &o.Question, &o.State, &created, &next, &o.Failures, &o.Note, &o.Verdict, &o.Kind, &o.Reason, &settled)
	o.CreatedAt, o.NextTry, o.SettledAt = instant(created), instant(next), instant(settled)
	return o, err
}

// OpinionsDue lists questions that wait and may be asked.
func (s *Store) OpinionsDue(ctx context.Context, now time.Time, limit int) ([]state.Opinion, error) {
	return list(ctx, s, scanOpinion, `SELECT `+opinionColumns+` FROM opinions WHERE state = 'waiting' AND next_try <= ? ORDER BY next_try, key LIMIT ?`, micros(now), orAll(limit))
}

const opinionQuery = `SELECT ` + opinionColumns + ` FROM opinions WHERE key = ?`

// Opinion reads a question.
func (s *Store) Opinion(ctx context.Context, key string) (state.Opinion, error) {
	o, err := one(ctx, s, scanOpinion, opinionQuery, key)
	return o, absent(err, "second opinion %s", key)
}

func (t *tx) Opinion(key string) (state.Opinion, error) {
	o, err := scanOpinion(t.row(opinionQuery, key))
	return o, absent(err, "second opinion %s", key)
}

func (t *tx) PutOpinion(o state.Opinion) error {
	_, err := t.exec(`INSERT OR REPLACE INTO opinions (`+opinionColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
		o.Key, o.Model, o.Question, string(o.State), micros(o.CreatedAt), micros(o.NextTry), o.Failures, o.Note, string(o.Verdict), o.Kind, o.Reason, micros(o.SettledAt))
	return err
}

const answerColumns = `opinion, swapped, at, state, verdict, model, content, note, tokens_in, tokens_out, took`

func scanAnswer(row scanner) (a state.OpinionAnswer, err error) {
	var at, took int64
	err = row.Scan(&a.ID, &a.Opinion, &a.Swapped, &at, &a.State, &a.Verdict, &a.Model, &a.Content, &a.Note, &a.In, &a.Out, &took)
	a.At, a.Took = instant(at), time.Duration(took)*time.Microsecond
	return a, err
}

// OpinionAnswers lists what was answered to a question.
func (s *Store) OpinionAnswers(ctx context.Context, key string) ([]state.OpinionAnswer, error) {
	return list(ctx, s, scanAnswer, `SELECT id, `+answerColumns+` FROM opinion_answers WHERE opinion = ? ORDER BY id`, key)
}

func (t *tx) AddOpinionAnswer(a state.OpinionAnswer) error {
	_, err := t.exec(`INSERT INTO opinion_answers (`+answerColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		a.Opinion, a.Swapped, micros(a.At), string(a.State), string(a.Verdict), a.Model, a.Content, a.Note, a.In, a.Out, a.Took.Microseconds())
	return err
}

const caseColumns = `finding, opinion, level, held_until, held, effect`

func scanCase(row scanner) (c state.OpinionCase, err error) {
	var until int64
	err = row.Scan(&c.Finding, &c.Opinion, &c.Level, &until, &c.Held, &c.Effect)
	c.HeldUntil = instant(until)
	return c, err
}

const caseQuery = `SELECT ` + caseColumns + ` FROM opinion_cases WHERE finding = ?`

// OpinionCase reads what is known of a finding's second opinion.
func (s *Store) OpinionCase(ctx context.Context, finding string) (state.OpinionCase, error) {
	c, err := one(ctx, s, scanCase, caseQuery, finding)
	return c, absent(err, "second opinion on %s", finding)
}

func (t *tx) OpinionCase(finding string) (state.OpinionCase, error) {
	c, err := scanCase(t.row(caseQuery, finding))
	return c, absent(err, "second opinion on %s", finding)
}

// OpinionCases lists the findings for which a question was asked.
func (s *Store) OpinionCases(ctx context.Context, key string) ([]state.OpinionCase, error) {
	return list(ctx, s, scanCase, `SELECT `+caseColumns+` FROM opinion_cases WHERE opinion = ? ORDER BY finding`, key)
}

func (t *tx) PutOpinionCase(c state.OpinionCase) error {
	_, err := t.exec(`INSERT OR REPLACE INTO opinion_cases (`+caseColumns+`) VALUES (?,?,?,?,?,?)`,
		c.Finding, c.Opinion, string(c.Level), micros(c.HeldUntil), c.Held, string(c.Effect))
	return err
}

// HeldCases lists findings of which nobody has been told yet.
func (s *Store) HeldCases(ctx context.Context, until time.Time, limit int) ([]state.OpinionCase, error) {
	query, args := `SELECT `+caseColumns+` FROM opinion_cases INDEXED BY opinion_cases_held WHERE held = 1`, []any{}
	if !until.IsZero() {
		query, args = query+` AND held_until <= ?`, append(args, micros(until))
	}
	return list(ctx, s, scanCase, query+` ORDER BY held_until, finding LIMIT ?`, append(args, orAll(limit))...)
}

// NextOpinion is when something is to be done next.
func (s *Store) NextOpinion(ctx context.Context) (release, ask time.Time, err error) {
	type moments struct{ release, ask sql.NullInt64 }
	m, err := one(ctx, s, func(row scanner) (m moments, err error) { return m, row.Scan(&m.release, &m.ask) },
		`SELECT (SELECT min(held_until) FROM opinion_cases INDEXED BY opinion_cases_held WHERE held = 1), 
			(SELECT min(at) FROM (SELECT min(next_try) AS at FROM opinions WHERE state = 'waiting' UNION ALL SELECT min(next_try) FROM extras WHERE state = 'waiting'))`)
	return instant(m.release.Int64), instant(m.ask.Int64), err
}

// OpinionSpent counts requests and tokens.
func (s *Store) OpinionSpent(ctx context.Context, requestsSince, tokensSince time.Time) (requests, tokens int, err error) {
	type spent struct{ requests, tokens int }
	x, err := one(ctx, s, func(row scanner) (x spent, err error) { return x, row.Scan(&x.requests, &x.tokens) },
		`SELECT (SELECT count(*) FROM opinion_answers WHERE at >= ?), (SELECT ifnull(sum(tokens_in + tokens_out), 0) FROM opinion_answers WHERE at >= ?)`, micros(requestsSince), micros(tokensSince))
	return x.requests, x.tokens, err
}

// OpinionTally counts all there is.
func (s *Store) OpinionTally(ctx context.Context) (state.OpinionTally, error) {
	tally := state.OpinionTally{Questions: map[state.OpinionState]int{}, Answers: map[state.AnswerState]int{}, Effects: map[statement.Effect]int{}, Extras: map[state.OpinionState]int{}}
	type share struct {
		what, which string
		n, in, out  int
	}
	shares, err := list(ctx, s, func(row scanner) (x share, err error) { return x, row.Scan(&x.what, &x.which, &x.n, &x.in, &x.out) }, `
		SELECT 'question', state, count(*), 0, 0 FROM opinions GROUP BY 2
		UNION ALL SELECT 'answer', state, count(*), sum(tokens_in), sum(tokens_out) FROM opinion_answers GROUP BY 2
		UNION ALL SELECT 'effect', effect, count(*), 0, 0 FROM opinion_cases WHERE effect <> '' GROUP BY 2
		UNION ALL SELECT 'extra', state, count(*), 0, 0 FROM extras GROUP BY 2
		UNION ALL SELECT 'held', '', count(*), 0, 0 FROM opinion_cases WHERE held = 1
		UNION ALL SELECT 'decided', '', count(*), ifnull(sum((o.verdict <> 'none') = (r.decision = 'confirmed')), 0), 0
			FROM opinion_cases c JOIN opinions o ON o.key = c.opinion JOIN reversals r ON r.id = c.finding
			WHERE o.state = 'answered' AND r.decision <> '' AND r.follows = ''`)
	for _, x := range shares {
		switch x.what {
		case "question":
			tally.Questions[state.OpinionState(x.which)] = x.n
		case "answer":
			tally.Answers[state.AnswerState(x.which)] = x.n
			tally.In, tally.Out = tally.In+x.in, tally.Out+x.out
		case "effect":
			tally.Effects[statement.Effect(x.which)] = x.n
		case "extra":
			tally.Extras[state.OpinionState(x.which)] = x.n
		case "held":
			tally.Held = x.n
		case "decided":
			tally.Decided, tally.Agreed = x.n, x.in
		}
	}
	return tally, err
}

// OpinionAddress is where a key was first used.
func (s *Store) OpinionAddress(ctx context.Context, key string) (string, error) {
	address, err := one(ctx, s, func(row scanner) (address string, err error) { return address, row.Scan(&address) }, `SELECT address FROM opinion_keys WHERE key = ?`, key)
	return address, absent(err, "key %s", key)
}

func (t *tx) PutOpinionAddress(key, address string, since time.Time) error {
	_, err := t.exec(`INSERT OR REPLACE INTO opinion_keys (key, address, since) VALUES (?,?,?)`, key, address, micros(since))
	return err
}

func (t *tx) Reversal(id string) (state.Finding, error) {
	f, err := scanReversal(t.row(`SELECT `+reversalColumns+` FROM reversals WHERE id = ?`, id))
	return f, absent(err, "reversal %s", id)
}

func (t *tx) SettleReversal(id string, dropped time.Time, quiet bool) error {
	changed, err := t.exec(`UPDATE reversals SET dropped_at = ?, quiet = ? WHERE id = ?`, micros(dropped), quiet, id)
	return something(changed, err, "reversal %s", id)
}

const extraColumns = `key, kind, language, asked, event, state, model, text, note, failures, created_at, next_try, settled_at`

func scanExtra(row scanner) (e state.Extra, err error) {
	var created, next, settled int64
	err = row.Scan(&e.Key, &e.Kind, &e.Language, &e.Asked, &e.Event, &e.State, &e.Model, &e.Text, &e.Note, &e.Failures, &created, &next, &settled)
	e.CreatedAt, e.NextTry, e.SettledAt = instant(created), instant(next), instant(settled)
	return e, err
}

// ExtrasDue lists extras that wait and may be asked for.
func (s *Store) ExtrasDue(ctx context.Context, now time.Time, limit int) ([]state.Extra, error) {
	return list(ctx, s, scanExtra, `SELECT `+extraColumns+` FROM extras WHERE state = 'waiting' AND next_try <= ? ORDER BY next_try, key LIMIT ?`, micros(now), orAll(limit))
}

// MachineText is what a model has written.
func (s *Store) MachineText(ctx context.Context, key string) (statement.MachineText, error) {
	m, err := one(ctx, s, func(row scanner) (m statement.MachineText, err error) {
		return m, row.Scan(&m.Model, &m.Language, &m.Text)
	},
		`SELECT model, language, text FROM extras WHERE key = ? AND state = 'answered'`, key)
	return m, absent(err, "machine text %s", key)
}

func (t *tx) Extra(key string) (state.Extra, error) {
	e, err := scanExtra(t.row(`SELECT `+extraColumns+` FROM extras WHERE key = ?`, key))
	return e, absent(err, "extra %s", key)
}

func (t *tx) PutExtra(e state.Extra) error {
	_, err := t.exec(`INSERT OR REPLACE INTO extras (`+extraColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		e.Key, e.Kind, e.Language, e.Asked, e.Event, string(e.State), e.Model, e.Text, e.Note, e.Failures, micros(e.CreatedAt), micros(e.NextTry), micros(e.SettledAt))
	return err
}

func (t *tx) HastenAlerts(event int64, now time.Time) error {
	_, err := t.exec(`UPDATE alerts SET next_attempt = ?1 WHERE event = ?2 AND kind = 'event' AND state = 'pending' AND digest = '' AND parent = 0 AND attempts = 0 AND next_attempt > ?1`,
		micros(now), event)
	return err
}
