// Package encoder runs the forward pass of transformer encoders of the BERT and XLM-R family over quantised weights.
//
// It follows Devlin et al., "BERT" (2019), as the transformers library's BertModel computes it: learned absolute
// positions, layer normalisation after each residual sum, GELU by the error function. Linear layers multiply 8-bit
// weights with activations quantised token by token; everything else is float32.
package encoder

import (
	"context"
	"fmt"
	"sync"

	"volteface/internal/judge/kernel"
)

// Config is the shape of an encoder.
type Config struct {
	Hidden         int     `json:"hidden"`          // values a token has
	Layers         int     `json:"layers"`          //
	Heads          int     `json:"heads"`           // divides Hidden
	Intermediate   int     `json:"intermediate"`    // values a token has between the two layers of a feed-forward network
	Vocabulary     int     `json:"vocabulary"`      // ids are below it
	MaxPositions   int     `json:"max_positions"`   // rows of the table of positions
	PositionOffset int     `json:"position_offset"` // the first token's row in it: 0 for BERT, 2 for XLM-R
	TypeVocab      int     `json:"type_vocab"`      // rows of the table of token types, at least 1
	Epsilon        float32 `json:"epsilon"`         // added to variances
	Fine           Fine    `json:"fine"`
}

// Fine says before which linear layers activations are quantised finely: a layer takes up to twice the time then, and the
// error of its input is a sixteenth.
type Fine struct {
	Heads     bool `json:"heads"`     // queries, keys and values
	Attention bool `json:"attention"` // the layer after attention
	Inner     bool `json:"inner"`     // the first of the feed-forward network
	Outer     bool `json:"outer"`     // the second
}

// Longest is the most tokens a sequence may have.
func (c Config) Longest() int { return c.MaxPositions - c.PositionOffset }

// Words is a table of word embeddings. It is safe from many goroutines.
type Words interface {
	// Row writes the embedding of id, which is within the vocabulary.
	Row(dst []float32, id int)
}

// Norm is the weights of a layer normalisation, Hidden values each.
type Norm struct{ Gain, Bias []float32 }

// Layer is the weights of one layer.
type Layer struct {
	Query, Key, Value, Attention *kernel.Matrix // Hidden × Hidden; Attention is the layer after attention
	Inner                        *kernel.Matrix // Intermediate × Hidden
	Outer                        *kernel.Matrix // Hidden × Intermediate
	AttentionNorm, OutputNorm    Norm
}

// Weights is all an encoder is made of.
type Weights struct {
	Words            Words
	Positions, Types []float32 // MaxPositions and TypeVocab rows of Hidden values
	EmbeddingNorm    Norm
	Layers           []Layer
}

// Encoder is an encoder ready for use. It is immutable and safe from many goroutines.
type Encoder struct {
	config  Config
	weights Weights
	kernel  *kernel.Kernel
	scratch sync.Pool
}

// New makes an encoder of weights, which must not change afterwards. It checks that they have the shapes the
// configuration asks for.
func New(c Config, w Weights, k *kernel.Kernel) (*Encoder, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if w.Words == nil {
		return nil, fmt.Errorf("encoder: no word embeddings")
	}
	if len(w.Positions) != c.MaxPositions*c.Hidden || len(w.Types) != c.TypeVocab*c.Hidden || len(w.Layers) != c.Layers {
		return nil, fmt.Errorf("encoder: %d values of positions, %d of types, %d layers do not fit %+v",
			len(w.Positions), len(w.Types), len(w.Layers), c)
	}
	norms := []Norm{w.EmbeddingNorm}
	for i, l := range w.Layers {
		norms = append(norms, l.AttentionNorm, l.OutputNorm)
		for _, m := range []struct {
			name    string
			matrix  *kernel.Matrix
			out, in int
		}{
			{"query", l.Query, c.Hidden, c.Hidden}, {"key", l.Key, c.Hidden, c.Hidden}, {"value", l.Value, c.Hidden, c.Hidden},
			{"attention", l.Attention, c.Hidden, c.Hidden},
			{"inner", l.Inner, c.Intermediate, c.Hidden}, {"outer", l.Outer, c.Hidden, c.Intermediate},
		} {
			if m.matrix == nil || m.matrix.Out != m.out || m.matrix.In != m.in {
				return nil, fmt.Errorf("encoder: layer %d: %s is not %d × %d", i, m.name, m.out, m.in)
			}
		}
	}
	for _, n := range norms {
		if len(n.Gain) != c.Hidden || len(n.Bias) != c.Hidden {
			return nil, fmt.Errorf("encoder: a layer normalisation of %d and %d values, not %d", len(n.Gain), len(n.Bias), c.Hidden)
		}
	}
	e := &Encoder{config: c, weights: w, kernel: k}
	e.scratch.New = func() any { return new(scratch) }
	return e, nil
}

// check keeps sizes within what kernels can do and memory can hold.
func (c Config) check() error {
	const side = 1 << 16
	if c.Hidden <= 0 || c.Hidden > side || c.Intermediate <= 0 || c.Intermediate > side || c.Layers <= 0 || c.Layers > 1000 ||
		c.Heads <= 0 || c.Hidden%c.Heads != 0 || c.Vocabulary <= 0 || c.TypeVocab <= 0 || c.TypeVocab > side ||
		c.PositionOffset < 0 || c.MaxPositions > side || c.Longest() <= 0 || !(c.Epsilon >= 0 && c.Epsilon < 1) ||
		(c.Fine.Heads || c.Fine.Attention || c.Fine.Inner) && c.Hidden > kernel.FineInputs || c.Fine.Outer && c.Intermediate > kernel.FineInputs {
		return fmt.Errorf("encoder: %+v is not the shape of an encoder", c)
	}
	return nil
}

// Config gives the encoder's shape.
func (e *Encoder) Config() Config { return e.config }

// Sequence is a text as token ids, special tokens included.
type Sequence struct {
	IDs []int32
	// Types are the token types, as many as IDs. None means zero for all.
	Types []int32
}

// FirstTokens gives the last hidden state of each sequence's first token, Hidden values: what a classification head
// reads. An empty or too long sequence and an id or type out of range are errors; so is ctx's end.
func (e *Encoder) FirstTokens(ctx context.Context, sequences []Sequence) ([][]float32, error) {
	return e.encode(ctx, sequences, (*scratch).firstTokens)
}

// Mean gives the mean of each sequence's last hidden states, Hidden values: a vector to search by. Errors are as those of
// FirstTokens.
func (e *Encoder) Mean(ctx context.Context, sequences []Sequence) ([][]float32, error) {
	return e.encode(ctx, sequences, (*scratch).means)
}

// batchTokens bounds how many tokens are computed at once, unless one sequence alone has more. Beyond some hundred
// nothing is gained, and each takes some 15 KB in a model of 384 values.
const batchTokens = 512

func (e *Encoder) encode(ctx context.Context, sequences []Sequence, pooled func(*scratch, [][]float32)) ([][]float32, error) {
	for i, s := range sequences {
		if err := e.checkSequence(s); err != nil {
			return nil, fmt.Errorf("encode sequence %d: %w", i, err)
		}
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	s.Encoder = e
	out := make([][]float32, len(sequences))
	for from, to := 0, 0; from < len(sequences); from = to {
		tokens := 0
		for to = from; to < len(sequences) && (to == from || tokens+len(sequences[to].IDs) <= batchTokens); to++ {
			tokens += len(sequences[to].IDs)
		}
		s.embed(sequences[from:to], tokens)
		for i := range e.weights.Layers {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("encode: %w", err)
			}
			if i == len(e.weights.Layers)-1 {
				break
			}
			s.layer(&e.weights.Layers[i])
		}
		pooled(s, out[from:to])
	}
	return out, nil
}

func (e *Encoder) checkSequence(s Sequence) error {
	if n := len(s.IDs); n == 0 || n > e.config.Longest() {
		return fmt.Errorf("%d tokens, where 1 to %d are possible", n, e.config.Longest())
	}
	for _, id := range s.IDs {
		if id < 0 || int(id) >= e.config.Vocabulary {
			return fmt.Errorf("id %d is outside the vocabulary of %d", id, e.config.Vocabulary)
		}
	}
	if s.Types != nil && len(s.Types) != len(s.IDs) {
		return fmt.Errorf("%d types for %d tokens", len(s.Types), len(s.IDs))
	}
	for _, t := range s.Types {
		if t < 0 || int(t) >= e.config.TypeVocab {
			return fmt.Errorf("type %d is not one of %d", t, e.config.TypeVocab)
		}
	}
	return nil
}
