package platform

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// lock takes the lock of the first byte beyond all content: locks of Windows are mandatory, and would keep others from
// reading it.
func lock(f *os.File, exclusive bool) error {
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if exclusive {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	beyond := windows.Overlapped{OffsetHigh: 1 << 30}
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &beyond)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrLocked
	}
	return err
}

// LockFolder marks a folder as in use by this process until it is released; ErrLocked if it is in use. It may be renamed
// meanwhile.
func LockFolder(folder string) (release func(), err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, ErrLocked
	} else if err != nil {
		return nil, err
	}
	return func() { _ = windows.CloseHandle(h) }, nil
}

// Disk asks the file system of a folder.
func Disk(folder string) (s Space, err error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return s, err
	}
	var free, total uint64
	err = windows.GetDiskFreeSpaceEx(name, &free, &total, nil)
	return Space{Total: int64(total), Free: int64(free), Files: -1}, err
}

// SyncFolder does nothing: NTFS keeps names in a journal of its own, and lets nobody sync a folder.
func SyncFolder(string) error { return nil }

// OpenFiles is how many files this process may hold open at once: no system call tells, so it fails with errors.ErrUnsupported.
func OpenFiles() (uint64, error) { return 0, errors.ErrUnsupported }

// Map maps size bytes of a file into memory, for reading. Unmap ends the mapping.
func Map(f *os.File, size int) ([]byte, error) {
	mapping, err := windows.CreateFileMapping(windows.Handle(f.Fd()), nil, windows.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return nil, os.NewSyscallError("CreateFileMapping", err)
	}
	defer windows.CloseHandle(mapping) // the view holds it
	address, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_READ, 0, 0, uintptr(size))
	if err != nil {
		return nil, os.NewSyscallError("MapViewOfFile", err)
	}
	// The address is the system's, no pointer that Go moves.
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), size), nil
}

// Unmap ends what Map began; the bytes may not be used any more.
func Unmap(mapped []byte) error {
	return windows.UnmapViewOfFile(uintptr(unsafe.Pointer(unsafe.SliceData(mapped))))
}

// ReadRarely does nothing: there is no such advice.
func ReadRarely([]byte) {}
