package fetch

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"volteface/internal/statement"
)

// recorder is a local server that keeps what it was asked.
type recorder struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
}

func record(t *testing.T, pages http.HandlerFunc) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.asked = append(r.asked, q)
		r.mu.Unlock()
		pages(w, q)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) requests() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.asked)
}

const hush = "s3cr3t-value"

// secretWay is a source with all that must stay with its own host.
func secretWay(address string) statement.Source {
	return statement.Source{
		ID: "walled", URL: address,
		Headers: map[string]statement.Secret{"x-api-key": hush}, Cookies: map[string]statement.Secret{"session": hush, "region": "eu"},
		Auth: statement.Auth{User: "desk", Password: hush},
	}
}

// What a source's own host is sent goes nowhere else: not to where a page, a
// robots.txt or a redirect chain leads, on another host or another port.
func TestSecretsStayWithTheirHost(t *testing.T) {
	plain := record(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, "<p>elsewhere")
	})
	own := record(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.Redirect(w, r, plain.URL+"/robots.txt", http.StatusFound)
		case "/away":
			http.Redirect(w, r, plain.URL+"/landed", http.StatusFound)
		case "/login": // a login in a redirect is not ours, and nobody's to send
			http.Redirect(w, r, strings.Replace(plain.URL, "://", "://eve:evil@", 1)+"/landed", http.StatusFound)
		default:
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "renewed"})
			_, _ = io.WriteString(w, "<p>a statement")
		}
	})
	c := newClient(t, Options{})
	v, err := c.VisitSource(secretWay(own.URL), 0)
	if err != nil {
		t.Fatal(err)
	}
	capture, _, err := get(v, own.URL+"/page")
	if err != nil {
		t.Fatal(err)
	}
	if want := "with the header x-api-key, with the cookies region and session, signed in with a password"; capture.Way != want {
		t.Errorf("the capture says %q, want %q", capture.Way, want)
	}
	for _, path := range []string{"/away", "/login"} {
		capture, _, err = get(v, own.URL+path)
		if err != nil || capture.Way != "" || strings.Contains(capture.FinalURL, "evil") {
			t.Errorf("%s: %+v, %v", path, capture, err)
		}
	}
	if _, _, err := get(v, plain.URL+"/straight"); err != nil {
		t.Fatal(err)
	}
	for _, r := range own.requests() {
		user, password, _ := r.BasicAuth()
		session, err := r.Cookie("session")
		if user != "desk" || password != hush || r.Header.Get("X-Api-Key") != hush || err != nil || session.Value != hush {
			t.Errorf("%s was asked with %v", r.URL, r.Header)
		}
	}
	if n := len(plain.requests()); n < 5 {
		t.Fatalf("the other host was asked %d times", n)
	}
	for _, r := range plain.requests() {
		if r.Header.Get("Authorization") != "" || r.Header.Get("X-Api-Key") != "" || r.Header.Get("Cookie") != "" {
			t.Errorf("%s was sent %v", r.URL, r.Header)
		}
	}
}

// Over plain http nothing is sent that belongs to a source of https, nor to
// another port; an alias is the source's own.
func TestOwnHosts(t *testing.T) {
	src := secretWay("https://www.ministry.example/news")
	src.HostAlias = []string{"ministry.example"}
	w, err := NewWay(src)
	if err != nil {
		t.Fatal(err)
	}
	for address, own := range map[string]bool{
		"https://www.ministry.example/": true, "https://WWW.ministry.example:443/x": true, "https://ministry.example/": true,
		"http://www.ministry.example/": false, "https://www.ministry.example:8443/": false, "https://cdn.ministry.example/": false, "https://ministry.example.evil.example/": false,
	} {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		header := http.Header{}
		w.dress(header, req.URL)
		if (len(header) > 0) != own {
			t.Errorf("%s: %v", address, header)
		}
	}
}

// A cookie that the site has set since counts more than the one written down.
func TestCookieOfTheSiteWins(t *testing.T) {
	w, err := NewWay(secretWay("https://ministry.example/"))
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodGet, "https://ministry.example/", nil)
	header := http.Header{"Cookie": {"session=renewed"}}
	w.dress(header, req.URL)
	if got := header.Get("Cookie"); got != "session=renewed; region=eu" {
		t.Errorf("%q", got)
	}
}

// socks is a SOCKS5 proxy (RFC 1928, RFC 1929) that leads every host to one
// address and keeps what it was asked for.
type socks struct {
	address string
	mu      sync.Mutex
	asked   []string // USER:PASSWORD HOST:PORT
}

func serveSocks(t *testing.T, target string) *socks {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s := &socks{address: l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn, target)
		}
	}()
	return s
}

func (s *socks) serve(conn net.Conn, target string) {
	defer conn.Close()
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(conn, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	methods := read(int(read(2)[1]))
	login := ""
	if slices.Contains(methods, 2) {
		_, _ = conn.Write([]byte{5, 2})
		user := read(int(read(2)[1]))
		password := read(int(read(1)[0]))
		login = string(user) + ":" + string(password)
		_, _ = conn.Write([]byte{1, 0})
	} else {
		_, _ = conn.Write([]byte{5, 0})
	}
	host := ""
	switch read(4)[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	}
	port := binary.BigEndian.Uint16(read(2))
	s.mu.Lock()
	s.asked = append(s.asked, fmt.Sprintf("%s %s:%d", login, host, port))
	s.mu.Unlock()
	onward, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer onward.Close()
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() { _, _ = io.Copy(onward, conn); _ = onward.(*net.TCPConn).CloseWrite() }()
	_, _ = io.Copy(conn, onward)
}

func (s *socks) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// A source goes through its own proxy, others do not; robots.txt goes the same
// way as the pages; the proxy's login shows nowhere; private addresses stay
// refused.
func TestSourceThroughItsProxy(t *testing.T) {
	site := record(t, noRobots(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<p>from "+r.Host) }).ServeHTTP)
	target := strings.TrimPrefix(site.URL, "http://")
	relay := serveSocks(t, target)
	web := record(t, noRobots(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<p>proxied "+r.Host) }).ServeHTTP)
	c, err := NewClient(Options{Proxy: "direct", UserAgent: "volteface/test"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, test := range []struct{ proxy, way, body string }{
		{"socks5://desk:" + hush + "@" + relay.address, "through socks5://" + relay.address, "<p>from press.example"},
		{"http://desk:" + hush + "@" + strings.TrimPrefix(web.URL, "http://"), "through " + web.URL, "<p>proxied press.example"},
	} {
		v, err := c.VisitSource(statement.Source{ID: "far", URL: "http://press.example/news", Proxy: statement.Address(test.proxy)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		capture, _, err := get(v, "http://press.example/news")
		if err != nil || string(capture.Body) != test.body || capture.Way != test.way || v.Way() != test.way {
			t.Errorf("%s: %+v, %v", test.way, capture, err)
		}
		if _, _, err := get(v, "http://127.0.0.1:9/"); kindIn(err) != KindPrivate || strings.Contains(err.Error(), hush) {
			t.Errorf("%s: a private address: %v", test.way, err)
		}
		if ruling, err := v.Robots(context.Background(), "http://press.example/news"); err != nil || !ruling.Allowed {
			t.Errorf("%s: %v, %v", test.way, ruling, err)
		}
	}
	if got := relay.requests(); len(got) != 1 && len(got) != 2 || got[0] != "desk:"+hush+" press.example:80" {
		t.Errorf("the SOCKS proxy was asked for %q", got)
	}
	var paths []string
	for _, r := range web.requests() {
		paths = append(paths, r.RequestURI)
	}
	if want := []string{"http://press.example/robots.txt", "http://press.example/news"}; !slices.Equal(paths, want) {
		t.Errorf("the proxy was asked for %q, want %q", paths, want)
	}
	// Without the proxy, nothing of it is left.
	before := len(relay.requests()) + len(web.requests())
	if _, _, err := get(c.Visit(0), "http://press.example/news"); err == nil {
		t.Error("press.example answered without a proxy")
	}
	if after := len(relay.requests()) + len(web.requests()); after != before {
		t.Errorf("%d requests of others went through a source's proxy", after-before)
	}
	web.Close()
	v, err := c.VisitSource(statement.Source{ID: "far", URL: "http://other.example/", Proxy: statement.Address("http://desk:" + hush + "@" + strings.TrimPrefix(web.URL, "http://"))}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := get(v, "http://other.example/"); kindIn(err) != KindProxy || strings.Contains(err.Error(), hush) {
		t.Errorf("a proxy that is down: %v", err)
	}
}

// Two sources of one host by two ways do not share a connection of HTTP/2.
func TestWaysShareNoConnection(t *testing.T) {
	s := httptest.NewUnstartedServer(noRobots(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	relay := serveSocks(t, strings.TrimPrefix(s.URL, "https://"))
	c := newClient(t, Options{})
	trust := &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	c.common.transport.TLSClientConfig = trust.Clone()
	v, err := c.VisitSource(statement.Source{ID: "far", URL: s.URL, Proxy: statement.Address("socks5://" + relay.address)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	by, err := c.route(withWay(context.Background(), v.way))
	if err != nil {
		t.Fatal(err)
	}
	by.transport.TLSClientConfig = trust.Clone()
	if _, _, err := get(c.Visit(0), s.URL+"/direct"); err != nil {
		t.Fatal(err)
	}
	if capture, _, err := get(v, s.URL+"/far"); err != nil || string(capture.Body) != "HTTP/2.0" || len(relay.requests()) != 1 {
		t.Errorf("%+v, %v, %d connections through the proxy", capture, err, len(relay.requests()))
	}
	if _, _, err := get(c.Visit(0), s.URL+"/direct"); err != nil || len(relay.requests()) != 1 {
		t.Errorf("%v, %d connections through the proxy", err, len(relay.requests()))
	}
}

func TestWayRefused(t *testing.T) {
	folder := t.TempDir()
	secret := filepath.Join(folder, "token")
	if err := os.WriteFile(secret, []byte(hush+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w, err := NewWay(statement.Source{URL: "https://ministry.example/", Auth: statement.Auth{TokenFile: secret}}); err != nil || w.header.Get("Authorization") != "Bearer "+hush {
		t.Errorf("%+v, %v", w, err)
	}
	for field, src := range map[string]statement.Source{
		"proxy":              {Proxy: "gopher://desk:" + hush + "@proxy.example"},
		"headers.User-Agent": {Headers: map[string]statement.Secret{"User-Agent": "Mozilla"}},
		"headers.cookie":     {Headers: map[string]statement.Secret{"cookie": hush}},
		"headers.X Key":      {Headers: map[string]statement.Secret{"X Key": hush}},
		"headers.X-Key":      {Headers: map[string]statement.Secret{"X-Key": hush + "\r\nX-More: 1"}},
		"cookies.session":    {Cookies: map[string]statement.Secret{"session": hush + "; more"}},
		"cookies.a;b":        {Cookies: map[string]statement.Secret{"a;b": hush}},
		"auth.token":         {Auth: statement.Auth{User: "desk", Password: hush, Token: hush}},
		"auth.password":      {Auth: statement.Auth{Password: hush}},
		"auth.token_file":    {Auth: statement.Auth{TokenFile: filepath.Join(folder, "none")}},
	} {
		src.URL = "https://ministry.example/"
		_, err := NewWay(src)
		var bad *WayError
		if !errors.As(err, &bad) || bad.Field != field || statement.HintOf(err) == "" || strings.Contains(err.Error()+statement.HintOf(err), hush) {
			t.Errorf("%s: %v (%s)", field, err, statement.HintOf(err))
		}
	}
}
