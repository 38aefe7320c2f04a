// Package platform is what differs between operating systems: locks, disks, mapped files, limits. Linux and macOS have all of
// it; on Windows what is missing fails with errors.ErrUnsupported.
package platform

import (
	"errors"
	"os"
)

// ErrLocked says that another process, or another open file of this one, holds a lock.
var ErrLocked = errors.New("another process holds the lock")

// Lock takes the lock of an open file, without waiting; ErrLocked if somebody holds it. The system gives it back when the
// file is closed or the process ends, however it ends.
func Lock(f *os.File) error { return lock(f, true) }

// TryLock reports whether somebody holds the lock of an open file, as ErrLocked; until the file is closed others may only
// look, too.
func TryLock(f *os.File) error { return lock(f, false) }

// Space is what a disk has.
type Space struct {
	Total, Free int64 // bytes; Free is what this user may use
	Files       int64 // files that may still be made; -1 where that has no bound
}
