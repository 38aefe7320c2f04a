package fetch

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"volteface/internal/statement"
)

// Memory remembers how each host is to be treated, over restarts and for all
// processes that share it. The state's Store is one.
type Memory interface {
	// HoldHost takes or renews a process's right to ask a host, and gives what
	// is remembered of it; while another holder's right runs, held is false and
	// the host is marked as wanted. With from, that holder's right is taken over.
	HoldHost(ctx context.Context, name, holder, from string, now, until time.Time) (h statement.Host, held bool, err error)
	// HostWanted reports whether another process waits for the host.
	HostWanted(ctx context.Context, name string) (bool, error)
	// PutHost records what is remembered; with release, the holder's right ends.
	PutHost(ctx context.Context, h statement.Host, holder string, release bool) error
	// Robots is the last copy of a robots.txt; statement.ErrNotFound if none is
	// kept. PutRobots keeps one.
	Robots(ctx context.Context, origin string) (statement.RobotsCopy, error)
	PutRobots(ctx context.Context, c statement.RobotsCopy) error
}

const (
	// maxGates bounds how many hosts are remembered; those that rest are
	// forgotten first. Redirects to ever new hosts must not fill the memory.
	maxGates = 4096
	// holdFor is how long a process keeps the right to ask a host without
	// renewing it, beyond the longest request. A crash holds a host up no longer,
	// and on one machine not at all.
	holdFor = 30 * time.Second
	// lookAgain is how often a holder looks whether another process waits, and
	// headStart how long it then stands back for it.
	lookAgain = time.Second
	headStart = 400 * time.Millisecond
	// patience is the longest rest of a host that is waited for on the spot;
	// for a longer one the visit ends, and what it has not read stays due.
	patience = 30 * time.Second
	// jitter is the share of a pause by which it may be longer, so that requests
	// do not come like clockwork.
	jitter = 0.2
)

// gates are the turns of all hosts.
type gates struct {
	client *Client
	mu     sync.Mutex
	byHost map[string]*gate
}

// gate is the turn of one host: whoever holds it may ask, nobody else. Among
// the processes that share a Memory one at a time holds the host; it goes on to
// the next when its visits are over or another waits.
type gate struct {
	name   string
	turn   chan struct{} // holds one token while nobody asks
	users  int           // how many wait or ask; guarded by gates.mu
	visits int           // how many visits ask it now and then; guarded by gates.mu
	// What follows belongs to whoever holds the turn.
	host statement.Host
	held time.Time // until when the host is ours, by the machine's clock; zero if it is not
	seen time.Time // when we last looked whether another process waits
	back time.Time // until when we stand back for it
}

// turn is the right to make one request.
type turn struct {
	gates *gates
	gate  *gate
	pause time.Duration
}

// outcome is what a request came to, as far as the host's rest goes.
type outcome struct {
	ill   string        // why the host wants to be left alone, in words for people; "" if it is well
	after time.Duration // the rest it asked for itself (Retry-After); 0 if it did not
	none  bool          // no request was made, or we broke it off: it says nothing
}

// pass waits for a host's turn, for the pause since its last request (the
// longer of what that request's visit wanted and what this one wants) and for a
// short rest it asked for. It fails with an *Error of KindResting where the
// rest is long, and of KindBudget when the hour's requests are used up.
func (s *gates) pass(ctx context.Context, u *url.URL, pause time.Duration) (*turn, error) {
	g := s.join(hostName(u))
	select {
	case <-g.turn:
	case <-ctx.Done():
		s.leave(g)
		return nil, ctx.Err()
	}
	t := &turn{s, g, pause}
	if err := t.wait(ctx, u); err != nil {
		s.quit(t)
		return nil, err
	}
	return t, nil
}

func (t *turn) wait(ctx context.Context, u *url.URL) error {
	c, g := t.gates.client, t.gate
	extra := rand.Float64() * jitter
	for {
		if err := t.gates.hold(ctx, g); err != nil {
			return err
		}
		now := c.options.Clock.Now()
		if g.host.FailedAt.After(now) || g.host.ResumeAt.Sub(now) > LongestRest { // the clock was set back
			g.host.ResumeAt, g.host.FailedAt = time.Time{}, time.Time{}
		}
		if g.host.Ended.After(now) { // likewise: one pause from now, not one after the other
			g.host.Ended = now
		}
		wait := g.host.ResumeAt.Sub(now)
		if wait > patience {
			return resting(u, g.host)
		}
		if err := t.budget(u, now); err != nil {
			return err
		}
		if between := max(t.pause, g.host.Pause); between > 0 && !g.host.Ended.IsZero() {
			between += time.Duration(float64(between) * extra)
			wait = max(wait, min(g.host.Ended.Add(between).Sub(now), between))
		}
		if wait <= 0 {
			return nil
		}
		if err := c.options.Clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// budget counts a request against the hour's.
func (t *turn) budget(u *url.URL, now time.Time) error {
	h := &t.gate.host
	if hour := now.Truncate(time.Hour); !hour.Equal(h.Hour) {
		h.Hour, h.Spent = hour, 0
	}
	most := t.gates.client.options.Budget
	if most > 0 && h.Spent >= most && !own(u) {
		return overBudget(u, most, h.Hour.Add(time.Hour))
	}
	return nil
}

// own reports whether an address names a machine of the own network by its
// number: it has no budget.
func own(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && !public(ip)
}

// hold makes sure that this process may ask the host for as long as a request
// can take.
func (s *gates) hold(ctx context.Context, g *gate) error {
	c := s.client
	if c.options.Memory == nil {
		return nil
	}
	enough := c.options.Timeout + holdFor/3
	for {
		now := time.Now()
		if now.Before(g.held) && now.Sub(g.seen) >= lookAgain {
			g.seen = now
			wanted, err := c.options.Memory.HostWanted(ctx, g.name)
			if err != nil {
				return err
			}
			if wanted {
				s.release(g)
				g.back = now.Add(headStart)
			}
		}
		if g.held.Sub(now) > enough {
			return nil
		}
		if wait := g.back.Sub(now); wait > 0 {
			if err := machineSleep(ctx, wait); err != nil {
				return err
			}
			continue
		}
		ours := now.Before(g.held)
		h, held, err := c.options.Memory.HoldHost(ctx, g.name, c.holder, "", now, now.Add(c.options.Timeout+holdFor))
		if err == nil && !held && statement.HolderGone(h.Holder) {
			h, held, err = c.options.Memory.HoldHost(ctx, g.name, c.holder, h.Holder, now, now.Add(c.options.Timeout+holdFor))
		}
		if err != nil {
			return err
		}
		if held {
			if !ours { // others may have asked it in the meantime
				g.host = h
			}
			g.held, g.seen = now.Add(c.options.Timeout+holdFor), now
			continue
		}
		g.held = time.Time{}
		if err := machineSleep(ctx, 50*time.Millisecond+rand.N(100*time.Millisecond)); err != nil {
			return err
		}
	}
}

// machineSleep waits by the machine's clock: what is waited for is another
// process, whatever time it is in here.
func machineSleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end notes what the request came to and passes the turn on.
func (t *turn) end(o outcome) {
	c, g := t.gates.client, t.gate
	defer t.gates.quit(t)
	now := c.options.Clock.Now()
	g.host.Ended, g.host.Pause = now, t.pause
	g.host.Spent++
	before := g.host.Failures
	switch {
	case o.none:
		return
	case o.ill == "":
		g.host.Failures, g.host.ResumeAt, g.host.FailedAt, g.host.Reason = 0, time.Time{}, time.Time{}, ""
	default:
		g.host.Failures++
		g.host.FailedAt, g.host.ResumeAt, g.host.Reason = now, now.Add(rest(g.host.Failures, t.pause, o.after)), o.ill
	}
	if before+g.host.Failures > 0 { // a rest must outlive a crash
		t.gates.put(g, false)
	}
}

// quit gives the turn back.
func (s *gates) quit(t *turn) {
	s.mu.Lock()
	idle := t.gate.visits == 0 && t.gate.users == 1
	s.mu.Unlock()
	if idle {
		s.release(t.gate)
	}
	t.gate.turn <- struct{}{}
	s.leave(t.gate)
}

// release lets other processes ask the host.
func (s *gates) release(g *gate) {
	if g.held.IsZero() {
		return
	}
	s.put(g, true)
	g.held = time.Time{}
}

// releaseAll lets other processes ask every host whose turn is free.
func (s *gates) releaseAll() {
	s.mu.Lock()
	all := slices.Collect(maps.Values(s.byHost))
	s.mu.Unlock()
	for _, g := range all {
		select {
		case <-g.turn:
			s.release(g)
			g.turn <- struct{}{}
		default:
		}
	}
}

func (s *gates) put(g *gate, release bool) {
	c := s.client
	if c.options.Memory == nil {
		return
	}
	g.host.Name = g.name
	if err := c.options.Memory.PutHost(context.Background(), g.host, c.holder, release); err != nil {
		c.options.Logger.Warn("what is known of a host cannot be recorded", "host", g.name, "error", err)
	}
}

// attend notes that a visit asks a host now and then, so that it stays ours
// between its requests; depart, that it does so no more.
func (s *gates) attend(name string) {
	g := s.join(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	g.visits++
	g.users--
}

func (s *gates) depart(name string) {
	g := s.join(name)
	<-g.turn
	s.mu.Lock()
	g.visits--
	idle := g.visits <= 0 && g.users == 1
	s.mu.Unlock()
	if idle {
		s.release(g)
	}
	g.turn <- struct{}{}
	s.leave(g)
}

// lied notes that a host said of a changed page that it is the same.
func (s *gates) lied(ctx context.Context, name string) error {
	g := s.join(name)
	defer s.leave(g)
	select {
	case <-g.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { g.turn <- struct{}{} }()
	if err := s.hold(ctx, g); err != nil {
		return err
	}
	g.host.LiedAt = s.client.options.Clock.Now()
	s.put(g, false)
	return nil
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
				if resting.users == 0 && resting.visits == 0 {
					delete(s.byHost, other)
				}
			}
		}
		g = &gate{name: name, turn: make(chan struct{}, 1), host: statement.Host{Name: name}}
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

// HostName is the name under which the host of an address has its turn and its
// rest; "" for what is no address.
func HostName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return hostName(u)
}

// Resting reports whether an error means that a host is left alone for now, by
// its own wish or to keep within its budget, and until when.
func Resting(err error) (until time.Time, is bool) {
	var known *Error
	if errors.As(err, &known) && (known.Kind == KindResting || known.Kind == KindBudget) {
		return known.Until, true
	}
	return time.Time{}, false
}
