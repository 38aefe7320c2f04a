package web

import (
	"errors"
	"net/http"

	"volteface/internal/alert"
	"volteface/internal/web/api"
	"volteface/internal/web/feed"
)

// Office is what the program does beside the store for whoever asks, by the same functions as its commands.
type Office interface {
	api.Office
	feed.Office
	// Rules say who is told of what.
	Rules() []alert.Rule
}

// errStranger says that nobody in particular asks, where only those who are known may.
var errStranger = errors.New("nobody is signed in")

// caller tells programs apart as authenticate does people.
func (d *Desk) caller(r *http.Request) (api.Caller, error) {
	p, scope, err := d.authenticate(r)
	switch {
	case err != nil:
		return api.Caller{}, err
	case scope == "":
		return api.Caller{}, errStranger
	}
	return api.Caller{ID: p.ID, Name: p.Name, Scope: api.Scope(scope)}, nil
}

// programs are the addresses for programs: the API, and feeds.
func (d *Desk) programs(mux *http.ServeMux) {
	if d.Office == nil {
		return
	}
	programs := api.New(api.Options{
		Store: d.Store, Archive: d.Archive, Monitor: d.Monitor, Office: d.Office, Clock: d.Clock, Log: d.Log, Authorize: d.caller,
		PublicURL: d.PublicURL, Version: d.Version, ReadOnly: d.ReadOnly,
	})
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
		mux.Handle(method+" "+api.Root+"/", programs) // one pattern for all would stand against GET / of the pages
	}
	mux.Handle("GET "+feed.Root+"/", feed.New(feed.Options{
		Store: d.Store, Office: d.Office, Clock: d.Clock, Log: d.Log, Authorize: d.caller, PublicURL: d.PublicURL, ReadOnly: d.ReadOnly,
	}))
}
