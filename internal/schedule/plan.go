package schedule

import (
	"hash/fnv"
	"iter"
	"time"

	"github.com/robfig/cron/v3"

	"volteface/internal/statement"
)

// maxJitter is the longest that a visit is put off so that sources with the
// same expression do not all start at once.
const maxJitter = 10 * time.Minute

// Plan says when a source is visited.
type Plan struct {
	times  Times
	zone   *time.Location
	window Window
	id     string
	spread time.Duration
}

// NewPlan reads the schedule, time zone and window of a source. spread bounds
// the jitter; 0 is ten minutes, less than 0 none.
func NewPlan(src statement.Source, spread time.Duration) (*Plan, error) {
	parsed, err := Parse(src.Schedule)
	if err != nil {
		return nil, err
	}
	window, err := ParseWindow(src.Window)
	if err != nil {
		return nil, err
	}
	if spread == 0 {
		spread = maxJitter
	}
	return &Plan{times: parsed, zone: src.Location(), window: window, id: src.ID, spread: max(0, spread)}, nil
}

// Next is the first visit after t; the zero time if there is none within five
// years, as for 30 February, or for an expression and a window that never meet.
//
// A time of day that a change to daylight saving time leaves out is made up for
// right after the gap, and one that the change back repeats counts once. What
// runs in every hour runs on evenly through both, by the time that passes.
func (p *Plan) Next(t time.Time) time.Time {
	for visit := range p.after(t) {
		return visit
	}
	return time.Time{}
}

// after gives every visit after t, in order.
func (p *Plan) after(t time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		// A visit after t may belong to a moment up to the whole jitter before.
		moment := p.moment(t.Add(-p.spread))
		for !moment.IsZero() {
			following := p.moment(moment)
			if visit := moment.Add(p.jitter(moment, following)); visit.After(t) && !yield(visit) {
				return
			}
			moment = following
		}
	}
}

// TooLate reports whether a visit is planned for later than the schedule allows
// now: while the clock was ahead, or by a longer jitter.
func (p *Plan) TooLate(visit, now time.Time) bool {
	latest := p.Next(now.Add(p.spread + statement.ClockSlack))
	return !latest.IsZero() && visit.After(latest)
}

// Upcoming lists the next n visits after t.
func (p *Plan) Upcoming(t time.Time, n int) []time.Time {
	var visits []time.Time
	for visit := range p.after(t) {
		if len(visits) == n {
			break
		}
		visits = append(visits, visit)
	}
	return visits
}

// mostMissed bounds what Missed counts: a visit every minute for a week.
const mostMissed = 7 * 24 * 60

// Missed counts the visits after one moment and before another, mostMissed at
// most, and gives the first and the last of them.
func (p *Plan) Missed(after, before time.Time) (n int, first, last time.Time) {
	for visit := range p.after(after) {
		if !visit.Before(before) || n == mostMissed {
			break
		}
		if n++; n == 1 {
			first = visit
		}
		last = visit
	}
	return n, first, last
}

// Open tells whether the window of the source, and that of its schedule, if it
// has any, are open at t.
func (p *Plan) Open(t time.Time) bool {
	t = t.In(p.zone)
	return p.window.Open(t) && p.times.window.Open(t)
}

// jitter is the same for a source and its expression at every start: a share,
// taken from the name, of a quarter of the time to the following moment, ten
// minutes at most, in whole seconds.
func (p *Plan) jitter(moment, following time.Time) time.Duration {
	within := p.spread
	if !following.IsZero() {
		within = min(within, following.Sub(moment)/4)
	}
	seconds := uint64(within / time.Second)
	if seconds == 0 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.id)) // a hash never fails
	return time.Duration(spreadBits(h.Sum64())%seconds) * time.Second
}

// spreadBits makes names that differ in one letter land far apart: FNV alone
// leaves its low bits close (the finaliser of SplitMix64, Steele et al. 2014).
func spreadBits(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// moment is the first moment after t that expression and window name.
func (p *Plan) moment(t time.Time) time.Time {
	limit := t.AddDate(5, 0, 0)
	for {
		t = p.occurrence(t)
		if t.IsZero() || t.After(limit) {
			return time.Time{}
		}
		if p.Open(t) {
			return t
		}
		for _, w := range []Window{p.window, p.times.window} {
			if w.Open(t.In(p.zone)) {
				continue
			}
			if opens := w.opens(t.In(p.zone)); opens.After(t) {
				t = opens.Add(-time.Second)
			}
			break
		}
	}
}

// occurrence is the first moment after t that the schedule names; the zero time
// if there is none.
func (p *Plan) occurrence(t time.Time) (first time.Time) {
	for _, s := range p.times.any {
		if at := p.occurrenceOf(s, t); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// occurrenceOf is the first moment after t that one expression names. The
// library is only ever asked about UTC, whose clocks are never changed: the
// zone is taken apart into stretches of one offset each, and the wall clock of
// each is read as if it were UTC.
func (p *Plan) occurrenceOf(s cron.Schedule, t time.Time) time.Time {
	if every, ok := s.(cron.ConstantDelaySchedule); ok { // counted from 1970, so that a restart moves nothing
		step := int64(every.Delay / time.Second)
		return time.Unix((t.Unix()/step+1)*step, 0).UTC()
	}
	hourly := everyHour(s)
	start, end := t.In(p.zone).ZoneBounds()
	from := wall(t, t, p.zone)
	for range 40 { // changes of the clocks; an expression that names no day for 20 years names none
		if !hourly && !start.IsZero() {
			// What the clock showed before it was set back does not count again.
			if shown := wall(start, start.Add(-time.Second), p.zone).Add(-time.Second); from.Before(shown) {
				from = shown
			}
		}
		next := s.Next(from)
		if next.IsZero() {
			return next
		}
		at := next.Add(-offset(t, p.zone))
		if end.IsZero() || at.Before(end) {
			return at.UTC()
		}
		// The clocks change first. What they leave out is made up for at once.
		if !hourly && next.Before(wall(end, end, p.zone)) {
			return end.UTC()
		}
		t = end
		from = wall(t, t, p.zone).Add(-time.Second)
		start, end = t.In(p.zone).ZoneBounds()
	}
	return time.Time{}
}

// everyHour tells whether an expression names every hour of the day.
func everyHour(s cron.Schedule) bool {
	const all = 1<<24 - 1
	spec, ok := s.(*cron.SpecSchedule)
	return ok && spec.Hour&all == all
}

// wall is what the clocks of the zone show at t, as if it were UTC, by the
// offset in force at another moment.
func wall(t, by time.Time, zone *time.Location) time.Time { return t.UTC().Add(offset(by, zone)) }

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
