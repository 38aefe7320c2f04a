package segment

import (
	"math"

	"volteface/internal/nlp/net"
)

// The number of hashed weights of each classifier; powers of two.
const (
	CutWeights = 1 << 17
	EndWeights = 1 << 18
)

// Model holds the two classifiers and the known contractions. It is only read once
// it is made.
type Model struct {
	Description
	cut, end []float32
}

// Description is what a model file says besides its weights.
type Description struct {
	Version string
	// CutAt and EndAt are the scores above which a token or a sentence ends.
	CutAt, EndAt float32
	// Contractions maps tokens in small letters to the lengths in bytes of their
	// words.
	Contractions map[string][]int
}

// NewModel makes a model with the given weights.
func NewModel(d Description, cut, end []float32) *Model {
	return &Model{Description: d, cut: cut, end: end}
}

// Decode reads a model file.
func Decode(file []byte) (*Model, error) {
	m := &Model{}
	tensors, err := net.DecodeModel(file, &m.Description)
	if err != nil {
		return nil, err
	}
	m.cut, m.end = tensors["cut"].Values, tensors["end"].Values
	if len(m.cut) != CutWeights || len(m.end) != EndWeights {
		return nil, errSize
	}
	return m, nil
}

// Encode writes the model file.
func (m *Model) Encode() ([]byte, error) {
	return net.EncodeModel(m.Description, []net.Tensor{
		{Name: "cut", Rows: CutWeights / 1024, Cols: 1024, Values: m.cut},
		{Name: "end", Rows: EndWeights / 1024, Cols: 1024, Values: m.end},
	})
}

func score(w []float32, features []uint32) float32 {
	var sum float32
	mask := uint32(len(w) - 1)
	for _, f := range features {
		sum += w[f&mask]
	}
	return sum
}

// cuts tells whether a token that starts at rune from ends before rune i.
func (m *Model) cuts(c *chunk, from, i int, features *[]uint32) bool {
	if i == len(c.runes)-1 && c.runes[i] == '.' && titles[c.lower_(from, i+1)] {
		return false // MS. JEAN-PIERRE
	}
	*features = c.cutFeatures((*features)[:0], from, i)
	return score(m.cut, *features) > m.CutAt
}

// ends tells for each token whether a sentence ends after it. The first tokens, label of
// them, are who speaks.
func (m *Model) ends(t []token, label int) []bool {
	ends := make([]bool, len(t))
	var s running
	s.reset()
	first := 0
	var features []uint32
	for i := range label {
		t[i].label = true
	}
	for i := 0; i+1 < len(t); i++ {
		s.see(&t[i])
		var end bool
		switch rule(t, first, i, label) {
		case never:
		case always:
			end = true
		default:
			features = endFeatures(features[:0], t, first, i, &s)
			end = score(m.end, features) > m.EndAt
		}
		if end {
			ends[i] = true
			first = i + 1
			s.reset()
		}
	}
	return ends
}

// Learner trains the two classifiers by logistic regression with AdaGrad.
type Learner struct {
	cut, end linear
}

type linear struct {
	w, square []float32
}

// NewLearner makes an untrained one.
func NewLearner() *Learner {
	return &Learner{linear{make([]float32, CutWeights), make([]float32, CutWeights)}, linear{make([]float32, EndWeights), make([]float32, EndWeights)}}
}

// Model gives what was learnt. The weights are shared with the learner.
func (l *Learner) Model(d Description) *Model { return NewModel(d, l.cut.w, l.end.w) }

func (l *linear) learn(features []uint32, yes bool, rate float32) {
	p := net.Sigmoid(score(l.w, features))
	if yes {
		p--
	}
	mask := uint32(len(l.w) - 1)
	for _, f := range features {
		w := &l.w[f&mask]
		g := p + 1e-5**w
		l.square[f&mask] += g * g
		*w -= rate * g / (float32(math.Sqrt(float64(l.square[f&mask]))) + 1e-6)
	}
}

// GoldToken is a token of a training text: its span, and whether a sentence ends
// with it.
type GoldToken struct {
	Start, End int
	Last       bool
}

// Learn goes once over one paragraph, whose tokens are known.
func (l *Learner) Learn(text string, gold []GoldToken, rate float32) {
	var c chunk
	var features []uint32
	tokens := make([]token, len(gold))
	for i := 0; i < len(gold); {
		// One chunk: tokens without white space between them.
		j := i + 1
		for j < len(gold) && gold[j].Start == gold[j-1].End {
			j++
		}
		start, end := gold[i].Start, gold[j-1].End
		c.load(text[start:end], nextClass(text[end:]))
		from, k := 0, i
		for r := 1; r < len(c.runes); r++ {
			cut := start+c.at[r] == gold[k].End
			if c.candidate(r) {
				features = c.cutFeatures(features[:0], from, r)
				l.cut.learn(features, cut, rate)
			}
			if cut {
				from = r
				k++
			}
		}
		for ; i < j; i++ {
			tokens[i] = makeToken(text, gold[i].Start, gold[i].End)
		}
		tokens[j-1].spaced = true
	}
	var s running
	s.reset()
	first := 0
	for i := 0; i+1 < len(tokens); i++ {
		s.see(&tokens[i])
		features = endFeatures(features[:0], tokens, first, i, &s)
		l.end.learn(features, gold[i].Last, rate)
		if gold[i].Last {
			first = i + 1
			s.reset()
		}
	}
}
