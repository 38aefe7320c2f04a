package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// opened is a desk that the program serves, and what it says.
type opened struct {
	*testing.T
	command *exec.Cmd
	address string
	setUp   string // link for the first administrator, if one was printed
	ended   chan error
}

// openDesk starts the program and waits until its desk is open.
func openDesk(t *testing.T, args ...string) *opened {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	d := &opened{T: t, command: exec.CommandContext(ctx, binary, args...), ended: make(chan error, 1)}
	says, err := d.command.StderrPipe()
	must(t, err)
	must(t, d.command.Start())
	lines := bufio.NewScanner(says)
	var all []string
	link := regexp.MustCompile(`^http://\S+/set-up\?token=\w+$`)
	started := args[0] != "run" // the daemon says so itself: told to stop before, it ends with an error
	for (d.address == "" || !started) && lines.Scan() {
		started = started || strings.Contains(lines.Text(), "msg=started")
		all = append(all, lines.Text())
		if link.MatchString(lines.Text()) {
			d.setUp = lines.Text()
		}
		if at := regexp.MustCompile(`address=(http://[^ ]+)/`).FindStringSubmatch(lines.Text()); at != nil && strings.Contains(lines.Text(), "the desk is open") {
			d.address = at[1]
		}
	}
	if d.address == "" {
		t.Fatalf("volteface %v: no desk\n%s", args, strings.Join(all, "\n"))
	}
	go func() {
		for lines.Scan() { // so that it is not held up
		}
		d.ended <- d.command.Wait()
	}()
	return d
}

// stop tells the program to stop, and wants it to do so within ten seconds.
func (d *opened) stop() {
	d.Helper()
	must(d.T, d.command.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-d.ended:
		if err != nil {
			d.Errorf("it ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		_ = d.command.Process.Kill()
		d.Fatal("it does not stop")
	}
}

// A person sets the desk up, reads, and stops it; afterwards it is served read-only, to everybody, and nothing is written.
func TestServe(t *testing.T) {
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	archive := filepath.Join(folder, "archive.jsonl")
	must(t, os.WriteFile(archive, []byte(`{"source": "kremlin", "url": "http://en.kremlin.ru/events/president/news/1", "title": "On the <b>talks</b>", "published": "2001-03-12T18:00:00+03:00", "text": "We denied it."}`+"\n"), 0o600))
	if _, stderr, code := start(t, nil, "import", archive, "--data-dir", data); code != 0 {
		t.Fatal(stderr)
	}
	listed := run[shown](t, nil, []int{0}, "statements", "list", "--json", "--data-dir", data)
	page := "/statements/" + listed[0].ID

	if _, stderr, code := start(t, nil, "serve", "--read-only", "--data-dir", data); code != 1 || !strings.Contains(stderr, "hint: add --public") {
		t.Errorf("a desk that nobody could use: %d %s", code, stderr)
	}
	d := openDesk(t, "serve", "--listen", "127.0.0.1:0", "--data-dir", data)
	if d.setUp == "" {
		t.Fatal("no link for the first administrator")
	}
	jar, err := cookiejar.New(nil)
	must(t, err)
	client := &http.Client{Jar: jar, Timeout: time.Minute}
	token, err := url.Parse(d.setUp)
	must(t, err)
	answer, err := client.PostForm(d.address+"/set-up", url.Values{"token": token.Query()["token"], "login": {"desk"}, "name": {"The desk"},
		"password": {"correct horse battery"}, "again": {"correct horse battery"}})
	must(t, err)
	if body := read(t, answer); answer.StatusCode != http.StatusOK || !strings.Contains(body, "<h1>Inbox</h1>") {
		t.Fatalf("set up: %d %s", answer.StatusCode, body)
	}
	answer, err = client.Get(d.address + page)
	must(t, err)
	if body := read(t, answer); answer.StatusCode != http.StatusOK || !strings.Contains(body, "On the &lt;b&gt;talks&lt;/b&gt;") {
		t.Errorf("%s: %d %s", page, answer.StatusCode, body)
	}
	d.stop()

	before, err := os.ReadFile(filepath.Join(data, "volteface.db"))
	must(t, err)
	d = openDesk(t, "serve", "--listen", "127.0.0.1:0", "--read-only", "--public", "--data-dir", data)
	if d.setUp != "" {
		t.Error("a second link, though somebody can sign in")
	}
	answer, err = http.Get(d.address + page)
	must(t, err)
	if body := read(t, answer); answer.StatusCode != http.StatusOK || !strings.Contains(body, "read-only") {
		t.Errorf("read-only: %d %s", answer.StatusCode, body)
	}
	answer, err = http.PostForm(d.address+"/sign-in", url.Values{"login": {"desk"}, "password": {"correct horse battery"}})
	must(t, err)
	if body := read(t, answer); answer.StatusCode >= 400 {
		t.Errorf("sign in: %d %s", answer.StatusCode, body)
	}
	d.stop()
	after, err := os.ReadFile(filepath.Join(data, "volteface.db"))
	must(t, err)
	if string(before) != string(after) {
		t.Error("a desk that is read-only has written")
	}
	people := run[struct{ Login, Role, State string }](t, nil, []int{0}, "people", "list", "--json", "--data-dir", data)
	if got := fmt.Sprint(people); got != "[{desk admin active}]" {
		t.Error(got)
	}
	if _, stderr, code := start(t, nil, "people", "link", "deks", "--data-dir", data); code != 2 || !strings.Contains(stderr, `did you mean "desk"?`) {
		t.Errorf("%d %s", code, stderr)
	}
	links := run[struct{ Link string }](t, nil, []int{0}, "people", "link", "DESK", "--json", "--data-dir", data)
	if len(links) != 1 || !strings.HasPrefix(links[0].Link, "http://127.0.0.1:9818/password?token=") {
		t.Error(links)
	}
}

// The daemon serves the desk where the configuration says so.
func TestRunServesTheDesk(t *testing.T) {
	folder := t.TempDir()
	config := filepath.Join(folder, "volteface.yaml")
	must(t, os.MkdirAll(filepath.Join(folder, "sources"), 0o700))
	must(t, os.WriteFile(config, []byte("sources_dir: sources\nweb: {listen: '127.0.0.1:0', public: true}\ndaemon: {listen: none}\nhttp: {proxy: 'http://127.0.0.1:1'}\n"), 0o600))
	d := openDesk(t, "run", "--config", config, "--data-dir", filepath.Join(folder, "data"))
	answer, err := http.Get(d.address + "/")
	must(t, err)
	if body := read(t, answer); answer.StatusCode != http.StatusOK || !strings.Contains(body, "Nothing needs you here") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
	d.stop()
}

func read(t *testing.T, answer *http.Response) string {
	t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return string(body)
}
