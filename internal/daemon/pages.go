package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"volteface/internal/statement"
)

// serve opens the health pages: /healthz tells that the program turns, /readyz
// that it can do its work, /metrics how it does.
func (d *daemon) serve() (stop func(), err error) {
	if d.Listen == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("open the health pages: %w", err), "set daemon.listen in the configuration to a free address, or to none")
	}
	d.metrics.registry.MustRegister(newTables(d))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.healthy()) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, d.readiness(r.Context())) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 15 * time.Second}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			d.Log.Error("the health pages ended", "error", err)
		}
	}()
	address := listener.Addr().String()
	d.Log.Info("health pages", "address", address)
	if d.Listening != nil {
		d.Listening(address)
	}
	return func() {
		_ = server.Close()
		<-ended
	}, nil
}

func answer(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (d *daemon) healthy() error {
	if !d.fresh() {
		return fmt.Errorf("the schedule has not been looked at for %s", stale)
	}
	return nil
}

func (d *daemon) readiness(ctx context.Context) error {
	if !d.ready.Load() {
		return errors.New("starting or stopping")
	}
	if err := d.healthy(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := d.Store.Due(ctx, d.Clock.Now()); err != nil {
		return errors.New("the state cannot be read") // why is in the log
	}
	return nil
}
