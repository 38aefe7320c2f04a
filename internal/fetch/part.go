package fetch

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"

	"volteface/internal/statement"
)

// Rendered is a header of requests for pages that are to be read as a browser
// shows them. It is never sent.
const Rendered = "Volteface-Rendered"

// Part asks for what a page that is shown in a browser wants besides itself: a
// script, data. It is on the guard of all requests, goes the same way out and is
// bounded like a page; it needs no turn and makes no pause, as the page it
// belongs to has waited for both, and robots.txt was asked of that page. A
// redirect is an answer: the browser follows it, and asks again. Its errors are
// *Error.
func (v *Visit) Part(ctx context.Context, method, address string, header http.Header, body []byte) (*statement.Capture, error) {
	c := v.client
	u, err := url.Parse(address)
	if err != nil {
		return nil, &Error{Kind: KindOther, URL: shorten(address), Err: err}
	}
	if err := c.checkURL(u); err != nil {
		return nil, err
	}
	u.User, u.Fragment = nil, ""
	ctx, cancel := context.WithTimeout(withWay(ctx, v.way), c.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Kind: KindOther, URL: plain(u), Err: err}
	}
	req.Header = header.Clone()
	req.Header["User-Agent"] = []string{c.options.UserAgent}
	req.Header["Accept-Encoding"] = acceptEncoding
	v.way.dress(req.Header, u)
	req, transport, err := c.through(req)
	if err != nil {
		return nil, classify(u, err, beforeAnswer)
	}
	v.mu.Lock()
	v.requests++
	v.mu.Unlock()
	began, at := time.Now(), c.options.Clock.Now()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		c.observe(nil)
		return nil, classify(u, c.late(ctx, err), beforeAnswer)
	}
	defer resp.Body.Close()
	delete(resp.Header, captureHeader)
	got := &answer{status: resp.StatusCode, header: resp.Header, at: at, way: v.way.taken(u, proxyOf(req.Context()))}
	if got.body, err = readBody(resp, c.options.MaxBody, false); err != nil {
		return nil, classify(u, c.late(ctx, err), withinAnswer)
	}
	got.took = time.Since(began)
	c.observe(got)
	return &statement.Capture{URL: address, FinalURL: address, Status: got.status, Header: got.header, Body: got.body, FetchedAt: at, Took: got.took, Way: got.way, Quality: statement.Good}, nil
}

// Answer dresses a capture that was made of several answers as the response to a
// request, for Capture to give.
func (v *Visit) Answer(req *http.Request, c *statement.Capture) *http.Response {
	return v.respond(req, &answer{status: c.Status, header: c.Header, body: c.Body}, c)
}
