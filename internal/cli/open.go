package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"volteface/internal/config"
	"volteface/internal/extract"
	"volteface/internal/fetch"
	"volteface/internal/judge"
	"volteface/internal/monitor"
	"volteface/internal/reversal"
	"volteface/internal/statement"
	"volteface/internal/upkeep"
	"volteface/state"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// daemonLock is the file that a running daemon holds.
const daemonLock = "daemon.lock"

// databaseName is the file of the embedded store, inside the data folder.
const databaseName = "volteface.db"

// house is an opened data folder.
type house struct {
	state.Store
	blobs  *blob.Folder
	folder string
}

// open opens the data folder, made if it does not exist.
func (a *app) open(ctx context.Context) (*house, error) {
	folder, err := a.folder()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, statement.WithHint(fmt.Errorf("make the data folder: %w", err), folderHint(err))
	}
	if err := upkeep.CheckFiles(ctx, folder); err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(folder, databaseName))
	if err != nil {
		return nil, err
	}
	blobs, err := blob.OpenFolder(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, errors.Join(statement.WithHint(fmt.Errorf("open the archive: %w", err), folderHint(err)), store.Close())
	}
	h := &house{Store: store, blobs: blobs, folder: folder}
	if err := (upkeep.House{Store: store, Archive: blobs}).Check(ctx, folder); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

// openFor is open; a dry run where nothing is kept yet leaves it at that, and
// looks on from a folder that is gone afterwards.
func (a *app) openFor(ctx context.Context, dryRun bool) (h *house, done func(), err error) {
	folder, err := a.folder()
	if err != nil {
		return nil, nil, err
	}
	there, err := kept(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	if dryRun && !there {
		if folder, err = os.MkdirTemp("", "volteface-dry-run-"); err != nil {
			return nil, nil, err
		}
		defer func(kept string) { a.dataDir = kept }(a.dataDir)
		a.dataDir = folder
		defer func() {
			if err != nil {
				os.RemoveAll(folder)
			}
		}()
	} else {
		folder = ""
	}
	if h, err = a.open(ctx); err != nil {
		return nil, nil, err
	}
	return h, func() {
		h.Close()
		if folder != "" {
			os.RemoveAll(folder)
		}
	}, nil
}

// kept reports whether anything is kept in a data folder; an archive without its
// database is damage, and no empty folder.
func kept(ctx context.Context, folder string) (bool, error) {
	return isFile(filepath.Join(folder, databaseName)), upkeep.CheckFiles(ctx, folder)
}

func folderHint(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "let the user who runs volteface write there, or give another folder with --data-dir"
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full: make room, then run the same command again; nothing recorded is lost"
	}
	return "give another folder with --data-dir"
}

// openExisting is open for commands that only read: a folder without a
// database is told apart from an empty one.
func (a *app) openExisting(ctx context.Context) (*house, error) {
	folder, err := a.folder()
	if err != nil {
		return nil, err
	}
	there, err := kept(ctx, folder)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, statement.WithHint(fmt.Errorf("nothing is kept in %s yet", folder), "volteface scrape SOURCE fills it; --data-dir names another folder")
	}
	return a.open(ctx)
}

// client is the way to the web that the configuration asks for; without a data
// folder, nothing is known of hosts.
func (a *app) client(h *house, cfg *config.Config) (*fetch.Client, error) {
	return a.observedClient(h, cfg, func(*fetch.Options) {})
}

// observedClient is client with more options set.
func (a *app) observedClient(h *house, cfg *config.Config, more func(*fetch.Options)) (*fetch.Client, error) {
	options := fetch.Options{
		UserAgent: userAgent(cfg), Proxy: cfg.HTTP.Proxy, Timeout: time.Duration(cfg.HTTP.Timeout), MaxBody: cfg.HTTP.MaxBody,
		AllowPrivate: cfg.HTTP.AllowPrivate, Clock: a.clock, Logger: a.log(), Decode: decodeHTML,
		Budget: cfg.HTTP.HostRequests,
	}
	if h != nil {
		options.Memory = h.Store
	}
	more(&options)
	return fetch.NewClient(options)
}

// decodeHTML is what Colly gets to see of a page: UTF-8.
func decodeHTML(body []byte, contentType string) []byte {
	decoded, _ := extract.Decode(body, contentType)
	return decoded
}

// userAgent says who visits: the program, and how to reach whoever runs it; without that, what the program does.
func userAgent(cfg *config.Config) string {
	if cfg.Contact == "" {
		return fmt.Sprintf("volteface/%s (monitor of official press pages; its operator has named no contact)", version())
	}
	return fmt.Sprintf("volteface/%s (+%s)", version(), cfg.Contact)
}

// adviseContact is what is said where sites cannot tell who visits them.
const adviseContact = "write contact: https://your.site/about-this-visitor, or an e-mail address, into the configuration: a site then asks you before it blocks you"

func (a *app) monitor(h *house, client *fetch.Client, cfg *config.Config) (*monitor.Monitor, error) {
	topics, err := cfg.Topics(a.getenv)
	if err != nil {
		return nil, err
	}
	catalogue, err := a.sources()
	if err != nil {
		return nil, err
	}
	m := &monitor.Monitor{
		Store: h.Store, Blobs: h.blobs, Client: client, Clock: a.clock, Rules: cfg.Alerts, Topics: topics.List(), Ladder: cfg.Daemon.Recheck, Log: a.log(),
		Doubt:     monitor.Doubt{Checks: cfg.Doubt.Checks, Over: time.Duration(cfg.Doubt.Over), Shrink: cfg.Doubt.Shrink},
		Levels:    reversal.Levels{Alert: cfg.Reversals.Alert, Review: cfg.Reversals.Review, Watch: cfg.Reversals.Watch},
		OpenJudge: func() (*judge.Judge, error) { return a.openJudge(cfg.Judge.Model) },
		Sources:   func(id string) (statement.Source, bool) { src, known := catalogue[id]; return src, known },
	}
	if s := cfg.SecondOpinion; s.On() {
		client, err := cfg.OpenSecondOpinion(userAgent(cfg))
		if err != nil {
			return nil, err
		}
		m.Opinions = &monitor.Opinions{Client: client, Levels: s.AskedLevels(), Wait: time.Duration(s.Wait), PerDay: s.MaxPerDay, PerMonth: s.MaxTokens, Translate: s.Translate, Summarize: s.Summarize}
	}
	return m, nil
}

func (a *app) log() *slog.Logger {
	level := slog.LevelWarn
	if a.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
}

// version is the module's version as built, or "devel".
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
