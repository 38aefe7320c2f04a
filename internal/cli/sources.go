package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"volteface/configs"
	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) sourcesCommand() *cobra.Command {
	list := a.sourcesListCommand()
	var which sourceChoice
	cmd := &cobra.Command{
		Use:   "sources",
		Short: "List, add, switch, show, begin, try and check sources",
		Long: `List, add, switch, show, begin, try and check sources. Without a verb, every source
that is on and how it does; what is built in and off is counted, and shown with
--all.`,
		Example: `  volteface sources
  volteface sources --all --tag g7
  volteface sources add https://www.example.org/press
  volteface sources enable it-mfa
  volteface sources new my-source --from kremlin
  volteface sources list --next kremlin
  volteface sources test kremlin
  volteface sources backfill kremlin --since 2018
  volteface sources validate my-sources/ir-mfa.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return needsVerb(cmd, args)
			}
			return a.listSources(cmd.Context(), nil, which, false)
		},
	}
	which.flags(cmd)
	cmd.AddCommand(list, a.sourcesAddCommand(), a.sourcesTagsCommand(), a.sourcesSwitchCommand(true), a.sourcesSwitchCommand(false), a.sourcesShowCommand(), a.sourcesNewCommand(), a.sourcesTestCommand(), a.sourcesCheckCommand(), a.sourcesValidateCommand(), a.sourcesUnquietCommand(), a.sourcesBackfillCommand(), a.sourcesCoverageCommand(), a.sourcesPauseCommand(), a.sourcesResumeCommand())
	cmd.AddCommand(a.sourcesImportCommand(), a.sourcesExportCommand()) // lists of other programs
	return cmd
}

func (a *app) sourcesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "show SOURCE",
		Short:             "Show how a source does, and its definition with the defaults filled in",
		Example:           `  volteface sources show kremlin`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			src, err := a.source(args[0])
			if err != nil {
				return err
			}
			a.noteReplaced(src.ID)
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
			_, err = fmt.Fprintf(a.out, "# %s\n%s%s", term.Clean(src.Path), all[0].comment(a.clock.Now()), term.CleanText(string(text)))
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
		if err := a.checkNames(); err != nil {
			return err
		}
		a.noteReplaced(catalogue.IDs()...)
		if cfg.PublicURL != "" && cfg.DeskURL() == "" {
			fmt.Fprintln(a.err, "note: public_url makes no links without web.listen: nothing serves the desk")
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
			var src statement.Source
			if src, err = cfg.ParseSource(file, content, a.getenv); err == nil && src.Switch == "" {
				err = a.noteTaken(file, src.ID)
			}
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

// noteTaken tells when a file, if it were among the sources, would replace a built-in one.
func (a *app) noteTaken(file, id string) error {
	catalogue, err := a.sources()
	if other, taken := catalogue[id]; err == nil && taken && !same(other.Path, file) {
		fmt.Fprintf(a.err, "note: %s has the id %s, as %s; give it another id to have both\n", term.Clean(file), id, term.Clean(other.Path))
	}
	return err
}

// same tells whether two names are of one file.
func same(a, b string) bool {
	x, err := os.Stat(a)
	y, bad := os.Stat(b)
	return err == nil && bad == nil && os.SameFile(x, y)
}
