// Package tokenizer cuts text into the pieces an encoder reads: the very pieces that the `tokenizers` library of Hugging Face
// finds, which training uses.
//
//	tok, err := tokenizer.FromTensors(tensors)      // our own container
//	tok, err := tokenizer.FromJSON(file)            // a tokenizer.json: Unigram or WordPiece
//	ids, types := tok.Pair(tok.Encode(before), tok.Encode(after), 512)
//
// One thing differs on purpose: special pieces (<s>, </s>, [SEP]) that stand in a text are ordinary characters. Only Pair and
// Single place special pieces, so that no text can pretend to be two.
//
// A Tokenizer never changes after it was built and may be used by any number of goroutines. Time and memory grow linearly with
// the text, whatever its bytes.
package tokenizer

import "fmt"

// Tokenizer turns text into ids. Build one with FromTensors or FromJSON.
type Tokenizer struct {
	normalize normalizer
	split     splitter
	model     model
	single    template
	pair      template
}

// normalizer rewrites a text before it is cut.
type normalizer interface {
	normalize(text string) string
}

// splitter cuts a normalized text into the stretches that no piece may cross. It calls yield for each, never with an empty one.
type splitter interface {
	split(text string, yield func(string))
}

// model appends the ids of one stretch.
type model interface {
	encode(ids []int32, stretch string) []int32
	size() int
}

// Encode gives the ids of a text's pieces, without special ones; an empty text has none. Bytes that are no UTF-8 count as
// U+FFFD, as in Python's bytes.decode(errors="replace").
func (t *Tokenizer) Encode(text string) []int32 {
	text = t.normalize.normalize(decode(text))
	ids := make([]int32, 0, len(text)/3+4)
	t.split.split(text, func(s string) { ids = t.model.encode(ids, s) })
	return ids
}

// Single joins one encoded text with the special pieces the encoder expects round it. The text is cut at its end where
// the whole would exceed limit; a limit too small for the special pieces themselves leaves only these.
func (t *Tokenizer) Single(a []int32, limit int) (ids, types []int32) {
	room := max(limit-t.single.special(), 0)
	return t.single.join(a[:min(len(a), room)], nil)
}

// Pair joins two encoded texts, such as <s> a </s> </s> b </s>, and gives the token type of each piece. Where the whole would
// exceed limit, the longer text is cut at its end first, as training does ("longest_first").
func (t *Tokenizer) Pair(a, b []int32, limit int) (ids, types []int32) {
	na, nb := longestFirst(len(a), len(b), max(limit-t.pair.special(), 0))
	return t.pair.join(a[:na], b[:nb])
}

// Size is one more than the largest id that Encode, Single and Pair can give.
func (t *Tokenizer) Size() int {
	return max(t.model.size(), t.single.size(), t.pair.size())
}

// longestFirst tells how much of two texts is kept when there is room for so many pieces. An odd piece goes to the
// longer text, and to the second of two equally long.
func longestFirst(a, b, room int) (int, int) {
	if a+b <= room {
		return a, b
	}
	short := min(a, b, room/2)
	long := room - short
	if a > b {
		return long, short
	}
	return short, long
}

// template says in which order texts and special pieces stand.
type template []slot

// slot is a text (0 is the first, 1 the second) or, where text is negative, a special piece.
type slot struct {
	text int
	id   int32
	kind int32 // the token type
}

func (t template) special() int {
	n := 0
	for _, s := range t {
		if s.text < 0 {
			n++
		}
	}
	return n
}

func (t template) size() int {
	n := 0
	for _, s := range t {
		if s.text < 0 {
			n = max(n, int(s.id)+1)
		}
	}
	return n
}

func (t template) join(texts ...[]int32) (ids, types []int32) {
	n := t.special()
	for _, text := range texts {
		n += len(text)
	}
	ids, types = make([]int32, 0, n), make([]int32, 0, n)
	for _, s := range t {
		if s.text < 0 {
			ids = append(ids, s.id)
		} else {
			ids = append(ids, texts[s.text]...)
		}
		for len(types) < len(ids) {
			types = append(types, s.kind)
		}
	}
	return ids, types
}

// robertaTemplates are <s> a </s> and <s> a </s> </s> b </s>, all of token type 0.
func robertaTemplates(bos, eos int32) (single, pair template) {
	begin, end := slot{text: -1, id: bos}, slot{text: -1, id: eos}
	return template{begin, {text: 0}, end}, template{begin, {text: 0}, end, end, {text: 1}, end}
}

// FromTensors reads the tokenizer of our own container: the arrays that train/tokenizer.py writes, whose layout is
// told there. They are read where they lie and must not change. tensor returns nil for a name it does not know. Its ids are rows
// of the container's embeddings, which has those pieces of the base's vocabulary alone that train/vocabulary.bin keeps.
func FromTensors(tensor func(name string) []byte) (*Tokenizer, error) {
	special := tensor("tokenizer.special")
	if len(special) != 16 {
		return nil, fmt.Errorf("tokenizer.special has %d bytes, not 16", len(special))
	}
	at := func(i int) int32 { return int32(uint32At(special, i)) }
	bos, eos, unknown := at(0), at(1), at(3) // at(2) pads, which nobody does here
	if min(bos, eos, unknown) < 0 || max(bos, eos, unknown) >= maxID {
		return nil, fmt.Errorf("tokenizer.special: an id beyond %d", maxID)
	}
	t, err := newTrie(
		tensor("tokenizer.label"), tensor("tokenizer.first"), tensor("tokenizer.ends"), tensor("tokenizer.rank"))
	if err != nil {
		return nil, err
	}
	u, err := newUnigram(t, tensor("tokenizer.piece"), tensor("tokenizer.score"), unknown)
	if err != nil {
		return nil, err
	}
	single, pair := robertaTemplates(bos, eos)
	return &Tokenizer{
		normalize: sequence{nfkc{}, spaces{}, strip{true, true}},
		split:     metaspace{mark: wordMark, prepend: true, cut: true},
		model:     u,
		single:    single, pair: pair,
	}, nil
}
