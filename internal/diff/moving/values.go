package moving

import (
	"regexp"
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
	place string   // the parts of the line that hold values, with … for them
	slots string   // by which lines are held against each other
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

// patterns tell of a segment of a line what moves in it. The first group is the
// value; what is around it stays.
type pattern struct {
	kind Kind
	sure bool
	re   *regexp.Regexp
}

// phrases are the patterns of a whole segment; inline is the one looked for
// inside of a longer one; label is a line that names the number beside it.
var phrases = sync.OnceValue(func() (p struct {
	whole         []pattern
	inline, label *regexp.Regexp
	lead          []pattern // of dates and times: the first group is the lead
}) {
	add := func(kind Kind, sure bool, re string) {
		re = strings.ReplaceAll(re, "NUM", number)
		p.whole = append(p.whole, pattern{kind, sure, regexp.MustCompile(`(?i)^` + re + `$`)})
	}
	of := either(counts)
	add(Count, true, of+`\s*[:：\-–—(\[]*\s*(NUM)\s*[)\]]?\s*(?:times|x|mal|fois|veces|vezes|volte|razy|раза?|次|回|مرة|بار)?\.?`)
	add(Count, true, `[(\[]?(NUM)[)\]]?\s*`+of+`(?:\s(?:today|so far|this week|this month))?\.?`)
	add(Count, true, `(?:this|the) (?:page|article|document|item|post|news|story|text|statement|release) (?:has been |was |is )?(?:viewed|visited|read|opened|seen|accessed|shared|downloaded)(?: by)? (NUM) (?:times|people|visitors|readers|users)(?: today| so far)?\.?`)
	add(Count, true, `you are (?:the |our )?(?:visitor|reader|guest)(?: no\.?| number| nr\.?)?\s*#?(NUM)(?:st|nd|rd|th)?\.?`)
	add(Count, true, `you are (?:the |our )?(NUM)(?:st|nd|rd|th) (?:visitor|reader|guest)\.?`)
	add(Count, true, `diese seite wurde (NUM) ?mal (?:aufgerufen|besucht|gelesen)\.?`)
	add(Count, true, `cette page a été (?:vue|consultée|lue) (NUM) fois\.?`)
	add(Count, true, `esta página ha sido (?:vista|visitada|leída) (NUM) veces\.?`)
	add(Count, true, `(?:эта )?страница просмотрена (NUM) раза?\.?`)
	add(Count, true, `(?:this )?(?:page |site )?(?:was )?(?:generated|rendered|loaded|created|served|executed)(?: in| within)?:?\s*(NUM)\s*(?:ms|s|secs?|seconds|milliseconds)\.?`)
	add(Count, true, `(?:request|session|trace|page|visit|cache|correlation|ray|transaction)[ -]?id\s*[:#]?\s*([0-9A-Za-z][0-9A-Za-z+/_=.-]{3,80})`)
	leads := either(touched + "|" + shownAt + "|" + now)
	for _, age := range ages {
		age = strings.ReplaceAll(strings.ReplaceAll(age, "N", "NUM"), " ", `\s`)
		add(Age, true, `(?:`+leads+`\s*[:：]?\s*)?(`+age+`)\.?`)
	}
	add(Value, false, `[(\[]?([+−-]?NUM\s*(?:°\s?[CF]?|%|[$€£¥₽₴₺]|USD|EUR)?)[)\]]?`)
	add(Value, false, `((?:[$€£¥₽₴₺]|USD|EUR)\s?NUM)`)
	add(Value, false, `(?:\p{L}+\s){0,2}\p{L}+:?\s([+−-]?NUM\s?°\s?[CF]?)`)
	add(Value, false, `[A-Z]{3}(?:\s?/\s?[A-Z]{3})\s*[:=]?\s*(NUM)`)
	add(Value, false, `([0-9a-f]{8,64}|[0-9A-Za-z+/_=-]{16,100})`)
	p.inline = regexp.MustCompile(strings.ReplaceAll(`(?i)(?:^|[\s(])`+of+`\s*[:：]\s*(NUM)`, "NUM", number))
	p.label = regexp.MustCompile(`(?i)^` + of + `\s*[:：]?$`)
	p.lead = []pattern{
		{Clock, true, regexp.MustCompile(`(?i)^(` + either(touched+"|"+now) + `[\s:：,–-]\s*)`)},
		{Clock, false, regexp.MustCompile(`(?i)^(` + either(shownAt) + `[\s:：,–-]\s*)`)},
	}
	return p
})

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
			for _, m := range phrases().inline.FindAllStringSubmatchIndex(s, 8) {
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
	f.slots = f.place
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
func agelike(text string) bool { return len(text) <= 80 }

// segmentValue finds the value of a segment; kind is empty if none moves in it.
func segmentValue(s string, whole bool) (kind Kind, sure bool, at, to int) {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" || len(trimmed) > 160 {
		return "", false, 0, 0
	}
	offset := strings.Index(s, trimmed)
	for _, p := range phrases().whole {
		if p.kind == Value && !whole {
			continue
		}
		m := p.re.FindStringSubmatchIndex(trimmed)
		if m == nil || p.kind == Value && !valueLike(trimmed[m[2]:m[3]]) {
			continue
		}
		return p.kind, p.sure, offset + m[2], offset + m[3]
	}
	from, sure, led := 0, false, false
	for _, p := range phrases().lead {
		if m := p.re.FindStringSubmatchIndex(trimmed); m != nil {
			from, sure, led = m[3], p.sure, true
			break
		}
	}
	exact, ok := moment(strings.TrimRight(trimmed[from:], "."))
	if !ok || !led && !whole && !exact {
		return "", false, 0, 0
	}
	return Clock, sure || exact, offset + from, offset + len(trimmed)
}

// valueLike refuses words: a token has digits and, where it is long, letters.
func valueLike(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

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
		if phrases().label.MatchString(text) {
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
