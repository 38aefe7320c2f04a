package cli

import (
	"context"
	"errors"
	"fmt"
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
	list := a.sourcesListCommand()
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List, show, try and check sources",
		Long:  "List, show, try and check sources. Without a verb, every source and how it does.",
		Example: `  volteface sources
  volteface sources list --next kremlin
  volteface sources test kremlin
  volteface sources validate my-sources/ir-mfa.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return needsVerb(cmd, args)
			}
			return list.RunE(cmd, nil)
		},
	}
	cmd.AddCommand(list, a.sourcesShowCommand(), a.sourcesTestCommand(), a.sourcesValidateCommand())
	return cmd
}

func (a *app) sourcesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "show SOURCE",
		Short:             "Show how a source does, and its definition with the defaults filled in",
		Example:           `  volteface sources show kremlin > my-sources/kremlin.yaml   a copy to change`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
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
			all, err := a.careers(cmd.Context(), args)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "# %s\n%s%s", src.Path, all[0].comment(a.clock.Now()), text)
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
		content, err := config.ReadFile(file)
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
	if src.OwnDocuments() {
		page, err := client.Robots(ctx, item.URL)
		if err != nil {
			return trial, err
		}
		trial.RobotsPage = page.String()
	}
	trial.URL, trial.Title, trial.Published = item.URL, item.Title, item.Published.String()
	capture := first.Capture
	if src.OwnDocuments() {
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
