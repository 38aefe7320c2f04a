package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/term"
)

func (a *app) diffCommand() *cobra.Command {
	var from, to int
	var unified bool
	cmd := &cobra.Command{
		Use:   "diff ID",
		Short: "Show which words of a statement were changed",
		Long:  "Show which words of a statement were changed, by the last edit or between\nany two revisions. ID may be shortened, or be the statement's address.",
		Example: `  volteface diff 4f2k9q3m7a
  volteface diff 4f2k9q3m7a --from 1 --to 3 --unified`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			return a.diffStatement(cmd.Context(), h, args[0], from, to, unified)
		},
	}
	cmd.Flags().IntVar(&from, "from", 0, "compare revision `N` (default: the one before --to)")
	cmd.Flags().IntVar(&to, "to", 0, "with revision `N` (default: the current one)")
	cmd.Flags().BoolVar(&unified, "unified", false, "plain text with [-gone-] and {+come+}, also on a terminal")
	return cmd
}

// diffJSON is what diff prints with --json.
type diffJSON struct {
	ID      string      `json:"id"`
	From    int         `json:"from"`
	To      int         `json:"to"`
	Summary string      `json:"summary"`
	Blocks  []blockJSON `json:"blocks"`
}

// blockJSON is one paragraph; only changed ones are printed.
type blockJSON struct {
	N int `json:"n"` // position among all blocks, from 0
	diff.Block
}

func (a *app) diffStatement(ctx context.Context, h *house, name string, from, to int, unified bool) error {
	st, err := a.find(ctx, h, name)
	if err != nil {
		return err
	}
	if to == 0 {
		to = st.Revision
	}
	if from == 0 {
		from = to - 1
	}
	if from < 1 {
		return statement.WithHint(fmt.Errorf("%s has one revision: it was not edited since it was first seen", st.ID), "volteface statements show "+st.ID)
	}
	before, err := a.revision(ctx, h, st, from)
	if err != nil {
		return err
	}
	after, err := a.revision(ctx, h, st, to)
	if err != nil {
		return err
	}
	e := diff.Compare(diff.Text{Title: before.Title, Body: before.Body}, diff.Text{Title: after.Title, Body: after.Body})
	if a.json {
		shown := diffJSON{ID: st.ID, From: from, To: to, Summary: e.Summary(), Blocks: []blockJSON{}}
		for i, b := range e.Blocks {
			if b.Kind != diff.Same {
				shown.Blocks = append(shown.Blocks, blockJSON{i, b})
			}
		}
		return a.printJSON(shown)
	}
	color := term.Color(a.out, a.getenv) && !unified
	var body bytes.Buffer
	if color {
		err = e.Terminal(&body)
	} else {
		err = e.Unified(&body)
	}
	fmt.Fprintf(a.out, "--- revision %d, seen %s\n+++ revision %d, seen %s\n", from, moment(before.SeenAt), to, moment(after.SeenAt))
	dates := func(label string, x, y statement.Date) {
		if x.String() != y.String() {
			fmt.Fprintf(a.out, "%s: %s -> %s\n", label, term.Clean(x.String()), term.Clean(y.String()))
		}
	}
	dates("published", before.Published, after.Published)
	dates("updated", before.Updated, after.Updated)
	_, werr := fmt.Fprintf(a.out, "%s\n\n%s", e.Summary(), body.String())
	return errors.Join(err, werr)
}
