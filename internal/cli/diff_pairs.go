package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sync"

	"volteface/internal/diff"
	"volteface/internal/statement"
	"volteface/internal/wire"
)

// editLine is an edit as --pairs gives it.
type editLine struct {
	ID     json.RawMessage `json:"id"`
	Before string          `json:"before"`
	After  string          `json:"after"`
}

// editJSON is what --pairs prints of an edit.
type editJSON struct {
	ID         json.RawMessage      `json:"id"`
	Class      statement.Class      `json:"class"`
	Kinds      []statement.EditKind `json:"kinds"`
	Importance int                  `json:"importance"`
	Summary    string               `json:"summary"`
	Reasons    []diff.Reason        `json:"reasons"`
}

// diffPairs judges edits on all processors and prints the verdicts in order,
// each as soon as those before it are out.
func (a *app) diffPairs(ctx context.Context, r io.Reader) error {
	reader, err := a.editReader()
	if err != nil {
		return err
	}
	type job struct {
		line editLine
		done chan diff.Verdict
	}
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *job), make(chan *job, 4*workers)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for j := range work {
				j.done <- diff.Compare(diff.Text{Body: j.line.Before}, diff.Text{Body: j.line.After}).Verdict(ctx, reader, "")
			}
		})
	}
	printed := make(chan error, 1)
	go func() {
		var err error
		for j := range order {
			v := <-j.done
			if err == nil {
				if err = a.printPairEdit(j.line.ID, v); err != nil {
					cancel()
				}
			}
		}
		printed <- err
	}()
	err = scanLines(r, func(n int, line []byte) error {
		j := &job{done: make(chan diff.Verdict, 1)}
		if err := json.Unmarshal(line, &j.line); err != nil {
			return usage(fmt.Errorf("line %d is not a pair: %w", n, err), `write {"id": "1", "before": "…", "after": "…"}`)
		}
		select {
		case work <- j:
			order <- j
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	close(work)
	close(order)
	running.Wait()
	if failed := <-printed; failed != nil {
		return failed
	}
	return err
}

func (a *app) printPairEdit(id json.RawMessage, v diff.Verdict) error {
	if len(id) == 0 {
		id = json.RawMessage(`""`)
	}
	if a.json {
		j := wire.JudgementOf(v.Judgement)
		return a.printJSON(editJSON{id, j.Class, j.Kinds, j.Importance, v.Summary, append([]diff.Reason{}, v.Reasons...)})
	}
	_, err := fmt.Fprintf(a.out, "%s  %s  %s\n", idText(id), judged(v.Judgement), v.Summary)
	return err
}
