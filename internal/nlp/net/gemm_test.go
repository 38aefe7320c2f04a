package net

import (
	"math"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = r.Float32()*2 - 1
	}
	return x
}

func TestMulAgreesWithPlainLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][3]int{{1, 1, 32}, {2, 7, 32}, {8, 64, 96}, {9, 33, 64}, {31, 100, 128}, {64, 384, 32}} {
		m, k, n := size[0], size[1], size[2]
		a, w, bias := random(r, m*k), random(r, k*n), random(r, n)
		got, want := make([]float32, m*n), make([]float32, m*n)
		for i := range m {
			for j := range n {
				sum := float64(bias[j])
				for l := range k {
					sum += float64(a[i*k+l]) * float64(w[l*n+j])
				}
				want[i*n+j] = float32(sum)
			}
		}
		Pack(w, k, n).Mul(m, a, bias, got)
		near(t, "kernel", got, want)
		clear(got)
		p := Pack(w, k, n)
		for i := range m {
			copy(got[i*n:], bias)
		}
		for j := 0; j < n; j += Panel {
			panelGo(m, k, a, k, p.panels[j*k:], got[j:], n)
		}
		near(t, "plain Go", got, want)
	}
}

func TestWholeAgreesWithFloats(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, size := range [][3]int{{1, 16, 16}, {6, 320, 32}, {13, 448, 96}, {7, 512, 64}} {
		m, k, n := size[0], size[1], size[2]
		a, w, bias := random(r, m*k), random(r, k*n), random(r, n)
		want, got := make([]float32, m*n), make([]float32, m*n)
		if n%Panel == 0 {
			Pack(w, k, n).Mul(m, a, bias, want)
		} else {
			for i := range m {
				for j := range n {
					want[i*n+j] = bias[j]
					for l := range k {
						want[i*n+j] += a[i*k+l] * w[l*n+j]
					}
				}
			}
		}
		p := ToWhole(w, k, n)
		var rows Rows
		rows.Set(m, k, a)
		p.Mul(&rows, bias, got)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 0.02 {
				t.Fatalf("%v: element %d is %v, want %v", size, i, got[i], want[i])
			}
		}
		// Without assembly the same, up to the rounding of the last sum.
		plain := make([]float32, m*n)
		cells := make([]int16, k)
		for i := range m {
			copy(plain[i*n:], bias)
			quantiseGo(a[i*k:(i+1)*k], most(k), cells)
			for j, c := range cells {
				if c != rows.cells[i*k+j] {
					t.Fatalf("%v: number %d of row %d is %d, want %d", size, j, i, rows.cells[i*k+j], c)
				}
			}
		}
		for j := 0; j < n; j += 16 {
			tilesGo(&rows, p.panels[j*k:(j+16)*k], p.scales[j:j+16], plain[j:], n)
		}
		for i := range plain {
			if math.Abs(float64(got[i]-plain[i])) > 1e-5 {
				t.Fatalf("%v: element %d is %v in assembly, %v in Go", size, i, got[i], plain[i])
			}
		}
	}
}

// TestWholeDoesNotOverflow multiplies the largest numbers that there are.
func TestWholeDoesNotOverflow(t *testing.T) {
	const k = 512
	a, w, c := make([]float32, k), make([]float32, k*16), make([]float32, 16)
	for i := range a {
		a[i] = 3
	}
	for i := range w {
		w[i] = 2
	}
	var rows Rows
	rows.Set(1, k, a)
	ToWhole(w, k, 16).Mul(&rows, nil, c)
	if math.Abs(float64(c[5]-6*k)) > 1 {
		t.Errorf("%v, want %v", c[5], 6*k)
	}
}

func TestLoadTransposed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const rows, cols = 64, 96
	w := random(r, rows*cols)
	wt := make([]float32, rows*cols)
	for i := range rows {
		for j := range cols {
			wt[j*rows+i] = w[i*cols+j]
		}
	}
	var p Packed
	p.LoadTransposed(w, rows, cols)
	near(t, "transposed", p.panels, Pack(wt, cols, rows).panels)
}

func TestAddAndDot(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{0, 1, 7, 8, 9, 64, 129} {
		a, b := random(r, n), random(r, n)
		sum, added := 0.0, make([]float32, n)
		for i := range a {
			sum += float64(a[i]) * float64(b[i])
			added[i] = a[i] + b[i]
		}
		if got := Dot(a, b); math.Abs(float64(got)-sum) > 1e-4 {
			t.Errorf("Dot of %d numbers: %v, want %v", n, got, sum)
		}
		AddScaled(a, 0.5, b)
		AddScaled(a, 0.5, b)
		near(t, "Add", a, added)
	}
}

func TestStepAgreesWithPlainGo(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const h = 40
	u, x, v, before := random(r, 3*h), random(r, h), random(r, 2*h), random(r, h)
	for i := range u {
		u[i] *= 20
	}
	u2, out, out2, after, after2 := append([]float32(nil), u...), make([]float32, h), make([]float32, h), make([]float32, h), make([]float32, h)
	Step(h, u, x, out, v, before, after)
	stepGo(h, u2, x, out2, v, before, after2)
	near(t, "gates", u, u2)
	near(t, "output", out, out2)
	near(t, "state", after, after2)
}

func TestAdamAgreesWithPlainGo(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const n = 37
	a := Adam{0.5, 0.9, 0.98, 0.1, 0.02, 0.01, 0.999, 1e-8}
	w, g, m, v := random(r, n), random(r, n), random(r, n), random(r, n)
	for i := range v {
		v[i] = v[i] * v[i]
	}
	clone := func(x []float32) []float32 { return append([]float32(nil), x...) }
	w2, g2, m2, v2 := clone(w), clone(g), clone(m), clone(v)
	a.Step(w, g, m, v)
	a.stepGo(w2, g2, m2, v2)
	near(t, "weights", w, w2)
	near(t, "first moment", m, m2)
	near(t, "second moment", v, v2)
	near(t, "gradient", g, g2)
}

func near(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-3 {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func BenchmarkStep(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const h = 256
	u, x, v, c, out := random(r, 3*h), random(r, h), random(r, 2*h), random(r, h), make([]float32, h)
	for b.Loop() {
		Step(h, u, x, out, v, c, c)
	}
}

func BenchmarkWhole(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const m, k, n = 256, 384, 1152
	a, c := random(r, m*k), make([]float32, m*n)
	w := ToWhole(random(r, k*n), k, n)
	var rows Rows
	for b.Loop() {
		rows.Set(m, k, a)
		w.Mul(&rows, nil, c)
	}
	b.ReportMetric(float64(m*k*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
}

func BenchmarkMul(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const m, k, n = 256, 384, 1152
	a, c := random(r, m*k), make([]float32, m*n)
	w := Pack(random(r, k*n), k, n)
	for b.Loop() {
		w.Mul(m, a, nil, c)
	}
	b.ReportMetric(float64(m*k*n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
}
