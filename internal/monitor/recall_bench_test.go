package monitor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/claim"
	"volteface/internal/replaytest"
	"volteface/internal/reversal"
	"volteface/internal/reversal/evaluate"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// BenchmarkRecall reads the claims of parsed statements of some 900 words and holds them
// against all that the White House said, VOLTEFACE_BENCH_CLAIMS claims of it (20,000 unless
// told). What it said in 2021 to 2023 is told again, years earlier, where that does not fill
// the store. VOLTEFACE_BENCH_TREES is the file of trees of `reversal/train stream`, and
// VOLTEFACE_BENCH_FOLDER keeps the store for the next run.
//
// The limits, at 1,000,000 claims: 300 ms a statement, wanted 50; 450 MB, wanted 250.
func BenchmarkRecall(b *testing.B) {
	most := 20_000
	if text := os.Getenv("VOLTEFACE_BENCH_CLAIMS"); text != "" {
		most, _ = strconv.Atoi(text)
	}
	trees := os.Getenv("VOLTEFACE_BENCH_TREES")
	if trees == "" {
		trees = filepath.Join(b.TempDir(), "trees")
	}
	parses, err := evaluate.OpenParses(trees)
	if err != nil {
		b.Fatal(err)
	}
	defer parses.Close()
	docs, err := evaluate.WhiteHouseStream(filepath.Join(replaytest.Shared(b), "eval"))
	if err != nil {
		b.Fatal(err)
	}
	who := claim.Speaker{Issuer: "The White House", Government: "US"}
	read := func(d *evaluate.Document, at time.Time) (*reversal.Statement, []reversal.Passage) {
		tree, err := parses.Document(d.Text)
		if err != nil {
			b.Fatal(err)
		}
		s := &reversal.Statement{ID: d.Path, Date: at, Issuer: who.Issuer, Government: who.Government, Title: d.Title, Text: d.Text, Claims: claim.Read(tree, who)}
		return s, reversal.Passages(s)
	}
	// Every fortieth statement of 800 to 1,000 words is new, the others are remembered.
	var fresh, known []*evaluate.Document
	for i, d := range docs {
		if n := len(strings.Fields(d.Text)); n >= 800 && n <= 1000 && i%40 == 0 {
			fresh = append(fresh, d)
		} else {
			known = append(known, d)
		}
	}

	folder := os.Getenv("VOLTEFACE_BENCH_FOLDER")
	if folder == "" {
		folder = b.TempDir()
	}
	path := filepath.Join(folder, fmt.Sprintf("claims-%d-%d.db", most, claim.Version))
	if _, err := os.Stat(path); err != nil {
		making := path + ".part" // until it is whole
		s, err := sqlite.Open(b.Context(), making)
		if err != nil {
			b.Fatal(err)
		}
		claims, passages, told := 0, 0, 0
		for i := 0; claims < most; i++ {
			d := known[i%len(known)]
			at, err := time.Parse(time.RFC3339, d.Published)
			if err != nil {
				b.Fatal(err)
			}
			at = at.AddDate(-3*(i/len(known)), 0, 0)
			read, list := read(d, at)
			if err := s.Update(b.Context(), func(tx state.Tx) error {
				for k := range list {
					p := &list[k]
					if len(p.Filed) == 0 {
						continue
					}
					passages++
					if _, err := tx.PutPassage(statement.Passage{Statement: fmt.Sprint(d.Path, "#", i), Revision: 1, Sentence: p.Sentence, Space: "US", Said: at, Keys: p.Filed, Body: p.Body()}); err != nil {
						return err
					}
				}
				return tx.CountTerms("US", reversal.Terms(read))
			}); err != nil {
				b.Fatal(err)
			}
			claims += len(read.Claims.Claims)
			told++
		}
		b.Logf("%d claims in %d passages of %d statements", claims, passages, told)
		if err := errors.Join(s.Close(), os.Rename(making, path)); err != nil {
			b.Fatal(err)
		}
	}
	s, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()

	claim.Analyse("The models are in memory.", who)
	search := reversal.NewSearch(reversal.New(), s)
	search.Floor = DefaultReversals.Review
	now := time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	docs, known = nil, nil
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak begins anew (proc(5))
	i, worst, turned := 0, time.Duration(0), 0
	for b.Loop() {
		d := fresh[i%len(fresh)]
		began := time.Now()
		_, passages := read(d, now)
		turns, err := search.Turns(b.Context(), "US", d.Path, 1, now, passages)
		if err != nil {
			b.Fatal(err)
		}
		turned += len(turns)
		worst = max(worst, time.Since(began))
		i++
	}
	b.ReportMetric(float64(worst.Milliseconds()), "ms-worst")
	b.ReportMetric(float64(turned)/float64(i), "turns/op")
	b.ReportMetric(float64(replaytest.Peak(os.Getpid()))/1e6, "MB-peak")
}
