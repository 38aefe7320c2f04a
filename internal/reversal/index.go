package reversal

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"volteface/internal/statement"
)

// mostTerms is how many different terms of a passage count.
const mostTerms = 48

// Terms are what a text speaks of: the stems of its words, those of less than three letters left out; in scripts that do not
// space words, every two letters. They are 32 bits of a hash each, sorted.
func Terms(text string) []uint32 {
	var terms []uint32
	add := func(word string) {
		if len(terms) < 4*mostTerms {
			h := fnv.New32a()
			h.Write([]byte(word))
			terms = append(terms, h.Sum32())
		}
	}
	var word []rune
	flush := func() {
		if wide := len(word) > 1 && statement.Unspaced(word[0]); wide {
			for i := range len(word) - 1 {
				add(string(word[i : i+2]))
			}
		} else if len(word) > 2 || len(word) > 0 && unicode.IsDigit(word[0]) {
			add(statement.Stem(word))
		}
		word = word[:0]
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Mn, r): // vowel signs and accents do not tell words apart
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		case len(word) > 0 && statement.Unspaced(word[0]) != statement.Unspaced(r):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
	}
	flush()
	slices.Sort(terms)
	terms = slices.Compact(terms)
	return terms[:min(len(terms), mostTerms)]
}

// index finds passages by the terms they have in common with another, ranked by BM25 (Robertson and Zaragoza 2009) of what has
// each term once. It is in memory, some hundred bytes a passage, and safe from many goroutines.
type index struct {
	mu       sync.RWMutex
	postings map[uint32]*posting
	ids      []int64 // of passages, in the order in which they were added
	lengths  []uint8 // in terms
	total    int     // of terms
	scores   sync.Pool
}

// posting is which passages have a term: their places, each as the distance from the one before.
type posting struct {
	places []byte
	last   uint32
	n      uint32
}

func newIndex() *index {
	return &index{postings: map[uint32]*posting{}, scores: sync.Pool{New: func() any { return new([]float32) }}}
}

func (x *index) add(id int64, terms []uint32) {
	x.mu.Lock()
	defer x.mu.Unlock()
	at := uint32(len(x.ids))
	x.ids, x.lengths = append(x.ids, id), append(x.lengths, uint8(min(len(terms), math.MaxUint8)))
	x.total += len(terms)
	for _, t := range terms {
		p := x.postings[t]
		if p == nil {
			p = &posting{}
			x.postings[t] = p
		}
		p.places = binary.AppendUvarint(p.places, uint64(at-p.last))
		p.last, p.n = at, p.n+1
	}
}

// The constants of BM25, and the share of passages from which a term tells nothing.
const (
	saturation  = 1.2
	lengthShare = 0.6
	commonShare = .02
	// commonLeast is how many passages may have a term whatever their share: an index of few has no common terms.
	commonLeast = 50
)

// hit is a passage that was found.
type hit struct {
	id    int64
	score float64
}

// search finds the k passages with numbers below a bound that share most with some terms, the best first.
func (x *index) search(terms []uint32, below int64, k int) []hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := len(x.ids)
	if n == 0 || k <= 0 {
		return nil
	}
	pooled := x.scores.Get().(*[]float32)
	defer x.scores.Put(pooled)
	if cap(*pooled) < n {
		*pooled = make([]float32, n+n/4)
	}
	scores := (*pooled)[:n]
	mean := float64(x.total) / float64(n)
	var weights [math.MaxUint8 + 1]float32 // by length
	for l := range weights {
		weights[l] = float32((saturation + 1) / (1 + saturation*(1-lengthShare+lengthShare*float64(l)/mean)))
	}
	var touched []uint32
	for _, t := range terms {
		p := x.postings[t]
		if p == nil || float64(p.n) > max(commonLeast, commonShare*float64(n)) {
			continue
		}
		rarity := float32(math.Log(1 + (float64(n)-float64(p.n)+.5)/(float64(p.n)+.5)))
		at := uint32(0)
		for rest := p.places; len(rest) > 0; {
			distance, size := binary.Uvarint(rest)
			rest = rest[size:]
			at += uint32(distance)
			if scores[at] == 0 {
				touched = append(touched, at)
			}
			scores[at] += rarity * weights[x.lengths[at]]
		}
	}
	var found []hit
	least := float32(0)
	order := func() {
		slices.SortFunc(found, func(a, b hit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.id, a.id)) })
		if len(found) >= k {
			found = found[:k]
			least = float32(found[k-1].score)
		}
	}
	for _, at := range touched {
		if s := scores[at]; s >= least && x.ids[at] < below {
			if found = append(found, hit{x.ids[at], float64(s)}); len(found) >= 8*k {
				order()
			}
		}
		scores[at] = 0
	}
	order()
	return found
}
