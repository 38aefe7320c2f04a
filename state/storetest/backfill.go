package storetest

import (
	"errors"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// backfills are kept with all they hold, what waits is given the newest first,
// and the months are counted.
func backfills(t *testing.T, h *house) {
	if _, err := h.Backfill(h.ctx, "press"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("a backfill that is not there: %v", err)
	}
	b := state.Backfill{Source: "press", Since: noon.AddDate(-4, 0, 0), Budget: 500, Memento: "https://archive.example/timemap", Replay: "https://archive.example/{timestamp}/{url}",
		Place: `{"queue":["x"]}`, Walked: true, Pages: 7, Read: 60, Oldest: noon.AddDate(-3, 0, 0), Day: noon.Truncate(24 * time.Hour), Spent: 67, Failures: 1, Note: "slow", NextAt: hours(1),
		StartedAt: noon, EndedAt: hours(2), StoppedAt: hours(3)}
	item := func(address string, published string, dated time.Time) state.BackfillItem {
		return state.BackfillItem{Source: "press", Address: address, URL: address, Title: "T", Published: statement.ParseDate(published, published), Dated: dated, NextTry: noon}
	}
	older, newer, given := item("http://a.example/1", "2019-03-02", time.Time{}), item("http://a.example/2", "2019-04-02", time.Time{}), item("http://a.example/3", "2019-03-09", time.Time{})
	given.NextTry, given.Attempts, given.LastError = time.Time{}, 3, "404"
	h.update(func(tx state.Tx) error {
		if err := tx.PutBackfill(b); err != nil {
			return err
		}
		for _, i := range []state.BackfillItem{older, newer, given, item("http://a.example/1", "2020-01-01", time.Time{})} {
			if err := tx.AddBackfillItem(i); err != nil {
				return err
			}
		}
		got, err := tx.Backfill("press")
		h.same("inside the transaction", got, b)
		return err
	})
	got, err := h.Backfills(h.ctx)
	h.must(err)
	h.same("backfills", got, []state.Backfill{b})
	items, err := h.BackfillItems(h.ctx, "press", noon, 10)
	h.must(err)
	h.same("items", items, []state.BackfillItem{newer, older})
	if at, err := h.BackfillWaits(h.ctx, "press"); err != nil || !at.Equal(noon) {
		t.Errorf("waits until %s, %v", at, err)
	}
	due, err := h.Due(h.ctx, hours(1))
	h.must(err)
	h.same("due", due.Backfills, []string{"press"})
	months, err := h.Coverage(h.ctx, "press")
	h.must(err)
	h.same("months", months, []state.Coverage{{Month: "2019-03", Waiting: 1, Failed: 1}, {Month: "2019-04", Waiting: 1}})
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.DropBackfillItem("press", newer.Address), tx.DropBackfill("press"))
	})
	if at, err := h.BackfillWaits(h.ctx, "press"); err != nil || !at.IsZero() {
		t.Errorf("what waited was not forgotten: %s, %v", at, err)
	}
}
