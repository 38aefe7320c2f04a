package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"volteface/internal/alert"
	"volteface/internal/replaytest"
	"volteface/internal/statement"
	"volteface/state"
	"volteface/state/sqlite"
)

// hostile is a mail server of every bad temper there is.
type hostile struct {
	mu       sync.Mutex
	random   *rand.Rand
	kind     bool            // takes everything
	locked   int             // logins still to be refused
	greylist map[string]bool // recipients seen before
	refused  map[string]bool // recipients refused for good
	received map[string]int  // Message-IDs
	lost     int             // mails stored whose reply was lost
	trouble  map[string]int
}

func (h *hostile) happens(what string, percent float64) bool {
	if h.kind || h.random.Float64()*100 >= percent {
		return false
	}
	h.trouble[what]++
	return true
}

func (h *hostile) NewSession(c *smtp.Conn) (smtp.Session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.happens("busy at the door", 2) {
		return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Too many connections"}
	}
	return &hostileSession{hostile: h, conn: c}, nil
}

type hostileSession struct {
	*hostile
	conn *smtp.Conn
	to   string
	in   bool
}

func (s *hostileSession) Reset()                   {}
func (s *hostileSession) Logout() error            { return nil }
func (s *hostileSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *hostileSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.locked > 0 && !s.kind {
			s.locked--
			s.trouble["login refused"]++
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Bad credentials"}
		}
		s.in = true
		return nil
	}), nil
}

func (s *hostileSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	return nil
}

func (s *hostileSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	switch {
	case strings.HasSuffix(to, "7@refused.example"):
		s.refused[to] = true
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
	case !s.greylist[to] && s.happens("greylisted", 10):
		s.greylist[to] = true
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted"}
	case s.happens("hung at the recipient", 0.1):
		s.mu.Unlock()
		time.Sleep(1500 * time.Millisecond)
		s.mu.Lock()
	case s.happens("shutting down", 0.3):
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Shutting down"}
	}
	return nil
}

var messageID = regexp.MustCompile(`^<([0-9a-f]{32})@`)

func (s *hostileSession) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil { // the whole of it came
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.happens("filter busy", 1):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Filter is busy"}
	case s.happens("dropped before it was stored", 0.3):
		return errors.Join(errors.New("dropped"), s.conn.Conn().Close())
	}
	id := messageID.FindStringSubmatch(m.Header.Get("Message-Id"))
	if id == nil {
		return fmt.Errorf("no Message-ID: %q", m.Header.Get("Message-Id"))
	}
	s.received[id[1]]++
	if s.happens("dropped after it was stored", 0.5) {
		s.lost++
		return errors.Join(errors.New("dropped"), s.conn.Conn().Close())
	}
	return nil
}

func (h *hostile) open(t *testing.T) (port int) {
	t.Helper()
	server := smtp.NewServer(h)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close()
		<-done
	})
	return listener.Addr().(*net.TCPAddr).Port
}

// fill puts n alerts about one statement into the outbox of a new data folder,
// one for each of n people, of whom the given share does not exist.
func fill(t *testing.T, dir string, n int, refuse func(i int) bool) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(dir, "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	at := time.Now().UTC().Add(-time.Minute).Truncate(time.Microsecond)
	if err := store.Update(t.Context(), func(tx state.Tx) error {
		if err := tx.PutStatement(statement.Statement{ID: "abcdefghjk", Source: "press", URL: "https://mid.example/1", Revision: 1, FirstSeen: at}); err != nil {
			return err
		}
		if err := tx.PutRevision(statement.Revision{Statement: "abcdefghjk", N: 1, Title: "A title", Body: strings.Repeat("A paragraph of the statement.\n\n", 30)}); err != nil {
			return err
		}
		ev := statement.Event{At: at, State: statement.New, Source: "press", Statement: "abcdefghjk", Revision: 1}
		if ev.ID, err = tx.AddEvent(ev); err != nil {
			return err
		}
		rule := alert.Rule{Name: "all", Events: []string{"new"}}
		for i := range n {
			domain := "reader.example"
			if refuse(i) {
				domain = "refused.example"
			}
			rule.To = append(rule.To, fmt.Sprintf("r%d@%s", i, domain))
		}
		alerts, err := alert.NewRouter([]alert.Rule{rule}, nil, 0).Route(alert.Occasion{Event: ev, Source: statement.Source{ID: "press"}})
		if err != nil {
			return err
		}
		for _, a := range alerts {
			if err := tx.Enqueue(a); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Alerts go out through a mail server that refuses, greylists, hangs, drops the
// line before and after it has stored a mail and refuses the login for a while,
// from a process that is killed at random: none is lost, and no more come twice
// than there were kills and lost replies.
func TestHostileMailServer(t *testing.T) {
	alerts, kills := 500, 4
	if os.Getenv("VOLTEFACE_LONG") != "" {
		alerts, kills = 10_000, 25
	}
	seed := time.Now().UnixNano()
	random := rand.New(rand.NewSource(seed))
	t.Logf("seed %d", seed)
	h := &hostile{random: rand.New(rand.NewSource(seed + 1)), locked: 3, greylist: map[string]bool{}, refused: map[string]bool{}, received: map[string]int{}, trouble: map[string]int{}}
	port, dir := h.open(t), t.TempDir()
	gone := func(i int) bool { return i%50 == 7 }
	fill(t, dir, alerts, gone)
	config := filepath.Join(t.TempDir(), "volteface.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "smtp: {host: 127.0.0.1, port: %d, tls: none, user: u, password: p, from: alerts@volteface.example, timeout: 1s}\n", port), 0o600); err != nil {
		t.Fatal(err)
	}
	common := []string{"--json", "--config", config, "--data-dir", dir}
	began, rounds, killed := time.Now(), 0, 0
	for ; ; rounds++ {
		if rounds == 2000 {
			t.Fatal("it does not come to an end")
		}
		h.mu.Lock()
		h.kind = rounds > 1500
		h.mu.Unlock()
		command := exec.Command(binary, append([]string{"alerts", "retry"}, common...)...)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < kills {
			time.Sleep(time.Duration(300+random.Intn(2500)) * time.Millisecond)
			if command.Process.Kill() == nil {
				killed++
			}
		}
		_ = command.Wait()
		if killed == kills && left(t, dir) == 0 {
			break
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	raw, want, lost := 0, 0, 0
	for _, n := range h.received {
		raw += n
	}
	for i := range alerts {
		if !gone(i) {
			want++
		}
	}
	lost = want - len(h.received)
	duplicates := raw - len(h.received)
	t.Logf("%d alerts, %d refused for good, %d kills (K), %d replies lost (L), %d rounds in %s: %d lost, %d duplicates (K + L = %d); trouble: %v",
		alerts, len(h.refused), killed, h.lost, rounds+1, time.Since(began).Round(time.Second), lost, duplicates, killed+h.lost, h.trouble)
	if lost != 0 || duplicates > killed+h.lost || len(h.refused) != alerts-want {
		t.Errorf("%d lost, %d duplicates, %d refused", lost, duplicates, len(h.refused))
	}
}

// left is how many alerts are neither sent nor refused.
func left(t *testing.T, dir string) (n int) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(dir, "volteface.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	waiting, err := store.Alerts(t.Context(), state.AlertFilter{States: []statement.AlertState{statement.Pending, statement.Sending}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range waiting {
		if a.Kind == statement.AlertEvent {
			n++
		}
	}
	return n
}

// 100,000 alerts wait: sending them, and finding that they cannot be sent,
// takes a bounded amount of memory.
func TestMemoryOfManyAlerts(t *testing.T) {
	if os.Getenv("VOLTEFACE_LONG") == "" {
		t.Skip("VOLTEFACE_LONG is not set")
	}
	dir := t.TempDir()
	fill(t, dir, 100_000, func(int) bool { return false })
	h := &hostile{kind: true, greylist: map[string]bool{}, refused: map[string]bool{}, received: map[string]int{}, trouble: map[string]int{}}
	for name, port := range map[string]int{"nobody listens": closedPort(t), "they are sent": h.open(t)} {
		config := filepath.Join(t.TempDir(), "volteface.yaml")
		if err := os.WriteFile(config, fmt.Appendf(nil, "smtp: {host: 127.0.0.1, port: %d, tls: none, user: u, password: p, from: alerts@volteface.example}\n", port), 0o600); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(binary, "alerts", "retry", "--json", "--config", config, "--data-dir", dir)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		stop := time.AfterFunc(time.Minute, func() { _ = command.Process.Signal(syscall.SIGTERM) })
		ended, peak := make(chan error, 1), 0
		go func() { ended <- command.Wait() }()
		for running := true; running; {
			select {
			case <-ended:
				running = false
			case <-time.After(20 * time.Millisecond):
				peak = max(peak, int(replaytest.Peak(command.Process.Pid)>>20))
			}
		}
		stop.Stop()
		h.mu.Lock()
		t.Logf("100,000 alerts wait, %s: peak memory %d MB, %d received, %s of CPU", name, peak, len(h.received), command.ProcessState.UserTime().Round(10*time.Millisecond))
		h.mu.Unlock()
		if peak == 0 || peak > 150 {
			t.Errorf("%d MB", peak)
		}
	}
}
