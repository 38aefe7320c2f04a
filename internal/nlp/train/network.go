package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordform"
)

// network is the parser's network while it learns.
type network struct {
	parser.Description
	*optimiser
	vectors *vectors.Table

	word, gram, suf3, suf2, shape *param
	input                         *linear
	layers                        []*recurrent
	tags                          *linear
	arcHead, arcDep, arcU         *linear
	arcRoot, arcDistance          *param
	labelHead, labelDep           *linear
	labelRoot, labelDistance      *param
	labelOut                      *linear

	dropInput, dropLayer, dropHidden float64

	shards [shards]shard
}

// shard is the memory of one part of a batch.
type shard struct {
	n      *network
	id     int
	source *rand.PCG
	r      *rand.Rand

	batch []*example
	total int // words
	ends  []int

	x0, mask0, dx0         []float32
	ids                    []int32
	xs, dxs                [][]float32 // input of each layer, output of the last
	masks                  [][]float32
	tagIn, tagMask, dTagIn []float32
	tagScores, dTags       []float32
	top, topMask, dTop     []float32
	arcMask                []float32
	arcH, arcD, arcQ       []float32
	dArcH, dArcD, dArcQ    []float32
	row, dRow              []float32
	head, dep, dHead       []float32
	hiddenMask, hidden     []float32
	dHidden, rel, dRel     []float32

	loss      [3]float64 // tags, arcs, relations
	lossCount [3]int
}

func newNetwork(d parser.Description, table *vectors.Table, seed uint64) *network {
	n := &network{Description: d, optimiser: newOptimiser(seed), vectors: table}
	width := d.Width()
	n.word = n.table("word", len(d.Words)+1, parser.WordDim, 0.1)
	n.gram = n.table("gram", wordform.GramBuckets, parser.GramDim, 0.3)
	n.suf3 = n.table("suffix3", wordform.SuffixBuckets, parser.Suf3Dim, 0.1)
	n.suf2 = n.table("suffix2", wordform.SuffixBuckets, parser.Suf2Dim, 0.1)
	n.shape = n.table("shape", wordform.ShapeBuckets, parser.ShapeDim, 0.1)
	n.input = n.linear("input", parser.InputDim, width, true)
	for i := range d.Layers {
		n.layers = append(n.layers, n.recurrent(fmt.Sprintf("layer%d", i), d.Hidden))
	}
	n.tags = n.linear("tags", width, net.RoundUp(d.Tags()), true)
	n.arcHead, n.arcDep = n.linear("arcs.head", width, d.Arc, true), n.linear("arcs.dep", width, d.Arc, true)
	n.arcU = n.linear("arcs.u", d.Arc, d.Arc, false)
	n.arcU.b = n.add("arcs.prior", 1, d.Arc, 0)
	n.arcRoot = n.add("arcs.root", 1, d.Arc, 0.1)
	n.arcDistance = n.add("arcs.distance", 1, parser.Distances, 0)
	n.labelHead = n.linear("labels.head", width, d.Label, false)
	n.labelDep = n.linear("labels.dep", width, d.Label, false)
	n.labelDep.b = n.add("labels.bias", 1, d.Label, 0)
	n.labelRoot = n.add("labels.root", 1, d.Label, 0.05)
	n.labelDistance = n.add("labels.distance", parser.Distances, d.Label, 0.05)
	n.labelOut = n.linear("labels.out", d.Label, net.RoundUp(len(d.Rels)), true)
	for i := range n.shards {
		s := &n.shards[i]
		s.n, s.id, s.source = n, i, rand.NewPCG(seed, uint64(10+i))
		s.r = rand.New(s.source)
		s.xs, s.dxs, s.masks = make([][]float32, d.Layers+1), make([][]float32, d.Layers+1), make([][]float32, d.Layers)
	}
	for _, l := range n.linears {
		l.refresh()
	}
	return n
}

// tensors gives the averaged weights under the names of the model file.
func (n *network) tensors() []net.Tensor {
	var all []net.Tensor
	for _, p := range n.params {
		all = append(all, net.Tensor{Name: p.name, Rows: p.rows, Cols: p.cols, Values: p.average})
	}
	return all
}

// learn takes one step on a batch of sentences.
func (n *network) learn(batch []*example, rate float64) {
	total := 0
	for i := range n.shards {
		n.shards[i].batch, n.shards[i].total = n.shards[i].batch[:0], 0
	}
	for _, e := range batch {
		total += len(e.words)
		least := &n.shards[0]
		for i := range n.shards {
			if n.shards[i].total < least.total {
				least = &n.shards[i]
			}
		}
		least.batch = append(least.batch, e)
		least.total += len(e.words)
	}
	parallel(shards, func(k int) {
		if n.shards[k].total > 0 {
			n.shards[k].learn(1 / float32(total))
		}
	})
	n.update(rate)
}

func (s *shard) learn(scale float32) {
	n, width := s.n, s.n.Width()
	s.ends = s.ends[:0]
	at := 0
	for _, e := range s.batch {
		at += len(e.words)
		s.ends = append(s.ends, at)
	}
	s.encode()
	for i := range s.dxs {
		s.dxs[i] = zeros(s.dxs[i], s.total*width)
	}
	s.learnTags(scale)
	s.dTop = zeros(s.dTop, s.total*width)
	s.learnArcs(scale)
	s.learnLabels(scale)
	last := s.dxs[n.Layers]
	for i, d := range s.dTop {
		last[i] += d * s.topMask[i]
	}
	for i := n.Layers - 1; i >= 0; i-- {
		n.layers[i].backward(s.id, s.total, s.xs[i], s.dxs[i+1], s.dxs[i], s.masks[i], s.ends)
	}
	s.learnInput()
}

// drop fills a mask with 0 and 1/(1-p).
func (s *shard) drop(mask []float32, p float64) {
	keep := float32(1 / (1 - p))
	limit := uint64(p * (1 << 16))
	var bits uint64
	for i := range mask {
		if i%4 == 0 {
			bits = s.r.Uint64()
		}
		mask[i] = keep
		if bits&0xffff < limit {
			mask[i] = 0
		}
		bits >>= 16
	}
}

func (s *shard) encode() {
	const dim = parser.InputDim
	n, width, total := s.n, s.n.Width(), s.total
	s.x0, s.mask0 = grow(s.x0, total*dim), grow(s.mask0, total*dim)
	s.drop(s.mask0, n.dropInput)
	s.ids = s.ids[:0]
	i := 0
	for _, e := range s.batch {
		for k := range e.words {
			w := &e.words[k]
			x := s.x0[i*dim : (i+1)*dim]
			id := w.index
			// A word is now and then hidden, a rare one more often, so that the network
			// learns what to do with unknown words.
			if s.r.Float64() < 0.25/(0.25+float64(w.count)) || s.r.Float64() < 0.05 {
				id = 0
			}
			s.ids = append(s.ids, id)
			n.look(w, id, x, s.r.Float64() < 0.03)
			for j, m := range s.mask0[i*dim : (i+1)*dim] {
				x[j] *= m
			}
			i++
		}
	}
	s.xs[0] = grow(s.xs[0], total*width)
	n.input.forward(total, s.x0, s.xs[0])
	for k, l := range n.layers {
		s.masks[k] = grow(s.masks[k], len(s.batch)*width)
		s.drop(s.masks[k], n.dropLayer)
		s.xs[k+1] = grow(s.xs[k+1], total*width)
		l.forward(s.id, total, s.xs[k], s.xs[k+1], s.masks[k], s.ends)
	}
	s.top, s.topMask = grow(s.top, total*width), grow(s.topMask, total*width)
	s.drop(s.topMask, n.dropLayer)
	for i, x := range s.xs[n.Layers] {
		s.top[i] = x * s.topMask[i]
	}
}

// look writes what the network sees of a word; blind leaves out its pretrained
// vector.
func (n *network) look(w *word, id int32, x []float32, blind bool) {
	if w.vector >= 0 && !blind {
		n.vectors.Put(x, w.vector)
	} else {
		clear(x[:vectors.Dim])
	}
	x = x[vectors.Dim:]
	copy(x[:parser.WordDim], n.word.row(id))
	x = x[parser.WordDim:]
	clear(x[:parser.GramDim])
	if k := len(w.grams); k > 0 {
		for _, g := range w.grams {
			net.AddScaled(x[:parser.GramDim], 1/float32(k), n.gram.row(int32(g)))
		}
	}
	x = x[parser.GramDim:]
	copy(x[:parser.Suf3Dim], n.suf3.row(int32(w.suf3)))
	x = x[parser.Suf3Dim:]
	copy(x[:parser.Suf2Dim], n.suf2.row(int32(w.suf2)))
	x = x[parser.Suf2Dim:]
	copy(x[:parser.ShapeDim], n.shape.row(int32(w.shape)))
}

func (s *shard) learnInput() {
	const dim = parser.InputDim
	n := s.n
	s.dx0 = zeros(s.dx0, s.total*dim)
	n.input.backward(s.id, s.total, s.x0, s.dxs[0], s.dx0)
	i := 0
	for _, e := range s.batch {
		for k := range e.words {
			w := &e.words[k]
			g := s.dx0[i*dim : (i+1)*dim]
			for j, m := range s.mask0[i*dim : (i+1)*dim] {
				g[j] *= m
			}
			g = g[vectors.Dim:]
			net.Add(n.word.touch(s.id, s.ids[i]), g[:parser.WordDim])
			g = g[parser.WordDim:]
			for _, b := range w.grams {
				net.AddScaled(n.gram.touch(s.id, int32(b)), 1/float32(len(w.grams)), g[:parser.GramDim])
			}
			g = g[parser.GramDim:]
			net.Add(n.suf3.touch(s.id, int32(w.suf3)), g[:parser.Suf3Dim])
			g = g[parser.Suf3Dim:]
			net.Add(n.suf2.touch(s.id, int32(w.suf2)), g[:parser.Suf2Dim])
			g = g[parser.Suf2Dim:]
			net.Add(n.shape.touch(s.id, int32(w.shape)), g[:parser.ShapeDim])
			i++
		}
	}
}

// softmax adds scale times the gradient of the loss of choosing gold to d, which is
// clear, and gives the loss. A gold choice of -1 teaches nothing.
func softmax(scores, d []float32, gold int, scale float32) float64 {
	if gold < 0 {
		return 0
	}
	most := scores[0]
	for _, x := range scores {
		most = max(most, x)
	}
	var sum float32
	for i, x := range scores {
		e := net.Exp32(x - most)
		d[i] = e
		sum += e
	}
	p := d[gold] / sum
	for i := range scores {
		d[i] *= scale / sum
	}
	d[gold] -= scale
	return -math.Log(max(float64(p), 1e-30))
}

func (s *shard) learnTags(scale float32) {
	n, total := s.n, s.total
	width, cols := n.Width(), n.tags.w.cols
	s.tagIn, s.tagMask = grow(s.tagIn, total*width), grow(s.tagMask, total*width)
	s.drop(s.tagMask, n.dropLayer)
	for i, x := range s.xs[n.TagLayer] {
		s.tagIn[i] = x * s.tagMask[i]
	}
	s.tagScores, s.dTags = grow(s.tagScores, total*cols), zeros(s.dTags, total*cols)
	n.tags.forward(total, s.tagIn, s.tagScores)
	nu, nx, nf := len(n.UPOS), len(n.XPOS), len(n.Feats)
	i := 0
	for _, e := range s.batch {
		for k := range e.words {
			x, d := s.tagScores[i*cols:(i+1)*cols], s.dTags[i*cols:(i+1)*cols]
			s.loss[0] += softmax(x[:nu], d[:nu], e.upos[k], scale)
			softmax(x[nu:nu+nx], d[nu:nu+nx], e.xpos[k], scale)
			softmax(x[nu+nx:nu+nx+nf], d[nu+nx:nu+nx+nf], e.feats[k], scale)
			s.lossCount[0]++
			i++
		}
	}
	s.dTagIn = zeros(s.dTagIn, total*width)
	n.tags.backward(s.id, total, s.tagIn, s.dTags, s.dTagIn)
	to := s.dxs[n.TagLayer]
	for i, d := range s.dTagIn {
		to[i] += d * s.tagMask[i]
	}
}
