package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func analyses(t *testing.T, h *house) {
	early := state.Analysis{Statement: "s-1", Revision: 1, Said: noon.Add(-time.Hour), Quiet: true}
	late := state.Analysis{Statement: "s-2", Revision: 1, Said: noon}
	h.update(func(tx state.Tx) error {
		for _, id := range []string{"s-1", "s-2"} {
			if err := tx.PutStatement(sample(id, 1)); err != nil {
				return err
			}
		}
		return errors.Join(tx.PutAnalysis(late), tx.PutAnalysis(early))
	})
	due, err := h.AnalysesDue(h.ctx, 0)
	h.must(err)
	h.same("due", due, []state.Analysis{early, late})
	done := early
	done.Engine, done.Outcome, done.At, done.Judged = "1", "analysed", noon, true
	h.update(func(tx state.Tx) error {
		if _, err := tx.Analysis("s-2", 2); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("an analysis that is not there: %v", err)
		}
		if err := tx.PutAnalysis(done); err != nil {
			return err
		}
		got, err := tx.Analysis("s-1", 1)
		h.same("done", got, done)
		return err
	})
	counts, err := h.AnalysisCounts(h.ctx)
	h.must(err)
	h.same("counts", counts, state.AnalysisCounts{Due: 1, Unread: 1, News: 1, Outcomes: map[string]int{"analysed": 1}})
	read, err := h.Analysed(h.ctx, early.Said)
	h.must(err)
	h.same("analysed", read, []state.Analysis{done})
	half := late
	half.Engine, half.At = "1", noon
	h.update(func(tx state.Tx) error { return tx.PutAnalysis(half) })
	due, err = h.JudgementsDue(h.ctx, 0)
	h.must(err)
	h.same("to be judged", due, []state.Analysis{half})
	counts, err = h.AnalysisCounts(h.ctx)
	h.must(err)
	h.same("counts of what is half done", counts, state.AnalysisCounts{Due: 1, News: 1, Outcomes: map[string]int{"analysed": 1}})
	h.update(func(tx state.Tx) error { return tx.PutAnalysis(late) })
	again, err := h.Reanalyse(h.ctx, "1")
	h.must(err)
	if again != 0 {
		t.Errorf("%d to do again for the same engine", again)
	}
	again, err = h.Reanalyse(h.ctx, "2")
	h.must(err)
	due, err = h.AnalysesDue(h.ctx, 1)
	h.must(err)
	if again != 1 || len(due) != 1 || due[0].Statement != "s-1" || !due[0].Quiet {
		t.Errorf("%d to do again for another engine, first %+v", again, due)
	}
}

func passages(t *testing.T, h *house) {
	var ids []int64
	put := func(id, space string, said time.Time, n int) {
		h.update(func(tx state.Tx) error {
			p := statement.Passage{
				Statement: id, Revision: 1, N: n, Space: space, Said: said, Text: "of " + id, Question: "Did it?", Span: statement.Span{Start: 3, End: 8},
				Speaker: "Spokesman", Voice: statement.VoiceOfficial, Language: "fa", Terms: []uint32{uint32(len(ids)), 1<<32 - 1},
			}
			n, err := tx.PutPassage(p)
			ids = append(ids, n)
			return err
		})
	}
	put("old", "IR", noon.AddDate(-60, 0, 0), 1)
	put("new", "IR", noon, 2)
	put("new", "IR", noon, 1)
	put("us", "US", noon.Add(-time.Hour), 1)
	if !(ids[0] < ids[3] && ids[3] < ids[1] && ids[1] < ids[2]) {
		t.Errorf("the numbers %v do not grow with time", ids)
	}
	first := statement.FirstPassage(noon)
	if ids[1] != first || ids[0] >= first || !statement.PassageSaid(ids[2]).Equal(noon.Truncate(time.Second)) {
		t.Errorf("numbers %v of what was said about %d", ids, first)
	}
	got, err := h.Passages(h.ctx, []int64{ids[0], 7})
	h.must(err)
	want := statement.Passage{
		ID: ids[0], Statement: "old", Revision: 1, N: 1, Space: "IR", Said: noon.AddDate(-60, 0, 0).Truncate(time.Second), Text: "of old", Question: "Did it?",
		Span: statement.Span{Start: 3, End: 8}, Speaker: "Spokesman", Voice: statement.VoiceOfficial, Language: "fa", Terms: []uint32{0, 1<<32 - 1},
	}
	h.same("a passage", got, []statement.Passage{want})
	of, err := h.PassagesOf(h.ctx, "new", 1)
	h.must(err)
	if len(of) != 2 || of[0].ID != ids[2] || of[1].ID != ids[1] {
		t.Errorf("passages of a revision: %+v", of)
	}
	terms := func(space string, after int64, limit int) (list []int64, last int64) {
		all, err := h.PassageTerms(h.ctx, space, after, limit)
		h.must(err)
		for _, v := range all {
			list, last = append(list, v.Passage), v.Seq
			if len(v.Terms) != 2 {
				t.Errorf("terms %v", v.Terms)
			}
		}
		return list, last
	}
	list, last := terms("IR", 0, 2)
	h.same("the first terms", list, ids[:2])
	list, last = terms("IR", last, 0)
	h.same("the rest", list, ids[2:3])
	h.update(func(tx state.Tx) error { return tx.DropPassages("new", 1) })
	put("new", "IR", noon, 1)
	list, _ = terms("IR", last, 0)
	h.same("put again", list, ids[4:])
	list, _ = terms("IR", 0, 0)
	h.same("all that are left", list, []int64{ids[0], ids[4]})
	if list, _ = terms("FR", 0, 0); len(list) > 0 {
		t.Errorf("terms of nobody: %v", list)
	}
}

func reversals(t *testing.T, h *house) {
	finding := func(id string, level statement.Level, said time.Time) state.Finding {
		f := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: noon}
		f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: level, Kind: "denial_to_admission", Score: 0.9, Topic: "drones"}
		f.Before = statement.Quote{Statement: "s-1", Text: "Iran has not supplied drones.", Published: statement.Date{Time: noon.AddDate(0, -1, 0), HasTime: true}}
		f.After = statement.Quote{Statement: "s-2", Text: "A limited number was supplied.", Published: statement.Date{Time: said, HasTime: true}}
		return f
	}
	a, b := finding("abc", statement.LevelAlert, noon), finding("abd", statement.LevelReview, noon.Add(time.Hour))
	put := func(f state.Finding) (fresh bool) {
		h.update(func(tx state.Tx) (err error) {
			fresh, err = tx.PutReversal(f)
			return err
		})
		return fresh
	}
	if !put(a) || !put(b) || put(a) {
		t.Error("what is new is not told from what is known")
	}
	ids := func(f state.ReversalFilter) (ids []string) {
		all, err := h.Reversals(h.ctx, f)
		h.must(err)
		for _, x := range all {
			ids = append(ids, x.ID)
		}
		return ids
	}
	h.same("all", ids(state.ReversalFilter{}), []string{"abd", "abc"})
	h.same("level", ids(state.ReversalFilter{Levels: []statement.Level{statement.LevelAlert}}), []string{"abc"})
	h.same("since", ids(state.ReversalFilter{Since: noon.Add(time.Minute)}), []string{"abd"})
	h.same("topic", ids(state.ReversalFilter{Topics: []string{"x"}}), []string(nil))
	h.same("statement", ids(state.ReversalFilter{Statement: "s-1", Limit: 1}), []string{"abd"})
	review := state.Review{Decision: state.Dismissed, Reason: "another period", At: noon}
	h.update(func(tx state.Tx) error {
		if err := tx.Review("zzz", review); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("review of nothing: %v", err)
		}
		return tx.Review("abc", review)
	})
	a.Score, a.FoundAt = 0.7, noon.Add(time.Hour)
	put(a)
	got, err := h.Reversal(h.ctx, "abc")
	h.must(err)
	if got.Review != review || got.Score != 0.7 || !got.FoundAt.Equal(noon) || got.Before.Text != a.Before.Text {
		t.Errorf("a finding found again: %+v", got)
	}
	h.same("open", ids(state.ReversalFilter{Decisions: []state.Decision{state.Open}}), []string{"abd"})
	if _, err := h.Reversal(h.ctx, "ab"); !errors.Is(err, state.ErrAmbiguous) {
		t.Errorf("an ambiguous identifier: %v", err)
	}
	if _, err := h.Reversal(h.ctx, "x"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("an unknown identifier: %v", err)
	}
}

// What rules have told of turns is counted by rule, once for all recipients.
func toldTurns(_ *testing.T, h *house) {
	told := func(tx state.Tx, at time.Time, reversal, rule string, beyond bool, to ...string) error {
		ev := statement.Event{At: at, State: statement.Turned, Source: "iran-mfa", Reversal: &statement.Reversal{ID: reversal, Score: 0.75}}
		id, err := tx.AddEvent(ev)
		for _, recipient := range to {
			key := reversal + rule + recipient
			err = errors.Join(err, tx.Enqueue(statement.Alert{Key: key, MessageID: key, Rule: rule, Kind: statement.AlertEvent, Event: id, Source: "iran-mfa",
				Channel: "email", Recipient: recipient, State: statement.Pending, Beyond: beyond, CreatedAt: at, NextAttempt: at}))
		}
		return err
	}
	year := noon.AddDate(0, 0, -365)
	h.update(func(tx state.Tx) error {
		plain, err := tx.AddEvent(statement.Event{At: noon, State: statement.New, Source: "iran-mfa"})
		return errors.Join(err, told(tx, year, "old", "turns", false, "a@x.example"), told(tx, noon, "new", "turns", false, "a@x.example", "b@x.example"),
			told(tx, noon.Add(time.Hour), "more", "turns", true, "a@x.example"), told(tx, noon.Add(time.Hour), "more2", "others", false, "c@x.example"),
			tx.Enqueue(statement.Alert{Key: "k", MessageID: "k", Rule: "turns", Kind: statement.AlertEvent, Event: plain, Source: "iran-mfa", Channel: "email", Recipient: "a@x.example", State: statement.Pending, CreatedAt: noon, NextAttempt: noon}))
	})
	want := []state.ToldTurn{{Reversal: "new", Score: 0.75, Source: "iran-mfa", Rule: "turns", At: noon},
		{Reversal: "more", Score: 0.75, Source: "iran-mfa", Rule: "turns", At: noon.Add(time.Hour), Beyond: true}}
	got, err := h.ToldTurns(h.ctx, "turns", year)
	h.must(err)
	h.same("turns told", got, want)
	h.update(func(tx state.Tx) error {
		got, err := tx.ToldTurns("turns", year)
		h.same("turns told, in a transaction", got, want)
		return err
	})
	got, err = h.ToldTurns(h.ctx, "", time.Time{})
	h.must(err)
	h.same("all rules", len(got), 4)
}

// What was decided stays with its words, whichever engine finds them.
func decisions(t *testing.T, h *house) {
	finding := func(id, engine string) state.Finding {
		f := state.Finding{Source: "iran-mfa", Government: "IR", FoundAt: noon}
		f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Score: 0.9, Engine: engine}
		f.Before = statement.Quote{Statement: "s-1", Revision: 1, Text: "Iran has not supplied drones.", Published: statement.Date{Time: noon.AddDate(0, -1, 0), HasTime: true}}
		f.After = statement.Quote{Statement: "s-2", Revision: 1, Text: "A limited number was supplied.", Published: statement.Date{Time: noon, HasTime: true}}
		return f
	}
	read := state.Analysis{Statement: "s-2", Revision: 1, Said: noon, Engine: "1", Outcome: "analysed", At: noon}
	put := func(f state.Finding) {
		h.update(func(tx state.Tx) error {
			_, err := tx.PutReversal(f)
			return err
		})
	}
	get := func(id string) state.Finding {
		f, err := h.Reversal(h.ctx, id)
		h.must(err)
		return f
	}
	ids := func(f state.ReversalFilter) (ids []string) {
		all, err := h.Reversals(h.ctx, f)
		h.must(err)
		for _, x := range all {
			ids = append(ids, x.ID)
		}
		return ids
	}
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.PutStatement(sample("s-1", 1)), tx.PutStatement(sample("s-2", 1)), tx.PutAnalysis(read))
	})
	old, other := finding("old", "1"), finding("other", "1")
	put(old)
	put(other)
	dismissed := state.Review{Decision: state.Dismissed, Reason: "another period", At: noon}
	h.update(func(tx state.Tx) error { return tx.Review("old", dismissed) })
	if get("old").Lapsed {
		t.Error("what the engine of today found has lapsed")
	}
	_, err := h.Reanalyse(h.ctx, "2")
	h.must(err)
	if get("old").Lapsed {
		t.Error("what waits to be read again has lapsed")
	}
	read.Engine = "2"
	h.update(func(tx state.Tx) error { return tx.PutAnalysis(read) })
	if !get("old").Lapsed || !get("other").Lapsed {
		t.Error("what the engine of today does not find has not lapsed")
	}
	h.same("standing", ids(state.ReversalFilter{Standing: true}), []string{"old"})
	today := finding("today", "2")
	today.Review = state.Review{Decision: state.Dismissed, Reason: "another period", At: noon, Follows: "old"}
	put(today)
	h.update(func(tx state.Tx) error {
		if err := tx.ReplaceReversal("nothing", "today"); !errors.Is(err, statement.ErrNotFound) {
			t.Errorf("nothing replaced: %v", err)
		}
		if err := tx.ReplaceReversal("old", "today"); err != nil {
			return err
		}
		found, err := tx.Reversals(state.ReversalFilter{Governments: []string{"IR", "RU"}, Decisions: []state.Decision{state.Dismissed}, Replaced: true})
		if err != nil || len(found) != 2 {
			t.Errorf("%d dismissed findings, %v", len(found), err)
		}
		return err
	})
	if f := get("today"); f.Review != today.Review || f.Lapsed {
		t.Errorf("%+v", f)
	}
	if f := get("old"); f.Replaced != "today" || f.Review != dismissed {
		t.Errorf("%+v", f)
	}
	h.same("what is not replaced", ids(state.ReversalFilter{}), []string{"other", "today"})
	h.same("of another government", ids(state.ReversalFilter{Governments: []string{"RU"}}), []string(nil))
	// What nobody has decided on takes a decision; what was taken back does not.
	again := finding("other", "2")
	again.Review = state.Review{Decision: state.Confirmed, At: noon}
	put(again)
	if f := get("other"); f.Review != again.Review {
		t.Errorf("%+v", f.Review)
	}
	back := state.Review{At: noon.Add(time.Hour)}
	h.update(func(tx state.Tx) error { return tx.Review("other", back) })
	put(again)
	if f := get("other"); f.Review != back {
		t.Errorf("%+v", f.Review)
	}
}

func stances(_ *testing.T, h *house) {
	stance := func(id string, said time.Time, what string) state.Stance {
		return state.Stance{Topic: "drones", Proposition: "supplied", Statement: id, Revision: 1, Source: "iran-mfa", Issuer: "ir_mfa",
			Said: said, Stance: what, Sure: 0.9, Speaker: "The spokesman", Sentence: "…", Span: statement.Span{Start: 3, End: 9}}
	}
	first, second := stance("s-1", noon, "denies"), stance("s-2", noon.Add(time.Hour), "affirms")
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutStance(second), tx.PutStance(first)) })
	got, err := h.Stances(h.ctx, "drones")
	h.must(err)
	h.same("stances", got, []state.Stance{first, second})
	h.update(func(tx state.Tx) error { return tx.DropStances("s-1", 1) })
	got, err = h.Stances(h.ctx, "drones")
	h.must(err)
	h.same("stances afterwards", got, []state.Stance{second})
}
