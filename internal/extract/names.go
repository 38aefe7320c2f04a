package extract

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goodsign/monday"
)

// names are a language's names of months and days.
type names struct {
	months map[string]time.Month // in lower case
	days   map[string]time.Weekday
}

var (
	namesMu sync.Mutex
	namesBy = map[monday.Locale]*names{}
)

// localeOf finds monday's locale for a BCP 47 tag or a POSIX locale.
func localeOf(tag string) (monday.Locale, bool) {
	tag = strings.ReplaceAll(tag, "-", "_")
	primary, _, _ := strings.Cut(strings.ToLower(tag), "_")
	if primary == "" {
		return "", false
	}
	if primary == "no" {
		primary = "nb"
	}
	var found monday.Locale
	for _, l := range monday.ListLocales() {
		if strings.EqualFold(string(l), tag) {
			return l, true
		}
		if own, _, _ := strings.Cut(string(l), "_"); own == primary && found == "" {
			found = l
		}
	}
	return found, found != ""
}

// knownLanguage tells whether the reader of dates has words of a language.
func knownLanguage(tag string) bool {
	language := primarySubtag(tag)
	return ofLanguage[language] != nil || strings.Contains(" ar fa prs ps ur ckb he hi ne bn ta th lo km ka hy ", " "+language+" ")
}

func knownLocale(tag string) bool {
	_, ok := localeOf(tag)
	return ok
}

// namesOf are the names of a language, nil for English (which Go reads itself)
// and for a language without a list. They are made on first use: most sources
// never need them.
func namesOf(tag string) *names {
	locale, ok := localeOf(tag)
	if !ok || strings.HasPrefix(string(locale), "en_") {
		return nil
	}
	namesMu.Lock()
	defer namesMu.Unlock()
	if n := namesBy[locale]; n != nil {
		return n
	}
	n := &names{months: map[string]time.Month{}, days: map[string]time.Weekday{}}
	for m := time.January; m <= time.December; m++ {
		t := time.Date(2001, m, 1, 0, 0, 0, 0, time.UTC)
		for _, layout := range []string{"January", "2 January", "Jan", "2 Jan"} { // with a day for the genitive
			if name := word(monday.Format(t, layout, locale)); name != "" {
				if _, taken := n.months[name]; !taken {
					n.months[name] = m
				}
			}
		}
	}
	for d := range 7 {
		t := time.Date(2001, 4, 1+d, 0, 0, 0, 0, time.UTC) // 1 April 2001 was a Sunday
		for _, layout := range []string{"Monday", "Mon"} {
			if name := word(monday.Format(t, layout, locale)); name != "" {
				n.days[name] = time.Weekday(d)
			}
		}
	}
	namesBy[locale] = n
	return n
}

// word is what is left of a name without digits, dots and spaces, lower case.
func word(s string) string {
	return strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }))
}

// translate puts English names of months and days where the language's stand,
// in the length that the layout asks for.
func (n *names) translate(s, layout string) string {
	if n == nil {
		return s
	}
	long, longDay := strings.Contains(layout, "January"), strings.Contains(layout, "Monday")
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if !unicode.IsLetter(r) {
			b.WriteString(s[:size])
			s = s[size:]
			continue
		}
		end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
		if end < 0 {
			end = len(s)
		}
		w := s[:end]
		s = s[end:]
		if m, ok := n.months[strings.ToLower(w)]; ok {
			w = m.String()
			if !long {
				w = w[:3]
			}
		} else if d, ok := n.days[strings.ToLower(w)]; ok {
			w = d.String()
			if !longDay {
				w = w[:3]
			}
		}
		b.WriteString(w)
	}
	return b.String()
}
