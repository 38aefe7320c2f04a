package alert

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"volteface/internal/statement"
)

// cadence is when the digests of a rule are sent; the zero one is immediately.
type cadence struct {
	every        string // hourly, daily, weekly
	weekday      time.Weekday
	hour, minute int
}

// parseDigest reads "hourly", "daily 08:00" or "weekly Mon 08:00".
func parseDigest(text string) (c cadence, err error) {
	bad := func() (cadence, error) {
		return cadence{}, statement.WithHint(fmt.Errorf("digest: %q", text), "write immediately, hourly, daily 08:00 or weekly Mon 08:00")
	}
	parts := strings.Fields(text)
	switch {
	case len(parts) == 0 || text == "immediately":
		return cadence{}, nil
	case len(parts) == 1 && parts[0] == "hourly":
		return cadence{every: "hourly"}, nil
	case len(parts) == 2 && parts[0] == "daily":
	case len(parts) == 3 && parts[0] == "weekly":
		day := time.Sunday
		for ; day <= time.Saturday; day++ {
			if name := day.String(); strings.EqualFold(parts[1], name) || strings.EqualFold(parts[1], name[:3]) {
				break
			}
		}
		if day > time.Saturday {
			return bad()
		}
		c.weekday = day
	default:
		return bad()
	}
	c.every = parts[0]
	if c.hour, c.minute, err = clockTime(parts[len(parts)-1]); err != nil {
		return bad()
	}
	return c, nil
}

func clockTime(text string) (hour, minute int, err error) {
	t, err := time.Parse("15:04", text)
	return t.Hour(), t.Minute(), err
}

// next is the moment of the next digest after t. A time of day that the zone
// skips, at the change to summer time, is an hour later on that day.
func (c cadence) next(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	if c.every == "hourly" {
		return t.Truncate(time.Hour).Add(time.Hour).UTC()
	}
	for days := 0; ; days++ {
		at := time.Date(t.Year(), t.Month(), t.Day()+days, c.hour, c.minute, 0, 0, zone)
		if at.After(t) && (c.every == "daily" || at.Weekday() == c.weekday) {
			return at.UTC()
		}
	}
}

// quietHours are a stretch of the day, in minutes; it may go past midnight.
type quietHours struct{ from, to int }

// parseQuiet reads "22:00-07:00"; nothing is no quiet hours.
func parseQuiet(text string) (q quietHours, err error) {
	if text == "" {
		return q, nil
	}
	from, to, _ := strings.Cut(text, "-")
	minute := func(part string) int {
		hour, minute, bad := clockTime(strings.TrimSpace(part))
		err = errors.Join(err, bad)
		return 60*hour + minute
	}
	q.from, q.to = minute(from), minute(to)
	if err != nil || q.from == q.to {
		return quietHours{}, statement.WithHint(fmt.Errorf("quiet: %q", text), "write 22:00-07:00")
	}
	return q, nil
}

// until is the end of the quiet hours that t falls into, or t itself.
func (q quietHours) until(t time.Time, zone *time.Location) time.Time {
	if q == (quietHours{}) {
		return t
	}
	local := t.In(zone)
	minute := 60*local.Hour() + local.Minute()
	end := func(days int) time.Time {
		return time.Date(local.Year(), local.Month(), local.Day()+days, q.to/60, q.to%60, 0, 0, zone).UTC()
	}
	switch {
	case q.from < q.to && minute >= q.from && minute < q.to:
		return end(0)
	case q.from > q.to && minute >= q.from:
		return end(1)
	case q.from > q.to && minute < q.to:
		return end(0)
	}
	return t
}
