package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
)

// crashing names, in the environment, the database that a child commits to.
const crashing = "VOLTEFACE_TEST_CRASHING"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashing); path != "" {
		fmt.Fprintln(os.Stderr, commitForever(path))
		os.Exit(1)
	}
	code := m.Run()
	if benchFolder != "" {
		_ = os.RemoveAll(benchFolder) // in the folder for what is temporary
	}
	os.Exit(code)
}

// commitForever records one statement after another, goes on from where an
// earlier child was killed, and says each number once it has been kept.
func commitForever(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for {
		var n int
		if err := s.Update(ctx, func(tx state.Tx) error {
			status, err := tx.SourceStatus("src")
			if err != nil {
				return err
			}
			status.FaultCount++
			n = status.FaultCount
			if err := tx.PutSourceStatus(status); err != nil {
				return err
			}
			return record(tx, n)
		}); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func recordID(n int) string { return fmt.Sprintf("%010d", n) }

// record is what is kept of a new statement.
func record(tx state.Tx, n int) error {
	id := recordID(n)
	sha := statement.SHA256([]byte(id))
	if err := tx.PutStatement(statement.Statement{ID: id, Source: "src", Revision: 1, CaptureHash: sha}); err != nil {
		return err
	}
	if err := tx.PutAlias(state.Alias{Source: "src", Key: "host/" + id, Statement: id, Kind: state.AliasListed}); err != nil {
		return err
	}
	if err := tx.PutSnapshot(statement.Snapshot{Statement: id, SHA256: sha}); err != nil {
		return err
	}
	if err := tx.PutRevision(statement.Revision{Statement: id, N: 1, Body: strings.Repeat(id, n%2000), Snapshot: sha}); err != nil {
		return err
	}
	_, err := tx.AddEvent(statement.Event{State: statement.New, Source: "src", Statement: id, Revision: 1})
	return err
}

// A process killed at any moment loses nothing it has called kept, and leaves
// nothing half done.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("20 processes are started")
	}
	path := filepath.Join(t.TempDir(), "v.db")
	acknowledged := 0
	for round := 0; round < 20 || acknowledged < 100 && round < 200; round++ { // a busy machine commits little before a kill
		acknowledged = max(acknowledged, killedChild(t, path))
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatalf("after kill %d: %v", round, err)
		}
		if kept := consistent(t, s); kept < acknowledged {
			t.Errorf("after kill %d: %d were acknowledged, %d are there", round, acknowledged, kept)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if acknowledged == 0 { // a busy machine makes few
		t.Error("no commit was seen: the test says nothing")
	}
}

// killedChild starts a child, kills it at a random moment, and gives the last
// number it said.
func killedChild(t *testing.T, path string) (last int) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), crashing+"="+path)
	var complaint strings.Builder
	child.Stderr = &complaint
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	killer := time.AfterFunc(time.Duration(rand.Intn(150_000))*time.Microsecond, func() { child.Process.Kill() })
	defer killer.Stop()
	r := bufio.NewReader(said)
	for {
		line, err := r.ReadString('\n')
		if err == io.EOF { // a line without an end was not all said
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if last, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
			t.Fatal(err)
		}
	}
	if err := child.Wait(); err == nil || complaint.Len() > 0 {
		t.Fatalf("the child was not killed: %v %s", err, complaint.String())
	}
	return last
}

// consistent checks that the database is sound and that each statement has all
// that was recorded with it, and gives how many there are.
func consistent(t *testing.T, s *Store) int {
	t.Helper()
	var verdict string
	if err := s.read.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %q %v", verdict, err)
	}
	var dangling int
	if err := s.read.QueryRow(`SELECT count(*) FROM pragma_foreign_key_check`).Scan(&dangling); err != nil || dangling != 0 {
		t.Errorf("%d dangling references, %v", dangling, err)
	}
	status, err := s.SourceStatus(t.Context(), "src")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"statements", "aliases", "snapshots", "revisions", "events"} {
		var n int
		if err := s.read.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n); err != nil || n != status.FaultCount {
			t.Errorf("%s: %d, but %d transactions: %v", table, n, status.FaultCount, err)
		}
	}
	return status.FaultCount
}
