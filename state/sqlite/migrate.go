package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"volteface/internal/statement"
	"volteface/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errForeign says that the file is a database of another program.
var errForeign = errors.New("this is a database of another program")

// attempts bounds how often migrating is tried while other processes do the
// same; each waits a little longer than the last, some seconds in all.
const attempts = 10

// migrate brings the schema up to date. A current database costs two short
// queries; goose is asked only when something is to be done. Two processes
// that find the same work race for it: goose lets one of them win, and the
// other then finds it done.
func migrate(ctx context.Context, db *sql.DB) error {
	latest, err := newest()
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		current, err := version(ctx, db)
		switch {
		case err != nil:
			return err
		case current > latest:
			return statement.WithHint(fmt.Errorf("%w: its schema is %d, this program knows %d", state.ErrNewerSchema, current, latest),
				"install the newer volteface again, or give another folder with --data-dir")
		case current == latest:
			return nil
		}
		if err = upgrade(ctx, db); err == nil {
			return nil
		}
		if attempt == attempts || full(err) {
			return fmt.Errorf("bring the schema from %d to %d: %w", current, latest, err)
		}
		select {
		case <-time.After(time.Duration(attempt) * 50 * time.Millisecond): // of the machine's time: another process works
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// version is the number of the last migration the database has seen; 0 for an
// empty one.
func version(ctx context.Context, db *sql.DB) (int64, error) {
	var ours, tables int
	err := db.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(name = 'goose_db_version'), 0) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &ours)
	switch {
	case err != nil:
		return 0, err
	case ours == 0 && tables > 0:
		return 0, statement.WithHint(errForeign, "move it away, or give another folder with --data-dir")
	case ours == 0:
		return 0, nil
	}
	var current int64
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&current)
	return current, err
}

func upgrade(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// newest is the number of the last migration there is.
func newest() (latest int64, err error) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number: %w", e.Name(), err)
		}
		latest = max(latest, n)
	}
	return latest, nil
}
