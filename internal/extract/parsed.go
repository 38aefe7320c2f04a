package extract

import (
	"golang.org/x/net/html"

	"volteface/internal/statement"
)

// Parse makes a tree of a page, as extraction does: decoded, with markup that is
// nested or left open beyond measure flattened. It fails with ErrTooLarge.
func Parse(body []byte, contentType string) (*html.Node, error) {
	text, _ := Decode(body, contentType)
	if TooHeavy(text) {
		return nil, ErrTooLarge
	}
	return parse(text)
}

// ReadDate reads a date as people write it, in the source's language, order of
// figures and time zone; its Time is zero if it cannot be read, or not surely.
func (x *Extractor) ReadDate(raw string) statement.Date {
	raw = collapse(raw)
	if raw == "" || len(raw) > maxDate {
		return statement.Date{}
	}
	return x.anyDate(raw, "")
}

// OneLine is all text of an element on one line, as dates and titles are read.
func OneLine(n *html.Node) string { return lineOf(n, maxTitle) }

// Furniture tells whether extraction takes an element for no part of a text:
// navigation, what is hidden, what shares.
func Furniture(n *html.Node) bool {
	return n.Type == html.ElementNode && (silent(n.DataAtom) || hidden(n) || landmark(n))
}
