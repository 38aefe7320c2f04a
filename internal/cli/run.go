package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/config"
	"volteface/internal/daemon"
	"volteface/internal/fetch"
	"volteface/internal/statement"
	"volteface/internal/web"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Visit every enabled source by its schedule, for months",
		Long: `Visit every enabled source by its schedule, look again at what is known, and
mail what is found, until told to stop.

SIGTERM or Ctrl-C stops it within ten seconds; what was not finished is due at
the next start. SIGHUP reads the configuration and the sources again; if they
are bad, those before stay in force and the log says why. Its health pages,
/healthz, /readyz and /metrics, are on daemon.listen of the configuration; the
desk (see volteface serve) is on web.listen, where that is set.`,
		Example: `  volteface run
  volteface run --json --config /etc/volteface/volteface.yaml   logs for a program`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.run(cmd.Context()) },
	}
}

func (a *app) run(ctx context.Context) error {
	if runtime.GOOS == "windows" {
		return statement.WithHint(errors.New("volteface run does not work on Windows, which has no services or signals as it needs them"),
			"run it on Linux or macOS, or in WSL; on Windows have the Task Scheduler start volteface scrape")
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	h, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	hangup, reload := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	ended := make(chan struct{})
	defer func() { signal.Stop(hangup); close(hangup); <-ended }()
	go func() {
		defer close(ended)
		for range hangup {
			select {
			case reload <- struct{}{}:
			default: // one is waiting already
			}
		}
	}()
	log := a.daemonLog()
	if cfg.Contact == "" {
		log.Warn("sites cannot tell who visits them", "user_agent", userAgent(cfg), "hint", adviseContact)
	}
	var pages *desk
	if cfg.Web.Listen != "" {
		stop, at, err := a.serveBeside(ctx, h, cfg, log)
		if err != nil {
			return err
		}
		defer stop()
		pages = at
	}
	first := true
	return daemon.Run(ctx, daemon.Options{
		Store: h.Store, Folder: h.folder, Clock: a.clock, Log: log, Version: version(),
		Listen: cfg.Daemon.Address(), Workers: cfg.Daemon.Workers, Timeout: time.Duration(cfg.Daemon.VisitTimeout), Reload: reload,
		Load: func(_ context.Context, m *daemon.Metrics) (*daemon.Settings, error) {
			fresh := &app{out: a.out, err: a.err, getenv: a.getenv, configPath: a.configPath, dataDir: a.dataDir, sourcesDir: a.sourcesDir, json: a.json, verbose: a.verbose, clock: a.clock}
			if first { // already read
				fresh.cfg, first = cfg, false
			}
			settings, err := fresh.settings(h, log, m)
			if err == nil && pages != nil {
				err = pages.defined.read(fresh, fresh.cfg)
			}
			return settings, err
		},
	})
}

// serveBeside opens the desk beside the daemon; stop closes it.
func (a *app) serveBeside(ctx context.Context, h *house, cfg *config.Config, log *slog.Logger) (stop func(), at *desk, err error) {
	if at, err = a.desk(h, cfg, log, func(*web.Options) {}); err != nil {
		return nil, nil, err
	}
	listener, err := web.Listen(cfg.Web.Listen)
	if err != nil {
		at.close()
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := at.serve(ctx, a, listener); err != nil {
			log.Error("the desk has closed", "error", err)
		}
	}()
	return func() { cancel(); <-ended; at.close() }, at, nil
}

const (
	// settle is how long the daemon keeps an alert before it is due: a flood then
	// comes as one digest, without its first dozen sent one by one.
	settle = 20 * time.Second
	// calm is how long nothing more must come of a flood before it is told.
	calm = 2 * time.Minute
)

// settings is what the daemon takes from the configuration and the sources.
func (a *app) settings(h *house, log *slog.Logger, m *daemon.Metrics) (*daemon.Settings, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	if err := a.checkNames(); err != nil {
		return nil, err
	}
	client, err := a.observedClient(h, cfg, func(o *fetch.Options) { o.Logger, o.Observe = log, m.Request })
	if err != nil {
		return nil, err
	}
	visitor, err := a.monitor(h, client, cfg)
	if err != nil {
		return nil, err
	}
	visitor.Log, visitor.Settle = log, settle
	s := &daemon.Settings{
		Monitor: visitor, Analyse: !cfg.Reversals.Off, Opine: cfg.SecondOpinion.On(), PriceIn: cfg.SecondOpinion.Price.Input, PriceOut: cfg.SecondOpinion.Price.Output,
		Close:  func() { visitor.Close(); client.Close() },
		Jitter: time.Duration(cfg.Daemon.Jitter), Budget: cfg.Daemon.HostRequests, Operator: cfg.Daemon.Operator,
		Faults: cfg.Daemon.Faults, Retire: time.Duration(cfg.Daemon.RetireAfter),
	}
	s.Records.Visits, s.Records.Alerts = time.Duration(cfg.Retention.Visits), time.Duration(cfg.Retention.Alerts)
	if sends(cfg) {
		notifier, closeChannels, err := a.notifier(h, cfg)
		if err != nil {
			s.Close()
			return nil, err
		}
		notifier.Log, notifier.Dispatcher.Log, notifier.Dispatcher.Calm = log, log, calm
		s.Deliver, s.Feeds = notifier.Notify, cfg.Feeds.Folder != ""
		s.Close = func() { visitor.Close(); client.Close(); closeChannels() }
	}
	for _, id := range catalogue.IDs() {
		if other := catalogue[id].Replaces; other != "" {
			log.Warn("a source replaces a built-in one", "source", id, "file", catalogue[id].Path)
		}
		if src := catalogue[id]; src.IsEnabled() {
			s.Sources = append(s.Sources, src)
		}
	}
	return s, nil
}

// daemonLog tells what the daemon does, in lines for people or, with --json,
// for programs.
func (a *app) daemonLog() *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if a.verbose {
		options.Level = slog.LevelDebug
	}
	if a.json {
		return slog.New(slog.NewJSONHandler(a.err, options))
	}
	return slog.New(slog.NewTextHandler(a.err, options))
}
