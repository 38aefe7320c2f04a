package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"volteface/internal/demo"
)

// alertLine is a line of alerts list --json.
type alertLine struct {
	ID                             int64
	State, Kind, Recipient, Source string
	Attempts                       int
	Error                          string
}

// closedPort is a loopback port on which nothing listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func rules(port int) string {
	return fmt.Sprintf("smtp: {host: 127.0.0.1, port: %d, tls: none, from: alerts@volteface.example}\nalerts: [{events: [new, changed, missing], to: [desk@newsroom.example]}]\n", port)
}

// A dead mail server delays, and never loses; nothing is sent twice.
func TestDeadMailServer(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "The ministry denies the supply of drones."))
	dead, dir := p.configure(t, rules(closedPort(t))), t.TempDir()
	data := []string{"--json", "--data-dir", dir}
	scrape := func(config string, more ...string) (string, int) {
		_, errs, code := start(t, nil, append(append([]string{"scrape", "press", "--recheck", "all", "--config", config}, data...), more...)...)
		return errs, code
	}
	if errs, code := scrape(dead); code != 1 || !strings.Contains(errs, "error: 1 alert could not be sent") || !strings.Contains(errs, "hint: nothing is lost") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	p.put("/1", page("One", "The ministry confirms the supply of drones."))
	p.put("/2", page("Two", "Another statement."))
	if _, code := scrape(dead); code != 1 {
		t.Errorf("exit code %d", code)
	}
	waiting := run[alertLine](t, nil, []int{0}, append([]string{"alerts", "list", "--state", "pending"}, data...)...)
	if len(waiting) != 3 {
		t.Fatalf("%d alerts wait, want the baseline, the change and the new statement: %+v", len(waiting), waiting)
	}
	sink, err := demo.NewSink(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	alive := p.configure(t, rules(sink.Port()))
	for range 2 { // the second time nothing waits
		if _, errs, code := start(t, nil, append([]string{"alerts", "retry", "--config", alive}, data...)...); code != 0 {
			t.Errorf("exit code %d, %s", code, errs)
		}
	}
	if n := len(sink.Mails()); n != 3 {
		t.Fatalf("%d mails came", n)
	}
	all := ""
	for _, path := range sink.Mails() {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all += string(content)
	}
	for _, want := range []string{"[-denies-]", "{+confirms+}", "Message-ID: <", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(strings.ReplaceAll(all, "=\r\n", ""), want) {
			t.Errorf("no mail has %q in it", want)
		}
	}
	if errs, code := scrape(alive, "--exit-code"); code != 0 {
		t.Errorf("with nothing new: exit code %d, %s", code, errs)
	}
	p.put("/3", page("Three", "A third."))
	if errs, code := scrape(alive, "--exit-code"); code != 3 {
		t.Errorf("with something new: exit code %d, %s", code, errs)
	}
}

// Nothing is remembered of a dry run, and nothing sent.
func TestDryRun(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "Text."))
	config, dir := p.configure(t, rules(closedPort(t))), t.TempDir()
	for range 2 {
		lines := run[finding](t, nil, []int{0}, "scrape", "press", "--dry-run", "--json", "--config", config, "--data-dir", dir)
		if len(lines) != 1 || lines[0].State != "NEW" {
			t.Fatalf("%+v", lines)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%d entries are left in the data folder: %v", len(left), err)
	}
	// Where something is kept, it is what the page is compared with.
	run[finding](t, nil, []int{0}, "scrape", "press", "--no-alerts", "--json", "--config", config, "--data-dir", dir)
	p.put("/1", page("One", "Another text."))
	for range 2 {
		lines := run[finding](t, nil, []int{0}, "scrape", "press", "--dry-run", "--recheck", "all", "--json", "--config", config, "--data-dir", dir)
		if len(lines) != 1 || lines[0].State != "CHANGED" {
			t.Errorf("%+v", lines)
		}
	}
}

func TestUnreachableHost(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "Text."))
	config, dir := p.configure(t, ""), t.TempDir()
	common := []string{"--json", "--config", config, "--data-dir", dir}
	run[finding](t, nil, []int{0}, append([]string{"scrape", "press"}, common...)...)
	p.Close()
	lines := run[finding](t, nil, []int{1}, append([]string{"scrape", "press", "--recheck", "all"}, common...)...)
	if len(lines) != 1 || lines[0].State != "ERROR" || !strings.Contains(lines[0].Reason, "cannot be") {
		t.Errorf("%+v", lines)
	}
	out, _, _ := start(t, nil, append([]string{"sources", "list"}, common...)...)
	if !bytes.Contains(out, []byte(`"fault":"http`)) {
		t.Errorf("sources list does not name the fault: %s", out)
	}
}

// A database that cannot be used is told apart, and left as it is.
func TestUnusableDatabases(t *testing.T) {
	p := newPress(t)
	p.put("/1", page("One", "Text."))
	config := p.configure(t, "")
	newer := t.TempDir()
	run[finding](t, nil, []int{0}, "scrape", "press", "--json", "--config", config, "--data-dir", newer)
	db, err := sql.Open("sqlite", filepath.Join(newer, "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	garbage := t.TempDir()
	if err := os.WriteFile(filepath.Join(garbage, "volteface.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{newer: "newer version", garbage: "not a database"} {
		_, errs, code := start(t, nil, "scrape", "press", "--config", config, "--data-dir", dir)
		if code != 1 || !strings.Contains(errs, want) || !strings.Contains(errs, "hint: ") {
			t.Errorf("exit code %d: %s", code, errs)
		}
	}
	_, errs, code := start(t, nil, "scrape", "press", "--config", config, "--data-dir", filepath.Join(garbage, "volteface.db", "inside"))
	if code != 1 || !strings.Contains(errs, "error: make the data folder") || !strings.Contains(errs, "hint: ") {
		t.Errorf("a folder that cannot be made: exit code %d: %s", code, errs)
	}
}

// A full disk is told, and what was kept before is still there once there is
// room again.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	p := newPress(t)
	p.put("/first", page("First", "Kept before the disk was full."))
	config := p.configure(t, "")
	common := []string{"--json", "--config", config, "--data-dir", dir}
	run[finding](t, nil, []int{0}, append([]string{"scrape", "press"}, common...)...)
	filler := filepath.Join(dir, "filler")
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	free := int(disk.Bavail) * int(disk.Bsize)
	if err := os.WriteFile(filler, bytes.Repeat([]byte{1}, free-400_000), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		noise := make([]byte, 0, 40_000)
		for k := range 8_000 {
			noise = fmt.Appendf(noise, "%x ", (k+1)*(i+7)*2654435761)
		}
		p.put(fmt.Sprintf("/%d", i), page(fmt.Sprintf("Statement %d", i), string(noise)))
	}
	_, errs, code := start(t, nil, append([]string{"scrape", "press"}, common...)...)
	if code != 1 || !strings.Contains(errs, "hint: the disk is full") {
		t.Errorf("exit code %d: %.2000s", code, errs)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	lines := run[finding](t, nil, []int{0}, append([]string{"scrape", "press", "--recheck", "all"}, common...)...)
	if count := states(lines); count["NEW"]+count["UNCHANGED"] != 41 {
		t.Errorf("with room again: %v", count)
	}
	if kept := run[finding](t, nil, []int{0}, append([]string{"statements", "list"}, common...)...); len(kept) != 41 {
		t.Errorf("%d statements are kept of 41", len(kept))
	}
}

// A daemon outlives a full disk: it says so, and when there is room again it
// goes on by itself, with nothing lost and nothing twice.
func TestDaemonOutlivesFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { // after the database has been closed
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	p := newPress(t)
	p.put("/first", page("First", "Kept before the disk was full."))
	config := p.configure(t, "daemon: {listen: '127.0.0.1:0', operator: [ops@newsroom.example]}\nsmtp: {host: 127.0.0.1, port: 1, tls: none, from: a@volteface.example}\n")
	// Its clock is a virtual one: what it waits for passes at once.
	d := runDaemon(t, nil, "--config", config, "--data-dir", dir, "--clock", time.Now().UTC().Format(time.RFC3339))
	d.wait("first visit", visited("press"))
	const most = 40
	for i := range most {
		noise := make([]byte, 0, 80_000)
		for k := range 9_000 {
			noise = fmt.Appendf(noise, "%x ", (k+1)*(i+7)*2654435761)
		}
		p.put(fmt.Sprintf("/%d", i), page(fmt.Sprintf("Statement %d", i), string(noise)))
	}
	from := d.length()
	d.waitAfter(from, "word of the full disk", func(l logLine) bool { return strings.Contains(l.raw, "disk is full") })
	if code, body := d.get("/healthz"); code != 200 { // it waits for room; to be started anew would not help
		t.Errorf("/healthz with a full disk: %d %s", code, body)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	kept := func() int {
		return len(run[finding](t, nil, []int{0}, "statements", "list", "--json", "--config", config, "--data-dir", dir))
	}
	for deadline := time.Now().Add(3 * time.Minute); kept() != most+1; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("three minutes after there is room again %d statements are kept of %d:\n%s", kept(), most+1, tail(d.lines()))
		}
	}
	d.stop()
	if out, errs, code := start(t, nil, "fsck", "--config", config, "--data-dir", dir); code != 0 {
		t.Errorf("fsck: exit code %d, %s%s", code, out, errs)
	}
}
