package main

import (
	"math"
	"math/rand/v2"
)

// param is one matrix of weights with its gradient and Adam's two moments.
type param struct {
	name       string
	rows, cols int
	w, g, m, v []float32
	// A sparse matrix is a table of rows of which a batch touches few; only those
	// are updated.
	sparse  bool
	touched []int32
	marked  []bool
}

// optimiser is Adam (Kingma and Ba 2015) with decoupled weight decay and the
// gradient cut to a largest length.
type optimiser struct {
	params       []*param
	byName       map[string]*param
	step         int
	beta1, beta2 float64
	decay        float32
	longest      float64
	r            *rand.Rand
}

func newOptimiser(r *rand.Rand) *optimiser {
	return &optimiser{byName: map[string]*param{}, beta1: 0.9, beta2: 0.98, longest: 5, r: r}
}

// add makes a matrix with random weights of the given spread.
func (o *optimiser) add(name string, rows, cols int, spread float64) *param {
	n := rows * cols
	p := &param{name: name, rows: rows, cols: cols, w: make([]float32, n), g: make([]float32, n), m: make([]float32, n), v: make([]float32, n)}
	for i := range p.w {
		p.w[i] = float32((o.r.Float64()*2 - 1) * spread)
	}
	o.params = append(o.params, p)
	o.byName[name] = p
	return p
}

// table makes a sparse matrix.
func (o *optimiser) table(name string, rows, cols int, spread float64) *param {
	p := o.add(name, rows, cols, spread)
	p.sparse = true
	p.marked = make([]bool, rows)
	return p
}

// touch gives the gradient of one row of a sparse matrix.
func (p *param) touch(row int32) []float32 {
	if !p.marked[row] {
		p.marked[row] = true
		p.touched = append(p.touched, row)
	}
	return p.g[int(row)*p.cols : (int(row)+1)*p.cols]
}

func (p *param) row(i int32) []float32 { return p.w[int(i)*p.cols : (int(i)+1)*p.cols] }

// update takes one step and clears the gradients.
func (o *optimiser) update(rate float64) {
	o.step++
	square := 0.0
	for _, p := range o.params {
		p.each(func(a, b int) {
			for _, g := range p.g[a:b] {
				square += float64(g) * float64(g)
			}
		})
	}
	shrink := float32(1)
	if length := math.Sqrt(square); length > o.longest {
		shrink = float32(o.longest / length)
	}
	c1 := 1 - math.Pow(o.beta1, float64(o.step))
	c2 := 1 - math.Pow(o.beta2, float64(o.step))
	stepSize := float32(rate * math.Sqrt(c2) / c1)
	b1, b2 := float32(o.beta1), float32(o.beta2)
	for _, p := range o.params {
		keep := 1 - float32(rate)*o.decay
		if p.rows == 1 {
			keep = 1
		}
		p.each(func(a, b int) {
			w, g, m, v := p.w[a:b], p.g[a:b], p.m[a:b], p.v[a:b]
			for i, x := range g {
				x *= shrink
				m[i] = b1*m[i] + (1-b1)*x
				v[i] = b2*v[i] + (1-b2)*x*x
				w[i] = w[i]*keep - stepSize*m[i]/(float32(math.Sqrt(float64(v[i])))+1e-8)
				g[i] = 0
			}
		})
		for _, row := range p.touched {
			p.marked[row] = false
		}
		p.touched = p.touched[:0]
	}
}

// each calls f with the ranges of weights that this step changes.
func (p *param) each(f func(a, b int)) {
	if !p.sparse {
		f(0, len(p.w))
		return
	}
	for _, row := range p.touched {
		f(int(row)*p.cols, (int(row)+1)*p.cols)
	}
}
