package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"volteface/internal/statement"
)

// ErrorKind says why there is no answer.
type ErrorKind string

// The kinds of error.
const (
	KindRobots    ErrorKind = "robots"    // robots.txt forbids it, or was answered with a failure
	KindPrivate   ErrorKind = "private"   // the address is not one of the public internet
	KindScheme    ErrorKind = "scheme"    // neither http nor https
	KindTooLarge  ErrorKind = "too-large" // the page, or its headers, are larger than the limit
	KindTimeout   ErrorKind = "timeout"   // no answer, or not all of it, in time
	KindDNS       ErrorKind = "dns"       // the host has no address
	KindRefused   ErrorKind = "refused"   // nothing listens, or the connection was reset before an answer
	KindTLS       ErrorKind = "tls"       // the certificate or the handshake is bad
	KindTruncated ErrorKind = "truncated" // the connection ended in the middle of the page
	KindProxy     ErrorKind = "proxy"     // the proxy did not let it through
	KindRedirects ErrorKind = "redirects" // too many redirects, or one that leads nowhere
	KindResting   ErrorKind = "resting"   // the host wants to be left alone for a while; no request was made
	KindBudget    ErrorKind = "budget"    // the hour's requests to the host are used up; no request was made
	KindOurs      ErrorKind = "ours"      // this machine has no open files or memory left for it; no fault of the host
	KindCanceled  ErrorKind = "canceled"  // the program is ending
	KindOther     ErrorKind = "other"
)

// Error says that a request has no answer, and why. Its text is for people;
// statement.HintOf gives advice where there is some.
type Error struct {
	Kind  ErrorKind
	URL   string // the address that failed: after a redirect, the one it led to
	Err   error
	Until time.Time // of KindResting and KindBudget: when the host is asked again

	passing bool // of a kind that mostly stays, but not this time
	nobody  bool // of KindResting: nobody answered there when it was last asked
}

// Error reads like "https://www.example.org/: the host is unknown (no such host)".
func (e *Error) Error() string {
	why := kinds[e.Kind].words
	if e.URL != "" {
		why = e.URL + ": " + why
	}
	if detail := innermost(e.Err); detail != "" {
		why += " (" + detail + ")"
	}
	return why
}

func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether the same request may well be answered later
// without anybody changing anything here.
func (e *Error) Retryable() bool {
	return e.passing || kinds[e.Kind].passing
}

var kinds = map[ErrorKind]struct {
	words   string
	passing bool
	hint    string
}{
	KindRobots:    {"robots.txt does not let us read it", false, ""},
	KindPrivate:   {"not an address of the public internet", false, ""},
	KindScheme:    {"neither http nor https", false, ""},
	KindTooLarge:  {"too large", false, "http.max_body in the configuration is the largest page taken, in bytes"},
	KindTimeout:   {"no answer in time", true, "try again later; http.timeout in the configuration is how long to wait"},
	KindDNS:       {"the host is unknown", true, "look for a misspelling in the address, and check this machine's connection"},
	KindRefused:   {"the host cannot be reached", true, "open the address in a browser: the site may be down, or may not answer your network"},
	KindTLS:       {"the connection cannot be secured", true, "open the address in a browser; SSL_CERT_FILE names a file of further certificate authorities"},
	KindTruncated: {"the answer broke off", true, ""},
	KindProxy:     {"the proxy did not let it through", true, "look for a misspelling in the address, then at proxy in the source, http.proxy in the configuration, or HTTP_PROXY and HTTPS_PROXY in the environment"},
	KindRedirects: {"redirects that lead nowhere", false, ""},
	KindResting:   {"the host is left alone for now", true, ""},
	KindBudget:    {"enough requests to this host for this hour", true, ""},
	KindOurs:      {"this machine cannot ask", true, "the limit of open files is too low, or something holds too many: see ulimit -n, or LimitNOFILE of the service; 1024 are plenty"},
	KindCanceled:  {"interrupted", true, ""},
	KindOther:     {"no usable answer", false, ""},
}

// innermost is the text of the first cause, without the layers around it that
// only programmers read.
func innermost(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Err // without the address of the name server
	}
	for err != nil {
		next := errors.Unwrap(err)
		if next == nil {
			text := err.Error()
			for _, layer := range []string{"net/http: ", "http: ", "http2: ", "x509: "} {
				text = strings.TrimPrefix(text, layer)
			}
			return text
		}
		err = next
	}
	return ""
}

// plain is an address as it may be shown: without a password.
func plain(u *url.URL) string {
	if u.User == nil {
		return u.String()
	}
	return u.Redacted()
}

// phase is how far a request had come when it failed.
type phase bool

const (
	beforeAnswer phase = false
	withinAnswer phase = true // status and headers had come
)

// classify turns an error of the transport into one that says why.
func classify(u *url.URL, err error, p phase) *Error {
	address := plain(u)
	var known *Error
	if errors.As(err, &known) {
		if known.URL != "" {
			return known
		}
		return &Error{Kind: known.Kind, URL: address, Err: known.Err, Until: known.Until, passing: known.passing}
	}
	kind := kindOf(err)
	if kind == KindOther && isStream(err) {
		kind = KindRefused
	}
	if p == withinAnswer && kind == KindRefused {
		kind = KindTruncated
	}
	if kind == KindTooLarge {
		err = errHeaders
	}
	if hint := kinds[kind].hint; hint != "" {
		err = statement.WithHint(err, hint)
	}
	return &Error{Kind: kind, URL: address, Err: err}
}

// errHeaders stands for what net/http says of headers without end; a body that
// is too large has its own *Error.
var errHeaders = fmt.Errorf("its headers have more than %d bytes", maxHeader)

func kindOf(err error) ErrorKind {
	var (
		dns    *net.DNSError
		op     *net.OpError
		slow   net.Error
		record tls.RecordHeaderError
		verify *tls.CertificateVerificationError
		alert  tls.AlertError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case ours(err):
		return KindOurs
	case errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect"):
		return KindProxy
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return KindTimeout
	case errors.As(err, &dns):
		return KindDNS
	case errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert), strings.Contains(err.Error(), "tls: "):
		return KindTLS
	case errors.Is(err, io.ErrUnexpectedEOF):
		return KindTruncated
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.ECONNABORTED), errors.Is(err, syscall.EPIPE),
		errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, io.EOF),
		strings.Contains(err.Error(), "server closed idle connection"), strings.Contains(err.Error(), "http2: server sent GOAWAY"):
		return KindRefused
	case strings.Contains(err.Error(), "response headers exceeded"), strings.Contains(err.Error(), "header list larger"):
		return KindTooLarge
	}
	return KindOther
}

// ours reports whether this machine has run out of what a connection needs. The
// resolver tells in words alone.
func ours(err error) bool {
	for _, lack := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		var dns *net.DNSError
		if errors.Is(err, lack) || errors.As(err, &dns) && strings.Contains(dns.Err, lack.Error()) {
			return true
		}
	}
	return false
}

// isStream tells the ways HTTP/2 has to break off an answer; net/http
// keeps their types to itself.
func isStream(err error) bool {
	text := err.Error()
	return strings.Contains(text, "stream error") || strings.Contains(text, "connection error") || strings.Contains(text, "http2: ") || strings.Contains(text, "connection lost")
}
