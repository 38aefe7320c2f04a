package encoder

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"volteface/internal/judge/kernel"
	"volteface/internal/judge/pack"
)

// fixture is a small random encoder and what train/encoder_fixtures.py expects of it.
type fixture struct {
	file      *pack.File
	sequences []Sequence
}

func fixtures(t *testing.T) map[string]fixture {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.bin")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	all := map[string]fixture{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := fixture{}
		if f.file, err = pack.ReadBytes(data); err != nil {
			t.Fatal(err)
		}
		uints := func(name string) []int32 {
			u, err := f.file.Uints(name, -1)
			if err != nil {
				t.Fatal(err)
			}
			out := make([]int32, len(u))
			for i, v := range u {
				out[i] = int32(v)
			}
			return out
		}
		ids, types := uints("ids"), uints("types")
		for _, n := range uints("lengths") {
			f.sequences = append(f.sequences, Sequence{IDs: ids[:n], Types: types[:n]})
			ids, types = ids[n:], types[n:]
		}
		all[strings.TrimSuffix(filepath.Base(path), ".bin")] = f
	}
	return all
}

func load(t *testing.T, f fixture, k *kernel.Kernel) *Encoder {
	t.Helper()
	e, err := Load(f.file, f.file, k)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// farthest is the largest difference between vectors and a tensor of expected ones, and the share of values that differ
// by more than 1e-4.
func farthest(t *testing.T, f fixture, name string, got [][]float32) (most, beyond float64) {
	t.Helper()
	want, err := f.file.Floats(name, len(got), len(got[0]))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range got {
		for j, v := range row {
			d := math.Abs(float64(v) - float64(want[i*len(row)+j]))
			if !(d <= most) {
				most = d
			}
			if d > 1e-4 {
				beyond += 1 / float64(len(want))
			}
		}
	}
	return most, beyond
}

// TestAgainstPyTorch expects of every kernel the emulated 8-bit result within 1e-4, but for the few roundings that float32
// lets fall to the other side, which move a whole sequence a little; and float32's within what 8 bits lose in a random model.
func TestAgainstPyTorch(t *testing.T) {
	for name, f := range fixtures(t) {
		for _, kernelName := range kernel.Available() {
			t.Run(name+"/"+kernelName, func(t *testing.T) {
				k, err := kernel.Lookup(kernelName)
				if err != nil {
					t.Fatal(err)
				}
				e := load(t, f, k)
				first, err := e.FirstTokens(context.Background(), f.sequences)
				if err != nil {
					t.Fatal(err)
				}
				mean, err := e.Mean(context.Background(), f.sequences)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range []struct {
					tensor    string
					got       [][]float32
					tolerance float64
					share     float64
				}{
					{"emulated.first", first, 0.05, 0.75}, {"emulated.mean", mean, 0.05, 0.75},
					{"float.first", first, 0.2, 1}, {"float.mean", mean, 0.1, 1},
				} {
					d, beyond := farthest(t, f, c.tensor, c.got)
					t.Logf("%s: farthest %.2g, %.2f beyond 1e-4", c.tensor, d, beyond)
					if !(d <= c.tolerance && beyond <= c.share) {
						t.Errorf("%s: farthest is %v, above %v, or the share beyond 1e-4 is %.2f", c.tensor, d, c.tolerance, beyond)
					}
				}
			})
		}
	}
}

// TestBatches expects the same vectors whether sequences come together, one by one, or from many goroutines, and without
// types what zeros give.
func TestBatches(t *testing.T) {
	k, err := kernel.Default()
	if err != nil {
		t.Fatal(err)
	}
	e := load(t, fixtures(t)["mixed"], k)
	var sequences []Sequence
	for i := range 40 { // more tokens than go through at once
		s := Sequence{IDs: make([]int32, 1+i*7%60)}
		for j := range s.IDs {
			s.IDs[j] = int32((i + j*j) % 60)
		}
		if i%2 == 0 {
			s.Types = make([]int32, len(s.IDs))
		}
		sequences = append(sequences, s)
	}
	together, err := e.FirstTokens(context.Background(), sequences)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i, s := range sequences {
		wait.Go(func() {
			if i%2 == 0 {
				s.Types = nil
			}
			alone, err := e.FirstTokens(context.Background(), []Sequence{s})
			if err != nil {
				t.Error(err)
				return
			}
			for j, v := range alone[0] {
				if v != together[i][j] {
					t.Errorf("sequence %d: value %d is %v alone and %v together", i, j, v, together[i][j])
					return
				}
			}
		})
	}
	wait.Wait()
}

func TestErrors(t *testing.T) {
	k, err := kernel.Default()
	if err != nil {
		t.Fatal(err)
	}
	e := load(t, fixtures(t)["odd"], k)
	if n := e.Config().Longest(); n != 41 {
		t.Errorf("the longest sequence has %d tokens, not 41", n)
	}
	for _, c := range []struct {
		sequence Sequence
		part     string
	}{
		{Sequence{}, "0 tokens"},
		{Sequence{IDs: make([]int32, 42)}, "42 tokens"},
		{Sequence{IDs: []int32{60}}, "id 60"},
		{Sequence{IDs: []int32{-1}}, "id -1"},
		{Sequence{IDs: []int32{1}, Types: []int32{2}}, "type 2"},
		{Sequence{IDs: []int32{1}, Types: []int32{-1}}, "type -1"},
		{Sequence{IDs: []int32{1, 2}, Types: []int32{0}}, "1 types"},
	} {
		_, err := e.FirstTokens(context.Background(), []Sequence{{IDs: []int32{1}}, c.sequence})
		if err == nil || !strings.Contains(err.Error(), c.part) || !strings.Contains(err.Error(), "sequence 1") {
			t.Errorf("%v: the error is %v, not one of sequence 1 with %q", c.sequence, err, c.part)
		}
	}
	if out, err := e.Mean(context.Background(), nil); err != nil || len(out) != 0 {
		t.Errorf("nothing to encode gives %v, %v", out, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.FirstTokens(ctx, []Sequence{{IDs: []int32{1}}}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context's end the error is %v", err)
	}
}

func TestShapes(t *testing.T) {
	k, err := kernel.Default()
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Config, *Weights){
		"no heads":            func(c *Config, w *Weights) { c.Heads = 0 },
		"heads of 10⅔ values": func(c *Config, w *Weights) { c.Heads = 3 },
		"a layer too many":    func(c *Config, w *Weights) { c.Layers++ },
		"no positions":        func(c *Config, w *Weights) { c.PositionOffset = c.MaxPositions },
		"few positions":       func(c *Config, w *Weights) { w.Positions = w.Positions[1:] },
		"no types":            func(c *Config, w *Weights) { w.Types = nil },
		"a narrow norm":       func(c *Config, w *Weights) { w.Layers[1].OutputNorm.Bias = nil },
		"no matrix":           func(c *Config, w *Weights) { w.Layers[1].Key = nil },
		"another matrix":      func(c *Config, w *Weights) { w.Layers[0].Inner = w.Layers[0].Outer },
		"no words":            func(c *Config, w *Weights) { w.Words = nil },
	} {
		e := random(t, Config{Hidden: 32, Layers: 2, Heads: 2, Intermediate: 48, Vocabulary: 5, MaxPositions: 9, TypeVocab: 1}, k)
		c, w := e.config, e.weights
		change(&c, &w)
		if _, err := New(c, w, k); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

// FuzzLoad changes a file of weights: it must give an error or an encoder that works, whatever its numbers.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("testdata/even.bin")
	if err != nil {
		f.Fatal(err)
	}
	k, err := kernel.Lookup("generic")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint16(0), []byte{}, int32(1))
	f.Add(uint16(40), []byte("999"), int32(59))
	f.Add(uint16(30000), []byte{0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0xFF}, int32(60)) // not a number, −Inf
	f.Fuzz(func(t *testing.T, at uint16, patch []byte, id int32) {
		changed := append([]byte(nil), data...)
		copy(changed[int(at)%len(changed):], patch)
		file, err := pack.ReadBytes(changed)
		if err != nil {
			return
		}
		e, err := Load(file, file, k)
		if err != nil {
			return
		}
		out, err := e.FirstTokens(context.Background(), []Sequence{{IDs: []int32{id, 1, 2}}})
		if (err == nil) != (id >= 0 && int(id) < e.Config().Vocabulary) || err == nil && len(out[0]) != e.Config().Hidden {
			t.Fatalf("%v, %v of id %d", out, err, id)
		}
	})
}
