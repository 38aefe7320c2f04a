// Command train fits the model by which edits are classed where the rules end,
// from labelled edits (one JSON object a line: id, url_path, before, after,
// class), and writes it to internal/diff/border/model.json:
//
//	go run ./internal/diff/train "$VOLTEFACE_SHARED/eval/edits/dev.jsonl"
//
// It prints what the classifier reaches with models that have not seen the
// pages they judge (cross-validation in ten parts, by page). The rules are the
// same in every part: they were written by people who had read the set, so the
// figures flatter them. The same file always gives the same model.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"

	"volteface/internal/diff"
	"volteface/internal/diff/border"
	"volteface/internal/statement"
)

func main() {
	l2 := flag.Float64("l2", 0.5, "penalty on the weights")
	out := flag.String("o", "internal/diff/border/model.json", "where to write the model; nothing is written if empty")
	flag.Parse()
	if err := run(flag.Arg(0), *out, *l2); err != nil {
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		os.Exit(1)
	}
}

// item is a labelled edit with what the rules left open.
type item struct {
	Page   string          `json:"url_path"`
	Before string          `json:"before"`
	After  string          `json:"after"`
	Class  statement.Class `json:"class"`
	edit   *diff.Edit
	open   []border.Features
}

const parts = 10

func run(path, out string, l2 float64) error {
	items, err := read(path)
	if err != nil {
		return err
	}
	examples := func(use func(item) bool) (list []border.Example) {
		for _, it := range items {
			if !use(it) || it.Class == statement.ClassNone {
				continue
			}
			for _, f := range it.open {
				list = append(list, border.Example{Features: f, Substantive: it.Class == statement.ClassSubstantive, Weight: 1 / float64(len(it.open))})
			}
		}
		return list
	}
	right, open, openRight := 0, 0, 0
	for part := range parts {
		model := border.Train(examples(func(it item) bool { return fold(it.Page) != part }), l2)
		for _, it := range items {
			if fold(it.Page) != part {
				continue
			}
			same := it.edit.VerdictBy(model, "en").Class == it.Class
			if same {
				right++
			}
			if len(it.open) > 0 {
				open++
				if same {
					openRight++
				}
			}
		}
	}
	all := examples(func(item) bool { return true })
	model := border.Train(all, l2)
	fmt.Printf("%d edits; cross-validated by page: class right %d (%.3f); left open by the rules %d, right %d\n", len(items), right, float64(right)/float64(len(items)), open, openRight)
	for i, name := range border.Names {
		fmt.Printf("  %-10s %7.3f\n", name, model.Weights[i])
	}
	fmt.Printf("  %-10s %7.3f\n", "bias", model.Bias)
	if out == "" {
		return nil
	}
	written, err := json.Marshal(model)
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(written, '\n'), 0o644)
}

// fold gives a page the part in which it is held out.
func fold(page string) int {
	h := fnv.New32a()
	h.Write([]byte(page))
	return int(h.Sum32() % parts)
}

func read(path string) ([]item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var items []item
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for n := 1; lines.Scan(); n++ {
		var it item
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		it.edit = diff.Compare(diff.Text{Body: it.Before}, diff.Text{Body: it.After})
		it.open = it.edit.Open("en")
		items = append(items, it)
	}
	return items, lines.Err()
}
