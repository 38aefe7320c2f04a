// Package demo is a small press site that tells the Iran drones case over
// virtual days, and a mail server that keeps what it is sent: what the
// demonstration runs the real pipeline against, without a network.
package demo

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

//go:embed chronology.yaml page.html listing.html
var files embed.FS

// Page is one page of the press site. See chronology.yaml for what is real.
type Page struct {
	Day        string   `yaml:"day"`
	Host       string   `yaml:"host"`
	Path       string   `yaml:"path"`
	Title      string   `yaml:"title"`
	Speaker    string   `yaml:"speaker"`
	Text       []string `yaml:"text"`
	Report     string   `yaml:"report"`
	QuotedFrom string   `yaml:"quoted_from"`
	Edited     string   `yaml:"edited"` // day from which Edit stands instead of Text
	Edit       []string `yaml:"edit"`
	Removed    string   `yaml:"removed"` // day from which the page is gone
}

// Site is the press site. It answers as an HTTP proxy on a loopback address,
// so that its hosts can be named *.example.
type Site struct {
	Pages    []Page
	clock    clock.Clock
	server   *http.Server
	listener net.Listener
	done     chan error
	views    *template.Template
}

// NewSite starts the site on a free loopback port; the pages it shows are
// those of the clock's day.
func NewSite(c clock.Clock) (*Site, error) {
	content, err := files.ReadFile("chronology.yaml")
	if err != nil {
		return nil, err
	}
	s := &Site{clock: c, done: make(chan error, 1)}
	if err := yaml.UnmarshalWithOptions(content, &s.Pages, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the chronology: %w", err)
	}
	if s.views, err = template.ParseFS(files, "*.html"); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { s.done <- s.server.Serve(s.listener) }()
	return s, nil
}

// Proxy is the address through which the site's hosts are reached.
func (s *Site) Proxy() string { return "http://" + s.listener.Addr().String() }

// Close stops the site.
func (s *Site) Close() error {
	err := s.server.Close()
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// Days are the virtual days on which something happens, in order.
func (s *Site) Days() []time.Time {
	var days []string
	for _, p := range s.Pages {
		for _, day := range []string{p.Day, p.Edited, p.Removed} {
			if day != "" && !slices.Contains(days, day) {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	noons := make([]time.Time, len(days))
	for i, day := range days {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			continue // a test reads every day of the chronology
		}
		noons[i] = t.Add(12 * time.Hour)
	}
	return noons
}

// Sources are the two issuers of the case, as volteface would define them.
func (s *Site) Sources() []statement.Source {
	source := func(id, issuer, host string) statement.Source {
		return statement.Source{
			ID: id, Issuer: statement.Issuer{ID: id, Name: issuer, Government: "IR"}, Kind: statement.KindListing,
			URL: "http://" + host + "/", Language: "en", Timezone: "Asia/Tehran", Authority: statement.FromPage,
			Delay: statement.Duration(2 * time.Second), MaxPages: 5, DeepEvery: statement.Duration(7 * 24 * time.Hour), Schedule: "@daily",
			Listing: statement.ListingRules{Item: "li.statement", Date: []statement.DateRule{{Selectors: []string{"time"}, Attr: "datetime"}}},
			Extract: statement.ExtractRules{
				Title: []string{"h1"}, Body: []string{"div.text"}, Speaker: []string{"p.speaker"},
				Published: []statement.DateRule{{Selectors: []string{"article time"}, Attr: "datetime"}},
			},
			Path: "demo",
		}
	}
	return []statement.Source{
		source("iran-mfa", "Iran MFA (reconstruction)", "mfa.iran.example"),
		source("iran-un-mission", "Iran's UN mission (reconstruction)", "un-mission.iran.example"),
	}
}

// Shows reports whether a source lists anything yet, as of the clock's day.
func (s *Site) Shows(src statement.Source) bool {
	today := s.clock.Now().Format(time.DateOnly)
	return slices.ContainsFunc(s.Pages, func(p Page) bool { return src.URL == "http://"+p.Host+"/" && p.Day <= today })
}

// ServeHTTP shows a host's listing, or one of its pages, as of the clock's day.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	today := s.clock.Now().Format(time.DateOnly)
	host := r.Host
	var shown []Page
	for _, p := range s.Pages {
		if p.Host != host || p.Day > today || p.Removed != "" && p.Removed <= today {
			continue
		}
		if p.Edited != "" && p.Edited <= today {
			p.Text = p.Edit
		}
		shown = append(shown, p)
	}
	slices.Reverse(shown) // the newest first
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/" {
		s.write(w, "listing.html", map[string]any{"Host": host, "Pages": shown, "Today": today})
		return
	}
	for _, p := range shown {
		if p.Path == r.URL.Path {
			s.write(w, "page.html", p)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
	fmt.Fprintln(w, "<h1>404 Not Found</h1>")
}

func (s *Site) write(w http.ResponseWriter, view string, v any) {
	if err := s.views.ExecuteTemplate(w, view, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
