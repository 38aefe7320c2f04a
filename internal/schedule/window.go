package schedule

import (
	"errors"
	"fmt"
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

// ParseWindow reads days and hours: "weekdays 07-20", "Mon-Sat 06:30–22:00",
// "daily 22-04", "Sun, Fri from 8 to 12"; days may be numbers as in cron, 0 and 7
// for Sunday. Days alone are whole days, hours alone those of every day. An empty
// text is always open.
func ParseWindow(text string) (Window, error) {
	if strings.TrimSpace(text) == "" {
		return Window{}, nil
	}
	read := func(text string) (Window, error) {
		p, err := readPhrase(text, true)
		switch {
		case err != nil:
			return Window{}, err
		case p.Duration != 0 || len(p.at) > 0:
			return Window{}, errors.New("how often and at what time belong into schedule")
		case p.days == 0 && !p.hours:
			return Window{}, errors.New("it needs days or hours")
		}
		return p.window(), nil
	}
	w, err := read(text)
	if err == nil {
		return w, nil
	}
	hint := `write days and hours: "weekdays 07-20", "Mon-Sat 06:30-22:00" or "daily 22-04"`
	if better := corrected(text, func(text string) bool { _, err := read(text); return err == nil }); better != "" {
		hint = fmt.Sprintf("did you mean %q?", better)
	}
	return Window{}, statement.WithHint(fmt.Errorf("window %q: %w", text, err), hint)
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
