package api

import (
	"context"
	"net/http"
)

// numbers are counts of all that is kept.
type numbers struct {
	Statements int  `json:"statements"`
	Revisions  int  `json:"revisions"`
	Snapshots  int  `json:"snapshots"`
	Edits      int  `json:"edits"`
	Events     int  `json:"events"`
	Alerts     int  `json:"alerts"`
	Waiting    int  `json:"waiting" doc:"alerts that are due"`
	Unread     int  `json:"unread" doc:"revisions that wait to be read, or to be held against what was said before"`
	Sources    int  `json:"sources" doc:"that are on"`
	Faults     int  `json:"faults" doc:"sources at fault"`
	Attended   bool `json:"daemon_runs"`
}

func (a *api) stats() {
	add(a, operation{id: "stats", method: http.MethodGet, path: "/stats", tag: "stats", scope: Read, summary: "Count all that is kept"}, a.numbers)
}

func (a *api) numbers(ctx context.Context, _ *nothing) (*body[numbers], error) {
	c, err := a.Store.Counts(ctx)
	if err != nil {
		return nil, err
	}
	x := numbers{Statements: c.Statements, Revisions: c.Revisions, Snapshots: c.Snapshots, Edits: c.Edits, Events: c.Events, Alerts: c.Alerts, Attended: a.Office.Attended()}
	if x.Waiting, err = a.Store.Waiting(ctx, a.Clock.Now()); err != nil {
		return nil, err
	}
	analysis, err := a.Store.AnalysisCounts(ctx)
	if err != nil {
		return nil, err
	}
	x.Unread = analysis.Due
	catalogue, err := a.Office.Catalogue()
	if err != nil {
		return nil, err
	}
	for _, src := range catalogue {
		if src.IsEnabled() {
			x.Sources++
		}
	}
	statuses, err := a.Store.SourceStatuses(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range statuses {
		if s.Fault != "" {
			x.Faults++
		}
	}
	return &body[numbers]{x}, nil
}
