package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/opinion"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/state"
)

// Opinions is a second opinion on findings.
type Opinions struct {
	Client *opinion.Client
	Levels []statement.Level // that are asked about
	// Wait is how long nobody is told of a finding while its opinion has not come.
	Wait time.Duration
	// PerDay is the most requests in a day, PerMonth the most tokens in a month (UTC); 0 for no bound.
	PerDay, PerMonth int
	// Translate is the language, as BCP 47, that quotations in others are translated into; "" for none. Summarize has edits and long
	// statements summed up.
	Translate string
	Summarize bool

	mu     sync.Mutex
	rest   time.Time // the model is not asked before
	missed int       // requests in a row that had no answer
	outage OpinionOutage
}

// OpinionOutage is how asking has gone lately.
type OpinionOutage struct {
	Since    time.Time // of the first request in a row that had no answer; zero where the last had one
	Err      error     // why
	Person   bool      // it takes a person to change that
	Answered bool      // the model has answered since the program began
}

// Outage tells how asking has gone lately.
func (s *Opinions) Outage() OpinionOutage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outage
}

const (
	opinionLease = "@opinion" // of whoever asks: no source can have this name
	// askedAtOnce is how many questions are listed at a time, askedSide how many of them are asked side by side.
	askedAtOnce, askedSide = 64, 4
	// mostMissed is after how many requests in a row without an answer the model is left alone for a while.
	mostMissed = 3
	// mostRefused is how often a server may refuse a question before it is not asked any more.
	mostRefused = 3
	// firstPause and longestPause bound how long a question, or the model, is left alone after a request without an answer; each
	// pause is twice the one before.
	firstPause, longestPause = 30 * time.Second, time.Hour
)

// pause is how long to wait after so many failures.
func pause(failures int) time.Duration {
	return min(firstPause<<min(max(0, failures-1), 10), longestPause)
}

// pending is a question to be put about a finding.
type pending struct {
	key      string
	question opinion.Question
}

// questions are what a second opinion is to be asked about findings, by their ids; nothing where none is configured.
func (a *analyst) questions(ctx context.Context, x reading, findings []state.Finding) (map[string]pending, error) {
	if a.Opinions == nil {
		return nil, nil
	}
	asked := map[string]pending{}
	for _, f := range findings {
		if !slices.Contains(a.Opinions.Levels, f.Level) || f.Quiet {
			continue
		}
		before, err := a.Store.Revision(ctx, f.Before.Statement, f.Before.Revision)
		if err != nil {
			return nil, err
		}
		passages, err := a.Store.PassagesOf(ctx, f.Before.Statement, f.Before.Revision)
		if err != nil {
			return nil, err
		}
		q := opinion.Question{Earlier: opinionSide(f.Before, before, passages), Later: opinionSide(f.After, x.r, x.passages)}
		asked[f.ID] = pending{q.Key(a.Opinions.Client.Model()), q}
	}
	return asked, nil
}

// opinionSide is a quote as a model is shown it.
func opinionSide(q statement.Quote, r statement.Revision, passages []statement.Passage) opinion.Side {
	s := opinion.Side{Date: q.Published.Figures(), Speaker: q.Speaker, Issuer: q.Issuer, Text: q.Text}
	if q.Published.Time.IsZero() {
		s.Date = ""
	}
	s.Before, s.After = opinion.Around(r.Body, q.Span.Start, q.Span.End)
	if i := slices.IndexFunc(passages, func(p statement.Passage) bool { return p.Text == q.Text }); i >= 0 {
		s.Question = passages[i].Question
	}
	return s
}

// hold has a new finding wait for its second opinion, in T2. Where the same was asked before, the answer is known, and counts at once, or
// once its quotations are translated.
func (a *analyst) hold(tx state.Tx, src statement.Source, f *state.Finding, p pending) error {
	now := a.Clock.Now()
	o, err := tx.Opinion(p.key)
	if errors.Is(err, statement.ErrNotFound) || err == nil && o.State == state.OpinionFailed {
		asked, err := json.Marshal(p.question)
		if err != nil {
			return err
		}
		o = state.Opinion{Key: p.key, Model: a.Opinions.Client.Model(), Question: string(asked), State: state.OpinionWaiting, CreatedAt: now, NextTry: now}
		if err := tx.PutOpinion(o); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	c := state.OpinionCase{Finding: f.ID, Opinion: p.key, Level: f.Level, HeldUntil: now.Add(a.Opinions.Wait), Held: true}
	waits := o.State == state.OpinionWaiting
	if !waits {
		if waits, err = a.awaitTranslations(tx, *f, o); err != nil {
			return err
		}
	}
	if waits {
		f.Held = true
		return tx.PutOpinionCase(c)
	}
	return a.concludeOne(tx, src, &c, f, o)
}

// holdForTranslations is hold for a finding that is not asked about: it waits where a quotation is to be translated.
func (a *analyst) holdForTranslations(tx state.Tx, f *state.Finding) (held bool, err error) {
	if held, err = a.awaitTranslations(tx, *f, state.Opinion{}); err != nil || !held {
		return false, err
	}
	f.Held = true
	return true, tx.PutOpinionCase(state.OpinionCase{Finding: f.ID, Level: f.Level, HeldUntil: a.Clock.Now().Add(a.Opinions.Wait), Held: true})
}

// OpineOptions shape a round of second opinions.
type OpineOptions struct {
	// Report is told of every finding that was held and is not any more; DroppedAt says whether it was dropped.
	Report func(state.Finding)
}

// Opined counts what a round of second opinions came to.
type Opined struct {
	Asked    int   // requests
	Settled  int   // questions
	Written  int   // translations and summaries
	Released int   // findings that went out without an opinion, since it took too long
	Outage   error // why the model was not asked further; nil if all that was due has been asked
}

// Opine asks for second opinions that are due, tells what waited for them, and what has waited too long. Nothing is asked inside a
// transaction. Each answer is kept before the next question is put: killed at any moment, the next run goes on from there. One process
// does so at a time; another's gets ErrElsewhere. Where no second opinion is configured, what was held when there was one is let go.
func (m *Monitor) Opine(ctx context.Context, o OpineOptions) (count Opined, err error) {
	if o.Report == nil {
		o.Report = func(state.Finding) {}
	}
	if m.Opinions == nil {
		return count, m.letGo(ctx, time.Time{}, o, &count)
	}
	release, err := holdLease(ctx, m.Store, m.Clock, m.Log, opinionLease, Holder(time.Now()))
	if errors.Is(err, state.ErrLeased) {
		return count, ErrElsewhere
	}
	if err != nil {
		return count, err
	}
	defer release()
	if err := m.letGo(ctx, m.Clock.Now(), o, &count); err != nil {
		return count, err
	}
	if err := m.letGoTranslated(ctx, o); err != nil {
		return count, err
	}
	for {
		if until := m.Opinions.resting(); until.After(m.Clock.Now()) {
			return count, nil
		}
		due, err := m.Store.OpinionsDue(ctx, m.Clock.Now(), askedAtOnce)
		if err != nil {
			return count, err
		}
		extras, err := m.Store.ExtrasDue(ctx, m.Clock.Now(), askedAtOnce)
		if err != nil || len(due)+len(extras) == 0 {
			return count, err
		}
		if err := m.OpinionAddress(ctx); err != nil {
			m.Opinions.leave(m.Clock.Now().Add(longestPause))
			m.Opinions.out(m.Clock.Now(), err, true)
			count.Outage = err
			return count, nil
		}
		if err := m.askAll(ctx, due, extras, o, &count); err != nil {
			return count, err
		}
		if err := errors.Join(m.letGo(ctx, m.Clock.Now(), o, &count), m.letGoTranslated(ctx, o)); err != nil || count.Outage != nil {
			return count, err
		}
	}
}

// ErrElsewhereKey says that the key of the second opinion has been used at another address before.
var ErrElsewhereKey = errors.New("the key of the second opinion was given to another address before")

// OpinionAddress checks that the key goes where it was first used, and notes where that is. An error is ErrElsewhereKey: nothing may
// be asked.
func (m *Monitor) OpinionAddress(ctx context.Context) error {
	c := m.Opinions.Client
	if c.KeyName() == "" {
		return nil
	}
	known, err := m.Store.OpinionAddress(ctx, c.KeyName())
	switch {
	case errors.Is(err, statement.ErrNotFound):
		return m.TrustOpinionAddress(ctx)
	case err != nil:
		return err
	case known != c.Address():
		return statement.WithHint(fmt.Errorf("%w: %s, and now base_url is %s: it is not sent there", ErrElsewhereKey, known, c.Address()),
			"if the new address may have it: volteface opinions trust; otherwise set base_url back, or make a new key for the new address")
	}
	return nil
}

// TrustOpinionAddress notes that the key goes to the address that is configured.
func (m *Monitor) TrustOpinionAddress(ctx context.Context) error {
	c := m.Opinions.Client
	return m.Store.Update(ctx, func(tx state.Tx) error { return tx.PutOpinionAddress(c.KeyName(), c.Address(), m.Clock.Now()) })
}

// NextOpinion is when Opine has something to do next; zero for never.
func (m *Monitor) NextOpinion(ctx context.Context) (time.Time, error) {
	release, ask, err := m.Store.NextOpinion(ctx)
	if m.Opinions == nil || err != nil {
		return release, err
	}
	if rest := m.Opinions.resting(); !ask.IsZero() && rest.After(ask) {
		ask = rest
	}
	if release.IsZero() || !ask.IsZero() && ask.Before(release) {
		return ask, nil
	}
	return release, nil
}

func (s *Opinions) resting() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rest
}

func (s *Opinions) leave(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until.After(s.rest) {
		s.rest = until
	}
}

// answered notes that the model answers.
func (s *Opinions) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed, s.outage = 0, OpinionOutage{Answered: true}
}

// out notes why the model cannot be asked, and since when that is so.
func (s *Opinions) out(now time.Time, why error, person bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outage.Since.IsZero() {
		s.outage.Since = now
	}
	s.outage.Err, s.outage.Person = why, person
}

// unanswered notes a request without an answer, and leaves the model alone for a while where that is due.
func (s *Opinions) unanswered(now time.Time, why *opinion.Unavailable) {
	s.mu.Lock()
	s.missed++
	missed := s.missed
	s.mu.Unlock()
	s.out(now, why.Err, why.Person)
	wait := why.After
	switch {
	case why.Person:
		wait = max(wait, longestPause/4)
	case missed >= mostMissed:
		wait = max(wait, pause(missed-mostMissed+1))
	}
	if wait > 0 {
		s.leave(now.Add(wait))
	}
}

// purse is what may still be spent.
type purse struct {
	mu               sync.Mutex
	requests, tokens int // left; negative for no bound
	nextDay, next    time.Time
}

// ErrSpent says that the bound of the day or of the month is reached.
var ErrSpent = statement.WithHint(errors.New("the bound of second opinions is reached"), "raise second_opinion.max_per_day or max_tokens_per_month, or wait for the next day or month (UTC)")

// purse counts what the day and the month have cost so far.
func (m *Monitor) purse(ctx context.Context) (*purse, error) {
	now := m.Clock.Now().UTC()
	day, month := now.Truncate(24*time.Hour), time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	p := &purse{requests: -1, tokens: -1, nextDay: day.AddDate(0, 0, 1), next: month.AddDate(0, 1, 0)}
	if m.Opinions.PerDay == 0 && m.Opinions.PerMonth == 0 {
		return p, nil
	}
	requests, tokens, err := m.Store.OpinionSpent(ctx, day, month)
	if m.Opinions.PerDay > 0 {
		p.requests = max(0, m.Opinions.PerDay-requests)
	}
	if m.Opinions.PerMonth > 0 {
		p.tokens = max(0, m.Opinions.PerMonth-tokens)
	}
	return p, err
}

// take takes a request of about so many tokens out of the purse; until is when there is more where there is not enough.
func (p *purse) take(tokens int) (until time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.requests == 0:
		return p.nextDay, false
	case p.tokens >= 0 && p.tokens < tokens:
		return p.next, false
	}
	if p.requests > 0 {
		p.requests--
	}
	if p.tokens >= 0 {
		p.tokens -= tokens
	}
	return time.Time{}, true
}

// give puts back what a request has not cost.
func (p *purse) give(tokens int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tokens >= 0 {
		p.tokens = max(0, p.tokens+tokens)
	}
}

// askAll asks questions side by side, then for extras, and stops where the model cannot be asked any more.
func (m *Monitor) askAll(ctx context.Context, due []state.Opinion, extras []state.Extra, o OpineOptions, count *Opined) error {
	money, err := m.purse(ctx)
	if err != nil {
		return err
	}
	var jobs []func() error
	var mu sync.Mutex
	counted := func(asked int, settled bool, told []state.Finding) {
		mu.Lock()
		defer mu.Unlock()
		if count.Asked += asked; settled {
			count.Settled++
		}
		for _, f := range told {
			o.Report(f)
		}
	}
	for _, question := range due {
		jobs = append(jobs, func() error {
			told, asked, err := m.ask(ctx, question, money)
			counted(asked, err == nil && told != nil, told)
			return err
		})
	}
	for _, extra := range extras {
		jobs = append(jobs, func() error {
			asked, written, err := m.write(ctx, extra, money)
			counted(asked, false, nil)
			if written {
				mu.Lock()
				count.Written++
				mu.Unlock()
			}
			return err
		})
	}
	outage, err := m.sideBySide(ctx, jobs)
	count.Outage = cmp.Or(count.Outage, outage)
	return err
}

// sideBySide does jobs, some at a time and in their order, until the model is to be left alone: outage says why.
func (m *Monitor) sideBySide(ctx context.Context, jobs []func() error) (outage, failed error) {
	var (
		mu      sync.Mutex
		stopped atomic.Bool
		workers sync.WaitGroup
		slots   = make(chan struct{}, askedSide)
	)
	for _, job := range jobs {
		slots <- struct{}{}
		if stopped.Load() || ctx.Err() != nil {
			<-slots
			break
		}
		workers.Go(func() {
			defer func() { <-slots }()
			err := job()
			mu.Lock()
			defer mu.Unlock()
			var away *opinion.Unavailable
			switch {
			case err == nil:
			case errors.Is(err, ErrSpent), errors.As(err, &away):
				if m.Opinions.resting().After(m.Clock.Now()) {
					outage = cmp.Or(outage, err)
					stopped.Store(true)
				}
			default:
				failed = cmp.Or(failed, err)
				stopped.Store(true)
			}
		})
	}
	workers.Wait()
	return outage, cmp.Or(failed, ctx.Err())
}

// ask puts a question until it is settled, and gives the findings that are told or dropped by that. An error is an
// *opinion.Unavailable or ErrSpent where the question waits on, else the store's or ctx's.
func (m *Monitor) ask(ctx context.Context, o state.Opinion, money *purse) (told []state.Finding, asked int, err error) {
	var q opinion.Question
	if err := json.Unmarshal([]byte(o.Question), &q); err != nil {
		told, err = m.settle(ctx, o, state.OpinionFailed, "what is to be asked cannot be read")
		return told, 0, err
	}
	if model := m.Opinions.Client.Model(); o.Model != model {
		return nil, 0, m.askAnother(ctx, o, q, model)
	}
	if q.ToMachines() {
		told, err = m.settle(ctx, o, state.OpinionFailed, "not asked: a text speaks to language models, and not to people")
		return told, 0, err
	}
	answers, err := m.Store.OpinionAnswers(ctx, o.Key)
	if err != nil {
		return nil, 0, err
	}
	for {
		verdict, outcome, swapped := opinion.Count(votes(answers))
		switch outcome {
		case opinion.Decided:
			o.Verdict = verdict
			o.Kind, o.Reason = majority(answers, verdict, q)
			told, err = m.settle(ctx, o, state.OpinionAnswered, "")
			return told, asked, err
		case opinion.Undecided, opinion.AllVoid:
			told, err = m.settle(ctx, o, state.OpinionVoid, "no two valid answers agree")
			return told, asked, err
		}
		x, bad, err := m.request(ctx, q, swapped, o.Key, money)
		if err != nil {
			return nil, asked, err
		}
		asked++
		var away *opinion.Unavailable
		var refused *opinion.Refused
		errors.As(bad, &away)
		errors.As(bad, &refused)
		o.Note = x.Note
		if x.State != state.AnswerFailed {
			m.Opinions.answered()
			o.Failures = 0
		} else {
			o.Failures++
			o.NextTry = m.Clock.Now().Add(pause(o.Failures))
		}
		if err := m.Store.Update(ctx, func(tx state.Tx) error { return errors.Join(tx.AddOpinionAnswer(x), tx.PutOpinion(o)) }); err != nil {
			return nil, asked, err
		}
		switch {
		case away != nil:
			m.Opinions.unanswered(m.Clock.Now(), away)
			return nil, asked, bad
		case refused != nil && o.Failures >= mostRefused:
			told, err = m.settle(ctx, o, state.OpinionFailed, x.Note)
			return told, asked, err
		case refused != nil:
			return nil, asked, nil
		}
		answers = append(answers, x)
	}
}

// votes are answers as they count.
func votes(answers []state.OpinionAnswer) (votes []opinion.Vote) {
	for _, a := range answers {
		if a.State != state.AnswerFailed {
			votes = append(votes, opinion.Vote{Swapped: a.Swapped, Void: a.State == state.AnswerVoid, Verdict: a.Verdict})
		}
	}
	return votes
}

// majority are the kind and the reason of those that decided: the first's, and no kind where they name different ones.
func majority(answers []state.OpinionAnswer, verdict statement.Verdict, q opinion.Question) (kind, reason string) {
	n := 0
	for _, a := range answers {
		if a.State != state.AnswerValid || a.Verdict != verdict {
			continue
		}
		read, err := opinion.Read(a.Content, q)
		switch n++; {
		case err != nil: // of another version of the program
		case reason == "":
			kind, reason = read.Kind, read.Reason
		case read.Kind != kind:
			kind = ""
		}
	}
	return kind, reason
}

// askAnother has a question that was meant for one model, which is not configured any more, put to another one.
func (m *Monitor) askAnother(ctx context.Context, o state.Opinion, q opinion.Question, model string) error {
	cases, err := m.Store.OpinionCases(ctx, o.Key)
	if err != nil {
		return err
	}
	now := m.Clock.Now()
	return m.Store.Update(ctx, func(tx state.Tx) error {
		fresh := state.Opinion{Key: q.Key(model), Model: model, Question: o.Question, State: state.OpinionWaiting, CreatedAt: now, NextTry: now}
		if known, err := tx.Opinion(fresh.Key); err == nil && known.State != state.OpinionWaiting {
			known.State, known.NextTry = state.OpinionWaiting, now // its answers are counted again, not asked for
			fresh = known
		} else if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return err
		}
		o.State, o.Note, o.SettledAt = state.OpinionFailed, "asked of "+model+" instead", now
		if err := errors.Join(tx.PutOpinion(fresh), tx.PutOpinion(o)); err != nil {
			return err
		}
		for _, c := range cases {
			c.Opinion = fresh.Key
			if err := tx.PutOpinionCase(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle ends a question, and has its findings told or dropped: one transaction.
func (m *Monitor) settle(ctx context.Context, o state.Opinion, as state.OpinionState, note string) ([]state.Finding, error) {
	cases, err := m.Store.OpinionCases(ctx, o.Key)
	if err != nil {
		return nil, err
	}
	o.State, o.Note, o.SettledAt = as, note, m.Clock.Now()
	told, err := m.conclude(ctx, cases, func(tx state.Tx) error { return tx.PutOpinion(o) })
	if told == nil {
		told = []state.Finding{}
	}
	return told, err
}

// letGo tells of what has been held until a moment, or of all that is held for a zero one.
func (m *Monitor) letGo(ctx context.Context, until time.Time, o OpineOptions, count *Opined) error {
	for {
		held, err := m.Store.HeldCases(ctx, until, askedAtOnce)
		if err != nil || len(held) == 0 {
			return err
		}
		told, err := m.conclude(ctx, held, func(state.Tx) error { return nil })
		if err != nil {
			return err
		}
		count.Released += len(told)
		for _, f := range told {
			o.Report(f)
		}
	}
}

// conclude does to findings what their second opinions say, and tells of those that were held: one transaction, after what write writes.
// An opinion that is not answered does nothing to them. One whose quotations are still to be translated is held on, until it has waited
// long enough. It gives those that are not held any more.
func (m *Monitor) conclude(ctx context.Context, cases []state.OpinionCase, write func(state.Tx) error) (done []state.Finding, err error) {
	sources := map[string]statement.Source{}
	for _, c := range cases {
		f, err := m.Store.Reversal(ctx, c.Finding)
		if err != nil {
			return nil, err
		}
		if sources[c.Finding], err = m.sourceOf(ctx, f.Source, f.After.Statement, f.After.Revision); err != nil {
			return nil, err
		}
	}
	err = m.Store.Update(ctx, func(tx state.Tx) error {
		done = nil
		if err := write(tx); err != nil {
			return err
		}
		for _, listed := range cases {
			c, err := tx.OpinionCase(listed.Finding) // as it is now
			if err != nil {
				return err
			}
			f, err := tx.Reversal(c.Finding)
			if err != nil {
				return err
			}
			o, err := tx.Opinion(c.Opinion)
			if err != nil && !errors.Is(err, statement.ErrNotFound) {
				return err
			}
			held := c.Held
			waits, err := m.awaitTranslations(tx, f, o)
			if err != nil {
				return err
			}
			if waits && held && c.HeldUntil.After(m.Clock.Now()) {
				continue
			}
			if err := m.concludeOne(tx, sources[c.Finding], &c, &f, o); err != nil {
				return err
			}
			if held {
				done = append(done, f)
			}
		}
		return nil
	})
	return done, err
}

// concludeOne is conclude for one finding.
func (m *Monitor) concludeOne(tx state.Tx, src statement.Source, c *state.OpinionCase, f *state.Finding, o state.Opinion) error {
	now, held := m.Clock.Now(), c.Held
	raised := m.weigh(c, f, o)
	c.Held = false
	if held && !f.Quiet {
		old, err := m.oldNews(tx, *f)
		if err != nil {
			return err
		}
		if f.Quiet = old || f.Review.Decision == state.Dismissed; old && f.Level == statement.LevelAlert {
			f.Level = statement.LevelReview
		}
	}
	if c.Effect == statement.EffectDropped && f.DroppedAt.IsZero() {
		f.DroppedAt = now
	}
	if _, err := tx.PutReversal(*f); err != nil {
		return err
	}
	if err := errors.Join(tx.SettleReversal(f.ID, f.DroppedAt, f.Quiet), tx.PutOpinionCase(*c)); err != nil {
		return err
	}
	if !f.DroppedAt.IsZero() || f.Quiet || !held && !raised {
		return nil
	}
	var again []string // rules that have told of it already, as a finding for review
	if !held {
		told, err := tx.ToldTurns("", time.Time{})
		if err != nil {
			return err
		}
		for _, x := range told {
			if x.Reversal == f.ID {
				again = append(again, x.Rule)
			}
		}
	}
	return m.tell(tx, src, *f, now, again...)
}

// weigh does to a finding what an opinion may: raise it, drop it, set its kind and a sentence of its explanation. What people have
// decided stands above it. What has been told is not dropped any more.
func (m *Monitor) weigh(c *state.OpinionCase, f *state.Finding, o state.Opinion) (raised bool) {
	if o.State != state.OpinionAnswered || c.Effect != statement.EffectNone || f.SecondOpinion != nil {
		return false
	}
	f.SecondOpinion = &statement.SecondOpinion{Model: o.Model, Verdict: o.Verdict, Kind: o.Kind, Reason: o.Reason, At: o.SettledAt.UTC().Format(time.RFC3339)}
	if o.Verdict == f.Verdict && o.Kind != "" && o.Kind != f.Kind {
		f.Kind = o.Kind
		f.Before.Stance, f.After.Stance = stances(f.Kind)
		var q opinion.Question
		if f.Proposition == "" && json.Unmarshal([]byte(o.Question), &q) == nil {
			f.Explanation = reversal.Explain(reversal.Turn{Verdict: string(f.Verdict), Kind: f.Kind, Before: statement.Passage{Text: f.Before.Text, Question: q.Earlier.Question},
				After: statement.Passage{Text: f.After.Text, Question: q.Later.Question}}, side(f.Before), side(f.After))
		}
	}
	f.Explanation += " " + f.SecondOpinion.Sentence()
	switch {
	case f.Review.Decision != state.Open:
	case o.Verdict == statement.VerdictNone && c.Held:
		c.Effect = statement.EffectDropped
	case o.Verdict == statement.VerdictReversal && f.Verdict == statement.VerdictReversal && f.Level == statement.LevelReview && !f.Quiet:
		c.Effect, f.Level, raised = statement.EffectRaised, statement.LevelAlert, true
	}
	f.SecondOpinion.Effect = c.Effect
	return raised
}

// oldNews reports whether a finding that was held says of the same earlier words, or in the same later ones, what another one has been
// told of in the meantime.
func (m *Monitor) oldNews(tx state.Tx, f state.Finding) (bool, error) {
	for _, id := range []string{f.Before.Statement, f.After.Statement} {
		known, err := tx.Reversals(state.ReversalFilter{Statement: id})
		if err != nil {
			return false, err
		}
		for _, k := range known {
			again := k.Before.Statement == f.Before.Statement && k.Before.Text == f.Before.Text && k.Verdict == statement.VerdictReversal && !k.After.Published.Time.After(f.After.Published.Time)
			topical := f.Proposition == "" && k.Proposition != "" && k.After.Statement == f.After.Statement && k.After.Text == f.After.Text
			if k.ID == f.ID || !again && !topical {
				continue
			}
			if c, err := tx.OpinionCase(k.ID); err == nil && c.Held {
				continue
			} else if err != nil && !errors.Is(err, statement.ErrNotFound) {
				return false, err
			}
			return true, nil
		}
	}
	return false, nil
}

// heldBack reports whether nobody has been told yet of a finding, since it waits for its second opinion.
func (m *Monitor) heldBack(ctx context.Context, id string) (bool, error) {
	if m.Opinions == nil {
		return false, nil
	}
	c, err := m.Store.OpinionCase(ctx, id)
	if errors.Is(err, statement.ErrNotFound) {
		return false, nil
	}
	return c.Held, err
}

// Restore brings back a finding that a second opinion has dropped, and tells of it as if it had not been. No later opinion drops it again.
// It fails with statement.ErrNotFound if it was not dropped.
func (m *Monitor) Restore(ctx context.Context, id string) (f state.Finding, err error) {
	if f, err = m.Store.Reversal(ctx, id); err != nil {
		return f, err
	}
	src, err := m.sourceOf(ctx, f.Source, f.After.Statement, f.After.Revision)
	if err != nil {
		return f, err
	}
	err = m.Store.Update(ctx, func(tx state.Tx) error {
		if f, err = tx.Reversal(f.ID); err != nil {
			return err
		}
		if f.DroppedAt.IsZero() {
			return fmt.Errorf("dropped finding %s: %w", f.ID, statement.ErrNotFound)
		}
		if err := restored(tx, &f); err != nil || f.Quiet {
			return err
		}
		return m.tell(tx, src, f, m.Clock.Now())
	})
	return f, err
}

// restored takes back that a finding was dropped.
func restored(tx state.Tx, f *state.Finding) error {
	f.DroppedAt = time.Time{}
	if o := f.SecondOpinion; o != nil {
		after := *o
		after.Effect = statement.EffectRestored
		f.SecondOpinion = &after
	}
	if _, err := tx.PutReversal(*f); err != nil {
		return err
	}
	if err := tx.SettleReversal(f.ID, f.DroppedAt, f.Quiet); err != nil {
		return err
	}
	c, err := tx.OpinionCase(f.ID)
	if errors.Is(err, statement.ErrNotFound) {
		return nil
	}
	c.Effect = statement.EffectRestored
	return errors.Join(err, tx.PutOpinionCase(c))
}

// AskByHand asks about a pair that is no finding, as a finding is asked about. What it costs counts; the answers are kept.
func (m *Monitor) AskByHand(ctx context.Context, q opinion.Question) (answers []state.OpinionAnswer, outcome opinion.Outcome, read opinion.Answer, err error) {
	if err := m.OpinionAddress(ctx); err != nil {
		return nil, "", read, err
	}
	money, err := m.purse(ctx)
	if err != nil {
		return nil, "", read, err
	}
	for {
		verdict, outcome, swapped := opinion.Count(votes(answers))
		if outcome != opinion.Open {
			read.Verdict = verdict
			read.Kind, read.Reason = majority(answers, verdict, q)
			return answers, outcome, read, nil
		}
		x, bad, err := m.request(ctx, q, swapped, "", money)
		if err != nil {
			return answers, outcome, read, err
		}
		if err := m.Store.Update(ctx, func(tx state.Tx) error { return tx.AddOpinionAnswer(x) }); err != nil {
			return answers, outcome, read, err
		}
		answers = append(answers, x)
		if x.State == state.AnswerFailed {
			return answers, outcome, read, bad
		}
	}
}

// request puts a question once, and says what came of it; bad is why it has no valid answer. An error is ErrSpent or ctx's: none was made.
func (m *Monitor) request(ctx context.Context, q opinion.Question, swapped bool, key string, money *purse) (x state.OpinionAnswer, bad, err error) {
	var read opinion.Answer
	x, bad, err = m.spend(ctx, money, opinion.Cost(q), func() (opinion.Reply, error) { return m.Opinions.Client.Ask(ctx, q, swapped) },
		func(content string) (err error) { read, err = opinion.Read(content, q); return err })
	x.Opinion, x.Swapped, x.Verdict = key, swapped, read.Verdict
	return x, bad, err
}

// spend makes one request of about so many tokens, reads its answer, and says what came of it, as request does.
func (m *Monitor) spend(ctx context.Context, money *purse, cost int, ask func() (opinion.Reply, error), read func(content string) error) (x state.OpinionAnswer, bad, err error) {
	if until, enough := money.take(cost); !enough {
		m.Opinions.leave(until)
		return x, nil, ErrSpent
	}
	reply, bad := ask()
	if ctx.Err() != nil {
		return x, nil, ctx.Err()
	}
	money.give(cost - reply.In - reply.Out)
	x = state.OpinionAnswer{At: m.Clock.Now(), Model: reply.Model, Content: reply.Content, In: reply.In, Out: reply.Out, Took: reply.Took}
	if bad == nil {
		bad = read(reply.Content)
	}
	switch {
	case bad == nil:
		x.State = state.AnswerValid
	case errors.Is(bad, opinion.ErrVoid):
		x.State, x.Note = state.AnswerVoid, bad.Error()
	default:
		x.State, x.Note = state.AnswerFailed, bad.Error()
	}
	return x, bad, nil
}
