package diff

import (
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// matcher finds a longest common subsequence of two lists of ids. Time is
// bounded whatever the lists are, without a clock, so that the result is the
// same everywhere:
//   - what occurs on one side only is left out, common beginnings and ends are
//     taken off;
//   - the rest is halved by Hirschberg's method (1975), with the lengths
//     computed 64 at a time (Hyyrö, 2004), until it is small enough for Myers'
//     algorithm (1986) as go-diff has it;
//   - beyond maxSteps the lists are first cut at what is unique on both sides
//     (patience), and what is then still too long, in proportion.
//
// Up to maxSteps the result is a longest common subsequence, beyond it near one.
type matcher struct {
	steps  int     // left to spend
	halved bool    // what is solved is part of something long
	count  []int32 // by id, all zero between uses
	at     []int32 // by id
	next   []int32 // by place
	slot   []int32 // by id: 1 + its place in bits, all zero between uses
	bits   [][]uint64
	row    []uint64
	mask   []uint64 // all zero between uses
	sums   [2][]int32
}

// maxSteps bounds the work of halving, in words of 64 bits: about 50 ms.
const maxSteps = 32 << 20

// small is the number of ids, both sides together, left to go-diff.
const small = 96

// match is a run of n ids that stand at a and b.
type match struct{ a, b, n int32 }

// seq is a list of ids and where each stood in the whole.
type seq struct{ id, at []int32 }

// common gives the runs that two lists of ids below limit share, in order.
func (m *matcher) common(a, b []int32, limit int) []match {
	if n := limit - len(m.count); n > 0 {
		m.count = append(m.count, make([]int32, n)...)
		m.at = append(m.at, make([]int32, n)...)
		m.slot = append(m.slot, make([]int32, n)...)
	}
	whole := func(list []int32) seq {
		at := make([]int32, len(list))
		for i := range at {
			at[i] = int32(i)
		}
		return seq{list, at}
	}
	var pairs []match
	m.solve(whole(a), whole(b), &pairs)
	return pairs
}

func put(pairs *[]match, a, b int32) {
	if p := *pairs; len(p) > 0 {
		if last := &p[len(p)-1]; last.a+last.n == a && last.b+last.n == b {
			last.n++
			return
		}
	}
	*pairs = append(*pairs, match{a, b, 1})
}

func (m *matcher) solve(a, b seq, pairs *[]match) {
	n := 0
	for n < len(a.id) && n < len(b.id) && a.id[n] == b.id[n] {
		put(pairs, a.at[n], b.at[n])
		n++
	}
	a, b = a.from(n), b.from(n)
	n = 0
	for n < len(a.id) && n < len(b.id) && a.id[len(a.id)-1-n] == b.id[len(b.id)-1-n] {
		n++
	}
	endA, endB := a.from(len(a.id)-n), b.from(len(b.id)-n)
	a, b = a.to(len(a.id)-n), b.to(len(b.id)-n)
	m.middle(a, b, pairs)
	for i := range n {
		put(pairs, endA.at[i], endB.at[i])
	}
}

func (s seq) from(n int) seq { return seq{s.id[n:], s.at[n:]} }
func (s seq) to(n int) seq   { return seq{s.id[:n], s.at[:n]} }

// middle solves what neither begins nor ends alike.
func (m *matcher) middle(a, b seq, pairs *[]match) {
	if len(a.id) == 0 || len(b.id) == 0 {
		return
	}
	if m.halved && len(a.id) <= 64 && len(b.id) <= 64 {
		m.tiny(a, b, pairs)
		return
	}
	if a2, b2 := m.shared(a, b); len(a2.id) < len(a.id) || len(b2.id) < len(b.id) {
		m.solve(a2, b2, pairs)
		return
	}
	if !m.halved && len(a.id)+len(b.id) <= small {
		m.myers(a, b, pairs)
		return
	}
	cost := 2 * len(b.id) * (len(a.id)/64 + 1)
	if cost > m.steps {
		if cuts := m.cuts(a, b); len(cuts) > 0 {
			i, j := 0, 0
			for _, c := range cuts {
				m.solve(seq{a.id[i:c.a], a.at[i:c.a]}, seq{b.id[j:c.b], b.at[j:c.b]}, pairs)
				put(pairs, a.at[c.a], b.at[c.b])
				i, j = int(c.a)+1, int(c.b)+1
			}
			m.solve(a.from(i), b.from(j), pairs)
			return
		}
		if pieces := m.pieces(len(a.id), len(b.id)); pieces > 1 {
			for k := range pieces {
				i, i2 := len(a.id)*k/pieces, len(a.id)*(k+1)/pieces
				j, j2 := len(b.id)*k/pieces, len(b.id)*(k+1)/pieces
				m.paid(func() { m.solve(seq{a.id[i:i2], a.at[i:i2]}, seq{b.id[j:j2], b.at[j:j2]}, pairs) })
			}
			return
		}
	}
	m.steps -= cost
	m.paid(func() { m.halve(a, b, pairs) })
}

// paid does what has been charged already.
func (m *matcher) paid(do func()) {
	left, halved := m.steps, m.halved
	m.steps, m.halved = 1<<50, true
	do()
	m.steps, m.halved = left, halved
}

// cuts is unique while there is something left to spend: adversaries can make
// every cut as useless as can be.
func (m *matcher) cuts(a, b seq) []match {
	n := len(a.id) + len(b.id)
	if m.steps < n {
		return nil
	}
	m.steps -= n
	return m.unique(a, b)
}

// pieces is into how many parts two lists are cut so that each may be halved.
func (m *matcher) pieces(a, b int) int {
	allowed := max(m.steps, 4*(a+b)) // always enough for parts of a hundred ids
	n := 1
	for 2*(b/n+1)*(a/n/64+1)*n > allowed && n < a+b {
		n *= 2
	}
	return n
}

// shared leaves out what occurs on one side only.
func (m *matcher) shared(a, b seq) (seq, seq) {
	for _, id := range b.id {
		m.count[id] = 1
	}
	found := 0
	for _, id := range a.id {
		if m.count[id] != 0 {
			m.count[id] = 2
			found++
		}
	}
	keep := func(s seq, n int) seq {
		if n == len(s.id) {
			return s
		}
		out := seq{make([]int32, 0, n), make([]int32, 0, n)}
		for i, id := range s.id {
			if m.count[id] == 2 {
				out.id, out.at = append(out.id, id), append(out.at, s.at[i])
			}
		}
		return out
	}
	both := 0
	for _, id := range b.id {
		if m.count[id] == 2 {
			both++
		}
	}
	x, y := keep(a, found), keep(b, both)
	for _, id := range b.id {
		m.count[id] = 0
	}
	return x, y
}

// unique finds the longest rising chain of ids that occur once on each side.
func (m *matcher) unique(a, b seq) []match {
	for _, id := range b.id {
		if m.count[id] < 2<<16 {
			m.count[id] += 1 << 16
		}
	}
	for _, id := range a.id {
		if m.count[id]&0xFFFF < 2 {
			m.count[id]++
		}
	}
	for j, id := range b.id {
		m.at[id] = int32(j)
	}
	var chain []match // candidates in the order of a
	for i, id := range a.id {
		if m.count[id] == 1<<16+1 {
			chain = append(chain, match{int32(i), m.at[id], 1})
		}
	}
	for _, id := range b.id {
		m.count[id] = 0
	}
	for _, id := range a.id {
		m.count[id] = 0
	}
	return rising(chain)
}

// rising is the longest chain of candidates, sorted by a, that rises in b too.
func rising(candidates []match) []match {
	var tails []int32 // index of the last candidate of the best chain of each length
	before := make([]int32, len(candidates))
	for i, c := range candidates {
		k, _ := slices.BinarySearchFunc(tails, c.b, func(t, b int32) int { return int(candidates[t].b) - int(b) })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, int32(i))
		} else {
			tails[k] = int32(i)
		}
	}
	if len(tails) == 0 {
		return nil
	}
	chain := make([]match, len(tails))
	for k, i := len(tails)-1, tails[len(tails)-1]; k >= 0; k-- {
		chain[k] = candidates[i]
		i = before[i]
	}
	return chain
}

// halve cuts b in its middle and a where the two parts share most.
func (m *matcher) halve(a, b seq, pairs *[]match) {
	if len(b.id) == 1 { // it occurs in a: what occurs on one side only has been left out
		put(pairs, a.at[0], b.at[0])
		return
	}
	mid := len(b.id) / 2
	forward := m.lengths(a.id, b.id[:mid], false)
	backward := m.lengths(a.id, b.id[mid:], true)
	cut, best := 0, int32(-1)
	for i := range forward {
		if sum := forward[i] + backward[len(a.id)-i]; sum > best {
			cut, best = i, sum
		}
	}
	m.solve(a.to(cut), b.to(mid), pairs)
	m.solve(a.from(cut), b.from(mid), pairs)
}

// tiny solves lists of at most 64 ids by keeping every row.
func (m *matcher) tiny(a, b seq, pairs *[]match) {
	var rows [65]uint64
	rows[0] = ^uint64(0)
	n := len(a.id)
	for j, id := range b.id {
		set := uint64(0)
		for i, other := range a.id {
			if other == id {
				set |= 1 << i
			}
		}
		v := rows[j]
		rows[j+1] = (v + v&set) | v&^set
	}
	length := func(i, j int) int { return bits.OnesCount64(^rows[j] & (1<<i - 1)) }
	var found [64][2]int
	k := 0
	for i, j := n, len(b.id); i > 0 && j > 0; {
		switch {
		case rows[j]>>(i-1)&1 == 1: // the last of a adds nothing
			i--
		case length(i, j) == length(i, j-1):
			j--
		default:
			i, j = i-1, j-1
			found[k] = [2]int{i, j}
			k++
		}
	}
	for k--; k >= 0; k-- {
		put(pairs, a.at[found[k][0]], b.at[found[k][1]])
	}
}

// lengths gives, for every beginning of a (or end, counted from the end), the
// length of its longest common subsequence with b. They stand until the next
// call for the same direction.
func (m *matcher) lengths(a, b []int32, reverse bool) []int32 {
	n := len(a)
	words, side := (n+63)/64, 0
	if reverse {
		side = 1
	}
	at := func(list []int32, i int) int32 {
		if reverse {
			return list[len(list)-1-i]
		}
		return list[i]
	}
	// Where each id stands in a: as chains, or for frequent ones as bits.
	if cap(m.next) < n {
		m.next = make([]int32, n)
	}
	next := m.next[:n]
	for i := n - 1; i >= 0; i-- {
		id := at(a, i)
		next[i] = -1
		if m.count[id] > 0 {
			next[i] = m.at[id]
		}
		m.at[id] = int32(i)
		m.count[id]++
	}
	if cap(m.row) < words {
		m.row, m.mask = make([]uint64, words), make([]uint64, words)
	}
	row, mask, used := m.row[:words], m.mask[:words], int32(0)
	for w := range row {
		row[w] = ^uint64(0)
	}
	for i := range b {
		id := at(b, i)
		k := m.count[id]
		if k == 0 {
			continue
		}
		set := mask
		if int(k) > words/4+4 {
			if m.slot[id] == 0 {
				used++
				m.slot[id] = used
				frequent := m.cleared(used-1, words)
				for p := m.at[id]; p >= 0; p = next[p] {
					frequent[p>>6] |= 1 << (p & 63)
				}
			}
			set = m.bits[m.slot[id]-1]
		} else {
			for p := m.at[id]; p >= 0; p = next[p] {
				mask[p>>6] |= 1 << (p & 63)
			}
		}
		carry := uint64(0)
		for w, v := range row {
			u := v & set[w]
			sum, c := bits.Add64(v, u, carry)
			row[w] = sum | v&^set[w]
			carry = c
		}
		if int(k) <= words/4+4 {
			for p := m.at[id]; p >= 0; p = next[p] {
				mask[p>>6] = 0
			}
		}
	}
	for _, id := range a {
		m.count[id], m.slot[id] = 0, 0
	}
	out := m.sums[side]
	if cap(out) <= n {
		out = make([]int32, n+1)
		m.sums[side] = out
	}
	out = out[:n+1]
	for i := range n {
		out[i+1] = out[i] + int32(^row[i>>6]>>(i&63)&1)
	}
	return out
}

// cleared is the room for the bits of the i-th frequent id, all zero.
func (m *matcher) cleared(i int32, words int) []uint64 {
	if int(i) == len(m.bits) {
		m.bits = append(m.bits, nil)
	}
	if cap(m.bits[i]) < words {
		m.bits[i] = make([]uint64, words)
	}
	m.bits[i] = m.bits[i][:words]
	clear(m.bits[i])
	return m.bits[i]
}

// myers hands two short lists to go-diff, every id as a rune of its own.
func (m *matcher) myers(a, b seq, pairs *[]match) {
	var room [small]rune
	known := rune(0)
	encode := func(runes []rune, list []int32) []rune {
		for i, id := range list {
			if m.count[id] == 0 {
				known++ // stays far below the surrogates, which are no runes
				m.count[id] = known
			}
			runes[i] = m.count[id]
		}
		return runes[:len(list)]
	}
	x, y := encode(room[:], a.id), encode(room[len(a.id):], b.id)
	for _, id := range a.id {
		m.count[id] = 0
	}
	for _, id := range b.id {
		m.count[id] = 0
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // otherwise the result depends on the load of the machine
	i, j := 0, 0
	for _, d := range dmp.DiffMainRunes(x, y, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			i += n
		case diffmatchpatch.DiffInsert:
			j += n
		default:
			for range n {
				put(pairs, a.at[i], b.at[j])
				i, j = i+1, j+1
			}
		}
	}
}
