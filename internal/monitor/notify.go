package monitor

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"volteface/internal/alert"
	"volteface/internal/alert/feed"
	"volteface/internal/clock"
	"volteface/internal/statement"
	"volteface/state"
)

// router gives events to those who want to know of them.
func (m *Monitor) router() *alert.Router {
	m.startRouter.Do(func() { m.routing = alert.NewRouter(m.Rules, m.Topics, m.Settle) })
	return m.routing
}

// route queues the alerts of an event in the transaction that records it, but those of some rules.
func (m *Monitor) route(tx state.Tx, ev statement.Event, src statement.Source, but ...string) error {
	if len(m.Rules) == 0 {
		return nil
	}
	mutes, err := tx.Muted(ev.At)
	if err != nil {
		return err
	}
	o := alert.Occasion{Event: ev, Source: src, Language: src.Language, Mutes: mutes}
	if ev.Statement != "" {
		st, err := tx.Statement(ev.Statement)
		if err != nil {
			return err
		}
		o.Language = st.Language
		o.Text = func() (string, string, error) {
			r, err := tx.Revision(ev.Statement, ev.Revision)
			return r.Title, r.Body, err
		}
	}
	o.Told = func(rule string) (n int, highest float64, err error) {
		told, err := tx.ToldTurns(rule, ev.At.AddDate(0, 0, -365))
		for _, x := range told {
			if !x.Beyond && m.sameIssuer(x.Source, src) {
				n, highest = n+1, max(highest, x.Score)
			}
		}
		return n, highest, err
	}
	alerts, err := m.router().Route(o)
	if err != nil {
		return err
	}
	if len(alerts) > 0 {
		if err := m.awaitSummary(tx, ev, alerts); err != nil {
			return err
		}
	}
	for _, a := range alerts {
		if slices.Contains(but, a.Rule) {
			continue
		}
		if err := tx.Enqueue(a); err != nil {
			return err
		}
	}
	return nil
}

// sameIssuer tells whether a source, by its id, is of the issuer of another one.
func (m *Monitor) sameIssuer(id string, src statement.Source) bool {
	if id == src.ID {
		return true
	}
	if m.Sources == nil {
		return false
	}
	other, defined := m.Sources(id)
	return defined && other.Issuer.ID == src.Issuer.ID
}

// Notifier sends what waits in the outbox, and writes the feeds.
type Notifier struct {
	Store      state.Store
	Clock      clock.Clock
	Log        *slog.Logger
	Holder     string // see Holder
	Dispatcher *alert.Dispatcher
	Feeds      feed.Folder // none are written if its path is empty
	IssuerName func(id string) string
}

// outboxLease is the lease of whoever sends: no source can have this name.
const outboxLease = "@outbox"

// ErrElsewhere says that another process is sending what waits.
var ErrElsewhere = errors.New("another process is sending the alerts")

// Notify sends what is due and writes the feeds. One process does so at a time;
// what one that was killed was sending is taken over.
func (n *Notifier) Notify(ctx context.Context) (report alert.Report, err error) {
	release, err := holdLease(ctx, n.Store, n.Clock, n.Log, outboxLease, n.Holder)
	if errors.Is(err, state.ErrLeased) {
		return report, ErrElsewhere
	}
	if err != nil {
		return report, err
	}
	defer release()
	if err := n.Store.Unclaim(ctx, ""); err != nil {
		return report, err
	}
	n.Dispatcher.Outbox = outbox{n.Store}
	report, err = n.Dispatcher.Deliver(ctx)
	if n.Feeds.Path != "" && ctx.Err() == nil {
		_, bad := n.Feeds.Update(ctx, n.Store, n.Dispatcher.Composer, n.IssuerName)
		err = errors.Join(err, bad)
	}
	return report, err
}

// outbox is the store as delivery wants it.
type outbox struct{ state.Store }

// Tell records a notice and queues the alerts that carry it.
func (o outbox) Tell(ctx context.Context, notice statement.Notice, alerts func(statement.Notice) []statement.Alert) error {
	return o.Update(ctx, func(tx state.Tx) (err error) {
		told := notice
		if told.ID, err = tx.AddNotice(notice); err != nil {
			return err
		}
		for _, a := range alerts(told) {
			if err := tx.Enqueue(a); err != nil {
				return err
			}
		}
		return nil
	})
}
