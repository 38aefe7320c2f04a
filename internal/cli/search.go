package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
	"volteface/state/fulltext"
)

// snippetSize is about how much of a text is shown of each statement found, in
// bytes: two lines and a half of a terminal.
const snippetSize = 200

// selection is how commands are told which statements they are about.
type selection struct {
	sources      []string
	since, until string
}

func (s *selection) flags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&s.sources, "source", nil, "only of this `SOURCE`")
	cmd.Flags().StringVar(&s.since, "since", "", "only published since this `DATE`, or within 48h or 30d")
	cmd.Flags().StringVar(&s.until, "until", "", "only published before this `DATE`, or longer ago than 48h or 30d")
}

func (a *app) filter(s selection, limit int) (f state.SearchFilter, err error) {
	f = state.SearchFilter{Sources: s.sources, Limit: limit}
	if limit < 0 {
		return f, usage(fmt.Errorf("--limit %d", limit), "0 or more")
	}
	if f.Since, err = parseSince(s.since, a.clock.Now()); err != nil {
		return f, err
	}
	if f.Until, err = parseSince(s.until, a.clock.Now()); err != nil {
		return f, usage(fmt.Errorf("--until %q is neither a date nor an age", s.until), statement.HintOf(err))
	}
	for _, id := range s.sources {
		if _, err := a.source(id); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (a *app) statementsSearchCommand() *cobra.Command {
	var chosen selection
	var limit int
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Find statements by their words, the best first",
		Long: `Find statements by the words of their titles, texts and speakers, the best first.

  drones Iran            both words; the same as drones AND Iran
  drones OR missiles     one of them
  drones NOT Cuba        also written drones -Cuba
  "limited number"       a phrase
  deliver*               every word that begins so
  title:drones           only in the title; also text: and speaker:
  (drones OR UAV) Iran   parentheses

AND, OR and NOT are written in capitals. Accents and capitals make no difference.
In Chinese, Japanese, Korean and Thai any part of the text is found. What an edit
took out is not found: the words are those of the current revision.`,
		Example: `  volteface statements search 'drones AND Iran' --source kremlin --since 2022-06-01
  volteface statements search 'переговоры OR санкции' --limit 50
  volteface statements search '"limited number"' --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := fulltext.Parse(strings.Join(args, " "))
			if err != nil {
				return usage(err, statement.HintOf(err))
			}
			f, err := a.filter(chosen, limit)
			if err != nil {
				return err
			}
			return a.search(cmd.Context(), q, f)
		},
	}
	chosen.flags(cmd)
	cmd.Flags().IntVar(&limit, "limit", 20, "`N` statements at most; 0 for all")
	return cmd
}

func (a *app) search(ctx context.Context, q fulltext.Query, f state.SearchFilter) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	found, err := a.searched(ctx, h, q, f)
	if err != nil {
		return err
	}
	color := term.Color(a.out, a.getenv)
	for _, hit := range found.Hits {
		r, err := h.Revision(ctx, hit.Statement.ID, 0)
		if err != nil {
			return err
		}
		if err := a.printHit(hit, fulltext.Snippet(r.Body, q, snippetSize), color); err != nil {
			return err
		}
	}
	if a.json {
		return nil
	}
	switch n := len(found.Hits); {
	case n == 0:
		fmt.Fprintln(a.err, "nothing found")
	case found.More:
		fmt.Fprintf(a.err, "%d of more than %d; the %d remembered last were compared. --source and --since narrow it down\n", n, found.Total, found.Total)
	case n < found.Total:
		fmt.Fprintf(a.err, "%d of %d; --limit shows more\n", n, found.Total)
	default:
		fmt.Fprintln(a.err, plural(n, "statement"))
	}
	return nil
}

// searched searches after what was recorded lately has been indexed.
func (a *app) searched(ctx context.Context, h *house, q fulltext.Query, f state.SearchFilter) (state.Results, error) {
	bar := term.NewProgress(a.err, "indexing")
	err := h.Index(ctx, bar.Set)
	bar.Done()
	if err != nil && ctx.Err() == nil {
		// Another process writes, or the disk is full: what is indexed is found.
		a.log().Warn("what was recorded last is not searched", "error", err)
	}
	return h.Search(ctx, q, f)
}

func (a *app) printHit(hit state.Hit, snippet []fulltext.Piece, color bool) error {
	if a.json {
		return a.printJSON(wire.HitOf(hit, snippet))
	}
	st := hit.Statement
	var text strings.Builder
	for _, p := range snippet {
		piece := term.Clean(p.Text)
		if p.Hit {
			piece = term.Paint(color, term.Bold, piece)
		}
		text.WriteString(piece)
	}
	_, err := fmt.Fprintf(a.out, "%s  %s  %-16s  %s\n            %s\n", st.ID, day(st.Published), st.Source, term.Title(st.Title), text.String())
	return err
}
