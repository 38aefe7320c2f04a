package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/fulltext"
)

// The limits, with 10,000 sources and 200,000 statements of 300 words: to list
// what is due 50 ms, to open a statement with its revisions 5, to search 200;
// wanted are 10, 1 and 50. VOLTEFACE_BENCH_STATEMENTS=200000 makes the store
// that large, which takes some minutes; it is 2,000 otherwise. With
// VOLTEFACE_BENCH_FOLDER the store is kept in that folder for the next run.
func BenchmarkLarge(b *testing.B) {
	size := 2000
	if n, err := strconv.Atoi(os.Getenv("VOLTEFACE_BENCH_STATEMENTS")); err == nil {
		size = n
	}
	s := keptStore(b, fmt.Sprintf("large-%d.db", size), func(s *Store) { fillLarge(b, s, size) })
	defer s.Close()
	ctx := b.Context()
	b.Run("list due work", func(b *testing.B) {
		for b.Loop() {
			due, err := s.Due(ctx, largeNow)
			if err != nil || len(due.Visits) == 0 || len(due.Checks) == 0 {
				b.Fatal(len(due.Visits), len(due.Checks), err)
			}
			for range s.Statements(ctx, state.Filter{Sources: due.Checks[:1], DueBefore: largeNow, OldestCheck: true}) {
			}
		}
	})
	b.Run("open one with revisions", func(b *testing.B) {
		r := rand.New(rand.NewSource(2))
		for b.Loop() {
			id := largeID(r.Intn(size))
			st, err := s.Statement(ctx, id)
			if err != nil {
				b.Fatal(err)
			}
			revisions, err := s.Revisions(ctx, st.ID)
			if err != nil || len(revisions) != st.Revision {
				b.Fatal(err)
			}
		}
	})
	// w1 is in nearly every statement, w30 in most, w300 in a seventh or so.
	for _, query := range []string{"w300 AND w500", "w5000", "w1", "w30", "w1 OR w2 w30", `"w1 w2"`, "w30*", "w1*", "w*", "w3*", "w12*", "w45*", "w123*", "w5000 w1*", "w300 w2*", "w300 NOT w9*", "w5000 OR w1*", `"w1 w2"*`, "w2* w3*", "w45* w46*", "w1* w2 w30 w40", "title:w1*", "title:w30*", "w300 NOT w30", "title:w300"} {
		for name, f := range map[string]state.SearchFilter{"": {}, " of a source": {Sources: []string{"source7"}}, " of the last day": {Since: largeNow.Add(-24 * time.Hour)}} {
			f.Limit = 20
			b.Run("search "+query+name, func(b *testing.B) {
				q, err := fulltext.Parse(query)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					found, err := s.Search(ctx, q, f)
					if err != nil || name == "" && len(found.Hits) == 0 && size > 10000 {
						b.Fatal(found, err)
					}
				}
			})
		}
	}
}

// A prefix of very many words is not asked of the index: what is found fits all the same,
// and is all there is unless the answer says that there may be more.
func TestBroadPrefixes(t *testing.T) {
	s, err := open(t.Context(), filepath.Join(t.TempDir(), "broad.db"), settings{busy: busy, synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fillLarge(t, s, 2500)
	ctx := t.Context()
	looked := 0
	for _, query := range []string{"w*", "w1*", "w5000 w*", "w300 w2*", "w300 NOT w*", "w300 NOT w9*", "w5000 OR w1*", "w12* w45*", "title:w1*"} {
		q, err := fulltext.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []state.SearchFilter{{Limit: 50}, {Limit: 50, Sources: []string{"source7"}}} {
			terms, _ := q.Every()
			how, err := s.planned(ctx, q, terms)
			if err != nil {
				t.Fatal(err)
			}
			if !how.exact {
				looked++
			}
			whole, _, err := s.fitting(ctx, q, plan{query: q, exact: true}, f, terms)
			if err != nil {
				t.Fatal(err)
			}
			found, err := s.Search(ctx, q, f)
			if err != nil {
				t.Fatal(err)
			}
			if want := min(len(whole), state.MostRanked); found.Total > want || found.Total < want && !found.More {
				t.Errorf("%s: %d found, more %v; the index has %d", query, found.Total, found.More, want)
			}
			fits := map[string]bool{}
			for _, r := range whole {
				id, err := one(ctx, s, scanText, `SELECT id FROM statements WHERE row = ?`, r.row)
				if err != nil {
					t.Fatal(err)
				}
				fits[id] = true
			}
			for _, h := range found.Hits {
				if len(whole) <= state.MostRanked && !fits[h.Statement.ID] {
					t.Errorf("%s: %s does not fit", query, h.Statement.ID)
				}
			}
		}
	}
	if looked < 8 {
		t.Errorf("only %d queries had a broad prefix", looked)
	}
}

// keptStore opens the store of a benchmark. It is filled, unless an earlier run left it,
// whole, in VOLTEFACE_BENCH_FOLDER.
func keptStore(b *testing.B, name string, fill func(s *Store)) *Store {
	b.Helper()
	folder := os.Getenv("VOLTEFACE_BENCH_FOLDER")
	if folder == "" {
		folder = b.TempDir()
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		making := path + ".part"
		s, err := open(b.Context(), making, settings{busy: busy, synchronous: "OFF"})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		fill(s)
		if err := s.Close(); err != nil { // which leaves nothing outside the file
			b.Fatal(err)
		}
		b.Logf("made %s in %s", name, time.Since(began).Round(time.Second))
		if err := os.Rename(making, path); err != nil {
			b.Fatal(err)
		}
	}
	s, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	if info, err := os.Stat(path); err == nil {
		b.Logf("%s: %d MB", name, info.Size()>>20)
	}
	return s
}

var largeNow = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

func largeID(n int) string { return statement.NewID("large", strconv.Itoa(n)) }

// largeText is made of words as frequent as in a language (Zipf's law).
func largeText(r *rand.Rand, z *rand.Zipf, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "w%d", z.Uint64()+1)
		switch {
		case i%60 == 59:
			text.WriteString(".\n\n")
		case r.Intn(12) == 0:
			text.WriteString(", ")
		default:
			text.WriteByte(' ')
		}
	}
	return text.String()
}

// fillLarge makes sources and statements, each tenth of which has a second
// revision; each hundredth source is due for a visit, each thousandth
// statement for another look.
func fillLarge(b testing.TB, s *Store, size int) {
	b.Helper()
	r := rand.New(rand.NewSource(1))
	z := rand.NewZipf(r, 1.1, 3, 50_000)
	sources := max(size/20, 20)
	for from := 0; from < size; from += 1000 {
		if err := s.Update(context.Background(), func(tx state.Tx) error {
			for n := from; n < min(from+1000, size); n++ {
				if err := putLarge(tx, n, sources, largeText(r, z, 10), largeText(r, z, 300)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Index(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
}

func putLarge(tx state.Tx, n, sources int, title, body string) error {
	st := benchStatement(n)
	st.ID, st.Source, st.Title = largeID(n), fmt.Sprint("source", n%sources), title
	st.Published.Time = largeNow.Add(-time.Duration(n) * time.Minute)
	st.NextCheck = largeNow.Add(time.Duration(n%1000) * time.Minute)
	if n < sources {
		p := state.Plan{Source: st.Source, NextVisit: largeNow.Add(time.Duration(n%100) * time.Minute), Definition: "x"}
		if err := tx.PutPlan(p); err != nil {
			return err
		}
	}
	revisions := 1
	if n%10 == 0 {
		revisions = 2
	}
	st.Revision = revisions
	if err := tx.PutStatement(st); err != nil {
		return err
	}
	if err := tx.PutAlias(state.Alias{Source: st.Source, Key: st.URL, Statement: st.ID, Kind: state.AliasListed}); err != nil {
		return err
	}
	for i := range revisions {
		if err := tx.PutRevision(statement.Revision{Statement: st.ID, N: i + 1, Title: title, Body: body, Hash: st.TextHash, Published: st.Published, SeenAt: st.FirstSeen}); err != nil {
			return err
		}
	}
	return nil
}
