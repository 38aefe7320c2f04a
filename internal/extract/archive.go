package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"volteface/internal/statement"
)

// ArchiveType is the media type of an archive: JSON Lines.
const ArchiveType = "application/x-ndjson"

// Line is one statement of an archive, as another program wrote it down.
type Line struct {
	Source    string
	URL       string
	Title     string
	Published string
	Updated   string
	Language  string // BCP 47; "" for the source's
	Speakers  []string
	Text      string // paragraphs separated by a blank line
}

// ParseLine reads a line of an archive: a JSON object with the fields source,
// url, title, published, text, and if known updated, language and speaker (a
// name, several joined by "; ", or a list). Other fields are left alone. The
// error says what is wrong in words for people.
func ParseLine(b []byte) (Line, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(b) {
		return Line{}, errors.New("not UTF-8")
	}
	var read struct {
		Source, URL, Title, Published, Updated, Language, Text string
		Speaker                                                speakerList
	}
	if err := json.Unmarshal(b, &read); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) && kind.Field != "" {
			return Line{}, fmt.Errorf("%q is a %s, not a text", kind.Field, kind.Value)
		}
		return Line{}, fmt.Errorf("not a JSON object: %w", err)
	}
	line := Line{
		Source: strings.TrimSpace(read.Source), URL: strings.TrimSpace(read.URL), Title: read.Title, Published: read.Published,
		Updated: read.Updated, Language: read.Language, Speakers: read.Speaker, Text: read.Text,
	}
	address, err := url.Parse(line.URL)
	switch {
	case line.URL == "":
		return line, errors.New("no url")
	case err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https":
		return line, fmt.Errorf("%.200q is not an http or https address", line.URL)
	case strings.TrimSpace(line.Text) == "":
		return line, errors.New("no text")
	}
	return line, nil
}

// speakerList reads a name, names joined by "; ", or a list of names.
type speakerList []string

func (n *speakerList) UnmarshalJSON(b []byte) error {
	var all []string
	if len(b) > 0 && b[0] == '[' {
		if err := json.Unmarshal(b, &all); err != nil {
			return err
		}
	} else {
		var one string
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		all = strings.Split(one, ";")
	}
	for _, name := range all {
		if name = speakerName(name); name != "" && len(*n) < maxSpeakers {
			*n = append(*n, name)
		}
	}
	return nil
}

// Archived makes a document of a line. It fails with ErrEmpty or ErrTooLarge.
func (x *Extractor) Archived(l Line) (statement.Document, error) {
	w := newWriter()
	w.pre = 1
	w.text(l.Text)
	doc := statement.Document{Path: statement.ByImport, Language: x.language(l.Language), Title: collapse(l.Title), Body: w.release()}
	if len(doc.Title) > maxTitle {
		doc.Title = strings.ToValidUTF8(doc.Title[:maxTitle], "")
	}
	for _, date := range []struct {
		raw string
		to  *statement.Date
	}{{l.Published, &doc.Published}, {l.Updated, &doc.Updated}} {
		if raw := collapse(date.raw); raw != "" && len(raw) <= maxDate {
			*date.to = x.anyDate(raw, l.Language)
		}
	}
	doc, err := x.finish(doc, nil)
	if len(l.Speakers) > 0 {
		doc.Speakers = l.Speakers
	}
	return doc, err
}

// LineLocator names a line of an archive, from 1.
func LineLocator(n int) string { return "line " + strconv.Itoa(n) }

// LineAt finds the line of an archive that a locator names. It fails with
// ErrNoEntry.
func LineAt(archive []byte, locator string) ([]byte, error) {
	number, found := strings.CutPrefix(locator, "line ")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 1 {
		return nil, fmt.Errorf("%w: %q", ErrNoEntry, locator)
	}
	for line := range bytes.Lines(archive) {
		if n--; n == 0 {
			return bytes.TrimRight(line, "\r\n"), nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrNoEntry, locator)
}

// archived extracts one line of an archive.
func (x *Extractor) archived(in Input) (statement.Document, error) {
	raw, err := LineAt(in.Body, in.Locator)
	if err != nil {
		return statement.Document{}, err
	}
	line, err := ParseLine(raw)
	if err != nil {
		return statement.Document{}, fmt.Errorf("%w: %w", ErrNotText, err)
	}
	return x.Archived(line)
}
