package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// exec runs a command on the writer's connection.
func (s *Store) exec(t testing.TB, command string) {
	t.Helper()
	if err := s.writer.run(context.Background(), command); err != nil {
		t.Fatal(err)
	}
}

func put(s *Store, st statement.Statement) error {
	return s.Update(context.Background(), func(tx state.Tx) error { return tx.PutStatement(st) })
}

func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "a #name? with %25 strange: letters.db")
	s := openAt(t, path)
	if err := put(s, statement.Statement{ID: "aa", Title: "kept"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600, filepath.Dir(path): 0o700 | fs.ModeDir} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, wanted the rights %v", name, err, want)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := openAt(t, path).Statement(t.Context(), "aa"); err != nil || st.Title != "kept" {
		t.Errorf("opened again: %q %v", st.Title, err)
	}
}

func TestOpenRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	s := openAt(t, ":memory:")
	if err := put(s, statement.Statement{ID: "aa"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(":memory:"); err != nil || info.Size() == 0 {
		t.Errorf("not kept in the file of that name: %v", err)
	}
}

func TestSettings(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "v.db"))
	conn, err := s.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for pragma, want := range map[string][2]string{ // of the writer, of a reader
		"journal_mode": {"wal", "wal"}, "synchronous": {"2", "2"}, "foreign_keys": {"1", "1"}, "busy_timeout": {"10000", "10000"}, "query_only": {"0", "1"},
	} {
		var writer, reader string
		if err := errors.Join(s.writer.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&writer), conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&reader)); err != nil {
			t.Fatal(err)
		}
		if writer != want[0] || reader != want[1] {
			t.Errorf("%s: writer %s, reader %s; wanted %v", pragma, writer, reader, want)
		}
	}
}

func TestOpenOfANewerVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.db")
	s := openAt(t, path)
	s.exec(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	s.exec(t, `CREATE TABLE of_the_future (x)`)
	s.Close()
	_, err := Open(t.Context(), path)
	if !errors.Is(err, state.ErrNewerSchema) || !strings.Contains(err.Error(), "9999") || !strings.Contains(statement.HintOf(err), "newer volteface") {
		t.Errorf("%v (%s)", err, statement.HintOf(err))
	}
}

func TestOpenOfSomethingElse(t *testing.T) {
	folder := t.TempDir()
	text, damaged, foreign := filepath.Join(folder, "text"), filepath.Join(folder, "damaged"), filepath.Join(folder, "foreign")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, damaged)
	s.Close()
	b, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	for i := 100; i < len(b); i++ { // all but the header of the file
		b[i] = 0xa5
	}
	if err := os.WriteFile(damaged, b, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := pool(foreign, settings{synchronous: "FULL"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE bookmarks (x)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	before, _ := os.ReadFile(foreign)

	for path, hint := range map[string]string{
		text: "not a database of volteface", damaged: "restore a backup", foreign: "move it away",
		folder: "name is taken", filepath.Join(text, "below.db"): "name is taken",
	} {
		s, err := Open(t.Context(), path)
		if err == nil {
			s.Close()
			t.Errorf("%s was opened", path)
			continue
		}
		if !strings.Contains(statement.HintOf(err), hint) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%v (hint: %s), wanted %q", err, statement.HintOf(err), hint)
		}
	}
	if after, _ := os.ReadFile(foreign); string(after) != string(before) && !strings.Contains(string(after), "bookmarks") {
		t.Error("another program's database was changed")
	}
	db, _ = pool(foreign, settings{synchronous: "FULL"})
	defer db.Close()
	var tables int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil || tables != 1 {
		t.Errorf("another program's database has %d tables now: %v", tables, err)
	}
}

func TestFullDisk(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "v.db"))
	if err := put(s, statement.Statement{ID: "first"}); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.writer.conn.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	s.exec(t, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+5))
	big := statement.Statement{ID: "big", Title: strings.Repeat("x", 100_000)}
	err := s.Update(t.Context(), func(tx state.Tx) error {
		_ = tx.PutStatement(big)                               // SQLite undoes all that was written before
		_ = tx.PutStatement(statement.Statement{ID: "orphan"}) // and this would stand alone
		return nil
	})
	if err == nil || !strings.Contains(statement.HintOf(err), "disk is full") {
		t.Errorf("%v (%s)", err, statement.HintOf(err))
	}
	if _, err := s.Statement(t.Context(), "orphan"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("half of an update was kept: %v", err)
	}
	s.exec(t, `PRAGMA max_page_count = 100000`)
	if err := put(s, big); err != nil {
		t.Errorf("once there is room: %v", err)
	}
	if _, err := s.Statement(t.Context(), "first"); err != nil {
		t.Errorf("what was there before is lost: %v", err)
	}
}

func TestLockedByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.db")
	holder := openAt(t, path)
	waiting, err := open(t.Context(), path, settings{busy: 50 * time.Millisecond, synchronous: "FULL"})
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	patient := openAt(t, path)
	inside, leave, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		left <- holder.Update(context.Background(), func(state.Tx) error { close(inside); <-leave; return nil })
	}()
	<-inside
	if err := put(waiting, statement.Statement{ID: "aa"}); err == nil || !strings.Contains(statement.HintOf(err), "another process") {
		t.Errorf("%v (%s)", err, statement.HintOf(err))
	}
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := patient.Update(brief, func(state.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 30*time.Second {
		t.Errorf("waited %v for another process, then %v", time.Since(start), err)
	}
	if _, err := waiting.Statement(t.Context(), "aa"); !errors.Is(err, statement.ErrNotFound) {
		t.Errorf("reading beside a writer: %v", err)
	}
	close(leave)
	if err := <-left; err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(put(waiting, statement.Statement{ID: "aa"}), put(patient, statement.Statement{ID: "bb"})); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

func TestOpenFromManyAtOnce(t *testing.T) {
	for round := range 3 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(round), "v.db")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				s, err := Open(context.Background(), path)
				if err == nil {
					err = errors.Join(put(s, statement.Statement{ID: fmt.Sprint("s", i)}), s.Close())
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s := openAt(t, path)
		n := 0
		for _, err := range s.Statements(t.Context(), state.Filter{}) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != 8 {
			t.Errorf("of 8 statements %d are there", n)
		}
		var migrated int
		if err := s.writer.conn.QueryRowContext(t.Context(), `SELECT count(*) FROM goose_db_version WHERE version_id = 1`).Scan(&migrated); err != nil || migrated != 1 {
			t.Errorf("migrated %d times, %v", migrated, err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, names := range [][]string{nil, {"one"}, {"one", "two"}, {""}, {"", ""}, {"a\nb"}, {`a\nb`, `\`, "\n"}, {`\\n`}, {"\x00"}} {
		if got := unpackNames(packNames(names)); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", names) {
			t.Errorf("%q came back as %q", names, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("a\nb", `\n`, "")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, names := range [][]string{{a}, {a, b}, {a, b, c}} {
			if got := unpackNames(packNames(names)); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", names) {
				t.Errorf("%q came back as %q", names, got)
			}
		}
		_ = unpackHeader(a) // whatever a damaged row holds
	})
}
