package kernel

import (
	"fmt"
	"math"
	"unsafe"
)

// Matrix is the weights of a linear layer in int8 with one scale an output, and the layer's bias. It is immutable.
//
// The weights lie packed as [Out/16][In/4][16][4] bytes, each a weight plus 128, so that one vector holds four inputs of
// sixteen outputs; Out and In are padded to multiples of sixteen with zero weights. They are read where they lie, at any
// alignment, read-only memory included.
type Matrix struct {
	Out, In int

	weights string
	// One an output, and zero to Pad(Out); sum is that of the output's weights, for activations whose zero is not zero.
	scale, sum, bias []float32
}

// maxSide bounds both sides of a matrix: 255 × 127 × In must stay within an int32.
const maxSide = 1 << 16

// PackedSize is how many bytes the weights of a matrix take. It is negative when a side is none a matrix can have.
func PackedSize(out, in int) int {
	if out <= 0 || in <= 0 || out > maxSide || in > maxSide {
		return -1
	}
	return Pad(out) * Pad(in)
}

// NewMatrix makes a matrix of packed weights and, for each output, a scale, the sum of its weights (scale × the sum of the
// bytes − 128), and a bias, or nil for none. The weights are kept, the rest is copied.
func NewMatrix(out, in int, weights string, scale, sum, bias []float32) (*Matrix, error) {
	if size := PackedSize(out, in); len(weights) != size {
		return nil, fmt.Errorf("a matrix of %d × %d in %d bytes: %d are needed", out, in, len(weights), size)
	}
	if len(scale) != out || len(sum) != out || bias != nil && len(bias) != out {
		return nil, fmt.Errorf("a matrix of %d outputs with %d scales, %d sums and %d biases", out, len(scale), len(sum), len(bias))
	}
	padded := func(values []float32) []float32 {
		p := make([]float32, Pad(out))
		copy(p, values)
		return p
	}
	return &Matrix{Out: out, In: in, weights: weights, scale: padded(scale), sum: padded(sum), bias: padded(bias)}, nil
}

// Pack quantises weights, out rows of in values, symmetrically: each row's scale is its largest magnitude / 127, and
// halves go to the even neighbour. It gives what NewMatrix takes.
func Pack(weights []float32, out, in int) (packed string, scale, sum []float32, err error) {
	size := PackedSize(out, in)
	if size < 0 || len(weights) != out*in {
		return "", nil, nil, fmt.Errorf("pack %d weights as a matrix of %d × %d", len(weights), out, in)
	}
	b := make([]byte, size)
	for i := range b {
		b[i] = 128
	}
	scale, sum = make([]float32, out), make([]float32, out)
	for o := range out {
		row := weights[o*in : (o+1)*in]
		low, high := bounds(row)
		largest := max(-low, high)
		scale[o] = largest / 127
		to := b[o/Block*Block*Pad(in)+o%Block*4:]
		total := 0
		for i, w := range row {
			q := rounded(w*inverse(largest, 127), 127)
			to[i/4*Block*4+i%4] = byte(q + 128)
			total += q
		}
		sum[o] = scale[o] * float32(total)
	}
	return unsafe.String(unsafe.SliceData(b), len(b)), scale, sum, nil
}

// inverse is steps / extent, what values of an extent are multiplied with to be so many steps. An extent for which that
// overflows is as good as zero.
func inverse(extent, steps float32) float32 {
	if extent < 1e-30 {
		return 0
	}
	return steps / extent
}

// rounded is x to the nearest integer, halves to the even one, within ±limit. What is no number is zero.
func rounded(x, limit float32) int {
	switch r := math.RoundToEven(float64(x)); {
	case r >= float64(limit):
		return int(limit)
	case r <= -float64(limit):
		return -int(limit)
	case r != r:
		return 0
	default:
		return int(r)
	}
}
