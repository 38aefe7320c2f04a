// Package sqlite keeps the state in one SQLite file: one writer, a small pool
// of readers, write-ahead log, full sync at every commit.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"volteface/internal/statement"
	"volteface/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is the number of connections that read beside the writer.
const readers = 4

// Store is a state.Store in one file.
type Store struct {
	path    string
	writer  *writer
	db      *sql.DB // of the writer
	read    *sql.DB
	mu      sync.Mutex // guards queries
	queries map[string]*sql.Stmt
	closing sync.Once
	closed  error
}

var _ state.Store = (*Store)(nil)

// Open opens the database at path, makes it if there is none, and brings its
// schema up to date. A database of a newer version fails with
// state.ErrNewerSchema and is left as it is.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := create(path); err != nil {
		return nil, explain("open the database", path, err)
	}
	s := &Store{path: path, queries: map[string]*sql.Stmt{}}
	err := s.connect(ctx)
	if err != nil {
		return nil, errors.Join(explain("open the database", path, err), s.Close())
	}
	return s, nil
}

// create makes the file with rights for its owner only: it may hold what
// nobody else is to know, such as who is told of what.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func (s *Store) connect(ctx context.Context) (err error) {
	if s.db, err = pool(s.path, 1); err != nil {
		return err
	}
	if err = s.migrate(ctx); err != nil {
		return err
	}
	if s.read, err = pool(s.path, readers); err != nil {
		return err
	}
	conn, err := s.db.Conn(ctx)
	if err == nil {
		s.writer = newWriter(conn)
	}
	return err
}

func pool(path string, connections int) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"cache_size(-2000)", "temp_store(MEMORY)",
	}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// migrate brings the schema up to date. A current database costs one query.
func (s *Store) migrate(ctx context.Context) error {
	latest, err := newest()
	if err != nil {
		return err
	}
	var tables int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		var version int64
		if err := s.db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version); err != nil {
			return err
		}
		if version > latest {
			return statement.WithHint(fmt.Errorf("%w: its schema is %d, this program knows %d", state.ErrNewerSchema, version, latest),
				"install the newer volteface again, or give another folder with --data-dir")
		}
		if version == latest {
			return nil
		}
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.db, files)
	if err != nil {
		return err
	}
	if _, err = provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema up to date: %w", err)
	}
	return nil
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

// Close closes the database; closing twice is harmless.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, query := range s.queries {
			s.closed = errors.Join(s.closed, query.Close())
		}
		if s.writer != nil {
			s.closed = errors.Join(s.closed, s.writer.close())
		}
		for _, db := range []*sql.DB{s.read, s.db} {
			if db != nil {
				s.closed = errors.Join(s.closed, db.Close())
			}
		}
	})
	return s.closed
}

// prepare gives the prepared form of a reading query, made when first asked for.
func (s *Store) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, ok := s.queries[query]; ok {
		return st, nil
	}
	st, err := s.read.PrepareContext(ctx, query)
	if err == nil {
		s.queries[query] = st
	}
	return st, err
}

// explain says what went wrong in words a person can act on.
func explain(doing, path string, err error) error {
	if err == nil || statement.HintOf(err) != "" {
		return err
	}
	wrapped := fmt.Errorf("%s %s: %w", doing, path, err)
	var failure *sqlite.Error
	code := 0
	if errors.As(err, &failure) {
		code = failure.Code() & 0xff // the primary result code
	}
	switch {
	case code == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC):
		return statement.WithHint(wrapped, "the disk is full: make room, then run the same command again; nothing recorded is lost")
	case code == sqlite3.SQLITE_NOTADB:
		return statement.WithHint(wrapped, "this file is not a database of volteface: move it away, or give another folder with --data-dir")
	case code == sqlite3.SQLITE_CORRUPT:
		return statement.WithHint(wrapped, "the database is damaged: keep a copy of the folder, then restore a backup")
	case code == sqlite3.SQLITE_BUSY:
		return statement.WithHint(wrapped, "another process holds the database: try again when it is done")
	case code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_PERM || errors.Is(err, fs.ErrPermission):
		return statement.WithHint(wrapped, "let the user who runs volteface write there, or give another folder with --data-dir")
	case code == sqlite3.SQLITE_IOERR:
		return statement.WithHint(wrapped, "the disk reports an error, or is full")
	}
	return wrapped
}
