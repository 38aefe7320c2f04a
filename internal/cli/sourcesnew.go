package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"volteface/configs"
	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) sourcesNewCommand() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "new ID",
		Short: "Begin a source of your own with a copy of another one",
		Long: `Begin a source of your own with a copy of another one, under its own id. The file
goes into the folder of your own sources, which is made if it is not there: that of
--sources-dir or of sources_dir in the configuration, else sources/ beside the
configuration file. Change its address, issuer and selectors; then try it.`,
		Example: `  volteface sources new my-source --from kremlin
  volteface sources test my-source`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeSources,
		RunE: func(_ *cobra.Command, args []string) error {
			if from == "" {
				return usage(errors.New("name the source to begin with"), "volteface sources new "+args[0]+" --from kremlin")
			}
			return a.newSource(args[0], from)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "begin with the definition of this `SOURCE`")
	return cmd
}

// idLine is where a definition says its id.
var idLine = regexp.MustCompile(`(?m)^id:.*$`)

func (a *app) newSource(id, from string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	src, err := a.source(from)
	if err != nil {
		return err
	}
	if other, taken := a.catalogue[id]; taken {
		return usage(fmt.Errorf("there is a source %s already: %s", id, other.Path), "choose another id; volteface sources list --all shows those that are taken")
	}
	content, err := asWritten(src)
	if err != nil {
		return err
	}
	if !idLine.Match(content) {
		return fmt.Errorf("%s: its id is not on a line of its own", src.Path)
	}
	content = idLine.ReplaceAllLiteral(content, []byte("id: "+id))
	path := filepath.Join(ownFolder(cfg, a.getenv), id+".yaml")
	if _, err := cfg.ParseSource(path, content, a.getenv); err != nil {
		return usage(err, statement.HintOf(err))
	}
	if err := writeNew(path, content, "choose another id, or remove that file"); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"source": id, "from": src.ID, "file": path})
	}
	_, err = fmt.Fprintf(a.out, "%s is a copy of %s: change its url, issuer and selectors, then\n  volteface sources test %s\n", term.Clean(path), src.ID, id)
	return err
}

// ownFolder is where the definitions of one's own lie, or would.
func ownFolder(cfg *config.Config, getenv func(string) string) string {
	if cfg.SourcesDir != "" {
		return cfg.SourcesDir
	}
	return filepath.Join(cfg.Home(getenv), "sources")
}

// writeNew writes a file that must not be there yet, and its folder.
func writeNew(path string, content []byte, hint string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return statement.WithHint(fmt.Errorf("%s is there already", path), hint)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// asWritten is a definition as somebody wrote it, with the comments.
func asWritten(src statement.Source) ([]byte, error) {
	if name, builtIn := strings.CutPrefix(src.Path, config.BuiltIn); builtIn {
		return configs.Files.ReadFile("sources/" + name)
	}
	return config.ReadFile(src.Path)
}
