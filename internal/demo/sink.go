package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMail is the largest mail the sink takes.
const maxMail = 4 << 20

// Sink is a mail server on a loopback address that puts every mail into a
// file of its own and forwards nothing.
type Sink struct {
	folder   string
	server   *smtp.Server
	listener net.Listener
	done     chan error

	mu    sync.Mutex
	mails []string
}

// NewSink starts a sink that keeps mails in the folder, made if need be.
func NewSink(folder string) (*Sink, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s := &Sink{folder: folder, done: make(chan error, 1)}
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.server = smtp.NewServer(s)
	s.server.Domain = "localhost"
	s.server.MaxMessageBytes = maxMail
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	go func() { s.done <- s.server.Serve(s.listener) }()
	return s, nil
}

// Port is the port the sink listens on, at 127.0.0.1.
func (s *Sink) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Mails are the files of the mails received, in order.
func (s *Sink) Mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mails...)
}

// Close stops the sink.
func (s *Sink) Close() error {
	err := s.server.Close()
	if served := <-s.done; served != nil && !errors.Is(served, smtp.ErrServerClosed) && !errors.Is(served, net.ErrClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// NewSession implements smtp.Backend.
func (s *Sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s}, nil }

type session struct{ sink *Sink }

func (*session) Mail(string, *smtp.MailOptions) error { return nil }
func (*session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*session) Reset()                               {}
func (*session) Logout() error                        { return nil }

// Data keeps one mail.
func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(r, maxMail))
	if err != nil {
		return err
	}
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	path := filepath.Join(s.sink.folder, fmt.Sprintf("%02d.eml", len(s.sink.mails)+1))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	s.sink.mails = append(s.sink.mails, path)
	return nil
}
