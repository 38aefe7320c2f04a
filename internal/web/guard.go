package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// mostForm is how long the body of a request may be.
const mostForm = 256 << 10

// policy is what a page of the desk may load and do (Content Security Policy Level 3): its own style and script, no other's.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard lets only requests through that a browser makes for a person at the desk, and says what pages may do.
func (d *Desk) guard(h http.Handler) (http.Handler, error) {
	origins := http.NewCrossOriginProtection()
	if d.origin != nil {
		if err := origins.AddTrustedOrigin(d.origin.Scheme + "://" + d.origin.Host); err != nil {
			return nil, fmt.Errorf("the public address of the desk: %w", err)
		}
	}
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.problem(w, r, http.StatusForbidden, "This form was sent from another site. Open the page here, and send it again.")
	}))
	zip, err := gzhttp.NewWrapper(gzhttp.RandomJitter(32, 0, false)) // what is secret cannot be guessed by lengths
	if err != nil {
		return nil, err
	}
	inner := zip(origins.Handler(h))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("X-Frame-Options", "DENY")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		head.Set("X-DNS-Prefetch-Control", "off")
		head.Set("Cache-Control", "private, no-cache")
		if d.secure(r) {
			head.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !d.known(r.Host) {
			http.Error(w, "This desk does not answer under this name.", http.StatusMisdirectedRequest)
			return
		}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				d.Log.Error("a page failed", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
				http.Error(w, "The page could not be made; the log says why.", http.StatusInternalServerError)
			}
		}()
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		inner.ServeHTTP(w, r)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			d.tallies.forget()
		}
	}), nil
}

// known tells whether the desk answers under a name of its host.
func (d *Desk) known(host string) bool {
	if !d.Loopback {
		return true
	}
	if d.origin != nil && strings.EqualFold(host, d.origin.Host) {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || err == nil && ip.IsLoopback()
}

// peer is who made the connection.
func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func (d *Desk) trusts(a netip.Addr) bool {
	return a.IsValid() && slices.ContainsFunc(d.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// address is where a request comes from: the nearest of its way that is no trusted proxy.
func (d *Desk) address(r *http.Request) string {
	from := peer(r)
	way := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(way) - 1; i >= 0 && d.trusts(from); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(way[i]))
		if err != nil {
			break
		}
		from = next.Unmap()
	}
	return from.String()
}

// secure tells whether the browser speaks https with the desk, or with the proxy before it.
func (d *Desk) secure(r *http.Request) bool {
	switch {
	case r.TLS != nil:
		return true
	case d.trusts(peer(r)) && r.Header.Get("X-Forwarded-Proto") != "":
		return strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	}
	return d.origin != nil && d.origin.Scheme == "https" && strings.EqualFold(r.Host, d.origin.Host)
}
