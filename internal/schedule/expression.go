package schedule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"

	"volteface/internal/statement"
)

// descriptors are the names that cron has for usual schedules.
var descriptors = []string{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every"}

// cronFields are the fields of a cron expression, and what they may be.
var cronFields = [5]struct{ name, may string }{
	{"minute", "minutes are 0 to 59"}, {"hour", "hours are 0 to 23; 0 is midnight"}, {"day of month", "days of the month are 1 to 31"},
	{"month", "months are 1 to 12, or jan to dec"}, {"day of week", "days of the week are 0 to 7, 0 and 7 for Sunday, or sun to sat"},
}

// parseCron reads a cron expression, and says of a wrong one what would be right.
func parseCron(expression string) (cron.Schedule, error) {
	wrong := func(hint, format string, args ...any) error {
		return statement.WithHint(fmt.Errorf("schedule %q: "+format, append([]any{expression}, args...)...), hint)
	}
	if strings.HasPrefix(expression, "@") {
		parsed, err := cron.ParseStandard(expression)
		if err == nil {
			return parsed, nil
		}
		word, _, _ := strings.Cut(expression, " ")
		if near := statement.Nearest(word, descriptors); near != "" && near != word {
			return nil, wrong(fmt.Sprintf("did you mean %q?", near), "there is no %s", word)
		}
		return nil, wrong("@hourly, @daily, @weekly, @monthly, or @every 90m; or "+spokenHint, "it cannot be read")
	}
	fields := strings.Fields(expression)
	if n := len(fields); n != len(cronFields) {
		if n == 6 {
			if _, err := parseCron(strings.Join(fields[1:], " ")); err == nil {
				return nil, wrong(fmt.Sprintf("there are no seconds in it: write %q", strings.Join(fields[1:], " ")), "it has 6 fields instead of 5")
			}
		}
		if n == 0 {
			return nil, wrong(spokenHint, "it is empty")
		}
		return nil, wrong(spokenHint, "it has %d fields instead of 5", n)
	}
	days, err := numberDays(fields[4])
	if err != nil {
		return nil, wrong(cronFields[4].may, "the day of week %q cannot be", fields[4])
	}
	fields[4] = days
	for i, field := range cronFields {
		alone := [5]string{"*", "*", "*", "*", "*"}
		alone[i] = fields[i]
		if _, err := cron.ParseStandard(strings.Join(alone[:], " ")); err != nil {
			return nil, wrong(field.may+"; "+spokenHint, "the %s %q cannot be", field.name, fields[i])
		}
	}
	parsed, err := cron.ParseStandard(strings.Join(fields, " "))
	if err != nil {
		return nil, wrong(spokenHint, "it cannot be read: %w", err)
	}
	return parsed, nil
}

// numberDays writes days of the week as the library reads them: Sunday is 0
// there, never 7, and a stretch does not run past Saturday.
func numberDays(field string) (string, error) {
	if strings.HasPrefix(field, "*") || field == "?" {
		return field, nil
	}
	var days uint8
	for part := range strings.SplitSeq(strings.ToLower(field), ",") {
		stretch, by, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			n, err := strconv.Atoi(by)
			if err != nil || n < 1 || n > 7 {
				return "", fmt.Errorf("a step of %q", by)
			}
			step = n
		}
		from, to, ranged := strings.Cut(stretch, "-")
		first, err := dayNumber(from)
		if err != nil {
			return "", err
		}
		last := first
		switch {
		case ranged:
			if last, err = dayNumber(to); err != nil {
				return "", err
			}
			if last < first { // fri-mon, sat-sun
				last += 7
			}
		case stepped:
			last = 6
		}
		for d := first; d <= last; d += step {
			days |= 1 << (d % 7)
		}
	}
	return cronDays(days), nil
}

func dayNumber(text string) (int, error) {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 7 {
		return n, nil
	}
	for d := range 7 {
		if days, named := dayNames[text]; named && days == 1<<d {
			return d, nil
		}
	}
	return 0, fmt.Errorf("%q is not a day of the week", text)
}
