package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *api) sources() {
	const tag = "sources"
	add(a, operation{id: "listSources", method: http.MethodGet, path: "/sources", tag: tag, scope: Read, summary: "List sources and how they do"}, a.listSources)
	add(a, operation{id: "getSource", method: http.MethodGet, path: "/sources/{id}", tag: tag, scope: Read, summary: "Say how a source does"}, a.getSource)
	add(a, operation{id: "visitSource", method: http.MethodPost, path: "/sources/{id}/visit", tag: tag, scope: Decide, status: http.StatusAccepted, summary: "Have a source visited now",
		description: "The daemon makes the visit within half a minute, when no other visit to the host is under way. Without a daemon nothing would (409)."}, a.visit)
	add(a, operation{id: "pauseSource", method: http.MethodPost, path: "/sources/{id}/pause", tag: tag, scope: Admin, summary: "Leave a source alone, until a moment or until it is resumed",
		description: "Nothing of it is visited or looked at again meanwhile; what is kept stays. What changes on its pages meanwhile is seen afterwards, if it is still there."}, a.pause)
	add(a, operation{id: "resumeSource", method: http.MethodPost, path: "/sources/{id}/resume", tag: tag, scope: Admin, summary: "Let a paused source go on"}, a.resume)
	add(a, operation{id: "listIssuers", method: http.MethodGet, path: "/issuers", tag: tag, scope: Read, summary: "List the institutions that are watched"}, a.listIssuers)
	add(a, operation{id: "issuerMonths", method: http.MethodGet, path: "/issuers/{id}/months", tag: tag, scope: Read, summary: "Count what an issuer published, edited, removed and turned round, by month"}, a.issuerMonths)
}

// BySource names a source.
type BySource struct {
	ID string `path:"id" maxLength:"100" doc:"id of the source"`
}

// defined finds a source by its id.
func (a *api) defined(id string) (statement.Source, error) {
	all, err := a.Office.Catalogue()
	if err != nil {
		return statement.Source{}, err
	}
	src, defined := all[id]
	if !defined {
		return src, notFound("source", id, keys(all), Root+"/sources lists them")
	}
	return src, nil
}

func (a *api) listSources(ctx context.Context, in *struct {
	Tag     []string `query:"tag" maxItems:"50" doc:"with one of these tags"`
	Enabled string   `query:"enabled" enum:"true,false" doc:"only those that are on, or off; all if it is left out"`
	Fault   bool     `query:"fault" doc:"only those at fault"`
}) (*body[Page[wire.Source]], error) {
	all, err := a.Office.Sources(ctx, nil)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s wire.Source) bool {
		untagged := len(in.Tag) > 0 && !slices.ContainsFunc(in.Tag, func(t string) bool { return slices.Contains(s.Tags, t) })
		return untagged || in.Enabled != "" && s.Enabled != (in.Enabled == "true") || in.Fault && s.Fault == ""
	})
	return &body[Page[wire.Source]]{whole(all)}, nil
}

func (a *api) oneSource(ctx context.Context, id string) (*body[wire.Source], error) {
	if _, err := a.defined(id); err != nil {
		return nil, err
	}
	all, err := a.Office.Sources(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, statement.ErrNotFound
	}
	return &body[wire.Source]{all[0]}, nil
}

func (a *api) getSource(ctx context.Context, in *BySource) (*body[wire.Source], error) {
	return a.oneSource(ctx, in.ID)
}

func (a *api) visit(ctx context.Context, in *BySource) (*body[wire.Source], error) {
	src, err := a.defined(in.ID)
	if err != nil {
		return nil, err
	}
	switch err := monitor.VisitSoon(ctx, a.Store, src, a.Clock.Now(), a.Office.Attended()); {
	case errors.Is(err, monitor.ErrNotVisited):
		return nil, problemOf(http.StatusConflict, "conflict", err.Error(), statement.HintOf(err))
	case err != nil:
		return nil, err
	}
	return a.oneSource(ctx, in.ID)
}

func (a *api) pause(ctx context.Context, in *struct {
	BySource
	Body struct {
		Until  string `json:"until,omitempty" maxLength:"40" example:"2026-12-01" doc:"a date, RFC 3339, or how long: 8h, 3d; no end if it is left out"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"why, in a few words"`
	}
}) (*body[wire.Source], error) {
	src, err := a.defined(in.ID)
	if err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	until, err := wire.ParseEnd(in.Body.Until, now)
	if err != nil {
		return nil, invalid("body.until", err.Error(), in.Body.Until, statement.HintOf(err))
	}
	p := state.Pause{Source: src.ID, Since: now, Until: until, By: CallerOf(ctx).Name, Reason: strings.TrimSpace(in.Body.Reason)}
	if err := a.Store.Update(ctx, func(tx state.Tx) error { return tx.PutPause(p) }); err != nil {
		return nil, err
	}
	return a.oneSource(ctx, src.ID)
}

func (a *api) resume(ctx context.Context, in *BySource) (*body[wire.Source], error) {
	if _, err := a.defined(in.ID); err != nil {
		return nil, err
	}
	if err := a.Store.Update(ctx, func(tx state.Tx) error { return tx.DropPause(in.ID) }); err != nil {
		return nil, err
	}
	return a.oneSource(ctx, in.ID)
}

// issuer is an institution and the sources that are of it.
type issuer struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Government string   `json:"government"`
	Sources    []string `json:"sources"`
}

func (a *api) issuers() (map[string]issuer, error) {
	all, err := a.Office.Catalogue()
	if err != nil {
		return nil, err
	}
	issuers := map[string]issuer{}
	for _, id := range keys(all) {
		i := all[id].Issuer
		x := issuers[i.ID]
		x.ID, x.Name, x.Government, x.Sources = i.ID, i.Name, i.Government, append(x.Sources, id)
		issuers[i.ID] = x
	}
	return issuers, nil
}

func (a *api) listIssuers(context.Context, *nothing) (*body[Page[issuer]], error) {
	all, err := a.issuers()
	if err != nil {
		return nil, err
	}
	page := whole([]issuer(nil))
	for _, id := range keys(all) {
		page.Items = append(page.Items, all[id])
	}
	return &body[Page[issuer]]{page}, nil
}

// month is what happened in a month.
type month struct {
	Month      string `json:"month" doc:"2022-11, in UTC"`
	Statements int    `json:"statements"`
	Edits      int    `json:"edits"`
	Removals   int    `json:"removals"`
	Reversals  int    `json:"reversals"`
	Softenings int    `json:"softenings"`
}

func (a *api) issuerMonths(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"100" doc:"id of the issuer"`
	Span
}) (*body[Page[month]], error) {
	all, err := a.issuers()
	if err != nil {
		return nil, err
	}
	x, known := all[in.ID]
	if !known {
		return nil, notFound("issuer", in.ID, keys(all), Root+"/issuers lists them")
	}
	since, until, err := in.times(a.Clock.Now())
	if err != nil {
		return nil, err
	}
	months, err := a.Store.Months(ctx, x.Sources, since)
	if err != nil {
		return nil, err
	}
	page := whole([]month(nil))
	for _, m := range months {
		if until.IsZero() || m.Start.Before(until) {
			page.Items = append(page.Items, month{m.Start.Format("2006-01"), m.Statements, m.Edits, m.Removals, m.Reversals, m.Softenings})
		}
	}
	return &body[Page[month]]{page}, nil
}

// endOf reads a moment that must lie ahead.
func (a *api) endOf(text string) (time.Time, error) {
	until, err := wire.ParseEnd(text, a.Clock.Now())
	switch {
	case err != nil:
		return until, invalid("body.until", err.Error(), text, statement.HintOf(err))
	case until.IsZero():
		return until, invalid("body.until", "until when?", nil, "8h, 3d, or 2026-11-05T08:00:00Z")
	}
	return until, nil
}
