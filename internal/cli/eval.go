package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	measure "volteface/internal/judge/evaluate"
	"volteface/internal/term"
)

func (a *app) evalCommand() *cobra.Command {
	var sets, calibration, model, questions, answers string
	var fold, limit int
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Measure the judge on labelled sets",
		Long: `Measure the judge on every labelled set found in a folder: average precision of
its probabilities, precision and recall of its verdicts, calibration, on whole
texts as the sets hold them; and stances. Only events that the judge was not
trained on count: those of one fold of twelve. --calibrate fits temperatures and
thresholds to the sets instead, and writes them to a file. docs/evaluation.md
explains the sets and the method.

--judge-model measures or calibrates a judge in a folder (docs/judges.md), whose
calibration is the file volteface.json in it. One that has seen none of the sets
is better measured and calibrated on all events, with --fold -1.

--second-opinion writes each pair as the question that a language model is asked
(docs/second-opinion.md), without its label, one a line. --answers takes answers
back, {"id": "…", "answer": {…}} a line, or {"id": "…", "content": "…"}, and
measures them: so any model can be tried without a server.`,
		Example: `  volteface eval --sets ../shared/eval
  volteface eval --sets train/data --calibrate internal/judge/model/calibration.json
  volteface eval --sets train/data --fold -1 --judge-model FOLDER --calibrate FOLDER/volteface.json
  volteface eval --sets train/data --second-opinion questions.jsonl --limit 100
  volteface eval --sets train/data --second-opinion questions.jsonl --answers answers.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sets == "" {
				shared := a.getenv("VOLTEFACE_SHARED")
				if shared == "" {
					return usage(errors.New("where are the labelled sets?"), "volteface eval --sets FOLDER")
				}
				sets = filepath.Join(shared, "eval")
			}
			if !cmd.Flags().Changed("judge-model") {
				cfg, err := a.config()
				if err != nil {
					return err
				}
				model = cfg.Judge.Model
			}
			switch {
			case answers != "" && questions == "":
				return usage(errors.New("what are these the answers to?"), "add --second-opinion QUESTIONS.jsonl, the file of the questions")
			case questions != "":
				all, err := a.labelledQuestions(model, sets, fold, limit)
				if err != nil {
					return err
				}
				if len(all) == 0 {
					return usage(fmt.Errorf("%s holds no labelled pairs", sets), "it should hold banks/, reversals/dev.jsonl and the like, or pairs.jsonl and labels.jsonl")
				}
				if answers != "" {
					return a.measureAnswers(questions, answers, all)
				}
				return a.writeQuestions(cmd.Context(), questions, all)
			}
			return a.evaluateJudge(cmd.Context(), model, sets, fold, calibration)
		},
	}
	cmd.Flags().StringVar(&sets, "sets", "", "`FOLDER` of the labelled sets (default: eval in $VOLTEFACE_SHARED)")
	cmd.Flags().IntVar(&fold, "fold", 0, "`NUMBER` of the fold of events that counts, 0 to 11; -1 for all, also those trained on")
	cmd.Flags().StringVar(&calibration, "calibrate", "", "fit the judge's calibration to the sets and write it to this `FILE`")
	cmd.Flags().StringVar(&model, "judge-model", "", "`FOLDER` of the judge; \"\" for the built-in one (default: judge.model of the configuration)")
	cmd.Flags().StringVar(&questions, "second-opinion", "", "write the questions for a second opinion to this `FILE`, or read them from it with --answers")
	cmd.Flags().StringVar(&answers, "answers", "", "measure the answers of this `FILE` to the questions")
	cmd.Flags().IntVar(&limit, "limit", 0, "`N` questions of each set at most")
	return cmd
}

// evaluateJudge measures the judge, or calibrates it. What a judge cannot tell is left out.
func (a *app) evaluateJudge(ctx context.Context, model, folder string, fold int, calibration string) error {
	j, err := a.openJudge(model)
	if err != nil {
		return err
	}
	sets, err := measure.Read(folder, fold)
	if err != nil {
		return err
	}
	if !j.TellsStances() {
		sets.Stances = nil
	}
	if !j.TellsBearings() {
		sets.Passages = nil
	}
	if len(sets.Pairs)+len(sets.Stances)+len(sets.Passages) == 0 {
		return usage(fmt.Errorf("%s holds no labelled sets", folder), "it should hold banks/, stance/, reversals/dev.jsonl and the like")
	}
	bar := term.NewProgress(a.err, "judging")
	defer bar.Done()
	if calibration != "" {
		c, err := measure.Calibrate(ctx, j, sets, bar.Set)
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			return err
		}
		bar.Done()
		if err := os.WriteFile(calibration, append(text, '\n'), 0o644); err != nil {
			return err
		}
		if a.json {
			return a.printJSON(c)
		}
		_, err = fmt.Fprintf(a.out, "calibrated: a reversal from %.2f, a softening from %.2f; written to %s\n", c.Reversal, c.Softening, calibration)
		return err
	}
	r, err := measure.Measure(ctx, j, sets, bar.Set)
	if err != nil {
		return err
	}
	bar.Done()
	if a.json {
		return a.printJSON(r)
	}
	rows := [][]string{{"set", "pairs", "reversals", "avg.prec.", "chance", "later alone", "precision", "recall", "R at P .9", "ECE", "kind right"}}
	for _, x := range r.Pairs {
		row := []string{x.Set, fmt.Sprint(x.Pairs), fmt.Sprint(x.Reversals)}
		for _, v := range []float64{x.AveragePrecision, x.Chance, x.LaterAlone, x.Precision, x.Recall, x.RecallAt90, x.CalibrationError, x.KindRight} {
			row = append(row, fmt.Sprintf("%.3f", v))
		}
		rows = append(rows, row)
	}
	if err := term.Table(a.out, rows); err != nil {
		return err
	}
	if len(r.Stances) > 0 {
		if err := a.printStanceRows(r.Stances); err != nil {
			return err
		}
	}
	if len(r.Passages) == 0 {
		return nil
	}
	fmt.Fprintln(a.out)
	rows = [][]string{{"set", "passages", "voice right", "position right"}}
	for _, x := range r.Passages {
		rows = append(rows, []string{x.Set, fmt.Sprint(x.Passages), fmt.Sprintf("%.3f", x.Voice), fmt.Sprintf("%.3f", x.Position)})
	}
	return term.Table(a.out, rows)
}

func (a *app) printStanceRows(list []measure.StanceRow) error {
	fmt.Fprintln(a.out)
	rows := [][]string{{"set", "passages", "macro-F1", "affirms", "denies", "qualifies", "silent"}}
	for _, x := range list {
		row := []string{x.Set, fmt.Sprint(x.Passages), fmt.Sprintf("%.3f", x.MacroF1)}
		for _, label := range []string{"affirms", "denies", "qualifies", "silent"} {
			row = append(row, fmt.Sprintf("%.3f", x.Recall[label]))
		}
		rows = append(rows, row)
	}
	return term.Table(a.out, rows)
}
