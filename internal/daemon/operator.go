package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"volteface/internal/alert"
	"volteface/internal/statement"
	"volteface/internal/upkeep"
	"volteface/state"
)

// leastFailures is how many visits in a row must have found nobody before a
// host is given up, however long it has been.
const leastFailures = 10

// judge says what the operator is to be told after a visit, and notes in the
// plan that it was.
func judge(s *Settings, src statement.Source, status statement.SourceStatus, record statement.Visit, p *state.Plan, now time.Time) (notices []statement.Notice) {
	tell := func(subject, format string, args ...any) {
		notices = append(notices, statement.Notice{At: now, Subject: subject + " · " + src.ID, Text: fmt.Sprintf(format, args...)})
	}
	switch {
	case status.FaultCount == 0 && !p.FaultTold.IsZero():
		tell("Well again", "%s (%s) can be visited again, after a fault since %s.\n\nAddress: %s\nLast new statement: %s",
			src.ID, src.Issuer.Name, day(p.FaultTold), src.URL, day(status.LastNew))
		p.FaultTold = time.Time{}
	case status.FaultCount == 0:
	case record.Unreachable && s.Retire > 0 && status.FaultCount >= leastFailures && now.Sub(status.FaultSince) >= s.Retire:
		p.RetiredAt, p.FaultTold = now, status.FaultSince
		tell("Retired", "%s (%s) is not visited any more: nobody has answered there since %s, in %d visits.\n\nAddress: %s\nLast fault: %s\n\nAll that is kept of it stays. If it has moved, change its address; once \"volteface scrape %s\" has reached it, it is visited again.",
			src.ID, src.Issuer.Name, day(status.FaultSince), status.FaultCount, src.URL, status.Fault, src.ID)
	case s.Faults > 0 && status.FaultCount >= s.Faults && p.FaultTold.IsZero():
		p.FaultTold = status.FaultSince
		tell("Fault", "%s (%s) could not be visited %d times in a row, since %s.\n\nAddress: %s\nFault: %s\nLast success: %s\nStatements kept: %d\n\nWhat was published meanwhile is read when it is well again. \"volteface sources test %s\" tries it.",
			src.ID, src.Issuer.Name, status.FaultCount, day(status.FaultSince), src.URL, status.Fault, day(status.LastSuccess), status.Statements, src.ID)
	}
	return notices
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return statement.Moment(t)
}

// tell records a notice and queues it for everybody who runs the program.
func (d *daemon) tell(tx state.Tx, s *Settings, source string, n statement.Notice) (err error) {
	d.Log.Warn("the operator is told", "source", source, "subject", n.Subject)
	if len(s.Operator) == 0 {
		return nil
	}
	if n.ID, err = tx.AddNotice(n); err != nil {
		return err
	}
	for _, a := range alert.RouteNotice(s.Operator, n, source) {
		if err := tx.Enqueue(a); err != nil {
			return err
		}
	}
	return nil
}

// chore does what is due once an hour, a day or a week, and plans the next time.
func (d *daemon) chore(ctx context.Context, s *Settings, name string, now time.Time) {
	var notices []statement.Notice
	var plans []state.Plan
	own := state.Plan{Source: name}
	var err error
	switch name {
	case weekly:
		var n statement.Notice
		n, err = d.allIsWell(ctx, s, now)
		notices = append(notices, n)
	case hourly:
		notices, own.SilentTold, err = d.lookAround(ctx, now)
	default:
		notices, plans, err = d.silences(ctx, s, now)
		err = errors.Join(err, d.forget(ctx, s, now))
	}
	if err != nil {
		d.metrics.failures.Inc()
		d.Log.Error("what is due now and then failed", "what", name, "error", err)
		notices, plans = nil, nil
	}
	next := nextChore(name, now)
	if err != nil {
		next = now.Add(time.Hour)
	}
	own.NextVisit = next
	plans = append(plans, own)
	if err := d.Store.Update(ctx, func(tx state.Tx) error {
		for _, n := range notices {
			if err := d.tell(tx, s, "", n); err != nil {
				return err
			}
		}
		for _, p := range plans {
			if err := tx.PutPlan(p); err != nil {
				return err
			}
		}
		return nil
	}); err != nil && ctx.Err() == nil {
		d.Log.Error("what is due now and then cannot be recorded", "what", name, "error", err)
	}
}

// forget removes records that have grown old, so that years of visits do not
// fill the disk.
func (d *daemon) forget(ctx context.Context, s *Settings, now time.Time) error {
	var r state.Retention
	if s.Records.Visits > 0 {
		r.Visits = now.Add(-s.Records.Visits)
	}
	if s.Records.Alerts > 0 {
		r.Alerts = now.Add(-s.Records.Alerts)
	}
	gone, err := d.Store.Forget(ctx, r, false)
	if gone.Visits+gone.Alerts > 0 {
		d.Log.Info("old records are gone", "visits", gone.Visits, "alerts", gone.Alerts)
	}
	return err
}

// Silence is called suspicious when it lasts much longer than the habit of the
// source: this many times the gap that nine in ten of its statements keep, and
// so many days at least. Sources of few statements have no habit.
const (
	silenceFactor = 4
	silenceLeast  = 3 * 24 * time.Hour
	habitLeast    = 8
	habitMost     = 50
)

// silences finds sources that are visited well and yet have named nothing new
// for much longer than usual: a listing that moved still answers.
func (d *daemon) silences(ctx context.Context, s *Settings, now time.Time) (notices []statement.Notice, plans []state.Plan, err error) {
	all, err := d.Store.Plans(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		src, known := s.byID[p.Source]
		if !known || !p.RetiredAt.IsZero() {
			continue
		}
		newest, usual, err := d.habit(ctx, p.Source)
		if err != nil {
			return nil, nil, err
		}
		silent := usual > 0 && now.Sub(newest) > max(silenceLeast, silenceFactor*usual)
		switch {
		case silent && p.SilentTold.IsZero():
			p.SilentTold = now
			notices = append(notices, statement.Notice{At: now, Subject: "Suspicious silence · " + p.Source, Text: fmt.Sprintf(
				"%s (%s) has published nothing new since %s, %d days ago. Nine in ten of its statements come within %s of the one before.\n\nIts visits go well, so its listing may have moved or may not show everything any more.\n\nAddress: %s\nTry: volteface sources test %s",
				p.Source, src.Issuer.Name, day(newest), int(now.Sub(newest)/(24*time.Hour)), roughly(usual), src.URL, p.Source)})
		case !silent && !p.SilentTold.IsZero():
			p.SilentTold = time.Time{}
		default:
			continue
		}
		plans = append(plans, p)
	}
	return notices, plans, nil
}

// habit is when the source's newest statement was published, and the gap that
// nine in ten of its latest kept; 0 where there are too few to tell.
func (d *daemon) habit(ctx context.Context, source string) (newest time.Time, usual time.Duration, err error) {
	var times []time.Time
	for st, err := range d.Store.Statements(ctx, state.Filter{Sources: []string{source}, Limit: habitMost}) {
		if err != nil {
			return newest, 0, err
		}
		at := st.Published.Time
		if at.IsZero() {
			at = st.FirstSeen
		}
		times = append(times, at)
	}
	if len(times) < habitLeast {
		return newest, 0, nil
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	gaps := make([]time.Duration, 0, len(times)-1)
	for i := range len(times) - 1 {
		gaps = append(gaps, times[i].Sub(times[i+1]))
	}
	slices.Sort(gaps)
	return times[0], max(gaps[len(gaps)*9/10], time.Hour), nil
}

func roughly(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%d h", int(d.Hours()+0.5))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
}

// allIsWell words the weekly mail: sent whether or not all is well, so that its
// absence means something.
func (d *daemon) allIsWell(ctx context.Context, s *Settings, now time.Time) (n statement.Notice, err error) {
	done, err := d.Store.Activity(ctx, now.Add(-7*24*time.Hour))
	if err != nil {
		return n, err
	}
	sum, bySource := state.Activity{}, map[string]*state.Activity{}
	for _, a := range done {
		one := bySource[a.Source]
		if one == nil {
			one = &state.Activity{Source: a.Source}
			bySource[a.Source] = one
		}
		for _, to := range []*state.Activity{&sum, one} {
			to.Visits, to.Failed, to.Requests = to.Visits+a.Visits, to.Failed+a.Failed, to.Requests+a.Requests
			to.New, to.Changed, to.Missing = to.New+a.New, to.Changed+a.Changed, to.Missing+a.Missing
		}
	}
	var faults, rows []string
	skipped, err := d.Store.Skips(ctx, now.Add(-7*24*time.Hour))
	if err != nil {
		return n, err
	}
	notMade := 0
	for _, k := range skipped {
		notMade += k.Count
	}
	statuses, err := d.Store.SourceStatuses(ctx)
	if err != nil {
		return n, err
	}
	for _, status := range statuses {
		if src, known := s.byID[status.Source]; known && status.FaultCount > 0 {
			faults = append(faults, fmt.Sprintf("- %s, since %s: %s", src.ID, day(status.FaultSince), status.Fault))
		}
	}
	for _, a := range slices.SortedFunc(maps.Values(bySource), func(a, b *state.Activity) int {
		return cmp.Or(b.New-a.New, strings.Compare(a.Source, b.Source))
	}) {
		rows = append(rows, fmt.Sprintf("- %s: %d visits (%d with a fault), %d new, %d changed, %d missing", a.Source, a.Visits, a.Failed, a.New, a.Changed, a.Missing))
	}
	const most = 200
	if len(rows) > most {
		rows = append(rows[:most], fmt.Sprintf("- and %d more", len(rows)-most))
	}
	subject := "All is well"
	if len(faults) > 0 {
		subject = fmt.Sprintf("The week: %d of %d sources have a fault", len(faults), len(s.Sources))
		faults = append([]string{"Faults:"}, append(faults, "")...)
	}
	used, free := upkeep.Used(d.Folder), freeSpace(d.Folder)
	text := fmt.Sprintf("In the seven days to %s, %d visits were made to %d of %d sources, with %d requests.\nFound: %d new, %d changed, %d missing. %d visits met a fault, %d that were due have not been made.\nDisk: %s used, %s free. Running since %s, version %s.\n\n",
		day(now), sum.Visits, len(bySource), len(s.Sources), sum.Requests, sum.New, sum.Changed, sum.Missing, sum.Failed, notMade,
		upkeep.Size(used), upkeep.Size(free), day(d.started), d.Version)
	return statement.Notice{At: now, Subject: subject, Text: text + strings.Join(append(faults, rows...), "\n")}, nil
}
