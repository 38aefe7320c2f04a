package schedule

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"volteface/internal/statement"
)

func plan(t testing.TB, expression, zone, window string, jitter time.Duration) *Plan {
	t.Helper()
	p, err := NewPlan(statement.Source{ID: "mfa", Schedule: expression, Timezone: zone, Window: window}, jitter)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The clocks go forward and back in three zones, one of them by half an hour
// and one in the southern spring. A fixed time of day comes once on each day;
// what runs all day runs on evenly.
func TestClocksChange(t *testing.T) {
	for _, c := range []struct{ name, zone, expression, from, want string }{
		{"gap, fixed time", "Europe/Berlin", "30 2 * * *", "2026-03-27T12:00:00Z",
			"2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z"},
		{"gap, two times in it make one", "Europe/Berlin", "0,30 2 * * *", "2026-03-28T12:00:00Z",
			"2026-03-29T01:00:00Z 2026-03-30T00:00:00Z 2026-03-30T00:30:00Z"},
		{"gap, the moment after it is named too", "Europe/Berlin", "0 2,3 * * *", "2026-03-28T12:00:00Z",
			"2026-03-29T01:00:00Z 2026-03-30T00:00:00Z 2026-03-30T01:00:00Z"},
		{"gap, every half hour", "Europe/Berlin", "*/30 * * * *", "2026-03-29T00:00:00Z",
			"2026-03-29T00:30:00Z 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z"},
		{"repeat, fixed time", "Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z",
			"2026-10-25T00:30:00Z 2026-10-26T01:30:00Z"},
		{"repeat, asked in the second hour", "Europe/Berlin", "30 2 * * *", "2026-10-25T01:10:00Z",
			"2026-10-26T01:30:00Z"},
		{"repeat, every half hour", "Europe/Berlin", "*/30 * * * *", "2026-10-25T00:00:00Z",
			"2026-10-25T00:30:00Z 2026-10-25T01:00:00Z 2026-10-25T01:30:00Z 2026-10-25T02:00:00Z"},
		{"gap", "America/New_York", "15 2 * * *", "2026-03-07T12:00:00Z",
			"2026-03-08T07:00:00Z 2026-03-09T06:15:00Z"},
		{"repeat", "America/New_York", "30 1 * * *", "2026-10-31T12:00:00Z",
			"2026-11-01T05:30:00Z 2026-11-02T06:30:00Z"},
		{"repeat, at the moment of the change", "America/New_York", "0 1 * * *", "2026-10-31T12:00:00Z",
			"2026-11-01T05:00:00Z 2026-11-02T06:00:00Z"},
		{"gap of half an hour", "Australia/Lord_Howe", "15 2 * * *", "2026-10-02T20:00:00Z",
			"2026-10-03T15:30:00Z 2026-10-04T15:15:00Z"},
		{"repeat of half an hour", "Australia/Lord_Howe", "45 1 * * *", "2026-04-03T20:00:00Z",
			"2026-04-04T14:45:00Z 2026-04-05T15:15:00Z"},
		{"no changes", "Asia/Tehran", "30 2 * * *", "2026-03-20T12:00:00Z",
			"2026-03-20T23:00:00Z 2026-03-21T23:00:00Z"},
	} {
		t.Run(c.zone+" "+c.name, func(t *testing.T) {
			p := plan(t, c.expression, c.zone, "", -1)
			at, err := time.Parse(time.RFC3339, c.from)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for range len(c.want)/20 + 1 {
				at = p.Next(at)
				got += " " + at.Format(time.RFC3339)
			}
			if got[1:] != c.want && got[1:1+len(c.want)] != c.want {
				t.Errorf("\n got%s\nwant %s", got, c.want)
			}
		})
	}
}

// Over a year every day has its one visit at a fixed time, wherever it is; and
// the visits of one that runs every half hour are half an hour apart.
func TestEveryDayOnce(t *testing.T) {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "UTC"} {
		for _, expression := range []string{"30 2 * * *", "0 0 * * *", "59 23 * * *", "30 1 * * *"} {
			p := plan(t, expression, zone, "", -1)
			days := map[string]int{}
			for at := p.Next(begin.AddDate(0, 0, -1)); at.Before(begin.AddDate(1, 0, 0)); at = p.Next(at) {
				days[at.In(p.zone).Format(time.DateOnly)]++
			}
			if len(days) < 365 {
				t.Errorf("%s in %s: visits on %d days only", expression, zone, len(days))
			}
			for day, n := range days {
				if n != 1 {
					t.Errorf("%s in %s: %d visits on %s", expression, zone, n, day)
				}
			}
		}
		p := plan(t, "*/30 * * * *", zone, "", -1)
		for at := p.Next(begin); at.Before(begin.AddDate(1, 0, 0)); {
			next := p.Next(at)
			if next.Sub(at) != 30*time.Minute {
				t.Fatalf("%s: %s after %s", zone, next, at)
			}
			at = next
		}
	}
}

// A hundred sources of one expression do not start together, each starts at
// the same moment whoever asks and when, and none skips a turn or has two.
func TestJitter(t *testing.T) {
	begin := time.Date(2026, 6, 1, 11, 59, 0, 0, time.UTC)
	starts := map[time.Time]int{}
	for i := range 100 {
		src := statement.Source{ID: fmt.Sprintf("source-%d", i), Schedule: "@hourly", Timezone: "UTC"}
		p, err := NewPlan(src, 0)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := NewPlan(src, 0)
		first := p.Next(begin)
		starts[first.Truncate(time.Minute)]++
		if other := again.Next(begin); other != first {
			t.Fatalf("%s and %s for the same source", first, other)
		}
		hour := first.Truncate(time.Hour)
		if late := first.Sub(hour); late >= maxJitter {
			t.Errorf("%s is %s late", src.ID, late)
		}
		for at := begin; at.Before(first); at = at.Add(7 * time.Second) {
			if next := p.Next(at); next != first {
				t.Fatalf("asked at %s it is %s, not %s", at, next, first)
			}
		}
		if second := p.Next(first); second != first.Add(time.Hour) {
			t.Errorf("%s follows %s", second, first)
		}
	}
	if len(starts) < 10 {
		t.Errorf("the visits start in %d minutes only", len(starts))
	}
	for minute, n := range starts {
		if n > 25 {
			t.Errorf("%d visits start at %s", n, minute)
		}
	}
}

func TestWindow(t *testing.T) {
	p := plan(t, "0 * * * *", "Europe/Moscow", "weekdays 07–20", -1)
	at := time.Date(2026, 6, 5, 15, 30, 0, 0, time.UTC) // a Friday, 18:30 in Moscow
	for _, want := range []string{"2026-06-05T16:00:00Z", "2026-06-08T04:00:00Z", "2026-06-08T05:00:00Z"} {
		if at = p.Next(at); at.Format(time.RFC3339) != want {
			t.Fatalf("got %s, want %s", at, want)
		}
	}
	night := plan(t, "30 * * * *", "UTC", "fri 22-02", -1)
	at = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, want := range []string{"2026-06-05T22:30:00Z", "2026-06-05T23:30:00Z", "2026-06-06T00:30:00Z", "2026-06-06T01:30:00Z", "2026-06-12T22:30:00Z"} {
		if at = night.Next(at); at.Format(time.RFC3339) != want {
			t.Fatalf("got %s, want %s", at, want)
		}
	}
	if never := plan(t, "0 3 * * *", "UTC", "daily 07-20", -1).Next(at); !never.IsZero() {
		t.Errorf("03:00 is outside the window, and yet %s", never)
	}
	for _, bad := range []string{"every 5 min", "someday 07-20", "mon 7", "mon 20-20", "mon 25-26", "mon 7:99-8", "mon-xyz 1-2", "mon -1-5", "a b c"} {
		if _, err := ParseWindow(bad); err == nil || statement.HintOf(err) == "" {
			t.Errorf("ParseWindow(%q): %v", bad, err)
		}
	}
}

func TestMissed(t *testing.T) {
	p := plan(t, "0 * * * *", "UTC", "weekdays 07-20", -1)
	friday := time.Date(2026, 6, 5, 18, 0, 0, 0, time.UTC)
	n, first, last := p.Missed(friday, friday.Add(64*time.Hour)) // until 10:00 on Monday
	if want := friday.Add(time.Hour); n != 4 || first != want || last != friday.Add(63*time.Hour) {
		t.Errorf("%d from %s to %s", n, first, last)
	}
	if n, _, _ := p.Missed(friday, friday.Add(time.Hour)); n != 0 {
		t.Errorf("%d before the next moment", n)
	}
	if n, _, _ := plan(t, "* * * * *", "UTC", "", -1).Missed(time.Unix(1, 0), friday); n != mostMissed {
		t.Errorf("%d in half a century", n)
	}
}

func TestNeverDue(t *testing.T) {
	if next := plan(t, "0 0 30 2 *", "Europe/Berlin", "", 0).Next(time.Now()); !next.IsZero() {
		t.Errorf("30 February comes at %s", next)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add("30 2 * * *", "Europe/Berlin", "weekdays 07-20", int64(1774746000))
	f.Add("@every 90m", "America/New_York", "", int64(0))
	f.Fuzz(func(t *testing.T, expression, zone, window string, unix int64) {
		if unix < 0 || unix > 1<<32 {
			return
		}
		p, err := NewPlan(statement.Source{ID: "x", Schedule: expression, Timezone: zone, Window: window}, 0)
		if err != nil {
			return
		}
		at := time.Unix(unix, 0)
		if next := p.Next(at); !next.IsZero() && !next.After(at) {
			t.Errorf("%q in %s: %s does not come after %s", expression, zone, next, at)
		}
	})
}

// A visit that was planned while the clock was ahead is told from one that the
// schedule names; one of a moment's difference is not.
func TestTooLate(t *testing.T) {
	now := time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)
	for _, expression := range []string{"*/30 * * * *", "@hourly", "30 2 * * *", "0 8 * * 1", "0 0 1 1 *", "@every 90m"} {
		p := plan(t, expression, "UTC", "", -1)
		for ahead, want := range map[time.Duration]bool{0: false, time.Minute: false, 2 * 366 * 24 * time.Hour: true} {
			if got := p.TooLate(p.Next(now.Add(ahead)), now); got != want {
				t.Errorf("%s, the clock %s ahead: %v", expression, ahead, got)
			}
		}
	}
	if p := plan(t, "@hourly", "UTC", "", -1); !p.TooLate(p.Next(now.Add(3*time.Hour)), now) {
		t.Error("three hours ahead are not noticed")
	}
}

// The age of what was first seen in the future is unknown: neither is its page
// asked for every few minutes until then, nor never again.
func TestFirstSeenInTheFuture(t *testing.T) {
	now := time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)
	for name, l := range map[string]Ladder{"default": nil, "short": {{statement.Duration(time.Hour), statement.Duration(time.Minute)}}} {
		next := l.Next(now.AddDate(1, 0, 0), now)
		if next.IsZero() || next.Sub(now) > 24*time.Hour || name == "default" && next.Sub(now) < time.Hour {
			t.Errorf("%s: next look %s", name, next)
		}
	}
	if longest := (Ladder{}).Longest(); longest != 30*24*time.Hour {
		t.Errorf("the longest wait of the default ladder is %s", longest)
	}
}
