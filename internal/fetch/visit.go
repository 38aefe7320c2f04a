package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"volteface/internal/fetch/quality"
	"volteface/internal/statement"
)

// captureHeader tells the reader behind the transport which capture a response
// belongs to. A server's own header of this name is dropped.
const captureHeader = "Volteface-Capture"

// CaptureOnly is a header of requests whose sender reads the capture and not
// the response: the response then has no body, which saves a copy of the page.
// It is never sent.
const CaptureOnly = "Volteface-Capture-Only"

// ValidatorsFor is a header of conditional requests: the address whose validators
// they carry, where a redirect is known to lead to another one. Any other
// address is asked for its page: a tag means nothing elsewhere, and a date would
// make a front page look unchanged. It is never sent.
const ValidatorsFor = "Volteface-Validators-For"

// maxRedirects bounds a chain of redirects: its tenth is an error. Colly and
// net/http stop there too, but do not say so.
const maxRedirects = 10

// maxUntaken is how many captures wait to be asked for; older ones are
// forgotten. A visit makes one request at a time and asks at once; what stays
// behind is what Colly gave up on.
const maxUntaken = 16

// Visit is one visit's way to the web. It is an http.RoundTripper for Colly,
// and safe for concurrent use by up to 16 requests.
type Visit struct {
	client *Client
	pause  time.Duration
	way    *Way

	mu       sync.Mutex
	requests int
	number   uint64                        // of the newest capture
	captures map[uint64]*statement.Capture // those not yet asked for
	hosts    map[string]bool               // asked so far
}

// Visit begins a visit that waits for pause between the end of one request to
// a host and the start of the next.
func (c *Client) Visit(pause time.Duration) *Visit {
	return &Visit{client: c, pause: pause, captures: map[uint64]*statement.Capture{}, hosts: map[string]bool{}}
}

// VisitSource begins a visit to a source by its own way, if it has one, with
// its own pause. It fails where the way cannot be read, see NewWay.
func (c *Client) VisitSource(src statement.Source, pause time.Duration) (*Visit, error) {
	way, err := NewWay(src)
	if err != nil {
		return nil, err
	}
	v := c.Visit(pause)
	v.way = way
	return v, nil
}

// Way says by which way of its source's own the visit asks, in words, without a
// login or a value; "" for none.
func (v *Visit) Way() string { return v.way.String() }

// Close lets other processes ask the hosts of this visit. It may be called
// twice; a visit that goes on asking takes its turns anew.
func (v *Visit) Close() {
	v.mu.Lock()
	hosts := v.hosts
	v.hosts = map[string]bool{}
	v.mu.Unlock()
	for name := range hosts {
		v.client.gates.depart(name)
	}
}

func (v *Visit) attend(name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.hosts[name] {
		v.hosts[name] = true
		v.client.gates.attend(name)
	}
}

// Requests is how many requests the visit has made, without those for
// robots.txt.
func (v *Visit) Requests() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.requests
}

// Capture gives the raw answer behind a response with these headers, once; nil
// if there is none.
func (v *Visit) Capture(h http.Header) *statement.Capture {
	number, err := strconv.ParseUint(h.Get(captureHeader), 10, 64)
	if err != nil {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	c := v.captures[number]
	delete(v.captures, number)
	return c
}

// RoundTrip asks politely and keeps what comes, for Capture to give. Its
// errors are *Error.
func (v *Visit) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	c, ctx := v.client, withWay(req.Context(), v.way)
	req = req.WithContext(ctx)
	if req.URL.User != nil { // a login in a link or a redirect is nobody's business to keep
		anonymous := *req.URL
		anonymous.User = nil
		req.URL = &anonymous
	}
	if err := c.checkURL(req.URL); err != nil {
		return nil, err
	}
	v.attend(hostName(req.URL))
	pause := v.pause
	if !c.options.IgnoreRobots {
		rules, err := c.robots.of(ctx, req.URL, pause)
		if err == nil {
			err = rules.check(req.URL)
		}
		if err != nil {
			return nil, classify(req.URL, err, beforeAnswer)
		}
		pause = rules.pause(pause)
	}
	req = elsewhere(req)
	got, capture, err := v.ask(req, pause)
	if err == nil && got.status == http.StatusNotModified && got.conditional && !agrees(req.Header, got.header) {
		req = req.Clone(ctx)
		unconditional(req.Header)
		got, capture, err = v.ask(req, pause)
	}
	if err != nil {
		return nil, err
	}
	if len(capture.Hops) > 0 && redirects(got.status) {
		if err := checkHop(req, capture); err != nil {
			return nil, err
		}
	}
	return v.respond(req, got, capture), nil
}

// ask makes a request and judges the answer. A block means that the host wants
// to be left alone, whatever its status.
func (v *Visit) ask(req *http.Request, pause time.Duration) (got *answer, capture *statement.Capture, err error) {
	asked := true
	got, err = v.client.ask(req, pause, v.client.options.MaxBody, false, func(got *answer) string {
		if capture = v.capture(req, got); capture.Quality == statement.Blocked && got.status != http.StatusUnauthorized {
			return capture.Reason
		}
		return ""
	})
	if _, rests := Resting(err); rests {
		asked = false
	}
	if asked {
		v.mu.Lock()
		v.requests++
		v.mu.Unlock()
		v.client.observe(got)
	}
	return got, capture, err
}

// elsewhere makes a conditional request that was redirected a plain one, unless
// its validators are those of where the redirect led.
func elsewhere(req *http.Request) *http.Request {
	if !isConditional(req.Header) {
		return req
	}
	of := req.Header.Get(ValidatorsFor)
	if of == "" && req.Response == nil || of == req.URL.String() {
		return req
	}
	plain := *req
	plain.Header = req.Header.Clone()
	unconditional(plain.Header)
	return &plain
}

// capture makes the record of an answer, together with the redirects that led
// to it; what those redirects said themselves is forgotten.
func (v *Visit) capture(req *http.Request, got *answer) *statement.Capture {
	address := req.URL.String()
	capture := &statement.Capture{
		URL: address, FinalURL: address, Status: got.status, Header: got.header, Body: got.body, FetchedAt: got.at, Took: got.took, Way: got.way,
	}
	if req.Response != nil { // net/http says which redirect led here
		if before := v.Capture(req.Response.Header); before != nil {
			capture.URL, capture.Hops = before.URL, before.Hops
		}
	}
	if redirects(got.status) && got.header.Get("Location") != "" {
		capture.Hops = append(capture.Hops, statement.Hop{URL: address, Status: got.status})
	}
	verdict := quality.Judge(capture, got.conditional)
	capture.Quality, capture.Rule, capture.Reason, capture.Onward = verdict.Quality, verdict.Rule, verdict.Reason, verdict.Onward
	return capture
}

// Continue makes one capture of a stub's and of what came from the address the
// stub sent its reader on to. It is judged anew: an error page has often an
// address that says so.
func Continue(stub, next *statement.Capture) *statement.Capture {
	whole := *next
	whole.URL = stub.URL
	whole.Hops = append(append(slices.Clone(stub.Hops), statement.Hop{URL: stub.FinalURL, Status: stub.Status}), next.Hops...)
	if whole.Quality == statement.Good {
		verdict := quality.Judge(&whole, false)
		whole.Quality, whole.Rule, whole.Reason = verdict.Quality, verdict.Rule, verdict.Reason
	}
	return &whole
}

// checkHop refuses a redirect that cannot be followed.
func checkHop(req *http.Request, capture *statement.Capture) error {
	location := capture.Header.Get("Location")
	if location == "" {
		return nil
	}
	if len(capture.Hops) >= maxRedirects {
		return &Error{Kind: KindRedirects, URL: capture.URL, Err: fmt.Errorf("%d of them, the last to %s", len(capture.Hops), shorten(location))}
	}
	if _, err := req.URL.Parse(location); err != nil {
		return &Error{Kind: KindRedirects, URL: capture.URL, Err: fmt.Errorf("to %q", shorten(location))}
	}
	return nil
}

func shorten(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// respond dresses an answer for Colly: bytes in hand, unpacked, HTML in UTF-8.
func (v *Visit) respond(req *http.Request, got *answer, capture *statement.Capture) *http.Response {
	header := got.header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	body := got.body
	if len(req.Header[CaptureOnly]) > 0 {
		body = nil
	}
	if decode := v.client.options.Decode; decode != nil && len(body) > 0 {
		kind := header.Get("Content-Type")
		told := kind
		if told == "" {
			told = http.DetectContentType(body)
		}
		if isHTML(told) {
			body = decode(body, kind)
			header.Set("Content-Type", "text/html; charset=utf-8")
		}
	}
	header.Set(captureHeader, strconv.FormatUint(v.remember(capture), 10))
	return &http.Response{
		Status: statusLine(got.status), StatusCode: got.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header, Request: req,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		Uncompressed: true, // keeps Colly from unpacking *.xml.gz again
	}
}

func (v *Visit) remember(c *statement.Capture) uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.number++
	v.captures[v.number] = c
	if v.number > maxUntaken {
		delete(v.captures, v.number-maxUntaken)
	}
	return v.number
}

func isHTML(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.TrimSpace(kind)
	return strings.EqualFold(kind, "text/html") || strings.EqualFold(kind, "application/xhtml+xml")
}
