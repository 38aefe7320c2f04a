package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"volteface/internal/alert/email"
	"volteface/internal/config"
	"volteface/internal/fetch/browser"
	"volteface/internal/judge"
	"volteface/internal/platform"
	"volteface/internal/statement"
	"volteface/internal/term"
	"volteface/internal/upkeep"
	"volteface/state/blob"
	"volteface/state/sqlite"
)

// Bounds of an examination.
const (
	lookupTimeout = 10 * time.Second
	mostHosts     = 100
	slowSync      = 200 * time.Millisecond // of a small file to disk: every statement waits for one
	wrongClock    = time.Minute
)

// verdict is what the doctor says of one thing.
type verdict struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, warning or failed
	Said  string `json:"said"`
	Hint  string `json:"hint"`
}

func fine(check, format string, args ...any) verdict {
	return verdict{check, "ok", fmt.Sprintf(format, args...), ""}
}

func poor(state, check, hint, format string, args ...any) verdict {
	return verdict{check, state, fmt.Sprintf(format, args...), hint}
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Find out what is wrong with the machine and the configuration",
		Long: `Look at versions, the judge, the browser that shows pages of scripts, clock, disk,
rights, name resolution, one request to a source's robots.txt, the mail server
(greeting and log-in; nothing is sent), and one question to the second opinion, if
one is configured.
Nothing of what is kept is changed. The exit code is 1 if something failed.`,
		Example: `  volteface doctor
  sudo -u volteface volteface doctor --config /etc/volteface/volteface.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context()) },
	}
}

func (a *app) doctor(ctx context.Context) error {
	failed := 0
	color := term.Color(a.out, a.getenv)
	styles := map[string]term.Style{"ok": term.Green, "warning": term.Yellow, "failed": term.Red}
	say := func(found ...verdict) {
		for _, v := range found {
			if v.State == "failed" {
				failed++
			}
			if a.json {
				_ = a.printJSON(v) // a closed pipe ends the program by itself
				continue
			}
			fmt.Fprintf(a.out, "%s  %-13s %s\n", term.Paint(color, styles[v.State], fmt.Sprintf("%-7s", v.State)), v.Check, term.Clean(v.Said))
			if v.Hint != "" {
				fmt.Fprintf(a.out, "%23s%s\n", "", term.Paint(color, term.Dim, term.Clean(v.Hint)))
			}
		}
	}
	say(fine("version", "volteface %s, %s, %s/%s", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
	cfg, err := a.config()
	if err != nil {
		say(poor("failed", "configuration", statement.HintOf(err), "%v", err))
		return &exitError{code: exitFailed}
	}
	say(examineConfig(cfg), examineContact(cfg))
	catalogue, err := a.sources()
	if err != nil {
		say(poor("failed", "sources", statement.HintOf(err), "%v", err))
	} else {
		say(fine("sources", "%s, all valid", plural(len(catalogue), "source")))
	}
	say(a.examineJudge(cfg))
	say(examineBrowser(ctx, catalogue))
	folder, err := a.folder()
	if err != nil {
		say(poor("failed", "data", statement.HintOf(err), "%v", err))
		return &exitError{code: exitFailed}
	}
	say(a.examineFolder(ctx, folder)...)
	say(examineClock(), examineLimits())
	if len(catalogue) > 0 {
		say(a.examineNet(ctx, cfg, catalogue)...)
	}
	say(examineMail(ctx, cfg))
	if cfg.SecondOpinion.On() {
		say(a.examineOpinion(ctx, cfg, folder))
	}
	if failed > 0 {
		return statement.WithHint(&exitError{code: exitFailed, err: fmt.Errorf("%s failed", plural(failed, "check"))}, "the lines above say what to do")
	}
	return nil
}

// othersMay reports whether anybody but the owner has one of the permissions. On Windows a mode does not tell.
func othersMay(info fs.FileInfo, mode fs.FileMode) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&mode != 0
}

func examineConfig(cfg *config.Config) verdict {
	if cfg.Path == "" {
		return fine("configuration", "no file; the defaults are in force")
	}
	info, err := os.Stat(cfg.Path)
	switch {
	case err != nil:
		return poor("failed", "configuration", "", "%v", err)
	case othersMay(info, 0o004) && (cfg.SMTP.Password != "" || cfg.SecondOpinion.APIKey != ""):
		return poor("warning", "configuration", "chmod 640 "+cfg.Path+", or take the password or key from the environment or a file", "%s holds a password or key and can be read by everybody", cfg.Path)
	}
	return fine("configuration", "%s", cfg.Path)
}

// examineContact looks whether sites can tell who visits them.
func examineContact(cfg *config.Config) verdict {
	if cfg.Contact == "" {
		return poor("warning", "contact", adviseContact, "sites see %q", userAgent(cfg))
	}
	return fine("contact", "sites see %q", userAgent(cfg))
}

// examineJudge loads the judge in use; of the embedded one it reads every byte, since damaged weights judge without an error.
func (a *app) examineJudge(cfg *config.Config) verdict {
	j, err := a.openJudge(cfg.Judge.Model)
	if err != nil {
		return poor("failed", "judge", statement.HintOf(err), "%v", err)
	}
	if j.Folder() != "" {
		if !j.Calibrated() {
			return poor("warning", "judge", "volteface eval --judge-model "+j.Folder()+" --sets SETS --calibrate "+filepath.Join(j.Folder(), judge.CalibrationFile),
				"%s, kernel %s, is not calibrated: what it calls a probability nobody has measured", j.Folder(), j.Kernel())
		}
		return fine("judge", "%s, calibrated, kernel %s", j.Folder(), j.Kernel())
	}
	if err := judge.Verify(); err != nil {
		return poor("failed", "judge", "the program is damaged: install it again", "embedded: %v", err)
	}
	return fine("judge", "embedded (%s), whole, kernel %s", j.Name(), j.Kernel())
}

// examineBrowser looks for the Chromium that shows the pages of sources that ask for it.
func examineBrowser(ctx context.Context, catalogue config.Catalogue) verdict {
	var wanting []string
	for _, id := range catalogue.IDs() {
		if catalogue[id].IsEnabled() && catalogue[id].Render == statement.ByBrowser {
			wanting = append(wanting, id)
		}
	}
	path, err := browser.Find()
	said := ""
	if err == nil {
		said, err = browser.Version(ctx, path)
	}
	switch {
	case err == nil && len(wanting) == 0:
		return fine("browser", "%s, %s; no source in use asks for it", path, said)
	case err == nil:
		return fine("browser", "%s, %s; it shows the pages of %s", path, said, strings.Join(wanting, ", "))
	case len(wanting) == 0:
		return fine("browser", "none found, and no source in use asks for one")
	}
	return poor("failed", "browser", statement.HintOf(err), "%v: %s", err, strings.Join(wanting, ", "))
}

func (a *app) examineFolder(ctx context.Context, folder string) (found []verdict) {
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return append(found, fine("data", "%s is not there yet; the first scrape makes it", folder))
	case err != nil:
		return append(found, poor("failed", "data", folderHint(err), "%v", err))
	case othersMay(info, 0o077):
		found = append(found, poor("warning", "data", "chmod 700 "+folder, "%s can be entered by others; it holds who is told of what", folder))
	default:
		found = append(found, fine("data", "%s", folder))
	}
	took, err := trySync(folder)
	switch {
	case err != nil:
		found = append(found, poor("failed", "disk", folderHint(err), "nothing can be written: %v", err))
	case took > slowSync:
		found = append(found, poor("warning", "disk", "each statement waits for the disk: put the folder on a faster one", "a small file takes %s to be safe on disk", took.Round(time.Millisecond)))
	}
	there, err := kept(ctx, folder)
	if err != nil {
		return append(found, poor("failed", "database", statement.HintOf(err), "%v", err))
	}
	if !there {
		return found
	}
	store, err := sqlite.Open(ctx, filepath.Join(folder, databaseName))
	if err != nil {
		return append(found, poor("failed", "database", statement.HintOf(err), "%v", err))
	}
	defer store.Close()
	archive, err := blob.OpenFolder(filepath.Join(folder, "blobs"))
	if err != nil {
		return append(found, poor("failed", "archive", folderHint(err), "%v", err))
	}
	defer archive.Close()
	if err := (upkeep.House{Store: store, Archive: archive}).Check(ctx, folder); err != nil {
		return append(found, poor("failed", "database", statement.HintOf(err), "%v", err))
	}
	counts, err := store.Counts(ctx)
	if err != nil {
		return append(found, poor("failed", "database", statement.HintOf(err), "%v", err))
	}
	found = append(found, fine("database", "SQLite %s, %s, %s", sqlite.Version(ctx, store), plural(counts.Statements, "statement"), plural(counts.Revisions, "revision")))
	disk, err := upkeep.ReadDisk(ctx, folder, store, a.clock.Now())
	switch trouble := disk.Trouble(); {
	case err != nil:
		found = append(found, poor("failed", "disk", "", "%v", err))
	case trouble != "":
		found = append(found, poor("failed", "disk", "make room, or move the folder; volteface gc removes what retention in the configuration allows", "%s", trouble))
	default:
		said := fmt.Sprintf("%s of %s are free", upkeep.Size(disk.Free), upkeep.Size(disk.Total))
		if days := disk.Days(); days >= 0 {
			said += fmt.Sprintf(", enough for %d days at the present pace", days)
		}
		found = append(found, fine("disk", "%s", said))
	}
	return found
}

// trySync measures how long a small file takes to be safe on disk.
func trySync(folder string) (took time.Duration, err error) {
	f, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	began := time.Now()
	if _, err := f.Write(make([]byte, 4096)); err != nil {
		return 0, err
	}
	err = f.Sync()
	return time.Since(began), err
}

// examineClock asks the kernel whether something keeps its clock right.
func examineClock() verdict {
	kept, err := platform.ClockKept()
	if errors.Is(err, errors.ErrUnsupported) {
		return fine("clock", "%s; see for yourself that the system keeps it right", time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		return poor("warning", "clock", "", "the kernel does not say whether the clock is kept right: %v", err)
	}
	if !kept {
		return poor("warning", "clock", "run chrony or systemd-timesyncd: when something was seen is part of the evidence", "nothing keeps the clock right (%s)", time.Now().UTC().Format(time.RFC3339))
	}
	return fine("clock", "kept right by the system (%s)", time.Now().UTC().Format(time.RFC3339))
}

// leastFiles is how many open files the busiest daemon needs, with room to spare.
const leastFiles = 256

// examineLimits asks how many files this program may hold open.
func examineLimits() verdict {
	files, err := platform.OpenFiles()
	if errors.Is(err, errors.ErrUnsupported) {
		return fine("limits", "the system sets no limit on open files that could be read")
	}
	if err != nil {
		return poor("warning", "limits", "", "the system does not say how many files may be open: %v", err)
	}
	if files < leastFiles {
		return poor("warning", "limits", "ulimit -n 1024, or LimitNOFILE=1024 in the service", "only %d files may be open at once; visits will fail for want of more", files)
	}
	return fine("limits", "%d files may be open at once", files)
}

// examineNet resolves the hosts of all enabled sources, unless a proxy does
// that, and asks one of them for its robots.txt.
func (a *app) examineNet(ctx context.Context, cfg *config.Config, catalogue config.Catalogue) (found []verdict) {
	hosts := map[string]string{}
	for _, id := range catalogue.IDs() {
		if src := catalogue[id]; src.IsEnabled() && src.Proxy == "" { // a proxy of its own looks up its host
			if u, err := url.Parse(src.URL); err == nil && len(hosts) < mostHosts {
				hosts[u.Hostname()] = src.URL
			}
		}
	}
	names := make([]string, 0, len(hosts))
	for host := range hosts {
		names = append(names, host)
	}
	slices.Sort(names)
	if proxy := a.proxy(cfg); proxy != "" {
		found = append(found, fine("dns", "left to the proxy %s", proxy))
	} else {
		found = append(found, resolve(ctx, names))
	}
	if len(names) == 0 {
		return found
	}
	return append(found, a.examineWeb(ctx, cfg, hosts[names[0]]))
}

// proxy is the one in use, without its password; "" for none.
func (a *app) proxy(cfg *config.Config) string {
	text := cfg.HTTP.Proxy
	if text == "direct" {
		return ""
	}
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if text == "" {
			text = a.getenv(name)
		}
	}
	if text == "" {
		return ""
	}
	return statement.HideLogin(text)
}

func resolve(ctx context.Context, hosts []string) verdict {
	var unknown []string
	began := time.Now()
	for _, host := range hosts {
		lookup, cancel := context.WithTimeout(ctx, lookupTimeout)
		_, err := net.DefaultResolver.LookupIPAddr(lookup, host)
		cancel()
		if err != nil {
			unknown = append(unknown, host)
		}
		if len(unknown) == 3 && len(unknown) == len(hosts[:slices.Index(hosts, host)+1]) {
			break // none so far: there is no resolver
		}
	}
	if len(unknown) > 0 {
		return poor("failed", "dns", "check /etc/resolv.conf, or set http.proxy", "not resolved: %s", strings.Join(unknown, ", "))
	}
	return fine("dns", "%s resolved in %s", plural(len(hosts), "host"), time.Since(began).Round(time.Millisecond))
}

// examineWeb asks for a robots.txt as every visit does.
func (a *app) examineWeb(ctx context.Context, cfg *config.Config, address string) verdict {
	client, err := a.client(nil, cfg)
	if err != nil {
		return poor("failed", "web", statement.HintOf(err), "%v", err)
	}
	defer client.Close()
	ask, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil {
		return poor("failed", "web", "", "%v", err)
	}
	u.Path, u.RawQuery = "/robots.txt", ""
	req, err := http.NewRequestWithContext(ask, http.MethodGet, u.String(), nil)
	if err != nil {
		return poor("failed", "web", "", "%v", err)
	}
	visit := client.Visit(0)
	defer visit.Close()
	resp, err := visit.RoundTrip(req)
	if err != nil {
		return poor("failed", "web", statement.HintOf(err), "%s: %v", u.Host, err)
	}
	defer resp.Body.Close()
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		if wrong := time.Since(at); wrong > wrongClock || wrong < -wrongClock {
			return poor("warning", "web", "set the clock right: when something was seen is part of the evidence", "%s answers, and its clock differs from ours by %s", u.Host, wrong.Round(time.Second))
		}
	}
	return fine("web", "%s answers %d %s", u.Host, resp.StatusCode, http.StatusText(resp.StatusCode))
}

func examineMail(ctx context.Context, cfg *config.Config) verdict {
	if cfg.SMTP.Host == "" {
		if len(cfg.Alerts) > 0 {
			return poor("failed", "mail", "set smtp in the configuration: host, port, tls, from", "there are rules, but no mail server")
		}
		return poor("warning", "mail", "set smtp and alerts in the configuration to be told by mail", "no mail server is configured")
	}
	channel, err := email.New(cfg.SMTP)
	if err != nil {
		return poor("failed", "mail", statement.HintOf(err), "%v", err)
	}
	defer channel.Close()
	if err := channel.Check(ctx); err != nil {
		return poor("failed", "mail", "check smtp in the configuration: host, port, tls, user", "%s: %v", cfg.SMTP.Host, err)
	}
	return fine("mail", "%s accepts mail from this configuration", cfg.SMTP.Host)
}
