package kernel

import (
	"fmt"
	"unsafe"
)

// Rows are activations quantised with a scale and a centre for each row: what a Matrix is multiplied with. A value is
// centre + scale × its integer, which is within −127 … 127, or −2047 … 2047 in fine rows. The zero value is ready for
// Resize. Rows belong to the kernel that resized them.
type Rows struct {
	count, in, stride int
	fine              bool

	// Integers, stride a row. Fine ones are 16 × values + low, 0 ≤ low < 16; or else wide has them whole.
	values, low []int8
	wide        []int16

	scale, centre []float32
	// correction is −128 × the sum of a row: what the offset of the weights adds to each product.
	correction []int32
}

// FineInputs is how many values a fine row may have: beyond, sums of products would not fit an int32.
const FineInputs = 1 << 13

// Resize makes room for count rows of in values; fine ones take up to twice the time and have a sixteenth of the error. What
// rows held is lost; memory is kept.
func (k *Kernel) Resize(r *Rows, count, in int, fine bool) {
	if fine && in > FineInputs {
		panic(fmt.Sprintf("kernel: fine rows of %d values", in))
	}
	r.count, r.in, r.stride, r.fine = count, in, Pad(in), fine
	n := count * r.stride
	if k.wide {
		r.wide = grown(r.wide, n)
	} else {
		r.values = grown(r.values, n)
		if fine {
			r.low = grown(r.low, n)
		}
	}
	r.scale, r.centre, r.correction = grown(r.scale, count), grown(r.centre, count), grown(r.correction, count)
}

// Slice gives rows from to to, which share r's memory.
func (r *Rows) Slice(from, to int) *Rows {
	s := *r
	s.count = to - from
	s.scale, s.centre, s.correction = r.scale[from:to], r.centre[from:to], r.correction[from:to]
	from, to = from*r.stride, to*r.stride
	if r.wide != nil {
		s.wide = r.wide[from:to]
		return &s
	}
	s.values = r.values[from:to]
	if r.fine {
		s.low = r.low[from:to]
	}
	return &s
}

// Set quantises x to be row i: low becomes the least integer and high the greatest. x has Pad(in) values, zero from in on,
// and none is beyond low and high, which are 0 or on either side of it.
func (k *Kernel) Set(r *Rows, i int, x []float32, low, high float32) {
	if len(x) != r.stride {
		panic(fmt.Sprintf("kernel: %d values for a row of %d", len(x), r.stride))
	}
	steps := float32(2 * 127)
	if r.fine {
		steps = 2 * 2047
	}
	centre, inverse := low/2+high/2, inverse(high-low, steps)
	r.scale[i], r.centre[i] = (high-low)/steps, centre
	var sum int32
	switch at := i * r.stride; {
	case k.wide:
		sum = k.quantiseWide(&r.wide[at], x, centre, inverse)
	case r.fine:
		sum = k.quantiseFine(&r.values[at], &r.low[at], x, centre, inverse)
	default:
		sum = k.quantise(&r.values[at], x, centre, inverse)
	}
	r.correction[i] = -128 * sum
}

// Linear gives m × each row + m's bias: dst[i*stride+o] for row i and output o. It writes Pad(m.Out) values a row, zero
// beyond Out.
func (k *Kernel) Linear(dst []float32, stride int, r *Rows, m *Matrix) {
	if r.count == 0 {
		return
	}
	if r.in != m.In || stride < Pad(m.Out) || len(dst) < (r.count-1)*stride+Pad(m.Out) {
		panic(fmt.Sprintf("kernel: %d rows of %d times a matrix of %d × %d into %d values, %d a row",
			r.count, r.in, m.Out, m.In, len(dst), stride))
	}
	k.product(dst, stride, r, m)
}

func productGo(dst []float32, stride int, r *Rows, m *Matrix) {
	for block := 0; block < Pad(m.Out); block += Block {
		weights := unsafe.Slice(unsafe.StringData(m.weights[block*r.stride:]), Block*r.stride)
		for i := range r.count {
			row := r.wide[i*r.stride : (i+1)*r.stride]
			var sum [Block]int32
			for o := 0; o < Block; o += 4 { // four sums stay in registers
				var s0, s1, s2, s3 int32
				row, w := row, weights[4*o:]
				for len(row) >= 4 {
					a, b, c, d := int32(row[0]), int32(row[1]), int32(row[2]), int32(row[3])
					v := (*[16]byte)(w)
					s0 += a*int32(v[0]) + b*int32(v[1]) + c*int32(v[2]) + d*int32(v[3])
					s1 += a*int32(v[4]) + b*int32(v[5]) + c*int32(v[6]) + d*int32(v[7])
					s2 += a*int32(v[8]) + b*int32(v[9]) + c*int32(v[10]) + d*int32(v[11])
					s3 += a*int32(v[12]) + b*int32(v[13]) + c*int32(v[14]) + d*int32(v[15])
					if row = row[4:]; len(row) > 0 {
						w = w[4*Block:]
					}
				}
				sum[o], sum[o+1], sum[o+2], sum[o+3] = s0, s1, s2, s3
			}
			to := dst[i*stride+block:][:Block]
			for o, s := range sum {
				to[o] = float32(s+r.correction[i])*r.scale[i]*m.scale[block+o] + (r.centre[i]*m.sum[block+o] + m.bias[block+o])
			}
		}
	}
}

// grown is a slice of n elements, s's own memory if that suffices. Its content is undefined.
func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
