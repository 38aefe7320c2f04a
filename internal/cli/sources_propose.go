package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"volteface/internal/extract"
	"volteface/internal/learn"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/scrapers"
)

// learntFrom is how many articles a definition is learnt from.
const learntFrom = 3

// asker fetches pages of a site, one after the other, as a visit does.
type asker struct {
	scraper scrapers.Scraper
	note    func(string)
}

// get fetches a page that is there.
func (k asker) get(ctx context.Context, address string) (learn.Page, error) {
	k.note(address)
	c, err := k.scraper.Fetch(ctx, address, statement.Validators{})
	if err != nil {
		return learn.Page{}, err
	}
	if c.Quality != statement.Good {
		return learn.Page{}, fmt.Errorf("%s: %s", statement.HideLogin(address), c.Reason)
	}
	return learn.Page{URL: c.FinalURL, ContentType: c.Header.Get("Content-Type"), Body: c.Body}, nil
}

// propose learns a source from the web.
func (a *app) propose(ctx context.Context, args []string, o addition) (*proposal, error) {
	src := statement.Source{ID: "new", Kind: statement.KindListing, URL: args[0], Authority: statement.FromPage, Listing: statement.ListingRules{Item: "a"}}
	ask, _, done, err := a.asker(ctx, src, nil)
	if err != nil {
		return nil, err
	}
	defer done()
	first, err := ask.get(ctx, args[0])
	if err != nil {
		return nil, unreachableHint(err)
	}
	if o.page {
		return a.proposePages(first, args, o), nil
	}
	return a.proposeFrom(ctx, ask, first, o)
}

// asker begins to ask for the pages of a source, at its pace or the usual one. What
// other processes know of hosts is kept to, if there is a folder of data; h is nil
// if there is none. done ends it.
func (a *app) asker(ctx context.Context, src statement.Source, delay *statement.Duration) (ask asker, h *house, done func(), err error) {
	cfg, err := a.config()
	if err != nil {
		return ask, nil, nil, err
	}
	folder, err := a.folder()
	if err != nil {
		return ask, nil, nil, err
	}
	x, err := extract.New(src)
	if err != nil {
		return ask, nil, nil, err
	}
	if isFile(filepath.Join(folder, databaseName)) {
		if h, err = a.open(ctx); err != nil {
			return ask, nil, nil, err
		}
	}
	client, err := a.client(h, cfg)
	if err != nil {
		if h != nil {
			h.Close()
		}
		return ask, nil, nil, err
	}
	pause := time.Duration(cfg.HTTP.Delay)
	if delay != nil {
		pause = time.Duration(*delay)
	}
	visit := client.Visit(pause)
	bar, n := term.NewProgress(a.err, "looking at the site"), 0
	ask = asker{scrapers.Open(ctx, src, x, visit), func(address string) {
		n++
		if a.verbose {
			bar.Print(func() { fmt.Fprintf(a.err, "reading %s\n", term.Clean(statement.HideLogin(address))) })
		}
		bar.Set(n, 0)
	}}
	return ask, h, func() {
		bar.Done()
		visit.Close()
		client.Close()
		if h != nil {
			h.Close()
		}
	}, nil
}

// unreachableHint says what to do about a page that does not answer.
func unreachableHint(err error) error {
	if statement.HintOf(err) != "" {
		return err
	}
	return statement.WithHint(err, "open it in a browser, save the listing and three of its articles, and name the files: volteface sources add --saved listing.html one.html two.html three.html")
}

// proposeFrom learns a source from its first page: what that is itself, what feeds
// and APIs it names, else its listing.
func (a *app) proposeFrom(ctx context.Context, ask asker, first learn.Page, o addition) (*proposal, error) {
	site := learn.AboutSite(first)
	p := newProposal(site, first.URL, o)
	about := learn.About{Language: p.src.Language, Timezone: p.src.Timezone, Government: p.src.Issuer.Government, Now: a.clock.Now()}
	if way, entries := learn.Direct(first); way.What != "" {
		return a.proposeWay(ctx, ask, p, way, entries, about)
	}
	l, err := learn.Best(first, about)
	if err != nil && !errors.Is(err, learn.ErrNoListing) && !errors.Is(err, learn.ErrNotHTML) {
		return nil, err
	}
	if !o.listing {
		ways := learn.Ways(first)
		if learn.IsDrupal(first) {
			ways = append(ways, drupal(ctx, ask, first.URL)...)
		}
		for _, way := range ways {
			entries, err := a.entries(ctx, ask, way, about)
			switch {
			case err != nil:
				p.tried(way, "cannot be used: "+err.Error())
			case len(entries) == 0:
				p.tried(way, "names nothing")
			case l.Covers(entries) < 0.5:
				p.tried(way, "names other statements than the page")
			default:
				return a.proposeWay(ctx, ask, p, way, entries, about)
			}
		}
	}
	if l == nil {
		return a.proposeInstead(p, first, o)
	}
	p.way = fmt.Sprintf("the listing, %s of which are on its first page", plural(len(l.Items), "statement"))
	pages := a.articles(ctx, ask, p, l.Articles(learntFrom))
	return p, p.learn(l, nil, pages, about)
}

// drupal asks a Drupal site for its lists.
func drupal(ctx context.Context, ask asker, address string) []learn.Way {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	host := u.Scheme + "://" + u.Host
	index, err := ask.get(ctx, host+"/jsonapi")
	if err != nil {
		return nil // most have it switched off
	}
	return learn.DrupalWays(host, string(index.Body))
}

// entries asks a feed or an API what it names.
func (a *app) entries(ctx context.Context, ask asker, way learn.Way, about learn.About) ([]extract.Entry, error) {
	page, err := ask.get(ctx, way.Source.URL)
	if err != nil {
		return nil, err
	}
	src := way.Source
	src.ID, src.Language, src.Timezone = "new", about.Language, about.Timezone
	if src.Authority == "" {
		src.Authority = statement.FromPage
	}
	x, err := extract.New(src)
	if err != nil {
		return nil, err
	}
	if src.Kind == statement.KindAPI {
		return x.Items(page.Body, page.URL)
	}
	entries, _, err := x.Feed(page.Body, page.URL)
	return entries, err
}

// proposeWay proposes a feed, an API or a sitemap, and learns from articles that it
// names how they are read.
func (a *app) proposeWay(ctx context.Context, ask asker, p *proposal, way learn.Way, entries []extract.Entry, about learn.About) (*proposal, error) {
	own := way.Source
	own.ID, own.Issuer, own.Language, own.Timezone, own.Speakers, own.Tags = p.src.ID, p.src.Issuer, p.src.Language, p.src.Timezone, p.src.Speakers, p.src.Tags
	p.src, p.way = own, way.String()
	var items []learn.Item
	var addresses []string
	for _, e := range entries {
		if e.URL == "" {
			continue
		}
		items = append(items, learn.Item{URL: e.URL, Title: e.Title, Published: e.Published.Time})
		addresses = append(addresses, e.URL)
	}
	if own.Authority == statement.FromAPI { // its documents are read by rules that are known
		p.draft = &learn.Draft{Items: items}
		return p, nil
	}
	if len(addresses) > learntFrom {
		addresses = []string{addresses[0], addresses[len(addresses)/2], addresses[len(addresses)-1]}
	}
	pages := a.articles(ctx, ask, p, addresses)
	if len(pages) == 0 && own.Kind == statement.KindFeed && hasTexts(entries) {
		p.src.Authority = statement.FromFeed
		p.draft = &learn.Draft{Items: items}
		p.warn("the pages cannot be read, so the text is that of the feed: an edit is seen for as long as the feed names the statement")
		return p, nil
	}
	return p, p.learn(nil, items, pages, about)
}

// hasTexts tells whether the entries of a feed hold whole texts.
func hasTexts(entries []extract.Entry) bool {
	long := 0
	for _, e := range entries {
		if len(e.HTML) > 600 {
			long++
		}
	}
	return long*2 > len(entries)
}

// articles fetches articles to learn from; what does not answer is told.
func (a *app) articles(ctx context.Context, ask asker, p *proposal, addresses []string) (pages []learn.Page) {
	for _, address := range addresses {
		page, err := ask.get(ctx, address)
		if err != nil {
			if ctx.Err() == nil {
				p.warn("an article cannot be read: %v", err)
			}
			continue
		}
		if what := extract.Unreadable(page.Body, page.ContentType); what != "" {
			p.warn("%s is %s: nothing is learnt from it", statement.HideLogin(address), what)
			continue
		}
		if !learn.IsHTML(page) {
			p.warn("%s is a document, not a page: it is read as it is, and nothing is learnt from it", statement.HideLogin(address))
			continue
		}
		page.URL = address // as it is listed
		pages = append(pages, page)
	}
	return pages
}

// proposeInstead is for a page without a list: it can be watched itself.
func (a *app) proposeInstead(p *proposal, first learn.Page, o addition) (*proposal, error) {
	if learn.Scripted(first) {
		return nil, statement.WithHint(fmt.Errorf("%s: %w: it is built by scripts in the browser", statement.HideLogin(first.URL), learn.ErrNoListing),
			"look in its source for a feed or an API; or save the page from a browser and name the file with --saved")
	}
	if o.listing {
		return nil, statement.WithHint(fmt.Errorf("%s: %w", statement.HideLogin(first.URL), learn.ErrNoListing),
			"give the address of the page that lists the statements, or begin with a copy: volteface sources new ID --from kremlin")
	}
	q := a.proposePages(first, []string{first.URL}, o)
	q.warnings = append(p.warnings, q.warnings...)
	q.warn("%v: the page itself is watched; if it should list statements, give the address of the list", learn.ErrNoListing)
	return q, nil
}

// proposePages proposes to watch pages themselves.
func (a *app) proposePages(first learn.Page, addresses []string, o addition) *proposal {
	p := newProposal(learn.AboutSite(first), first.URL, o)
	p.src.Kind, p.src.URL = statement.KindPage, addresses[0]
	p.way = "watching " + plural(len(addresses), "page") + " themselves"
	for _, address := range addresses {
		p.src.Pages = append(p.src.Pages, statement.WatchedPage{URL: address})
	}
	if len(addresses) == 1 {
		p.src.Pages[0].Name = o.name
	}
	about := learn.About{Language: p.src.Language, Timezone: p.src.Timezone, Government: p.src.Issuer.Government, Now: a.clock.Now()}
	if extract.Unreadable(first.Body, first.ContentType) == "" {
		first.URL = addresses[0]
		if d, err := learn.Definition(nil, nil, []learn.Page{first}, about); err == nil {
			d.Warnings, d.Items = nil, nil
			p.draft = d // as an example of what is read
			if len(addresses) == 1 && len(d.Source.Extract.Body) > 0 {
				p.src.Pages[0].Select, p.src.Pages[0].Drop = d.Source.Extract.Body, d.Source.Extract.Drop
			}
		}
	}
	return p
}

// newProposal begins a proposal with what is known of the site and what a person
// says of it.
func newProposal(site learn.Site, address string, o addition) *proposal {
	p := &proposal{}
	name := o.name
	if name == "" || o.page {
		name = site.Name
	}
	p.src = statement.Source{ID: site.ID, URL: address, Kind: statement.KindListing, Authority: statement.FromPage, Language: o.language, Timezone: o.timezone,
		Tags: o.tags, Issuer: statement.Issuer{ID: o.issuer, Name: name, Government: o.government}}
	if p.src.Issuer.Government == "" {
		p.src.Issuer.Government = site.Government
	}
	if p.src.Language == "" {
		p.src.Language = site.Language
	}
	switch {
	case p.src.Timezone != "":
	case site.Timezone != "":
		p.src.Timezone = site.Timezone
	default:
		p.src.Timezone = "UTC"
		p.warn("no time zone is known, so times are taken to be in UTC: give --timezone")
	}
	p.src.Speakers = []string{name}
	p.remarks = append(p.remarks, fmt.Sprintf("%s. Made by volteface sources add from %s; look at what is written here, above all the name, the government and the time zone.",
		strings.TrimSuffix(name, "."), statement.HideLogin(address)))
	return p
}

func (p *proposal) warn(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(p.warnings, text) {
		p.warnings = append(p.warnings, text)
	}
}

// tried notes a way that was not taken.
func (p *proposal) tried(way learn.Way, why string) {
	p.remarks = append(p.remarks, fmt.Sprintf("Tried: %s, which %s.", statement.HideLogin(way.String()), why))
}

// learn makes the definition of what has been fetched.
func (p *proposal) learn(l *learn.Listing, items []learn.Item, pages []learn.Page, about learn.About) error {
	d, err := learn.Definition(l, items, pages, about)
	if err != nil {
		return err
	}
	p.draft = d
	if l != nil {
		p.src.Listing = d.Source.Listing
		for _, item := range d.Items {
			if item.Title == "" {
				p.warn("some items of the listing have no title there: it is that of their pages")
				break
			}
		}
	}
	p.src.Extract = d.Source.Extract
	for _, w := range d.Warnings {
		p.warn("%s", w)
	}
	return nil
}

// proposeSaved learns a source from files that a browser saved.
func (a *app) proposeSaved(args []string, o addition) (*proposal, error) {
	address := ""
	if u, err := url.Parse(args[0]); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		address, args = args[0], args[1:]
	}
	files, err := savedFiles(args)
	if err != nil {
		return nil, err
	}
	pages := make([]learn.Page, len(files))
	for i, file := range files {
		body, err := statement.ReadFile(file, maxSaved)
		if err != nil {
			return nil, err
		}
		pages[i] = learn.Page{URL: learn.Address(body), ContentType: "text/html", Body: body}
	}
	now := a.clock.Now()
	first := firstOf(pages, args, now)
	if address != "" {
		pages[first].URL = address
	}
	if pages[first].URL == "" {
		return nil, usage(fmt.Errorf("%s does not say which address it is from", files[first]), "give the address before the files: volteface sources add https://www.example.org/press --saved "+files[first])
	}
	if o.page {
		return a.proposePages(pages[first], []string{pages[first].URL}, o), nil
	}
	p := newProposal(learn.AboutSite(pages[first]), pages[first].URL, o)
	about := learn.About{Language: p.src.Language, Timezone: p.src.Timezone, Government: p.src.Issuer.Government, Now: now}
	l, err := learn.Best(pages[first], about)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("%s: %w", files[first], err), "name the file of the listing first; with --page, the page itself is watched")
	}
	var articles []learn.Page
	for i, page := range pages {
		if i == first {
			continue
		}
		if known := l.Matching(page); known != "" {
			page.URL = known
		}
		if page.URL == "" {
			p.warn("%s is none of the articles that the listing names, and is left out", files[i])
			continue
		}
		articles = append(articles, page)
	}
	p.way = fmt.Sprintf("the saved listing, with %s", plural(len(articles), "article"))
	return p, p.learn(l, nil, articles, about)
}

// maxSaved bounds a saved page, in bytes.
const maxSaved = 16 << 20

// savedFiles are the files that a person names, and those of the folders.
func savedFiles(args []string) (files []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			return nil, usage(fmt.Errorf("there is no file %s", arg), "name pages that a browser saved, or a folder of them")
		case !info.IsDir():
			files = append(files, arg)
			continue
		}
		for _, pattern := range []string{"*.html", "*.htm", "*.xhtml"} {
			found, err := filepath.Glob(filepath.Join(arg, pattern))
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
		}
	}
	if len(files) == 0 {
		return nil, usage(errors.New("there is no saved page"), "name the listing first, then some of its articles: volteface sources add --saved listing.html one.html")
	}
	return files, nil
}

// firstOf is which of some saved pages is the listing: the first, or in a folder
// the one that looks most like it.
func firstOf(pages []learn.Page, args []string, now time.Time) int {
	if !isFolder(args[0]) {
		return 0
	}
	best, top := 0, 0.0
	for i, page := range pages {
		if page.URL == "" {
			page.URL = "https://saved.invalid/"
		}
		site := learn.AboutSite(page)
		all, err := learn.Listings(page, learn.About{Language: site.Language, Timezone: "UTC", Now: now})
		if err == nil && len(all) > 0 && all[0].Score > top {
			best, top = i, all[0].Score
		}
	}
	return best
}
