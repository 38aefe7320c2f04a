package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"volteface/internal/statement"
)

// ErrCorrupt says that stored bytes do not match their name.
var ErrCorrupt = errors.New("the archived bytes do not match their SHA-256")

const (
	// maxSize bounds what Get unpacks; nothing larger is ever put.
	maxSize = 256 << 20
	// window is what the compressor looks back over. Press pages are small; a
	// larger one would cost memory for each page in hand.
	window = 256 << 10
	// leftover is the age at which a temporary file is nobody's any more.
	leftover = time.Hour
)

// Folder keeps blobs as files: ab/<sha256>.zst, zstd-compressed (RFC 8878).
type Folder struct {
	dir      string
	encoders chan *zstd.Encoder
	decoder  *zstd.Decoder

	mu     sync.Mutex
	synced map[string]bool // folders whose making has been synced
}

var _ Store = (*Folder)(nil)

// OpenFolder opens the archive in dir, made if it does not exist, and clears
// away what a killed process has left half written.
func OpenFolder(dir string) (*Folder, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxSize))
	if err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, encoders: make(chan *zstd.Encoder, runtime.GOMAXPROCS(0)), decoder: decoder, synced: map[string]bool{}}
	for range cap(f.encoders) {
		f.encoders <- nil // made when first needed
	}
	if err := os.MkdirAll(f.temporary(), 0o700); err != nil {
		return nil, err
	}
	return f, f.sweep()
}

func (f *Folder) temporary() string { return filepath.Join(f.dir, "tmp") }

// sweep removes temporary files that no running process can still want.
func (f *Folder) sweep() error {
	entries, err := os.ReadDir(f.temporary())
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > leftover {
			err = os.Remove(filepath.Join(f.temporary(), e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f *Folder) path(name string) (string, error) {
	if len(name) != 64 {
		return "", fmt.Errorf("%q is not a SHA-256", name)
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("%q is not a SHA-256", name)
		}
	}
	return filepath.Join(f.dir, name[:2], name+".zst"), nil
}

// Put keeps b. New bytes are written under their own name, and the file and its
// folder are synced: nothing refers to them before Put returns, and a file that
// a crash left incomplete does not match its name, so Get refuses it and the
// next Put replaces it. That costs one entry in a folder and one wait for the
// disk, half of what a temporary file and its renaming cost.
func (f *Folder) Put(ctx context.Context, b []byte) (string, error) {
	if len(b) > maxSize {
		return "", fmt.Errorf("%d bytes are too many for the archive", len(b))
	}
	name := statement.SHA256(b)
	path, err := f.path(name)
	if err != nil {
		return "", err
	}
	packed, err := f.pack(b)
	if err != nil {
		return "", err
	}
	err = f.create(path, packed)
	if errors.Is(err, fs.ErrExist) {
		if _, unsound := f.Get(ctx, name); unsound == nil {
			return name, nil
		}
		err = f.replace(path, packed)
	}
	if err != nil {
		return "", fmt.Errorf("archive %.12s: %w", name, err)
	}
	return name, nil
}

func (f *Folder) pack(b []byte) ([]byte, error) {
	encoder := <-f.encoders
	defer func() { f.encoders <- encoder }()
	if encoder == nil {
		var err error
		encoder, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
			zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
		if err != nil {
			return nil, err
		}
	}
	return encoder.EncodeAll(b, make([]byte, 0, len(b)/2)), nil
}

// create writes a file that does not exist yet.
func (f *Folder) create(path string, packed []byte) error {
	if err := f.makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := write(file, packed); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// replace puts a sound file in the place of one that is not, in one step.
func (f *Folder) replace(path string, packed []byte) error {
	file, err := os.CreateTemp(f.temporary(), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	if err := write(file, packed); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

// write fills, syncs and closes a new file, or takes it away again.
func write(file *os.File, packed []byte) error {
	_, err := file.Write(packed)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		_ = os.Remove(file.Name()) // what is left of it would be replaced anyway
	}
	return err
}

// makeFolder makes the folder ab and syncs the entry that leads to it, once.
func (f *Folder) makeFolder(folder string) error {
	f.mu.Lock()
	known := f.synced[folder]
	f.mu.Unlock()
	if known {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := syncFolder(f.dir); err != nil {
		return err
	}
	f.mu.Lock()
	f.synced[folder] = true
	f.mu.Unlock()
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Get reads the bytes back and checks them against their name.
func (f *Folder) Get(_ context.Context, name string) ([]byte, error) {
	path, err := f.path(name)
	if err != nil {
		return nil, err
	}
	packed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("archived bytes %.12s: %w", name, statement.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	b, err := f.decoder.DecodeAll(packed, nil)
	if err != nil || statement.SHA256(b) != name {
		return nil, statement.WithHint(fmt.Errorf("%s: %w", path, ErrCorrupt), "restore this file from a backup")
	}
	return b, nil
}

// Has tells whether there are bytes of that name.
func (f *Folder) Has(_ context.Context, name string) (bool, error) {
	path, err := f.path(name)
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Close lets go of what compressing needs.
func (f *Folder) Close() error {
	f.decoder.Close()
	var err error
	for range cap(f.encoders) {
		if encoder := <-f.encoders; encoder != nil {
			err = errors.Join(err, encoder.Close())
		}
		f.encoders <- nil
	}
	return err
}
