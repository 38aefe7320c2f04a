package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
	"volteface/state/fulltext"
)

// exportFlags are what export can be asked for.
type exportFlags struct {
	chosen selection
	search string
	format string
	to     string
	force  bool
}

// formats by name and by the ending of a file.
var exportFormats = map[string]func(io.Writer) exporter{
	"jsonl": newJSONExport, "csv": newCSVExport, "markdown": newMarkdownExport,
}

var exportEndings = map[string]string{".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".md": "markdown"}

// exported is what is written of a statement.
type exported struct {
	st      statement.Statement
	r       statement.Revision
	issuer  statement.Issuer
	fetched string // when the bytes behind the revision were got
}

// exporter writes statements in one format.
type exporter interface {
	write(exported) error
	flush() error
}

func (a *app) statementsExportCommand() *cobra.Command {
	f := &exportFlags{}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write statements as JSON Lines, CSV or Markdown",
		Long: `Write statements, the newest first, each in its current wording:

  jsonl      JSON Lines, as volteface import takes them in
  csv        for spreadsheets: cells that a spreadsheet would take for a formula
             begin with an apostrophe
  markdown   for reading and quoting: each with a citation that names its address,
             the time it was captured, and the SHA-256 of the archived bytes`,
		Example: `  volteface statements export --source kremlin --since 2022-01-01 -o kremlin.jsonl.gz
  volteface statements export --search 'drones AND Iran' -o drones.md
  volteface statements export --format csv > all.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.export(cmd.Context(), f) },
	}
	f.chosen.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.search, "search", "", "only what this `QUERY` of statements search finds")
	flags.StringVar(&f.format, "format", "", "`FORMAT` of the output: jsonl, csv or markdown (default: by the ending of the file, else jsonl)")
	flags.StringVarP(&f.to, "output", "o", "", "write to this `FILE` instead of standard output; .gz compresses it")
	flags.BoolVar(&f.force, "force", false, "replace the file if it is there")
	return cmd
}

func (f *exportFlags) make() (func(io.Writer) exporter, error) {
	name := f.format
	if name == "" {
		name = "jsonl"
		if ending := strings.ToLower(filepath.Ext(strings.TrimSuffix(f.to, ".gz"))); ending != "" {
			if name = exportEndings[ending]; name == "" {
				return nil, usage(fmt.Errorf("%s: nothing is written as %s", term.Clean(f.to), term.Clean(ending)), "end the name in .jsonl, .csv or .md, or choose with --format")
			}
		}
	}
	if name == "md" {
		name = "markdown"
	}
	with, known := exportFormats[name]
	if !known {
		return nil, usage(fmt.Errorf("--format %q", name), "jsonl, csv or markdown")
	}
	return with, nil
}

func (a *app) export(ctx context.Context, f *exportFlags) error {
	with, err := f.make()
	if err != nil {
		return err
	}
	filter, err := a.filter(f.chosen, 0)
	if err != nil {
		return err
	}
	var q *fulltext.Query
	if f.search != "" {
		parsed, err := fulltext.Parse(f.search)
		if err != nil {
			return usage(err, statement.HintOf(err))
		}
		q = &parsed
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	if f.to == "" {
		_, err := a.exportTo(ctx, h, a.out, with, filter, q)
		return err
	}
	n, err := replaceFile(f.to, f.force, func(out io.Writer) (n int, err error) {
		if !strings.HasSuffix(f.to, ".gz") {
			return a.exportTo(ctx, h, out, with, filter, q)
		}
		packed := gzip.NewWriter(out)
		n, err = a.exportTo(ctx, h, packed, with, filter, q)
		return n, errors.Join(err, packed.Close())
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", f.to, err)
	}
	fmt.Fprintf(a.err, "%s: %s\n", term.Clean(f.to), plural(n, "statement"))
	return nil
}

// replaceFile writes a file in full or not at all.
func replaceFile(path string, force bool, fill func(io.Writer) (int, error)) (n int, err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return 0, statement.WithHint(fs.ErrExist, "give another file, or --force to replace it")
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	out := bufio.NewWriterSize(temporary, 256<<10)
	n, err = fill(out)
	if err = errors.Join(err, out.Flush(), temporary.Sync(), temporary.Close()); err != nil {
		return n, err
	}
	return n, os.Rename(temporary.Name(), path)
}

// exportTo writes what fits, the newest first, and tells how many it was.
func (a *app) exportTo(ctx context.Context, h *house, out io.Writer, with func(io.Writer) exporter, f state.SearchFilter, q *fulltext.Query) (n int, err error) {
	var wanted map[string]bool // nil for all
	if q != nil {
		found, err := a.searched(ctx, h, *q, f)
		if err != nil {
			return 0, err
		}
		if found.More {
			return 0, statement.WithHint(fmt.Errorf("more than %d statements fit the search", found.Total), "narrow it down with --source, --since and --until")
		}
		wanted = make(map[string]bool, len(found.Hits))
		for _, hit := range found.Hits {
			wanted[hit.Statement.ID] = true
		}
	}
	catalogue, err := a.sources()
	if err != nil {
		return 0, err
	}
	bar := term.NewProgress(a.err, "exporting")
	defer bar.Done()
	to := with(out)
	for st, err := range h.Statements(ctx, state.Filter{Sources: f.Sources, Since: f.Since, Until: f.Until}) {
		if err != nil {
			return n, err
		}
		if wanted != nil && !wanted[st.ID] {
			continue
		}
		e := exported{st: st, issuer: catalogue[st.Source].Issuer}
		if e.r, err = h.Revision(ctx, st.ID, st.Revision); err != nil {
			return n, err
		}
		if e.fetched, err = fetched(ctx, h, e.r); err != nil {
			return n, err
		}
		if err := to.write(e); err != nil {
			return n, err
		}
		n++
		bar.Set(n, len(wanted))
	}
	return n, to.flush()
}

// fetched is when the bytes behind a revision were got.
func fetched(ctx context.Context, h *house, r statement.Revision) (string, error) {
	snapshots, err := h.Snapshots(ctx, r.Statement)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(snapshots, func(s statement.Snapshot) bool { return s.SHA256 == r.Snapshot && s.Locator == r.Locator })
	if at < 0 {
		return moment(r.SeenAt), nil
	}
	return moment(snapshots[at].FetchedAt), nil
}
