package schedule

import (
	"testing"
	"time"

	"volteface/internal/statement"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in string
		ok bool
	}{
		{"*/30 * * * *", true}, {" 5 7-20 * * 1-5 ", true}, {"@hourly", true},
		{"", false}, {"61 * * * *", false}, {"* * * *", false}, {"TZ=", false},
		{"CRON_TZ=Europe/Moscow 0 9 * * *", false}, {"every huor", false},
	} {
		_, err := Parse(c.in)
		if (err == nil) != c.ok {
			t.Errorf("Parse(%q): %v", c.in, err)
		}
		if err != nil && statement.HintOf(err) == "" {
			t.Errorf("Parse(%q) gives no hint", c.in)
		}
		if err == nil && plan(t, c.in, "UTC", "", -1).Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			t.Errorf("Parse(%q) never comes", c.in)
		}
	}
}

func TestNextCheckGrowsRarer(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ age, want time.Duration }{
		{0, 15 * time.Minute}, {2*time.Hour + 59*time.Minute, 15 * time.Minute}, {3 * time.Hour, time.Hour},
		{23 * time.Hour, time.Hour}, {day, 6 * time.Hour}, {8 * day, day}, {31 * day, 30 * day}, {-time.Hour, 15 * time.Minute},
	} {
		now := seen.Add(c.age)
		if got := Ladder(nil).Next(seen, now).Sub(now); got != c.want {
			t.Errorf("at age %s the next look is after %s, want %s", c.age, got, c.want)
		}
	}
	if next := Ladder(nil).Next(seen, seen.Add(366*day)); !next.IsZero() {
		t.Errorf("a statement older than a year is still due at %s", next)
	}
}

func TestRetryIsBounded(t *testing.T) {
	for n, want := range map[int]time.Duration{1: 15 * time.Minute, 2: 30 * time.Minute, 4: 2 * time.Hour, 7: 16 * time.Hour, 8: day, 1000: day} {
		if got := Retry(n); got != want {
			t.Errorf("Retry(%d) = %s, want %s", n, got, want)
		}
	}
}
