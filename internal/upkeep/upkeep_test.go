package upkeep

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

var noon = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

type data struct {
	t      *testing.T
	folder string
	store  *sqlite.Store
	House
}

func open(t *testing.T, folder string) *data {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	archive, err := blob.OpenFolder(filepath.Join(folder, archiveName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(store.Close(), archive.Close()); err != nil {
			t.Error(err)
		}
	})
	return &data{t, folder, store, House{Store: store, Archive: archive}}
}

func (d *data) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// keep records a statement as a visit does: bytes first, then their records.
func (d *data) keep(n int) error {
	sha, err := d.Archive.Put(context.Background(), fmt.Appendf(nil, "page %d", n))
	if err != nil {
		return err
	}
	doc := statement.Document{Title: fmt.Sprint("Title ", n), Body: fmt.Sprintf("The ministry denies it for the %dth time.", n)}
	st := statement.Statement{ID: statement.NewID("press", fmt.Sprint(n)), Source: "press", URL: fmt.Sprintf("https://a.example/%d", n), Title: doc.Title, Revision: 1, TextHash: doc.TextHash(), FirstSeen: noon, CaptureHash: sha}
	return d.Store.Update(context.Background(), func(tx state.Tx) error {
		return errors.Join(
			tx.PutStatement(st),
			tx.PutAlias(state.Alias{Source: "press", Key: fmt.Sprintf("a.example/%d", n), Statement: st.ID, Kind: state.AliasListed, Since: noon}),
			tx.PutSnapshot(statement.Snapshot{Statement: st.ID, SHA256: sha, Size: int64(len(fmt.Sprint("page ", n))), URL: st.URL, Status: 200, Header: http.Header{}, FetchedAt: noon}),
			tx.PutRevision(statement.Revision{Statement: st.ID, N: 1, Title: doc.Title, Body: doc.Body, Hash: doc.TextHash(), Snapshot: sha, SeenAt: noon}))
	})
}

// rows is every row of every table of a database, sorted.
func rows(t *testing.T, path string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ask := func(query string) (lines []string) {
		found, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer found.Close()
		columns, err := found.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range into {
				into[i] = &values[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprintf("%v", values))
		}
		return lines
	}
	for _, table := range ask(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%' ORDER BY name`) {
		name := strings.Trim(table, "[]")
		for _, row := range ask(`SELECT * FROM "` + name + `"`) {
			all = append(all, name+" "+row)
		}
	}
	slices.Sort(all)
	return all
}

// A backup taken while others write is one moment of what was kept, and comes
// back row by row and byte by byte.
func TestBackupUnderLoad(t *testing.T) {
	d := open(t, t.TempDir())
	d.must(os.WriteFile(filepath.Join(d.folder, "notes.txt"), []byte("ours"), 0o600))
	d.must(os.WriteFile(filepath.Join(d.folder, "daemon.lock"), nil, 0o600))
	for n := range 50 {
		d.must(d.keep(n))
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for n := 50; ; n++ {
			select {
			case <-stop:
				return
			default:
				if err := d.keep(n); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	backups := filepath.Join(t.TempDir(), "backups")
	var path string
	var m Manifest
	var err error
	for i := range 3 {
		path, m, err = d.Backup(t.Context(), d.store, d.folder, backups, "devel", noon.Add(time.Duration(i)*time.Second), nil)
		d.must(err)
	}
	close(stop)
	writing.Wait()
	if m.Counts.Statements < 50 || m.Counts.Snapshots != m.Counts.Statements || m.Archived != m.Counts.Statements {
		t.Errorf("%+v", m)
	}
	removed, err := Prune(t.Context(), backups, 1)
	d.must(err)
	found, newest, err := FindBackup(backups)
	d.must(err)
	if removed != 2 || found != path || newest != m {
		t.Errorf("%d removed; %s %+v, want %s %+v", removed, found, newest, path, m)
	}
	to := filepath.Join(t.TempDir(), "back")
	_, err = Restore(t.Context(), found, newest, to, false, noon, nil)
	d.must(err)
	if a, b := rows(t, filepath.Join(path, databaseName)), rows(t, filepath.Join(to, databaseName)); !slices.Equal(a, b) || len(a) < 200 {
		t.Errorf("%d rows came back as %d", len(a), len(b))
	}
	// Each is a row of the original, too: nothing of it was changed meanwhile.
	original := rows(t, filepath.Join(d.folder, databaseName))
	for _, row := range rows(t, filepath.Join(to, databaseName)) {
		if _, found := slices.BinarySearch(original, row); !found && !strings.HasPrefix(row, "unindexed") {
			t.Errorf("not in the original: %.200s", row)
		}
	}
	r := open(t, to)
	check, err := r.Examine(t.Context(), func(fault string) { t.Error(fault) }, nil)
	d.must(err)
	if check.Archived != m.Archived || check.Loose != 0 {
		t.Errorf("%+v", check)
	}
	if text, err := os.ReadFile(filepath.Join(to, "notes.txt")); string(text) != "ours" {
		t.Error("what else lay there is not back", err)
	}
	if _, err := os.Stat(filepath.Join(to, "daemon.lock")); err == nil {
		t.Error("a lock came back")
	}
	// What is there is not overwritten, and put aside only when asked.
	if _, err := Restore(t.Context(), found, newest, to, false, noon, nil); err == nil || statement.HintOf(err) == "" {
		t.Errorf("overwritten: %v", err)
	}
	aside, err := Restore(t.Context(), found, newest, to, true, noon, nil)
	d.must(err)
	if _, err := os.Stat(aside); err != nil {
		t.Errorf("not put aside: %v", err)
	}
}

func TestRestoreRefusesWhatIsNotSound(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"the database is another": func(path string) error {
			f, err := os.OpenFile(filepath.Join(path, databaseName), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString("x")
			return errors.Join(err, f.Close())
		},
		"an archived file is damaged": func(path string) error {
			found, err := filepath.Glob(filepath.Join(filepath.Dir(path), archiveName, "??", "*.zst"))
			if err != nil {
				return err
			}
			return os.WriteFile(found[0], []byte("x"), 0o600)
		},
		"the manifest is gone": func(path string) error { return os.Remove(filepath.Join(path, manifestName)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, t.TempDir())
			for n := range 3 {
				d.must(d.keep(n))
			}
			backups := t.TempDir()
			path, _, err := d.Backup(t.Context(), d.store, d.folder, backups, "devel", noon, nil)
			d.must(err)
			d.must(spoil(path))
			to := filepath.Join(t.TempDir(), "back")
			found, m, err := FindBackup(backups)
			if err == nil {
				_, err = Restore(t.Context(), found, m, to, false, noon, nil)
			}
			if err == nil {
				t.Fatal("restored")
			}
			if _, err := os.Stat(filepath.Join(to, databaseName)); !errors.Is(err, fs.ErrNotExist) {
				t.Error("a database was left there")
			}
		})
	}
}

func TestExamineFindsWhatIsWrong(t *testing.T) {
	d := open(t, t.TempDir())
	for n := range 4 {
		d.must(d.keep(n))
	}
	backups := t.TempDir()
	_, _, err := d.Backup(t.Context(), d.store, d.folder, backups, "devel", noon, nil)
	d.must(err)
	file := func(n int) string {
		sha := statement.SHA256(fmt.Appendf(nil, "page %d", n))
		return filepath.Join(d.folder, archiveName, sha[:2], sha+".zst")
	}
	d.must(os.Remove(file(0)))
	d.must(os.WriteFile(file(1), []byte("x"), 0o600))
	_, err = d.Archive.Put(t.Context(), []byte("nobody's"))
	d.must(err)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, databaseName))
	d.must(err)
	for _, spoil := range []string{
		`UPDATE revisions SET body = 'The ministry confirms it.' WHERE statement = '` + statement.NewID("press", "2") + `'`,
		`UPDATE statements SET revision = 2 WHERE id = '` + statement.NewID("press", "3") + `'`,
	} {
		if _, err := db.Exec(spoil); err != nil {
			t.Fatal(err)
		}
	}
	d.must(db.Close())
	var faults []string
	check, err := d.Examine(t.Context(), func(fault string) { faults = append(faults, fault) }, nil)
	d.must(err)
	said := strings.Join(faults, "\n")
	for _, want := range []string{"are missing", "are damaged", "does not match its hash", "has no revision 2"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
	if check.Faults != 4 || check.Loose != 1 || len(check.Lost) != 2 {
		t.Errorf("%+v\n%s", check, said)
	}
	if _, _, err := d.Backup(t.Context(), d.store, d.folder, t.TempDir(), "devel", noon, nil); err == nil {
		t.Error("what is not sound was backed up")
	}
	from, err := blob.OpenFolder(filepath.Join(backups, archiveName))
	d.must(err)
	defer from.Close()
	mended, err := d.Mend(t.Context(), check.Lost, from)
	d.must(err)
	if check, err = d.Examine(t.Context(), func(string) {}, nil); err != nil || mended != 2 || check.Faults != 2 || len(check.Lost) != 0 {
		t.Errorf("%d mended, %+v, %v", mended, check, err)
	}
}

// What a revision was made from stays, however old; so does the newest capture.
func TestCollect(t *testing.T) {
	d := open(t, t.TempDir())
	d.must(d.keep(1))
	id := statement.NewID("press", "1")
	put := func(text string, at time.Time, status int) string {
		sha, err := d.Archive.Put(t.Context(), []byte(text))
		d.must(err)
		d.must(d.Store.Update(t.Context(), func(tx state.Tx) error {
			return tx.PutSnapshot(statement.Snapshot{Statement: id, SHA256: sha, Size: int64(len(text)), Status: status, Header: http.Header{}, FetchedAt: at})
		}))
		return sha
	}
	old, imported, newest := put("same text, other bytes", noon, 200), put("a line", noon, 0), put("newest", noon, 200)
	young := put("young", noon.AddDate(0, 0, 50), 200)
	d.must(d.Store.Update(t.Context(), func(tx state.Tx) error {
		st, err := tx.Statement(id)
		if err != nil {
			return err
		}
		st.CaptureHash = newest
		for i := range 3 {
			if _, err := tx.PutVisit(statement.Visit{Source: "press", StartedAt: noon.AddDate(0, 0, i*40)}); err != nil {
				return err
			}
			if err := tx.PutSkip(state.Skip{Source: "press", First: noon.AddDate(0, 0, i*40), Last: noon.AddDate(0, 0, i*40), Count: 1, Reason: "the daemon was not running"}); err != nil {
				return err
			}
		}
		return tx.PutStatement(st)
	}))
	loose, err := d.Archive.Put(t.Context(), []byte("never recorded"))
	d.must(err)
	fresh, err := d.Archive.Put(t.Context(), []byte("about to be recorded"))
	d.must(err)
	past := time.Now().Add(-2 * grace)
	for name, err := range d.Archive.Names(t.Context()) {
		d.must(err)
		if name != fresh {
			d.must(os.Chtimes(filepath.Join(d.folder, archiveName, name[:2], name+".zst"), past, past))
		}
	}
	limit := state.Retention{Captures: noon.AddDate(0, 0, 30), Visits: noon.AddDate(0, 0, 30)}
	dry, err := d.Collect(t.Context(), limit, true, false, nil)
	d.must(err)
	if dry.Captures != 1 || dry.Visits != 1 || dry.Loose != 2 {
		t.Errorf("dry run: %+v", dry)
	}
	if _, err := d.Archive.Put(t.Context(), []byte("never recorded")); err != nil { // and now it is about to be
		t.Fatal(err)
	}
	count, err := d.Collect(t.Context(), limit, false, false, nil)
	d.must(err)
	if count.Captures != 1 || count.Visits != 1 || count.Loose != 1 || count.Freed == 0 {
		t.Errorf("%+v", count)
	}
	days, err := d.Store.Activity(t.Context(), noon.AddDate(-1, 0, 0))
	d.must(err)
	skips, err := d.Store.Skips(t.Context(), noon.AddDate(-1, 0, 0))
	d.must(err)
	if len(days) != 2 || len(skips) != 2 || skips[0].First.Before(limit.Visits) {
		t.Errorf("kept are %d days and %d moments without a visit, want those of the last two visits", len(days), len(skips))
	}
	for name, want := range map[string]bool{old: false, imported: true, newest: true, young: true, loose: true, fresh: true, statement.SHA256([]byte("page 1")): true} {
		if has, err := d.Archive.Has(t.Context(), name); has != want || err != nil {
			t.Errorf("%.12s: kept %v, want %v (%v)", name, has, want, err)
		}
	}
	if _, err := d.Examine(t.Context(), func(fault string) { t.Error(fault) }, nil); err != nil {
		t.Error(err)
	}
}

func TestDiskTrouble(t *testing.T) {
	const giga = 1 << 30
	for _, c := range []struct {
		disk Disk
		want string
	}{
		{Disk{Total: 100 * giga, Free: 50 * giga, Files: -1}, ""},
		{Disk{Total: 100 * giga, Free: giga / 2, Files: -1}, "are free"},
		{Disk{Total: 2000 * giga, Free: 30 * giga, Files: -1}, ""},
		{Disk{Total: 100 * giga, Free: 20 * giga, Files: 100}, "100 more files"},
		{Disk{Total: 100 * giga, Free: 10 * giga, Files: 1e6, Daily: giga}, "10 days"},
		{Disk{Total: 100 * giga, Free: 10 * giga, Files: 1e6, Daily: giga / 10}, ""},
	} {
		if got := c.disk.Trouble(); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.disk, got, c.want)
		}
	}
	d := open(t, t.TempDir())
	d.must(d.keep(1))
	disk, err := ReadDisk(t.Context(), d.folder, d.store, noon.AddDate(0, 0, 1))
	if err != nil || disk.Total < disk.Free || disk.Free <= 0 || Used(d.folder) == 0 {
		t.Errorf("%+v, %v", disk, err)
	}
}
