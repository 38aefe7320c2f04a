package main

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"testing"
	"time"
)

// The program is killed at random moments of a scrape; the same command, run
// again at once, goes on: nothing is lost, and nothing is there twice.
func TestKilledAtRandom(t *testing.T) {
	const pages, kills = 60, 50
	p := newPress(t)
	for i := range pages {
		p.put(fmt.Sprintf("/%d", i), page(fmt.Sprintf("Statement %d", i), fmt.Sprintf("Text number %d, first wording.", i)))
	}
	p.slow = 2 * time.Millisecond
	config, dir := p.configure(t, ""), t.TempDir()
	common := []string{"--json", "--config", config, "--data-dir", dir}
	args := append([]string{"scrape", "press", "--recheck", "all"}, common...)
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	for range kills {
		command := exec.Command(binary, args...)
		command.Env = os.Environ()
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Intn(250)) * time.Millisecond)
		if err := command.Process.Kill(); err != nil {
			t.Log(err) // it may have been done
		}
		_ = command.Wait()
	}
	for _, l := range run[finding](t, nil, []int{0}, args...) {
		if l.State != "NEW" && l.State != "UNCHANGED" {
			t.Errorf("after the kills: %+v", l)
		}
	}
	seen := map[string]bool{}
	for _, l := range run[finding](t, nil, []int{0}, append([]string{"statements", "list"}, common...)...) {
		if seen[l.URL] {
			t.Errorf("%s is there twice", l.URL)
		}
		seen[l.URL] = true
		one := run[shown](t, nil, []int{0}, append([]string{"statements", "show", l.ID}, common...)...)[0]
		if len(one.Revisions) != 1 || len(one.Snapshots) != 1 {
			t.Errorf("%s has %d revisions and %d snapshots", l.URL, len(one.Revisions), len(one.Snapshots))
		}
		if out, errs, code := start(t, nil, "statements", "show", l.ID, "--raw", "--config", config, "--data-dir", dir); code != 0 || len(out) == 0 {
			t.Errorf("the archived page of %s: exit code %d, %s", l.URL, code, errs)
		}
	}
	if len(seen) != pages {
		t.Errorf("%d statements are kept of %d", len(seen), pages)
	}
}
