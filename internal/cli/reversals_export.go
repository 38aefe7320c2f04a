package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/judge"
	"volteface/internal/nlp/language"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/state"
)

// trainingJSON is a line of reversals export: a pair as train/data.py reads it.
type trainingJSON struct {
	ID     string            `json:"id"`
	Event  string            `json:"event"`
	Before trainingSide      `json:"before"`
	After  trainingSide      `json:"after"`
	Label  statement.Verdict `json:"label"`
	Kind   string            `json:"kind"`
	Note   string            `json:"note"`
	Basis  string            `json:"basis"`
	Key    [2]string         `json:"key"`
	Engine string            `json:"engine"`
	Score  float64           `json:"score"`
}

type trainingSide struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	Date     string `json:"date"`
	Issuer   string `json:"issuer"`
	Speaker  string `json:"speaker"`
	Lang     string `json:"lang"`
	Question string `json:"question"`
	Text     string `json:"text"`
}

// labelNone is the label of a pair that turns nothing round.
const labelNone statement.Verdict = "none"

func (a *app) reversalsExportCommand() *cobra.Command {
	var since, to string
	var force bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write what was confirmed and dismissed, as data to train with",
		Long: `Write what people have confirmed and dismissed as JSON Lines, a pair a line:
confirmed pairs under their verdict, dismissed ones under none. What follows
another decision is left out: nobody has read it. train/ of the repository
reads such files in train/data/decided.`,
		Example: `  volteface reversals export -o decided.jsonl
  volteface reversals export --since 2026-01-01 > this-year.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			after, err := parseSince(since, a.clock.Now())
			if err != nil {
				return err
			}
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			f := state.ReversalFilter{Decisions: []state.Decision{state.Confirmed, state.Dismissed}, Since: after, Dropped: true}
			if to == "" {
				_, err := exportDecided(cmd.Context(), h, a.out, f)
				return err
			}
			n, err := replaceFile(to, force, func(out io.Writer) (int, error) { return exportDecided(cmd.Context(), h, out, f) })
			if err != nil {
				return fmt.Errorf("write %s: %w", to, err)
			}
			fmt.Fprintf(a.err, "%s: %s\n", term.Clean(to), plural(n, "pair"))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "only what was said since this `DATE`, or within 48h or 30d")
	flags.StringVarP(&to, "output", "o", "", "write to this `FILE` instead of standard output")
	flags.BoolVar(&force, "force", false, "replace the file if it is there")
	return cmd
}

func exportDecided(ctx context.Context, h *house, out io.Writer, filter state.ReversalFilter) (n int, err error) {
	found, err := h.Reversals(ctx, filter)
	if err != nil {
		return 0, err
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, f := range found {
		if f.Review.Follows != "" {
			continue
		}
		x := trainingJSON{ID: f.ID, Event: f.ID, Label: f.Verdict, Kind: f.Kind, Note: f.Review.Reason, Basis: "reviewed",
			Key: [2]string{f.Before.Text, f.After.Text}, Engine: f.Engine, Score: f.Score}
		if f.Review.Decision == state.Dismissed {
			x.Label, x.Kind = labelNone, ""
		}
		if x.Before, err = trainingSideOf(ctx, h, f.Before); err != nil {
			return n, err
		}
		if x.After, err = trainingSideOf(ctx, h, f.After); err != nil {
			return n, err
		}
		if err := lines.Encode(x); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// trainingSideOf is a quote with the question that it answers, if the text is still there to tell.
func trainingSideOf(ctx context.Context, h *house, q statement.Quote) (trainingSide, error) {
	side := trainingSide{q.Statement, q.Revision, q.Published.String(), q.Issuer, q.Speaker, q.Language, "", q.Text}
	if side.Lang == "" {
		side.Lang = language.Identify(q.Text).Code
	}
	side.Lang, _, _ = strings.Cut(strings.ToLower(side.Lang), "-")
	r, err := h.Revision(ctx, q.Statement, q.Revision)
	if errors.Is(err, statement.ErrNotFound) {
		return side, nil
	}
	if err != nil || q.Span.End == 0 || q.Span.Start < 0 || q.Span.End > len(r.Body) || r.Body[q.Span.Start:q.Span.End] != q.Text {
		return side, err // read anew since, or of the title
	}
	for _, p := range judge.Passages(r.Body) {
		if p.Span[0] <= q.Span.Start && q.Span.Start < p.Span[1] {
			side.Question = p.Question
			break
		}
	}
	return side, nil
}
