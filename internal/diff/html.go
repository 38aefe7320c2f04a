package diff

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// Styles stand inline, because mail readers drop style sheets, and on spans,
// because some drop <ins> and <del>. What is gone is struck through and what
// came underlined, so that neither colours nor their names are needed to tell
// them apart.
const (
	styleGone = `background:#ffe0e0;color:#8b0000;text-decoration:line-through`
	styleCome = `background:#dcf5dc;color:#0b5d1e;text-decoration:underline;font-weight:600`
	styleNote = `color:#767676;font-size:85%`
)

// HTML writes the difference as a fragment for a mail: one paragraph each,
// inline styles, nothing that loads anything.
func (e *Edit) HTML(w io.Writer) error {
	var b strings.Builder
	for _, r := range e.rows() {
		if r.folded > 0 {
			fmt.Fprintf(&b, `<p style="margin:8px 0;%s">%s</p>`+"\n", styleNote, unchangedParagraphs(r.folded))
			continue
		}
		weight := ""
		if r.title {
			weight = ";font-weight:bold"
		}
		fmt.Fprintf(&b, `<p dir="auto" style="margin:8px 0;line-height:1.5%s">`, weight)
		if r.move > 0 {
			fmt.Fprintf(&b, `<span style="%s">%s</span> `, styleNote, moved(r))
		}
		for _, p := range r.pieces {
			writePiece(&b, p)
		}
		b.WriteString("</p>\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writePiece(b *strings.Builder, p piece) {
	if p.folded > 0 {
		fmt.Fprintf(b, `<span style="%s">%s</span>`, styleNote, unchangedWords(p.folded))
		return
	}
	text := harmless(p.text)
	lead := text[:leading(text)]
	if p.op == Equal || lead == text {
		b.WriteString(escape(text))
		return
	}
	trail := text[len(text)-trailing(text):]
	style := styleCome
	if p.op == Delete {
		style = styleGone
	}
	fmt.Fprintf(b, `%s<span style="%s">%s</span>%s`, escape(lead), style, escape(text[len(lead):len(text)-len(trail)]), escape(trail))
}

func escape(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
}

// SideBySide writes the difference as an HTML table for a page: what stood
// before on the left, what stands now on the right. It can be put into a page
// as it is.
func (e *Edit) SideBySide(w io.Writer) error {
	const (
		table = `<table style="width:100%;table-layout:fixed;border-collapse:collapse;line-height:1.5">`
		cell  = `<td dir="auto" style="width:50%;vertical-align:top;padding:4px 10px;overflow-wrap:anywhere"`
	)
	var b strings.Builder
	b.WriteString(table + "\n<thead><tr><th scope=\"col\" style=\"text-align:left;padding:4px 10px\">Before</th><th scope=\"col\" style=\"text-align:left;padding:4px 10px\">After</th></tr></thead>\n<tbody>\n")
	for _, r := range e.rows() {
		if r.folded > 0 {
			fmt.Fprintf(&b, `<tr><td colspan="2" style="padding:4px 10px;text-align:center;%s">%s</td></tr>`+"\n", styleNote, unchangedParagraphs(r.folded))
			continue
		}
		b.WriteString("<tr>")
		for side, hidden := range []Op{Insert, Delete} {
			b.WriteString(cell + ">")
			absent := side == 0 && (r.kind == Added || r.kind == MovedIn) || side == 1 && (r.kind == Removed || r.kind == MovedOut)
			if !absent {
				if r.title {
					b.WriteString("<strong>")
				}
				if r.move > 0 {
					fmt.Fprintf(&b, `<span style="%s">%s</span> `, styleNote, moved(r))
				}
				for _, p := range r.pieces {
					if p.op != hidden {
						writePiece(&b, p)
					}
				}
				if r.title {
					b.WriteString("</strong>")
				}
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
