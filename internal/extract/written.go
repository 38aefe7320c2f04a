package extract

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// written gathers the parts of a date while its tokens are read.
type written struct {
	year, month, day     int
	hour, minute, second int
	nanos                int
	hasTime, afternoon   bool
	morning              bool
	zone                 *time.Location
}

// readWritten reads a date in one of the usual forms, anywhere the order is
// plain: 2022-11-05T10:00:00+03:30, Sat, 05 Nov 2022 10:00:00 GMT, November 5,
// 2022, 10:00 a.m., 5 novembre 2022, 05.11.2022, 2022/11/05 - 10:00,
// 2022年11月5日. It fails rather than guess: a date such as 05/11/2022 in
// English, a year before 1900 or after 2100 (other calendars), or anything
// that it does not understand between the parts.
func readWritten(s string, own *time.Location, n *names, lang string) (t time.Time, hasTime, ok bool) {
	if t, ok := readISO(s, own); ok {
		return t, len(s) > len(time.DateOnly), true
	}
	var w written
	rest := s
	for rest != "" {
		if rest, ok = w.token(rest, n, lang); !ok {
			return time.Time{}, false, false
		}
	}
	if w.year < 1900 || w.year > 2100 || w.month < 1 || w.month > 12 || w.day < 1 || w.day > 31 {
		return time.Time{}, false, false
	}
	switch {
	case w.hour > 24 || w.minute > 59 || w.second > 60:
		return time.Time{}, false, false
	case w.afternoon && w.hour < 12:
		w.hour += 12
	case w.morning && w.hour == 12:
		w.hour = 0
	}
	if w.zone == nil {
		w.zone = own
	}
	t = time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, w.nanos, w.zone)
	if t.Day() != w.day && w.hour < 24 { // 31 February
		return time.Time{}, false, false
	}
	return t, w.hasTime, true
}

var isoLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05 -0700", time.DateOnly,
}

func readISO(s string, own *time.Location) (time.Time, bool) {
	if len(s) < len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return time.Time{}, false
	}
	for _, layout := range isoLayouts {
		if t, err := time.ParseInLocation(layout, s, own); err == nil && t.Year() >= 1900 && t.Year() <= 2100 {
			if _, offset := t.Zone(); offset == 0 && t.Location() != own {
				t = t.UTC()
			}
			return t, true
		}
	}
	return time.Time{}, false
}

// token reads the next part of a date and gives what follows it.
func (w *written) token(s string, n *names, lang string) (rest string, ok bool) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case digitOf(r) >= 0:
		return w.number(s, lang)
	case unicode.IsLetter(r):
		end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if end < 0 {
			end = len(s)
		}
		return s[end:], w.word(s[:end], &s, end, n)
	case (r == '+' || r == '-') && w.hasTime && w.zone == nil:
		return w.offset(s)
	case strings.ContainsRune(" \u00a0,.-–—|/•·()،", r):
		return s[size:], true
	}
	return s, false
}

func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '۰' && r <= '۹': // Persian
		return int(r - '۰')
	case r >= '٠' && r <= '٩': // Arabic
		return int(r - '٠')
	}
	return -1
}

// digits reads a whole number of at most nine digits.
func digits(s string) (value, length int, rest string) {
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		d := digitOf(r)
		if d < 0 || length == 9 {
			break
		}
		value, length, s = value*10+d, length+1, s[size:]
	}
	return value, length, s
}

// number reads a number and, where it begins a numeric date or a time, the
// numbers that belong to it.
func (w *written) number(s, lang string) (rest string, ok bool) {
	a, length, rest := digits(s)
	if rest == "" {
		return rest, w.place(a, length)
	}
	r, size := utf8.DecodeRuneInString(rest)
	switch r {
	case ':':
		return w.clock(a, rest[size:])
	case '年', '년':
		w.year = a
		return rest[size:], true
	case '月', '월':
		w.month = a
		return rest[size:], true
	case '日', '일':
		w.day = a
		return rest[size:], true
	case '.', '/', '-':
		if b, bl, after := digits(rest[size:]); bl > 0 && strings.HasPrefix(after, string(r)) && w.year == 0 && w.month == 0 {
			if c, cl, after := digits(after[1:]); cl > 0 {
				return after, w.numeric(a, length, b, c, cl, r, lang)
			}
		}
	}
	for _, suffix := range []string{"st", "nd", "rd", "th", "er", "º"} {
		if tail, found := strings.CutPrefix(rest, suffix); found && length <= 2 && !startsWithLetter(tail) {
			rest = tail
			break
		}
	}
	return rest, w.place(a, length)
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// numeric reads year, month and day written with a separator. The year comes
// first or last; with dots, and outside English, the day comes before the
// month; otherwise only a day above 12 tells.
func (w *written) numeric(a, al, b, c, cl int, separator rune, lang string) bool {
	switch {
	case al == 4:
		w.year, w.month, w.day = a, b, c
	case cl != 4:
		return false
	case separator == '.' || lang != "en" && lang != "" || a > 12:
		w.year, w.month, w.day = c, b, a
	case b > 12:
		w.year, w.month, w.day = c, a, b
	default:
		return false
	}
	return true
}

// place takes a lone number as the day or the year.
func (w *written) place(value, length int) bool {
	switch {
	case length == 4 && w.year == 0:
		w.year = value
	case length <= 2 && w.day == 0:
		w.day = value
	default:
		return false
	}
	return true
}

func (w *written) clock(hour int, s string) (rest string, ok bool) {
	minute, length, rest := digits(s)
	if length != 2 || w.hasTime {
		return rest, false
	}
	w.hour, w.minute, w.hasTime = hour, minute, true
	if second, length, after := digits(strings.TrimPrefix(rest, ":")); strings.HasPrefix(rest, ":") && length == 2 {
		w.second, rest = second, after
	}
	return rest, true
}

// offset reads +03:30, -0500 or +3.
func (w *written) offset(s string) (rest string, ok bool) {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	value, length, rest := digits(s[1:])
	if length == 0 { // a dash between date and time
		return s[1:], true
	}
	minutes := value * 60
	if length > 2 {
		minutes = value/100*60 + value%100
	} else if tail, found := strings.CutPrefix(rest, ":"); found {
		m, l, after := digits(tail)
		if l != 2 {
			return rest, false
		}
		minutes, rest = minutes+m, after
	}
	if minutes > 15*60 {
		return rest, false
	}
	w.zone = time.FixedZone("", sign*minutes*60)
	if minutes == 0 {
		w.zone = time.UTC
	}
	return rest, true
}

// word reads a month, a day of the week, a.m. and p.m., a zone, or one of the
// small words between the parts.
func (w *written) word(text string, s *string, end int, n *names) bool {
	lower := strings.ToLower(text)
	if m := n.month(lower); m != 0 && w.month == 0 {
		w.month = int(m)
		return true
	}
	switch lower {
	case "am": // German for "on the", where no time stands before it
		w.morning = w.hasTime
		return true
	case "pm":
		w.afternoon = true
		return w.hasTime
	case "a", "p": // a.m.
		if tail := strings.ToLower((*s)[end:]); w.hasTime && strings.HasPrefix(tail, ".m") {
			w.morning, w.afternoon = lower == "a", lower == "p"
			return true
		}
		return lower == "a" // à
	case "m":
		return w.morning || w.afternoon
	case "at", "on", "of", "t", "de", "del", "le", "el", "il", "à", "um", "uhr", "den", "der", "the", "hrs", "h", "г", "года", "в", "saat":
		return true
	}
	if hours, known := zones[text]; known && w.hasTime {
		w.zone = time.FixedZone(text, hours*3600)
		if hours == 0 {
			w.zone = time.UTC
		}
		return true
	}
	if n != nil {
		if _, ok := n.days[lower]; ok {
			return true
		}
	}
	for d := range 7 {
		name := time.Weekday(d).String()
		if strings.EqualFold(text, name) || len(text) >= 3 && len(text) <= 5 && strings.HasPrefix(strings.ToLower(name), lower) {
			return true
		}
	}
	return false
}
