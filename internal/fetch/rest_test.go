package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// memory is a Memory in memory, as several clients share it.
type memory struct {
	mu     sync.Mutex
	hosts  map[string]statement.Host
	until  map[string]time.Time
	wanted map[string]bool
	robots map[string]statement.RobotsCopy
}

func newMemory() *memory {
	return &memory{hosts: map[string]statement.Host{}, until: map[string]time.Time{}, wanted: map[string]bool{}, robots: map[string]statement.RobotsCopy{}}
}

func (m *memory) HoldHost(_ context.Context, name, holder, from string, now, until time.Time) (statement.Host, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.hosts[name]
	h.Name = name
	if h.Holder != "" && h.Holder != holder && h.Holder != from && m.until[name].After(now) {
		m.wanted[name] = true
		return h, false, nil
	}
	was := h
	if h.Holder != holder {
		m.wanted[name] = false
	}
	h.Holder = holder
	m.hosts[name], m.until[name] = h, until
	return was, true, nil
}

func (m *memory) HostWanted(_ context.Context, name string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wanted[name], nil
}

func (m *memory) PutHost(_ context.Context, h statement.Host, holder string, release bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.hosts[h.Name].Holder
	h.Holder = now
	if release && now == holder {
		h.Holder, m.wanted[h.Name] = "", false
	}
	m.hosts[h.Name] = h
	return nil
}

func (m *memory) Robots(_ context.Context, origin string) (statement.RobotsCopy, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.robots[origin]; ok {
		return c, nil
	}
	return statement.RobotsCopy{}, statement.ErrNotFound
}

func (m *memory) PutRobots(_ context.Context, c statement.RobotsCopy) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.robots[c.Origin] = c
	return nil
}

func (m *memory) host(t *testing.T) statement.Host {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.hosts {
		return h
	}
	t.Fatal("no host is remembered")
	return statement.Host{}
}

var start = time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC)

// A host that refuses is left alone for ever longer, up to an hour; once it
// answers well, it is asked as before.
func TestRestsGrow(t *testing.T) {
	now := clock.StoppedAt(start)
	var status atomic.Int64
	status.Store(503)
	var times []time.Time
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		times = append(times, now.Now())
		w.WriteHeader(int(status.Load()))
	})
	v := newClient(t, Options{Clock: now}).Visit(time.Second)
	var rests []time.Duration
	for range 30 {
		_, _, err := get(v, s.URL)
		if err == nil {
			continue
		}
		until, is := Resting(err)
		if !is || !until.After(now.Now()) || statement.HintOf(err) == "" {
			t.Fatalf("%v, until %s", err, until)
		}
		asked := len(times)
		if _, _, err := get(v, s.URL); err == nil || len(times) != asked {
			t.Fatalf("it was asked while it rests: %v", err)
		}
		rests = append(rests, until.Sub(now.Now()))
		now.Set(until)
	}
	last := rests[len(rests)-1]
	if len(rests) < 5 || last > longestOwnRest || last < longestOwnRest*8/10 {
		t.Errorf("rests of %v", rests)
	}
	for i := range len(rests) - 1 {
		if rests[i+1] < rests[i] && rests[i] < longestOwnRest*8/10 {
			t.Errorf("rests do not grow: %v", rests)
		}
	}
	status.Store(200)
	for range 3 {
		if _, _, err := get(v, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if gap := times[len(times)-1].Sub(times[len(times)-2]); gap > 2*time.Second {
		t.Errorf("well again, and yet %s between two requests", gap)
	}
}

// What a host asks for is kept, in seconds or as a date, by the next process
// too; other hosts are asked meanwhile.
func TestRetryAfterOutlivesTheProcess(t *testing.T) {
	for name, header := range map[string]string{"seconds": "7200", "date": start.Add(2 * time.Hour).Format(http.TimeFormat)} {
		t.Run(name, func(t *testing.T) {
			now, kept := clock.StoppedAt(start), newMemory()
			var asked atomic.Int64
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.Header().Set("Date", now.Now().Format(http.TimeFormat))
				w.Header().Set("Retry-After", header)
				w.WriteHeader(http.StatusTooManyRequests)
			})
			other := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>well") })
			v := newClient(t, Options{Clock: now, Memory: kept}).Visit(0)
			capture, _, err := get(v, s.URL)
			if err != nil || capture.Quality != statement.Blocked {
				t.Fatalf("%v, %v", capture, err)
			}
			// The first process ends without a word; its right runs out.
			kept.mu.Lock()
			for name := range kept.until {
				kept.until[name] = time.Now().Add(-time.Second)
			}
			kept.mu.Unlock()
			again := newClient(t, Options{Clock: now, Memory: kept}).Visit(0)
			_, _, err = get(again, s.URL)
			until, is := Resting(err)
			if left := until.Sub(start); !is || left < 2*time.Hour-time.Minute || left > 2*time.Hour+time.Minute {
				t.Errorf("%v, until %s", err, until)
			}
			if _, _, err := get(again, other.URL); err != nil {
				t.Errorf("another host: %v", err)
			}
			now.Set(start.Add(2*time.Hour + time.Minute))
			if _, _, err := get(again, s.URL); err != nil || asked.Load() != 2 {
				t.Errorf("when its time has come: %v, asked %d times", err, asked.Load())
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": -1, "0": 0, "30": 30 * time.Second, " 120 ": 2 * time.Minute, "999999999999": LongestRest, "-5": -1, "soon": -1, "1.5": -1,
		start.Add(time.Hour).Format(http.TimeFormat): time.Hour, start.Add(-time.Hour).Format(http.TimeFormat): 0,
		start.Add(time.Hour).Format(time.RFC850): time.Hour, start.AddDate(9, 0, 0).Format(http.TimeFormat): LongestRest,
		"99999999999999999999999": -1,
	} {
		got, ok := retryAfter(http.Header{"Retry-After": {value}}, start)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %s, %v, want %s", value, got, ok, want)
		}
	}
	// A server whose clock is wrong means its own clock.
	h := http.Header{"Retry-After": {start.Add(time.Hour).Format(http.TimeFormat)}, "Date": {start.Add(59 * time.Minute).Format(http.TimeFormat)}}
	if got, _ := retryAfter(h, start); got != time.Minute {
		t.Errorf("by the server's clock: %s", got)
	}
}

// Processes that share a memory never ask a host at once, keep the pause
// between the requests of all, and none waits for another's visit to end.
func TestTurnsAmongProcesses(t *testing.T) {
	kept := newMemory()
	const pause = 40 * time.Millisecond
	var mu sync.Mutex
	var last time.Time
	now, most, least := 0, 0, time.Hour
	by := map[string]int{}
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if now++; !last.IsZero() {
			least = min(least, time.Since(last))
		}
		most = max(most, now)
		by[r.UserAgent()]++
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		last = time.Now()
		mu.Unlock()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
	defer cancel()
	var wait sync.WaitGroup
	for i := range 3 {
		c := newClient(t, Options{Memory: kept, UserAgent: fmt.Sprintf("process-%d/1", i)})
		v := c.Visit(pause)
		wait.Go(func() {
			defer v.Close()
			for ctx.Err() == nil {
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
				if _, err := v.RoundTrip(req); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if most != 1 || least < pause*9/10 || len(by) < 2 {
		t.Errorf("%d at once, %s apart at the least, by %v", most, least, by)
	}
	if h := kept.host(t); h.Holder != "" {
		t.Errorf("when all is over the host is still held by %s", h.Holder)
	}
}

// An hour has only so many requests, whichever process makes them.
func TestBudget(t *testing.T) {
	now, kept := clock.StoppedAt(start), newMemory()
	page := func(request *http.Request) *http.Response {
		return &http.Response{StatusCode: 404, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: request}
	}
	asked := 0
	client := func() *Client {
		c := newClient(t, Options{Clock: now, Memory: kept, Budget: 10})
		c.common.transport.RegisterProtocol("http", roundTrip(func(r *http.Request) (*http.Response, error) { asked++; return page(r), nil }))
		return c
	}
	for range 2 {
		c := client()
		v := c.Visit(0)
		for range 7 {
			_, _, err := get(v, "http://press.example/")
			if until, is := Resting(err); is && (!until.Equal(start.Add(time.Hour)) || kindIn(err) != KindBudget) {
				t.Errorf("%v, until %s", err, until)
			}
		}
		v.Close()
		c.Close()
	}
	if asked != 10 {
		t.Errorf("%d requests in an hour", asked)
	}
	now.Set(start.Add(time.Hour))
	if _, _, err := get(client().Visit(0), "http://press.example/"); err != nil {
		t.Errorf("the next hour: %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A robots.txt that cannot be had is stood in for by the copy of an earlier
// process.
func TestRobotsOutlivesTheProcess(t *testing.T) {
	now, kept := clock.StoppedAt(start), newMemory()
	s := newSite(t, answers(200, "User-agent: *\nDisallow: /private\n"))
	if _, _, err := get(newClient(t, Options{Clock: now, Memory: kept}).Visit(0), s.URL+"/page"); err != nil {
		t.Fatal(err)
	}
	s.robots.Store(answers(500, ""))
	kept.hosts = map[string]statement.Host{}
	now.Set(start.Add(48 * time.Hour))
	v := newClient(t, Options{Clock: now, Memory: kept}).Visit(0)
	if _, _, err := get(v, s.URL+"/page"); err != nil {
		t.Errorf("the copy allows it: %v", err)
	}
	if _, _, err := get(v, s.URL+"/private"); kindIn(err) != KindRobots {
		t.Errorf("the copy forbids it: %v", err)
	}
	now.Set(start.Add(robotsStale + time.Hour))
	if _, _, err := get(newClient(t, Options{Clock: now, Memory: newMemory()}).Visit(0), s.URL+"/page"); kindIn(err) != KindRobots {
		t.Errorf("without a copy: %v", err)
	}
}

// A host caught at lying is asked for pages, not for changes; and a 304 that
// speaks of another version is none.
func TestLies(t *testing.T) {
	now, kept := clock.StoppedAt(start), newMemory()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/confused" {
			w.Header().Set("ETag", `"v2"`)
		}
		if r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, "<p>text")
	})
	c := newClient(t, Options{Clock: now, Memory: kept})
	v := c.Visit(0)
	ask := func(path string) int {
		req, _ := http.NewRequest(http.MethodGet, s.URL+path, nil)
		req.Header.Set("If-None-Match", `"v1"`)
		resp, err := v.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	if got := ask("/page"); got != 304 {
		t.Errorf("asked for changes: %d", got)
	}
	if got := ask("/confused"); got != 200 {
		t.Errorf("not modified, of another version: %d", got)
	}
	if err := c.Lied(t.Context(), s.URL+"/page"); err != nil {
		t.Fatal(err)
	}
	if got := ask("/page"); got != 200 {
		t.Errorf("a host that lied is asked for changes: %d", got)
	}
	now.Set(start.Add(believeAgain))
	if got := ask("/page"); got != 304 {
		t.Errorf("a month later: %d", got)
	}
}

// Conditions of one address are not put to another.
func TestConditionsStayWithTheirAddress(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/old":
			http.Redirect(w, r, "/", http.StatusMovedPermanently)
		case r.Header.Get("If-Modified-Since") != "":
			w.WriteHeader(http.StatusNotModified)
		default:
			_, _ = io.WriteString(w, "<p>the front page")
		}
	})
	client := &http.Client{Transport: newClient(t, Options{}).Visit(0)}
	for of, want := range map[string]int{"": 200, s.URL + "/": 304, s.URL + "/old": 200} {
		req, _ := http.NewRequest(http.MethodGet, s.URL+"/old", nil)
		req.Header.Set("If-Modified-Since", start.Format(http.TimeFormat))
		if of != "" {
			req.Header.Set(ValidatorsFor, of)
		}
		resp, err := client.Do(req)
		if err != nil || resp.StatusCode != want {
			t.Errorf("validators of %q: %v, %v", of, resp, err)
		}
	}
}

func squeezed(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 5)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestBrotli(t *testing.T) {
	text := []byte(strings.Repeat("<p>The ministry denies it. ", 10_000))
	for name, test := range map[string]struct {
		body []byte
		kind ErrorKind
	}{
		"page": {squeezed(text), ""}, "bomb": {squeezed(make([]byte, 64<<20)), KindTooLarge},
		"broken off": {squeezed(text)[:40], KindTruncated}, "no brotli": {[]byte("<p>"), KindTruncated},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
				t.Errorf("accepted: %q", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "br")
			w.Header().Set("Content-Length", strconv.Itoa(len(test.body)))
			_, _ = w.Write(test.body)
		})
		capture, _, err := get(newClient(t, Options{}).Visit(0), s.URL)
		if kindIn(err) != test.kind {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && !bytes.Equal(capture.Body, text) {
			t.Errorf("%s: %d bytes, want %d", name, len(capture.Body), len(text))
		}
	}
}

// A request that ended in the future, while the clock was ahead, is one pause
// ago at most: nobody waits for that moment.
func TestClockWasAhead(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<p>text") })
	now, kept := clock.StoppedAt(start.AddDate(1, 0, 0)), newMemory()
	for range 2 {
		c := newClient(t, Options{Clock: now, Memory: kept})
		v := c.Visit(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/page", nil)
		resp, err := v.RoundTrip(req)
		cancel()
		if err != nil {
			t.Fatalf("at %s: %v", now.Now(), err)
		}
		_ = resp.Body.Close()
		if err := c.Lied(t.Context(), s.URL); err != nil {
			t.Fatal(err)
		}
		v.Close()
		c.Close()
		if now.Now().After(start.AddDate(0, 6, 0)) {
			now.Set(start)
		}
	}
	if waited := now.Now().Sub(start); waited > 10*time.Second {
		t.Errorf("waited for %s", waited)
	}
}
