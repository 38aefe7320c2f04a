package daemon

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/queue"
	"volteface/internal/statement"
	"volteface/state"
)

// stuck is a store in which an analysis does not come on.
type stuck struct {
	state.Store
	begun   atomic.Int32
	resume  chan struct{}
	started chan struct{}
}

func (s *stuck) AnalysesDue(ctx context.Context, limit int) ([]state.Analysis, error) {
	if s.begun.Add(1) == 1 {
		close(s.started)
	}
	select {
	case <-s.resume:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return s.Store.AnalysesDue(ctx, limit)
}

// The analysis has one slot of its own: while it does not come on, sources are
// visited all the same, no second one begins, and a stop ends it. What it had
// not done stays due.
func TestReadingHasOneSlot(t *testing.T) {
	d, s := newDaemon(t, press("press", "a.example", "@hourly"))
	visited := make(chan string, 8)
	var err error
	if d.queue, err = queue.Open(t.Context(), filepath.Join(t.TempDir(), "queue.db"), queue.Options{
		Workers: 1, Timeout: time.Minute, Grace: time.Second, Log: slog.New(slog.DiscardHandler),
		Work: func(_ context.Context, v queue.Visit) error {
			visited <- v.Source
			d.unqueued(v)
			d.release(v.Source, 0, 0)
			return nil
		},
	}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.queue.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	slow := &stuck{Store: d.Store, resume: make(chan struct{}), started: make(chan struct{})}
	s.Analyse, s.Monitor = true, &monitor.Monitor{Store: slow, Clock: d.Clock, Log: d.Log, Sources: func(string) (statement.Source, bool) { return s.Sources[0], true }}
	due := func(moment time.Time) {
		t.Helper()
		if err := d.Store.Update(t.Context(), func(tx state.Tx) error { return tx.PutPlan(state.Plan{Source: "press", NextVisit: moment}) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		st := statement.Statement{ID: "one", Source: "press", URL: "https://a.example/1", Title: "One", Language: "en", Revision: 1, FirstSeen: noon}
		if err := tx.PutStatement(st); err != nil {
			return err
		}
		if err := tx.PutRevision(statement.Revision{Statement: "one", N: 1, Title: "One", Body: "The ministry denies the supply of drones.", Language: "en", SeenAt: noon}); err != nil {
			return err
		}
		return tx.PutAnalysis(state.Analysis{Statement: "one", Revision: 1, Said: noon})
	}); err != nil {
		t.Fatal(err)
	}
	wait := func(what string, c <-chan string) {
		t.Helper()
		select {
		case <-c:
		case <-time.After(time.Minute):
			t.Fatalf("no %s", what)
		}
	}
	running, stop := context.WithCancel(t.Context())
	defer stop()
	for range 3 {
		due(noon)
		d.look(running)
		wait("visit", visited)
		select {
		case <-slow.started:
		case <-time.After(time.Minute):
			t.Fatal("the analysis does not begin")
		}
	}
	if n := slow.begun.Load(); n != 1 {
		t.Errorf("%d analyses at once", n)
	}
	idle := func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return !d.reading
	}
	settle := func() {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !idle(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the analysis does not end")
			}
		}
	}
	stop()
	settle()
	if left, err := d.Store.AnalysesDue(t.Context(), 0); err != nil || len(left) != 1 {
		t.Fatalf("after a stop %d wait: %v", len(left), err)
	}
	// Started anew, it goes on.
	close(slow.resume)
	d.restRead = time.Time{}
	due(noon.Add(time.Hour))
	d.look(t.Context())
	settle()
	if left, err := d.Store.AnalysesDue(t.Context(), 0); err != nil || len(left) != 0 {
		t.Errorf("%d still wait: %v", len(left), err)
	}
}

// What was read and not judged, the end of a long archive, is judged without anything new coming in.
func TestWhatIsReadIsJudged(t *testing.T) {
	d, s := newDaemon(t, press("press", "a.example", "@hourly"))
	s.Analyse, s.Monitor = true, &monitor.Monitor{Store: d.Store, Clock: d.Clock, Log: d.Log, Sources: func(string) (statement.Source, bool) { return s.Sources[0], true }}
	if err := d.Store.Update(t.Context(), func(tx state.Tx) error {
		st := statement.Statement{ID: "one", Source: "press", URL: "https://a.example/1", Title: "One", Language: "en", Revision: 1, FirstSeen: noon}
		return errors.Join(tx.PutStatement(st),
			tx.PutRevision(statement.Revision{Statement: "one", N: 1, Title: "One", Body: "The ministry denies the supply of drones.", Language: "en", SeenAt: noon}),
			tx.PutAnalysis(state.Analysis{Statement: "one", Revision: 1, Said: noon, Engine: "read by it", Outcome: "analysed"}))
	}); err != nil {
		t.Fatal(err)
	}
	d.look(t.Context())
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		left, err := d.Store.JudgementsDue(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		unread, err := d.Store.AnalysesDue(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(left)+len(unread) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d wait to be judged, %d to be read", len(left), len(unread))
		}
	}
	for { // until its slot is free again
		d.mu.Lock()
		reading := d.reading
		d.mu.Unlock()
		if !reading {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if waits, err := d.waits(t.Context()); waits || err != nil {
		t.Errorf("something waits still: %v", err)
	}
}
