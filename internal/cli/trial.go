package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/monitor"
	"volteface/internal/schedule"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/scrapers"
)

// trialJSON is what sources test finds out.
type trialJSON struct {
	Source     string       `json:"source"`
	Way        string       `json:"way"`
	Visited    string       `json:"visited"`
	Robots     string       `json:"robots"`
	Items      int          `json:"items"`
	Wanted     int          `json:"wanted"`
	Listed     []listedJSON `json:"listed"`
	URL        string       `json:"url"`
	RobotsPage string       `json:"robots_page"`
	Title      string       `json:"title"`
	Published  string       `json:"published"`
	Updated    string       `json:"updated"`
	Language   string       `json:"language"`
	Speaker    string       `json:"speaker"`
	Extracted  string       `json:"extracted"`
	Rules      []ruleJSON   `json:"rules"`
	Warnings   []string     `json:"warnings"`
	Text       string       `json:"text"`

	Unread statement.LeftOut `json:"unread"` // of the page, inside its text
}

// listedJSON is an item that the first part of a listing names.
type listedJSON struct {
	URL       string `json:"url"`
	Title     string `json:"title"`
	Published string `json:"published"`
	LeftOut   string `json:"left_out"` // why scrape would not read it
}

// ruleJSON is what a rule of the definition finds.
type ruleJSON struct {
	Rule     string `json:"rule"`
	Selector string `json:"selector"`
	Matches  int    `json:"matches"`
	Example  string `json:"example"`
}

func (a *app) sourcesTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test SOURCE",
		Short: "Try a source: what its listing names and how its newest statement is read",
		Long: `Try a source, keeping nothing. It shows what a first scrape would do: the statements
that the first page of the listing names, which of them include, exclude and
skip_titles leave out, and how the newest of the others is read. Each selector is
shown with how often it matched, and an example; warnings tell of fallbacks, of
dates that are missing, and of rules that match nothing.`,
		Example: `  volteface sources test kremlin
  volteface sources test ir-mfa --sources-dir my-sources`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			src, err := a.source(args[0])
			if err != nil {
				return err
			}
			a.noteReplaced(src.ID)
			trial, err := a.try(cmd.Context(), src)
			if err == nil || trial.Listed != nil { // what was found out helps to put right what failed
				err = errors.Join(a.printTrial(trial), err)
			}
			return err
		},
	}
}

// try makes the first steps of a first visit.
func (a *app) try(ctx context.Context, src statement.Source) (trial trialJSON, err error) {
	trial = trialJSON{Source: src.ID, Visited: schedule.Words(src) + ", " + src.Location().String(), Rules: []ruleJSON{}, Warnings: []string{}}
	cfg, err := a.config()
	if err != nil {
		return trial, err
	}
	folder, err := a.folder()
	if err != nil {
		return trial, err
	}
	var h *house // keeps turns and rests of hosts with other processes, if there is one
	if isFile(filepath.Join(folder, databaseName)) {
		if h, err = a.open(ctx); err != nil {
			return trial, err
		}
		defer h.Close()
	}
	client, err := a.client(h, cfg)
	if err != nil {
		return trial, err
	}
	defer client.Close()
	visit, err := client.VisitSource(src, time.Duration(src.Delay))
	if err != nil {
		return trial, err
	}
	defer visit.Close()
	trial.Way = visit.Way()
	if blind := src.Kind.Blind(); blind != "" {
		trial.warn("%s", blind)
	}
	if trial.Robots, err = a.robots(ctx, visit, append([]string{src.URL}, src.Feeds...)); err != nil {
		return trial, err
	}
	x, err := extract.New(src)
	if err != nil {
		return trial, err
	}
	scraper := scrapers.Open(ctx, src, x, visit)
	item, capture, err := trial.list(ctx, src, x, scraper)
	if err != nil {
		return trial, err
	}
	trial.URL, trial.Title, trial.Published = item.URL, item.Title, item.Published.String()
	if src.OwnDocuments() {
		page, err := visit.Robots(ctx, item.URL)
		if err != nil {
			return trial, err
		}
		trial.RobotsPage = page.String()
		if capture, err = scraper.Fetch(ctx, item.URL, statement.Validators{}); err != nil {
			return trial, err
		}
		if capture.Quality != statement.Good {
			return trial, fmt.Errorf("%s: %s", item.URL, capture.Reason)
		}
	}
	return trial, trial.read(src, x, item, capture)
}

// list reads the first part of the listing, and of each feed beside it, as a first visit does, and gives the newest item that it
// would read with the capture it stands in.
func (t *trialJSON) list(ctx context.Context, src statement.Source, x *extract.Extractor, scraper scrapers.Scraper) (newest extract.Entry, in *statement.Capture, err error) {
	leftOut, err := monitor.LeftOut(src)
	if err != nil {
		return newest, nil, err
	}
	known, undated, unlinked := map[string]bool{}, 0, 0
	found := map[string]int{} // of rules for the listing
	t.Listed = []listedJSON{}
	err = scraper.Discover(ctx, 1, statement.Validators{}, func(p scrapers.Page) (bool, error) {
		if p.Capture.URL == src.URL {
			uses, err := x.InspectListing(p.Capture.Body, p.Capture.Header.Get("Content-Type"))
			if err != nil {
				return false, err
			}
			t.rules(uses)
			for _, u := range uses {
				found[u.Field] = u.Matches
			}
		}
		for _, item := range p.Items {
			line := listedJSON{URL: item.URL, Title: item.Title, Published: item.Published.String()}
			switch key := src.Key(item.URL); {
			case item.URL == "":
				line.LeftOut = "it has no link"
				unlinked++
			case known[key]:
				continue
			default:
				known[key] = true
				line.LeftOut = leftOut(item.URL, item.Title)
			}
			if line.LeftOut == "" {
				if t.Wanted++; t.Wanted == 1 {
					newest, in = item, p.Capture
				}
				if item.Published.Time.IsZero() {
					undated++
				}
			}
			t.Listed = append(t.Listed, line)
		}
		return false, nil
	})
	t.Items = len(t.Listed)
	if src.Kind == statement.KindListing { // items without a link are not even listed
		unlinked = found["listing.item"] - found["listing.link"]
	}
	switch {
	case err != nil:
		return newest, in, err
	case t.Items == 0:
		return newest, in, statement.WithHint(fmt.Errorf("%s names no statement", src.URL), "check the selectors of the listing: volteface sources show "+src.ID)
	case t.Wanted == 0:
		return newest, in, statement.WithHint(fmt.Errorf("%s names %s, and all are left out", src.URL, plural(t.Items, "statement")), "check include, exclude and skip_titles: "+t.Listed[0].URL+" is left out because "+t.Listed[0].LeftOut)
	}
	if unlinked > 0 {
		t.warn("%s of the listing %s no link and cannot be read: check listing.link", plural(unlinked, "item"), verb(unlinked, "has", "have"))
	}
	if undated > 0 && src.Kind != statement.KindSitemap && src.Kind != statement.KindPage {
		t.warn("%d of %s to be read %s no date in the listing that can be read: without one, --since and the order of the listing tell nothing", undated, plural(t.Wanted, "statement"), verb(undated, "has", "have"))
	}
	if src.Kind == statement.KindListing && src.Listing.Next == "" && src.Listing.NextURL == "" && src.MaxPages > 1 {
		t.warn("neither listing.next nor listing.next_url is given: only the first page of the listing is read")
	}
	return newest, in, nil
}

// read reads the newest statement and tells what its rules found.
func (t *trialJSON) read(src statement.Source, x *extract.Extractor, item extract.Entry, capture *statement.Capture) error {
	in := extract.Input{
		URL: capture.FinalURL, Asked: item.URL, ContentType: capture.Header.Get("Content-Type"), Body: capture.Body,
		Locator: item.Locator, Representation: src.Authority,
	}
	uses, err := x.InspectDocument(in)
	if err == nil {
		t.rules(uses)
	}
	doc, err := x.Extract(in)
	if err != nil {
		return fmt.Errorf("%s: %w", item.URL, err)
	}
	t.Title, t.Text, t.Language, t.Extracted = doc.Title, doc.Body, doc.Language, string(doc.Path)
	t.Speaker, t.Updated, t.Unread = strings.Join(doc.Speakers, "; "), doc.Updated.String(), doc.LeftOut
	if t.Title == "" {
		t.Title = item.Title
	}
	if !doc.Published.IsZero() {
		t.Published = doc.Published.String()
	}
	page := src.Authority == statement.FromPage && doc.Path != statement.ByDocument
	switch {
	case doc.Path == statement.ByMainContent && len(src.Extract.Body) > 0:
		t.warn("no selector of extract.body matches: the text is what looks like the main content")
	case doc.Path == statement.ByMainContent:
		t.warn("there is no extract.body: the text is what looks like the main content")
	}
	switch {
	case doc.Title == "" && item.Title == "":
		t.warn("no title is found: give extract.title, or listing.title")
	case doc.Title == "":
		t.warn("the page has no title that is found: the one of the listing stands in")
	case page && !matched(uses, "extract.title"):
		t.warn("no selector of extract.title matches: the title is what the page itself calls so")
	}
	switch {
	case doc.Published.Time.IsZero() && doc.Published.Raw != "":
		t.warn("the date of the page cannot be read: %q; give its layout under extract.published", doc.Published.Raw)
	case doc.Published.IsZero() && item.Published.Time.IsZero() && item.Published.Raw != "":
		t.warn("the date of the listing cannot be read: %q; give its layout", item.Published.Raw)
	case src.Kind == statement.KindPage: // it is dated by when it was seen
	case doc.Published.IsZero() && item.Published.IsZero():
		t.warn("no date is found, neither in the listing nor on the page: give extract.published")
	case doc.Published.IsZero():
		t.warn("the page has no date that is found: the one of the listing stands in")
	case page && len(src.Extract.Published) == 0:
		t.warn("there is no extract.published: the date is what the page itself says of it")
	}
	if len(src.Extract.Updated) > 0 && !matched(uses, "extract.updated") {
		t.warn("no selector of extract.updated matches on this page")
	}
	if len(src.Extract.Speaker) > 0 && !matched(uses, "extract.speaker") {
		t.warn("no selector of extract.speaker matches on this page")
	}
	return nil
}

// matched tells whether a rule whose field begins so matches anything.
func matched(uses []extract.RuleUse, field string) bool {
	for _, u := range uses {
		if u.Matches > 0 && strings.HasPrefix(u.Field, field) {
			return true
		}
	}
	return false
}

func (t *trialJSON) rules(uses []extract.RuleUse) {
	for _, u := range uses {
		t.Rules = append(t.Rules, ruleJSON{u.Field, u.Rule, u.Matches, u.Example})
		if u.Matches == 0 && (strings.HasPrefix(u.Field, "listing.") || strings.HasPrefix(u.Field, "api.")) {
			t.warn("%s matches nothing on the first page of the listing: %q", u.Field, u.Rule)
		}
	}
}

func (t *trialJSON) warn(format string, args ...any) {
	t.Warnings = append(t.Warnings, fmt.Sprintf(format, args...))
}

// robots says in one line what robots.txt says of the addresses a visit begins
// with.
func (a *app) robots(ctx context.Context, visit *fetch.Visit, addresses []string) (string, error) {
	var said []string
	for _, address := range addresses {
		ruling, err := visit.Robots(ctx, address)
		if err != nil {
			return "", err
		}
		line := ruling.String()
		if len(addresses) > 1 {
			line = address + " " + line
		}
		said = append(said, line)
	}
	return strings.Join(said, "; "), nil
}

// shownItems is how many items of a listing a person is shown.
const shownItems = 20

func (a *app) printTrial(t trialJSON) error {
	if a.json {
		return a.printJSON(t)
	}
	listing := plural(t.Items, "statement") + " on the first page"
	if t.Wanted < t.Items {
		listing += fmt.Sprintf(", %d of them left out", t.Items-t.Wanted)
	}
	fmt.Fprintf(a.out, "%-11s %s\n", "visited", term.Clean(t.Visited))
	if t.Way != "" {
		fmt.Fprintf(a.out, "%-11s %s\n", "asked", term.Clean(t.Way))
	}
	fmt.Fprintf(a.out, "%-11s %s\n%-11s %s\n", "robots.txt", orNone(t.Robots), "listing", listing)
	for _, item := range t.Listed[:min(len(t.Listed), shownItems)] {
		what, mark := term.Clean(item.Title), " "
		if what == "" {
			what = "(no title in the listing)"
		}
		if item.LeftOut != "" {
			mark = "-"
		}
		fmt.Fprintf(a.out, "  %s %-16s  %s\n    %s\n", mark, term.Cut(orNone(term.Clean(item.Published)), 16), term.Cut(what, 100), term.Clean(item.URL))
		if item.LeftOut != "" {
			fmt.Fprintf(a.out, "    left out: %s\n", term.Clean(item.LeftOut))
		}
	}
	if n := len(t.Listed) - shownItems; n > 0 {
		fmt.Fprintf(a.out, "  and %d more; --json has them\n", n)
	}
	if t.URL != "" {
		a.printNewest(t)
	}
	if len(t.Rules) > 0 {
		rows := [][]string{{"RULE", "MATCHES", "SELECTOR", "EXAMPLE"}}
		for _, r := range t.Rules {
			rows = append(rows, []string{r.Rule, fmt.Sprint(r.Matches), term.Cut(term.Clean(r.Selector), 50), term.Cut(term.Clean(r.Example), 60)})
		}
		fmt.Fprintln(a.out)
		if err := term.Table(a.out, rows); err != nil {
			return err
		}
	}
	if len(t.Warnings) > 0 {
		fmt.Fprintln(a.out)
	}
	for _, w := range t.Warnings {
		fmt.Fprintf(a.out, "warning: %s\n", term.Clean(w))
	}
	if t.Text == "" {
		return nil
	}
	fmt.Fprintln(a.out)
	return indent(a.out, term.CleanText(term.Cut(t.Text, 1200)), "")
}

func (a *app) printNewest(t trialJSON) {
	fmt.Fprintln(a.out)
	for _, row := range [][2]string{
		{"newest", t.URL},
		{"robots.txt", t.RobotsPage},
		{"title", t.Title},
		{"published", t.Published},
		{"updated", t.Updated},
		{"language", t.Language},
		{"speaker", t.Speaker},
		{"read by", t.Extracted},
		{"not read", unread(t.Unread)},
	} {
		fmt.Fprintf(a.out, "%-11s %s\n", row[0], orNone(term.Clean(row[1])))
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// unread says in a line what inside of a page's text is not read.
func unread(l statement.LeftOut) string {
	var said []string
	if l.Marks > 0 {
		said = append(said, plural(l.Marks, "mark")+" of notes")
	}
	if l.Hidden > 0 {
		said = append(said, plural(l.Hidden, "hidden passage")+" that nothing on the page opens")
	}
	if l.Pages > 0 {
		said = append(said, "the last "+plural(l.Pages, "page")+" of a document longer than is read")
	}
	return strings.Join(said, ", ")
}
