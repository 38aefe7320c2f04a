package statement

import (
	"encoding/json"
	"sync"
	"time"
)

// Kind says how a source lists its statements.
type Kind string

// The kinds of source.
const (
	KindListing Kind = "listing" // HTML pages of links, followed page by page
	KindFeed    Kind = "feed"    // RSS, Atom or JSON Feed
	KindSitemap Kind = "sitemap" // sitemap or sitemap index (sitemaps.org protocol)
	KindAPI     Kind = "api"     // a JSON listing
	KindPage    Kind = "page"    // pages that are rewritten in place, each a statement from its first sight

	// What channels and accounts publish.
	KindTelegram Kind = "telegram" // the public preview of a channel
	KindMastodon Kind = "mastodon" // an account, by the API of its server
	KindBluesky  Kind = "bluesky"  // an account, by the public API
	KindYouTube  Kind = "youtube"  // the feed of a channel: titles and descriptions
)

// Kinds are all kinds of source.
func Kinds() []Kind {
	return []Kind{KindListing, KindFeed, KindSitemap, KindAPI, KindPage, KindTelegram, KindMastodon, KindBluesky, KindYouTube}
}

// HasPosts reports whether a source of the kind is a channel or an account, whose
// posts stand in its listing.
func (k Kind) HasPosts() bool {
	return k == KindTelegram || k == KindMastodon || k == KindBluesky || k == KindYouTube
}

// IsFeed reports whether the listing of a source of the kind holds no more than
// what is newest, so that what it does not name is not gone.
func (k Kind) IsFeed() bool { return k == KindFeed || k.HasPosts() }

// Blind says in a sentence what a source of the kind cannot see; "" for nothing
// that would surprise.
func (k Kind) Blind() string {
	const gone = "an edit is seen only while the post is among those, and one that is deleted is not missed"
	switch k {
	case KindTelegram:
		return "only the newest posts with text of the channel's public preview are seen: no pictures, videos or polls, no comments, nothing forwarded from others; channels without a preview not at all; " + gone
	case KindMastodon:
		return "only the newest public posts of the account are seen: no boosts, no replies to others, no pictures or polls, nothing for followers alone; " + gone
	case KindBluesky:
		return "only the newest posts of the account are seen: no reposts, no replies to others, no pictures, nothing of what a post quotes; " + gone
	case KindYouTube:
		return "only titles and descriptions of the 15 newest videos are seen, never what is said in them; YouTube's robots.txt may forbid the feed, and then nothing is read; " + gone
	}
	return ""
}

// Representation names the one form of a statement whose text counts. The
// other forms of a source only help to find statements.
type Representation string

// The representations a source can declare as authoritative.
const (
	FromPage Representation = "page" // the statement's own HTML page
	FromFeed Representation = "feed" // the full text inside the feed
	FromAPI  Representation = "api"  // a JSON document
)

// Render says what runs the scripts of a source's pages.
type Render string

// ByBrowser has pages shown by an installed Chromium.
const ByBrowser Render = "browser"

// Verified says how sure it is that a definition reads its source right. A
// source of one's own need not say it.
type Verified string

// The degrees of certainty of a definition.
const (
	VerifiedByReplay Verified = "replay"
	VerifiedByFormat Verified = "format"
	Unverified       Verified = "unverified"
)

// VerifiedValues are the degrees a definition can name, the surest first.
func VerifiedValues() []Verified { return []Verified{VerifiedByReplay, VerifiedByFormat, Unverified} }

// Means says in a sentence what a degree stands for; "" for none.
func (v Verified) Means() string {
	switch v {
	case VerifiedByReplay:
		return "it reads real, captured pages of the issuer right; a test holds it"
	case VerifiedByFormat:
		return "the format of its feed, sitemap or API is known, and a page written in that format is read right; a test holds it"
	case Unverified:
		return "written from what is known of the site, and never tried; off until it is switched on"
	}
	return ""
}

// Issuer is an institution whose position is tracked.
type Issuer struct {
	ID         string `yaml:"id" json:"id" jsonschema:"required" jsonschema_description:"short name of the institution, for example ru_president"`
	Name       string `yaml:"name" json:"name" jsonschema_description:"name as people know it"`
	Government string `yaml:"government" json:"government" jsonschema_description:"government it belongs to: an ISO 3166-1 alpha-2 code, or EU, NATO, UN"`
}

// Source is one official page, feed or API of an issuer, and how to scrape it.
// Package config fills in the defaults and checks every field.
type Source struct {
	ID        string        `yaml:"id" json:"id" jsonschema_description:"name to type: lower case letters, digits and dashes"`
	Issuer    Issuer        `yaml:"issuer" json:"issuer"`
	Kind      Kind          `yaml:"kind" json:"kind" jsonschema:"enum=listing,enum=feed,enum=sitemap,enum=api,enum=page,enum=telegram,enum=mastodon,enum=bluesky,enum=youtube"`
	URL       string        `yaml:"url" json:"url" jsonschema_description:"address of the listing, feed, sitemap, API or page; of a channel or account, that at which people see it"`
	Pages     []WatchedPage `yaml:"pages,omitempty" json:"pages,omitempty" jsonschema_description:"for kind page: the pages that are watched; url alone does for one"`
	Feeds     []string      `yaml:"feeds,omitempty" json:"feeds,omitempty" jsonschema_description:"feeds that name statements sooner than the listing; their texts are not used"`
	Enabled   *bool         `yaml:"enabled,omitempty" json:"enabled,omitempty" jsonschema_description:"false keeps the source out of --all and of the daemon (default true, unless it is unverified)"`
	Verified  Verified      `yaml:"verified,omitempty" json:"verified,omitempty" jsonschema:"enum=replay,enum=format,enum=unverified" jsonschema_description:"how sure it is that the definition reads the source right: replay, real captured pages are; format, a page written in the known format of its feed or API is; unverified, never tried, which keeps the source out like enabled: false unless enabled is true"`
	Access    string        `yaml:"access,omitempty" json:"access,omitempty" jsonschema_description:"what is known of the way to its pages: blocks, scripts, robots.txt, pace"`
	Tags      []string      `yaml:"tags,omitempty" json:"tags,omitempty" jsonschema_description:"groups that rules, scrape --tag and sources --tag name, for example g7, mfa, central-banks"`
	Language  string        `yaml:"language,omitempty" json:"language,omitempty" jsonschema_description:"BCP 47 tag of the pages, for example en"`
	Timezone  string        `yaml:"timezone,omitempty" json:"timezone,omitempty" jsonschema_description:"IANA time zone of dates that are shown without one"`
	Speakers  []string      `yaml:"speakers,omitempty" json:"speakers,omitempty" jsonschema_description:"who speaks where the page marks nobody"`
	Officials []string      `yaml:"officials,omitempty" json:"officials,omitempty" jsonschema_description:"people who speak for the issuer: what they are quoted with is its own; the office may follow after a comma"`

	Proxy   Address           `yaml:"proxy,omitempty" json:"proxy,omitempty" jsonschema_description:"proxy by which this source alone is asked: http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT, or direct for none (default as http.proxy in the configuration)"`
	Headers map[string]Secret `yaml:"headers,omitempty" json:"headers,omitempty" jsonschema_description:"headers sent with every request to the source's own hosts, those of url and alias_hosts; secrets best as \"${NAME}\" from the environment"`
	Cookies map[string]Secret `yaml:"cookies,omitempty" json:"cookies,omitempty" jsonschema_description:"cookies sent to the source's own hosts, until the site sets another of that name"`
	Auth    Auth              `yaml:"auth,omitempty" json:"auth,omitzero" jsonschema_description:"how the source's own hosts are signed in to"`

	Schedule   string   `yaml:"schedule,omitempty" json:"schedule,omitempty" jsonschema_description:"when it is visited, in the time zone of the source: every 15 min, every 2 hours on weekdays 7-20, at 7:30 and 19:00, or a cron expression (default every 30 min)"`
	Window     string   `yaml:"window,omitempty" json:"window,omitempty" jsonschema_description:"days and hours in which the daemon may visit, in the time zone of the source: weekdays 7-20, Mon-Sat 06:30-22:00, daily 22-04 (default always)"`
	Delay      Duration `yaml:"delay" json:"delay,omitempty" jsonschema_description:"pause between two requests to the host; 0s for none (default 2s)"`
	MaxPages   int      `yaml:"max_pages,omitempty" json:"max_pages,omitempty" jsonschema_description:"most listing pages followed in one visit (default 20)"`
	DeepEvery  Duration `yaml:"deep_every,omitempty" json:"deep_every,omitempty" jsonschema_description:"how often the listing is walked to the bound even though all is known, for backdated items (default 168h)"`
	HostAlias  []string `yaml:"alias_hosts,omitempty" json:"alias_hosts,omitempty" jsonschema_description:"other hosts that serve the same pages under the same paths"`
	FoldCase   bool     `yaml:"fold_path_case,omitempty" json:"fold_path_case,omitempty" jsonschema_description:"true where the site mixes upper and lower case in one address"`
	Include    []string `yaml:"include,omitempty" json:"include,omitempty" jsonschema_description:"regular expressions (RE2); an address must match one of them"`
	Exclude    []string `yaml:"exclude,omitempty" json:"exclude,omitempty" jsonschema_description:"regular expressions; an address that matches one is left out"`
	SkipTitles []string `yaml:"skip_titles,omitempty" json:"skip_titles,omitempty" jsonschema_description:"regular expressions; an item whose listed title matches one is left out"`

	Identity string `yaml:"identity,omitempty" json:"identity,omitempty" jsonschema_description:"regular expression; of an address that matches it only its groups count, so that one statement is known under all forms of its address"`

	Render    Render         `yaml:"render,omitempty" json:"render,omitempty" jsonschema:"enum=browser" jsonschema_description:"browser has an installed Chromium run the scripts of listings and pages, for sites that show no text without (default: no scripts are run)"`
	Annexes   *bool          `yaml:"annexes,omitempty" json:"annexes,omitempty" jsonschema_description:"false leaves alone the PDF, Word and OpenDocument files of the same site that the text of a page links to (default true: each is a statement of its own)"`
	Authority Representation `yaml:"authority,omitempty" json:"authority,omitempty" jsonschema:"enum=page,enum=feed,enum=api" jsonschema_description:"the representation whose text counts (default page)"`
	Document  DocumentRule   `yaml:"document,omitempty" json:"document,omitempty"`
	Listing   ListingRules   `yaml:"listing,omitempty" json:"listing,omitempty"`
	API       APIRules       `yaml:"api,omitempty" json:"api,omitempty"`
	Extract   ExtractRules   `yaml:"extract,omitempty" json:"extract,omitempty"`

	// Path is the file the definition was read from; empty for one made in code.
	Path string `yaml:"-" json:"-"`
	// Replaces is the built-in definition in whose place it stands, because it has the same id; empty for none.
	Replaces string `yaml:"-" json:"-"`
	// Switch is the file that does no more than switch the built-in definition on or off; empty for none.
	Switch string `yaml:"-" json:"-"`
}

// IsEnabled reports whether the source takes part in --all and in the daemon:
// as it says, else unless it is unverified.
func (s Source) IsEnabled() bool {
	if s.Enabled != nil {
		return *s.Enabled
	}
	return s.Verified != Unverified
}

// ReadsAnnexes reports whether documents that the text of a page links to are
// read as well.
func (s Source) ReadsAnnexes() bool {
	return s.Authority == FromPage && (s.Annexes == nil || *s.Annexes)
}

// Fingerprint changes when any part of the definition does, but for what is
// only said about it.
func (s Source) Fingerprint() string {
	s.Verified, s.Access = "", ""
	definition, err := json.Marshal(s)
	if err != nil { // a definition is strings and numbers
		panic(err)
	}
	return SHA256(definition)
}

// Location is the time zone of dates shown without one; UTC if none is set or known.
func (s Source) Location() *time.Location {
	if known, ok := zones.Load(s.Timezone); ok {
		return known.(*time.Location)
	}
	loc, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.UTC
	}
	zones.Store(s.Timezone, loc)
	return loc
}

// zones are those in use: the library reads its file anew for each who asks.
var zones sync.Map

// OwnDocuments reports whether each statement has a document of its own to be
// read, rather than standing in the feed or API answer that lists it.
func (s Source) OwnDocuments() bool { return s.Authority == FromPage || s.Document.URL != "" }

// WatchedPage is a page of a source of kind page: advice to travellers, a list of
// sanctions, a policy, a biography. It is a statement as it stands when it is first
// seen, and every later wording is a revision.
type WatchedPage struct {
	URL    string   `yaml:"url" json:"url" jsonschema_description:"address of the page"`
	Name   string   `yaml:"name,omitempty" json:"name,omitempty" jsonschema_description:"what people call it, in place of the title that the page has (which then begins the text)"`
	Select []string `yaml:"select,omitempty" json:"select,omitempty" jsonschema_description:"selectors of what is watched of it (default: extract.body, else what looks like the main content)"`
	Drop   []string `yaml:"drop,omitempty" json:"drop,omitempty" jsonschema_description:"selectors of what is cut out of it, besides extract.drop"`
}

// Watched is the entry of a source of kind page for an address, if there is one.
func (s Source) Watched(address string) (page WatchedPage, at int, ok bool) {
	key := s.Key(address)
	for i, p := range s.Pages {
		if s.Key(p.URL) == key {
			return p, i, true
		}
	}
	return WatchedPage{}, -1, false
}

// DocumentRule says where the authoritative document of a statement is read, if
// not at the address that people open.
type DocumentRule struct {
	Match string `yaml:"match,omitempty" json:"match,omitempty" jsonschema_description:"regular expression for the address that people open"`
	URL   string `yaml:"url,omitempty" json:"url,omitempty" jsonschema_description:"address to read, with {1} for the first group of match, and {1:upper} for it in capitals"`
}

// ListingRules say where a listing page keeps its items. Selectors are CSS
// (Selectors Level 3); Link, Title, Date and Category are looked up inside Item.
type ListingRules struct {
	Item       string     `yaml:"item,omitempty" json:"item,omitempty" jsonschema_description:"one listed statement"`
	Link       string     `yaml:"link,omitempty" json:"link,omitempty" jsonschema_description:"its link (default: the first a[href], or the item itself)"`
	Title      string     `yaml:"title,omitempty" json:"title,omitempty" jsonschema_description:"its title (default: the text of the link)"`
	TitleAttr  string     `yaml:"title_attr,omitempty" json:"title_attr,omitempty" jsonschema_description:"attribute of the title's element to read instead of its text, where that is cut short"`
	Category   string     `yaml:"category,omitempty" json:"category,omitempty"`
	Date       []DateRule `yaml:"date,omitempty" json:"date,omitempty"`
	DateAfter  bool       `yaml:"date_after,omitempty" json:"date_after,omitempty" jsonschema_description:"true where the date stands behind the item, before the next one, instead of in it"`
	DateBefore bool       `yaml:"date_before,omitempty" json:"date_before,omitempty" jsonschema_description:"true where the date stands before the item, in a heading over it for example, instead of in it"`
	Next       string     `yaml:"next,omitempty" json:"next,omitempty" jsonschema_description:"link to the next page, for example link[rel=next]"`
	NextURL    string     `yaml:"next_url,omitempty" json:"next_url,omitempty" jsonschema_description:"address of page N, with {page} in it, where no link leads on"`
	FirstPage  *int       `yaml:"first_page,omitempty" json:"first_page,omitempty" jsonschema_description:"number of the first page, 0 or more, as next_url counts (default 1)"`
}

// APIRules say where a JSON listing keeps its items. Paths are GJSON paths
// (github.com/tidwall/gjson/blob/master/SYNTAX.md).
type APIRules struct {
	Items     string   `yaml:"items,omitempty" json:"items,omitempty" jsonschema_description:"path of the array of items"`
	Link      string   `yaml:"link,omitempty" json:"link,omitempty" jsonschema_description:"path of the address inside an item"`
	LinkURL   string   `yaml:"link_url,omitempty" json:"link_url,omitempty" jsonschema_description:"address of an item with {value} for what link finds"`
	Title     string   `yaml:"title,omitempty" json:"title,omitempty"`
	Date      string   `yaml:"date,omitempty" json:"date,omitempty"`
	Formats   []string `yaml:"formats,omitempty" json:"formats,omitempty" jsonschema_description:"layouts of the date, as Go writes them (2 January 2006 15:04)"`
	NextURL   string   `yaml:"next_url,omitempty" json:"next_url,omitempty" jsonschema_description:"address of page N, with {page} in it"`
	FirstPage *int     `yaml:"first_page,omitempty" json:"first_page,omitempty" jsonschema_description:"number of the first page, 0 or more (default 1)"`
}

// DateRule finds a date. The texts (or attributes) of all Selectors are joined
// with a space, Pattern cuts out its first group if set, and the first of
// Formats that fits reads it.
type DateRule struct {
	Selectors []string `yaml:"selectors" json:"selectors"`
	Attr      string   `yaml:"attr,omitempty" json:"attr,omitempty" jsonschema_description:"attribute to read instead of the text, for example datetime"`
	Pattern   string   `yaml:"pattern,omitempty" json:"pattern,omitempty" jsonschema_description:"regular expression; its first group is the date"`
	Formats   []string `yaml:"formats,omitempty" json:"formats,omitempty" jsonschema_description:"layouts as Go writes them; without one, ISO 8601, RFC 1123 and the usual written forms are tried"`
	Locale    string   `yaml:"locale,omitempty" json:"locale,omitempty" jsonschema_description:"language of month names, for example de_DE (default from the source's language)"`
}

// ExtractRules say where a statement's page (or feed entry, or JSON document)
// keeps its parts. With no rule that matches, main-content extraction is used.
type ExtractRules struct {
	Title     []string   `yaml:"title,omitempty" json:"title,omitempty" jsonschema_description:"selectors, the first that matches; for JSON, GJSON paths"`
	Body      []string   `yaml:"body,omitempty" json:"body,omitempty" jsonschema_description:"selectors; everything they match, in document order"`
	InTurn    bool       `yaml:"in_turn,omitempty" json:"in_turn,omitempty" jsonschema_description:"true takes what each selector of the body matches in turn, in the order of the list instead of that of the document"`
	Drop      []string   `yaml:"drop,omitempty" json:"drop,omitempty" jsonschema_description:"selectors of what is cut out of the body"`
	TitleOnly bool       `yaml:"title_only,omitempty" json:"title_only,omitempty" jsonschema_description:"true where a statement may be a title alone: elements of body that are there and hold no text are then no fault"`
	DropText  []string   `yaml:"drop_text,omitempty" json:"drop_text,omitempty" jsonschema_description:"regular expressions; a paragraph that matches one is cut out"`
	Published []DateRule `yaml:"published,omitempty" json:"published,omitempty"`
	Updated   []DateRule `yaml:"updated,omitempty" json:"updated,omitempty"`
	Speaker   []string   `yaml:"speaker,omitempty" json:"speaker,omitempty" jsonschema_description:"selectors of the speakers' names; for JSON, GJSON paths"`
	Byline    bool       `yaml:"byline,omitempty" json:"byline,omitempty" jsonschema_description:"true where the author that a feed names is the speaker, and is left out where the text begins with it"`
	Note      string     `yaml:"note,omitempty" json:"note,omitempty" jsonschema_description:"for JSON, the GJSON path of what the issuer itself says of its newest change"`
	Turns     string     `yaml:"turns,omitempty" json:"turns,omitempty" jsonschema_description:"regular expression at the start of a paragraph; its first group is who speaks from there on"`
}
