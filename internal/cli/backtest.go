package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"volteface/internal/monitor"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/wire"
	"volteface/state"
)

func (a *app) backtestCommand() *cobra.Command {
	var o monitor.BacktestOptions
	var since string
	var alert, review float64
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "Say what would have been alerted, before an alert is switched on",
		Long: `Run the engine, a topic or a threshold over what is kept, as if each statement had
just been made, and say what would have been alerted, when, and how many a week.
Nothing is remembered and nothing is sent.`,
		Example: `  volteface backtest --topic tariffs --since 365d
  volteface backtest --alert 0.9 --review 0.7 --source whitehouse`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Since, err = parseSince(since, a.clock.Now()); err != nil {
				return err
			}
			for _, v := range []float64{alert, review} {
				if v < 0 || v > 1 {
					return usage(fmt.Errorf("a threshold of %g", v), "scores run from 0 to 1")
				}
			}
			return a.backtest(cmd.Context(), o, reversal.Levels{Alert: alert, Review: review})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "only what was said since this `DATE`, or within 48h or 30d")
	flags.StringSliceVar(&o.Sources, "source", nil, "only of this `SOURCE`")
	flags.StringVar(&o.Topic, "topic", "", "only turns of this `TOPIC`")
	flags.Float64Var(&alert, "alert", 0, "`SCORE` from which a finding would be alerted (default: the configuration's)")
	flags.Float64Var(&review, "review", 0, "`SCORE` from which it would be listed (default: the configuration's)")
	return cmd
}

func (a *app) backtest(ctx context.Context, o monitor.BacktestOptions, levels reversal.Levels) error {
	_, m, done, err := a.analyst(ctx)
	if err != nil {
		return err
	}
	defer done()
	m.Levels = m.Levels.With(levels)
	bar := term.NewProgress(a.err, "reading what was said")
	color := term.Color(a.out, a.getenv)
	counts := map[statement.Level]int{}
	o.Progress = bar.Set
	o.Report = func(f state.Finding) {
		counts[f.Level]++
		bar.Print(func() { _ = a.printReversal(f, color) })
	}
	over, err := m.Backtest(ctx, o)
	bar.Done()
	if err != nil {
		return err
	}
	x := wire.BacktestOf(over, counts)
	if a.json {
		return a.printJSON(x)
	}
	_, err = fmt.Fprintf(a.out, "%s of %.0f weeks: %d would have been alerted (%.2f a week), %d more listed for review (%.2f a week)\n",
		plural(over.Statements, "statement"), x.Weeks, x.Alerts, x.AlertsAWeek, x.Reviews, x.ReviewsAWeek)
	return err
}
