package diff

import (
	"strings"
	"unicode/utf8"
)

// words compares two stretches of text word by word: sentences both have are
// taken first, those that resemble each other next, then words.
func (c *comparer) words(before, after stretch) []Segment {
	a, b := before.tokens, after.tokens
	if a == nil {
		a = c.lex.tokens(c.a, before.span[0], before.span[1])
	}
	if b == nil {
		b = c.lex.tokens(c.b, after.span[0], after.span[1])
	}
	runs := fewer(c.align(a, b))
	runs = phrases(a, b, runs)
	c.slide(a, b, runs)
	return c.segments(a, b, runs, before.span, after.span)
}

// align gives the runs of tokens that stand on both sides.
func (c *comparer) align(a, b []token) []match {
	x, y := c.sentences(a, c.a), c.sentences(b, c.b)
	if len(x) <= 1 && len(y) <= 1 || max(len(x), len(y)) > maxSentences {
		return c.plain(nil, a, b, 0, len(a), 0, len(b))
	}
	ids := func(list []sentence) []int32 {
		out := make([]int32, len(list))
		for i := range list {
			out[i] = list[i].id
		}
		return out
	}
	var runs []match
	i, j := 0, 0
	gap := func(i2, j2 int) {
		n := c.pieces(i, i2, j, j2)
		for k := range n {
			runs = c.alike(runs, a, b, x[i+(i2-i)*k/n:i+(i2-i)*(k+1)/n], y[j+(j2-j)*k/n:j+(j2-j)*(k+1)/n])
		}
	}
	for _, m := range c.m.common(ids(x), ids(y), len(c.lex.passages.folded)) {
		gap(int(m.a), int(m.b))
		for k := range int(m.n) {
			p, q := x[int(m.a)+k], y[int(m.b)+k]
			if p.to-p.from == q.to-q.from { // always, unless marks without width stand apart
				runs = append(runs, match{int32(p.from), int32(q.from), int32(p.to - p.from)})
			} else {
				runs = c.plain(runs, a, b, p.from, p.to, q.from, q.to)
			}
		}
		i, j = int(m.a+m.n), int(m.b+m.n)
	}
	gap(len(x), len(y))
	return joined(runs)
}

// alike aligns sentences that differ: those that resemble each other, then
// whatever words the rest has in common.
func (c *comparer) alike(runs []match, a, b []token, x, y []sentence) []match {
	if len(x) == 0 || len(y) == 0 {
		return runs
	}
	if len(x)+len(y) > 2 {
		bags := func(tokens []token, list []sentence) []paragraph {
			out := make([]paragraph, len(list))
			for i, s := range list {
				out[i].id = s.id
				out[i].bag, out[i].sum = c.bag(tokens[s.from:s.to])
			}
			return out
		}
		p, q := bags(a, x), bags(b, y)
		all := func(n int) []int {
			out := make([]int, n)
			for i := range out {
				out[i] = i
			}
			return out
		}
		if pairs := chain(c.worth(p, q, all(len(x)), all(len(y))), len(x), len(y)); len(pairs) > 0 {
			links := make([]link, len(pairs))
			for k, pair := range pairs {
				links[k] = link{[2]int{pair[0], pair[0] + 1}, [2]int{pair[1], pair[1] + 1}}
			}
			c.widen(links, p, q, 0, len(x), 0, len(y))
			i, j := 0, 0
			for _, l := range links {
				runs = c.rest(runs, a, b, x[i:l.a[0]], y[j:l.b[0]])
				runs = c.rest(runs, a, b, x[l.a[0]:l.a[1]], y[l.b[0]:l.b[1]])
				i, j = l.a[1], l.b[1]
			}
			return c.rest(runs, a, b, x[i:], y[j:])
		}
	}
	return c.rest(runs, a, b, x, y)
}

// rest compares the words of two stretches of sentences.
func (c *comparer) rest(runs []match, a, b []token, x, y []sentence) []match {
	if len(x) == 0 || len(y) == 0 {
		return runs
	}
	return c.plain(runs, a, b, x[0].from, x[len(x)-1].to, y[0].from, y[len(y)-1].to)
}

func (c *comparer) plain(runs []match, a, b []token, a0, a1, b0, b1 int) []match {
	ids := func(list []token) []int32 {
		out := make([]int32, len(list))
		for i, t := range list {
			out[i] = t.id
		}
		return out
	}
	for _, m := range c.m.common(ids(a[a0:a1]), ids(b[b0:b1]), len(c.lex.traits)) {
		runs = append(runs, match{m.a + int32(a0), m.b + int32(b0), m.n})
	}
	return runs
}

// maxRuns is how many unchanged stretches of a paragraph are told apart. No
// reader follows more; random bytes would cost a segment for every one or two.
const maxRuns = 20_000

// fewer leaves out the shortest runs where there are too many.
func fewer(runs []match) []match {
	for least := int32(2); len(runs) > maxRuns; least *= 2 {
		out := runs[:0]
		for _, r := range runs {
			if r.n >= least {
				out = append(out, r)
			}
		}
		runs = out
	}
	return runs
}

// joined makes one run of runs that follow each other on both sides.
func joined(runs []match) []match {
	out := runs[:0]
	for _, r := range runs {
		if n := len(out) - 1; n >= 0 && out[n].a+out[n].n == r.a && out[n].b+out[n].n == r.b {
			out[n].n += r.n
			continue
		}
		out = append(out, r)
	}
	return out
}

// maxIsland is the longest run of light words that is given up between changes.
const maxIsland = 3

// phrases gives up runs of a few words that say nothing by themselves between
// two replacements, so that a changed phrase reads as one: not "[signed]
// {initialled} the [treaty] {protocol}" but "[signed the treaty] {initialled
// the protocol}".
func phrases(a, b []token, runs []match) []match {
	out := runs[:0]
	for k, r := range runs {
		if r.n <= maxIsland && k+1 < len(runs) {
			var endA, endB int32
			if len(out) > 0 {
				last := out[len(out)-1]
				endA, endB = last.a+last.n, last.b+last.n
			}
			next := runs[k+1]
			left, right := [2]int32{r.a - endA, r.b - endB}, [2]int32{next.a - r.a - r.n, next.b - r.b - r.n}
			replaced := min(left[0], left[1]) > 0 && min(right[0], right[1]) > 0
			heavy := func(list []token, from, to int32) int32 {
				n := int32(0)
				for _, t := range list[from:to] {
					if !t.light {
						n++
					}
				}
				return n
			}
			if replaced && heavy(a, r.a, r.a+r.n) == 0 &&
				max(heavy(a, endA, r.a), heavy(b, endB, r.b)) > 0 && max(heavy(a, r.a+r.n, next.a), heavy(b, r.b+r.n, next.b)) > 0 &&
				max(left[0], left[1])+max(right[0], right[1]) > r.n {
				continue
			}
		}
		out = append(out, r)
	}
	return out
}

// slide moves what was only inserted, or only deleted, to where it begins and
// ends like a sentence or a phrase: "The talks failed. {The talks resumed. }"
// rather than "The talks {failed. The talks }resumed".
func (c *comparer) slide(a, b []token, runs []match) {
	for k := range runs {
		if k+1 == len(runs) {
			break
		}
		r, next := &runs[k], &runs[k+1]
		endA, endB := r.a+r.n, r.b+r.n
		list, text, from, to := b, c.b, endB, next.b
		switch {
		case endA == next.a:
		case endB == next.b:
			list, text, from, to = a, c.a, endA, next.a
		default:
			continue
		}
		left, right := int32(0), int32(0) // how far it may go
		for left < r.n-1 && list[from-1-left].id == list[to-1-left].id {
			left++
		}
		for right < next.n-1 && list[from+right].id == list[to+right].id {
			right++
		}
		best, shift := -1, int32(0)
		for s := -left; s <= right; s++ {
			score := 4*seam(list, int(from+s), text, c.lex) + 4*seam(list, int(to+s), text, c.lex)
			if s == 0 {
				score++
			}
			if score > best {
				best, shift = score, s
			}
		}
		r.n += shift
		next.a, next.b, next.n = next.a+shift, next.b+shift, next.n-shift
	}
}

// seam rates the place before a token: 3 where a sentence begins, 2 after a
// comma or before a bracket, 1 at a space, 0 inside of what is written together.
func seam(list []token, i int, text string, l *lexer) int {
	if i == 0 || i >= len(list) {
		return 3
	}
	between := text[list[i-1].end:list[i].start]
	if strings.Contains(between, "\n") {
		return 3
	}
	if between == "" {
		return 0
	}
	switch before := l.folded(list[i-1].id); before {
	case ".", "!", "?", "…":
		return 3
	case ",", ";", ":", "-", ")", `"`:
		return 2
	}
	if after := l.folded(list[i].id); after == "(" || after == "-" || after == `"` {
		return 2
	}
	return 1
}

// segments writes out what the runs say, with every byte of both sides.
func (c *comparer) segments(a, b []token, runs []match, before, after Span) []Segment {
	w := writer{a: c.a, b: c.b, at: Span{before[0], after[0]}, list: make([]Segment, 0, 3*len(runs)+2)}
	for _, r := range runs {
		for k := range r.n {
			s, t := a[r.a+k], b[r.b+k]
			w.gap(int(s.start), int(t.start))
			w.equal(int(s.end), int(t.end))
		}
	}
	if blank(c.a[w.at[0]:before[1]]) && blank(c.b[w.at[1]:after[1]]) {
		w.put(Equal, before[1], after[1]) // nobody sees space at the end
	} else {
		w.gap(before[1], after[1])
	}
	w.put(Delete, before[1], w.at[1])
	w.put(Insert, before[1], after[1])
	return w.list
}

// writer makes segments out of stretches of both sides.
type writer struct {
	a, b string
	at   Span // up to where each side is written
	list []Segment
}

func (w *writer) put(op Op, endA, endB int) {
	a, b := w.a[w.at[0]:endA], w.b[w.at[1]:endB]
	if a == "" && b == "" {
		return
	}
	if op == Equal && (a == "" || b == "") { // what is not seen goes with its neighbour
		if n := len(w.list) - 1; n >= 0 && w.list[n].Op == Equal {
			last := &w.list[n]
			last.Before[1], last.After[1] = endA, endB
			last.Text, last.Was = w.b[last.After[0]:endB], w.a[last.Before[0]:endA]
			w.at = Span{endA, endB}
		}
		return
	}
	s := Segment{Op: op, Text: b, Before: Span{w.at[0], endA}, After: Span{w.at[1], endB}}
	switch {
	case op == Delete:
		s.Text = a
	case op == Equal && a != b:
		s.Was = a
	}
	w.at = Span{endA, endB}
	if n := len(w.list) - 1; n >= 0 && w.list[n].Op == s.Op && (w.list[n].Was == "") == (s.Was == "") {
		last := &w.list[n]
		last.Before[1], last.After[1] = endA, endB
		last.Text = w.b[last.After[0]:endB]
		if s.Op == Delete {
			last.Text = w.a[last.Before[0]:endA]
		}
		if last.Was != "" {
			last.Was = w.a[last.Before[0]:endA]
		}
		return
	}
	w.list = append(w.list, s)
}

func (w *writer) equal(endA, endB int) { w.put(Equal, endA, endB) }

// gap writes what lies between two tokens that match: white space, and whatever
// stands on one side only.
func (w *writer) gap(endA, endB int) {
	a, b := w.a[w.at[0]:endA], w.b[w.at[1]:endB]
	if a == b || blank(a) && blank(b) {
		if (a == "") != (b == "") && !unseen(a+b) { // a space came or went
			w.put(Delete, endA, w.at[1])
			w.put(Insert, endA, endB)
			return
		}
		w.put(Equal, endA, endB)
		return
	}
	if x, y := leading(a), leading(b); x > 0 && y > 0 {
		w.put(Equal, w.at[0]+x, w.at[1]+y)
		a, b = a[x:], b[y:]
	}
	x, y := trailing(a), trailing(b)
	if x == 0 || y == 0 {
		x, y = 0, 0
	}
	w.put(Delete, endA-x, w.at[1])
	w.put(Insert, endA-x, endB-y)
	w.put(Equal, endA, endB)
}

func blank(text string) bool {
	for _, r := range text {
		if !isSpace(r) && !ignorable(r) {
			return false
		}
	}
	return true
}

// unseen tells whether a text has nothing in it that takes room.
func unseen(text string) bool {
	for _, r := range text {
		if !ignorable(r) {
			return false
		}
	}
	return true
}

func leading(text string) int {
	for i, r := range text {
		if !isSpace(r) && !ignorable(r) {
			return i
		}
	}
	return len(text)
}

func trailing(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeLastRuneInString(text[:len(text)-n])
		if !isSpace(r) && !ignorable(r) {
			break
		}
		n += size
	}
	return n
}
