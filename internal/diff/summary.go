package diff

import (
	"fmt"
	"strings"
)

// Summary is one line: which parts changed, and how much.
func (e *Edit) Summary() string {
	var title bool
	count := map[Kind]int{}
	gone, come := 0, 0
	for _, b := range e.Blocks {
		if b.Kind == Same {
			continue
		}
		if b.Title {
			title = true
		} else {
			count[b.Kind] += max(1, b.Paragraphs)
			if b.Kind == Split || b.Kind == Merged {
				count[b.Kind] += 1 - max(1, b.Paragraphs)
			}
		}
		if b.Kind == MovedOut {
			continue
		}
		for _, s := range b.Segments {
			switch s.Op {
			case Delete:
				gone += len(strings.Fields(s.Text))
			case Insert:
				come += len(strings.Fields(s.Text))
			}
		}
	}
	var parts []string
	if title {
		parts = append(parts, "title changed")
	}
	for _, p := range []struct {
		kind Kind
		what string
	}{{Revised, "changed"}, {Added, "added"}, {Removed, "removed"}, {MovedIn, "moved"}, {Split, "split"}, {Merged, "merged from several"}} {
		switch n := count[p.kind]; n {
		case 0:
		case 1:
			parts = append(parts, "1 paragraph "+p.what)
		default:
			parts = append(parts, fmt.Sprintf("%d paragraphs %s", n, p.what))
		}
	}
	if len(parts) == 0 {
		return "no words changed"
	}
	line := strings.Join(parts, ", ")
	if gone+come > 0 {
		line += fmt.Sprintf(" (%d words out, %d in)", gone, come)
	}
	return line
}

// summarise is one line for people: what changed and how much.
func (e *Edit) summarise(v Verdict, found []finding) string {
	return e.Summary()
}
