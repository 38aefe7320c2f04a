package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"volteface/internal/statement"
)

// code is the primary result code (sqlite.org/rescode.html) of what SQLite
// said, 0 if it said nothing.
func code(err error) int {
	var failure *sqlite.Error
	if errors.As(err, &failure) {
		return failure.Code() & 0xff
	}
	return 0
}

func full(err error) bool {
	return code(err) == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// explain says what went wrong in words a person can act on. The error stays
// what it was underneath.
func explain(doing, path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	wrapped := fmt.Errorf("%s %s: %w", doing, path, err)
	if statement.HintOf(err) != "" {
		return wrapped
	}
	return statement.WithHint(wrapped, advice(err)) // an empty hint is none
}

func advice(err error) string {
	if full(err) {
		return "the disk is full: make room, then run the same command again; nothing recorded is lost"
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return "let the user who runs volteface write there, or give another folder with --data-dir"
	}
	if errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.ENOTDIR) {
		return "the name is taken by something that is not a file or folder of volteface: move it away, or give another folder with --data-dir"
	}
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		return "this file is not a database of volteface: move it away, or give another folder with --data-dir"
	case sqlite3.SQLITE_CORRUPT:
		return "the database is damaged: keep a copy of the folder, then restore a backup"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another process holds the database: try again when it is done"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "let the user who runs volteface write there, or give another folder with --data-dir"
	case sqlite3.SQLITE_IOERR:
		return "the disk reports an error, or is full"
	}
	return ""
}
