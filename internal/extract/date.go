package extract

import (
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"volteface/internal/statement"
)

// maxDate bounds the string a date is read from, in bytes; a longer one is
// prose that a selector hit by mistake.
const maxDate = 400

// Date reads a date inside an element, a listing's item for example. The first
// rule that finds a readable date wins; where none does, the string the first
// matching rule found is kept as it is. Without rules the first <time> element
// counts.
func (x *Extractor) Date(sel *goquery.Selection, rules []statement.DateRule) statement.Date {
	if sel == nil || len(sel.Nodes) == 0 {
		return statement.Date{}
	}
	ready := x.rules.listed
	if len(rules) != len(x.src.Listing.Date) || len(rules) > 0 && &rules[0] != &x.src.Listing.Date[0] {
		c := compiler{src: x.src}
		if ready = c.dates("", rules, false); c.err != nil {
			return statement.Date{}
		}
	}
	root := sel.Nodes[0]
	if len(ready) == 0 {
		return x.timeElement(root)
	}
	return x.dateBy(ready, func(rule int) []*html.Node {
		found := make([]*html.Node, 0, len(ready[rule].selectors))
		for _, s := range ready[rule].selectors {
			found = append(found, first(root, s))
		}
		return found
	})
}

// maxBehind is how many nodes behind an item are looked at for its date.
const maxBehind = 400

// DateBehind reads the date of a listing's item that stands behind the item
// instead of in it: the first that a rule finds before another item begins.
func (x *Extractor) DateBehind(item *goquery.Selection, another func(*goquery.Selection) bool) statement.Date {
	if item == nil || len(item.Nodes) == 0 {
		return statement.Date{}
	}
	root := item.Nodes[0]
	for root.Parent != nil {
		root = root.Parent
	}
	n := beyond(item.Nodes[0], root)
	for range maxBehind {
		if n == nil || n.Type == html.ElementNode && another(&goquery.Selection{Nodes: []*html.Node{n}}) {
			break
		}
		for i, rule := range x.rules.listed {
			if n.Type != html.ElementNode || !matches(n, rule.selectors) {
				continue
			}
			if d := x.dateBy(x.rules.listed[i:i+1], func(int) []*html.Node { return []*html.Node{n} }); !d.Time.IsZero() {
				return d
			}
		}
		n = after(n, root)
	}
	return statement.Date{}
}

// maxAhead is how many nodes before an item are looked at for its date: a heading
// may stand over a month of items.
const maxAhead = 4000

// DateAhead reads the date of a listing's item that stands before the item instead
// of in it, in a heading over it and others for example: the nearest that a rule
// finds.
func (x *Extractor) DateAhead(item *goquery.Selection) statement.Date {
	if item == nil || len(item.Nodes) == 0 {
		return statement.Date{}
	}
	n := before(item.Nodes[0])
	for range maxAhead {
		if n == nil {
			break
		}
		for i, rule := range x.rules.listed {
			if n.Type != html.ElementNode || !matches(n, rule.selectors) {
				continue
			}
			if d := x.dateBy(x.rules.listed[i:i+1], func(int) []*html.Node { return []*html.Node{n} }); !d.Time.IsZero() {
				return d
			}
		}
		n = before(n)
	}
	return statement.Date{}
}

// dateBy tries rules in order on the nodes that their selectors found.
func (x *Extractor) dateBy(rules []dateRule, find func(rule int) []*html.Node) statement.Date {
	var kept statement.Date
	for i, rule := range rules {
		var raw []string
		for _, n := range find(i) {
			if n == nil {
				continue
			}
			part := ""
			if rule.attr != "" {
				part = collapse(attribute(n, rule.attr))
			} else {
				part = lineOf(n, maxDate)
			}
			if part != "" {
				raw = append(raw, part)
			}
		}
		d := x.readDate(rule, strings.Join(raw, " "))
		if !d.Time.IsZero() {
			return d
		}
		if kept.IsZero() {
			kept = d
		}
	}
	return kept
}

// readDate reads a string by a rule.
func (x *Extractor) readDate(rule dateRule, raw string) statement.Date {
	if raw == "" || len(raw) > maxDate {
		return statement.Date{}
	}
	if rule.pattern != nil {
		m := rule.pattern.FindStringSubmatch(raw)
		if m == nil {
			return statement.Date{}
		}
		raw = strings.TrimSpace(m[1])
	}
	if raw == "" {
		return statement.Date{}
	}
	if len(rule.formats) == 0 {
		return x.anyDate(raw, rule.locale)
	}
	for _, f := range rule.formats {
		for _, text := range []string{raw, rule.names.translate(latin(raw), f.text)} {
			if t, err := time.ParseInLocation(f.text, text, x.zone); err == nil {
				return statement.Date{Time: rightZone(t, x.zone), HasTime: f.hasTime, Raw: raw}
			}
		}
	}
	return statement.Date{Raw: raw}
}

// latin writes the digits of any script as 0 to 9, which is all that layouts know.
func latin(s string) string {
	return strings.Map(func(r rune) rune {
		if value, is := statement.Digit(r); is {
			return '0' + rune(value)
		}
		return r
	}, s)
}

// anyDate reads a date as people write it (readWritten), in a language, "" for
// the source's. The string is kept whether it can be read or not.
func (x *Extractor) anyDate(raw, locale string) statement.Date {
	if locale == "" {
		locale = x.src.Language
	}
	t, hasTime, ok := readWritten(raw, where{x.zone, locale, x.src.Issuer.Government})
	if !ok {
		return statement.Date{Raw: raw}
	}
	return statement.Date{Time: t, HasTime: hasTime, Raw: raw}
}

// timeElement reads the first <time> inside an element: its datetime
// attribute, else its text.
func (x *Extractor) timeElement(root *html.Node) statement.Date {
	var found statement.Date
	for n := root; n != nil; n = after(n, root) {
		if n.Type != html.ElementNode || n.Data != "time" {
			continue
		}
		for _, raw := range []string{collapse(attribute(n, "datetime")), lineOf(n, maxDate)} {
			if raw == "" || len(raw) > maxDate {
				continue
			}
			d := x.anyDate(raw, "")
			if !d.Time.IsZero() {
				return d
			}
			if found.IsZero() {
				found = d
			}
		}
	}
	return found
}
