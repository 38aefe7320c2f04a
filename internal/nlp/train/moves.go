package main

import (
	"math"

	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
	"volteface/internal/nlp/transition"
)

// learnMoves walks each sentence through the transition system. The dynamic oracle
// tells the best moves in whatever state the parser has come to.
func (n *network) learnMoves(batch []*example, total int, scale float32, dTop []float32) {
	cols := n.slots.w.cols
	n.s, n.ds = grow(n.s, total*cols), zeros(n.ds, total*cols)
	n.slots.forward(total, n.top, n.s)
	at := 0
	for _, e := range batch {
		k := len(e.words)
		n.walk(e, n.s[at*cols:(at+k)*cols], n.ds[at*cols:(at+k)*cols], scale)
		at += k
	}
	n.slots.backward(total, n.top, n.ds, dTop)
}

func (n *network) walk(e *example, s, ds []float32, scale float32) {
	words, width, cols := len(e.words), n.Move, n.slots.w.cols
	hidden, dHidden, mask := make([]float32, width), make([]float32, width), make([]float32, width)
	st := &n.state
	st.Reset(words)
	var slots [parser.Slots]int
	for !st.Done() {
		best := st.Best(e.lifted)
		count := 0
		only := transition.Shift
		for m := transition.Shift; m < transition.Moves; m++ {
			if st.Can(m) {
				count++
				only = m
			}
		}
		if count == 1 {
			st.Do(only)
			continue
		}
		parser.Fill(st, &slots)
		copy(hidden, n.moveBias.w)
		d := int32(parser.Distance(st))
		net.Add(hidden, n.distance.row(d))
		for k, w := range slots {
			from := n.none.w
			if w == words {
				from = n.root.w
			} else if w >= 0 {
				from = s[w*cols:]
			}
			net.Add(hidden, from[k*width:(k+1)*width])
		}
		n.drop(mask, n.dropHidden)
		for j, x := range hidden {
			hidden[j] = max(x, 0) * mask[j]
		}
		var score [transition.Moves]float64
		var sum, good float64
		chosen, right := transition.Shift, transition.Shift
		most, mostRight := math.Inf(-1), math.Inf(-1)
		for m := transition.Shift; m < transition.Moves; m++ {
			if !st.Can(m) {
				continue
			}
			x := float64(n.moveOut.w[m] + net.Dot(hidden, n.move.row(int32(m))))
			score[m] = x
			if x > most {
				chosen, most = m, x
			}
			if best[m] && x > mostRight {
				right, mostRight = m, x
			}
		}
		for m := transition.Shift; m < transition.Moves; m++ {
			if st.Can(m) {
				score[m] = math.Exp(score[m] - most)
				sum += score[m]
				if best[m] {
					good += score[m]
				}
			}
		}
		n.loss[1] -= math.Log(max(good/sum, 1e-30))
		n.lossCount[1]++
		clear(dHidden)
		for m := transition.Shift; m < transition.Moves; m++ {
			if !st.Can(m) {
				continue
			}
			g := score[m] / sum
			if best[m] {
				g -= score[m] / max(good, 1e-30)
			}
			x := float32(g) * scale
			n.moveOut.g[m] += x
			row, grad := n.move.row(int32(m)), n.move.g[int(m)*width:(int(m)+1)*width]
			for j, h := range hidden {
				grad[j] += x * h
				dHidden[j] += x * row[j]
			}
		}
		for j, h := range hidden {
			if h <= 0 {
				dHidden[j] = 0
			} else {
				dHidden[j] *= mask[j]
			}
		}
		net.Add(n.moveBias.g, dHidden)
		net.Add(n.distance.g[int(d)*width:(int(d)+1)*width], dHidden)
		for k, w := range slots {
			to := n.none.g
			if w == words {
				to = n.root.g
			} else if w >= 0 {
				to = ds[w*cols:]
			}
			net.Add(to[k*width:(k+1)*width], dHidden)
		}
		if n.r.Float64() < n.explore {
			st.Do(chosen)
		} else {
			st.Do(right)
		}
	}
}

// learnLabels names the relation between each word and its gold head.
func (n *network) learnLabels(batch []*example, total int, scale float32, dTop []float32) {
	width, cols := n.Label, n.labelOut.w.cols
	n.head, n.dep = grow(n.head, total*width), grow(n.dep, total*width)
	n.labelHead.forward(total, n.top, n.head)
	n.labelDep.forward(total, n.top, n.dep)
	n.hidden = grow(n.hidden, total*width)
	mask := make([]float32, total*width)
	n.drop(mask, n.dropHidden)
	source := func(at int, e *example, k int) int {
		if int(e.heads[k]) == len(e.words) {
			return -1
		}
		return at + int(e.heads[k])
	}
	at := 0
	for _, e := range batch {
		for k := range e.words {
			h := n.hidden[(at+k)*width : (at+k+1)*width]
			copy(h, n.dep[(at+k)*width:])
			if i := source(at, e, k); i >= 0 {
				net.Add(h, n.head[i*width:(i+1)*width])
			} else {
				net.Add(h, n.labelRoot.w)
			}
			for j, x := range h {
				h[j] = max(x, 0) * mask[(at+k)*width+j]
			}
		}
		at += len(e.words)
	}
	n.rel, n.dRel = grow(n.rel, total*cols), zeros(n.dRel, total*cols)
	n.labelOut.forward(total, n.hidden, n.rel)
	i := 0
	for _, e := range batch {
		for k := range e.words {
			if e.rel[k] > 0 { // the root's name is not chosen
				r := len(n.Rels)
				n.loss[2] += softmax(n.rel[i*cols+1:i*cols+r], n.dRel[i*cols+1:i*cols+r], e.rel[k]-1, scale)
				n.lossCount[2]++
			}
			i++
		}
	}
	n.dHidden = zeros(n.dHidden, total*width)
	n.labelOut.backward(total, n.hidden, n.dRel, n.dHidden)
	n.dHead = zeros(n.dHead, total*width)
	at = 0
	for _, e := range batch {
		for k := range e.words {
			d := n.dHidden[(at+k)*width : (at+k+1)*width]
			for j := range d {
				if n.hidden[(at+k)*width+j] <= 0 {
					d[j] = 0
				} else {
					d[j] *= mask[(at+k)*width+j]
				}
			}
			if i := source(at, e, k); i >= 0 {
				net.Add(n.dHead[i*width:(i+1)*width], d)
			} else {
				net.Add(n.labelRoot.g, d)
			}
		}
		at += len(e.words)
	}
	n.labelDep.backward(total, n.top, n.dHidden, dTop)
	n.labelHead.backward(total, n.top, n.dHead, dTop)
}
