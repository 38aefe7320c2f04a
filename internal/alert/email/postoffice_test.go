package email

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

const (
	user     = "alerts@example.org"
	password = "s3cr3t-pass phrase"
)

// office is a mail server in the process. The functions are its temper; nil
// ones accept.
type office struct {
	t    testing.TB
	port int

	login []string // ways to log in; none for no login
	token string   // what XOAUTH2 wants
	mail  func(from string, o *smtp.MailOptions) error
	rcpt  func(to string) error
	data  func(n int, c *smtp.Conn) error // n counts the messages that came whole, from 1

	mu       sync.Mutex
	sessions int
	hellos   []string
	users    []string
	options  []smtp.MailOptions
	letters  []letter
}

type letter struct {
	from, to string
	content  []byte
}

// open starts the server, with tls from the first byte, after STARTTLS, or
// never, as the word of Server.TLS says.
func (o *office) open(t testing.TB, security string, certificate *tls.Config) *office {
	t.Helper()
	o.t = t
	server := smtp.NewServer(o)
	server.Domain = "localhost"
	server.ErrorLog = log.New(io.Discard, "", 0) // it complains of clients that hang up, which is what is tested
	server.AllowInsecureAuth = security == "none"
	server.EnableSMTPUTF8 = true
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.port = listener.Addr().(*net.TCPAddr).Port
	switch security {
	case "tls":
		listener = tls.NewListener(listener, certificate)
	case "starttls":
		server.TLSConfig = certificate
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // Close does not know of a listener that Serve has not yet reached
		<-done
	})
	return o
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sessions++
	o.hellos = append(o.hellos, c.Hostname())
	s := &session{office: o, conn: c}
	if len(o.login) > 0 {
		return &guarded{session: s}, nil
	}
	return s, nil
}

func (o *office) received() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]letter(nil), o.letters...)
}

func (o *office) connections() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sessions
}

type session struct {
	*office
	conn     *smtp.Conn
	from, to string
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	s.from = from
	s.mu.Lock()
	s.options = append(s.options, *o)
	s.mu.Unlock()
	if s.mail != nil {
		return s.mail(from, o)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.rcpt != nil {
		return s.rcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.letters = append(s.letters, letter{s.from, s.to, content})
	n := len(s.letters)
	s.mu.Unlock()
	if s.data != nil {
		return s.data(n, s.conn)
	}
	return nil
}

// guarded is a session that wants a login first.
type guarded struct {
	*session
	in bool
}

func (s *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !s.in {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	return s.session.Mail(from, o)
}

func (s *guarded) AuthMechanisms() []string { return s.login }

func (s *guarded) check(name, secret string) error {
	if name != user || secret != password {
		// A server that says too much must not make us say it again.
		return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Bad credentials: " + name + " / " + secret}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users, s.in = append(s.users, name), true
	return nil
}

func (s *guarded) Auth(way string) (sasl.Server, error) {
	switch way {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, name, secret string) error { return s.check(name, secret) }), nil
	case "XOAUTH2":
		return &tokenServer{s}, nil
	case "CRAM-MD5":
		return &challengeServer{session: s}, nil
	}
	return &loginServer{check: s.check}, nil
}

// tokenServer is the server's side of XOAUTH2, as Google and Microsoft have it.
type tokenServer struct{ *guarded }

func (s *tokenServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if string(response) != "user="+user+"\x01auth=Bearer "+s.token+"\x01\x01" {
		return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Bad token: " + string(response[:20])}
	}
	s.in = true
	return nil, true, nil
}

// challengeServer is the server's side of CRAM-MD5 (RFC 2195).
type challengeServer struct {
	session *guarded
	asked   bool
}

func (s *challengeServer) Next(response []byte) (challenge []byte, done bool, err error) {
	const once = "<1896.697170952@localhost>"
	if !s.asked {
		s.asked = true
		return []byte(once), false, nil
	}
	mac := hmac.New(md5.New, []byte(password))
	mac.Write([]byte(once))
	if string(response) != fmt.Sprintf("%s %x", user, mac.Sum(nil)) {
		return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "No"}
	}
	s.session.in = true
	return nil, true, nil
}

func asUnavailable(err error, as **alert.Unavailable) bool { return errors.As(err, as) }

// loginServer is the server's side of AUTH LOGIN
// (draft-murchison-sasl-login-00).
type loginServer struct {
	check func(name, secret string) error
	step  int
	name  string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.name = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.name, string(response))
}

// scripted answers every connection with lines of its own: the greeting, then
// one answer for each command, by its first word. A command without an answer
// gets none; "close" hangs up.
func scripted(t testing.TB, greeting string, answers map[string]string) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var owned sync.WaitGroup
	talk := func(conn net.Conn) {
		defer conn.Close()
		_, _ = io.WriteString(conn, greeting)
		lines := bufio.NewScanner(conn)
		for lines.Scan() {
			word, _, _ := strings.Cut(lines.Text(), " ")
			word, _, _ = strings.Cut(word, ":")
			answer := answers[strings.ToUpper(word)]
			if answer == "close" {
				return
			}
			if _, err := io.WriteString(conn, answer); err != nil {
				return
			}
		}
	}
	owned.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			owned.Go(func() {
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		owned.Wait()
	})
	return listener.Addr().(*net.TCPAddr).Port
}

// authority makes a certificate authority and a certificate for names that it
// signed: what a server shows, and what a client who trusts it needs.
func authority(t testing.TB, names ...string) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "volteface test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "mail"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	root, err := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return server, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// channel opens a channel to a port of this machine; change may alter the
// settings.
func channel(t testing.TB, port int, trust *tls.Config, change func(*Server)) *Channel {
	t.Helper()
	s := Server{
		Host: "127.0.0.1", Port: port, TLS: "none", From: "volteface <alerts@example.org>",
		Timeout: statement.Duration(time.Minute),
	}
	if change != nil {
		change(&s)
	}
	if trust == nil {
		trust = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c, err := newChannel(s, trust)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// secretless fails if the password, in any form in which it is sent, is in the
// text.
func secretless(t testing.TB, text string) {
	t.Helper()
	for _, form := range []string{password, "czNjcjN0LXBhc3MgcGhyYXNl", "AGFsZXJ0c0BleGFtcGxlLm9yZwBzM2NyM3QtcGFzcyBwaHJhc2U="} {
		if bytes.Contains([]byte(text), []byte(form)) {
			t.Errorf("the password is in %q", text)
		}
	}
}
