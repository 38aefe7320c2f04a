package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"volteface/internal/alert"
	"volteface/internal/opinion"
	"volteface/internal/statement"
	"volteface/state"
)

const (
	// leastSummarised is how many characters a statement must have for a summary to save anybody time: about 300 words.
	leastSummarised = 2_000
	// mostVoidExtras is how many texts of an extra may be void before none is asked for any more.
	mostVoidExtras = 2
)

// revised is what a summary is asked for of, in the tables.
type revised struct {
	Statement string `json:"statement"`
	Revision  int    `json:"revision"`
}

// awaitTranslations reports whether a finding with an opinion is to wait for its quotations to be translated, and has them
// asked for. What the opinion drops is not translated.
func (m *Monitor) awaitTranslations(tx state.Tx, f state.Finding, o state.Opinion) (waits bool, err error) {
	dropped := o.State == state.OpinionAnswered && o.Verdict == statement.VerdictNone && f.Review.Decision == state.Open
	if m.Opinions == nil || m.Opinions.Translate == "" || f.Quiet || dropped {
		return false, nil
	}
	for _, q := range []statement.Quote{f.Before, f.After} {
		e := opinion.Extra{Kind: opinion.Translation, Into: m.Opinions.Translate, Language: q.Language, Text: q.Text}
		if !e.Fit() {
			continue
		}
		asked, err := json.Marshal(e)
		if err != nil {
			return false, err
		}
		pending, err := m.order(tx, state.Extra{Key: e.Key(), Kind: string(e.Kind), Language: e.Into, Asked: string(asked)})
		if err != nil {
			return false, err
		}
		waits = waits || pending
	}
	return waits, nil
}

// order has an extra asked for unless it was before, and reports whether it is still to come. What another model has failed
// at is asked for anew.
func (m *Monitor) order(tx state.Tx, e state.Extra) (pending bool, err error) {
	known, err := tx.Extra(e.Key)
	ended := known.State == state.OpinionVoid || known.State == state.OpinionFailed
	switch {
	case err == nil && (!ended || known.Model == m.Opinions.Client.Model()):
		return known.State == state.OpinionWaiting, nil
	case err != nil && !errors.Is(err, statement.ErrNotFound):
		return false, err
	}
	e.State, e.CreatedAt, e.NextTry = state.OpinionWaiting, m.Clock.Now(), m.Clock.Now()
	return true, tx.PutExtra(e)
}

// awaitSummary has what an event is about summed up, where that is wanted, and its alerts wait for it: those that go by
// themselves, and for so long as a finding waits for its opinion at most.
func (m *Monitor) awaitSummary(tx state.Tx, ev statement.Event, alerts []statement.Alert) error {
	if m.Opinions == nil || !m.Opinions.Summarize || ev.Statement == "" {
		return nil
	}
	kind := opinion.Changes
	switch {
	case ev.State == statement.Changed && ev.Class == statement.ClassSubstantive:
	case ev.State == statement.New:
		kind = opinion.Summary
	default:
		return nil
	}
	r, err := tx.Revision(ev.Statement, ev.Revision)
	if err != nil {
		return err
	}
	into := cmp.Or(m.Opinions.Translate, r.Language)
	if into == "" || kind == opinion.Summary && utf8.RuneCountInString(r.Body) < leastSummarised {
		return nil
	}
	asked, err := json.Marshal(revised{ev.Statement, ev.Revision})
	if err != nil {
		return err
	}
	pending, err := m.order(tx, state.Extra{
		Key: opinion.SummaryKey(kind, into, ev.Statement, ev.Revision), Kind: string(kind), Language: into, Asked: string(asked), Event: ev.ID,
	})
	if err != nil || !pending {
		return err
	}
	for i := range alerts {
		a := &alerts[i]
		later := ev.At.Add(m.Opinions.Wait)
		if a.Digest != "" || !later.After(a.NextAttempt) {
			continue
		}
		if !a.ExpiresAt.IsZero() {
			a.ExpiresAt = a.ExpiresAt.Add(later.Sub(a.NextAttempt))
		}
		a.NextAttempt = later
	}
	return nil
}

// letGoTranslated tells of findings whose question is settled and whose quotations are translated, or will not be.
func (m *Monitor) letGoTranslated(ctx context.Context, o OpineOptions) error {
	held, err := m.Store.HeldCases(ctx, time.Time{}, 0)
	if err != nil {
		return err
	}
	var ready []state.OpinionCase
	for _, c := range held {
		if c.Opinion != "" {
			question, err := m.Store.Opinion(ctx, c.Opinion)
			if err != nil && !errors.Is(err, statement.ErrNotFound) {
				return err
			}
			if question.State == state.OpinionWaiting {
				continue
			}
		}
		ready = append(ready, c)
	}
	if len(ready) == 0 {
		return nil
	}
	told, err := m.conclude(ctx, ready, func(state.Tx) error { return nil })
	for _, f := range told {
		o.Report(f)
	}
	return err
}

// write asks for an extra until it is written or void. An error is an *opinion.Unavailable or ErrSpent where it waits on,
// else the store's or ctx's.
func (m *Monitor) write(ctx context.Context, x state.Extra, money *purse) (asked int, written bool, err error) {
	e, why, err := m.asked(ctx, x)
	if err != nil {
		return 0, false, err
	}
	x.Model = "" // whatever it fails at, another one may not
	if why == "" && !e.Fit() {
		why = "not asked for: the text is none to be sent to a model"
	}
	if why != "" {
		return 0, false, m.endExtra(ctx, x, state.OpinionFailed, "", why)
	}
	x.Model = m.Opinions.Client.Model()
	for void := 0; ; {
		var text string
		answer, bad, err := m.spend(ctx, money, e.Cost(), func() (opinion.Reply, error) { return m.Opinions.Client.Write(ctx, e) },
			func(content string) (err error) { text, err = opinion.ReadExtra(content, e); return err })
		if err != nil {
			return asked, false, err
		}
		asked++
		answer.Opinion = x.Key
		x.Note = answer.Note
		if answer.State != state.AnswerFailed {
			m.Opinions.answered()
			x.Failures = 0
		} else {
			x.Failures++
			x.NextTry = m.Clock.Now().Add(pause(x.Failures))
		}
		if err := m.Store.Update(ctx, func(tx state.Tx) error {
			return errors.Join(tx.AddOpinionAnswer(answer), tx.PutExtra(x))
		}); err != nil {
			return asked, false, err
		}
		var away *opinion.Unavailable
		switch {
		case bad == nil:
			return asked, true, m.endExtra(ctx, x, state.OpinionAnswered, text, "")
		case errors.As(bad, &away):
			m.Opinions.unanswered(m.Clock.Now(), away)
			return asked, false, bad
		case answer.State == state.AnswerFailed && x.Failures >= mostRefused:
			return asked, false, m.endExtra(ctx, x, state.OpinionFailed, "", x.Note)
		case answer.State == state.AnswerFailed:
			return asked, false, nil
		}
		if void++; void == mostVoidExtras {
			return asked, false, m.endExtra(ctx, x, state.OpinionVoid, "", x.Note)
		}
	}
}

// asked is what is to be asked for; why says in words why it is not, "" where it is.
func (m *Monitor) asked(ctx context.Context, x state.Extra) (e opinion.Extra, why string, err error) {
	kind := opinion.ExtraKind(x.Kind)
	if kind == opinion.Translation {
		switch err := json.Unmarshal([]byte(x.Asked), &e); {
		case err != nil:
			return e, "what is to be asked for cannot be read", nil
		case x.Language != m.Opinions.Translate:
			return e, "second_opinion.translate does not ask for it any more", nil
		}
		return e, "", nil
	}
	if !m.Opinions.Summarize {
		return e, "second_opinion.summarize does not ask for it any more", nil
	}
	var of revised
	if err := json.Unmarshal([]byte(x.Asked), &of); err != nil {
		return e, "what is to be asked for cannot be read", nil
	}
	r, err := m.Store.Revision(ctx, of.Statement, of.Revision)
	if err != nil {
		return e, "", err
	}
	e = opinion.Extra{Kind: kind, Into: x.Language, Language: r.Language, Title: r.Title, Text: r.Body}
	if kind == opinion.Changes {
		before, err := m.Store.Revision(ctx, of.Statement, of.Revision-1)
		if err != nil {
			return e, "", err
		}
		if e.Text, err = alert.Difference(before, r); err != nil {
			return e, "", err
		}
	}
	return e, "", nil
}

// endExtra ends an extra, and has the alerts that wait for it go.
func (m *Monitor) endExtra(ctx context.Context, x state.Extra, as state.OpinionState, text, note string) error {
	x.State, x.Text, x.Note, x.SettledAt = as, text, note, m.Clock.Now()
	return m.Store.Update(ctx, func(tx state.Tx) error {
		if err := tx.PutExtra(x); err != nil || x.Event == 0 {
			return err
		}
		return tx.HastenAlerts(x.Event, x.SettledAt)
	})
}
