package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"volteface/internal/platform"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// beforeRestore is part of the name of a database that a restore put aside.
const beforeRestore = ".before-restore-"

// FindBackup gives the folder of a backup: the one named, or the newest complete
// one of a folder of backups.
func FindBackup(path string) (string, Manifest, error) {
	m, err := readManifest(path)
	if err == nil {
		return path, m, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", m, err
	}
	all, err := Backups(path)
	if err == nil && len(all) == 0 {
		err = statement.WithHint(fmt.Errorf("there is no complete backup in %s", path), "name the folder that volteface backup wrote to")
	}
	if err != nil {
		return "", m, err
	}
	newest := all[len(all)-1]
	m, err = readManifest(newest)
	return newest, m, err
}

func readManifest(folder string) (m Manifest, err error) {
	content, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err == nil {
		err = json.Unmarshal(content, &m)
	}
	if err != nil {
		err = fmt.Errorf("read the manifest: %w", err)
	}
	return m, err
}

// Restore puts a backup into a data folder that nobody uses. Everything is
// checked before anything is moved: the database against its manifest and its
// own rules, every archived file against its name. With replace, a database
// that is there already is put aside; where, is told.
func Restore(ctx context.Context, backup string, m Manifest, to string, replace bool, now time.Time, progress Progress) (aside string, err error) {
	database := filepath.Join(to, databaseName)
	there := false
	if _, err := os.Lstat(database); err == nil {
		if there = true; !replace {
			return "", statement.WithHint(fmt.Errorf("there is a database in %s already", to), "give another folder with --data-dir, or --replace to put that database aside")
		}
	}
	sum, err := hashFile(filepath.Join(backup, databaseName))
	if err != nil {
		return "", err
	}
	if sum != m.Database {
		return "", statement.WithHint(errors.New("the database of this backup is not the one its manifest names"), "take another backup")
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return "", err
	}
	fresh := database + ".restoring"
	if err := copyFile(filepath.Join(backup, databaseName), fresh); err != nil {
		return "", err
	}
	defer func() { // and what SQLite laid beside it
		for _, end := range []string{"", "-wal", "-shm"} {
			_ = os.Remove(fresh + end)
		}
	}()
	if err := restoreArchived(ctx, fresh, backup, to, m, progress); err != nil {
		return "", err
	}
	if others := filepath.Join(backup, othersName); isFolder(others) {
		if err := copyOthers(others, to, backup); err != nil {
			return "", err
		}
	}
	if there {
		aside = database + beforeRestore + now.UTC().Format(stampLayout)
		for _, end := range []string{"-wal", "-shm", ""} { // the log belongs to it
			if err := os.Rename(database+end, aside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
	}
	return aside, errors.Join(os.Rename(fresh, database), platform.SyncFolder(to))
}

// restoreArchived checks the database and brings all it refers to.
func restoreArchived(ctx context.Context, database, backup, to string, m Manifest, progress Progress) (err error) {
	s, err := sqlite.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	fault := ""
	if err := s.Faults(ctx, func(text string) { fault = text }); err != nil {
		return err
	}
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	if fault == "" && counts != m.Counts {
		fault = fmt.Sprintf("it has %+v, its manifest says %+v", counts, m.Counts)
	}
	if fault != "" {
		return statement.WithHint(fmt.Errorf("the database of this backup is not sound: %s", fault), "take another backup")
	}
	from, err := blob.OpenFolder(filepath.Join(filepath.Dir(backup), archiveName))
	if err != nil {
		return err
	}
	defer from.Close()
	archive, err := blob.OpenFolder(filepath.Join(to, archiveName))
	if err != nil {
		return err
	}
	defer archive.Close()
	all, err := archived(ctx, s)
	if err != nil {
		return err
	}
	done := make(chan struct{}, len(all))
	return each(ctx, all, func(a state.Archived) error {
		b, err := from.Get(ctx, a.SHA256)
		if errors.Is(err, statement.ErrNotFound) && a.Sign {
			err = nil
		} else if err == nil {
			_, err = archive.Put(ctx, b)
		}
		if err != nil {
			return fmt.Errorf("bring %s back: %w", a.SHA256, err)
		}
		done <- struct{}{}
		progress.tell(len(done), len(all))
		return nil
	})
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() && !strings.HasPrefix(filepath.Base(path), ".")
}
