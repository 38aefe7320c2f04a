package upkeep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"volteface/internal/statement"
	"volteface/state/blob"
)

// ErrDamage says that the database does not belong to the archive beside it: it
// is missing, empty, or knows nothing of what is archived.
var ErrDamage = errors.New("the database and the archive do not belong together")

// youngest is how old an archived file must be to be held against a database
// that knows nothing: the first bytes are written a moment before their records.
const youngest = time.Hour

// CheckFiles refuses a data folder whose database is missing or of no length
// beside archived pages or a log of SQLite. It must be asked before the database
// is opened: opening makes a new one, and SQLite then throws the log away.
func CheckFiles(ctx context.Context, folder string) error {
	database := filepath.Join(folder, databaseName)
	what := "is empty"
	info, err := os.Stat(database)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what = "is missing"
	case err != nil || info.Size() > 0:
		return nil // opening it tells what is wrong
	}
	if log, err := os.Stat(database + "-wal"); err == nil && log.Size() > 0 && what == "is empty" {
		return damaged(folder, "%s %s, though a log of changes lies beside it", database, what)
	}
	if !isFolder(filepath.Join(folder, archiveName)) { // and is not made by looking
		return nil
	}
	archive, err := blob.OpenFolder(filepath.Join(folder, archiveName))
	if err != nil {
		return nil // opening it tells
	}
	defer archive.Close()
	if n, _, err := holds(ctx, archive, 1); err != nil || n > 0 {
		return errors.Join(err, damaged(folder, "%s %s, though pages are archived beside it", database, what))
	}
	return nil
}

// Check refuses a database that has never been used beside an archive that was:
// it is not the one whose pages are archived there.
func (h House) Check(ctx context.Context, folder string) error {
	used, err := h.Store.Used(ctx)
	if err != nil || used {
		return err
	}
	n, oldest, err := holds(ctx, h.Archive, 100)
	if err != nil || n == 0 || time.Since(oldest) < youngest {
		return err
	}
	return damaged(folder, "%s has never been used, though pages are archived beside it", filepath.Join(folder, databaseName))
}

func damaged(folder, format string, args ...any) error {
	return statement.WithHint(fmt.Errorf("%w: %s", ErrDamage, fmt.Sprintf(format, args...)),
		"keep a copy of "+folder+" as it is; volteface restore BACKUPS --replace puts a backup back; to begin anew instead, move "+filepath.Join(folder, archiveName)+" away")
}

// holds counts archived files, up to a number, and gives the age of the oldest
// of them, by the machine's clock.
func holds(ctx context.Context, archive *blob.Folder, most int) (n int, oldest time.Time, err error) {
	for name, err := range archive.Names(ctx) {
		if err != nil {
			return n, oldest, err
		}
		_, at, err := archive.Stat(ctx, name)
		if errors.Is(err, statement.ErrNotFound) {
			continue
		}
		if err != nil {
			return n, oldest, err
		}
		if n == 0 || at.Before(oldest) {
			oldest = at
		}
		if n++; n == most {
			break
		}
	}
	return n, oldest, nil
}
