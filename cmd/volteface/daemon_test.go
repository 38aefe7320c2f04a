package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// daemonRun is a running "volteface run".
type daemonRun struct {
	t       *testing.T
	command *exec.Cmd
	address string // of its health pages
	done    chan struct{}
	mu      sync.Mutex
	log     []logLine
}

type logLine struct {
	Level, Msg, Address, Source, Fault, Error, Hint string
	Visit                                           int64
	New, Changed, Unchanged                         int
	raw                                             string
}

// runDaemon starts the program and waits until its health pages are open; it
// is killed when the test ends, if it still runs.
func runDaemon(t *testing.T, env []string, args ...string) *daemonRun {
	t.Helper()
	withoutBuiltIn(t, filepath.Join(filepath.Dir(args[slices.Index(args, "--config")+1]), "sources"))
	d := &daemonRun{t: t, done: make(chan struct{}), command: exec.Command(binary, append([]string{"run", "--json"}, args...)...)}
	d.command.Env = append(os.Environ(), env...)
	errs, err := d.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(d.done)
		var rest bytes.Buffer
		for decoder := json.NewDecoder(io.TeeReader(errs, &rest)); ; {
			var raw json.RawMessage
			if err := decoder.Decode(&raw); err != nil {
				if err != io.EOF {
					_, _ = io.Copy(&rest, errs)
					d.mu.Lock()
					d.log = append(d.log, logLine{raw: rest.String()})
					d.mu.Unlock()
				}
				return
			}
			rest.Reset()
			l := logLine{raw: string(raw)}
			_ = json.Unmarshal(raw, &l)
			d.mu.Lock()
			d.log = append(d.log, l)
			d.mu.Unlock()
		}
	}()
	t.Cleanup(d.kill)
	d.address = d.wait("health pages", func(l logLine) bool { return l.Msg == "health pages" }).Address
	return d
}

// kill ends it the hard way.
func (d *daemonRun) kill() {
	if d.command.ProcessState == nil {
		_ = d.command.Process.Kill()
		<-d.done
		_ = d.command.Wait()
	}
}

// stop ends it the polite way; it has ten seconds.
func (d *daemonRun) stop() {
	d.t.Helper()
	began := time.Now()
	if err := d.command.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	hung := time.AfterFunc(20*time.Second, func() { _ = d.command.Process.Kill() })
	defer hung.Stop()
	<-d.done
	if err := d.command.Wait(); err != nil {
		d.t.Errorf("after SIGTERM: %v\n%s", err, d.lines())
	}
	if took := time.Since(began); took > 10*time.Second {
		d.t.Errorf("it took %s to stop", took)
	}
}

func (d *daemonRun) lines() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, l := range d.log {
		b.WriteString(l.raw + "\n")
	}
	return b.String()
}

// wait gives the first line of the log that fits, waiting for it.
func (d *daemonRun) wait(what string, fits func(logLine) bool) logLine {
	d.t.Helper()
	return d.waitAfter(0, what, fits)
}

func (d *daemonRun) waitAfter(from int, what string, fits func(logLine) bool) logLine {
	d.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		d.mu.Lock()
		for _, l := range d.log[min(from, len(d.log)):] {
			if fits(l) {
				d.mu.Unlock()
				return l
			}
		}
		d.mu.Unlock()
	}
	d.t.Fatalf("no %s in the log:\n%s", what, d.lines())
	return logLine{}
}

func (d *daemonRun) length() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// get asks one of the health pages.
func (d *daemonRun) get(path string) (int, string) {
	d.t.Helper()
	r, err := http.Get("http://" + d.address + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func visited(source string) func(logLine) bool {
	return func(l logLine) bool { return l.Msg == "visit" && (source == "" || l.Source == source) }
}

const anyPort = "daemon: {listen: '127.0.0.1:0', operator: [ops@newsroom.example], faults: 1}\n"

// The daemon visits what is due, says so with the number of the visit, shows
// how it does, and stops within ten seconds though a page is being read.
func TestDaemonVisitsAndStops(t *testing.T) {
	p := newPress(t)
	for i := range 5 {
		p.put(fmt.Sprintf("/%d", i), page(fmt.Sprintf("Statement %d", i), "The ministry denies it."))
	}
	config, dir := p.configure(t, anyPort+"smtp: {host: 127.0.0.1, port: 1, tls: none, from: a@volteface.example}\n"), t.TempDir()
	d := runDaemon(t, nil, "--config", config, "--data-dir", dir)
	if l := d.wait("visit", visited("press")); l.New != 5 || l.Visit == 0 || l.Fault != "" {
		t.Errorf("the visit: %s", l.raw)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, body := d.get(path); code != http.StatusOK {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	code, body := d.get("/metrics")
	for _, line := range []string{
		`volteface_looks_total{state="new"} 5`, `volteface_source_failures{source="press"} 0`, `volteface_state_up 1`,
		`volteface_visits_total{outcome="ok"} 1`, `volteface_requests_total{class="2xx"} 6`, "volteface_outbox_alerts ", "go_memstats_heap_inuse_bytes ",
	} {
		if !strings.Contains(body, line) {
			t.Errorf("/metrics (%d) does not say %s", code, line)
		}
	}
	if _, errs, code := start(t, nil, "run", "--config", config, "--data-dir", dir); code != 1 || !strings.Contains(errs, "runs on") || !strings.Contains(errs, "hint: stop it first") {
		t.Errorf("a second daemon: exit code %d, %s", code, errs)
	}
	d.stop()

	// Again, with a page that does not come.
	hang := make(chan struct{})
	asked := make(chan struct{}, 8)
	p.put("/slow", func(w http.ResponseWriter) {
		asked <- struct{}{}
		<-hang
		page("Slow", "The ministry confirms it.")(w)
	})
	t.Cleanup(func() { close(hang) })
	if err := os.Remove(filepath.Join(dir, "queue.db")); err != nil {
		t.Fatal(err)
	}
	makeDue(t, dir)
	d = runDaemon(t, nil, "--config", config, "--data-dir", dir)
	<-asked
	d.stop()
	for _, l := range run[struct{ ID, Fault string }](t, nil, []int{0}, "sources", "list", "--json", "--config", config, "--data-dir", dir) {
		if l.ID == "press" && l.Fault != "" {
			t.Errorf("a visit that was cut short counts as a fault of the source: %s", l.Fault)
		}
	}
	// What was cut short is due at once, and nothing is lost.
	p.put("/slow", page("Slow", "The ministry confirms it."))
	d = runDaemon(t, nil, "--config", config, "--data-dir", dir)
	if l := d.wait("visit", visited("press")); l.New != 1 {
		t.Errorf("the visit after the restart: %s", l.raw)
	}
	d.stop()
}

// makeDue makes every planned visit due, and the daemon look.
func (d *daemonRun) makeDue(dir string) {
	d.t.Helper()
	makeDue(d.t, dir)
	if err := d.command.Process.Signal(syscall.SIGHUP); err != nil {
		d.t.Fatal(err)
	}
}

// makeDue makes every planned visit due, as time would.
func makeDue(t *testing.T, dir string) {
	t.Helper()
	db := database(t, dir)
	if _, err := db.Exec(`UPDATE plans SET next_visit = ? WHERE source NOT LIKE '@%'`, time.Now().Add(-time.Minute).UnixMicro()); err != nil {
		t.Fatal(err)
	}
}

// database opens what is kept, beside whoever else has it open.
func database(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "volteface.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// A bad configuration on SIGHUP is told and changes nothing; a good one is
// taken over without a restart.
func TestDaemonReloads(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "The ministry denies it."))
	config, dir := p.configure(t, anyPort+rules(1)[:strings.Index(rules(1), "alerts:")]), t.TempDir()
	good, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	d := runDaemon(t, nil, "--config", config, "--data-dir", dir)
	d.wait("visit", visited("press"))
	hangUp := func(content string, msg string) logLine {
		t.Helper()
		if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		from := d.length()
		if err := d.command.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		return d.waitAfter(from, msg, func(l logLine) bool { return strings.Contains(l.Msg, msg) })
	}
	l := hangUp(string(good)+"alertz: []\n", "the one before stays in force")
	if !strings.Contains(l.Error, `unknown key "alertz"`) || !strings.Contains(l.Hint, "alerts") {
		t.Errorf("a bad configuration: %s", l.raw)
	}
	p.put("/2", page("Two", "The ministry confirms it."))
	from := d.length()
	d.makeDue(dir)
	if l := d.waitAfter(from, "visit", visited("press")); l.New != 1 {
		t.Errorf("with the configuration before: %s", l.raw)
	}
	if _, metrics := d.get("/metrics"); !strings.Contains(metrics, "volteface_config_last_reload_successful 0") {
		t.Error("/metrics does not tell of the bad configuration")
	}
	// A second source beside the first.
	more, err := os.ReadFile(filepath.Join(filepath.Dir(config), "sources", "press.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	other := newPress(t)
	other.put("/9", page("Nine", "The ministry condemns it."))
	text := strings.NewReplacer("id: press\n", "id: other\n", p.URL, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)).Replace(string(more))
	if err := os.WriteFile(filepath.Join(filepath.Dir(config), "sources", "other.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	from = d.length()
	hangUp(string(good), "has been read again")
	if l := d.waitAfter(from, "visit", visited("other")); l.New != 1 {
		t.Errorf("the new source: %s", l.raw)
	}
	d.stop()
}

// A person at a terminal visits beside the daemon: a source under visit is
// left alone and said so; afterwards the daemon goes on.
func TestScrapeBesideDaemon(t *testing.T) {
	p := newPress(t)
	hold, asked := make(chan struct{}), make(chan struct{}, 8)
	p.put("/1", func(w http.ResponseWriter) {
		asked <- struct{}{}
		<-hold
		page("One", "The ministry denies it.")(w)
	})
	config, dir := p.configure(t, "daemon: {listen: '127.0.0.1:0'}\n"), t.TempDir()
	common := []string{"--json", "--config", config, "--data-dir", dir}
	d := runDaemon(t, nil, common[1:]...)
	<-asked
	if _, errs, code := start(t, nil, append([]string{"scrape", "press"}, common...)...); code != 1 || !strings.Contains(errs, "being visited by another process") {
		t.Errorf("scrape during the visit: exit code %d, %s", code, errs)
	}
	close(hold)
	d.wait("visit", visited("press"))
	p.put("/2", page("Two", "The ministry confirms it."))
	if lines := run[finding](t, nil, []int{0}, append([]string{"scrape", "press", "--recheck", "none"}, common...)...); len(lines) != 1 || lines[0].State != "NEW" {
		t.Errorf("scrape beside the daemon: %+v", lines)
	}
	p.put("/3", page("Three", "The ministry condemns it."))
	from := d.length()
	d.makeDue(dir)
	if l := d.waitAfter(from, "visit", visited("press")); l.New != 1 {
		t.Errorf("the daemon's next visit: %s", l.raw)
	}
	d.stop()
}

// withoutBuiltIn switches the built-in sources off, whose sites no daemon of a test may visit.
func withoutBuiltIn(t *testing.T, folder string) {
	t.Helper()
	for id, src := range shippedSources(t) {
		if !src.IsEnabled() {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, id+".yaml"), fmt.Appendf(nil, "id: %s\nenabled: false\n", id), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
