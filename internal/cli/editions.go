package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) editionsCommand() *cobra.Command {
	var sources, kinds []string
	var since string
	var limit int
	var all, differing bool
	cmd := &cobra.Command{
		Use:   "editions [ID]",
		Short: "Show editions in two languages, and two governments' readouts, side by side",
		Long: `List statements that tell of one thing, the newest first: the editions of a
statement in two languages, within two days, and what two governments publish
of one call, visit or meeting, within one. With the ID of a pair, or of a
statement, show both texts side by side and what differs: figures, dates, what
only one says, and passages that appear to contradict each other. Which of the
two is right it does not tell.`,
		Example: `  volteface editions --differing --since 7d
  volteface editions show m3x8
  volteface editions dismiss m3x8 --reason "two speeches"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.showEditions(cmd.Context(), args[0])
			}
			after, err := parseSince(since, a.clock.Now())
			if err != nil {
				return err
			}
			f := state.CounterpartFilter{Sources: sources, Since: after, Limit: limit, Differing: differing, Dismissed: all}
			for _, k := range kinds {
				if k != string(statement.Edition) && k != string(statement.Readout) {
					return usage(fmt.Errorf("--kind %q", k), "edition or readout")
				}
				f.Kinds = append(f.Kinds, statement.CounterpartKind(k))
			}
			return a.listEditions(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&sources, "source", nil, "only with a statement of this `SOURCE`")
	flags.StringSliceVar(&kinds, "kind", nil, "only of this `KIND`: edition or readout")
	flags.StringVar(&since, "since", "", "only what was said since this `DATE`, or within 48h or 30d")
	flags.IntVar(&limit, "limit", 0, "`N` pairs at most")
	flags.BoolVar(&differing, "differing", false, "only those in which something differs")
	flags.BoolVar(&all, "all", false, "dismissed ones too")
	cmd.AddCommand(&cobra.Command{
		Use:     "show ID",
		Short:   "Show both texts side by side, and what differs",
		Example: "  volteface editions show m3x8",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.showEditions(cmd.Context(), args[0]) },
	}, a.reviewEditionsCommand("dismiss", state.Dismissed, "Say that two statements are not of one thing; they are not told of again"),
		a.reviewEditionsCommand("reopen", state.Open, "Take back a dismissal"))
	return cmd
}

func (a *app) printEditions(p state.Paired, color bool) error {
	if a.json {
		return a.printJSON(wire.EditionsOf(p))
	}
	style, note := term.Dim, "alike"
	if p.Differs != "" {
		style, note = term.Yellow, "differ"
	}
	if p.Review.Decision != state.Open {
		note = string(p.Review.Decision)
	}
	_, err := fmt.Fprintf(a.out, "%s  %s  %s  %-7s  %s\n          %s  |  %s\n", term.Paint(color, style, fmt.Sprintf("%-9s", note)), term.Paint(color, term.Dim, p.ID), day(p.B.Published),
		p.Kind, term.Clean(p.Explanation), accountWords(p.A), accountWords(p.B))
	return err
}

func accountWords(c statement.Account) string {
	return term.Clean(fmt.Sprintf("%s [%s] %s", c.Source, c.Language, term.Cut(c.Title, 60)))
}

func (a *app) listEditions(ctx context.Context, f state.CounterpartFilter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	found, err := h.Counterparts(ctx, f)
	if err != nil {
		return err
	}
	color := term.Color(a.out, a.getenv)
	for _, p := range found {
		if err := a.printEditions(p, color); err != nil {
			return err
		}
	}
	return nil
}

// pairOf finds pairs by the identifier of one, or of a statement.
func (a *app) pairOf(ctx context.Context, h *house, id string) ([]state.Paired, error) {
	p, err := h.Counterpart(ctx, id)
	if err == nil {
		return []state.Paired{p}, nil
	}
	if errors.Is(err, state.ErrAmbiguous) {
		return nil, statement.WithHint(err, "type more of the identifier")
	}
	if !errors.Is(err, statement.ErrNotFound) {
		return nil, err
	}
	look := h.Statement
	if strings.Contains(id, "/") {
		look = func(ctx context.Context, address string) (statement.Statement, error) { return a.find(ctx, h, address) }
	}
	st, err := look(ctx, id)
	if err == nil {
		pairs, err := h.Counterparts(ctx, state.CounterpartFilter{Statement: st.ID, Dismissed: true})
		if err != nil || len(pairs) > 0 {
			return pairs, err
		}
		return nil, statement.WithHint(fmt.Errorf("statement %s has no counterpart that is known", st.ID), "volteface editions lists those there are")
	}
	if errors.Is(err, state.ErrAmbiguous) {
		return nil, statement.WithHint(err, "type more of the identifier")
	}
	if errors.Is(err, statement.ErrNotFound) {
		return nil, statement.WithHint(fmt.Errorf("there are no editions %q", id), "volteface editions --all shows what there is")
	}
	return nil, err
}

func (a *app) showEditions(ctx context.Context, id string) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	pairs, err := a.pairOf(ctx, h, id)
	if err != nil {
		return err
	}
	for i, p := range pairs {
		if a.json {
			if err := a.printEditions(p, false); err != nil {
				return err
			}
			continue
		}
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		if err := a.showPair(ctx, h, p); err != nil {
			return err
		}
	}
	return nil
}

// differenceWords are the kinds of differences for people.
var differenceWords = map[statement.DifferenceKind]string{
	statement.PositionDiffers: "appear to contradict each other", statement.FigureDiffers: "figures differ", statement.DateDiffers: "dates differ",
	statement.OnlyA: "only in 1", statement.OnlyB: "only in 2",
}

func (a *app) showPair(ctx context.Context, h *house, p state.Paired) error {
	color := term.Color(a.out, a.getenv)
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(a.out, "%s %s\n", term.Paint(color, term.Dim, fmt.Sprintf("%-10s", label)), term.Clean(value))
		}
	}
	fmt.Fprintf(a.out, "%s\n\n", term.Paint(color, term.Bold, term.Clean(p.Explanation)))
	bodies := [2]string{}
	for i, c := range []statement.Account{p.A, p.B} {
		line(fmt.Sprintf("%d %s", i+1, c.Language), c.Title)
		line("", strings.Join([]string{c.Published.String(), c.Issuer}, " · "))
		line("page", c.URL)
		line("statement", fmt.Sprintf("%s, revision %d", c.Statement, c.Revision))
		line("archived", c.Snapshot)
		fmt.Fprintln(a.out)
		r, err := h.Revision(ctx, c.Statement, c.Revision)
		if err != nil && !errors.Is(err, statement.ErrNotFound) {
			return err
		}
		bodies[i] = r.Body
	}
	notes := map[statement.Beside]string{}
	for _, d := range p.Differences {
		note := differenceWords[d.Kind]
		if len(d.ValuesA)+len(d.ValuesB) > 0 {
			note += ": " + valuesOrNone(d.ValuesA) + " | " + valuesOrNone(d.ValuesB)
		}
		at := statement.Beside{A: d.A.Span, B: d.B.Span}
		if notes[at] != "" {
			note = notes[at] + "; " + note
		}
		notes[at] = note
	}
	title := statement.Beside{}
	if note := notes[title]; note != "" {
		line("titles", note)
	}
	for _, row := range p.Rows {
		for i, at := range []statement.Span{row.A, row.B} {
			if at.End > at.Start && at.End <= len(bodies[i]) && at.Start >= 0 {
				text := term.CleanText(strings.Join(strings.Fields(bodies[i][at.Start:at.End]), " "))
				fmt.Fprintf(a.out, "%s %s\n", term.Paint(color, term.Dim, fmt.Sprint(i+1)), text)
			}
		}
		if note := notes[row]; note != "" {
			fmt.Fprintf(a.out, "  %s\n", term.Paint(color, term.Yellow, "^ "+term.Clean(note)))
		}
		fmt.Fprintln(a.out)
	}
	line("id", p.ID)
	line("kind", fmt.Sprintf("%s, score %.2f", p.Kind, p.Score))
	line("decision", strings.TrimSpace(string(p.Review.Decision)+"  "+p.Review.Reason))
	return nil
}

func valuesOrNone(values []string) string { return cmpString(strings.Join(values, ", "), "none") }

func (a *app) reviewEditionsCommand(verb string, decision state.Decision, short string) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     verb + " ID...",
		Short:   short,
		Example: fmt.Sprintf("  volteface editions %s m3x8", verb),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			r := state.Review{Decision: decision, Reason: reason, At: a.clock.Now()}
			for _, id := range args {
				pairs, err := a.pairOf(cmd.Context(), h, id)
				if err != nil {
					return err
				}
				if len(pairs) > 1 {
					return usage(fmt.Errorf("statement %s has %d counterparts", id, len(pairs)), "give the identifier of a pair")
				}
				if err := h.Update(cmd.Context(), func(tx state.Tx) error { return tx.ReviewCounterpart(pairs[0].ID, r) }); err != nil {
					return err
				}
				pairs[0].Review = r
				if err := a.printEditions(pairs[0], term.Color(a.out, a.getenv)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	if decision == state.Dismissed {
		cmd.Flags().StringVar(&reason, "reason", "", "`WHY`, in a few words")
	}
	return cmd
}
