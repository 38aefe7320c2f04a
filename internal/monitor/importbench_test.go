package monitor

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"volteface/internal/clock"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// The limit: 500 statements/s, wanted 2,000, of 10 KB each.
func BenchmarkImport(b *testing.B) {
	packed, err := os.ReadFile(filepath.Join(replaytest.Shared(b), "eval", "whitehouse", "statements-2021.jsonl.gz"))
	if err != nil {
		b.Fatal(err)
	}
	src := statement.Source{ID: "whitehouse", URL: "https://www.whitehouse.gov/news/", Language: "en", Timezone: "America/New_York"}
	fresh := 0
	for b.Loop() {
		dir := b.TempDir()
		store, err := sqlite.Open(b.Context(), dir+"/v.db")
		if err != nil {
			b.Fatal(err)
		}
		blobs, err := blob.OpenFolder(dir + "/blobs")
		if err != nil {
			b.Fatal(err)
		}
		m := &Monitor{Store: store, Blobs: blobs, Clock: clock.Real, Log: slog.New(slog.DiscardHandler)}
		archive, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			b.Fatal(err)
		}
		count, err := m.Import(b.Context(), io.Reader(archive), ImportOptions{Source: func(string) (statement.Source, bool) { return src, true }})
		if err != nil || count.New < 1000 {
			b.Fatal(count, err)
		}
		fresh += count.New
		m.Close()
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(fresh)/b.Elapsed().Seconds(), "statements/s")
}
