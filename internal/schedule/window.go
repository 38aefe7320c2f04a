package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// Window is when a source may be visited, by the clocks of its time zone. The
// zero Window is always open.
type Window struct {
	days     uint8 // a bit for each day of the week, Sunday first
	from, to int   // minutes of the day; to comes before from where it runs past midnight
}

var weekdays = map[string]int{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

// ParseWindow reads days and hours: "weekdays 07-20", "mon-sat 06:30-22:00",
// "daily 22-04", "sun,fri 08-12". An empty text is always open.
func ParseWindow(text string) (Window, error) {
	bad := func(what string) (Window, error) {
		return Window{}, statement.WithHint(fmt.Errorf("window %q: %s", text, what), `write days and hours: "weekdays 07-20", "mon-sat 06:30-22:00" or "daily 22-04"`)
	}
	fields := strings.Fields(strings.ToLower(strings.ReplaceAll(text, "–", "-")))
	if len(fields) == 0 {
		return Window{}, nil
	}
	if len(fields) != 2 {
		return bad("it needs days and hours")
	}
	var w Window
	for part := range strings.SplitSeq(fields[0], ",") {
		switch part {
		case "daily":
			part = "sun-sat"
		case "weekdays":
			part = "mon-fri"
		case "weekend":
			part = "sat-sun"
		}
		first, last, isRange := strings.Cut(part, "-")
		a, known := weekdays[first]
		b, knownToo := a, known
		if isRange {
			b, knownToo = weekdays[last]
		}
		if !known || !knownToo {
			return bad(fmt.Sprintf("%q is not a day of the week", part))
		}
		for day := a; ; day = (day + 1) % 7 {
			w.days |= 1 << day
			if day == b {
				break
			}
		}
	}
	from, to, isRange := strings.Cut(fields[1], "-")
	var ok, okToo bool
	w.from, ok = minuteOfDay(from)
	w.to, okToo = minuteOfDay(to)
	if !isRange || !ok || !okToo || w.from == w.to || w.from == 24*60 {
		return bad(fmt.Sprintf("%q are not hours", fields[1]))
	}
	return w, nil
}

// minuteOfDay reads 7, 07 or 07:30; 24 is the end of the day.
func minuteOfDay(text string) (int, bool) {
	hour, minute, written := strings.Cut(text, ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m := uint64(0)
	if err == nil && written {
		m, err = strconv.ParseUint(minute, 10, 8)
	}
	n := int(h*60 + m)
	return n, err == nil && m < 60 && n <= 24*60
}

// Open tells whether the window is open at t, which is in the source's zone.
func (w Window) Open(t time.Time) bool {
	if w.days == 0 {
		return true
	}
	minute := t.Hour()*60 + t.Minute()
	if w.from < w.to {
		return w.on(t.Weekday()) && minute >= w.from && minute < w.to
	}
	return w.on(t.Weekday()) && minute >= w.from || w.on((t.Weekday()+6)%7) && minute < w.to
}

func (w Window) on(day time.Weekday) bool { return w.days&(1<<day) != 0 }

// opens is the next moment after t at which the window opens.
func (w Window) opens(t time.Time) time.Time {
	for day := range 9 {
		at := time.Date(t.Year(), t.Month(), t.Day()+day, w.from/60, w.from%60, 0, 0, t.Location())
		if at.After(t) && w.on(at.Weekday()) {
			return at
		}
	}
	return t
}
