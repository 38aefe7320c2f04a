package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 16)) }

func values(r *rand.Rand, n int, spread float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = spread * float32(r.NormFloat64())
	}
	return x
}

// tested are the kernels to compare with plain Go: those this machine has, and the code of AVX-VNNI in another encoding.
func tested() []*Kernel { return append(kernels()[:len(kernels())-1:len(kernels())-1], twins()...) }

func TestNames(t *testing.T) {
	names := Available()
	t.Log("this machine has", names)
	if names[len(names)-1] != "generic" {
		t.Errorf("the last of %v is not generic", names)
	}
	for _, name := range names {
		if k, err := Lookup(name); err != nil || k.Name() != name {
			t.Errorf("Lookup(%q) = %v, %v", name, k, err)
		}
	}
	if _, err := Lookup("abacus"); err == nil || !strings.Contains(err.Error(), strings.Join(names, ", ")) {
		t.Errorf("the error of a kernel that is not there is %v: it does not name %v", err, names)
	}
}

// raw is a matrix of bytes as they come, whose products are the integers themselves.
func raw(r *rand.Rand, out, in int, extreme bool) *Matrix {
	b := make([]byte, PackedSize(out, in)+1)
	for i := range b {
		if b[i] = byte(r.UintN(256)); extreme {
			b[i] = []byte{0, 1, 128, 255}[r.UintN(4)]
		}
	}
	ones := make([]float32, out)
	for i := range ones {
		ones[i] = 1
	}
	// No alignment may be assumed.
	m, err := NewMatrix(out, in, string(b)[1:], ones, make([]float32, out), nil)
	if err != nil {
		panic(err)
	}
	return m
}

func integers(r *rand.Rand, n, limit int, extreme bool) []float32 {
	x := make([]float32, n)
	for i := range x {
		if x[i] = float32(r.IntN(2*limit+1) - limit); extreme {
			x[i] = []float32{-1, 1}[r.UintN(2)] * float32(limit)
		}
	}
	return x
}

// product multiplies rows of integers, which are quantised as they are.
func product(k *Kernel, m *Matrix, x []float32, count int, fine bool) []float32 {
	var rows Rows
	k.Resize(&rows, count, m.In, fine)
	for i := range count {
		row := make([]float32, Pad(m.In))
		copy(row, x[i*m.In:(i+1)*m.In])
		k.Set(&rows, i, row, -limit(fine), limit(fine))
	}
	dst := make([]float32, count*Pad(m.Out))
	k.Linear(dst, Pad(m.Out), &rows, m)
	return dst
}

func limit(fine bool) float32 {
	if fine {
		return 2047
	}
	return 127
}

// TestIntegers runs 10,000 rows of all shapes through every kernel and expects the same bits, and those of arithmetic.
func TestIntegers(t *testing.T) {
	plain := kernels()[len(kernels())-1]
	r := source(1)
	outs, ins := []int{1, 3, 16, 17, 31, 32, 33, 48, 64, 100}, []int{1, 2, 3, 4, 5, 15, 16, 17, 30, 64, 100, 384}
	for rows, trial := 0, 0; rows < 10000; trial++ {
		count, out, in := 1+r.IntN(30), outs[r.IntN(len(outs))], ins[r.IntN(len(ins))]
		if trial < 9 {
			count = trial + 1
		}
		if trial == 9 {
			out, in = 64, 1536
		}
		rows += count
		extreme, fine := trial%3 == 0, trial%2 == 0
		if trial == 10 {
			out, in, count = 16, FineInputs, 3
		}
		m, x := raw(r, out, in, extreme), integers(r, count*in, int(limit(fine)), extreme)
		want := product(plain, m, x, count, fine)
		for i := range count {
			for o := range Pad(out) {
				exact := 0
				for j := range in {
					w := m.weights[o/Block*Block*Pad(in)+j/4*4*Block+o%Block*4+j%4]
					exact += int(x[i*in+j]) * (int(w) - 128)
				}
				if o < out && want[i*Pad(out)+o] != float32(exact) || o >= out && want[i*Pad(out)+o] != 0 {
					t.Fatalf("generic: %d rows of %d by %d: row %d, output %d is %v, not %d", count, in, out, i, o, want[i*Pad(out)+o], exact)
				}
			}
		}
		for _, k := range tested() {
			for j, v := range product(k, m, x, count, fine) {
				if v != want[j] {
					t.Fatalf("%s: %d rows of %d by %d: value %d is %v, not %v", k.name, count, in, out, j, v, want[j])
				}
			}
		}
	}
}

// TestLinear expects a layer's result near that of float32 weights and activations, scales, centres and bias included.
func TestLinear(t *testing.T) {
	r := source(2)
	const count, out, in = 7, 40, 100
	weights, bias, x := values(r, out*in, 1), values(r, out, 1), values(r, count*in, 1)
	for i := range x {
		x[i] += 2 // lopsided, as after GELU
	}
	packed, scale, sum, err := Pack(weights, out, in)
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMatrix(out, in, packed, scale, sum, bias)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range append(tested(), kernels()[len(kernels())-1]) {
		for _, fine := range []bool{false, true} {
			var rows Rows
			k.Resize(&rows, count, in, fine)
			for i := range count {
				row := make([]float32, Pad(in))
				copy(row, x[i*in:(i+1)*in])
				low, high := k.Bounds(row)
				k.Set(&rows, i, row, low, high)
			}
			stride := Pad(out) + 16
			dst := make([]float32, count*stride)
			k.Linear(dst, stride, rows.Slice(0, 1), m)
			k.Linear(dst[stride:], stride, rows.Slice(1, count), m)
			for i := range count {
				for o := range stride {
					want := 0.0
					if o < out {
						want = float64(bias[o])
						for j := range in {
							w := float64(weights[o*in+j])
							if fine { // what the rounding of weights does is known: this is about activations
								w = float64(scale[o]) * float64(rounded(weights[o*in+j]*127/(scale[o]*127), 127))
							}
							want += float64(x[i*in+j]) * w
						}
					}
					if d, most := math.Abs(float64(dst[i*stride+o])-want), map[bool]float64{false: 0.6, true: 0.02}[fine]; d > most {
						t.Errorf("%s, fine %v: row %d, output %d is %v, not %.3f", k.name, fine, i, o, dst[i*stride+o], want)
					}
				}
			}
		}
	}
}

// near fails where a vector routine differs from plain Go by more than a tolerance.
func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	for i := range want {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= tolerance*max(1, math.Abs(float64(want[i])))) {
			t.Fatalf("%s: value %d is %v, not %v", what, i, got[i], want[i])
		}
	}
}

func clone(x []float32) []float32 { return append([]float32(nil), x...) }

func TestFloats(t *testing.T) {
	plain := kernels()[len(kernels())-1]
	r := source(3)
	for _, k := range tested() {
		for _, n := range []int{1, 7, 16, 26, 32, 48, 100, 112, 384, 1536} {
			name := fmt.Sprintf("%s, %d values: ", k.name, n)
			x, y, gain, bias := values(r, n, 3), values(r, n, 1), values(r, n, 1), values(r, n, 1)

			a, b := clone(x), clone(x)
			low, high := k.AddNorm(a, y, gain, bias, 1e-12)
			wantLow, wantHigh := plain.AddNorm(b, y, gain, bias, 1e-12)
			near(t, name+"norm", append(a, low, high), append(b, wantLow, wantHigh), 1e-5)

			a, b = clone(x), clone(x)
			low, high = k.GELU(a)
			wantLow, wantHigh = plain.GELU(b)
			near(t, name+"gelu", append(a, low, high), append(b, wantLow, wantHigh), 2e-6)

			low, high = k.Bounds(x)
			wantLow, wantHigh = plain.Bounds(x)
			if low != wantLow || high != wantHigh {
				t.Errorf("%sbounds are %v, %v, not %v, %v", name, low, high, wantLow, wantHigh)
			}

			for _, rows := range []int{1, 2, 5} {
				a = values(r, rows*n, 10)
				a[0] = float32(math.Inf(-1))
				b = clone(a)
				if n == 1 {
					a[0], b[0] = 1, 1
				}
				inverse, wantInverse := make([]float32, rows), make([]float32, rows)
				k.Softmax(a, inverse)
				plain.Softmax(b, wantInverse)
				near(t, name+"softmax", append(a, inverse...), append(b, wantInverse...), 5e-6)
			}
		}
	}
}

func TestGELUEverywhere(t *testing.T) {
	for _, k := range append(tested(), kernels()[len(kernels())-1]) {
		var x []float32
		for v := float32(-12); v <= 12; v += 1.0 / 1024 {
			x = append(x, v)
		}
		x = append(x, 1e6, -1e6, 1e30, -1e30, 0, float32(math.Copysign(0, -1)))
		for len(x)%Block != 0 {
			x = append(x, 0)
		}
		y := clone(x)
		k.GELU(y)
		for i, v := range x {
			want := float64(v) * 0.5 * math.Erfc(-float64(v)/math.Sqrt2)
			if d := math.Abs(float64(y[i]) - want); !(d <= 2e-6) && !(d <= 1e-7*math.Abs(want)) {
				t.Fatalf("%s: GELU(%v) = %v, not %v", k.name, v, y[i], want)
			}
		}
	}
}

func TestMultiply(t *testing.T) {
	plain := kernels()[len(kernels())-1]
	r := source(4)
	for _, k := range tested() {
		for trial := range 300 {
			rows, inner, columns := 1+r.IntN(30), 1+r.IntN(60), 1+r.IntN(100)
			if trial%2 == 0 {
				columns = Pad(columns)
			}
			p := Product{
				A: values(r, rows*(inner+3), 1), B: values(r, inner*(columns+5), 1), C: make([]float32, rows*(columns+2)),
				StrideA: inner + 3, StrideB: columns + 5, StrideC: columns + 2,
				Rows: rows, Inner: inner, Columns: columns, Scale: values(r, rows, 1),
			}
			want := p
			want.C = clone(p.C)
			k.Multiply(p)
			plain.Multiply(want)
			near(t, fmt.Sprintf("%s: %d × %d × %d", k.name, rows, inner, columns), p.C, want.C, 1e-4)
		}
	}
}

func TestTranspose(t *testing.T) {
	r := source(5)
	for _, k := range tested() {
		for range 200 {
			rows, columns := 1+r.IntN(40), 1+r.IntN(40)
			src := values(r, rows*(columns+3), 1)
			stride := rows + r.IntN(4)
			dst := make([]float32, columns*stride)
			k.Transpose(dst, stride, src, columns+3, rows, columns)
			for i := range columns {
				for j := range stride {
					want := float32(0)
					if j < rows {
						want = src[j*(columns+3)+i]
					}
					if dst[i*stride+j] != want {
						t.Fatalf("%s: %d × %d: [%d][%d] is %v, not %v", k.name, rows, columns, i, j, dst[i*stride+j], want)
					}
				}
			}
		}
	}
}

// TestQuantise expects the same integers of every kernel for the same floats, halves to even.
func TestQuantise(t *testing.T) {
	plain := kernels()[len(kernels())-1]
	r := source(6)
	for _, k := range tested() {
		for range 200 {
			in := 1 + r.IntN(100)
			x := make([]float32, Pad(in))
			copy(x, values(r, in, float32(math.Exp(10*r.NormFloat64()))))
			if r.IntN(3) == 0 {
				for i := range in {
					x[i] = float32(r.IntN(509)-254) / 2
				}
				x[0] = 127
			}
			low, high := plain.Bounds(x)
			fine := r.IntN(2) == 0
			var a, b Rows
			k.Resize(&a, 1, in, fine)
			plain.Resize(&b, 1, in, fine)
			k.Set(&a, 0, x, low, high)
			plain.Set(&b, 0, x, low, high)
			if a.correction[0] != b.correction[0] || a.scale[0] != b.scale[0] || a.centre[0] != b.centre[0] {
				t.Fatalf("%s: correction, scale, centre %v %v %v, not %v %v %v", k.name,
					a.correction[0], a.scale[0], a.centre[0], b.correction[0], b.scale[0], b.centre[0])
			}
			for i, want := range b.wide {
				var got int16
				switch {
				case k.wide:
					got = a.wide[i]
				case fine:
					got = int16(a.values[i])<<lowBits + int16(a.low[i])
				default:
					got = int16(a.values[i])
				}
				if got != want {
					t.Fatalf("%s: %v in %v … %v is %d, not %d", k.name, x[i], low, high, got, want)
				}
			}
		}
	}
}
