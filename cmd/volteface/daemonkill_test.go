package main

import (
	"fmt"
	"math/rand"
	"os"
	"testing"
	"time"
)

// The daemon is killed under load, time and again: started anew it takes up its
// work within five seconds, and in the end nothing is lost and nothing is there
// twice. VOLTEFACE_LONG makes it a hundred rounds.
func TestDaemonKilled(t *testing.T) {
	rounds, long := 5, os.Getenv("VOLTEFACE_LONG") != ""
	if long {
		rounds = 100
	}
	const pages = 400
	p := newPress(t)
	for i := range pages {
		p.put(fmt.Sprintf("/%d", i), page(fmt.Sprintf("Statement %d", i), fmt.Sprintf("Text number %d, first wording.", i)))
	}
	p.slow = 5 * time.Millisecond
	config, dir := p.configure(t, "daemon: {listen: '127.0.0.1:0'}\n"), t.TempDir()
	args := []string{"--config", config, "--data-dir", dir}
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	db := database(t, dir)
	slowest := time.Duration(0)
	for range rounds {
		started := time.Now()
		d := runDaemon(t, nil, args...)
		for begun := false; !begun; {
			began := int64(0)
			if err := db.QueryRow(`SELECT ifnull(max(started_at), 0) FROM visits`).Scan(&began); err != nil {
				t.Fatal(err)
			}
			begun = time.UnixMicro(began).After(started)
			if time.Since(started) > 30*time.Second {
				t.Fatalf("no visit has begun:\n%s", tail(d.lines()))
			}
			time.Sleep(5 * time.Millisecond)
		}
		slowest = max(slowest, time.Since(started))
		time.Sleep(time.Duration(random.Intn(200)) * time.Millisecond)
		d.kill()
		makeDue(t, dir)
	}
	t.Logf("work was taken up within %s of the start", slowest.Round(time.Millisecond))
	if long && slowest > 5*time.Second { // otherwise the machine may have much else to do
		t.Errorf("once it took %s until work was taken up", slowest)
	}
	d := runDaemon(t, nil, args...)
	d.wait("visit", visited("press"))
	d.stop()
	seen := map[string]bool{}
	for _, l := range run[struct {
		ID, URL  string
		Revision int
	}](t, nil, []int{0}, "statements", "list", "--json", "--config", config, "--data-dir", dir) {
		if seen[l.URL] || l.Revision != 1 {
			t.Errorf("%s is there twice, or edited: revision %d", l.URL, l.Revision)
		}
		seen[l.URL] = true
	}
	if len(seen) != pages {
		t.Errorf("%d statements are kept of %d", len(seen), pages)
	}
}
