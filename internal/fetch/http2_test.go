package fetch

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestHTTP2 sees that the newer protocol is spoken, and that its ways to fail
// have the same names.
func TestHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(noRobots(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			_, _ = io.WriteString(w, r.Proto)
		case "/truncated":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "<p>half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "/reset":
			panic(http.ErrAbortHandler)
		case "/headers":
			for i := range 20 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 32<<10))
			}
		case "/silent":
			<-r.Context().Done()
		}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	c := newClient(t, Options{})
	c.common.transport.TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
	v := c.Visit(0)
	if capture, _, err := get(v, s.URL+"/page"); err != nil || string(capture.Body) != "HTTP/2.0" {
		t.Errorf("%+v, %v", capture, err)
	}
	for path, want := range map[string]ErrorKind{
		"/truncated": KindTruncated, "/reset": KindRefused, "/headers": KindRefused, "/silent": KindTimeout,
	} {
		c.options.Timeout = defaultTimeout
		if want == KindTimeout {
			c.options.Timeout = 500 * time.Millisecond
		}
		if _, _, err := get(v, s.URL+path); kindIn(err) != want {
			t.Errorf("%s: %v, want kind %s", path, err, want)
		}
	}
}
