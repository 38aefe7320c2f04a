package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"volteface/configs"
	"volteface/internal/config"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/scrapers"
)

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List, show, try and check sources",
		Example: `  volteface sources list
  volteface sources test kremlin
  volteface sources validate my-sources/ir-mfa.yaml`,
		RunE: needsVerb,
	}
	cmd.AddCommand(a.sourcesListCommand(), a.sourcesShowCommand(), a.sourcesTestCommand(), a.sourcesValidateCommand())
	return cmd
}

// sourceJSON is a line of sources list.
type sourceJSON struct {
	ID          string   `json:"id"`
	Issuer      string   `json:"issuer"`
	Government  string   `json:"government"`
	Kind        string   `json:"kind"`
	URL         string   `json:"url"`
	Language    string   `json:"language"`
	Enabled     bool     `json:"enabled"`
	Tags        []string `json:"tags"`
	Statements  int      `json:"statements"`
	Missing     int      `json:"missing"`
	Flickering  int      `json:"flickering"`
	LastVisit   string   `json:"last_visit"`
	LastSuccess string   `json:"last_success"`
	LastNew     string   `json:"last_new"`
	Fault       string   `json:"fault"`
	FaultSince  string   `json:"fault_since"`
	RestsUntil  string   `json:"rests_until"`
	Defined     string   `json:"defined"`

	Troubles []troubleJSON `json:"troubles"`
}

// troubleJSON is a page of a source that cannot be read or believed.
type troubleJSON struct {
	URL    string                `json:"url"`
	ID     string                `json:"id"`
	Kind   statement.TroubleKind `json:"kind"`
	Reason string                `json:"reason"`
	Since  string                `json:"since"`
	Looks  int                   `json:"looks"`
}

// standing is how a source does.
type standing struct {
	statement.SourceStatus
	troubles []statement.Trouble
	rests    time.Time // until when its host is left alone; zero if it is not
}

func (a *app) sourcesListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List every source and how it does",
		Example: `  volteface sources list --json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			catalogue, err := a.sources()
			if err != nil {
				return err
			}
			status, err := a.statuses(cmd.Context(), catalogue)
			if err != nil {
				return err
			}
			rows := [][]string{{"SOURCE", "ISSUER", "KIND", "LANG", "STATEMENTS", "LAST SUCCESS", "STATE"}}
			for _, id := range catalogue.IDs() {
				src, s := catalogue[id], status[id]
				if a.json {
					if err := a.printJSON(toSourceJSON(src, s)); err != nil {
						return err
					}
					continue
				}
				rows = append(rows, []string{
					id, term.Clean(src.Issuer.Name), string(src.Kind), src.Language, fmt.Sprint(s.Statements),
					ago(a.clock.Now(), s.LastSuccess), health(src, s),
				})
			}
			if a.json {
				return nil
			}
			return term.Table(a.out, rows)
		},
	}
}

func toSourceJSON(src statement.Source, s standing) sourceJSON {
	troubles := []troubleJSON{}
	for _, t := range s.troubles {
		troubles = append(troubles, troubleJSON{t.URL, t.Statement, t.Kind, t.Reason, moment(t.Since), t.Looks})
	}
	return sourceJSON{
		ID: src.ID, Issuer: src.Issuer.Name, Government: src.Issuer.Government, Kind: string(src.Kind), URL: src.URL,
		Language: src.Language, Enabled: src.IsEnabled(), Tags: append([]string{}, src.Tags...), Statements: s.Statements, Missing: s.Missing, Flickering: s.Flickering,
		LastVisit: moment(s.LastVisit), LastSuccess: moment(s.LastSuccess), LastNew: moment(s.LastNew),
		Fault: s.Fault, FaultSince: moment(s.FaultSince), RestsUntil: moment(s.rests), Defined: src.Path, Troubles: troubles,
	}
}

func health(src statement.Source, s standing) string {
	switch {
	case s.Fault != "" && s.FaultCount == 0: // its listing is read, some of its pages are not
		return "well, but since " + s.FaultSince.Format("2006-01-02 15:04") + ": " + term.Clean(s.Fault)
	case s.Fault != "":
		return "fault since " + s.FaultSince.Format("2006-01-02 15:04") + ": " + term.Clean(s.Fault)
	case !src.IsEnabled():
		return "disabled"
	case s.LastVisit.IsZero():
		return "not visited yet"
	}
	line := "well"
	if s.Missing > 0 {
		line += fmt.Sprintf(", %d missing", s.Missing)
	}
	if s.Flickering > 0 {
		line += fmt.Sprintf(", %d flickering", s.Flickering)
	}
	return line
}

// statuses reads how the sources do; nothing is known where nothing is kept.
func (a *app) statuses(ctx context.Context, catalogue config.Catalogue) (map[string]standing, error) {
	status := map[string]standing{}
	folder, err := a.folder()
	if err != nil {
		return nil, err
	}
	if !isFile(filepath.Join(folder, databaseName)) {
		return status, nil
	}
	h, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	resting, err := h.Hosts(ctx, a.clock.Now())
	if err != nil {
		return nil, err
	}
	for id, src := range catalogue {
		var s standing
		if s.SourceStatus, err = h.SourceStatus(ctx, id); err != nil {
			return nil, err
		}
		if s.troubles, err = h.Troubles(ctx, id); err != nil {
			return nil, err
		}
		for _, host := range resting {
			if host.Name == fetch.HostName(src.URL) {
				s.rests = host.ResumeAt
			}
		}
		status[id] = s
	}
	return status, nil
}

func (a *app) sourcesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "show SOURCE",
		Short:             "Show a source's definition, defaults filled in",
		Example:           `  volteface sources show kremlin > my-sources/kremlin.yaml   a copy to change`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(_ *cobra.Command, args []string) error {
			src, err := a.source(args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(src)
			}
			text, err := yaml.Marshal(src)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "# %s\n%s", src.Path, text)
			return err
		},
	}
}

func (a *app) sourcesValidateCommand() *cobra.Command {
	var schema string
	cmd := &cobra.Command{
		Use:   "validate [FILE...]",
		Short: "Check the configuration and every source, or single files",
		Example: `  volteface sources validate
  volteface sources validate my-sources/ir-mfa.yaml
  volteface sources validate --schema source > source.schema.json   for your editor`,
		RunE: func(_ *cobra.Command, args []string) error {
			if schema != "" {
				content, err := configs.Files.ReadFile(schema + ".schema.json")
				if err != nil {
					return usage(fmt.Errorf("--schema %q", schema), "source, or volteface for the configuration file")
				}
				_, err = a.out.Write(content)
				return err
			}
			return a.validate(args)
		},
	}
	cmd.Flags().StringVar(&schema, "schema", "", "write the JSON Schema of a `KIND` of file: source or volteface")
	return cmd
}

func (a *app) validate(files []string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		catalogue, err := a.sources()
		if err != nil {
			return err
		}
		if a.json {
			return a.printJSON(map[string]any{"valid": true, "sources": catalogue.IDs()})
		}
		fmt.Fprintf(a.out, "the configuration and %s are valid\n", plural(len(catalogue), "source"))
		return nil
	}
	var errs []error
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err == nil {
			_, err = cfg.ParseSource(file, content, a.getenv)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if a.json {
			err = a.printJSON(map[string]any{"valid": true, "file": file})
		} else {
			_, err = fmt.Fprintf(a.out, "%s is valid\n", file)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

// trialJSON is what sources test finds out.
type trialJSON struct {
	Source     string `json:"source"`
	Robots     string `json:"robots"`
	Items      int    `json:"items"`
	URL        string `json:"url"`
	RobotsPage string `json:"robots_page"`
	Title      string `json:"title"`
	Published  string `json:"published"`
	Updated    string `json:"updated"`
	Language   string `json:"language"`
	Speaker    string `json:"speaker"`
	Extracted  string `json:"extracted"`
	Text       string `json:"text"`
}

func (a *app) sourcesTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test SOURCE",
		Short: "Try a source: its first listing page and newest statement, keeping nothing",
		Example: `  volteface sources test kremlin
  volteface sources test ir-mfa --sources-dir my-sources`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			src, err := a.source(args[0])
			if err != nil {
				return err
			}
			trial, err := a.try(cmd.Context(), src)
			if err != nil {
				return err
			}
			return a.printTrial(trial)
		},
	}
}

func (a *app) try(ctx context.Context, src statement.Source) (trialJSON, error) {
	trial := trialJSON{Source: src.ID}
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
	if trial.Robots, err = a.robots(ctx, client, append([]string{src.URL}, src.Feeds...)); err != nil {
		return trial, err
	}
	x, err := extract.New(src)
	if err != nil {
		return trial, err
	}
	visit := client.Visit(time.Duration(src.Delay))
	defer visit.Close()
	scraper := scrapers.Open(ctx, src, x, visit)
	var first scrapers.Page
	if err := scraper.Discover(ctx, 1, statement.Validators{}, func(p scrapers.Page) (bool, error) {
		first = p
		return false, nil
	}); err != nil {
		return trial, err
	}
	trial.Items = len(first.Items)
	if trial.Items == 0 {
		return trial, statement.WithHint(fmt.Errorf("%s names no statement", src.URL), "check the selectors of the listing: volteface sources show "+src.ID)
	}
	item := first.Items[0]
	if src.Authority == statement.FromPage {
		page, err := client.Robots(ctx, item.URL)
		if err != nil {
			return trial, err
		}
		trial.RobotsPage = page.String()
	}
	trial.URL, trial.Title, trial.Published = item.URL, item.Title, item.Published.String()
	capture := first.Capture
	if src.Authority == statement.FromPage {
		if capture, err = scraper.Fetch(ctx, item.URL, statement.Validators{}); err != nil {
			return trial, err
		}
		if capture.Quality != statement.Good {
			return trial, fmt.Errorf("%s: %s", item.URL, capture.Reason)
		}
	}
	doc, err := x.Extract(extract.Input{
		URL: capture.FinalURL, ContentType: capture.Header.Get("Content-Type"), Body: capture.Body,
		Locator: item.Locator, Representation: src.Authority,
	})
	if err != nil {
		return trial, fmt.Errorf("%s: %w", item.URL, err)
	}
	trial.Title, trial.Text, trial.Language, trial.Extracted = doc.Title, doc.Body, doc.Language, string(doc.Path)
	trial.Speaker, trial.Updated = strings.Join(doc.Speakers, "; "), doc.Updated.String()
	if !doc.Published.IsZero() {
		trial.Published = doc.Published.String()
	}
	return trial, nil
}

// robots says in one line what robots.txt says of the addresses a visit begins
// with.
func (a *app) robots(ctx context.Context, client *fetch.Client, addresses []string) (string, error) {
	var said []string
	for _, address := range addresses {
		ruling, err := client.Robots(ctx, address)
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

func (a *app) printTrial(t trialJSON) error {
	if a.json {
		return a.printJSON(t)
	}
	for _, row := range [][2]string{
		{"robots.txt", t.Robots},
		{"listing", plural(t.Items, "statement") + " on the first page"},
		{"newest", t.URL},
		{"robots.txt", t.RobotsPage},
		{"title", t.Title},
		{"published", t.Published},
		{"updated", t.Updated},
		{"language", t.Language},
		{"speaker", t.Speaker},
		{"read by", t.Extracted},
	} {
		if row[1] == "" {
			row[1] = "none"
		}
		fmt.Fprintf(a.out, "%-11s %s\n", row[0], term.Clean(row[1]))
	}
	fmt.Fprintln(a.out)
	return indent(a.out, term.CleanText(term.Cut(t.Text, 1200)), "")
}
