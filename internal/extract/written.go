package extract

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// where is what a source says of the dates it shows.
type where struct {
	zone       *time.Location // of times without one
	language   string         // BCP 47, or a POSIX locale
	government string         // ISO 3166; tells the order of figures in English
}

// figures is the order of the figures of a date whose year stands last.
type figures uint8

const (
	eitherOrder figures = iota
	dayFirst
	monthFirst
)

// dayFirstIn are the countries in which English dates have the day before the
// month (Unicode CLDR, short date formats); EU is the Union. Canada and South Africa write both.
var dayFirstIn = set("GB IE AU NZ IN SG MT PK BD LK NG GH KE UG TZ ZM ZW BW NA JM TT BB GY FJ PG CY AE AT BE BM BS BZ CH CZ DE DK EE ES EU " +
	"FI FR GD GM HK HU ID IL IT LT LV MG MO MU MV MW MY NL NO PL PT RO RW SB SC SE SI SK SL SS SZ TO TV UA VC VU WS")

func set(list string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		words[w] = true
	}
	return words
}

// order is the one in which a source writes figures: that of its language, in
// English that of the region of the language's tag, else of its government. It is
// neither where languages put the year first (Chinese, Japanese, Korean,
// Hungarian, Lithuanian, Mongolian) or where nobody can tell.
func (p where) order() figures {
	tag := strings.ReplaceAll(p.language, "_", "-")
	region := ""
	if t, err := language.Parse(tag); err == nil {
		if r, sure := t.Region(); sure == language.Exact {
			region = r.String()
		}
	}
	switch lang := primarySubtag(tag); lang {
	case "", "zh", "ja", "ko", "hu", "lt", "mn", "am", "ti", "ne", "or", "om", "xh", "zu":
		return eitherOrder
	case "en", "fil", "tl":
		if region == "" {
			region = strings.ToUpper(p.government)
		}
		switch {
		case region == "US" || region == "PH":
			return monthFirst
		case dayFirstIn[region]:
			return dayFirst
		}
		return eitherOrder
	}
	switch region {
	case "US":
		return monthFirst
	case "CA", "ZA", "PA", "PR":
		return eitherOrder
	}
	return dayFirst
}

// maxDays is how many days one string may name: the same in several calendars.
const maxDays = 4

// written gathers the parts of a date while its words are read.
type written struct {
	where
	lang  string // primary subtag
	words [3]*dateWords

	day                 // being read
	named         bool  // its month is a word
	plain, turned bool  // its figures may be month and day as well as day and month; and nothing tells which
	yearFirst     bool  // its figures began with the year
	days          []day // read before, in other calendars
	next          int   // the part that the next number is, if a word says so
	pending       day   // an era that stands before its year
	hour, minute  int   // of the time of day
	second, nanos int   //
	hasTime       bool  //
	justTime      bool  // the last part read was a time
	halfDay       int   // 1 for the morning, 2 for the afternoon
	at            *time.Location
	abbreviation  string // of the zone
	weekday       int    // 1 + that shown
}

// readWritten reads a date as people write it, in any order that is plain:
// 2022-11-05T10:00:00+03:30, Sat, 05 Nov 2022 10:00:00 GMT, November 5, 2022,
// 10:00 a.m., 5 novembre 2022, 05.11.2022, 2022年11月5日, 令和4年11月5日, ١٤ آبان ۱۴۰۱,
// 5 พ.ย. 2565. It is the one reader of all calendars: Gregorian, also with the
// years of Thailand, Taiwan and Japan, Solar Hijri, Hijri and Hebrew. A day that
// is given in several must be the same in all. It fails rather than guess: on
// 05/11/2022 where the source's order is not known, on a year that no calendar of
// the language has, on anything between the parts that it does not understand.
func readWritten(s string, p where) (t time.Time, hasTime, ok bool) {
	if t, hasTime, ok = readWhole(s, p); ok {
		return t, hasTime, ok
	}
	for _, short := range nameless(s) {
		if t, hasTime, ok = readWhole(short, p); ok {
			return t, hasTime, ok
		}
	}
	return time.Time{}, false, false
}

// readWhole reads a date of which every word must be known.
func readWhole(s string, p where) (t time.Time, hasTime, ok bool) {
	lang := primarySubtag(p.language)
	if t, ok := readISO(s, p.zone); ok && !(lang == "ne" && t.Year() > 2050) { // Bikram Sambat
		return t, len(s) > len(time.DateOnly), true
	}
	rest, zone := zoneOfPlace(s)
	w := written{where: p, lang: lang, at: zone, words: [3]*dateWords{dateWordsOf(p.language), everywhere(), betweenWords()}}
	rest = countedInHan(foldDate(rest))
	if t, ok := readISO(strings.ToUpper(rest), p.zone); ok && lang != "ne" && zone == nil {
		return t, len(rest) > len(time.DateOnly), true
	}
	for rest != "" {
		had, before := w.hasTime, rest
		if rest, ok = w.token(rest); !ok {
			return time.Time{}, false, false
		}
		w.justTime = w.hasTime && !had || w.justTime && before[0] == ' '
	}
	t, ok = w.moment()
	return t, w.hasTime, ok
}

// moment is what the parts say together.
func (w *written) moment() (time.Time, bool) {
	if !w.push() || len(w.days) == 0 {
		return time.Time{}, false
	}
	year, month, of, ok := w.agreed()
	if !ok || year < firstYear || year > lastYear || w.hour > 24 || w.minute > 59 || w.second > 60 || w.hour == 24 && w.minute+w.second > 0 {
		return time.Time{}, false
	}
	switch {
	case w.halfDay == 2 && w.hour < 12:
		w.hour += 12
	case w.halfDay == 1 && w.hour == 12:
		w.hour = 0
	}
	zone := w.zone
	if w.at != nil {
		zone = w.at
	} else if w.abbreviation != "" {
		if zone, ok = zoneNamed(w.abbreviation, time.Date(year, month, of, w.hour, w.minute, w.second, 0, w.zone), w.zone); !ok {
			return time.Time{}, false
		}
	}
	return time.Date(year, month, of, w.hour, w.minute, w.second, w.nanos, zone), true
}

// ownMoon are languages and countries whose Hijri months begin when the moon is
// seen there, often a day after those of Umm al-Qura: which day a date is there
// only a day of the week or another calendar beside it tells.
var ownMoon = set("fa prs ps ur bn hi id MA OM IR AF PK IN BD ID")

// agreed is the day that all calendars of a string name. A Hijri or Hebrew day
// begins in the evening and where the moon is seen, so that it may lie beside the
// Gregorian one, which counts.
func (w *written) agreed() (year int, month time.Month, of int, ok bool) {
	var sure time.Time
	exact := false
	if len(w.days) == 1 && w.days[0].calendar == lunar && w.weekday == 0 && (ownMoon[w.lang] || ownMoon[w.government]) {
		return 0, 0, 0, false
	}
	for _, d := range w.days {
		d.weekday = w.weekday
		y, m, o, ok := d.gregorian()
		if !ok {
			return 0, 0, 0, false
		}
		t := time.Date(y, m, o, 0, 0, 0, 0, time.UTC)
		fixed := d.calendar != lunar && d.calendar != hebrew
		if sure.IsZero() {
			sure, exact = t, fixed
			continue
		}
		apart := t.Sub(sure).Abs()
		if apart > 24*time.Hour || apart > 0 && fixed && exact {
			return 0, 0, 0, false
		}
		if fixed && !exact {
			sure, exact = t, true
		}
	}
	return sure.Year(), sure.Month(), sure.Day(), !sure.IsZero()
}

// push ends the day being read. It fails where parts of it are missing.
func (w *written) push() bool {
	d := w.day
	if d.year == 0 && d.month == 0 && d.day == 0 {
		return true
	}
	if d.year == 0 || d.month == 0 || d.day == 0 || len(w.days) == maxDays {
		return false
	}
	if d.short {
		d.year = w.century(d.year, d.calendar, w.named)
		if d.year == 0 {
			return false
		}
	}
	if w.plain && !w.told(&d) {
		return false
	}
	switch {
	case d.era != 0:
		d.year += d.era
		d.calendar = gregorian
		if d.eraTo > 0 && (d.year < d.eraFrom || d.year > d.eraTo) {
			return false
		}
	case d.calendar == unsaid || d.calendar == gregorian:
		if !w.count(&d) {
			return false
		}
	case d.calendar == hebrew && d.year < 1000:
		d.year += 5000
	}
	w.days, w.day, w.named, w.yearFirst, w.plain, w.turned = append(w.days, d), day{}, false, false, false, false
	return true
}

func (w *written) complete() bool { return w.day.year != 0 && w.day.month != 0 && w.day.day != 0 }

// told asks the day of the week about figures that may be day and month or month
// and day: it must not speak against the order of the source, and where that has
// none, it decides.
func (w *written) told(d *day) bool {
	if w.weekday == 0 {
		return !w.turned
	}
	if d.calendar != unsaid || d.era != 0 || d.year < firstYear || d.year > lastYear {
		return !w.turned
	}
	falls := func(month, of int) bool {
		return time.Date(d.year, time.Month(month), of, 0, 0, 0, 0, time.UTC).Weekday() == time.Weekday(w.weekday-1)
	}
	as, other := falls(d.month, d.day), falls(d.day, d.month)
	switch {
	case w.turned && as == other:
		return false
	case w.turned && other:
		d.month, d.day = d.day, d.month
	}
	return w.turned || as || !other
}

// century completes a year of two digits, as RFC 2822 does (section 4.3); 0 is
// one that nobody can tell.
func (w *written) century(year int, of calendar, named bool) int {
	switch {
	case of == jalali && named && year >= 50:
		return 1300 + year
	case of == jalali && named, of == lunar && named:
		return 1400 + year
	case w.lang == "th" || w.lang == "lo":
		if year < 50 { // of the Christian era, perhaps
			return 0
		}
		return 2500 + year
	case year < 50:
		return 2000 + year
	}
	return 1900 + year
}

// count decides by the year, and by the language where no month is named, which
// calendar a day is of.
func (w *written) count(d *day) bool {
	buddhist := w.lang == "th" || w.lang == "lo" || w.lang == "km"
	switch {
	case d.year >= firstYear && d.year <= lastYear:
		switch w.lang { // which have a calendar of their own, whose years are near
		case "ne":
			return d.year <= 2050
		case "am", "ti":
			return w.named || d.calendar == gregorian
		}
		d.calendar = gregorian
		return true
	case d.year > 2400 && d.year < 2700 && buddhist:
		d.calendar, d.year = gregorian, d.year-543
		return true
	case d.calendar == gregorian || w.named:
		return false
	case d.year >= 1300 && d.year < 1431 && (w.lang == "fa" || w.lang == "ps" || w.lang == "prs"):
		d.calendar = jalali
		return true
	case d.year >= firstLunar && d.year < lastLunar && (w.lang == "ar" || w.lang == "ur"):
		d.calendar = lunar
		return true
	case d.year >= 100 && d.year < 200 && w.lang == "zh" && w.yearFirst: // Minguo
		d.calendar, d.year = gregorian, d.year+1911
		return true
	}
	return false
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
		if t, err := time.ParseInLocation(layout, s, own); err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			if _, offset := t.Zone(); offset == 0 && t.Location() != own {
				t = t.UTC()
			}
			return t, true
		}
	}
	return time.Time{}, false
}

// token reads the next part of a date and gives what follows it.
func (w *written) token(s string) (rest string, ok bool) {
	if s[0] >= '0' && s[0] <= '9' {
		return w.number(s)
	}
	if found, rest, ok := w.match(s); ok {
		return w.word(found, rest)
	}
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case (r == '+' || r == '-') && w.hasTime && w.at == nil:
		return w.offset(s)
	case r == '(' && (w.at != nil || w.abbreviation != ""):
		if i := strings.IndexByte(s, ')'); i > 0 && !strings.ContainsFunc(s[:i], unicode.IsDigit) { // the zone's name in a comment, RFC 2822
			return s[i+1:], true
		}
	case unicode.IsLetter(r):
		end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		if end < 0 {
			end = len(s)
		}
		return w.other(s[:end], s[end:])
	}
	if strings.ContainsRune(" ,.-|/•·()[]:;~", r) {
		return s[size:], true
	}
	return s, false
}

// match finds the longest word that a text begins with; of the same word, the
// language's own sense counts.
func (w *written) match(s string) (longest sense, rest string, ok bool) {
	rest = s
	for _, words := range w.words {
		if found, after, is := words.match(s); is && len(after) < len(rest) {
			longest, rest, ok = found, after, true
		}
	}
	return longest, rest, ok
}

// other reads a word that is in no list: an era's letter, a zone's abbreviation,
// a Hebrew number.
func (w *written) other(word, rest string) (string, bool) {
	if r, size := utf8.DecodeRuneInString(word); w.lang == "ja" && size == len(word) && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		switch r { // R8.11.20
		case 'r':
			w.pending = day{era: 2018, eraFrom: 2019, eraTo: lastYear}
			return rest, true
		case 'h':
			w.pending = day{era: 1988, eraFrom: 1989, eraTo: 2019}
			return rest, true
		}
	}
	if r, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Hebrew, r) {
		return rest, w.hebrewNumber(word)
	}
	if word == "t" || word == "z" && !w.hasTime || len(word) > 5 || !w.hasTime || w.at != nil || w.abbreviation != "" {
		return rest, false
	}
	if _, known := zones[strings.ToUpper(word)]; !known && !ascii(word) {
		return rest, false
	}
	switch word {
	case "gmt", "utc", "ut": // GMT+7, UTC +03:30
		if after := strings.TrimLeft(rest, " "); after != "" && (after[0] == '+' || after[0] == '-') && len(after) > 1 && after[1] >= '0' && after[1] <= '9' {
			return w.offset(after)
		}
	}
	w.abbreviation = word
	return rest, true
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// word takes a word that is in a list.
func (w *written) word(s sense, rest string) (string, bool) {
	switch s.kind {
	case aMonth:
		if w.day.month != 0 {
			if w.named && w.day.month == s.value && w.day.calendar == s.cal { // تشرين الثاني/نوفمبر
				return rest, true
			}
			if !w.push() {
				return rest, false
			}
		}
		if w.day.calendar != unsaid && w.day.calendar != s.cal {
			return rest, false
		}
		w.day.month, w.day.calendar, w.named = s.value, s.cal, true
	case aWeekday:
		if w.weekday != 0 && w.weekday != s.value+1 {
			return rest, false
		}
		w.weekday = s.value + 1
	case anEra:
		return rest, w.era(s)
	case aPart: // its number stands apart: 주체115(2026)년
		return rest, s.value == yearPart && w.day.year != 0 && w.day.month == 0
	case nextPart:
		w.next = s.value
	case morning, afternoon:
		if w.halfDay = 1; s.kind == afternoon {
			w.halfDay = 2
		}
	case aZone:
		w.at = time.FixedZone("", s.value*60)
	}
	return rest, true
}

// era takes the name of a calendar or of a count of years, which stands before
// its year or behind it.
func (w *written) era(s sense) bool {
	d := day{calendar: s.cal, era: s.value, eraFrom: max(0, s.from), eraTo: s.to}
	switch {
	case s.from < 0 && w.justTime && w.halfDay == 0: // 2:30 م
		w.halfDay = 2
		return true
	case s.cal == unsaid: // hijri: of the sun in Iran and Afghanistan, else of the moon
		if d.calendar = lunar; w.lang == "fa" || w.lang == "ps" || w.lang == "prs" || w.day.calendar == jalali {
			d.calendar = jalali
		}
	}
	if y := w.day.year; y == 0 || d.era != 0 && y >= firstYear && y <= lastYear { // 2026年(令和8年)
		w.pending = d
		return true
	}
	return w.of(d)
}

// of says of which calendar the day is whose year has been read.
func (w *written) of(d day) bool {
	if w.day.calendar != unsaid && w.day.calendar != d.calendar {
		return false
	}
	if w.day.era != 0 && w.day.era != d.era {
		return false
	}
	w.day.calendar, w.day.era, w.day.eraFrom, w.day.eraTo = d.calendar, d.era, d.eraFrom, d.eraTo
	return true
}

// digits reads a whole number of at most nine digits.
func digits(s string) (value, length int, rest string) {
	for length < len(s) && length < 9 && s[length] >= '0' && s[length] <= '9' {
		value = value*10 + int(s[length]-'0')
		length++
	}
	return value, length, s[length:]
}

// number reads a number and, where it begins a numeric date or a time, the
// numbers that belong to it.
func (w *written) number(s string) (rest string, ok bool) {
	a, length, rest := digits(s)
	if rest != "" {
		switch rest[0] {
		case ':':
			return w.clock(a, rest[1:])
		case '.', '/', '-':
			if after, ok, is := w.triple(a, length, rest); is {
				return after, ok
			}
			if after, is := w.dotted(a, length, rest); is {
				return after, true
			}
		}
		if after, is := w.hours(a, length, rest); is {
			return after, true
		}
		behind := strings.TrimLeft(rest, " ")
		if found, after, ok := w.match(behind); ok {
			switch half := found.kind == morning || found.kind == afternoon; {
			case found.kind == aPart:
				return after, w.part(found.value, a, length)
			case half && !w.hasTime && length <= 2 && a <= 12 && ascii(strings.TrimSuffix(behind, after)): // 5 pm
				w.hour, w.hasTime = a, true
				return rest, true
			}
		}
		for _, suffix := range [...]string{"st", "nd", "rd", "th", "er", "o", "ª", "го", "-го", "e", "ος", "η", "°"} {
			if tail, found := strings.CutPrefix(rest, suffix); found && length <= 2 && !startsWithLetter(tail) {
				rest = tail
				break
			}
		}
	}
	if w.next != 0 {
		part := w.next
		w.next = 0
		return rest, w.part(part, a, length)
	}
	return rest, w.place(a, length)
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// triple reads the figures of a date with two separators of a kind: 2026/11/20,
// 20.11.2026, 2026. 11. 20. It is none where the third figure is missing.
func (w *written) triple(a, al int, rest string) (after string, ok, is bool) {
	separator := rest[:1]
	next := func(s string) (value, length int, rest string) {
		s = strings.TrimPrefix(s, separator)
		if separator == "." {
			s = strings.TrimLeft(s, " ")
		}
		return digits(s)
	}
	complete := w.complete()
	b, bl, rest := next(rest)
	if bl == 0 || bl > 2 || !strings.HasPrefix(rest, separator) || w.day.month != 0 && !complete {
		return rest, false, false
	}
	c, cl, rest := next(rest)
	if cl == 0 || cl == 3 || cl > 4 || al == 4 && cl > 2 {
		return rest, false, false
	}
	if complete && !w.push() {
		return rest, false, true
	}
	return rest, w.numeric(a, al, b, c, cl, separator), true
}

// numeric takes year, month and day written with a separator. The year comes
// first or last; with dots the day comes before the month, else the order is the
// source's; where that is not known, only a day above 12 tells.
func (w *written) numeric(a, al, b, c, cl int, separator string) bool {
	order := w.order()
	if separator == "." {
		order = dayFirst
	}
	d := &w.day
	if d.year != 0 || d.day != 0 {
		return false
	}
	switch {
	case al >= 3 && al <= 4 || w.pending.era != 0:
		d.year, d.month, d.day = a, b, c
		w.yearFirst = true
	case w.lang == "ko" && separator == "." && al == 2 && cl <= 2: // 26. 3. 15. (Unicode CLDR)
		d.year, d.month, d.day, d.short = a, b, c, true
	case al > 2 || cl != 4 && (cl != 2 || w.order() == eitherOrder || w.lang == "eu"): // eu: 26/3/15 is usual too
		return false
	default:
		d.year, d.short = c, cl == 2
		switch {
		case a > 12, order == dayFirst && b <= 12, a == b:
			d.month, d.day = b, a
		case b > 12, order == monthFirst:
			d.month, d.day = a, b
		default: // only a day of the week can tell
			d.month, d.day, w.turned = b, a, true
		}
		w.plain = a <= 12 && b <= 12 && a != b
	}
	return w.settle()
}

// settle gives the year just read the era that stood before it.
func (w *written) settle() bool {
	p := w.pending
	w.pending = day{}
	return p.calendar == unsaid && p.era == 0 || w.of(p)
}

// place takes a lone number as the day or the year.
func (w *written) place(value, length int) bool {
	d := &w.day
	if w.complete() && !w.push() {
		return false
	}
	switch {
	case length == 4 && d.year == 0:
		d.year = value
		return w.settle()
	case length == 4 && w.lang != "" && d.era == 1911 && d.year+1911 == value: // 주체115(2026)년
		return true
	case length <= 3 && w.pending.era != 0 && d.year == 0:
		d.year = value
		return w.settle()
	case length <= 2 && d.day == 0:
		d.day = value
	case length == 2 && d.day != 0 && w.named && d.year == 0: // 20-Nov-26
		d.year, d.short = value, true
		return w.settle()
	default:
		return false
	}
	return true
}

// part takes a number that a word says the part of.
func (w *written) part(part, value, length int) bool {
	d := &w.day
	if part <= dayPart && w.complete() && !w.push() {
		return false
	}
	switch part {
	case yearPart:
		if p := w.pending; d.year != 0 && p.era != 0 { // 2026年（令和8年）
			w.pending = day{}
			return d.era == 0 && value+p.era == d.year
		}
		if d.year != 0 { // 令和8年（2026年）, 주체115(2026)년
			return d.era != 0 && d.year+d.era == value
		}
		d.year = value
		w.yearFirst = w.yearFirst || length == 3 // 115年3月15日
		if length <= 2 && w.pending.era == 0 {
			d.short = true
		}
		return w.settle()
	case monthPart:
		if d.month != 0 {
			return false
		}
		d.month = value
	case dayPart:
		if d.day != 0 {
			return false
		}
		d.day = value
	case hourPart:
		if w.hasTime {
			return false
		}
		w.hour, w.hasTime = value, true
	case minutePart:
		w.minute = value
		return w.hasTime
	case secondPart:
		w.second = value
		return w.hasTime
	}
	return true
}

func (w *written) clock(hour int, s string) (rest string, ok bool) {
	minute, length, rest := digits(s)
	if length != 2 || w.hasTime {
		return rest, false
	}
	w.hour, w.minute, w.hasTime = hour, minute, true
	if after, found := strings.CutPrefix(rest, ":"); found {
		second, length, after := digits(after)
		if length != 2 {
			return rest, length == 0
		}
		w.second, rest = second, after
		if fraction, found := strings.CutPrefix(rest, "."); found {
			if _, length, after := digits(fraction); length > 0 {
				rest = after
			}
		}
	}
	return rest, true
}

// dotted reads a time of day with a full stop, behind the date or before a word
// for the hour: 14.30 Uhr.
func (w *written) dotted(hour, length int, rest string) (string, bool) {
	minute, ml, after := digits(strings.TrimPrefix(rest, "."))
	if rest[0] != '.' || ml != 2 || length > 2 || hour > 24 || minute > 59 || w.hasTime || startsWithDigit(strings.TrimPrefix(after, ".")) {
		return rest, false
	}
	word := strings.HasPrefix(strings.TrimLeft(after, " "), "uhr") || strings.HasPrefix(strings.TrimLeft(after, " "), "น.")
	if !w.complete() && !word {
		return rest, false
	}
	w.hour, w.minute, w.hasTime = hour, minute, true
	return after, true
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// hours reads 17h30 and 17 h.
func (w *written) hours(hour, length int, rest string) (string, bool) {
	after, found := strings.CutPrefix(strings.TrimLeft(rest, " "), "h")
	if !found || length > 2 || hour > 24 || w.hasTime || startsWithLetter(after) {
		return rest, false
	}
	w.hour, w.hasTime = hour, true
	if minute, ml, tail := digits(strings.TrimLeft(after, " ")); ml == 2 {
		w.minute, after = minute, tail
	}
	return after, true
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
	if w.day.year == 0 && sign < 0 && length != 4 { // 10:00 - 5 November
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
	if minutes > 15*60 || length > 4 {
		return rest, false
	}
	w.at = time.FixedZone("", sign*minutes*60)
	if minutes == 0 {
		w.at = time.UTC
	}
	return rest, true
}

// hebrewNumber reads a day or a year in Hebrew letters, without its marks: כט,
// תשפז, התשפז.
func (w *written) hebrewNumber(word string) bool {
	value := 0
	letters := []rune(word)
	if len(letters) > 3 && letters[0] == 'ה' {
		letters = letters[1:]
	}
	for _, r := range letters {
		i := slices.Index(gematria, r)
		if i < 0 {
			return false
		}
		value += gematriaValue[i]
	}
	if value >= 300 && w.day.year == 0 && w.day.calendar == hebrew {
		w.day.year = value
		return true
	}
	if value < 1 || value > 30 {
		return false
	}
	return w.place(value, 2)
}

var (
	gematria      = []rune("אבגדהוזחטיכלמנסעפצקרשתךםןףץ")
	gematriaValue = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 20, 40, 50, 80, 90}
)

// countedInHan writes the numbers of a date in Chinese characters with digits:
// 二〇二六年十一月二十日. Others, such as that of a day of the week, stay.
func countedInHan(s string) string {
	if !strings.ContainsAny(s, "年月日號号时時点點") {
		return s
	}
	var b strings.Builder
	run := []rune{}
	flush := func(counted bool) {
		if n, ok := hanNumber(run); ok && counted {
			b.WriteString(n)
		} else {
			b.WriteString(string(run))
		}
		run = run[:0]
	}
	for _, r := range s {
		if strings.ContainsRune("〇零○一二三四五六七八九十廿卅百元", r) {
			run = append(run, r)
			continue
		}
		flush(strings.ContainsRune("年月日號号时時点點分", r))
		b.WriteRune(r)
	}
	flush(false)
	return b.String()
}

func hanNumber(run []rune) (string, bool) {
	if len(run) == 0 || len(run) > 8 {
		return "", false
	}
	if len(run) == 1 && run[0] == '元' { // the first year
		return "1", true
	}
	var plain strings.Builder
	total, unit, counted := 0, 0, false
	for _, r := range run {
		value := strings.IndexRune("零一二三四五六七八九", r) / len("零")
		switch r {
		case '〇', '○', '零':
			plain.WriteByte('0')
			continue
		case '十', '百':
			times := map[rune]int{'十': 10, '百': 100}[r]
			total, unit, counted = total+max(1, unit)*times, 0, true
			continue
		case '廿', '卅':
			total, counted = total+map[rune]int{'廿': 20, '卅': 30}[r], true
			continue
		case '元':
			return "", false
		}
		unit = value
		plain.WriteByte(byte('0' + value))
	}
	if counted {
		return strings.TrimLeft(string([]byte{byte('0' + (total+unit)/100), byte('0' + (total+unit)/10%10), byte('0' + (total+unit)%10)}), "0"), total+unit < 1000
	}
	return plain.String(), true
}
