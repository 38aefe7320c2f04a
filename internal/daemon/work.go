package daemon

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"volteface/internal/monitor"
	"volteface/internal/queue"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/state"
)

// work makes one visit. The queue learns of no failure: what comes of one
// stands in our own tables.
func (d *daemon) work(ctx context.Context, job queue.Visit) (err error) {
	d.unqueued(job)
	d.working(1)
	defer d.working(-1)
	s, done := d.current()
	defer done()
	src, known := s.byID[job.Source]
	if !known { // no longer configured
		d.release(job.Source, 0, 0)
		return nil
	}
	var rest, restChecks time.Duration
	defer func() {
		if r := recover(); r != nil { // a fault of ours; the other sources go on
			d.metrics.failures.Inc()
			d.Log.Error("a visit broke down", "source", src.ID, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			rest = again
		}
		d.release(src.ID, rest, restChecks)
	}()
	rest, restChecks = d.visit(ctx, s, src, job)
	return nil
}

// visit makes a visit, records when the next one is, and gives the times for
// which the source and its re-checks are left alone though they may be due.
func (d *daemon) visit(ctx context.Context, s *Settings, src statement.Source, job queue.Visit) (rest, restChecks time.Duration) {
	if job.Backfill {
		return 0, d.backfill(ctx, s, src)
	}
	began, checks, yielded := time.Now(), job.ChecksOnly, false
	d.metrics.running.Inc()
	defer d.metrics.running.Dec()
	host := hostOf(src)
	record, err := s.Monitor.Visit(ctx, src, monitor.Options{
		Recheck: monitor.RecheckDue, Holder: d.holder, Due: job.Due, ChecksOnly: checks, Budget: d.left(s, src),
		Yield: func() bool {
			yielded = yielded || d.yield(host)
			return yielded
		},
	})
	took := time.Since(began)
	d.spend(src, record.Requests)
	log := d.Log.With("visit", record.ID, "source", src.ID)
	switch {
	case ctx.Err() != nil:
		d.metrics.visited("cut", took, record)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			log.Warn("visit cut short: it took too long", "took", took.Round(time.Millisecond).String())
			if err := d.planNext(s, src, record, job); err != nil {
				log.Error("the next visit cannot be planned, this one is made again", "error", err)
			}
			return again, settled
		}
		log.Info("visit cut short, it is due at the next start")
		return again, settled
	case errors.Is(err, state.ErrLeased):
		d.metrics.visited("leased", took, record)
		log.Info("visit put off: another process visits the source", "error", err)
		d.delayed(src.ID, "waited for another process, which was visiting the source")
		return again, again
	case err != nil:
		d.metrics.visited("failed", took, record)
		d.metrics.failures.Inc()
		log.Error("visit not recorded, it is tried again", "error", err, "hint", statement.HintOf(err))
		d.delayed(src.ID, "could not be recorded")
		return again, again
	}
	outcome, level := "ok", log.Info
	if record.Fault != "" {
		outcome, level = "fault", log.Warn
	}
	d.metrics.visited(outcome, took, record)
	if s.Feeds && record.New+record.Changed+record.Gone > 0 {
		d.fed.Store(true)
	}
	level("visit", "checks_only", checks, "new", record.New, "changed", record.Changed, "unchanged", record.Unchanged, "missing", record.Gone,
		"errors", record.Errored, "requests", record.Requests, "fault", record.Fault, "took", took.Round(time.Millisecond).String())
	if err := d.planNext(s, src, record, job); err != nil {
		d.metrics.failures.Inc()
		log.Error("the next visit cannot be planned, this one is made again", "error", err)
		return again, again
	}
	if record.Fault != "" { // what could not be read is still due, but its host needs a rest
		status, err := d.Store.SourceStatus(context.Background(), src.ID)
		if err != nil {
			return 0, again
		}
		return 0, schedule.Retry(status.FaultCount)
	}
	if yielded {
		return 0, 0
	}
	return 0, settled
}

// delayed notes why a visit that is due has not been made yet.
func (d *daemon) delayed(source, why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.late[source] = why
}

// planNext records when the source is visited next, and whatever its operator
// is to be told. Visits missed in the meantime are not made up for, as the one
// just made was for all of them; that they were missed, and why, is recorded.
func (d *daemon) planNext(s *Settings, src statement.Source, record statement.Visit, job queue.Visit) error {
	now := d.Clock.Now()
	var missed []state.Skip
	if !job.ChecksOnly {
		missed = d.missed(s, src.ID, job.Due, record.StartedAt, now)
	}
	return d.Store.Update(context.Background(), func(tx state.Tx) error {
		p, err := tx.Plan(src.ID)
		if errors.Is(err, statement.ErrNotFound) { // taken out of the configuration meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		for _, k := range missed {
			if err := tx.PutSkip(k); err != nil {
				return err
			}
		}
		if !job.ChecksOnly {
			p.NextVisit = s.plans[src.ID].Next(now)
		}
		status, err := tx.SourceStatus(src.ID)
		if err != nil {
			return err
		}
		for _, n := range judge(s, src, status, record, &p, now) {
			if err := d.tell(tx, s, src.ID, n); err != nil {
				return err
			}
		}
		return tx.PutPlan(p)
	})
}

// missed lists the visits that were due between the moment for which one was
// made and its end, and why there were none: nobody was there, it began late,
// or it took long.
func (d *daemon) missed(s *Settings, source string, due, began, ended time.Time) (skips []state.Skip) {
	d.mu.Lock()
	late := d.late[source]
	delete(d.late, source)
	d.mu.Unlock()
	if late == "" {
		late = "waited for a worker"
	}
	after, plan := due, s.plans[source]
	for _, gap := range []struct {
		end time.Time
		why string
	}{
		{d.started, "the daemon was not running until " + statement.ShortMoment(d.started)},
		{began, "the visit before " + late + ", until " + statement.ShortMoment(began)},
		{ended.Add(time.Microsecond), "the visit of " + statement.ShortMoment(began) + " took until " + statement.ShortMoment(ended)},
	} {
		if !gap.end.After(after) {
			continue
		}
		if n, first, last := plan.Missed(after, gap.end); n > 0 {
			d.Log.Info("visits that were due have not been made", "source", source, "count", n, "first", first, "last", last, "reason", gap.why)
			skips = append(skips, state.Skip{Source: source, First: first, Last: last, Count: n, Reason: gap.why})
		}
		after = gap.end.Add(-time.Microsecond)
	}
	return skips
}

// startMail has the outbox delivered by a goroutine of its own: a mail server
// that hangs holds up no visit.
func (d *daemon) startMail(ctx context.Context) {
	s, done := d.current()
	go func() {
		defer done()
		d.fed.Store(false)
		report, err := s.Deliver(ctx)
		d.metrics.delivered(report)
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("the outbox was not emptied", "sent", report.Sent, "retried", report.Retried, "put_off", report.PutOff, "refused", report.Refused, "error", err)
		} else if report.Retried+report.PutOff+report.Refused > 0 {
			d.Log.Warn("some alerts were not sent", "sent", report.Sent, "retried", report.Retried, "put_off", report.PutOff, "refused", report.Refused, "error", report.LastError)
		} else if report.Sent > 0 {
			d.Log.Info("alerts sent", "sent", report.Sent)
		}
		d.mu.Lock()
		d.mailing = false
		d.restMail = time.Time{}
		if err != nil {
			d.restMail = d.Clock.Now().Add(longestWait)
		}
		d.mu.Unlock()
		d.nudge()
	}()
}

// readAtOnce is how many statements the daemon reads before it looks at the
// configuration again.
const readAtOnce = 64

// startReading has what waits analysed. It has one slot of its own: a slow
// reading holds up no visit, and no evidence.
func (d *daemon) startReading(ctx context.Context) {
	s, done := d.current()
	d.mu.Lock()
	d.reading = true
	d.mu.Unlock()
	go func() {
		defer done()
		began := time.Now()
		count, err := s.Monitor.Analyse(ctx, monitor.AnalyseOptions{Limit: readAtOnce, Report: func(f state.Finding) {
			d.Log.Info("finding", "id", f.ID, "level", string(f.Level), "verdict", string(f.Verdict), "source", f.Source, "statement", f.After.Statement, "told", !f.Quiet)
		}})
		switch {
		case ctx.Err() != nil:
		case err != nil:
			d.metrics.failures.Inc()
			d.Log.Error("the analysis stopped, it goes on in a minute", "error", err, "hint", statement.HintOf(err))
		case count.Revisions+count.Unread > 0:
			d.Log.Info("analysed", "statements", count.Revisions, "unread", count.Unread, "findings", count.Findings, "took", time.Since(began).Round(time.Millisecond).String())
		}
		d.mu.Lock()
		d.reading, d.restRead = false, time.Time{}
		if err != nil {
			d.restRead = d.Clock.Now().Add(again)
		}
		d.mu.Unlock()
		d.nudge()
	}()
}

// startAsking has second opinions asked for. It has one slot of its own: a slow model holds up no visit, no reading and no mail.
func (d *daemon) startAsking(ctx context.Context) {
	s, done := d.current()
	d.mu.Lock()
	d.asking = true
	d.mu.Unlock()
	go func() {
		defer done()
		began := time.Now()
		count, err := s.Monitor.Opine(ctx, monitor.OpineOptions{Report: func(f state.Finding) {
			d.Log.Info("finding after its second opinion", "id", f.ID, "level", string(f.Level), "dropped", !f.DroppedAt.IsZero(), "source", f.Source, "statement", f.After.Statement)
		}})
		switch {
		case ctx.Err() != nil, errors.Is(err, monitor.ErrElsewhere):
		case err != nil:
			d.metrics.failures.Inc()
			d.Log.Error("second opinions stopped, they go on in a minute", "error", err, "hint", statement.HintOf(err))
		case count.Outage != nil:
			d.Log.Warn("the second opinion is not asked for now; what waits for it is told in its time", "asked", count.Asked, "settled", count.Settled, "error", count.Outage, "hint", statement.HintOf(count.Outage))
		}
		if ctx.Err() == nil && s.Monitor.Opinions != nil {
			if err := d.tellOfOpinions(ctx, s, s.Monitor.Opinions.Outage(), count.Outage); err != nil {
				d.Log.Error("how second opinions go cannot be recorded", "error", err)
			}
		}
		if count.Asked+count.Settled+count.Released > 0 {
			d.Log.Info("second opinions", "requests", count.Asked, "settled", count.Settled, "written", count.Written, "told_without", count.Released, "took", time.Since(began).Round(time.Millisecond).String())
		}
		d.mu.Lock()
		d.asking, d.restAsk = false, time.Time{}
		if err != nil {
			d.restAsk = d.Clock.Now().Add(again)
		}
		d.mu.Unlock()
		d.nudge()
	}()
}
