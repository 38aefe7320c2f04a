package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// article is a title, sections of paragraphs and, where asked for, notes.
func (w *writer) article(sections, paragraphs, length, notes int) []block {
	blocks := []block{{kind: "h1", text: titles[w.lang]}}
	for s := range sections {
		if s > 0 || sections > 2 {
			blocks = append(blocks, block{kind: "h2", text: headings[w.lang][s%len(headings[w.lang])]})
		}
		for range paragraphs {
			text := w.paragraph(2 + w.IntN(length))
			if notes > 0 {
				if cut := strings.Index(text, ". "); cut > 0 {
					text = text[:cut+1] + "^*" + text[cut+1:]
					notes--
				}
			}
			blocks = append(blocks, block{kind: "p", text: text})
			if strings.Contains(text, "^*") {
				blocks = append(blocks, block{kind: "note", text: strings.ReplaceAll(w.sentence(), "\u00ad", "")})
			}
		}
	}
	return blocks
}

func (w *writer) table(rows, columns int, long bool) []block {
	var blocks []block
	for r := range rows {
		cells := make([]string, columns)
		for c := range cells {
			words := strings.Fields(strings.Trim(strings.ReplaceAll(w.sentence(), "\u00ad", ""), ".»«"))
			n := 1 + w.IntN(3)
			if long && c > 0 {
				n = 6 + w.IntN(10)
			}
			from := w.IntN(max(1, len(words)-n))
			cells[c] = strings.Join(words[from:min(len(words), from+n)], " ")
			if !long && c == columns-1 {
				cells[c] = fmt.Sprintf("%d.%d", 1+w.IntN(900), w.IntN(10))
			}
		}
		if r == 0 && long {
			cells[0] = "Measure"
		}
		blocks = append(blocks, block{kind: "row", row: cells})
	}
	return blocks
}

func (w *writer) items(n int) []block {
	var blocks []block
	for range n {
		blocks = append(blocks, block{kind: "li", text: w.paragraph(1)})
	}
	return blocks
}

// sheets are the documents.
func sheets() []sheet {
	var all []sheet
	number := uint64(0)
	add := func(s sheet, soft bool, make func(*writer) []block) {
		number++
		w := &writer{rand.New(rand.NewPCG(number, 7)), s.lang, soft}
		s.name = fmt.Sprintf("%02d-%s-%s", number, s.lang, s.name)
		s.blocks = make(w)
		if strings.Contains(s.css, "/*marks*/") || s.troff != nil {
			n := 0
			for i, b := range s.blocks { // a note says which mark it explains
				if b.kind == "note" {
					n++
					s.blocks[i].text = fmt.Sprintf("%d. %s", n, b.text)
					if s.troff != nil {
						s.blocks[i].text = b.text
					}
				}
			}
		}
		all = append(all, s)
	}
	article := func(sections, paragraphs, length int) func(*writer) []block {
		return func(w *writer) []block { return w.article(sections, paragraphs, length, 0) }
	}
	noted := func(sections, paragraphs, length, notes int) func(*writer) []block {
		return func(w *writer) []block { return w.article(sections, paragraphs, length, notes) }
	}
	tabled := func(rows, columns int, long bool) func(*writer) []block {
		return func(w *writer) []block {
			blocks := append(w.article(1, 2, 3, 0), w.table(rows, columns, long)...)
			return append(blocks, block{kind: "p", text: w.paragraph(3)})
		}
	}
	english := func(name, css, body string) sheet { return sheet{name: name, lang: "en", css: css, body: body} }
	add(english("plain", "", ""), false, article(3, 3, 4))
	add(english("two-columns", "", "two"), false, article(4, 4, 5))
	add(english("two-columns-hyphens", "", "two"), true, article(4, 4, 5))
	add(english("three-columns", "body { font-size: 9pt }", "three"), true, article(4, 4, 4))
	add(english("notes", "/*marks*/", ""), false, noted(3, 3, 4, 5))
	add(english("two-columns-notes", "/*marks*/", "two"), true, noted(3, 3, 4, 4))
	add(english("table-ruled", "", "ruled"), false, tabled(14, 4, false))
	add(english("table-open", "", ""), false, tabled(12, 5, false))
	add(english("table-wrapped", "", "ruled"), false, tabled(9, 3, true))
	add(english("table-wrapped-open", "", ""), false, tabled(8, 3, true))
	header := english("running-head", "", "")
	header.header, header.footer = "MINISTRY OF FOREIGN AFFAIRS · PRESS DEPARTMENT", "Page # of 9"
	add(header, false, article(6, 4, 6))
	header = english("running-head-columns", "", "two indent")
	header.header, header.footer = "Official Journal No. 114", "– # –"
	add(header, true, article(6, 5, 6))
	add(english("indented", "h2 { text-align: center }", "indent"), true, article(4, 5, 5))
	add(english("list", "", ""), false, func(w *writer) []block {
		blocks := append(w.article(1, 2, 3, 0), w.items(7)...)
		return append(blocks, block{kind: "p", text: w.paragraph(2)})
	})
	add(english("narrow", "body { width: 70mm }", ""), true, article(2, 3, 3))
	add(english("ragged-sans", `body { font: 12pt/1.6 "DejaVu Sans"; text-align: left }`, ""), false, article(3, 3, 3))
	foreign := func(lang, name, css, body string) sheet { return sheet{name: name, lang: lang, css: css, body: body} }
	add(foreign("de", "two-columns-hyphens", "", "two"), true, article(4, 4, 4))
	add(foreign("fr", "notes", "/*marks*/", ""), true, noted(3, 3, 4, 3))
	add(foreign("ru", "two-columns-hyphens", "", "two"), true, article(4, 4, 4))
	add(foreign("ar", "plain", "", ""), false, article(3, 3, 4))
	add(foreign("ar", "two-columns", `body { font: 12pt/1.5 "DejaVu Sans" }`, "two"), false, article(4, 3, 4))
	add(foreign("fa", "plain", `body { font: 12pt/1.6 "DejaVu Sans" }`, ""), false, article(3, 3, 4))
	add(foreign("zh", "plain", "", ""), false, article(3, 3, 5))
	header = foreign("zh", "two-columns", "", "two")
	header.footer = "第 # 页"
	add(header, false, article(4, 4, 6))
	add(foreign("ar", "table", "", "ruled"), false, tabled(9, 3, false))
	add(sheet{name: "groff", lang: "en", troff: []string{}}, false, article(4, 4, 5))
	add(sheet{name: "groff-columns", lang: "en", troff: []string{`.ds CH \s-2Press Department\s0`, `.ds CF \s-2\n%\s0`}}, false, func(w *writer) []block {
		return twoColumns(w.article(4, 5, 5, 0))
	})
	add(sheet{name: "groff-notes", lang: "en", troff: []string{}}, false, noted(3, 4, 4, 3))
	add(sheet{name: "groff-table", lang: "en", troff: []string{}}, false, tabled(12, 4, false))
	add(sheet{name: "groff-columns-notes", lang: "en", troff: []string{}}, false, func(w *writer) []block {
		return twoColumns(w.article(4, 4, 5, 3))
	})
	return all
}

// twoColumns has groff set what follows the title in two columns.
func twoColumns(blocks []block) []block {
	blocks[1].kind = "h2c"
	return blocks
}
