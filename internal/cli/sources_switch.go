package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// sourcesSwitchCommand makes "sources enable" or "sources disable".
func (a *app) sourcesSwitchCommand(on bool) *cobra.Command {
	var tags []string
	cmd := &cobra.Command{
		Use:   "enable SOURCE...",
		Short: "Switch sources on, by name or by tag",
		Long: `Switch sources on, by name or by tag: volteface run and scrape --all then visit
them. For a built-in source, a file of two lines goes into the folder of your own
sources, and the definition stays as it is built in; in a definition of your own,
the line enabled is set.

A source that is unverified was never tried: volteface sources test SOURCE shows
what it reads.`,
		Example: `  volteface sources enable it-mfa
  volteface sources enable --tag g7`,
		ValidArgsFunction: a.completeSources,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.switchSources(args, tags, on)
		},
	}
	of := "switch every source with this `TAG` on"
	if !on {
		cmd.Use, cmd.Short = "disable SOURCE...", "Switch sources off, by name or by tag"
		cmd.Long = `Switch sources off, by name or by tag: volteface run and scrape --all leave them
out; what is kept of them stays, and scrape SOURCE still visits one. See volteface
sources enable --help for what is written where.`
		cmd.Example = `  volteface sources disable us-fed
  volteface sources disable --tag central-banks`
		of = "switch every source with this `TAG` off"
	}
	cmd.Flags().StringSliceVar(&tags, "tag", nil, of)
	return cmd
}

// switchJSON is what became of a source that was to be switched.
type switchJSON struct {
	Source  string `json:"source"`
	Enabled bool   `json:"enabled"`
	Changed bool   `json:"changed"`
	File    string `json:"file"`
}

func (a *app) switchSources(args, tags []string, on bool) error {
	verb, is := "enable", "on"
	if !on {
		verb, is = "disable", "off"
	}
	if len(args)+len(tags) == 0 {
		return usage(errors.New("name a source, or a tag"), "volteface sources "+verb+" kremlin, or --tag g7")
	}
	chosen, err := a.named(args, tags)
	if err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	changed := 0
	for _, src := range chosen {
		done := switchJSON{Source: src.ID, Enabled: on, Changed: src.IsEnabled() != on, File: definedIn(src)}
		if done.Changed {
			if done.File, err = a.switchSource(cfg, src, on); err != nil {
				return err
			}
			changed++
		}
		switch {
		case a.json:
			err = a.printJSON(done)
		case !done.Changed:
			_, err = fmt.Fprintf(a.out, "%s is %s already\n", src.ID, is)
		case on && src.Verified == statement.Unverified:
			_, err = fmt.Fprintf(a.out, "%s is %s, but unverified: volteface sources test %s shows what it reads (%s)\n", src.ID, is, src.ID, term.Clean(done.File))
		default:
			_, err = fmt.Fprintf(a.out, "%s is %s (%s)\n", src.ID, is, term.Clean(done.File))
		}
		if err != nil {
			return err
		}
	}
	if changed > 0 && a.daemonRuns() {
		fmt.Fprintln(a.err, "note: the daemon takes it over at its next reload: systemctl reload volteface, or SIGHUP")
	}
	return nil
}

// named are the sources of some names, and all with one of some tags.
func (a *app) named(args, tags []string) (chosen []statement.Source, err error) {
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	if err := a.checkTags(tags); err != nil {
		return nil, err
	}
	for _, id := range args {
		src, err := a.source(id)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(chosen, func(s statement.Source) bool { return s.ID == id }) {
			chosen = append(chosen, src)
		}
	}
	for _, id := range catalogue.IDs() {
		if src := catalogue[id]; tagged(src, tags) && !slices.Contains(args, id) {
			chosen = append(chosen, src)
		}
	}
	return chosen, nil
}

// tagged tells whether a source has one of some tags.
func tagged(src statement.Source, tags []string) bool {
	return slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(src.Tags, t) })
}

// checkTags makes sure that a source has each of some tags.
func (a *app) checkTags(tags []string) error {
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	known := catalogue.Tags()
	for _, tag := range tags {
		if known[tag] == nil {
			hint := "volteface sources tags lists them"
			if near := statement.Nearest(strings.ToLower(tag), slices.Sorted(maps.Keys(known))); near != "" {
				hint = fmt.Sprintf("did you mean %q? %s", near, hint)
			}
			return usage(fmt.Errorf("no source has the tag %q", tag), hint)
		}
	}
	return nil
}

// definedIn is the file in which a source is switched, or defined.
func definedIn(src statement.Source) string {
	if src.Switch != "" {
		return src.Switch
	}
	return src.Path
}

// enabledLine is where a definition says whether it is on.
var enabledLine = regexp.MustCompile(`(?m)^enabled:.*$`)

// switchSource writes a built-in source's switch, or sets the line in a
// definition of one's own, and gives the file.
func (a *app) switchSource(cfg *config.Config, src statement.Source, on bool) (string, error) {
	line := fmt.Appendf(nil, "enabled: %t", on)
	if src.Switch == "" && strings.HasPrefix(src.Path, config.BuiltIn) {
		path := filepath.Join(ownFolder(cfg, a.getenv), src.ID+".yaml")
		content := fmt.Appendf(nil, "# The rest of this source is as built in: volteface sources show %s\nid: %s\n%s\n", src.ID, src.ID, line)
		return path, writeNew(path, content, "it does not define "+src.ID+"; give it the name of its own id")
	}
	path := definedIn(src)
	content, err := config.ReadFile(path)
	if err != nil {
		return path, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return path, err
	}
	switch {
	case enabledLine.Match(content):
		content = enabledLine.ReplaceAllLiteral(content, line)
	default:
		content = idLine.ReplaceAllFunc(content, func(id []byte) []byte { return fmt.Appendf(nil, "%s\n%s", id, line) })
	}
	if changed, err := cfg.ParseSource(path, content, a.getenv); err != nil || changed.IsEnabled() != on {
		return path, statement.WithHint(fmt.Errorf("%s cannot be changed by this command", path), fmt.Sprintf("write %s into it yourself", line))
	}
	return path, os.WriteFile(path, content, info.Mode().Perm()) // in place: it may be a link into somebody's own folder
}

func (a *app) sourcesTagsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "tags",
		Short: "List the tags of the sources",
		Long: `List the tags of the sources, and how many sources have each. Rules of alerts name
tags, and so do scrape, sources list, enable and disable with --tag.`,
		Example: `  volteface sources tags
  volteface sources --all --tag g7`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			catalogue, err := a.sources()
			if err != nil {
				return err
			}
			tags := catalogue.Tags()
			rows := [][]string{{"TAG", "SOURCES", "ON"}}
			for _, tag := range slices.Sorted(maps.Keys(tags)) {
				on := 0
				for _, id := range tags[tag] {
					if catalogue[id].IsEnabled() {
						on++
					}
				}
				if a.json {
					if err := a.printJSON(map[string]any{"tag": tag, "sources": tags[tag], "enabled": on}); err != nil {
						return err
					}
				}
				rows = append(rows, []string{term.Clean(tag), fmt.Sprint(len(tags[tag])), fmt.Sprint(on)})
			}
			if a.json {
				return nil
			}
			return term.Table(a.out, rows)
		},
	}
}
