package judge

import (
	_ "embed" // the projection
	"fmt"
	"math"
	"sync"

	"volteface/internal/judge/pack"
)

// Vector tells what a text speaks of, in any language: the embeddings of its pieces, weighted by how rare each is, added up,
// projected and brought to length one. Values are in units of 1/VectorUnit.
type Vector [Dimensions]int8

const (
	// Dimensions is how many values a Vector has.
	Dimensions = 192
	// VectorUnit is what the value one would be stored as; larger magnitudes than 127 are cut, which hardly any are.
	VectorUnit = 254
)

// Like is the cosine of two vectors: 1 for what speaks of the same in the same words, about 0 for what has nothing in
// common.
func (v *Vector) Like(w *Vector) float64 {
	var dot, a, b int32
	for i, x := range v {
		y := w[i]
		dot += int32(x) * int32(y)
		a += int32(x) * int32(x)
		b += int32(y) * int32(y)
	}
	if a == 0 || b == 0 {
		return 0
	}
	return float64(dot) / math.Sqrt(float64(a)*float64(b))
}

// vectorsFile holds the rarity of each piece, in 1/16, and the projection (train/vectors.py).
//
//go:embed model/vectors.bin
var vectorsFile string

// projection makes vectors of sums of embeddings.
type projection struct {
	rarity string // a byte a piece, in 1/16
	matrix []float32
	bias   []float32
}

var projected = sync.OnceValues(func() (*projection, error) {
	f, err := pack.Read(vectorsFile)
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	p := &projection{}
	rarity, err := f.Tensor("rarity", pack.U8, -1)
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	p.rarity = rarity.Data
	if p.bias, err = f.Floats("bias", Dimensions); err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	p.matrix, err = f.Floats("projection", Dimensions, vectorInputs)
	return p, err
})

// vectorInputs is the width of the word embeddings that the projection was made for.
const vectorInputs = 384

// Vector is the vector of a text: of its first 16 KB. It is that of the embedded judge whichever judge reads, so that what is
// kept of it stays comparable; a text without words has the zero vector.
func (j *Judge) Vector(text string) (v Vector) {
	base, err := Embedded()
	if err != nil {
		return v
	}
	p, err := projected()
	if err != nil {
		panic(err) // part of the program, and tested with it
	}
	sum, row := make([]float32, vectorInputs), make([]float32, vectorInputs)
	seen := map[int32]bool{}
	for _, id := range base.tokenizer.Encode(clip(text)) {
		if seen[id] || int(id) >= len(p.rarity) || p.rarity[id] == 0 {
			continue
		}
		seen[id] = true
		base.encoder.Word(row, id)
		weight := float32(p.rarity[id]) / 16
		for i, x := range row {
			sum[i] += weight * x
		}
	}
	if len(seen) == 0 {
		return v
	}
	unit(sum)
	out := make([]float32, Dimensions)
	for d := range out {
		total := p.bias[d]
		for i, w := range p.matrix[d*vectorInputs : (d+1)*vectorInputs] {
			total += w * sum[i]
		}
		out[d] = total
	}
	unit(out)
	for d, x := range out {
		v[d] = int8(max(-127, min(127, math.Round(float64(x)*VectorUnit))))
	}
	return v
}

// unit brings a vector to length one.
func unit(x []float32) {
	var square float64
	for _, v := range x {
		square += float64(v) * float64(v)
	}
	if square == 0 {
		return
	}
	by := float32(1 / math.Sqrt(square))
	for i := range x {
		x[i] *= by
	}
}
