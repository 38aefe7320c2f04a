package main

import (
	"math"
	"math/rand/v2"
	"sync"

	"volteface/internal/nlp/net"
)

// shards is the number of parts that a batch is cut into, each with a gradient of
// its own. It is a constant, so that the result does not depend on the machine.
const shards = 2

// param is one matrix of weights with its gradients and Adam's two moments.
type param struct {
	name       string
	rows, cols int
	w, m, v    []float32
	average    []float32 // moving average of w: what is written in the end
	g          [shards][]float32
	// A sparse matrix is a table of rows of which a batch touches few; only those
	// are updated.
	sparse  bool
	touched [shards][]int32
	marked  [shards][]bool
}

// optimiser is Adam with decoupled weight decay and the gradient cut to a largest
// length.
type optimiser struct {
	params       []*param
	linears      []*linear
	step         int
	beta1, beta2 float64
	decay        float64
	longest      float64
	source       *rand.PCG
	r            *rand.Rand
}

func newOptimiser(seed uint64) *optimiser {
	source := rand.NewPCG(seed, 1)
	return &optimiser{beta1: 0.9, beta2: 0.98, longest: 5, source: source, r: rand.New(source)}
}

// add makes a matrix with random weights of the given spread.
func (o *optimiser) add(name string, rows, cols int, spread float64) *param {
	n := rows * cols
	p := &param{name: name, rows: rows, cols: cols, w: make([]float32, n), m: make([]float32, n), v: make([]float32, n), average: make([]float32, n)}
	for i := range p.g {
		p.g[i] = make([]float32, n)
	}
	for i := range p.w {
		p.w[i] = float32((o.r.Float64()*2 - 1) * spread)
	}
	o.params = append(o.params, p)
	return p
}

// table makes a sparse matrix.
func (o *optimiser) table(name string, rows, cols int, spread float64) *param {
	p := o.add(name, rows, cols, spread)
	p.sparse = true
	for i := range p.marked {
		p.marked[i] = make([]bool, rows)
	}
	return p
}

// touch gives the gradient of one row of a sparse matrix.
func (p *param) touch(shard int, row int32) []float32 {
	if !p.marked[shard][row] {
		p.marked[shard][row] = true
		p.touched[shard] = append(p.touched[shard], row)
	}
	return p.g[shard][int(row)*p.cols : (int(row)+1)*p.cols]
}

func (p *param) row(i int32) []float32 { return p.w[int(i)*p.cols : (int(i)+1)*p.cols] }

// gather adds the gradients of all shards into the first.
func (p *param) gather() {
	for s := 1; s < shards; s++ {
		if !p.sparse {
			net.Add(p.g[0], p.g[s])
			clear(p.g[s])
			continue
		}
		for _, row := range p.touched[s] {
			a, b := int(row)*p.cols, (int(row)+1)*p.cols
			net.Add(p.touch(0, row), p.g[s][a:b])
			clear(p.g[s][a:b])
			p.marked[s][row] = false
		}
		p.touched[s] = p.touched[s][:0]
	}
}

// averageEvery is the number of steps between two looks of the moving average;
// averageKeep what it keeps of itself each time: it spans some thousand steps.
const (
	averageEvery = 10
	averageKeep  = 0.99
)

// update takes one step and clears the gradients.
func (o *optimiser) update(rate float64) {
	o.step++
	squares := make([]float64, len(o.params))
	parallel(len(o.params), func(k int) {
		p := o.params[k]
		p.gather()
		p.each(func(a, b int) { squares[k] += float64(net.Dot(p.g[0][a:b], p.g[0][a:b])) })
	})
	square := 0.0
	for _, x := range squares {
		square += x
	}
	shrink := 1.0
	if length := math.Sqrt(square); length > o.longest {
		shrink = o.longest / length
	}
	c1 := 1 - math.Pow(o.beta1, float64(o.step))
	c2 := 1 - math.Pow(o.beta2, float64(o.step))
	adam := net.Adam{float32(shrink), float32(o.beta1), float32(o.beta2), float32(1 - o.beta1), float32(1 - o.beta2),
		float32(rate * math.Sqrt(c2) / c1), 1, 1e-8}
	matrix := adam
	matrix[6] = float32(1 - rate*o.decay)
	parallel(len(o.params), func(k int) {
		p := o.params[k]
		a := &adam
		if p.rows > 1 && !p.sparse {
			a = &matrix
		}
		p.each(func(i, j int) { a.Step(p.w[i:j], p.g[0][i:j], p.m[i:j], p.v[i:j]) })
		for _, row := range p.touched[0] {
			p.marked[0][row] = false
		}
		p.touched[0] = p.touched[0][:0]
		if o.step%averageEvery == 0 {
			keep := float32(min(averageKeep, float64(o.step)/float64(o.step+10*averageEvery)))
			for i, x := range p.w {
				p.average[i] += (1 - keep) * (x - p.average[i])
			}
		}
	})
	parallel(len(o.linears), func(k int) { o.linears[k].refresh() })
}

// each calls f with the ranges of weights that this step changes.
func (p *param) each(f func(a, b int)) {
	if !p.sparse {
		f(0, len(p.w))
		return
	}
	for _, row := range p.touched[0] {
		f(int(row)*p.cols, (int(row)+1)*p.cols)
	}
}

// parallel calls f with 0 … n-1, on as many goroutines as there are shards.
func parallel(n int, f func(k int)) {
	var wait sync.WaitGroup
	for s := range shards {
		wait.Go(func() {
			for k := s; k < n; k += shards {
				f(k)
			}
		})
	}
	wait.Wait()
}
