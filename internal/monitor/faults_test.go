package monitor_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/fetch"
	"volteface/internal/monitor"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
)

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
func (s *storm) felt(r replaytest.Request) bool {
	switch {
	case r.Fault == "slow" && r.Seconds <= s.disturbed.timeout.Seconds(): // it may have come whole
		return false
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
// with restarts, while real edits and removals happen, beside a second monitor
// that meets no faults and has looked at every page that is another before the
// first one does: it knows the truth. Then:
//
//   - no text is kept, and nothing told, that the second one does not know;
//   - every fault is named by its source, with the page that it struck;
//   - one request at a time is asked of a host;
//   - when the faults are over, all is well within one back-off period;
//   - a few days later both know the same statements, texts and states, and the
//     first has told every change between what it read first and what it knows.
//
// VOLTEFACE_LONG makes 10,000 requests of it; VOLTEFACE_FAULTS sets another
// number, VOLTEFACE_SEED another run.
func TestFaults(t *testing.T) {
	seed, requests, pages := uint64(4), 100, 1
	if os.Getenv("VOLTEFACE_LONG") != "" {
		requests, pages = 10_000, 3
	}
	if n, err := strconv.Atoi(os.Getenv("VOLTEFACE_FAULTS")); err == nil {
		requests = n
	}
	if own, err := strconv.ParseUint(os.Getenv("VOLTEFACE_SEED"), 10, 64); err == nil {
		seed = own
	}
	epochs := map[string]struct {
		packs []string
		begin time.Time
		share int // of the requests, in hundredths
	}{
		"2019": {[]string{"kremlin"}, time.Date(2019, 12, 12, 0, 0, 0, 0, time.UTC), 20},
		"2022": {[]string{"kremlin", "whitehouse"}, time.Date(2022, 10, 24, 0, 0, 0, 0, time.UTC), 60},
		"2026": {[]string{"issuers"}, time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC), 20},
	}
	// One proxy, as a process reads only once whom it trusts.
	proxy := replaytest.Start(t, []string{"kremlin", "whitehouse", "issuers"}, epochs["2022"].begin)
	t.Setenv("SSL_CERT_FILE", proxy.CAFile)
	for name, epoch := range epochs {
		t.Run(name, func(t *testing.T) {
			proxy := proxy.For(t)
			s := newStorm(t, rand.New(rand.NewPCG(seed, uint64(epoch.begin.Unix()))), proxy, epoch.packs, epoch.begin, pages)
			for s.made < requests*epoch.share/100 {
				if s.round(); s.rounds == 20 && s.made < 20 {
					t.Fatal("nothing is asked for: the simulation says nothing")
				}
			}
			s.heal()
			s.compare()
		})
	}
}

// storm is a run of TestFaults.
type storm struct {
	t               *testing.T
	random          *rand.Rand
	proxy           *replaytest.Proxy
	sources         []statement.Source
	pages           int // of a listing that are walked while the faults last
	hosts           []string
	turns           map[string][]time.Time // when the page at an address becomes another
	calm, disturbed *station
	at              time.Time // the web's time
	rounds, made    int
	faults          map[string]int // requests struck, by kind
	unnamed         int
}

func newStorm(t *testing.T, r *rand.Rand, proxy *replaytest.Proxy, packs []string, begin time.Time, pages int) *storm {
	proxy.SetClock(begin)
	s := &storm{t: t, random: r, proxy: proxy, pages: pages, turns: replaytest.Turns(t, packs), at: begin, faults: map[string]int{}}
	if s.sources = catalogue(t, slices.Collect(maps.Keys(s.turns))); len(s.sources) == 0 {
		t.Fatal("no source of the catalogue is in these packs")
	}
	hosts := map[string]bool{}
	for _, src := range s.sources {
		hosts[fetch.HostName(src.URL)] = true
	}
	s.hosts = slices.Sorted(maps.Keys(hosts))
	s.calm, s.disturbed = newStation(t, proxy, begin, time.Minute), newStation(t, proxy, begin, time.Minute)
	for _, src := range s.sources { // both begin well
		s.calm.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckDue})
		s.disturbed.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckDue})
	}
	s.disturbed.restart(2 * time.Second)
	proxy.ClearLog()
	return s
}

func (s *storm) bounded(src statement.Source) statement.Source {
	src.MaxPages = min(src.MaxPages, s.pages)
	return src
}

// pass lets time go by for the web and for both monitors.
func (s *storm) pass(d time.Duration) {
	before := s.at
	s.at = s.at.Add(d)
	s.proxy.SetClock(s.at)
	for _, one := range []*station{s.calm, s.disturbed} {
		if one.clock.Now().Before(s.at) {
			one.clock.Set(s.at)
		}
	}
	var turned []string
	for address, moments := range s.turns {
		if slices.ContainsFunc(moments, func(m time.Time) bool { return m.After(before) && !m.After(s.at) }) {
			turned = append(turned, address)
		}
	}
	for _, src := range s.sources {
		s.calm.due(src, turned)
	}
}

// round is a few hours of faults, and a visit to each source.
func (s *storm) round() {
	r := s.random
	s.pass(time.Duration(1+r.IntN(8)) * time.Hour)
	for _, src := range s.sources {
		s.calm.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckDue})
	}
	if r.IntN(3) == 0 {
		s.disturbed.restart([]time.Duration{2 * time.Second, 5 * time.Second}[r.IntN(2)])
	}
	for _, host := range s.hosts {
		for range r.IntN(4) {
			s.proxy.Fault(disturbance(r, host, s.at))
		}
	}
	recheck := []monitor.Recheck{monitor.RecheckAll, monitor.RecheckDue}[r.IntN(2)]
	for _, src := range s.sources {
		s.proxy.ClearLog()
		s.disturbed.visit(s.bounded(src), monitor.Options{Recheck: recheck})
		log := s.proxy.Log()
		s.made += len(log)
		for i, q := range log {
			if q.Fault != "" {
				s.faults[q.Fault]++
			}
			if s.felt(q) && !s.named(src, q) && !answered(log[i+1:], q) {
				s.unnamed++
				s.t.Errorf("%s says %q, nothing of %s at %s (%d, %d bytes)", src.ID, s.disturbed.fault(src.ID), q.Fault, q.URL, q.Status, q.Bytes)
				for _, one := range log {
					s.t.Logf("	%d %s %s", one.Status, one.URL, one.Fault)
				}
			}
			if n := q.InFlight - givenUp(log[:i], q); n > 1 {
				s.t.Errorf("%d requests at once on %s", n, q.Host)
			}
		}
	}
	s.proxy.ClearFaults()
	if s.rounds++; s.rounds%20 == 0 {
		s.t.Logf("%d requests in %d rounds, to %s", s.made, s.rounds, s.at.Format(time.RFC3339))
	}
}

// named tells whether a source says what struck a request: of its listing in
// its own fault, of a page among what is wrong with its pages.
func (s *storm) named(src statement.Source, q replaytest.Request) bool {
	if s.disturbed.fault(src.ID) == "" {
		return false
	}
	troubles, err := s.disturbed.store.Troubles(s.t.Context(), src.ID)
	s.disturbed.must(err)
	for _, t := range troubles {
		if struck := asked(q.URL); asked(t.URL) == struck || asked(src.DocumentURL(t.URL)) == struck {
			return true
		}
	}
	_, err = s.disturbed.store.ByKey(s.t.Context(), src.ID, src.Key(q.URL))
	return err != nil // no page of a statement
}

var looping = regexp.MustCompile(`[?&]loop=\d+`)

// asked is an address without its host, as a redirect may have led to another,
// and without what a loop adds to it.
func asked(address string) string {
	u, err := url.Parse(looping.ReplaceAllString(address, ""))
	if err != nil {
		return address
	}
	return strings.TrimSuffix(u.Path, "/") + "?" + u.RawQuery
}

// answered tells whether a request whose connection was reset was sent again by
// the transport, and answered then.
func answered(after []replaytest.Request, q replaytest.Request) bool {
	if q.Fault != "reset" {
		return false
	}
	for _, again := range after {
		if again.URL == q.URL && again.Fault != "reset" { // what else it met is judged by itself
			return true
		}
	}
	return false
}

// givenUp counts the requests that the proxy still answered when another came,
// though nobody listened any more.
func givenUp(before []replaytest.Request, now replaytest.Request) (n int) {
	for _, q := range before {
		endless := q.Fault == "slow" || q.Fault == "bomb" || q.Fault == "huge" || q.Seconds == 0
		if endless && q.Host == now.Host && (q.Seconds == 0 || q.Wall+q.Seconds > now.Wall-0.001) {
			n++
		}
	}
	return n
}

// heal waits until each source is as well as it is without faults.
func (s *storm) heal() {
	s.disturbed.restart(time.Minute)
	over := s.disturbed.clock.Now()
	longest := time.Duration(0)
	for left := slices.Clone(s.sources); len(left) > 0; {
		took := s.disturbed.clock.Now().Sub(over)
		if took > 26*time.Hour {
			s.t.Errorf("a day after the faults %s still says %q", left[0].ID, s.disturbed.fault(left[0].ID))
			return
		}
		left = slices.DeleteFunc(left, func(src statement.Source) bool {
			s.disturbed.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckDue})
			s.calm.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckDue})
			if s.disturbed.fault(src.ID) != "" && s.calm.fault(src.ID) == "" {
				if took > backOff {
					s.t.Errorf("%s after the faults %s says %q", took, src.ID, s.disturbed.fault(src.ID))
				}
				return false
			}
			longest = max(longest, s.disturbed.clock.Now().Sub(over))
			return true
		})
		s.disturbed.clock.Set(s.disturbed.clock.Now().Add(5 * time.Minute))
	}
	s.t.Logf("%s: %d requests in %d rounds, faults %v; unnamed %d; well again after %s at the latest",
		names(s.sources), s.made, s.rounds, s.faults, s.unnamed, longest.Round(time.Second))
}

// compare lets a few days pass without faults, so that what is in doubt is
// settled, and holds what the two monitors know and have told against each other.
func (s *storm) compare() {
	for range 5 {
		s.pass(12 * time.Hour)
		for _, src := range s.sources {
			for _, one := range []*station{s.calm, s.disturbed} {
				one.visit(s.bounded(src), monitor.Options{Recheck: monitor.RecheckAll})
			}
		}
	}
	last := s.at
	for _, src := range s.sources { // to the end of the listing: a statement may have left the pages walked
		for _, one := range []*station{s.calm, s.disturbed} {
			src.MaxPages = min(src.MaxPages, 5*s.pages*s.pages*s.pages)
			one.visit(src, monitor.Options{Recheck: monitor.RecheckAll, Deep: true})
		}
	}
	truth, told := s.calm.told(), s.disturbed.told()
	falsely := 0
	for event, n := range told {
		if n > truth[event] {
			falsely++
			s.t.Errorf("told %d times, not %d: %s", n, truth[event], event)
		}
	}
	want, got := s.calm.statements(s.sources), s.disturbed.statements(s.sources)
	gone, edits := 0, 0
	for key, have := range got {
		is, known := want[key]
		if !known {
			s.t.Errorf("%s is known only after faults", key)
			continue
		}
		true0, texts := s.calm.texts(is.ID), s.disturbed.texts(have.ID)
		for _, hash := range texts {
			if !slices.Contains(true0, hash) {
				falsely++
				s.t.Errorf("%s never had the text %.8s that was kept", key, hash)
			}
		}
		if n := told[fmt.Sprintf("%s %s %s", statement.Changed, have.Source, have.URL)]; n != len(texts)-1 {
			s.t.Errorf("%s has %d texts, and %d changes were told", key, len(texts), n)
		}
		edits += len(texts) - 1
		if have.TextHash != is.TextHash || where(have) != where(is) {
			s.t.Errorf("in the end %s is %s with the text %.8s, not %s with %.8s", key, where(have), have.TextHash, where(is), is.TextHash)
		}
	}
	for key, is := range want {
		switch _, known := got[key]; {
		case known:
		case is.ListedAt.Before(last) && is.FirstSeen.After(s.calm.begin): // it came and went while the faults kept it from being read
			gone++
		default:
			s.t.Errorf("%s is lost: it was first seen at %s, and listed at %s", key, is.FirstSeen, is.ListedAt)
		}
	}
	s.t.Logf("%d statements, %d came and went unread, %d events without faults and %d with; false %d; %d edits",
		len(want), gone, sum(truth), sum(told), falsely, edits)
}

func names(sources []statement.Source) string {
	var ids []string
	for _, src := range sources {
		ids = append(ids, src.ID)
	}
	return strings.Join(ids, ", ")
}

// where is the state of a statement's page, in words.
func where(st statement.Statement) string {
	switch {
	case st.Removed():
		return "removed"
	case st.Missing():
		return "missing"
	case st.Unlisted():
		return "unlisted"
	}
	return "there, at " + st.FinalURL
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}
