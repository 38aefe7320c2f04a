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
	done.Engine, done.Outcome, done.At = "1", "analysed", noon
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
	h.same("counts", counts, state.AnalysisCounts{Due: 1, News: 1, Outcomes: map[string]int{"analysed": 1}})
	read, err := h.Analysed(h.ctx, early.Said)
	h.must(err)
	h.same("analysed", read, []state.Analysis{done})
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
	put := func(id, space string, said time.Time, keys ...string) {
		h.update(func(tx state.Tx) error {
			n, err := tx.PutPassage(statement.Passage{Statement: id, Revision: 1, Space: space, Said: said, Keys: keys, Body: []byte(id)})
			ids = append(ids, n)
			return err
		})
	}
	put("old", "IR", noon.AddDate(-60, 0, 0), "supply|drone", "supply|arms")
	put("new", "IR", noon, "supply|drone")
	put("same", "IR", noon, "supply|drone")
	put("other", "IR", noon.Add(-time.Hour), "strike|base")
	put("us", "US", noon.Add(-time.Hour), "supply|drone")
	if !(ids[0] < ids[3] && ids[3] <= ids[4] && ids[4] < ids[1] && ids[1] < ids[2]) {
		t.Errorf("the numbers %v do not grow with time", ids)
	}
	ask := func(q statement.PassageQuery) (found []string) {
		if q.Limit == 0 {
			q.Limit = 10
		}
		all, err := h.Passages(h.ctx, q)
		h.must(err)
		for _, p := range all {
			found = append(found, string(p.Body))
			if p.Space != q.Space || p.Statement != string(p.Body) || p.Said.IsZero() {
				t.Errorf("passage %+v", p)
			}
		}
		return found
	}
	h.same("before now", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, At: noon.Add(time.Second)}), []string{"same", "new", "old"})
	h.same("strictly before", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, At: noon}), []string{"old"})
	h.same("before another", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, Than: ids[2]}), []string{"new", "old"})
	h.same("after another", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, Than: ids[0], Later: true}), []string{"new", "same"})
	h.same("either key", ask(statement.PassageQuery{Space: "IR", Keys: []string{"strike|base", "supply|arms"}, At: noon.Add(time.Hour)}), []string{"other", "old"})
	h.same("the nearest", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, At: noon.Add(time.Hour), Limit: 1}), []string{"same"})
	h.same("nobody's", ask(statement.PassageQuery{Space: "FR", Keys: []string{"supply|drone"}, At: noon.Add(time.Hour)}), []string(nil))
	h.same("no key", ask(statement.PassageQuery{Space: "IR", At: noon.Add(time.Hour)}), []string(nil))
	h.same("the weightiest", ask(statement.PassageQuery{Space: "IR", Keys: []string{"strike|base", "supply|arms"}, Weights: []float64{0.1, 0.5}, PerKey: 5, At: noon.Add(time.Hour)}), []string{"old", "other"})
	of, err := h.PassagesOf(h.ctx, "IR", "new", 1)
	h.must(err)
	if len(of) != 1 || of[0].Statement != "new" || string(of[0].Body) != "new" {
		t.Errorf("passages of a revision: %+v", of)
	}
	h.update(func(tx state.Tx) error { return tx.DropPassages("new", 1) })
	h.same("after forgetting one", ask(statement.PassageQuery{Space: "IR", Keys: []string{"supply|drone"}, At: noon.Add(time.Second)}), []string{"same", "old"})
}

func terms(t *testing.T, h *house) {
	for range 3 {
		h.update(func(tx state.Tx) error { return tx.CountTerms("IR", []uint32{7, 1<<32 - 1}) })
	}
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.CountTerms("IR", []uint32{7}), tx.CountTerms("FR", []uint32{7}))
	})
	counts, all, err := h.Terms(h.ctx, "IR")
	h.must(err)
	if all != 4 || counts[7] != 4 || counts[1<<32-1] != 3 || len(counts) != 2 {
		t.Errorf("%d statements, %v", all, counts)
	}
	if _, all, err = h.Terms(h.ctx, "GB"); err != nil || all != 0 {
		t.Errorf("%d statements of nobody, %v", all, err)
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
