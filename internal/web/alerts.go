package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/internal/wire"
	"volteface/state"
)

// alertsBody is what was sent to whom, and what waits.
type alertsBody struct {
	Alerts   []statement.Alert
	State    string
	States   []option
	Next     string
	Outages  []statement.Outage
	Mutes    []statement.Mute
	Subjects []option // what may be muted
	Rules    []ruleRow
	Waiting  int
	Attended bool
}

// ruleRow is a rule in words.
type ruleRow struct{ Name, Words string }

const alertsOnPage = 50

func (d *Desk) alerts(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	b := alertsBody{State: q.Get("state"), Attended: d.Office.Attended()}
	f := state.AlertFilter{Newest: true, Whole: true, Before: before, Limit: alertsOnPage + 1}
	for _, s := range []struct {
		state statement.AlertState
		name  string
	}{{statement.Pending, "waiting"}, {statement.Sending, "being sent"}, {statement.Sent, "sent"}, {statement.Refused, "refused"}, {statement.Expired, "expired"}} {
		chosen := b.State == string(s.state)
		if chosen {
			f.States = []statement.AlertState{s.state}
		}
		b.States = append(b.States, option{string(s.state), s.name, chosen})
	}
	var err error
	if b.Alerts, err = d.Store.Alerts(ctx, f); err == nil && len(b.Alerts) > alertsOnPage {
		b.Alerts = b.Alerts[:alertsOnPage]
		b.Next = "/alerts?" + url.Values{"state": {b.State}, "before": {strconv.FormatInt(b.Alerts[alertsOnPage-1].ID, 10)}}.Encode()
	}
	if err == nil {
		b.Outages, err = d.Store.Outages(ctx)
	}
	if err == nil {
		b.Mutes, err = d.Store.Mutes(ctx, d.Clock.Now())
	}
	if err == nil {
		b.Waiting, err = d.Store.Waiting(ctx, d.Clock.Now())
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	for _, t := range d.Defined.Topics() {
		b.Subjects = append(b.Subjects, option{t.ID, "topic: " + t.Name, false})
	}
	for _, s := range d.Defined.Sources() {
		if s.IsEnabled() {
			b.Subjects = append(b.Subjects, option{s.ID, "source: " + s.ID, false})
		}
	}
	for i, rule := range d.Office.Rules() {
		name := rule.Name
		if name == "" {
			name = "rule " + strconv.Itoa(i+1)
		}
		b.Rules = append(b.Rules, ruleRow{name, ruleWords(rule)})
	}
	d.page(w, r, "alerts", "Alerts", b)
}

// ruleWords says what a rule does, in a sentence.
func ruleWords(r alert.Rule) string {
	list := func(words []string) string {
		if n := len(words); n > 1 {
			return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
		}
		return strings.Join(words, "")
	}
	var events []string
	for _, e := range r.Events {
		events = append(events, strings.ReplaceAll(e, "_", " "))
	}
	b := "Tells " + strings.Join(r.To, ", ") + " of what is " + list(events)
	var of []string
	for _, part := range []struct {
		what  string
		words []string
	}{{"the source ", r.Sources}, {"the issuer ", r.Issuers}, {"a source tagged ", r.Tags}} {
		if len(part.words) > 0 {
			of = append(of, part.what+list(part.words))
		}
	}
	if len(of) > 0 {
		b += ", of " + list(of)
	}
	for _, part := range []struct {
		what  string
		words []string
	}{{"about the topic ", r.Topics}, {"with the words ", r.Words}, {"in the language ", r.Languages}} {
		if len(part.words) > 0 {
			b += ", " + part.what + list(part.words)
		}
	}
	if r.Importance > 0 {
		b += ", of importance " + strconv.Itoa(r.Importance) + " at least"
	}
	switch {
	case r.Digest != "" && r.Digest != "immediately":
		b += ", in a digest: " + r.Digest
	default:
		b += ", at once"
	}
	if r.Quiet != "" {
		b += ", but for the hours " + r.Quiet
	}
	if r.Timezone != "" {
		b += " (" + r.Timezone + ")"
	}
	return b + "."
}

// alertBody is one message.
type alertBody struct {
	wire.ShownAlert
	CanRetry bool
}

func (d *Desk) alertPage(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("alert"), 10, 64)
	if err != nil || id < 1 {
		d.fail(w, r, statement.ErrNotFound)
		return
	}
	x, err := d.Office.Alert(r.Context(), id)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, "alert", "Alert "+strconv.FormatInt(id, 10), alertBody{x, x.State != string(statement.Sent) && x.Parent == 0})
}

// alertAct sends again, mutes and unmutes.
func (d *Desk) alertAct(w http.ResponseWriter, r *http.Request) {
	ctx, do := r.Context(), r.PostFormValue("do")
	var err error
	switch subject := r.PostFormValue("subject"); do {
	case "retry":
		var ids []int64
		if text := r.PostFormValue("id"); text != "" {
			id, bad := strconv.ParseInt(text, 10, 64)
			if bad != nil {
				d.fail(w, r, statement.ErrNotFound)
				return
			}
			ids = []int64{id}
		}
		err = d.Office.Retry(ctx, ids)
	case "mute":
		until, bad := wire.ParseEnd(strings.TrimSpace(r.PostFormValue("until")), d.Clock.Now())
		switch {
		case bad != nil:
			d.problem(w, r, http.StatusUnprocessableEntity, sentenceOf(bad))
			return
		case until.IsZero():
			d.problem(w, r, http.StatusUnprocessableEntity, "Until when? Write 8h, 3d, or a date.")
			return
		case !d.mayMute(subject):
			d.problem(w, r, http.StatusUnprocessableEntity, "There is no such source or topic.")
			return
		}
		_, err = d.Office.Mute(ctx, subject, until)
	case "unmute":
		if _, err = d.Office.Unmute(ctx, subject); errors.Is(err, statement.ErrNotFound) {
			err = nil // it has ended meanwhile
		}
	default:
		d.problem(w, r, http.StatusUnprocessableEntity, "It was not said what to do.")
		return
	}
	var mistaken interface{ Usage() bool }
	switch {
	case errors.As(err, &mistaken) && mistaken.Usage():
		d.problem(w, r, http.StatusUnprocessableEntity, sentenceOf(err))
	case err != nil:
		d.fail(w, r, err)
	default:
		back(w, r, "/alerts", map[string]string{"retry": "due", "mute": "muted", "unmute": "unmuted"}[do])
	}
}

// mayMute tells whether a subject is a source or a topic.
func (d *Desk) mayMute(subject string) bool {
	_, source := d.Defined.Source(subject)
	return source || slices.ContainsFunc(d.Defined.Topics(), func(t statement.Topic) bool { return t.ID == subject })
}
