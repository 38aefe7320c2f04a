package main

import (
	"math"

	"volteface/internal/nlp/net"
)

// linear is y = x·w + b.
type linear struct {
	w, b    *param
	packed  net.Packed // w
	turned  net.Packed // w transposed
	scratch [shards]struct {
		gradient net.Packed
		xt       []float32
	}
}

func (o *optimiser) linear(name string, in, out int, bias bool) *linear {
	l := &linear{w: o.add(name, in, out, math.Sqrt(6/float64(in+out)))}
	if bias {
		l.b = o.add(name+".bias", 1, out, 0)
	}
	o.linears = append(o.linears, l)
	return l
}

// refresh packs the weights, after each change of them.
func (l *linear) refresh() {
	l.packed.Load(l.w.w, l.w.rows, l.w.cols)
	l.turned.LoadTransposed(l.w.w, l.w.rows, l.w.cols)
}

func (l *linear) forward(n int, x, y []float32) {
	var b []float32
	if l.b != nil {
		b = l.b.w
	}
	l.packed.Mul(n, x, b, y)
}

// backward adds to the gradients of w and b, and to dx unless it is nil.
func (l *linear) backward(shard, n int, x, dy, dx []float32) {
	in, out := l.w.rows, l.w.cols
	s := &l.scratch[shard]
	s.xt = grow(s.xt, in*n)
	for i := range n {
		for j, v := range x[i*in : (i+1)*in] {
			s.xt[j*n+i] = v
		}
	}
	s.gradient.Load(dy[:n*out], n, out)
	s.gradient.MulAdd(in, s.xt, l.w.g[shard])
	if l.b != nil {
		for i := range n {
			net.Add(l.b.g[shard], dy[i*out:(i+1)*out])
		}
	}
	if dx != nil {
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
	h       int
	lin     *linear
	v       *param
	scratch [shards]struct {
		u, du []float32 // the gates; u holds their values after the sigmoid
		c     []float32 // states, one row of 2h a word
		xd    []float32 // input after dropout
		dxd   []float32
		carry []float32
		zero  []float32
	}
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
func (r *recurrent) forward(shard, n int, x, y []float32, mask []float32, ends []int) {
	h, d := r.h, 2*r.h
	s := &r.scratch[shard]
	s.xd = grow(s.xd, n*d)
	at := 0
	for k, end := range ends {
		m := mask[k*d : (k+1)*d]
		for ; at < end; at++ {
			to := s.xd[at*d : (at+1)*d]
			for j, v := range x[at*d : (at+1)*d] {
				to[j] = v * m[j]
			}
		}
	}
	s.u, s.c, s.zero = grow(s.u, n*3*d), grow(s.c, n*d), zeros(s.zero, h)
	r.lin.forward(n, s.xd, s.u)
	first := 0
	for _, end := range ends {
		for dir := range 2 {
			v := r.v.w[dir*d : (dir+1)*d]
			before := s.zero
			for k := range end - first {
				i := first + k
				if dir == 1 {
					i = end - 1 - k
				}
				c := s.c[i*d+dir*h:][:h]
				net.Step(h, s.u[i*3*d+dir*3*h:], x[i*d+dir*h:], y[i*d+dir*h:], v, before, c)
				before = c
			}
		}
		first = end
	}
}

// backward turns dy into dx, which it adds to.
func (r *recurrent) backward(shard, n int, x, dy, dx []float32, mask []float32, ends []int) {
	h, d := r.h, 2*r.h
	s := &r.scratch[shard]
	s.du = grow(s.du, n*3*d)
	first := 0
	for _, end := range ends {
		for dir := range 2 {
			v, gv := r.v.w[dir*d:(dir+1)*d], r.v.g[shard][dir*d:(dir+1)*d]
			s.carry = zeros(s.carry, h)
			for k := end - first - 1; k >= 0; k-- {
				i, p := first+k, first+k-1
				if dir == 1 {
					i, p = end-1-k, end-k
				}
				before := s.zero
				if k > 0 {
					before = s.c[p*d+dir*h:][:h]
				}
				stepBack(h, s.u[i*3*d+dir*3*h:], s.du[i*3*d+dir*3*h:], s.c[i*d+dir*h:], before, x[i*d+dir*h:], dy[i*d+dir*h:], dx[i*d+dir*h:], v, gv, s.carry)
			}
		}
		first = end
	}
	s.dxd = zeros(s.dxd, n*d)
	r.lin.backward(shard, n, s.xd, s.du, s.dxd)
	at := 0
	for k, end := range ends {
		m := mask[k*d : (k+1)*d]
		for ; at < end; at++ {
			to := dx[at*d : (at+1)*d]
			for j, v := range s.dxd[at*d : (at+1)*d] {
				to[j] += v * m[j]
			}
		}
	}
}

// stepBack is net.Step's way back through one word. carry is the gradient of the
// state, from the word behind it to the word before.
func stepBack(h int, u, du, c, before, x, dy, dx, v, gv, carry []float32) {
	uc, uf, ur := u[:h], u[h:2*h], u[2*h:3*h]
	duc, duf, dur := du[:h], du[h:2*h], du[2*h:3*h]
	vf, vr, gvf, gvr := v[:h], v[h:2*h], gv[:h], gv[h:2*h]
	c, before, x, dy, dx, carry = c[:h], before[:h], x[:h], dy[:h], dx[:h], carry[:h]
	for j := range carry {
		f, g, b, y := uf[j], ur[j], before[j], dy[j]
		dg := y * (c[j] - x[j]) * g * (1 - g)
		dx[j] += y * (1 - g)
		dc := y*g + carry[j]
		df := dc * (b - uc[j]) * f * (1 - f)
		duc[j], duf[j], dur[j] = dc*(1-f), df, dg
		gvf[j] += df * b
		gvr[j] += dg * b
		carry[j] = dc*f + df*vf[j] + dg*vr[j]
	}
}
