package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"volteface/internal/statement"
)

func TestPublic(t *testing.T) {
	for _, test := range []struct {
		range_, first, last string // of the range
	}{
		{"this network, RFC 791", "0.0.0.0", "0.255.255.255"},
		{"private, RFC 1918", "10.0.0.0", "10.255.255.255"},
		{"carrier-grade NAT, RFC 6598", "100.64.0.0", "100.127.255.255"},
		{"loopback, RFC 1122", "127.0.0.0", "127.255.255.255"},
		{"link-local, RFC 3927", "169.254.0.0", "169.254.255.255"},
		{"metadata of clouds, RFC 3927", "169.254.169.254", "169.254.169.254"},
		{"private, RFC 1918", "172.16.0.0", "172.31.255.255"},
		{"protocol assignments, RFC 6890", "192.0.0.0", "192.0.0.255"},
		{"documentation, RFC 5737", "192.0.2.0", "192.0.2.255"},
		{"6to4 relays, RFC 7526", "192.88.99.0", "192.88.99.255"},
		{"private, RFC 1918", "192.168.0.0", "192.168.255.255"},
		{"benchmarking, RFC 2544", "198.18.0.0", "198.19.255.255"},
		{"documentation, RFC 5737", "198.51.100.0", "198.51.100.255"},
		{"documentation, RFC 5737", "203.0.113.0", "203.0.113.255"},
		{"multicast, RFC 5771", "224.0.0.0", "239.255.255.255"},
		{"reserved, RFC 1112", "240.0.0.0", "255.255.255.254"},
		{"broadcast, RFC 919", "255.255.255.255", "255.255.255.255"},
		{"unspecified, RFC 4291", "::", "::"},
		{"loopback, RFC 4291", "::1", "::1"},
		{"IPv4-compatible, RFC 4291", "::127.0.0.1", "::8.8.8.8"},
		{"IPv4-mapped loopback, RFC 4291", "::ffff:127.0.0.1", "::ffff:127.255.255.255"},
		{"IPv4-mapped private, RFC 4291", "::ffff:10.0.0.1", "::ffff:192.168.1.1"},
		{"IPv4-translated, RFC 2765", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"},
		{"NAT64, RFC 6052", "64:ff9b::", "64:ff9b::ffff:ffff"},
		{"local NAT64, RFC 8215", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
		{"discard, RFC 6666", "100::", "100::ffff:ffff:ffff:ffff"},
		{"protocol assignments, RFC 2928", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"Teredo, RFC 4380", "2001:0:7f00:1::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"documentation, RFC 3849", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"6to4, RFC 3056", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"documentation, RFC 9637", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"segment routing, RFC 9602", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"unique local, RFC 4193", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"link-local, RFC 4291", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"link-local with a zone, RFC 4007", "fe80::1%eth0", "fe80::1%eth0"},
		{"site-local, RFC 3879", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"multicast, RFC 4291", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	} {
		for _, s := range []string{test.first, test.last} {
			if public(netip.MustParseAddr(s)) {
				t.Errorf("%s: %s is let through", test.range_, s)
			}
			if err := refusePrivate("tcp", netip.AddrPortFrom(netip.MustParseAddr(s), 80).String(), nil); kindIn(err) != KindPrivate {
				t.Errorf("%s: dialing %s: %v", test.range_, s, err)
			}
		}
	}
	for _, s := range []string{
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
		"172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"95.173.136.70", "::ffff:95.173.136.70", "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001:80b::200e", "3ffe::1",
	} {
		if ip := netip.MustParseAddr(s); !public(ip) {
			t.Errorf("%s is refused", s)
		}
		if err := refusePrivate("tcp", netip.AddrPortFrom(netip.MustParseAddr(s), 443).String(), nil); err != nil {
			t.Errorf("dialing %s: %v", s, err)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address at all is let through")
	}
}

func TestNames(t *testing.T) {
	c, err := NewClient(Options{Proxy: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]ErrorKind{
		"http://en.kremlin.ru/":              "",
		"https://www.whitehouse.gov./":       "",
		"https://www.xn--80ak6aa92e.com/":    "",
		"https://президент.рф/":              "",
		"http://95.173.136.70/":              "",
		"http://[2606:4700::1111]:8080/":     "",
		"http://localhost/":                  KindPrivate,
		"http://LOCALHOST.:8080/":            KindPrivate,
		"http://a.localhost/":                KindPrivate,
		"http://printer.local/":              KindPrivate,
		"http://metadata.google.internal/":   KindPrivate,
		"http://nas.home.arpa/":              KindPrivate,
		"http://intranet/":                   KindPrivate,
		"http://127.0.0.1/":                  KindPrivate,
		"http://127.1/":                      KindPrivate,
		"http://2130706433/":                 KindPrivate,
		"http://0x7f000001/":                 KindPrivate,
		"http://0x7f.0.0.0x1/":               KindPrivate,
		"http://0177.0.0.1/":                 KindPrivate,
		"http://127.0.0.1./":                 KindPrivate,
		"http://１２７.０.０.１/":                  KindPrivate, // full-width digits
		"http://ⓛocalhost/":                  KindPrivate,
		"http://[::1]/":                      KindPrivate,
		"http://[::ffff:169.254.169.254]/":   KindPrivate,
		"http://[fe80::1%25eth0]/":           KindPrivate,
		"http://user:secret@10.0.0.1/":       KindPrivate,
		"http:///no-host":                    KindPrivate,
		"ftp://en.kremlin.ru/":               KindScheme,
		"javascript:alert(1)":                KindScheme,
		"gopher://en.kremlin.ru:70/_GET%20/": KindScheme,
		"//en.kremlin.ru/":                   KindScheme,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		err = c.checkURL(u)
		if got := kindIn(err); got != want {
			t.Errorf("%s: kind %q, want %q (%v)", address, got, want, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells the password: %v", address, err)
		}
	}
}

// TestGuardedHops sees that no redirect and no robots.txt leads inside.
func TestGuardedHops(t *testing.T) {
	inside := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside = true }))
	defer s.Close()
	c, err := NewClient(Options{Proxy: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := get(c.Visit(0), s.URL); kindIn(err) != KindPrivate || statement.HintOf(err) == "" {
		t.Errorf("%v", err)
	}
	// What a name server answers comes to the dialer as this does.
	if conn, err := c.dial(context.Background(), "tcp", strings.TrimPrefix(s.URL, "http://")); kindIn(err) != KindPrivate {
		t.Errorf("dialed %v, %v", conn, err)
	}
	if ruling, err := c.Robots(context.Background(), s.URL); ruling.Allowed || kindIn(err) != KindPrivate {
		t.Errorf("robots.txt: %v, %v", ruling, err)
	}
	if inside {
		t.Error("the inner server was asked")
	}
}

// TestProxy goes through a proxy that stands on loopback, while everything
// else that is private is refused before it.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.RequestURI)
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/robots.txt" && r.Host == "moved.example":
			http.Redirect(w, r, "http://192.168.0.1/robots.txt", http.StatusFound)
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path == "/inside":
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "<p>from "+r.Host)
		}
	}))
	defer proxy.Close()
	c, err := NewClient(Options{Proxy: proxy.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	v := c.Visit(0)
	if capture, _, err := get(v, "http://press.example/"); err != nil || string(capture.Body) != "<p>from press.example" {
		t.Errorf("%+v, %v", capture, err)
	}
	for address, want := range map[string]ErrorKind{
		"http://press.example/inside": KindPrivate,
		"http://moved.example/":       KindPrivate,
		"http://localhost/":           KindPrivate,
		"http://10.0.0.1/":            KindPrivate,
		proxy.URL:                     KindPrivate,
		"https://press.example/":      KindProxy,
	} {
		if _, _, err := get(v, address); kindIn(err) != want {
			t.Errorf("%s: %v, want kind %s", address, err, want)
		}
	}
	want := []string{"GET http://press.example/robots.txt", "GET http://press.example/"}
	if len(asked) < 2 || !slices.Equal(asked[:2], want) {
		t.Errorf("the proxy was asked for %q", asked)
	}
	for _, line := range asked {
		if strings.Contains(line, "192.168.") || strings.Contains(line, "169.254.") || strings.Contains(line, "10.0.") {
			t.Errorf("the proxy was asked: %s", line)
		}
	}
	proxy.Close()
	if _, _, err := get(c.Visit(0), "http://other.example/"); kindIn(err) != KindProxy {
		t.Errorf("a proxy that is down: %v", err)
	}
}

// A proxy in the private network may be asked as a proxy, but not for a page of
// its own: with NO_PROXY, an address that leads there, by its name, is read
// directly.
func TestProxyReadDirectly(t *testing.T) {
	asked := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		_, _ = io.WriteString(w, "<p>from "+r.Host)
	}))
	defer proxy.Close()
	c, err := NewClient(Options{Proxy: proxy.URL, IgnoreRobots: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fixed := c.common.choose
	c.common.choose = func(r *http.Request) (*url.URL, error) {
		if r.URL.Hostname() == "direct.example" {
			return nil, nil
		}
		return fixed(r)
	}
	if _, _, err := get(c.Visit(0), "http://press.example/"); err != nil || asked != 1 {
		t.Fatalf("through the proxy: %v, asked %d times", err, asked)
	}
	c.common.transport.CloseIdleConnections()
	dial := c.common.transport.DialContext
	c.common.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "direct.example:") { // as a name server answers
			address = strings.TrimPrefix(proxy.URL, "http://")
		}
		return dial(ctx, network, address)
	}
	if _, _, err := get(c.Visit(0), "http://direct.example/"); kindIn(err) != KindPrivate || asked != 1 {
		t.Errorf("the proxy was asked directly: %v, asked %d times", err, asked)
	}
}

func TestProxySetting(t *testing.T) {
	for setting, dialed := range map[string]string{
		"http://proxy.example:3128": "proxy.example:3128", "proxy.example:3128": "proxy.example:3128", "http://proxy.example": "proxy.example:80",
		"https://proxy.example": "proxy.example:443", "socks5://[::1]": "[::1]:1080",
	} {
		c, err := NewClient(Options{Proxy: setting})
		if err != nil {
			t.Fatalf("%s: %v", setting, err)
		}
		proxy, err := c.common.choose(httptest.NewRequest(http.MethodGet, "http://press.example/", nil))
		if err != nil || hostPort(proxy) != dialed {
			t.Errorf("%s: %v, %v", setting, proxy, err)
		}
	}
	for _, setting := range []string{"http://", "gopher://user:secret@proxy.example", "http://user:secret@[::1"} {
		_, err := NewClient(Options{Proxy: setting})
		if err == nil || statement.HintOf(err) == "" || strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("%s: %v", setting, err)
		}
	}
}
