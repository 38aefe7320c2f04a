package learn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/scrapers"
)

// About is what is known of a site besides its pages.
type About struct {
	Language   string // BCP 47
	Timezone   string // IANA
	Government string // ISO 3166, or EU
	Now        time.Time
}

// Draft is a definition that was learnt, with what each part of it finds.
type Draft struct {
	Source   statement.Source
	Items    []Item   // that the listing names
	Read     []Sample // the articles it was learnt from, as the definition reads them
	Warnings []string // what could not be learnt, and what to do
}

// Sample is an article as the definition reads it.
type Sample struct {
	URL       string
	Title     string
	Published statement.Date
	Speakers  []string
	Text      string
	Err       error // nil where it is read
}

// ErrNoListing says that no block of a page looks like a list of statements.
var ErrNoListing = errors.New("no list of statements is found on this page")

// FitScore is the least score of a block that is taken for a list of statements.
const FitScore = 0.9

// Best is the block of a page that looks most like its list of statements. It
// fails with ErrNoListing, or where the page cannot be parsed.
func Best(p Page, about About) (*Listing, error) {
	all, err := Listings(p, about)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || all[0].Score < FitScore && (len(all[0].Items) > 2 || all[0].Score < 0.5) {
		return nil, ErrNoListing
	}
	return &all[0], nil
}

// Articles are the addresses to learn from: the newest, one of the middle, one of
// the end, and others in their place, at most n in all.
func (l *Listing) Articles(n int) (addresses []string) {
	add := func(i int) {
		if i >= 0 && i < len(l.Items) && len(addresses) < n && !slices.Contains(addresses, l.Items[i].URL) {
			addresses = append(addresses, l.Items[i].URL)
		}
	}
	for _, i := range picks(len(l.Items)) {
		add(i)
	}
	for i := range l.Items {
		add(i)
	}
	return addresses
}

func (r *reader) source(rules statement.ListingRules) statement.Source {
	return statement.Source{ID: "learnt", Kind: statement.KindListing, URL: "https://learn.invalid/", Authority: statement.FromPage, Listing: rules,
		Language: r.about.Language, Timezone: r.about.Timezone, Issuer: statement.Issuer{Government: r.about.Government}}
}

// Definition makes a definition of a listing and some of its articles. With a nil
// listing, those of a feed or an API, only the rules for articles are learnt;
// items are what the feed or the API names.
func Definition(l *Listing, items []Item, articles []Page, about About) (*Draft, error) {
	r, err := newReader(about)
	if err != nil {
		return nil, err
	}
	if l != nil {
		items = l.Items
	}
	all, err := r.articles(articles, items)
	if err != nil {
		return nil, err
	}
	d := &Draft{}
	if l != nil {
		known := map[string]string{}
		for _, a := range all {
			if a.title != "" && len(a.heads) > 0 {
				known[a.listed.URL] = a.title
			}
		}
		l.Retitle(known)
		items = l.Items
		if all, err = r.articles(articles, items); err != nil {
			return nil, err
		}
	}
	rules := r.rules(all, items)
	if l != nil {
		if len(l.Rules.Date) == 0 {
			l.learnDates(r) // with what the articles say, should the order of figures be in doubt
		}
		d.Source = r.source(l.Rules)
		d.Source.URL = l.tree.URL
	} else {
		d.Source = r.source(statement.ListingRules{})
	}
	d.Source.Extract, d.Items = rules, items
	d.check(r, all)
	d.warn(l, all)
	return d, nil
}

// rules are those for articles.
func (r *reader) rules(all []*article, items []Item) (rules statement.ExtractRules) {
	if css := learnTitle(all); css != "" {
		rules.Title = []string{css}
	}
	var dates []cascadia.SelectorGroup
	if rule, _, ok := learnPublished(r, all); ok {
		rules.Published = []statement.DateRule{rule}
		for _, css := range rule.Selectors {
			dates = append(dates, mustGroup(css))
		}
	}
	divide(r, all, items, dates)
	rules.Body, rules.Drop = learnBody(all)
	if len(rules.Body) > 0 {
		if css := learnSpeaker(all, rules.Body[0]); css != "" {
			rules.Speaker = []string{css}
		}
	}
	return rules
}

// check reads the articles by the rules, and does without those for the text where
// it is not read so.
func (d *Draft) check(r *reader, all []*article) {
	read := func(src statement.Source) (samples []Sample, agree float64) {
		x, err := extract.New(src)
		if err != nil {
			return nil, 0
		}
		agree = 1
		for _, a := range all {
			doc, err := x.Extract(extract.Input{URL: a.URL, ContentType: a.ContentType, Body: a.Body, Representation: statement.FromPage})
			samples = append(samples, Sample{a.URL, doc.Title, doc.Published, doc.Speakers, doc.Body, err})
			agree = min(agree, overlap(doc.Body, a.expected()))
		}
		return samples, agree
	}
	with, fits := read(d.Source)
	d.Read = with
	if fits >= 0.9 || len(d.Source.Extract.Body) == 0 {
		return
	}
	bare := d.Source
	bare.Extract.Body, bare.Extract.Drop = nil, nil
	if without, better := read(bare); better > fits {
		d.Source, d.Read = bare, without
	}
}

// overlap is the F1 of the words of two texts, those of scripts without spaces
// letter by letter.
func overlap(a, b string) float64 {
	x, y := words(a), words(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	count := map[string]int{}
	for _, w := range x {
		count[w]++
	}
	common := 0
	for _, w := range y {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}

func words(s string) (all []string) {
	for w := range strings.FieldsSeq(s) {
		wide := false
		for _, r := range w {
			if statement.Unspaced(r) {
				wide = true
				all = append(all, string(r))
			}
		}
		if !wide {
			all = append(all, strings.ToLower(w))
		}
	}
	return all
}

// warn says what could not be learnt, and what to do.
func (d *Draft) warn(l *Listing, all []*article) {
	say := func(format string, args ...any) { d.Warnings = append(d.Warnings, fmt.Sprintf(format, args...)) }
	rules := d.Source.Extract
	switch {
	case len(all) == 0:
		say("no article could be read, so only the listing is known: text, title and date are left to what pages say of themselves")
	case len(all) < 3:
		say("it was learnt from %d of the 3 articles that make it sure: look at what it reads again when there are more", len(all))
	}
	if l != nil {
		if len(l.Rules.Date) == 0 {
			say("the listing shows no date that can be read: statements are dated by their own pages")
		}
		if l.Rules.Next == "" && l.Rules.NextURL == "" {
			say("no way to a next page of the listing is found: only this page is read; give listing.next or listing.next_url if there is one")
		}
	}
	if len(all) == 0 {
		return
	}
	if len(rules.Title) == 0 {
		say("no selector finds the title on all articles: the title is what each page calls itself; give extract.title if that is wrong")
	}
	if len(rules.Body) == 0 {
		say("no selector finds the text on all articles: the text is what looks like the main content; give extract.body if that is wrong")
	}
	if len(rules.Published) == 0 {
		say("no place shows the date on all articles: it is what each page says of itself, or the listing's; give extract.published if that is wrong")
		for i, s := range d.Read {
			if want := all[i].listed.Published; !want.IsZero() && !s.Published.Time.IsZero() && !sameDay(want, s.Published.Time) {
				say("%s says of itself that it is of %s, and is listed under %s", s.URL, s.Published, want.Format(time.DateOnly))
				break
			}
		}
	}
	for _, s := range d.Read {
		if s.Err != nil {
			say("%v", s.Err)
		}
	}
}

// Entries are the items of a listing as its definition reads them.
func Entries(src statement.Source, p Page) ([]extract.Entry, error) {
	t, err := parse(p)
	if err != nil {
		return nil, err
	}
	x, err := extract.New(src)
	if err != nil {
		return nil, err
	}
	entries, _ := scrapers.Listed(src, x, t.document(), p.URL)
	return entries, nil
}
