package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"volteface/internal/reversal"
	"volteface/internal/reversal/evaluate"
	"volteface/internal/term"
)

func (a *app) evalCommand() *cobra.Command {
	var sets string
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Measure the reversal engine on labelled sets",
		Long: `Measure the reversal engine on every labelled set found in a folder: precision,
recall and F1 of its alarms, average precision of its scores, beside two baselines
that need no understanding. What is learned is cross-validated by event.
docs/evaluation.md explains the sets and the method.`,
		Example: `  volteface eval --sets ../shared/eval`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if sets == "" {
				shared := a.getenv("VOLTEFACE_SHARED")
				if shared == "" {
					return usage(errors.New("where are the labelled sets?"), "volteface eval --sets FOLDER")
				}
				sets = filepath.Join(shared, "eval")
			}
			r, err := evaluate.Run(sets, reversal.New(), func(what string) {
				if term.IsTerminal(a.err) {
					fmt.Fprintf(a.err, "measuring %s\n", what)
				}
			})
			if err != nil {
				return err
			}
			if len(r.Rows) == 0 {
				return usage(fmt.Errorf("%s holds no labelled sets", sets), "it should hold reversals/dev.jsonl and the like")
			}
			return a.printEvaluation(r)
		},
	}
	cmd.Flags().StringVar(&sets, "sets", "", "`FOLDER` of the labelled sets (default: eval in $VOLTEFACE_SHARED)")
	return cmd
}

func (a *app) printEvaluation(r *evaluate.Result) error {
	if a.json {
		return a.printJSON(r)
	}
	rows := [][]string{{"set", "system", "pairs", "base", "precision", "recall", "F1", "avg.prec.", "alarms on none"}}
	for _, x := range r.Rows {
		rows = append(rows, []string{x.Set, x.System, fmt.Sprint(x.Pairs), fmt.Sprintf("%.3f", float64(x.Positive)/float64(x.Pairs)),
			fmt.Sprintf("%.3f", x.Precision), fmt.Sprintf("%.3f", x.Recall), fmt.Sprintf("%.3f", x.F1), fmt.Sprintf("%.3f", x.AveragePrecision), fmt.Sprintf("%.3f", x.Alarms)})
	}
	if err := term.Table(a.out, rows); err != nil {
		return err
	}
	if len(r.Kinds) > 0 {
		fmt.Fprintf(a.out, "\nreversals/dev: kind right, given a true reversal: %.3f\n\n", r.KindRight)
		rows = [][]string{{"kind", "pairs", "flagged", "kind right"}}
		for _, k := range evaluate.Names(r.Kinds) {
			n := r.Kinds[k]
			rows = append(rows, []string{k, fmt.Sprint(n[0]), fmt.Sprint(n[1]), fmt.Sprint(n[2])})
		}
		if err := term.Table(a.out, rows); err != nil {
			return err
		}
		fmt.Fprintln(a.out)
		rows = [][]string{{"event", "pairs", "reversals", "found", "false alarms"}}
		for _, k := range evaluate.Names(r.Groups) {
			m := r.Groups[k]
			rows = append(rows, []string{k, fmt.Sprint(m.Pairs), fmt.Sprint(m.Positive), fmt.Sprint(m.TruePositive), fmt.Sprint(m.FalseAlarm)})
		}
		if err := term.Table(a.out, rows); err != nil {
			return err
		}
	}
	if len(r.Dossiers) > 0 {
		fmt.Fprintf(a.out, "\ndossiers: precision %.3f, recall %.3f, F1 %.3f; the quiet ones silent: %v\n\n", r.DossierPrecision, r.DossierRecall, r.DossierF1, r.QuietSilent)
		rows = [][]string{{"dossier", "expected", "found", "missed", "false", "alerts at", "false at"}}
		for _, d := range r.Dossiers {
			rows = append(rows, []string{d.ID, fmt.Sprint(d.Expected), fmt.Sprint(d.Found), fmt.Sprint(d.Missed), fmt.Sprint(d.False), fmt.Sprint(d.Alerts), fmt.Sprint(d.FalseAt)})
		}
		if err := term.Table(a.out, rows); err != nil {
			return err
		}
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(a.err, "not found: %s\n", strings.Join(r.Missing, ", "))
	}
	return nil
}
