package kernel

import (
	"fmt"
	"testing"
	"time"
)

// best runs f for as long as a benchmark asks and reports the fastest time as a rate: on a busy machine it says more than
// the mean. work is what one run does.
func best(b *testing.B, work float64, unit string, f func()) {
	fastest := time.Hour
	for b.Loop() {
		start := time.Now()
		f()
		fastest = min(fastest, time.Since(start))
	}
	b.ReportMetric(work/fastest.Seconds()/1e9, unit)
}

// BenchmarkLinear multiplies 96 rows with the matrices of a layer of 384 values; the unit is 1e9 multiply-adds a second.
func BenchmarkLinear(b *testing.B) {
	r := source(7)
	for _, k := range append(tested(), kernels()[len(kernels())-1]) {
		for _, shape := range [][2]int{{384, 384}, {1536, 384}, {384, 1536}} {
			out, in := shape[0], shape[1]
			b.Run(fmt.Sprintf("%s/%dx%d", k.name, out, in), func(b *testing.B) {
				const count = 96
				m := raw(r, out, in, false)
				var rows Rows
				k.Resize(&rows, count, in, false)
				for i := range count {
					k.Set(&rows, i, values(r, in, 30), -127, 127)
				}
				dst := make([]float32, count*out)
				best(b, float64(count*out*in), "GMAC/s", func() { k.Linear(dst, out, &rows, m) })
			})
		}
	}
}

// BenchmarkFloats does the float work of a layer of 384 values on 100 tokens; the unit is 1e9 values a second, or
// multiply-adds.
func BenchmarkFloats(b *testing.B) {
	r := source(8)
	for _, k := range append(tested(), kernels()[len(kernels())-1]) {
		x, gain := values(r, 1536, 1), values(r, 1536, 1)
		y := clone(x)
		b.Run(k.name+"/gelu", func(b *testing.B) {
			best(b, 15360, "Gvalues/s", func() {
				for range 10 {
					copy(x, y)
					k.GELU(x)
				}
			})
		})
		b.Run(k.name+"/norm", func(b *testing.B) {
			best(b, 3840, "Gvalues/s", func() {
				for range 10 {
					k.AddNorm(x[:384], y[:384], gain[:384], gain[384:768], 1e-12)
				}
			})
		})
		b.Run(k.name+"/quantise", func(b *testing.B) {
			var rows Rows
			k.Resize(&rows, 1, 1536, false)
			best(b, 15360, "Gvalues/s", func() {
				for range 10 {
					k.Set(&rows, 0, y, -5, 5)
				}
			})
		})
		scores, inverse := values(r, 24*112, 1), make([]float32, 24)
		b.Run(k.name+"/softmax", func(b *testing.B) {
			best(b, 26880, "Gvalues/s", func() {
				for range 10 {
					k.Softmax(scores, inverse)
				}
			})
		})
		p := Product{A: x, B: values(r, 32*112, 1), C: scores, StrideA: 32, StrideB: 112, StrideC: 112, Rows: 24, Inner: 32, Columns: 112, Scale: gain}
		b.Run(k.name+"/scores", func(b *testing.B) { best(b, 24*32*112, "GMAC/s", func() { k.Multiply(p) }) })
		p = Product{A: scores, B: values(r, 32*112, 1), C: x, StrideA: 112, StrideB: 32, StrideC: 32, Rows: 24, Inner: 100, Columns: 32, Scale: gain}
		b.Run(k.name+"/values", func(b *testing.B) { best(b, 24*32*100, "GMAC/s", func() { k.Multiply(p) }) })
	}
}
