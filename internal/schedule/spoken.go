package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/robfig/cron/v3"

	"volteface/internal/statement"
)

// spokenHint shows how a schedule may be said.
const spokenHint = `say "every 15 min", "every 2 hours, weekdays 7-20" or "at 7:30 and 19:00 on Mon-Fri"; or, as cron does, minute, hour, day of month, month, day of week: "*/30 * * * *" is every half hour`

// isSpoken tells a schedule in words from a cron expression. A cron expression
// begins with minutes, which have no letters, or with @.
func isSpoken(expression string) bool {
	if strings.HasPrefix(expression, "@") || strings.ContainsAny(expression, "*?") {
		return false
	}
	fields := strings.Fields(expression)
	if n := len(fields); n > 0 && n < 4 {
		return true
	}
	if len(fields) == 5 && strings.Trim(fields[0]+fields[1]+fields[2], "0123456789,-/") == "" {
		return false
	}
	return strings.IndexFunc(expression, unicode.IsLetter) >= 0 || strings.ContainsAny(expression, ":–—")
}

// phrase is a schedule or a window in words, read from left to right.
type phrase struct {
	words []string
	i     int
	time.Duration
	days  uint8 // of the week, Sunday first; 0 for none said
	at    []int // minutes of the day
	hours bool  // from and to are said
	from  int
	to    int
}

// dayNames are the days of the week and groups of them, a bit for each day,
// Sunday first.
var dayNames = func() map[string]uint8 {
	const all, working = 1<<7 - 1, 0b0111110
	names := map[string]uint8{
		"daily": all, "everyday": all, "weekday": working, "weekdays": working, "workdays": working, "weekend": all &^ working, "weekends": all &^ working,
		"tues": 1 << 2, "weds": 1 << 3, "thur": 1 << 4, "thurs": 1 << 4,
	}
	for i, name := range []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} {
		for _, form := range []string{name, name + "s", name[:3]} {
			names[form] = 1 << i
		}
	}
	return names
}()

var numberWords = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
}

var units = map[string]time.Duration{
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"day": day, "days": day, "week": 7 * day, "weeks": 7 * day, "s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
}

// fillers may stand between what counts.
var fillers = []string{",", "and", "on", "in", "only", "the", "o'clock", "during"}

// spellings are the words that mean the same as another.
var spellings = map[string]string{"to": "-", "until": "-", "till": "-", "through": "-", "–": "-", "—": "-", "each": "every", ";": ","}

// vocabulary is every word that is understood.
func vocabulary() []string {
	words := slices.Concat([]string{"every", "hourly", "at", "from", "between", "noon", "midnight", "half", "quarter", "of"}, fillers)
	for word := range dayNames {
		words = append(words, word)
	}
	for word := range units {
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}

// tokens cuts a phrase into words, numbers, times and dashes.
func tokens(text string) (words []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsLetter(r) || r == '\'':
			return 1
		case r >= '0' && r <= '9' || r == ':' || r == '.':
			return 2
		case unicode.IsSpace(r):
			return 0
		}
		return 3
	}
	last := 0
	for _, r := range strings.ToLower(text) {
		k := kind(r)
		switch {
		case k == 0:
		case k == last && k != 3:
			words[len(words)-1] += string(r)
		default:
			words = append(words, string(r))
		}
		last = k
	}
	for i, word := range words {
		if same := spellings[word]; same != "" {
			words[i] = same
		}
	}
	return words
}

func (p *phrase) next() string {
	if p.i < len(p.words) {
		return p.words[p.i]
	}
	return ""
}

// take goes on past a word if it is the next one.
func (p *phrase) take(words ...string) bool {
	if slices.Contains(words, p.next()) && p.i < len(p.words) {
		p.i++
		return true
	}
	return false
}

// readPhrase reads all of a phrase; numberedDays tells that a number may be the
// day of the week, as in a window.
func readPhrase(text string, numberedDays bool) (*phrase, error) {
	p := &phrase{words: tokens(text)}
	if numberedDays {
		p.nameDays()
	}
	for p.i < len(p.words) {
		word := p.next()
		var err error
		switch {
		case p.take(fillers...):
		case p.take("every"):
			err = p.every()
		case p.take("hourly"):
			err = p.interval(time.Hour)
		case dayNames[word] != 0:
			err = p.weekdays()
		case p.take("at"):
			err = p.times()
		case p.take("from", "between"):
			err = p.hoursFromTo(true)
		case isTime(word):
			err = p.hoursFromTo(false)
		default:
			err = fmt.Errorf("%q is not understood", word)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// nameDays turns the numbers of cron for the days of the week, 0 to 7, at the
// beginning of a window into names: 1-5 07-20.
func (p *phrase) nameDays() {
	for i := range p.digitsBeforeHours() {
		if d, err := strconv.Atoi(p.words[i]); err == nil {
			p.words[i] = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[d%7]
		}
	}
}

// digitsBeforeHours is how many words at the beginning are days by number, where
// two numbers joined by a dash follow: 7 8-12, 1,3 8-12 and 1-5 7-20.
func (p *phrase) digitsBeforeHours() int {
	for n := len(p.words) - 3; n > 0; n-- {
		if p.words[n+1] != "-" || !isTime(p.words[n]) || !isTime(p.words[n-1]) {
			continue
		}
		for _, word := range p.words[:n] {
			if word != "-" && word != "," && (len(word) != 1 || word < "0" || word > "7") {
				return 0
			}
		}
		return n
	}
	return 0
}

func isTime(word string) bool {
	return word == "noon" || word == "midnight" || word != "" && word[0] >= '0' && word[0] <= '9'
}

// every reads what follows the word.
func (p *phrase) every() error {
	if dayNames[p.next()] != 0 {
		return p.weekdays()
	}
	n, said := numberWords[p.next()], false
	switch {
	case p.take("half"):
		p.take("a", "an")
		if !p.take("hour") {
			return errors.New(`"every half" needs its hour`)
		}
		return p.interval(30 * time.Minute)
	case p.take("quarter"):
		_ = p.take("of") && p.take("an")
		if !p.take("hour") {
			return errors.New(`"every quarter" needs its hour`)
		}
		return p.interval(15 * time.Minute)
	case n > 0:
		p.i++
		said = true
	default:
		var err error
		if n, err = strconv.Atoi(p.next()); err == nil {
			p.i++
			said = true
		} else {
			n = 1
		}
	}
	unit := units[p.next()]
	switch {
	case unit == 0 && said && p.next() == "":
		return fmt.Errorf("%d of what", n)
	case unit == 0 && p.next() == "":
		return errors.New(`"every" says nothing alone`)
	case unit == 0:
		return fmt.Errorf("%q is not understood after \"every\"", p.next())
	}
	p.i++
	if unit == day && n == 1 {
		return p.onDays(1<<7 - 1)
	}
	if n < 1 || n > 366*24*60 {
		return fmt.Errorf("every %d is too little or too much", n)
	}
	return p.interval(time.Duration(n) * unit)
}

func (p *phrase) interval(d time.Duration) error {
	switch {
	case p.Duration != 0:
		return errors.New("it says twice how often")
	case d < time.Minute:
		return errors.New("a minute is the shortest")
	case d%time.Minute != 0:
		return errors.New("only whole minutes can be kept")
	case d > 366*day:
		return errors.New("a year is the longest")
	}
	p.Duration = d
	return nil
}

// weekdays reads a list of days of the week and of stretches of them.
func (p *phrase) weekdays() error {
	var days uint8
	for dayNames[p.next()] != 0 {
		first := dayNames[p.next()]
		p.i++
		days |= first
		if p.i+1 < len(p.words) && p.next() == "-" && dayNames[p.words[p.i+1]] != 0 {
			last := dayNames[p.words[p.i+1]]
			if !single(first) || !single(last) {
				return fmt.Errorf("%q cannot be a range of days", p.words[p.i-1]+"-"+p.words[p.i+1])
			}
			for d := first; ; {
				days |= d
				if d == last {
					break
				}
				if d <<= 1; d == 1<<7 {
					d = 1
				}
			}
			p.i += 2
		}
		at := p.i
		for p.take(",", "and", "on") {
		}
		if dayNames[p.next()] == 0 {
			p.i = at
		}
	}
	return p.onDays(days)
}

func single(days uint8) bool { return days&(days-1) == 0 }

func (p *phrase) onDays(days uint8) error {
	if p.days != 0 {
		return errors.New("it says twice on which days")
	}
	p.days = days
	return nil
}

// times reads a list of times of day.
func (p *phrase) times() error {
	for {
		minute, err := p.time()
		if err != nil {
			return err
		}
		if minute == 24*60 {
			minute = 0
		}
		p.at = append(p.at, minute)
		at := p.i
		for p.take(",", "and", "at") {
		}
		if !isTime(p.next()) {
			p.i = at
			return nil
		}
	}
}

// hoursFromTo reads a stretch of the day.
func (p *phrase) hoursFromTo(joined bool) error {
	if p.hours {
		return errors.New("it says twice in which hours")
	}
	from, err := p.time()
	if err != nil {
		return err
	}
	if !p.take("-") && (!joined || !p.take("and")) {
		return fmt.Errorf("%s: at that time, or from then until when", clockTime(from))
	}
	to, err := p.time()
	switch {
	case err != nil:
		return err
	case from == to || from == 24*60:
		return fmt.Errorf("%s-%s are not hours", clockTime(from), clockTime(to))
	}
	p.hours, p.from, p.to = true, from, to
	return nil
}

// time reads a time of day: 7, 07:30, 7.30, 7 pm, noon; 24:00 is the end of the
// day. It is given in minutes.
func (p *phrase) time() (int, error) {
	word := p.next()
	p.i++
	switch word {
	case "noon":
		return 12 * 60, nil
	case "midnight":
		return 0, nil
	case "":
		return 0, errors.New("a time of day is missing")
	}
	minute, ok := minuteOfDay(strings.Replace(word, ".", ":", 1))
	if ok && minute >= 60 && minute < 13*60 {
		switch {
		case p.take("am"):
			minute %= 12 * 60
		case p.take("pm"):
			minute = minute%(12*60) + 12*60
		}
	}
	p.take("h", "o'clock")
	if !ok {
		return 0, fmt.Errorf("%q is not a time of day", word)
	}
	return minute, nil
}

// minuteOfDay reads 7, 07 or 07:30; 24 is the end of the day.
func minuteOfDay(text string) (int, bool) {
	hour, minute, written := strings.Cut(text, ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m := uint64(0)
	if err == nil && written {
		m, err = strconv.ParseUint(minute, 10, 8)
	}
	n := int(h*60 + m)
	return n, err == nil && m < 60 && n <= 24*60
}

func clockTime(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// window is the stretch of days and hours that a phrase names.
func (p *phrase) window() Window {
	w := Window{days: p.days, to: 24 * 60}
	if p.hours {
		w.from, w.to = p.from, p.to
	}
	if w.days == 0 && p.hours {
		w.days = 1<<7 - 1
	}
	if w.days == 1<<7-1 && w.from == 0 && w.to == 24*60 {
		return Window{}
	}
	return w
}

// spoken reads a schedule in words.
func spoken(expression string) (t Times, err error) {
	p, err := readPhrase(expression, false)
	if err == nil {
		t, err = p.schedule()
	}
	if err == nil {
		return t, nil
	}
	hint := spokenHint
	if better := corrected(expression, func(text string) bool {
		p, err := readPhrase(text, false)
		if err == nil {
			_, err = p.schedule()
		}
		return err == nil
	}); better != "" {
		hint = fmt.Sprintf("did you mean %q?", better)
	}
	return t, statement.WithHint(fmt.Errorf("schedule %q: %w", expression, err), hint)
}

func (p *phrase) schedule() (t Times, err error) {
	switch {
	case p.Duration != 0 && len(p.at) > 0:
		return t, errors.New("it says both how often and at what time")
	case len(p.at) > 0:
		for _, minute := range p.at {
			s, err := cron.ParseStandard(fmt.Sprintf("%d %d * * %s", minute%60, minute/60, cronDays(p.days)))
			if err != nil {
				return t, err
			}
			t.any = append(t.any, s)
		}
		p.days = 0
	case p.Duration == 0 && !p.hours:
		return t, errors.New("it does not say how often, or at what time")
	default:
		every := p.Duration
		if every == 0 {
			every = defaultEvery
		}
		s, err := each(every)
		if err != nil {
			return t, err
		}
		t.any = []cron.Schedule{s}
	}
	t.window = p.window()
	return t, nil
}

// defaultEvery is how often a source is visited that only says in which hours.
const defaultEvery = 30 * time.Minute

// each is a schedule by the clock where the time divides an hour or a day, and
// else one that is counted from 1970.
func each(d time.Duration) (cron.Schedule, error) {
	minutes := int(d / time.Minute)
	switch {
	case minutes < 60 && 60%minutes == 0:
		return cron.ParseStandard(fmt.Sprintf("*/%d * * * *", minutes))
	case minutes%60 == 0 && minutes < 24*60 && 24%(minutes/60) == 0:
		return cron.ParseStandard(fmt.Sprintf("0 */%d * * *", minutes/60))
	}
	return cron.Every(d), nil
}

func cronDays(days uint8) string {
	var list []string
	for d := range 7 {
		if days&(1<<d) != 0 {
			list = append(list, strconv.Itoa(d))
		}
	}
	if len(list) == 0 || len(list) == 7 {
		return "*"
	}
	return strings.Join(list, ",")
}

// corrected puts the nearest words that are understood in the place of those
// that are not, and gives the phrase if it can then be read; "" if not.
func corrected(text string, reads func(string) bool) string {
	known := vocabulary()
	words := tokens(text)
	changed := false
	for i, word := range words {
		if word == "-" || isTime(word) || numberWords[word] > 0 || slices.Contains(known, word) || word == "am" || word == "pm" {
			continue
		}
		near := statement.Nearest(word, known)
		if near == "" {
			return ""
		}
		words[i], changed = near, true
	}
	said := strings.NewReplacer(" - ", "-", " , ", ", ").Replace(strings.Join(words, " "))
	if !changed || !reads(said) {
		return ""
	}
	return said
}
