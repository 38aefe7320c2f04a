package cli

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) reversalsStatsCommand() *cobra.Command {
	var since string
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Count alerts and reviews, and how many of them were confirmed",
		Long: `Count what was found by the rules that told of it, by topic and by issuer:
alerts and reviews, how many of them people decided on and confirmed, and the
score from which 80 % of what was decided on was confirmed, with how many
findings score so high. A threshold from fewer than ten decisions would say
nothing, and is not told. What an older engine found and the one of today does
not is left out.`,
		Example: `  volteface reversals stats
  volteface reversals stats --since 365d --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			after, err := parseSince(since, a.clock.Now())
			if err != nil {
				return err
			}
			return a.reversalsStats(cmd.Context(), after)
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only what was said since this `DATE`, or within 48h or 30d")
	return cmd
}

func (a *app) reversalsStats(ctx context.Context, since time.Time) error {
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	found, err := h.Reversals(ctx, state.ReversalFilter{Since: since, Replaced: true})
	if err != nil {
		return err
	}
	told, err := h.ToldTurns(ctx, "", time.Time{})
	if err != nil {
		return err
	}
	tallies := monitor.Tallies(found, monitor.RulesOf(told, found))
	if a.json {
		for _, t := range tallies {
			if err := a.printJSON(wire.TallyOf(t)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(tallies) == 0 {
		_, err := fmt.Fprintln(a.out, "Nothing has been found.")
		return err
	}
	rows := [][]string{{"BY", "NAME", "ALERTS", "REVIEWS", "CONFIRMED", "80 % FROM A SCORE OF"}}
	for _, t := range tallies {
		from, share := wire.ThresholdNote(t), "-"
		if from == "" {
			from = fmt.Sprintf("%.2f, which %d have", t.Threshold, t.Told)
		}
		if t.Decided > 0 {
			share = fmt.Sprintf("%d of %d, %.0f %%", t.Confirmed, t.Decided, 100*float64(t.Confirmed)/float64(t.Decided))
		}
		rows = append(rows, []string{t.By, term.Cut(term.Clean(tallyName(t)), 30), strconv.Itoa(t.Alerts), strconv.Itoa(t.Reviews), share, from})
	}
	return term.Table(a.out, rows)
}

func tallyName(t monitor.Tally) string {
	switch {
	case t.By == "all" || t.Name != "":
		return t.Name
	case t.By == "rule":
		return "no rule told of them"
	case t.By == "topic":
		return "no topic"
	}
	return "not named"
}
