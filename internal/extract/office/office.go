// Package office reads the text of word processors' documents that are archives
// of XML: Office Open XML (ECMA-376) and OpenDocument (OASIS ODF 1.3). It reads
// what a reader sees: no deleted text, no comments, no heads and feet; notes come
// at the end, rows of a table are lines.
package office

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Bounds of one document.
const (
	maxPart  = 32 << 20 // bytes of XML in one part, unpacked
	maxText  = 8 << 20  // bytes of text
	maxDepth = 400      // elements inside each other
)

// Errors a caller can test for.
var (
	ErrNoText    = errors.New("it holds no text")
	ErrEncrypted = errors.New("it is locked with a password")
	ErrDamaged   = errors.New("it is damaged or cut off")
	ErrTooLarge  = errors.New("it is larger than a document may be")
)

// Document is what was read.
type Document struct {
	Title string // the first paragraph in the style of a title; "" for none
	Body  string // paragraphs, divided by "\n\n"
}

// Kind says which kind of document an archive is, in words for people: "a Word
// document", "an OpenDocument text"; "" for neither.
func Kind(body []byte) string {
	if !bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		return ""
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return ""
	}
	kind, _ := main(archive)
	return kind
}

const (
	word = "a Word document"
	odt  = "an OpenDocument text"
)

func main(archive *zip.Reader) (kind, part string) {
	for _, f := range archive.File {
		switch f.Name {
		case "word/document.xml":
			return word, f.Name
		case "mimetype":
			if said, err := read(archive, f.Name, 200); err == nil && strings.HasPrefix(string(said), "application/vnd.oasis.opendocument.text") {
				return odt, "content.xml"
			}
		}
	}
	return "", ""
}

// Text reads a document. It fails with one of the errors of this package.
func Text(body []byte) (Document, error) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return Document{}, ErrDamaged
	}
	kind, part := main(archive)
	if kind == "" {
		return Document{}, ErrDamaged
	}
	if manifest, err := read(archive, "META-INF/manifest.xml", 1<<20); err == nil && bytes.Contains(manifest, []byte("encryption-data")) {
		return Document{}, ErrEncrypted
	}
	w := &writer{}
	if err := w.part(archive, part); err != nil {
		return Document{}, err
	}
	if kind == word {
		for _, notes := range []string{"word/footnotes.xml", "word/endnotes.xml"} {
			if err := w.part(archive, notes); err != nil && !errors.Is(err, errNoPart) {
				return Document{}, err
			}
		}
	}
	doc := Document{Title: w.title, Body: strings.Join(append(w.blocks, w.notes...), "\n\n")}
	if doc.Body == "" {
		doc.Title, doc.Body = "", doc.Title
	}
	if doc.Body == "" {
		return doc, ErrNoText
	}
	return doc, nil
}

var errNoPart = fmt.Errorf("%w: a part is missing", ErrDamaged)

func read(archive *zip.Reader, name string, most int64) ([]byte, error) {
	for _, f := range archive.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, ErrDamaged
		}
		defer r.Close()
		content, err := io.ReadAll(io.LimitReader(r, most+1))
		switch {
		case err != nil:
			return nil, ErrDamaged
		case int64(len(content)) > most:
			return nil, ErrTooLarge
		}
		return content, nil
	}
	return nil, errNoPart
}

// writer gathers paragraphs from the XML of both kinds, whose elements have
// different names.
type writer struct {
	title  string
	blocks []string
	notes  []string

	line  strings.Builder // of the paragraph in hand
	style string
	saved []string // paragraphs that a note stands in
	note  int      // depth of notes
	cells []string // of the row in hand
	cell  int      // depth of cells
	rows  []string // of the table in hand
	table int      // depth of tables
	size  int
}

// skipped are elements whose content is not seen, by the names of both kinds.
var skipped = map[string]bool{
	"delText": true, "del": true, "moveFrom": true, "instrText": true, "Fallback": true, "tracked-changes": true, "annotation": true,
	"annotation-end": true, "note-citation": true, "sectPr": true, "forms": true, "sequence-decls": true, "title": true, "desc": true,
	"binary-data": true, "object-ole": true, "ruby-text": true,
}

func (w *writer) part(archive *zip.Reader, name string) error {
	content, err := read(archive, name, maxPart)
	if err != nil {
		return err
	}
	decoder := xml.NewDecoder(bytes.NewReader(content))
	decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, ErrDamaged } // both kinds are UTF-8
	depth, text := 0, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrDamaged
		}
		switch t := token.(type) {
		case xml.StartElement:
			if skipped[t.Name.Local] {
				if err := decoder.Skip(); err != nil {
					return ErrDamaged
				}
				continue
			}
			if depth++; depth > maxDepth {
				return ErrTooLarge
			}
			if t.Name.Local == "t" || strings.HasSuffix(t.Name.Space, ":text:1.0") && (t.Name.Local == "p" || t.Name.Local == "h") {
				text++
			}
			w.start(t)
		case xml.EndElement:
			depth--
			if t.Name.Local == "t" || strings.HasSuffix(t.Name.Space, ":text:1.0") && (t.Name.Local == "p" || t.Name.Local == "h") {
				text--
			}
			w.end(t)
		case xml.CharData:
			if text > 0 {
				w.line.Write(t)
				if w.size += len(t); w.size > maxText {
					return ErrTooLarge
				}
			}
		}
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (w *writer) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p", "h":
		if !math(t.Name) {
			w.line.Reset()
			w.style = attribute(t, "style-name")
		}
	case "pStyle":
		w.style = attribute(t, "val")
	case "tab":
		w.line.WriteByte(' ')
	case "br", "cr", "line-break":
		w.line.WriteByte('\n')
	case "noBreakHyphen":
		w.line.WriteByte('-')
	case "s": // spaces of an OpenDocument text
		n, _ := strconv.Atoi(attribute(t, "c"))
		w.line.WriteString(strings.Repeat(" ", max(1, min(n, 10))))
	case "tbl", "table":
		w.table++
	case "tc", "table-cell":
		if w.cell++; w.cell == 1 {
			w.cells = append(w.cells, "")
		}
	case "note", "footnote", "endnote":
		w.note++
		w.saved = append(w.saved, w.line.String())
		w.line.Reset()
	}
}

// math tells the elements of formulas, which have short names too.
func math(name xml.Name) bool { return strings.Contains(name.Space, "/math") }

func (w *writer) end(t xml.EndElement) {
	switch t.Name.Local {
	case "p", "h":
		if !math(t.Name) {
			w.paragraph()
		}
	case "tc", "table-cell":
		w.cell = max(0, w.cell-1)
	case "tr", "table-row":
		if row := strings.Join(w.cells, " | "); strings.Trim(row, " |") != "" {
			w.rows = append(w.rows, row)
		}
		w.cells = nil
	case "tbl", "table":
		if w.table = max(0, w.table-1); w.table == 0 && len(w.rows) > 0 {
			w.blocks = append(w.blocks, strings.Join(w.rows, "\n"))
			w.rows = nil
		}
	case "note", "footnote", "endnote":
		if w.note > 0 && len(w.saved) > 0 {
			w.note--
			w.line.Reset()
			w.line.WriteString(w.saved[len(w.saved)-1])
			w.saved = w.saved[:len(w.saved)-1]
		}
	}
}

func (w *writer) paragraph() {
	var lines []string
	for l := range strings.Lines(w.line.String()) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			lines = append(lines, l)
		}
	}
	w.line.Reset()
	text := strings.Join(lines, "\n")
	switch {
	case text == "":
	case w.note > 0:
		w.notes = append(w.notes, text)
	case w.cell > 0 && len(w.cells) > 0:
		last := &w.cells[len(w.cells)-1]
		*last = strings.TrimSpace(*last + " " + strings.ReplaceAll(text, "\n", " "))
	case w.title == "" && len(w.blocks) < 5 && strings.EqualFold(w.style, "Title"):
		w.title = strings.ReplaceAll(text, "\n", " ")
	default:
		w.blocks = append(w.blocks, text)
	}
}
