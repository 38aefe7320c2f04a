package alert

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

var start = time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)

// channelFunc is a channel made of one function.
type channelFunc func(ctx context.Context, m Message) (bool, error)

func (f channelFunc) Send(ctx context.Context, m Message) (bool, error) { return f(ctx, m) }

// outbox is a memory with n alerts that are due, one for each of n people.
func outbox(n int) *memory {
	m := &memory{}
	ev := statement.Event{ID: 1, At: start, State: statement.New, Source: "irna"}
	m.add(ev, statement.Statement{ID: "abcdefghjk", URL: "https://irna.example/1"}, statement.Revision{Title: "A title", Body: "A text."})
	rule := Rule{Events: []string{"new"}}
	for i := range n {
		rule.To = append(rule.To, fmt.Sprintf("reader%d@example.org", i))
	}
	m.enqueue(Route([]Rule{rule}, m.events[1], statement.Source{ID: "irna"})...)
	return m
}

func dispatcher(m *memory, c clock.Clock, channel channelFunc) *Dispatcher {
	return &Dispatcher{
		Memory: m, Channel: channel, Clock: c, Due: m.due, Newest: m.newest,
		Source: func(id string) (statement.Source, bool) {
			return statement.Source{ID: id, Issuer: statement.Issuer{Name: "News Agency"}}, true
		},
	}
}

func TestDeliverSendsOnce(t *testing.T) {
	m := outbox(2*batch + 1) // more than one batch
	m.enqueue(m.alerts...)   // the same again is not queued
	var got []string
	d := dispatcher(m, clock.StoppedAt(start), func(_ context.Context, msg Message) (bool, error) {
		got = append(got, msg.MessageID)
		return false, nil
	})
	for range 2 {
		if _, err := d.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	unique := map[string]bool{}
	for _, id := range got {
		unique[id] = true
	}
	if len(got) != 2*batch+1 || len(unique) != len(got) || m.saved != len(got) {
		t.Errorf("%d mails of %d names, %d recorded; want %d", len(got), len(unique), m.saved, 2*batch+1)
	}
	for _, a := range m.alerts {
		if a.State != statement.Sent || a.Attempts != 1 || !a.SentAt.Equal(start) || a.LastError != "" {
			t.Fatalf("%+v", a)
		}
	}
}

func TestDeliverBacksOffWithoutEnd(t *testing.T) {
	m := outbox(1)
	c := clock.StoppedAt(start)
	var ids []string
	d := dispatcher(m, c, func(_ context.Context, msg Message) (bool, error) {
		ids = append(ids, msg.MessageID)
		return true, errors.New("451 try later")
	})
	least, before := time.Minute, time.Duration(0)
	for i := range 40 {
		report, err := d.Deliver(t.Context())
		if err != nil || report != (Report{Retried: 1, LastError: "451 try later"}) {
			t.Fatalf("attempt %d: %+v, %v", i, report, err)
		}
		a := m.alerts[0]
		pause := a.NextAttempt.Sub(c.Now())
		if a.State != statement.Pending || a.Attempts != i+1 || pause < least || pause > least+least/5 || pause > 6*time.Hour {
			t.Fatalf("attempt %d: waits %s (at least %s), %+v", i, pause, least, a)
		}
		if i > 0 && before == pause {
			t.Errorf("attempt %d: no jitter", i)
		}
		before = pause
		if least = 2 * least; least > longestWait {
			least = longestWait
		}
		c.Set(a.NextAttempt.Add(-time.Microsecond))
		if report, _ := d.Deliver(t.Context()); report != (Report{}) {
			t.Fatalf("attempt %d: tried before its time", i)
		}
		c.Set(a.NextAttempt)
	}
	for _, id := range ids {
		if id != ids[0] {
			t.Fatal("another Message-ID on another attempt")
		}
	}
}

func TestDeliverRefusal(t *testing.T) {
	m := outbox(3)
	d := dispatcher(m, clock.StoppedAt(start), func(_ context.Context, msg Message) (bool, error) {
		if strings.HasPrefix(msg.To, "reader1@") {
			return false, errors.New("550 no such user")
		}
		return false, nil
	})
	report, err := d.Deliver(t.Context())
	if err != nil || report != (Report{Sent: 2, Refused: 1, LastError: "550 no such user"}) {
		t.Fatalf("%+v, %v", report, err)
	}
	if a := m.alerts[1]; a.State != statement.Refused || a.LastError != "550 no such user" {
		t.Errorf("%+v", a)
	}
}

func TestDeliverStopsAskingWhenDown(t *testing.T) {
	m := outbox(batch + 50)
	asked := 0
	d := dispatcher(m, clock.StoppedAt(start), func(context.Context, Message) (bool, error) {
		asked++
		return true, fmt.Errorf("wrapped: %w", &Unavailable{Err: errors.New("connection refused")})
	})
	report, err := d.Deliver(t.Context())
	if err != nil || asked != 1 || report.Retried != batch+50 || report.Sent+report.Refused != 0 {
		t.Fatalf("asked %d times, %+v, %v", asked, report, err)
	}
	for _, a := range m.alerts {
		if a.State != statement.Pending || !a.NextAttempt.After(start) || !strings.Contains(a.LastError, "connection refused") {
			t.Fatalf("%+v", a)
		}
	}
}

func TestDeliverGoesOnPastTemporaryTrouble(t *testing.T) {
	m := outbox(3)
	d := dispatcher(m, clock.StoppedAt(start), func(_ context.Context, msg Message) (bool, error) {
		if strings.HasPrefix(msg.To, "reader0@") {
			return true, errors.New("450 greylisted")
		}
		return false, nil
	})
	if report, err := d.Deliver(t.Context()); err != nil || report.Sent != 2 || report.Retried != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
}

// What the server accepted is recorded even if the program is being stopped.
func TestDeliverRecordsWhenStopped(t *testing.T) {
	m := outbox(2)
	ctx, cancel := context.WithCancel(t.Context())
	d := dispatcher(m, clock.StoppedAt(start), func(context.Context, Message) (bool, error) {
		cancel()
		return false, nil
	})
	report, err := d.Deliver(ctx)
	if !errors.Is(err, context.Canceled) || report.Sent != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if m.alerts[0].State != statement.Sent || m.alerts[1].State != statement.Pending || m.alerts[1].Attempts != 0 {
		t.Errorf("%+v", m.alerts)
	}
}

func TestDeliverStoppedWhileSending(t *testing.T) {
	m := outbox(1)
	ctx, cancel := context.WithCancel(t.Context())
	d := dispatcher(m, clock.StoppedAt(start), func(ctx context.Context, _ Message) (bool, error) {
		cancel()
		return true, ctx.Err()
	})
	if _, err := d.Deliver(ctx); !errors.Is(err, context.Canceled) || m.alerts[0].Attempts != 0 || m.saved != 0 {
		t.Errorf("%v, %+v", err, m.alerts[0])
	}
}

// An alert whose event is gone neither stops the others nor is lost.
func TestDeliverUnreadableEvent(t *testing.T) {
	m := outbox(3)
	m.alerts[1].Event = 99
	d := dispatcher(m, clock.StoppedAt(start), func(context.Context, Message) (bool, error) { return false, nil })
	report, err := d.Deliver(t.Context())
	if err != nil || report.Sent != 2 || report.Retried != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	if a := m.alerts[1]; a.State != statement.Pending || !strings.Contains(a.LastError, "event 99") {
		t.Errorf("%+v", a)
	}
}

func BenchmarkCompose(b *testing.B) {
	m := outbox(1)
	d := dispatcher(m, clock.StoppedAt(start), nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.compose(b.Context(), m.alerts[0]); err != nil {
			b.Fatal(err)
		}
	}
}
