package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	cdpfetch "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"volteface/internal/fetch"
	"volteface/internal/fetch/quality"
	"volteface/internal/statement"
)

// page is one page while it is shown.
type page struct {
	req     *http.Request
	visit   *fetch.Visit
	version string

	tab    context.Context
	parts  sync.WaitGroup
	atOnce chan struct{}
	mu     sync.Mutex // guards what follows
	main   *statement.Capture
	failed error // of the page's own request
	hops   []statement.Hop
	kept   []*statement.Capture // answers with data
	asked  int
	bytes  int64
	open   int // requests that are being answered
	moved  time.Time
	loaded bool
}

func newPage(req *http.Request, visit *fetch.Visit, version string) *page {
	return &page{req: req, visit: visit, version: version, atOnce: make(chan struct{}, partsAtOnce), moved: time.Now()}
}

// show opens the page in a tab of its own, with cookies of its own, waits until
// it has come to rest, and gives what stands there.
func (p *page) show(browser context.Context) (*statement.Capture, error) {
	ctx := p.req.Context()
	began := time.Now()
	tab, shut := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.event))
	defer shut()
	tab, cancel := context.WithTimeout(tab, pageTime+settleTime)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	p.tab = tab
	address, dom := p.req.URL.String(), ""
	err := p.navigate(tab, address)
	if err == nil {
		err = p.rest(tab)
	}
	if err == nil && p.worth() {
		dom, err = chromedp.Run(tab, chromedp.Evaluate[string](standing))
	}
	cancel()
	p.parts.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case p.failed != nil:
		return nil, p.failed
	case p.main != nil && dom == "" && p.main.Status >= 300:
		c := *p.main
		c.URL, c.Hops = address, p.hops
		return &c, nil
	case err != nil:
		return nil, p.fault(ctx, err)
	case p.main == nil:
		return nil, p.fault(ctx, errors.New("it did not ask for the page"))
	}
	return p.capture(address, dom, time.Since(began)), nil
}

// standing is what the page shows, without the scripts, which have run, and
// without what is only meant for browsers that run none.
const standing = `(() => { const d = document.documentElement.cloneNode(true)
  d.querySelectorAll('noscript, script:not([type="application/ld+json"])').forEach(e => e.remove()); return d.outerHTML })()`

// withoutPeers takes from pages what speaks UDP, which no proxy stops.
const withoutPeers = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCIceTransport', 'WebTransport'])
  Object.defineProperty(window, name, {value: undefined, writable: false, configurable: false})`

// navigate leads the tab to the address once all its requests are handed over.
func (p *page) navigate(tab context.Context, address string) error {
	_, err := chromedp.Call(tab, cdpfetch.Enable, cdpfetch.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(tab, network.Enable, network.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(tab, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true})
	}
	if err == nil { // what could open a way of its own to the network, in every frame
		_, err = chromedp.Call(tab, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: withoutPeers})
	}
	if err == nil {
		_, err = chromedp.Call(tab, cdppage.Navigate, cdppage.NavigateParams{URL: address})
	}
	return err
}

func (p *page) fault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	kind := fetch.KindOther
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		kind, err = fetch.KindTimeout, fmt.Errorf("the browser had not shown it after %s", pageTime)
	}
	return &fetch.Error{Kind: kind, URL: p.req.URL.Redacted(), Err: err}
}

// worth tells whether the page's own answer is one to be shown.
func (p *page) worth() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.main != nil && p.main.Status < 300
}

// capture is what the page shows, made of what was answered. The text that
// stands in it is derived: the answers themselves go with it as evidence.
func (p *page) capture(address, dom string, took time.Duration) *statement.Capture {
	header := p.main.Header.Clone()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Transfer-Encoding", "Etag", "Last-Modified", statement.RenderedHeader} {
		header.Del(name) // of the answer, not of what was made of it
	}
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set(statement.RenderedHeader, p.version+"; from sha256:"+p.main.SHA256())
	c := &statement.Capture{
		URL: address, FinalURL: p.main.FinalURL, Hops: p.hops, Status: p.main.Status, Header: header, Body: []byte("<!DOCTYPE html>" + dom),
		FetchedAt: p.main.FetchedAt, Took: took, Way: p.main.Way, Evidence: append([]*statement.Capture{p.main}, p.kept...),
	}
	verdict := quality.Judge(c, false)
	c.Quality, c.Rule, c.Reason, c.Onward = verdict.Quality, verdict.Rule, verdict.Reason, verdict.Onward
	return c
}

// rest waits until the page has loaded, asks for nothing more and stays as it is.
func (p *page) rest(tab context.Context) error {
	last, began := -1, time.Now()
	var since time.Time
	for {
		select {
		case <-tab.Done():
			return tab.Err()
		case <-time.After(150 * time.Millisecond):
		}
		p.mu.Lock()
		loaded, still, done := p.loaded || p.main != nil && time.Since(began) > loadTime, p.open == 0 && time.Since(p.moved) > quiet, p.failed != nil || p.main != nil && p.main.Status >= 400
		p.mu.Unlock()
		if done {
			return nil
		}
		if !loaded {
			continue
		}
		if since.IsZero() {
			since = time.Now()
		}
		if time.Since(since) > settleTime {
			return nil // it never rests: a ticker, a poll
		}
		if !still {
			continue
		}
		size, err := p.size(tab)
		if err != nil {
			continue // its scripts are busy, or it has been left
		}
		if size == last {
			return nil
		}
		last = size
		p.touch()
	}
}

// size is the length of the page as it stands.
func (p *page) size(tab context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(tab, settleTime/3)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.outerHTML.length`))
}

func (p *page) touch() {
	p.mu.Lock()
	p.moved = time.Now()
	p.mu.Unlock()
}

// event is told of all that happens in the tab; it must not wait.
func (p *page) event(ev any) {
	switch ev := ev.(type) {
	case *cdpfetch.EventRequestPaused:
		p.mu.Lock()
		p.open++
		p.moved = time.Now()
		p.mu.Unlock()
		p.parts.Add(1)
		go func() {
			defer p.parts.Done()
			p.answer(ev)
			p.mu.Lock()
			p.open--
			p.moved = time.Now()
			p.mu.Unlock()
		}()
	case *cdppage.EventLoadEventFired:
		p.mu.Lock()
		p.loaded, p.moved = true, time.Now()
		p.mu.Unlock()
	case *cdppage.EventJavascriptDialogOpening:
		p.parts.Add(1)
		go func() {
			defer p.parts.Done()
			_, _ = chromedp.Call(p.tab, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: false})
		}()
	}
}

// errLeadsOn says that a script, a form or the like would lead to another page.
var errLeadsOn = errors.New("the page leads on to another one")

// answer makes a request of the page, or refuses it.
func (p *page) answer(ev *cdpfetch.EventRequestPaused) {
	p.atOnce <- struct{}{}
	defer func() { <-p.atOnce }()
	var got *statement.Capture
	var err error
	switch own := p.own(ev); {
	case own && p.shown():
		err = errLeadsOn
	case own:
		got, err = p.document(ev)
	case ev.ResourceType == network.ResourceTypeStylesheet: // what it looks like does not matter
		got = &statement.Capture{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/css"}}}
	case slices.Contains(wanted, ev.ResourceType):
		got, err = p.part(ev)
	default:
		err = errors.New("not needed for the text")
	}
	if err != nil {
		why := network.ErrorReasonBlockedByClient
		if errors.Is(err, errLeadsOn) { // what is broken off leaves the page as it is; any other failure puts a page of the browser's in its place
			why = network.ErrorReasonAborted
		}
		_, _ = chromedp.Call(p.tab, cdpfetch.FailRequest, cdpfetch.FailRequestParams{RequestID: ev.RequestID, ErrorReason: why})
		return
	}
	fulfil := cdpfetch.FulfillRequestParams{RequestID: ev.RequestID, ResponseCode: int64(got.Status), Body: got.Body}
	for name, values := range got.Header {
		switch name {
		case "Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection":
			continue
		}
		for _, v := range values {
			fulfil.ResponseHeaders = append(fulfil.ResponseHeaders, &cdpfetch.HeaderEntry{Name: name, Value: v})
		}
	}
	_, _ = chromedp.Call(p.tab, cdpfetch.FulfillRequest, fulfil)
}

// wanted are the kinds of request that a text may come by. Pictures, films,
// fonts, frames and counters are left alone.
var wanted = []network.ResourceType{network.ResourceTypeScript, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypePreflight}

// own tells the request for the page itself, from its redirects on.
func (p *page) own(ev *cdpfetch.EventRequestPaused) bool {
	if ev.ResourceType != network.ResourceTypeDocument {
		return false
	}
	c := chromedp.FromContext(p.tab)
	return c != nil && c.Target != nil && string(ev.FrameID) == string(c.Target.TargetID)
}

// shown tells whether the page itself has been answered, rather than a redirect.
func (p *page) shown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.main != nil && (p.main.Status < 300 || p.main.Status >= 400)
}

// document asks for the page politely: robots.txt, the turn and the pace of its
// host hold as without a browser.
func (p *page) document(ev *cdpfetch.EventRequestPaused) (*statement.Capture, error) {
	req, err := http.NewRequestWithContext(p.req.Context(), http.MethodGet, ev.Request.URL, nil)
	if err != nil {
		return nil, err
	}
	if language := p.req.Header.Get("Accept-Language"); language != "" {
		req.Header.Set("Accept-Language", language)
	}
	resp, err := p.visit.RoundTrip(req)
	if err != nil {
		p.mu.Lock()
		p.failed = err
		p.mu.Unlock()
		return nil, err
	}
	resp.Body.Close()
	got := p.visit.Capture(resp.Header)
	if got == nil {
		return nil, errors.New("no answer")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if got.Status >= 300 && got.Status < 400 && got.Header.Get("Location") != "" {
		p.hops = append(p.hops, statement.Hop{URL: got.FinalURL, Status: got.Status})
	}
	p.main = got
	return got, nil
}

// part asks for what the page wants besides itself, within the bounds.
func (p *page) part(ev *cdpfetch.EventRequestPaused) (*statement.Capture, error) {
	p.mu.Lock()
	p.asked++
	over := p.asked > mostParts || p.bytes > mostBytes
	p.mu.Unlock()
	if over {
		return nil, errors.New("the page asks for more than one page gets")
	}
	header := http.Header{}
	for name, value := range ev.Request.Headers {
		low := strings.ToLower(name)
		if text, is := value.(string); is && !strings.HasPrefix(low, "sec-") && !strings.HasPrefix(low, "proxy-") && low != "user-agent" && low != "host" && low != "content-length" {
			header.Set(name, text)
		}
	}
	var body []byte
	for _, entry := range ev.Request.PostDataEntries {
		if len(body)+len(entry.Bytes) > mostPosted {
			return nil, errors.New("it sends more than a question")
		}
		body = append(body, entry.Bytes...)
	}
	got, err := p.visit.Part(p.req.Context(), ev.Request.Method, ev.Request.URL, header, body)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += int64(len(got.Body))
	if ev.ResourceType != network.ResourceTypeScript && got.Status < 300 && len(got.Body) > 0 && len(p.kept) < mostKept {
		p.kept = append(p.kept, got)
	}
	return got, nil
}
