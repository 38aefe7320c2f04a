package statement

import (
	"strings"
	"time"
)

// Date is a date as a page shows it.
type Date struct {
	Time    time.Time // zero if the raw string could not be read
	HasTime bool      // a time of day was shown, not only a day
	Raw     string    // the string as published
}

// IsZero reports whether nothing was shown.
func (d Date) IsZero() bool { return d.Time.IsZero() && d.Raw == "" }

// String is RFC 3339 with the shown zone, a day without a time where none was
// shown, or the raw string where it could not be read.
func (d Date) String() string {
	switch {
	case d.Time.IsZero():
		return d.Raw
	case d.HasTime:
		return d.Time.Format(time.RFC3339)
	default:
		return d.Time.Format(time.DateOnly)
	}
}

// MarshalText is String; the raw string of a date that could be read is left out.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	*d = ParseDate(string(text), string(text))
	return nil
}

// ParseDate reads what String wrote.
func ParseDate(shown, raw string) Date {
	if t, err := time.Parse(time.RFC3339, shown); err == nil {
		return Date{Time: t, HasTime: true, Raw: raw}
	}
	if t, err := time.Parse(time.DateOnly, shown); err == nil {
		return Date{Time: t, Raw: raw}
	}
	return Date{Raw: raw}
}

// Path names the way a document's text was found; it is part of the
// fingerprint.
type Path string

// The ways to find a text.
const (
	BySelectors   Path = "selectors"
	ByMainContent Path = "main-content"
	ByFeed        Path = "feed"
	ByAPI         Path = "api"
	ByArchive     Path = "archived" // of a statement: all that is known of it are captures that an archive kept; no page of its own has been seen
	ByImport      Path = "imported" // a line of an imported archive; no page has been seen
	ByDocument    Path = "document" // a PDF or another document that is no page
)

// Document is what extraction makes of a capture.
type Document struct {
	Title       string
	Body        string // plain paragraphs in reading order, separated by "\n\n"; a line break inside one is "\n"
	Published   Date
	Updated     Date
	Language    string   // BCP 47
	Speakers    []string // names as marked, in order of appearance, no repeats
	Canonical   string   // absolute rel=canonical, if any
	Note        string   // what the issuer itself says of its newest change; no part of the text
	Path        Path
	Fingerprint string  // version, rules and path of the extraction, hashed
	Annexes     []Annex // documents on the same site that the text links to; no part of it
	LeftOut     LeftOut
}

// Annex is a document, such as a PDF, that the text of a page links to.
type Annex struct {
	URL   string // absolute
	Label string // text of the link
}

// LeftOut counts what a document's page has inside its text and a reader would not
// take for it. It is no part of the text, and not kept.
type LeftOut struct {
	Marks  int `json:"note_marks"` // marks of notes
	Hidden int `json:"hidden"`     // passages that are hidden, and that nothing on the page opens
	Pages  int `json:"pages"`      // of a document longer than is read, at its end
}

// TextHash identifies what a reader sees: title, body and shown dates. Two
// documents with the same hash are the same revision.
func (d *Document) TextHash() string {
	return SHA256([]byte(strings.Join([]string{d.Title, d.Body, d.Published.String(), d.Updated.String()}, "\x00")))
}

// SameText reports whether title and body agree, whatever the dates say.
func (d *Document) SameText(title, body string) bool { return d.Title == title && d.Body == body }
