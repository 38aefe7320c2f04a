package statement

import "time"

// How moments and days are written for people is decided here, and nowhere else.
//
// A date that a page shows is written by the page's own clock, so that its day is
// the day that the page shows: an instant in UTC would move the morning of the
// 15th in Tehran, and every day shown without a time east of Greenwich, to the
// 14th. What the program itself did or saw is written in UTC, which it says.

// The layouts for people. Machines read RFC 3339.
const (
	dayLayout    = "2 January 2006"
	momentLayout = "2 January 2006, 15:04 UTC"
)

// Instant is the moment that a date is ordered by: that which is shown, or
// midnight UTC of a day shown without a time. Every store gives it back as it
// was, and its day in UTC is the day shown.
func (d Date) Instant() time.Time {
	if d.Time.IsZero() || d.HasTime {
		return d.Time
	}
	year, month, day := d.Time.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Day is the day shown, in words: "20 November 2026"; the raw string where it
// could not be read.
func (d Date) Day() string { return d.as(dayLayout) }

// ShortDay is Day with a short month, for narrow places: "20 Nov 2026".
func (d Date) ShortDay() string { return d.as("2 Jan 2006") }

// Figures is the day shown in ten figures, for columns: "2026-11-20"; the raw
// string where it could not be read.
func (d Date) Figures() string { return d.as(time.DateOnly) }

// Written is all that is shown, in words: "20 November 2026, 14:30 (UTC+03:30)",
// the day alone where no time was shown, the raw string where it could not be
// read.
func (d Date) Written() string {
	if d.HasTime {
		return d.as("2 January 2006, 15:04 (UTC-07:00)")
	}
	return d.Day()
}

func (d Date) as(layout string) string {
	if d.Time.IsZero() {
		return d.Raw
	}
	return d.Time.Format(layout)
}

// Moment is a moment of the program's own in words: "20 November 2026, 14:30
// UTC"; "" for none.
func Moment(t time.Time) string { return in(t, momentLayout) }

// ShortMoment is Moment without the year, for lists of what is recent: "20 Nov
// 14:30 UTC".
func ShortMoment(t time.Time) string { return in(t, "2 Jan 15:04 UTC") }

// Minute is a moment in figures, for lines that are short: "2026-11-20 14:30
// UTC".
func Minute(t time.Time) string { return in(t, "2006-01-02 15:04 UTC") }

// DayOf is the day of a moment of the program's own, in UTC: "20 November 2026".
func DayOf(t time.Time) string { return in(t, dayLayout) }

// MonthOf is the month of a moment, in UTC: "November 2026".
func MonthOf(t time.Time) string { return in(t, "January 2006") }

// VisitAt is a planned moment by a source's own clock, whose zone stands beside it:
// "Fri 20 Nov 14:30".
func VisitAt(t time.Time, zone *time.Location) string { return t.In(zone).Format("Mon 2 Jan 15:04") }

// VisitAtLong is VisitAt to the second, with the zone: "Fri 20 November 2026 14:30:05
// MSK".
func VisitAtLong(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 January 2006 15:04:05 MST")
}

func in(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// WhenSaid is the date of what a revision says: that which its page shows, or, of
// an edit and of what has no date, when it was seen.
func (r Revision) WhenSaid() Date {
	if r.N == 1 && !r.Published.Time.IsZero() {
		return r.Published
	}
	return Date{Time: r.SeenAt.UTC(), HasTime: true}
}
