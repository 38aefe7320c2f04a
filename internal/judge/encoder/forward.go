package encoder

import (
	"math"

	"volteface/internal/judge/kernel"
)

const (
	// feedTokens is how many tokens go through a feed-forward network at once, so that the values between its layers stay
	// in the second cache.
	feedTokens = 48
	// queryTokens is how many queries meet all keys at once, so that their scores stay in the first cache.
	queryTokens = 24
)

// scratch is the memory of one batch on its way through the layers. Rows are padded to kernel.Pad values.
type scratch struct {
	*Encoder
	starts []int // where each sequence's tokens begin, and the end

	hidden  []float32 // the tokens
	next    []float32 // the tokens after the sublayer at work
	heads   []float32 // queries, keys and values, one after the other in each row
	context []float32 // what attention gives
	inner   []float32 // between the two layers of the feed-forward network
	rows    kernel.Rows
	fed     kernel.Rows

	keys    []float32 // one head's keys, transposed
	values  []float32 // one head's values
	scores  []float32
	inverse []float32 // one over the sums of the scores
	shrink  []float32 // 1/√(values a head), for each query
}

// embed starts a batch: word, position and type embeddings, normalised.
func (s *scratch) embed(sequences []Sequence, tokens int) {
	c, w := &s.config, &s.weights
	width := kernel.Pad(c.Hidden)
	s.hidden, s.next = grown(s.hidden, tokens*width), grown(s.next, tokens*width)
	s.context, s.heads = grown(s.context, tokens*width), grown(s.heads, tokens*3*width)
	if width != c.Hidden {
		clear(s.hidden)
		clear(s.context)
	}
	s.kernel.Resize(&s.rows, tokens, c.Hidden, c.Fine.Heads)
	s.starts = s.starts[:0]
	t := 0
	for _, q := range sequences {
		s.starts = append(s.starts, t)
		for i, id := range q.IDs {
			row := s.hidden[t*width:][:c.Hidden]
			w.Words.Row(row, int(id))
			position := w.Positions[(c.PositionOffset+i)*c.Hidden:][:c.Hidden]
			kind := w.Types[:c.Hidden]
			if q.Types != nil {
				kind = w.Types[int(q.Types[i])*c.Hidden:][:c.Hidden]
			}
			for j := range row {
				row[j] += kind[j]
			}
			low, high := s.kernel.AddNorm(row, position, w.EmbeddingNorm.Gain, w.EmbeddingNorm.Bias, c.Epsilon)
			s.kernel.Set(&s.rows, t, s.hidden[t*width:][:width], low, high)
			t++
		}
	}
	s.starts = append(s.starts, t)
}

// layer takes the batch through one layer.
func (s *scratch) layer(l *Layer) {
	width := kernel.Pad(s.config.Hidden)
	s.kernel.Linear(s.heads, 3*width, &s.rows, l.Query)
	s.keysAndValues(l)
	for i, from := range s.starts[:len(s.starts)-1] {
		to := s.starts[i+1]
		s.attend(from*width, s.heads[from*3*width:], 3*width, to-from, from, to)
	}
	s.finish(l, s.starts[len(s.starts)-1])
}

// lastOfFirst takes the batch through a layer as far as the first tokens need it, and leaves them in hidden.
func (s *scratch) lastOfFirst(l *Layer) {
	width := kernel.Pad(s.config.Hidden)
	s.keysAndValues(l)
	firsts := s.starts[:len(s.starts)-1]
	s.kernel.Resize(&s.rows, len(firsts), s.config.Hidden, s.config.Fine.Heads)
	for i, t := range firsts {
		row := s.hidden[i*width:][:width]
		copy(row, s.hidden[t*width:][:width])
		s.set(i, row)
	}
	queries := grown(s.next, len(firsts)*width)
	s.kernel.Linear(queries, width, &s.rows, l.Query)
	for i, from := range firsts {
		s.attend(i*width, queries[i*width:], width, 1, from, s.starts[i+1])
	}
	s.finish(l, len(firsts))
}

func (s *scratch) keysAndValues(l *Layer) {
	width := kernel.Pad(s.config.Hidden)
	s.kernel.Linear(s.heads[width:], 3*width, &s.rows, l.Key)
	s.kernel.Linear(s.heads[2*width:], 3*width, &s.rows, l.Value)
}

// attend lets queries, rows of q, attend to tokens from to to, and writes to context from at on.
func (s *scratch) attend(at int, q []float32, stride, queries, from, to int) {
	c := &s.config
	width, size, n := kernel.Pad(c.Hidden), c.Hidden/c.Heads, to-from
	padded := kernel.Pad(n)
	s.keys, s.values = grown(s.keys, size*padded), grown(s.values, n*size)
	s.scores = grown(s.scores, queryTokens*padded)
	s.inverse, s.shrink = grown(s.inverse, queryTokens), grown(s.shrink, queryTokens)
	for i := range s.shrink {
		s.shrink[i] = float32(1 / math.Sqrt(float64(size)))
	}
	none := float32(math.Inf(-1)) // the score of a key that is padding
	for head := range c.Heads {
		k := s.heads[from*3*width+width+head*size:]
		s.kernel.Transpose(s.keys, padded, k, 3*width, n, size)
		for t := range n {
			copy(s.values[t*size:][:size], k[t*3*width+width:])
		}
		for i := 0; i < queries; i += queryTokens {
			rows := min(queryTokens, queries-i)
			s.kernel.Multiply(kernel.Product{
				C: s.scores, A: q[i*stride+head*size:], B: s.keys, StrideC: padded, StrideA: stride, StrideB: padded,
				Rows: rows, Inner: size, Columns: padded, Scale: s.shrink,
			})
			for r := range rows {
				beyond := s.scores[r*padded+n : (r+1)*padded]
				for j := range beyond {
					beyond[j] = none
				}
			}
			s.kernel.Softmax(s.scores[:rows*padded], s.inverse[:rows])
			s.kernel.Multiply(kernel.Product{
				C: s.context[at+i*width+head*size:], A: s.scores, B: s.values, StrideC: width, StrideA: padded, StrideB: size,
				Rows: rows, Inner: n, Columns: size, Scale: s.inverse,
			})
		}
	}
}

// finish takes count tokens from what attention gave to the layer's end.
func (s *scratch) finish(l *Layer, count int) {
	c := &s.config
	width, inner := kernel.Pad(c.Hidden), kernel.Pad(c.Intermediate)
	s.kernel.Resize(&s.rows, count, c.Hidden, c.Fine.Attention)
	for t := range count {
		s.set(t, s.context[t*width:][:width])
	}
	s.kernel.Linear(s.next, width, &s.rows, l.Attention)
	s.addNorm(&l.AttentionNorm, count, c.Fine.Inner)

	s.inner = grown(s.inner, min(count, feedTokens)*inner)
	for from := 0; from < count; from += feedTokens {
		to := min(from+feedTokens, count)
		s.kernel.Linear(s.inner, inner, s.rows.Slice(from, to), l.Inner)
		s.kernel.Resize(&s.fed, to-from, c.Intermediate, c.Fine.Outer)
		for i := range to - from {
			row := s.inner[i*inner:][:inner]
			low, high := s.kernel.GELU(row)
			s.kernel.Set(&s.fed, i, row, low, high)
		}
		s.kernel.Linear(s.next[from*width:], width, &s.fed, l.Outer)
	}
	s.addNorm(&l.OutputNorm, count, c.Fine.Heads)
}

// addNorm adds hidden to next, normalises it, and makes it the new hidden, whose quantised rows, fine or not, are
// in rows.
func (s *scratch) addNorm(n *Norm, count int, fine bool) {
	c := &s.config
	s.kernel.Resize(&s.rows, count, c.Hidden, fine)
	width := kernel.Pad(c.Hidden)
	for t := range count {
		row := s.next[t*width:][:width]
		low, high := s.kernel.AddNorm(row[:c.Hidden], s.hidden[t*width:][:c.Hidden], n.Gain, n.Bias, c.Epsilon)
		s.kernel.Set(&s.rows, t, row, low, high)
	}
	s.hidden, s.next = s.next, s.hidden
}

// set quantises a row of which no bounds are known.
func (s *scratch) set(i int, row []float32) {
	low, high := s.kernel.Bounds(row)
	s.kernel.Set(&s.rows, i, row, low, high)
}

// firstTokens takes the batch through the last layer and copies the first tokens.
func (s *scratch) firstTokens(out [][]float32) {
	s.lastOfFirst(&s.weights.Layers[len(s.weights.Layers)-1])
	width := kernel.Pad(s.config.Hidden)
	for i := range out {
		out[i] = append([]float32(nil), s.hidden[i*width:][:s.config.Hidden]...)
	}
}

// means takes the batch through the last layer and averages each sequence.
func (s *scratch) means(out [][]float32) {
	s.layer(&s.weights.Layers[len(s.weights.Layers)-1])
	width := kernel.Pad(s.config.Hidden)
	for i := range out {
		mean := make([]float32, s.config.Hidden)
		from, to := s.starts[i], s.starts[i+1]
		for t := from; t < to; t++ {
			for j, v := range s.hidden[t*width:][:s.config.Hidden] {
				mean[j] += v
			}
		}
		for j := range mean {
			mean[j] /= float32(to - from)
		}
		out[i] = mean
	}
}

// grown is a slice of n elements, s's own memory if that suffices. Its content is undefined.
func grown(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
