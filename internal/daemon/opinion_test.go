package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/clock"
	"volteface/internal/monitor"
	"volteface/internal/opinion"
	"volteface/internal/opinion/standin"
	"volteface/internal/statement"
	"volteface/state"
)

// box is a mail server that keeps what it gets.
type box struct {
	mu    sync.Mutex
	mails []alert.Message
}

func (b *box) Send(_ context.Context, m alert.Message) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, m)
	return false, nil
}

func (b *box) Close() error { return nil }

// take gives recipients and subjects of what has come since the last call.
func (b *box) take() (got []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.mails {
		subject, _, _ := strings.Cut(strings.TrimPrefix(m.Subject, "[volteface] "), " ·")
		got = append(got, m.To+": "+subject)
	}
	b.mails = nil
	return got
}

// newsroom is a daemon with a second opinion and a mail server.
type newsroom struct {
	*daemon
	t       *testing.T
	now     *clock.Virtual
	opinion *monitor.Opinions
	mail    *box
	down    atomic.Bool // the model
	model   *standin.Server
}

func newNewsroom(t *testing.T) *newsroom {
	d, s := newDaemon(t, press("press", "a.example", "@hourly"))
	n := &newsroom{daemon: d, t: t, now: clock.StoppedAt(noon), mail: &box{}, model: &standin.Server{}}
	d.Clock = n.now
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.down.Load() {
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		n.model.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := opinion.New(opinion.Config{BaseURL: server.URL + "/v1", Model: "standin", AllowPrivate: true, Proxy: "direct", Timeout: 20 * time.Second})
	n.must(err)
	t.Cleanup(client.Close)
	n.opinion = &monitor.Opinions{Client: client, Levels: []statement.Level{statement.LevelReview, statement.LevelAlert}, Wait: 15 * time.Minute}
	source := func(string) (statement.Source, bool) { return s.Sources[0], true }
	rules := []alert.Rule{{Name: "sure", Events: []string{"reversal"}, To: []string{"desk@newsroom.example"}}}
	s.Opine, s.Monitor = true, &monitor.Monitor{Store: d.Store, Clock: n.now, Log: d.Log, Rules: rules, Sources: source, Opinions: n.opinion}
	notifier := &monitor.Notifier{Store: d.Store, Clock: n.now, Log: d.Log, Holder: monitor.Holder(time.Now()), Dispatcher: &alert.Dispatcher{
		Composer: &alert.Composer{Memory: d.Store, Source: source}, Channels: map[string]alert.Channel{statement.EmailChannel: n.mail}, Clock: n.now, Log: d.Log, Rules: rules, Operator: s.Operator}}
	s.Deliver = notifier.Notify
	return n
}

func (n *newsroom) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// found records what T2 leaves of a finding that the judge lists for review, or would alert of: the finding, held, and its question.
func (n *newsroom) found(number int, level statement.Level) string {
	n.t.Helper()
	id := fmt.Sprintf("f%d", number)
	now := n.now.Now()
	f := state.Finding{Source: "press", Government: "XX", FoundAt: now}
	f.Reversal = statement.Reversal{ID: id, Verdict: statement.VerdictReversal, Level: level, Kind: "ruled_out_to_done", Score: .9, Engine: "1", Explanation: "It appears to contradict."}
	n.must(n.Store.Update(n.t.Context(), func(tx state.Tx) error {
		var quotes []statement.Quote
		for i, text := range []string{fmt.Sprintf("We will never close port number %d.", number), fmt.Sprintf("Port number %d has been closed.", number)} {
			st := statement.Statement{ID: fmt.Sprintf("%s-%d", id, i), Source: "press", URL: fmt.Sprintf("https://a.example/%s/%d", id, i), Title: "Briefing", Language: "en", Revision: 1,
				FirstSeen: now, Published: statement.Date{Time: now.AddDate(0, 0, i-7), HasTime: true}}
			quotes = append(quotes, statement.Quote{Statement: st.ID, Revision: 1, Source: "press", Issuer: "Press", Title: "Briefing", Published: st.Published, Text: text, Language: "en"})
			if err := errors.Join(tx.PutStatement(st), tx.PutRevision(statement.Revision{Statement: st.ID, N: 1, Title: "Briefing", Body: text, Language: "en", Published: st.Published, SeenAt: now})); err != nil {
				return err
			}
		}
		f.Before, f.After = quotes[0], quotes[1]
		q := opinion.Question{Earlier: opinion.Side{Text: f.Before.Text}, Later: opinion.Side{Text: f.After.Text}}
		asked, err := json.Marshal(q)
		if err != nil {
			return err
		}
		_, err = tx.PutReversal(f)
		return errors.Join(err, tx.PutOpinion(state.Opinion{Key: q.Key("standin"), Model: "standin", Question: string(asked), State: state.OpinionWaiting, CreatedAt: now, NextTry: now}),
			tx.PutOpinionCase(state.OpinionCase{Finding: id, Opinion: q.Key("standin"), Level: level, HeldUntil: now.Add(n.opinion.Wait), Held: true}))
	}))
	return id
}

// pass lets time pass, in thirty steps of a minute at least, and does what the daemon does meanwhile.
func (n *newsroom) pass(d time.Duration) {
	n.t.Helper()
	step := max(time.Minute, d/30)
	for until := n.now.Now().Add(d); ; n.now.Set(n.now.Now().Add(min(until.Sub(n.now.Now()), step))) {
		for range 3 { // an answer makes an alert, which makes a mail
			n.look(n.t.Context())
			for deadline := time.Now().Add(time.Minute); n.works(); time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					n.t.Fatal("it does not come to rest")
				}
			}
		}
		if !n.now.Now().Before(until) {
			return
		}
	}
}

func (n *newsroom) works() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asking || n.mailing || n.reading
}

func (n *newsroom) finding(id string) state.Finding {
	n.t.Helper()
	f, err := n.Store.Reversal(n.t.Context(), id)
	n.must(err)
	return f
}

// A candidate for review is raised by the second opinion and mailed; one that the model calls no turn is neither mailed nor listed.
func TestASecondOpinionIsMailed(t *testing.T) {
	n := newNewsroom(t)
	raised, dropped := n.found(3, statement.LevelReview), n.found(1, statement.LevelReview)
	n.pass(0)
	if got := n.mail.take(); fmt.Sprint(got) != "[desk@newsroom.example: Reversal]" {
		t.Errorf("mailed: %q", got)
	}
	if f := n.finding(raised); f.Level != statement.LevelAlert || f.SecondOpinion == nil || !strings.Contains(f.Explanation, "judged by standin") {
		t.Errorf("raised: %+v", f.Reversal)
	}
	if n.finding(dropped).DroppedAt.IsZero() {
		t.Error("it is not dropped")
	}
	n.pass(3 * time.Hour)
	if got := n.mail.take(); len(got) != 0 || n.model.Log().Requests != 4 {
		t.Errorf("later: %q, %d requests", got, n.model.Log().Requests)
	}
}

// While the model is away, findings are told when they have waited; the operator is told once that it is away, once that it is back; the
// questions are asked then. Nothing is lost, nothing told twice.
func TestAnOutageOfTheSecondOpinionIsTold(t *testing.T) {
	n := newNewsroom(t)
	n.down.Store(true)
	sure := n.found(6, statement.LevelAlert)
	review := n.found(9, statement.LevelReview)
	n.pass(14 * time.Minute)
	if got := n.mail.take(); len(got) != 0 {
		t.Errorf("too early: %q", got)
	}
	n.pass(2 * time.Minute)
	if got := n.mail.take(); fmt.Sprint(got) != "[desk@newsroom.example: Reversal]" {
		t.Errorf("after the wait: %q", got)
	}
	n.pass(6 * time.Hour)
	if got := n.mail.take(); fmt.Sprint(got) != "[ops@newsroom.example: The second opinion does not answer]" {
		t.Errorf("after hours: %q", got)
	}
	n.down.Store(false)
	n.pass(2 * time.Hour)
	got := n.mail.take()
	if told := fmt.Sprint(got); len(got) != 2 || !strings.Contains(told, "ops@newsroom.example: The second opinion answers again") || !strings.Contains(told, "desk@newsroom.example: Reversal") {
		t.Errorf("once it is back: %q", got)
	}
	if a, b := n.finding(sure), n.finding(review); a.SecondOpinion == nil || b.SecondOpinion == nil || b.Level != statement.LevelAlert || !a.DroppedAt.IsZero() {
		t.Errorf("%+v, %+v", a.Reversal, b.Reversal)
	}
	n.pass(3 * time.Hour)
	if got := n.mail.take(); len(got) != 0 {
		t.Errorf("afterwards: %q", got)
	}
}

// A refused key is told at once, as nothing but a person can mend it.
func TestARefusedKeyIsToldAtOnce(t *testing.T) {
	n := newNewsroom(t)
	n.model.Key = "sk-another"
	n.found(6, statement.LevelReview)
	n.pass(time.Minute)
	if got := n.mail.take(); fmt.Sprint(got) != "[ops@newsroom.example: The second opinion does not answer]" {
		t.Errorf("told: %q", got)
	}
}

// When the bound is reached the operator is told, not every day; what is not asked is told as it would have been, and asked on the next day.
func TestTheBoundOfSecondOpinionsIsTold(t *testing.T) {
	n := newNewsroom(t)
	n.opinion.PerDay = 2
	first, second := n.found(3, statement.LevelReview), n.found(6, statement.LevelAlert)
	n.pass(20 * time.Minute)
	got := n.mail.take()
	count := map[string]int{}
	for _, g := range got {
		count[g]++
	}
	if len(got) < 2 || count["ops@newsroom.example: The bound of second opinions is reached"] != 1 || len(got)-1 > 2 {
		t.Errorf("told: %q", got)
	}
	n.pass(13 * time.Hour) // past midnight
	for _, id := range []string{first, second} {
		if n.finding(id).SecondOpinion == nil {
			t.Errorf("%s has not been asked about on the next day", id)
		}
	}
	for _, g := range n.mail.take() {
		if strings.Contains(g, "ops@") {
			t.Errorf("told again: %s", g)
		}
	}
}
