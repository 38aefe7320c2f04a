package monitor

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/opinion"
	"volteface/internal/opinion/standin"
	"volteface/internal/statement"
	"volteface/state"
)

// russianCandidate is candidate with an earlier passage in Russian.
func (p *press) russianCandidate(n int, level statement.Level) (f state.Finding, translation opinion.Extra) {
	p.t.Helper()
	before := fmt.Sprintf("Мы никогда не закроем порт номер %d.", n)
	f = p.candidateIn("ru", n, n, level, before, fmt.Sprintf("Port number %d has been closed.", n))
	return f, opinion.Extra{Kind: opinion.Translation, Into: "en", Language: "ru", Text: before}
}

func translating(o *Opinions, _ *opinion.Config) { o.Translate = "en" }

// A quotation in a foreign language is translated before the finding is told, once for the same words, within the same bounds, and kept
// with all else; what the opinion drops is not translated, and a quotation in the reader's language neither.
func TestTranslationsComeBeforeTheAlert(t *testing.T) {
	server := &standin.Server{}
	p := opinedPress(t, standIn(t, server), translating)
	raised, translation := p.russianCandidate(33, statement.LevelReview)
	dropped, no := p.russianCandidate(31, statement.LevelReview)
	own := p.candidate(3, statement.LevelReview)
	count := p.opine()
	if count.Asked != 7 || count.Written != 1 || count.Settled != 3 || len(p.rulesThatTold()[raised.ID]) != 2 || len(p.rulesThatTold()[own.ID]) != 2 {
		t.Errorf("%+v, told %v", count, p.rulesThatTold())
	}
	m, err := p.store.MachineText(t.Context(), translation.Key())
	if err != nil || m.Model != "standin" || m.Language != "en" || !strings.Contains(m.Text, "33") {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := p.store.MachineText(t.Context(), no.Key()); err == nil || p.stored(dropped.ID).DroppedAt.IsZero() {
		t.Errorf("what was dropped is translated: %v", err)
	}
	answers, err := p.store.OpinionAnswers(t.Context(), translation.Key())
	p.must(err)
	if len(answers) != 1 || answers[0].State != state.AnswerValid || answers[0].In == 0 {
		t.Errorf("evidence: %+v", answers)
	}
	again := p.candidateIn("ru", 100, 101, statement.LevelReview, translation.Text, "Port number 33 is closed for good.")
	if count := p.opine(); count.Written != 0 || p.stored(again.ID).SecondOpinion == nil {
		t.Errorf("the same words again: %+v", count)
	}
	if f := p.stored(raised.ID); f.Before.Text != translation.Text || f.Before.Translation != nil {
		t.Errorf("the quotation is another: %+v", f.Before)
	}
}

// A finding that is not asked about waits for its translation, too, and for no longer than others wait.
func TestTranslationWithoutAQuestion(t *testing.T) {
	server := &standin.Server{}
	p := opinedPress(t, standIn(t, server), translating, func(o *Opinions, _ *opinion.Config) { o.Levels = []statement.Level{statement.LevelReview} })
	f, translation := p.russianCandidate(3, statement.LevelAlert)
	plain := p.candidate(6, statement.LevelAlert)
	if told := p.rulesThatTold(); len(told[f.ID]) != 0 || len(told[plain.ID]) != 2 {
		t.Errorf("told before: %v", told)
	}
	if count := p.opine(); count.Asked != 1 || count.Written != 1 || len(p.rulesThatTold()[f.ID]) != 2 {
		t.Errorf("%+v, told %v", count, p.rulesThatTold())
	}
	if _, err := p.store.MachineText(t.Context(), translation.Key()); err != nil {
		t.Error(err)
	}
}

// Faults of the model delay no alert beyond the wait, and lose none: a server that is down, one that never translates, a bound.
func TestTranslationsDelayNothing(t *testing.T) {
	for name, c := range map[string]struct {
		server *standin.Server
		change func(*Opinions, *opinion.Config)
		down   bool
		atOnce bool
	}{
		"as it should be":       {server: &standin.Server{}, atOnce: true},
		"away":                  {server: &standin.Server{}, down: true},
		"no bound left":         {server: &standin.Server{}, change: func(o *Opinions, _ *opinion.Config) { o.PerDay = 2 }},
		"never translates":      {server: &standin.Server{Write: func(_, text string) string { return text }}, atOnce: true},
		"invents figures":       {server: &standin.Server{Write: func(_, text string) string { return "They said 4711." }}, atOnce: true},
		"faults in every other": {server: &standin.Server{Share: .5, Only: []standin.Fault{standin.Malformed, standin.Page}, Seed: "2"}, atOnce: true},
	} {
		t.Run(name, func(t *testing.T) {
			away := c.down
			address := standIn2(t, func(w http.ResponseWriter, r *http.Request) {
				if away {
					http.Error(w, "", http.StatusServiceUnavailable)
					return
				}
				c.server.ServeHTTP(w, r)
			})
			p := opinedPress(t, address, translating)
			if c.change != nil {
				c.change(p.Opinions, nil)
			}
			f, translation := p.russianCandidate(333, statement.LevelAlert)
			for p.clock.Now().Before(begin.Add(14 * time.Minute)) {
				p.opine()
				p.clock.Set(p.clock.Now().Add(time.Minute))
			}
			if told := len(p.rulesThatTold()[f.ID]) == 2; told != c.atOnce {
				t.Errorf("told at once: %v", told)
			}
			p.clock.Set(begin.Add(15 * time.Minute))
			p.opine()
			if told := p.rulesThatTold()[f.ID]; len(told) != 2 {
				t.Errorf("told by %v in the end", told)
			}
			_, err := p.store.MachineText(t.Context(), translation.Key())
			if bad := c.server.Write != nil; (err == nil) == bad && !c.down && c.change == nil {
				t.Errorf("translated: %v", err)
			}
			away, p.Opinions.PerDay = false, 0
			p.clock.Set(begin.Add(48 * time.Hour))
			p.opine()
			if _, err = p.store.MachineText(t.Context(), translation.Key()); (err == nil) != (c.server.Write == nil) {
				t.Errorf("translated later: %v", err)
			}
			if alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{}); err != nil || len(alerts) != 2 {
				t.Errorf("%d alerts, %v", len(alerts), err)
			}
		})
	}
}

// Where nobody wants translations any more, nothing is asked and nothing waits.
func TestTranslationsSwitchedOff(t *testing.T) {
	server := &standin.Server{}
	p := opinedPress(t, standIn(t, server), translating, func(o *Opinions, _ *opinion.Config) { o.Levels = nil })
	f, translation := p.russianCandidate(3, statement.LevelAlert)
	p.Opinions.Translate = ""
	p.opine()
	if n := server.Log().Requests; n != 0 || len(p.rulesThatTold()[f.ID]) != 2 {
		t.Errorf("%d requests, told %v", n, p.rulesThatTold())
	}
	p.Opinions.Translate = "en"
	p.russianCandidate(3, statement.LevelAlert)
	if p.candidateIn("ru", 50, 51, statement.LevelAlert, translation.Text, "The port is shut."); p.opine().Written != 1 {
		t.Error("switched on again, it is not translated")
	}
}

// A summary is asked for of what somebody is alerted of, and the alert waits for it; without an answer it goes when it has waited enough.
func TestSummaries(t *testing.T) {
	rules := []alert.Rule{{Name: "now", Events: []string{"new", "edited"}, To: []string{"desk@newsroom.example"}, Lifetime: statement.Duration(time.Minute)}}
	long := strings.Repeat("The ministry answered questions on the port. ", 60)
	for name, c := range map[string]struct {
		down, off bool
		wait      time.Duration
	}{"written": {wait: 0}, "away": {down: true, wait: 15 * time.Minute}, "off": {off: true, wait: 0}} {
		t.Run(name, func(t *testing.T) {
			server := &standin.Server{Write: func(string, string) string { return "The ministry spoke of the port." }}
			p := newPress(t, rules...)
			p.Sources = func(id string) (statement.Source, bool) { return ministry, id == ministry.ID }
			p.Opinions = wanted(t, standIn2(t, func(w http.ResponseWriter, r *http.Request) {
				if c.down {
					http.Error(w, "", http.StatusServiceUnavailable)
					return
				}
				server.ServeHTTP(w, r)
			}), func(o *Opinions, _ *opinion.Config) { o.Summarize = !c.off })
			text := func(n int, body string) statement.Revision {
				return statement.Revision{Statement: "s", N: n, Title: "Briefing", Body: body, Language: "en", SeenAt: begin}
			}
			p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
				p.must(tx.PutStatement(statement.Statement{ID: "s", Source: "mfa", URL: "http://press.example/s", Revision: 2, Language: "en", FirstSeen: begin}))
				p.must(tx.PutRevision(text(1, long)))
				p.must(tx.PutRevision(text(2, long+"It stays open.")))
				p.must(tx.PutStatement(statement.Statement{ID: "short", Source: "mfa", URL: "http://press.example/short", Revision: 1, Language: "en", FirstSeen: begin}))
				short := text(1, "It stays open.")
				short.Statement = "short"
				p.must(tx.PutRevision(short))
				for _, ev := range []statement.Event{
					{At: begin, State: statement.New, Source: "mfa", Statement: "s", Revision: 1}, {At: begin, State: statement.Changed, Class: statement.ClassSubstantive, Source: "mfa", Statement: "s", Revision: 2},
					{At: begin, State: statement.New, Source: "mfa", Statement: "short", Revision: 1}, {At: begin, State: statement.Changed, Class: statement.ClassEditorial, Source: "mfa", Statement: "s", Revision: 2},
				} {
					id, err := tx.AddEvent(ev)
					p.must(err)
					ev.ID = id
					p.must(p.route(tx, ev, ministry))
				}
				return nil
			}))
			due := func() (at map[int64]time.Duration) {
				at = map[int64]time.Duration{}
				alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
				p.must(err)
				for _, a := range alerts {
					at[a.Event] = a.NextAttempt.Sub(begin)
					if !a.ExpiresAt.Equal(a.NextAttempt.Add(time.Minute)) && c.down {
						t.Errorf("event %d would expire at %s", a.Event, a.ExpiresAt)
					}
				}
				return at
			}
			if got := due(); c.off && got[1] != 0 || !c.off && (got[1] != 15*time.Minute || got[2] != 15*time.Minute) || got[3] != 0 {
				t.Errorf("due at first: %v", got)
			}
			count := p.opine()
			if got := due(); got[1] != c.wait || got[2] != c.wait || got[3] != 0 || got[4] != 0 {
				t.Errorf("due then: %v, %+v", got, count)
			}
			for kind, n := range map[opinion.ExtraKind]int{opinion.Summary: 1, opinion.Changes: 2} {
				m, err := p.store.MachineText(t.Context(), opinion.SummaryKey(kind, "en", "s", n))
				if (err == nil) != (name == "written") || err == nil && m.Text != "The ministry spoke of the port." {
					t.Errorf("%s: %+v, %v", kind, m, err)
				}
			}
		})
	}
}

// It is known since when the model does not answer, and that it does again.
func TestOutageIsKnown(t *testing.T) {
	down := true
	server := &standin.Server{}
	p := opinedPress(t, standIn2(t, func(w http.ResponseWriter, r *http.Request) {
		if down {
			http.Error(w, `{"error":{"message":"no such key"}}`, http.StatusUnauthorized)
			return
		}
		server.ServeHTTP(w, r)
	}))
	if o := p.Opinions.Outage(); !o.Since.IsZero() || o.Answered {
		t.Errorf("before: %+v", o)
	}
	p.candidate(3, statement.LevelReview)
	p.opine()
	p.clock.Set(begin.Add(2 * time.Hour))
	p.opine()
	if o := p.Opinions.Outage(); !o.Since.Equal(begin) || !o.Person || o.Err == nil || o.Answered {
		t.Errorf("meanwhile: %+v", o)
	}
	down = false
	p.clock.Set(begin.Add(4 * time.Hour))
	p.opine()
	if o := p.Opinions.Outage(); !o.Since.IsZero() || !o.Answered || o.Err != nil {
		t.Errorf("afterwards: %+v", o)
	}
}
