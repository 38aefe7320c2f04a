// Package web is the desk: volteface in the browser. Its pages are made on the server and work without JavaScript; it reads
// through the state and asks the monitor, and nothing in the pipeline knows of it.
//
// All that comes from statements is hostile: templates escape it, addresses are linked only if they lead to the web, archived
// pages are shown without scripts, forms and addresses in a frame of their own. Every request passes guard.go first.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"

	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/internal/web/api"
	"volteface/state"
)

// Decider lets a decision on a finding take effect; monitor.Monitor does.
type Decider interface {
	// Decide records a decision, and gives the others on the same matter that it changed, and how many that look alike were not
	// read.
	Decide(ctx context.Context, finding string, r state.Review) (others []state.Finding, left int, err error)
}

// Archive reads captured bytes by their SHA-256; blob.Store does.
type Archive interface {
	Get(ctx context.Context, sha256 string) ([]byte, error)
}

// Defined is what the configuration defines, as it is when asked: it may be read again while the desk is open.
type Defined interface {
	Source(id string) (statement.Source, bool)
	Sources() []statement.Source // by id
	Topics() []statement.Topic
}

// Options are what the desk is made of. Store, Defined and Clock are needed.
type Options struct {
	Store   state.Store
	Archive Archive
	Decider Decider // nil: nothing can be decided
	// Office and Monitor are what commands do beside the store; without them there is no API, and there are no feeds.
	Office  Office
	Monitor api.Monitor
	Defined Defined
	Clock   clock.Clock
	Log     *slog.Logger // nil for none
	Version string
	// PublicURL is the address under which people open it, without a path; empty where that is how it listens.
	PublicURL string
	// TrustedProxies are those whose X-Forwarded-For and X-Forwarded-Proto count.
	TrustedProxies []netip.Prefix
	// Public lets everybody read without signing in.
	Public bool
	// ReadOnly changes nothing that is stored: sessions are kept in memory, decisions are refused.
	ReadOnly bool
	// Loopback tells that it listens on this machine alone: other names of the host are refused then, which another page may
	// have let lead here (DNS rebinding).
	Loopback bool
}

// Desk answers requests.
type Desk struct {
	Options
	handler  http.Handler
	origin   *url.URL // of PublicURL, or nil
	pages    map[string]page
	assets   assets
	sessions sessionKeeper
	throttle *throttle
	sizes    sizes
	tallies  tallies
	cost     cost          // of a password's hash
	hashing  chan struct{} // a token for each password that is hashed at a time
	linkKey  []byte        // signs links in mails
	keyOnce  sync.Mutex
}

// New gives the desk.
func New(o Options) (*Desk, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{Options: o, sessions: storedSessions{o.Store}, throttle: newThrottle(), cost: usual, hashing: make(chan struct{}, hashesAtOnce)}
	if o.ReadOnly {
		d.sessions = &heldSessions{}
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" {
			return nil, errors.New("the public address of the desk is not an address of the web")
		}
		d.origin = u
	}
	var err error
	if d.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if d.pages, err = d.readPages(); err != nil {
		return nil, err
	}
	d.handler, err = d.guard(d.routes())
	return d, err
}

// ServeHTTP answers a request.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// routes are all addresses of the desk; requires says who may use each.
func (d *Desk) routes() *http.ServeMux {
	mux := http.NewServeMux()
	reader := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, d.requires(state.RoleReader, h)) }
	analyst := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, d.requires(state.RoleAnalyst, h)) }

	mux.Handle("GET /static/", d.assets)
	mux.HandleFunc("GET /sign-in", d.signInPage)
	mux.HandleFunc("POST /sign-in", d.signIn)
	mux.HandleFunc("POST /sign-out", d.signOut)
	mux.HandleFunc("GET /set-up", d.setUpPage)
	mux.HandleFunc("POST /set-up", d.setUp)
	mux.HandleFunc("GET /password", d.passwordPage)
	mux.HandleFunc("POST /password", d.setPassword)

	admin := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, d.requires(state.RoleAdmin, h)) }

	mux.HandleFunc("GET /decide", d.linkPage)
	mux.HandleFunc("POST /decide", d.decideByLink)

	reader("GET /{$}", d.inbox)
	analyst("POST /inbox", d.act)
	reader("GET /reversals/{id}", d.reversal)
	analyst("POST /reversals/{id}/decision", d.decideReversal)
	analyst("POST /reversals/{id}/note", d.noteItem)
	reader("GET /statements/{id}", d.statement)
	reader("GET /captures/{id}/{sha}", d.capture)
	reader("GET /archived/{id}/{sha}", d.archived)
	reader("GET /archived/{id}/{sha}/bytes", d.bytesOf)
	admin("GET /people", d.people)
	admin("POST /people", d.addPerson)
	admin("POST /people/{id}", d.changePerson)
	reader("GET /me", d.me)
	reader("POST /me", d.changeMe)
	d.rooms(mux)
	d.programs(mux)
	mux.HandleFunc("GET /", d.nothingHere)
	return mux
}

func (d *Desk) nothingHere(w http.ResponseWriter, r *http.Request) {
	d.fail(w, r, statement.ErrNotFound)
}
