package opinion

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tiktoken-go/tokenizer"

	"volteface/internal/judge"
)

var update = flag.Bool("update", false, "write the rendered questions")

// sixty are invented pairs in six languages, whose labels stand in labels.jsonl.
func sixty(t *testing.T) (ids []string, questions []Question) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "pairs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var p struct {
			ID             string
			Earlier, Later Side
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		ids, questions = append(ids, p.ID), append(questions, Question{p.Earlier, p.Later})
	}
	return ids, questions
}

// testdata/questions.jsonl holds each question as it is asked, and nothing else: go test ./internal/opinion -run Rendered -update
// writes it. Whoever answers them by hand finds the labels in labels.jsonl afterwards.
func TestRenderedQuestions(t *testing.T) {
	ids, questions := sixty(t)
	var want bytes.Buffer
	lines := json.NewEncoder(&want)
	lines.SetEscapeHTML(false)
	for i, q := range questions {
		if err := lines.Encode(struct {
			ID   string `json:"id"`
			Text string `json:"text"`
		}{ids[i], q.Text()}); err != nil {
			t.Fatal(err)
		}
		if q.ToMachines() {
			t.Errorf("%s is not asked", ids[i])
		}
	}
	path := filepath.Join("testdata", "questions.jsonl")
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what is asked (%v); run go test ./internal/opinion -run Rendered -update", path, err)
	}
	labels, err := os.ReadFile(filepath.Join("testdata", "labels.jsonl"))
	if err != nil || bytes.Count(labels, []byte("\n")) != len(ids) || len(ids) != 60 {
		t.Errorf("%d questions, %v", len(ids), err)
	}
}

// tokens is how many tokens of o200k a question takes, with the form of its answer.
func tokens(t *testing.T, q Question) (messages, all int) {
	t.Helper()
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range q.Messages(false) {
		ids, _, err := codec.Encode(m.Content)
		if err != nil {
			t.Fatal(err)
		}
		messages += len(ids)
	}
	form, _, err := codec.Encode(Schema)
	if err != nil {
		t.Fatal(err)
	}
	return messages, messages + len(form)
}

// A question costs little, in every language: of the sixty, and of passages as the judge cuts them from whole statements, with all
// that can stand beside them.
func TestTokensOfAQuestion(t *testing.T) {
	_, questions := sixty(t)
	asked := slices.Clone(questions)
	for first := range slices.Chunk(questions, 10) { // of one language
		var statement strings.Builder
		for _, q := range first {
			statement.WriteString(q.Earlier.Text + " " + q.Earlier.After + " " + q.Later.Before + " " + q.Later.Text + " ")
		}
		cut := judge.Passages(statement.String())
		for i := range len(cut) - 1 {
			side := func(p judge.Passage) Side {
				before, after := Around(statement.String(), p.Span[0], p.Span[1])
				return Side{Date: "2024-01-01", Speaker: first[0].Earlier.Speaker, Issuer: first[0].Earlier.Issuer, Question: first[0].Earlier.Question, Before: before, Text: p.Text, After: after}
			}
			asked = append(asked, Question{side(cut[i]), side(cut[i+1])})
		}
	}
	var messages, all []int
	for _, q := range asked {
		m, a := tokens(t, q)
		messages, all = append(messages, m), append(all, a)
	}
	slices.Sort(messages)
	slices.Sort(all)
	share := func(list []int, of float64) int { return list[int(of*float64(len(list)-1))] }
	t.Logf("%d questions: median %d, 95 %% %d, most %d tokens; with the form of the answer %d, %d, %d",
		len(asked), share(messages, .5), share(messages, .95), messages[len(messages)-1], share(all, .5), share(all, .95), all[len(all)-1])
	if got := share(all, .95); got > 700 {
		t.Errorf("95 %% of the questions take up to %d tokens with the form of the answer", got)
	}
}

// Two readings of the sixty, each question from its own text alone and with nothing else known: none of their answers is void, and at
// least nine of ten agree with the labels (of both readings, 60 of 60 did).
func TestAnswersToTheSixty(t *testing.T) {
	ids, questions := sixty(t)
	labels := map[string]string{}
	for _, x := range read[struct{ ID, Label string }](t, "labels.jsonl") {
		labels[x.ID] = x.Label
	}
	for _, file := range []string{"answers-a.jsonl", "answers-b.jsonl"} {
		right := 0
		answers := read[struct {
			ID     string
			Answer json.RawMessage
		}](t, file)
		for _, x := range answers {
			i := slices.Index(ids, x.ID)
			if i < 0 {
				t.Fatalf("%s: no question %s", file, x.ID)
			}
			a, err := Read(string(x.Answer), questions[i])
			if err != nil {
				t.Errorf("%s: the answer to %s is void: %v", file, x.ID, err)
			} else if string(a.Verdict) == labels[x.ID] {
				right++
			}
		}
		if len(answers) != len(ids) || right*10 < len(ids)*9 {
			t.Errorf("%s: %d of %d agree", file, right, len(answers))
		}
	}
}

// read decodes each line of a file of testdata.
func read[T any](t *testing.T, name string) (list []T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var x T
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		list = append(list, x)
	}
	return list
}
