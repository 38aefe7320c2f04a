package upkeep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"volteface/internal/platform"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// A folder of backups holds the archived bytes of all of them once, in blobs,
// and for each a folder named after its moment with the database and a manifest.
// What has no manifest is not complete.
const (
	databaseName = "volteface.db"
	manifestName = "manifest.json"
	archiveName  = "blobs"
	othersName   = "files"
	stampLayout  = "20060102T150405Z"
)

// Manifest says what a backup holds.
type Manifest struct {
	Version  string       `json:"version"` // of the program that made it
	Made     time.Time    `json:"made"`
	Database string       `json:"database_sha256"`
	Archived int          `json:"archived"` // files of archived bytes
	Counts   state.Counts `json:"counts"`
}

// Backup copies everything into a folder of backups while visits go on, and
// checks what it has copied. What earlier backups there hold is not copied
// again. It gives the folder of this backup.
func (h House) Backup(ctx context.Context, from *sqlite.Store, dataFolder, to, version string, now time.Time, progress Progress) (path string, m Manifest, err error) {
	archive, err := blob.OpenFolder(filepath.Join(to, archiveName))
	if err != nil {
		return "", m, fmt.Errorf("open the folder of backups: %w", err)
	}
	defer archive.Close()
	path = filepath.Join(to, now.UTC().Format(stampLayout))
	if _, err := os.Stat(path); err == nil {
		return "", m, statement.WithHint(fmt.Errorf("%s: %w", path, fs.ErrExist), "wait a second")
	}
	if err := sweep(to); err != nil {
		return "", m, fmt.Errorf("remove what killed backups have left: %w", err)
	}
	partial := path + unfinished
	if err := os.Mkdir(partial, 0o700); err != nil {
		return "", m, err
	}
	release, err := platform.LockFolder(partial)
	if err != nil {
		return "", m, err
	}
	defer release()
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(partial))
		}
	}()
	// The database first: all it refers to is in the archive already, and what a
	// revision was made from is never removed.
	database := filepath.Join(partial, databaseName)
	if err := from.Copy(ctx, database); err != nil {
		return "", m, err
	}
	m = Manifest{Version: version, Made: now.UTC()}
	if m.Counts, m.Archived, err = h.copyArchived(ctx, database, archive, progress); err != nil {
		return "", m, err
	}
	if m.Database, err = hashFile(database); err != nil {
		return "", m, err
	}
	if err := copyOthers(dataFolder, filepath.Join(partial, othersName), to); err != nil {
		return "", m, err
	}
	if err := writeManifest(partial, m); err != nil {
		return "", m, err
	}
	return path, m, errors.Join(os.Rename(partial, path), platform.SyncFolder(to))
}

// unfinished ends the name of a backup that is being made.
const unfinished = ".partial"

// sweep removes what backups of killed processes have left; those that are being
// made are held.
func sweep(folder string) error {
	left, err := filepath.Glob(filepath.Join(folder, "*"+unfinished))
	if err != nil {
		return err
	}
	for _, path := range left {
		if _, err := time.Parse(stampLayout+unfinished, filepath.Base(path)); err != nil {
			continue // nothing of ours
		}
		release, err := platform.LockFolder(path)
		if err != nil {
			continue // in use, or on a disk that cannot tell
		}
		err = os.RemoveAll(path)
		release()
		if err != nil {
			return err
		}
	}
	return nil
}

// copyArchived checks the copy of the database, and copies all it refers to.
func (h House) copyArchived(ctx context.Context, database string, to *blob.Folder, progress Progress) (counts state.Counts, n int, err error) {
	copied, err := sqlite.Open(ctx, database)
	if err != nil {
		return counts, 0, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	var faults []string
	if err := copied.Faults(ctx, func(fault string) { faults = append(faults, fault) }); err != nil {
		return counts, 0, err
	}
	if len(faults) > 0 {
		return counts, 0, statement.WithHint(fmt.Errorf("what was copied is not sound: %s", faults[0]), "volteface fsck tells all that is wrong")
	}
	if counts, err = copied.Counts(ctx); err != nil {
		return counts, 0, err
	}
	all, err := archived(ctx, copied)
	if err != nil {
		return counts, 0, err
	}
	var lost []string
	for i, a := range all {
		progress.tell(i, len(all))
		if has, err := to.Has(ctx, a.SHA256); err != nil || has {
			if err != nil {
				return counts, 0, err
			}
			continue
		}
		b, err := h.Archive.Get(ctx, a.SHA256) // checked against its name
		if errors.Is(err, statement.ErrNotFound) && a.Sign {
			continue
		}
		if errors.Is(err, statement.ErrNotFound) || errors.Is(err, blob.ErrCorrupt) {
			lost = append(lost, a.SHA256)
			continue
		}
		if err == nil {
			_, err = to.Put(ctx, b)
		}
		if err != nil {
			return counts, 0, err
		}
	}
	progress.tell(len(all), len(all))
	if len(lost) > 0 {
		return counts, 0, statement.WithHint(fmt.Errorf("%d archived files are missing or damaged, the first is %s", len(lost), lost[0]), "volteface fsck --from an earlier backup may mend them")
	}
	return counts, len(all), nil
}

// Backups lists the complete backups of a folder, the newest last.
func Backups(folder string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*", manifestName))
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	found = slices.DeleteFunc(found, func(path string) bool { return strings.HasSuffix(path, unfinished) })
	slices.Sort(found)
	return found, err
}

// Prune removes all but the newest backups, and the archived bytes that only
// those removed referred to.
func Prune(ctx context.Context, folder string, keep int) (removed int, err error) {
	all, err := Backups(folder)
	if err != nil || len(all) <= keep || keep < 1 {
		return 0, err
	}
	needed := map[string]bool{}
	for _, path := range all[len(all)-keep:] {
		for a, err := range sqlite.ArchivedIn(ctx, filepath.Join(path, databaseName)) {
			if err != nil {
				return 0, err
			}
			needed[a.SHA256] = true
		}
	}
	for _, path := range all[:len(all)-keep] {
		if err := os.RemoveAll(path); err != nil {
			return removed, err
		}
		removed++
	}
	archive, err := blob.OpenFolder(filepath.Join(folder, archiveName))
	if err != nil {
		return removed, err
	}
	defer archive.Close()
	for name, err := range archive.Names(ctx) {
		if err == nil && !needed[name] {
			_, err = archive.Remove(ctx, name, time.Now())
		}
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// copyOthers copies what else lies in the data folder, and is not made anew by
// itself; not the folder of backups, if it lies there too.
func copyOthers(from, to, except string) error {
	except, err := filepath.Abs(except)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil || inside == "." {
			return err
		}
		name := strings.TrimSuffix(strings.TrimSuffix(inside, "-wal"), "-shm")
		switch {
		case path == except || inside == archiveName:
			return fs.SkipDir
		case name == databaseName || name == "queue.db" || strings.HasSuffix(name, ".lock") || strings.Contains(name, beforeRestore):
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, inside), 0o700)
		case !entry.Type().IsRegular():
			return nil
		}
		return copyFile(path, filepath.Join(to, inside))
	})
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), platform.SyncFolder(filepath.Dir(to)))
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func writeManifest(folder string, m Manifest) error {
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(folder, manifestName), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(content, '\n'))
	return errors.Join(err, f.Sync(), f.Close(), platform.SyncFolder(folder))
}
