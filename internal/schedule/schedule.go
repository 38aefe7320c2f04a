// Package schedule turns cron expressions into visits and the age of a
// statement into its next look.
package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"volteface/internal/statement"
)

// Parse reads a cron expression of five fields, or a descriptor such as
// @hourly, and refuses a time zone inside it: zones belong to the source.
func Parse(expression string) (cron.Schedule, error) {
	const hint = `write minute, hour, day of month, month, day of week: "*/30 * * * *" is every half hour`
	expression = strings.TrimSpace(expression)
	if strings.Contains(expression, "TZ=") { // the library panics on "TZ=" alone
		return nil, statement.WithHint(fmt.Errorf("cron expression %q names a time zone", expression), "set the timezone of the source instead")
	}
	parsed, err := cron.ParseStandard(expression)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("cron expression %q: %w", expression, err), hint)
	}
	return parsed, nil
}

// step says how often a page is looked at again while it is younger than age.
type step struct {
	age   time.Duration
	every time.Duration
}

const day = 24 * time.Hour

// ladder is how silent edits are caught: often while a statement is fresh, and
// ever more rarely for a year.
var ladder = []step{
	{3 * time.Hour, 15 * time.Minute},
	{day, time.Hour},
	{7 * day, 6 * time.Hour},
	{30 * day, day},
	{365 * day, 30 * day},
}

// NextCheck is when a statement first seen at firstSeen and looked at now is
// due for another look; the zero time when it is too old for any.
func NextCheck(firstSeen, now time.Time) time.Time {
	age := now.Sub(firstSeen)
	for _, s := range ladder {
		if age < s.age {
			return now.Add(s.every)
		}
	}
	return time.Time{}
}

// Retry is how long to wait after the n-th failure in a row to read a page
// that a listing named: a quarter of an hour, doubled each time, a day at most.
func Retry(n int) time.Duration {
	wait := 15 * time.Minute
	for range min(n-1, 7) {
		wait *= 2
	}
	return min(wait, day)
}
