package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/statement"
)

func open(t testing.TB) *Folder {
	t.Helper()
	f, err := OpenFolder(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// page is n bytes that compress as a page does.
func page(seed int64, n int) []byte {
	r := rand.New(rand.NewSource(seed))
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "<p>The ministry of %d denies the supply of %d drones to %d.</p>\n", r.Intn(50), r.Intn(1000), r.Intn(9))
	}
	return b.Bytes()[:n]
}

func TestPutThenGet(t *testing.T) {
	f, ctx := open(t), context.Background()
	for _, b := range [][]byte{{}, []byte("a"), page(1, 25_000), page(2, 3<<20), bytes.Repeat([]byte{0}, 1<<20)} {
		name, err := f.Put(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		if name != statement.SHA256(b) {
			t.Fatalf("named %s", name)
		}
		got, err := f.Get(ctx, name)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%d bytes came back as %d: %v", len(b), len(got), err)
		}
		if has, err := f.Has(ctx, name); !has || err != nil {
			t.Fatal("not there", err)
		}
	}
	entries, err := os.ReadDir(f.temporary())
	if err != nil || len(entries) != 0 {
		t.Errorf("temporary files are left: %v %v", entries, err)
	}
}

func TestGetTellsAbsentFromDamaged(t *testing.T) {
	f, ctx := open(t), context.Background()
	if _, err := f.Get(ctx, strings.Repeat("a", 64)); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
	for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63) + "/"} {
		if _, err := f.Get(ctx, bad); err == nil || errors.Is(err, statement.ErrNotFound) {
			t.Errorf("%q is no name, got %v", bad, err)
		}
	}
	b := page(3, 9_000)
	name, err := f.Put(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	path, _ := f.path(name)
	for _, damage := range [][]byte{{}, []byte("not zstd"), page(4, 100)} {
		if err := os.WriteFile(path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(ctx, name); !errors.Is(err, ErrCorrupt) {
			t.Errorf("damaged: %v", err)
		}
		if _, err := f.Put(ctx, b); err != nil { // what a crash has spoilt is written again
			t.Fatal(err)
		}
		if got, err := f.Get(ctx, name); err != nil || !bytes.Equal(got, b) {
			t.Errorf("not mended: %v", err)
		}
	}
}

func TestPutFromManyAtOnce(t *testing.T) {
	f, ctx := open(t), context.Background()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 20 {
				b := page(int64((g+i)%25), 5_000)
				name, err := f.Put(ctx, b)
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := f.Get(ctx, name); err != nil || !bytes.Equal(got, b) {
					t.Error("lost", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestPutThatCannotBeWrittenLeavesNothing(t *testing.T) {
	f, ctx := open(t), context.Background()
	b := page(5, 1000)
	path, _ := f.path(statement.SHA256(b))
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil { // the move will fail
		t.Fatal(err)
	}
	if _, err := f.Put(ctx, b); err == nil {
		t.Fatal("kept where it cannot be")
	}
	if entries, _ := os.ReadDir(f.temporary()); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestOpenSweepsOldLeftovers(t *testing.T) {
	f := open(t)
	old, young := filepath.Join(f.temporary(), "old"), filepath.Join(f.temporary(), "young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * leftover)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFolder(f.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the old leftover is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a running process's file was taken away")
	}
}

func FuzzGetOfAnything(f *testing.F) {
	folder := open(f)
	name, err := folder.Put(context.Background(), page(6, 2_000))
	if err != nil {
		f.Fatal(err)
	}
	path, _ := folder.path(name)
	sound, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound)
	f.Add(sound[:len(sound)/2])
	f.Fuzz(func(t *testing.T, stored []byte) {
		if err := os.WriteFile(path, stored, 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := folder.Get(context.Background(), name); err == nil && statement.SHA256(b) != name {
			t.Fatal("wrong bytes under a right name")
		}
	})
}

func BenchmarkPut(b *testing.B) {
	f, ctx := open(b), context.Background()
	b.ReportAllocs()
	for i := range b.N {
		if _, err := f.Put(ctx, page(int64(i), 25_000)); err != nil {
			b.Fatal(err)
		}
	}
}
