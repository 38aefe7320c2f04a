package moving

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"volteface/internal/diff"
)

// form is a line taken apart into words that stay and values that may move.
type form struct {
	kind  Kind
	sure  bool
	bare  bool     // a value without a word that tells what it is
	parts []string // what stays and, at every odd place, a value
	place string   // the parts of the line that hold values, with … for them; by it lines are held against each other
	drop  string
}

func (f form) moves() bool { return len(f.parts) > 1 }

// with is the line with the values of another of the same form.
func (f form) with(other form) string {
	var b strings.Builder
	for i, part := range f.parts {
		if i%2 == 1 && i < len(other.parts) {
			part = other.parts[i]
		}
		b.WriteString(part)
	}
	return b.String()
}

// number is a number as pages write it: in any digits, grouped, with K or M.
const number = `\p{Nd}+(?:[.,'’٬٫\x{a0}\x{202f} ]\p{Nd}+)*(?:\s?[kKmM])?`

// words are the lexicon made ready; see lexicon.go.
var words = sync.OnceValue(func() (w struct {
	counts, shown map[string]bool
	labels, leads []string // the longest first
	sentences     []*regexp.Regexp
	ages          *regexp.Regexp
}) {
	set := func(lists ...string) map[string]bool {
		m := map[string]bool{}
		for _, list := range lists {
			for word := range strings.SplitSeq(list, "|") {
				if word = strings.TrimSpace(word); word != "" {
					m[word] = true
				}
			}
		}
		return m
	}
	longest := func(m map[string]bool) []string {
		return slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	}
	w.counts, w.shown = set(counts), set(shownAt)
	w.labels, w.leads = longest(w.counts), longest(set(touched, shownAt, now))
	for _, re := range sentences {
		w.sentences = append(w.sentences, regexp.MustCompile(`^`+strings.ReplaceAll(re, "NUM", "("+number+")")+`\.?$`))
	}
	// Spaces of any kind have become one by then.
	w.ages = regexp.MustCompile(`^(?:` + strings.ReplaceAll(strings.Join(ages, "|"), "N", number) + `)\.?$`)
	return w
})

var (
	numbers = regexp.MustCompile(number)
	colon   = regexp.MustCompile(`[:：]\s*(` + number + `)`)
	bare    = []*regexp.Regexp{
		regexp.MustCompile(`^[(\[]?([+−-]?` + number + `\s*(?:°\s?[CFcf]?|%|[$€£¥₽₴₺]|USD|EUR)?)[)\]]?$`),
		regexp.MustCompile(`^((?:[$€£¥₽₴₺]|USD|EUR)\s?` + number + `)$`),
		regexp.MustCompile(`^(?:\p{L}+\s){0,2}\p{L}+:?\s([+−-]?` + number + `\s?°\s?[CFcf]?)$`),
		regexp.MustCompile(`^[A-Z]{3}(?:\s?/\s?[A-Z]{3})\s*[:=]?\s*(` + number + `)$`),
		regexp.MustCompile(`^([0-9a-fA-F]{8,64}|[0-9A-Za-z+/_=-]{16,100})$`),
	}
)

// between divides a line into segments: bars, dots, dashes, wide gaps, and the
// ends of sentences.
var between = regexp.MustCompile(`\s*[|•·‖／]\s*|\s+[–—-]\s+|\s{2,}|\t|[.!?؟。]\s+`)

// read takes line i apart. A line that says more than a page says of itself has
// no values that move.
func read(lines []line, i int) (f form) {
	text := lines[i].text
	if text == "" || len(text) > maxLine || !strings.ContainsFunc(text, unicode.IsDigit) && !agelike(text) {
		return form{}
	}
	var places, drops []string
	stay, all := "", true
	f.sure = true
	value := func(kind Kind, sure bool, segment string, at, to int) {
		if f.kind == "" {
			f.kind = kind
		}
		f.sure = f.sure && sure
		f.parts = append(f.parts, stay+segment[:at], segment[at:to])
		stay = segment[to:]
		drops = append(drops, regexp.QuoteMeta(f.parts[len(f.parts)-2]), ".+")
		places = append(places, strings.TrimSpace(clip(segment[:at])+"…"+clip(segment[to:])))
	}
	segment := func(s string, whole bool) {
		kind, sure, at, to := segmentValue(s, whole)
		switch {
		case kind != "":
			f.bare = whole && (kind == Value || kind == Clock && !sure)
			value(kind, sure, s, at, to)
			return
		case s == "":
			return
		}
		rest, from := s, 0
		if len(strings.Fields(s)) <= 12 && !strings.ContainsAny(s[len(s)-1:], ".!?") {
			for _, m := range colon.FindAllStringSubmatchIndex(s, 8) {
				if !labelled(s[from:m[0]]) {
					continue
				}
				value(Count, true, s[from:m[3]], m[2]-from, m[3]-from)
				stay = ""
				from = m[3]
			}
			rest = s[from:]
		}
		all = all && from > 0 && strings.TrimSpace(rest) == ""
		stay += rest
	}
	cuts := between.FindAllStringIndex(text, 32)
	if kind, _, _, _ := segmentValue(text, true); kind != "" || len(cuts) == 0 {
		segment(text, true)
	} else {
		from := 0
		for _, cut := range append(cuts, []int{len(text), len(text)}) {
			end := cut[0]
			if end < len(text) && strings.IndexByte(".!?", text[end]) >= 0 {
				end++
			}
			end = min(end, cut[1])
			segment(text[from:end], false)
			stay += text[end:cut[1]]
			from = cut[1]
		}
	}
	if len(f.parts) == 0 {
		return form{}
	}
	if f.bare {
		if label, known := besides(lines, i); known {
			f.bare, f.sure, f.kind = false, true, Count
			places[0] = label + " " + places[0]
		} else if label != "" {
			return form{} // a number under a name is news: killed, 12
		}
	}
	f.parts = append(f.parts, stay)
	f.place = strings.Join(places, " | ")
	if all {
		f.drop = "^" + strings.Join(drops, "") + regexp.QuoteMeta(stay) + "$"
	}
	return f
}

// clip keeps the words around a value short.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	runes := []rune(s)
	return string(runes[:most])
}

// agelike tells whether a line without digits may say an age: just now.
func agelike(text string) bool {
	return len(text) <= 80 && slices.ContainsFunc(ageCues, func(cue string) bool { return strings.Contains(strings.ToLower(text), cue) })
}

// labelled tells whether a text ends with a label of a count.
func labelled(text string) bool {
	lower := strings.TrimRight(strings.ToLower(text), " \u00a0")
	return slices.ContainsFunc(words().labels, func(label string) bool {
		rest, is := strings.CutSuffix(lower, label)
		last, _ := utf8.DecodeLastRuneInString(rest)
		return is && (rest == "" || unicode.IsSpace(last) || last == '(')
	})
}

// segmentValue finds the value of a segment; kind is empty if none moves in it.
func segmentValue(s string, whole bool) (kind Kind, sure bool, at, to int) {
	trimmed := strings.TrimSpace(s)
	const longest = 100 // characters of what a page says of itself
	if trimmed == "" || utf8.RuneCountInString(trimmed) > longest {
		return "", false, 0, 0
	}
	from := strings.Index(s, trimmed)
	lower := strings.ToLower(trimmed)
	if len(lower) != len(trimmed) { // İ: places would not agree
		lower = trimmed
	}
	if at, to, ok := counted(lower); ok {
		return Count, true, from + at, from + to
	}
	lead, led, shown := leadOf(lower)
	if aged(lower[lead:]) {
		return Age, true, from + lead, from + len(strings.TrimRight(trimmed, "."))
	}
	if exact, ok := moment(strings.TrimRight(trimmed[lead:], ".")); ok && (led || whole || exact) {
		return Clock, led && !shown || exact, from + lead, from + len(trimmed)
	}
	if !whole || !strings.ContainsFunc(trimmed, unicode.IsDigit) {
		return "", false, 0, 0
	}
	for _, re := range bare {
		if m := re.FindStringSubmatchIndex(trimmed); m != nil {
			return Value, false, from + m[2], from + m[3]
		}
	}
	return "", false, 0, 0
}

// counted finds the number in a segment, in small letters, that counts views.
func counted(lower string) (at, to int, ok bool) {
	found := numbers.FindAllStringIndex(lower, 2)
	if len(found) == 0 {
		return 0, 0, false
	}
	if len(found) == 1 {
		at, to := found[0][0], found[0][1]
		before := one(strings.Trim(lower[:at], " \t\u00a0:：-–—(["))
		after := one(strings.Trim(lower[to:], " \t\u00a0)]."))
		switch {
		case words().counts[before] && (after == "" || times[after]):
			return at, to, true
		case before == "" && (words().counts[after] || words().counts[withoutPeriod(after)]):
			return at, to, true
		}
	}
	if !strings.ContainsFunc(lower, unicode.IsSpace) || !slices.ContainsFunc(sentenceCues, func(cue string) bool { return strings.Contains(lower, cue) }) {
		return 0, 0, false
	}
	for _, re := range words().sentences {
		if m := re.FindStringSubmatchIndex(lower); m != nil {
			return m[2], m[3], true
		}
	}
	return 0, 0, false
}

// withoutPeriod takes "today" off a label: 12 views today.
func withoutPeriod(label string) string {
	for _, p := range []string{" today", " so far", " this week", " this month"} {
		label = strings.TrimSuffix(label, p)
	}
	return label
}

// one makes any white space one space.
func one(s string) string { return strings.Join(strings.Fields(s), " ") }

// leadOf gives where a segment goes on behind a lead such as "last updated:", and
// whether it may lead to the statement's own date.
func leadOf(lower string) (end int, led, shown bool) {
	for _, lead := range words().leads {
		rest, is := strings.CutPrefix(lower, lead)
		if !is || rest == "" {
			continue
		}
		trimmed := strings.TrimLeft(rest, " \t\u00a0:：,–-")
		if next, _ := utf8.DecodeRuneInString(rest); trimmed == rest && unicode.IsLetter(next) || trimmed == "" {
			continue
		}
		return len(lower) - len(trimmed), true, words().shown[lead]
	}
	return 0, false, false
}

// aged tells whether a segment in small letters is an age.
func aged(lower string) bool {
	return len(lower) <= 120 && slices.ContainsFunc(ageCues, func(cue string) bool { return strings.Contains(lower, cue) }) && words().ages.MatchString(one(lower))
}

var (
	timeOfDay = regexp.MustCompile(`(?i)^\p{Nd}{1,2}[:.h]\p{Nd}{2}(?:[:.](\p{Nd}{2}))?(?:am|pm|uhr|h|z)?$`)
	figure    = regexp.MustCompile(`(?i)^\p{Nd}{1,4}(?:st|nd|rd|th|er|\.|º|ª|年|月|日|년|월|일|时|時|点|分|秒)?$`)
	numeric   = regexp.MustCompile(`^\p{Nd}{1,4}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{2,4}\.?$`)
	iso       = regexp.MustCompile(`^\p{Nd}{4}-\p{Nd}{2}-\p{Nd}{2}[Tt]\p{Nd}{2}:\p{Nd}{2}(?::\p{Nd}{2}(?:\.\p{Nd}+)?)?(?:[Zz]|[+-]\p{Nd}{2}:?\p{Nd}{2})?$`)
	eastern   = regexp.MustCompile(`^\p{Nd}{2,4}[年년]\p{Nd}{1,2}[月월]\p{Nd}{1,2}[日일](?:\p{Nd}{1,2}[时時点:]\p{Nd}{1,2}分?)?$`)
	zoned     = regexp.MustCompile(`(?i)^\(?(?:utc|gmt)?[+−-]\p{Nd}{1,2}(?::?\p{Nd}{2})?\)?$`)
)

// moment reads a date, a time or both, with nothing beside them. exact tells that
// seconds are shown: only clocks show them.
func moment(s string) (exact, ok bool) {
	words := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == '،' || r == '(' || r == ')' || r == '、'
	})
	if len(words) == 0 || len(words) > 14 {
		return false, false
	}
	anchor := false
	for _, w := range words {
		switch m := timeOfDay.FindStringSubmatch(w); {
		case m != nil:
			anchor = true
			exact = exact || m[1] != "" && strings.Contains(w, ":")
		case numeric.MatchString(w), iso.MatchString(w), eastern.MatchString(w):
			anchor = true
		case diff.IsMonth(w), diff.IsMonth(strings.TrimSuffix(w, ".")):
			anchor = true
		case moments[strings.ToLower(strings.TrimSuffix(w, "."))], figure.MatchString(w), zoned.MatchString(w), w == "-", w == "–", w == "/":
		default:
			return false, false
		}
	}
	return exact, anchor && strings.ContainsFunc(s, unicode.IsDigit)
}

// besides gives the words that stand where a label of line i would: known if they
// name a count of views, empty if there are none.
func besides(lines []line, i int) (label string, known bool) {
	for _, k := range []int{i - 1, i + 1} {
		if k < 0 || k >= len(lines) {
			continue
		}
		text := strings.TrimSpace(lines[k].text)
		if words().counts[one(strings.ToLower(strings.TrimRight(text, ":： ")))] {
			return text, true
		}
		if _, dated := moment(text); dated || text == "" {
			continue
		}
		short := len(strings.Fields(text)) <= 6 && len(text) <= 80
		if kind, _, _, _ := segmentValue(text, false); short && kind == "" && strings.ContainsFunc(text, unicode.IsLetter) && !strings.ContainsAny(text[len(text)-1:], ".!?") {
			label = text
		}
	}
	return label, false
}

// Ago reports whether a string says no more than how long ago something was:
// a date that moves by itself.
func Ago(s string) bool {
	kind, _, _, _ := segmentValue(s, false)
	return kind == Age
}
