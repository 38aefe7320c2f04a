package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"volteface/configs"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/schedule"
	"volteface/internal/statement"
)

// Catalogue is every source that is defined, by id.
type Catalogue map[string]statement.Source

// IDs are the names of the sources, in order.
func (c Catalogue) IDs() []string { return slices.Sorted(maps.Keys(c)) }

// Tags are the tags of the sources, each with the ids of those that have it, in
// order.
func (c Catalogue) Tags() map[string][]string {
	tags := map[string][]string{}
	for _, id := range c.IDs() {
		for _, tag := range c[id].Tags {
			if !slices.Contains(tags[tag], id) {
				tags[tag] = append(tags[tag], id)
			}
		}
	}
	return tags
}

// Sources reads the built-in sources and those of the configuration's folder.
func (c *Config) Sources(getenv func(string) string) (Catalogue, error) {
	catalogue := Catalogue{}
	if err := c.addFolder(catalogue, configs.Files, "sources", BuiltIn, getenv); err != nil {
		return nil, err
	}
	if c.SourcesDir == "" {
		return catalogue, nil
	}
	own := Catalogue{}
	if err := c.addFolder(own, ownFolder{os.DirFS(c.SourcesDir), c.SourcesDir}, ".", c.SourcesDir+string(filepath.Separator), getenv); err != nil {
		return nil, err
	}
	for id, src := range own {
		if src.Switch == "" {
			src.Replaces = catalogue[id].Path
		}
		catalogue[id] = src
	}
	return catalogue, nil
}

func (c *Config) addFolder(to Catalogue, folder fs.FS, dir, shown string, getenv func(string) string) error {
	hint := "check sources_dir in the configuration, or --sources-dir"
	return eachDefinition("source", hint, folder, dir, shown, func(name string, content []byte) error {
		src, err := c.ParseSource(name, content, getenv)
		if err != nil {
			return err
		}
		if other, twice := to[src.ID]; twice {
			return idTwice(name, src.ID, cmp.Or(other.Switch, other.Path))
		}
		to[src.ID] = src
		return nil
	})
}

// eachDefinition reads the YAML files of a folder; empty ones are none yet.
func eachDefinition(of, hint string, folder fs.FS, dir, shown string, each func(name string, content []byte) error) error {
	entries, err := fs.ReadDir(folder, dir)
	if err != nil {
		return statement.WithHint(fmt.Errorf("read the %s definitions: %w", of, err), hint)
	}
	for _, entry := range entries {
		name := entry.Name()
		if ext := path.Ext(name); entry.IsDir() || (ext != ".yaml" && ext != ".yml") {
			continue
		}
		content, err := fs.ReadFile(folder, path.Join(dir, name))
		if err != nil {
			return fmt.Errorf("read a %s definition: %w", of, err)
		}
		if len(bytes.TrimSpace(content)) == 0 { // what a shell makes before the program that writes into it has begun
			continue
		}
		if err := each(shown+name, content); err != nil {
			return err
		}
	}
	return nil
}

func idTwice(file, id, other string) error {
	return &Error{File: file, Err: fmt.Errorf("the id %q is used by %s too", id, other), Hint: "give one of them another id"}
}

// ParseSource reads one source definition, checks it and fills in the
// defaults. The name is used in errors. A file with nothing but id and enabled
// switches the built-in source of that id, whose definition it gives.
func (c *Config) ParseSource(name string, content []byte, getenv func(string) string) (statement.Source, error) {
	var src statement.Source
	file, err := decode(name, content, getenv, &src)
	if err != nil {
		return src, err
	}
	if isSwitch(src) {
		return c.switched(name, src, file, getenv)
	}
	src.Path = name
	if plain, login := statement.TakeLogin(src.URL); plain != src.URL {
		if !login.IsZero() && !src.Auth.IsZero() {
			return src, file.errorAt("url", errors.New("the address has a login in it, and auth is given as well"), "keep auth, and write the address without the login")
		}
		if src.URL = plain; !login.IsZero() {
			src.Auth = login
		}
	}
	if err := file.zeros(&src, "delay", "api.first_page", "listing.first_page"); err != nil {
		return src, err
	}
	if src.Delay == 0 && !file.has("delay") {
		src.Delay = c.HTTP.Delay
	}
	if src.MaxPages == 0 {
		src.MaxPages = defaultMaxPages
	}
	if src.DeepEvery == 0 {
		src.DeepEvery = statement.Duration(defaultDeepEvery)
	}
	if src.Schedule == "" {
		src.Schedule = defaultSchedule
	}
	if src.Timezone == "" {
		src.Timezone = "UTC"
	}
	if field, err := accountAddress(&src); err != nil {
		return src, file.errorAt(field, err, statement.HintOf(err))
	}
	if src.Authority == "" {
		src.Authority = statement.FromPage
	}
	if err := takePages(&src); err != nil {
		return src, file.errorAt("pages", err, statement.HintOf(err))
	}
	for _, check := range checks {
		if field, err := check(src); err != nil {
			return src, file.errorAt(field, err, statement.HintOf(err))
		}
	}
	return src, nil
}

// takePages gives a source of kind page its first page as its address, and one
// that has an address alone that as its page.
func takePages(s *statement.Source) error {
	switch {
	case s.Kind != statement.KindPage && len(s.Pages) > 0:
		return hinted("write kind: page", "only a source of kind page has pages")
	case s.Kind != statement.KindPage:
	case len(s.Pages) == 0 && s.URL != "":
		s.Pages = []statement.WatchedPage{{URL: s.URL}}
	case len(s.Pages) > 0 && s.URL == "":
		s.URL = s.Pages[0].URL
	}
	return nil
}

// checkPages looks at the pages of a source of kind page.
func checkPages(s statement.Source) (string, error) {
	if s.Kind != statement.KindPage {
		return "", nil
	}
	if len(s.Pages) == 0 {
		return "pages", hinted("write url: with the address of the page, or a list of pages, each with its url", "there is no page")
	}
	if len(s.Pages) > maxWatched {
		return "pages", hinted("make several sources of them", "%d pages are more than the %d of one source", len(s.Pages), maxWatched)
	}
	seen := map[string]bool{}
	for i, p := range s.Pages {
		u, err := url.Parse(p.URL)
		field := fmt.Sprintf("pages[%d].url", i)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return field, hinted("write the whole address, for example https://www.example.org/policy", "%q is not an http or https address", statement.HideLogin(p.URL))
		}
		key := s.Key(p.URL)
		if seen[key] {
			return field, hinted("name each page once", "%s is named twice", statement.HideLogin(p.URL))
		}
		seen[key] = true
	}
	if _, _, ok := s.Watched(s.URL); !ok {
		return "url", hinted("leave url out, or name it among the pages", "%s is none of the pages", statement.HideLogin(s.URL))
	}
	return "", nil
}

// maxWatched bounds the pages of one source: each is asked for at every visit.
const maxWatched = 500

// isSwitch tells whether a file does no more than switch a source on or off.
func isSwitch(src statement.Source) bool {
	return src.ID != "" && src.Enabled != nil && reflect.DeepEqual(src, statement.Source{ID: src.ID, Enabled: src.Enabled})
}

// switched is the built-in source that a file switches.
func (c *Config) switched(name string, by statement.Source, file *document, getenv func(string) string) (statement.Source, error) {
	content, err := configs.Files.ReadFile("sources/" + by.ID + ".yaml")
	if err != nil || !sourceID.MatchString(by.ID) {
		hint := "a file of id and enabled alone switches a built-in source; volteface sources list --all shows them"
		if near := statement.Nearest(by.ID, builtInIDs()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return by, file.errorAt("id", fmt.Errorf("no built-in source is called %q", by.ID), hint)
	}
	src, err := c.ParseSource(BuiltIn+by.ID+".yaml", content, getenv)
	src.Enabled, src.Switch = by.Enabled, name
	return src, err
}

// BuiltIn begins the Path of a definition that is part of the program; the name
// of its file follows, which is its id and ".yaml".
const BuiltIn = "built in: "

func builtInIDs() (ids []string) {
	entries, _ := fs.ReadDir(configs.Files, "sources") // none where it is not there
	for _, entry := range entries {
		ids = append(ids, strings.TrimSuffix(entry.Name(), ".yaml"))
	}
	return ids
}

var sourceID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// checks are what a definition must satisfy; each names the field that does not.
var checks = []func(statement.Source) (field string, err error){
	checkIdentity, checkVerified, checkPages, checkAddress, checkLanguage, checkTime, checkBounds, checkPatterns, checkKind, checkSelectors, checkWay,
}

func hinted(hint, format string, args ...any) error {
	return statement.WithHint(fmt.Errorf(format, args...), hint)
}

func checkIdentity(s statement.Source) (string, error) {
	if !sourceID.MatchString(s.ID) {
		return "id", hinted("use lower case letters, digits and dashes, for example ir-mfa", "%q cannot be the id of a source", s.ID)
	}
	if s.Issuer.ID == "" || s.Issuer.Name == "" {
		return "issuer", hinted("write issuer: {id: ru_president, name: President of Russia, government: RU}", "the issuer needs an id and a name")
	}
	var kinds []string
	for _, kind := range statement.Kinds() {
		kinds = append(kinds, string(kind))
	}
	if !slices.Contains(kinds, string(s.Kind)) {
		hint := "one of " + strings.Join(kinds, ", ")
		if near := statement.Nearest(string(s.Kind), kinds); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return "kind", hinted(hint, "%q is not a kind of source", s.Kind)
	}
	return "", nil
}

func checkVerified(s statement.Source) (string, error) {
	known := statement.VerifiedValues()
	if s.Verified == "" || slices.Contains(known, s.Verified) {
		return "", nil
	}
	var names []string
	for _, v := range known {
		names = append(names, string(v))
	}
	hint := "one of " + strings.Join(names, ", ")
	if near := statement.Nearest(strings.ToLower(string(s.Verified)), names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "verified", hinted(hint, "%q is not how a definition is verified", s.Verified)
}

func checkAddress(s statement.Source) (string, error) {
	u, err := url.Parse(s.URL)
	if s.URL == "" {
		return "url", hinted("give the address of the listing, feed, sitemap or API", "there is no url")
	}
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "url", hinted("write the whole address, for example https://www.example.org/news/", "%q is not an http or https address", statement.HideLogin(s.URL))
	}
	for i, feed := range s.Feeds {
		u, err := url.Parse(feed)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Sprintf("feeds[%d]", i), hinted("write the whole address", "%q is not an http or https address", statement.HideLogin(feed))
		}
	}
	for i, host := range s.HostAlias {
		if host == "" || strings.ContainsAny(host, "/: ") {
			return fmt.Sprintf("alias_hosts[%d]", i), hinted("write the host alone, for example mfa.gov.ir", "%q is not a host", host)
		}
	}
	return "", nil
}

// checkWay refuses what cannot be sent, and a login in any address but that of
// the source itself, which ParseSource has taken out of it.
func checkWay(s statement.Source) (string, error) {
	addresses := map[string]string{"document.url": s.Document.URL, "listing.next_url": s.Listing.NextURL, "api.next_url": s.API.NextURL, "api.link_url": s.API.LinkURL}
	for i, feed := range s.Feeds {
		addresses[fmt.Sprintf("feeds[%d]", i)] = feed
	}
	for i, p := range s.Pages {
		addresses[fmt.Sprintf("pages[%d].url", i)] = p.URL
	}
	for field, address := range addresses {
		if _, login := statement.TakeLogin(address); !login.IsZero() {
			return field, hinted("write it under auth; the hosts of url and alias_hosts are sent it", "the address has a login in it")
		}
	}
	var bad *fetch.WayError
	if err := fetch.CheckWay(s); errors.As(err, &bad) {
		return bad.Field, bad.Err
	}
	return "", nil
}

func checkLanguage(s statement.Source) (string, error) {
	if s.Language == "" {
		return "", nil
	}
	return "language", extract.CheckLanguage(s.Language)
}

func checkTime(s statement.Source) (string, error) {
	if _, err := schedule.Parse(s.Schedule); err != nil {
		return "schedule", err
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		return "timezone", hinted("write an IANA name, for example Europe/Moscow", "unknown time zone %q", s.Timezone)
	}
	if _, err := schedule.ParseWindow(s.Window); err != nil {
		return "window", err
	}
	if plan, err := schedule.NewPlan(s, 0); err == nil && plan.Next(time.Now()).IsZero() {
		return "schedule", hinted("the schedule must name a moment, inside the window if there is one", "%q is never due", s.Schedule)
	}
	return "", nil
}

func checkBounds(s statement.Source) (string, error) {
	if s.MaxPages < 1 || s.MaxPages > 10_000 {
		return "max_pages", hinted("between 1 and 10000", "%d pages in one visit", s.MaxPages)
	}
	if time.Duration(s.Delay) > time.Hour {
		return "delay", hinted("a few seconds are usual", "a delay of %s between requests", time.Duration(s.Delay))
	}
	return "", nil
}

func checkPatterns(s statement.Source) (string, error) {
	for field, patterns := range map[string][]string{"include": s.Include, "exclude": s.Exclude, "skip_titles": s.SkipTitles, "identity": one(s.Identity), "document.match": one(s.Document.Match)} {
		for i, pattern := range patterns {
			if _, err := regexp.Compile(pattern); err != nil {
				if field != "identity" && field != "document.match" {
					field = fmt.Sprintf("%s[%d]", field, i)
				}
				return field, hinted("the syntax is that of RE2: https://github.com/google/re2/wiki/Syntax", "%w", err)
			}
		}
	}
	return "", nil
}

// one is a list of a pattern that may be left out.
func one(pattern string) []string {
	if pattern == "" {
		return nil
	}
	return []string{pattern}
}

func checkKind(s statement.Source) (string, error) {
	switch {
	case s.Kind == statement.KindListing && s.Listing.Item == "":
		return "listing.item", hinted("give the CSS selector of one listed statement", "a listing needs listing.item")
	case s.Kind == statement.KindAPI && (s.API.Items == "" || s.API.Link == ""):
		return "api", hinted("give the paths of the items and of the link in each", "an API needs api.items and api.link")
	case s.Listing.FirstPage != nil && *s.Listing.FirstPage < 0:
		return "listing.first_page", hinted("0 or more", "%d is not the number of a page", *s.Listing.FirstPage)
	case s.Listing.DateAfter && s.Listing.DateBefore:
		return "listing.date_before", hinted("keep the one that is true", "the date stands behind the item or before it, not both")
	case s.Kind == statement.KindPage && (s.Authority != statement.FromPage || len(s.Feeds) > 0):
		return "kind", hinted("leave authority and feeds out", "a page is read on itself alone")
	case s.API.FirstPage != nil && *s.API.FirstPage < 0:
		return "api.first_page", hinted("0 or more", "%d is not the number of a page", *s.API.FirstPage)
	case len(s.Feeds) > 0 && s.Authority != statement.FromPage:
		return "feeds", hinted("use authority: page", "feeds only help to find pages")
	case s.Render != "" && s.Render != statement.ByBrowser:
		return "render", hinted("write browser, or leave it out", "%q does not show pages", s.Render)
	case s.Render != "" && s.Authority != statement.FromPage:
		return "render", hinted("use authority: page, or leave render out", "only pages are shown by a browser")
	case s.Kind.HasPosts() && (s.Authority != statement.FromFeed || len(s.Feeds) > 0):
		return "kind", hinted("leave authority and feeds out", "posts stand in their listing")
	case s.Authority == statement.FromFeed && !s.Kind.IsFeed():
		return "authority", hinted("use authority: page", "only a feed can have its text in the feed")
	case (s.Document.URL == "") != (s.Document.Match == ""):
		return "document", hinted("give both, or neither", "a document needs match and url")
	case s.Document.URL != "" && s.Authority == statement.FromFeed:
		return "authority", hinted("use authority: page or api", "what is read at an address of its own is not in the feed")
	case s.Authority == statement.FromAPI && s.Kind != statement.KindAPI && s.Document.URL == "":
		return "authority", hinted("use authority: page, or say with document where the JSON of a statement is", "only an API can have its text in the API")
	case !slices.Contains([]statement.Representation{statement.FromPage, statement.FromFeed, statement.FromAPI}, s.Authority):
		return "authority", hinted("one of page, feed, api", "%q is not a representation", s.Authority)
	}
	for field, address := range map[string]string{"listing.next_url": s.Listing.NextURL, "api.next_url": s.API.NextURL} {
		if address != "" && !strings.Contains(address, "{page}") {
			return field, hinted("put {page} where the number belongs", "%q has no {page} in it", address)
		}
	}
	return "", nil
}

func checkSelectors(s statement.Source) (string, error) {
	_, err := extract.New(s)
	var bad *extract.RuleError
	if errors.As(err, &bad) {
		return bad.Field, statement.WithHint(fmt.Errorf("%q: %w", bad.Value, bad.Err), statement.HintOf(bad.Err))
	}
	return "extract", err
}
