package fetch

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"time"

	"volteface/internal/clock"
)

// maxGates bounds how many hosts are remembered; those that rest are forgotten
// first. Redirects to ever new hosts must not fill the memory.
const maxGates = 4096

// gates are the turns of all hosts.
type gates struct {
	mu     sync.Mutex
	byHost map[string]*gate
}

// gate is the turn of one host: whoever holds it may ask, nobody else.
type gate struct {
	turn  chan struct{} // holds one token while nobody asks
	users int           // how many wait or ask; guarded by gates.mu
	// The two below belong to whoever holds the turn.
	ended time.Time     // when the last request ended
	pause time.Duration // what that request's visit wants between two
}

// pass waits for a host's turn and for the pause since its last request: the
// longer of what that request's visit wanted and what this one wants. It gives
// the function that passes the turn on.
func (s *gates) pass(ctx context.Context, u *url.URL, c clock.Clock, pause time.Duration) (done func(), err error) {
	name := hostName(u)
	g := s.join(name)
	select {
	case <-g.turn:
	case <-ctx.Done():
		s.leave(g)
		return nil, ctx.Err()
	}
	release := func() { g.turn <- struct{}{}; s.leave(g) }
	if between := max(pause, g.pause); between > 0 && !g.ended.IsZero() {
		// A clock that was set back must not make anybody wait for longer.
		if wait := min(g.ended.Add(between).Sub(c.Now()), between); wait > 0 {
			if err := c.Sleep(ctx, wait); err != nil {
				release()
				return nil, err
			}
		}
	}
	return func() {
		g.ended, g.pause = c.Now(), pause
		release()
	}, nil
}

func (s *gates) join(name string) *gate {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.byHost[name]
	if g == nil {
		if s.byHost == nil {
			s.byHost = map[string]*gate{}
		}
		if len(s.byHost) >= maxGates {
			for other, resting := range s.byHost {
				if resting.users == 0 {
					delete(s.byHost, other)
				}
			}
		}
		g = &gate{turn: make(chan struct{}, 1)}
		g.turn <- struct{}{}
		s.byHost[name] = g
	}
	g.users++
	return g
}

func (s *gates) leave(g *gate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.users--
}

// hostName is the name under which a host has its turn: lower case, without a
// final dot, and with the port only where it is not the scheme's own. A site
// is one host over http and https.
func hostName(u *url.URL) string {
	host := u.Host
	switch port := u.Port(); {
	case port == "", u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
		host = u.Hostname()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
