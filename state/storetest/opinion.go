package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// Questions, answers and findings that wait for them come back; what is due is told from what is not.
func opinions(t *testing.T, h *house) {
	ask := func(key string, next time.Time) state.Opinion {
		return state.Opinion{Key: key, Model: "m", Question: `{"Earlier":{}}`, State: state.OpinionWaiting, CreatedAt: noon, NextTry: next, Failures: 2, Note: "busy"}
	}
	first, second := ask("k1", noon), ask("k2", hours(2))
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutOpinion(second), tx.PutOpinion(first)) })
	due := func(at time.Time) (keys []string) {
		all, err := h.OpinionsDue(h.ctx, at, 0)
		h.must(err)
		for _, o := range all {
			keys = append(keys, o.Key)
		}
		return keys
	}
	h.same("due", due(noon), []string{"k1"})
	h.same("due later", due(hours(2)), []string{"k1", "k2"})
	got, err := h.Opinion(h.ctx, "k1")
	h.must(err)
	h.same("a question", got, first)
	if _, err := h.Opinion(h.ctx, "k"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("no question: %v", err)
	}
	first.State, first.Verdict, first.Kind, first.Reason, first.SettledAt = state.OpinionAnswered, statement.VerdictReversal, "retraction", "It does.", hours(1)
	answer := state.OpinionAnswer{Opinion: "k1", Swapped: true, At: hours(1), State: state.AnswerValid, Verdict: statement.VerdictNone, Model: "m-2", Content: "{\x00}", Note: "", In: 300, Out: 20, Took: 1500 * time.Millisecond}
	void := state.OpinionAnswer{Opinion: "k2", At: hours(30), State: state.AnswerVoid, Note: "why", In: 10, Out: 1}
	h.update(func(tx state.Tx) error {
		if err := errors.Join(tx.PutOpinion(first), tx.AddOpinionAnswer(answer), tx.AddOpinionAnswer(void)); err != nil {
			return err
		}
		got, err := tx.Opinion("k1")
		h.same("settled", got, first)
		if _, none := tx.Opinion("k9"); !errors.Is(none, statement.ErrNotFound) {
			t.Errorf("no question: %v", none)
		}
		return err
	})
	h.same("a settled one is not due", due(hours(2)), []string{"k2"})
	answers, err := h.OpinionAnswers(h.ctx, "k1")
	h.must(err)
	if len(answers) == 1 {
		answer.ID = answers[0].ID
	}
	h.same("answers", answers, []state.OpinionAnswer{answer})
	requests, tokens, err := h.OpinionSpent(h.ctx, hours(24), noon)
	h.must(err)
	h.same("spent", []int{requests, tokens}, []int{1, 331})

	put := func(id string, until time.Time, key string) state.OpinionCase {
		c := state.OpinionCase{Finding: id, Opinion: key, Level: statement.LevelReview, HeldUntil: until, Held: true}
		f := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: noon}
		f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelReview, Explanation: "It appears to."}
		h.update(func(tx state.Tx) error {
			_, err := tx.PutReversal(f)
			return errors.Join(err, tx.PutOpinionCase(c))
		})
		return c
	}
	a, b := put("f1", hours(1), "k1"), put("f2", hours(3), "k2")
	cases := func(until time.Time, limit int) []state.OpinionCase {
		all, err := h.HeldCases(h.ctx, until, limit)
		h.must(err)
		return all
	}
	h.same("held too long", cases(hours(2), 0), []state.OpinionCase{a})
	h.same("all that is held", cases(time.Time{}, 0), []state.OpinionCase{a, b})
	h.same("one", cases(time.Time{}, 1), []state.OpinionCase{a})
	release, next, err := h.NextOpinion(h.ctx)
	h.must(err)
	h.same("what comes next", []time.Time{release, next}, []time.Time{hours(1), hours(2)})
	a.Held, a.Effect = false, statement.EffectDropped
	h.update(func(tx state.Tx) error {
		if _, err := tx.Reversal("f"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("a finding by half of its name: %v", err)
		}
		return errors.Join(tx.PutOpinionCase(a), tx.SettleReversal("f1", hours(1), true))
	})
	of, err := h.OpinionCases(h.ctx, "k1")
	h.must(err)
	h.same("cases of a question", of, []state.OpinionCase{a})
	c, err := h.OpinionCase(h.ctx, "f1")
	h.must(err)
	h.same("a case", c, a)
	if _, err := h.OpinionCase(h.ctx, "f9"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("no case: %v", err)
	}
	ids := func(f state.ReversalFilter) (ids []string) {
		all, err := h.Reversals(h.ctx, f)
		h.must(err)
		for _, x := range all {
			ids = append(ids, x.ID)
		}
		return ids
	}
	h.same("without what was dropped", ids(state.ReversalFilter{}), []string{"f2"})
	h.same("with it", ids(state.ReversalFilter{Dropped: true}), []string{"f1", "f2"})
	h.same("it alone", ids(state.ReversalFilter{OnlyDropped: true}), []string{"f1"})
	f, err := h.Reversal(h.ctx, "f1")
	h.must(err)
	if !f.DroppedAt.Equal(hours(1)) || !f.Quiet {
		t.Errorf("dropped: %+v", f)
	}
	h.update(func(tx state.Tx) error { return tx.Review("f1", state.Review{Decision: state.Confirmed, At: noon}) })
	tally, err := h.OpinionTally(h.ctx)
	h.must(err)
	h.same("tally", tally, state.OpinionTally{
		Questions: map[state.OpinionState]int{state.OpinionAnswered: 1, state.OpinionWaiting: 1}, Answers: map[state.AnswerState]int{state.AnswerValid: 1, state.AnswerVoid: 1},
		Extras: map[state.OpinionState]int{}, In: 310, Out: 21, Held: 1, Effects: map[statement.Effect]int{statement.EffectDropped: 1}, Decided: 1, Agreed: 1,
	})
	if _, err := h.OpinionAddress(h.ctx, "fingerprint"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("a key never used: %v", err)
	}
	for _, address := range []string{"https://a.example/v1", "https://b.example/v1"} {
		h.update(func(tx state.Tx) error { return tx.PutOpinionAddress("fingerprint", address, noon) })
		got, err := h.OpinionAddress(h.ctx, "fingerprint")
		h.must(err)
		h.same("address", got, address)
	}
}

// What a second opinion did to a finding stays when an engine finds it again.
func opinionsStay(t *testing.T, h *house) {
	f := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: noon}
	f.Reversal = statement.Reversal{ID: "f1", Verdict: statement.VerdictReversal, Level: statement.LevelReview, Explanation: "It appears to.", Engine: "1"}
	put := func() {
		h.update(func(tx state.Tx) error { _, err := tx.PutReversal(f); return err })
	}
	put()
	f.Level, f.SecondOpinion = statement.LevelAlert, &statement.SecondOpinion{Model: "m", Verdict: statement.VerdictReversal, Reason: "It does.", Effect: statement.EffectRaised}
	put()
	want := f.SecondOpinion
	f.Level, f.SecondOpinion, f.Engine = statement.LevelReview, nil, "2"
	put()
	got, err := h.Reversal(h.ctx, "f1")
	h.must(err)
	h.same("opinion", got.SecondOpinion, want)
	if got.Level != statement.LevelAlert || got.Engine != "2" || got.Explanation != "It appears to. A second opinion, judged by m, sees a reversal, too: It does." {
		t.Errorf("%+v", got.Reversal)
	}
}

// Extras come back, are due until they are written, and only then are they shown; alerts that wait for one go at once.
func extras(t *testing.T, h *house) {
	wait := func(key string, next time.Time, event int64) state.Extra {
		return state.Extra{Key: key, Kind: "translation", Language: "en", Asked: `{"Text":"Мы не дали."}`, Event: event, State: state.OpinionWaiting, CreatedAt: noon, NextTry: next, Failures: 1, Note: "busy"}
	}
	first, second := wait("t1", noon, 0), wait("t2", hours(2), 7)
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutExtra(second), tx.PutExtra(first)) })
	due := func(at time.Time, limit int) (keys []string) {
		all, err := h.ExtrasDue(h.ctx, at, limit)
		h.must(err)
		for _, e := range all {
			keys = append(keys, e.Key)
		}
		return keys
	}
	h.same("due", due(noon, 0), []string{"t1"})
	h.same("due later", due(hours(2), 0), []string{"t1", "t2"})
	h.same("one of them", due(hours(2), 1), []string{"t1"})
	_, next, err := h.NextOpinion(h.ctx)
	h.must(err)
	h.same("what comes next", next, noon)
	if _, err := h.MachineText(h.ctx, "t1"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("not written yet: %v", err)
	}
	first.State, first.Model, first.Text, first.SettledAt = state.OpinionAnswered, "m", "We gave none.", hours(1)
	h.update(func(tx state.Tx) error {
		if err := tx.PutExtra(first); err != nil {
			return err
		}
		got, err := tx.Extra("t1")
		h.same("an extra", got, first)
		if _, none := tx.Extra("t9"); !errors.Is(none, statement.ErrNotFound) {
			t.Errorf("no extra: %v", none)
		}
		return err
	})
	text, err := h.MachineText(h.ctx, "t1")
	h.must(err)
	h.same("a text", text, statement.MachineText{Model: "m", Language: "en", Text: "We gave none."})
	h.same("a written one is not due", due(hours(2), 0), []string{"t2"})
	tally, err := h.OpinionTally(h.ctx)
	h.must(err)
	h.same("tally", tally.Extras, map[state.OpinionState]int{state.OpinionAnswered: 1, state.OpinionWaiting: 1})

	put := func(key, digest string, event int64, kind statement.AlertKind) statement.Alert {
		return statement.Alert{Key: key, MessageID: key, Kind: kind, Event: event, Channel: "email", Recipient: "a@b.example", State: statement.Pending, Digest: digest, CreatedAt: noon, NextAttempt: hours(9)}
	}
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.Enqueue(put("waits", "", 7, statement.AlertEvent)), tx.Enqueue(put("digest", "daily 08:00", 7, statement.AlertEvent)),
			tx.Enqueue(put("other", "", 8, statement.AlertEvent)), tx.Enqueue(put("notice", "", 7, statement.AlertNotice)), tx.HastenAlerts(7, hours(1)))
	})
	all, err := h.Alerts(h.ctx, state.AlertFilter{})
	h.must(err)
	for _, a := range all {
		if want := map[bool]time.Time{true: hours(1), false: hours(9)}[a.Key == "waits"]; !a.NextAttempt.Equal(want) {
			t.Errorf("%s is due at %s", a.Key, a.NextAttempt)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d alerts", len(all))
	}
}
