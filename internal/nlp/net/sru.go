package net

import "math"

// Sigmoid is the logistic function, right to six digits.
func Sigmoid(x float32) float32 {
	return 1 / (1 + exp(-x))
}

// exp is e to the x by Cephes' polynomial, for x within ±87.
func exp(x float32) float32 {
	x = max(-87, min(87, x))
	n := float32(math.Floor(float64(x*1.44269504 + 0.5)))
	x = x - n*0.693359375 + n*2.12194440e-4
	p := ((((1.9875691500e-4*x+1.3981999507e-3)*x+8.3334519073e-3)*x+4.1665795894e-2)*x+1.6666665459e-1)*x + 5.0000001201e-1
	p = p*x*x + x + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// Exp32 is e to the x, right to six digits, for x within ±87; beyond, it is cut.
func Exp32(x float32) float32 { return exp(x) }

// Recur runs one direction of a simple recurrent unit (Lei et al. 2018) over the
// rows first … last of one sentence; back tells whether it runs from last to first.
//
// u holds for each row the candidate, the forget gate and the reset gate before
// their sigmoids, h numbers each, at the offset at within a row of stride su. x and
// out are rows of sx numbers, of which this direction reads and writes h from the
// offset xo on. v are the weights of the state before in the two gates. c is room
// for h numbers.
func Recur(first, last int, back bool, h int, u []float32, su, at int, x, out []float32, sx, xo int, v, c []float32) {
	c = c[:h]
	clear(c)
	for i := first; i <= last; i++ {
		t := i
		if back {
			t = first + last - i
		}
		Step(h, u[t*su+at:], x[t*sx+xo:], out[t*sx+xo:], v, c, c)
	}
}

// stepGo is Step without assembly.
func stepGo(h int, u, x, out, v, before, after []float32) {
	uc, uf, ur := u[:h], u[h:2*h], u[2*h:3*h]
	vf, vr := v[:h], v[h:2*h]
	x, out, before, after = x[:h], out[:h], before[:h], after[:h]
	for j := range before {
		f := Sigmoid(uf[j] + vf[j]*before[j])
		r := Sigmoid(ur[j] + vr[j]*before[j])
		uf[j], ur[j] = f, r
		after[j] = f*before[j] + (1-f)*uc[j]
		out[j] = r*after[j] + (1-r)*x[j]
	}
}
