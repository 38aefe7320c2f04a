// Package safetensors reads the files in which the libraries of Hugging Face keep a model's weights: named tensors behind a
// JSON header, read where they lie.
//
// A file is the header's length as uint64, little-endian, the header
//
//	{"__metadata__": {…}, "name": {"dtype": "F16", "shape": [384, 1536], "data_offsets": [0, 1179648]}, …}
//
// and the tensors, each right after the one before it; offsets count from the header's end. It is the format of
// https://github.com/huggingface/safetensors, with that library's rules: tensors neither overlap nor leave gaps, so that all
// that is made of a file is bounded by its size.
package safetensors

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
)

const (
	// maxHeader bounds what is parsed. An encoder of 100 layers has a header of some 200 KB.
	maxHeader = 16 << 20
	// maxSides is how many dimensions a tensor may have.
	maxSides = 16
)

// Type says how a tensor's values are stored.
type Type string

// The types whose values can be read; tensors of other types may be there, and are left alone.
const (
	F32  Type = "F32"  // IEEE 754 single precision
	F16  Type = "F16"  // IEEE 754 half precision
	BF16 Type = "BF16" // the upper half of a single
)

// sizes are the bytes a value takes. Types that are not here have sizes that are not checked.
var sizes = map[Type]uint64{
	F32: 4, F16: 2, BF16: 2, "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1,
	"I16": 2, "U16": 2, "I32": 4, "U32": 4, "I64": 8, "U64": 8, "F64": 8,
}

// File is the tensors of a file, or of all files that a model's folder has them in. It is immutable.
type File struct {
	tensors map[string]Tensor
	mapped  [][]byte
}

// Read reads a file's header and checks that the tensors fill the file and have the sizes their shapes ask for. Nothing
// is copied: the tensors are parts of file, which must not change afterwards.
func Read(file []byte) (*File, error) {
	if len(file) < 8 {
		return nil, fmt.Errorf("a file of %d bytes has no header", len(file))
	}
	size, rest := binary.LittleEndian.Uint64(file), file[8:]
	if size > maxHeader || size > uint64(len(rest)) {
		return nil, fmt.Errorf("a header of %d bytes in a file of %d", size, len(file))
	}
	header, values := rest[:size], rest[size:]
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(header, &entries); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	delete(entries, "__metadata__")
	type extent struct {
		name     string
		from, to uint64
	}
	f, extents := &File{tensors: make(map[string]Tensor, len(entries))}, make([]extent, 0, len(entries))
	for name, raw := range entries {
		var e struct {
			Type    Type     `json:"dtype"`
			Shape   []int    `json:"shape"`
			Offsets []uint64 `json:"data_offsets"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if len(e.Offsets) != 2 || e.Offsets[0] > e.Offsets[1] || e.Offsets[1] > uint64(len(values)) {
			return nil, fmt.Errorf("tensor %q lies at %d, of %d bytes", name, e.Offsets, len(values))
		}
		from, to := e.Offsets[0], e.Offsets[1]
		if err := checkShape(e.Type, e.Shape, to-from); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		f.tensors[name] = Tensor{Type: e.Type, Shape: e.Shape, Data: values[from:to:to]}
		extents = append(extents, extent{name, from, to})
	}
	slices.SortFunc(extents, func(a, b extent) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	end := uint64(0)
	for _, e := range extents {
		if e.from != end {
			return nil, fmt.Errorf("tensor %q begins at %d, not where the one before it ends, %d", e.name, e.from, end)
		}
		end = e.to
	}
	if end != uint64(len(values)) {
		return nil, fmt.Errorf("the tensors end at %d of %d bytes: the file is damaged or cut", end, len(values))
	}
	return f, nil
}

// checkShape checks that a shape takes so many bytes.
func checkShape(t Type, shape []int, size uint64) error {
	if len(shape) > maxSides {
		return fmt.Errorf("%d dimensions", len(shape))
	}
	each, known := sizes[t]
	if !known {
		return nil
	}
	want := each
	for _, n := range shape {
		if n < 0 || n > 0 && want > size/uint64(n) {
			return fmt.Errorf("%s %d in %d bytes", t, shape, size)
		}
		want *= uint64(n)
	}
	if want != size {
		return fmt.Errorf("%s %d in %d bytes", t, shape, size)
	}
	return nil
}

// Has tells whether there is a tensor of that name.
func (f *File) Has(name string) bool {
	_, ok := f.tensors[name]
	return ok
}

// Names are the names of all tensors, sorted.
func (f *File) Names() []string {
	names := make([]string, 0, len(f.tensors))
	for name := range f.tensors {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Tensor gives a tensor of a shape, where −1 stands for any size, of one of the types that can be read.
func (f *File) Tensor(name string, shape ...int) (Tensor, error) {
	t, ok := f.tensors[name]
	if !ok {
		return Tensor{}, fmt.Errorf("the weights have no tensor %q", name)
	}
	if t.Type != F32 && t.Type != F16 && t.Type != BF16 {
		return Tensor{}, fmt.Errorf("tensor %q is of type %s; F32, F16 and BF16 can be read", name, t.Type)
	}
	fits := len(t.Shape) == len(shape)
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == -1 || shape[i] == t.Shape[i]
	}
	if !fits {
		return Tensor{}, fmt.Errorf("tensor %q has the shape %d, not %d", name, t.Shape, shape)
	}
	return t, nil
}

// Floats gives a copy of a tensor's values. A value that is infinite or no number is an error: it would make everything so.
func (f *File) Floats(name string, shape ...int) ([]float32, error) {
	t, err := f.Tensor(name, shape...)
	if err != nil {
		return nil, err
	}
	values := make([]float32, t.count())
	t.decode(values, 0)
	for i, v := range values {
		if v-v != 0 {
			return nil, fmt.Errorf("tensor %q: value %d is %g", name, i, v)
		}
	}
	return values, nil
}
