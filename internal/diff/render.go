package diff

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode"
)

// Summary is one line: what changed, and how much.
func (e *Edit) Summary() string {
	var title bool
	var revised, added, removed, gone, come int
	for _, b := range e.Blocks {
		for _, s := range b.Segments {
			switch s.Op {
			case Delete:
				gone += len(strings.Fields(s.Text))
			case Insert:
				come += len(strings.Fields(s.Text))
			}
		}
		switch {
		case b.Kind == Same:
		case b.Title:
			title = true
		case b.Kind == Added:
			added++
		case b.Kind == Removed:
			removed++
		default:
			revised++
		}
	}
	var parts []string
	if title {
		parts = append(parts, "title changed")
	}
	for _, p := range []struct {
		n    int
		what string
	}{{revised, "changed"}, {added, "added"}, {removed, "removed"}} {
		switch p.n {
		case 0:
		case 1:
			parts = append(parts, "1 paragraph "+p.what)
		default:
			parts = append(parts, fmt.Sprintf("%d paragraphs %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "no words changed"
	}
	return fmt.Sprintf("%s (%d words out, %d in)", strings.Join(parts, ", "), gone, come)
}

// fold is how many unchanged paragraphs are shown beside a changed one.
const fold = 1

// visible tells for each block whether it is shown: changed ones and their
// neighbours.
func (e *Edit) visible() []bool {
	show := make([]bool, len(e.Blocks))
	for i, b := range e.Blocks {
		if b.Kind == Same {
			continue
		}
		for k := max(0, i-fold); k <= min(len(show)-1, i+fold); k++ {
			show[k] = true
		}
	}
	return show
}

// Unified writes the difference as plain text: whole paragraphs after "- " and
// "+ ", changed words as [-gone-] and {+come+}, unchanged stretches folded.
func (e *Edit) Unified(w io.Writer) error {
	return e.lines(w, func(op Op, text string) string {
		switch op {
		case Delete:
			return "[-" + text + "-]"
		case Insert:
			return "{+" + text + "+}"
		}
		return text
	})
}

// Terminal writes the difference in colours: red and struck through for what
// is gone, green for what came.
func (e *Edit) Terminal(w io.Writer) error {
	return e.lines(w, func(op Op, text string) string {
		switch op {
		case Delete:
			return "\x1b[31;9m" + text + "\x1b[0m"
		case Insert:
			return "\x1b[32m" + text + "\x1b[0m"
		}
		return text
	})
}

func (e *Edit) lines(w io.Writer, mark func(Op, string) string) error {
	show, folded := e.visible(), 0
	var b strings.Builder
	flush := func() {
		if folded > 0 {
			fmt.Fprintf(&b, "  … %d unchanged …\n\n", folded)
		}
		folded = 0
	}
	for i, block := range e.Blocks {
		if !show[i] {
			folded++
			continue
		}
		flush()
		margin := "  "
		switch block.Kind {
		case Added:
			margin = "+ "
		case Removed:
			margin = "- "
		case Revised:
			margin = "~ "
		}
		var text strings.Builder
		for _, s := range block.Segments {
			text.WriteString(mark(s.Op, harmless(s.Text)))
		}
		if block.Title {
			margin += "Title: "
		}
		b.WriteString(margin + strings.ReplaceAll(text.String(), "\n", "\n  ") + "\n\n")
	}
	flush()
	_, err := io.WriteString(w, b.String())
	return err
}

// HTML writes the difference as a fragment for a mail: inline styles, because
// mail readers drop style sheets, and spans, because some drop <ins> and <del>.
func (e *Edit) HTML(w io.Writer) error {
	const (
		gone = `<span style="background:#ffe0e0;color:#8b0000;text-decoration:line-through">`
		come = `<span style="background:#dcf5dc;color:#0b5d1e;text-decoration:none;font-weight:600">`
	)
	show, folded := e.visible(), 0
	var b strings.Builder
	flush := func() {
		if folded > 0 {
			fmt.Fprintf(&b, `<p style="margin:8px 0;color:#888">… %d unchanged …</p>`, folded)
		}
		folded = 0
	}
	for i, block := range e.Blocks {
		if !show[i] {
			folded++
			continue
		}
		flush()
		weight := ""
		if block.Title {
			weight = ";font-weight:bold"
		}
		fmt.Fprintf(&b, `<p dir="auto" style="margin:8px 0;line-height:1.5%s">`, weight)
		for _, s := range block.Segments {
			text := strings.ReplaceAll(html.EscapeString(harmless(s.Text)), "\n", "<br>")
			switch s.Op {
			case Delete:
				b.WriteString(gone + text + "</span>")
			case Insert:
				b.WriteString(come + text + "</span>")
			default:
				b.WriteString(text)
			}
		}
		b.WriteString("</p>\n")
	}
	flush()
	_, err := io.WriteString(w, b.String())
	return err
}

// harmless takes out what would steer a terminal or turn the direction of
// writing (UAX #9): the text comes from the web.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}
