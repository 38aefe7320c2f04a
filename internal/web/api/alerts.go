package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *api) alerts() {
	const tag = "alerts"
	add(a, operation{id: "listAlerts", method: http.MethodGet, path: "/alerts", tag: tag, scope: Read, summary: "List alerts, the newest first"}, a.listAlerts)
	add(a, operation{id: "getAlert", method: http.MethodGet, path: "/alerts/{id}", tag: tag, scope: Read, summary: "Show an alert: how it stands, and the message as it would be worded now"}, a.getAlert)
	add(a, operation{id: "retryAlerts", method: http.MethodPost, path: "/alerts/retry", tag: tag, scope: Decide, status: http.StatusAccepted, summary: "Send what waits now, or single alerts again",
		description: "Without ids, all that waits for another attempt. The daemon sends what is due; without one, volteface alerts retry does."}, a.retry)
	add(a, operation{id: "listDeliveries", method: http.MethodGet, path: "/deliveries", tag: tag, scope: Read, summary: "List the messages that were handed over or given up, the newest first"}, a.listDeliveries)
	add(a, operation{id: "listOutages", method: http.MethodGet, path: "/outages", tag: tag, scope: Read, summary: "List the channels that cannot be used"}, a.listOutages)
	add(a, operation{id: "listMutes", method: http.MethodGet, path: "/mutes", tag: tag, scope: Read, summary: "List what is muted"}, a.listMutes)
	add(a, operation{id: "mute", method: http.MethodPut, path: "/mutes/{subject}", tag: tag, scope: Decide, summary: "Hold back what would be told of a source or a topic, until a moment",
		description: "Nothing is dropped: what happens meanwhile, and what waits already, comes in one digest when the mute ends."}, a.mute)
	add(a, operation{id: "unmute", method: http.MethodDelete, path: "/mutes/{subject}", tag: tag, scope: Decide, summary: "End a mute; what it held back is due now, in one digest"}, a.unmute)
}

type listAlertsIn struct {
	Paging
	State   []string `query:"state" enum:"pending,sending,sent,failed,expired" doc:"where it stands"`
	Source  []string `query:"source" maxItems:"200" doc:"ids of sources"`
	Channel []string `query:"channel" maxItems:"50" doc:"email, or names of configured channels"`
	Kind    []string `query:"kind" enum:"event,baseline,digest,notice" doc:"what it tells"`
	Whole   bool     `query:"whole" doc:"not those that have become part of a digest"`
}

func (a *api) listAlerts(ctx context.Context, in *listAlertsIn) (*body[Page[wire.Alert]], error) {
	f := state.AlertFilter{Channels: in.Channel, Whole: in.Whole}
	for _, s := range in.State {
		f.States = append(f.States, statement.AlertState(s))
	}
	for _, k := range in.Kind {
		f.Kinds = append(f.Kinds, statement.AlertKind(k))
	}
	var err error
	if f.Sources, err = a.sourcesOf(in.Source, nil); err != nil {
		return nil, err
	}
	return a.alertsThat(ctx, in.Paging, f, "alerts")
}

func (a *api) alertsThat(ctx context.Context, p Paging, f state.AlertFilter, list string) (*body[Page[wire.Alert]], error) {
	c, err := p.cursorOf(list)
	if err != nil {
		return nil, err
	}
	f.Newest, f.Before, f.Limit = true, c.N, p.Limit+1
	found, err := a.Store.Alerts(ctx, f)
	if err != nil {
		return nil, err
	}
	return &body[Page[wire.Alert]]{pageOf(found, p.Limit, wire.AlertOf, func(al statement.Alert) cursor { return cursor{List: list, N: al.ID} })}, nil
}

func (a *api) listDeliveries(ctx context.Context, in *struct {
	Paging
	Channel []string `query:"channel" maxItems:"50" doc:"email, or names of configured channels"`
}) (*body[Page[wire.Alert]], error) {
	f := state.AlertFilter{Channels: in.Channel, Whole: true, States: []statement.AlertState{statement.Sent, statement.Refused, statement.Expired}}
	return a.alertsThat(ctx, in.Paging, f, "deliveries")
}

func (a *api) getAlert(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1" doc:"number of the alert"`
}) (*body[wire.ShownAlert], error) {
	x, err := a.Office.Alert(ctx, in.ID)
	if errors.Is(err, statement.ErrNotFound) {
		return nil, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("there is no alert %d", in.ID), Root+"/alerts lists them")
	}
	if err != nil {
		return nil, err
	}
	return &body[wire.ShownAlert]{x}, nil
}

// waiting says what a retry came to.
type waiting struct {
	Waiting  int  `json:"waiting" doc:"alerts that are due now"`
	Attended bool `json:"daemon_runs" doc:"a daemon runs, which sends them"`
}

func (a *api) retry(ctx context.Context, in *struct {
	Body struct {
		IDs []int64 `json:"ids,omitempty" maxItems:"1000" doc:"numbers of alerts; all that wait for another attempt if there are none"`
	}
}) (*body[waiting], error) {
	if err := a.Office.Retry(ctx, in.Body.IDs); err != nil {
		return nil, err
	}
	n, err := a.Store.Waiting(ctx, a.Clock.Now())
	if err != nil {
		return nil, err
	}
	return &body[waiting]{waiting{n, a.Office.Attended()}}, nil
}

// outage is a channel that cannot be used.
type outage struct {
	Channel  string `json:"channel"`
	Since    string `json:"since"`
	Failures int    `json:"failures" doc:"attempts in a row that failed"`
	NextTry  string `json:"next_try"`
	Error    string `json:"error"`
}

func (a *api) listOutages(ctx context.Context, _ *nothing) (*body[Page[outage]], error) {
	found, err := a.Store.Outages(ctx)
	if err != nil {
		return nil, err
	}
	page := whole([]outage(nil))
	for _, o := range found {
		page.Items = append(page.Items, outage{o.Channel, wire.Moment(o.Since), o.Failures, wire.Moment(o.NextTry), o.Error})
	}
	return &body[Page[outage]]{page}, nil
}

func (a *api) listMutes(ctx context.Context, _ *nothing) (*body[Page[wire.Mute]], error) {
	found, err := a.Store.Mutes(ctx, a.Clock.Now())
	if err != nil {
		return nil, err
	}
	page := whole([]wire.Mute(nil))
	for _, m := range found {
		page.Items = append(page.Items, wire.MuteOf(m))
	}
	return &body[Page[wire.Mute]]{page}, nil
}

type BySubject struct {
	Subject string `path:"subject" maxLength:"100" doc:"id of a source or a topic"`
}

// subjects are what may be muted.
func (a *api) subjects() ([]string, error) {
	sources, err := a.Office.Catalogue()
	if err != nil {
		return nil, err
	}
	topics, err := a.Office.Topics()
	if err != nil {
		return nil, err
	}
	all := keys(sources)
	for _, t := range topics {
		all = append(all, t.ID)
	}
	return all, nil
}

// muted says what a mute came to.
type muted struct {
	Subject string `json:"subject"`
	Until   string `json:"until"`
	Held    int    `json:"held" doc:"waiting alerts that are held back now"`
}

func (a *api) mute(ctx context.Context, in *struct {
	BySubject
	Body struct {
		Until string `json:"until" minLength:"2" maxLength:"40" example:"8h" doc:"a date, RFC 3339, or how long: 90m, 8h, 3d"`
	}
}) (*body[muted], error) {
	all, err := a.subjects()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(all, in.Subject) {
		return nil, notFound("source or topic", in.Subject, all, Root+"/sources and "+Root+"/topics list them")
	}
	until, err := a.endOf(in.Body.Until)
	if err != nil {
		return nil, err
	}
	held, err := a.Office.Mute(ctx, in.Subject, until)
	if err != nil {
		return nil, err
	}
	return &body[muted]{muted{in.Subject, wire.Moment(until), held}}, nil
}

// unmuted says what the end of a mute came to.
type unmuted struct {
	Subject string `json:"subject"`
	Due     int    `json:"due" doc:"alerts that are due now"`
}

func (a *api) unmute(ctx context.Context, in *BySubject) (*body[unmuted], error) {
	due, err := a.Office.Unmute(ctx, in.Subject)
	if errors.Is(err, statement.ErrNotFound) {
		return nil, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("%q is not muted", in.Subject), Root+"/mutes lists what is")
	}
	if err != nil {
		return nil, err
	}
	return &body[unmuted]{unmuted{in.Subject, due}}, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
