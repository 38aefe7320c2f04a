package encoder

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"volteface/internal/judge/kernel"
)

// small is the shape of multilingual-e5-small, with few words.
var small = Config{Hidden: 384, Layers: 12, Heads: 12, Intermediate: 1536, Vocabulary: 1000, MaxPositions: 512, TypeVocab: 1, Epsilon: 1e-12}

// random makes an encoder of random weights.
func random(tb testing.TB, c Config, k *kernel.Kernel) *Encoder {
	r := rand.New(rand.NewPCG(1, 16))
	values := func(n int, spread, around float32) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = around + spread*float32(r.NormFloat64())
		}
		return x
	}
	norm := func() Norm { return Norm{values(c.Hidden, 0.1, 1), values(c.Hidden, 0.1, 0)} }
	matrix := func(out, in int) *kernel.Matrix {
		packed, scale, sum, err := kernel.Pack(values(out*in, 0.05, 0), out, in)
		if err != nil {
			tb.Fatal(err)
		}
		m, err := kernel.NewMatrix(out, in, packed, scale, sum, values(out, 0.05, 0))
		if err != nil {
			tb.Fatal(err)
		}
		return m
	}
	w := Weights{
		Words:     table{values(c.Vocabulary*c.Hidden, 1, 0), c.Hidden},
		Positions: values(c.MaxPositions*c.Hidden, 0.1, 0), Types: values(c.TypeVocab*c.Hidden, 0.1, 0), EmbeddingNorm: norm(),
	}
	for range c.Layers {
		w.Layers = append(w.Layers, Layer{
			Query: matrix(c.Hidden, c.Hidden), Key: matrix(c.Hidden, c.Hidden), Value: matrix(c.Hidden, c.Hidden),
			Attention: matrix(c.Hidden, c.Hidden), Inner: matrix(c.Intermediate, c.Hidden), Outer: matrix(c.Hidden, c.Intermediate),
			AttentionNorm: norm(), OutputNorm: norm(),
		})
	}
	e, err := New(c, w, k)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// table is word embeddings in float32.
type table struct {
	values []float32
	hidden int
}

func (t table) Row(dst []float32, id int) { copy(dst, t.values[id*t.hidden:(id+1)*t.hidden]) }

// BenchmarkPair reads a pair of 100 tokens on one core, with fine activations everywhere and nowhere. On a busy machine the
// fastest run, best-ms, says more than the mean.
func BenchmarkPair(b *testing.B) {
	coarse, fine := small, small
	fine.Fine = Fine{Heads: true, Attention: true, Inner: true, Outer: true}
	for _, name := range kernel.Available() {
		b.Run(name+"/fine", func(b *testing.B) { pair(b, name, fine) })
		b.Run(name+"/coarse", func(b *testing.B) { pair(b, name, coarse) })
	}
}

func pair(b *testing.B, name string, c Config) {
	k, err := kernel.Lookup(name)
	if err != nil {
		b.Fatal(err)
	}
	e := random(b, c, k)
	ids := make([]int32, 100)
	for i := range ids {
		ids[i] = int32(7 * i)
	}
	best := time.Hour
	for b.Loop() {
		start := time.Now()
		if _, err := e.FirstTokens(context.Background(), []Sequence{{IDs: ids}}); err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e3, "best-ms")
}
