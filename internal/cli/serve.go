package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/statement"
	"volteface/internal/web"
)

func (a *app) serveCommand() *cobra.Command {
	var listen string
	var readOnly, public bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Open the desk: volteface in the browser",
		Long: `Open the desk on what is kept, until told to stop: the inbox, both sides of each
finding, every revision of a statement, and who decided what. No daemon is
needed; "volteface run" opens the desk by itself where web.listen is set.

At the first start a link is printed that works once: it makes the first
administrator, who asks others in. With --read-only nothing that is kept is
changed, such as with a restored backup; with --public everybody may read.`,
		Example: `  volteface serve
  volteface serve --listen 127.0.0.1:8080
  volteface serve --read-only --public --data-dir /srv/restored`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.serve(cmd.Context(), listen, func(o *web.Options) { o.ReadOnly, o.Public = readOnly, o.Public || public })
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "`ADDRESS` to listen on (default: web.listen, else "+config.DefaultDesk+")")
	cmd.Flags().BoolVar(&readOnly, "read-only", false, "change nothing: decisions are refused")
	cmd.Flags().BoolVar(&public, "public", false, "let everybody read without signing in")
	return cmd
}

func (a *app) serve(ctx context.Context, listen string, with func(*web.Options)) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	h, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	at, err := a.desk(h, cfg, a.daemonLog(), with)
	if err != nil {
		return err
	}
	defer at.close()
	if at.options.ReadOnly && !at.options.Public {
		people, err := h.People(ctx)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return statement.WithHint(errors.New("nobody could sign in: no people are recorded, and nothing may be changed"), "add --public to let everybody read who reaches the desk, or leave --read-only out once")
		}
	}
	listener, err := web.Listen(cmp.Or(listen, cfg.Web.Listen, config.DefaultDesk))
	if err != nil {
		return err
	}
	return at.serve(ctx, a, listener)
}

// desk is what serves pages, and what it may read: newer once the configuration was read again.
type desk struct {
	options web.Options
	defined *defined
	store   *house
	close   func()
}

// defined is what the configuration defines.
type defined struct {
	catalogue atomic.Pointer[config.Catalogue]
	topics    atomic.Pointer[[]statement.Topic]
	office    *office
}

func (d *defined) Source(id string) (statement.Source, bool) {
	src, ok := (*d.catalogue.Load())[id]
	return src, ok
}

func (d *defined) Sources() []statement.Source {
	catalogue := *d.catalogue.Load()
	all := make([]statement.Source, 0, len(catalogue))
	for _, id := range catalogue.IDs() {
		all = append(all, catalogue[id])
	}
	return all
}

func (d *defined) Topics() []statement.Topic { return *d.topics.Load() }

// read takes over what a configuration defines.
func (d *defined) read(a *app, cfg *config.Config) error {
	catalogue, err := a.sources()
	if err != nil {
		return err
	}
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return err
	}
	list := topics.List()
	if err := d.office.take(a); err != nil {
		return err
	}
	d.catalogue.Store(&catalogue)
	d.topics.Store(&list)
	return nil
}

// desk makes the desk of a data folder; with changes its options.
func (a *app) desk(h *house, cfg *config.Config, log *slog.Logger, with func(*web.Options)) (*desk, error) {
	d := &desk{defined: &defined{office: &office{h: h}}, store: h}
	if err := d.defined.read(a, cfg); err != nil {
		return nil, err
	}
	m, err := a.monitor(h, nil, cfg)
	if err != nil {
		return nil, err
	}
	d.close = m.Close
	d.options = web.Options{
		Store: h.Store, Archive: h.blobs, Decider: m, Monitor: m, Office: d.defined.office, Defined: d.defined, Clock: a.clock, Log: log, Version: version(),
		PublicURL: cfg.PublicURL, TrustedProxies: cfg.Web.Proxies(), Public: cfg.Web.Public,
	}
	with(&d.options)
	return d, nil
}

// serve answers on a listener until ctx is done, and says where.
func (d *desk) serve(ctx context.Context, a *app, listener net.Listener) error {
	d.options.Loopback = web.OnLoopback(listener)
	pages, err := web.New(d.options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	address := "http://" + shownAddress(listener)
	if d.options.PublicURL != "" {
		address = strings.TrimRight(d.options.PublicURL, "/")
	}
	if !d.options.ReadOnly {
		link, err := web.SetUpLink(ctx, d.options.Store, a.clock.Now())
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		if link != "" {
			fmt.Fprintf(a.err, "Nobody can sign in at the desk yet. Open this link to become its administrator; it works once, for a day:\n%s%s\n", address, link)
		}
	}
	d.options.Log.Info("the desk is open", "address", address+"/")
	if !d.options.Loopback && len(d.options.TrustedProxies) == 0 {
		d.options.Log.Warn("others can reach the desk, and it speaks plain http: passwords can be read on the way", "hint", "docs/desk.md tells how to put a server with https before it")
	}
	return web.Serve(ctx, listener, pages, d.options.Log)
}

// shownAddress is where a browser on this machine finds a listener.
func shownAddress(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return l.Addr().String()
}
