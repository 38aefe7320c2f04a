//go:build unix

package platform

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func lock(f *os.File, exclusive bool) error {
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

// LockFolder marks a folder as in use by this process until it is released; ErrLocked if it is in use.
func LockFolder(folder string) (release func(), err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := Lock(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// Disk asks the file system of a folder.
func Disk(folder string) (Space, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return Space{}, err
	}
	s := Space{Total: int64(disk.Blocks) * int64(disk.Bsize), Free: int64(disk.Bavail) * int64(disk.Bsize), Files: int64(disk.Ffree)}
	if disk.Files == 0 {
		s.Files = -1
	}
	return s, nil
}

// SyncFolder makes the names in a folder survive a loss of power.
func SyncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// OpenFiles is how many files this process may hold open at once.
func OpenFiles() (uint64, error) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return uint64(limit.Cur), err
}

// Map maps size bytes of a file into memory, for reading. Unmap ends the mapping.
func Map(f *os.File, size int) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_PRIVATE)
}

// Unmap ends what Map began; the bytes may not be used any more.
func Unmap(mapped []byte) error { return unix.Munmap(mapped) }

// ReadRarely tells the system that of a mapping only single pages are read from now on. It is advice, which a system may leave.
func ReadRarely(mapped []byte) {
	_ = unix.Madvise(mapped, unix.MADV_DONTNEED)
	_ = unix.Madvise(mapped, unix.MADV_RANDOM)
}
