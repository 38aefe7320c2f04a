package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	"volteface/internal/reversal"
	"volteface/internal/reversal/evaluate"
)

// stream holds the statements of the White House against each other in order of time, as
// the daemon does, and writes what is flagged and how many of the known reversals are
// among it. The trees are kept in a file, so that only the first run takes long.
func stream(args []string) (err error) {
	flags := flag.NewFlagSet("stream", flag.ExitOnError)
	folder := flags.String("sets", filepath.Join(os.Getenv("VOLTEFACE_SHARED"), "eval"), "folder of the evaluation sets")
	trees := flags.String("trees", filepath.Join(os.TempDir(), "volteface.trees"), "file that keeps the trees")
	to := flags.String("to", "", "file to write the flags to, one a line, the highest score first")
	floor := flags.Float64("floor", 0.9, "least score")
	per := flags.Int("per-statement", 1, "most flags of a statement")
	share := flags.Float64("share", 1, "share of the statements that are taken, those of known reversals apart")
	until := flags.String("until", "9999", "only what was published before this day")
	parsed := flags.Bool("parsed", false, "leave out statements whose trees are not kept yet")
	if err := flags.Parse(args); err != nil {
		return err
	}
	parses, err := evaluate.OpenParses(*trees)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, parses.Close()) }()
	docs, err := evaluate.WhiteHouseStream(*folder)
	if err != nil {
		return err
	}
	known, err := evaluate.KnownReversals(*folder, docs)
	if err != nil {
		return err
	}
	var all []evaluate.Flag
	began := time.Now()
	o := evaluate.StreamOptions{Trees: parses, Floor: *floor,
		Report: func(f evaluate.Flag) { all = append(all, f) },
		Tune:   func(s *reversal.Search) { s.PerStatement = *per },
		Progress: func(done, total int) {
			if done%100 == 0 {
				fmt.Fprintf(os.Stderr, "\r%d of %d, %d flagged, %s", done, total, len(all), time.Since(began).Round(time.Second))
			}
		}}
	sides := map[string]bool{}
	for _, k := range known {
		sides[k.Before.Path], sides[k.After.Path] = true, true
	}
	o.Only = func(d *evaluate.Document) bool {
		h := fnv.New32a()
		h.Write([]byte(d.Path))
		return d.Published < *until && (!*parsed || parses.Has(d.Text)) && (sides[d.Path] || float64(h.Sum32()%1000) < *share*1000)
	}
	n, err := evaluate.Stream(context.Background(), docs, known, o)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b evaluate.Flag) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	if *to != "" {
		if err := write(*to, all); err != nil {
			return err
		}
	}
	fmt.Printf("%d statements in %s; of %d known reversals both sides are among them\n", n, time.Since(began).Round(time.Second), len(known))
	fmt.Println("score      flagged  per 1,000  known found")
	found := map[string]bool{}
	for i, f := range all {
		if f.Known != "" && !found[f.Known] {
			found[f.Known] = true
			fmt.Printf("%.6f  %7d  %9.1f  %2d: %s\n", f.Score, i+1, float64(i+1)*1000/float64(n), len(found), f.Known)
		}
	}
	for _, per := range []float64{3, 10, 40} {
		if i := int(per * float64(n) / 1000); i > 0 && i <= len(all) {
			fmt.Printf("%.6f  %7d  %9.1f\n", all[i-1].Score, i, per)
		}
	}
	return nil
}

func write(path string, all []evaluate.Flag) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range all {
		if err := e.Encode(&all[i]); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
