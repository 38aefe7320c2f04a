package upkeep

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// age makes everything that is archived older than any grace.
func (d *data) age() {
	d.t.Helper()
	past := time.Now().Add(-2 * grace)
	for name, err := range d.Archive.Names(d.t.Context()) {
		d.must(err)
		d.must(os.Chtimes(filepath.Join(d.folder, archiveName, name[:2], name+".zst"), past, past))
	}
}

func (d *data) archived() (n int) {
	d.t.Helper()
	for _, err := range d.Archive.Names(d.t.Context()) {
		d.must(err)
		n++
	}
	return n
}

// However a database came to know nothing of a full archive, it is refused, and
// nothing that is archived goes.
func TestDamageIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"missing": os.Remove,
		"empty, its log is there": func(path string) error {
			return errors.Join(os.Truncate(path, 0), os.WriteFile(path+"-wal", make([]byte, 4096), 0o600), os.RemoveAll(filepath.Join(filepath.Dir(path), archiveName)))
		},
		"made anew": func(path string) error {
			s, err := sqlite.Open(t.Context(), path+".new")
			return errors.Join(err, s.Close(), os.Rename(path+".new", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			d := open(t, folder)
			for i := range 3 {
				d.must(d.keep(i))
			}
			d.age()
			d.must(d.store.Close())
			database := filepath.Join(folder, databaseName)
			d.must(CheckFiles(t.Context(), folder))
			d.must(spoil(database))
			err := CheckFiles(t.Context(), folder)
			if name == "made anew" {
				fresh := open(t, folder)
				err = fresh.Check(t.Context(), folder)
			}
			if !errors.Is(err, ErrDamage) || statement.HintOf(err) == "" {
				t.Errorf("not refused: %v", err)
			}
		})
	}
	folder := t.TempDir()
	if err := CheckFiles(t.Context(), folder); err != nil {
		t.Errorf("a new folder: %v", err)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("looking has made %v", left)
	}
	d := open(t, folder) // bytes are there a moment before their records
	if _, err := d.Archive.Put(t.Context(), []byte("the first page")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(CheckFiles(t.Context(), folder), d.Check(t.Context(), folder)); err != nil {
		t.Errorf("a first visit: %v", err)
	}
}

// Nothing that is archived goes while no record refers to anything, or, unless
// somebody insists, to most of it.
func TestCollectDoubtsTheRecords(t *testing.T) {
	d := open(t, t.TempDir())
	for i := range 60 {
		d.must(d.keep(i))
	}
	d.age()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, databaseName)+"?_pragma=busy_timeout(5000)")
	d.must(err)
	defer db.Close()
	forget := func(where string) {
		t.Helper()
		for _, table := range []string{"snapshots", "aliases", "revisions", "analyses"} {
			_, err := db.Exec(`DELETE FROM ` + table + ` WHERE statement IN (SELECT id FROM statements WHERE ` + where + `)`)
			d.must(err)
		}
		_, err := db.Exec(`DELETE FROM statements WHERE ` + where)
		d.must(err)
	}
	forget(`url NOT LIKE '%/1_'`) // as an old copy of the database would have it: ten are left
	for _, dry := range []bool{true, false} {
		if count, err := d.Collect(t.Context(), state.Retention{}, dry, false, nil); !errors.Is(err, ErrDamage) {
			t.Errorf("with most unknown: %+v, %v", count, err)
		}
	}
	faults := 0
	_, err = d.Examine(t.Context(), func(string) { faults++ }, nil)
	d.must(err)
	if faults != 1 || d.archived() != 60 {
		t.Errorf("%d faults are told, %d files are left", faults, d.archived())
	}
	count, err := d.Collect(t.Context(), state.Retention{}, false, true, nil)
	d.must(err)
	if count.Loose != 50 || d.archived() != 10 {
		t.Errorf("insisting removes %d, %d are left", count.Loose, d.archived())
	}
	forget(`true`)
	for _, insist := range []bool{true, false} {
		if count, err := d.Collect(t.Context(), state.Retention{}, false, insist, nil); !errors.Is(err, ErrDamage) || d.archived() != 10 {
			t.Errorf("with nothing known: %+v, %v", count, err)
		}
	}
	faults = 0
	_, err = d.Examine(t.Context(), func(string) { faults++ }, nil)
	d.must(err)
	if faults != 1 {
		t.Errorf("%d faults are told of records that refer to nothing", faults)
	}
}

// What --dry-run counts is what is then removed: what only old captures refer
// to counts, what is young or shows that a page was gone does not.
func TestDryRunCountsWhatGoes(t *testing.T) {
	d := open(t, t.TempDir())
	for i := range 4 {
		d.must(d.keep(i))
	}
	put := func(text string) string {
		sha, err := d.Archive.Put(t.Context(), []byte(text))
		d.must(err)
		return sha
	}
	id := statement.NewID("press", "1")
	d.must(d.Store.Update(t.Context(), func(tx state.Tx) (err error) {
		for i := range 5 {
			sha := put(fmt.Sprint("same text, other bytes ", i))
			err = errors.Join(err, tx.PutSnapshot(statement.Snapshot{Statement: id, SHA256: sha, Size: 24, Status: 200, FetchedAt: noon}))
			if i == 0 { // a second statement has it, from an archive
				err = errors.Join(err, tx.PutSnapshot(statement.Snapshot{Statement: statement.NewID("press", "2"), SHA256: sha, Size: 24, FetchedAt: noon}))
			}
		}
		return errors.Join(err, tx.AddSign(statement.Sign{Statement: id, At: noon, SHA256: put("410 Gone")}))
	}))
	put("left over")
	d.age()
	put("young")
	r := state.Retention{Captures: noon.AddDate(0, 0, 1)}
	dry, err := d.Collect(t.Context(), r, true, false, nil)
	d.must(err)
	before := d.archived()
	count, err := d.Collect(t.Context(), r, false, false, nil)
	d.must(err)
	if dry.Loose != 5 || dry.Captures != 5 || dry.Freed == 0 {
		t.Errorf("counted: %+v", dry)
	}
	if dry.Captures != count.Captures || dry.Loose != count.Loose || dry.Freed != count.Freed || d.archived() != before-count.Loose {
		t.Errorf("counted %+v, removed %+v", dry, count)
	}
}
