package net

import "golang.org/x/sys/cpu"

//go:noescape
func tile8x32avx512(k int, a *float32, lda int, b *float32, c *float32, ldc int)

//go:noescape
func tile1x32avx512(k int, a *float32, b *float32, c *float32)

//go:noescape
func tile6x16avx2(k int, a *float32, lda int, b *float32, c *float32, ldc int)

//go:noescape
func axpyAVX2(n int, scale float32, dst *float32, src *float32)

//go:noescape
func adamAVX2(n int, k *[8]float32, w, gradient, m, v *float32)

//go:noescape
func sruAVX2(h int, u, x, out, v, before, after *float32)

//go:noescape
func tile2x32avx2(k int, a *float32, lda int, b *float32, c *float32, ldc int)

//go:noescape
func tile1x32avx2(k int, a *float32, b *float32, c *float32)

//go:noescape
func addAVX2(n int, dst *float32, src *float32)

//go:noescape
func dotAVX2(n int, a *float32, b *float32) float32

// The kernels this processor can run. They are read once, when first needed by
// the linker's order, and are plain flags: nothing is done at start-up that costs.
var (
	hasAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F
)

// panel adds the rows of a times one packed panel to 32 columns of c.
func panel(rows, k int, a []float32, lda int, b []float32, c []float32, ldc int) {
	if rows == 0 || k == 0 {
		return
	}
	_, _, _ = a[(rows-1)*lda+k-1], b[k*Panel-1], c[(rows-1)*ldc+Panel-1]
	i := 0
	switch {
	case hasAVX512:
		for ; i+8 <= rows; i += 8 {
			tile8x32avx512(k, &a[i*lda], lda*4, &b[0], &c[i*ldc], ldc*4)
		}
		for ; i < rows; i++ {
			tile1x32avx512(k, &a[i*lda], &b[0], &c[i*ldc])
		}
	case hasAVX2:
		// Half a panel after the other: it stays in the first cache.
		for half := 0; half < Panel; half += Panel / 2 {
			for i = 0; i+6 <= rows; i += 6 {
				tile6x16avx2(k, &a[i*lda], lda*4, &b[half], &c[i*ldc+half], ldc*4)
			}
		}
		for ; i+2 <= rows; i += 2 {
			tile2x32avx2(k, &a[i*lda], lda*4, &b[0], &c[i*ldc], ldc*4)
		}
		for ; i < rows; i++ {
			tile1x32avx2(k, &a[i*lda], &b[0], &c[i*ldc])
		}
	default:
		panelGo(rows, k, a, lda, b, c, ldc)
	}
}

// Add adds src to dst, element by element. The lengths are equal.
func Add(dst, src []float32) {
	n := 0
	if hasAVX2 && len(dst) >= 8 {
		n = len(dst) &^ 7
		_ = src[n-1]
		addAVX2(n, &dst[0], &src[0])
	}
	for i := n; i < len(dst); i++ {
		dst[i] += src[i]
	}
}

// Dot is the inner product of two vectors of one length.
func Dot(a, b []float32) float32 {
	n := 0
	var sum float32
	if hasAVX2 && len(a) >= 8 {
		n = len(a) &^ 7
		_ = b[n-1]
		sum = dotAVX2(n, &a[0], &b[0])
	}
	for i := n; i < len(a); i++ {
		sum += a[i] * b[i]
	}
	return sum
}

// AddScaled adds scale times src to dst. The lengths are equal.
func AddScaled(dst []float32, scale float32, src []float32) {
	n := 0
	if hasAVX2 && len(dst) >= 8 {
		n = len(dst) &^ 7
		_ = src[n-1]
		axpyAVX2(n, scale, &dst[0], &src[0])
	}
	for i := n; i < len(dst); i++ {
		dst[i] += scale * src[i]
	}
}

// Step takes one step of a simple recurrent unit of h numbers; h is a multiple of 8.
// u holds the candidate and the two gates, which are replaced by their sigmoids;
// before and after are the states, which may be the same slice.
func Step(h int, u, x, out, v, before, after []float32) {
	if !hasAVX2 {
		stepGo(h, u, x, out, v, before, after)
		return
	}
	_, _, _, _, _, _ = u[3*h-1], x[h-1], out[h-1], v[2*h-1], before[h-1], after[h-1]
	sruAVX2(h, &u[0], &x[0], &out[0], &v[0], &before[0], &after[0])
}

// Adam takes one step of Adam (Kingma and Ba 2015) and clears the gradient.
func (a *Adam) Step(w, g, m, v []float32) {
	n := 0
	if hasAVX2 && len(w) >= 8 {
		n = len(w) &^ 7
		_, _, _ = g[n-1], m[n-1], v[n-1]
		adamAVX2(n, (*[8]float32)(a), &w[0], &g[0], &m[0], &v[0])
	}
	a.stepGo(w[n:], g[n:], m[n:], v[n:])
}

//go:noescape
func tile6x16int16(pairs int, a *int16, lda int, b *int16, rows, cols, c *float32, ldc int)

//go:noescape
func tile1x16int16(pairs int, a *int16, b *int16, rows, cols, c *float32)

//go:noescape
func mostAVX2(n int, x *float32) float32

//go:noescape
func quantiseAVX2(n int, by float32, x *float32, to *int16)

// tiles adds the product of all rows and 16 columns.
func tiles(r *Rows, b []int16, cols, c []float32, ldc int) {
	if !hasAVX2 {
		tilesGo(r, b, cols, c, ldc)
		return
	}
	if r.n == 0 {
		return
	}
	pairs := r.width / 2
	_, _, _, _ = r.cells[r.n*r.width-1], b[32*pairs-1], cols[15], c[(r.n-1)*ldc+15]
	i := 0
	for ; i+6 <= r.n; i += 6 {
		tile6x16int16(pairs, &r.cells[i*r.width], 2*r.width, &b[0], &r.scales[i], &cols[0], &c[i*ldc], 4*ldc)
	}
	for ; i < r.n; i++ {
		tile1x16int16(pairs, &r.cells[i*r.width], &b[0], &r.scales[i], &cols[0], &c[i*ldc])
	}
}

// quantise writes a row as whole numbers of at most the size most and gives its scale.
// Its length is a multiple of 16.
func quantise(x []float32, most float32, to []int16) float32 {
	if !hasAVX2 {
		return quantiseGo(x, most, to)
	}
	_ = to[len(x)-1]
	scale := mostAVX2(len(x), &x[0]) / most
	if scale == 0 {
		scale = 1
	}
	quantiseAVX2(len(x), 1/scale, &x[0], &to[0])
	return scale
}
