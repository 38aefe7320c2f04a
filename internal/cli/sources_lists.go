package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// takenJSON is what became of one entry of a list that is taken over.
type takenJSON struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Source string   `json:"source"` // empty where nothing was made of it
	File   string   `json:"file"`
	Notes  []string `json:"notes"`
	Reason string   `json:"reason"` // why nothing was made of it
}

func (a *app) sourcesImportCommand() *cobra.Command {
	dryRun := false
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take over lists of OPML, urlwatch or changedetection.io as sources of your own",
		Long: `Take over what another program watches: the feeds of an OPML file, the jobs of
urlwatch (urls.yaml), the watches of changedetection.io (url-watches.json, or its
list of addresses). Each becomes a file in the folder of your own sources: a feed
one of kind feed, a page one of kind page, with its name, tags and CSS selectors.
What cannot be carried over is said. Addresses that a source has already are passed
over, so that the same list can be taken again.`,
		Example: `  volteface sources import subscriptions.opml
  volteface sources import ~/.config/urlwatch/urls.yaml --dry-run
  volteface sources import url-watches.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.takeLists(args, dryRun) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be made, and write nothing")
	return cmd
}

func (a *app) takeLists(files []string, dryRun bool) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	ids, addresses := map[string]bool{}, map[string]string{}
	for id, src := range catalogue {
		ids[id] = true
		for _, address := range append([]string{src.URL}, src.Feeds...) {
			addresses[src.Key(address)] = id
		}
		for _, p := range src.Pages {
			addresses[src.Key(p.URL)] = id
		}
	}
	made, refused := 0, 0
	for _, file := range files {
		content, err := statement.ReadFile(file, 16<<20)
		if err != nil {
			return statement.WithHint(fmt.Errorf("read %s: %w", file, err), "name a file of OPML, urlwatch or changedetection.io")
		}
		format, listed, err := config.ReadList(content)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if !a.json {
			fmt.Fprintf(a.err, "%s: %s, %s\n", term.Clean(file), format, plural(len(listed), "item"))
		}
		for _, l := range listed {
			t := a.takeOver(cfg, l, format+" ("+filepath.Base(file)+")", ids, addresses, dryRun)
			if t.Source != "" {
				made++
			} else {
				refused++
			}
			if err := a.sayTaken(t); err != nil {
				return err
			}
		}
	}
	if !a.json {
		verb := "made"
		if dryRun {
			verb = "would be made"
		}
		fmt.Fprintf(a.err, "%s %s, %d passed over\n", plural(made, "source"), verb, refused)
		if made > 0 && !dryRun {
			fmt.Fprintln(a.err, "say who their issuers are, then try them: volteface sources test SOURCE")
		}
	}
	return nil
}

// takeOver makes a source of an entry, unless it is one already or cannot be.
func (a *app) takeOver(cfg *config.Config, l config.Listed, from string, ids map[string]bool, addresses map[string]string, dryRun bool) takenJSON {
	t := takenJSON{Name: l.Name, URL: statement.HideLogin(l.URL), Notes: append([]string{}, l.Notes...), Reason: l.Refused}
	if t.Reason != "" {
		return t
	}
	if plain, login := statement.TakeLogin(l.URL); !login.IsZero() {
		l.URL = plain
		l.Notes = append(l.Notes, "its address has a login: write it under auth, best from the environment")
		t.Notes = l.Notes
	}
	key := statement.Source{}.Key(l.URL)
	if other := addresses[key]; other != "" {
		t.Reason = "the source " + other + " has this address"
		return t
	}
	id, content := l.Definition(from, func(id string) bool { return ids[id] })
	path := filepath.Join(ownFolder(cfg, a.getenv), id+".yaml")
	if _, err := cfg.ParseSource(path, content, a.getenv); err != nil {
		var at *config.Error
		if t.Reason = err.Error(); errors.As(err, &at) {
			t.Reason = at.Err.Error()
		}
		return t
	}
	if !dryRun {
		if err := writeNew(path, content, "remove that file, or give the entry another name"); err != nil {
			t.Reason = err.Error()
			return t
		}
	}
	ids[id], addresses[key] = true, id
	t.Source, t.File = id, path
	return t
}

func (a *app) sayTaken(t takenJSON) error {
	if a.json {
		return a.printJSON(t)
	}
	name := term.Clean(strings.TrimSpace(t.Name + " " + t.URL))
	if t.Source == "" {
		_, err := fmt.Fprintf(a.out, "- %s: %s\n", term.Cut(name, 120), term.Clean(t.Reason))
		return err
	}
	fmt.Fprintf(a.out, "+ %s: %s\n", t.Source, term.Cut(name, 120))
	for _, note := range t.Notes {
		fmt.Fprintf(a.out, "    %s\n", term.Clean(note))
	}
	return nil
}

func (a *app) sourcesExportCommand() *cobra.Command {
	var tags []string
	var all bool
	var file string
	cmd := &cobra.Command{
		Use:   "export [SOURCE...]",
		Short: "Write sources as OPML, for feed readers and other programs",
		Long: `Write sources as OPML: those that are on, or those named. What has a feed is one
of it; of the others, the address is written as a link.`,
		Example: `  volteface sources export > volteface.opml
  volteface sources export --tag g7 -o g7.opml`,
		ValidArgsFunction: a.completeSources,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.exportSources(args, tags, all, file)
		},
	}
	cmd.Flags().StringSliceVar(&tags, "tag", nil, "only sources with this `TAG`")
	cmd.Flags().BoolVar(&all, "all", false, "those that are off, too")
	cmd.Flags().StringVarP(&file, "output", "o", "", "write into this `FILE` instead of standard output")
	return cmd
}

func (a *app) exportSources(names, tags []string, all bool, file string) error {
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	if err := a.checkTags(tags); err != nil {
		return err
	}
	var chosen []statement.Source
	for _, name := range names {
		src, err := a.source(name)
		if err != nil {
			return err
		}
		chosen = append(chosen, src)
	}
	for _, id := range catalogue.IDs() {
		if src := catalogue[id]; len(names) == 0 && (all || src.IsEnabled()) && (len(tags) == 0 || tagged(src, tags)) {
			chosen = append(chosen, src)
		}
	}
	text, err := config.OPML("volteface", chosen)
	if err != nil {
		return err
	}
	if file == "" {
		_, err = a.out.Write(text)
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "%s written to %s\n", plural(len(chosen), "source"), term.Clean(file))
	return nil
}
