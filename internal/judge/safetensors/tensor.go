package safetensors

import (
	"encoding/binary"
	"math"
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
			dst[i] = half(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case BF16:
		b := t.Data[2*from:][:2*len(dst)]
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(b[2*i:])) << 16)
		}
	}
}

// half is the value of an IEEE 754 half precision number.
func half(h uint16) float32 {
	sign, rest := uint32(h>>15)<<31, uint32(h&0x7FFF)
	switch {
	case rest < 1<<10: // zero and what is below the normal numbers
		return math.Float32frombits(math.Float32bits(float32(rest)/(1<<24)) | sign)
	case rest >= 31<<10: // infinite, or no number
		return math.Float32frombits(sign | 255<<23 | rest<<13&(1<<23-1))
	}
	return math.Float32frombits(sign | (rest<<13 + 112<<23))
}
