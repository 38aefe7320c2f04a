// Package browser reads pages whose text is only there once their scripts have
// run, in an installed Chromium. The browser itself reaches nothing: every
// request that a page makes is handed over and made by internal/fetch, with its
// guard against private addresses, its way out and its bounds; what is not handed
// over, such as a WebSocket, runs into a proxy that refuses all.
package browser

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/chromedp"

	"volteface/internal/fetch"
	"volteface/internal/statement"
)

// Bounds of the browser and of one page.
const (
	mostPages   = 2                // shown at the same time
	idleAfter   = 30 * time.Second // without a page, until the browser is closed
	startTime   = 2 * time.Minute
	pageTime    = 2 * time.Minute  // of one page, its own request and pauses apart
	loadTime    = 60 * time.Second // until it is held to have loaded, even if a part of it is still out
	settleTime  = 30 * time.Second // after it has loaded, until it is taken as it stands
	quiet       = 700 * time.Millisecond
	mostParts   = 200      // requests of one page
	mostBytes   = 32 << 20 // of their answers
	mostPosted  = 64 << 10 // bytes of one request's body
	mostKept    = 60       // answers with data that are kept as evidence
	partsAtOnce = 4
)

// ErrNone says that no Chromium is installed.
var ErrNone = statement.WithHint(errors.New("no Chromium is installed, and the source is rendered by a browser"),
	"install it (apt install chromium), name it in VOLTEFACE_BROWSER, or take render: browser out of the source")

// names are those of the program, by distribution.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell"}

// Find gives the path of the Chromium that VOLTEFACE_BROWSER names, or of an
// installed one; ErrNone if there is none.
func Find() (string, error) {
	if named := os.Getenv("VOLTEFACE_BROWSER"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", statement.WithHint(errors.New("VOLTEFACE_BROWSER names no program: "+named), "give the path of a Chromium, such as /usr/bin/chromium")
		}
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNone
}

// Version is what a Chromium says of itself, such as "Chromium 156.0.8078.108".
func Version(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, path, "--version").Output()
	words := strings.Fields(string(said))
	return strings.Join(words[:min(2, len(words))], " "), err
}

// Transport is a visit's way to the web on which pages are rendered that ask for
// it (fetch.Rendered); everything else goes the plain way.
type Transport struct{ Visit *fetch.Visit }

// RoundTrip is that of http.RoundTripper. Its errors are *fetch.Error, or about
// the browser.
func (t Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if len(req.Header[fetch.Rendered]) == 0 {
		return t.Visit.RoundTrip(req)
	}
	if req.Body != nil {
		defer req.Body.Close()
	}
	capture, err := shared.show(req, t.Visit)
	if err != nil {
		return nil, err
	}
	return t.Visit.Answer(req, capture), nil
}

// Close closes the browser, if one runs. It may be called at any time: the next
// page opens another one.
func Close() {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.users == 0 {
		shared.close()
	}
}

// pool is the one browser of the process and its places for pages.
type pool struct {
	places chan struct{}

	mu      sync.Mutex
	users   int
	browser context.Context // nil while none runs
	end     func()
	version string
	stop    *time.Timer
}

var shared = &pool{places: make(chan struct{}, mostPages)}

// show renders the page that a request asks for.
func (p *pool) show(req *http.Request, visit *fetch.Visit) (*statement.Capture, error) {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	browser, version, err := p.join(req.Context())
	if err != nil {
		return nil, err
	}
	defer p.leave()
	return newPage(req, visit, version).show(browser)
}

// join opens the browser if none runs.
func (p *pool) join(ctx context.Context) (context.Context, string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop.Stop()
	}
	if p.browser == nil || p.browser.Err() != nil {
		if err := p.open(ctx); err != nil {
			return nil, "", err
		}
	}
	p.users++
	return p.browser, p.version, nil
}

func (p *pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users--; p.users == 0 {
		p.stop = time.AfterFunc(idleAfter, Close)
	}
}

func (p *pool) close() {
	if p.end != nil {
		p.end()
	}
	p.browser, p.end = nil, nil
}

func (p *pool) open(ctx context.Context) error {
	p.close()
	path, err := Find()
	if err != nil {
		return err
	}
	fence, err := newFence()
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "volteface-browser-")
	if err != nil {
		fence.Close()
		return err
	}
	allocator, free := chromedp.NewExecAllocator(context.Background(), flags(path, home, fence.address())...)
	browser, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	end := func() {
		cancel()
		free()
		fence.Close()
		_ = os.RemoveAll(home)
	}
	limited, stop := context.WithTimeout(ctx, startTime)
	defer stop()
	unwatch := context.AfterFunc(limited, cancel)
	err = chromedp.Do(browser)
	if !unwatch() && err == nil {
		err = limited.Err()
	}
	if err != nil {
		end()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return statement.WithHint(errors.New("the browser does not start: "+err.Error()), "try "+path+" --headless --version; volteface doctor tells which one is used")
	}
	p.version, _ = Version(browser, path)
	p.browser, p.end = browser, end
	return nil
}

// flags start a browser that is on its own: without extensions, updates and
// reports, resolving no names, and with nothing but the fence to go through.
func flags(path, home, fence string) []chromedp.ExecAllocatorOption {
	all := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(home),
		chromedp.ProxyServer("http://"+fence),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"), chromedp.Flag("webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true), chromedp.Flag("mute-audio", true),
		chromedp.Flag("block-new-web-contents", true), chromedp.Flag("disable-popup-blocking", false),
		chromedp.Flag("disable-file-system", true), chromedp.Flag("deny-permission-prompts", true),
		// So that frames and workers of other sites are not processes whose requests
		// would have to be asked for separately.
		chromedp.Flag("disable-features", "Translate,IsolateOrigins,site-per-process,MediaRouter,OptimizationHints,Prerender2,SpeculationRulesPrefetchFuture"),
		chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("js-flags", "--max-old-space-size=256"),
		chromedp.NoInheritEnv, // which may hold secrets
		chromedp.Env("PATH="+os.Getenv("PATH"), "HOME="+home, "TMPDIR="+os.TempDir(), "LANG=C.UTF-8"),
	)
	if os.Geteuid() == 0 { // Chromium's own sandbox does not work for root
		all = append(all, chromedp.NoSandbox)
	}
	return all
}

// fence is the proxy that the browser is given: it refuses everything.
type fence struct {
	listener net.Listener
	server   *http.Server
	refused  atomic.Int64
}

func newFence() (*fence, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &fence{listener: listener}
	f.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.refused.Add(1)
		w.WriteHeader(http.StatusForbidden)
	})}
	go func() { _ = f.server.Serve(listener) }() // until Close
	return f, nil
}

func (f *fence) address() string { return f.listener.Addr().String() }

// Close is that of io.Closer.
func (f *fence) Close() { _ = f.server.Close() }
