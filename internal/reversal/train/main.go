// Command train fits the weights of the reversal engine's ranker to the labelled pairs of
// $VOLTEFACE_SHARED/eval and writes the file that the engine embeds.
//
//	go run ./internal/reversal/train --alarm 0.6
//	go run ./internal/reversal/train stream --trees FILE --to FLAGS.jsonl
//
// The second form holds the statements of the White House against each other and says which
// of the known reversals the search finds among how many flags.
//
// It is deterministic. docs/rules.md says what is measured, by cross-validation.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"volteface/internal/reversal/evaluate"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) > 1 && os.Args[1] == "stream" {
		return stream(os.Args[2:])
	}
	shared := os.Getenv("VOLTEFACE_SHARED")
	folder := flag.String("sets", filepath.Join(shared, "eval"), "folder of the evaluation sets")
	to := flag.String("to", "internal/reversal/weights.json", "file to write")
	alarm := flag.Float64("alarm", 0.5, "score from which a pair is called a reversal")
	soften := flag.Float64("soften", 0.35, "score from which it is called a softening")
	flag.Parse()
	w, err := evaluate.Train(*folder)
	if err != nil {
		return err
	}
	w.Alarm, w.Soften = *alarm, *soften
	w.Trained = "reversals/dev, whitehouse/dev"
	b, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(*to, append(b, '\n'), 0o644)
}
