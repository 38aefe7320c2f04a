package kernel

import "golang.org/x/sys/cpu"

//go:generate go run ./asm

func vectorKernels() []*Kernel {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	floats256 := floats{geluAVX2, boundsAVX2, normAVX2, quantiseAVX2, quantiseFineAVX2, quantiseWideAVX2, softmaxAVX2, transposeEights, multiplyTiles(multiplyAVX2, 6)}
	all := []*Kernel{{name: "avx2", wide: true, product: tiles(productAVX2, 6), floats: floats256}}
	if cpu.X86.HasAVXVNNI {
		all = append([]*Kernel{{name: "avxvnni", product: tiles(productVEX, 6), floats: floats256}}, all...)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VNNI {
		floats512 := floats{geluAVX512, boundsAVX512, normAVX512, quantiseAVX512, quantiseFineAVX512, nil, softmaxAVX512, transposeEights, multiplyTiles(multiplyAVX512, 12)}
		all = append([]*Kernel{{name: "avx512vnni", product: pairs(productAVX512), floats: floats512}}, all...)
	}
	return all
}

//go:noescape
func productAVX512(t *tile)

//go:noescape
func productAVX2(t *tile)

//go:noescape
func productVEX(t *tile)

//go:noescape
func productEVEX(t *tile)

//go:noescape
func geluAVX512(x []float32) (low, high float32)

//go:noescape
func geluAVX2(x []float32) (low, high float32)

//go:noescape
func boundsAVX512(x []float32) (low, high float32)

//go:noescape
func boundsAVX2(x []float32) (low, high float32)

//go:noescape
func normAVX512(x, residual, gain, bias *float32, n int, epsilon float32) (low, high float32)

//go:noescape
func normAVX2(x, residual, gain, bias *float32, n int, epsilon float32) (low, high float32)

//go:noescape
func quantiseAVX512(dst *int8, x []float32, centre, inverse float32) (sum int32)

//go:noescape
func quantiseAVX2(dst *int8, x []float32, centre, inverse float32) (sum int32)

//go:noescape
func quantiseFineAVX512(dst, low *int8, x []float32, centre, inverse float32) (sum int32)

//go:noescape
func quantiseFineAVX2(dst, low *int8, x []float32, centre, inverse float32) (sum int32)

//go:noescape
func quantiseWideAVX2(dst *int16, x []float32, centre, inverse float32) (sum int32)

//go:noescape
func softmaxAVX512(x, inverse []float32)

//go:noescape
func softmaxAVX2(x, inverse []float32)

//go:noescape
func multiplyAVX512(t *floatTile)

//go:noescape
func multiplyAVX2(t *floatTile)

//go:noescape
func transposeAVX2(dst *float32, dstStride int, src *float32, srcStride, rows, columns int)

// floatTile is one call of a routine of float products. Its fields are read by assembly.
type floatTile struct {
	c, a, b                *float32
	cBytes, aBytes, bBytes int // from row to row
	count                  int // rows
	inner, columns         int
	scale                  *float32
}

// multiplyTiles makes a product of tiles of some rows.
func multiplyTiles(multiply func(*floatTile), rows int) func(Product) {
	return func(p Product) {
		t := floatTile{b: &p.B[0], cBytes: 4 * p.StrideC, aBytes: 4 * p.StrideA, bBytes: 4 * p.StrideB, inner: p.Inner, columns: p.Columns}
		for i := 0; i < p.Rows; i += rows {
			t.c, t.a, t.scale, t.count = &p.C[i*p.StrideC], &p.A[i*p.StrideA], &p.Scale[i], min(rows, p.Rows-i)
			multiply(&t)
		}
	}
}

// transposeEights turns squares of eight by vectors, and what is left one by one.
func transposeEights(dst []float32, dstStride int, src []float32, srcStride, rows, columns int) {
	r, c := rows&^7, columns&^7
	if r > 0 && c > 0 {
		transposeAVX2(&dst[0], 4*dstStride, &src[0], 4*srcStride, r, c)
	}
	if c < columns {
		transpose(dst[c*dstStride:], dstStride, src[c:], srcStride, r, columns-c)
	}
	if r < rows {
		transpose(dst[r:], dstStride, src[r*srcStride:], srcStride, rows-r, columns)
	}
}
