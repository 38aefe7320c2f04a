package net

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/klauspost/compress/zstd"
)

// Tensor is a named row-major matrix of a model file.
type Tensor struct {
	Name       string
	Rows, Cols int
	Values     []float32
}

// The first bytes of a model file, before packing, tell its format's version.
const magic = "VFNET002"

// EncodeModel packs a description (as JSON) and tensors into a model file. Each row
// is quantised to whole numbers of one byte with a scale of its own.
func EncodeModel(description any, tensors []Tensor) ([]byte, error) {
	head, err := json.Marshal(description)
	if err != nil {
		return nil, err
	}
	b := []byte(magic)
	b = appendBlock(b, head)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(tensors)))
	for _, t := range tensors {
		if len(t.Values) != t.Rows*t.Cols {
			return nil, fmt.Errorf("tensor %s: %d values, not %d by %d", t.Name, len(t.Values), t.Rows, t.Cols)
		}
		b = appendBlock(b, []byte(t.Name))
		b = binary.LittleEndian.AppendUint32(b, uint32(t.Rows))
		b = binary.LittleEndian.AppendUint32(b, uint32(t.Cols))
		cells := make([]byte, 0, len(t.Values))
		for i := range t.Rows {
			row := t.Values[i*t.Cols : (i+1)*t.Cols]
			var most float32
			for _, x := range row {
				most = max(most, x, -x)
			}
			scale := most / 127
			if scale == 0 {
				scale = 1
			}
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
			for _, x := range row {
				cells = append(cells, byte(int8(math.Round(float64(x/scale)))))
			}
		}
		b = append(b, cells...)
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(b, nil), nil
}

func appendBlock(b, block []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(block)))
	return append(b, block...)
}

// DecodeModel reads a model file into its description and tensors by name.
func DecodeModel(file []byte, description any) (map[string]Tensor, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := r.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	d := decoder{b: b}
	if string(d.take(len(magic))) != magic {
		return nil, errors.New("model: not a file of this version")
	}
	if err := json.Unmarshal(d.block(), description); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	tensors := map[string]Tensor{}
	for range d.number() {
		t := Tensor{Name: string(d.block()), Rows: d.number(), Cols: d.number()}
		scales := d.take(4 * t.Rows)
		cells := d.take(t.Rows * t.Cols)
		if d.short {
			break
		}
		t.Values = make([]float32, t.Rows*t.Cols)
		for i := range t.Rows {
			scale := math.Float32frombits(binary.LittleEndian.Uint32(scales[4*i:]))
			row := t.Values[i*t.Cols : (i+1)*t.Cols]
			for j, c := range cells[i*t.Cols : (i+1)*t.Cols] {
				row[j] = float32(int8(c)) * scale
			}
		}
		tensors[t.Name] = t
	}
	if d.short {
		return nil, errors.New("model: cut short")
	}
	return tensors, nil
}

type decoder struct {
	b     []byte
	short bool
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.short, d.b = true, nil
		return nil
	}
	x := d.b[:n]
	d.b = d.b[n:]
	return x
}

func (d *decoder) number() int {
	x := d.take(4)
	if x == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint32(x))
}

func (d *decoder) block() []byte { return d.take(d.number()) }
