package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

const (
	// A session ends when it has not been used for a month, and after a year in any case.
	sessionIdle = 30 * 24 * time.Hour
	sessionMost = 365 * 24 * time.Hour
	// noteUse is how often it is noted that a session or a key is used.
	noteUse = 10 * time.Minute
	// secretBytes of a session, a key or a link come from the system's random numbers.
	secretBytes = 32
	// mostAgent is how much is kept of what a browser calls itself.
	mostAgent = 200
)

// newSecret gives what its holder keeps, in letters and digits, and the hash that the store keeps.
func newSecret() (secret, hash string) {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	secret = hex.EncodeToString(b)
	return secret, hashOf(secret)
}

// hashOf is the SHA-256 of a secret. Secrets are long and random, so that it need not be slow.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newID names a person or a key.
func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

func lastsUntil(created, now time.Time) time.Time {
	if most := created.Add(sessionMost); now.Add(sessionIdle).After(most) {
		return most
	}
	return now.Add(sessionIdle)
}

// sessionKeeper keeps sessions: in the store, or, where that must not be changed, in memory.
type sessionKeeper interface {
	find(ctx context.Context, hash string) (state.Session, error)
	put(ctx context.Context, s state.Session) error
	drop(ctx context.Context, hash string) error
}

type storedSessions struct{ store state.Store }

func (s storedSessions) find(ctx context.Context, hash string) (state.Session, error) {
	return s.store.Session(ctx, hash)
}

func (s storedSessions) put(ctx context.Context, x state.Session) error {
	return s.store.Update(ctx, func(tx state.Tx) error {
		if err := tx.DropStale(x.SeenAt); err != nil {
			return err
		}
		return tx.PutSession(x)
	})
}

func (s storedSessions) drop(ctx context.Context, hash string) error {
	return s.store.Update(ctx, func(tx state.Tx) error { return tx.DropSession(hash) })
}

// mostHeld is how many sessions are kept in memory; of more the longest unused goes.
const mostHeld = 10_000

type heldSessions struct {
	mu  sync.Mutex
	all map[string]state.Session
}

func (h *heldSessions) find(_ context.Context, hash string) (state.Session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, known := h.all[hash]
	if !known {
		return s, statement.ErrNotFound
	}
	return s, nil
}

func (h *heldSessions) put(_ context.Context, s state.Session) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = map[string]state.Session{}
	}
	if _, known := h.all[s.Hash]; !known && len(h.all) >= mostHeld {
		oldest := ""
		for hash, x := range h.all {
			if oldest == "" || x.SeenAt.Before(h.all[oldest].SeenAt) {
				oldest = hash
			}
		}
		delete(h.all, oldest)
	}
	h.all[s.Hash] = s
	return nil
}

func (h *heldSessions) drop(_ context.Context, hash string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, hash)
	return nil
}

// cookieName is that of the session. A browser takes the prefix __Host- only from https, for this very host and all its paths.
func (d *Desk) cookieName(r *http.Request) string {
	if d.secure(r) {
		return "__Host-volteface"
	}
	return "volteface"
}

func (d *Desk) cookie(r *http.Request) string {
	c, err := r.Cookie(d.cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

func (d *Desk) setCookie(w http.ResponseWriter, r *http.Request, value string, lasts time.Duration) {
	age := int(lasts.Seconds())
	if value == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(r), Value: value, Path: "/", MaxAge: age, Secure: d.secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// begin signs a person in with a session that is new: one that the browser had before, whoever gave it to it, ends.
func (d *Desk) begin(w http.ResponseWriter, r *http.Request, person string) error {
	if old := d.cookie(r); old != "" {
		if err := d.sessions.drop(r.Context(), hashOf(old)); err != nil {
			return err
		}
	}
	secret, hash := newSecret()
	now := d.Clock.Now()
	agent := r.UserAgent()
	agent = strings.ToValidUTF8(agent[:min(len(agent), mostAgent)], "")
	if err := d.sessions.put(r.Context(), state.Session{
		Hash: hash, Person: person, CreatedAt: now, SeenAt: now, ExpiresAt: lastsUntil(now, now), Agent: agent, Address: d.address(r),
	}); err != nil {
		return err
	}
	d.setCookie(w, r, secret, sessionIdle)
	return nil
}
