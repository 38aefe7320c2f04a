package main

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A host at which nobody answers for long is given up, with a notice; once a
// person has reached it again, it is visited as before. The daemon lives
// through the time virtually.
func TestRetireAndReturn(t *testing.T) {
	gone, other := newPress(t), newPress(t)
	gone.put("/1", page("One", "The ministry denies it."))
	other.put("/2", page("Two", "The other ministry denies it."))
	config, dir := gone.configure(t, "daemon: {listen: '127.0.0.1:0', operator: [ops@newsroom.example], retire_after: 72h, recheck: [{until: 1h, every: 1h}]}\n"+
		"smtp: {host: 127.0.0.1, port: 1, tls: none, from: a@volteface.example}\n"), t.TempDir()
	sources := filepath.Join(filepath.Dir(config), "sources")
	text, err := os.ReadFile(filepath.Join(sources, "press.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	hourly := string(text) + "schedule: '@hourly'\n"
	beside := strings.NewReplacer("id: press\n", "id: other\n", gone.URL, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)).Replace(hourly)
	for name, text := range map[string]string{"press": hourly, "other": beside} {
		if err := os.WriteFile(filepath.Join(sources, name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Date(2022, 11, 1, 9, 30, 0, 0, time.UTC)
	d := runDaemon(t, nil, "--config", config, "--data-dir", dir, "--clock", begin.Format(time.RFC3339))
	d.wait("first visit", visited("press"))
	address := gone.Listener.Addr().String()
	gone.Close()
	d.wait("notice", func(l logLine) bool {
		return l.Msg == "the operator is told" && strings.Contains(l.raw, "Retired · press")
	})
	from := d.length()
	for range 30 { // hours of the other source, in which the first is left alone
		d.waitAfter(from, "visit of the other source", visited("other"))
		from = d.length()
	}
	retired := func() (at, fault string) {
		t.Helper()
		for _, l := range run[struct {
			ID      string
			Retired string `json:"retired_at"`
			Fault   string `json:"fault_since"`
		}](t, nil, []int{0}, "sources", "list", "--json", "--config", config, "--data-dir", dir) {
			if l.ID == "press" {
				return l.Retired, l.Fault
			}
		}
		t.Fatal("the source is not listed")
		return "", ""
	}
	at, fault := retired()
	since, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	if ill, err := time.Parse(time.RFC3339, fault); err != nil || since.Sub(ill) < 72*time.Hour || since.Sub(ill) > 75*time.Hour {
		t.Errorf("retired at %s, with a fault since %q: %v", since, fault, err)
	}
	db := database(t, dir)
	var later int
	var now int64
	if err := db.QueryRow(`SELECT count(*) FILTER (WHERE source = 'press' AND started_at > ?), max(started_at) FROM visits`, since.Add(time.Minute).UnixMicro()).Scan(&later, &now); err != nil {
		t.Fatal(err)
	}
	if later != 0 {
		t.Errorf("%d visits after it was retired", later)
	}

	// The host is back; a person tries it.
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("its port has been taken meanwhile: %v", err)
	}
	back := httptest.NewUnstartedServer(gone)
	_ = back.Listener.Close()
	back.Listener = listener
	back.Start()
	defer back.Close()
	gone.put("/3", page("Three", "The ministry confirms it."))
	lines := run[finding](t, nil, []int{0}, "scrape", "press", "--json", "--config", config, "--data-dir", dir, "--clock", time.UnixMicro(now).UTC().Format(time.RFC3339))
	if states(lines)["NEW"] != 1 {
		t.Errorf("%+v", lines)
	}
	if at, _ := retired(); at != "" {
		t.Errorf("it is still retired since %s", at)
	}
	from = d.length()
	if l := d.waitAfter(from, "visit after the return", visited("press")); l.Fault != "" {
		t.Errorf("the daemon's visit: %s", l.raw)
	}
	d.stop()
}
