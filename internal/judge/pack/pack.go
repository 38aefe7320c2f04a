// Package pack reads the files that hold a judge's weights: named tensors behind a JSON header, read where they lie.
//
// A file is, little-endian: the magic "VFJUDGE1", the header's length as uint64, the header
//
//	{"meta": {…}, "tensors": {"name": {"type": "q8", "shape": [384, 1536], "offset": 4096, "size": 589824}, …}}
//
// and the tensors, each at a multiple of 64 bytes from the file's start. train/export.py writes such files.
package pack

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"unsafe"

	"volteface/internal/judge/kernel"
)

const (
	magic     = "VFJUDGE1"
	alignment = 64
	// maxHeader bounds what is parsed: a model of 100 layers has a header of some 200 KB.
	maxHeader = 4 << 20
)

// Type says how a tensor's values are stored.
type Type string

// The types of tensors.
const (
	F32 Type = "f32" // IEEE 754 single precision
	U8  Type = "u8"
	U32 Type = "u32"
	Q8  Type = "q8" // a kernel.Matrix's packed weights; NAME.scale, NAME.sum and NAME.bias belong to it
	Q4  Type = "q4" // rows of Q4_0 blocks: of each 32 values a float16 scale, then 16 bytes, low nibbles first, minus 8
)

// Tensor is one tensor as it lies in the file.
type Tensor struct {
	Type  Type
	Shape []int
	Data  string
}

// File is a file that was read. It is immutable.
type File struct {
	// Meta is the header's part that is no tensor, as JSON.
	Meta    json.RawMessage
	tensors map[string]Tensor
}

// Read reads a file's header and checks that every tensor lies inside and has the size its shape asks for. Nothing is
// copied: the tensors are parts of data.
func Read(data string) (*File, error) {
	if len(data) < len(magic)+8 || data[:len(magic)] != magic {
		return nil, fmt.Errorf("read weights: no file that begins with %s", magic)
	}
	start := len(magic) + 8
	size := binary.LittleEndian.Uint64([]byte(data[len(magic):start]))
	if size > maxHeader || size > uint64(len(data)-start) {
		return nil, fmt.Errorf("read weights: a header of %d bytes in a file of %d", size, len(data))
	}
	var header struct {
		Meta    json.RawMessage `json:"meta"`
		Tensors map[string]struct {
			Type   Type   `json:"type"`
			Shape  []int  `json:"shape"`
			Offset uint64 `json:"offset"`
			Size   uint64 `json:"size"`
		} `json:"tensors"`
	}
	if err := json.Unmarshal([]byte(data[start:start+int(size)]), &header); err != nil {
		return nil, fmt.Errorf("read weights: header: %w", err)
	}
	f := &File{Meta: header.Meta, tensors: make(map[string]Tensor, len(header.Tensors))}
	for name, t := range header.Tensors {
		if t.Offset%alignment != 0 || t.Offset > uint64(len(data)) || t.Size > uint64(len(data))-t.Offset {
			return nil, fmt.Errorf("read weights: tensor %q: %d bytes at %d in a file of %d", name, t.Size, t.Offset, len(data))
		}
		want, err := bytes(t.Type, t.Shape)
		if err != nil {
			return nil, fmt.Errorf("read weights: tensor %q: %w", name, err)
		}
		if t.Size != uint64(want) {
			return nil, fmt.Errorf("read weights: tensor %q: %d bytes, where %s %d takes %d", name, t.Size, t.Type, t.Shape, want)
		}
		f.tensors[name] = Tensor{Type: t.Type, Shape: t.Shape, Data: data[t.Offset : t.Offset+t.Size]}
	}
	return f, nil
}

// ReadBytes is Read for bytes, which must not change afterwards.
func ReadBytes(data []byte) (*File, error) {
	return Read(unsafe.String(unsafe.SliceData(data), len(data)))
}

// bytes is how many bytes a tensor takes.
func bytes(t Type, shape []int) (int, error) {
	const most = math.MaxInt32 / 4
	values := 1
	for _, n := range shape {
		if n < 0 || n > most || int64(values)*int64(n) > most {
			return 0, fmt.Errorf("shape %d is out of bounds", shape)
		}
		values *= n
	}
	switch t {
	case F32, U32:
		return 4 * values, nil
	case U8:
		return values, nil
	case Q8:
		if len(shape) == 2 {
			if size := kernel.PackedSize(shape[0], shape[1]); size > 0 {
				return size, nil
			}
		}
		return 0, fmt.Errorf("no matrix has the shape %d", shape)
	case Q4:
		if len(shape) != 2 || shape[1]%32 != 0 {
			return 0, fmt.Errorf("shape %d is not rows of blocks of 32", shape)
		}
		return values / 32 * 18, nil
	}
	return 0, fmt.Errorf("type %q is unknown", t)
}

// Tensor gives a tensor of a type and a shape, where −1 stands for any size.
func (f *File) Tensor(name string, t Type, shape ...int) (Tensor, error) {
	tensor, ok := f.tensors[name]
	if !ok {
		return Tensor{}, fmt.Errorf("the weights have no tensor %q", name)
	}
	fits := tensor.Type == t && len(tensor.Shape) == len(shape)
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == -1 || shape[i] == tensor.Shape[i]
	}
	if !fits {
		return Tensor{}, fmt.Errorf("tensor %q is %s %d, not %s %d", name, tensor.Type, tensor.Shape, t, shape)
	}
	return tensor, nil
}

// Has tells whether there is a tensor of that name.
func (f *File) Has(name string) bool {
	_, ok := f.tensors[name]
	return ok
}

// Floats gives a copy of a tensor of type f32.
func (f *File) Floats(name string, shape ...int) ([]float32, error) {
	t, err := f.Tensor(name, F32, shape...)
	if err != nil {
		return nil, err
	}
	out := make([]float32, len(t.Data)/4)
	for i := range out {
		out[i] = math.Float32frombits(word(t.Data, i))
	}
	return out, nil
}

// Uints gives a copy of a tensor of type u32.
func (f *File) Uints(name string, shape ...int) ([]uint32, error) {
	t, err := f.Tensor(name, U32, shape...)
	if err != nil {
		return nil, err
	}
	out := make([]uint32, len(t.Data)/4)
	for i := range out {
		out[i] = word(t.Data, i)
	}
	return out, nil
}

// Matrix gives a tensor of type q8 with its scales, sums and, if there is one, its bias. The weights are not copied.
func (f *File) Matrix(name string, out, in int) (*kernel.Matrix, error) {
	t, err := f.Tensor(name, Q8, out, in)
	if err != nil {
		return nil, err
	}
	out, in = t.Shape[0], t.Shape[1]
	scale, err := f.Floats(name+".scale", out)
	if err != nil {
		return nil, err
	}
	sum, err := f.Floats(name+".sum", out)
	if err != nil {
		return nil, err
	}
	var bias []float32
	if f.Has(name + ".bias") {
		if bias, err = f.Floats(name+".bias", out); err != nil {
			return nil, err
		}
	}
	return kernel.NewMatrix(out, in, t.Data, scale, sum, bias)
}

func word(s string, i int) uint32 {
	return uint32(s[4*i]) | uint32(s[4*i+1])<<8 | uint32(s[4*i+2])<<16 | uint32(s[4*i+3])<<24
}
