// Package pdf turns the bytes of a PDF into text in reading order: columns one
// after the other, tables by rows, words put together that a line's end divided,
// without the heads and feet that run through all pages.
//
// The bytes are foreign. They are read by PDFium inside a WebAssembly sandbox
// that sees neither files nor network, in an instance of its own for every
// document, with bounds on memory, pages, characters and time.
package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// Bounds of one document. What lies beyond them is not read: Text says so.
const (
	maxPages   = 400
	maxChars   = 1_500_000
	maxTime    = 2 * time.Minute  // of reading, by the machine's clock
	maxMemory  = 128 << 20        // of the sandbox, in bytes
	idleAfter  = 30 * time.Second // without a document, until the engine's memory is given back
	memoryPage = 64 << 10         // of WebAssembly, in bytes
	garbage    = 25               // per cent of the memory in use that may be garbage while a document is read: it leaves much behind
)

// trailer is how many bytes from the end a file says that it ends there (ISO
// 32000-1, section 7.5.5). PDFium would read the front part of a file that was
// cut off as if it were all.
const trailer = 2048

// Errors a caller can test for.
var (
	// ErrNoText says that the pages hold pictures only.
	ErrNoText = errors.New("it holds no text: its pages are pictures, perhaps a scan")
	// ErrEncrypted says that a password is wanted.
	ErrEncrypted = errors.New("it is locked with a password")
	// ErrDamaged says that the bytes are cut off or no PDF at all.
	ErrDamaged = errors.New("it is damaged or cut off")
	// ErrTooLarge says that reading it would take more memory or time than a
	// document gets.
	ErrTooLarge = errors.New("it takes more memory or time to read than one document gets")
)

// Document is what was read.
type Document struct {
	Title string // by its looks: the largest lines at the top; "" for none
	Body  string // the rest, in paragraphs divided by "\n\n"; rows of a table are lines, cells divided by " | "
	Pages int    // that it has
	Read  int    // of them; fewer where the document is beyond the bounds
	Notes int    // marks of notes that were left out
}

// Text reads a PDF. It fails with ErrNoText, ErrEncrypted, ErrDamaged,
// ErrTooLarge, or the error of ctx.
func Text(ctx context.Context, body []byte) (Document, error) {
	if !Is(body) || !bytes.Contains(body[max(0, len(body)-trailer):], []byte("%%EOF")) {
		return Document{}, ErrDamaged
	}
	return shared.read(ctx, body)
}

// Is reports whether bytes begin like a PDF (ISO 32000-1, section 7.5.2, with
// the litter before it that readers put up with).
func Is(body []byte) bool {
	return bytes.Contains(body[:min(len(body), 1024)], []byte("%PDF-"))
}

// engine reads one document at a time. It is started by the first one and
// stopped when none has come for a while: other commands never pay for it.
//
// PDFium is interpreted. To compile it takes seconds and more memory than a
// process should need, and a statement has few pages.
type engine struct {
	turn chan struct{} // holds one token while nobody reads
	mu   sync.Mutex
	pool pdfium.Pool
	stop *time.Timer
}

var shared = newEngine()

func newEngine() *engine {
	e := &engine{turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	return e
}

func (e *engine) read(ctx context.Context, body []byte) (doc Document, err error) {
	select {
	case <-e.turn:
		defer func() { e.turn <- struct{}{} }()
	case <-ctx.Done():
		return doc, ctx.Err()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	pool, err := e.start()
	if err != nil {
		return doc, err
	}
	defer e.rest()
	instance, err := pool.GetInstance(maxTime)
	if err != nil {
		return doc, fmt.Errorf("start the PDF reader: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	over := make(chan struct{})
	go func() {
		defer close(over)
		<-limited.Done()
		_ = instance.Kill() // ends what runs; after the reading it lets go of the memory
	}()
	pages, total, err := readPages(limited, instance, body)
	late := limited.Err() != nil
	cancel()
	<-over
	switch {
	case ctx.Err() != nil:
		return doc, ctx.Err()
	case late:
		return doc, ErrTooLarge
	case err != nil:
		return doc, err
	}
	doc = compose(pages)
	doc.Pages, doc.Read = total, len(pages)
	if doc.Body == "" && doc.Title == "" {
		return doc, ErrNoText
	}
	return doc, nil
}

func (e *engine) start() (pdfium.Pool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stop != nil {
		e.stop.Stop()
	}
	if e.pool != nil {
		return e.pool, nil
	}
	var err error
	e.pool, err = webassembly.Init(webassembly.Config{
		MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfigInterpreter().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(maxMemory / memoryPage).WithCloseOnContextDone(true),
	})
	if err != nil {
		e.pool = nil
		return nil, fmt.Errorf("start the PDF reader: %w", err)
	}
	return e.pool, nil
}

// rest stops the engine unless another document comes soon.
func (e *engine) rest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stop = time.AfterFunc(idleAfter, func() {
		select {
		case <-e.turn:
		default:
			return // somebody reads, and will rest again
		}
		defer func() { e.turn <- struct{}{} }()
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.pool != nil {
			_ = e.pool.Close()
			e.pool = nil
		}
	})
}

// readPages gives the characters of the pages within the bounds, and how many
// pages there are.
func readPages(ctx context.Context, reader pdfium.Pdfium, body []byte) (pages []sheet, total int, err error) {
	opened, err := reader.OpenDocument(&requests.OpenDocument{File: &body})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return nil, 0, ErrEncrypted
	case errors.Is(err, pdferrors.ErrFormat), errors.Is(err, pdferrors.ErrFile), errors.Is(err, pdferrors.ErrPage), errors.Is(err, pdferrors.ErrUnknown):
		return nil, 0, ErrDamaged
	case err != nil:
		return nil, 0, ErrTooLarge // the sandbox gave up
	}
	count, err := reader.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return nil, 0, ErrTooLarge
	}
	total = count.PageCount
	chars, failed := 0, 0
	for i := range min(total, maxPages) {
		if ctx.Err() != nil {
			return nil, total, ctx.Err()
		}
		page, err := readPage(reader, opened.Document, i)
		if err != nil { // a page may be damaged where others are well
			if failed++; failed > maxFailed {
				break
			}
			continue
		}
		pages = append(pages, page)
		if chars += len(page.chars); chars > maxChars {
			break
		}
	}
	if len(pages) == 0 && total > 0 {
		return nil, total, ErrDamaged
	}
	return pages, total, nil
}

// heavy tells from a font's name whether it is bold.
func heavy(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "bold") || strings.Contains(name, "black") || strings.Contains(name, "heavy")
}

// maxFailed is how many pages may be beyond reading before the rest is given up.
const maxFailed = 10

func readPage(reader pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int) (sheet, error) {
	loaded, err := reader.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: index})
	if err != nil {
		return sheet{}, err
	}
	page := requests.Page{ByReference: &loaded.Page}
	defer func() { _, _ = reader.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}) }()
	size, err := reader.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return sheet{}, err
	}
	text, err := reader.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: page, Mode: requests.GetPageTextStructuredModeChars, CollectFontInformation: true,
	})
	if err != nil {
		return sheet{}, err
	}
	s := sheet{number: index, width: size.Width, height: size.Height, chars: make([]char, 0, len(text.Chars))}
	for _, c := range text.Chars {
		drawn := char{angle: c.Angle, box: box{c.PointPosition.Left, c.PointPosition.Bottom, c.PointPosition.Right, c.PointPosition.Top}}
		if f := c.FontInformation; f != nil {
			drawn.size, drawn.bold = f.RenderedSize, heavy(f.Name)
		}
		for _, drawn.r = range c.Text {
			s.chars = append(s.chars, drawn)
		}
	}
	return s, nil
}
