package tokenizer

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"unicode/utf8"
)

// unknownPenalty is how much worse than the worst piece a character without a piece is (SentencePiece's kUnkPenalty).
const unknownPenalty = 10

// unigram is a model of independent pieces, each with a log probability: the pieces of a stretch are those of the most probable
// path (Kudo 2018, arXiv:1804.10959). Ties and sums follow `tokenizers`: float64 from the left, the path found first stays.
type unigram struct {
	trie    *trie
	piece   []byte // three bytes a key of the trie: its id
	score   []byte // a float32 a key, or a float64 where wide
	wide    bool
	unknown int32
	penalty float64
	ids     int
	paths   sync.Pool // of *[]step
}

// step is the best way to reach a byte of the stretch.
type step struct {
	score float64
	from  int32 // where its last piece begins; -1 while none is known
	id    int32
}

func newUnigram(t *trie, piece, score []byte, unknown int32) (*unigram, error) {
	u := &unigram{trie: t, piece: piece, score: score, unknown: unknown, ids: int(unknown) + 1}
	u.wide = len(score) == 8*t.keys
	if t.keys == 0 || len(piece) != 3*t.keys || !u.wide && len(score) != 4*t.keys {
		return nil, fmt.Errorf("unigram: ids (%d bytes) and scores (%d bytes) do not fit %d pieces", len(piece), len(score), t.keys)
	}
	worst := math.Inf(1)
	for k := range t.keys {
		s := u.scoreOf(k)
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, errors.New("unigram: a score is not a number")
		}
		worst = min(worst, s)
		u.ids = max(u.ids, uint24At(piece, k)+1)
	}
	u.penalty = worst - unknownPenalty
	u.paths.New = func() any { return new([]step) }
	return u, nil
}

func (u *unigram) size() int { return u.ids }

func (u *unigram) scoreOf(key int) float64 {
	if u.wide {
		return math.Float64frombits(uint64(uint32At(u.score, 2*key)) | uint64(uint32At(u.score, 2*key+1))<<32)
	}
	return float64(math.Float32frombits(uint32At(u.score, key)))
}

// maxKept bounds the path, in bytes of text, that is kept for the next call: a stretch is a word, seldom a page without spaces.
const maxKept = 1 << 12

func (u *unigram) encode(ids []int32, s string) []int32 {
	scratch := u.paths.Get().(*[]step)
	path := *scratch
	if cap(path) <= len(s) {
		path = make([]step, len(s)+1)
	}
	path = path[:len(s)+1]
	for i := range path {
		path[i] = step{from: -1}
	}
	for at := 0; at < len(s); {
		so := path[at].score
		_, width := utf8.DecodeRuneInString(s[at:])
		whole := false // a piece that is this one character
		for node, end := 0, at; end < len(s); {
			if node = u.trie.child(node, s[end]); node == 0 {
				break
			}
			end++
			key, ok := u.trie.key(node)
			if !ok {
				continue
			}
			path[end].offer(so+u.scoreOf(key), at, int32(uint24At(u.piece, key)))
			whole = whole || end-at == width
		}
		if !whole {
			path[at+width].offer(so+u.penalty, at, u.unknown)
		}
		at += width
	}
	// Back from the end; unknown neighbours are one piece.
	start := len(ids)
	for at := len(s); at > 0; at = int(path[at].from) {
		id := path[at].id
		if id == u.unknown && len(ids) > start && ids[len(ids)-1] == u.unknown {
			continue
		}
		ids = append(ids, id)
	}
	for i, j := start, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	if cap(path) <= maxKept {
		*scratch = path
		u.paths.Put(scratch)
	}
	return ids
}

func (s *step) offer(score float64, from int, id int32) {
	if s.from < 0 || score > s.score {
		*s = step{score, int32(from), id}
	}
}
