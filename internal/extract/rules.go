package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"volteface/internal/statement"
)

// compiled are a source's rules, ready to use. Where the API is the
// authoritative representation, the places of title, body and dates are GJSON
// paths instead of selectors.
type compiled struct {
	title, body, speaker []cascadia.SelectorGroup
	drop                 []cascadia.SelectorGroup
	titlePath, bodyPath  []string
	speakerPath          []string
	dropText             []*regexp.Regexp
	published, updated   []dateRule
	listed               []dateRule // dates of a listing's items
	item                 []dateRule // date of an API listing's items
	turns                *regexp.Regexp
}

// dateRule is a statement.DateRule ready to use.
type dateRule struct {
	selectors []cascadia.SelectorGroup
	paths     []string // instead of selectors
	attr      string
	pattern   *regexp.Regexp
	formats   []layout
	names     *names
	locale    string // whose names those are
}

// layout is one of Go's time layouts.
type layout struct {
	text    string
	hasTime bool // it shows a time of day
}

// compiler gathers the first error, so that the rules read top-down.
type compiler struct {
	src statement.Source
	err error
}

func compile(src statement.Source) (compiled, error) {
	c := &compiler{src: src}
	x, l := src.Extract, src.Listing
	rules := compiled{
		drop:      c.selectors("extract.drop", x.Drop),
		dropText:  c.patterns("extract.drop_text", x.DropText),
		published: c.dates("extract.published", x.Published, src.Authority == statement.FromAPI),
		updated:   c.dates("extract.updated", x.Updated, src.Authority == statement.FromAPI),
		listed:    c.dates("listing.date", l.Date, false),
	}
	if src.Authority == statement.FromAPI {
		rules.titlePath = c.paths("extract.title", x.Title)
		rules.bodyPath = c.paths("extract.body", x.Body)
		rules.speakerPath = c.paths("extract.speaker", x.Speaker)
	} else {
		rules.title = c.selectors("extract.title", x.Title)
		rules.body = c.selectors("extract.body", x.Body)
		rules.speaker = c.selectors("extract.speaker", x.Speaker)
	}
	if x.Turns != "" {
		rules.turns = c.pattern("extract.turns", x.Turns, "^(?:"+x.Turns+")")
		if rules.turns != nil && rules.turns.NumSubexp() == 0 {
			c.fail("extract.turns", x.Turns, errors.New("the pattern has no group"), "put the speaker's name in parentheses: ([A-Z. ]+):")
		}
	}
	for field, selector := range map[string]string{
		"listing.item": l.Item, "listing.link": l.Link, "listing.title": l.Title,
		"listing.category": l.Category, "listing.next": l.Next,
	} {
		if selector != "" {
			c.selector(field, selector)
		}
	}
	for field, path := range map[string]string{
		"extract.note": x.Note, "api.items": src.API.Items, "api.link": src.API.Link, "api.title": src.API.Title, "api.date": src.API.Date,
	} {
		c.path(field, path)
	}
	if src.API.Date != "" {
		rules.item = []dateRule{{
			paths: []string{src.API.Date}, formats: c.layouts("api.formats", src.API.Formats), names: namesOf(c.src.Language),
		}}
	}
	return rules, c.err
}

func (c *compiler) fail(field, value string, err error, hint string) {
	if c.err == nil {
		c.err = &RuleError{Field: field, Value: value, Err: statement.WithHint(err, hint)}
	}
}

func (c *compiler) selector(field, selector string) cascadia.SelectorGroup {
	if strings.TrimSpace(selector) == "" {
		c.fail(field, selector, errors.New("the selector is empty"), "remove the entry, or write a CSS selector")
		return nil
	}
	group, err := cascadia.ParseGroup(selector)
	if err != nil {
		c.fail(field, selector, err, "selectors are CSS: https://www.w3.org/TR/selectors-3/")
	}
	return group
}

func (c *compiler) selectors(field string, all []string) []cascadia.SelectorGroup {
	var groups []cascadia.SelectorGroup
	for i, s := range all {
		groups = append(groups, c.selector(fmt.Sprintf("%s[%d]", field, i), s))
	}
	return groups
}

func (c *compiler) pattern(field, shown, pattern string) *regexp.Regexp {
	re, err := regexp.Compile(pattern)
	if err != nil {
		c.fail(field, shown, err, "patterns are RE2: https://github.com/google/re2/wiki/Syntax")
		return nil
	}
	return re
}

func (c *compiler) patterns(field string, all []string) []*regexp.Regexp {
	var patterns []*regexp.Regexp
	for i, s := range all {
		patterns = append(patterns, c.pattern(fmt.Sprintf("%s[%d]", field, i), s, s))
	}
	return patterns
}

func (c *compiler) path(field, path string) {
	for _, r := range path {
		if r < ' ' {
			c.fail(field, path, errors.New("the path has a control character"), "paths are GJSON: https://github.com/tidwall/gjson/blob/master/SYNTAX.md")
			return
		}
	}
}

func (c *compiler) paths(field string, all []string) []string {
	for i, p := range all {
		field := fmt.Sprintf("%s[%d]", field, i)
		if strings.TrimSpace(p) == "" {
			c.fail(field, p, errors.New("the path is empty"), "remove the entry, or write a GJSON path")
		}
		c.path(field, p)
	}
	return all
}

func (c *compiler) dates(field string, all []statement.DateRule, paths bool) []dateRule {
	var rules []dateRule
	for i, r := range all {
		field := fmt.Sprintf("%s[%d]", field, i)
		locale := c.locale(field+".locale", r.Locale)
		rule := dateRule{attr: r.Attr, formats: c.layouts(field+".formats", r.Formats), names: namesOf(locale), locale: locale}
		if len(r.Selectors) == 0 {
			c.fail(field, "", errors.New("the rule has no selectors"), "write selectors: [time]")
		}
		if paths {
			rule.paths = c.paths(field+".selectors", r.Selectors)
		} else {
			rule.selectors = c.selectors(field+".selectors", r.Selectors)
		}
		if r.Pattern != "" {
			rule.pattern = c.pattern(field+".pattern", r.Pattern, r.Pattern)
			if rule.pattern != nil && rule.pattern.NumSubexp() == 0 {
				c.fail(field+".pattern", r.Pattern, errors.New("the pattern has no group"), "put the date in parentheses")
			}
		}
		rules = append(rules, rule)
	}
	return rules
}

func (c *compiler) layouts(field string, all []string) []layout {
	var layouts []layout
	for i, text := range all {
		// Two moments that differ in everything tell what a layout shows.
		one, two := time.Date(2001, 3, 4, 5, 6, 7, 0, time.UTC), time.Date(2012, 10, 25, 5, 6, 7, 0, time.UTC)
		if one.Format(text) == two.Format(text) {
			c.fail(fmt.Sprintf("%s[%d]", field, i), text, errors.New("the layout shows no date"),
				"write the reference time the way the page would: 2 January 2006, 15:04")
			continue
		}
		noon := time.Date(2001, 3, 4, 18, 36, 47, 0, time.UTC)
		layouts = append(layouts, layout{text: text, hasTime: one.Format(text) != noon.Format(text)})
	}
	return layouts
}

// locale is the rule's own, or that of the source's language.
func (c *compiler) locale(field, locale string) string {
	if locale == "" {
		return c.src.Language
	}
	if !knownLanguage(locale) {
		c.fail(field, locale, errors.New("no month names are known for this language"), "leave it out, or write one such as de_DE, fr_FR, ru_RU, tr_TR")
	}
	return locale
}
