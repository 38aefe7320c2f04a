package reversal

import (
	"fmt"
	"sort"
	"strings"
)

// Show tells the best candidates of a lesson and why they score as they do.
func (w *Weights) Show(l *Lesson, before, after *Statement, keyOnly bool) string {
	var b strings.Builder
	for i := range l.found {
		c := &l.found[i]
		c.score = w.score(&c.x)
	}
	list := append([]candidate(nil), l.found...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].score > list[j].score })
	n := 0
	for i := range list {
		c := &list[i]
		if keyOnly && !l.key(c) && i > 0 {
			continue
		}
		if n++; n > 1 {
			break
		}
		fmt.Fprintf(&b, "     %.2f %s %s", c.score, featureNames[c.rule], c.kind)
		if c.ca >= 0 {
			x := before.ready.claims[c.ca]
			fmt.Fprintf(&b, " [%+d %s %v]", x.Sign, x.Predicate, x.Mode)
		}
		if c.cb >= 0 {
			x := after.ready.claims[c.cb]
			fmt.Fprintf(&b, " [%+d %s %v]", x.Sign, x.Predicate, x.Mode)
		}
		for i, v := range c.x {
			if v != 0 && v*w.w[i] != 0 {
				fmt.Fprintf(&b, " %s=%.2f(%+.1f)", featureNames[i], v, v*w.w[i])
			}
		}
		b.WriteByte('\n')
		if !l.key(c) {
			s, t := before.ready.sentences[c.a], after.ready.sentences[c.b]
			fmt.Fprintf(&b, "       at: %s || %s\n", before.Text[s.Start:s.End], after.Text[t.Start:t.End])
		}
	}
	return b.String()
}
