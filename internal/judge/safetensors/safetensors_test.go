package safetensors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// file is a file of a header and so many bytes of values, 0, 1, 2 ….
func file(header string, values int) []byte {
	b := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	for i := range values {
		b = append(b, byte(i))
	}
	return b
}

const good = `{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"n":{"dtype":"F16","shape":[],"data_offsets":[20,22]},"ids":{"dtype":"I64","shape":[1],"data_offsets":[22,30]},"z":{"dtype":"F16","shape":[0,4],"data_offsets":[30,30]}} `

func TestRead(t *testing.T) {
	f, err := Read(file(good, 30))
	if err != nil {
		t.Fatal(err)
	}
	if names := strings.Join(f.Names(), " "); names != "a b ids n z" || !f.Has("ids") || f.Has("__metadata__") {
		t.Errorf("tensors %s", names)
	}
	a, err := f.Floats("a", 2)
	if err != nil || a[0] != math.Float32frombits(0x03020100) || a[1] != math.Float32frombits(0x07060504) {
		t.Errorf("%v, %v", a, err)
	}
	b, err := f.Tensor("b", -1, 3)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float32, 4)
	if b.Row(row, 1); row[0] != math.Float32frombits(0x0F0E<<16) || row[2] != math.Float32frombits(0x1312<<16) || row[3] != 0 {
		t.Errorf("row %v", row)
	}
	if z, err := f.Floats("z", 0, 4); err != nil || len(z) != 0 {
		t.Errorf("%v, %v", z, err)
	}
	for _, bad := range []func() error{
		func() error { _, err := f.Tensor("c", 2); return err },
		func() error { _, err := f.Tensor("a", 3); return err },
		func() error { _, err := f.Tensor("a", 2, 1); return err },
		func() error { _, err := f.Tensor("ids", 1); return err },
	} {
		if err := bad(); err == nil {
			t.Error("a tensor that is not there, or another")
		}
	}
}

func TestFilesThatAreDamaged(t *testing.T) {
	entry := func(dtype, shape, offsets string) string {
		return fmt.Sprintf(`{"a":{"dtype":%q,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
	}
	for what, content := range map[string][]byte{
		"empty":                     nil,
		"no header":                 {1, 2, 3},
		"a huge header":             append(binary.LittleEndian.AppendUint64(nil, math.MaxUint64), '{'),
		"a header beyond the file":  append(binary.LittleEndian.AppendUint64(nil, 9), "{}"...),
		"no JSON":                   file("{", 0),
		"a list":                    file("[]", 0),
		"deep":                      file(strings.Repeat(`{"a":`, 1<<20), 0),
		"cut":                       file(good, 29),
		"more than the tensors":     file(good, 31),
		"too small for its shape":   file(entry("F32", "[3]", "[0,8]"), 8),
		"too large for its shape":   file(entry("F32", "[1]", "[0,8]"), 8),
		"a negative side":           file(entry("F32", "[-2,-1]", "[0,8]"), 8),
		"sides that overflow":       file(entry("F32", "[4294967296,4294967296,1]", "[0,8]"), 8),
		"sides beyond all integers": file(entry("F32", "[99999999999999999999]", "[0,8]"), 8),
		"many sides":                file(entry("F32", "[2"+strings.Repeat(",1", 40)+"]", "[0,8]"), 8),
		"backwards":                 file(entry("F32", "[2]", "[8,0]"), 8),
		"beyond the end":            file(entry("F32", "[2]", "[8,16]"), 8),
		"a negative offset":         file(entry("F32", "[2]", "[-8,0]"), 8),
		"one offset":                file(entry("F32", "[0]", "[0]"), 0),
		"a gap":                     file(entry("F32", "[1]", "[4,8]"), 8),
		"one in the other":          file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
		"the same bytes twice":      file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8),
	} {
		if _, err := Read(content); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	nan := file(entry("F16", "[2]", "[0,4]"), 4)
	copy(nan[len(nan)-2:], []byte{0, 0x7C})
	f, err := Read(nan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Floats("a", 2); err == nil {
		t.Error("an infinite weight is no error")
	}
}

func TestOpen(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(folder); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
	write("one.safetensors", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8))
	write("two.safetensors", file(`{"b":{"dtype":"F16","shape":[3],"data_offsets":[0,6]}}`, 6))
	write(index, []byte(`{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}`))
	f, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	f.Rest()
	if v, err := f.Floats("b", 3); err != nil || len(v) != 3 { // the index says which of the two
		t.Errorf("%v, %v", v, err)
	}
	f.Close()
	for _, bad := range []string{
		"", "[]", `{"weight_map":{"a":"three.safetensors"}}`, `{"weight_map":{"c":"one.safetensors"}}`, `{"weight_map":{"a":""}}`, `{"weight_map":{"a":"."}}`,
		`{"weight_map":{"a":"../x"}}`, `{"weight_map":{"a":"/etc/hostname"}}`, `{"weight_map":{"a":"model.safetensors.index.json"}}`,
	} {
		write(index, []byte(bad))
		if _, err := Open(folder); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	write(whole, file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	if f, err = Open(folder); err != nil || !f.Has("w") {
		t.Fatalf("the whole file comes first: %v", err)
	}
	f.Close()
}

// FuzzRead reads foreign bytes, and everything that is in them; what it allocates is bounded by their number.
func FuzzRead(f *testing.F) {
	f.Add(file(good, 30))
	f.Add(file(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}`, 8))
	f.Add(file(`{"a":{"dtype":"F8_E5M2","shape":[8],"data_offsets":[0,8]}}`, 8))
	f.Add(binary.LittleEndian.AppendUint64(nil, 1<<40))
	f.Fuzz(func(t *testing.T, content []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, err := Read(content)
		if err != nil {
			return
		}
		total := 0
		for _, name := range file.Names() {
			values, err := file.Floats(name, file.tensors[name].Shape...)
			if err == nil {
				total += len(values)
			}
			if t, err := file.Tensor(name, -1, -1); err == nil && t.Shape[1] < 1<<20 {
				row := make([]float32, t.Shape[1])
				for i := range min(t.Shape[0], 4) {
					t.Row(row, i)
				}
			}
		}
		if 2*total > len(content) {
			t.Fatalf("%d values of %d bytes", total, len(content))
		}
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > uint64(1<<16+64*len(content)) {
			t.Fatalf("%d bytes allocated for %d", spent, len(content))
		}
	})
}
