package reversal

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/judge"
	"volteface/internal/statement"
)

// Of reversals that are known and both sides of which stand in a stream, how often the earlier side is among the pairs that are read
// for the later statement. It needs the evaluation folder and some minutes.
func TestCounterpartsAreAmongTheCandidates(t *testing.T) {
	shared := os.Getenv("VOLTEFACE_SHARED")
	if shared == "" || os.Getenv("VOLTEFACE_LONG") == "" {
		t.Skip("VOLTEFACE_SHARED and VOLTEFACE_LONG are not set")
	}
	j, err := judge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	type side struct{ URL, Text string }
	type pair struct {
		Label         string
		Before, After side
		looked        bool
	}
	known := map[string][]*pair{}
	for line := range jsonLines(t, filepath.Join(shared, "eval/reversals/real.jsonl")) {
		var d pair
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		if d.Label == "reversal" {
			known[d.After.URL] = append(known[d.After.URL], &d)
		}
	}
	var all, lexical, read, pairsRead, statements int
	for _, stream := range [][]string{
		{"whitehouse/statements-2021.jsonl.gz", "whitehouse/statements-2022.jsonl.gz"},
		{"streams/kremlin-en/docs.jsonl.gz"}, {"streams/fomc-en/docs.jsonl.gz"}, {"streams/ukraine-president/docs.jsonl.gz"},
	} {
		var docs []*Statement
		seen := map[string]bool{}
		for _, file := range stream {
			for line := range jsonLines(t, filepath.Join(shared, "eval", file)) {
				var d struct{ URL, Title, Text, Published, Date, Lang string }
				if err := json.Unmarshal(line, &d); err != nil {
					t.Fatal(err)
				}
				day, err := time.Parse(time.DateOnly, (d.Published + d.Date)[:10])
				if err == nil {
					docs = append(docs, &Statement{ID: d.URL, Title: d.Title, Text: d.Text, Date: day, Language: d.Lang, Issuer: stream[0]})
					seen[d.URL] = true
				}
			}
		}
		slices.SortStableFunc(docs, func(a, b *Statement) int { return a.Date.Compare(b.Date) })
		s := NewStream(j, DefaultLevels)
		for n, x := range docs {
			passages, _ := Passages(x)
			for i := range passages {
				passages[i].Statement = strconv.Itoa(n)
			}
			if n%20 == 0 || known[x.ID] != nil {
				pairs, err := s.search.candidates(context.Background(), passages)
				if err != nil {
					t.Fatal(err)
				}
				if n%20 == 0 {
					pairsRead, statements = pairsRead+len(pairs), statements+1
				}
				for _, k := range known[x.ID] {
					if k.looked || !seen[k.Before.URL] || !sharesSentence(k.After.Text, x.Text) { // one address may have many documents
						continue
					}
					k.looked = true
					all++
					if slices.ContainsFunc(pairs, func(c candidate) bool {
						return sharesSentence(c.before.Text, k.Before.Text) && sharesSentence(passages[c.after].Text, k.After.Text)
					}) {
						read++
					} else {
						t.Logf("not read: %.150q || %.150q", k.Before.Text, k.After.Text)
					}
					if found(t, s, passages, k.Before.Text, k.After.Text) {
						lexical++
					}
				}
			}
			s.memory.add(x.Date, passages)
		}
	}
	t.Logf("of %d reversals the earlier side is among the eight likest of a passage for %d, read for %d; %d pairs are read for %d statements", all, lexical, read, pairsRead, statements)
	if all < 30 || read*100 < 10*all {
		t.Errorf("%d of %d", read, all)
	}
}

// found tells whether the index alone would find an earlier passage from the later one.
func found(t *testing.T, s *Stream, later []statement.Passage, before, after string) bool {
	for _, p := range later {
		if !sharesSentence(p.Text, after) {
			continue
		}
		known, err := s.search.known(context.Background(), p.Space)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range known.search(p.Terms, statement.FirstPassage(p.Said), perPassage) {
			if sharesSentence(s.memory.passages[h.id].Text, before) {
				return true
			}
		}
	}
	return false
}

// sharesSentence reports whether two texts have six words in a row in common.
func sharesSentence(a, b string) bool {
	x, y := strings.Fields(folds(a)), " "+strings.Join(strings.Fields(folds(b)), " ")+" "
	for i := 0; i+6 <= len(x); i++ {
		if strings.Contains(y, " "+strings.Join(x[i:i+6], " ")+" ") {
			return true
		}
	}
	return false
}

func folds(s string) string {
	return strings.NewReplacer("’", "'", "\u00a0", " ", "—", " ", "-", " ", ",", "", ".", "").Replace(strings.ToLower(s))
}

func jsonLines(t *testing.T, path string) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		scanner := bufio.NewScanner(f)
		if strings.HasSuffix(path, ".gz") {
			z, err := gzip.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			scanner = bufio.NewScanner(z)
		}
		scanner.Buffer(nil, 1<<24)
		for scanner.Scan() && yield(scanner.Bytes()) {
		}
		if err := scanner.Err(); err != nil {
			t.Fatal(err)
		}
	}
}
