package language

import (
	"bufio"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"volteface/internal/nlp/language/table"
)

// Indonesian and Malay are one language to n-grams, and what is collected as Malay is Indonesian for the most part. So their
// n-grams count as one, and words decide.

//go:embed malay.txt
var malayText string

// malayPrior is the log odds of Malay in a passage without any such word: Indonesian is written far more.
const malayPrior = -1.5

// malayWords gives the weight of words and ends of words (the whole one, and the last three and four letters), positive for Malay.
var malayWords = sync.OnceValue(func() (m struct{ words, ends map[table.Hash]float32 }) {
	m.words, m.ends = map[table.Hash]float32{}, map[table.Hash]float32{}
	lines := bufio.NewScanner(strings.NewReader(malayText))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || f[0] == "#" || f[0] != "id" && f[0] != "ms" {
			continue
		}
		weight, err := strconv.ParseFloat(f[1], 32)
		if err != nil {
			panic(fmt.Sprintf("malay.txt: %v", err)) // embedded, and read by a test
		}
		if f[0] == "id" {
			weight = -weight
		}
		for _, word := range f[2:] {
			if end, ok := strings.CutPrefix(word, "-"); ok {
				m.ends[hashOf([]rune(end))] = float32(weight)
			} else {
				m.words[hashOf([]rune(word))] = float32(weight)
			}
		}
	}
	return m
})

// malayEvidence is the weight of one word in lower case.
func malayEvidence(word []rune) float32 {
	m := malayWords()
	var h table.Hash
	var weight float32
	for i := len(word) - 1; i >= 0; i-- {
		h = h.Before(word[i])
		if n := len(word) - i; n == 3 || n == 4 {
			if w, ok := m.ends[h]; ok && len(word) > 6 {
				weight = w
			}
		}
	}
	if w, ok := m.words[h]; ok {
		return w
	}
	return weight
}

func hashOf(rs []rune) table.Hash {
	var h table.Hash
	for i := len(rs) - 1; i >= 0; i-- {
		h = h.Before(rs[i])
	}
	return h
}
