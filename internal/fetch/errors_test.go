package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"volteface/internal/clock"

	"volteface/internal/statement"
)

// kindIn is the kind of the *Error inside err.
func kindIn(err error) ErrorKind {
	var known *Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}

func TestErrors(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/huge":
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		case "/told":
			w.Header().Set("Content-Length", "2000000")
			_, _ = w.Write(make([]byte, 2_000_000))
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 1 << 10 {
				if _, err := z.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		case "/headers":
			for i := range 20 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 32<<10))
			}
		case "/truncated", "/chunked", "/half-packed":
			conn, rw, _ := w.(http.Hijacker).Hijack()
			switch r.URL.Path {
			case "/truncated":
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>half")
			case "/chunked":
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<p>half")
			default: // the connection's end is the body's
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + string(packed(make([]byte, 1000))[:20]))
			}
			_ = rw.Flush()
			_ = conn.Close()
		case "/not-packed":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "<p>this is no gzip file")
		case "/other-packing":
			w.Header().Set("Content-Encoding", "compress")
			_, _ = io.WriteString(w, "<p>")
		case "/reset":
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		case "/closed":
			panic(http.ErrAbortHandler)
		case "/drip":
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "/silent":
			<-release
		}
	})
	defer close(release)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of handshakes, which is the point
	secure.StartTLS()
	defer secure.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	patient := newClient(t, Options{Clock: clock.StoppedAt(start), MaxBody: 1 << 20, Timeout: 20 * time.Second})
	hasty := newClient(t, Options{Clock: clock.StoppedAt(start), MaxBody: 1 << 20, Timeout: 400 * time.Millisecond})
	for _, test := range []struct {
		address string
		kind    ErrorKind
		again   bool
		text    string
	}{
		{s.URL + "/huge", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/told", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/bomb", KindTooLarge, false, "more than 1048576 bytes"},
		{s.URL + "/headers", KindTooLarge, false, "headers"},
		{s.URL + "/truncated", KindTruncated, true, "after 7 of 100 bytes"},
		{s.URL + "/chunked", KindTruncated, true, "broke off"},
		{s.URL + "/half-packed", KindTruncated, true, "broke off"},
		{s.URL + "/not-packed", KindTruncated, true, "unpacked"},
		{s.URL + "/other-packing", KindOther, false, `"compress", which was not asked for`},
		{s.URL + "/reset", KindRefused, true, "reset by peer"},
		{s.URL + "/closed", KindRefused, true, "cannot be reached"},
		{s.URL + "/drip", KindTimeout, true, "not done after 400ms"},
		{s.URL + "/silent", KindTimeout, true, "not done after 400ms"},
		{closed.URL, KindRefused, true, "connection refused"},
		{secure.URL, KindTLS, true, "cannot be secured"},
		{strings.Replace(s.URL, "http:", "https:", 1), KindTLS, true, "cannot be secured"},
		{"http://nobody.invalid/", KindDNS, true, "the host is unknown"},
		{"ftp://example.org/", KindScheme, false, `"ftp"`},
		{"file:///etc/passwd", KindScheme, false, `"file"`},
		{s.URL + "/" + strings.Repeat("a", maxURL), KindOther, false, "longer than"},
	} {
		c := patient
		if test.kind == KindTimeout {
			c = hasty
		}
		_, _, err := get(c.Visit(0), test.address)
		var known *Error
		if !errors.As(err, &known) {
			t.Errorf("%.60s: %v is no *Error", test.address, err)
			continue
		}
		if known.Kind != test.kind || known.Retryable() != test.again || !strings.Contains(known.Error(), test.text) {
			t.Errorf("%.60s: kind %s, retryable %v: %v", test.address, known.Kind, known.Retryable(), known)
		}
		if text := known.Error(); strings.Contains(text, "goroutine") || strings.Contains(text, "net/http:") || strings.Count(text, "http://") > 1 {
			t.Errorf("not for people: %s", text)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/silent", nil)
	if _, err := hasty.Visit(0).RoundTrip(req); kindIn(err) != KindCanceled {
		t.Errorf("canceled: %v", err)
	}
}

// Want of open files or memory is this machine's, however it is told, and no
// fault of the host; nor is it remembered of its robots.txt.
func TestOurs(t *testing.T) {
	u := &url.URL{Scheme: "https", Host: "press.example", Path: "/"}
	for _, err := range []error{
		&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)},
		&net.OpError{Op: "proxyconnect", Net: "tcp", Err: os.NewSyscallError("socket", syscall.ENFILE)},
		&net.DNSError{Err: "dial udp 127.0.0.1:53: socket: too many open files", Name: "press.example"},
	} {
		got := classify(u, err, beforeAnswer)
		if got.Kind != KindOurs || !got.Retryable() || statement.HintOf(got) == "" {
			t.Errorf("%v is of kind %s", err, got.Kind)
		}
		if o := weigh(nil, got); !o.none {
			t.Errorf("the host is left alone for %v", err)
		}
	}
	asked := 0
	c := newClient(t, Options{})
	c.common.transport.RegisterProtocol("http", roundTrip(func(*http.Request) (*http.Response, error) {
		asked++
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)}
	}))
	for range 2 {
		if _, _, err := get(c.Visit(0), "http://press.example/"); kindIn(err) != KindOurs {
			t.Errorf("%v", err)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times", asked)
	}
}
