package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

var errStop = errors.New("stop here")

// everything writes to every part of a store.
func everything(tx state.Tx, id string) error {
	if err := tx.PutStatement(sample(id, 1)); err != nil {
		return err
	}
	event, err := tx.AddEvent(sampleEvent(id, 1))
	if err != nil {
		return err
	}
	a := sampleAlert("key of "+id, 0)
	a.Event = event
	_, err = tx.PutVisit(statement.Visit{Source: "iran-mfa", StartedAt: noon})
	return errors.Join(err,
		tx.PutAlias(alias("mfa.example/"+id, id, state.AliasListed)),
		tx.PutAlias(alias("mfa.example/canonical/"+id, id, state.AliasCandidate)),
		tx.PutSnapshot(sampleSnapshot(id, "one")),
		tx.PutRevision(sampleRevision(id, 1)),
		tx.PutRevision(sampleRevision(id, 2)),
		tx.PutEdit(statement.Edit{Statement: id, From: 1, To: 2, At: noon, Summary: "a word"}),
		tx.Enqueue(a),
		tx.PutFound(sampleFound("mfa.example/found/"+id)),
		tx.PutSourceStatus(statement.SourceStatus{Source: "iran-mfa", LastVisit: noon}),
		tx.Touch(sample(id, 2)))
}

// count tells how much of everything there is of a statement: 10 for all.
func (h *house) count(id string) (n int) {
	h.Helper()
	sum := func(length int, err error) {
		h.Helper()
		h.must(err)
		n += length
	}
	sum(len(h.list(state.Filter{})), nil)
	revisions, err := h.Revisions(h.ctx, id)
	sum(len(revisions), err)
	snapshots, err := h.Snapshots(h.ctx, id)
	sum(len(snapshots), err)
	edits, err := h.Edits(h.ctx, id)
	sum(len(edits), err)
	aliases, err := h.Aliases(h.ctx, id)
	sum(len(aliases), err)
	events, err := h.Events(h.ctx, 0, 0)
	sum(len(events), err)
	alerts, err := h.Alerts(h.ctx, state.AlertFilter{})
	sum(len(alerts), err)
	found, err := h.Found(h.ctx, "iran-mfa", hours(9))
	sum(len(found), err)
	status, err := h.SourceStatus(h.ctx, "iran-mfa")
	h.must(err)
	if !status.LastVisit.IsZero() {
		n++
	}
	return n
}

func updateKeepsAllOrNothing(t *testing.T, h *house) {
	err := h.Update(h.ctx, func(tx state.Tx) error {
		return errors.Join(everything(tx, "aa"), errStop)
	})
	if !errors.Is(err, errStop) {
		t.Errorf("the caller's error came back as %v", err)
	}
	if n := h.count("aa"); n != 0 {
		t.Errorf("%d records of a failed update are there", n)
	}
	h.update(func(tx state.Tx) error { return everything(tx, "aa") })
	if n := h.count("aa"); n != 11 {
		t.Errorf("%d of 11 records are there", n)
	}
}

func updateSurvivesPanic(t *testing.T, h *house) {
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = h.Update(h.ctx, func(tx state.Tx) error {
			h.must(everything(tx, "aa"))
			panic("in the middle")
		})
	}()
	if n := h.count("aa"); n != 0 {
		t.Errorf("%d records of the update that panicked are there", n)
	}
	h.update(func(tx state.Tx) error { return everything(tx, "bb") })
	if n := h.count("bb"); n != 11 {
		t.Errorf("afterwards %d of 11 records are there", n)
	}
}

func updateFailsOnceSpoilt(t *testing.T, h *house) {
	for name, spoil := range map[string]func(state.Tx) error{
		"alias":    func(tx state.Tx) error { return tx.PutAlias(alias("k", "nobody", state.AliasListed)) },
		"revision": func(tx state.Tx) error { return tx.PutRevision(sampleRevision("nobody", 1)) },
		"snapshot": func(tx state.Tx) error { return tx.PutSnapshot(sampleSnapshot("nobody", "x")) },
		"edit":     func(tx state.Tx) error { return tx.PutEdit(statement.Edit{Statement: "nobody", From: 1, To: 2}) },
	} {
		err := h.Update(h.ctx, func(tx state.Tx) error {
			h.must(tx.PutStatement(sample("aa", 1)))
			if spoil(tx) == nil {
				t.Errorf("%s: of a statement that is not there, and no error", name)
			}
			_ = tx.PutStatement(sample("bb", 1)) // must not be kept alone
			return nil
		})
		if err == nil {
			t.Errorf("%s: a spoilt update was kept", name)
		}
		if got := h.list(state.Filter{}); len(got) != 0 {
			t.Errorf("%s: %v is there", name, got)
		}
	}
	h.update(func(tx state.Tx) error { // not found is an answer, not a failure
		for _, err := range []error{tx.Touch(sample("nobody", 1)), second(tx.ByKey("iran-mfa", "k")), second(tx.Statement("nobody")), second(tx.Revision("nobody", 0))} {
			if !errors.Is(err, statement.ErrNotFound) {
				t.Errorf("not there, but %v", err)
			}
		}
		return tx.PutStatement(sample("aa", 1))
	})
	h.same("after four times not found", h.list(state.Filter{}), []string{"aa"})
}

func second[T any](_ T, err error) error { return err }

func updateIsSeenAtItsEnd(t *testing.T, h *house) {
	written, looked, failed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		failed <- h.Update(h.ctx, func(tx state.Tx) error {
			err := everything(tx, "aa")
			if own, e := tx.Revision("aa", 0); e != nil || own.N != 2 {
				t.Errorf("the transaction does not read its own writing: %d %v", own.N, e)
			}
			close(written)
			<-looked
			return err
		})
	}()
	<-written
	before := h.count("aa")
	close(looked)
	h.must(<-failed)
	if before != 0 {
		t.Errorf("%d records are seen before the update has ended", before)
	}
	if n := h.count("aa"); n != 11 {
		t.Errorf("%d of 11 records are seen after it", n)
	}
}

func writersDoNotInterleave(t *testing.T, h *house) {
	const writers, each = 8, 20
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				if err := h.Update(h.ctx, func(tx state.Tx) error {
					s, err := tx.SourceStatus("iran-mfa")
					if err != nil {
						return err
					}
					s.FaultCount++
					return tx.PutSourceStatus(s)
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	s, err := h.SourceStatus(h.ctx, "iran-mfa")
	h.must(err)
	if s.FaultCount != writers*each {
		t.Errorf("of %d additions %d are there", writers*each, s.FaultCount)
	}
}

func contextsEndTheWaiting(t *testing.T, h *house) {
	gone, cancel := context.WithCancel(h.ctx)
	cancel()
	for range 20 { // a coin must not decide
		if err := h.Update(gone, func(state.Tx) error { t.Error("was run"); return nil }); !errors.Is(err, context.Canceled) {
			t.Fatalf("update: %v", err)
		}
	}
	h.put(sample("aa", 1))
	if _, err := h.Statement(gone, "aa"); !errors.Is(err, context.Canceled) {
		t.Errorf("statement: %v", err)
	}
	if _, err := h.Revisions(gone, "aa"); !errors.Is(err, context.Canceled) {
		t.Errorf("revisions: %v", err)
	}
	var last error
	for _, last = range h.Statements(gone, state.Filter{}) {
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("statements: %v", last)
	}

	inside, done := make(chan struct{}), make(chan error, 1)
	leave := make(chan struct{})
	go func() {
		done <- h.Update(h.ctx, func(state.Tx) error { close(inside); <-leave; return nil })
	}()
	<-inside
	brief, cancel := context.WithTimeout(h.ctx, 20*time.Millisecond)
	defer cancel()
	if err := h.Update(brief, func(state.Tx) error { t.Error("was run"); return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("behind another writer: %v", err)
	}
	close(leave)
	h.must(<-done)
}

func closed(t *testing.T, h *house) {
	h.put(sample("aa", 1))
	h.must(h.Close())
	h.must(h.Close())
	hung := time.AfterFunc(time.Minute, func() { panic("a closed store hangs") })
	defer hung.Stop()
	if err := h.Update(h.ctx, func(state.Tx) error { return nil }); err == nil {
		t.Error("a closed store was updated")
	}
	if _, err := h.Statement(h.ctx, "aa"); err == nil || errors.Is(err, statement.ErrNotFound) {
		t.Errorf("a closed store says %v", err)
	}
	if err := h.Lease(h.ctx, "iran-mfa", "me", noon, hours(1)); err == nil {
		t.Error("a closed store gave a lease")
	}
}
