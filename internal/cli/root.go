// Package cli is the command line, one file a verb.
//
// The rules of the interface: results go to standard output, all else to
// standard error; --json prints JSON Lines with the fields of docs/json.md;
// an error is shown as "error:" and, where there is advice, "hint:"; the exit
// codes are those below. Help teaches with an example.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/clock"
	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// The exit codes.
const (
	exitFine    = 0
	exitFailed  = 1 // something went wrong; what could be done was done
	exitUsage   = 2 // the command line is wrong
	exitChanged = 3 // scrape --exit-code: something new, changed or missing
)

// exitError ends the program with a code and, if Err is set, a message.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

// Usage reports whether whoever asked made a mistake, and nothing failed.
func (e *exitError) Usage() bool { return e.code == exitUsage }

// usage is an error of the person who typed the command.
func usage(err error, hint string) error {
	return &exitError{code: exitUsage, err: statement.WithHint(err, hint)}
}

// app is one run of the program: what it was started with, and what its
// commands share.
type app struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string

	configPath string
	dataDir    string
	sourcesDir string
	startAt    string
	charset    string // of text files; "" for what they hold
	json       bool
	verbose    bool

	clock     clock.Clock
	resumes   bool // the command goes on from where it was interrupted
	started   bool // a command's own code is running: what fails now is no usage error
	cfg       *config.Config
	catalogue config.Catalogue
}

// Main runs the command line and gives the exit code.
func Main(ctx context.Context, args []string, in io.Reader, out, errs io.Writer, getenv func(string) string) int {
	a := &app{in: in, out: out, err: errs, getenv: getenv, clock: clock.Real}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteContextC(ctx)
	a.resumes = cmd != nil && slices.Contains(resuming, cmd.Name())
	return a.exit(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "volteface",
		Short: "Watch official press pages and tell when a position turns round",
		Long: `volteface visits official press pages, keeps every statement and every later
edit of it as evidence, and tells people when something new, changed or missing
turns up.`,
		Example: `  volteface demo                       see it at work, without a network
  volteface scrape kremlin --limit 5   read the five newest statements
  volteface statements list            what is kept
  volteface diff ID                    what an edit changed`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			a.started = true
			return a.setClock()
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.configPath, "config", "", "configuration `FILE` (default: volteface/volteface.yaml in ~/.config or /etc, or none)")
	flags.StringVar(&a.dataDir, "data-dir", "", "`FOLDER` of the database and the archive (default: $STATE_DIRECTORY, else ~/.local/state/volteface)")
	flags.StringVar(&a.sourcesDir, "sources-dir", "", "`FOLDER` of your own source definitions")
	flags.BoolVar(&a.json, "json", false, "print JSON Lines")
	flags.BoolVar(&a.verbose, "verbose", false, "tell on standard error what is being done")
	flags.StringVar(&a.startAt, "clock", "", "start at this `MOMENT` (RFC 3339); waiting then takes no time")
	_ = flags.MarkHidden("clock")
	root.AddCommand(a.runCommand(), a.serveCommand(), a.peopleCommand(), a.scrapeCommand(), a.sourcesCommand(), a.statementsCommand(), a.importCommand(), a.diffCommand(), a.checkCommand(), a.evalCommand(),
		a.analyseCommand(), a.reversalsCommand(), a.opinionsCommand(), a.editionsCommand(), a.positionsCommand(), a.topicsCommand(), a.backtestCommand(),
		a.alertsCommand(), a.reextractCommand(), a.healthcheckCommand(), a.backupCommand(), a.restoreCommand(), a.fsckCommand(),
		a.gcCommand(), a.configCommand(), a.doctorCommand(), a.demoCommand(), a.versionCommand())
	arrange(root)
	return root
}

func (a *app) setClock() error {
	if a.startAt == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, a.startAt)
	if err != nil {
		return usage(fmt.Errorf("--clock %q is not a moment", a.startAt), "write 2022-11-05T12:00:00Z")
	}
	a.clock = clock.StartAt(t)
	return nil
}

// resuming are the commands that keep what they have done when they are interrupted.
var resuming = []string{"scrape", "import", "analyse", "reextract"}

// exit shows an error and gives the exit code.
func (a *app) exit(err error) int {
	if err == nil {
		return exitFine
	}
	code := exitFailed
	var coded *exitError
	switch {
	case errors.As(err, &coded):
		code = coded.code
		if coded.err == nil {
			return code
		}
	case !a.started:
		code = exitUsage
	}
	message, hint := err.Error(), statement.HintOf(err)
	if first, rest, cut := strings.Cut(message, "\n\nDid you mean this?"); cut { // cobra's own suggestion
		message, hint = first, "did you mean "+strings.Join(strings.Fields(rest), " or ")+"?"
	}
	if hint == "" && errors.Is(err, syscall.ENOSPC) { // wherever it was met
		hint = folderHint(err)
	}
	if hint == "" && code == exitUsage {
		hint = "volteface --help shows what there is"
	}
	if errors.Is(err, context.Canceled) {
		message, hint = "interrupted", ""
		if a.resumes {
			hint = "what was read is kept; the same command goes on from there"
		}
	}
	for _, line := range strings.Split(message, "\n") {
		fmt.Fprintf(a.err, "error: %s\n", term.Clean(line))
	}
	if hint != "" {
		fmt.Fprintf(a.err, "hint: %s\n", term.Clean(hint))
	}
	return code
}

// config is the configuration, read when first asked for.
func (a *app) config() (*config.Config, error) {
	if a.cfg != nil {
		return a.cfg, nil
	}
	path := a.configPath
	if path == "" {
		path = a.getenv("VOLTEFACE_CONFIG")
	}
	if path == "" {
		path = config.DefaultPath(a.getenv)
	}
	cfg, err := config.Load(path, a.getenv)
	if err != nil {
		return nil, err
	}
	if a.sourcesDir != "" {
		if cfg.SourcesDir, err = filepath.Abs(a.sourcesDir); err != nil {
			return nil, err
		}
	}
	a.cfg = cfg
	return cfg, nil
}

// sources is every defined source, read when first asked for.
func (a *app) sources() (config.Catalogue, error) {
	if a.catalogue != nil {
		return a.catalogue, nil
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	a.catalogue, err = cfg.Sources(a.getenv)
	return a.catalogue, err
}

// source is one defined source.
func (a *app) source(id string) (statement.Source, error) {
	all, err := a.sources()
	if err != nil {
		return statement.Source{}, err
	}
	src, ok := all[id]
	if !ok {
		hint := "volteface sources list --all shows what there is"
		if near := statement.Nearest(strings.ToLower(id), all.IDs()); near != "" {
			hint = fmt.Sprintf("did you mean %q? volteface sources list --all shows what there is", near)
		}
		return src, usage(fmt.Errorf("there is no source %q", id), hint)
	}
	return src, nil
}

// folder is where the data lies.
func (a *app) folder() (string, error) {
	if a.dataDir != "" {
		return filepath.Abs(a.dataDir)
	}
	cfg, err := a.config()
	if err != nil {
		return "", err
	}
	if cfg.DataDir != "" {
		return cfg.DataDir, nil
	}
	return config.DefaultDataDir(a.getenv)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
