package daemon

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"volteface/internal/platform"
	"volteface/internal/statement"
)

// lock keeps a second daemon out of the folder. The kernel gives the lock back
// when the process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	err = platform.Lock(f)
	for range 5 { // somebody may only be looking whether a daemon runs (Runs)
		if !errors.Is(err, platform.ErrLocked) {
			break
		}
		time.Sleep(20 * time.Millisecond)
		err = platform.Lock(f)
	}
	if err != nil {
		err = errors.Join(err, f.Close())
		if errors.Is(err, platform.ErrLocked) {
			return nil, statement.WithHint(fmt.Errorf("a daemon runs on %s already", filepath.Dir(path)), "stop it first, or give another folder with --data-dir")
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return func() { _ = f.Close() }, nil
}

// Runs tells whether a daemon holds the lock at a path. A lock that cannot be looked at is held by nobody, as far as is known.
func Runs(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close() // gives back what it took, too
	return errors.Is(platform.TryLock(f), platform.ErrLocked)
}

// freeSpace is how many bytes the disk of the folder has left for us; 0 if that
// cannot be told.
func freeSpace(folder string) int64 {
	disk, err := platform.Disk(folder)
	if err != nil {
		return 0
	}
	return disk.Free
}
