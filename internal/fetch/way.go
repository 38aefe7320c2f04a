package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"volteface/internal/statement"
)

// Way is how the pages of one source are asked for, where not as all others
// are: through a proxy of its own, with headers, cookies and a sign-in that only
// its own hosts are sent. The guard against private addresses, robots.txt and
// the pace of a host hold on every way. The nil Way is that of all.
type Way struct {
	proxy   string // as Options.Proxy; "" for the client's own
	header  http.Header
	cookies []*http.Cookie
	hosts   []string // by hostName, that are sent header and cookies
	secure  bool     // over https alone
	carried string   // what goes along, in words, without values
	id      string   // the same for the same way
}

// NewWay reads the way to a source; nil for that of all others. It fails where a
// header, a cookie or the proxy cannot be sent as it is written, or the file of
// a secret cannot be read; no error repeats a value.
func NewWay(src statement.Source) (*Way, error) { return newWay(src, statement.ReadSecret) }

// CheckWay is NewWay without a look at the files of secrets; its error is a
// *WayError.
func CheckWay(src statement.Source) error {
	_, err := newWay(src, func(string) (statement.Secret, error) { return "", nil })
	return err
}

func newWay(src statement.Source, readSecret func(path string) (statement.Secret, error)) (*Way, error) {
	if !src.OwnWay() {
		return nil, nil
	}
	w := &Way{proxy: src.Proxy.Reveal(), header: http.Header{}}
	if w.proxy != "" && w.proxy != "direct" {
		if _, err := parseProxy(w.proxy); err != nil {
			return nil, wayError("proxy", "write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT, or direct for none", "the address of the proxy cannot be read")
		}
	}
	own, err := url.Parse(src.URL)
	if err != nil {
		return nil, wayError("url", "write the whole address", "the address of the source cannot be read")
	}
	w.secure = own.Scheme == "https"
	w.hosts = []string{hostName(own)}
	for _, alias := range src.HostAlias {
		w.hosts = append(w.hosts, strings.ToLower(strings.TrimSuffix(alias, ".")))
	}
	var carried []string
	addAuth := func(src statement.Source) (string, error) { return w.addAuth(src.Auth, readSecret) }
	for _, add := range []func(statement.Source) (string, error){w.addHeaders, w.addCookies, addAuth} {
		said, err := add(src)
		if err != nil {
			return nil, err
		}
		if said != "" {
			carried = append(carried, said)
		}
	}
	w.carried = strings.Join(carried, ", ")
	w.id = w.sum()
	return w, nil
}

// WayError says which field of a source's definition cannot be.
type WayError struct {
	Field string // such as headers.X-Key
	Err   error
}

func (e *WayError) Error() string { return e.Err.Error() }
func (e *WayError) Unwrap() error { return e.Err }

func wayError(field, hint, format string, args ...any) error {
	return &WayError{Field: field, Err: statement.WithHint(fmt.Errorf(format, args...), hint)}
}

// reserved are the headers that say who asks and for what; a source cannot set
// them, for a reason each.
var reserved = map[string]string{
	"User-Agent":          "volteface says who asks: set contact in the configuration to be found",
	"Cookie":              "write it under cookies",
	"Authorization":       "write it under auth: user and password, or token",
	"Proxy-Authorization": "write the login of the proxy into its address: proxy: \"http://${NAME}:${PASSWORD}@HOST:PORT\"",
	"Host":                "the host is that of the address", "Connection": "leave it out", "Content-Length": "leave it out", "Transfer-Encoding": "leave it out",
	"Te": "leave it out", "Trailer": "leave it out", "Upgrade": "leave it out", "Keep-Alive": "leave it out",
	"Accept-Encoding": "volteface asks for what it can unpack", "Range": "pages are asked for in whole",
	"If-None-Match": "volteface asks for changes by itself", "If-Modified-Since": "volteface asks for changes by itself", "If-Match": "leave it out", "If-Unmodified-Since": "leave it out", "If-Range": "leave it out",
}

// maxWayValue bounds a header or cookie, in bytes: what RFC 6265 asks a
// browser to keep of one, twice.
const maxWayValue = 8 << 10

func (w *Way) addHeaders(src statement.Source) (string, error) {
	names := slices.Sorted(maps.Keys(src.Headers))
	for _, name := range names {
		value := src.Headers[name].Reveal()
		field, canonical := "headers."+name, http.CanonicalHeaderKey(name)
		switch {
		case !httpguts.ValidHeaderFieldName(name):
			return "", wayError(field, "letters, digits and dashes: X-Api-Key", "%q cannot be the name of a header", name)
		case reserved[canonical] != "":
			return "", wayError(field, reserved[canonical], "the header %s is not for a source to set", canonical)
		case !httpguts.ValidHeaderFieldValue(value) || len(value) > maxWayValue:
			return "", wayError(field, "one line of text", "the value of the header %s cannot be sent", name)
		case w.header[canonical] != nil:
			return "", wayError(field, "keep one of them", "the header %s is given twice", canonical)
		}
		w.header.Set(canonical, value)
	}
	return named("header", names), nil
}

func (w *Way) addCookies(src statement.Source) (string, error) {
	names := slices.Sorted(maps.Keys(src.Cookies))
	for _, name := range names {
		c := &http.Cookie{Name: name, Value: src.Cookies[name].Reveal()}
		switch {
		case !httpguts.ValidHeaderFieldName(name):
			return "", wayError("cookies."+name, "letters, digits, dashes and underscores", "%q cannot be the name of a cookie", name)
		case c.Valid() != nil || len(c.Value) > maxWayValue:
			return "", wayError("cookies."+name, "write it as the browser shows it, percent signs included; no spaces, quotes, commas or semicolons", "the value of the cookie %s cannot be sent", name)
		}
		w.cookies = append(w.cookies, c)
	}
	return named("cookie", names), nil
}

func (w *Way) addAuth(auth statement.Auth, readSecret func(path string) (statement.Secret, error)) (string, error) {
	if auth.IsZero() {
		return "", nil
	}
	if field, err := checkAuth(auth); err != nil {
		return "", &WayError{Field: "auth." + field, Err: err}
	}
	for _, from := range []struct {
		file  string
		to    *statement.Secret
		field string
	}{{auth.PasswordFile, &auth.Password, "password_file"}, {auth.TokenFile, &auth.Token, "token_file"}} {
		if from.file == "" {
			continue
		}
		content, err := readSecret(from.file)
		if err != nil {
			return "", &WayError{Field: "auth." + from.field, Err: statement.WithHint(fmt.Errorf("read the secret of the source: %w", err), "check auth."+from.field)}
		}
		*from.to = statement.Secret(strings.TrimSpace(content.Reveal()))
	}
	value, said := "Bearer "+auth.Token.Reveal(), "signed in with a token"
	if auth.User != "" {
		value, said = "Basic "+base64.StdEncoding.EncodeToString([]byte(auth.User+":"+auth.Password.Reveal())), "signed in with a password"
	}
	if !httpguts.ValidHeaderFieldValue(value) || len(value) > 2*maxWayValue {
		return "", wayError("auth", "one line of text", "the sign-in cannot be sent")
	}
	w.header.Set("Authorization", value)
	return said, nil
}

// checkAuth gives the first field of a sign-in that cannot be.
func checkAuth(a statement.Auth) (field string, err error) {
	basic, token := a.User != "" || a.Password != "" || a.PasswordFile != "", a.Token != "" || a.TokenFile != ""
	switch {
	case basic && token:
		return "token", statement.WithHint(errors.New("both a password and a token are given"), "keep one of them")
	case basic && a.User == "":
		return "password", statement.WithHint(errors.New("there is a password, but no user"), "write auth: {user: NAME, password: \"${PASSWORD}\"}")
	case strings.Contains(a.User, ":"):
		return "user", statement.WithHint(errors.New("the user has a colon in its name, which HTTP Basic cannot send"), "a token may do: auth: {token: \"${TOKEN}\"}")
	case a.Password != "" && a.PasswordFile != "":
		return "password", statement.WithHint(errors.New("both password and password_file are given"), "keep one of them")
	case a.Token != "" && a.TokenFile != "":
		return "token", statement.WithHint(errors.New("both token and token_file are given"), "keep one of them")
	}
	return "", nil
}

func named(what string, names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "with the " + what + " " + names[0]
	}
	return "with the " + what + "s " + strings.Join(names, " and ")
}

// String says the way in words, without a login or a value; "" for that of all.
func (w *Way) String() string {
	if w == nil {
		return ""
	}
	return join(w.through(), w.carried)
}

func (w *Way) through() string {
	switch w.proxy {
	case "":
		return ""
	case "direct":
		return "through no proxy"
	}
	return "through " + shownProxy(w.proxy)
}

func shownProxy(address string) string {
	if u, err := parseProxy(address); err == nil {
		return u.Scheme + "://" + u.Host
	}
	return "a proxy"
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// sum tells ways apart. It is kept in memory alone: it is made of secrets.
func (w *Way) sum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %t", w.proxy, w.hosts, w.secure)
	for _, name := range slices.Sorted(maps.Keys(w.header)) {
		fmt.Fprintf(h, " %q %q", name, w.header[name])
	}
	for _, c := range w.cookies {
		fmt.Fprintf(h, " %q", c.String())
	}
	return string(h.Sum(nil))
}

// own reports whether an address is one of the source's own hosts, and reached
// no less safely than the source itself.
func (w *Way) own(u *url.URL) bool {
	return (u.Scheme == "https" || !w.secure) && slices.Contains(w.hosts, hostName(u))
}

// dress adds to the headers of a request what its host alone is sent. What a
// visit's site has set of a cookie since counts more than what the definition
// says.
func (w *Way) dress(header http.Header, u *url.URL) {
	if w == nil || !w.own(u) {
		return
	}
	for name, values := range w.header {
		header[name] = values
	}
	if len(w.cookies) == 0 {
		return
	}
	r := http.Request{Header: http.Header{"Cookie": slices.Clone(header["Cookie"])}}
	for _, c := range w.cookies {
		if _, err := r.Cookie(c.Name); err != nil {
			r.AddCookie(c)
		}
	}
	header["Cookie"] = r.Header["Cookie"]
}

// taken says how a request was asked for, in words, without a login or a value.
func (w *Way) taken(u, proxy *url.URL) string {
	said := ""
	switch {
	case proxy != nil:
		said = "through " + proxy.Scheme + "://" + proxy.Host
	case w != nil && w.proxy == "direct":
		said = w.through()
	}
	if w == nil || !w.own(u) {
		return said
	}
	return join(said, w.carried)
}

// wayKey is where the context of a request says which Way it goes.
type wayKey struct{}

func withWay(ctx context.Context, w *Way) context.Context {
	if w == nil {
		return ctx
	}
	return context.WithValue(ctx, wayKey{}, w)
}

// wayOf is the way of the request that the context belongs to; nil for that of
// all.
func wayOf(ctx context.Context) *Way {
	w, _ := ctx.Value(wayKey{}).(*Way)
	return w
}

// route is the connections by one choice of proxy. Each has a transport of its
// own: net/http keeps connections of HTTP/2 by the host alone, so that one made
// through a proxy would serve those who go without it.
type route struct {
	transport *http.Transport
	choose    func(*http.Request) (*url.URL, error) // the proxy of a request; a nil address for none
}

// maxRoutes bounds how many ways out are kept open.
const maxRoutes = 256

func (c *Client) newRoute(proxy string) (*route, error) {
	choose, err := chooser(proxy)
	if err != nil {
		return nil, err
	}
	return &route{choose: choose, transport: &http.Transport{
		Proxy:                  func(r *http.Request) (*url.URL, error) { return proxyOf(r.Context()), nil },
		OnProxyConnectResponse: checkConnect,
		DialContext:            c.dial,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    dialTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}}, nil
}

// route is the one that a request's way takes.
func (c *Client) route(ctx context.Context) (*route, error) {
	w := wayOf(ctx)
	if w == nil || w.proxy == "" || w.proxy == c.options.Proxy {
		return c.common, nil
	}
	c.routesMu.Lock()
	defer c.routesMu.Unlock()
	if r := c.routes[w.proxy]; r != nil {
		return r, nil
	}
	r, err := c.newRoute(w.proxy)
	if err != nil {
		return nil, err
	}
	if len(c.routes) >= maxRoutes {
		for _, old := range c.routes {
			old.transport.CloseIdleConnections()
		}
		clear(c.routes)
	}
	c.routes[w.proxy] = r
	return r, nil
}

func (c *Client) closeRoutes() {
	c.common.transport.CloseIdleConnections()
	c.routesMu.Lock()
	defer c.routesMu.Unlock()
	for _, r := range c.routes {
		r.transport.CloseIdleConnections()
	}
}
