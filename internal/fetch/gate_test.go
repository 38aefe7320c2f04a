package fetch

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"volteface/internal/clock"
)

func TestOneAtATime(t *testing.T) {
	var mu sync.Mutex
	now, most, asked := 0, 0, 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		now++
		asked++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		_, _ = io.WriteString(w, "<p>")
	})
	c := newClient(t, Options{})
	var wait sync.WaitGroup
	for range 4 {
		v := c.Visit(0)
		for range 4 {
			wait.Go(func() {
				for range 3 {
					if _, _, err := get(v, s.URL); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wait.Wait()
	if most != 1 || asked != 48 {
		t.Errorf("%d requests, %d at once", asked, most)
	}
}

func TestPause(t *testing.T) {
	start := time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC)
	now := clock.StoppedAt(start)
	var times []time.Duration
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		times = append(times, now.Now().Sub(start))
		if r.URL.Path == "/robots.txt" {
			_, _ = io.WriteString(w, "User-agent: *\nCrawl-delay: 7\n")
		}
	}))
	defer s.Close()
	c := newClient(t, Options{Clock: now})
	patient, hasty := c.Visit(10*time.Second), c.Visit(time.Second)
	for _, v := range []*Visit{hasty, hasty, patient, hasty, hasty} {
		if _, _, err := get(v, s.URL+"/page"); err != nil {
			t.Fatal(err)
		}
	}
	// robots.txt, then Crawl-delay between the hasty ones, and the patient
	// one's pause before and after it.
	// Each may be a fifth longer, and they are not all alike.
	gaps := map[time.Duration]bool{}
	for i, least := range []time.Duration{7, 7, 10, 10, 7} {
		least *= time.Second
		gap := times[i+1] - times[i]
		gaps[gap-least] = true
		if gap < least || gap > least+time.Duration(float64(least)*jitter) {
			t.Errorf("request %d comes %s after the one before, want %s", i+1, gap, least)
		}
	}
	if len(gaps) == 1 {
		t.Errorf("requests come like clockwork, at %v", times)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if _, err := hasty.RoundTrip(req); kindIn(err) != KindCanceled {
		t.Errorf("canceled while waiting: %v", err)
	}
	if _, _, err := get(hasty, s.URL); err != nil {
		t.Errorf("the turn was lost: %v", err)
	}
}

// What is sent again because a kept connection broke keeps the pause too.
func TestPauseBeforeSendingAgain(t *testing.T) {
	now := clock.StoppedAt(time.Date(2022, 11, 5, 0, 0, 0, 0, time.UTC))
	var times []time.Time
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if times = append(times, now.Now()); len(times) == 2 {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "<p>")
	})
	v := newClient(t, Options{Clock: now}).Visit(10 * time.Second)
	for range 2 {
		if _, _, err := get(v, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if len(times) != 3 {
		t.Fatalf("%d requests came, want the broken one twice", len(times))
	}
	if gap := times[2].Sub(times[1]); gap < 10*time.Second {
		t.Errorf("it was sent again after %s", gap)
	}
}

func TestRealPause(t *testing.T) {
	var last time.Time
	least := time.Hour
	s := serve(t, func(http.ResponseWriter, *http.Request) {
		if now := time.Now(); !last.IsZero() {
			least = min(least, now.Sub(last))
			last = now
		} else {
			last = now
		}
	})
	v := newClient(t, Options{}).Visit(30 * time.Millisecond)
	for range 4 {
		if _, _, err := get(v, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if least < 30*time.Millisecond {
		t.Errorf("two requests within %s", least)
	}
}
