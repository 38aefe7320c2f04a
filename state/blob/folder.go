package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"volteface/internal/platform"
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
		err = f.keep(ctx, name, path, packed)
	}
	if err != nil {
		return "", fmt.Errorf("archive %.12s: %w", name, err)
	}
	return name, nil
}

// keep makes bytes that are there already young again, so that Remove leaves
// them alone until something refers to them. What a crash has spoilt is
// replaced, and what Remove has just taken away is written again.
func (f *Folder) keep(ctx context.Context, name, path string, packed []byte) error {
	if _, unsound := f.Get(ctx, name); unsound == nil {
		now := time.Now()
		if err := os.Chtimes(path, now, now); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return f.replace(path, packed)
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
	return platform.SyncFolder(filepath.Dir(path))
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
	return platform.SyncFolder(filepath.Dir(path))
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
	if err := platform.SyncFolder(f.dir); err != nil {
		return err
	}
	f.mu.Lock()
	f.synced[folder] = true
	f.mu.Unlock()
	return nil
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

// Stat gives the size of bytes of that name on disk, and when they were put
// last; statement.ErrNotFound if there are none.
func (f *Folder) Stat(_ context.Context, name string) (size int64, put time.Time, err error) {
	path, err := f.path(name)
	if err != nil {
		return 0, put, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, put, fmt.Errorf("archived bytes %.12s: %w", name, statement.ErrNotFound)
	}
	if err != nil {
		return 0, put, err
	}
	return info.Size(), info.ModTime(), nil
}

// Names lists what is kept, folder by folder.
func (f *Folder) Names(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		folders, err := os.ReadDir(f.dir)
		if err != nil {
			yield("", err)
			return
		}
		for _, folder := range folders {
			if len(folder.Name()) != 2 || !folder.IsDir() {
				continue
			}
			files, err := os.ReadDir(filepath.Join(f.dir, folder.Name()))
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield("", err)
				return
			}
			for _, file := range files {
				name := strings.TrimSuffix(file.Name(), ".zst")
				if _, err := f.path(name); err == nil && !yield(name, nil) {
					return
				}
			}
		}
	}
}

// Remove takes bytes away unless they were put, or put again, after the given
// time, and tells how many bytes of disk that freed; 0 if they stay. They are
// first moved aside and then looked at: whoever puts them again meanwhile
// either makes them young before, or finds them gone and writes them anew.
func (f *Folder) Remove(_ context.Context, name string, after time.Time) (freed int64, err error) {
	path, err := f.path(name)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil || info.ModTime().After(after) {
		return 0, err
	}
	aside := filepath.Join(f.temporary(), filepath.Base(path)+".going")
	if err := os.Rename(path, aside); err != nil {
		return 0, err
	}
	if info, err = os.Stat(aside); err != nil {
		return 0, err
	}
	if info.ModTime().After(after) {
		return 0, os.Rename(aside, path)
	}
	return info.Size(), os.Remove(aside)
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
