package schedule

import (
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
)

// What people say, and cron, is read and said back; the first visits after
// Saturday 6 June 2026, 12:00, show that it is meant so.
func TestSchedulesAsPeopleSayThem(t *testing.T) {
	from := time.Date(2026, 6, 6, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ said, back, next string }{
		{"every 15 min", "every 15 min", "06-06T12:15 06-06T12:30"},
		{"every quarter of an hour", "every 15 min", "06-06T12:15 06-06T12:30"},
		{"every half hour", "every 30 min", "06-06T12:30 06-06T13:00"},
		{"every 15min, weekdays 7–20", "every 15 min, weekdays 07:00–20:00", "06-08T07:00 06-08T07:15"},
		{"weekdays 7–20", "every 30 min, weekdays 07:00–20:00", "06-08T07:00 06-08T07:30"},
		{"weekdays from 7 to 20 every 2 hours", "every 2 h from 00:00, weekdays 07:00–20:00", "06-08T08:00 06-08T10:00"},
		{"every hour between 9 am and 5 pm on Mon, Wed and Fri", "every hour, Mon, Wed and Fri 09:00–17:00", "06-08T09:00 06-08T10:00"},
		{"hourly", "every hour", "06-06T13:00 06-06T14:00"},
		{"every 45 min", "every 45 min", "06-06T12:45 06-06T13:30"},
		{"every two hours", "every 2 h from 00:00", "06-06T14:00 06-06T16:00"},
		{"every 90 minutes", "every 1 h 30 min", "06-06T13:30 06-06T15:00"},
		{"at 7:30 and 19:00", "at 07:30 and 19:00", "06-06T19:00 06-07T07:30"},
		{"daily at 7", "at 07:00", "06-07T07:00 06-08T07:00"},
		{"every day at noon", "at 12:00", "06-07T12:00 06-08T12:00"},
		{"on weekdays at 7.30", "at 07:30, weekdays", "06-08T07:30 06-09T07:30"},
		{"every Sunday at 7 pm", "at 19:00, Sun", "06-07T19:00 06-14T19:00"},
		{"Fri - Mon at 12 pm, midnight", "at 00:00 and 12:00, Fri–Mon", "06-07T00:00 06-07T12:00"},
		{"weekends at 8", "at 08:00, weekends", "06-07T08:00 06-13T08:00"},
		{"22-4", "every 30 min, daily 22:00–04:00", "06-06T22:00 06-06T22:30"},
		{"0 7 * * 7", "at 07:00, Sun", "06-07T07:00 06-14T07:00"},
		{"0 7 * * 5-7", "at 07:00, Fri–Sun", "06-07T07:00 06-12T07:00"},
		{"0 7 * * 0-7", "at 07:00", "06-07T07:00 06-08T07:00"},
		{"0 7 * * sat-mon", "at 07:00, Sat–Mon", "06-07T07:00 06-08T07:00"},
		{"0 7 * * Mon,7", "at 07:00, Mon and Sun", "06-07T07:00 06-08T07:00"},
		{"0 7 * * 1-7/2", "at 07:00, Mon, Wed, Fri and Sun", "06-07T07:00 06-08T07:00"},
		{"0 0 13 * 5", "at 00:00, on the 13th or Fri", "06-12T00:00 06-13T00:00"},
		{"0 12 1 1,7 *", "at 12:00, on the 1st, in Jan and Jul", "07-01T12:00 01-01T12:00"},
		{"*/15 7-19 * * 1-5", "every 15 min from 07:00 to 19:45, weekdays", "06-08T07:00 06-08T07:15"},
		{"7-59/15 * * * *", "every 15 min from :07", "06-06T12:07 06-06T12:22"},
		{"5 * * * *", "every hour at :05", "06-06T12:05 06-06T13:05"},
		{"@hourly", "every hour", "06-06T13:00 06-06T14:00"},
		{"@every 90m", "every 1 h 30 min", "06-06T13:30 06-06T15:00"},
		{"0,20,50 8,9 * * *", "at 08:00, 08:20, 08:50, 09:00, 09:20 and 09:50", "06-07T08:00 06-07T08:20"},
	} {
		times, err := Parse(c.said)
		if err != nil {
			t.Errorf("%q: %v", c.said, err)
			continue
		}
		if got := times.String(); got != c.back {
			t.Errorf("%q is said back as %q, want %q", c.said, got, c.back)
		}
		p := plan(t, c.said, "UTC", "", -1)
		first := p.Next(from)
		if got := first.Format("01-02T15:04") + " " + p.Next(first).Format("01-02T15:04"); got != c.next {
			t.Errorf("%q: %s, want %s", c.said, got, c.next)
		}
	}
}

// A wrong one is told with what would be right.
func TestWrongSchedules(t *testing.T) {
	for _, c := range []struct{ said, what, hint string }{
		{"evry 15 min", `"evry" is not understood`, `did you mean "every 15 min"?`},
		{"every 15 mintues, weekdys 7-20", "mintues", `did you mean "every 15 minutes, weekdays 7-20"?`},
		{"wekdays 7–20", "wekdays", `did you mean "weekdays 7-20"?`},
		{"every 30 seconds", "a minute is the shortest", "every 15 min"},
		{"every 90 seconds", "whole minutes", "every 15 min"},
		{"every 0 min", "too little", "every 15 min"},
		{"every 15", "15 of what", "every 15 min"},
		{"every", "nothing alone", "every 15 min"},
		{"weekdays", "how often", "every 15 min"},
		{"at 25:00", "not a time of day", "at 7:30"},
		{"every hour at 7", "both how often and at what time", "at 7:30"},
		{"every hour every 2 hours", "twice how often", "every 15 min"},
		{"7", "from then until when", "at 7:30"},
		{"at", "a time of day is missing", "at 7:30"},
		{"0 */30 * * * *", "6 fields", `write "*/30 * * * *"`},
		{"* * * *", "4 fields", "day of month"},
		{"60 * * * *", `the minute "60" cannot be`, "0 to 59"},
		{"0 24 * * *", `the hour "24" cannot be`, "0 is midnight"},
		{"0 0 32 * *", `the day of month "32" cannot be`, "1 to 31"},
		{"0 0 * 13 *", `the month "13" cannot be`, "jan to dec"},
		{"0 0 * * 8", `the day of week "8" cannot be`, "0 and 7 for Sunday"},
		{"0 0 * * 1-9", `the day of week "1-9" cannot be`, "0 and 7 for Sunday"},
		{"@houlry", "there is no @houlry", `did you mean "@hourly"?`},
		{"", "empty", "every 15 min"},
	} {
		_, err := Parse(c.said)
		if err == nil || !strings.Contains(err.Error(), c.what) || !strings.Contains(statement.HintOf(err), c.hint) {
			t.Errorf("%q: %v (%s), want %s (%s)", c.said, err, statement.HintOf(err), c.what, c.hint)
		}
	}
	for said, hint := range map[string]string{"wekdays 7-20": `did you mean "weekdays 7-20"?`, "mon-fry 7-20": `did you mean "mon-fri 7-20"?`, "weekdays 7-25": "weekdays 07-20", "every 15 min weekdays": "weekdays 07-20"} {
		if _, err := ParseWindow(said); err == nil || !strings.Contains(statement.HintOf(err), hint) {
			t.Errorf("window %q: %v (%s)", said, err, statement.HintOf(err))
		}
	}
}

func TestWindowsAsPeopleSayThem(t *testing.T) {
	for said, back := range map[string]string{
		"weekdays 7–20": "weekdays 07:00–20:00", "Mon-Sat 06:30-22:00": "Mon–Sat 06:30–22:00", "daily 22-04": "daily 22:00–04:00", "sun,fri 08-12": "Fri and Sun 08:00–12:00",
		"weekdays from 7 to 20": "weekdays 07:00–20:00", "Monday to Friday, between 7 am and 8 pm": "weekdays 07:00–20:00", "7 – 20": "daily 07:00–20:00", "weekdays": "weekdays",
		"7 8-12": "Sun 08:00–12:00", "1-5 7-20": "weekdays 07:00–20:00", "1,3,7 7-20": "Mon, Wed and Sun 07:00–20:00", "5-7 8-12": "Fri–Sun 08:00–12:00", "0 8-12": "Sun 08:00–12:00",
		"daily 0-24": "always", "": "always", "weekend 7.30-noon": "weekends 07:30–12:00",
	} {
		w, err := ParseWindow(said)
		if err != nil || w.String() != back {
			t.Errorf("window %q is said back as %q, want %q (%v)", said, w, back, err)
		}
	}
	if got := Words(statement.Source{Schedule: "every 20 min", Window: "1-5 7-20"}); got != "every 20 min, weekdays 07:00–20:00" {
		t.Errorf("said as %q", got)
	}
}

// Whatever is written, it is read or refused with a hint, and what is read is
// said.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"every 15 min, weekdays 7–20", "at 7:30 and 19:00 on Mon-Fri", "0 7 * * 5-7", "@every 90m", "between 7 and 20", "1-7/2", "every half hour"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		times, err := Parse(text)
		if err == nil && times.String() == "" || err != nil && statement.HintOf(err) == "" {
			t.Errorf("%q: %q, %v", text, times, err)
		}
		if w, err := ParseWindow(text); err == nil && w.String() == "" || err != nil && statement.HintOf(err) == "" {
			t.Errorf("window %q: %q, %v", text, w, err)
		}
	})
}
