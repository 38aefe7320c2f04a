package main

import (
	"volteface/internal/nlp/net"
	"volteface/internal/nlp/parser"
)

// rectify cuts what is below zero and multiplies by the mask.
func rectify(x, mask []float32) {
	for i, v := range x {
		x[i] = max(v, 0) * mask[i]
	}
}

// unrectify is rectify's way back: x is what it gave.
func unrectify(d, x, mask []float32) {
	for i, v := range x {
		if v <= 0 {
			d[i] = 0
		} else {
			d[i] *= mask[i]
		}
	}
}

// learnArcs teaches each word to choose its head among all others and the root.
func (s *shard) learnArcs(scale float32) {
	n, total, width := s.n, s.total, s.n.Arc
	s.arcH, s.arcD, s.arcQ = grow(s.arcH, total*width), grow(s.arcD, total*width), grow(s.arcQ, total*width)
	s.arcMask = grow(s.arcMask, 2*total*width)
	s.drop(s.arcMask, n.dropHidden)
	maskH, maskD := s.arcMask[:total*width], s.arcMask[total*width:]
	n.arcHead.forward(total, s.top, s.arcH)
	n.arcDep.forward(total, s.top, s.arcD)
	rectify(s.arcH, maskH)
	rectify(s.arcD, maskD)
	n.arcU.forward(total, s.arcD, s.arcQ)
	s.dArcH, s.dArcD, s.dArcQ = zeros(s.dArcH, total*width), zeros(s.dArcD, total*width), zeros(s.dArcQ, total*width)
	distance, dDistance, root, dRoot := n.arcDistance.w, n.arcDistance.g[s.id], n.arcRoot.w, n.arcRoot.g[s.id]
	at := 0
	for _, e := range s.batch {
		k := len(e.words)
		h, dh := s.arcH[at*width:(at+k)*width], s.dArcH[at*width:(at+k)*width]
		s.row = grow(s.row, k+1)
		for d := range k {
			q, dq := s.arcQ[(at+d)*width:(at+d+1)*width], s.dArcQ[(at+d)*width:(at+d+1)*width]
			for i := range k {
				s.row[i] = net.Dot(q, h[i*width:(i+1)*width]) + distance[parser.Distance(i, d, k)]
			}
			s.row[d] = -1e4
			s.row[k] = net.Dot(q, root) + distance[0]
			s.dRow = zeros(s.dRow, k+1)
			s.loss[1] += softmax(s.row, s.dRow, int(e.heads[d]), scale)
			s.lossCount[1]++
			for i, g := range s.dRow {
				if g > -1e-8 && g < 1e-8 {
					continue
				}
				dDistance[parser.Distance(i, d, k)] += g
				if i == k {
					net.AddScaled(dq, g, root)
					net.AddScaled(dRoot, g, q)
					continue
				}
				net.AddScaled(dq, g, h[i*width:(i+1)*width])
				net.AddScaled(dh[i*width:(i+1)*width], g, q)
			}
		}
		at += k
	}
	n.arcU.backward(s.id, total, s.arcD, s.dArcQ, s.dArcD)
	unrectify(s.dArcD, s.arcD, maskD)
	unrectify(s.dArcH, s.arcH, maskH)
	n.arcDep.backward(s.id, total, s.top, s.dArcD, s.dTop)
	n.arcHead.backward(s.id, total, s.top, s.dArcH, s.dTop)
}

// learnLabels names the relation between each word and its gold head.
func (s *shard) learnLabels(scale float32) {
	n, total := s.n, s.total
	width, cols := n.Label, n.labelOut.w.cols
	s.head, s.dep = grow(s.head, total*width), grow(s.dep, total*width)
	n.labelHead.forward(total, s.top, s.head)
	n.labelDep.forward(total, s.top, s.dep)
	s.hidden, s.hiddenMask = grow(s.hidden, total*width), grow(s.hiddenMask, total*width)
	s.drop(s.hiddenMask, n.dropHidden)
	at := 0
	for _, e := range s.batch {
		k := len(e.words)
		for d := range k {
			x := s.hidden[(at+d)*width : (at+d+1)*width]
			copy(x, s.dep[(at+d)*width:])
			if h := int(e.heads[d]); h < k {
				net.Add(x, s.head[(at+h)*width:(at+h+1)*width])
			} else {
				net.Add(x, n.labelRoot.w)
			}
			net.Add(x, n.labelDistance.row(int32(parser.Distance(int(e.heads[d]), d, k))))
		}
		at += k
	}
	rectify(s.hidden, s.hiddenMask)
	s.rel, s.dRel = grow(s.rel, total*cols), zeros(s.dRel, total*cols)
	n.labelOut.forward(total, s.hidden, s.rel)
	i := 0
	for _, e := range s.batch {
		for k := range e.words {
			if e.rel[k] > 0 { // the root's name is not chosen
				r := len(n.Rels)
				s.loss[2] += softmax(s.rel[i*cols+1:i*cols+r], s.dRel[i*cols+1:i*cols+r], e.rel[k]-1, scale)
				s.lossCount[2]++
			}
			i++
		}
	}
	s.dHidden, s.dHead = zeros(s.dHidden, total*width), zeros(s.dHead, total*width)
	n.labelOut.backward(s.id, total, s.hidden, s.dRel, s.dHidden)
	unrectify(s.dHidden, s.hidden, s.hiddenMask)
	at = 0
	for _, e := range s.batch {
		k := len(e.words)
		for d := range k {
			g := s.dHidden[(at+d)*width : (at+d+1)*width]
			b := parser.Distance(int(e.heads[d]), d, k)
			net.Add(n.labelDistance.g[s.id][b*width:(b+1)*width], g)
			if h := int(e.heads[d]); h < k {
				net.Add(s.dHead[(at+h)*width:(at+h+1)*width], g)
			} else {
				net.Add(n.labelRoot.g[s.id], g)
			}
		}
		at += k
	}
	n.labelDep.backward(s.id, total, s.top, s.dHidden, s.dTop)
	n.labelHead.backward(s.id, total, s.top, s.dHead, s.dTop)
}
