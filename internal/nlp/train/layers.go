package main

import (
	"math"

	"volteface/internal/nlp/net"
)

// linear is y = x·w + b.
type linear struct {
	w, b     *param
	packed   net.Packed // w
	turned   net.Packed // w transposed
	gradient net.Packed
	xt       []float32
}

func (o *optimiser) linear(name string, in, out int, bias bool) *linear {
	l := &linear{w: o.add(name, in, out, math.Sqrt(6/float64(in+out)))}
	if bias {
		l.b = o.add(name+".bias", 1, out, 0)
	}
	return l
}

func (l *linear) forward(n int, x, y []float32) {
	l.packed.Load(l.w.w, l.w.rows, l.w.cols)
	var b []float32
	if l.b != nil {
		b = l.b.w
	}
	l.packed.Mul(n, x, b, y)
}

// backward adds to the gradients of w and b, and to dx unless it is nil.
func (l *linear) backward(n int, x, dy, dx []float32) {
	in, out := l.w.rows, l.w.cols
	l.xt = grow(l.xt, in*n)
	for i := range n {
		for j, v := range x[i*in : (i+1)*in] {
			l.xt[j*n+i] = v
		}
	}
	l.gradient.Load(dy[:n*out], n, out)
	l.gradient.MulAdd(in, l.xt, l.w.g)
	if l.b != nil {
		for i := range n {
			net.Add(l.b.g, dy[i*out:(i+1)*out])
		}
	}
	if dx != nil {
		l.turned.LoadTransposed(l.w.w, in, out)
		l.turned.MulAdd(n, dy, dx)
	}
}

func grow(x []float32, n int) []float32 {
	if cap(x) < n {
		return make([]float32, n+n/4)[:n]
	}
	return x[:n]
}

func zeros(x []float32, n int) []float32 {
	x = grow(x, n)
	clear(x)
	return x
}

// recurrent is one layer of simple recurrent units in both directions.
type recurrent struct {
	h     int
	lin   *linear
	v     *param
	u, du []float32 // the gates; u holds their values after the sigmoid
	c     []float32 // states, one row of 2h a word
	xd    []float32 // input after dropout
	carry []float32
}

func (o *optimiser) recurrent(name string, h int) *recurrent {
	r := &recurrent{h: h, lin: o.linear(name, 2*h, 6*h, true), v: o.add(name+".v", 1, 4*h, 0.1)}
	// The reset gate starts nearly open to the layer's input, so that depth does not
	// hinder at first.
	for dir := range 2 {
		for j := range h {
			r.lin.b.w[dir*3*h+2*h+j] = -1
		}
	}
	return r
}

// forward reads x (n rows of 2h) and writes y. mask is what dropout multiplies the
// input of the gates by, one row of 2h a sentence. ends holds the end of each
// sentence.
func (r *recurrent) forward(n int, x, y []float32, mask []float32, ends []int) {
	h, d := r.h, 2*r.h
	r.xd = grow(r.xd, n*d)
	at := 0
	for k, end := range ends {
		for ; at < end; at++ {
			for j, v := range x[at*d : (at+1)*d] {
				r.xd[at*d+j] = v * mask[k*d+j]
			}
		}
	}
	r.u, r.c = grow(r.u, n*3*d), grow(r.c, n*d)
	r.lin.forward(n, r.xd, r.u)
	first := 0
	for _, end := range ends {
		for dir := range 2 {
			v := r.v.w[dir*d : (dir+1)*d]
			var before []float32
			zero := make([]float32, h)
			for k := range end - first {
				i := first + k
				if dir == 1 {
					i = end - 1 - k
				}
				if k == 0 {
					before = zero
				}
				u := r.u[i*3*d+dir*3*h:][:3*h]
				c := r.c[i*d+dir*h:][:h]
				xs, ys := x[i*d+dir*h:][:h], y[i*d+dir*h:][:h]
				uc, uf, ur, vf, vr := u[:h], u[h:2*h], u[2*h:], v[:h], v[h:]
				for j := range c {
					f := net.Sigmoid(uf[j] + vf[j]*before[j])
					g := net.Sigmoid(ur[j] + vr[j]*before[j])
					uf[j], ur[j] = f, g
					c[j] = f*before[j] + (1-f)*uc[j]
					ys[j] = g*c[j] + (1-g)*xs[j]
				}
				before = c
			}
		}
		first = end
	}
}

// backward turns dy into dx, which it adds to.
func (r *recurrent) backward(n int, x, dy, dx []float32, mask []float32, ends []int) {
	h, d := r.h, 2*r.h
	r.du = grow(r.du, n*3*d)
	first := 0
	zero := make([]float32, h)
	for _, end := range ends {
		for dir := range 2 {
			v, gv := r.v.w[dir*d:(dir+1)*d], r.v.g[dir*d:(dir+1)*d]
			vf, vr, gvf, gvr := v[:h], v[h:], gv[:h], gv[h:]
			r.carry = zeros(r.carry, h)
			carry := r.carry
			for k := end - first - 1; k >= 0; k-- {
				i, p := first+k, first+k-1
				if dir == 1 {
					i, p = end-1-k, end-k
				}
				before := zero
				if k > 0 {
					before = r.c[p*d+dir*h:][:h]
				}
				u, du := r.u[i*3*d+dir*3*h:][:3*h], r.du[i*3*d+dir*3*h:][:3*h]
				c := r.c[i*d+dir*h:][:h]
				xs, dxs, dys := x[i*d+dir*h:][:h], dx[i*d+dir*h:][:h], dy[i*d+dir*h:][:h]
				uc, uf, ur := u[:h], u[h:2*h], u[2*h:]
				duc, duf, dur := du[:h], du[h:2*h], du[2*h:]
				for j := range c {
					f, g := uf[j], ur[j]
					dg := dys[j] * (c[j] - xs[j]) * g * (1 - g)
					dxs[j] += dys[j] * (1 - g)
					dc := dys[j]*g + carry[j]
					df := dc * (before[j] - uc[j]) * f * (1 - f)
					duc[j], duf[j], dur[j] = dc*(1-f), df, dg
					gvf[j] += df * before[j]
					gvr[j] += dg * before[j]
					carry[j] = dc*f + df*vf[j] + dg*vr[j]
				}
			}
		}
		first = end
	}
	dxd := zeros(nil, n*d)
	r.lin.backward(n, r.xd, r.du, dxd)
	at := 0
	for k, end := range ends {
		for ; at < end; at++ {
			for j := range d {
				dx[at*d+j] += dxd[at*d+j] * mask[k*d+j]
			}
		}
	}
}
