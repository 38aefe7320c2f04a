package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A second signal ends the program at once, whatever it waits for; here a pipe
// to which nobody writes.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	command := exec.Command(binary, "import", "-", "--data-dir", filepath.Join(t.TempDir(), "data"))
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for signals := 0; ; signals++ {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || signals < 2 {
				t.Errorf("after %d signals: %v", signals, err)
			}
			return
		case <-time.After(time.Second): // the program has begun to wait, or has taken the signal
		}
		if signals == 20 {
			_ = command.Process.Kill()
			<-ended
			t.Fatal("deaf to twenty signals")
		}
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
}

// What a configuration names and is no file does not hold the daemon up.
func TestRunRefusesPipes(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"shoutrrr": "channels: {chat: {shoutrrr_file: " + pipe + "}}\nalerts: [{events: [new], to: [chat]}]\n",
		"zero":     "channels: {chat: {shoutrrr_file: /dev/zero}}\nalerts: [{events: [new], to: [chat]}]\n",
		"webhook":  "channels: {hook: {webhook: 'http://127.0.0.1:1/', secret_file: " + pipe + "}}\nalerts: [{events: [new], to: [hook]}]\n",
		"dkim":     "smtp: {host: 127.0.0.1, from: a@example.org, dkim: {selector: a, key_file: " + pipe + "}}\nalerts: [{events: [new], to: [b@example.org]}]\n",
		"sources":  "sources_dir: sources\n",
	} {
		config := filepath.Join(folder, name+".yaml")
		must(t, os.WriteFile(config, []byte("daemon: {listen: none}\n"+text), 0o600))
		if name == "sources" {
			must(t, syscall.Mkdir(filepath.Join(folder, "sources"), 0o700))
			must(t, syscall.Mkfifo(filepath.Join(folder, "sources", "x.yaml"), 0o600))
		}
		began := time.Now()
		_, stderr, code := start(t, nil, "run", "--config", config, "--data-dir", filepath.Join(folder, "data-"+name))
		if took := time.Since(began); code != 1 || took > 30*time.Second || !strings.Contains(stderr, "not a regular file") {
			t.Errorf("%s: exit code %d after %s: %s", name, code, took, stderr)
		}
	}
	_, stderr, code := start(t, nil, "sources", "list", "--config", pipe)
	if code != 1 || !strings.Contains(stderr, "not a regular file") {
		t.Errorf("a pipe for a configuration: exit code %d: %s", code, stderr)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
