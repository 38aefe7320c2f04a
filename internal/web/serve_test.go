package web

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"time"
)

// served is a handler on a port of its own; stop tells it to stop, and gives what Serve came to.
func served(t *testing.T, h http.HandlerFunc) (address string, stop func() error) {
	t.Helper()
	listener, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if !OnLoopback(listener) {
		t.Error("127.0.0.1 is this machine alone")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, h, slog.New(slog.DiscardHandler)) }()
	return listener.Addr().String(), func() error { cancel(); return <-ended }
}

// A page that is being made when the desk is told to stop is finished.
func TestStoppingWaitsForPages(t *testing.T) {
	begun := make(chan bool)
	address, stop := served(t, func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		time.Sleep(200 * time.Millisecond)
		_, _ = io.WriteString(w, "whole")
	})
	got := make(chan string, 1)
	go func() {
		answer, err := http.Get("http://" + address + "/")
		if err != nil {
			got <- err.Error()
			return
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		got <- string(body)
	}()
	<-begun
	if err := stop(); err != nil {
		t.Error(err)
	}
	if body := <-got; body != "whole" {
		t.Errorf("the page came as %q", body)
	}
}

// Who connects and sends nothing, or a header without an end, is let go.
func TestSlowClientsAreLetGo(t *testing.T) {
	if os.Getenv("VOLTEFACE_LONG") == "" {
		t.Skip("waits for several seconds; set VOLTEFACE_LONG=1")
	}
	address, stop := served(t, func(http.ResponseWriter, *http.Request) {})
	for _, sent := range []string{"", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(4 * headerTime))
		began := time.Now()
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("%q holds a connection for %s: %v", sent, time.Since(began), err)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
