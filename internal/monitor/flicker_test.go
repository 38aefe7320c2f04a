package monitor

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// A player whose text comes and goes, from the page to the mail: the first return
// is told, with the day the wording is from; from the second on it is flicker,
// which is recorded and shown and told to nobody, until the page says something
// new.
func TestFlickerIsToldToNobody(t *testing.T) {
	rule := alert.Rule{Name: "desk", Events: []string{"changed"}, To: []string{"desk@newsroom.example"}}
	p := newPress(t, rule)
	src := p.source(nil)
	mail := &post{t: t, store: p.store, clock: p.clock}
	mail.Notifier = &Notifier{
		Store: p.store, Clock: p.clock, Log: slog.New(slog.DiscardHandler), Holder: Holder(time.Now()),
		Dispatcher: &alert.Dispatcher{
			Channels: map[string]alert.Channel{statement.EmailChannel: mail}, Clock: p.clock, Log: slog.New(slog.DiscardHandler), Rules: []alert.Rule{rule},
			Composer: &alert.Composer{Memory: p.store, Source: func(string) (statement.Source, bool) { return src, true }},
		},
	}
	const (
		denial = "The ministry denies that it supplied drones to the army."
		player = "The recording of the briefing cannot be shown to viewers in your region of the world. "
		turn   = "The ministry confirms that it supplied 200 drones to the army."
	)
	p.list("/", "/a")
	p.page("/a", "A", denial, "")
	p.expect("first", p.visit(src, Options{}), "NEW /a")
	mail.notify()
	for i, step := range []struct {
		text    string
		back    int
		flicker bool
		mails   int // so far
		shown   int // statements that flicker, by the source's status
	}{
		{player + denial, 0, false, 1, 0},
		{denial, 1, false, 2, 0}, // once may be a retraction
		{player + denial, 2, true, 2, 1},
		{denial, 3, true, 2, 1},
		{player + denial, 4, true, 2, 1},
		{turn, 0, false, 3, 0}, // news, flicker or not
		{turn + " He left.", 0, false, 4, 0},
	} {
		p.clock.Set(p.clock.Now().Add(6 * time.Hour))
		p.page("/a", "A", step.text, "")
		p.expect(fmt.Sprint("step ", i), p.visit(src, Options{Recheck: RecheckAll}), "CHANGED /a")
		mail.notify()
		st := p.statements()[0]
		edits, err := p.store.Edits(t.Context(), st.ID)
		p.must(err)
		edit := edits[slices.IndexFunc(edits, func(e statement.Edit) bool { return e.To == st.Revision })]
		status, err := p.store.SourceStatus(t.Context(), "press")
		p.must(err)
		if edit.Back != step.back || edit.Flicker != step.flicker || len(mail.sent) != step.mails || status.Flickering != step.shown {
			t.Errorf("step %d: back to %d, flicker %v, %d mails, %d flickering; want %+v (%s)", i, edit.Back, edit.Flicker, len(mail.sent), status.Flickering, step, edit.Summary)
		}
		if (edit.Back > 0) != strings.Contains(edit.Summary, "back to the wording of 1 November 2022") && step.back <= 2 {
			t.Errorf("step %d: %s", i, edit.Summary)
		}
		r, err := p.store.Revision(t.Context(), st.ID, st.Revision) // all is kept, flicker too
		p.must(err)
		if r.Body != strings.TrimSpace(step.text) {
			t.Errorf("step %d: kept %q", i, r.Body)
		}
	}
	if !strings.Contains(mail.sent[1].Text, "back to the wording of 1 November 2022") {
		t.Errorf("the mail does not say whose wording it is:\n%s", mail.sent[1].Text)
	}
}
