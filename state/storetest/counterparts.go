package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func comparisons(t *testing.T, h *house) {
	put := func(id string, engine string) {
		h.update(func(tx state.Tx) error {
			if err := tx.PutStatement(sample(id, 1)); err != nil {
				return err
			}
			return tx.PutAnalysis(state.Analysis{Statement: id, Revision: 1, Said: noon, Engine: engine, Outcome: "analysed", Judged: engine != ""})
		})
	}
	put("s-1", "")
	put("s-2", "e1")
	due := func() (ids []string) {
		all, err := h.ComparisonsDue(h.ctx, 0)
		h.must(err)
		for _, a := range all {
			ids = append(ids, a.Statement)
		}
		return ids
	}
	h.same("what is analysed", due(), []string{"s-2"})
	waits := func(id string) (is bool) {
		h.update(func(tx state.Tx) (err error) { is, err = tx.Uncompared(id, 1); return err })
		return is
	}
	if waits("s-1") || !waits("s-2") || waits("nobody") {
		t.Error("what waits is not told from what does not")
	}
	h.update(func(tx state.Tx) error { return tx.Compared("s-2", 1) })
	h.same("compared", due(), []string(nil))
	put("s-2", "e2")
	h.same("analysed again", due(), []string{"s-2"})
}

func sketches(t *testing.T, h *house) {
	put := func(id, issuer, space, language string, encounter int, said time.Time) {
		h.update(func(tx state.Tx) error {
			return tx.PutSketch(state.Sketch{Statement: id, Revision: 1, Source: "src", Issuer: issuer, Space: space, Said: said, Language: language, Encounter: encounter, Title: []byte{1, 0, 255}})
		})
	}
	put("fa", "ir_mfa", "IR", "fa", 0, noon)
	put("en", "ir_mfa", "IR", "en", 2, noon.Add(time.Hour))
	put("far", "ir_mfa", "IR", "fa", 0, noon.AddDate(0, 0, 3))
	put("ru", "ru_mfa", "RU", "ru", 2, noon.AddDate(0, 0, -1))
	put("old", "ru_mfa", "RU", "ru", 3, time.Date(1960, 1, 1, 5, 0, 0, 0, time.UTC))
	ask := func(q state.SketchQuery) (ids []string) {
		found, err := h.Sketches(h.ctx, q)
		h.must(err)
		for _, k := range found {
			ids = append(ids, k.Statement)
			h.same("vector", k.Title, []byte{1, 0, 255})
		}
		return ids
	}
	h.same("in another language", ask(state.SketchQuery{Around: noon, Days: 2, Issuer: "ir_mfa", NotLanguage: "en"}), []string{"fa"})
	h.same("of another government", ask(state.SketchQuery{Around: noon, Days: 1, NotSpace: "IR", Encounter: 3}), []string{"ru"})
	h.same("other encounters", ask(state.SketchQuery{Around: noon, Days: 1, NotSpace: "IR", Encounter: 1}), []string(nil))
	h.same("the nearest", ask(state.SketchQuery{Around: noon, Days: 5, Issuer: "ir_mfa", Limit: 2}), []string{"fa", "en"})
	h.same("long ago", ask(state.SketchQuery{Around: time.Date(1959, 12, 31, 23, 0, 0, 0, time.UTC), Days: 1}), []string{"old"})
	put("fa", "ir_mfa", "IR", "fa", 0, noon.AddDate(0, 0, 9))
	h.same("replaced", ask(state.SketchQuery{Around: noon, Days: 2, Issuer: "ir_mfa", NotLanguage: "en"}), []string(nil))
}

func counterparts(t *testing.T, h *house) {
	pair := func(id, a, b, differs string, said time.Time) state.Paired {
		p := state.Paired{Said: said, FoundAt: noon, Differs: differs}
		p.Counterpart = statement.Counterpart{ID: id, Kind: statement.Edition, Score: 0.1, Explanation: "…", Rows: []statement.Beside{{A: statement.Span{End: 4}}}}
		p.A, p.B = statement.Account{Statement: a, Source: "src-a", Language: "fa"}, statement.Account{Statement: b, Source: "src-b", Language: "en"}
		p.Differences = []statement.Difference{{Kind: statement.FigureDiffers, A: statement.Excerpt{Text: "۴۳"}, ValuesA: []string{"43"}}}
		return p
	}
	first, second := pair("p1", "s-1", "s-2", "d", noon), pair("p2", "s-1", "s-3", "", noon.Add(time.Hour))
	h.update(func(tx state.Tx) error { return errors.Join(tx.PutCounterpart(first), tx.PutCounterpart(second)) })
	ask := func(f state.CounterpartFilter) (ids []string) {
		all, err := h.Counterparts(h.ctx, f)
		h.must(err)
		for _, p := range all {
			ids = append(ids, p.ID)
		}
		return ids
	}
	h.same("all", ask(state.CounterpartFilter{}), []string{"p2", "p1"})
	h.same("differing", ask(state.CounterpartFilter{Differing: true}), []string{"p1"})
	h.same("of a statement", ask(state.CounterpartFilter{Statement: "s-3"}), []string{"p2"})
	h.same("of sources", ask(state.CounterpartFilter{Sources: []string{"src-b", "x"}, Limit: 1}), []string{"p2"})
	h.same("of a kind", ask(state.CounterpartFilter{Kinds: []statement.CounterpartKind{statement.Readout}}), []string(nil))
	h.same("since", ask(state.CounterpartFilter{Since: noon.Add(time.Minute)}), []string{"p2"})
	got, err := h.Counterpart(h.ctx, "p1")
	h.must(err)
	h.same("one", got, first)
	if _, err := h.Counterpart(h.ctx, "p"); !errors.Is(err, state.ErrAmbiguous) {
		t.Errorf("two begin with p: %v", err)
	}
	if _, err := h.Counterpart(h.ctx, "q"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("none begins with q: %v", err)
	}
	review := state.Review{Decision: state.Dismissed, Reason: "another speech", At: noon}
	h.update(func(tx state.Tx) error { return tx.ReviewCounterpart("p1", review) })
	first.Differs, first.FoundAt = "e", noon.Add(time.Hour)
	h.update(func(tx state.Tx) error { return tx.PutCounterpart(first) })
	h.same("dismissed", ask(state.CounterpartFilter{}), []string{"p2"})
	h.same("dismissed too", ask(state.CounterpartFilter{Dismissed: true}), []string{"p2", "p1"})
	first.FoundAt, first.Review = noon, review
	var pairs []state.Paired
	h.update(func(tx state.Tx) (err error) { pairs, err = tx.Pairs("s-2"); return err })
	h.same("the decision stays", pairs, []state.Paired{first})
	h.update(func(tx state.Tx) error { return tx.DropCounterpart("p1") })
	h.same("dropped", ask(state.CounterpartFilter{Dismissed: true}), []string{"p2"})
	ev := statement.Event{At: noon, State: statement.Differs, Source: "src-a", Statement: "s-1", Revision: 1, Counterpart: &first.Counterpart}
	h.update(func(tx state.Tx) (err error) { ev.ID, err = tx.AddEvent(ev); return err })
	told, err := h.Event(h.ctx, ev.ID)
	h.must(err)
	h.same("its event", told, ev)
}
