package claim

import (
	"math"
	"strconv"
	"strings"
)

// Quantity is a number with what is counted or measured. Unit is a key: "ton", "percent",
// "euro", a noun; "" where there is none.
type Quantity struct {
	Value float64 `json:"v"`
	Unit  string  `json:"u,omitempty"`
	// Rough tells that the text says about, nearly, at least.
	Rough bool `json:"r,omitempty"`
	// Limit tells that the text says up to, no more than.
	Limit bool `json:"l,omitempty"`
	// Denied tells that the text says "and not", "instead of" the number, or calls it unlikely.
	Denied     bool `json:"d,omitempty"`
	Start, End int  `json:"-"`
	first, end int  // words
}

var numerals = map[string]float64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
}
var powers = map[string]float64{"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9, "tn": 1e12}

var months = map[string]int{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
	"october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12}

// Date is a date that a sentence names; what it leaves open is 0.
type Date struct {
	Year  int `json:"y,omitempty"`
	Month int `json:"m,omitempty"`
	Day   int `json:"d,omitempty"`
}

// figures finds the quantities and dates of a sentence. taken gets the words that are
// parts of them.
func (t *tree) figures(taken []bool) (quantities []Quantity, dates []Date) {
	n := len(t.words)
	for i := 0; i < n; i++ {
		if month := t.month(i); month > 0 {
			d := Date{Month: month}
			taken[i] = true
			if day := t.dayNumber(i - 1); day > 0 {
				d.Day = day
				taken[i-1] = true
			} else if i > 1 && t.lower[i-1] == "of" && t.dayNumber(i-2) > 0 {
				d.Day = t.dayNumber(i - 2)
				taken[i-2] = true
			} else if day := t.dayNumber(i + 1); day > 0 {
				d.Day = day
				taken[i+1] = true
			}
			for k := i + 1; k <= i+3 && k < n; k++ {
				if y := year(t.lower[k]); y > 0 {
					d.Year = y
					taken[k] = true
					break
				}
				if t.lower[k] != "," && !taken[k] {
					break
				}
			}
			dates = append(dates, d)
		}
	}
	for i := 0; i < n; {
		if taken[i] {
			i++
			continue
		}
		v, end := t.numberAt(i, taken)
		if end == i {
			i++
			continue
		}
		if y := year(t.lower[i]); y > 0 && end == i+1 && !t.measured(i) {
			dates = append(dates, Date{Year: y})
			taken[i] = true
			i = end
			continue
		}
		if t.identifies(i, end) {
			i = end
			continue
		}
		q := Quantity{Value: v, first: i, end: end, Start: t.words[i].Start, End: t.words[end-1].End}
		q.Unit = t.unit(i, end)
		q.Rough = t.rough(i)
		q.Limit = i > 1 && t.lower[i-1] == "to" && t.lower[i-2] == "up"
		q.Denied = t.deniedNumber(i) || t.unlikelyNumber(i)
		for k := i; k < end; k++ {
			taken[k] = true
		}
		if q.Unit == "one" {
			i = end
			continue
		}
		quantities = append(quantities, q)
		i = end
	}
	return quantities, dates
}

// identifies tells a number that is a name: "Lot 7714", "Unit 2", "Order 14237".
func (t *tree) identifies(i, end int) bool {
	if i == 0 || end != i+1 || !t.noun(i-1) || months[t.lower[i-1]] > 0 {
		return false
	}
	if _, ok := parseDigits(t.lower[i]); !ok || strings.ContainsAny(t.lower[i], ".,") {
		return false
	}
	if _, ok := currencies[t.lower[i-1]]; ok {
		return false
	}
	if end < len(t.words) && (t.lower[end] == "%" || t.lower[end] == "percent" || t.lower[end] == "per" || powers[t.lower[end]] > 0) {
		return false
	}
	if t.base(i) == "nummod" && t.words[i].Head > i {
		return false
	}
	return !strings.Contains(t.words[i-1].Feats, "Number=Plur")
}

func (t *tree) month(i int) int {
	m := months[strings.TrimSuffix(t.lower[i], ".")]
	if m == 0 || t.words[i].Form[0] < 'A' || t.words[i].Form[0] > 'Z' {
		return 0
	}
	if (t.lower[i] == "may" || t.lower[i] == "march") && t.words[i].UPOS != "PROPN" && t.words[i].UPOS != "NOUN" && t.dayNumber(i-1) == 0 && t.dayNumber(i+1) == 0 {
		return 0
	}
	return m
}

// dayNumber reads the day of a month, 0 if the word is none.
func (t *tree) dayNumber(i int) int {
	if i < 0 || i >= len(t.words) {
		return 0
	}
	w := t.lower[i]
	if d, ok := ordinals[w]; ok {
		return d
	}
	w = strings.TrimRight(w, "stndrh")
	if d, err := strconv.Atoi(w); err == nil && d >= 1 && d <= 31 && len(w) <= 2 {
		return d
	}
	return 0
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}

func year(w string) int {
	w = strings.TrimSuffix(w, "s")
	if len(w) != 4 {
		return 0
	}
	y, err := strconv.Atoi(w)
	if err != nil || y < 1800 || y > 2100 {
		return 0
	}
	return y
}

// measured tells whether a number that could be a year counts something.
func (t *tree) measured(i int) bool {
	if t.base(i) == "nummod" {
		h := t.words[i].Head
		return h > i && h < len(t.words) && t.words[h].UPOS == "NOUN" && strings.Contains(t.words[h].Feats, "Number=Plur")
	}
	return false
}

// numberAt reads the longest number that begins at a word and gives the word after it.
func (t *tree) numberAt(i int, taken []bool) (float64, int) {
	n := len(t.words)
	var total, current float64
	seen, at := false, i
	digits := false
	for at < n && !taken[at] {
		w := strings.ReplaceAll(t.lower[at], "‑", "-")
		if v, ok := parseDigits(w); ok {
			if seen {
				break
			}
			current, seen, digits = v, true, true
		} else if v, ok := numeralWord(w); ok && !digits {
			if w == "dozen" && seen {
				current *= 12
			} else {
				current += v
			}
			seen = true
		} else if p, ok := powers[strings.TrimSuffix(w, "s")]; ok && (seen || (w == "hundred" || w == "thousand" || w == "million" || w == "billion") && i > 0 && (t.lower[i-1] == "a" || t.lower[i-1] == "an")) && !(len(w) == 1 && !digits) {
			if !seen {
				current = 1
			}
			seen = true
			if p == 100 {
				current *= 100
			} else {
				total += current * p
				current = 0
			}
		} else if w == "and" && seen && !digits && at+1 < n && at > i {
			if _, ok := numeralWord(t.lower[at+1]); ok && (powers[t.lower[at-1]] > 0) {
			} else if at+2 < n && t.lower[at+1] == "a" && t.lower[at+2] == "half" {
				current += 0.5
				at += 2
			} else {
				break
			}
		} else if w == "-" && seen && at+1 < n && t.words[at].End == t.words[at+1].Start && t.words[at].Start == t.words[at-1].End {
			if _, ok := numerals[t.lower[at+1]]; !ok {
				break
			}
		} else {
			break
		}
		at++
	}
	if !seen {
		return 0, i
	}
	if v := t.lower[i]; v == "zero" && at < n && t.lower[at] == "-" { // "zero-tolerance"
		return 0, i
	}
	v := total + current
	if at == i+1 && t.lower[i] == "one" { // mostly no number: "one of", "no one", "one must"
		if !(at < n && t.words[i].UPOS == "NUM" && t.base(i) == "nummod") {
			return 0, i
		}
	}
	return v, at
}

func numeralWord(w string) (float64, bool) {
	if v, ok := numerals[w]; ok {
		return v, true
	}
	if a, b, ok := strings.Cut(w, "-"); ok {
		x, ok1 := numerals[a]
		y, ok2 := numerals[b]
		if ok1 && ok2 && x >= 20 {
			return x + y, true
		}
	}
	return 0, false
}

func parseDigits(w string) (float64, bool) {
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0, false
	}
	w = strings.ReplaceAll(w, ",", "")
	v, err := strconv.ParseFloat(w, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

var currencies = map[string]string{"$": "dollar", "£": "pound", "€": "euro", "us$": "dollar", "¥": "yen"}

// unit is what a number counts: the sign before it, or the noun it stands with.
func (t *tree) unit(first, end int) string {
	n := len(t.words)
	if first > 0 {
		if c, ok := currencies[t.lower[first-1]]; ok {
			return c
		}
	}
	if end < n {
		switch {
		case t.lower[end] == "%" || t.lower[end] == "percent":
			return "percent"
		case t.lower[end] == "per" && end+1 < n && strings.HasPrefix(t.lower[end+1], "cent"):
			return "percent"
		case t.lower[end] == "percentage":
			return "percent"
		}
	}
	for k := first; k < end; k++ {
		if t.base(k) == "nummod" {
			if h := t.words[k].Head; h >= end && h < n && h <= end+4 && t.noun(h) {
				return t.name[h]
			}
		}
	}
	for k := end; k < n && k < end+3; k++ {
		switch t.words[k].UPOS {
		case "NOUN":
			if k+1 < n && t.words[k+1].UPOS == "NOUN" {
				continue
			}
			return t.name[k]
		case "ADJ", "DET":
			continue
		}
		if t.lower[k] == "of" && k == end {
			continue
		}
		break
	}
	return ""
}

var roughWords = map[string]bool{"about": true, "around": true, "roughly": true, "approximately": true, "nearly": true, "almost": true, "some": true,
	"over": true, "least": true, "most": true, "than": true, "circa": true, "up": true, "under": true, "exceeding": true, "to": true}

func (t *tree) rough(first int) bool {
	for k := first - 1; k >= 0 && k >= first-3; k-- {
		if roughWords[t.lower[k]] && !(t.lower[k] == "to" && !(k > 0 && (t.lower[k-1] == "up" || t.lower[k-1] == "close"))) {
			return true
		}
	}
	return false
}

// unlikelyNumber tells a number that is not to be reached: "the goal of 62,500 seems
// unlikely".
func (t *tree) unlikelyNumber(i int) bool {
	for steps := 0; steps < 4; steps++ {
		h := t.words[i].Head
		if h < 0 {
			return false
		}
		if t.is(i, "nsubj", "nsubj:pass") {
			if neg, _ := t.negated(h); neg {
				return false
			}
			if c := t.child(h, "xcomp"); c >= 0 && sides[t.name[c]].Agree(unlikely) {
				return true
			}
			return sides[t.name[h]].Agree(unlikely)
		}
		i = h
	}
	return false
}

func (t *tree) deniedNumber(first int) bool {
	for k := first - 1; k >= 0 && k >= first-4; k-- {
		switch t.lower[k] {
		case "not", "than":
			return t.lower[k] == "not" || k > 0 && t.lower[k-1] == "rather"
		case "of":
			if k > 0 && t.lower[k-1] == "instead" {
				return true
			}
		case ",", ";", "and", "but":
			return false
		}
		if reaching[t.name[k]] {
			return false // "will not reach 500" is no word on whether 500 is the aim
		}
	}
	return false
}

var reaching = set(`reach achieve attain meet hit`)
