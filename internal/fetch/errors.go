package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// ErrorKind says why there is no answer.
type ErrorKind string

// The kinds of error.
const (
	KindRobots    ErrorKind = "robots"    // robots.txt forbids it, or cannot be had
	KindPrivate   ErrorKind = "private"   // the address is not one of the public internet
	KindScheme    ErrorKind = "scheme"    // neither http nor https
	KindTooLarge  ErrorKind = "too-large" // the page is larger than the limit
	KindTimeout   ErrorKind = "timeout"   // no answer, or not all of it, in time
	KindDNS       ErrorKind = "dns"       // the host has no address
	KindRefused   ErrorKind = "refused"   // nothing listens, or the connection was reset
	KindTLS       ErrorKind = "tls"       // the certificate or the handshake is bad
	KindTruncated ErrorKind = "truncated" // the connection ended in the middle of the page
	KindProxy     ErrorKind = "proxy"     // the proxy did not let it through
	KindRedirects ErrorKind = "redirects" // too many redirects
	KindCanceled  ErrorKind = "canceled"  // the program is ending
	KindOther     ErrorKind = "other"
)

// Error says that a request has no answer, and why.
type Error struct {
	Kind ErrorKind
	URL  string
	Err  error
}

var words = map[ErrorKind]string{
	KindRobots: "forbidden by robots.txt", KindPrivate: "not an address of the public internet", KindScheme: "neither http nor https",
	KindTooLarge: "too large", KindTimeout: "no answer in time", KindDNS: "the host is unknown", KindRefused: "the host cannot be reached",
	KindTLS: "the connection cannot be secured", KindTruncated: "the answer broke off", KindProxy: "the proxy refused",
	KindRedirects: "too many redirects", KindCanceled: "interrupted", KindOther: "no usable answer",
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (%v)", e.URL, words[e.Kind], e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// classify turns an error of the transport into one that says why.
func classify(address string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Kind: kindOf(err), URL: address, Err: err}
}

func kindOf(err error) ErrorKind {
	var dns *net.DNSError
	var network net.Error
	var record tls.RecordHeaderError
	var verify *tls.CertificateVerificationError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return KindTimeout
	case errors.As(err, &dns):
		return KindDNS
	case errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &unknown), errors.As(err, &hostname):
		return KindTLS
	case errors.As(err, &network) && network.Timeout():
		return KindTimeout
	case errors.As(err, &op) && op.Op == "proxyconnect", strings.HasPrefix(err.Error(), "Bad Gateway"), strings.Contains(err.Error(), "Proxy Authentication Required"):
		return KindProxy
	case errors.Is(err, io.ErrUnexpectedEOF):
		return KindTruncated
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, io.EOF):
		return KindRefused
	}
	return KindOther
}
