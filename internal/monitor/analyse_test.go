package monitor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/state"
)

var ministry = statement.Source{ID: "mfa", Issuer: statement.Issuer{ID: "ir_mfa", Name: "Ministry", Government: "IR"}, Language: "en", URL: "http://press.example/"}

var drones = statement.Topic{ID: "drones", Name: "Drones", Governments: []string{"IR"}, Terms: []string{"drone*"},
	Propositions: []statement.Proposition{{ID: "supplied", Text: "Iran supplied drones to Russia.", Affirmed: "Iran supplied drones to Russia"}}}

// archive is a store with statements said on given days, as an import makes them.
func archive(t *testing.T, loud bool, texts map[string]string) *press {
	p := newPress(t, alert.Rule{Name: "turns", Events: []string{"reversal"}, To: []string{"desk@newsroom.example"}})
	p.Topics = []statement.Topic{drones}
	p.Sources = func(id string) (statement.Source, bool) { return ministry, id == ministry.ID }
	for day, text := range texts {
		p.say(day, text, !loud)
	}
	return p
}

func (p *press) say(day, text string, quiet bool) {
	p.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	p.must(err)
	id := statement.NewID("mfa", day)
	p.must(p.store.Update(p.t.Context(), func(tx state.Tx) error {
		published := statement.Date{Time: at, Raw: day}
		st := statement.Statement{ID: id, Source: "mfa", URL: "http://press.example/" + day, Title: "On " + day, Published: published, Language: "en", Revision: 1, FirstSeen: at}
		r := statement.Revision{Statement: id, N: 1, Title: st.Title, Body: text, Published: published, Language: "en", Speakers: []string{"The spokesman"}, SeenAt: at}
		return errors.Join(tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, quiet))
	}))
}

func (p *press) found() []state.Finding {
	p.t.Helper()
	found, err := p.store.Reversals(p.t.Context(), state.ReversalFilter{})
	p.must(err)
	return found
}

const (
	denied   = "We have not supplied any drones to Russia."
	admitted = "We supplied a limited number of drones to Russia."
)

// What turns an earlier position round is told once, with both sides.
func TestAReversalIsToldOnce(t *testing.T) {
	p := archive(t, true, map[string]string{"2022-10-17": denied, "2022-10-20": "The minister received the ambassador of Croatia.", "2022-11-05": admitted})
	count, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if count.Revisions != 3 || count.Findings != 1 {
		t.Errorf("%+v", count)
	}
	found := p.found()
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	f := found[0]
	if f.Before.Text != denied || f.After.Text != admitted || f.Topic != "drones" || f.Level != statement.LevelAlert || f.Quiet {
		t.Errorf("%+v", f)
	}
	for _, words := range []string{"17 October 2022", "5 November 2022", "appears"} {
		if !strings.Contains(f.Explanation, words) {
			t.Errorf("%q lacks %q", f.Explanation, words)
		}
	}
	if body := denied; body[f.Before.Span.Start:f.Before.Span.End] != denied {
		t.Errorf("span %v", f.Before.Span)
	}
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if len(alerts) != 1 {
		t.Errorf("%d alerts", len(alerts))
	}
	// Said again, it is no news; read again by another engine, neither.
	p.say("2022-11-07", "Some drones were given to Russia, as we have said.", false)
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	_, err = p.store.Reanalyse(t.Context(), "another")
	p.must(err)
	count, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if alerts, _ = p.store.Alerts(t.Context(), state.AlertFilter{}); len(alerts) != 1 || count.Revisions != 4 {
		t.Errorf("%d alerts after all was read again, %+v", len(alerts), count)
	}
}

// An archive is listed, not told.
func TestOldNewsIsNotTold(t *testing.T) {
	p := archive(t, false, map[string]string{"2022-10-17": denied, "2022-11-05": admitted})
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	alerts, err := p.store.Alerts(t.Context(), state.AlertFilter{})
	p.must(err)
	if found := p.found(); len(found) != 1 || !found[0].Quiet || len(alerts) != 0 {
		t.Errorf("%d findings, %d alerts", len(found), len(alerts))
	}
}

// What was dismissed never returns.
func TestADismissedFindingStaysDismissed(t *testing.T) {
	p := archive(t, true, map[string]string{"2022-10-17": denied, "2022-11-05": admitted})
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	id := p.found()[0].ID
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		return tx.Review(id, state.Review{Decision: state.Dismissed, Reason: "another period", At: begin})
	}))
	_, err = p.store.Reanalyse(t.Context(), "another")
	p.must(err)
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if found := p.found(); len(found) != 1 || found[0].Review.Decision != state.Dismissed {
		t.Errorf("%+v", found)
	}
}

// A language that is not read is said so, and harms nothing.
func TestOtherLanguagesAreNotRead(t *testing.T) {
	p := archive(t, true, map[string]string{"2022-10-17": "საქართველოს მთავრობამ განაცხადა, რომ დრონები არავისთვის მიუწოდებია."})
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		id := statement.NewID("mfa", "2022-10-17")
		r, err := tx.Revision(id, 1)
		r.Language = "ka"
		return errors.Join(err, tx.PutRevision(r))
	}))
	count, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	counts, err := p.store.AnalysisCounts(t.Context())
	p.must(err)
	if count.Unread != 1 || counts.Outcomes["not analysed: ka"] != 1 || counts.Due != 0 {
		t.Errorf("%+v, %+v", count, counts)
	}
}

// Stopped at any moment, the analysis goes on from there, and ends as it would have.
func TestAnalysisGoesOnAfterAStop(t *testing.T) {
	texts := map[string]string{"2022-10-17": denied, "2022-10-18": "Talks were held in Muscat.", "2022-11-05": admitted}
	whole := archive(t, true, texts)
	_, err := whole.Analyse(t.Context(), AnalyseOptions{})
	whole.must(err)
	p := archive(t, true, texts)
	for range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := p.Analyse(ctx, AnalyseOptions{Progress: func(int, int) { cancel() }})
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	ids := func(p *press) (ids []string) {
		for _, f := range p.found() {
			ids = append(ids, f.ID)
		}
		return ids
	}
	if a, b := ids(p), ids(whole); !slices.Equal(a, b) || len(a) != 1 {
		t.Errorf("%v, not %v", a, b)
	}
}

// A backtest remembers nothing and finds what the analysis found.
func TestBacktest(t *testing.T) {
	p := archive(t, false, map[string]string{"2022-10-17": denied, "2022-11-05": admitted})
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	var found []state.Finding
	over, err := p.Backtest(t.Context(), BacktestOptions{Report: func(f state.Finding) { found = append(found, f) }})
	p.must(err)
	if over.Statements != 2 || over.Span != 19*24*time.Hour || len(found) != 1 || found[0].ID != p.found()[0].ID {
		t.Errorf("%+v, %+v", over, found)
	}
	// It reads stances anew: what an older engine made of them does not matter.
	p.must(p.Store.Update(t.Context(), func(tx state.Tx) error {
		return errors.Join(tx.DropStances(found[0].Before.Statement, 1), tx.DropStances(found[0].After.Statement, 1))
	}))
	again := 0
	_, err = p.Backtest(t.Context(), BacktestOptions{Topic: found[0].Topic, Report: func(state.Finding) { again++ }})
	if p.must(err); again != 1 || found[0].Topic == "" {
		t.Errorf("%d turns of %q", again, found[0].Topic)
	}
	if _, err := p.Backtest(t.Context(), BacktestOptions{Topic: "other", Report: func(f state.Finding) { t.Errorf("%+v", f) }}); err != nil {
		t.Error(err)
	}
}

// A source that is not defined any more is held against what is kept of its government, or
// of itself.
func TestBacktestOfASourceWithoutDefinition(t *testing.T) {
	undefined := func(string) (statement.Source, bool) { return statement.Source{}, false }
	p := archive(t, false, map[string]string{"2022-10-17": denied, "2022-11-05": admitted})
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	p.Sources = undefined
	var found []state.Finding
	over, err := p.Backtest(t.Context(), BacktestOptions{Report: func(f state.Finding) { found = append(found, f) }})
	p.must(err)
	if len(found) != 1 || found[0].ID != p.found()[0].ID || found[0].Government != "IR" {
		t.Errorf("%+v, %+v", over, found)
	}
	alone := ministry
	alone.Issuer.Government = ""
	p = archive(t, false, map[string]string{"2022-10-17": denied, "2022-11-05": admitted})
	p.Sources = func(string) (statement.Source, bool) { return alone, true }
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	p.Sources = undefined
	over, err = p.Backtest(t.Context(), BacktestOptions{Report: func(state.Finding) {}})
	p.must(err)
	if over.Statements != 2 {
		t.Errorf("%+v", over)
	}
}

// An edit that turns the statement round is held against its own earlier words.
func TestASilentEditIsHeldAgainstTheText(t *testing.T) {
	p := archive(t, true, map[string]string{"2022-10-17": denied})
	_, err := p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		id := statement.NewID("mfa", "2022-10-17")
		st, err := tx.Statement(id)
		if err != nil {
			return err
		}
		r, err := tx.Revision(id, 1)
		if err != nil {
			return err
		}
		r.N, r.Body, r.SeenAt, st.Revision = 2, admitted, begin, 2
		return errors.Join(tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, false))
	}))
	_, err = p.Analyse(t.Context(), AnalyseOptions{})
	p.must(err)
	if found := p.found(); len(found) != 1 || found[0].Before.Statement != found[0].After.Statement || found[0].After.Revision != 2 {
		t.Errorf("%+v", found)
	}
}

// The day that an alert names is the day its cards show, also east of Greenwich,
// where a day shown without a time begins on the day before in UTC.
func TestTheDayOfAnAlertIsThatOfItsCards(t *testing.T) {
	p := archive(t, true, nil)
	shanghai := time.FixedZone("", 8*3600)
	for day, text := range map[int]string{17: denied, 20: admitted} {
		at := time.Date(2022, 11, day, 0, 0, 0, 0, shanghai)
		id := statement.NewID("mfa", text)
		published := statement.Date{Time: at, Raw: at.Format("2 January 2006")}
		p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
			st := statement.Statement{ID: id, Source: "mfa", URL: "http://press.example/" + id, Title: "On drones", Published: published, Language: "en", Revision: 1, FirstSeen: at}
			r := statement.Revision{Statement: id, N: 1, Title: st.Title, Body: text, Published: published, Language: "en", Speakers: []string{"The spokesman"}, SeenAt: at.Add(time.Hour)}
			return errors.Join(tx.PutStatement(st), tx.PutRevision(r), analysisDue(tx, st, r, false))
		}))
	}
	if _, err := p.Analyse(t.Context(), AnalyseOptions{}); err != nil {
		t.Fatal(err)
	}
	found := p.found()
	if len(found) == 0 {
		t.Fatal("nothing was found")
	}
	for _, f := range found {
		for _, q := range []statement.Quote{f.Before, f.After} {
			if !strings.Contains(f.Explanation, q.Published.Day()) {
				t.Errorf("%q above a card of %s", f.Explanation, q.Published.Day())
			}
		}
	}
	stances, err := p.store.Stances(t.Context(), "drones")
	p.must(err)
	for _, s := range stances {
		if day := statement.DayOf(s.Said); day != "17 November 2022" && day != "20 November 2022" {
			t.Errorf("a stance of %s", day)
		}
	}
}

// What was told as loudly of the same earlier words makes a finding old news; what was only listed, or was wrong, does not.
func TestOldNewsIsWhatWasToldAsLoudly(t *testing.T) {
	for name, c := range map[string]struct {
		level  statement.Level
		review state.Review
		quiet  bool
	}{
		"told":            {statement.LevelAlert, state.Review{}, true},
		"listed":          {statement.LevelReview, state.Review{}, false},
		"kept":            {statement.LevelWatch, state.Review{}, false},
		"told, dismissed": {statement.LevelAlert, dismissal, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPress(t)
			first := turned("first", "1", denied, "Iran is neutral.")
			first.Level, first.Review = c.level, c.review
			p.remember(reader(t), first)
			a := &analyst{Monitor: p.Monitor}
			found, err := a.news(t.Context(), reading{due: state.Analysis{Said: begin}}, []state.Finding{turned("second", "1", denied, admitted)})
			p.must(err)
			if f := found[0]; f.Quiet != c.quiet || f.Level != map[bool]statement.Level{true: statement.LevelReview, false: statement.LevelAlert}[c.quiet] {
				t.Errorf("quiet %v, %s", f.Quiet, f.Level)
			}
		})
	}
}
