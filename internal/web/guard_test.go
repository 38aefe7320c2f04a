package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"volteface/state"
)

func TestHeaders(t *testing.T) {
	b := open(t, nil).as(state.RoleAdmin)
	for _, path := range []string{"/", "/sign-in", "/nothing", "/static/none"} {
		_, _, head := b.get(path)
		csp := head.Get("Content-Security-Policy")
		for _, wanted := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, wanted) {
				t.Errorf("%s: %q lacks %s", path, csp, wanted)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
			if head.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, head.Get(name))
			}
		}
	}
}

// A page of another site cannot post, whether its browser tells of it by Sec-Fetch-Site or only by Origin.
func TestOtherSitesCannotPost(t *testing.T) {
	f := open(t, nil)
	b := f.as(state.RoleAnalyst)
	for _, c := range []struct {
		name, value string
		want        int
	}{
		{"Sec-Fetch-Site", "cross-site", http.StatusForbidden}, {"Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"Origin", "https://evil.example", http.StatusForbidden}, {"Origin", "null", http.StatusForbidden},
		{"Origin", f.server.URL, http.StatusUnprocessableEntity}, {"Sec-Fetch-Site", "same-origin", http.StatusUnprocessableEntity},
	} {
		r, err := http.NewRequest(http.MethodPost, f.server.URL+"/inbox", strings.NewReader("do=dismiss"))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(c.name, c.value)
		}
		if code, _, _ := b.do(r, err); code != c.want {
			t.Errorf("%s: %s gives %d, wanted %d", c.name, c.value, code, c.want)
		}
	}
}

func TestRedirectsStayHere(t *testing.T) {
	f := open(t, nil)
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "", "evil", "/\n//evil.example"} {
		_, _, head := f.stranger().post("/sign-in", "login", "reader", "password", password, "next", next)
		if head.Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, head.Get("Location"))
		}
	}
	for address, want := range map[string]string{"/reversals/x?a=b#c": "/reversals/x?a=b#c", "/": "/", "//x": "/", "/%2F/x": "/%2F/x"} {
		if got := local(address); got != want {
			t.Errorf("%q becomes %q", address, got)
		}
	}
}

func TestNamesOfTheHost(t *testing.T) {
	f := open(t, func(o *Options) { o.Loopback, o.PublicURL = true, "https://desk.example.org" })
	for host, want := range map[string]int{"127.0.0.1:9818": 200, "localhost": 200, "[::1]:80": 200, "desk.example.org": 200, "evil.example": 421, "127.0.0.1.evil.example": 421, "192.0.2.1": 421} {
		r := httptest.NewRequest(http.MethodGet, "/sign-in", nil)
		r.Host = host
		w := httptest.NewRecorder()
		f.desk.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, wanted %d", host, w.Code, want)
		}
	}
}

func TestProxies(t *testing.T) {
	f := open(t, func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	for _, c := range []struct {
		from, way, proto string
		address          string
		secure           bool
	}{
		{"10.0.0.1:1", "203.0.113.9", "https", "203.0.113.9", true},
		{"10.0.0.1:1", "198.51.100.1, 203.0.113.9, 10.2.3.4", "https", "203.0.113.9", true},
		{"203.0.113.5:1", "198.51.100.1", "https", "203.0.113.5", false},
		{"10.0.0.1:1", "nonsense", "http", "10.0.0.1", false},
		{"[::ffff:10.0.0.1]:1", "2001:db8::1", "HTTPS", "2001:db8::1", true},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		r.Header.Set("X-Forwarded-For", c.way)
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if got := f.desk.address(r); got != c.address {
			t.Errorf("%v: %s", c, got)
		}
		if got := f.desk.secure(r); got != c.secure {
			t.Errorf("%v: secure %v", c, got)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("login=reader&password="+strings.ReplaceAll(password, " ", "+")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.RemoteAddr = "10.0.0.1:1"
	w := httptest.NewRecorder()
	f.desk.ServeHTTP(w, r)
	if cookie := w.Header().Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-volteface=") || !strings.Contains(cookie, "; Secure") || w.Header().Get("Strict-Transport-Security") == "" {
		t.Errorf("over https: %s", cookie)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	b := open(t, nil).as(state.RoleAnalyst)
	if code, _, _ := b.post("/inbox", "item", strings.Repeat("x", mostForm)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a long form: %d", code)
	}
	var many []string
	for range mostAtOnce + 1 {
		many = append(many, "item", "e:1")
	}
	if code, _, _ := b.post("/inbox", many...); code != http.StatusUnprocessableEntity {
		t.Errorf("many items: %d", code)
	}
	for _, path := range []string{"/static/../../etc/passwd", "/static/%2e%2e/templates/inbox.html", "/static/desk.css", "/..%2f..%2fetc/passwd"} {
		if code, body, _ := b.get(path); code == http.StatusOK {
			t.Errorf("%s: %s", path, body)
		}
	}
}
