package web

import (
	"sync"
	"time"
)

// Wrong passwords make the next attempt wait: with five for one name from one address, with thirty from one address, or with a
// hundred for one name. The wait doubles from a second to a quarter of an hour, and is forgotten a quarter of an hour after the
// last of them.
const (
	freePair    = 5
	freeAddress = 30
	freeName    = 100
	longestHold = 15 * time.Minute
	mostWatched = 20_000 // names and addresses; of more those that wait least are forgotten
)

type throttle struct {
	mu    sync.Mutex
	tries map[string]tries
}

type tries struct {
	failed int
	last   time.Time
}

func newThrottle() *throttle { return &throttle{tries: map[string]tries{}} }

// subjects are what an attempt is counted for, and how many may fail.
func subjects(login, address string) map[string]int {
	return map[string]int{"p:" + hashOf(login+"\x00"+address): freePair, "a:" + address: freeAddress, "n:" + hashOf(login): freeName}
}

// wait is how long an attempt has to wait; 0 if it need not.
func (t *throttle) wait(login, address string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, free := range subjects(login, address) {
		x := t.tries[key]
		if x.failed < free || now.Sub(x.last) > longestHold {
			continue
		}
		hold := min(longestHold, time.Second<<min(x.failed-free, 10))
		wait = max(wait, x.last.Add(hold).Sub(now))
	}
	return max(0, wait)
}

// failed counts a wrong password; it comes before the password is looked at, so that many at once are counted too.
func (t *throttle) failed(login, address string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.tries) > mostWatched {
		for key, x := range t.tries {
			if now.Sub(x.last) > longestHold || x.failed < freePair {
				delete(t.tries, key)
			}
		}
	}
	for key := range subjects(login, address) {
		x := t.tries[key]
		if now.Sub(x.last) > longestHold {
			x.failed = 0
		}
		t.tries[key] = tries{x.failed + 1, now}
	}
}

// succeeded takes back what failed counted.
func (t *throttle) succeeded(login, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key := range subjects(login, address) {
		if x := t.tries[key]; x.failed <= 1 || key[0] == 'p' {
			delete(t.tries, key)
		} else {
			t.tries[key] = tries{x.failed - 1, x.last}
		}
	}
}
