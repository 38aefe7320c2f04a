package learn

import (
	"regexp"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// reader reads dates as the source will.
type reader struct {
	x     *extract.Extractor
	about About
	now   time.Time
}

func newReader(about About) (*reader, error) {
	x, err := extract.New(statement.Source{
		ID: "learn", Kind: statement.KindListing, URL: "https://learn.invalid/", Language: about.Language, Timezone: about.Timezone,
		Issuer: statement.Issuer{Government: about.Government},
	})
	return &reader{x, about, about.Now}, err
}

// form is how a date stands in a string: alone, or cut out by a pattern; read as
// people write dates, or by a layout where the order of figures is not plain.
type form struct {
	pattern, layout string
}

// forms are tried in order. Digits are those of any script.
var forms = []form{
	{},
	{pattern: `(\p{Nd}{4}[-/.]\p{Nd}{1,2}[-/.]\p{Nd}{1,2})`},
	{pattern: `(\p{Han}{0,2}\p{Nd}{1,4}年\p{Nd}{1,2}月\p{Nd}{1,2}日)`},
	{pattern: `(\p{Nd}{4}년\s?\p{Nd}{1,2}월\s?\p{Nd}{1,2}일)`},
	{pattern: `(\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{4})`},
	{pattern: `(\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{4})`, layout: "2/1/2006"},
	{pattern: `(\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{4})`, layout: "1/2/2006"},
	{pattern: `(\p{Nd}{1,2}(?:st|nd|rd|th|er|º|\.)?(?:\s+de|\s+of)?\s+[\p{L}\p{M}]{2,15}\.?,?(?:\s+de)?\s+\p{Nd}{4})`},
	{pattern: `([\p{L}\p{M}]{3,15}\.?\s+\p{Nd}{1,2}(?:st|nd|rd|th)?,?\s+\p{Nd}{4})`},
}

var compiledForms = func() (all []*regexp.Regexp) {
	for _, f := range forms {
		if f.pattern == "" {
			all = append(all, nil)
			continue
		}
		all = append(all, regexp.MustCompile(f.pattern))
	}
	return all
}()

// read reads a string by a form.
func (r *reader) read(raw string, i int) (time.Time, bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > 380 {
		return time.Time{}, false
	}
	if re := compiledForms[i]; re != nil {
		m := re.FindStringSubmatch(raw)
		if m == nil {
			return time.Time{}, false
		}
		raw = m[1]
	}
	var at time.Time
	if layout := forms[i].layout; layout != "" {
		t, err := time.Parse(layout, ascii(strings.NewReplacer(".", "/", "-", "/").Replace(raw)))
		if err != nil {
			return t, false
		}
		at = t
	} else {
		at = r.x.ReadDate(raw).Time
	}
	return at, r.plausible(at)
}

// plausible tells a date of a statement from a number that looks like one.
func (r *reader) plausible(at time.Time) bool {
	return at.Year() >= 1990 && at.Before(r.now.AddDate(1, 0, 0))
}

// any reads a string by the first form that fits.
func (r *reader) any(raw string) (at time.Time, with int, ok bool) {
	for i, f := range forms {
		if f.layout != "" {
			continue
		}
		if at, ok = r.read(raw, i); ok {
			return at, i, true
		}
	}
	return time.Time{}, 0, false
}

// ascii writes digits of any script as 0 to 9.
func ascii(s string) string {
	return strings.Map(func(c rune) rune {
		if value, is := statement.Digit(c); is {
			return '0' + rune(value)
		}
		return c
	}, s)
}

// separated writes a layout with the separator of a string.
func separated(layout, raw string) string {
	for _, sep := range []string{".", "-"} {
		if strings.Contains(raw, sep) {
			return strings.ReplaceAll(layout, "/", sep)
		}
	}
	return layout
}

// rule makes a rule of a form.
func (f form) rule(css []string, key, example string) statement.DateRule {
	rule := statement.DateRule{Selectors: css, Attr: key, Pattern: f.pattern}
	if f.layout != "" {
		rule.Formats = []string{separated(f.layout, regexp.MustCompile(f.pattern).FindString(example))}
	}
	return rule
}

// shown is the string that a date rule would read of an element.
func shown(n *html.Node, key string) string {
	if n == nil {
		return ""
	}
	if key != "" {
		return strings.TrimSpace(attr(n, key))
	}
	return line(n)
}

// agreed finds the form by which most of some strings can be read, those that say
// the same day as they should where that is known. It needs share of them.
func (r *reader) agreed(raw []string, want []time.Time, share float64) (with int, days []time.Time, ok bool) {
	if len(raw) == 0 {
		return 0, nil, false
	}
	best, orders := 0, map[int]bool{} // how many each order of figures reads
	for i, f := range forms {
		read, wrong := 0, 0
		got := make([]time.Time, len(raw))
		for k, s := range raw {
			at, fine := r.read(s, i)
			if !fine {
				continue
			}
			if want != nil && k < len(want) && !want[k].IsZero() && !sameDay(at, want[k]) {
				wrong++
				continue
			}
			got[k] = at
			read++
		}
		if f.layout != "" && wrong == 0 && read > 0 {
			if orders[read] && forms[with].layout != "" { // both orders fit: nobody can tell
				ok, best = false, 0
				continue
			}
			orders[read] = true
		}
		if wrong == 0 && read > best && float64(read) >= share*float64(len(raw)) {
			best, with, days, ok = read, i, got, true
		}
	}
	return with, days, ok
}

func sameDay(a, b time.Time) bool {
	d := a.Sub(b)
	return a.Format(time.DateOnly) == b.Format(time.DateOnly) || d > -16*time.Hour && d < 16*time.Hour
}

// dateWords are what ids and classes call a date, lateWords what they call that of
// a change.
var (
	dateWords = []string{"date", "time", "published", "publish", "pubdate", "datum", "fecha", "tarih", "data", "on", "when", "day"}
	lateWords = []string{"updated", "update", "modified", "changed", "today", "now", "copyright"}
)

// mustGroup compiles a selector that has been tried before.
func mustGroup(css string) cascadia.SelectorGroup {
	group, err := cascadia.ParseGroup(css)
	if err != nil {
		return nil
	}
	return group
}
