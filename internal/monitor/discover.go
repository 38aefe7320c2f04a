package monitor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/scrapers"
	"volteface/state"
)

// maxLate is how many statements older than the first visit may turn up at
// once and still be news one by one, where nothing is known of how new the
// newest was that the first visit read.
const maxLate = 20

// errNoItems says that a listing's selectors match nothing: the template has
// changed, or something else stands in its place.
var errNoItems = statement.WithHint(errors.New("the listing names nothing: its template has changed, or this is another page"),
	"compare the page with listing.item of the source, and try volteface sources test")

// discover walks the listing. What it names that is not known is remembered in
// one transaction when the walk is over: a walk cut short leaves no trace, so
// that the next one does not stop early at what this one had seen.
func (v *visit) discover(ctx context.Context) error {
	now := v.Clock.Now()
	deep := v.first || v.options.Deep || !v.status.NextDeep.After(now) || ahead(v.status.NextDeep, now.Add(time.Duration(v.src.DeepEvery))) || v.src.Kind == statement.KindSitemap
	cut := false
	var validators statement.Validators
	if !deep && v.options.Recheck != RecheckAll && v.status.Definition == v.src.Fingerprint() && v.believesListing(now) {
		validators = v.status.Listing
	}
	err := v.scraper.Discover(ctx, v.src.MaxPages, validators, func(p scrapers.Page) (more bool, err error) {
		if p.Capture.URL == v.src.URL { // rather than a feed beside it
			v.listing = statement.ValidatorsOf(p.Capture.Header)
			if p.Capture.Quality == statement.Good {
				v.listingReadAt = now
			}
		}
		if p.Capture.Quality == statement.NotModified {
			v.listing = validators
			return false, nil
		}
		if !v.src.OwnDocuments() {
			more, err = v.readEntries(ctx, p)
			cut = cut || !more
			return more && deep, err
		}
		if v.src.Kind == statement.KindListing && p.Capture.URL == v.src.URL && len(p.Items) == 0 {
			return false, errNoItems
		}
		if v.src.Kind == statement.KindListing && p.Number == 1 && p.Capture.URL == v.src.URL {
			v.listingPage = p.Capture
		}
		fresh, old, err := v.sort(ctx, p.Items, !slices.Contains(v.src.Feeds, p.Capture.URL))
		v.walked()
		cut = old || v.first && v.options.Limit > 0 && len(v.found) >= v.options.Limit
		return !cut && (deep || fresh > 0 || len(p.Items) == 0), err
	})
	v.cut = cut
	switch {
	case err != nil && len(v.found)+len(v.listed) == 0:
		return err
	case err != nil || cut: // what lies behind has not been seen
		v.status.NextDeep, v.listing = time.Time{}, statement.Validators{}
	case deep:
		v.status.NextDeep = now.Add(time.Duration(v.src.DeepEvery))
	}
	if v.options.DryRun {
		return err
	}
	if stored := v.Store.Update(ctx, func(tx state.Tx) error {
		for _, f := range v.found {
			if err := tx.PutFound(f); err != nil {
				return err
			}
		}
		return tx.MarkListed(v.src.ID, v.listed, now)
	}); stored != nil {
		return stored
	}
	if err == nil && !v.first {
		err = v.absences(ctx, now)
	}
	return err
}

// believesListing tells whether the listing may still be asked for changes only.
func (v *visit) believesListing(now time.Time) bool {
	since := now.Sub(v.status.ListingReadAt)
	return !v.status.ListingReadAt.IsZero() && since >= 0 && since < listingBelieved
}

// walked tells what the walk has found so far, so that nobody takes a long one
// for a hang.
func (v *visit) walked() {
	n := len(v.found)
	if v.options.Limit > 0 {
		n = min(n, v.options.Limit)
	}
	if v.options.Progress != nil {
		v.options.Progress(0, n)
	}
}

// sort tells known from unknown items of one part of a listing. It gives the
// number of unknown ones, and whether all were published before what the visit
// cares for. A feed beside the listing only names statements sooner.
func (v *visit) sort(ctx context.Context, items []extract.Entry, listing bool) (fresh int, old bool, err error) {
	now := v.Clock.Now()
	wanted := make(map[string]extract.Entry, len(items))
	var keys []string
	old = !v.options.Since.IsZero() && len(items) > 0
	for _, item := range items {
		if item.URL == "" || !v.patterns.want(item.URL, item.Title) {
			continue
		}
		if !before(item.Published, v.options.Since) {
			old = false
		}
		key := v.src.Key(item.URL)
		if v.titles[key] == "" && item.Title != "" {
			v.titles[key] = item.Title
			v.listedAs[statement.Letters(item.Title)]++
		}
		if listing && !v.onListing[key] {
			v.onListing[key] = true
			if !item.Published.Time.IsZero() {
				v.order = append(v.order, item.Published.Time)
			}
			if v.named[key] { // by a feed before
				v.listed = append(v.listed, key)
			}
		}
		if !v.named[key] {
			v.named[key] = true
			wanted[key] = item
			keys = append(keys, key)
		}
	}
	known, err := v.Store.Known(ctx, v.src.ID, keys)
	if err != nil {
		return 0, false, err
	}
	last := -1
	for i, key := range keys {
		if known[key] {
			last = i
		}
	}
	for i, key := range keys {
		if known[key] {
			v.known = true
			if listing {
				v.listed = append(v.listed, key)
			}
			continue
		}
		if v.troubles[key].Kind == statement.TroubleUnreadable { // it waits among what was found
			continue
		}
		fresh++
		item := wanted[key]
		found := now.Add(-time.Duration(len(v.found)) * time.Microsecond) // listings name the newest first
		if v.left(item.Published, i > last) {
			found = v.status.BaselineAt.Add(-time.Duration(len(v.found)+1) * time.Microsecond)
		}
		v.found = append(v.found, state.Found{
			Source: v.src.ID, Key: key, URL: item.URL, Title: item.Title, Published: item.Published, Locator: item.Locator,
			FoundAt: found, NextTry: now,
		})
	}
	return fresh, old, nil
}

// before reports whether a date is known and lies before the limit.
func before(d statement.Date, limit time.Time) bool {
	return !limit.IsZero() && !d.Time.IsZero() && d.Time.Before(limit)
}

// choose gives what is to be read now of what listings have named: the newest
// within the limit, the oldest of them first.
func (v *visit) choose(ctx context.Context) ([]state.Found, error) {
	waiting := v.found
	if v.options.DryRun {
		waiting = slices.Clone(waiting)
		slices.Reverse(waiting)
	} else {
		var err error
		if waiting, err = v.Store.Found(ctx, v.src.ID, v.Clock.Now()); err != nil {
			return nil, err
		}
	}
	late := 0
	waiting = slices.DeleteFunc(waiting, func(f state.Found) bool { return before(f.Published, v.options.Since) })
	for _, f := range waiting {
		if before(f.Published, v.status.BaselineAt) {
			late++
		}
	}
	v.backlog = v.status.BaselineNewest.IsZero() && late > maxLate
	if n := v.options.Limit; n > 0 && len(waiting) > n {
		waiting = waiting[len(waiting)-n:]
	}
	return waiting, nil
}

// quiet tells whether a new statement belongs to a backlog and gets no alert
// of its own: it was there before the first visit, is older than the newest
// that this one read, or comes with many old ones.
func (v *visit) quiet(f state.Found) bool {
	return v.past != nil || v.first || v.src.Kind == statement.KindPage || f.FoundAt.Before(v.status.BaselineAt) || v.status.Backlog(f.Published) || v.backlog && before(f.Published, v.status.BaselineAt)
}

// left tells whether an unknown item without a date is one that the first visit
// did not get to, as that was cut short by a limit: listings name the newest
// first, and it stands below all that is known.
func (v *visit) left(shown statement.Date, last bool) bool {
	return v.status.BaselineCut && shown.Time.IsZero() && last && v.known
}

// patterns choose addresses and titles.
type patterns struct{ include, exclude, skip []*regexp.Regexp }

func compile(src statement.Source) (p patterns, err error) {
	for _, list := range []struct {
		from []string
		to   *[]*regexp.Regexp
	}{{src.Include, &p.include}, {src.Exclude, &p.exclude}, {src.SkipTitles, &p.skip}} {
		for _, pattern := range list.from {
			re, err := regexp.Compile(pattern)
			if err != nil {
				return p, err
			}
			*list.to = append(*list.to, re)
		}
	}
	return p, nil
}

func (p patterns) want(address, title string) bool { return p.leftOut(address, title) == "" }

// leftOut says which rule keeps an item from being read, "" for none.
func (p patterns) leftOut(address, title string) string {
	matching := func(all []*regexp.Regexp, text string) int {
		return slices.IndexFunc(all, func(re *regexp.Regexp) bool { return re.MatchString(text) })
	}
	if len(p.include) > 0 && matching(p.include, address) < 0 {
		return "its address matches no pattern of include"
	}
	if i := matching(p.exclude, address); i >= 0 {
		return fmt.Sprintf("its address matches exclude[%d]: %s", i, p.exclude[i])
	}
	if i := matching(p.skip, title); title != "" && i >= 0 {
		return fmt.Sprintf("its title matches skip_titles[%d]: %s", i, p.skip[i])
	}
	return ""
}

// LeftOut gives what tells, for an item that a listing of the source names, which rule keeps a visit from reading it, in words; ""
// for none. It fails where a pattern of the source cannot be compiled.
func LeftOut(src statement.Source) (func(address, title string) string, error) {
	p, err := compile(src)
	return p.leftOut, err
}
