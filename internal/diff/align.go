package diff

import (
	"slices"
	"strings"
)

// paragraph is one paragraph of a body.
type paragraph struct {
	span   Span
	id     int32 // of its folded text
	tokens []token
	bag    []entry
	sum    int32 // weight of the bag
	move   int32 // 1 + the paragraph it is moved to or from, on the other side
}

// link says that the paragraphs a[0]:a[1] before belong to b[0]:b[1] after.
type link struct{ a, b [2]int }

// body aligns the paragraphs of two bodies: first those both sides share, then,
// between them, those that resemble each other; what is left over and stands
// elsewhere was moved.
func (c *comparer) body() []Block {
	if n := max(strings.Count(c.a, "\n\n"), strings.Count(c.b, "\n\n")); n > maxAligned {
		block := c.block(stretch{text: c.a, span: Span{0, len(c.a)}}, stretch{text: c.b, span: Span{0, len(c.b)}})
		block.Paragraphs = n + 1
		return []Block{block}
	}
	a, b := c.paragraphs(c.a), c.paragraphs(c.b)
	links := c.steady(a, b, c.shared(a, b))
	if len(links) == 0 || gaps(links, len(a), len(b)) {
		moveSame(a, b, links)
		links = c.fill(a, b, links)
		c.moveAlike(a, b, links)
	}
	return c.blocks(a, b, links)
}

// maxAligned is how many paragraphs are told apart: no page has more, and a text
// made of nothing else would cost a block for every few bytes. Beyond it the
// words are compared as those of one paragraph.
const maxAligned = 50_000

func (c *comparer) paragraphs(body string) []paragraph {
	if body == "" {
		return nil
	}
	list := make([]paragraph, 0, strings.Count(body, "\n\n")+1)
	for start := 0; ; {
		n := strings.Index(body[start:], "\n\n")
		end := start + n
		if n < 0 {
			end = len(body)
		}
		list = append(list, paragraph{span: Span{start, end}, id: c.lex.passages.id(body[start:end])})
		if n < 0 {
			return list
		}
		start = end + 2
	}
}

// shared links the paragraphs that stand on both sides in the same order.
func (c *comparer) shared(a, b []paragraph) []link {
	ids := func(list []paragraph) []int32 {
		out := make([]int32, len(list))
		for i := range list {
			out[i] = list[i].id
		}
		return out
	}
	var links []link
	for _, m := range c.m.common(ids(a), ids(b), len(c.lex.passages.folded)) {
		for k := range int(m.n) {
			p, q := a[int(m.a)+k].span, b[int(m.b)+k].span
			if (p[0] == p[1]) != (q[0] == q[1]) {
				continue // nothing, and something that is not seen
			}
			links = append(links, link{[2]int{int(m.a) + k, int(m.a) + k + 1}, [2]int{int(m.b) + k, int(m.b) + k + 1}})
		}
	}
	return links
}

// steady takes links back that would tear apart more than they join: where a
// short paragraph went past longer ones that were revised, it is the short one
// that has moved.
func (c *comparer) steady(a, b []paragraph, links []link) []link {
	more, less := false, false // a stretch lost paragraphs, another won some
	from, to := link{a: [2]int{len(a), 0}, b: [2]int{len(b), 0}}, link{}
	between(links, len(a), len(b), func(a0, a1, b0, b1 int) {
		if a1-a0 == b1-b0 {
			return
		}
		more, less = more || a1-a0 < b1-b0, less || a1-a0 > b1-b0
		from.a[0], from.b[0] = min(from.a[0], a0), min(from.b[0], b0)
		to.a[1], to.b[1] = max(to.a[1], a1), max(to.b[1], b1)
	})
	n, m := to.a[1]-from.a[0], to.b[1]-from.b[0]
	if !more || !less || n*m > maxCells {
		return links
	}
	numbers := func(from, n int) []int {
		list := make([]int, n)
		for i := range list {
			list[i] = from + i
		}
		return list
	}
	x, y := numbers(from.a[0], n), numbers(from.b[0], m)
	c.weigh(a, c.a, x)
	c.weigh(b, c.b, y)
	worth := c.worth(a, b, x, y)
	var out []link
	for _, l := range links {
		if l.a[1] <= from.a[0] {
			out = append(out, l)
		}
	}
	for _, pair := range chain(worth, n, m) {
		i, j := x[pair[0]], y[pair[1]]
		if a[i].id == b[j].id {
			out = append(out, link{[2]int{i, i + 1}, [2]int{j, j + 1}})
		}
	}
	for _, l := range links {
		if l.a[0] >= to.a[1] {
			out = append(out, l)
		}
	}
	return out
}

func gaps(links []link, a, b int) bool { return len(links) < a || len(links) < b }

// between calls fn with the stretches that no link covers.
func between(links []link, a, b int, fn func(a0, a1, b0, b1 int)) {
	i, j := 0, 0
	for _, l := range links {
		if l.a[0] > i || l.b[0] > j {
			fn(i, l.a[0], j, l.b[0])
		}
		i, j = l.a[1], l.b[1]
	}
	if i < a || j < b {
		fn(i, a, j, b)
	}
}

// minMoved is the least number of bytes of a paragraph that counts as moved
// and not as one thing gone and another come: labels and marks repeat.
const minMoved = 24

// moveSame finds paragraphs that stand on both sides, once among those not
// linked, at places that no link joins.
func moveSame(a, b []paragraph, links []link) {
	type places struct{ a, b, nA, nB int }
	at := map[int32]places{}
	between(links, len(a), len(b), func(a0, a1, b0, b1 int) {
		for i := a0; i < a1; i++ {
			if a[i].span[1]-a[i].span[0] >= minMoved {
				p := at[a[i].id]
				at[a[i].id] = places{i, p.b, p.nA + 1, p.nB}
			}
		}
		for j := b0; j < b1; j++ {
			if b[j].span[1]-b[j].span[0] >= minMoved {
				p := at[b[j].id]
				at[b[j].id] = places{p.a, j, p.nA, p.nB + 1}
			}
		}
	})
	for _, p := range at {
		if p.nA == 1 && p.nB == 1 {
			a[p.a].move, b[p.b].move = int32(p.b)+1, int32(p.a)+1
		}
	}
}

// fill links, between the shared paragraphs, those that resemble each other.
func (c *comparer) fill(a, b []paragraph, links []link) []link {
	var out []link
	next := 0
	between(links, len(a), len(b), func(a0, a1, b0, b1 int) {
		for next < len(links) && links[next].a[0] < a0 || next < len(links) && links[next].b[0] < b0 {
			out = append(out, links[next])
			next++
		}
		n := c.pieces(a0, a1, b0, b1)
		for k := range n {
			x0, x1 := a0+(a1-a0)*k/n, a0+(a1-a0)*(k+1)/n
			y0, y1 := b0+(b1-b0)*k/n, b0+(b1-b0)*(k+1)/n
			out = c.pair(out, a, b, x0, x1, y0, y1)
		}
	})
	return append(out, links[next:]...)
}

// maxCells bounds the pairs of paragraphs (or sentences) that are compared
// with each other at a time.
const maxCells = 50_000

// pieces is into how many parts a long stretch is cut.
func (c *comparer) pieces(a0, a1, b0, b1 int) int {
	n := 1
	for ((a1-a0)/n+1)*((b1-b0)/n+1) > maxCells {
		n *= 2
	}
	return n
}

// Likeness is told in thousandths, so that no rounding differs.
const (
	alike      = 250 // two paragraphs are one that was revised
	movedAlike = 700 // so are two at different places
	contained  = 600 // a paragraph is part of what another was
)

// pair links the paragraphs of a stretch, in order, so that together they are
// worth most (Needleman and Wunsch, 1970, without gap cost).
func (c *comparer) pair(links []link, a, b []paragraph, a0, a1, b0, b1 int) []link {
	var x, y []int
	for i := a0; i < a1; i++ {
		if a[i].move == 0 {
			x = append(x, i)
		}
	}
	for j := b0; j < b1; j++ {
		if b[j].move == 0 {
			y = append(y, j)
		}
	}
	if len(x) == 0 || len(y) == 0 {
		return links
	}
	if len(x) == 1 && len(y) == 1 && a1-a0 == 1 && b1-b0 == 1 && short(a[x[0]]) && short(b[y[0]]) {
		c.weigh(a, c.a, x)
		c.weigh(b, c.b, y)
		if c.likeness(&a[x[0]], &b[y[0]]) >= alike/2 {
			return append(links, link{[2]int{x[0], x[0] + 1}, [2]int{y[0], y[0] + 1}})
		}
		return links
	}
	c.weigh(a, c.a, x)
	c.weigh(b, c.b, y)
	from := len(links)
	for _, p := range chain(c.worth(a, b, x, y), len(x), len(y)) {
		links = append(links, link{[2]int{x[p[0]], x[p[0]] + 1}, [2]int{y[p[1]], y[p[1]] + 1}})
	}
	c.widen(links[from:], a, b, a0, a1, b0, b1)
	return links
}

// short paragraphs at the same place between unchanged ones need less in common.
func short(p paragraph) bool { return p.span[1]-p.span[0] <= 80 }

// worth is what each pair of paragraphs is worth if it is joined: the weight
// they have in common on both sides, and one more if they are the same; nothing
// if they are not alike.
func (c *comparer) worth(a, b []paragraph, x, y []int) []int32 {
	worth := c.likenesses(a, b, x, y)
	for k, like := range worth {
		p, q := &a[x[k/len(y)]], &b[y[k%len(y)]]
		switch {
		case p.id == q.id && p.sum > 0:
			worth[k] = 2*p.sum + 1
		case like < alike:
			worth[k] = 0
		default:
			worth[k] = int32(int64(like) * int64(p.sum+q.sum) / 1000)
		}
	}
	return worth
}

// chain picks pairs in order that together are worth most.
func chain(worth []int32, n, m int) [][2]int {
	best := make([]int32, (n+1)*(m+1))
	at := func(i, j int) int { return i*(m+1) + j }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			top := max(best[at(i+1, j)], best[at(i, j+1)])
			if w := worth[i*m+j]; w > 0 {
				top = max(top, best[at(i+1, j+1)]+w)
			}
			best[at(i, j)] = top
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < n && j < m; {
		w := worth[i*m+j]
		switch {
		case w > 0 && best[at(i, j)] == best[at(i+1, j+1)]+w:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case best[at(i, j)] == best[at(i+1, j)]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// widen makes a link of one paragraph with one also take in the neighbours that
// were part of it: then it was split, or merged.
func (c *comparer) widen(links []link, a, b []paragraph, a0, a1, b0, b1 int) {
	for k := range links {
		l := &links[k]
		loA, hiA, loB, hiB := a0, a1, b0, b1
		if k > 0 {
			loA, loB = links[k-1].a[1], links[k-1].b[1]
		}
		if k+1 < len(links) {
			hiA, hiB = links[k+1].a[0], links[k+1].b[0]
		}
		if l.a[1]-l.a[0] == 1 {
			rest := c.without(a[l.a[0]].bag, b[l.b[0]].bag)
			for l.b[1] < hiB && l.a[1] >= hiA && c.part(&b[l.b[1]], &rest) {
				l.b[1]++
			}
			for l.b[0] > loB && l.a[0] <= loA && c.part(&b[l.b[0]-1], &rest) {
				l.b[0]--
			}
		}
		if l.b[1]-l.b[0] == 1 {
			rest := c.without(b[l.b[0]].bag, a[l.a[0]].bag)
			for l.a[1] < hiA && l.b[1] >= hiB && c.part(&a[l.a[1]], &rest) {
				l.a[1]++
			}
			for l.a[0] > loA && l.b[0] <= loB && c.part(&a[l.a[0]-1], &rest) {
				l.a[0]--
			}
		}
	}
}

// part tells whether a paragraph was part of what is left of another, and takes
// it out of that if so.
func (c *comparer) part(p *paragraph, rest *[]entry) bool {
	if p.move != 0 || p.sum == 0 || 1000*int64(c.overlap(p.bag, *rest)) < contained*int64(p.sum) {
		return false
	}
	*rest = c.without(*rest, p.bag)
	return true
}

// minRevised is the least number of bytes of a paragraph that counts as moved
// though it was revised as well.
const minRevised = 60

// moveAlike finds paragraphs left over on both sides that were moved and revised.
func (c *comparer) moveAlike(a, b []paragraph, links []link) {
	var x, y []int
	between(links, len(a), len(b), func(a0, a1, b0, b1 int) {
		for i := a0; i < a1; i++ {
			if a[i].move == 0 && a[i].span[1]-a[i].span[0] >= minRevised {
				x = append(x, i)
			}
		}
		for j := b0; j < b1; j++ {
			if b[j].move == 0 && b[j].span[1]-b[j].span[0] >= minRevised {
				y = append(y, j)
			}
		}
	})
	if len(x) == 0 || len(y) == 0 || len(x)*len(y) > maxCells {
		return
	}
	c.weigh(a, c.a, x)
	c.weigh(b, c.b, y)
	like := c.likenesses(a, b, x, y)
	type candidate struct{ like, i, j int }
	var found []candidate
	for i := range x {
		for j := range y {
			if l := int(like[i*len(y)+j]); l >= movedAlike {
				found = append(found, candidate{l, x[i], y[j]})
			}
		}
	}
	slices.SortFunc(found, func(p, q candidate) int {
		if p.like != q.like {
			return q.like - p.like
		}
		if p.i != q.i {
			return p.i - q.i
		}
		return p.j - q.j
	})
	for _, f := range found {
		if a[f.i].move == 0 && b[f.j].move == 0 {
			a[f.i].move, b[f.j].move = int32(f.j)+1, int32(f.i)+1
		}
	}
}

// stretch is some paragraphs in a row, with their tokens if they were needed
// before.
func (c *comparer) stretch(text string, list []paragraph) stretch {
	s := stretch{text: text, span: Span{list[0].span[0], list[len(list)-1].span[1]}, tokens: list[0].tokens}
	for _, p := range list[1:] {
		if p.tokens == nil && p.span[0] < p.span[1] || s.tokens == nil {
			s.tokens = nil
			break
		}
		s.tokens = append(slices.Clip(s.tokens), p.tokens...)
	}
	return s
}

// maxLoose is how many removed or added paragraphs in a row are told apart;
// more make one block.
const maxLoose = 2_000

// blocks puts everything in reading order.
func (c *comparer) blocks(a, b []paragraph, links []link) []Block {
	var out []Block
	moves := map[int]int{} // number of a move by its place before
	move := func(i int) int {
		if moves[i] == 0 {
			moves[i] = len(moves) + 1
		}
		return moves[i]
	}
	loose := func(a0, a1, b0, b1 int) {
		if a1-a0 > maxLoose || b1-b0 > maxLoose {
			if a1 > a0 {
				out = append(out, c.whole(Removed, a, b, a0, a1, b0))
			}
			if b1 > b0 {
				out = append(out, c.whole(Added, b, a, b0, b1, a1))
			}
			return
		}
		for i := a0; i < a1; i++ {
			block := c.whole(Removed, a, b, i, i+1, b0)
			if a[i].move > 0 {
				block.Kind, block.Move = MovedOut, move(i)
			}
			out = append(out, block)
		}
		for j := b0; j < b1; j++ {
			if i := int(b[j].move) - 1; i >= 0 {
				block := c.block(c.stretch(c.a, a[i:i+1]), c.stretch(c.b, b[j:j+1]))
				block.Kind, block.Paragraphs, block.Move = MovedIn, 1, move(i)
				out = append(out, block)
				continue
			}
			out = append(out, c.whole(Added, b, a, j, j+1, a1))
		}
	}
	i, j := 0, 0
	for _, l := range links {
		if l.a[0] > i || l.b[0] > j {
			loose(i, l.a[0], j, l.b[0])
		}
		i, j = l.a[1], l.b[1]
		block := c.block(c.stretch(c.a, a[l.a[0]:i]), c.stretch(c.b, b[l.b[0]:j]))
		block.Paragraphs = max(i-l.a[0], j-l.b[0])
		switch {
		case i-l.a[0] == 1 && j-l.b[0] > 1:
			block.Kind = Split
		case j-l.b[0] == 1 && i-l.a[0] > 1:
			block.Kind = Merged
		}
		if n := len(out) - 1; block.Kind == Same && n >= 0 && out[n].Kind == Same && !out[n].Title {
			c.extend(&out[n], block)
			continue
		}
		out = append(out, block)
	}
	if i < len(a) || j < len(b) {
		loose(i, len(a), j, len(b))
	}
	return out
}

// extend makes a run of unchanged paragraphs longer.
func (c *comparer) extend(run *Block, next Block) {
	run.Paragraphs += next.Paragraphs
	add := func(s Segment) {
		if n := len(run.Segments) - 1; n >= 0 && run.Segments[n].Was == "" && s.Was == "" {
			last := &run.Segments[n]
			last.Before[1], last.After[1] = s.Before[1], s.After[1]
			last.Text = c.b[last.After[0]:last.After[1]]
			return
		}
		run.Segments = append(run.Segments, s)
	}
	add(Segment{Op: Equal, Text: "\n\n", Before: Span{run.Before[1], next.Before[0]}, After: Span{run.After[1], next.After[0]}})
	for _, s := range next.Segments {
		add(s)
	}
	run.Before[1], run.After[1] = next.Before[1], next.After[1]
}

// whole is a block of paragraphs that stand on one side only; opposite is the
// paragraph of the other side before which they would stand.
func (c *comparer) whole(kind Kind, list, other []paragraph, from, to, opposite int) Block {
	span := Span{list[from].span[0], list[to-1].span[1]}
	place := Span{}
	switch {
	case opposite < len(other):
		place = Span{other[opposite].span[0], other[opposite].span[0]}
	case len(other) > 0:
		place = Span{other[len(other)-1].span[1], other[len(other)-1].span[1]}
	}
	s := Segment{Op: Insert, Before: place, After: span}
	if kind == Added {
		s.Text = c.b[span[0]:span[1]]
	} else {
		s = Segment{Op: Delete, Text: c.a[span[0]:span[1]], Before: span, After: place}
	}
	block := Block{Kind: kind, Paragraphs: to - from, Before: s.Before, After: s.After}
	if s.Text != "" {
		block.Segments = []Segment{s}
	}
	return block
}
