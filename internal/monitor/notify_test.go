package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"volteface/internal/alert"
	"volteface/internal/alert/email"
	"volteface/internal/clock"
	"volteface/internal/demo"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// post is an outbox on disk with a channel that a test makes of a function.
type post struct {
	*Notifier
	t     testing.TB
	store *sqlite.Store
	clock *clock.Virtual
	send  func(m alert.Message) (retry bool, err error)
	sent  []alert.Message
	next  int
}

func (p *post) Send(ctx context.Context, m alert.Message) (bool, error) {
	if err := ctx.Err(); err != nil {
		return true, err
	}
	if p.send != nil {
		if retry, err := p.send(m); err != nil {
			return retry, err
		}
	}
	p.sent = append(p.sent, m)
	return false, nil
}

func (p *post) Close() error { return nil }

func newPost(t testing.TB) *post {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "v.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	p := &post{t: t, store: store, clock: clock.StoppedAt(begin)}
	log := slog.New(slog.DiscardHandler)
	p.Notifier = &Notifier{
		Store: store, Clock: p.clock, Log: log, Holder: Holder(time.Now()),
		Dispatcher: &alert.Dispatcher{
			Channels: map[string]alert.Channel{statement.EmailChannel: p}, Clock: p.clock, Log: log, Operator: []string{"operator@example.org"},
			Composer: &alert.Composer{
				Memory: store,
				Source: func(id string) (statement.Source, bool) {
					return statement.Source{ID: id, Issuer: statement.Issuer{Name: "Ministry"}}, true
				},
			},
		},
	}
	p.must(store.Update(t.Context(), func(tx state.Tx) error {
		if err := tx.PutStatement(statement.Statement{ID: "abcdefghjk", Source: "mid", URL: "https://mid.example/1", Revision: 1, FirstSeen: begin}); err != nil {
			return err
		}
		return tx.PutRevision(statement.Revision{Statement: "abcdefghjk", N: 1, Title: "A title", Body: "A text."})
	}))
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// happen records n new statements, told to those given by one rule.
func (p *post) happen(n int, change func(*alert.Rule), to ...string) {
	p.t.Helper()
	rule := alert.Rule{Name: "desk", Events: []string{"new"}, To: to}
	if change != nil {
		change(&rule)
	}
	p.Dispatcher.Rules = []alert.Rule{rule}
	router := alert.NewRouter(p.Dispatcher.Rules, nil, 0)
	p.must(p.store.Update(p.t.Context(), func(tx state.Tx) (err error) {
		for range n {
			p.next++
			ev := statement.Event{At: p.clock.Now(), State: statement.New, Source: "mid", Statement: "abcdefghjk", Revision: 1, Reason: fmt.Sprint(p.next)}
			if ev.ID, err = tx.AddEvent(ev); err != nil {
				return err
			}
			alerts, err := router.Route(alert.Occasion{Event: ev, Source: statement.Source{ID: "mid"}})
			if err != nil {
				return err
			}
			for _, a := range alerts {
				if err := tx.Enqueue(a); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func (p *post) notify() alert.Report {
	p.t.Helper()
	report, err := p.Notify(p.t.Context())
	p.must(err)
	return report
}

// in lists the alerts in a state, notices apart.
func (p *post) in(of statement.AlertState) (alerts []statement.Alert) {
	p.t.Helper()
	found, err := p.store.Alerts(p.t.Context(), state.AlertFilter{States: []statement.AlertState{of}})
	p.must(err)
	for _, a := range found {
		if a.Kind != statement.AlertNotice {
			alerts = append(alerts, a)
		}
	}
	return alerts
}

// notices are the subjects of what the operator has been or will be told.
func (p *post) notices() (subjects string) {
	p.t.Helper()
	for id := int64(1); ; id++ {
		n, err := p.store.Notice(p.t.Context(), id)
		if errors.Is(err, statement.ErrNotFound) {
			return subjects
		}
		p.must(err)
		subjects += n.Subject + "\n"
	}
}

func readers(n int) (to []string) {
	for i := range n {
		to = append(to, fmt.Sprintf("reader%d@example.org", i))
	}
	return to
}

var down = &alert.Unavailable{Err: errors.New("connection refused")}

func TestNotifySendsOnce(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, readers(80)...) // more than two batches
	for range 2 {
		p.notify()
	}
	names := map[string]bool{}
	for _, m := range p.sent {
		names[m.MessageID] = true
	}
	if len(p.sent) != 80 || len(names) != 80 || len(p.in(statement.Sent)) != 80 {
		t.Errorf("%d sent, %d different, %d recorded", len(p.sent), len(names), len(p.in(statement.Sent)))
	}
}

func TestNotifyBacksOffWithoutEnd(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, "reader@example.org")
	tries := 0
	p.send = func(m alert.Message) (bool, error) {
		if !strings.HasPrefix(m.To, "reader") {
			return false, nil
		}
		tries++
		return true, errors.New("450 greylisted")
	}
	var waits []time.Duration
	for range 30 {
		p.notify()
		a := p.in(statement.Pending)[0]
		waits = append(waits, a.NextAttempt.Sub(p.clock.Now()))
		p.clock.Set(a.NextAttempt.Add(-time.Second))
		p.notify() // not due yet
		p.clock.Set(a.NextAttempt)
	}
	if tries != 30 {
		t.Errorf("tried %d times in 30 rounds", tries)
	}
	if waits[0] < time.Minute || waits[0] > 72*time.Second || waits[3] < 8*time.Minute || waits[3] > 10*time.Minute {
		t.Errorf("the first waits: %s", waits[:4])
	}
	for _, w := range waits {
		if w > 6*time.Hour {
			t.Errorf("a wait of %s", w)
		}
	}
	if n := strings.Count(p.notices(), "could not be sent for three days"); n != 1 {
		t.Errorf("the operator was told %d times:\n%s", n, p.notices())
	}
	p.send = nil
	p.clock.Set(p.in(statement.Pending)[0].NextAttempt)
	if report := p.notify(); report.Sent != 1 {
		t.Errorf("%+v", report)
	}
}

func TestNotifyRefusal(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, readers(3)...)
	p.send = func(m alert.Message) (bool, error) {
		if m.To == "reader1@example.org" {
			return false, errors.New("550 no such user")
		}
		return false, nil
	}
	report := p.notify()
	refused := p.in(statement.Refused)
	if report.Sent != 2 || report.Refused != 1 || len(refused) != 1 || refused[0].LastError != "550 no such user" {
		t.Errorf("%+v, %+v", report, refused)
	}
}

// A channel that cannot be used is asked once a round, and keeps everything.
func TestNotifyWhenDown(t *testing.T) {
	for _, person := range []bool{false, true} {
		p := newPost(t)
		p.happen(1, nil, readers(300)...)
		asked := 0
		p.send = func(alert.Message) (bool, error) {
			asked++
			return true, &alert.Unavailable{Err: errors.New("535 bad credentials"), Person: person}
		}
		for round := range 3 {
			report := p.notify()
			if asked != round+1 || report.Sent != 0 || report.Retried+report.PutOff < 300 || report.Retried > 1 {
				t.Fatalf("round %d: asked %d times, %+v", round, asked, report)
			}
			p.happen(1, nil, "late@example.org") // comes while it is down, and waits with the others
			if p.notify(); asked != round+1 {
				t.Fatal("asked again too soon")
			}
			outages, err := p.store.Outages(t.Context())
			p.must(err)
			if len(outages) != 1 || outages[0].Failures != round+1 || !outages[0].Since.Equal(begin) || outages[0].Told != person {
				t.Fatalf("%+v", outages)
			}
			p.clock.Set(outages[0].NextTry)
		}
		p.send = nil
		if report := p.notify(); report.Sent < 303 || report.Retried+report.PutOff != 0 {
			t.Errorf("%+v", report)
		}
		p.clock.Set(p.clock.Now().Add(time.Minute))
		p.notify() // what the operator is told of the end
		told := p.notices()
		if person != (strings.Count(told, "do not go out") == 1 && strings.Count(told, "go out again") == 1) {
			t.Errorf("a matter for a person %v, told:\n%s", person, told)
		}
		if waiting := p.in(statement.Pending); len(waiting) != 0 {
			t.Errorf("%d wait still", len(waiting))
		}
	}
}

// Trouble of one message holds up no other, on this channel or another.
func TestNotifyGoesOn(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, append(readers(5), "hook", "gone")...)
	hook := &post{}
	p.Dispatcher.Channels["hook"] = hook
	p.send = func(m alert.Message) (bool, error) {
		if m.To == "reader2@example.org" {
			return true, errors.New("451 later")
		}
		return true, nil
	}
	report := p.notify()
	if report.Sent != 5 || report.Retried+report.PutOff != 2 || len(hook.sent) != 1 {
		t.Errorf("%+v, %d on the other channel", report, len(hook.sent))
	}
	for _, a := range p.in(statement.Pending) {
		if a.Channel == "gone" && !strings.Contains(a.LastError, `no channel is called "gone"`) {
			t.Error(a.LastError)
		}
	}
}

// What the server took is recorded though the program is told to stop; what it
// did not take is pending, not lost.
func TestNotifyStopped(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, readers(5)...)
	ctx, cancel := context.WithCancel(t.Context())
	p.send = func(m alert.Message) (bool, error) {
		if len(p.sent) == 2 {
			cancel()
		}
		return true, nil
	}
	if _, err := p.Notify(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if sent, pending := len(p.in(statement.Sent)), len(p.in(statement.Pending)); sent != 3 || pending != 2 {
		t.Errorf("%d sent, %d pending", sent, pending)
	}
	p.send = nil
	p.notify()
	if len(p.sent) != 5 {
		t.Errorf("%d sent", len(p.sent))
	}
}

// After a crash in the middle, what was in hand is sent by the next who comes.
func TestNotifyAfterCrash(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, readers(5)...)
	if _, err := p.store.Claim(t.Context(), statement.EmailChannel, begin, 3); err != nil {
		t.Fatal(err)
	}
	dead := strings.Split(Holder(time.Now()), "/")[0] + "/999999999/1"
	p.must(p.store.Lease(t.Context(), outboxLease, dead, begin, begin.Add(time.Hour)))
	if report := p.notify(); report.Sent != 5 {
		t.Errorf("%+v", report)
	}
}

func TestNotifyElsewhere(t *testing.T) {
	p := newPost(t)
	p.happen(1, nil, "reader@example.org")
	p.must(p.store.Lease(t.Context(), outboxLease, "elsewhere/1/1", begin, begin.Add(time.Hour)))
	if _, err := p.Notify(t.Context()); !errors.Is(err, ErrElsewhere) || len(p.sent) != 0 {
		t.Errorf("%v, %d sent", err, len(p.sent))
	}
}

// An alert that cannot be worded must not stop the others, nor be lost.
func TestNotifyUnreadableEvent(t *testing.T) {
	p := newPost(t)
	p.happen(2, nil, "reader@example.org")
	p.must(p.store.Update(t.Context(), func(tx state.Tx) error {
		return tx.Enqueue(statement.Alert{Key: "x", MessageID: "x", Kind: statement.AlertEvent, Event: 99, Channel: statement.EmailChannel, Recipient: "reader@example.org", State: statement.Pending, CreatedAt: begin, NextAttempt: begin})
	}))
	if report := p.notify(); report.Sent != 2 || report.Retried != 1 || !strings.Contains(p.in(statement.Pending)[0].LastError, "event 99") {
		t.Errorf("%+v", report)
	}
}

func TestNotifyExpires(t *testing.T) {
	p := newPost(t)
	p.happen(1, func(r *alert.Rule) { r.Lifetime = statement.Duration(time.Hour) }, "reader@example.org")
	p.send = func(alert.Message) (bool, error) { return true, down }
	p.notify()
	p.clock.Set(begin.Add(2 * time.Hour))
	p.send = nil
	if report := p.notify(); report.Expired != 1 || len(p.sent) != 0 || len(p.in(statement.Expired)) != 1 {
		t.Errorf("%+v, %d sent", report, len(p.sent))
	}
}

// A digest is one message of what came until its moment; what comes later goes
// into the next; sent again after a failure, it is the same.
func TestNotifyDigest(t *testing.T) {
	p := newPost(t)
	daily := func(r *alert.Rule) { r.Digest = "daily 10:00" }
	p.happen(3, daily, readers(2)...)
	if report := p.notify(); report.Sent != 0 {
		t.Fatalf("%+v", report)
	}
	p.clock.Set(begin.Add(time.Hour))
	var failed []alert.Message
	p.send = func(m alert.Message) (bool, error) {
		failed = append(failed, m)
		return true, errors.New("451 later")
	}
	p.notify()
	p.happen(1, daily, readers(2)...)
	p.send = nil
	p.clock.Set(begin.Add(2 * time.Hour))
	p.notify()
	same := func(m alert.Message) bool { return m.MessageID == failed[0].MessageID && m.Text == failed[0].Text } // retries come in any order
	if len(failed) != 2 || len(p.sent) != 2 || !slices.ContainsFunc(p.sent, same) {
		t.Fatalf("%d failed, %d sent", len(failed), len(p.sent))
	}
	if want := "[volteface] Digest · 3 events · 3 new"; p.sent[0].Subject != want {
		t.Errorf("%q", p.sent[0].Subject)
	}
	if sent := p.in(statement.Sent); len(sent) != 2+6 {
		t.Errorf("%d are recorded as sent: two digests and the six in them", len(sent))
	}
	p.clock.Set(begin.Add(25 * time.Hour))
	p.notify() // of one event: sent as it is
	if len(p.sent) != 4 || !strings.HasPrefix(p.sent[3].Subject, "[volteface] New · Ministry") {
		t.Errorf("%d sent, the last %q", len(p.sent), p.sent[len(p.sent)-1].Subject)
	}
}

// 5,000 events in a minute for one rule make one digest, as the daemon and as
// a command that runs once deliver them; the next event goes by itself again an
// hour later.
func TestNotifyFlood(t *testing.T) {
	const each = 84 // a second: 5,040 in a minute
	p := newPost(t)
	p.Dispatcher.Calm = 2 * time.Minute
	router := func(r *alert.Rule) {}
	for second := range 60 {
		p.clock.Set(begin.Add(time.Duration(second) * time.Second))
		p.happen(each, router, "reader@example.org")
		// The daemon's alerts are due 20 seconds after they came.
		now := p.clock.Now()
		p.clock.Set(now.Add(20 * time.Second))
		if second%5 == 0 {
			p.notify()
		}
		p.clock.Set(now)
	}
	if len(p.sent) != 0 {
		t.Fatalf("%d went by themselves", len(p.sent))
	}
	for minute := range 5 {
		p.clock.Set(begin.Add(time.Duration(minute+1) * time.Minute))
		p.notify()
	}
	t.Logf("%d events in a minute: %d message", 60*each, len(p.sent))
	if want := "[volteface] Flood · 5,040 events · 5,040 new"; len(p.sent) != 1 || p.sent[0].Subject != want {
		t.Fatalf("%d messages: %q", len(p.sent), p.sent[0].Subject)
	}
	if left := p.in(statement.Pending); len(left) != 0 {
		t.Errorf("%d wait still", len(left))
	}
	p.clock.Set(begin.Add(3 * time.Hour))
	p.happen(1, nil, "reader@example.org")
	p.notify()
	if len(p.sent) != 2 || !strings.HasPrefix(p.sent[1].Subject, "[volteface] New") {
		t.Errorf("afterwards: %d messages", len(p.sent))
	}

	once := newPost(t) // a command that runs once and ends
	once.happen(5000, nil, "reader@example.org")
	if report := once.notify(); report.Sent != 1 || report.Held != 5000 || len(once.sent) != 1 {
		t.Errorf("%+v, %d messages", report, len(once.sent))
	}

	few := newPost(t)
	few.happen(20, nil, "reader@example.org")
	if report := few.notify(); report.Sent != 20 || report.Held != 0 {
		t.Errorf("of twenty: %+v", report)
	}
}

// The rate at which alerts go to a local server over one connection, each
// outcome recorded on disk before the next is sent; the work of the server is
// part of it.
func BenchmarkNotify(b *testing.B) {
	sink, err := demo.NewSink(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer sink.Close()
	p := newPost(b)
	channel, err := email.New(email.Server{Host: "127.0.0.1", Port: sink.Port(), TLS: "none", From: "alerts@volteface.example"})
	if err != nil {
		b.Fatal(err)
	}
	defer channel.Close()
	p.Dispatcher.Channels[statement.EmailChannel] = channel
	to := readers(1000)
	for b.Loop() {
		b.StopTimer()
		p.happen(1, nil, to...)
		b.StartTimer()
		if report := p.notify(); report.Sent != len(to) {
			b.Fatalf("%+v", report)
		}
	}
	b.ReportMetric(float64(b.N*len(to))/b.Elapsed().Seconds(), "mails/s")
}
