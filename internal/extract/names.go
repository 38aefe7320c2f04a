package extract

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// names are a language's names of months and days.
type names struct {
	months map[string]time.Month // in lower case
	days   map[string]time.Weekday
}

var (
	namesMu sync.Mutex
	namesBy = map[string]*names{}
)

// knownLanguage tells whether the reader of dates has words of a language.
func knownLanguage(tag string) bool {
	language := primarySubtag(tag)
	return language == "en" || ofLanguage[language] != nil || published(language) != "" || strings.Contains(" ur zh ja ko ", " "+language+" ")
}

// namesOf are the names of a language, nil for English (which Go reads itself)
// and for a language without a list. They are made on first use: most sources
// never need them.
func namesOf(tag string) *names {
	language := primarySubtag(tag)
	if language == "en" || language == "" {
		return nil
	}
	namesMu.Lock()
	defer namesMu.Unlock()
	if n := namesBy[language]; n != nil {
		return n
	}
	lists := publishedLists(language)
	if len(lists) == 0 {
		return nil
	}
	n := &names{months: map[string]time.Month{}, days: map[string]time.Weekday{}}
	for _, l := range lists {
		for i, group := range strings.Split(l.words, ";") {
			for w := range strings.SplitSeq(group, ",") {
				switch w = strings.TrimRight(w, "."); {
				case w == "" || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }):
				case l.kind == aMonth && l.cal == gregorian:
					n.months[w] = time.Month(i + 1)
				case l.kind == aWeekday:
					n.days[w] = time.Weekday(i)
				}
			}
		}
	}
	namesBy[language] = n
	return n
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
