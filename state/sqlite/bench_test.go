package sqlite

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// The limits: Touch and ByKey 30 µs, a new statement 250 µs of CPU inside a
// transaction of many; with 200,000 statements, 10 ms to list due work and
// 1 ms to open one. VOLTEFACE_BENCH_STATEMENTS=200000 makes the store that
// large; it is 2,000 otherwise, so that the benchmarks start at once.

func benchStatement(n int) statement.Statement {
	id := statement.NewID("bench", strconv.Itoa(n))
	at := time.Date(2022, 1, 1, 0, 0, n, 0, time.UTC)
	return statement.Statement{
		ID: id, Source: fmt.Sprint("source", n%20), URL: "https://www.mfa.example/briefing-room/statements-releases/2022/11/05/" + id,
		Title:     "Press briefing by the spokesperson of the ministry, number " + strconv.Itoa(n),
		Published: statement.Date{Time: at, HasTime: true, Raw: "November 5, 2022 10:30"}, Language: "en", Speakers: []string{"The Spokesperson"},
		Revision: 1, TextHash: statement.SHA256([]byte(id)), Fingerprint: "1:0123456789abcdef", Path: statement.BySelectors,
		FirstSeen: at, LastSeen: at, LastChecked: at, ListedAt: at, NextCheck: at.Add(1000 * time.Hour),
		Validators: statement.Validators{ETag: `"0123456789abcdef"`}, CaptureHash: statement.SHA256([]byte(id)),
	}
}

var benchBody = strings.Repeat("The ministry denies the supply of drones, and denies it again.\n\n", 90) // 5.8 KB, as kremlin.ru's texts on average

func putNew(tx state.Tx, n int) error {
	st := benchStatement(n)
	if err := tx.PutStatement(st); err != nil {
		return err
	}
	if err := tx.PutAlias(state.Alias{Source: st.Source, Key: strings.TrimPrefix(st.URL, "https://"), Statement: st.ID, Kind: state.AliasListed, Since: st.FirstSeen}); err != nil {
		return err
	}
	if err := tx.PutSnapshot(statement.Snapshot{
		Statement: st.ID, SHA256: st.CaptureHash, Size: 25_000, URL: st.URL, FinalURL: st.URL, Status: 200, FetchedAt: st.FirstSeen,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Date": {"Sat, 05 Nov 2022 07:00:00 GMT"}, "Etag": {st.Validators.ETag}, "Cache-Control": {"max-age=0"}, "Server": {"nginx"}},
	}); err != nil {
		return err
	}
	if err := tx.PutRevision(statement.Revision{
		Statement: st.ID, N: 1, Title: st.Title, Body: benchBody, Published: st.Published, Language: "en", Speakers: st.Speakers,
		Hash: st.TextHash, Fingerprint: st.Fingerprint, Path: st.Path, Snapshot: st.CaptureHash, ContentType: "text/html; charset=utf-8", URL: st.URL, SeenAt: st.FirstSeen,
	}); err != nil {
		return err
	}
	_, err := tx.AddEvent(statement.Event{At: st.FirstSeen, State: statement.New, Source: st.Source, Statement: st.ID, Revision: 1})
	return err
}

// benchFolder holds what benchStore makes, until TestMain ends.
var benchFolder string

// benchStore is a store of some statements, made once a run.
func benchStore(b *testing.B) (s *Store, size int) {
	b.Helper()
	size = 2000
	if n, err := strconv.Atoi(os.Getenv("VOLTEFACE_BENCH_STATEMENTS")); err == nil {
		size = n
	}
	made := benchFolder != ""
	if !made {
		folder, err := os.MkdirTemp("", "volteface-bench")
		if err != nil {
			b.Fatal(err)
		}
		benchFolder = folder
	}
	s, err := Open(context.Background(), filepath.Join(benchFolder, "v.db"))
	if err != nil {
		b.Fatal(err)
	}
	if made {
		return s, size
	}
	for from := 0; from < size; from += 1000 {
		if err := s.Update(context.Background(), func(tx state.Tx) error {
			for n := from; n < min(size, from+1000); n++ {
				if err := putNew(tx, n); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	return s, size
}

// inside measures what fn does within transactions of 100.
func inside(b *testing.B, s *Store, fn func(tx state.Tx, n int) error) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; {
		if err := s.Update(context.Background(), func(tx state.Tx) error {
			for range min(100, b.N-done) {
				if err := fn(tx, done); err != nil {
					return err
				}
				done++
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTouch(b *testing.B) {
	s, size := benchStore(b)
	defer s.Close()
	at := time.Now()
	inside(b, s, func(tx state.Tx, n int) error {
		st := benchStatement(n * 7 % size)
		st.LastChecked, st.NextCheck = at, at.Add(time.Duration(n)*time.Second)
		return tx.Touch(st)
	})
}

func BenchmarkTxByKey(b *testing.B) {
	s, size := benchStore(b)
	defer s.Close()
	inside(b, s, func(tx state.Tx, n int) error {
		st := benchStatement(n * 7 % size)
		_, err := tx.ByKey(st.Source, strings.TrimPrefix(st.URL, "https://"))
		return err
	})
}

func BenchmarkByKey(b *testing.B) {
	s, size := benchStore(b)
	defer s.Close()
	b.ReportAllocs()
	ctx := b.Context() // one that can be cancelled, as a command's is
	for n := range b.N {
		st := benchStatement(n * 7 % size)
		if _, err := s.ByKey(ctx, st.Source, strings.TrimPrefix(st.URL, "https://")); err != nil {
			b.Fatal(err)
		}
	}
}

// newStatements measures whole new statements, batch of them a transaction.
func newStatements(b *testing.B, with settings, batch int) {
	with.busy = busy
	s, err := open(b.Context(), filepath.Join(b.TempDir(), "v.db"), with)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		if err := s.Update(context.Background(), func(tx state.Tx) error {
			for range min(batch, b.N-n) {
				if err := putNew(tx, n); err != nil {
					return err
				}
				n++
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewStatement(b *testing.B) {
	for _, synchronous := range []string{"FULL", "NORMAL"} {
		for _, batch := range []int{1, 8, 100} {
			b.Run(fmt.Sprintf("synchronous=%s/batch=%d", synchronous, batch), func(b *testing.B) {
				newStatements(b, settings{synchronous: synchronous}, batch)
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s, size := benchStore(b)
	path := s.path
	s.Close()
	b.ReportMetric(float64(size), "statements")
	b.ResetTimer()
	for range b.N {
		s, err := Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.SourceStatus(context.Background(), "nobody"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

func BenchmarkReading(b *testing.B) {
	s, size := benchStore(b)
	defer s.Close()
	ctx := b.Context()
	due := time.Now().AddDate(100, 0, 0) // far from what others here have touched
	if err := s.Update(ctx, func(tx state.Tx) error {
		for n := range 400 {
			st := benchStatement(n * 5 % size)
			st.NextCheck = time.Date(2000, 1, 1, 0, 0, n, 0, time.UTC)
			if err := tx.Touch(st); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	walk := func(b *testing.B, f state.Filter, want int) {
		n := 0
		for _, err := range s.Statements(ctx, f) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if want > 0 && n != want {
			b.Fatalf("%d statements, wanted %d", n, want)
		}
	}
	year := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, read := range map[string]func(b *testing.B, n int){
		"due of a source, 100": func(b *testing.B, _ int) {
			walk(b, state.Filter{Sources: []string{"source0"}, DueBefore: year, OldestCheck: true}, 100)
		},
		"due of a source, first 20": func(b *testing.B, _ int) {
			walk(b, state.Filter{Sources: []string{"source0"}, DueBefore: due, OldestCheck: true, Limit: 20}, 20)
		},
		"newest 50":             func(b *testing.B, _ int) { walk(b, state.Filter{Limit: 50}, 50) },
		"newest 50 of a source": func(b *testing.B, _ int) { walk(b, state.Filter{Sources: []string{"source3"}, Limit: 50}, 50) },
		"newest 50 of two sources": func(b *testing.B, _ int) {
			walk(b, state.Filter{Sources: []string{"source3", "source4"}, Limit: 50}, 50)
		},
		"missing": func(b *testing.B, _ int) { walk(b, state.Filter{Missing: true}, 0) },
		"source status": func(b *testing.B, _ int) {
			if _, err := s.SourceStatus(ctx, "source1"); err != nil {
				b.Fatal(err)
			}
		},
		"open one by its first six letters, with revisions": func(b *testing.B, n int) {
			st, err := s.Statement(ctx, benchStatement(n * 7 % size).ID[:6])
			if err != nil {
				b.Fatal(err)
			}
			if all, err := s.Revisions(ctx, st.ID); err != nil || len(all) == 0 {
				b.Fatal(err)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for n := range b.N {
				read(b, n)
			}
		})
	}
}
