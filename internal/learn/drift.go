package learn

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// Known is a statement as it was read while its page was read right.
type Known struct {
	URL       string
	Title     string
	Published time.Time
	Text      string
}

// Broken is a rule of a definition that does not find any more what it is for.
type Broken struct {
	Field string // such as listing.item or extract.body
	Why   string
}

// Check is what a look at a source's pages shows of its definition.
type Check struct {
	Broken   []Broken
	Repaired statement.Source // the definition with other rules in the place of those, where some were learnt
	Fixed    []string         // fields that have other rules
	Agree    int              // articles that the repaired rules read as they were known, or as they are listed
	Of       int
	Warnings []string
}

// sameText is the agreement from which two readings are of one text: an edit is
// mostly smaller.
const sameText = 0.8

// Look holds a definition against the pages of its source as they are now: the
// listing, if it has one, and some articles. What is known of these tells a rule
// that finds something else from one that finds nothing. For what is broken other
// rules are learnt, and taken if they read the articles.
func Look(src statement.Source, listing *Page, articles []Page, known []Known, about About) (*Check, error) {
	c := &Check{Repaired: src}
	r, err := newReader(about)
	if err != nil {
		return nil, err
	}
	var items []Item

	if listing != nil && src.Kind == statement.KindListing {
		if items, err = c.lookAtListing(r, src, *listing, known); err != nil {
			return nil, err
		}
	}
	if len(articles) > 0 {
		if err := c.lookAtArticles(r, src, articles, items, known); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Check) broken(field, format string, args ...any) {
	c.Broken = append(c.Broken, Broken{field, fmt.Sprintf(format, args...)})
}

// Has tells whether a field, or one inside it, is broken.
func (c *Check) Has(field string) bool {
	return slices.ContainsFunc(c.Broken, func(b Broken) bool { return b.Field == field })
}

// lookAtListing finds rules of the listing that match nothing, and learns others.
func (c *Check) lookAtListing(r *reader, src statement.Source, p Page, known []Known) ([]Item, error) {
	x, err := extract.New(src)
	if err != nil {
		return nil, err
	}
	uses, err := x.InspectListing(p.Body, p.ContentType)
	if err != nil {
		return nil, err
	}
	matches := map[string]int{}
	for _, u := range uses {
		field, _, _ := strings.Cut(u.Field, "[")
		matches[field] += u.Matches
	}
	entries, err := Entries(src, p)
	if err != nil {
		return nil, err
	}
	read, dated, titled := 0, 0, 0
	var items []Item
	for _, e := range entries {
		read++
		if !e.Published.Time.IsZero() {
			dated++
		}
		if e.Title != "" {
			titled++
		}
		items = append(items, Item{URL: e.URL, Title: e.Title, Published: e.Published.Time})
	}
	switch rules := src.Listing; {
	case read == 0:
		c.broken("listing.item", "names no statement any more")
	default:
		if len(rules.Date) > 0 && dated == 0 {
			c.broken("listing.date", "finds no date any more")
		}
		if rules.Title != "" && titled == 0 {
			c.broken("listing.title", "finds no title any more")
		}
		if rules.Next != "" && matches["listing.next"] == 0 && rules.NextURL == "" {
			c.broken("listing.next", "finds no link to the next page any more, or there is none")
		}
	}
	if len(c.Broken) == 0 {
		return items, nil
	}
	l, err := Best(p, r.about)
	if err != nil {
		c.Warnings = append(c.Warnings, fmt.Sprintf("the listing cannot be learnt anew: %v", err))
		return items, nil
	}
	titles := map[string]string{}
	for _, k := range known {
		titles[k.URL] = k.Title
	}
	l.Retitle(titles)
	c.takeListing(l, src.Listing)
	return l.Items, nil
}

// takeListing puts learnt rules in the place of those that are broken; where items
// are found otherwise, what is looked up in them is too.
func (c *Check) takeListing(l *Listing, old statement.ListingRules) {
	to := &c.Repaired.Listing
	if c.Has("listing.item") {
		*to = l.Rules
		if to.Next == "" && to.NextURL == "" {
			to.Next, to.NextURL, to.FirstPage = old.Next, old.NextURL, old.FirstPage
		}
		to.Category = ""
		c.Fixed = append(c.Fixed, "listing")
		return
	}
	if c.Has("listing.date") && len(l.Rules.Date) > 0 {
		to.Date, to.DateAfter, to.DateBefore = l.Rules.Date, l.Rules.DateAfter, l.Rules.DateBefore
		c.Fixed = append(c.Fixed, "listing.date")
	}
	if c.Has("listing.title") {
		to.Title, to.TitleAttr = l.Rules.Title, l.Rules.TitleAttr
		c.Fixed = append(c.Fixed, "listing.title")
	}
	if c.Has("listing.next") && (l.Rules.Next != "" || l.Rules.NextURL != "") {
		to.Next, to.NextURL, to.FirstPage = l.Rules.Next, l.Rules.NextURL, l.Rules.FirstPage
		c.Fixed = append(c.Fixed, "listing.next")
	}
}

// reading is an article as some rules read it, and as it should be.
type reading struct {
	doc  statement.Document
	err  error
	want Known // its parts may be empty
}

// lookAtArticles finds rules for articles that do not find their part on any of
// some articles, or another text than was known, and learns others.
func (c *Check) lookAtArticles(r *reader, src statement.Source, pages []Page, items []Item, known []Known) error {
	for i, k := range known { // what is known helps to find titles and dates
		if !slices.ContainsFunc(items, func(item Item) bool { return sameKey(item.URL, k.URL) }) {
			items = append(items, Item{URL: k.URL, Title: known[i].Title, Published: k.Published})
		}
	}
	now, err := readings(src, pages, items, known)
	if err != nil {
		return err
	}
	c.Of = len(now)
	e := src.Extract
	all := func(is func(reading) bool) bool {
		return !slices.ContainsFunc(now, func(x reading) bool { return !is(x) })
	}
	switch {
	case all(func(x reading) bool { return x.err != nil }):
		c.broken("extract.body", "no text is found on %d of %d articles: %v", len(now), len(now), now[0].err)
	case len(e.Body) > 0 && all(func(x reading) bool { return x.err != nil || x.doc.Path == statement.ByMainContent }):
		c.broken("extract.body", "matches on none of %d articles", len(now))
	case all(func(x reading) bool { return x.want.Text != "" && overlap(x.doc.Body, x.want.Text) < 0.5 }):
		c.broken("extract.body", "finds another text than is kept on each of %d articles", len(now))
	}
	matches := matchesOn(src, pages)
	if len(e.Title) > 0 && matches["extract.title"] == 0 {
		c.broken("extract.title", "matches on none of %d articles", len(now))
	} else if len(e.Title) > 0 && all(func(x reading) bool {
		return x.want.Title != "" && statement.Letters(x.doc.Title) != statement.Letters(x.want.Title) || x.doc.Title == ""
	}) {
		c.broken("extract.title", "finds on none of %d articles the title that is known or listed", len(now))
	}
	if len(e.Published) > 0 && matches["extract.published"] == 0 {
		c.broken("extract.published", "matches on none of %d articles", len(now))
	} else if len(e.Published) > 0 && all(func(x reading) bool {
		return x.doc.Published.Time.IsZero() || !x.want.Published.IsZero() && !sameDay(x.doc.Published.Time, x.want.Published)
	}) {
		c.broken("extract.published", "finds on none of %d articles the date that is known or listed, or any", len(now))
	}
	if !c.Has("extract.body") && !c.Has("extract.title") && !c.Has("extract.published") {
		c.Agree = len(now)
		return nil
	}
	return c.repairArticles(r, pages, items, known)
}

// matchesOn counts what the rules for articles match on some of them, by field.
func matchesOn(src statement.Source, pages []Page) map[string]int {
	matches := map[string]int{}
	x, err := extract.New(src)
	if err != nil {
		return matches
	}
	for _, p := range pages {
		uses, err := x.InspectDocument(extract.Input{URL: p.URL, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage})
		if err != nil {
			continue
		}
		for _, u := range uses {
			field, _, _ := strings.Cut(u.Field, "[")
			matches[field] += u.Matches
		}
	}
	return matches
}

// readings reads articles by a definition.
func readings(src statement.Source, pages []Page, items []Item, known []Known) (all []reading, err error) {
	x, err := extract.New(src)
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		one := reading{want: Known{URL: p.URL}}
		one.doc, one.err = x.Extract(extract.Input{URL: p.URL, ContentType: p.ContentType, Body: p.Body, Representation: statement.FromPage})
		for _, item := range items {
			if sameKey(item.URL, p.URL) {
				one.want.Title, one.want.Published = item.Title, item.Published
			}
		}
		for _, k := range known {
			if sameKey(k.URL, p.URL) {
				one.want = k
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// repairArticles learns rules anew for what is broken, and counts the articles that
// they read right.
func (c *Check) repairArticles(r *reader, pages []Page, items []Item, known []Known) error {
	articles, err := r.articles(pages, items)
	if err != nil {
		return err
	}
	rules := r.rules(articles, items)
	to := &c.Repaired.Extract
	take := func(field string, ok bool, put func()) {
		if c.Has(field) && ok {
			put()
			c.Fixed = append(c.Fixed, field)
		}
	}
	take("extract.title", len(rules.Title) > 0, func() { to.Title = rules.Title })
	take("extract.published", len(rules.Published) > 0, func() { to.Published = rules.Published })
	take("extract.body", len(rules.Body) > 0, func() { to.Body, to.Drop, to.InTurn = rules.Body, rules.Drop, false })
	now, err := readings(c.Repaired, pages, items, known)
	if err != nil {
		return err
	}
	for _, x := range now {
		title := x.want.Title == "" || statement.Letters(x.doc.Title) == statement.Letters(x.want.Title)
		text := x.err == nil && (x.want.Text == "" || overlap(x.doc.Body, x.want.Text) >= sameText)
		if title && text {
			c.Agree++
		}
	}
	for _, b := range c.Broken {
		if !slices.ContainsFunc(c.Fixed, func(f string) bool {
			return f == b.Field || f == "listing" && strings.HasPrefix(b.Field, "listing.")
		}) {
			c.Warnings = append(c.Warnings, b.Field+" could not be learnt anew: look at the page, and at volteface sources test")
		}
	}
	return nil
}
