// Package extract turns the bytes of a capture into a statement's document:
// character set, title, dates, speakers and the text as plain paragraphs. A
// source's selectors come first, a library's main-content extraction is the
// fallback, and the document says which it was.
//
// It reads foreign bytes: depth, time and the size of every result are bounded.
package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"volteface/internal/statement"
)

// version is part of every fingerprint. Raise it by hand whenever the same
// bytes under the same rules may give another text, a library's new release
// (x/net/html, readability, gofeed) included; what is stored is then extracted
// again before anything is called a change.
const version = 7

// maxText bounds a document's body, in bytes; a longer one is ErrTooLarge. The
// longest transcript seen, a news conference at the Kremlin, has 198 KB.
const maxText = 2 << 20

// Errors a caller can test for. All of them are faults of the page or of the
// source's rules, never news.
var (
	// ErrEmpty says that no text was found in the page.
	ErrEmpty = errors.New("no text found")
	// ErrNotText says that the bytes are not HTML, text, a feed or JSON.
	ErrNotText = errors.New("not a text")
	// ErrNoSelector says that the text was asked for by selectors and that none
	// of them matched.
	ErrNoSelector = errors.New("no selector of the body matches")
	// ErrNoEntry says that the feed, API answer or archive has no entry of that
	// locator.
	ErrNoEntry = errors.New("no such entry")
	// ErrTooLarge says that the page, or its text, is larger than that of a
	// statement can be.
	ErrTooLarge = errors.New("too large for a statement")
)

// RuleError says which rule of a source cannot be used.
type RuleError struct {
	Field string // path in the source's definition, such as extract.body[1]
	Value string // the rule as written
	Err   error  // what is wrong with it; carries a hint (statement.HintOf)
}

func (e *RuleError) Error() string { return fmt.Sprintf("%s: %q: %v", e.Field, e.Value, e.Err) }
func (e *RuleError) Unwrap() error { return e.Err }

// Extractor extracts the documents of one source. It is safe for concurrent use.
type Extractor struct {
	src   statement.Source
	zone  *time.Location
	lang  string // primary subtag of the source's language
	rules compiled

	fingerprints map[statement.Path]string
	pages        []*Extractor // of each of the source's pages

	mu   sync.Mutex
	feed parsedFeed // the feed last read, as its entries are extracted one by one
}

// New compiles the rules of a source. It fails with a *RuleError that names
// the field and the selector, pattern, layout or time zone that cannot be used.
func New(src statement.Source) (*Extractor, error) {
	x := &Extractor{src: src, lang: primarySubtag(src.Language)}
	zone, err := time.LoadLocation(src.Timezone)
	if err != nil {
		return nil, &RuleError{"timezone", src.Timezone, statement.WithHint(err, "write an IANA name, for example Europe/Moscow")}
	}
	x.zone = zone
	if x.rules, err = compile(src); err != nil {
		return nil, err
	}
	x.fingerprints = make(map[statement.Path]string, 6)
	for _, p := range []statement.Path{statement.BySelectors, statement.ByMainContent, statement.ByFeed, statement.ByAPI, statement.ByImport, statement.ByDocument} {
		x.fingerprints[p] = x.fingerprint(p)
	}
	if err := x.watched(); err != nil {
		return nil, err
	}
	return x, nil
}

// Input is what a document is made of.
type Input struct {
	URL            string // address that answered; relative links are resolved against it
	Asked          string // address that was asked for, where another answered; tells which of a source's pages it is
	ContentType    string // header of the answer, if any
	Body           []byte // raw bytes; never changed
	Locator        string // entry inside a feed, API answer or archive; empty for a page
	Representation statement.Representation
	Via            statement.Path // the only way allowed; "" tries selectors, then main content
}

// Extract makes a document of the bytes. It fails with an error that wraps
// ErrEmpty, ErrNotText, ErrNoSelector, ErrNoEntry or ErrTooLarge, or a *FileError.
func (x *Extractor) Extract(in Input) (statement.Document, error) {
	x, name := x.forPage(in)
	read, what := x.page, ""
	if in.Locator == "" && in.Representation != statement.FromFeed && in.Representation != statement.FromAPI {
		what = Document(in.Body, in.ContentType)
	}
	if what == "" {
		if err := refuse(in.Body, in.ContentType); err != nil {
			return statement.Document{}, fmt.Errorf("extract %s: %w", in.URL, err)
		}
	}
	switch {
	case what != "":
		read = func(in Input) (statement.Document, error) { return x.document(in, what) }
	case in.Via == statement.ByImport: // whatever the source's pages are read by
		read = x.archived
	case in.Representation == statement.FromFeed || in.Via == statement.ByFeed:
		read = x.entry
	case in.Representation == statement.FromAPI || in.Via == statement.ByAPI:
		read = x.object
	}
	doc, err := read(in)
	if err != nil {
		return statement.Document{}, fmt.Errorf("extract %s: %w", in.URL, err)
	}
	called(&doc, name)
	doc.Fingerprint = x.Fingerprint(doc.Path)
	if len(doc.Speakers) == 0 {
		doc.Speakers = append(doc.Speakers, x.src.Speakers...)
	}
	return doc, nil
}

// Fingerprint identifies how a document was made: the extractor's version, the
// rules that bear on its text, and the path taken. Two documents with the same
// fingerprint can be compared; a different one says that the stored bytes must
// be extracted again first.
func (x *Extractor) Fingerprint(p statement.Path) string {
	if f, ok := x.fingerprints[p]; ok {
		return f
	}
	return x.fingerprint(p)
}

func (x *Extractor) fingerprint(p statement.Path) string {
	relevant := struct {
		Version            int
		Path               statement.Path
		Rules              statement.ExtractRules
		API                *statement.APIRules `json:",omitempty"`
		Language, Timezone string
		Speakers           []string
		Pages              []statement.WatchedPage `json:",omitempty"`
		Render             statement.Render        `json:",omitempty"`
	}{version, p, x.src.Extract, nil, x.src.Language, x.zone.String(), x.src.Speakers, x.src.Pages, x.src.Render}
	if p == statement.ByAPI {
		api := x.src.API
		api.NextURL, api.FirstPage = "", nil // they only lead to more items
		relevant.API = &api
	}
	written, err := json.Marshal(relevant)
	if err != nil { // cannot happen: strings and numbers only
		written = fmt.Appendf(nil, "%+v", relevant)
	}
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:16])
}

// refuse recognises bytes that cannot be a text.
func refuse(body []byte, contentType string) error {
	if len(body) == 0 {
		return ErrEmpty
	}
	sniffed := http.DetectContentType(body[:min(len(body), 512)])
	kind, _, _ := strings.Cut(sniffed, "/")
	switch {
	case kind == "image" || kind == "audio" || kind == "video" || kind == "font":
	case kind == "application" && sniffed != "application/octet-stream":
	case sniffed == "application/octet-stream" && !wide(body, contentType):
	default:
		return nil
	}
	if sniffed == "application/octet-stream" {
		sniffed = "binary"
	}
	return fmt.Errorf("%w: the bytes are %s", ErrNotText, sniffed)
}

// PrimarySubtag is the language of a BCP 47 tag without region and script, in
// lower case, or "" for what is no tag of two or three letters.
func PrimarySubtag(tag string) string { return primarySubtag(tag) }

// primarySubtag is the language of a BCP 47 tag without region and script, in
// lower case, or "" for what is no tag of two or three letters.
func primarySubtag(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	primary = strings.ToLower(primary)
	if len(primary) < 2 || len(primary) > 3 || strings.Trim(primary, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return primary
}

// language is the first of the page's own tags that is one, or the source's;
// the source's declared form is kept where both name the same language.
func (x *Extractor) language(tags ...string) string {
	for _, tag := range tags {
		if p := primarySubtag(tag); p != "" {
			if p == x.lang {
				return x.src.Language
			}
			return p
		}
	}
	return x.src.Language
}
