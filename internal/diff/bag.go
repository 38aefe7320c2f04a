package diff

import "slices"

// entry is a word of a bag: how often it occurs times what it weighs.
type entry struct{ id, weight int32 }

// The weights of words in telling whether two stretches of text are one.
const (
	heavyWord = 4
	lightWord = 1
)

// weigh fills the bags of the paragraphs named.
func (c *comparer) weigh(list []paragraph, text string, which []int) {
	for _, i := range which {
		p := &list[i]
		if p.tokens == nil {
			p.tokens = c.lex.tokens(text, p.span[0], p.span[1])
			p.bag, p.sum = c.bag(p.tokens)
		}
	}
}

// numbers gives room for one number for each word, all zero; whoever uses it
// leaves it so.
func (c *comparer) numbers() []int32 {
	if n := len(c.lex.traits) - len(c.local); n > 0 {
		c.local = append(c.local, make([]int32, n)...)
	}
	return c.local
}

func (c *comparer) bag(tokens []token) ([]entry, int32) {
	at := c.numbers()
	bag, sum := make([]entry, 0, len(tokens)), int32(0)
	for _, t := range tokens {
		weight := int32(heavyWord)
		if t.light || t.form == aMark {
			weight = lightWord
		}
		sum += weight
		if at[t.id] == 0 {
			bag = append(bag, entry{t.id, 0})
			at[t.id] = int32(len(bag))
		}
		bag[at[t.id]-1].weight += weight
	}
	for _, e := range bag {
		at[e.id] = 0
	}
	return bag, sum
}

// overlap is the weight two bags share.
func (c *comparer) overlap(a, b []entry) (sum int32) {
	weight := c.numbers()
	for _, e := range a {
		weight[e.id] = e.weight
	}
	for _, e := range b {
		sum += min(e.weight, weight[e.id])
	}
	for _, e := range a {
		weight[e.id] = 0
	}
	return sum
}

// without is what is left of a bag when another is taken out of it.
func (c *comparer) without(a, b []entry) []entry {
	weight := c.numbers()
	for _, e := range b {
		weight[e.id] = e.weight
	}
	var out []entry
	for _, e := range a {
		if e.weight -= weight[e.id]; e.weight > 0 {
			out = append(out, e)
		}
	}
	for _, e := range b {
		weight[e.id] = 0
	}
	return out
}

// likeness is the share of weight two paragraphs have in common (Dice, 1945),
// in thousandths.
func (c *comparer) likeness(a, b *paragraph) int32 {
	if a.sum+b.sum == 0 {
		return 0
	}
	return int32(2000 * int64(c.overlap(a.bag, b.bag)) / int64(a.sum+b.sum))
}

// likenesses compares every paragraph of x with every one of y. Where there are
// many, words that stand in more than a quarter of them are left aside: they
// tell nothing, and cost most.
func (c *comparer) likenesses(a, b []paragraph, x, y []int) []int32 {
	out := make([]int32, len(x)*len(y))
	if len(x)*len(y) <= 64 {
		for k, i := range x {
			for n, j := range y {
				out[k*len(y)+n] = c.likeness(&a[i], &b[j])
			}
		}
		return out
	}
	// Postings: which of y have a word, and how much of it.
	local := c.numbers()
	var ids, start []int32 // by local number
	for _, j := range y {
		for _, e := range b[j].bag {
			if local[e.id] == 0 {
				ids = append(ids, e.id)
				start = append(start, 0)
				local[e.id] = int32(len(ids))
			}
			start[local[e.id]-1]++
		}
	}
	often, sum := int32(max(24, len(y)/4)), int32(0)
	common := make([]bool, len(ids))
	for n, count := range start {
		common[n] = count > often
		start[n] = sum
		sum += count
	}
	type posting struct{ j, weight int32 }
	postings := make([]posting, sum)
	end := slices.Clone(start)
	sumB := make([]int32, len(y))
	for k, j := range y {
		for _, e := range b[j].bag {
			n := local[e.id] - 1
			postings[end[n]] = posting{int32(k), e.weight}
			end[n]++
			if !common[n] {
				sumB[k] += e.weight
			}
		}
	}
	shared := make([]int32, len(y))
	for k, i := range x {
		clear(shared)
		sumA := int32(0)
		for _, e := range a[i].bag {
			n := local[e.id] - 1
			if n < 0 {
				sumA += e.weight
				continue
			}
			if common[n] {
				continue
			}
			sumA += e.weight
			for _, p := range postings[start[n]:end[n]] {
				shared[p.j] += min(e.weight, p.weight)
			}
		}
		for j, s := range shared {
			if s > 0 {
				out[k*len(y)+j] = int32(2000 * int64(s) / int64(sumA+sumB[j]))
			}
		}
	}
	for _, id := range ids {
		local[id] = 0
	}
	return out
}
