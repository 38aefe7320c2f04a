package diff

import (
	"strconv"
	"strings"
)

// quantities are the values of the numbers in a list of words, those of
// amounts with their scale. Number words count where with is set.
func quantities(list []word, with bool) (values []float64) {
	for _, w := range list {
		switch w.form {
		case aNumber, anAmount:
			if v, ok := valueOf(w.lower); ok {
				values = append(values, v)
			}
		case aWord:
			if v, is := numerals[w.lower]; is && with {
				values = append(values, v)
			}
		}
	}
	return values
}

// valueOf reads a number: "$1.2 billion", "30th", "7,500", "16-year" up to what
// is no digit. Commas group, and so do full stops where three digits follow
// each; a comma before one or two digits is a decimal one.
func valueOf(text string) (float64, bool) {
	text = latinDigits(text)
	i := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' })
	if i < 0 {
		return 0, false
	}
	j := i
	for j < len(text) && (text[j] >= '0' && text[j] <= '9' || (text[j] == '.' || text[j] == ',') && j+1 < len(text) && text[j+1] >= '0' && text[j+1] <= '9') {
		j++
	}
	digits := text[i:j]
	if k := strings.LastIndexByte(digits, ','); k >= 0 && len(digits)-k-1 != 3 && strings.Count(digits, ",") == 1 && !strings.Contains(digits, ".") {
		digits = strings.Replace(digits, ",", ".", 1)
	}
	digits = strings.ReplaceAll(digits, ",", "")
	if strings.Count(digits, ".") > 1 { // a code, or groups
		digits = strings.ReplaceAll(digits, ".", "")
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, false
	}
	for word := range strings.FieldsSeq(text[j:]) {
		if s, is := scales[word]; is || scaleLetters[word] > 0 {
			s = max(s, scaleLetters[word])
			v *= s
		}
	}
	return v, true
}

// scaleLetters follow a figure at once: $5M.
var scaleLetters = map[string]float64{"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}

// dates are the moments named in a list of words, in one notation.
func dates(list []word) (named []string) {
	for _, w := range list {
		if w.form == aDate {
			named = append(named, dateOf(w.lower))
		} else if w.form == aWord && monthOf(w.text) > 0 {
			named = append(named, strconv.Itoa(monthOf(w.text))+"/")
		} else if w.form == aNumber && isYear(w.lower) {
			named = append(named, w.lower)
		}
	}
	return named
}

// zeros are the zeros of the digits of other scripts: Arabic, Persian, Devanagari,
// Bengali, Thai, full width.
var zeros = [...]rune{'٠', '۰', '०', '০', '๐', '０'}

// latinDigits writes a number with the digits 0 to 9, whatever its script.
func latinDigits(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x660 }) {
		return text
	}
	return strings.Map(func(r rune) rune {
		for _, zero := range zeros {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		switch r {
		case '٫':
			return '.'
		case '٬':
			return ','
		}
		return r
	}, text)
}

// dateOf writes a date with a month's name as month/day/year, whatever its
// order and notation; what has none stays as it is.
func dateOf(text string) string {
	text = latinDigits(text)
	var month, day, year string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == ',' || r == '.' }) {
		switch {
		case months[part] > 0:
			month = strconv.Itoa(months[part])
		case isYear(part):
			year = part
		case isDay(part):
			day = strings.TrimLeft(strings.TrimRight(part, "stndrh"), "0")
		}
	}
	if month == "" {
		return text
	}
	return month + "/" + day + "/" + year
}

// sameRange tells whether two lists of words are the same days of the same months in
// another notation: "3 to 5 June 2024", "June 3-5, 2024".
func sameRange(gone, come []word) bool {
	a, ok := rangeOf(gone)
	if !ok {
		return false
	}
	b, ok := rangeOf(come)
	return ok && a == b
}

// rangeOf writes the days, months and years of a list of words that is nothing else and
// has two days or more; it is false of any other list.
func rangeOf(list []word) (days string, ok bool) {
	var named, years string
	if len(list) > 12 {
		return "", false
	}
	n := 0
	for _, w := range list {
		for part := range strings.FieldsFuncSeq(latinDigits(w.lower), func(r rune) bool { return strings.ContainsRune(" ,.-/", r) }) {
			switch {
			case part == "to", part == "until", part == "through", part == "from", part == "the", part == "of", part == "on":
			case months[part] > 0:
				named += strconv.Itoa(months[part]) + " "
			case isYear(part):
				years += part + " "
			case isDay(part):
				days += strings.TrimLeft(strings.TrimRight(part, "stndrh"), "0") + " "
				n++
			default:
				return "", false
			}
		}
	}
	return days + "/" + named + "/" + years, n > 1 && named != ""
}

// unshared gives what of two lists is not in both, counting repeats.
func unshared[T comparable](a, b []T) (onlyA, onlyB []T) {
	return unsharedBy(a, b, func(v T) T { return v })
}

// unsharedBy is unshared for what is the same if it has the same key. Of several, the first
// are shared.
func unsharedBy[T any, K comparable](a, b []T, key func(T) K) (onlyA, onlyB []T) {
	have, shared := map[K]int{}, map[K]int{}
	for _, v := range b {
		have[key(v)]++
	}
	for _, v := range a {
		if k := key(v); shared[k] < have[k] {
			shared[k]++
		} else {
			onlyA = append(onlyA, v)
		}
	}
	for _, v := range b {
		if k := key(v); shared[k] > 0 {
			shared[k]--
		} else {
			onlyB = append(onlyB, v)
		}
	}
	return onlyA, onlyB
}

// clock reads a text that is nothing but a time of day, in minutes: "12 noon",
// "3 p.m.", "15:00"; -1 if it is none.
func clock(text string) int {
	text = strings.ToLower(strings.Trim(fold(text), " .,;()"))
	text = strings.NewReplacer("a.m", "am", "p.m", "pm", ".", ":").Replace(text)
	i := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != ':' })
	half := ""
	if i >= 0 {
		text, half = text[:i], strings.TrimSpace(text[i:])
	}
	if text == "" {
		switch half {
		case "noon", "midday":
			return 12 * 60
		case "midnight":
			return 0
		}
		return -1
	}
	h, m, _ := strings.Cut(text, ":")
	hours, err := strconv.Atoi(h)
	minutes := 0
	if err == nil && m != "" {
		minutes, err = strconv.Atoi(m)
	}
	if err != nil || hours > 24 || minutes > 59 || m == "" && half == "" {
		return -1
	}
	switch half {
	case "am":
		hours %= 12
	case "pm":
		hours = hours%12 + 12
	case "", "noon", "midday", "h", "hrs", "hours", "uhr", "o'clock":
	case "midnight":
		hours = 0
	default:
		return -1
	}
	return hours*60 + minutes
}

// measures are the currencies and units of the amounts in a list of words, each
// in one notation.
func measures(list []word) (names []string) {
	for _, w := range list {
		if w.form != anAmount {
			continue
		}
		for part := range strings.FieldsFuncSeq(w.lower, func(r rune) bool { return r == ' ' || r >= '0' && r <= '9' || r == '.' || r == ',' }) {
			if name, is := measure[part]; is {
				names = append(names, name)
			}
		}
	}
	return names
}

var measure = func() map[string]string {
	names := map[string]string{}
	for _, list := range strings.Split("$ dollar dollars us$|c$ cad$|a$ aud$|€ euro euros евро|£ pounds|¥ ￥ yen|yuan|₽ roubles rubles рублей|₴ гривен|₹|% percent prozent процент процента процентов|"+
		"km kilometers kilometres|miles|kg|tons tonnes|mw|gw|kw|acres|hectares|barrels", "|") {
		words := strings.Fields(list)
		for _, w := range words {
			names[w] = words[0]
		}
	}
	return names
}()
