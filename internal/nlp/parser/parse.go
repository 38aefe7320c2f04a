package parser

import (
	"slices"
	"strings"

	"volteface/internal/nlp/net"
	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordform"
)

// MaxWords is the length of the longest sentence that Parse takes.
const MaxWords = 512

// Analysis is what the network says of one word. UPOS, XPOS, Feats and Rel are
// places in the lists of the model's description. Head counts words of the
// sentence from 0; the root word has -1.
type Analysis struct {
	UPOS, XPOS, Feats, Rel uint16
	Head                   int32
}

// batchWords is how many words are sent through the network at once: enough to
// keep the matrix kernels busy, few enough to stay in the cache.
const batchWords = 256

// scratch is the memory of one batch.
type scratch struct {
	// What the first layer reads of the forms seen so far: a row each.
	known                map[string]int32
	inputs               []float32
	places               []int32
	x0, x, y, u, tags, c []float32
	arcHead, arcDep, arc []float32
	scores               []float32
	head, dep, rel       []float32
	grams                []uint32
	heads                []int32
	rows                 net.Rows
}

func room(x *[]float32, n int) []float32 {
	if cap(*x) < n {
		*x = make([]float32, n+n/4)
	}
	*x = (*x)[:n]
	return *x
}

// Parse analyses sentences, each a list of forms of 1 to MaxWords words, and calls
// each with the number of the sentence and its analysis, in order. The analysis
// may be kept.
func (m *Model) Parse(sentences [][]string, each func(i int, words []Analysis)) {
	s, _ := m.pool.Get().(*scratch)
	if s == nil {
		s = &scratch{known: map[string]int32{}}
	}
	defer m.pool.Put(s)
	for first := 0; first < len(sentences); {
		last, words := first, 0
		for last < len(sentences) && (last == first || words+len(sentences[last]) <= batchWords) {
			words += len(sentences[last])
			last++
		}
		m.batch(s, sentences[first:last], words, first, each)
		first = last
	}
}

func (m *Model) batch(s *scratch, sentences [][]string, n, first int, each func(int, []Analysis)) {
	width, h := m.Width(), m.Hidden
	x, y := room(&s.x, n*width), room(&s.y, n*width)
	m.read(s, sentences, n, x)
	u, c := room(&s.u, n*6*h), room(&s.c, h)
	tags := room(&s.tags, n*m.tags.Cols)
	for k, l := range m.layers {
		s.rows.Set(n, width, x)
		l.w.Mul(&s.rows, l.bias, u)
		at := 0
		for _, forms := range sentences {
			end := at + len(forms) - 1
			net.Recur(at, end, false, h, u, 6*h, 0, x, y, width, 0, l.v[:2*h], c)
			net.Recur(at, end, true, h, u, 6*h, 3*h, x, y, width, h, l.v[2*h:], c)
			at = end + 1
		}
		x, y = y, x
		if k+1 == m.TagLayer {
			s.rows.Set(n, width, x)
			m.tags.Mul(&s.rows, m.tagBias, tags)
		}
	}
	arcHead, arcDep, arc := room(&s.arcHead, n*m.Arc), room(&s.arcDep, n*m.Arc), room(&s.arc, n*m.Arc)
	s.rows.Set(n, width, x)
	m.arcHead.Mul(&s.rows, m.arcHeadBias, arcHead)
	m.arcDep.Mul(&s.rows, m.arcDepBias, arcDep)
	relu(arcHead)
	relu(arcDep)
	head, dep := room(&s.head, n*m.Label), room(&s.dep, n*m.Label)
	m.labelHead.Mul(&s.rows, nil, head)
	m.labelDep.Mul(&s.rows, m.labelBias, dep)
	s.rows.Set(n, m.Arc, arcDep)
	m.arcU.Mul(&s.rows, m.arcPrior, arc)

	analyses := make([]Analysis, n)
	at := 0
	for _, forms := range sentences {
		m.tree(s, arcHead[at*m.Arc:], arc[at*m.Arc:], analyses[at:at+len(forms)])
		at += len(forms)
	}
	at = 0
	for _, forms := range sentences {
		for i := range forms {
			to := dep[(at+i)*m.Label : (at+i+1)*m.Label]
			from, h := m.labelRoot, int(analyses[at+i].Head)
			if h >= 0 {
				from = head[(at+h)*m.Label:][:m.Label]
			} else {
				h = len(forms)
			}
			net.Add(to, from)
			d := Distance(h, i, len(forms))
			net.Add(to, m.labelDistance[d*m.Label:(d+1)*m.Label])
			relu(to)
		}
		at += len(forms)
	}
	rel := room(&s.rel, n*m.labelOut.Cols)
	s.rows.Set(n, m.Label, dep)
	m.labelOut.Mul(&s.rows, m.labelOutBias, rel)
	nu, nx, nf := len(m.UPOS), len(m.XPOS), len(m.Feats)
	for i := range analyses {
		a, t := &analyses[i], tags[i*m.tags.Cols:]
		a.UPOS = uint16(argmax(t[:nu]))
		a.XPOS = uint16(argmax(t[nu : nu+nx]))
		a.Feats = uint16(argmax(t[nu+nx : nu+nx+nf]))
		a.Rel = m.relation(a.Head, rel[i*m.labelOut.Cols:][:len(m.Rels)])
	}
	at = 0
	for k, forms := range sentences {
		each(first+k, analyses[at:at+len(forms):at+len(forms)])
		at += len(forms)
	}
}

// maxKnown bounds the forms whose input is kept: some seven megabytes.
const maxKnown = 4096

// read writes what the first layer reads of each word into x. Most words of a text
// come again and again: their input is computed once.
func (m *Model) read(s *scratch, sentences [][]string, n int, x []float32) {
	width := m.Width()
	if len(s.known)+n > maxKnown {
		clear(s.known)
		s.inputs = s.inputs[:0]
	}
	before := len(s.known)
	s.places, s.x0 = s.places[:0], s.x0[:0]
	for _, forms := range sentences {
		for _, form := range forms {
			at, ok := s.known[form]
			if !ok {
				at = int32(len(s.known))
				s.known[strings.Clone(form)] = at
				from := len(s.x0)
				s.x0 = slices.Grow(s.x0, InputDim)[:from+InputDim]
				m.look(s, form, s.x0[from:])
			}
			s.places = append(s.places, at)
		}
	}
	if fresh := len(s.known) - before; fresh > 0 {
		s.inputs = slices.Grow(s.inputs, fresh*width)[:(before+fresh)*width]
		s.rows.Set(fresh, InputDim, s.x0)
		m.input.Mul(&s.rows, m.inputBias, s.inputs[before*width:])
	}
	for i, at := range s.places {
		copy(x[i*width:(i+1)*width], s.inputs[int(at)*width:])
	}
}

// relation takes the best name; "root", which is Rels[0], belongs to the root word
// alone.
func (m *Model) relation(head int32, scores []float32) uint16 {
	if head < 0 {
		return 0
	}
	return uint16(1 + argmax(scores[1:]))
}

// look writes what the network sees of a form.
func (m *Model) look(s *scratch, form string, x []float32) {
	normal := wordform.Normal(form)
	if v := m.vectors.Index(normal); v >= 0 {
		m.vectors.Put(x, v)
	} else {
		clear(x[:vectors.Dim])
	}
	x = x[vectors.Dim:]
	copy(x[:WordDim], m.word[int(m.words[normal])*WordDim:])
	x = x[WordDim:]
	clear(x[:GramDim])
	s.grams = wordform.Grams(s.grams[:0], normal)
	for _, g := range s.grams {
		net.Add(x[:GramDim], m.gram[g*GramDim:(g+1)*GramDim])
	}
	if k := len(s.grams); k > 0 {
		by := 1 / float32(k)
		for i := range x[:GramDim] {
			x[i] *= by
		}
	}
	x = x[GramDim:]
	copy(x[:Suf3Dim], m.suf3[wordform.Suffix(normal, 3)*Suf3Dim:])
	x = x[Suf3Dim:]
	copy(x[:Suf2Dim], m.suf2[wordform.Suffix(normal, 2)*Suf2Dim:])
	x = x[Suf2Dim:]
	copy(x[:ShapeDim], m.shape[wordform.Shape(form)*ShapeDim:])
}

// tree finds the heads of one sentence from what its words are as heads and what
// they seek.
func (m *Model) tree(s *scratch, head, arc []float32, words []Analysis) {
	n := len(words)
	scores := room(&s.scores, n*(n+1))
	for d := range n {
		seek, row := arc[d*m.Arc:(d+1)*m.Arc], scores[d*(n+1):(d+1)*(n+1)]
		for h := range n {
			row[h] = net.Dot(seek, head[h*m.Arc:(h+1)*m.Arc]) + m.arcDistance[Distance(h, d, n)]
		}
		row[n] = net.Dot(seek, m.arcRoot) + m.arcDistance[0]
	}
	if cap(s.heads) < n {
		s.heads = make([]int32, n+n/4)
	}
	heads := s.heads[:n]
	Tree(n, scores, heads)
	for i, h := range heads {
		if int(h) == n {
			h = -1
		}
		words[i].Head = h
	}
}

func relu(x []float32) {
	for i, v := range x {
		x[i] = max(v, 0)
	}
}

func argmax(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}
