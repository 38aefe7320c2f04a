// Package replaytest starts the replay proxy for a test: real captured
// official pages behind an ordinary HTTP proxy, under a clock that the test
// moves. Tests that use it are skipped where the recordings are not at hand:
// the environment variable VOLTEFACE_SHARED names the folder that holds them.
package replaytest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Shared is the folder of the recordings; the test is skipped if it is not set.
func Shared(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("VOLTEFACE_SHARED")
	if folder == "" {
		t.Skip("VOLTEFACE_SHARED is not set: the recorded pages are not at hand")
	}
	return folder
}

// Proxy is a running replay proxy.
type Proxy struct {
	Proxy   string // its address, for HTTP_PROXY and HTTPS_PROXY
	CAFile  string // its certificate authority, for SSL_CERT_FILE
	Control string // address of its control API

	t testing.TB
}

// Start runs a replay proxy over packs (names of recorded packs, or folders of
// a test's own) at the virtual time now; it is stopped when the test ends. More
// arguments are passed on: "--latency-ms", "50" lets requests overlap.
func Start(t testing.TB, packs []string, now time.Time, more ...string) *Proxy {
	t.Helper()
	folder := filepath.Join(Shared(t), "replay")
	args := []string{filepath.Join(folder, "replay.py"), "--now", now.UTC().Format(time.RFC3339)}
	for _, pack := range packs {
		if !filepath.IsAbs(pack) {
			pack = filepath.Join(folder, "packs", pack)
		}
		args = append(args, "--pack", pack)
	}
	command := exec.Command("python3", append(args, more...)...)
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("start the replay proxy: %v", err)
	}
	t.Cleanup(func() { stop(command) })
	// A proxy that hangs before it is ready must not hang the test.
	giveUp := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer giveUp.Stop()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		stop(command) // so that its complaint is complete
		t.Fatalf("the replay proxy did not start: %v\n%s", err, complaint.String())
	}
	var ready struct{ Proxy, CA, Control string }
	if err := json.Unmarshal(line, &ready); err != nil {
		t.Fatalf("the replay proxy says %q: %v", line, err)
	}
	return &Proxy{Proxy: ready.Proxy, CAFile: ready.CA, Control: ready.Control, t: t}
}

// For is the same proxy for a test within the one that started it.
func (p *Proxy) For(t testing.TB) *Proxy {
	one := *p
	one.t = t
	return &one
}

// stop ends the proxy the polite way, so that it removes its certificates.
func stop(command *exec.Cmd) {
	if command.ProcessState != nil {
		return
	}
	_ = command.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(5*time.Second, func() { _ = command.Process.Kill() })
	defer kill.Stop()
	_ = command.Wait()
}

// Env is what a program under test needs in its environment to go through the
// proxy and to trust it, as os/exec takes it.
func (p *Proxy) Env() []string {
	return []string{
		"HTTP_PROXY=" + p.Proxy, "HTTPS_PROXY=" + p.Proxy, "http_proxy=" + p.Proxy, "https_proxy=" + p.Proxy,
		"NO_PROXY=", "no_proxy=", "SSL_CERT_FILE=" + p.CAFile,
	}
}

// SetClock moves the proxy's clock to t, forwards or back.
func (p *Proxy) SetClock(t time.Time) {
	p.t.Helper()
	p.call(http.MethodPost, "/clock", map[string]any{"now": t.UTC().Format(time.RFC3339)}, nil)
}

// Advance moves the proxy's clock on by d, in whole seconds.
func (p *Proxy) Advance(d time.Duration) {
	p.t.Helper()
	p.call(http.MethodPost, "/clock", map[string]any{"advance": fmt.Sprintf("%ds", int64(d/time.Second))}, nil)
}

// Now is the proxy's time.
func (p *Proxy) Now() time.Time {
	p.t.Helper()
	var is struct{ Now time.Time }
	p.call(http.MethodGet, "/clock", nil, &is)
	return is.Now
}

// Fault is a disturbance of answers. Host and Kind are needed; what the other
// fields mean for each kind, the proxy's README tells.
type Fault struct {
	Host       string  `json:"host"` // "*" for every host
	Kind       string  `json:"kind"` // status reset slow truncate challenge redirect-loop bomb huge wrong-charset
	URLPrefix  string  `json:"url_prefix,omitempty"`
	Count      int     `json:"count,omitempty"` // requests it hits; 0 for all
	Delay      float64 `json:"delay,omitempty"` // seconds before the first byte
	Status     int     `json:"status,omitempty"`
	RetryAfter string  `json:"retry_after,omitempty"`
	Chunk      int     `json:"chunk,omitempty"`    // bytes
	Interval   float64 `json:"interval,omitempty"` // seconds
	Size       int64   `json:"size,omitempty"`     // bytes, unpacked
	Charset    string  `json:"charset,omitempty"`
}

// Fault adds a disturbance; the first that matches a request is used.
func (p *Proxy) Fault(f Fault) {
	p.t.Helper()
	p.call(http.MethodPost, "/fault", f, nil)
}

// ClearFaults removes every disturbance.
func (p *Proxy) ClearFaults() {
	p.t.Helper()
	p.call(http.MethodDelete, "/fault", nil, nil)
}

// Request is one line of the proxy's log.
type Request struct {
	N               int       `json:"n"`
	Wall            float64   `json:"wall"` // seconds since 1970, by the machine
	Virtual         time.Time `json:"virtual"`
	Method          string    `json:"method"`
	Host            string    `json:"host"`
	URL             string    `json:"url"`
	Path            string    `json:"path"`
	Status          int       `json:"status"` // 0: reset, or still under way
	Bytes           int64     `json:"bytes"`
	Seconds         float64   `json:"seconds"`
	IfNoneMatch     string    `json:"if_none_match"`
	IfModifiedSince string    `json:"if_modified_since"`
	AcceptEncoding  string    `json:"accept_encoding"`
	UserAgent       string    `json:"user_agent"`
	InFlight        int       `json:"in_flight"` // of the host, itself included
	Fault           string    `json:"fault"`     // kind of the disturbance it met
}

// Log is every request so far, or those of one host.
func (p *Proxy) Log(host ...string) []Request {
	p.t.Helper()
	path := "/log"
	if len(host) > 0 {
		path += "?host=" + url.QueryEscape(host[0])
	}
	var log struct{ Requests []Request }
	p.call(http.MethodGet, path, nil, &log)
	return log.Requests
}

// ClearLog empties the log.
func (p *Proxy) ClearLog() {
	p.t.Helper()
	p.call(http.MethodDelete, "/log", nil, nil)
}

// Stats is what the proxy counted of one host.
type Stats struct {
	Requests    int            `json:"requests"`
	Statuses    map[string]int `json:"statuses"`
	Bytes       int64          `json:"bytes"`
	Conditional int            `json:"conditional"`
	MaxInFlight int            `json:"max_in_flight"`
	MinGap      *float64       `json:"min_gap_s"` // seconds; nil for fewer than two requests
	FirstPath   string         `json:"first_path"`
}

// Stats is the count by host.
func (p *Proxy) Stats() map[string]Stats {
	p.t.Helper()
	var stats struct{ Hosts map[string]Stats }
	p.call(http.MethodGet, "/stats", nil, &stats)
	return stats.Hosts
}

// URLs are the addresses that have a version now, removed ones included.
func (p *Proxy) URLs(host string) []string {
	p.t.Helper()
	var list struct {
		URLs []string `json:"urls"`
	}
	p.call(http.MethodGet, "/urls?host="+url.QueryEscape(host), nil, &list)
	return list.URLs
}

// Turns lists, for each address of some packs, the moments at which what it
// answers becomes another.
func Turns(t testing.TB, packs []string) map[string][]time.Time {
	t.Helper()
	turns := map[string][]time.Time{}
	for _, pack := range packs {
		index, err := os.Open(filepath.Join(Shared(t), "replay", "packs", pack, "index.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer index.Close()
		for decoder := json.NewDecoder(index); decoder.More(); {
			var version struct {
				URL   string
				From  time.Time
				Until *time.Time
			}
			if err := decoder.Decode(&version); err != nil {
				t.Fatal(err)
			}
			turns[version.URL] = append(turns[version.URL], version.From)
			if version.Until != nil {
				turns[version.URL] = append(turns[version.URL], *version.Until)
			}
		}
	}
	return turns
}

// control reaches the control API whatever proxy the environment names.
var control = &http.Client{Transport: &http.Transport{Proxy: nil}, Timeout: 30 * time.Second}

func (p *Proxy) call(method, path string, send, receive any) {
	p.t.Helper()
	var body io.Reader
	if send != nil {
		encoded, err := json.Marshal(send)
		if err != nil {
			p.t.Fatal(err)
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequest(method, p.Control+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := control.Do(req)
	if err != nil {
		p.t.Fatalf("replay proxy: %v", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatalf("replay proxy: %v", err)
	}
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("replay proxy: %s %s: %s: %s", method, path, resp.Status, answer)
	}
	if receive != nil {
		if err := json.Unmarshal(answer, receive); err != nil {
			p.t.Fatalf("replay proxy: %s %s: %v in %s", method, path, err, answer)
		}
	}
}

// Peak is the most memory that a process has held so far, in bytes (proc(5)); 0 once it has
// ended, or where the system does not tell. What is told of a child that has ended counts the
// memory of the test that started it.
func Peak(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kilobytes int64
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(rest, &kilobytes) // 0 where there is none
	return kilobytes << 10
}
