package daemon

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"volteface/internal/clock"
	"volteface/internal/queue"
	"volteface/internal/statement"
	"volteface/state"
)

// weekly is what stands in the plans for the mail that says how all sources do.
// No source can have this name.
const (
	weekly = "@weekly"
	daily  = "@daily" // what is looked after once a day
	hourly = "@hourly"
	// opinionTold is what stands there for what the operator knows of the second opinion: when it went out in FaultTold, when its bound was
	// told in SilentTold. It is never due.
	opinionTold = "@opinion"
)

// plan writes a plan for every source that has none, or whose schedule is
// another; a source never visited is due now. Plans of sources that are gone
// from the configuration are forgotten.
func (d *daemon) plan(ctx context.Context, s *Settings) error {
	plans, err := d.Store.Plans(ctx)
	if err != nil {
		return err
	}
	now := d.Clock.Now()
	known := map[string]state.Plan{}
	for _, p := range plans {
		known[p.Source] = p
	}
	var changed []state.Plan
	for _, src := range s.Sources {
		p, has := known[src.ID]
		delete(known, src.ID)
		status, err := d.Store.SourceStatus(ctx, src.ID)
		if err != nil {
			return err
		}
		definition := src.Schedule + "|" + src.Timezone + "|" + src.Window
		switch {
		case !has && status.LastVisit.IsZero():
			p = state.Plan{Source: src.ID, Definition: definition, NextVisit: now}
		case !has, p.Definition != definition:
			p.Source, p.Definition = src.ID, definition
			if !p.NextVisit.Before(now) || p.NextVisit.IsZero() { // one that is due is made first
				p.NextVisit = s.plans[src.ID].Next(now)
			}
		default:
			continue
		}
		if p.NextVisit.IsZero() {
			d.Log.Warn("the schedule of a source names no moment at all: it is never visited", "source", src.ID, "schedule", src.Schedule, "window", src.Window)
		}
		changed = append(changed, p)
	}
	for _, name := range []string{weekly, daily, hourly} {
		if _, has := known[name]; !has {
			changed = append(changed, state.Plan{Source: name, NextVisit: nextChore(name, now)})
		}
		delete(known, name)
	}
	if s.Opine {
		delete(known, opinionTold)
	}
	if len(changed)+len(known) == 0 {
		return nil
	}
	return d.Store.Update(ctx, func(tx state.Tx) error {
		for _, p := range changed {
			if err := tx.PutPlan(p); err != nil {
				return err
			}
		}
		for gone := range known {
			if err := tx.DropPlan(gone); err != nil {
				return err
			}
		}
		return nil
	})
}

// nextChore is eight in the morning (UTC), of a Monday for the weekly one, and
// the next full hour for the hourly one.
func nextChore(name string, now time.Time) time.Time {
	if name == hourly {
		return now.Truncate(time.Hour).Add(time.Hour)
	}
	at := time.Date(now.Year(), now.Month(), now.Day(), 8, 0, 0, 0, time.UTC)
	for !at.After(now) || name == weekly && at.Weekday() != time.Monday {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// setRight brings back what was written while the clock was ahead: visits that
// are planned for later than their schedules allow, and whatever else waits in
// the tables. The operator is told, as what was recorded meanwhile bears wrong
// times.
func (d *daemon) setRight(ctx context.Context, s *Settings) error {
	now := d.Clock.Now()
	n, err := s.pullBack(ctx)
	if err != nil {
		return err
	}
	plans, err := d.Store.Plans(ctx)
	if err != nil {
		return err
	}
	return d.Store.Update(ctx, func(tx state.Tx) error {
		for _, p := range plans {
			next := now
			switch schedule, known := s.plans[p.Source]; {
			case known && schedule.TooLate(p.NextVisit, now):
			case p.Source == weekly || p.Source == daily || p.Source == hourly:
				if next = nextChore(p.Source, now); !p.NextVisit.After(next) {
					continue
				}
			default:
				continue
			}
			d.Log.Warn("what is due now and then was planned while the clock was ahead: it is planned anew", "what", p.Source, "planned", p.NextVisit, "next", next)
			p.NextVisit = next
			if err := tx.PutPlan(p); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return d.tell(tx, s, "", statement.Notice{At: now, Subject: "The clock was wrong", Text: fmt.Sprintf(
			"%d moments that visits, looks and alerts wait for lay further ahead than they ever are, at %s. They have been brought back, and visits go on.\n\nIf that is the time, the clock of this machine was ahead before, and what was recorded then bears times that are too late; else it is wrong now. Find out which, and why:\n\n    volteface doctor\n    timedatectl", n, day(now))})
	})
}

// setBack notes that the clock shows an earlier time than at the last look:
// what is kept in memory by the clock is forgotten.
func (d *daemon) setBack(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.rest)
	clear(d.restCheck)
	d.restMail, d.restRead = time.Time{}, time.Time{}
	if d.started.After(now) {
		d.started = now
	}
}

// run looks at the tables, starts what is due and waits for the next moment,
// until ctx is done.
func (d *daemon) run(ctx context.Context) {
	d.loadSpent(ctx)
	defer d.listen(ctx)()
	notify("READY=1")
	var last time.Time
	for ctx.Err() == nil {
		d.looked()
		if now := d.Clock.Now(); now.Before(last.Add(-statement.ClockSlack)) {
			d.Log.Warn("the clock has been set back", "from", last, "to", now)
			d.setBack(now)
			s, done := d.current()
			if err := d.setRight(ctx, s); err != nil && ctx.Err() == nil {
				d.metrics.failures.Inc()
				d.Log.Error("what was written while the clock was ahead cannot be put right", "error", err)
			}
			done()
		}
		last = d.Clock.Now()
		if d.asked.Swap(false) {
			d.reload(ctx)
		}
		next := d.look(ctx)
		d.mu.Lock()
		busy := len(d.busy) > 0 || d.mailing || d.reading || d.asking
		d.mu.Unlock()
		wait := next.Sub(d.Clock.Now())
		if _, virtual := d.Clock.(*clock.Virtual); !virtual {
			wait = min(wait, longestWait)
		}
		_ = clock.Wait(ctx, d.Clock, wait, d.wake, busy) // the loop asks ctx itself
	}
}

// listen wakes the loop when the configuration is to be read again.
func (d *daemon) listen(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-d.Reload:
				d.asked.Store(true)
				d.nudge()
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// look starts what is due and gives the moment of the next look.
func (d *daemon) look(ctx context.Context) time.Time {
	now := d.Clock.Now()
	d.mu.Lock()
	clear(d.freed)
	d.mu.Unlock()
	due, err := d.Store.Due(ctx, now)
	if err != nil {
		if ctx.Err() == nil {
			d.metrics.failures.Inc()
			d.Log.Error("what is due cannot be read", "error", err)
		}
		return now.Add(again)
	}
	next := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if t.After(now) && t.Before(next) {
			next = t
		}
	}
	sooner(due.Next)
	s, done := d.current()
	defer done()
	var visits []queue.Visit
	d.mu.Lock()
	if day := now.Truncate(24 * time.Hour); !day.Equal(d.day) { // also when the clock was set back
		d.day, d.spent = day, map[string]int{}
	}
	waiting := 0
	clear(d.wanted)
	take := func(source string, checks bool, moment time.Time) {
		src, known := s.byID[source]
		if !known || d.busy[source] || d.freed[source] { // freed: what was read of it may be out of date
			return
		}
		rest := d.rest[source]
		if checks && d.restCheck[source].After(rest) {
			rest = d.restCheck[source]
		}
		host := hostOf(src)
		switch {
		case rest.After(now):
			sooner(rest)
		case d.hosts[host] != "":
			waiting++ // the end of the other visit wakes us
			if !checks {
				d.wanted[host] = true
				d.late[source] = "waited for its host: " + d.hosts[host] + " was being visited"
			}
		case checks && s.Budget > 0 && d.spent[host] >= recheckShare(s.Budget):
			sooner(d.day.Add(24 * time.Hour))
		case checks && !s.plans[source].Open(now):
			sooner(now.Add(settled))
		default:
			d.busy[source], d.hosts[host] = true, source
			visits = append(visits, queue.Visit{Source: source, Due: moment, ChecksOnly: checks})
			if !checks {
				d.queued++
			}
		}
	}
	var chores []string
	for _, p := range due.Visits {
		if p.Source == weekly || p.Source == daily || p.Source == hourly {
			chores = append(chores, p.Source)
			continue
		}
		take(p.Source, false, p.NextVisit)
	}
	for _, source := range due.Checks {
		take(source, true, time.Time{})
	}
	for _, source := range due.Backfills { // last: nothing of it is news
		n := len(visits)
		if take(source, true, time.Time{}); len(visits) > n {
			visits[n].Backfill = true
		}
	}
	d.metrics.waiting.Set(float64(waiting))
	mail := (due.Alerts || d.fed.Load()) && s.Deliver != nil && !d.mailing
	if mail && d.restMail.After(now) {
		sooner(d.restMail)
		mail = false
	}
	d.mailing = d.mailing || mail
	read := s.Analyse && !d.reading && !d.restRead.After(now)
	ask := s.Opine && !d.asking && !d.restAsk.After(now)
	d.mu.Unlock()
	if ask {
		at, err := s.Monitor.NextOpinion(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Error("second opinions that are due cannot be listed", "error", err)
		}
		sooner(at)
		ask = err == nil && !at.IsZero() && !at.After(now)
	}
	if read {
		var err error
		if read, err = d.waits(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("what waits to be analysed cannot be listed", "error", err)
		}
	}
	for _, name := range chores {
		d.chore(ctx, s, name, now)
	}
	if len(visits) > 0 {
		if err := d.queue.Add(ctx, visits); err != nil {
			for _, v := range visits {
				d.unqueued(v)
				d.release(v.Source, again, again)
			}
			if ctx.Err() == nil {
				d.metrics.failures.Inc()
				d.Log.Error("the queue takes nothing", "error", err)
			}
		}
	}
	if mail {
		d.startMail(ctx)
	}
	if read {
		d.startReading(ctx)
	}
	if ask {
		d.startAsking(ctx)
	}
	return next
}

// unqueued notes that a visit has come out of the queue.
func (d *daemon) unqueued(v queue.Visit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !v.ChecksOnly {
		d.queued--
	}
}

// working counts the workers at work.
func (d *daemon) working(change int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.active += change
}

// yield tells whether re-checks of a host are to make way for what is new,
// there or, while all workers are taken, elsewhere.
func (d *daemon) yield(host string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wanted[host] || d.queued > 0 && d.active >= d.Workers
}

// recheckShare is how much of a day's budget re-checks may spend: the rest is
// left for what is new.
func recheckShare(budget int) int { return max(1, budget*4/5) }

// release lets a source be visited again, after a rest if there is one.
func (d *daemon) release(source string, rest, restChecks time.Duration) {
	d.mu.Lock()
	delete(d.busy, source)
	d.freed[source] = true
	for host, by := range d.hosts {
		if by == source {
			delete(d.hosts, host)
		}
	}
	for of, wait := range map[*map[string]time.Time]time.Duration{&d.rest: rest, &d.restCheck: restChecks} {
		delete(*of, source)
		if wait > 0 { // a little more for each, so that they do not come back all at once
			(*of)[source] = d.Clock.Now().Add(wait + time.Duration(rand.Int64N(int64(wait/4)+1)))
		}
	}
	d.mu.Unlock()
	d.nudge()
}

// loadSpent counts what has been asked of each host today, before a restart.
func (d *daemon) loadSpent(ctx context.Context) {
	now := d.Clock.Now()
	today := now.Truncate(24 * time.Hour)
	done, err := d.Store.Activity(ctx, today)
	if err != nil {
		d.Log.Warn("today's requests cannot be counted: the budgets of the hosts begin anew", "error", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.day = today
	for _, a := range done {
		if a.Day.Equal(today) { // and not one that a wrong clock has named
			src := d.settings.byID[a.Source]
			d.spent[hostOf(src)] += a.Requests
		}
	}
}

// spend counts the requests of a visit against its host's budget.
func (d *daemon) spend(src statement.Source, requests int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.spent[hostOf(src)] += requests
}

// left is how many requests re-checks of the source may still make today; 0
// for no bound.
func (d *daemon) left(s *Settings, src statement.Source) int {
	if s.Budget <= 0 {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(1, recheckShare(s.Budget)-d.spent[hostOf(src)])
}

// waits tells whether a revision waits to be read, or to be judged: a long archive is judged in many runs.
func (d *daemon) waits(ctx context.Context) (bool, error) {
	unread, err := d.Store.AnalysesDue(ctx, 1)
	if err != nil || len(unread) > 0 {
		return err == nil, err
	}
	unjudged, err := d.Store.JudgementsDue(ctx, 1)
	return len(unjudged) > 0, err
}
