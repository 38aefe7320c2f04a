package fetch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"volteface/internal/statement"
)

// presized is the largest body, in bytes, for which room is made because its
// Content-Length says so; a larger one has to come first.
const presized = 1 << 20

// answer is what came over the wire, its Content-Encoding undone.
type answer struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
	took   time.Duration

	way         string // see statement.Snapshot
	conditional bool   // only changes were asked for
}

// accept is what a browser would say of pages.
var (
	accept         = []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
	acceptEncoding = []string{"gzip, br"}
)

// ask makes one request in the turn of its host and reads all of the answer.
// More than limit bytes are an error, or, with cut, left unread. consider, if
// set, is asked whether the answer means that the host wants to be left alone,
// and why. Its errors are *Error.
func (c *Client) ask(req *http.Request, pause time.Duration, limit int64, cut bool, consider func(*answer) (ill string)) (*answer, error) {
	turn, err := c.gates.pass(req.Context(), req.URL, pause)
	if err != nil {
		return nil, classify(req.URL, err, beforeAnswer)
	}
	req = c.unhurried(req, max(pause, turn.gate.host.Pause))
	got, err := c.request(req, limit, cut, turn.gate.host.LiedAt)
	o := weigh(got, err)
	if consider != nil && err == nil {
		if ill := consider(got); ill != "" && o.ill == "" {
			o.ill = ill
		}
	}
	turn.end(o)
	return got, err
}

// unhurried makes a pause before net/http sends a request again, as it does
// where a server closes a connection that was kept open (RFC 9112, section
// 9.3.1): to the server that is another request.
func (c *Client) unhurried(req *http.Request, pause time.Duration) *http.Request {
	if pause <= 0 {
		return req
	}
	ctx, sent := req.Context(), false
	return req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if sent {
			_ = c.options.Clock.Sleep(ctx, pause) // if ctx is done, so is the request
		}
		sent = true
	}}))
}

func (c *Client) request(req *http.Request, limit int64, cut bool, lied time.Time) (_ *answer, err error) {
	ctx, cancel := context.WithTimeout(req.Context(), c.options.Timeout)
	defer cancel()
	address := req.URL
	req = req.WithContext(ctx)
	req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	way := wayOf(ctx)
	header := make(http.Header, len(req.Header)+3)
	for name, values := range req.Header {
		header[name] = values
	}
	delete(header, CaptureOnly)
	delete(header, ValidatorsFor)
	delete(header, "Authorization") // net/http makes one of a login in an address, which a page may have led to
	if since := c.options.Clock.Now().Sub(lied); !lied.IsZero() && since < believeAgain && since > -statement.ClockSlack {
		unconditional(header)
	}
	header["User-Agent"] = []string{c.options.UserAgent}
	header["Accept"] = accept
	header["Accept-Encoding"] = acceptEncoding
	way.dress(header, address)
	req.Header = header
	req, transport, err := c.through(req)
	if err != nil {
		return nil, classify(address, err, beforeAnswer)
	}

	began := time.Now()
	got := &answer{at: c.options.Clock.Now(), conditional: isConditional(header), way: way.taken(address, proxyOf(req.Context()))}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, classify(address, c.late(ctx, err), beforeAnswer)
	}
	defer resp.Body.Close()
	got.status, got.header = resp.StatusCode, resp.Header
	delete(got.header, captureHeader)
	if got.body, err = readBody(resp, limit, cut); err != nil {
		return nil, classify(address, c.late(ctx, err), withinAnswer)
	}
	got.took = time.Since(began)
	if log := c.options.Logger; log.Enabled(ctx, slog.LevelDebug) {
		log.Debug("fetched", "url", plain(address), "status", got.status, "bytes", len(got.body), "took", got.took)
	}
	return got, nil
}

// late says so if an error is the request's own time running out.
func (c *Client) late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return lateError{c.options.Timeout}
	}
	return err
}

// lateError is a timeout in words for people.
type lateError struct{ after time.Duration }

func (e lateError) Error() string   { return fmt.Sprintf("not done after %s", e.after) }
func (e lateError) Is(t error) bool { return t == context.DeadlineExceeded }

// readBody reads all of a body and undoes its Content-Encoding.
func readBody(resp *http.Response, limit int64, cut bool) ([]byte, error) {
	if resp.StatusCode == http.StatusNotModified || resp.ContentLength == 0 {
		return nil, nil
	}
	switch encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); encoding {
	case "gzip", "x-gzip":
		return unpack(resp.Body, limit, cut)
	case "br":
		room := rooms.Get().(*room)
		defer room.leave()
		body, err := room.read(brotli.NewReader(resp.Body), limit, cut)
		if err != nil && strings.HasPrefix(err.Error(), "brotli: ") {
			err = errNotPacked
		}
		return body, err
	case "", "identity", "none", "utf-8": // the last two are no encodings, but are sent
	default:
		return nil, &Error{Kind: KindOther, Err: fmt.Errorf("it came packed as %q, which was not asked for", shorten(encoding))}
	}
	size := resp.ContentLength
	if size > limit && !cut {
		return nil, tooLarge(limit)
	}
	if size < 0 || size > min(limit, presized) {
		room := rooms.Get().(*room)
		defer room.leave()
		return room.read(resp.Body, limit, cut)
	}
	body := make([]byte, size)
	if n, err := io.ReadFull(resp.Body, body); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = &Error{Kind: KindTruncated, Err: fmt.Errorf("after %d of %d bytes", n, size)}
		}
		return nil, err
	}
	return body, nil
}

func unpack(packed io.Reader, limit int64, cut bool) ([]byte, error) {
	room := rooms.Get().(*room)
	defer room.leave()
	room.source.Reset(packed)
	if _, err := room.source.Peek(1); err == io.EOF {
		return nil, nil // said to be packed, and nothing at all
	}
	if err := room.unpacker.Reset(room.source); err != nil {
		return nil, damaged(err)
	}
	body, err := room.read(&room.unpacker, limit, cut)
	return body, damaged(err)
}

// damaged tells an archive that is none from a connection that failed.
func damaged(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return errNotPacked
	}
	return err
}

var errNotPacked = &Error{Kind: KindTruncated, Err: errors.New("it cannot be unpacked")}

func tooLarge(limit int64) *Error {
	return &Error{Kind: KindTooLarge, Err: fmt.Errorf("more than %d bytes", limit)}
}

// room is what it takes to read one body of unknown size. Small bodies are
// copied out of it, so that a capture holds no more than it needs.
type room struct {
	source   *bufio.Reader
	unpacker gzip.Reader
	bytes    []byte
}

var rooms = sync.Pool{New: func() any {
	return &room{source: bufio.NewReaderSize(nil, 16<<10), bytes: make([]byte, 64<<10)}
}}

// read reads until the end, or until there is one byte more than allowed. The
// room doubles up to that size and no further: a bomb costs twice the limit.
func (r *room) read(from io.Reader, limit int64, cut bool) ([]byte, error) {
	n := 0
	for {
		if n == len(r.bytes) && int64(n) <= limit {
			size := 2 * int64(n)
			if size >= limit {
				size = limit + 1
			}
			wider := make([]byte, size)
			copy(wider, r.bytes)
			r.bytes = wider
		}
		got, err := from.Read(r.bytes[n:min(int64(len(r.bytes)), limit+1)])
		n += got
		switch {
		case int64(n) > limit && cut:
			return bytes.Clone(r.bytes[:limit]), nil
		case int64(n) > limit:
			return nil, tooLarge(limit)
		case err == io.EOF && len(r.bytes) > presized:
			return r.bytes[:n], nil // the room is given up
		case err == io.EOF:
			return bytes.Clone(r.bytes[:n]), nil
		case err != nil:
			return nil, err
		}
	}
}

// leave makes the room free for another body; one that has grown is given up.
func (r *room) leave() {
	r.source.Reset(nil)
	if len(r.bytes) <= presized {
		rooms.Put(r)
	}
}
