package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

var at = time.Date(2022, 11, 5, 9, 0, 0, 0, time.UTC)

func message(n int) alert.Message {
	return alert.Message{
		To: "Reader <reader@example.org>", Subject: fmt.Sprintf("[volteface] New · Ministry · Briefing %d", n),
		Text: "A text.\n", HTML: "<p>A text.</p>\n", MessageID: fmt.Sprintf("%032x", n), Thread: "k7d2mq9xvw", List: "mid", Date: at,
	}
}

func refuse(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

func TestSendOverOneConnection(t *testing.T) {
	o := (&office{}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	for n := range 5 {
		if retry, err := c.Send(t.Context(), message(n)); err != nil || retry {
			t.Fatal(retry, err)
		}
	}
	letters := o.received()
	if len(letters) != 5 || o.connections() != 1 {
		t.Fatalf("%d mails over %d connections", len(letters), o.connections())
	}
	if l := letters[0]; l.from != "alerts@example.org" || l.to != "reader@example.org" {
		t.Errorf("from %q to %q", l.from, l.to)
	}
	if o.options[0].UTF8 {
		t.Error("SMTPUTF8 was asked for without need: a server further on may refuse it")
	}
	if hello := o.hellos[0]; !strings.Contains(hello, ".") || strings.ContainsAny(hello, " /") {
		t.Errorf("introduced as %q", hello)
	}
}

func TestSendSecurely(t *testing.T) {
	certificate, trust := authority(t, "127.0.0.1")
	elsewhere, trustElsewhere := authority(t, "mail.example.org")
	_, stranger := authority(t, "127.0.0.1")
	for name, c := range map[string]struct {
		server, client     string
		shown, trusted     *tls.Config
		login              []string
		user, secret, want string
	}{
		"starttls":                {"starttls", "", certificate, trust, nil, "", "", ""},
		"tls":                     {"tls", "tls", certificate, trust, nil, "", "", ""},
		"starttls, login, plain":  {"starttls", "starttls", certificate, trust, []string{"PLAIN"}, user, password, ""},
		"starttls, login, login":  {"starttls", "starttls", certificate, trust, []string{"LOGIN"}, user, password, ""},
		"tls, login":              {"tls", "tls", certificate, trust, []string{"LOGIN", "PLAIN"}, user, password, ""},
		"no tls, login":           {"none", "none", nil, nil, []string{"PLAIN"}, user, password, ""},
		"no tls, login, login":    {"none", "none", nil, nil, []string{"LOGIN"}, user, password, ""},
		"starttls is not offered": {"none", "", nil, nil, nil, "", "", "does not offer STARTTLS"},
		"another authority":       {"starttls", "", certificate, stranger, nil, "", "", "certificate"},
		"another host":            {"tls", "tls", elsewhere, trustElsewhere, nil, "", "", "certificate"},
		"login is not offered":    {"none", "none", nil, nil, nil, user, password, "offers no login"},
		"login is wanted":         {"none", "none", nil, nil, []string{"PLAIN"}, "", "", "Authentication required"},
		"another password":        {"starttls", "", certificate, trust, []string{"PLAIN"}, user, password + "x", "Bad credentials"},
		"another password, login": {"tls", "tls", certificate, trust, []string{"LOGIN"}, user, password + "x", "Bad credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			o := (&office{login: c.login}).open(t, c.server, c.shown)
			ch := channel(t, o.port, c.trusted, func(s *Server) {
				s.TLS, s.User, s.Password = c.client, c.user, statement.Secret(c.secret)
			})
			retry, err := ch.Send(t.Context(), message(1))
			if c.want == "" {
				if err != nil || len(o.received()) != 1 || c.user != "" && len(o.users) != 1 {
					t.Fatalf("%v, %d mails, logins %q", err, len(o.received()), o.users)
				}
				return
			}
			var unavailable *alert.Unavailable
			if !retry || !errors.As(err, &unavailable) || !strings.Contains(err.Error(), c.want) || len(o.received()) != 0 {
				t.Fatalf("retry %v, %d mails, %v", retry, len(o.received()), err)
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), fmt.Sprintf("%+v", ch), fmt.Sprintf("%#v", ch)} {
				if secretless(t, text); c.secret != "" && strings.Contains(text, c.secret) {
					t.Errorf("the password is in %q", text)
				}
			}
		})
	}
}

// What an answer means: for the message (is it sent again?) and for those
// behind it (is the server asked again in this round?).
func TestSendRefused(t *testing.T) {
	const again, down = true, true
	for name, c := range map[string]struct {
		at          string
		answer      error
		again, down bool
	}{
		"no such user":          {"rcpt", refuse(550, smtp.EnhancedCode{5, 1, 1}, "No such user"), !again, !down},
		"no such user, unnamed": {"rcpt", refuse(550, smtp.NoEnhancedCode, "No such user"), !again, !down},
		"bad address":           {"rcpt", refuse(501, smtp.EnhancedCode{5, 1, 3}, "Bad recipient address syntax"), !again, !down},
		"greylisted":            {"rcpt", refuse(451, smtp.EnhancedCode{4, 7, 1}, "Greylisted"), again, !down},
		"full":                  {"rcpt", refuse(452, smtp.EnhancedCode{4, 2, 2}, "Mailbox full"), again, !down},
		"sender, seen late":     {"rcpt", refuse(550, smtp.EnhancedCode{5, 1, 8}, "Sender address rejected"), again, down},
		"login, seen late":      {"rcpt", refuse(530, smtp.EnhancedCode{5, 7, 0}, "Authentication required"), again, down},
		"closing at recipient":  {"rcpt", refuse(421, smtp.EnhancedCode{4, 3, 2}, "Shutting down"), again, down},
		"hello, seen late":      {"rcpt", refuse(504, smtp.EnhancedCode{5, 5, 2}, "Helo command rejected"), again, !down},
		"sender":                {"mail", refuse(550, smtp.EnhancedCode{5, 7, 1}, "Not you"), again, down},
		"sender, for now":       {"mail", refuse(451, smtp.EnhancedCode{4, 3, 0}, "Later"), again, down},
		"spam":                  {"data", refuse(554, smtp.EnhancedCode{5, 7, 1}, "Looks like spam"), !again, !down},
		"content, for now":      {"data", refuse(451, smtp.EnhancedCode{4, 3, 0}, "Filter is busy"), again, !down},
		"disk full":             {"data", refuse(452, smtp.EnhancedCode{4, 3, 1}, "Insufficient storage"), again, !down},
		"closing at content":    {"data", refuse(421, smtp.EnhancedCode{4, 3, 2}, "Shutting down"), again, down},
	} {
		t.Run(name, func(t *testing.T) {
			answer := c.answer
			on := func(step string) error {
				if step == c.at {
					return answer
				}
				return nil
			}
			o := (&office{
				mail: func(string, *smtp.MailOptions) error { return on("mail") },
				rcpt: func(string) error { return on("rcpt") },
				data: func(int, *smtp.Conn) error { return on("data") },
			}).open(t, "none", nil)
			ch := channel(t, o.port, nil, nil)
			retry, err := ch.Send(t.Context(), message(1))
			var unavailable *alert.Unavailable
			if err == nil || retry != c.again || errors.As(err, &unavailable) != c.down {
				t.Fatalf("retry %v, unavailable %v: %v", retry, errors.As(err, &unavailable), err)
			}
			if want := answer.(*smtp.SMTPError); !strings.Contains(err.Error(), fmt.Sprint(want.Code)) || !strings.Contains(err.Error(), want.Message) {
				t.Errorf("the server's words are missing: %v", err)
			}
			// The channel is as good as before.
			answer = nil
			if _, err := ch.Send(t.Context(), message(2)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A fault of the session looks like one of the message the first time.
func TestSendOutOfPlaceTwice(t *testing.T) {
	o := (&office{rcpt: func(string) error { return refuse(503, smtp.EnhancedCode{5, 5, 1}, "Bad sequence") }}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	var unavailable *alert.Unavailable
	for n, want := range []bool{false, true} {
		retry, err := c.Send(t.Context(), message(n))
		if !retry || errors.As(err, &unavailable) != want {
			t.Errorf("message %d: retry %v, %v", n, retry, err)
		}
	}
}

func TestSendUnusable(t *testing.T) {
	closed := scriptedClosed(t)
	polite := map[string]string{"EHLO": "250 localhost\r\n", "MAIL": "250 ok\r\n", "RCPT": "250 ok\r\n", "DATA": "354 go\r\n", "QUIT": "221 bye\r\n"}
	with := func(word, answer string) map[string]string {
		changed := map[string]string{word: answer}
		for w, a := range polite {
			if w != word {
				changed[w] = a
			}
		}
		return changed
	}
	for name, c := range map[string]struct {
		port int
		down bool
		want string
	}{
		"nobody listens":            {closed, true, "connection refused"},
		"refused at the door":       {scripted(t, "554 5.7.1 blocked\r\n", polite), true, "554 5.7.1 blocked"},
		"busy":                      {scripted(t, "421 too many connections\r\n", polite), true, "421 too many connections"},
		"hangs up at once":          {scripted(t, "", map[string]string{"EHLO": "close"}), true, "has not answered within"},
		"says nothing":              {scripted(t, "", nil), true, "has not answered within"},
		"not a mail server":         {scripted(t, "HTTP/1.1 400 Bad Request\r\n\r\n", nil), true, "cannot be used"},
		"talks without end":         {scripted(t, "220-"+strings.Repeat("x", maxHeard+10)+"\r\n", nil), true, "talks without end"},
		"bidi and bells":            {scripted(t, "554 \x07\u202eno\x1b[31m "+strings.Repeat("long ", 500)+"\r\n", nil), true, "554 no[31m long"},
		"silent after hello":        {scripted(t, "220 hi\r\n", with("EHLO", "")), true, "has not answered within"},
		"silent after sender":       {scripted(t, "220 hi\r\n", with("MAIL", "")), true, "has not answered within"},
		"silent after recipient":    {scripted(t, "220 hi\r\n", with("RCPT", "")), true, "has not answered within"},
		"hangs up on the recipient": {scripted(t, "220 hi\r\n", with("RCPT", "close")), false, "dropped the connection"},
		"silent on content":         {scripted(t, "220 hi\r\n", with("DATA", "")), false, "has not answered within"},
		"silent after content":      {scripted(t, "220 hi\r\n", polite), false, "has not answered within"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var retry, down bool
			var err error
			// On a busy machine time may be up before the server has come to
			// what it is here for: then it gets more of it.
			for _, patience := range []time.Duration{300 * time.Millisecond, 3 * time.Second, 20 * time.Second} {
				ch := channel(t, c.port, nil, func(s *Server) { s.Timeout = statement.Duration(patience) })
				retry, err = ch.Send(t.Context(), message(1))
				var unavailable *alert.Unavailable
				if down = errors.As(err, &unavailable); err != nil && down == c.down && strings.Contains(err.Error(), c.want) {
					break
				}
			}
			if err == nil || !retry || down != c.down || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("retry %v, unavailable %v: %v", retry, down, err)
			}
			if len([]rune(err.Error())) > maxReply+100 || strings.ContainsAny(err.Error(), "\r\n\x07\x1b\u202e") {
				t.Errorf("error %q", err)
			}
		})
	}
}

// scriptedClosed is a port on which nobody listens.
func scriptedClosed(t *testing.T) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().(*net.TCPAddr).Port
}

// A reply lost after the message was accepted: it goes once more, under the
// same name, so that mail readers show it once.
func TestSendAgainAfterLostReply(t *testing.T) {
	o := (&office{data: func(n int, c *smtp.Conn) error {
		if n == 1 {
			return c.Conn().Close()
		}
		return nil
	}}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	retry, err := c.Send(t.Context(), message(1))
	if err == nil || !retry || !strings.Contains(err.Error(), "dropped the connection") {
		t.Fatal(retry, err)
	}
	if _, err := c.Send(t.Context(), message(1)); err != nil {
		t.Fatal(err)
	}
	if l := o.received(); len(l) != 2 || string(l[0].content) != string(l[1].content) {
		t.Errorf("%d mails, the same: %v", len(l), len(l) == 2 && string(l[0].content) == string(l[1].content))
	}
}

// A server that hung up on an idle connection is not a failure.
func TestSendAfterIdleHangUp(t *testing.T) {
	var last *smtp.Conn
	o := (&office{data: func(_ int, c *smtp.Conn) error { last = c; return nil }}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	for n := range 3 {
		if _, err := c.Send(t.Context(), message(n)); err != nil {
			t.Fatalf("message %d: %v", n, err)
		}
		if err := last.Conn().Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(o.received()) != 3 || o.connections() != 3 {
		t.Errorf("%d mails over %d connections", len(o.received()), o.connections())
	}
}

func TestSendStopped(t *testing.T) {
	port := scripted(t, "", nil)
	c := channel(t, port, nil, func(s *Server) { s.Timeout = statement.Duration(time.Minute) })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if retry, err := c.Send(ctx, message(1)); !retry || !errors.Is(err, context.Canceled) {
		t.Errorf("retry %v, %v", retry, err)
	}
}

func TestSendToNobody(t *testing.T) {
	c := channel(t, 1, nil, nil)
	for _, to := range []string{"", "nobody", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "a@exa mple.org"} {
		m := message(1)
		m.To = to
		if retry, err := c.Send(t.Context(), m); err == nil || retry {
			t.Errorf("to %q: retry %v, %v", to, retry, err)
		}
	}
}

func TestNewPassword(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "password")
	if err := os.WriteFile(file, []byte(password+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := (&office{login: []string{"PLAIN"}}).open(t, "none", nil)
	c := channel(t, o.port, nil, func(s *Server) { s.User, s.PasswordFile = user, file })
	if _, err := c.Send(t.Context(), message(1)); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Server{
		"check smtp.password_file": {Host: "localhost", From: user, User: user, PasswordFile: filepath.Join(folder, "none")},
		"smtp.password":            {Host: "localhost", From: user, User: user},
	} {
		if _, err := New(s); err == nil || !strings.Contains(statement.HintOf(err), name) {
			t.Errorf("%v, hint %q", err, statement.HintOf(err))
		}
	}
}

// The rate to a local server over one connection; the work of the server is
// part of it.
func BenchmarkSend(b *testing.B) {
	o := (&office{}).open(b, "none", nil)
	c := channel(b, o.port, nil, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Send(b.Context(), message(1)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// What a server says of a login is shown without the password, also by Check.
func TestCheckHidesThePassword(t *testing.T) {
	o := (&office{login: []string{"PLAIN"}}).open(t, "none", nil)
	const wrong = password + "-wrong"
	ch := channel(t, o.port, nil, func(s *Server) { s.TLS, s.User, s.Password = "none", user, wrong })
	err := ch.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "Bad credentials") || strings.Contains(err.Error(), wrong) || strings.Contains(fmt.Sprintf("%#v", err), wrong) {
		t.Errorf("%v", err)
	}
}
