// Generate makes datenames.txt, the names of months and days of which package extract reads dates, of the Unicode Common
// Locale Data Repository (CLDR, https://cldr.unicode.org, Unicode License V3) as it is published on npm:
//
//	npm install cldr-dates-full@48 cldr-cal-persian-full@46 cldr-cal-islamic-full@48
//	go run ./internal/extract/generate node_modules internal/extract/datenames.txt
//
// A language has the names of all its regions. A name that means different things in two of them is left out, and so are names
// with figures, which the reader of dates knows.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// languages are those of which a state or a large region has official pages. Names of Chinese, Japanese and Korean are figures.
var languages = strings.Fields(`af am ar as az be bg bn bs ca ckb cs cy da de el es et eu fa fi fil fo fr ga gl gu ha he hi hr hu hy id is it
ka kk km kn ku ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no or pa pl ps pt rm ro ru rw sd si sk sl so sq sr sv sw ta te tg th ti
tk tr tt ug uk ur uz vi xh yo zu`)

// calendar is what CLDR has of one calendar in one locale.
type calendar struct {
	Months     map[string]map[string]map[string]string `json:"months"` // format or stand-alone, width, number
	Days       map[string]map[string]map[string]string `json:"days"`
	DayPeriods map[string]map[string]map[string]string `json:"dayPeriods"`
	Formats    map[string]any                          `json:"dateFormats"`
	Joined     map[string]any                          `json:"dateTimeFormats"`
	AtTime     map[string]map[string]any               `json:"dateTimeFormats-atTime"`
}

// names are the words of one kind: a word, and what it counts as.
type names map[string]int

const ambiguous = -1

func (n names) add(word string, value int) {
	word = strings.ToLower(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) && r != '\u200c' {
			return -1
		}
		return r
	}, word)))
	if strings.Count(strings.TrimRight(word, "."), ".") == 0 && len([]rune(word)) > 2 {
		word = strings.TrimRight(word, ".")
	}
	if word == "" || strings.ContainsFunc(word, unicode.IsDigit) || strings.ContainsAny(word, "|,;") {
		return
	}
	if old, taken := n[word]; taken && old != value {
		value = ambiguous
	}
	n[word] = value
}

// list writes words by what they count as, from first to last.
func (n names) list(first, last int) string {
	var groups []string
	some := false
	for value := first; value <= last; value++ {
		var words []string
		for _, w := range slices.Sorted(maps.Keys(n)) {
			if n[w] == value {
				words = append(words, strings.ReplaceAll(w, "\u200c", " "))
			}
		}
		some = some || len(words) > 0
		groups = append(groups, strings.Join(words, ","))
	}
	if !some {
		return ""
	}
	return strings.Join(groups, ";")
}

type entry struct{ months, days, halves, words, jalali, lunar names }

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: generate NODE_MODULES FILE")
	}
	var b strings.Builder
	b.WriteString("# Names of months and days of the Unicode CLDR (Unicode License V3), made by generate.\n" +
		"# g months, d days from Sunday, a morning, p afternoon, w words between the parts, j months of the Solar Hijri, l of the Hijri calendar\n")
	root := read(os.Args[1], "islamic", "und")
	for _, language := range languages {
		e := entry{names{}, names{}, names{}, names{}, names{}, names{}}
		for _, locale := range locales(os.Args[1], language) {
			e.gregorian(read(os.Args[1], "", locale))
			if c := read(os.Args[1], "persian", locale); c != nil && strings.ContainsFunc(c.Months["format"]["wide"]["1"], func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
				e.jalali.months(c, nil)
			}
			if c := read(os.Args[1], "islamic", locale); c != nil {
				e.lunar.months(c, root)
			}
		}
		fmt.Fprintln(&b, language)
		for _, l := range []struct{ kind, list string }{{"g", e.months.list(1, 12)}, {"d", e.days.list(0, 6)}, {"a", e.halves.list(0, 0)},
			{"p", e.halves.list(1, 1)}, {"w", e.words.list(0, 0)}, {"j", e.jalali.list(1, 12)}, {"l", e.lunar.list(1, 12)}} {
			if l.list != "" {
				fmt.Fprintf(&b, " %s %s\n", l.kind, l.list)
			}
		}
	}
	if err := os.WriteFile(os.Args[2], []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
}

// locales are those of a language, but for scripts in which no state writes it.
func locales(folder, language string) (all []string) {
	found, err := filepath.Glob(filepath.Join(folder, "cldr-dates-full", "main", language+"*"))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range found {
		switch parts := strings.Split(filepath.Base(f), "-"); {
		case parts[0] != language:
		case len(parts) > 1 && len(parts[1]) == 4 && parts[1] != "Latn" && parts[1] != "Cyrl" && parts[1] != "Guru":
		default:
			all = append(all, filepath.Base(f))
		}
	}
	return all
}

// read is nil where the locale has no calendar of that name.
func read(folder, name, locale string) *calendar {
	module, file := "cldr-dates-full", "gregorian"
	if name != "" {
		module, file = "cldr-cal-"+name+"-full", name
	}
	b, err := os.ReadFile(filepath.Join(folder, module, "main", locale, "ca-"+file+".json"))
	if err != nil {
		return nil
	}
	var all struct {
		Main map[string]struct {
			Dates struct {
				Calendars map[string]json.RawMessage `json:"calendars"`
			} `json:"dates"`
		} `json:"main"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		log.Fatalf("%s of %s: %v", file, locale, err)
	}
	var c calendar
	if err := json.Unmarshal(all.Main[locale].Dates.Calendars[file], &c); err != nil {
		log.Fatalf("%s of %s: %v", file, locale, err)
	}
	return &c
}

// months adds those of a calendar that are not the same everywhere.
func (n names) months(c, everywhere *calendar) {
	for form, widths := range c.Months {
		for number, word := range widths["wide"] {
			if value, err := strconv.Atoi(number); err == nil && (everywhere == nil || everywhere.Months[form]["wide"][number] != word) {
				n.add(word, value)
			}
		}
	}
}

var dayNumbers = map[string]int{"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

func (e entry) gregorian(c *calendar) {
	patterns := append(texts(c.Formats), texts(c.Joined)...)
	for _, f := range c.AtTime {
		patterns = append(patterns, texts(f)...)
	}
	before, behind := []string{""}, []string{""}
	for _, p := range patterns {
		pre, post := e.literals(p)
		before, behind = append(before, pre...), append(behind, post...)
	}
	for _, widths := range c.Months {
		for _, width := range []string{"wide", "abbreviated"} {
			for number, word := range widths[width] {
				value, err := strconv.Atoi(number)
				if err != nil {
					log.Fatal(err)
				}
				for _, pre := range before {
					for _, post := range behind {
						e.months.add(pre+word+post, value)
					}
				}
			}
		}
	}
	for _, widths := range c.Days {
		for _, width := range []string{"wide", "abbreviated", "short"} {
			for day, word := range widths[width] {
				if lettersOf(word) > 1 {
					e.days.add(word, dayNumbers[day])
				}
			}
		}
	}
	for _, widths := range c.DayPeriods {
		for _, width := range []string{"wide", "abbreviated"} {
			for half, word := range widths[width] {
				if lettersOf(word) < 2 { // م is also "of the Christian era"
					continue
				}
				switch half {
				case "am", "am-alt-variant":
					e.halves.add(word, 0)
				case "pm", "pm-alt-variant":
					e.halves.add(word, 1)
				}
			}
		}
	}
}

// texts are the patterns of a map: with a day in them, or that join date and time.
func texts(m map[string]any) (all []string) {
	for key, v := range m {
		switch v := v.(type) {
		case string:
			if key == "full" || key == "long" || key == "medium" || key == "short" || strings.Contains(key, "d") && !strings.Contains(key, "alt") {
				all = append(all, v)
			}
		case map[string]any:
			if key == "availableFormats" || key == "standard" {
				all = append(all, texts(v)...)
			}
		}
	}
	return all
}

// literal is a piece of a pattern: quoted, a field, or anything else (UTS #35, date format patterns).
var literal = regexp.MustCompile(`'(?:[^']|'')*'|[A-Za-z]+|\{\d\}|[^A-Za-z'{]+`)

// literals adds the words of a pattern that are no field, and gives those that are written together with a month.
func (e entry) literals(pattern string) (before, behind []string) {
	pieces := literal.FindAllString(pattern, -1)
	said := func(i int) string {
		switch {
		case i < 0 || i >= len(pieces):
			return ""
		case pieces[i][0] == '\'':
			return strings.ReplaceAll(strings.Trim(pieces[i], "'"), "''", "'")
		case 'A' <= pieces[i][0] && pieces[i][0] <= 'z':
			return ""
		}
		return pieces[i]
	}
	for i, piece := range pieces {
		for _, w := range strings.FieldsFunc(said(i), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '’' }) {
			if r := []rune(w)[0]; !unicode.Is(unicode.Hebrew, r) || lettersOf(w) > 1 { // else it is a number
				e.words.add(w, 0)
			}
		}
		if !strings.HasPrefix(piece, "MMM") && !strings.HasPrefix(piece, "LLL") {
			continue
		}
		s := said(i - 1)
		if s = s[strings.LastIndexByte(s, ' ')+1:]; s != "" && letters(s) {
			before = append(before, s)
		}
		if s := said(i + 1); s != "" {
			if glued, _, _ := strings.Cut(s, " "); glued != "" && letters(glued) {
				behind = append(behind, glued)
			}
		}
	}
	return before, behind
}

func lettersOf(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '’' })
}
