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

// BenchmarkPassages asks for the passages that a sentence's keys find among
// VOLTEFACE_BENCH_PASSAGES (1,000,000 for the figures, else 20,000). Keys are
// as unevenly common as words are.
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
		for range 6 {
			keys = append(keys, fmt.Sprint("key", zipf.Uint64()))
		}
		return keys
	}
	body := make([]byte, 500)
	start := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	for i := 0; i < n; i += 100 {
		if err := s.Update(b.Context(), func(tx state.Tx) error {
			for k := range 100 {
				if _, err := tx.PutPassage(statement.Passage{Statement: fmt.Sprint("s", i), Revision: 1, Sentence: k, Space: "US", Said: start.Add(time.Duration(i) * time.Minute), Keys: keys(), Body: body}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d passages in %s", n, time.Since(began))
	for b.Loop() {
		if _, err := s.Passages(b.Context(), statement.PassageQuery{Space: "US", Keys: keys(), At: start.AddDate(10, 0, 0), Limit: 24}); err != nil {
			b.Fatal(err)
		}
	}
}
