package tokenizer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
)

// maxID bounds ids, nodes and pieces: they are kept in three bytes.
const maxID = 1 << 24

// trie holds byte strings in breadth-first order, so that a node's children are neighbours sorted by byte. The arrays are
// described in train/tokenizer.py; they may lie in read-only memory. A trie of foreign bytes can lead to wrong answers but never
// out of bounds: newTrie checks what lookups rely on.
type trie struct {
	label []byte
	first []byte // three bytes a node, and one more at the end
	ends  []byte // a bit a node, in words of 32
	rank  []byte // a uint32 a word of ends
	keys  int
	root  [257]int32 // the root's children, by byte: c's is root[c] if root[c] < root[c+1]
}

func newTrie(label, first, ends, rank []byte) (*trie, error) {
	n := len(label)
	if n == 0 || n >= maxID {
		return nil, fmt.Errorf("trie of %d nodes; 1 to %d can be read", n, maxID-1)
	}
	words := (n + 31) / 32
	if len(first) != 3*(n+1) || len(ends) != 4*words || len(rank) != 4*words {
		return nil, errors.New("trie: its arrays differ in length")
	}
	t := &trie{label: label, first: first, ends: ends, rank: rank}
	// Children come after their parent and before the end: walks are in bounds and finite.
	last := 1
	for i := range n {
		at := uint24At(first, i)
		if at < last || at <= i && at < n || at > n {
			return nil, fmt.Errorf("trie: the children of node %d begin at %d", i, at)
		}
		last = at
	}
	if uint24At(first, n) != n {
		return nil, errors.New("trie: its last children do not end it")
	}
	for w := range words {
		if int(uint32At(rank, w)) != t.keys {
			return nil, fmt.Errorf("trie: rank of word %d", w)
		}
		t.keys += bits.OnesCount32(uint32At(ends, w))
	}
	if n%32 != 0 && uint32At(ends, words-1)>>(n%32) != 0 {
		return nil, errors.New("trie: a key ends beyond the last node")
	}
	at, end := uint24At(first, 0), uint24At(first, 1)
	for c := range t.root {
		for at < end && int(label[at]) < c {
			at++
		}
		t.root[c] = int32(at)
	}
	return t, nil
}

// child is the node that b leads to from a node, or 0 (the root, which is nobody's child).
func (t *trie) child(node int, b byte) int {
	if node == 0 {
		if at := t.root[b]; at < t.root[int(b)+1] {
			return int(at)
		}
		return 0
	}
	low, high := uint24At(t.first, node), uint24At(t.first, node+1)
	end := high
	for low < high {
		mid := int(uint(low+high) >> 1)
		if t.label[mid] < b {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < end && t.label[low] == b {
		return low
	}
	return 0
}

// key is the number, in the trie's order, of the key that ends at a node; false if none does.
func (t *trie) key(node int) (int, bool) {
	word, bit := uint32At(t.ends, node/32), uint(node%32)
	if word>>bit&1 == 0 {
		return 0, false
	}
	return int(uint32At(t.rank, node/32)) + bits.OnesCount32(word&(1<<bit-1)), true
}

// buildTrie makes a trie of distinct keys, none empty, and tells for each key of the trie's order which of keys it is.
func buildTrie(keys []string) (t *trie, order []int, err error) {
	sorted := make([]int, len(keys))
	for i := range sorted {
		sorted[i] = i
	}
	sort.Slice(sorted, func(a, b int) bool { return keys[sorted[a]] < keys[sorted[b]] })
	for i, k := range sorted {
		if keys[k] == "" || i > 0 && keys[k] == keys[sorted[i-1]] {
			return nil, nil, fmt.Errorf("piece %d is empty or there twice: %q", k, keys[k])
		}
	}
	// A node is a range of sorted keys that share their first bytes.
	type node struct{ from, to, depth int }
	nodes := []node{{0, len(sorted), 0}}
	label := []byte{0}
	var first, ends, rank []byte
	for i := 0; i < len(nodes); i++ {
		if len(nodes) >= maxID {
			return nil, nil, fmt.Errorf("pieces of more than %d different beginnings", maxID)
		}
		n := nodes[i]
		first = appendUint24(first, len(nodes))
		if i%32 == 0 {
			rank = binary.LittleEndian.AppendUint32(rank, uint32(len(order)))
			ends = append(ends, 0, 0, 0, 0)
		}
		if n.from < n.to && len(keys[sorted[n.from]]) == n.depth {
			ends[i/8] |= 1 << (i % 8)
			order = append(order, sorted[n.from])
			n.from++
		}
		for n.from < n.to {
			b := keys[sorted[n.from]][n.depth]
			to := n.from + sort.Search(n.to-n.from, func(k int) bool { return keys[sorted[n.from+k]][n.depth] > b })
			nodes = append(nodes, node{n.from, to, n.depth + 1})
			label = append(label, b)
			n.from = to
		}
	}
	first = appendUint24(first, len(nodes))
	t, err = newTrie(slices.Clip(label), slices.Clip(first), ends, rank)
	return t, order, err
}

func uint32At(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }

func uint24At(b []byte, i int) int {
	b = b[3*i : 3*i+3]
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16
}

func appendUint24(b []byte, v int) []byte { return append(b, byte(v), byte(v>>8), byte(v>>16)) }
