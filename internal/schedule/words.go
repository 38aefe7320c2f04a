package schedule

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"volteface/internal/statement"
)

// Words says when a source is visited, as people would: "every 15 min, weekdays
// 07:00–20:00". The time zone is not said. A schedule that cannot be read is
// given as it is written.
func Words(src statement.Source) string {
	times, err := Parse(src.Schedule)
	if err != nil {
		return strings.TrimSpace(src.Schedule + " " + src.Window)
	}
	parts := []string{times.String()}
	if w, err := ParseWindow(src.Window); err == nil && w.days != 0 {
		parts = append(parts, w.String())
	}
	return strings.Join(parts, ", ")
}

// String says the times in words.
func (t Times) String() string {
	var said string
	if together, ok := oneList(t.any); ok {
		said = together
	} else {
		parts := make([]string, len(t.any))
		for i, s := range t.any {
			parts[i] = say(s)
		}
		said = strings.Join(parts, "; ")
	}
	if t.window.days != 0 {
		said += ", " + t.window.String()
	}
	return said
}

// String says the window in words: "weekdays 07:00–20:00"; "always" for one
// that never closes.
func (w Window) String() string {
	if w.days == 0 {
		return "always"
	}
	days := dayWords(w.days)
	if days == "" {
		days = "daily"
	}
	if w.from == 0 && w.to == 24*60 {
		return days
	}
	return fmt.Sprintf("%s %s–%s", days, clockTime(w.from), clockTime(w.to))
}

// mostTimes is how many times of a day are named one by one.
const mostTimes = 8

// oneList says schedules that name times of the same days in one list.
func oneList(all []cron.Schedule) (string, bool) {
	var times []int
	var like *cron.SpecSchedule
	for _, s := range all {
		spec, ok := s.(*cron.SpecSchedule)
		if !ok || like != nil && (spec.Dow != like.Dow || spec.Dom != like.Dom || spec.Month != like.Month) {
			return "", false
		}
		like = spec
		for _, h := range members(spec.Hour, 0, 23) {
			for _, m := range members(spec.Minute, 0, 59) {
				times = append(times, h*60+m)
			}
		}
	}
	if len(times) > mostTimes || like == nil {
		return "", false
	}
	slices.Sort(times)
	times = slices.Compact(times)
	names := make([]string, len(times))
	for i, t := range times {
		names[i] = clockTime(t)
	}
	if step := stepOf(members(like.Hour, 0, 23), 24); step > 1 && len(all) == 1 && len(members(like.Minute, 0, 59)) == 1 {
		return say(like), true
	}
	return joinParts("at "+list(names), datesOf(like)), true
}

func say(s cron.Schedule) string {
	switch s := s.(type) {
	case cron.ConstantDelaySchedule:
		return "every " + lasting(s.Delay)
	case *cron.SpecSchedule:
		return joinParts(clockOf(s), datesOf(s))
	}
	return "at times of its own"
}

func joinParts(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// clockOf says the times of day that a schedule names.
func clockOf(s *cron.SpecSchedule) string {
	minutes, hours := members(s.Minute, 0, 59), members(s.Hour, 0, 23)
	step, hourStep := stepOf(minutes, 60), stepOf(hours, 24)
	allHours := len(hours) == 24
	switch {
	case len(minutes) == 1 && allHours && minutes[0] == 0:
		return "every hour"
	case len(minutes) == 1 && allHours:
		return fmt.Sprintf("every hour at :%02d", minutes[0])
	case len(minutes) == 1 && hourStep > 1:
		return fmt.Sprintf("every %d h from %s", hourStep, clockTime(hours[0]*60+minutes[0]))
	case len(minutes) == 1 && len(hours) == 1:
		return "at " + clockTime(hours[0]*60+minutes[0])
	}
	often := "at minutes " + list(numbers(minutes))
	switch {
	case step == 1:
		often = "every min"
	case step > 1 && minutes[0] == 0:
		often = fmt.Sprintf("every %d min", step)
	case step > 1:
		often = fmt.Sprintf("every %d min from :%02d", step, minutes[0])
	case len(minutes) == 1 && minutes[0] == 0:
		often = "every hour"
	case len(minutes) == 1:
		often = fmt.Sprintf("every hour at :%02d", minutes[0])
	}
	switch {
	case allHours:
		return often
	case len(hours) == hours[len(hours)-1]-hours[0]+1:
		return fmt.Sprintf("%s from %s to %s", often, clockTime(hours[0]*60+minutes[0]), clockTime(hours[len(hours)-1]*60+minutes[len(minutes)-1]))
	case hourStep > 1:
		return fmt.Sprintf("%s of every %s hour from %02d:00", often, ordinal(hourStep), hours[0])
	}
	return often + " of the hours " + list(numbers(hours))
}

// datesOf says the days that a schedule names; "" for all. Where both days of
// the month and of the week are given, cron takes those of either.
func datesOf(s *cron.SpecSchedule) string {
	days := members(s.Dow, 0, 6)
	dates := members(s.Dom, 1, 31)
	var parts []string
	if len(dates) < 31 {
		names := make([]string, len(dates))
		for i, d := range dates {
			names[i] = ordinal(d)
		}
		parts = append(parts, "on the "+list(names))
	}
	if len(days) < 7 {
		var set uint8
		for _, d := range days {
			set |= 1 << d
		}
		parts = append(parts, dayWords(set))
	}
	said := strings.Join(parts, " or ")
	if months := members(s.Month, 1, 12); len(months) < 12 {
		names := make([]string, len(months))
		for i, m := range months {
			names[i] = time.Month(m).String()[:3]
		}
		said = joinParts(said, "in "+list(names))
	}
	return said
}

// dayWords says days of the week; "" for all.
func dayWords(days uint8) string {
	names := [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	switch days {
	case 1<<7 - 1:
		return ""
	case 0b0111110:
		return "weekdays"
	case 0b1000001:
		return "weekends"
	}
	n := bits.OnesCount8(days)
	if n > 2 {
		for first := range 7 {
			run := 0
			for run < 7 && days&(1<<((first+run)%7)) != 0 {
				run++
			}
			if run == n {
				return names[first] + "–" + names[(first+n-1)%7]
			}
		}
	}
	var said []string
	for _, d := range []int{1, 2, 3, 4, 5, 6, 0} {
		if days&(1<<d) != 0 {
			said = append(said, names[d])
		}
	}
	return list(said)
}

func members(set uint64, first, last int) (all []int) {
	for i := first; i <= last; i++ {
		if set&(1<<i) != 0 {
			all = append(all, i)
		}
	}
	return all
}

// stepOf is the even distance of numbers that go once round, such as 15 of 0,
// 15, 30, 45 within 60; 0 if there is none.
func stepOf(all []int, round int) int {
	if len(all) < 2 || round%len(all) != 0 {
		return 0
	}
	step := round / len(all)
	for i := 1; i < len(all); i++ {
		if all[i]-all[i-1] != step {
			return 0
		}
	}
	return step
}

func numbers(all []int) []string {
	names := make([]string, len(all))
	for i, n := range all {
		names[i] = strconv.Itoa(n)
	}
	return names
}

func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func ordinal(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

// lasting says a time as people do.
func lasting(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{day, "days"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.of; n > 0 {
			name := unit.name
			if n == 1 && name == "days" {
				name = "day"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
			d -= n * unit.of
		}
	}
	return strings.Join(parts, " ")
}
