package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"volteface/internal/statement"
)

// captureHeader tells the reader behind the transport which capture a response
// belongs to. A server's own header of this name is dropped.
const captureHeader = "Volteface-Capture"

// maxRedirects is the longest chain of redirects followed.
const maxRedirects = 10

// Visit is one visit's way to the web. It is an http.RoundTripper for Colly.
type Visit struct {
	client *Client
	pause  time.Duration

	mu       sync.Mutex
	next     int
	captures map[string]*statement.Capture // those not yet asked for
	requests int
}

// Visit begins a visit that pauses between two requests to one host.
func (c *Client) Visit(pause time.Duration) *Visit {
	return &Visit{client: c, pause: pause, captures: map[string]*statement.Capture{}}
}

// Requests is how many requests for pages the visit has made.
func (v *Visit) Requests() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.requests
}

// Capture gives the raw answer behind a response, once; nil if there is none.
func (v *Visit) Capture(h http.Header) *statement.Capture {
	v.mu.Lock()
	defer v.mu.Unlock()
	number := h.Get(captureHeader)
	c := v.captures[number]
	delete(v.captures, number)
	return c
}

// RoundTrip asks politely and keeps what comes. Its errors are *Error.
func (v *Visit) RoundTrip(req *http.Request) (*http.Response, error) {
	c, address := v.client, req.URL.String()
	before := v.before(req)
	if before != nil && len(before.Hops) > maxRedirects {
		return nil, &Error{Kind: KindRedirects, URL: before.URL, Err: fmt.Errorf("more than %d", maxRedirects)}
	}
	if err := c.checkURL(req.URL); err != nil {
		return nil, err
	}
	pause := v.pause
	if !c.options.IgnoreRobots {
		rule, err := c.robots.of(req.Context(), req.URL, pause)
		if err != nil {
			return nil, classify(address, err)
		}
		if !rule.allows(req.URL) {
			return nil, forbidden(req.URL, rule.why)
		}
		pause = rule.pause(pause)
	}
	v.mu.Lock()
	v.requests++
	v.mu.Unlock()
	got, err := c.ask(req, pause, c.options.MaxBody, false)
	if err != nil {
		return nil, classify(address, err)
	}
	capture := &statement.Capture{
		URL: address, FinalURL: address, Status: got.status, Header: got.header, Body: got.body, FetchedAt: got.at, Took: got.took,
	}
	if before != nil {
		capture.URL, capture.Hops = before.URL, before.Hops
	}
	if location := got.header.Get("Location"); location != "" && got.status >= 300 && got.status < 400 && got.status != http.StatusNotModified {
		capture.Hops = append(capture.Hops, statement.Hop{URL: address, Status: got.status})
	}
	judge(capture)
	return v.respond(req, got, capture), nil
}

// before is the capture of the redirect that led to a request.
func (v *Visit) before(req *http.Request) *statement.Capture {
	if req.Response == nil {
		return nil
	}
	return v.Capture(req.Response.Header)
}

// respond dresses an answer for Colly: bytes in hand, HTML in UTF-8.
func (v *Visit) respond(req *http.Request, got *answer, capture *statement.Capture) *http.Response {
	header := got.header.Clone()
	body := got.body
	if kind := header.Get("Content-Type"); v.client.options.Decode != nil && strings.Contains(strings.ToLower(kind), "html") {
		body = v.client.options.Decode(body, kind)
		header.Set("Content-Type", "text/html; charset=utf-8")
	}
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	v.mu.Lock()
	v.next++
	number := strconv.Itoa(v.next)
	v.captures[number] = capture
	v.mu.Unlock()
	header.Set(captureHeader, number)
	return &http.Response{
		Status: strconv.Itoa(got.status) + " " + http.StatusText(got.status), StatusCode: got.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Uncompressed: true,
	}
}

// answer is what came over the wire, its Content-Encoding undone.
type answer struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
	took   time.Duration
}

// ask makes one request in the turn of its host and reads all of the answer.
// More than limit bytes are an error, or, with cut, left unread.
func (c *Client) ask(req *http.Request, pause time.Duration, limit int64, cut bool) (*answer, error) {
	h := c.host(req.URL)
	if err := h.take(req.Context(), c.options.Clock); err != nil {
		return nil, err
	}
	defer h.give(c.options.Clock, pause)
	ctx, cancel := context.WithTimeout(req.Context(), c.options.Timeout)
	defer cancel()
	req = req.WithContext(ctx)
	header := make(http.Header, len(req.Header)+3)
	for name, values := range req.Header {
		header[name] = values
	}
	header.Set("User-Agent", c.options.UserAgent)
	header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	header.Set("Accept-Encoding", "gzip")
	req.Header = header
	began := time.Now()
	got := &answer{at: c.options.Clock.Now()}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, classify(req.URL.String(), c.late(ctx, err))
	}
	defer resp.Body.Close()
	got.status, got.header = resp.StatusCode, resp.Header
	got.header.Del(captureHeader)
	if got.body, err = readBody(resp, limit, cut); err != nil {
		return nil, classify(req.URL.String(), c.late(ctx, err))
	}
	got.took = time.Since(began)
	c.options.Logger.Debug("fetched", "url", req.URL.String(), "status", got.status, "bytes", len(got.body), "took", got.took)
	return got, nil
}

// late says so if an error is the request's own time running out.
func (c *Client) late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("not done after %s: %w", c.options.Timeout, context.DeadlineExceeded)
	}
	return err
}

func readBody(resp *http.Response, limit int64, cut bool) ([]byte, error) {
	tooLarge := &Error{Kind: KindTooLarge, URL: resp.Request.URL.String(), Err: fmt.Errorf("more than %d bytes", limit)}
	var body io.Reader = resp.Body
	size := resp.ContentLength
	switch encoding := strings.ToLower(resp.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		if size > limit && !cut {
			return nil, tooLarge
		}
	case "gzip", "x-gzip":
		if resp.StatusCode == http.StatusNotModified || size == 0 {
			break
		}
		unpacked, err := gzip.NewReader(resp.Body)
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		body, size = unpacked, -1
	default:
		return nil, fmt.Errorf("the content encoding %q was not asked for", encoding)
	}
	var buffer bytes.Buffer
	if size > 0 {
		buffer.Grow(int(min(size, limit)) + bytes.MinRead) // one allocation where the size is told
	}
	n, err := buffer.ReadFrom(io.LimitReader(body, limit+1))
	switch {
	case n > limit && cut:
		return buffer.Bytes()[:limit], nil
	case n > limit:
		return nil, tooLarge
	case err != nil:
		return nil, err
	}
	return buffer.Bytes(), nil
}
