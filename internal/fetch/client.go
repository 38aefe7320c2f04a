// Package fetch is the polite, guarded way to the web: an http.RoundTripper
// that honours robots.txt, makes one request at a time per host with a pause,
// refuses private addresses, bounds every answer, and keeps the raw bytes.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"volteface/internal/clock"
	"volteface/internal/statement"
)

// Options shape a Client. The zero value of a field is its default.
type Options struct {
	UserAgent    string        // "volteface/VERSION (+URL)"; the part before "/" is the product token of robots.txt
	Proxy        string        // address of a proxy; "" for the environment's (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), "direct" for none
	Timeout      time.Duration // longest a request may take with its body (60 s), by the machine's clock
	MaxBody      int64         // largest body in bytes, unpacked (8 MiB)
	AllowPrivate bool          // let private addresses be visited
	Budget       int           // requests to one host in an hour (no bound)
	Memory       Memory        // of hosts, shared with other processes (none: only within this one)
	IgnoreRobots bool          // for tests
	Clock        clock.Clock
	Logger       *slog.Logger
	// Decode gives the UTF-8 form of an HTML body, for the reader behind the
	// transport; the capture keeps the bytes as they came.
	Decode func(body []byte, contentType string) []byte
	// Observe is told of every request of a visit when it is over: the status
	// (0 without an answer), the size of the body and the time it took. It must
	// be quick and safe for concurrent use.
	Observe func(status int, bytes int, took time.Duration)
}

const (
	defaultTimeout   = time.Minute
	defaultMaxBody   = 8 << 20
	dialTimeout      = 20 * time.Second // of one connection, and again of its TLS handshake
	maxHeader        = 256 << 10        // bytes of response headers
	maxIdle          = 64               // connections kept open
	maxIdlePerHost   = 2                // a host is asked one thing at a time; one more survives a change of proxy
	idleTimeout      = 90 * time.Second
	keepAlive        = 30 * time.Second // between two probes of an idle connection
	defaultUserAgent = "volteface"
)

// Client is what all visits of a process share: connections, the turn of each
// host, and what is known of robots.txt files. It is safe for concurrent use.
type Client struct {
	options  Options
	holder   string // this client, among those that share a memory
	common   *route // of all who have no way of their own
	routesMu sync.Mutex
	routes   map[string]*route // by the proxy of a way
	gates    gates
	robots   robots
}

// started and clients tell apart processes of one number, and the clients of
// one process.
var (
	started = time.Now()
	clients atomic.Uint64
)

// NewClient makes a client; it fails if the proxy's address is none.
func NewClient(o Options) (*Client, error) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	c := &Client{options: o, holder: fmt.Sprintf("%s/%d", statement.Holder(started), clients.Add(1)), routes: map[string]*route{}}
	c.robots.client, c.gates.client = c, c
	var err error
	if c.common, err = c.newRoute(o.Proxy); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Client) observe(got *answer) {
	switch {
	case c.options.Observe == nil:
	case got == nil:
		c.options.Observe(0, 0, 0)
	default:
		c.options.Observe(got.status, len(got.body), got.took)
	}
}

// Close lets go of idle connections, and of every host that no visit is still
// asking.
func (c *Client) Close() {
	c.closeRoutes()
	c.gates.releaseAll()
}

// Ruling is what robots.txt says of an address.
type Ruling struct {
	Allowed bool
	Why     string        // in words for people
	Rule    string        // the line that decided; "" if none did
	Delay   time.Duration // the Crawl-delay it asks for, as far as it is honoured
}

// String reads like "allowed: https://www.example.org/robots.txt allows it".
func (r Ruling) String() string {
	text := "allowed: "
	if !r.Allowed {
		text = "forbidden: "
	}
	text += r.Why
	if r.Rule != "" {
		text += ", by " + strconv.Quote(r.Rule)
	}
	if r.Delay > 0 {
		text += fmt.Sprintf(", with %s between two requests", r.Delay)
	}
	return text
}

// Robots asks robots.txt whether the address may be read. It fails with an
// *Error if the address is one that is never visited, or if robots.txt could
// not be asked for at all.
func (c *Client) Robots(ctx context.Context, address string) (r Ruling, err error) {
	return c.ruling(ctx, address)
}

// Robots is that of the Client, asked by the way of the visit.
func (v *Visit) Robots(ctx context.Context, address string) (Ruling, error) {
	return v.client.ruling(withWay(ctx, v.way), address)
}

func (c *Client) ruling(ctx context.Context, address string) (r Ruling, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return r, &Error{Kind: KindOther, URL: address, Err: err}
	}
	if err := c.checkURL(u); err != nil {
		return r, err
	}
	rules, err := c.robots.of(ctx, u, 0)
	if err != nil {
		return r, classify(u, err, beforeAnswer)
	}
	err = rules.check(u)
	if rules.group != nil {
		r.Delay = rules.group.delay
		if by, decided := rules.group.ruleFor(u); decided {
			r.Rule = by.String()
		}
	}
	var known *Error
	switch {
	case err == nil:
		r.Allowed, r.Why = true, rules.why
		return r, nil
	case errors.As(err, &known) && known.Kind == KindRobots:
		r.Why = known.Err.Error()
		return r, nil
	}
	return r, err
}

// Lied notes that the host of an address said of a changed page that it was the
// same: for a month it is not asked about changes, but for the pages.
func (c *Client) Lied(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return c.gates.lied(ctx, hostName(u))
}

// token is the product token of robots.txt (RFC 9309, section 2.2.1).
func (c *Client) token() string {
	name, _, _ := strings.Cut(c.options.UserAgent, "/")
	return strings.TrimSpace(name)
}

// chooser gives the function that chooses a proxy.
func chooser(setting string) (func(*http.Request) (*url.URL, error), error) {
	switch setting {
	case "direct":
		return func(*http.Request) (*url.URL, error) { return nil, nil }, nil
	case "":
		return func(r *http.Request) (*url.URL, error) {
			u, err := http.ProxyFromEnvironment(r)
			if err != nil {
				return nil, &Error{Kind: KindProxy, URL: plain(r.URL), Err: errors.New("the address of the proxy in the environment cannot be read")}
			}
			return u, nil
		}, nil
	}
	fixed, err := parseProxy(setting)
	return http.ProxyURL(fixed), err
}

// throughKey is where the context of a request says which proxy it goes through.
type throughKey struct{}

// through chooses the connections and the proxy of a request, and notes the proxy there: the dialer, which
// knows nothing of the request, lets that address alone be a private one.
func (c *Client) through(req *http.Request) (*http.Request, *http.Transport, error) {
	by, err := c.route(req.Context())
	if err != nil {
		return req, nil, err
	}
	proxy, err := by.choose(req)
	if err != nil || proxy == nil {
		return req, by.transport, err
	}
	return req.WithContext(context.WithValue(req.Context(), throughKey{}, proxy)), by.transport, nil
}

// proxyOf is the proxy of the request that the context belongs to; nil for none.
func proxyOf(ctx context.Context) *url.URL {
	proxy, _ := ctx.Value(throughKey{}).(*url.URL)
	return proxy
}

// parseProxy reads the address of a proxy. Its errors do not repeat it: it may
// hold a password.
func parseProxy(setting string) (*url.URL, error) {
	if !strings.Contains(setting, "://") {
		setting = "http://" + setting
	}
	u, err := url.Parse(setting)
	if err == nil && u.Hostname() != "" {
		switch u.Scheme {
		case "http", "https", "socks5", "socks5h":
			return u, nil
		}
	}
	return nil, statement.WithHint(errors.New("the address of the proxy cannot be read"),
		"write http.proxy as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT, or direct for none")
}

// hostPort is what the transport dials to reach a proxy.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		switch u.Scheme {
		case "https":
			port = "443"
		case "socks5", "socks5h":
			port = "1080"
		default:
			port = "80"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// checkConnect turns a proxy's refusal to open a tunnel into an error that
// says so.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &Error{Kind: KindProxy, Err: statement.WithHint(
		fmt.Errorf("it answered %s", statusLine(answer.StatusCode)), kinds[KindProxy].hint)}
}
