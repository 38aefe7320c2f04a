// Package parser is the neural network of the language engine: it gives words
// their tags and a sentence its dependency tree.
//
// A word is seen through its pretrained vector, a trained vector, hashed pieces of
// its spelling and its shape. Layers of simple recurrent units read the sentence in
// both directions; a middle layer tells the tags, the last one how well each word
// suits each other as its head (Dozat and Manning 2017) and what the relation is
// called. The best tree of these scores is found exactly.
package parser

import (
	"fmt"
	"sync"

	"volteface/internal/nlp/net"
	"volteface/internal/nlp/vectors"
	"volteface/internal/nlp/wordform"
)

// The widths of the pieces of a word's input.
const (
	WordDim  = 64
	GramDim  = 64
	Suf3Dim  = 32
	Suf2Dim  = 16
	ShapeDim = 44
	InputDim = vectors.Dim + WordDim + GramDim + Suf3Dim + Suf2Dim + ShapeDim
)

// Description is what a model file says of itself besides its weights.
type Description struct {
	Version string `json:"version"`
	// Hidden is the width of one direction of a layer; Layers their number;
	// TagLayer how many of them the tags see.
	Hidden, Layers, TagLayer int
	// Arc and Label are the widths of the hidden layers that weigh arcs and name
	// relations.
	Arc, Label int
	Words      []string // the trained vocabulary; place 0 stands for all others
	UPOS       []string
	XPOS       []string
	Feats      []string
	Rels       []string
}

// Width is the number of columns of a layer's output.
func (d *Description) Width() int { return 2 * d.Hidden }

// Tags is the number of columns of the tags' scores, before rounding up.
func (d *Description) Tags() int { return len(d.UPOS) + len(d.XPOS) + len(d.Feats) }

// Model is a network ready to be used by any number of goroutines.
type Model struct {
	Description
	pool    sync.Pool // of *scratch
	vectors *vectors.Table
	words   map[string]int32

	word, gram, suf3, suf2, shape []float32

	input                          *net.Whole
	inputBias                      []float32
	layers                         []layer
	tags                           *net.Whole
	tagBias                        []float32
	arcHead, arcDep, arcU          *net.Whole
	arcHeadBias, arcDepBias        []float32
	arcRoot, arcPrior, arcDistance []float32
	labelHead                      *net.Whole
	labelDep                       *net.Whole
	labelRoot                      []float32
	labelBias, labelDistance       []float32
	labelOut                       *net.Whole
	labelOutBias                   []float32
}

type layer struct {
	w    *net.Whole
	bias []float32
	v    []float32 // forward: forget, reset; backward: forget, reset
}

// New unpacks a model file.
func New(file []byte) (*Model, error) {
	m := &Model{}
	tensors, err := net.DecodeModel(file, &m.Description)
	if err != nil {
		return nil, err
	}
	return m, m.fill(tensors)
}

// FromTensors makes a model of what a file holds, for the training command.
func FromTensors(d Description, tensors map[string]net.Tensor) (*Model, error) {
	m := &Model{Description: d}
	return m, m.fill(tensors)
}

func (m *Model) fill(tensors map[string]net.Tensor) error {
	var err error
	if m.vectors, err = vectors.Load(); err != nil {
		return err
	}
	get := func(name string, rows, cols int) []float32 {
		t, ok := tensors[name]
		if (!ok || t.Rows != rows || t.Cols != cols) && err == nil {
			err = fmt.Errorf("model: tensor %s is %d by %d, not %d by %d", name, t.Rows, t.Cols, rows, cols)
			return make([]float32, rows*cols)
		}
		return t.Values
	}
	pack := func(name string, rows, cols int) *net.Whole {
		return net.ToWhole(get(name, rows, cols), rows, cols)
	}
	width := m.Width()
	tags, rels := net.RoundUp(m.Tags()), net.RoundUp(len(m.Rels))
	m.word = get("word", len(m.Words)+1, WordDim)
	m.gram = get("gram", wordform.GramBuckets, GramDim)
	m.suf3 = get("suffix3", wordform.SuffixBuckets, Suf3Dim)
	m.suf2 = get("suffix2", wordform.SuffixBuckets, Suf2Dim)
	m.shape = get("shape", wordform.ShapeBuckets, ShapeDim)
	m.input, m.inputBias = pack("input", InputDim, width), get("input.bias", 1, width)
	for i := range m.Layers {
		name := fmt.Sprintf("layer%d", i)
		m.layers = append(m.layers, layer{pack(name, width, 6*m.Hidden), get(name+".bias", 1, 6*m.Hidden), get(name+".v", 1, 4*m.Hidden)})
	}
	m.tags, m.tagBias = pack("tags", width, tags), get("tags.bias", 1, tags)
	m.arcHead, m.arcHeadBias = pack("arcs.head", width, m.Arc), get("arcs.head.bias", 1, m.Arc)
	m.arcDep, m.arcDepBias = pack("arcs.dep", width, m.Arc), get("arcs.dep.bias", 1, m.Arc)
	m.arcU = pack("arcs.u", m.Arc, m.Arc)
	m.arcRoot, m.arcPrior = get("arcs.root", 1, m.Arc), get("arcs.prior", 1, m.Arc)
	m.arcDistance = get("arcs.distance", 1, Distances)
	m.labelHead, m.labelDep = pack("labels.head", width, m.Label), pack("labels.dep", width, m.Label)
	m.labelRoot, m.labelBias = get("labels.root", 1, m.Label), get("labels.bias", 1, m.Label)
	m.labelDistance = get("labels.distance", Distances, m.Label)
	m.labelOut, m.labelOutBias = pack("labels.out", m.Label, rels), get("labels.out.bias", 1, rels)
	m.words = make(map[string]int32, len(m.Words))
	for i, w := range m.Words {
		m.words[w] = int32(i + 1)
	}
	return err
}

// WordIndex gives the place of a normal form in the trained vocabulary, 0 if it has
// none.
func (m *Model) WordIndex(normal string) int32 { return m.words[normal] }
