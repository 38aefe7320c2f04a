package upkeep

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"volteface/internal/platform"
	"volteface/internal/statement"
)

// A byte that flips in a date or an address, which no hash covers, is noticed.
func TestExamineSeesFlippedBytes(t *testing.T) {
	d := open(t, t.TempDir())
	for i := range 2 {
		d.must(d.keep(i))
	}
	var faults []string
	examine := func() string {
		faults = nil
		_, err := d.Examine(t.Context(), func(fault string) { faults = append(faults, fault) }, nil)
		d.must(err)
		return strings.Join(faults, "\n")
	}
	if said := examine(); said != "" {
		t.Fatalf("before: %s", said)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, databaseName)+"?_pragma=busy_timeout(5000)")
	d.must(err)
	defer db.Close()
	id := statement.NewID("press", "1")
	for name, c := range map[string]struct{ spoil, mend, want string }{
		"scheme":        {`UPDATE statements SET url = 'httrs' || substr(url, 6)`, `UPDATE statements SET url = 'https' || substr(url, 6)`, "is none"},
		"host":          {`UPDATE statements SET url = replace(url, 'a.example', 'q.example')`, `UPDATE statements SET url = replace(url, 'q.example', 'a.example')`, "stands nowhere else"},
		"path":          {`UPDATE statements SET url = 'https://a.example/q'`, `UPDATE statements SET url = 'https://a.example/1'`, "stands nowhere else"},
		"control":       {`UPDATE snapshots SET final_url = 'https://a.ex' || char(1) || 'mple/1' WHERE statement = s`, `UPDATE snapshots SET final_url = ''`, "is none"},
		"revision":      {`UPDATE revisions SET url = 'https://a.exam0le/1'`, `UPDATE revisions SET url = ''`, "stands nowhere else"},
		"published":     {`UPDATE statements SET published = '2022-10-05'`, `UPDATE statements SET published = ''`, "published on"},
		"published raw": {`UPDATE statements SET published_raw = '6 October'`, `UPDATE statements SET published_raw = ''`, "published on"},
		"title":         {`UPDATE statements SET title = 'Titlf 1'`, `UPDATE statements SET title = 'Title 1'`, "title"},
		"first seen":    {`UPDATE statements SET first_seen = first_seen + (1 << 40)`, `UPDATE statements SET first_seen = first_seen - (1 << 40)`, "first seen"},
		"sign":          {`UPDATE statements SET last_seen = -(1 << 60)`, `UPDATE statements SET last_seen = 0`, "its last sight was at"},
		"seen":          {`UPDATE revisions SET seen_at = seen_at + (1 << 50)`, `UPDATE revisions SET seen_at = seen_at - (1 << 50)`, "first seen"},
		"fetched":       {`UPDATE snapshots SET fetched_at = fetched_at + (1 << 54)`, `UPDATE snapshots SET fetched_at = fetched_at - (1 << 54)`, "a capture was at"},
	} {
		exec := func(query string) {
			t.Helper()
			table := strings.Fields(query)[1]
			column := map[string]string{"statements": "id", "revisions": "statement", "snapshots": "statement"}[table]
			query, _, _ = strings.Cut(query, " WHERE statement = s")
			if _, err := db.Exec(query + ` WHERE ` + column + ` = '` + id + `'`); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		exec(c.spoil)
		if said := examine(); !strings.Contains(said, c.want) || !strings.Contains(said, id) {
			t.Errorf("%s: %q is not said in %q", name, c.want, said)
		}
		exec(c.mend)
		if said := examine(); said != "" {
			t.Fatalf("after %s: %s", name, said)
		}
	}
}

// What killed backups have left goes with the next backup; one that is being
// made stays, and so does what is none of ours.
func TestBackupSweepsUp(t *testing.T) {
	d := open(t, t.TempDir())
	d.must(d.keep(1))
	to := t.TempDir()
	at := func(name string) string { return filepath.Join(to, name) }
	for _, name := range []string{"20261101T040000Z.partial", "20261102T040000Z.partial", "notes.partial"} {
		d.must(os.MkdirAll(at(name), 0o700))
		d.must(os.WriteFile(filepath.Join(at(name), databaseName), make([]byte, 100), 0o600))
	}
	release, err := platform.LockFolder(at("20261102T040000Z.partial"))
	d.must(err)
	defer release()
	path, _, err := d.Backup(t.Context(), d.store, d.folder, to, "devel", noon.Add(time.Hour), nil)
	d.must(err)
	for name, want := range map[string]bool{"20261101T040000Z.partial": false, "20261102T040000Z.partial": true, "notes.partial": true, filepath.Base(path): true} {
		if _, err := os.Stat(at(name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
