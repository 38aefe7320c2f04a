package extract

import (
	"time"

	"github.com/hablullah/go-hijri"
	"github.com/jalaali/go-jalaali"
)

// calendar is one in which official pages date. Everything is kept in the
// Gregorian one.
type calendar uint8

const (
	unsaid    calendar = iota
	gregorian          // also with another count of years: Buddhist, Minguo, the eras of Japan
	jalali             // Solar Hijri, of Iran and Afghanistan
	lunar              // Hijri, by the tables of Umm al-Qura
	hebrew
)

// The years that dates are read from: what lies outside is a misreading.
const firstYear, lastYear = 1900, 2100

// day is a day of a calendar.
type day struct {
	calendar         calendar
	year, month, day int
	era              int  // what is added to a year of a gregorian count: 1911 for Minguo
	eraFrom, eraTo   int  // the years of a Japanese era, 0 for others
	weekday          int  // 1 + that shown, 0 for none
	short            bool // the year has two digits only
}

// gregorian is the day in the Gregorian calendar; ok is false for a day that the
// calendar does not have. Hijri days follow the tables of Umm al-Qura, the civil
// calendar of Saudi Arabia: where months begin when the moon is seen, the day of
// the week that is shown beside decides between neighbours, as they differ by a
// day.
func (d day) gregorian() (year int, month time.Month, of int, ok bool) {
	switch d.calendar {
	case jalali:
		y, m, o, err := jalaali.ToGregorian(d.year, jalaali.Month(d.month), d.day)
		return y, m, o, err == nil && d.month >= 1 && d.month <= 12
	case lunar:
		return d.fromLunar()
	case hebrew:
		return d.fromHebrew()
	}
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return d.year, time.Month(d.month), d.day, d.month >= 1 && d.month <= 12 && d.day >= 1 && t.Day() == d.day
}

// The years of the tables of Umm al-Qura: 14 March 1937 to 16 November 2077.
const firstLunar, lastLunar = 1356, 1500

func (d day) fromLunar() (year int, month time.Month, of int, ok bool) {
	if d.year < firstLunar || d.year >= lastLunar || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 30 {
		return 0, 0, 0, false
	}
	t := hijri.UmmAlQuraDate{Year: int64(d.year), Month: int64(d.month), Day: int64(d.day)}.ToGregorian()
	if d.weekday > 0 {
		switch (d.weekday - 1 - int(t.Weekday()) + 7) % 7 {
		case 0:
		case 1:
			t = t.AddDate(0, 0, 1)
		case 6:
			t = t.AddDate(0, 0, -1)
		default:
			return 0, 0, 0, false
		}
	}
	return t.Year(), t.Month(), t.Day(), true
}

// The months of the Hebrew calendar, from Nisan; Adar of a common year is 12.
const nisan, tishri, adar, adarSheni = 1, 7, 12, 13

func (d day) fromHebrew() (year int, month time.Month, of int, ok bool) {
	if d.year < 5600 || d.year > 5900 || d.day < 1 || d.month == adarSheni && !hebrewLeap(d.year) || d.day > hebrewLength(d.year, d.month) {
		return 0, 0, 0, false
	}
	n := hebrewNewYear(d.year) + d.day - 1
	if d.month < tishri {
		for m := tishri; m <= hebrewMonths(d.year); m++ {
			n += hebrewLength(d.year, m)
		}
		for m := nisan; m < d.month; m++ {
			n += hebrewLength(d.year, m)
		}
	} else {
		for m := tishri; m < d.month; m++ {
			n += hebrewLength(d.year, m)
		}
	}
	t := time.Date(1, 1, n, 0, 0, 0, 0, time.UTC) // day 1 is 1 January of the year 1
	return t.Year(), t.Month(), t.Day(), true
}

// The arithmetic of the Hebrew calendar is that of Reingold and Dershowitz,
// Calendrical Calculations, chapter 8. No kept Go library with a free licence
// converts it.

func hebrewLeap(year int) bool { return (7*year+1)%19 < 7 }

func hebrewMonths(year int) int {
	if hebrewLeap(year) {
		return adarSheni
	}
	return adar
}

// hebrewElapsed counts the days from the epoch to the mean new year, moved where
// it would fall on a Sunday, Wednesday or Friday.
func hebrewElapsed(year int) int {
	months := (235*year - 234) / 19
	parts := 12084 + 13753*months
	days := 29*months + parts/25920
	if 3*(days+1)%7 < 3 {
		days++
	}
	return days
}

// hebrewNewYear is 1 Tishri, counted from 1 January of the year 1.
func hebrewNewYear(year int) int {
	before, at, behind := hebrewElapsed(year-1), hebrewElapsed(year), hebrewElapsed(year+1)
	const epoch = -1373427 // the day before 7 October 3761 BC (Julian), by that count
	switch {
	case behind-at == 356:
		at += 2
	case at-before == 382:
		at++
	}
	return epoch + at
}

func hebrewLength(year, month int) int {
	days := hebrewNewYear(year+1) - hebrewNewYear(year)
	switch month {
	case 2, 4, 6, 10, adarSheni:
		return 29
	case 8: // Marheshvan
		if days%10 != 5 {
			return 29
		}
	case 9: // Kislev
		if days%10 == 3 {
			return 29
		}
	case adar:
		if !hebrewLeap(year) {
			return 29
		}
	}
	return 30
}
