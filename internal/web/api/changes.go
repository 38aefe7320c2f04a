package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// change is an event: the fields of scrape, and when it was and which number it has.
type change struct {
	Event     int64           `json:"event" doc:"number of the event, rising"`
	Time      string          `json:"time" doc:"when it was seen"`
	State     statement.State `json:"state"`
	Source    string          `json:"source"`
	ID        string          `json:"id" doc:"the statement; empty where the source itself is at fault, or well again"`
	URL       string          `json:"url"`
	Title     string          `json:"title"`
	Published string          `json:"published"`
	Revision  int             `json:"revision"`
	Reason    string          `json:"reason"`
	Baseline  bool            `json:"baseline"`
	wire.Judgement
	Reversal string `json:"reversal" doc:"of REVERSAL and SOFTENING: identifier of the finding"`
	Editions string `json:"editions" doc:"of DIFFERS: identifier of the pair"`
}

// states are those that events have, in the order in which they are explained.
var states = []statement.State{statement.New, statement.Changed, statement.Missing, statement.Removed, statement.Unlisted, statement.Moved, statement.Restored,
	statement.Unread, statement.Turned, statement.Softened, statement.Differs, statement.Faulted, statement.Recovered}

type listChangesIn struct {
	Paging
	Span
	Source     []string `query:"source" maxItems:"200" doc:"ids of sources"`
	Issuer     []string `query:"issuer" maxItems:"200" doc:"ids of issuers"`
	Statement  string   `query:"statement" maxLength:"64" doc:"identifier of a statement"`
	State      []string `query:"state" maxItems:"20" doc:"what happened; everything but NEW if it is left out"`
	Class      []string `query:"class" enum:"none,editorial,substantive" doc:"of edits"`
	Importance int      `query:"importance" minimum:"0" maximum:"3" doc:"of edits: at least"`
	Baseline   bool     `query:"baseline" doc:"also what belongs to the first visit of a source"`
}

func (a *api) changes() {
	add(a, operation{id: "listChanges", method: http.MethodGet, path: "/changes", tag: "changes", scope: Read, summary: "List edits, removals and what else happened, the newest first"}, a.listChanges)
}

func (a *api) listChanges(ctx context.Context, in *listChangesIn) (*body[Page[change]], error) {
	c, err := in.cursorOf("changes")
	if err != nil {
		return nil, err
	}
	f := state.EventFilter{Statement: in.Statement, Importance: in.Importance, NoBaseline: !in.Baseline, Before: c.N, Limit: in.Limit + 1}
	if f.Since, f.Until, err = in.times(a.Clock.Now()); err != nil {
		return nil, err
	}
	if f.Sources, err = a.sourcesOf(in.Source, in.Issuer); err != nil {
		return nil, err
	}
	if f.States, err = statesOf(in.State); err != nil {
		return nil, err
	}
	for _, class := range in.Class {
		f.Classes = append(f.Classes, statement.Class(class))
	}
	found, err := a.Store.EventsThat(ctx, f)
	if err != nil {
		return nil, err
	}
	known := map[string]statement.Statement{}
	for _, ev := range found {
		if _, read := known[ev.Statement]; ev.Statement == "" || read {
			continue
		}
		st, err := a.Store.Statement(ctx, ev.Statement)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return nil, err
		}
		known[ev.Statement] = st
	}
	return &body[Page[change]]{pageOf(found, in.Limit, func(ev statement.Event) change { return changeOf(ev, known[ev.Statement]) },
		func(ev statement.Event) cursor { return cursor{List: "changes", N: ev.ID} })}, nil
}

func changeOf(ev statement.Event, st statement.Statement) change {
	x := change{
		Event: ev.ID, Time: wire.Moment(ev.At), State: ev.State, Source: ev.Source, ID: ev.Statement, URL: st.URL, Title: st.Title, Published: st.Published.String(),
		Revision: ev.Revision, Reason: ev.Reason, Baseline: ev.Baseline,
		Judgement: wire.JudgementOf(statement.Judgement{Class: ev.Class, Kinds: ev.Kinds, Importance: ev.Importance, Flicker: ev.Flicker}),
	}
	if ev.Reversal != nil {
		x.Reversal = ev.Reversal.ID
	}
	if ev.Counterpart != nil {
		x.Editions = ev.Counterpart.ID
	}
	return x
}

// statesOf reads names of states, in whatever case.
func statesOf(names []string) (chosen []statement.State, err error) {
	if len(names) == 0 {
		return states[1:], nil
	}
	for _, name := range names {
		s := statement.State(strings.ToUpper(name))
		if !slices.Contains(states, s) {
			var all []string
			for _, s := range states {
				all = append(all, string(s))
			}
			hint := "one of " + strings.Join(all, ", ")
			if near := statement.Nearest(string(s), all); near != "" {
				hint = "did you mean " + near + "? " + hint
			}
			return nil, invalid("query.state", "there is no state "+short(name, longestEcho), nil, hint)
		}
		chosen = append(chosen, s)
	}
	return chosen, nil
}

// micros and micro turn a moment into what a cursor carries, and back: microseconds, as exact as stores are.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func micro(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func lower(words []string) []string {
	var l []string
	for _, w := range words {
		primary, _, _ := strings.Cut(strings.ToLower(w), "-")
		l = append(l, primary)
	}
	return l
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
