package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

// shownQuiet is how many quiet places are named below the table of sources.
const shownQuiet = 8

// describe names a quiet place for people.
func describe(m statement.Moving) string {
	how := "says what it is"
	if !m.LearntAt.IsZero() {
		how = "learnt " + m.LearntAt.Format(time.DateOnly)
	}
	return term.Clean(fmt.Sprintf("“%s” (%s; moved %s, %s)", m.Place, m.Kind, plural(m.Seen, "time"), how))
}

// quoted is a text as YAML reads it between single quotes.
func quoted(text string) string { return "'" + strings.ReplaceAll(term.Clean(text), "'", "''") + "'" }

// printQuiet names, below the table of sources, what is quiet and how to have it
// otherwise.
func (a *app) printQuiet(all []*career) error {
	var b strings.Builder
	listed, left := 0, 0
	for _, c := range all {
		for _, m := range c.quiet {
			if listed == shownQuiet {
				left++
				continue
			}
			listed++
			fmt.Fprintf(&b, "%s: quiet at %s\n", c.src.ID, describe(m))
			if m.Drop != "" {
				fmt.Fprintf(&b, "  to cut it out of the text: extract: {drop_text: [%s]}\n", quoted(m.Drop))
			}
		}
	}
	if listed == 0 {
		return nil
	}
	if left > 0 {
		fmt.Fprintf(&b, "and %d more; volteface sources show SOURCE names those of one\n", left)
	}
	b.WriteString("volteface sources unquiet SOURCE has them told again\n")
	_, err := fmt.Fprint(a.out, "\n", b.String())
	return err
}

func (a *app) sourcesUnquietCommand() *cobra.Command {
	learn := false
	cmd := &cobra.Command{
		Use:   "unquiet SOURCE [PLACE]",
		Short: "Tell again what moves by itself on the pages of a source",
		Long: `Tell again what moves by itself on the pages of a source: clocks, ages, counters,
lists in another order. Such a place is quiet once its words say what it is, or
five visits in a row have seen it move and nothing else. volteface sources names
the quiet ones; what stood there is kept all the while.

PLACE is a part of its name; without it, all of the source are meant. With
--learn, places are forgotten instead, and may become quiet again.`,
		Example: `  volteface sources unquiet kremlin
  volteface sources unquiet kremlin "Views:"
  volteface sources unquiet kremlin --learn`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			src, err := a.source(args[0])
			if err != nil {
				return err
			}
			h, err := a.openExisting(cmd.Context())
			if err != nil {
				return err
			}
			defer h.Close()
			part := ""
			if len(args) > 1 {
				part = args[1]
			}
			return a.unquiet(cmd.Context(), h, src.ID, part, learn)
		},
	}
	cmd.Flags().BoolVar(&learn, "learn", false, "forget the places, so that they may be learnt again")
	return cmd
}

func (a *app) unquiet(ctx context.Context, h *house, source, part string, learn bool) error {
	var done []statement.Moving
	err := h.Update(ctx, func(tx state.Tx) error {
		done = nil
		places, err := tx.Moving(source)
		if err != nil {
			return err
		}
		for _, m := range places {
			if !strings.Contains(strings.ToLower(m.Place), strings.ToLower(part)) || !learn && !m.Quiet() && m.Looks == 0 {
				continue
			}
			done = append(done, m)
			if learn {
				err = errors.Join(err, tx.DropMoving(source, m.Place))
				continue
			}
			m.LoudAt, m.LearntAt, m.Looks = a.clock.Now(), time.Time{}, 0
			err = errors.Join(err, tx.PutMoving(m))
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(done) == 0 {
		return statement.WithHint(fmt.Errorf("nothing of %s is quiet%s", source, map[bool]string{true: " under that name"}[part != ""]), "volteface sources show "+source+" names what is")
	}
	for _, m := range done {
		if a.json {
			if err := a.printJSON(wire.QuietOf(m)); err != nil {
				return err
			}
			continue
		}
		what := "told again from now on"
		if learn {
			what = "forgotten, and may be learnt again"
		}
		if _, err := fmt.Fprintf(a.out, "“%s”: %s\n", term.Clean(m.Place), what); err != nil {
			return err
		}
	}
	return nil
}
