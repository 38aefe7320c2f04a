// Package sqlite keeps the state in one SQLite file: one writer, a pool of
// readers, write-ahead log, full sync at every commit.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver
	sqlite3 "modernc.org/sqlite/lib"

	"volteface/state"
)

const (
	// idleReaders is how many reading connections are kept open. More are
	// opened while they are needed: whoever walks through Statements holds one
	// for as long, and may ask something else meanwhile, so that a fixed number
	// could wait for itself.
	idleReaders = 4
	// resting is how long one is kept open that nobody uses: it holds pages.
	resting = time.Minute
	// busy is how long to wait for another process that writes.
	busy = 10 * time.Second
)

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

// Open opens the database at path, makes it and its folder if there are none,
// for their owner only, and brings the schema up to date. A database of a
// newer version fails with state.ErrNewerSchema and is left as it is; so is a
// file that is something else. Several processes may have it open at once.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, settings{busy: busy, synchronous: "FULL"})
}

// settings are what tests and measurements change.
type settings struct {
	busy        time.Duration
	synchronous string
}

func open(ctx context.Context, path string, with settings) (*Store, error) {
	path, err := create(path)
	if err != nil {
		return nil, explain("open the database", path, err)
	}
	// SQLite waits for others who write, but not for one who makes the file, or is
	// the last to close it, at the same moment.
	for until := time.Now().Add(with.busy); ; {
		s := &Store{path: path, queries: map[string]*sql.Stmt{}}
		err := s.connect(ctx, with)
		if err == nil {
			return s, nil
		}
		err = errors.Join(err, s.Close())
		if !locked(err) || ctx.Err() != nil || time.Now().After(until) {
			return nil, explain("open the database", path, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// locked reports whether another process, or another connection of this one,
// holds the database.
func locked(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return false
}

// create makes the file with rights for its owner only: it may hold what
// nobody else is to know, such as who is told of what. SQLite gives its log
// the rights of the file. The path comes back absolute, as SQLite would take
// some relative names (":memory:") for something else.
func create(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	if err := os.MkdirAll(filepath.Dir(absolute), 0o700); err != nil {
		return path, err
	}
	f, err := os.OpenFile(absolute, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return path, err
	}
	return absolute, f.Close()
}

func (s *Store) connect(ctx context.Context, with settings) (err error) {
	if s.db, err = pool(s.path, with); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if err = migrate(ctx, s.db); err != nil {
		return err
	}
	if s.read, err = pool(s.path, with, "query_only(1)"); err != nil {
		return err
	}
	s.read.SetMaxIdleConns(idleReaders)
	s.read.SetConnMaxIdleTime(resting)
	conn, err := s.db.Conn(ctx)
	if err == nil {
		s.writer = newWriter(conn, with.synchronous)
	}
	return err
}

func pool(path string, with settings, more ...string) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(" + strconv.FormatInt(with.busy.Milliseconds(), 10) + ")",
		"journal_mode(WAL)",
		"synchronous(" + with.synchronous + ")",
		"foreign_keys(1)",
		"cache_size(-2000)", // KiB, for each connection
		"temp_store(MEMORY)",
		"journal_size_limit(67108864)", // of the log, once a reader has let it grow
	}, more...)}
	return sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+query.Encode())
}

// Close closes the database, after whoever is writing; closing twice is
// harmless. Whatever is asked of the store afterwards fails.
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
	if err != nil {
		return nil, fmt.Errorf("prepare a query: %w", err)
	}
	s.queries[query] = st
	return st, nil
}
