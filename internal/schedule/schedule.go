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

// Times is what a schedule names: moments by the clocks of a time zone, and only
// while its window is open, if it has one.
type Times struct {
	any    []cron.Schedule // a moment of any of them
	window Window
}

// Parse reads a schedule: words ("every 15 min", "every 2 hours, weekdays
// 7–20", "at 7:30 and 19:00 on Mon-Fri"), a cron expression of five fields, in
// which Sunday is 0 or 7, or a descriptor such as @hourly. It refuses a time
// zone inside it: zones belong to the source.
func Parse(expression string) (Times, error) {
	expression = strings.TrimSpace(expression)
	if strings.Contains(expression, "TZ=") { // the library panics on "TZ=" alone
		return Times{}, statement.WithHint(fmt.Errorf("schedule %q names a time zone", expression), "set the timezone of the source instead")
	}
	if isSpoken(expression) {
		return spoken(expression)
	}
	parsed, err := parseCron(expression)
	return Times{any: []cron.Schedule{parsed}}, err
}

// Step says how often a page is looked at again while it is younger than Until.
type Step struct {
	Until statement.Duration `yaml:"until" json:"until" jsonschema_description:"age of the statement up to which this step holds, since it was first seen"`
	Every statement.Duration `yaml:"every" json:"every" jsonschema_description:"time between two looks"`
}

// Ladder is how silent edits are caught: the steps by rising age. The empty
// Ladder is DefaultLadder.
type Ladder []Step

const day = 24 * time.Hour

// DefaultLadder looks often while a statement is fresh, and ever more rarely
// for a year.
var DefaultLadder = Ladder{
	{statement.Duration(3 * time.Hour), statement.Duration(15 * time.Minute)},
	{statement.Duration(day), statement.Duration(time.Hour)},
	{statement.Duration(7 * day), statement.Duration(6 * time.Hour)},
	{statement.Duration(30 * day), statement.Duration(day)},
	{statement.Duration(365 * day), statement.Duration(30 * day)},
}

// Validate checks that the ages rise and that no page is asked for more often
// than once a minute.
func (l Ladder) Validate() error {
	for i, s := range l {
		if time.Duration(s.Every) < time.Minute {
			return statement.WithHint(fmt.Errorf("a look every %s", time.Duration(s.Every)), "a minute is the shortest; 15m is usual for the first hours")
		}
		if s.Until <= 0 || i > 0 && s.Until <= l[i-1].Until {
			return statement.WithHint(fmt.Errorf("step %d ends at an age of %s", i+1, time.Duration(s.Until)), "let each step end later than the one before it")
		}
	}
	return nil
}

// Longest is the longest time between two looks.
func (l Ladder) Longest() (longest time.Duration) {
	if len(l) == 0 {
		l = DefaultLadder
	}
	for _, s := range l {
		longest = max(longest, time.Duration(s.Every))
	}
	return longest
}

// Next is when a statement first seen at firstSeen and looked at now is due
// for another look; the zero time when it is too old for any. One that was first
// seen more than a day from now, while the clock was ahead, has an age that
// nobody knows: it is looked at as one of a day.
func (l Ladder) Next(firstSeen, now time.Time) time.Time {
	if len(l) == 0 {
		l = DefaultLadder
	}
	age := now.Sub(firstSeen)
	if age < -day {
		age = min(day, time.Duration(l[len(l)-1].Until)-1)
	}
	for _, s := range l {
		if age < time.Duration(s.Until) {
			return now.Add(time.Duration(s.Every))
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
