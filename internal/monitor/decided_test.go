package monitor

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/judge"
	"volteface/internal/statement"
	"volteface/state"
)

// reader is what tells findings apart in these tests: the vectors of the judge, and, for whether a passage turns another
// one round, whether one of them says "not" or "never", so that no test hangs on the weights.
func reader(t *testing.T) *matters {
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return &matters{vector: j.Vector, known: map[string]*gist{}, weighed: map[[2]string]bool{}, turns: turnsByWords}
}

func turnsByWords(_ context.Context, pairs [][2]string) (turned []bool, err error) {
	denies := func(text string) bool { return strings.Contains(text, " not ") || strings.Contains(text, " never ") }
	for _, p := range pairs {
		turned = append(turned, denies(p[0]) != denies(p[1]))
	}
	return turned, nil
}

// sameMatter tells whether a finding is on the matter of a dismissed one.
func sameMatter(t *testing.T, m *matters, d, f *state.Finding) bool {
	t.Helper()
	m.open, m.weighed = nil, map[[2]string]bool{}
	m.same(d, f)
	if err := m.weigh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m.same(d, f)
}

func turned(id, engine, before, after string) state.Finding {
	f := state.Finding{Source: "mfa", Government: "IR", FoundAt: begin}
	f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: statement.LevelAlert, Score: 0.9, Engine: engine}
	quote := func(id, text string) statement.Quote {
		return statement.Quote{Statement: id, Revision: 1, Source: "mfa", Issuer: "Ministry", Text: text, Published: statement.Date{Time: begin}, Language: "en"}
	}
	f.Before, f.After = quote("s-before", before), quote("s-after", after)
	return f
}

func elsewhere(f state.Finding, before, after string) state.Finding {
	f.Before.Statement, f.After.Statement = before, after
	return f
}

var dismissal = state.Review{Decision: state.Dismissed, Reason: "another period", At: begin}

// A dismissed matter does not come back in other words of the same statements, nor where it is said again; what turns besides does.
func TestADismissedMatterDoesNotComeBack(t *testing.T) {
	const before, after = "Iran has not supplied any drones to Russia for the war in Ukraine, the spokesman told reporters.",
		"Iran supplied a limited number of drones to Russia months before the war in Ukraine, the minister told reporters."
	for name, c := range map[string]struct {
		f    state.Finding
		back bool
	}{
		"another sentence of the two": {turned("f", "1", "Claims that Iran has not stopped sending drones to Russia for the war in Ukraine are not true.", "The minister said that drones were sent to Russia before the war in Ukraine."), false},
		"said again": {elsewhere(turned("f", "1", "Once more: Iran has not supplied any drones to Russia for the war in Ukraine.",
			"As the minister told reporters, Iran supplied a limited number of drones to Russia months before the war in Ukraine."), "s-1", "s-2"), false},
		"the earlier side said elsewhere":      {elsewhere(turned("f", "1", "Iran has not supplied any drones to Russia for the war in Ukraine, he told reporters.", after), "s-1", "s-after"), false},
		"another thing of the same statements": {turned("f", "1", "The embassy in Kabul will remain open.", "The embassy in Kabul has been closed since Monday."), true},
		"another object": {elsewhere(turned("f", "1", "Iran has not supplied any ballistic missiles to Russia for the war in Ukraine, the spokesman told reporters.",
			"Iran supplied a limited number of ballistic missiles to Russia months before the war in Ukraine, the minister told reporters."), "s-1", "s-2"), true},
		"other figures": {elsewhere(turned("f", "1", "Iran has not supplied more than 20 drones to Russia for the war in Ukraine, the spokesman told reporters.",
			"Iran supplied a limited number of drones, 300, to Russia months before the war in Ukraine, the minister told reporters."), "s-1", "s-2"), true},
		"the other way round": {elsewhere(turned("f", "1", after, before), "s-1", "s-2"), true},
	} {
		m := reader(t)
		d := turned("d", "1", before, after)
		if same := sameMatter(t, m, &d, &c.f); same == c.back {
			t.Errorf("%s: on the same matter %v; vectors %.2f %.2f", name, same, like(m, before, c.f.Before.Text), like(m, after, c.f.After.Text))
		}
	}
	m := reader(t)
	d, f := turned("d", "1", before, after), turned("f", "1", before, after)
	d.Topic, d.Proposition, f.Topic, f.Proposition = "drones", "Iran supplied drones.", "drones", "Iran supplied them for the war."
	if sameMatter(t, m, &d, &f) {
		t.Error("another proposition of the topic is the same matter")
	}
}

func like(m *matters, a, b string) float64 {
	v, w := m.vector(a), m.vector(b)
	return v.Like(&w)
}

// remember records findings as T2 does.
func (p *press) remember(m *matters, findings ...state.Finding) {
	p.t.Helper()
	p.must(m.update(p.t.Context(), p.store, func(tx state.Tx) error {
		if err := m.carry(tx, findings); err != nil {
			return err
		}
		for _, f := range findings {
			if _, err := tx.PutReversal(f); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (p *press) review(m *matters, id string, r state.Review) (others []state.Finding) {
	p.t.Helper()
	f, err := p.store.Reversal(p.t.Context(), id)
	p.must(err)
	p.must(m.update(p.t.Context(), p.store, func(tx state.Tx) (err error) {
		others, err = m.decide(tx, f, r)
		return err
	}))
	return others
}

func (p *press) finding(id string) state.Finding {
	p.t.Helper()
	f, err := p.store.Reversal(p.t.Context(), id)
	p.must(err)
	return f
}

// Dismissed once, a matter is dismissed in what was found beside it and what is found later, until the decision is taken back.
func TestADecisionReachesItsMatter(t *testing.T) {
	p, m := newPress(t), reader(t)
	const before, after = "Iran has not supplied any drones to Russia for the war in Ukraine.", "Iran supplied a limited number of drones to Russia before the war in Ukraine."
	beside := turned("beside", "1", "Iran has not sent drones to Russia for the war in Ukraine.", "The minister said that Iran sent drones to Russia before the war in Ukraine.")
	p.remember(m, turned("first", "1", before, after), beside, turned("other", "1", "The embassy in Kabul will remain open.", "The embassy in Kabul has been closed."))
	if others := p.review(m, "first", dismissal); len(others) != 1 || others[0].ID != "beside" {
		t.Errorf("%+v", others)
	}
	again := elsewhere(turned("again", "1", before, "He repeated that Iran supplied a limited number of drones to Russia before the war in Ukraine."), "s-before", "s-later")
	p.remember(m, again)
	for _, id := range []string{"beside", "again"} {
		if f := p.finding(id); f.Review.Decision != state.Dismissed || f.Review.Follows != "first" || f.Review.Reason != "another period" {
			t.Errorf("%s: %+v", id, f.Review)
		}
	}
	if f := p.finding("again"); !f.Quiet {
		t.Error("what was dismissed before is told")
	}
	if f := p.finding("other"); !f.Review.At.IsZero() {
		t.Errorf("%+v", f.Review)
	}
	p.review(m, "beside", state.Review{Decision: state.Confirmed, At: begin})
	p.review(m, "first", state.Review{At: begin.Add(time.Hour)})
	if f := p.finding("again"); f.Review != (state.Review{}) {
		t.Errorf("%+v", f.Review)
	}
	if f := p.finding("beside"); f.Review.Decision != state.Confirmed || f.Review.Follows != "" {
		t.Errorf("%+v", f.Review)
	}
	p.remember(m, again) // what was taken back teaches nothing
	if f := p.finding("again"); f.Review != (state.Review{}) {
		t.Errorf("%+v", f.Review)
	}
}

// Fifty decisions, on findings of an engine that cut sentences otherwise, survive the next one: with what is found in the same
// words, or as decided before. Nothing is mailed, and every identifier still opens.
func TestDecisionsSurviveAnotherEngine(t *testing.T) {
	p, m := newPress(t, alert.Rule{Name: "turns", Events: []string{"reversal"}, To: []string{"desk@newsroom.example"}}), reader(t)
	decisions := map[string]state.Review{}
	side := func(i int, what string) (statement.Quote, string) {
		text := fmt.Sprintf("Good morning. %s of matter %d in the port of city%d, he said. Nothing else was asked.", what, i, i*7919%101)
		id := statement.NewID("mfa", fmt.Sprintf("%s %d", what, i))
		p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
			st := statement.Statement{ID: id, Source: "mfa", URL: "http://press.example/" + id, Title: what, Revision: 1, FirstSeen: begin}
			r := statement.Revision{Statement: id, N: 1, Title: what, Body: text, SeenAt: begin}
			if err := tx.PutStatement(st); err != nil {
				return err
			}
			if err := tx.PutRevision(r); err != nil {
				return err
			}
			return tx.PutAnalysis(state.Analysis{Statement: id, Revision: 1, Said: begin, Engine: "1", Outcome: outcomeRead, At: begin})
		}))
		return statement.Quote{Statement: id, Revision: 1, Source: "mfa"}, text
	}
	cut := func(q statement.Quote, text string, from, to int) statement.Quote {
		q.Text, q.Span = text[from:to], statement.Span{Start: from, End: to}
		return q
	}
	type matter struct {
		before, after statement.Quote
		said, now     string
	}
	var matters []matter
	for i := range 50 {
		before, said := side(i, "It will never give up the defence")
		after, now := side(i, "It has given up the defence")
		matters = append(matters, matter{before, after, said, now})
		f := turned(fmt.Sprintf("old-%02d", i), "1", "", "")
		f.Before, f.After = cut(before, said, 14, strings.Index(said, ", he")), cut(after, now, 14, strings.Index(now, ", he"))
		p.remember(m, f)
		r := state.Review{Decision: state.Confirmed, At: begin.Add(time.Duration(i) * time.Minute)}
		if i%3 == 0 {
			r.Decision, r.Reason = state.Dismissed, "another period"
		}
		p.must(p.store.Update(t.Context(), func(tx state.Tx) error { return tx.Review(f.ID, r) }))
		decisions[f.ID] = r
	}
	_, err := p.store.Reanalyse(t.Context(), "2")
	p.must(err)
	upgrade := func(i int) {
		x := matters[i]
		var found []state.Finding
		if i%5 != 0 { // every fifth is not found any more
			whole := turned(fmt.Sprintf("new-%02d", i), "2", "", "")
			whole.Before, whole.After = cut(x.before, x.said, 0, strings.Index(x.said, " Nothing")), cut(x.after, x.now, 14, len(x.now))
			found = append(found, whole)
			if i%4 == 0 { // and of every fourth there are two
				part := turned(fmt.Sprintf("part-%02d", i), "2", "", "")
				part.Before, part.After = cut(x.before, x.said, 14, 40), cut(x.after, x.now, 14, 30)
				found = append(found, part)
			}
		}
		p.remember(m, found...)
		p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
			return tx.PutAnalysis(state.Analysis{Statement: x.after.Statement, Revision: 1, Said: begin, Quiet: true, Engine: "2", Outcome: outcomeRead, At: begin})
		}))
	}
	for i := range 50 {
		upgrade(i)
	}
	for i := range 50 {
		upgrade(i) // killed and begun again, nothing is any different
	}
	for i := range 50 {
		old := p.finding(fmt.Sprintf("old-%02d", i))
		want := decisions[old.ID]
		if old.Review != want {
			t.Errorf("%s: %+v", old.ID, old.Review)
		}
		if i%5 == 0 {
			if !old.Lapsed || old.Replaced != "" {
				t.Errorf("%s is not listed as decided before: %+v", old.ID, old)
			}
			continue
		}
		now := p.finding(fmt.Sprintf("new-%02d", i))
		if old.Replaced != now.ID || now.Review != want || !now.Quiet || now.Lapsed {
			t.Errorf("%s → %s: %+v", old.ID, old.Replaced, now)
		}
		if i%4 == 0 {
			if part := p.finding(fmt.Sprintf("part-%02d", i)); part.Review.Decision != want.Decision || part.Review.Follows != old.ID {
				t.Errorf("%s: %+v", part.ID, part.Review)
			}
		}
	}
	listed, err := p.store.Reversals(t.Context(), state.ReversalFilter{Standing: true})
	p.must(err)
	kept := map[string]int{}
	for _, f := range listed {
		if f.Review.Follows == "" {
			kept[string(f.Review.Decision)]++
		}
	}
	if kept["confirmed"] != 33 || kept["dismissed"] != 17 {
		t.Errorf("%v are listed of 33 confirmed and 17 dismissed", kept)
	}
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(alerts) != 0 {
		t.Errorf("%d mails", len(alerts))
	}
	// Two findings become one: what they agree on goes with it, what they do not stays.
	a, b := turned("a", "2", "The port is closed.", "The port is open."), turned("b", "2", "It will stay so.", "It is so no more.")
	p.remember(m, a, b)
	p.review(m, "a", state.Review{Decision: state.Confirmed, At: begin})
	p.review(m, "b", dismissal)
	p.remember(m, turned("ab", "3", "The port is closed. It will stay so.", "The port is open. It is so no more."))
	if f := p.finding("ab"); f.Review.Decision != state.Confirmed {
		t.Errorf("%+v", f.Review)
	}
	if f := p.finding("b"); f.Replaced != "" || f.Review != dismissal {
		t.Errorf("%+v", f)
	}
}
