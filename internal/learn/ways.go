package learn

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"volteface/internal/extract"
	"volteface/internal/statement"
)

// Way is a feed or an API that may name a site's statements, to be asked.
type Way struct {
	What   string           // in words for people: "feed", "WordPress API"
	Source statement.Source // kind, address and rules; nothing of the issuer
}

// mostWays bounds how many are asked.
const mostWays = 6

// Ways are the feeds and APIs that a page names or that its platform is known to
// have, the likeliest first.
func Ways(p Page) []Way {
	t, err := parse(p)
	if err != nil {
		return nil
	}
	var ways []Way
	add := func(what string, src statement.Source) {
		if src.URL != "" && sameSite(src.URL, p.URL) && !slices.ContainsFunc(ways, func(w Way) bool { return sameKey(w.Source.URL, src.URL) }) {
			ways = append(ways, Way{what, src})
		}
	}
	if src, ok := govUK(p.URL); ok {
		add("feed of GOV.UK, with its content API", src)
	}
	for n := range t.root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.Link && n.DataAtom != atom.A {
			continue
		}
		address := resolve(t.base, attr(n, "href"))
		switch {
		case address == "":
		case n.DataAtom == atom.Link && hasWord(attr(n, "rel"), "alternate") && feedType(attr(n, "type")) && !strings.Contains(address, "/comments/"):
			add("feed", statement.Source{Kind: statement.KindFeed, URL: address})
		case n.DataAtom == atom.Link && hasWord(attr(n, "rel"), "https://api.w.org/"):
			add("WordPress API", wordPress(t, address))
		case n.DataAtom == atom.A && feedAddress(address):
			add("feed", statement.Source{Kind: statement.KindFeed, URL: address})
		}
	}
	return ways[:min(len(ways), mostWays)]
}

func feedType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(t)), ";")
	return t == "application/rss+xml" || t == "application/atom+xml" || t == "application/feed+json"
}

// feedAddress tells an address that says it is of a feed.
func feedAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	last := strings.ToLower(u.Path[strings.LastIndexByte(strings.TrimRight(u.Path, "/"), '/')+1:])
	last = strings.Trim(last, "/")
	return last == "feed" || last == "rss" || last == "atom" || strings.HasSuffix(last, ".rss") || strings.HasSuffix(last, ".atom") || last == "rss.xml" || last == "feed.xml" || last == "atom.xml"
}

// wordPress is the posts of a WordPress site, those of the category that the page
// is of (developer.wordpress.org/rest-api/reference/posts).
func wordPress(t *tree, api string) statement.Source {
	query := "per_page=20&_fields=link,title,date"
	for n := range t.root.Descendants() {
		if n.DataAtom != atom.Link || !hasWord(attr(n, "rel"), "alternate") || attr(n, "type") != "application/json" {
			continue
		}
		if _, id, ok := strings.Cut(attr(n, "href"), "/wp/v2/categories/"); ok && strings.Trim(id, "0123456789") == "" {
			query += "&categories=" + id
		}
	}
	address := strings.TrimRight(api, "/") + "/wp/v2/posts?" + query
	if strings.Contains(api, "rest_route=") {
		address = api + "wp/v2/posts&" + query
	}
	return statement.Source{Kind: statement.KindAPI, URL: address, API: statement.APIRules{
		Items: "@this", Link: "link", Title: "title.rendered", Date: "date", Formats: []string{"2006-01-02T15:04:05"}, NextURL: address + "&page={page}",
	}}
}

// drupalNames are what sites call their types of statements.
var drupalNames = []string{"press_release", "press-release", "statement", "news", "news_item", "speech", "release", "article", "pressrelease", "announcement"}

// IsDrupal tells whether a page was made by Drupal.
func IsDrupal(p Page) bool {
	text := string(p.Body)
	return strings.Contains(text, "/sites/default/files/") && strings.Contains(text, "data-drupal-") || strings.Contains(text, `content="Drupal `)
}

// DrupalWays are the lists of a Drupal site's JSON:API whose types are called as
// statements are; the index is what /jsonapi answers (drupal.org/docs, JSON:API
// module).
func DrupalWays(host, index string) (ways []Way) {
	for _, name := range drupalNames {
		if !strings.Contains(index, `"node--`+name+`"`) {
			continue
		}
		address := host + "/jsonapi/node/" + name + "?sort=-created&page[limit]=50"
		ways = append(ways, Way{"Drupal JSON:API (" + name + ")", statement.Source{Kind: statement.KindAPI, URL: address, API: statement.APIRules{
			Items: "data", Link: "attributes.path.alias", LinkURL: host + "{value}", Title: "attributes.title", Date: "attributes.created",
		}}})
	}
	return ways[:min(len(ways), 3)]
}

// govUK is the feed of an organisation on GOV.UK; texts come from the content API
// (content-api.publishing.service.gov.uk).
func govUK(address string) (src statement.Source, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() != "www.gov.uk" {
		return src, false
	}
	path := strings.TrimSuffix(strings.TrimRight(u.Path, "/"), ".atom")
	if !strings.HasPrefix(path, "/government/organisations/") {
		return src, false
	}
	return statement.Source{
		Kind: statement.KindFeed, URL: "https://www.gov.uk" + path + ".atom", Authority: statement.FromAPI,
		Include:  []string{`^https://www\.gov\.uk/government/(news|speeches|publications|statements|consultations|case-studies|collections)/`},
		Document: statement.DocumentRule{Match: `^https?://www\.gov\.uk/([^?#]+)`, URL: "https://www.gov.uk/api/content/{1}"},
		Extract: statement.ExtractRules{
			Title: []string{"title"}, Body: []string{"withdrawn_notice.explanation", "details.body"},
			Published: []statement.DateRule{{Selectors: []string{"first_published_at"}}, {Selectors: []string{"details.first_public_at"}}},
			Updated:   []statement.DateRule{{Selectors: []string{"public_updated_at"}}},
			Note:      "details.change_history.#.[public_timestamp,note]",
		},
	}, true
}

// Direct tells what an address itself is, where it is no page: a feed, or a
// sitemap. The way is empty for a page.
func Direct(p Page) (Way, []extract.Entry) {
	x, err := extract.New(statement.Source{ID: "learn", Kind: statement.KindFeed, URL: p.URL, Authority: statement.FromPage, Language: "en"})
	if err != nil {
		return Way{}, nil
	}
	start := strings.TrimSpace(string(p.Body[:min(len(p.Body), 1024)]))
	if !strings.HasPrefix(start, "<?xml") && !strings.HasPrefix(start, "<rss") && !strings.HasPrefix(start, "<feed") && !strings.HasPrefix(start, "<urlset") &&
		!strings.HasPrefix(start, "<sitemapindex") && !strings.HasPrefix(start, "{") && !strings.HasPrefix(start, "<rdf") {
		return Way{}, nil
	}
	if entries, _, err := x.Feed(p.Body, p.URL); err == nil && len(entries) > 0 {
		if src, ok := govUK(p.URL); ok {
			return Way{"feed of GOV.UK, with its content API", src}, entries
		}
		return Way{"feed", statement.Source{Kind: statement.KindFeed, URL: p.URL}}, entries
	}
	if !strings.HasPrefix(start, "<") {
		return Way{}, nil
	}
	if entries, children, err := extract.Sitemap(p.Body, p.URL); err == nil && len(entries)+len(children) > 0 {
		return Way{"sitemap", statement.Source{Kind: statement.KindSitemap, URL: p.URL}}, entries
	}
	return Way{}, nil
}

// Covers is the share of a listing's items that some entries name.
func (l *Listing) Covers(entries []extract.Entry) float64 {
	if l == nil || len(l.Items) == 0 {
		return 1
	}
	keys, titles := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		keys[(statement.Source{}).Key(e.URL)] = true
		if t := statement.Letters(e.Title); len(t) > 12 {
			titles[t] = true
		}
	}
	n := 0
	for _, item := range l.Items {
		if keys[(statement.Source{}).Key(item.URL)] || titles[statement.Letters(item.Title)] {
			n++
		}
	}
	return float64(n) / float64(len(l.Items))
}

// Scripted tells whether a page has hardly a text and is built by scripts in the
// browser.
func Scripted(p Page) bool {
	t, err := parse(p)
	if err != nil {
		return false
	}
	scripts := 0
	for n := range t.root.Descendants() {
		if n.DataAtom == atom.Script {
			scripts++
		}
	}
	text := 0
	for _, b := range blocksOf(t.root) {
		text += len(b.text)
	}
	return scripts > 0 && text < 400
}

// String says what a way is and where.
func (w Way) String() string { return fmt.Sprintf("%s %s", w.What, w.Source.URL) }
