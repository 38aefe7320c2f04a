package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Mention is a date that running text names.
type Mention struct {
	// Days are the day, or the days of a list or the ends of a range, in the Gregorian calendar at midnight UTC.
	Days []time.Time
	// Year tells whether the text gives the year; else it is the one that brings the day nearest.
	Year bool
}

// Mentions finds the dates in running text that have a day and a month by its name or sign: "November 5, 2022", "12 et 13
// avril", "۲۳ آبان", "8月5日". language is BCP 47. near is when the text was written: it decides the year where none is given.
// rest is the text folded (small letters, digits 0 to 9) and without the dates, so that figures can be read in it. Dates in
// figures alone stay in it: nothing tells them from other figures.
func Mentions(text, language string, near time.Time) (found []Mention, rest string) {
	s := foldDate(verbs.ReplaceAllString(text, "~"))
	words := [2]*dateWords{dateWordsOf(language), everywhere()}
	var b strings.Builder
	done := 0 // what of s has been read
	take := func(from, to int, days []int, month int, of calendar, year string) {
		m, ok := mention(days, month, of, year, near)
		if !ok {
			return
		}
		found = append(found, m)
		b.WriteString(s[done:max(done, from)])
		b.WriteString(" ; ")
		done = to
	}
	for i := 0; i < len(s); {
		if at := bySigns.FindStringSubmatchIndex(s[i:]); at != nil {
			year := ""
			if at[2] >= 0 {
				year = s[i+at[2] : i+at[3]]
			}
			month, _ := strconv.Atoi(s[i+at[4] : i+at[5]])
			take(i, i+at[1], numbers(s[i+at[6]:i+at[7]]), month, gregorian, year)
			i += at[1]
			continue
		}
		size := wordAt(s, i)
		if size == 0 {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		for _, list := range words {
			sense, after, is := list.match(s[i:])
			if !is || sense.kind != aMonth {
				continue
			}
			from, to := i, len(s)-len(after)
			var days []int
			if at := daysBefore.FindStringSubmatchIndex(s[done:i]); at != nil {
				days, from = numbers(s[done+at[2]:done+at[3]]), done+at[0]
			} else if at := daysAfter.FindStringSubmatchIndex(after); at != nil {
				days = numbers(after[at[2]:at[3]])
				to += at[1]
			}
			if len(days) == 0 {
				break
			}
			year := ""
			if at := yearAfter.FindStringSubmatchIndex(s[to:]); at != nil {
				year = s[to+at[2] : to+at[3]]
				to += at[3]
			}
			take(from, to, days, sense.value, sense.cal, year)
			size = max(size, to-i)
			break
		}
		i += size
	}
	b.WriteString(s[done:])
	return found, b.String()
}

var (
	// bySigns is a date of Chinese, Japanese or Korean.
	bySigns = regexp.MustCompile(`^(?:(\d{4}) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]`)
	// daysBefore are days before their month, with what joins two: "12 et 13 ", "3-5 ", "1er ", "5. ", "3 de ".
	daysBefore = regexp.MustCompile(`(?:^|[^\d.,:/-])((?:\d{1,2}[^\s\d]{0,3}(?: [^\s\d]{1,4} | ?[-,] ?))*\d{1,2})(?:st|nd|rd|th|er|ro|º|°|\.|-?(?:го|е|й|ое|го))? (?:de |of |the )?$`)
	// daysAfter are days after their month, as English has them.
	daysAfter = regexp.MustCompile(`^\.? ((?:\d{1,2}(?:st|nd|rd|th)?(?: [^\s\d]{1,7} | ?[-,] ?))*\d{1,2})(?:st|nd|rd|th)?(?:[^\d]|$)`)
	yearAfter = regexp.MustCompile(`^,? ?(?:de |del |of |سال |ماه )?(\d{4})(?:[^\d]|$)`)
	// verbs are what English months are in small letters.
	verbs     = regexp.MustCompile(`\b(?:may|march)\b`)
	digitRuns = regexp.MustCompile(`\d+`)
)

// wordAt is the length of the word that begins here; 0 if none does.
func wordAt(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	if !isLetter(r) {
		return 0
	}
	if before, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && isLetter(before) && !unspaced(r) {
		return n // inside a word
	}
	return n
}

func isLetter(r rune) bool { return startsWithLetter(string(r)) }

func numbers(s string) (list []int) {
	for _, run := range digitRuns.FindAllString(s, -1) {
		n, err := strconv.Atoi(run)
		if err != nil || n < 1 || n > 31 {
			return nil
		}
		list = append(list, n)
	}
	return list
}

// mention is the days of a month in the Gregorian calendar.
func mention(days []int, month int, of calendar, year string, near time.Time) (m Mention, ok bool) {
	y, err := strconv.Atoi(year)
	m.Year = err == nil
	for _, d := range days {
		var best time.Time
		for _, candidate := range yearsOf(of, y, near) {
			gy, gm, gd, ok := day{calendar: of, year: candidate, month: month, day: d}.gregorian()
			if !ok {
				continue
			}
			t := time.Date(gy, gm, gd, 0, 0, 0, 0, time.UTC)
			if best.IsZero() || t.Sub(near).Abs() < best.Sub(near).Abs() {
				best = t
			}
		}
		if !best.IsZero() {
			m.Days = append(m.Days, best)
		}
	}
	return m, len(m.Days) > 0
}

// yearsOf are the years of a calendar that a day may be of: the one given, or those round a moment.
func yearsOf(of calendar, given int, near time.Time) []int {
	if given > 0 {
		return []int{given}
	}
	y := near.UTC().Year()
	switch of {
	case jalali:
		y -= 621
	case lunar:
		y = (y - 622) * 33 / 32
	case hebrew:
		y += 3760
	}
	return []int{y - 1, y, y + 1}
}
