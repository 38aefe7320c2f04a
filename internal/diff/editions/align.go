package editions

import (
	"slices"

	"volteface/internal/extract"
)

// Order says how the sentences of two texts follow one another.
type Order bool

// The orders.
const (
	InOrder Order = true  // of a translation
	AnyWise Order = false // of two accounts, each in its own order
)

// Row is what stands side by side: sentences of the one text, of the other, or of both.
type Row struct {
	A, B [2]int  // from, to (excluded), in Reading.Sentences; nothing where both are equal
	Like float64 // how much likelier than chance they say the same; 0 where one side is empty
}

// Both tells whether the row has sentences of both sides.
func (r Row) Both() bool { return r.A[0] < r.A[1] && r.B[0] < r.B[1] }

// Figures measured on the development half of testdata (docs/evaluation.md).
const (
	// least is the likeness beyond chance from which two sentences are set side by side, in texts of one order and of any.
	leastInOrder, leastAnyWise = 0.0, 0.085
	// shared is what a figure or a date adds that both sentences have.
	shared = 0.04
	// merged is how much nearer two sentences together must be to one than either is.
	merged = 0.03
	// sameCountries is what naming the same other countries adds, otherCountries what naming quite others takes away.
	sameCountries, otherCountries = 0.06, 0.03
)

// grid is the likeness of all sentences of two texts beyond that which each has to any sentence of the other: translations of other
// languages lie at other distances, and some sentences are near to all (Lample et al. 2018, section 2.3).
type grid struct {
	a, b       *Reading
	rows, cols []float64 // mean likeness of a sentence of a, of b
	all        [][]float64
}

func newGrid(a, b *Reading) *grid {
	g := &grid{a: a, b: b, rows: make([]float64, len(a.Sentences)), cols: make([]float64, len(b.Sentences)), all: make([][]float64, len(a.Sentences))}
	for i := range a.Sentences {
		g.all[i] = make([]float64, len(b.Sentences))
		for k := range b.Sentences {
			like := a.Sentences[i].vector.Like(&b.Sentences[k].vector)
			g.all[i][k] = like
			g.rows[i] += like / float64(len(b.Sentences))
			g.cols[k] += like / float64(len(a.Sentences))
		}
	}
	return g
}

// like is that of one sentence of a and one of b.
func (g *grid) like(i, k int) float64 {
	return g.all[i][k] - (g.rows[i]+g.cols[k])/2 + common(&g.a.Sentences[i], &g.b.Sentences[k])
}

// common is what figures and dates that two sentences share add.
func common(s, t *Sentence) float64 {
	n := 0
	for _, f := range s.figures {
		for _, g := range t.figures {
			if f.Same(g) {
				n++
				break
			}
		}
	}
	for _, d := range s.days {
		if slices.ContainsFunc(t.days, func(e extract.Mention) bool { return sameDay(d, e) }) {
			n++
		}
	}
	return shared * float64(min(n, 2))
}

// Align sets the sentences of two texts side by side, in the order of the first; what only the second has follows what stands before it.
func Align(a, b *Reading, order Order) []Row {
	if len(a.Sentences) == 0 || len(b.Sentences) == 0 {
		var rows []Row
		for i := range a.Sentences {
			rows = append(rows, Row{A: [2]int{i, i + 1}})
		}
		for i := range b.Sentences {
			rows = append(rows, Row{B: [2]int{i, i + 1}})
		}
		return rows
	}
	g := newGrid(a, b)
	if order == InOrder {
		rows, _ := g.inOrder()
		return rows
	}
	return g.anyWise()
}

// step is a move of the alignment: how many sentences of each side it takes.
type step struct{ a, b int8 }

// inOrder is the best alignment of two texts in one order (Gale and Church 1993), and how good it is.
func (g *grid) inOrder() ([]Row, float64) {
	n, m := len(g.all), len(g.all[0])
	best, from := make([][]float64, n+1), make([][]step, n+1)
	for i := range best {
		best[i], from[i] = make([]float64, m+1), make([]step, m+1)
	}
	for i := range n + 1 {
		for k := range m + 1 {
			if i+k == 0 {
				continue
			}
			best[i][k] = -1e9
			try := func(s step, gain float64) {
				if v := best[i-int(s.a)][k-int(s.b)] + gain; v > best[i][k] {
					best[i][k], from[i][k] = v, s
				}
			}
			if i > 0 {
				try(step{1, 0}, 0)
			}
			if k > 0 {
				try(step{0, 1}, 0)
			}
			if i > 0 && k > 0 {
				gain := 2 * (g.like(i-1, k-1) - leastInOrder)
				if i == 1 && k == 1 { // the titles
					gain = max(gain, 0) + 1e-6
				}
				try(step{1, 1}, gain)
			}
			if i > 2 && k > 1 { // titles stand by themselves
				both := g.a.Sentences[i-2].next.Like(&g.b.Sentences[k-1].vector)
				if both >= max(g.all[i-2][k-1], g.all[i-1][k-1])+merged {
					try(step{2, 1}, 3*(both-(g.rows[i-2]+g.rows[i-1])/4-g.cols[k-1]/2-leastInOrder))
				}
			}
			if k > 2 && i > 1 {
				both := g.b.Sentences[k-2].next.Like(&g.a.Sentences[i-1].vector)
				if both >= max(g.all[i-1][k-2], g.all[i-1][k-1])+merged {
					try(step{1, 2}, 3*(both-(g.cols[k-2]+g.cols[k-1])/4-g.rows[i-1]/2-leastInOrder))
				}
			}
		}
	}
	var rows []Row
	for i, k := n, m; i+k > 0; {
		s := from[i][k]
		r := Row{A: [2]int{i - int(s.a), i}, B: [2]int{k - int(s.b), k}}
		if r.Both() {
			r.Like = (best[i][k] - best[r.A[0]][r.B[0]]) / float64(s.a+s.b)
		}
		rows = append(rows, r)
		i, k = r.A[0], r.B[0]
	}
	slices.Reverse(rows)
	return rows, best[n][m] / float64(n+m)
}

// anyWise sets each sentence beside the one that it is the nearest to and that is the nearest to it.
func (g *grid) anyWise() []Row {
	n, m := len(g.all), len(g.all[0])
	beside, taken := make([]int, n), make([]int, m)
	for i := range beside {
		beside[i] = -1
	}
	for k := range taken {
		taken[k] = -1
	}
	type pair struct {
		i, k int
		like float64
	}
	var pairs []pair
	for i := range n {
		for k := range m {
			if like := g.like(i, k); like >= leastAnyWise || i == 0 && k == 0 {
				pairs = append(pairs, pair{i, k, like})
			}
		}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int {
		switch {
		case x.like > y.like:
			return -1
		case x.like < y.like:
			return 1
		}
		return 0
	})
	likes := make([]float64, n)
	for _, p := range pairs {
		if beside[p.i] < 0 && taken[p.k] < 0 {
			beside[p.i], taken[p.k], likes[p.i] = p.k, p.i, p.like
		}
	}
	var rows []Row
	placed := make([]bool, m)
	alone := func(k int) { // what only b says, after what it follows there
		for ; k < m && taken[k] < 0 && !placed[k]; k++ {
			rows, placed[k] = append(rows, Row{B: [2]int{k, k + 1}}), true
		}
	}
	alone(0)
	for i := range n {
		r := Row{A: [2]int{i, i + 1}}
		if k := beside[i]; k >= 0 {
			r.B, r.Like = [2]int{k, k + 1}, likes[i]
			rows = append(rows, r)
			alone(k + 1)
			continue
		}
		rows = append(rows, r)
	}
	return rows
}

// SameStatement is the likeness from which two texts of one issuer are editions of one statement, measured on the development half of testdata.
const SameStatement = 0.068

// Likeness is how much likelier than chance the sentences of two texts correspond in one order, by what the best alignment makes of
// each; and by the countries that both or only one of them name, those left out that are the issuers' own. It is 0 for an empty text.
func Likeness(a, b *Reading, own ...string) float64 {
	if len(a.Sentences) == 0 || len(b.Sentences) == 0 {
		return 0
	}
	_, score := newGrid(a, b).inOrder()
	both, onlyA, onlyB := 0, 0, 0
	for country := range a.Named {
		if !slices.Contains(own, country) {
			if b.Named[country] {
				both++
			} else {
				onlyA++
			}
		}
	}
	for country := range b.Named {
		if !slices.Contains(own, country) && !a.Named[country] {
			onlyB++
		}
	}
	switch {
	case both > 0:
		score += sameCountries * float64(both) / float64(both+onlyA+onlyB)
	case onlyA > 0 && onlyB > 0:
		score -= otherCountries
	}
	return score
}
