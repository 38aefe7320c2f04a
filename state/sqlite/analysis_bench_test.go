package sqlite

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// BenchmarkPassages asks for what a statement of 900 words may turn round, 40
// passages with 12 keys each, among VOLTEFACE_BENCH_PASSAGES (1,000,000 for the
// figures, else 20,000). Keys are as unevenly common as words are.
func BenchmarkPassages(b *testing.B) {
	n := 20_000
	if text := os.Getenv("VOLTEFACE_BENCH_PASSAGES"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	s, err := open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), settings{busy: busy, synchronous: "OFF"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(r, 1.1, 20, 200_000)
	keys := func() (keys []string) {
		for range 12 {
			keys = append(keys, fmt.Sprint("key", zipf.Uint64()))
		}
		return keys
	}
	body := make([]byte, 600)
	start := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	for i := 0; i < n; i += 1000 {
		if err := s.Update(b.Context(), func(tx state.Tx) error {
			for k := range min(1000, n-i) {
				if _, err := tx.PutPassage(statement.Passage{Statement: fmt.Sprint("s", i/40), Revision: 1, Sentence: k, Space: "US", Said: start.Add(time.Duration(i+k) * time.Minute), Keys: keys(), Body: body}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d passages in %s", n, time.Since(began))
	weights := []float64{0.9, 0.8, 0.8, 0.7, 0.7, 0.6, 0.6, 0.5, 0.5, 0.4, 0.4, 0.3}
	for b.Loop() {
		for range 40 {
			if _, err := s.Passages(b.Context(), statement.PassageQuery{Space: "US", Keys: keys(), Weights: weights, PerKey: 60, Limit: 30, At: start.AddDate(10, 0, 0)}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(resident())/1e6, "MB-resident")
}

// resident is how much memory the process holds, in bytes; 0 where that is not known.
func resident() int64 {
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(status), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
