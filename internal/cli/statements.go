package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/extract"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) statementsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "statements",
		Short: "List, show, search and export what is kept",
		Example: `  volteface statements list --source kremlin --since 7d
  volteface statements show 4f2k9q3m7a
  volteface statements search 'drones AND Iran'
  volteface statements export -o all.jsonl.gz`,
		RunE: needsVerb,
	}
	cmd.AddCommand(a.statementsListCommand(), a.statementsShowCommand(), a.statementsSearchCommand(), a.statementsExportCommand())
	return cmd
}

// needsVerb is what a command answers that only groups others.
func needsVerb(cmd *cobra.Command, args []string) error {
	var verbs []string
	for _, c := range cmd.Commands() {
		verbs = append(verbs, c.Name())
	}
	if len(args) > 0 {
		hint := "one of " + strings.Join(verbs, ", ")
		if near := statement.Nearest(args[0], verbs); near != "" {
			hint = fmt.Sprintf("did you mean %q?", cmd.CommandPath()+" "+near)
		}
		return usage(fmt.Errorf("%s has no command %q", cmd.CommandPath(), args[0]), hint)
	}
	return usage(fmt.Errorf("say what %s is to do", cmd.CommandPath()), "one of "+strings.Join(verbs, ", "))
}

// whereabouts say in a few words what has become of a statement's page.
func whereabouts(s statement.Statement) string {
	var notes []string
	switch {
	case s.Removed():
		notes = append(notes, "removed since "+statement.Minute(s.MissingSince)+", confirmed "+statement.Minute(s.RemovedAt))
	case s.Missing():
		notes = append(notes, "missing since "+statement.Minute(s.MissingSince))
	}
	if s.Unlisted() {
		notes = append(notes, "unlisted since "+statement.Minute(s.AbsentSince))
	}
	if to := wire.MovedTo(s); to != "" {
		notes = append(notes, "at "+to)
	}
	return strings.Join(notes, ", ")
}

func (a *app) statementsListCommand() *cobra.Command {
	var sources []string
	var since string
	var limit int
	var missing bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List statements, the newest first",
		Example: `  volteface statements list --source kremlin --since 30d --limit 20`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			after, err := parseSince(since, a.clock.Now())
			if err != nil {
				return err
			}
			for _, id := range sources {
				if _, err := a.source(id); err != nil {
					return err
				}
			}
			return a.listStatements(cmd.Context(), state.Filter{Sources: sources, Since: after, Limit: limit, Missing: missing})
		},
	}
	cmd.Flags().StringSliceVar(&sources, "source", nil, "only of this `SOURCE`")
	cmd.Flags().StringVar(&since, "since", "", "only published since this `DATE`, or within 48h or 30d")
	cmd.Flags().IntVar(&limit, "limit", 0, "`N` statements at most")
	cmd.Flags().BoolVar(&missing, "missing", false, "only those whose page is gone")
	return cmd
}

func (a *app) listStatements(ctx context.Context, f state.Filter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	color := term.Color(a.out, a.getenv)
	for st, err := range h.Statements(ctx, f) {
		if err != nil {
			return err
		}
		if a.json {
			if err := a.printJSON(wire.StatementOf(st)); err != nil {
				return err
			}
			continue
		}
		note := ""
		if st.Revision > 1 {
			note += fmt.Sprintf("  %d revisions", st.Revision)
		}
		if where := whereabouts(st); where != "" {
			note += "  " + term.Clean(where)
		}
		if _, err := fmt.Fprintf(a.out, "%s  %s  %-16s  %s%s\n", st.ID, day(st.Published), st.Source, term.Title(st.Title), term.Paint(color, term.Yellow, note)); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) statementsShowCommand() *cobra.Command {
	var n int
	var raw bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a statement, its revisions and the captures behind them",
		Long:  "Show a statement, its revisions and the captures behind them.\nID may be shortened, or be the statement's address.",
		Example: `  volteface statements show 4f2k9q3m7a
  volteface statements show 4f2k --revision 1   as it was first published
  volteface statements show 4f2k --raw          the page as it was received`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			st, err := a.find(cmd.Context(), h, args[0])
			if err != nil {
				return err
			}
			r, err := a.revision(cmd.Context(), h, st, n)
			if err != nil {
				return err
			}
			if raw {
				body, err := h.blobs.Get(cmd.Context(), r.Snapshot)
				if err == nil && r.Path == statement.ByImport {
					body, err = extract.LineAt(body, r.Locator)
				}
				if err != nil {
					return err
				}
				_, err = a.out.Write(body)
				return err
			}
			return a.show(cmd.Context(), h, st, r)
		},
	}
	cmd.Flags().IntVar(&n, "revision", 0, "show revision `N` (default: the current one)")
	cmd.Flags().BoolVar(&raw, "raw", false, "write the captured bytes, or the imported line, instead")
	return cmd
}

// find finds a statement by identifier, shortened identifier, or address.
func (a *app) find(ctx context.Context, h *house, name string) (statement.Statement, error) {
	if strings.Contains(name, "/") {
		all, err := a.sources()
		if err != nil {
			return statement.Statement{}, err
		}
		for _, id := range all.IDs() {
			st, err := h.ByKey(ctx, id, all[id].Key(name))
			if !errors.Is(err, statement.ErrNotFound) {
				return st, err
			}
		}
		return statement.Statement{}, statement.WithHint(fmt.Errorf("no statement is kept of %s", name), "volteface statements list shows what is kept")
	}
	st, err := h.Statement(ctx, name)
	switch {
	case errors.Is(err, statement.ErrNotFound):
		err = statement.WithHint(fmt.Errorf("there is no statement %q", name), "volteface statements list shows what is kept")
	case errors.Is(err, state.ErrAmbiguous):
		err = statement.WithHint(err, "type more of the identifier")
	}
	return st, err
}

func (a *app) revision(ctx context.Context, h *house, st statement.Statement, n int) (statement.Revision, error) {
	r, err := h.Revision(ctx, st.ID, n)
	if errors.Is(err, statement.ErrNotFound) {
		return r, usage(fmt.Errorf("%s has no revision %d", st.ID, n), fmt.Sprintf("its revisions are 1 to %d", st.Revision))
	}
	return r, err
}

func (a *app) show(ctx context.Context, h *house, st statement.Statement, r statement.Revision) error {
	history, err := wire.HistoryOf(ctx, h, st.ID)
	if err != nil {
		return err
	}
	if !a.json {
		return a.showText(st, r, history)
	}
	return a.printJSON(wire.ShownOf(st, r, history))
}

func (a *app) showText(st statement.Statement, r statement.Revision, history wire.History) error {
	summary := history.Summaries()
	color := term.Color(a.out, a.getenv)
	fmt.Fprintf(a.out, "%s\n", term.Paint(color, term.Bold, term.Title(r.Title)))
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(a.out, "%s %s\n", term.Paint(color, term.Dim, fmt.Sprintf("%-10s", label)), term.Clean(value))
		}
	}
	line("id", st.ID)
	line("source", st.Source)
	line("page", st.URL)
	line("published", r.Published.String())
	line("updated", r.Updated.String())
	line("speaker", strings.Join(r.Speakers, "; "))
	line("language", r.Language)
	line("its page", whereabouts(st))
	line("read by", string(r.Path))
	for _, x := range history.Revisions {
		line(fmt.Sprintf("revision %d", x.N), strings.TrimSpace(fmt.Sprintf("%s  %.12s  %s", moment(x.SeenAt), x.Hash, summary[x.N])))
		if x.Archive != "" {
			line("", "kept by "+x.Archive)
		}
	}
	for _, x := range history.Signs {
		line("not there", strings.TrimSpace(fmt.Sprintf("%s  %s  %.12s", moment(x.At), x.Reason, x.SHA256)))
	}
	for i, x := range history.Moving {
		const last = 5 // --json has them all
		if i >= len(history.Moving)-last {
			line("moved", fmt.Sprintf("%s  %s", moment(x.At), x.Value))
		}
	}
	for _, x := range history.Snapshots {
		line("archived", fmt.Sprintf("%s  %s  %d bytes", moment(x.FetchedAt), x.SHA256, x.Size))
		line("asked for", x.Way)
	}
	fmt.Fprintln(a.out)
	return indent(a.out, term.CleanText(r.Body), "")
}
