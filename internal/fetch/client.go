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
	"strings"
	"sync"
	"time"

	"volteface/internal/clock"
)

// Options shape a Client. The zero value of a field is its default.
type Options struct {
	UserAgent    string        // "volteface/VERSION (+URL)"; the part before "/" is the product token of robots.txt
	Proxy        string        // address of a proxy; "" for the environment's, "direct" for none
	Timeout      time.Duration // longest a request may take with its body (60 s)
	MaxBody      int64         // largest body in bytes, unpacked (16 MiB)
	AllowPrivate bool          // let private addresses be visited
	IgnoreRobots bool          // for tests
	Clock        clock.Clock
	Logger       *slog.Logger
	// Decode gives the UTF-8 form of an HTML body, for the reader behind the
	// transport; the capture keeps the bytes as they came.
	Decode func(body []byte, contentType string) []byte
}

// Client is what all visits of a process share: connections, the turn of each
// host, and what is known of robots.txt files.
type Client struct {
	options   Options
	transport *http.Transport
	robots    *robots

	mu    sync.Mutex
	hosts map[string]*host

	proxies sync.Map // "ip:port" and "host:port" of proxies, which may be private
}

// NewClient makes a client; it fails if the proxy's address is none.
func NewClient(o Options) (*Client, error) {
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 16 << 20
	}
	if o.Clock == nil {
		o.Clock = clock.Real
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.UserAgent == "" {
		o.UserAgent = "volteface"
	}
	c := &Client{options: o, hosts: map[string]*host{}}
	proxy, err := c.proxy(o.Proxy)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second, ControlContext: c.control}
	c.transport = &http.Transport{
		Proxy:                  proxy,
		DialContext:            c.dial(dialer),
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    2,
		MaxConnsPerHost:        0, // the turn of the host sees to that
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    20 * time.Second,
		ResponseHeaderTimeout:  o.Timeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	c.robots = newRobots(c)
	return c, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// proxy gives the function that chooses a proxy, and remembers what it chose:
// a proxy may stand in a private network.
func (c *Client) proxy(setting string) (func(*http.Request) (*url.URL, error), error) {
	if setting == "direct" {
		return nil, nil
	}
	choose := http.ProxyFromEnvironment
	if setting != "" {
		fixed, err := url.Parse(setting)
		if err != nil || fixed.Host == "" {
			return nil, errors.New("the proxy's address cannot be read") // without it: it may hold a password
		}
		choose = http.ProxyURL(fixed)
	}
	return func(r *http.Request) (*url.URL, error) {
		u, err := choose(r)
		if u != nil {
			c.proxies.Store(addressOf(u), true)
		}
		return u, err
	}, nil
}

func addressOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// dial marks the addresses a proxy's name resolves to before they are checked.
func (c *Client) dial(d *net.Dialer) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, known := c.proxies.Load(address); known {
			if host, port, err := net.SplitHostPort(address); err == nil {
				ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
				if err != nil {
					return nil, err
				}
				for _, ip := range ips {
					c.proxies.Store(net.JoinHostPort(ip.Unmap().String(), port), true)
				}
			}
		}
		return d.DialContext(ctx, network, address)
	}
}

func (c *Client) isProxy(address string) bool {
	_, known := c.proxies.Load(address)
	return known
}

// host is the turn of one host: whoever holds the token may ask it.
type host struct {
	turn  chan struct{}
	ready time.Time // when the next request may start
}

func (c *Client) host(u *url.URL) *host {
	name := strings.ToLower(u.Host)
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		c.hosts[name] = h
	}
	return h
}

// take waits for the host's turn and for the pause after the last request.
func (h *host) take(ctx context.Context, c clock.Clock) error {
	select {
	case <-h.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	if wait := h.ready.Sub(c.Now()); wait > 0 {
		if err := c.Sleep(ctx, wait); err != nil {
			h.turn <- struct{}{}
			return err
		}
	}
	return nil
}

// give passes the turn on; the next request waits for the pause.
func (h *host) give(c clock.Clock, pause time.Duration) {
	h.ready = c.Now().Add(pause)
	h.turn <- struct{}{}
}

// Allowed asks robots.txt whether the address may be read, and says why.
func (c *Client) Allowed(ctx context.Context, address string) (bool, string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return false, "", err
	}
	if err := c.checkURL(u); err != nil {
		return false, "", err
	}
	rule, err := c.robots.of(ctx, u, 0)
	if err != nil {
		return false, "", err
	}
	return rule.allows(u), rule.why, nil
}

// token is the product token of robots.txt (RFC 9309, section 2.2.1).
func (c *Client) token() string {
	name, _, _ := strings.Cut(c.options.UserAgent, "/")
	return name
}

func forbidden(u *url.URL, why string) error {
	return &Error{Kind: KindRobots, URL: u.String(), Err: fmt.Errorf("%s", why)}
}
