package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/extract"
	"volteface/internal/monitor"
	"volteface/internal/statement"
	"volteface/internal/term"
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

// statementJSON is a line of statements list, and the head of statements show.
type statementJSON struct {
	ID           string `json:"id"`
	Source       string `json:"source"`
	URL          string `json:"url"`
	Title        string `json:"title"`
	Published    string `json:"published"`
	Language     string `json:"language"`
	Speaker      string `json:"speaker"`
	Revision     int    `json:"revision"`
	FirstSeen    string `json:"first_seen"`
	LastSeen     string `json:"last_seen"`
	LastChecked  string `json:"last_checked"`
	NextCheck    string `json:"next_check"`
	MissingSince string `json:"missing_since"`
	RemovedAt    string `json:"removed_at"`
	UnlistedAt   string `json:"unlisted_at"`
	MovedTo      string `json:"moved_to"`
}

func toJSON(s statement.Statement) statementJSON {
	return statementJSON{
		s.ID, s.Source, s.URL, s.Title, s.Published.String(), s.Language, strings.Join(s.Speakers, "; "), s.Revision,
		moment(s.FirstSeen), moment(s.LastSeen), moment(s.LastChecked), moment(s.NextCheck), moment(s.MissingSince),
		moment(s.RemovedAt), moment(s.UnlistedAt), movedTo(s),
	}
}

// movedTo is the address at which a statement is read in truth, where redirects
// lead away from its own; "" where they do not.
func movedTo(s statement.Statement) string {
	if s.FinalURL == "" || monitor.SamePlace(s.FinalURL, s.URL) {
		return ""
	}
	return s.FinalURL
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
	if to := movedTo(s); to != "" {
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
			if err := a.printJSON(toJSON(st)); err != nil {
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

// revisionJSON is one revision inside statements show.
type revisionJSON struct {
	N         int    `json:"n"`
	Time      string `json:"time"`
	Hash      string `json:"hash"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	Snapshot  string `json:"snapshot"`
	Summary   string `json:"summary"`
}

// snapshotJSON is one kept capture inside statements show.
type snapshotJSON struct {
	Time   string `json:"time"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Status int    `json:"status"`
	URL    string `json:"url"`
}

// signJSON is a look that found the page gone.
type signJSON struct {
	Time   string `json:"time"`
	Status int    `json:"status"`
	Reason string `json:"reason"`
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
}

type shownJSON struct {
	statementJSON
	Text      string         `json:"text"`
	Extracted string         `json:"extracted"`
	Revisions []revisionJSON `json:"revisions"`
	Snapshots []snapshotJSON `json:"snapshots"`
	Signs     []signJSON     `json:"signs"`
	Moving    []movingJSON   `json:"moving"`
	Addresses []string       `json:"addresses"`
}

// movingJSON is a value that stood at a place that moves by itself.
type movingJSON struct {
	Time   string `json:"time"`
	Place  string `json:"place"`
	Value  string `json:"value"`
	SHA256 string `json:"sha256"`
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
	revisions, err := h.Revisions(ctx, st.ID)
	if err != nil {
		return err
	}
	edits, err := h.Edits(ctx, st.ID)
	if err != nil {
		return err
	}
	snapshots, err := h.Snapshots(ctx, st.ID)
	if err != nil {
		return err
	}
	signs, err := h.Signs(ctx, st.ID)
	if err != nil {
		return err
	}
	values, err := h.MovingValues(ctx, st.ID)
	if err != nil {
		return err
	}
	aliases, err := h.Aliases(ctx, st.ID)
	if err != nil {
		return err
	}
	summary := map[int]string{}
	for _, e := range edits {
		summary[e.To] = e.Summary
	}
	if !a.json {
		return a.showText(st, r, revisions, snapshots, signs, values, summary)
	}
	shown := shownJSON{statementJSON: toJSON(st), Text: r.Body, Extracted: string(r.Path), Revisions: []revisionJSON{}, Snapshots: []snapshotJSON{}, Signs: []signJSON{}, Moving: []movingJSON{}, Addresses: []string{}}
	shown.Title, shown.Published, shown.Revision = r.Title, r.Published.String(), r.N
	for _, x := range revisions {
		shown.Revisions = append(shown.Revisions, revisionJSON{x.N, moment(x.SeenAt), x.Hash, x.Title, x.Published.String(), x.Updated.String(), x.Snapshot, summary[x.N]})
	}
	for _, x := range snapshots {
		shown.Snapshots = append(shown.Snapshots, snapshotJSON{moment(x.FetchedAt), x.SHA256, x.Size, x.Status, x.FinalURL})
	}
	for _, x := range signs {
		shown.Signs = append(shown.Signs, signJSON{moment(x.At), x.Status, x.Reason, x.URL, x.SHA256})
	}
	for _, x := range values {
		shown.Moving = append(shown.Moving, movingJSON{moment(x.At), x.Place, x.Value, x.SHA256})
	}
	for _, x := range aliases {
		if x.Kind != state.AliasCandidate {
			shown.Addresses = append(shown.Addresses, x.Key)
		}
	}
	return a.printJSON(shown)
}

func (a *app) showText(st statement.Statement, r statement.Revision, revisions []statement.Revision, snapshots []statement.Snapshot, signs []statement.Sign, values []statement.MovingValue, summary map[int]string) error {
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
	for _, x := range revisions {
		line(fmt.Sprintf("revision %d", x.N), strings.TrimSpace(fmt.Sprintf("%s  %.12s  %s", moment(x.SeenAt), x.Hash, summary[x.N])))
	}
	for _, x := range signs {
		line("not there", strings.TrimSpace(fmt.Sprintf("%s  %s  %.12s", moment(x.At), x.Reason, x.SHA256)))
	}
	for i, x := range values {
		const last = 5 // --json has them all
		if i >= len(values)-last {
			line("moved", fmt.Sprintf("%s  %s", moment(x.At), x.Value))
		}
	}
	for _, x := range snapshots {
		line("archived", fmt.Sprintf("%s  %s  %d bytes", moment(x.FetchedAt), x.SHA256, x.Size))
	}
	fmt.Fprintln(a.out)
	return indent(a.out, term.CleanText(r.Body), "")
}
