package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/transition"
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
	slots                         *linear
	none, root                    *param
	distance, moveBias            *param
	move, moveOut                 *param
	labelHead, labelDep           *linear
	labelRoot                     *param
	labelOut                      *linear

	dropInput, dropLayer, dropHidden float64
	explore                          float64

	// The memory of one batch.
	ends                       []int
	x0, mask0                  []float32
	ids                        []int32
	xs, dxs                    [][]float32 // input of each layer, output of the last
	masks                      [][]float32
	tagIn, tagScores, dTags    []float32
	top, topMask               []float32
	s, ds                      []float32
	head, dep, dHead           []float32
	hidden, dHidden, rel, dRel []float32
	state                      transition.State
	loss                       [3]float64 // tags, moves, labels
	lossCount                  [3]int
}

func newNetwork(d parser.Description, table *vectors.Table, seed uint64) *network {
	n := &network{Description: d, optimiser: newOptimiser(rand.New(rand.NewPCG(seed, 1))), vectors: table,
		dropInput: 0.2, dropLayer: 0.3, dropHidden: 0.2}
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
	n.slots = n.linear("slots", width, parser.Slots*d.Move, false)
	n.none = n.add("slots.none", 1, parser.Slots*d.Move, 0.05)
	n.root = n.add("slots.root", 1, parser.Slots*d.Move, 0.05)
	n.distance = n.add("distance", parser.Distances, d.Move, 0.05)
	n.moveBias = n.add("moves.bias", 1, d.Move, 0)
	n.move = n.add("moves", 3, d.Move, math.Sqrt(6/float64(3+d.Move)))
	n.moveOut = n.add("moves.out", 1, 3, 0)
	n.labelHead = n.linear("labels.head", width, d.Label, false)
	n.labelDep = n.linear("labels.dep", width, d.Label, false)
	n.labelDep.b = n.add("labels.bias", 1, d.Label, 0)
	n.labelRoot = n.add("labels.root", 1, d.Label, 0.05)
	n.labelOut = n.linear("labels.out", d.Label, net.RoundUp(len(d.Rels)), true)
	return n
}

// tensors gives the weights under the names of the model file.
func (n *network) tensors() map[string]net.Tensor {
	all := map[string]net.Tensor{}
	for _, p := range n.params {
		all[p.name] = net.Tensor{Name: p.name, Rows: p.rows, Cols: p.cols, Values: p.w}
	}
	return all
}

// learn takes one step on a batch of sentences.
func (n *network) learn(batch []*example, rate float64) {
	n.ends = n.ends[:0]
	total := 0
	for _, e := range batch {
		total += len(e.words)
		n.ends = append(n.ends, total)
	}
	n.encode(batch, total)
	scale := 1 / float32(total)
	width := n.Width()
	for i := range n.dxs {
		n.dxs[i] = zeros(n.dxs[i], total*width)
	}
	n.learnTags(batch, total, scale)
	dTop := zeros(nil, total*width)
	n.learnMoves(batch, total, scale, dTop)
	n.learnLabels(batch, total, scale, dTop)
	last := n.dxs[n.Layers]
	for i, d := range dTop {
		last[i] += d * n.topMask[i]
	}
	for i := n.Layers - 1; i >= 0; i-- {
		n.layers[i].backward(total, n.xs[i], n.dxs[i+1], n.dxs[i], n.masks[i], n.ends)
	}
	n.learnInput(batch, total)
	n.update(rate)
}

// drop fills a mask with 0 and 1/(1-p).
func (n *network) drop(mask []float32, p float64) {
	keep := float32(1 / (1 - p))
	for i := range mask {
		if n.r.Float64() < p {
			mask[i] = 0
		} else {
			mask[i] = keep
		}
	}
}

func (n *network) encode(batch []*example, total int) {
	const dim = parser.InputDim
	width := n.Width()
	n.x0, n.mask0 = grow(n.x0, total*dim), grow(n.mask0, total*dim)
	n.drop(n.mask0, n.dropInput)
	n.ids = n.ids[:0]
	i := 0
	for _, e := range batch {
		for k := range e.words {
			w := &e.words[k]
			x := n.x0[i*dim : (i+1)*dim]
			id := w.index
			// A word is now and then hidden, a rare one more often, so that the network
			// learns what to do with unknown words.
			if n.r.Float64() < 0.25/(0.25+float64(w.count)) || n.r.Float64() < 0.05 {
				id = 0
			}
			n.ids = append(n.ids, id)
			n.look(w, id, x, n.r.Float64() < 0.03)
			for j, m := range n.mask0[i*dim : (i+1)*dim] {
				x[j] *= m
			}
			i++
		}
	}
	if n.xs == nil {
		n.xs, n.dxs, n.masks = make([][]float32, n.Layers+1), make([][]float32, n.Layers+1), make([][]float32, n.Layers)
	}
	n.xs[0] = grow(n.xs[0], total*width)
	n.input.forward(total, n.x0, n.xs[0])
	for k, l := range n.layers {
		n.masks[k] = grow(n.masks[k], len(batch)*width)
		n.drop(n.masks[k], n.dropLayer)
		n.xs[k+1] = grow(n.xs[k+1], total*width)
		l.forward(total, n.xs[k], n.xs[k+1], n.masks[k], n.ends)
	}
	n.top, n.topMask = grow(n.top, total*width), grow(n.topMask, total*width)
	n.drop(n.topMask, n.dropLayer)
	for i, x := range n.xs[n.Layers] {
		n.top[i] = x * n.topMask[i]
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
	for _, g := range w.grams {
		net.Add(x[:parser.GramDim], n.gram.row(int32(g)))
	}
	if k := len(w.grams); k > 0 {
		for i := range x[:parser.GramDim] {
			x[i] /= float32(k)
		}
	}
	x = x[parser.GramDim:]
	copy(x[:parser.Suf3Dim], n.suf3.row(int32(w.suf3)))
	x = x[parser.Suf3Dim:]
	copy(x[:parser.Suf2Dim], n.suf2.row(int32(w.suf2)))
	x = x[parser.Suf2Dim:]
	copy(x[:parser.ShapeDim], n.shape.row(int32(w.shape)))
}

func (n *network) learnInput(batch []*example, total int) {
	const dim = parser.InputDim
	dx := zeros(nil, total*dim)
	n.input.backward(total, n.x0, n.dxs[0], dx)
	i := 0
	for _, e := range batch {
		for k := range e.words {
			w := &e.words[k]
			g := dx[i*dim : (i+1)*dim]
			for j, m := range n.mask0[i*dim : (i+1)*dim] {
				g[j] *= m
			}
			g = g[vectors.Dim:]
			net.Add(n.word.touch(n.ids[i]), g[:parser.WordDim])
			g = g[parser.WordDim:]
			if k := len(w.grams); k > 0 {
				for j := range g[:parser.GramDim] {
					g[j] /= float32(k)
				}
			}
			for _, b := range w.grams {
				net.Add(n.gram.touch(int32(b)), g[:parser.GramDim])
			}
			g = g[parser.GramDim:]
			net.Add(n.suf3.touch(int32(w.suf3)), g[:parser.Suf3Dim])
			g = g[parser.Suf3Dim:]
			net.Add(n.suf2.touch(int32(w.suf2)), g[:parser.Suf2Dim])
			g = g[parser.Suf2Dim:]
			net.Add(n.shape.touch(int32(w.shape)), g[:parser.ShapeDim])
			i++
		}
	}
}

// softmax adds scale times the gradient of the loss of choosing gold to d and
// gives the loss. A gold choice of -1 teaches nothing.
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

func (n *network) learnTags(batch []*example, total int, scale float32) {
	width, cols := n.Width(), n.tags.w.cols
	in, mask := grow(n.tagIn, total*width), make([]float32, total*width)
	n.tagIn = in
	n.drop(mask, n.dropLayer)
	for i, x := range n.xs[n.TagLayer] {
		in[i] = x * mask[i]
	}
	n.tagScores, n.dTags = grow(n.tagScores, total*cols), zeros(n.dTags, total*cols)
	n.tags.forward(total, in, n.tagScores)
	nu, nx, nf := len(n.UPOS), len(n.XPOS), len(n.Feats)
	i := 0
	for _, e := range batch {
		for k := range e.words {
			s, d := n.tagScores[i*cols:(i+1)*cols], n.dTags[i*cols:(i+1)*cols]
			n.loss[0] += softmax(s[:nu], d[:nu], e.upos[k], scale)
			softmax(s[nu:nu+nx], d[nu:nu+nx], e.xpos[k], scale)
			softmax(s[nu+nx:nu+nx+nf], d[nu+nx:nu+nx+nf], e.feats[k], scale)
			n.lossCount[0]++
			i++
		}
	}
	dIn := make([]float32, total*width)
	n.tags.backward(total, in, n.dTags, dIn)
	to := n.dxs[n.TagLayer]
	for i, d := range dIn {
		to[i] += d * mask[i]
	}
}
