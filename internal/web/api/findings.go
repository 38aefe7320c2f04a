package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *api) reversals() {
	const tag = "reversals"
	add(a, operation{id: "listReversals", method: http.MethodGet, path: "/reversals", tag: tag, scope: Read, summary: "List what appears to contradict what, what was said last first",
		description: "Without decision, what was dismissed is left out, and without all what a second opinion dropped or an older engine found and today's does not."}, a.listReversals)
	add(a, operation{id: "reversalStats", method: http.MethodGet, path: "/reversals/stats", tag: tag, scope: Read, summary: "Count alerts and reviews by rule, topic and issuer, and how many of them were confirmed"}, a.reversalStats)
	add(a, operation{id: "getReversal", method: http.MethodGet, path: "/reversals/{id}", tag: tag, scope: Read, summary: "Show both sides of a finding, with their evidence"}, a.getReversal)
	for verb, decision := range map[string]state.Decision{"confirm": state.Confirmed, "dismiss": state.Dismissed, "reopen": state.Open} {
		summary := map[string]string{"confirm": "Say that a finding is right", "dismiss": "Say that a finding is wrong, and why; it does not come back", "reopen": "Take back what was decided"}[verb]
		add(a, operation{id: verb + "Reversal", method: http.MethodPost, path: "/reversals/{id}/" + verb, tag: tag, scope: Decide, summary: summary}, func(ctx context.Context, in *decideIn) (*body[decided], error) {
			return a.decide(ctx, in, decision)
		})
	}
	add(a, operation{id: "reversalHistory", method: http.MethodGet, path: "/reversals/{id}/history", tag: tag, scope: Read, summary: "List what people did with a finding, the earliest first"}, a.history)
	add(a, operation{id: "noteReversal", method: http.MethodPost, path: "/reversals/{id}/note", tag: tag, scope: Decide, status: http.StatusCreated, summary: "Add a note to the history of a finding"}, a.note)
	add(a, operation{id: "restoreReversal", method: http.MethodPost, path: "/reversals/{id}/restore", tag: tag, scope: Decide, summary: "Bring back a finding that a second opinion has dropped"}, a.restore)
}

type ByFinding struct {
	ID string `path:"id" maxLength:"64" doc:"identifier of the finding, or an unambiguous beginning of it"`
}

type listReversalsIn struct {
	Paging
	Span
	Level      []string `query:"level" enum:"alert,review,watch" doc:"alert and review if it is left out"`
	Decision   []string `query:"decision" enum:"open,confirmed,dismissed" doc:"what was decided"`
	Source     []string `query:"source" maxItems:"200" doc:"ids of sources of the later statement"`
	Issuer     []string `query:"issuer" maxItems:"200" doc:"ids of issuers of the later statement"`
	Topic      []string `query:"topic" maxItems:"200" doc:"ids of topics"`
	Government []string `query:"government" maxItems:"200" doc:"whose positions turned"`
	Statement  string   `query:"statement" maxLength:"64" doc:"identifier of a statement on either side"`
	All        bool     `query:"all" doc:"also what was dismissed or dropped, or is not found any more"`
}

func (a *api) listReversals(ctx context.Context, in *listReversalsIn) (*body[Page[wire.Reversal]], error) {
	c, err := in.cursorOf("reversals")
	if err != nil {
		return nil, err
	}
	f := state.ReversalFilter{
		Topics: in.Topic, Governments: in.Government, Statement: in.Statement, Dropped: in.All, Standing: !in.All,
		After: state.FindingPlace{Said: micro(c.At), Score: c.Score, ID: c.ID}, Limit: in.Limit + 1,
	}
	if f.Since, f.Until, err = in.times(a.Clock.Now()); err != nil {
		return nil, err
	}
	if f.Sources, err = a.sourcesOf(in.Source, in.Issuer); err != nil {
		return nil, err
	}
	if len(in.Level) == 0 {
		in.Level = []string{string(statement.LevelAlert), string(statement.LevelReview)}
	}
	for _, level := range in.Level {
		f.Levels = append(f.Levels, statement.Level(level))
	}
	for _, decision := range in.Decision {
		if decision == "open" {
			decision = ""
		}
		f.Decisions = append(f.Decisions, state.Decision(decision))
	}
	if len(in.Decision) == 0 && !in.All {
		f.Decisions = []state.Decision{state.Open, state.Confirmed}
	}
	found, err := a.Store.Reversals(ctx, f)
	if err != nil {
		return nil, err
	}
	return &body[Page[wire.Reversal]]{pageOf(found, in.Limit, wire.ReversalOf, func(f state.Finding) cursor {
		p := state.PlaceOfFinding(f)
		return cursor{List: "reversals", At: micros(p.Said), Score: p.Score, ID: p.ID}
	})}, nil
}

func (a *api) finding(ctx context.Context, id string) (state.Finding, error) {
	f, err := a.Store.Reversal(ctx, id)
	if errors.Is(err, statement.ErrNotFound) {
		return f, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("there is no finding %q", id), Root+"/reversals?all=true lists what there is")
	}
	return f, err
}

func (a *api) getReversal(ctx context.Context, in *ByFinding) (*body[wire.Reversal], error) {
	f, err := a.finding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[wire.Reversal]{wire.ReversalOf(f)}, nil
}

type decideIn struct {
	ByFinding
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"why, in a few words; a finding is not dismissed without"`
		Note   string `json:"note,omitempty" maxLength:"5000" doc:"for the history"`
		Expect string `json:"expect,omitempty" enum:"open,confirmed,dismissed" doc:"what the decision must be now; if somebody has decided otherwise meanwhile, nothing is changed (409)"`
	}
}

// decided is what a decision came to.
type decided struct {
	Finding wire.Reversal   `json:"finding"`
	Others  []wire.Reversal `json:"others" doc:"findings on the same matter that went with it"`
	Left    int             `json:"left" doc:"findings that may be on the same matter and stay as they are: there were too many to be read for one decision"`
}

func (a *api) decide(ctx context.Context, in *decideIn, decision state.Decision) (*body[decided], error) {
	f, err := a.finding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(in.Body.Reason)
	if decision == state.Dismissed && reason == "" {
		return nil, invalid("body.reason", "a finding is dismissed for a reason", nil, `"another period", or whatever it is: it teaches the engine`)
	}
	now := map[state.Decision]string{state.Open: "open"}[f.Review.Decision] + string(f.Review.Decision)
	if in.Body.Expect != "" && in.Body.Expect != now {
		return nil, problemOf(http.StatusConflict, "conflict", fmt.Sprintf("%s is %s by now", f.ID, now), "read it again before you decide")
	}
	caller := CallerOf(ctx)
	review := state.Review{Decision: decision, Reason: reason, At: a.Clock.Now(), Signature: state.Signature{Person: caller.ID, By: caller.Name, Via: via, Note: strings.TrimSpace(in.Body.Note)}}
	others, left, err := a.Monitor.Decide(ctx, f.ID, review)
	if err != nil {
		return nil, err
	}
	if f, err = a.Store.Reversal(ctx, f.ID); err != nil {
		return nil, err
	}
	x := decided{Finding: wire.ReversalOf(f), Others: []wire.Reversal{}, Left: left}
	for _, o := range others {
		x.Others = append(x.Others, wire.ReversalOf(o))
	}
	return &body[decided]{x}, nil
}

// via is how the history names what came by the API.
const via = "API"

// act is something that a person did with a finding.
type act struct {
	Time     string `json:"time"`
	Kind     string `json:"kind" doc:"confirmed, dismissed, reopened, noted, assigned"`
	By       string `json:"by" doc:"name of who did it; empty for somebody at the command line"`
	Via      string `json:"via" doc:"desk, mail, command line, API"`
	Reason   string `json:"reason"`
	Note     string `json:"note"`
	Assignee string `json:"assignee" doc:"identifier of the person it was assigned to"`
	Follows  string `json:"follows" doc:"the finding whose decision this follows"`
}

func actOf(x state.Act) act {
	return act{wire.Moment(x.At), string(x.Kind), x.By, x.Via, x.Reason, x.Note, x.Assignee, x.Follows}
}

func (a *api) history(ctx context.Context, in *ByFinding) (*body[Page[act]], error) {
	f, err := a.finding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	acts, err := a.Store.History(ctx, state.FindingItem(f.ID))
	if err != nil {
		return nil, err
	}
	page := whole([]act(nil))
	for _, x := range acts {
		page.Items = append(page.Items, actOf(x))
	}
	return &body[Page[act]]{page}, nil
}

func (a *api) note(ctx context.Context, in *struct {
	ByFinding
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"5000"`
	}
}) (*body[act], error) {
	f, err := a.finding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note := strings.TrimSpace(in.Body.Note)
	if note == "" {
		return nil, invalid("body.note", "the note is empty", nil, "")
	}
	caller := CallerOf(ctx)
	x := state.Act{Item: state.FindingItem(f.ID), At: a.Clock.Now(), Kind: state.ActNoted, Person: caller.ID, By: caller.Name, Via: via, Note: note}
	if err := a.Store.Update(ctx, func(tx state.Tx) error { return tx.AddAct(x) }); err != nil {
		return nil, err
	}
	return &body[act]{actOf(x)}, nil
}

func (a *api) restore(ctx context.Context, in *ByFinding) (*body[wire.Reversal], error) {
	f, err := a.finding(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if f.DroppedAt.IsZero() {
		return nil, problemOf(http.StatusConflict, "conflict", f.ID+" was not dropped", "")
	}
	if f, err = a.Monitor.Restore(ctx, f.ID); err != nil {
		return nil, err
	}
	return &body[wire.Reversal]{wire.ReversalOf(f)}, nil
}

func (a *api) reversalStats(ctx context.Context, in *struct{ Span }) (*body[Page[wire.Tally]], error) {
	since, until, err := in.times(a.Clock.Now())
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Reversals(ctx, state.ReversalFilter{Since: since, Until: until, Replaced: true})
	if err != nil {
		return nil, err
	}
	told, err := a.Store.ToldTurns(ctx, "", time.Time{})
	if err != nil {
		return nil, err
	}
	page := whole([]wire.Tally(nil))
	for _, t := range monitor.Tallies(found, monitor.RulesOf(told, found)) {
		page.Items = append(page.Items, wire.TallyOf(t))
	}
	return &body[Page[wire.Tally]]{page}, nil
}

func (a *api) editions() {
	const tag = "editions"
	add(a, operation{id: "listEditions", method: http.MethodGet, path: "/editions", tag: tag, scope: Read, summary: "List statements that tell of one thing, the newest first"}, a.listEditions)
	add(a, operation{id: "getEditions", method: http.MethodGet, path: "/editions/{id}", tag: tag, scope: Read, summary: "Show two counterparts side by side, and what differs"}, a.getEditions)
	add(a, operation{id: "dismissEditions", method: http.MethodPost, path: "/editions/{id}/dismiss", tag: tag, scope: Decide, summary: "Say that two statements are not of one thing"}, func(ctx context.Context, in *editionsIn) (*body[wire.Editions], error) {
		return a.reviewEditions(ctx, in, state.Dismissed)
	})
	add(a, operation{id: "reopenEditions", method: http.MethodPost, path: "/editions/{id}/reopen", tag: tag, scope: Decide, summary: "Take back a dismissal"}, func(ctx context.Context, in *editionsIn) (*body[wire.Editions], error) {
		return a.reviewEditions(ctx, in, state.Open)
	})
}

func (a *api) listEditions(ctx context.Context, in *struct {
	Paging
	Span
	Source    []string `query:"source" maxItems:"200" doc:"ids of sources of either side"`
	Kind      []string `query:"kind" enum:"edition,readout" doc:"edition: in two languages; readout: by two governments"`
	Statement string   `query:"statement" maxLength:"64" doc:"identifier of a statement on either side"`
	Differing bool     `query:"differing" doc:"only those in which something differs"`
	All       bool     `query:"all" doc:"dismissed ones too"`
}) (*body[Page[wire.Editions]], error) {
	c, err := in.cursorOf("editions")
	if err != nil {
		return nil, err
	}
	f := state.CounterpartFilter{Statement: in.Statement, Differing: in.Differing, Dismissed: in.All, After: state.Place{At: micro(c.At), ID: c.ID}, Limit: in.Limit + 1}
	if f.Since, f.Until, err = in.times(a.Clock.Now()); err != nil {
		return nil, err
	}
	if f.Sources, err = a.sourcesOf(in.Source, nil); err != nil {
		return nil, err
	}
	for _, k := range in.Kind {
		f.Kinds = append(f.Kinds, statement.CounterpartKind(k))
	}
	found, err := a.Store.Counterparts(ctx, f)
	if err != nil {
		return nil, err
	}
	return &body[Page[wire.Editions]]{pageOf(found, in.Limit, wire.EditionsOf, func(p state.Paired) cursor {
		return cursor{List: "editions", At: micros(p.Said), ID: p.ID}
	})}, nil
}

type ByPair struct {
	ID string `path:"id" maxLength:"64" doc:"identifier of the pair, or an unambiguous beginning of it"`
}

func (a *api) pair(ctx context.Context, id string) (state.Paired, error) {
	p, err := a.Store.Counterpart(ctx, id)
	if errors.Is(err, statement.ErrNotFound) {
		return p, problemOf(http.StatusNotFound, "not-found", fmt.Sprintf("there are no editions %q", id), Root+"/editions?all=true lists what there is")
	}
	return p, err
}

func (a *api) getEditions(ctx context.Context, in *ByPair) (*body[wire.Editions], error) {
	p, err := a.pair(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[wire.Editions]{wire.EditionsOf(p)}, nil
}

type editionsIn struct {
	ByPair
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"why, in a few words"`
	}
}

func (a *api) reviewEditions(ctx context.Context, in *editionsIn, decision state.Decision) (*body[wire.Editions], error) {
	p, err := a.pair(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	p.Review = state.Review{Decision: decision, Reason: strings.TrimSpace(in.Body.Reason), At: a.Clock.Now()}
	if err := a.Store.Update(ctx, func(tx state.Tx) error { return tx.ReviewCounterpart(p.ID, p.Review) }); err != nil {
		return nil, err
	}
	return &body[wire.Editions]{wire.EditionsOf(p)}, nil
}
