// Package wire is how what is kept looks to programs: the records that commands print with --json and that the API answers with. Their
// fields are those of docs/json.md and stay as they are within a major version: new ones may join, none is renamed or removed.
package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"volteface/internal/statement"
)

// Moment is a time as programs read it: RFC 3339 in UTC, "" for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Span is a stretch of a text in bytes, the end excluded.
type Span = [2]int

// ParseMoment reads a moment as people write it: a date, RFC 3339, or an age such as 48h or 30d, counted back from now. The zero time is
// of no text.
func ParseMoment(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		if _, err := fmt.Sscanf(days, "%d", &n); err == nil && n >= 0 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, statement.WithHint(fmt.Errorf("%q is neither a date nor an age", text), "write 2022-11-05, 48h or 30d")
}

// ParseEnd reads a moment that lies ahead, as people write it: a date (its beginning, UTC), RFC 3339, or how long from now, 90m, 8h or 3d.
// The zero time is of no text.
func ParseEnd(text string, now time.Time) (time.Time, error) {
	const hint = "write 2026-11-05, 2026-11-05T08:00:00Z, 8h or 3d"
	if text == "" {
		return time.Time{}, nil
	}
	end := time.Time{}
	if d, err := time.ParseDuration(text); err == nil {
		end = now.Add(d)
	} else if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n <= longestDays {
			end = now.AddDate(0, 0, n)
		}
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			end = t.UTC()
		}
	}
	switch {
	case end.IsZero():
		return end, statement.WithHint(fmt.Errorf("%q is not a moment", text), hint)
	case !end.After(now):
		return end, statement.WithHint(fmt.Errorf("%q is in the past", text), hint)
	}
	return end, nil
}

// longestDays is how far ahead an end given in days may lie: a century.
const longestDays = 36_525
