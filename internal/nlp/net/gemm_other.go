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
