package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/config"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/monitor"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// station is a monitor with a memory of its own.
type station struct {
	t       *testing.T
	begin   time.Time
	clock   *clock.Virtual
	store   *sqlite.Store
	blobs   *blob.Folder
	proxy   *replaytest.Proxy
	timeout time.Duration
	*monitor.Monitor
}

func newStation(t *testing.T, proxy *replaytest.Proxy, at time.Time, timeout time.Duration) *station {
	t.Helper()
	dir := t.TempDir()
	s := &station{t: t, begin: at, clock: clock.StoppedAt(at), proxy: proxy, timeout: timeout}
	var err error
	s.store, err = sqlite.Open(t.Context(), dir+"/v.db")
	s.must(err)
	s.blobs, err = blob.OpenFolder(dir + "/blobs")
	s.must(err)
	s.start()
	t.Cleanup(func() { s.stop(); s.store.Close() })
	return s
}

func (s *station) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *station) start() {
	client, err := fetch.NewClient(fetch.Options{
		UserAgent: "volteface/test", Proxy: s.proxy.Proxy, Timeout: s.timeout, MaxBody: 4 << 20, Clock: s.clock, Memory: s.store,
		Decode: func(body []byte, contentType string) []byte {
			decoded, _ := extract.Decode(body, contentType)
			return decoded
		},
	})
	s.must(err)
	s.Monitor = &monitor.Monitor{Store: s.store, Blobs: s.blobs, Client: client, Clock: s.clock, Log: slog.New(slog.DiscardHandler)}
}

// restart is what a new process does, with another patience.
func (s *station) restart(timeout time.Duration) {
	s.stop()
	s.timeout = timeout
	s.start()
}

func (s *station) stop() { s.Monitor.Close(); s.Client.Close() }

func (s *station) visit(src statement.Source, o monitor.Options) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Hour) // a bound, not a pace
	defer cancel()
	o.Holder = statement.Holder(time.Now())
	_, err := s.Visit(ctx, src, o)
	s.must(err)
}

// told counts the events that are news, by what happened to which page.
func (s *station) told() map[string]int {
	s.t.Helper()
	events, err := s.store.Events(s.t.Context(), 0, 0)
	s.must(err)
	told := map[string]int{}
	for _, e := range events {
		switch e.State {
		case statement.New, statement.Faulted, statement.Recovered:
			continue
		}
		st, err := s.store.Statement(s.t.Context(), e.Statement)
		s.must(err)
		told[fmt.Sprintf("%s %s %s", e.State, e.Source, st.URL)]++
	}
	return told
}

// statements lists what is known, by source and key.
func (s *station) statements(sources []statement.Source) map[string]statement.Statement {
	s.t.Helper()
	known := map[string]statement.Statement{}
	for _, src := range sources {
		for st, err := range s.store.Statements(s.t.Context(), state.Filter{Sources: []string{src.ID}}) {
			s.must(err)
			known[src.ID+" "+src.Key(st.URL)] = st
		}
	}
	return known
}

// texts are the hashes of all revisions of a statement.
func (s *station) texts(id string) (hashes []string) {
	s.t.Helper()
	revisions, err := s.store.Revisions(s.t.Context(), id)
	s.must(err)
	for _, r := range revisions {
		hashes = append(hashes, r.Hash)
	}
	return hashes
}

// due makes known statements of a source due for another look.
func (s *station) due(src statement.Source, addresses []string) {
	s.t.Helper()
	s.must(s.store.Update(s.t.Context(), func(tx state.Tx) error {
		for _, address := range addresses {
			st, err := tx.ByKey(src.ID, src.Key(address))
			if errors.Is(err, statement.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			st.NextCheck = s.clock.Now()
			if err := tx.Touch(st); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (s *station) fault(source string) string {
	status, err := s.store.SourceStatus(s.t.Context(), source)
	s.must(err)
	return status.Fault
}

// catalogue gives the built-in sources whose listings are among some addresses,
// all enabled.
func catalogue(t *testing.T, served []string) (sources []statement.Source) {
	t.Helper()
	cfg, err := config.Load("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	all, err := cfg.Sources(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range all.IDs() {
		if slices.ContainsFunc(served, func(u string) bool { return monitor.SamePlace(u, all[id].URL) }) {
			sources = append(sources, all[id])
		}
	}
	return sources
}
