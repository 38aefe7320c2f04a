package fetch

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"volteface/internal/clock"
)

// canned answers every request on a connection with the same bytes, so that
// what is measured is the client's side and not net/http's server.
func canned(b *testing.B, answer string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					line, err := in.ReadSlice('\n')
					if err != nil {
						return
					}
					if len(line) <= 2 {
						if _, err := io.WriteString(conn, answer); err != nil {
							return
						}
					}
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/page"
}

func benchmark(b *testing.B, answer string) {
	address := canned(b, answer)
	c := newClient(b, Options{Clock: clock.Real})
	v := c.Visit(0)
	b.ReportAllocs()
	before := cpu()
	for b.Loop() {
		req, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header["If-None-Match"] = []string{`"v1"`}
		resp, err := v.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		if v.Capture(resp.Header) == nil {
			b.Fatal("no capture")
		}
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// cpu is the time this process has had, client and canned server together, in
// nanoseconds.
func cpu() int64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Utime.Nano() + used.Stime.Nano()
}

// BenchmarkNotModified is a re-check of a page that has not changed. The bound
// is 100 µs of CPU on the client's side.
func BenchmarkNotModified(b *testing.B) {
	benchmark(b, "HTTP/1.1 304 Not Modified\r\nDate: Sat, 05 Nov 2022 00:00:00 GMT\r\nETag: \"v1\"\r\nServer: nginx\r\n\r\n")
}

// BenchmarkPage is a page of 25 KB as it comes, and packed.
func BenchmarkPage(b *testing.B) {
	var text bytes.Buffer
	for i := 0; text.Len() < 25<<10; i++ {
		fmt.Fprintf(&text, "<p>Paragraph %d of a statement by the ministry, number %x.</p>\n", i, i*i*7919)
	}
	answer := func(header string, body []byte) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n%s", header, body)
	}
	squeezed := packed(text.Bytes())
	b.Run("plain", func(b *testing.B) {
		benchmark(b, answer(fmt.Sprintf("Content-Length: %d\r\n", text.Len()), text.Bytes()))
	})
	b.Run("gzip", func(b *testing.B) {
		benchmark(b, answer(fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n", len(squeezed)), squeezed))
	})
	b.Run("chunked", func(b *testing.B) {
		chunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", text.Len(), text.Bytes())
		benchmark(b, answer("Transfer-Encoding: chunked\r\n", []byte(chunk)))
	})
}

// BenchmarkTransport is what of this net/http's transport alone needs.
func BenchmarkTransport(b *testing.B) {
	address := canned(b, "HTTP/1.1 304 Not Modified\r\nDate: Sat, 05 Nov 2022 00:00:00 GMT\r\nETag: \"v1\"\r\nServer: nginx\r\n\r\n")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	b.ReportAllocs()
	before := cpu()
	for b.Loop() {
		req, _ := http.NewRequest(http.MethodGet, address, nil)
		resp, err := transport.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// BenchmarkRobots is what a long robots.txt costs each request.
func BenchmarkRobots(b *testing.B) {
	var file strings.Builder
	file.WriteString("User-agent: *\n")
	for i := range 500 {
		fmt.Fprintf(&file, "Disallow: /section-%d/*/print\n", i)
	}
	g := parseRobots([]byte(file.String()), "volteface")
	req := httptest.NewRequest(http.MethodGet, "http://example.org/events/president/news/67780", nil)
	var allowed atomic.Int64
	b.ReportAllocs()
	for b.Loop() {
		if g.allows(req.URL) {
			allowed.Add(1)
		}
	}
}
