package diff

import (
	"fmt"
	"strings"

	"volteface/internal/statement"
)

// Summary is one line: which parts changed, and how much.
func (e *Edit) Summary() string {
	parts := e.parts(true)
	if len(parts) == 0 {
		return "no words changed"
	}
	line := strings.Join(parts, ", ")
	gone, come := e.count()
	if gone+come > 0 {
		line += fmt.Sprintf(" (%d words out, %d in)", gone, come)
	}
	return line
}

// count is how many words went and came, those of moved paragraphs apart.
func (e *Edit) count() (gone, come int) {
	for _, b := range e.Blocks {
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
	return gone, come
}

// parts tells of the title and the paragraphs; those only revised if asked for.
func (e *Edit) parts(revised bool) (parts []string) {
	count := map[Kind]int{}
	for _, b := range e.Blocks {
		switch {
		case b.Kind == Same:
		case b.Title:
			parts = append(parts, "title changed")
		case b.Kind == Split || b.Kind == Merged:
			count[b.Kind]++
		default:
			count[b.Kind] += max(1, b.Paragraphs)
		}
	}
	if !revised {
		delete(count, Revised)
		delete(count, Split)
		delete(count, Merged)
	}
	for _, p := range []struct {
		kind Kind
		what string
	}{{Revised, "changed"}, {Added, "added"}, {Removed, "removed"}, {MovedIn, "moved"}, {Split, "split"}, {Merged, "merged from several"}} {
		if n := count[p.kind]; n > 0 {
			parts = append(parts, counted(n, "paragraph")+" "+p.what)
		}
	}
	return parts
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// told are the kinds that a summary counts, and how it calls them.
var told = []struct {
	kind statement.EditKind
	what string
	verb string
}{
	{statement.KindNegation, "denial", " came or went"}, {statement.KindNumber, "figure", " changed"}, {statement.KindDate, "date", " changed"},
	{statement.KindName, "name", " changed"}, {statement.KindModality, "tense or intention", " changed"}, {statement.KindHedge, "hedge", " changed"},
	{statement.KindQuote, "quotation", " changed"}, {statement.KindStrength, "wording", " stronger or weaker"}, {statement.KindCorrection, "correction", " marked"},
	{statement.KindScope, "wording", " changed"},
}

// summarise is one line for people: what changed by what it means, then by
// paragraphs.
func (e *Edit) summarise(v Verdict, found []finding) string {
	if v.Class == statement.ClassNone {
		if len(e.parts(true)) == 0 {
			return "no words changed"
		}
		return "only layout or page furniture changed"
	}
	var parts []string
	for _, k := range told {
		places := map[*change]bool{}
		for _, f := range found {
			if f.Class == statement.ClassSubstantive && f.Kind == k.kind && f.place != nil && !f.place.whole {
				places[f.place] = true
			}
		}
		if len(places) > 0 {
			parts = append(parts, counted(len(places), k.what)+k.verb)
		}
	}
	added, removed, editorial := map[*change]bool{}, map[*change]bool{}, map[*change]bool{}
	for _, f := range found {
		switch {
		case f.place == nil || f.place.whole:
		case f.Class == statement.ClassEditorial:
			editorial[f.place] = true
		case f.Kind == statement.KindAddition:
			added[f.place] = true
		case f.Kind == statement.KindRemoval:
			removed[f.place] = true
		}
	}
	if n := len(added); n > 0 {
		parts = append(parts, counted(n, "passage")+" added")
	}
	if n := len(removed); n > 0 {
		parts = append(parts, counted(n, "passage")+" removed")
	}
	parts = append(parts, e.parts(false)...)
	if v.Class == statement.ClassEditorial && len(editorial) > 0 {
		parts = append(parts, counted(len(editorial), "editorial change"))
	}
	if len(parts) == 0 {
		return e.Summary()
	}
	return strings.Join(parts, ", ")
}
