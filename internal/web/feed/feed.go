// Package feed serves what is kept as Atom (RFC 4287) and JSON Feed 1.1: everything, what turned, and what concerns an issuer, a source, a
// topic, a statement, or the words of a search. Entries keep their identifiers, whoever asks and whenever.
package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"volteface/internal/alert"
	"volteface/internal/alert/feed"
	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/internal/web/api"
	"volteface/state"
)

// Root is where the feeds lie.
const Root = "/feeds"

const (
	entries = 50   // in each feed
	looked  = 2000 // events that are looked at for a topic, the newest
	batch   = 200  // events read at a time
	kept    = 200  // feeds remembered
)

// Office is what feeds ask of the program beside the store.
type Office interface {
	Catalogue() (map[string]statement.Source, error)
	Topics() ([]statement.Topic, error)
	// Composer words events.
	Composer() (*alert.Composer, error)
}

// Search is a search that somebody saved.
type Search struct {
	ID      string
	Name    string
	Query   string
	Sources []string
}

// Options are what feeds stand on.
type Options struct {
	Store  state.Store
	Office Office
	Clock  clock.Clock
	Log    *slog.Logger
	// Authorize says who asks; see api.Options. Readers of feeds may send an API key as the password of HTTP Basic authentication.
	Authorize func(*http.Request) (api.Caller, error)
	// Saved finds a saved search; statement.ErrNotFound if there is none. Nil where none can be saved.
	Saved func(ctx context.Context, id string) (Search, error)
	// PublicURL is where the program is reached; empty for wherever it is asked.
	PublicURL string
	ReadOnly  bool // the index of words is not brought up to date
}

type server struct {
	Options
	mu         sync.Mutex
	remembered map[string]made
}

// made is a feed as it was made, and after which event.
type made struct {
	doc   feed.Document
	event int64
}

// New makes the handler of everything under Root.
func New(o Options) http.Handler {
	s := &server{Options: o, remembered: map[string]made{}}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	for pattern, makes := range map[string]maker{
		"/{file}": s.general, "/kind/{file}": s.kind, "/issuer/{file}": s.issuer, "/source/{file}": s.source, "/topic/{file}": s.topic,
		"/statement/{file}": s.statement, "/search/{file}": s.saved,
	} {
		mux.HandleFunc("GET "+Root+pattern, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, makes) })
	}
	mux.HandleFunc(Root+"/", func(w http.ResponseWriter, r *http.Request) { refuse(w, http.StatusNotFound, "There is no such feed.") })
	return mux
}

// maker makes a feed by its name: the file without its ending.
type maker func(r *http.Request, name string) (feed.Document, error)

// answer serves a feed in the form that its ending names.
func (s *server) answer(w http.ResponseWriter, r *http.Request, makes maker) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	header.Set("Cache-Control", "private, no-cache")
	header.Set("Vary", "Authorization, Cookie")
	if _, err := s.Authorize(keyOf(r)); err != nil {
		header.Set("WWW-Authenticate", `Basic realm="volteface", charset="UTF-8"`)
		refuse(w, http.StatusUnauthorized, "This needs an API key: give it to your feed reader as the password, with any name.")
		return
	}
	name, isAtom := strings.CutSuffix(r.PathValue("file"), ".atom")
	if !isAtom {
		var isJSON bool
		if name, isJSON = strings.CutSuffix(name, ".json"); !isJSON {
			refuse(w, http.StatusNotFound, "Feeds end in .atom or .json.")
			return
		}
	}
	doc, err := makes(r, name)
	var body []byte
	kind := "application/feed+json; charset=utf-8"
	if err == nil {
		self := s.base(r) + r.URL.RequestURI()
		if doc.FeedURL = self; isAtom {
			kind = "application/atom+xml; charset=utf-8"
			body, err = doc.Atom(strings.TrimSuffix(r.URL.Path, ".atom")+"?"+r.URL.RawQuery, self)
		} else {
			body, err = doc.JSON()
		}
	}
	switch {
	case errors.Is(err, errNone), errors.Is(err, statement.ErrNotFound):
		refuse(w, http.StatusNotFound, sentence(err))
		return
	case errors.Is(err, errBad):
		refuse(w, http.StatusBadRequest, sentence(err))
		return
	case err != nil:
		s.Log.Error("a feed could not be made", "path", r.URL.Path, "error", err)
		refuse(w, http.StatusInternalServerError, "Something failed here; the program's log says what.")
		return
	}
	header.Set("Content-Type", kind)
	tag := api.ETag(body)
	header.Set("ETag", tag)
	if at := latest(doc); !at.IsZero() {
		header.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
	// Who sends both is answered by the tag alone (RFC 9110, section 13.2.2).
	if named := r.Header.Get("If-None-Match"); named != "" && api.Matches(named, tag) || named == "" && notSince(r, latest(doc)) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body) // who has gone reads nothing
}

// keyOf is a request with the key that a feed reader sent as a password.
func keyOf(r *http.Request) *http.Request {
	if _, key, ok := r.BasicAuth(); ok {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+key)
	}
	return r
}

func latest(doc feed.Document) (at time.Time) {
	for _, it := range doc.Items {
		for _, text := range []string{it.Published, it.Modified} {
			if t, err := time.Parse(time.RFC3339, text); err == nil && t.After(at) {
				at = t
			}
		}
	}
	return at
}

func notSince(r *http.Request, at time.Time) bool {
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !at.IsZero() && !at.Truncate(time.Second).After(since)
}

// refuse answers in plain words.
func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

var (
	errNone = errors.New("there is no such feed")
	errBad  = errors.New("the request is not valid")
)

// sentence is an error and its advice for people.
func sentence(err error) string {
	text := err.Error()
	if hint := statement.HintOf(err); hint != "" {
		text += " (" + hint + ")"
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// none says that there is no feed of a name, and names the nearest there is.
func none(what, name string, among []string) error {
	err := fmt.Errorf("there is no %s %q: %w", what, name, errNone)
	if near := statement.Nearest(strings.ToLower(name), among); near != "" {
		return statement.WithHint(err, fmt.Sprintf("did you mean %q?", near))
	}
	return err
}

// base is the address of the program, without a slash at the end.
func (s *server) base(r *http.Request) string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}

// told are the states that feeds tell of: what happened to statements and their pages.
var told = []statement.State{statement.New, statement.Changed, statement.Missing, statement.Removed, statement.Unlisted, statement.Moved, statement.Restored,
	statement.Unread, statement.Turned, statement.Softened, statement.Differs, statement.Faulted, statement.Recovered}

func (s *server) general(r *http.Request, name string) (feed.Document, error) {
	switch name {
	case "all":
		return s.events(r, "volteface", state.EventFilter{States: told, NoBaseline: true}, nil)
	case "findings":
		return s.events(r, "volteface · reversals and softenings", state.EventFilter{States: []statement.State{statement.Turned, statement.Softened}, NoBaseline: true}, nil)
	case "search":
		query := r.URL.Query()
		return s.search(r, Search{Name: query.Get("q"), Query: query.Get("q"), Sources: query["source"]})
	}
	return feed.Document{}, none("feed", name, []string{"all", "findings", "search", "kind", "issuer", "source", "topic", "statement"})
}

func (s *server) kind(r *http.Request, name string) (feed.Document, error) {
	var names []string
	for _, st := range told {
		kind, what := alert.KindOf(st)
		if kind == name {
			return s.events(r, "volteface · "+what, state.EventFilter{States: []statement.State{st}, NoBaseline: true}, nil)
		}
		names = append(names, kind)
	}
	return feed.Document{}, none("kind of event", name, names)
}

func (s *server) issuer(r *http.Request, name string) (feed.Document, error) {
	all, err := s.Office.Catalogue()
	if err != nil {
		return feed.Document{}, err
	}
	var sources, names []string
	title := name
	for id, src := range all {
		names = append(names, src.Issuer.ID)
		if src.Issuer.ID == name {
			title, sources = src.Issuer.Name, append(sources, id)
		}
	}
	if len(sources) == 0 {
		slices.Sort(names)
		return feed.Document{}, none("issuer", name, names)
	}
	slices.Sort(sources)
	return s.events(r, "volteface · "+title, state.EventFilter{States: told, Sources: sources, NoBaseline: true}, nil)
}

func (s *server) source(r *http.Request, name string) (feed.Document, error) {
	all, err := s.Office.Catalogue()
	if err != nil {
		return feed.Document{}, err
	}
	if _, defined := all[name]; !defined {
		var names []string
		for id := range all {
			names = append(names, id)
		}
		slices.Sort(names)
		return feed.Document{}, none("source", name, names)
	}
	return s.events(r, "volteface · "+name, state.EventFilter{States: told, Sources: []string{name}, NoBaseline: true}, nil)
}

func (s *server) topic(r *http.Request, name string) (feed.Document, error) {
	all, err := s.Office.Topics()
	if err != nil {
		return feed.Document{}, err
	}
	i := slices.IndexFunc(all, func(t statement.Topic) bool { return t.ID == name })
	if i < 0 {
		var names []string
		for _, t := range all {
			names = append(names, t.ID)
		}
		return feed.Document{}, none("topic", name, names)
	}
	catalogue, err := s.Office.Catalogue()
	if err != nil {
		return feed.Document{}, err
	}
	of := all[i]
	speaks := func(ctx context.Context, ev statement.Event) (bool, error) {
		if ev.Reversal != nil && ev.Reversal.Topic == of.ID {
			return true, nil
		}
		if ev.Statement == "" {
			return false, nil
		}
		rev, err := s.Store.Revision(ctx, ev.Statement, ev.Revision)
		if err != nil {
			return false, err
		}
		return alert.SpeaksOf(of, catalogue[ev.Source].Issuer, rev.Title+"\n\n"+rev.Body), nil
	}
	return s.events(r, "volteface · "+of.Name, state.EventFilter{States: told, NoBaseline: true}, speaks)
}

// statement is the feed of a statement: what has happened to it since it was first seen.
func (s *server) statement(r *http.Request, name string) (feed.Document, error) {
	st, err := s.Store.Statement(r.Context(), name)
	if errors.Is(err, statement.ErrNotFound) || errors.Is(err, state.ErrAmbiguous) {
		return feed.Document{}, none("statement", name, nil)
	}
	if err != nil {
		return feed.Document{}, err
	}
	return s.events(r, "volteface · "+st.Title, state.EventFilter{Statement: st.ID}, nil)
}
