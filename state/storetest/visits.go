package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func found(t *testing.T, h *house) {
	put := func(all ...state.Found) {
		h.update(func(tx state.Tx) error {
			for _, f := range all {
				if err := tx.PutFound(f); err != nil {
					return err
				}
			}
			return nil
		})
	}
	keys := func(due time.Time) string {
		all, err := h.Found(h.ctx, "iran-mfa", due)
		h.must(err)
		var keys []string
		for _, f := range all {
			keys = append(keys, f.Key)
		}
		return strings.Join(keys, " ")
	}
	full := sampleFound("full")
	put(full)
	got, err := h.Found(h.ctx, "iran-mfa", full.NextTry)
	h.must(err)
	h.same("found", got, []state.Found{full})
	if got := keys(full.NextTry.Add(-time.Microsecond)); got != "" {
		t.Errorf("before it is due there is %q", got)
	}
	got, err = h.Found(h.ctx, "another", full.NextTry)
	h.must(err)
	h.same("found by another source", len(got), 0)

	make := func(key string, published statement.Date, foundAt time.Time) state.Found {
		f := sampleFound(key)
		f.Published, f.FoundAt, f.NextTry = published, foundAt, noon
		return f
	}
	on := func(d int) statement.Date {
		return statement.Date{Time: time.Date(2022, 11, d, 0, 0, 0, 0, time.UTC)}
	}
	undated := statement.Date{Raw: "yesterday"}
	put(make("z-undated", undated, noon), make("a-undated", undated, noon), // noon of the 5th
		make("sixth", on(6), noon), make("fourth, found later", on(4), hours(1)), make("fourth", on(4), noon))
	const order = "fourth fourth, found later full z-undated a-undated sixth"
	if got := keys(hours(9)); got != order {
		t.Errorf("found in the order %q, wanted %q", got, order)
	}
	retried := make("z-undated", undated, noon)
	retried.Attempts, retried.LastError, retried.URL = 3, "timeout", "https://moved.example"
	put(retried)
	if got := keys(hours(9)); got != order {
		t.Errorf("once retried in the order %q", got)
	}
	got, err = h.Found(h.ctx, "iran-mfa", hours(9))
	h.must(err)
	h.same("retried", got[3], retried)
	h.update(func(tx state.Tx) error {
		return errors.Join(tx.DropFound("iran-mfa", "sixth"), tx.DropFound("iran-mfa", "not there"), tx.DropFound("another", "fourth"))
	})
	if got := keys(hours(9)); got != strings.TrimSuffix(order, " sixth") {
		t.Errorf("after dropping one there is %q", got)
	}
}

func sourceStatus(t *testing.T, h *house) {
	got, err := h.SourceStatus(h.ctx, "iran-mfa")
	h.must(err)
	h.same("never visited", got, statement.SourceStatus{Source: "iran-mfa"})
	want := statement.SourceStatus{
		Source: "iran-mfa", LastVisit: noon, LastSuccess: hours(1), LastNew: hours(2), NextDeep: hours(3), BaselineAt: hours(4),
		Fault: "the listing names nothing", FaultSince: hours(5), FaultCount: 6, FaultTold: true,
		Listing: statement.Validators{ETag: `"l"`, LastModified: "Sat"}, Definition: "0f",
		BaselineNewest: statement.ParseDate("2022-11-05", "5 November"), BaselineCut: true, BaselineTold: true, ListingReadAt: hours(7),
	}
	h.update(func(tx state.Tx) error {
		if got, err := tx.SourceStatus("iran-mfa"); err != nil || got.Source != "iran-mfa" || !got.LastVisit.IsZero() {
			t.Errorf("never visited: %+v %v", got, err)
		}
		put := want
		put.Statements, put.Missing = 99, 98 // computed, never stored
		return errors.Join(tx.PutSourceStatus(statement.SourceStatus{Source: "iran-mfa", Fault: "an older one"}), tx.PutSourceStatus(put))
	})
	gone, there, others := sample("aa", 1), sample("bb", 1), sample("cc", 1)
	there.MissingSince, others.Source = time.Time{}, "another"
	h.put(gone, there, others)
	h.update(func(tx state.Tx) error {
		got, err := tx.SourceStatus("iran-mfa")
		got.Statements, got.Missing = 0, 0
		h.same("in a transaction", got, want)
		return err
	})
	want.Statements, want.Missing = 2, 1
	got, err = h.SourceStatus(h.ctx, "iran-mfa")
	h.must(err)
	h.same("status", got, want)
}

func visits(t *testing.T, h *house) {
	h.update(func(tx state.Tx) error {
		first, err := tx.PutVisit(statement.Visit{Source: "iran-mfa", StartedAt: noon})
		h.must(err)
		second, err := tx.PutVisit(statement.Visit{Source: "iran-mfa", StartedAt: noon})
		h.must(err)
		again, err := tx.PutVisit(statement.Visit{ID: first, Source: "iran-mfa", StartedAt: noon, EndedAt: hours(1), New: 3, Fault: "none"})
		h.must(err)
		if first < 1 || second <= first || again != first {
			t.Errorf("visits are numbered %d, %d, and the first again %d", first, second, again)
		}
		return nil
	})
}

func leases(t *testing.T, h *house) {
	const source = "iran-mfa"
	h.must(h.Lease(h.ctx, source, "host/1/a", noon, hours(1)))
	h.must(h.Lease(h.ctx, source, "host/1/a", noon, hours(2))) // renewed
	h.must(h.Lease(h.ctx, "another", "host/2/b", noon, hours(1)))
	err := h.Lease(h.ctx, source, "host/2/b", hours(1), hours(9))
	var leased *state.LeasedError
	if !errors.Is(err, state.ErrLeased) || !errors.As(err, &leased) {
		t.Fatalf("held by another: %v", err)
	}
	h.same("who holds it", *leased, state.LeasedError{Source: source, Holder: "host/1/a", Until: hours(2)})
	for _, word := range []string{"host/1/a", "2022-11-05"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
	h.must(h.Release(h.ctx, source, "host/2/b")) // not its own
	if err := h.Lease(h.ctx, source, "host/2/b", hours(1), hours(9)); !errors.Is(err, state.ErrLeased) {
		t.Errorf("another's lease was given back: %v", err)
	}
	if err := h.Lease(h.ctx, source, "host/2/b", hours(2).Add(-time.Microsecond), hours(9)); !errors.Is(err, state.ErrLeased) {
		t.Errorf("a moment before it runs out: %v", err)
	}
	h.must(h.Lease(h.ctx, source, "host/2/b", hours(2), hours(9))) // run out
	if err := h.Lease(h.ctx, source, "host/1/a", hours(3), hours(9)); !errors.Is(err, state.ErrLeased) {
		t.Errorf("the former holder renewed what it has lost: %v", err)
	}
	h.must(h.Release(h.ctx, source, "host/2/b"))
	h.must(h.Release(h.ctx, source, "host/2/b"))
	h.must(h.Lease(h.ctx, source, "host/1/a", hours(3), hours(9)))
}

func leasesAreTakenOver(t *testing.T, h *house) {
	const source = "iran-mfa"
	h.must(h.Lease(h.ctx, source, "dead", noon, hours(5)))
	err := h.TakeOver(h.ctx, source, "late", "somebody else", hours(9))
	var leased *state.LeasedError
	if !errors.As(err, &leased) || leased.Holder != "dead" {
		t.Errorf("taken from somebody who does not hold it: %v", err)
	}
	h.must(h.TakeOver(h.ctx, source, "quick", "dead", hours(6)))
	if err := h.TakeOver(h.ctx, source, "late", "dead", hours(9)); !errors.As(err, &leased) || leased.Holder != "quick" || !leased.Until.Equal(hours(6)) {
		t.Errorf("taken over twice: %v", err)
	}
	h.must(h.TakeOver(h.ctx, source, "quick", "dead", hours(7))) // its own already
	h.must(h.Release(h.ctx, source, "quick"))
	h.must(h.TakeOver(h.ctx, source, "late", "dead", hours(9))) // given back: nobody's
	if err := h.Lease(h.ctx, source, "quick", noon, hours(9)); !errors.As(err, &leased) || leased.Holder != "late" {
		t.Errorf("not taken over: %v", err)
	}
}

func oneGetsTheLease(t *testing.T, h *house) {
	h.must(h.Lease(h.ctx, "dead's", "dead", noon, hours(1)))
	var wg sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	count := func(what string, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			got[what]++
		} else if !errors.Is(err, state.ErrLeased) {
			t.Error(err)
		}
	}
	for i := range 16 {
		wg.Go(func() {
			holder := fmt.Sprintf("host/%d", i)
			count("free", h.Lease(h.ctx, "free", holder, noon, hours(1)))
			count("dead's", h.TakeOver(h.ctx, "dead's", holder, "dead", hours(1)))
		})
	}
	wg.Wait()
	h.same("how many of 16 got it", got, map[string]int{"free": 1, "dead's": 1})
}

func batches(t *testing.T, h *house) {
	if _, err := h.Batch(h.ctx, "one"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("a batch nobody has imported: %v", err)
	}
	one := state.Batch{ID: "one", At: noon, Lines: 7, New: 3}
	h.update(func(tx state.Tx) error { return tx.PutBatch(one) })
	h.update(func(tx state.Tx) error { return tx.PutBatch(state.Batch{ID: "two", At: noon}) })
	got, err := h.Batch(h.ctx, "one")
	h.must(err)
	h.same("batch", got, one)
}
