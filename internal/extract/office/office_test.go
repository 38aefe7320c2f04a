package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

// archive packs parts, given as names and contents in turn.
func archive(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const wordNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

func docx(body string, more ...string) []byte {
	return archive(append([]string{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNames + `><w:body>` + body + `<w:sectPr/></w:body></w:document>`}, more...)...)
}

func odf(body string, more ...string) []byte {
	return archive(append([]string{"mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>` +
		body + `</office:text></office:body></office:document-content>`}, more...)...)
}

func TestDocuments(t *testing.T) {
	p := func(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }
	for name, test := range map[string]struct {
		bytes       []byte
		title, body string
		err         error
	}{
		"Word": {docx(`<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>On the talks</w:t></w:r></w:p>
			<w:p><w:r><w:t xml:space="preserve">The ministry </w:t></w:r><w:del><w:r><w:delText>confirms</w:delText></w:r></w:del><w:ins><w:r><w:t>denies</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> it.</w:t><w:br/><w:t>Always.</w:t></w:r></w:p>
			<w:tbl><w:tr><w:tc>`+p("Aid")+p("in all")+`</w:tc><w:tc>`+p("12")+`</w:tc></w:tr><w:tr><w:tc>`+p("Arms")+`</w:tc><w:tc>`+p("0")+`</w:tc></w:tr></w:tbl>`+p("End."),
			"word/footnotes.xml", `<w:footnotes `+wordNames+`><w:footnote>`+p("See annex.")+`</w:footnote></w:footnotes>`, "word/header1.xml", "<w:hdr>"+p("Draft")+"</w:hdr>"),
			"On the talks", "The ministry denies it.\nAlways.\n\nAid in all | 12\nArms | 0\n\nEnd.\n\nSee annex.", nil},
		"OpenDocument": {odf(`<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p text:style-name="Title">On the talks</text:p>
			<text:h>First</text:h><text:p>The <text:span>ministry</text:span><text:s text:c="3"/>denies<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See annex.</text:p></text:note-body></text:note> it.<office:annotation><text:p>why?</text:p></office:annotation></text:p>
			<table:table><table:table-row><table:table-cell><text:p>Aid</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table>`),
			"On the talks", "First\n\nThe ministry denies it.\n\nAid | 12\n\nSee annex.", nil},
		"a text box told twice":  {docx(`<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Once</w:t></mc:Choice><mc:Fallback><w:t>Once</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`), "", "Once", nil},
		"only a title":           {docx(`<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>On the talks</w:t></w:r></w:p>`), "", "On the talks", nil},
		"nothing":                {docx("<w:p/>"), "", "", ErrNoText},
		"locked":                 {odf("<text:p>x</text:p>", "META-INF/manifest.xml", "<manifest:encryption-data/>"), "", "", ErrEncrypted},
		"cut off":                {docx(p("x"))[:60], "", "", ErrDamaged},
		"no XML":                 {archive("word/document.xml", "<w:document><w:t>x"), "", "", ErrDamaged},
		"another archive":        {archive("readme.txt", "x"), "", "", ErrDamaged},
		"entities of its own":    {archive("word/document.xml", `<!DOCTYPE w [<!ENTITY a "b">]><w:t xmlns:w="w">&a;</w:t>`), "", "", ErrDamaged},
		"elements without end":   {docx(strings.Repeat("<w:p>", 1000)), "", "", ErrTooLarge},
		"unpacked without bound": {docx(strings.Repeat(" ", 40<<20)), "", "", ErrTooLarge},
		"a text without bound":   {docx(p(strings.Repeat("word ", 2<<20))), "", "", ErrTooLarge},
	} {
		doc, err := Text(test.bytes)
		if doc.Title != test.title && err == nil || doc.Body != test.body && err == nil || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %q, %v", name, doc.Title, doc.Body, err)
		}
	}
}

func TestKinds(t *testing.T) {
	for want, body := range map[string][]byte{word: docx(""), odt: odf(""), "": archive("xl/workbook.xml", "<x/>")} {
		if got := Kind(body); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Kind([]byte("PK\x03\x04")); got != "" {
		t.Errorf("%q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add(docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>"))
	f.Add(odf("<text:p>x<text:note><text:note-body><text:p>y</text:p></text:note-body></text:note></text:p>"))
	f.Fuzz(func(_ *testing.T, body []byte) {
		_, _ = Text(body)
		_ = Kind(body)
	})
}
