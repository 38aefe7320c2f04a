package safetensors

import (
	"encoding/binary"
	"math"

	"volteface/internal/judge/pack"
)

// Tensor is one tensor as it lies in the file. It is safe from many goroutines.
type Tensor struct {
	Type  Type
	Shape []int
	Data  []byte
}

// Row writes row i of a tensor of two dimensions, which File.Tensor gave: as many values as a row has. So a table of word
// embeddings is read where it lies.
func (t Tensor) Row(dst []float32, i int) {
	width := t.Shape[1]
	t.decode(dst[:width], i*width)
}

// count is how many values there are.
func (t Tensor) count() int { return len(t.Data) / int(sizes[t.Type]) }

// decode writes len(dst) values, the first of them number from.
func (t Tensor) decode(dst []float32, from int) {
	switch t.Type {
	case F32:
		b := t.Data[4*from:][:4*len(dst)]
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case F16:
		b := t.Data[2*from:][:2*len(dst)]
		for i := range dst {
			dst[i] = pack.Half(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case BF16:
		b := t.Data[2*from:][:2*len(dst)]
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(b[2*i:])) << 16)
		}
	}
}
