package parser

import "math"

// Tree finds the best dependency tree of a sentence of n words by Chu and Liu (1965)
// and Edmonds (1967): the one whose arcs have the greatest sum of scores, with exactly
// one word under the root.
//
// scores holds n rows of n+1 numbers: how well each word, and last the root, suits as
// head of the row's word. heads gets n numbers: the index of each word's head, n for
// the root. No score is infinite or NaN.
func Tree(n int, scores []float32, heads []int32) {
	for d := range n {
		row := scores[d*(n+1) : (d+1)*(n+1)]
		best := -1
		for h, x := range row {
			if h != d && (best < 0 || x > row[best]) {
				best = h
			}
		}
		heads[d] = int32(best)
	}
	if isTree(heads) {
		return
	}
	c := newContraction(n, scores)
	for c.contract() {
	}
	c.expand(heads)
}

// isTree tells whether heads form a tree with one word under the root.
func isTree(heads []int32) bool {
	n := len(heads)
	roots := 0
	// Words are marked with the number of the walk that came by.
	marks := make([]int32, n)
	for d := range heads {
		if int(heads[d]) == n {
			roots++
		}
		w := d
		for marks[w] == 0 {
			marks[w] = int32(d + 1)
			if w = int(heads[w]); w == n {
				break
			}
		}
		if w < n && marks[w] == int32(d+1) {
			return false
		}
	}
	return roots == 1
}

// arc is one arc between words of the sentence.
type arc struct{ head, dep int32 }

// contraction is the graph while circles are drawn together. Its nodes are words,
// the root, and circles; each stands in a row of the matrix.
type contraction struct {
	n      int
	width  int
	score  []float64 // row: dependent, column: head
	arcs   []arc     // the words that each cell joins
	alive  []int     // rows in use
	node   []int     // the node that a row stands for
	best   []int     // the row of each row's best head
	parent []int     // the circle that a node was drawn into, -1 if none
	// chosen is the arc into each node, once it was drawn into a circle or at the end.
	chosen []arc
}

func newContraction(n int, scores []float32) *contraction {
	w := n + 1
	c := &contraction{n: n, width: w, score: make([]float64, w*w), arcs: make([]arc, w*w), alive: make([]int, w), node: make([]int, w), best: make([]int, w)}
	// A second word under the root costs more than any other choice could gain, so
	// that one is all the best tree has.
	least, most := math.Inf(1), math.Inf(-1)
	for _, x := range scores[:n*w] {
		least, most = min(least, float64(x)), max(most, float64(x))
	}
	price := (most-least)*float64(n) + 1
	for d := range w {
		c.alive[d], c.node[d] = d, d
		c.parent = append(c.parent, -1)
		c.chosen = append(c.chosen, arc{})
		for h := range w {
			if d < n {
				c.score[d*w+h] = float64(scores[d*w+h])
				if h == n {
					c.score[d*w+h] -= price
				}
			}
			c.arcs[d*w+h] = arc{int32(h), int32(d)}
		}
	}
	return c
}

// contract draws one circle of best heads together. It is false if there is none.
func (c *contraction) contract() bool {
	w := c.width
	for _, d := range c.alive {
		if d == c.n {
			continue
		}
		best := -1
		for _, h := range c.alive {
			if h != d && (best < 0 || c.score[d*w+h] > c.score[d*w+best]) {
				best = h
			}
		}
		c.best[d] = best
	}
	circle := c.circle()
	if circle == nil {
		return false
	}
	id := len(c.parent)
	c.parent, c.chosen = append(c.parent, -1), append(c.chosen, arc{})
	in := make([]bool, w)
	for _, v := range circle {
		in[v] = true
		c.parent[c.node[v]] = id
		c.chosen[c.node[v]] = c.arcs[v*w+c.best[v]]
	}
	to := circle[0] // the row that the circle takes
	alive := c.alive[:0]
	for _, o := range c.alive {
		if in[o] {
			continue
		}
		alive = append(alive, o)
		// The best way from o into the circle breaks one of its arcs.
		entry, gain := -1, 0.0
		for _, v := range circle {
			if x := c.score[v*w+o] - c.score[v*w+c.best[v]]; entry < 0 || x > gain {
				entry, gain = v, x
			}
		}
		c.score[to*w+o], c.arcs[to*w+o] = gain, c.arcs[entry*w+o]
		// The best head for o in the circle.
		exit := to
		for _, v := range circle {
			if c.score[o*w+v] > c.score[o*w+exit] {
				exit = v
			}
		}
		c.score[o*w+to], c.arcs[o*w+to] = c.score[o*w+exit], c.arcs[o*w+exit]
	}
	c.alive = append(alive, to)
	c.node[to] = id
	return true
}

// circle finds one circle of best heads, nil if there is none.
func (c *contraction) circle() []int {
	seen := make([]int, c.width) // the walk that came by, from 1
	for k, start := range c.alive {
		v := start
		for v != c.n && seen[v] == 0 {
			seen[v] = k + 1
			v = c.best[v]
		}
		if v == c.n || seen[v] != k+1 {
			continue
		}
		circle := []int{v}
		for u := c.best[v]; u != v; u = c.best[u] {
			circle = append(circle, u)
		}
		return circle
	}
	return nil
}

// expand undoes the contractions, the last first: the arc into a circle takes the
// place of the circle's own arc into the same word.
func (c *contraction) expand(heads []int32) {
	for _, d := range c.alive {
		if d != c.n {
			c.chosen[c.node[d]] = c.arcs[d*c.width+c.best[d]]
		}
	}
	for id := len(c.parent) - 1; id > c.n; id-- {
		// The member of the circle that holds the word which the arc goes to.
		v := int(c.chosen[id].dep)
		for c.parent[v] != id {
			v = c.parent[v]
		}
		c.chosen[v] = c.chosen[id]
	}
	for d := range c.n {
		heads[d] = c.chosen[d].head
	}
}
