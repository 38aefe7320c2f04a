package safetensors

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"volteface/internal/platform"
	"volteface/internal/statement"
)

// The files of a model's folder, as the transformers library names them.
const (
	whole = "model.safetensors"
	index = "model.safetensors.index.json"
	// maxShards is how many files a model may be in.
	maxShards = 1024
)

// Open maps the weights of a model's folder into memory: model.safetensors, or the files that model.safetensors.index.json
// names. The mapping stays for as long as the program runs, or until Close; what is not used is the page cache's. The files
// must not be cut meanwhile.
func Open(folder string) (_ *File, err error) {
	if _, err := os.Stat(filepath.Join(folder, whole)); !errors.Is(err, fs.ErrNotExist) {
		return openAlone(folder, whole)
	}
	content, err := mapFile(filepath.Join(folder, index))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is neither %s nor %s; weights in other formats have to be converted", whole, index)
	} else if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, platform.Unmap(content)) }()
	var shards struct {
		Files map[string]string `json:"weight_map"`
	}
	if len(content) > maxHeader {
		return nil, fmt.Errorf("%s has %d bytes", index, len(content))
	}
	if err := json.Unmarshal(content, &shards); err != nil {
		return nil, fmt.Errorf("%s: %w", index, err)
	}
	all, opened := &File{tensors: map[string]Tensor{}}, map[string]*File{}
	defer func() {
		if err != nil {
			all.Close()
		}
	}()
	for name, file := range shards.Files {
		if file != filepath.Base(file) || !filepath.IsLocal(file) || len(opened) == maxShards {
			return nil, fmt.Errorf("%s: tensor %q is in %q, no file of this folder, or one of more than %d", index, name, file, maxShards)
		}
		f := opened[file]
		if f == nil {
			if f, err = openAlone(folder, file); err != nil {
				return nil, err
			}
			opened[file] = f
			all.mapped = append(all.mapped, f.mapped...)
		}
		t, ok := f.tensors[name]
		if !ok {
			return nil, fmt.Errorf("%s: %s has no tensor %q", index, file, name)
		}
		all.tensors[name] = t
	}
	return all, nil
}

// openAlone maps one file.
func openAlone(folder, name string) (*File, error) {
	content, err := mapFile(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	f, err := Read(content)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), platform.Unmap(content))
	}
	f.mapped = [][]byte{content}
	return f, nil
}

// mapFile maps a regular file, which is not empty.
func mapFile(path string) ([]byte, error) {
	info, err := os.Stat(path) // before opening, which would wait for the writer of a pipe
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 || int64(int(info.Size())) != info.Size() {
		return nil, fmt.Errorf("%s is not a file, or empty", path)
	}
	file, err := statement.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := platform.Map(file, int(info.Size()))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return content, nil
}

// Rest tells the system that from now on only single rows are read: pages read so far need not stay, and none need be
// read ahead.
func (f *File) Rest() {
	for _, m := range f.mapped {
		platform.ReadRarely(m)
	}
}

// Close ends the mapping. No tensor of the file may be used afterwards.
func (f *File) Close() {
	for _, m := range f.mapped {
		_ = platform.Unmap(m) // fails for what is no mapping only
	}
	f.mapped, f.tensors = nil, nil
}
