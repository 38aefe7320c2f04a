//go:build !amd64

package net

func panel(rows, k int, a []float32, lda int, b []float32, c []float32, ldc int) {
	panelGo(rows, k, a, lda, b, c, ldc)
}

// Add adds src to dst, element by element. The lengths are equal.
func Add(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += src[i]
	}
}

// Dot is the inner product of two vectors of one length.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// AddScaled adds scale times src to dst. The lengths are equal.
func AddScaled(dst []float32, scale float32, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += scale * src[i]
	}
}

// Step takes one step of a simple recurrent unit of h numbers; h is a multiple of 8.
// u holds the candidate and the two gates, which are replaced by their sigmoids;
// before and after are the states, which may be the same slice.
func Step(h int, u, x, out, v, before, after []float32) {
	stepGo(h, u, x, out, v, before, after)
}

// Step takes one step of Adam (Kingma and Ba 2015) and clears the gradient.
func (a *Adam) Step(w, g, m, v []float32) { a.stepGo(w, g, m, v) }

func tiles(r *Rows, b []int16, cols, c []float32, ldc int) { tilesGo(r, b, cols, c, ldc) }

func quantise(x []float32, most float32, to []int16) float32 { return quantiseGo(x, most, to) }
