package platform

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A lock is held once, whoever only looks finds it held, and it goes with its file.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first, second := open(), open()
	defer second.Close()
	if err := Lock(first); err != nil {
		t.Fatal(err)
	}
	if err := Lock(second); !errors.Is(err, ErrLocked) {
		t.Errorf("locked twice: %v", err)
	}
	if err := TryLock(second); !errors.Is(err, ErrLocked) {
		t.Errorf("the lock is not seen: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := TryLock(second); err != nil {
		t.Errorf("after its end: %v", err)
	}
	if err := Lock(second); err != nil {
		t.Errorf("after its end: %v", err)
	}
}

// A folder in use can be written to and renamed, and is free afterwards.
func TestLockFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	release, err := LockFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LockFolder(folder); !errors.Is(err, ErrLocked) {
		t.Errorf("locked twice: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "x"), nil, 0o600); err != nil {
		t.Error(err)
	}
	if err := os.Rename(folder, folder+"b"); err != nil {
		t.Error(err)
	}
	release()
	if release, err = LockFolder(folder + "b"); err != nil {
		t.Fatal(err)
	}
	release()
	if _, err := LockFolder(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// Every file system has a size, and some of it is free.
func TestDisk(t *testing.T) {
	folder := t.TempDir()
	s, err := Disk(folder)
	if err != nil || s.Total <= 0 || s.Free <= 0 || s.Free > s.Total || s.Files == 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := SyncFolder(folder); err != nil {
		t.Error(err)
	}
	if _, err := Disk(filepath.Join(folder, "none")); err == nil {
		t.Error("a folder that is not there has a disk")
	}
}

// A mapping has the bytes of the file.
func TestMap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weights")
	if err := os.WriteFile(path, []byte("weights"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	mapped, err := Map(f, 7)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil { // the mapping stays
		t.Fatal(err)
	}
	ReadRarely(mapped)
	if string(mapped) != "weights" {
		t.Errorf("%q", mapped)
	}
	if err := Unmap(mapped); err != nil {
		t.Error(err)
	}
}
