package cli

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Show the configuration that is in force",
		Example: `  volteface config show`,
		RunE:    needsVerb,
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "show",
		Short: "Show the configuration, defaults filled in and secrets masked",
		Example: `  volteface config show
  volteface config show --json --config /etc/volteface/volteface.yaml`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			folder, err := a.folder()
			if err != nil {
				return err
			}
			shown := *cfg
			shown.DataDir, shown.HTTP.Proxy = folder, statement.HideLogin(cfg.HTTP.Proxy)
			if a.json {
				return a.printJSON(shown)
			}
			text, err := yaml.Marshal(shown)
			if err != nil {
				return err
			}
			from := cfg.Path
			if from == "" {
				from = "no file: the defaults"
			}
			_, err = fmt.Fprintf(a.out, "# %s\n%s", term.Clean(from), term.CleanText(string(text)))
			return err
		},
	})
	return cmd
}
