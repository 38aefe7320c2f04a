package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"volteface/internal/judge"
	measure "volteface/internal/judge/evaluate"
	"volteface/internal/opinion"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/internal/term"
)

// labelled is a question with its label.
type labelled struct {
	id, set, label string
	question       func(ctx context.Context) (opinion.Question, error)
}

// askedJSON is a question as eval --second-opinion writes it: all that a model is given, and nothing of its label.
type askedJSON struct {
	ID       string            `json:"id"`
	Text     string            `json:"text"`
	Messages []opinion.Message `json:"messages"`
	Schema   json.RawMessage   `json:"schema"`
	Question opinion.Question  `json:"question"`
}

// repliedJSON is an answer as eval --answers reads it: the content of a model's message, or the object itself.
type repliedJSON struct {
	ID      string          `json:"id"`
	Content string          `json:"content"`
	Answer  json.RawMessage `json:"answer"`
	Swapped bool            `json:"swapped"`
}

// labelledQuestions are those of a folder of sets, and of pairs.jsonl with labels.jsonl in it, at most so many of each set.
func (a *app) labelledQuestions(model, folder string, fold, limit int) (all []labelled, err error) {
	sets, err := measure.Read(folder, fold)
	if err != nil {
		return nil, err
	}
	var j *judge.Judge
	for _, set := range slices.Sorted(maps.Keys(sets.Pairs)) {
		for i, p := range sets.Pairs[set] {
			if limit > 0 && i == limit {
				break
			}
			all = append(all, labelled{fmt.Sprintf("%s/%d", set, i+1), set, p.Label, func(ctx context.Context) (opinion.Question, error) {
				if j == nil {
					if j, err = a.openJudge(model); err != nil {
						return opinion.Question{}, err
					}
				}
				return a.pairQuestion(ctx, j, &reversal.Statement{Text: p.Before.Text, Question: p.Before.Question}, &reversal.Statement{Text: p.After.Text, Question: p.After.Question})
			}})
		}
	}
	labels := map[string]string{}
	if err := eachJSON(filepath.Join(folder, "labels.jsonl"), func(x struct{ ID, Label string }) error { labels[x.ID] = x.Label; return nil }); err != nil {
		return nil, err
	}
	err = eachJSON(filepath.Join(folder, "pairs.jsonl"), func(p struct {
		ID             string
		Earlier, Later opinion.Side
	}) error {
		if labels[p.ID] == "" {
			return fmt.Errorf("pairs.jsonl: %s has no label", p.ID)
		}
		all = append(all, labelled{p.ID, "questions", labels[p.ID], func(context.Context) (opinion.Question, error) {
			return opinion.Question{Earlier: p.Earlier, Later: p.Later}, nil
		}})
		return nil
	})
	return all, err
}

// eachJSON decodes each line of a file; one that is not there has none.
func eachJSON[T any](path string, f func(T) error) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := scanLines(file, func(n int, line []byte) error {
		var x T
		if err := json.Unmarshal(line, &x); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		return f(x)
	}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeQuestions writes each question to a file, so that any model can answer it.
func (a *app) writeQuestions(ctx context.Context, to string, all []labelled) error {
	bar := term.NewProgress(a.err, "writing questions")
	defer bar.Done()
	n, err := replaceFile(to, true, func(out io.Writer) (int, error) {
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		for i, x := range all {
			q, err := x.question(ctx)
			if err != nil {
				return i, err
			}
			if err := lines.Encode(askedJSON{x.id, q.Text(), q.Messages(false), json.RawMessage(opinion.Schema), q}); err != nil {
				return i, err
			}
			bar.Set(i+1, len(all))
		}
		return len(all), nil
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	bar.Done()
	if a.json {
		return a.printJSON(map[string]any{"file": to, "questions": n})
	}
	_, err = fmt.Fprintf(a.out, "%s: %s; volteface eval --second-opinion %s --answers FILE measures what a model answers\n", term.Clean(to), plural(n, "question"), term.Clean(to))
	return err
}

// opinedRow is what is measured of a set.
type opinedRow struct {
	Set       string  `json:"set"`
	Questions int     `json:"questions"`
	Answered  int     `json:"answered"` // with an outcome
	Void      int     `json:"void"`     // answers
	Agreement float64 `json:"agreement"`
	Precision float64 `json:"precision"` // of reversals
	Recall    float64 `json:"recall"`
	Dropped   int     `json:"dropped"` // reversals that the model would have dropped
}

// measureAnswers measures answers to questions that were written before. Of one question there may be one answer, or up to six, which
// are counted as the daemon counts them.
func (a *app) measureAnswers(questions, answers string, all []labelled) error {
	asked, votes, void := map[string]opinion.Question{}, map[string][]opinion.Vote{}, map[string]int{}
	if err := eachJSON(questions, func(x askedJSON) error { asked[x.ID] = x.Question; return nil }); err != nil {
		return err
	}
	if len(asked) == 0 {
		return usage(fmt.Errorf("%s holds no questions", questions), "volteface eval --second-opinion "+questions+" writes them")
	}
	if _, err := os.Stat(answers); err != nil {
		return usage(err, `--answers reads lines such as {"id": "…", "answer": {…}}`)
	}
	if err := eachJSON(answers, func(x repliedJSON) error {
		q, known := asked[x.ID]
		if !known {
			return usage(fmt.Errorf("there is no question %q", x.ID), "the ids are those of "+questions)
		}
		content := x.Content
		if len(x.Answer) > 0 {
			content = string(x.Answer)
		}
		read, err := opinion.Read(content, q)
		if err != nil {
			void[x.ID]++
		}
		votes[x.ID] = append(votes[x.ID], opinion.Vote{Swapped: x.Swapped, Void: err != nil, Verdict: read.Verdict})
		return nil
	}); err != nil {
		return err
	}
	rows, right, said, hit, turns := map[string]*opinedRow{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, x := range all {
		if _, known := asked[x.id]; !known {
			continue
		}
		r := rows[x.set]
		if r == nil {
			r = &opinedRow{Set: x.set}
			rows[x.set] = r
		}
		r.Questions++
		r.Void += void[x.id]
		if x.label == string(statement.VerdictReversal) {
			turns[x.set]++
		}
		verdict, outcome, _ := opinion.Count(votes[x.id])
		if len(votes[x.id]) == 1 && !votes[x.id][0].Void { // asked once
			verdict, outcome = votes[x.id][0].Verdict, opinion.Decided
		}
		if outcome != opinion.Decided {
			continue
		}
		r.Answered++
		if string(verdict) == x.label {
			right[x.set]++
		}
		switch {
		case verdict == statement.VerdictReversal:
			if said[x.set]++; x.label == string(verdict) {
				hit[x.set]++
			}
		case verdict == statement.VerdictNone && x.label == string(statement.VerdictReversal):
			r.Dropped++
		}
	}
	table := [][]string{{"set", "questions", "answered", "void", "agreement", "precision", "recall", "reversals dropped"}}
	for _, set := range slices.Sorted(maps.Keys(rows)) {
		r := rows[set]
		r.Agreement, r.Precision, r.Recall = share(right[set], r.Questions), share(hit[set], said[set]), share(hit[set], turns[set])
		if a.json {
			if err := a.printJSON(r); err != nil {
				return err
			}
			continue
		}
		table = append(table, []string{set, fmt.Sprint(r.Questions), fmt.Sprint(r.Answered), fmt.Sprint(r.Void), fmt.Sprintf("%.3f", r.Agreement), fmt.Sprintf("%.3f", r.Precision), fmt.Sprintf("%.3f", r.Recall), fmt.Sprint(r.Dropped)})
	}
	if a.json {
		return nil
	}
	return term.Table(a.out, table)
}

// share is a part of a whole, 0 of nothing.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
