package encoder

import (
	"encoding/json"
	"fmt"

	"volteface/internal/judge/kernel"
	"volteface/internal/judge/pack"
)

// Load makes an encoder of two files: one with the word embeddings, and one with everything else, whose meta has the
// Config as "encoder". Only small tensors are copied. train/export.py names the tensors.
func Load(words, rest *pack.File, k *kernel.Kernel) (*Encoder, error) {
	var meta struct {
		Encoder Config `json:"encoder"`
	}
	if err := json.Unmarshal(rest.Meta, &meta); err != nil {
		return nil, fmt.Errorf("load encoder: meta: %w", err)
	}
	c := meta.Encoder
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	r := reader{file: rest}
	table, err := words.Tensor("words", pack.Q4, c.Vocabulary, c.Hidden)
	if err != nil {
		r.err = err
	}
	w := Weights{
		Words:         q4{table.Data, c.Hidden},
		Positions:     r.floats("embeddings.position", c.MaxPositions, c.Hidden),
		Types:         r.floats("embeddings.type", c.TypeVocab, c.Hidden),
		EmbeddingNorm: r.norm("embeddings.norm", c.Hidden),
	}
	for i := 0; i < c.Layers && r.err == nil; i++ {
		name := fmt.Sprintf("layer.%d.", i)
		w.Layers = append(w.Layers, Layer{
			Query:         r.matrix(name+"query", c.Hidden, c.Hidden),
			Key:           r.matrix(name+"key", c.Hidden, c.Hidden),
			Value:         r.matrix(name+"value", c.Hidden, c.Hidden),
			Attention:     r.matrix(name+"attention", c.Hidden, c.Hidden),
			AttentionNorm: r.norm(name+"attention.norm", c.Hidden),
			Inner:         r.matrix(name+"inner", c.Intermediate, c.Hidden),
			Outer:         r.matrix(name+"outer", c.Hidden, c.Intermediate),
			OutputNorm:    r.norm(name+"outer.norm", c.Hidden),
		})
	}
	if r.err != nil {
		return nil, fmt.Errorf("load encoder: %w", r.err)
	}
	return New(c, w, k)
}

// reader reads tensors until the first error, which it keeps.
type reader struct {
	file *pack.File
	err  error
}

func (r *reader) floats(name string, shape ...int) []float32 {
	if r.err != nil {
		return nil
	}
	var f []float32
	f, r.err = r.file.Floats(name, shape...)
	return f
}

func (r *reader) norm(name string, n int) Norm {
	return Norm{Gain: r.floats(name+".gain", n), Bias: r.floats(name+".bias", n)}
}

func (r *reader) matrix(name string, out, in int) *kernel.Matrix {
	if r.err != nil {
		return nil
	}
	var m *kernel.Matrix
	m, r.err = r.file.Matrix(name, out, in)
	return m
}

// q4 is word embeddings in blocks as pack.Q4 describes them, decoded row by row.
type q4 struct {
	blocks string
	hidden int
}

func (q q4) Row(dst []float32, id int) {
	const values, size = 32, 18
	row := q.blocks[id*q.hidden/values*size:][:q.hidden/values*size]
	for ; len(row) > 0; row, dst = row[size:], dst[values:] {
		scale := pack.Half(uint16(row[0]) | uint16(row[1])<<8)
		for i := range values / 2 {
			b := row[2+i]
			dst[i] = scale * (float32(b&15) - 8)
			dst[i+values/2] = scale * (float32(b>>4) - 8)
		}
	}
}
