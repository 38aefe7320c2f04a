// Command typeset makes the documents by which the reading of PDF is measured:
// thirty statements in many layouts, each as a PDF and as the plain text it was
// made from. It needs chromium and groff, with fonts for Arabic and Chinese:
//
//	go run ./internal/extract/pdf/typeset -o internal/extract/pdf/testdata/typeset
//
// The PDFs are kept beside it, so that tests need neither.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// block is a piece of a document in reading order.
type block struct {
	kind string   // h1, h2, p, li, row, note
	text string   // \u00ad where a word may break
	row  []string // cells of a row
}

// sheet is one document: what it says and how it is laid out.
type sheet struct {
	name, lang string
	css        string // of the whole page
	body       string // class of the body's container
	header     string // running, on every page
	footer     string
	troff      []string // macros before the text; with them the document is set by groff
	blocks     []block
}

// plain is the text as a reader would copy it: paragraphs, notes at the end.
func (s sheet) plain() string {
	var parts, notes []string
	for _, b := range s.blocks {
		switch b.kind {
		case "row":
			parts = append(parts, strings.Join(b.row, " "))
		case "note":
			notes = append(notes, b.text)
		default:
			parts = append(parts, b.text)
		}
	}
	return strings.NewReplacer("\u00ad", "", "^*", "").Replace(strings.Join(append(parts, notes...), "\n\n")) + "\n"
}

func (s sheet) html() string {
	var b strings.Builder
	dir := ""
	if s.lang == "ar" || s.lang == "fa" {
		dir = ` dir="rtl"`
	}
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"%s><meta charset="utf-8"><title>%s</title><style>
@page { size: A4; margin: 22mm 20mm; %s %s }
body { font: 10.5pt/1.4 "Liberation Serif", "Amiri", "WenQuanYi Micro Hei"; margin: 0; text-align: justify }
h1 { font-size: 17pt; line-height: 1.2; text-align: start } h2 { font-size: 12.5pt; text-align: start; margin: 1em 0 .4em }
p { margin: 0 0 .7em } sup { font-size: 65%% } .two { columns: 2; column-gap: 8mm } .three { columns: 3; column-gap: 6mm }
table { border-collapse: collapse; width: 100%%; margin: 0 0 1em; text-align: start } td { vertical-align: top; padding: 3pt 6pt }
.ruled td { border: .5pt solid #444 } .notes { font-size: 8pt; border-top: .5pt solid; margin-top: 2em; break-inside: avoid } .notes p { margin: 0 }
.indent p { margin: 0; text-indent: 1.5em } %s</style><body>`,
		s.lang, dir, s.name, margin("top", s.header), margin("bottom", s.footer), s.css)
	open, note := "", 0
	shut := func(next string) {
		if open != next {
			if open != "" {
				b.WriteString("</" + strings.Fields(open)[0] + ">")
			}
			if open = next; next != "" {
				b.WriteString("<" + next + ">")
			}
		}
	}
	column := false
	for _, k := range s.blocks {
		if !column && k.kind != "h1" {
			fmt.Fprintf(&b, `<div class="%s">`, s.body)
			column = true
		}
		switch k.kind {
		case "li":
			shut("ul")
			b.WriteString("<li>" + k.text)
		case "row":
			shut("table")
			b.WriteString("<tr><td>" + strings.Join(k.row, "<td>"))
		case "note":
		default:
			shut("")
			text := strings.ReplaceAll(k.text, "^", "<sup>")
			for strings.Contains(text, "<sup>*") {
				note++
				text = strings.Replace(text, "<sup>*", fmt.Sprintf("<sup>%d</sup>", note), 1)
			}
			b.WriteString("<" + k.kind + ">" + text + "</" + k.kind + ">")
		}
	}
	shut("")
	b.WriteString("</div><div class=notes>")
	for _, k := range s.blocks {
		if k.kind == "note" {
			b.WriteString("<p>" + k.text + "</p>")
		}
	}
	return b.String() + "</div></body></html>"
}

func margin(side, text string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, "#", `" counter(page) "`)
	return fmt.Sprintf(`@%s-center { content: "%s"; font: 8pt "Liberation Sans" }`, side, text)
}

// roff is the document for groff's ms macros.
func (s sheet) roff() string {
	lines := append([]string{".nr PS 10", ".nr VS 12.5", ".nr PO 2.2c", ".nr LL 16.6c"}, s.troff...)
	table := false
	for i, k := range s.blocks {
		text := strings.ReplaceAll(strings.ReplaceAll(k.text, "\u00ad", ""), "^*", "\\**")
		if table && k.kind != "row" {
			lines, table = append(lines, ".TE"), false
		}
		switch k.kind {
		case "h1":
			lines = append(lines, ".TL", text)
		case "h2c":
			lines = append(lines, ".2C", ".SH", text)
		case "h2":
			lines = append(lines, ".SH", text)
		case "li":
			lines = append(lines, `.IP \(bu 2`, text)
		case "row":
			if !table {
				lines, table = append(lines, ".TS", "expand;", strings.TrimSuffix(strings.Repeat("lx ", len(k.row)), " ")+"."), true
			}
			lines = append(lines, strings.Join(k.row, "\t"))
		case "note":
		default:
			macro := ".PP"
			if i > 0 && s.blocks[i-1].kind == "h1" {
				macro = ".LP"
			}
			lines = append(lines, macro, text)
			if strings.Contains(k.text, "^*") {
				for _, n := range s.blocks[i+1:] {
					if n.kind == "note" {
						lines = append(lines, ".FS", n.text, ".FE")
						break
					}
				}
			}
		}
	}
	if table {
		lines = append(lines, ".TE")
	}
	return strings.Join(lines, "\n") + "\n"
}

func main() {
	out := flag.String("o", "internal/extract/pdf/testdata/typeset", "folder to write to")
	only := flag.String("only", "", "part of the name of those to be made")
	flag.Parse()
	for _, s := range sheets() {
		if !strings.Contains(s.name, *only) {
			continue
		}
		if err := s.write(*out); err != nil {
			fmt.Fprintln(os.Stderr, "error:", s.name+":", err)
			os.Exit(1)
		}
		fmt.Println(s.name)
	}
}

func (s sheet) write(folder string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	pdf := filepath.Join(folder, s.name+".pdf")
	if err := os.WriteFile(filepath.Join(folder, s.name+".txt"), []byte(s.plain()), 0o644); err != nil {
		return err
	}
	if s.troff != nil {
		cmd := exec.CommandContext(ctx, "groff", "-t", "-ms", "-k", "-Tpdf")
		cmd.Stdin = strings.NewReader(s.roff())
		set, err := cmd.Output()
		if err != nil {
			return err
		}
		return os.WriteFile(pdf, set, 0o644)
	}
	work, err := os.MkdirTemp("", "typeset")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	page := filepath.Join(work, "page.html")
	if err := os.WriteFile(page, []byte(s.html()), 0o600); err != nil {
		return err
	}
	flags := []string{"--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--no-pdf-header-footer", "--user-data-dir=" + filepath.Join(work, "profile"), "--print-to-pdf=" + pdf}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox")
	}
	made, err := exec.CommandContext(ctx, "chromium", append(flags, "file://"+page)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, made)
	}
	return nil
}
