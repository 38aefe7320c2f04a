package extract

import (
	"context"
	"errors"

	"volteface/internal/extract/office"
	"volteface/internal/extract/pdf"
	"volteface/internal/statement"
)

// FileError says that what was published is a document of a kind that is read,
// such as a PDF, and why this one cannot be. It is no fault of the source.
type FileError struct {
	What string // in words for people: "a PDF"
	Err  error  // why, such as pdf.ErrNoText or office.ErrEncrypted
}

func (e *FileError) Error() string { return e.What + ", and " + e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }

// Document tells which kind of document that is read though it is no page the
// bytes are, in words for people; "" for none. What the bytes show counts, not
// what their server says.
func Document(body []byte, contentType string) string {
	if what := format(body, contentType); what == isPDF || what == "" && pdf.Is(body) && !isMarkup(body) {
		return isPDF
	}
	return office.Kind(body)
}

const isPDF = "a PDF"

// document reads a PDF, a Word document or an OpenDocument text. It waits for
// other PDFs that are being read, and has bounds of its own.
func (x *Extractor) document(in Input, what string) (doc statement.Document, err error) {
	doc = statement.Document{Path: statement.ByDocument, Language: x.language()}
	if what == isPDF {
		var read pdf.Document
		read, err = pdf.Text(context.Background(), in.Body)
		doc.Title, doc.Body = read.Title, read.Body
		doc.LeftOut.Marks, doc.LeftOut.Pages = read.Notes, read.Pages-read.Read
	} else {
		var read office.Document
		read, err = office.Text(in.Body)
		doc.Title, doc.Body = read.Title, read.Body
	}
	if err == nil && len(doc.Body) > maxText {
		err = errors.New("its text is " + ErrTooLarge.Error())
	}
	if err != nil {
		return statement.Document{}, &FileError{what, err}
	}
	if doc.Body == "" { // a single line
		doc.Title, doc.Body = "", doc.Title
	}
	return x.finish(doc, nil)
}
