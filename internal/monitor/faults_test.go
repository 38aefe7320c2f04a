package monitor_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
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
	s := &station{t: t, clock: clock.StoppedAt(at), proxy: proxy, timeout: timeout}
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

func (s *station) stop() { s.Monitor.Close(); s.Client.Close() }

func (s *station) visit(src statement.Source, recheck monitor.Recheck) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Hour) // a bound, not a pace
	defer cancel()
	_, err := s.Visit(ctx, src, monitor.Options{Recheck: recheck, Holder: statement.Holder(time.Now())})
	s.must(err)
}

// told lists the events that are news, each with the address of its page.
func (s *station) told() map[string]bool {
	events, err := s.store.Events(s.t.Context(), 0, 0)
	s.must(err)
	told := map[string]bool{}
	for _, e := range events {
		switch e.State {
		case statement.New, statement.Faulted, statement.Recovered:
			continue
		}
		st, err := s.store.Statement(s.t.Context(), e.Statement)
		s.must(err)
		told[fmt.Sprintf("%s %s %s", e.State, e.Source, st.URL)] = true
	}
	return told
}

// kept lists every statement with the hash of its current text.
func (s *station) kept() map[string]string {
	kept := map[string]string{}
	for st, err := range s.store.Statements(s.t.Context(), state.Filter{}) {
		s.must(err)
		kept[st.Source+" "+st.URL] = st.TextHash
	}
	return kept
}

func (s *station) fault(source string) string {
	status, err := s.store.SourceStatus(s.t.Context(), source)
	s.must(err)
	return status.Fault
}

// catalogue gives the built-in sources that the proxy serves now, all enabled.
func catalogue(t *testing.T, proxy *replaytest.Proxy) (sources []statement.Source) {
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
		src := all[id]
		served := proxy.URLs(fetch.HostName(src.URL))
		if slices.ContainsFunc(served, func(u string) bool { return monitor.SamePlace(u, src.URL) }) {
			sources = append(sources, src)
		}
	}
	return sources
}

// disturbance is a fault of a random kind on a host, for a few requests or for
// all, and often for one part of the site only.
func disturbance(r *rand.Rand, host string, at time.Time) replaytest.Fault {
	f := replaytest.Fault{Host: host, Count: 1 + r.IntN(4)}
	switch kind := r.IntN(100); {
	case kind < 45:
		f.Kind, f.Status = "status", []int{403, 429, 500, 502, 503, 504, 520}[r.IntN(7)]
		switch r.IntN(4) {
		case 0:
			f.RetryAfter = strconv.Itoa(1 + r.IntN(3600))
		case 1:
			f.RetryAfter = at.Add(time.Duration(r.IntN(3600)) * time.Second).Format("Mon, 02 Jan 2006 15:04:05 GMT")
		}
	case kind < 55:
		f.Kind = "reset"
	case kind < 57:
		f.Kind, f.Interval, f.Count = "slow", 0.2, 1
	case kind < 68:
		f.Kind = "truncate"
	case kind < 80:
		f.Kind, f.Status = "challenge", []int{403, 200, 503}[r.IntN(3)]
	case kind < 87:
		f.Kind = "redirect-loop"
	case kind < 91:
		f.Kind, f.Size, f.Count = "bomb", 1<<30, 1
	case kind < 93:
		f.Kind, f.Count = "huge", 1
	default:
		f.Kind, f.Charset = "wrong-charset", []string{"windows-1251", "iso-8859-1", "shift_jis", "utf-16"}[r.IntN(4)]
	}
	if r.IntN(6) == 0 {
		f.Count = 0 // until the round is over
	}
	return f
}

// felt reports whether a disturbed answer must have been noticed: robots.txt
// has a copy to stand in, an answer without a body cannot break off, and a
// charset that is not the page's own is seen through.
func felt(r replaytest.Request) bool {
	switch {
	case r.Fault == "", r.Fault == "wrong-charset", strings.HasPrefix(r.Path, "/robots.txt"):
		return false
	case r.Fault == "truncate", r.Fault == "slow", r.Fault == "bomb", r.Fault == "huge":
		return r.Status != 304 && r.Status/100 != 3 && r.Bytes > 0
	}
	return true
}

// backOff is the longest period for which a host, or a page that could not be
// read, is left alone of our own accord; a host's own wish may be longer, so the
// disturbances ask for no more. The visits of the test are five minutes apart.
const backOff = time.Hour + 5*time.Minute

// TestFaults puts the catalogue's sources through random faults of every kind,
// with restarts, while real edits happen, beside a second monitor that meets no
// faults. Nothing may be reported that the second one does not report, every
// fault must be named by its source, and when the faults are over both must
// know the same, within one back-off period.
//
// VOLTEFACE_LONG makes 10,000 requests of it, to the sources of 2026 too, whose
// hosts are many and slow to rest; VOLTEFACE_SEED another run.
func TestFaults(t *testing.T) {
	seed, requests, pages := uint64(4), 200, 1
	if os.Getenv("VOLTEFACE_LONG") != "" {
		requests, pages = 10_000, 3
	}
	if own, err := strconv.ParseUint(os.Getenv("VOLTEFACE_SEED"), 10, 64); err == nil {
		seed = own
	}
	for name, epoch := range map[string]struct {
		packs []string
		begin time.Time
		share int // of the requests
	}{
		"2022": {[]string{"kremlin", "whitehouse", "edgi"}, time.Date(2022, 10, 24, 0, 0, 0, 0, time.UTC), 4},
		"2026": {[]string{"issuers"}, time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC), 1},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "2026" && os.Getenv("VOLTEFACE_LONG") == "" {
				t.Skip("VOLTEFACE_LONG is not set")
			}
			r := rand.New(rand.NewPCG(seed, uint64(epoch.begin.Unix())))
			simulate(t, r, epoch.packs, epoch.begin, requests*epoch.share/5, pages)
		})
	}
}

func simulate(t *testing.T, r *rand.Rand, packs []string, begin time.Time, requests, pages int) {
	proxy := replaytest.Start(t, packs, begin)
	t.Setenv("SSL_CERT_FILE", proxy.CAFile)
	sources := catalogue(t, proxy)
	if len(sources) == 0 {
		t.Skip("no source of the catalogue is in these packs at that time")
	}
	hosts := map[string]bool{}
	for i := range sources {
		sources[i].MaxPages = min(sources[i].MaxPages, pages)
		hosts[fetch.HostName(sources[i].URL)] = true
	}
	names := slices.Sorted(maps.Keys(hosts))
	calm := newStation(t, proxy, begin, time.Minute)
	disturbed := newStation(t, proxy, begin, time.Minute)
	at := begin
	for _, src := range sources { // both begin well
		calm.visit(src, monitor.RecheckDue)
		disturbed.visit(src, monitor.RecheckDue)
	}
	// What a source says of itself without any fault is no fault of ours to name.
	proxy.ClearLog()
	made, unnamed, faults := 0, 0, map[string]int{}
	for round := 0; made < requests; round++ {
		at = at.Add(time.Duration(1+r.IntN(8)) * time.Hour)
		proxy.SetClock(at)
		for _, s := range []*station{calm, disturbed} {
			if s.clock.Now().Before(at) {
				s.clock.Set(at)
			}
		}
		recheck := []monitor.Recheck{monitor.RecheckAll, monitor.RecheckDue}[r.IntN(2)]
		for _, src := range sources { // it reads the same, and sees the same edits, only later
			calm.visit(src, []monitor.Recheck{monitor.RecheckAll, monitor.RecheckNone}[min(1, round%4)])
		}
		if r.IntN(3) == 0 {
			disturbed.stop()
			disturbed.timeout = []time.Duration{2 * time.Second, 5 * time.Second}[r.IntN(2)]
			disturbed.start()
		}
		for _, host := range names {
			for range r.IntN(4) {
				proxy.Fault(disturbance(r, host, at))
			}
		}
		for _, src := range sources {
			proxy.ClearLog()
			disturbed.visit(src, recheck)
			log := proxy.Log()
			made += len(log)
			hit := false
			for _, q := range log {
				if q.Fault != "" {
					faults[q.Fault]++
				}
				hit = hit || felt(q)
				if q.InFlight > 1 && faults["slow"]+faults["huge"]+faults["bomb"] == 0 { // the proxy goes on sending what we have given up

					t.Errorf("%d requests at once on %s", q.InFlight, q.Host)
				}
			}
			if hit && disturbed.fault(src.ID) == "" {
				unnamed++
				for _, q := range log {
					if felt(q) {
						t.Errorf("%s says nothing of %s at %s (%d, %d bytes)", src.ID, q.Fault, q.URL, q.Status, q.Bytes)
					}
				}
			}
		}
		proxy.ClearFaults()
		if round%20 == 19 {
			t.Logf("%d requests in %d rounds", made, round+1)
		}
	}
	for _, src := range sources {
		calm.visit(src, monitor.RecheckAll)
	}
	false0 := 0
	truth := calm.told()
	for event := range disturbed.told() {
		if !truth[event] {
			false0++
			t.Errorf("under faults: %s", event)
		}
	}

	// The faults are over: until each is as well as it is without any.
	disturbed.stop()
	disturbed.timeout = time.Minute
	disturbed.start()
	over := disturbed.clock.Now()
	healed, last := map[string]time.Duration{}, map[string]string{}
	for left := slices.Clone(sources); len(left) > 0; {
		if disturbed.clock.Now().Sub(over) > 26*time.Hour {
			t.Errorf("a day after the faults %s still says %q", left[0].ID, disturbed.fault(left[0].ID))
			break
		}
		left = slices.DeleteFunc(left, func(src statement.Source) bool {
			disturbed.visit(src, monitor.RecheckDue)
			calm.clock.Set(disturbed.clock.Now())
			calm.visit(src, monitor.RecheckDue)
			if disturbed.fault(src.ID) != "" && calm.fault(src.ID) == "" {
				last[src.ID] = disturbed.fault(src.ID)
				return false
			}
			healed[src.ID] = disturbed.clock.Now().Sub(over)
			return true
		})
		disturbed.clock.Set(disturbed.clock.Now().Add(5 * time.Minute))
	}
	for _, src := range sources {
		disturbed.visit(src, monitor.RecheckAll)
		calm.clock.Set(disturbed.clock.Now())
		calm.visit(src, monitor.RecheckAll)
	}
	want, got := calm.kept(), disturbed.kept()
	for key, hash := range want {
		if got[key] == "" && pages < 20 {
			continue // it has left the few listing pages that are walked
		}
		if got[key] != hash {
			t.Errorf("after the faults %s has the text %.8q, not %.8q", key, got[key], hash)
		}
	}
	longest := time.Duration(0)
	for id, d := range healed {
		if longest = max(longest, d); d > backOff {
			t.Errorf("%s was well again after %s; before, it said %q", id, d, last[id])
		}
	}
	t.Logf("%d sources, %d requests, faults %v; %d statements, %d events without faults; false events %d, unnamed faults %d; well again after %s at the latest",
		len(sources), made, faults, len(want), len(truth), false0, unnamed, longest.Round(time.Second))
}
