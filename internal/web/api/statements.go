package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
	"volteface/state/fulltext"
)

// ByID names a statement.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"identifier of the statement, or an unambiguous beginning of it"`
}

func (a *api) statements() {
	add(a, operation{id: "listStatements", method: http.MethodGet, path: "/statements", tag: "statements", scope: Read, summary: "List statements, the newest first"}, a.listStatements)
	add(a, operation{id: "searchStatements", method: http.MethodGet, path: "/search", tag: "statements", scope: Read, summary: "Find statements by their words, the best first",
		description: "The words are those of docs: AND, OR, NOT, \"a phrase\", deliver*, title:, text:, speaker:, parentheses. What an edit took out is not found. " +
			"Of more than 1,000 that fit, those remembered last are compared."}, a.search)
	add(a, operation{id: "getStatement", method: http.MethodGet, path: "/statements/{id}", tag: "statements", scope: Read, summary: "Show a statement, its revisions and the captures behind them"}, a.getStatement)
	add(a, operation{id: "listRevisions", method: http.MethodGet, path: "/statements/{id}/revisions", tag: "statements", scope: Read, summary: "List the revisions of a statement, the oldest first"}, a.listRevisions)
	add(a, operation{id: "getRevision", method: http.MethodGet, path: "/statements/{id}/revisions/{n}", tag: "statements", scope: Read, summary: "Show a statement as it was at a revision"}, a.getRevision)
	add(a, operation{id: "listCaptures", method: http.MethodGet, path: "/statements/{id}/captures", tag: "statements", scope: Read, summary: "List the captures kept of a statement, the oldest first"}, a.listCaptures)
	a.rawCapture()
	add(a, operation{id: "diffRevisions", method: http.MethodGet, path: "/statements/{id}/diff", tag: "statements", scope: Read, summary: "Say which words changed between two revisions, and whether that matters"}, a.diff)
}

type listStatementsIn struct {
	Paging
	Span
	Source   []string `query:"source" maxItems:"200" doc:"ids of sources"`
	Issuer   []string `query:"issuer" maxItems:"200" doc:"ids of issuers"`
	Language []string `query:"language" maxItems:"50" doc:"BCP 47; en takes in en-GB"`
	Missing  bool     `query:"missing" doc:"only those whose page is gone"`
}

type body[T any] struct{ Body T }

func (a *api) listStatements(ctx context.Context, in *listStatementsIn) (*body[Page[wire.Statement]], error) {
	c, err := in.cursorOf("statements")
	if err != nil {
		return nil, err
	}
	f := state.Filter{Missing: in.Missing, Languages: lower(in.Language), After: state.Place{At: micro(c.At), ID: c.ID}, Limit: in.Limit + 1}
	if f.Since, f.Until, err = in.times(a.Clock.Now()); err != nil {
		return nil, err
	}
	if f.Sources, err = a.sourcesOf(in.Source, in.Issuer); err != nil {
		return nil, err
	}
	var found []statement.Statement
	for st, err := range a.Store.Statements(ctx, f) {
		if err != nil {
			return nil, err
		}
		found = append(found, st)
	}
	return &body[Page[wire.Statement]]{pageOf(found, in.Limit, wire.StatementOf, func(st statement.Statement) cursor {
		p := state.PlaceOf(st)
		return cursor{List: "statements", At: micros(p.At), ID: p.ID}
	})}, nil
}

// sourcesOf are the sources named, and all of the issuers named; none if neither is. What is not defined is refused, with the nearest word.
func (a *api) sourcesOf(sources, issuers []string) ([]string, error) {
	if len(sources)+len(issuers) == 0 {
		return nil, nil
	}
	all, err := a.Office.Catalogue()
	if err != nil {
		return nil, err
	}
	byIssuer := map[string][]string{}
	ids := make([]string, 0, len(all))
	for id, src := range all {
		ids = append(ids, id)
		byIssuer[src.Issuer.ID] = append(byIssuer[src.Issuer.ID], id)
	}
	var chosen []string
	for _, id := range sources {
		if _, defined := all[id]; !defined {
			return nil, refuseName("source", id, ids)
		}
		chosen = append(chosen, id)
	}
	for _, id := range issuers {
		if len(byIssuer[id]) == 0 {
			return nil, refuseName("issuer", id, keys(byIssuer))
		}
		chosen = append(chosen, byIssuer[id]...)
	}
	slices.Sort(chosen)
	return slices.Compact(chosen), nil
}

// refuseName refuses a name in a query that stands for nothing.
func refuseName(what, name string, among []string) *Problem {
	slices.Sort(among)
	hint := Root + "/" + what + "s lists them"
	if near := statement.Nearest(strings.ToLower(name), among); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return invalid("query."+what, fmt.Sprintf("there is no %s %q", what, short(name, longestEcho)), nil, hint)
}

// statement finds one by its identifier.
func (a *api) statement(ctx context.Context, id string) (statement.Statement, error) {
	st, err := a.Store.Statement(ctx, id)
	if errors.Is(err, statement.ErrNotFound) {
		return st, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("there is no statement %q", id), Root+"/statements lists what is kept")
	}
	return st, err
}

func (a *api) revision(ctx context.Context, st statement.Statement, n int) (statement.Revision, error) {
	r, err := a.Store.Revision(ctx, st.ID, n)
	if errors.Is(err, statement.ErrNotFound) {
		return r, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("%s has no revision %d", st.ID, n), fmt.Sprintf("its revisions are 1 to %d", st.Revision))
	}
	return r, err
}

func (a *api) shown(ctx context.Context, id string, n int) (*body[wire.Shown], error) {
	st, err := a.statement(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := a.revision(ctx, st, n)
	if err != nil {
		return nil, err
	}
	history, err := wire.HistoryOf(ctx, a.Store, st.ID)
	if err != nil {
		return nil, err
	}
	return &body[wire.Shown]{wire.ShownOf(st, r, history)}, nil
}

func (a *api) getStatement(ctx context.Context, in *ByID) (*body[wire.Shown], error) {
	return a.shown(ctx, in.ID, 0)
}

func (a *api) getRevision(ctx context.Context, in *struct {
	ByID
	N int `path:"n" minimum:"1" maximum:"1000000" doc:"number of the revision, from 1"`
}) (*body[wire.Shown], error) {
	return a.shown(ctx, in.ID, in.N)
}

func (a *api) listRevisions(ctx context.Context, in *ByID) (*body[Page[wire.Revision]], error) {
	st, err := a.statement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	history, err := wire.HistoryOf(ctx, a.Store, st.ID)
	if err != nil {
		return nil, err
	}
	return &body[Page[wire.Revision]]{whole(wire.ShownOf(st, statement.Revision{}, history).Revisions)}, nil
}

func (a *api) listCaptures(ctx context.Context, in *ByID) (*body[Page[wire.Snapshot]], error) {
	st, err := a.statement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	captures, err := a.Store.Snapshots(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	page := whole([]wire.Snapshot(nil))
	for _, s := range captures {
		page.Items = append(page.Items, wire.SnapshotOf(s))
	}
	return &body[Page[wire.Snapshot]]{page}, nil
}

// rawBytes are a capture as it was received. They are never shown as what they say they are: whatever is in them stays text.
type rawBytes struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Captured    string `header:"X-Captured-Content-Type"`
	Body        []byte
}

func (a *api) rawCapture() {
	op := operation{id: "getCapture", method: http.MethodGet, path: "/statements/{id}/captures/{sha256}/raw", tag: "statements", scope: Read, summary: "Get the bytes of a capture as they were received",
		description: "The bytes are of the page: hostile, for all that is known. They come as application/octet-stream; X-Captured-Content-Type is what the server called them."}
	add(a, op, func(ctx context.Context, in *struct {
		ByID
		SHA256 string `path:"sha256" pattern:"^[0-9a-f]{64}$" doc:"of the bytes, as captures lists it"`
	}) (*rawBytes, error) {
		st, err := a.statement(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		captures, err := a.Store.Snapshots(ctx, st.ID)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(captures, func(s statement.Snapshot) bool { return s.SHA256 == in.SHA256 })
		if i < 0 { // of this statement, and of no other thing in the archive
			return nil, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("no capture of %s has this hash", st.ID), Root+"/statements/"+st.ID+"/captures lists them")
		}
		bytes, err := a.Archive.Get(ctx, in.SHA256)
		if err != nil {
			return nil, err
		}
		return &rawBytes{"application/octet-stream", `attachment; filename="` + in.SHA256[:16] + `.bin"`, captures[i].Header.Get("Content-Type"), bytes}, nil
	})
	a.huma.OpenAPI().Paths[op.path].Get.Responses["200"].Content = map[string]*huma.MediaType{"application/octet-stream": {}} // without a schema: any bytes (OpenAPI 3.1, section 4.8.14.3)
}

func (a *api) diff(ctx context.Context, in *struct {
	ByID
	From int `query:"from" minimum:"0" maximum:"1000000" doc:"number of a revision; the one before to if it is left out"`
	To   int `query:"to" minimum:"0" maximum:"1000000" doc:"number of a revision; the current one if it is left out"`
}) (*body[wire.Diff], error) {
	st, err := a.statement(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	from, to := in.From, in.To
	if to == 0 {
		to = st.Revision
	}
	if from == 0 {
		from = to - 1
	}
	if from < 1 {
		return nil, problemOf(http.StatusNotFound, "not-found", st.ID+" has no revision before this one: it was not edited since it was first seen", fmt.Sprintf("its revisions are 1 to %d", st.Revision))
	}
	before, err := a.revision(ctx, st, from)
	if err != nil {
		return nil, err
	}
	after, err := a.revision(ctx, st, to)
	if err != nil {
		return nil, err
	}
	reader, err := a.Office.EditReader()
	if err != nil {
		return nil, err
	}
	e := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body})
	return &body[wire.Diff]{wire.DiffOf(st.ID, from, to, e, e.Verdict(ctx, reader, after.Language))}, nil
}

// found is what a search found.
type found struct {
	Items []wire.Hit `json:"items"`
	Total int        `json:"total" doc:"how many fit, counted as far as they were compared"`
	More  bool       `json:"more" doc:"more than total may fit; those were remembered earlier"`
}

// SnippetSize is the length of a snippet in characters.
const SnippetSize = 240

func (a *api) search(ctx context.Context, in *struct {
	Span
	Query  string   `query:"q" required:"true" minLength:"1" maxLength:"1000" example:"drones AND Iran" doc:"the words"`
	Source []string `query:"source" maxItems:"200" doc:"ids of sources"`
	Issuer []string `query:"issuer" maxItems:"200" doc:"ids of issuers"`
	Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"most statements"`
}) (*body[found], error) {
	q, err := fulltext.Parse(in.Query)
	if err != nil {
		return nil, invalid("query.q", err.Error(), nil, statement.HintOf(err))
	}
	f := state.SearchFilter{Limit: in.Limit}
	if f.Since, f.Until, err = in.times(a.Clock.Now()); err != nil {
		return nil, err
	}
	if f.Sources, err = a.sourcesOf(in.Source, in.Issuer); err != nil {
		return nil, err
	}
	if !a.ReadOnly {
		if err := a.Store.Index(ctx, nil); err != nil && ctx.Err() == nil { // what is indexed is found
			a.log().Warn("what was recorded last is not searched", "error", err)
		}
	}
	results, err := a.Store.Search(ctx, q, f)
	if err != nil {
		return nil, err
	}
	x := found{Items: []wire.Hit{}, Total: results.Total, More: results.More}
	for _, hit := range results.Hits {
		r, err := a.Store.Revision(ctx, hit.Statement.ID, 0)
		if err != nil {
			return nil, err
		}
		x.Items = append(x.Items, wire.HitOf(hit, fulltext.Snippet(r.Body, q, SnippetSize)))
	}
	return &body[found]{x}, nil
}
