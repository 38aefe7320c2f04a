package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

const defaultTimeout = 30 * time.Second

// Channel is a connection to a mail server, made when first needed and kept
// for the messages that follow. It is not safe for concurrent use.
type Channel struct {
	server    Server
	domain    string // of the sender
	client    *gomail.Client
	connected bool
}

var _ alert.Channel = (*Channel)(nil)

// New prepares a channel; it does not connect yet.
func New(s Server) (*Channel, error) { return newWithTLS(s, nil) }

// newWithTLS lets a test trust its own certificate.
func newWithTLS(s Server, config *tls.Config) (*Channel, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	timeout := time.Duration(s.Timeout)
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	options := []gomail.Option{gomail.WithTimeout(timeout)}
	port := s.Port
	switch s.TLS {
	case "tls":
		options = append(options, gomail.WithSSL())
		port = orDefault(port, 465)
	case "none":
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		port = orDefault(port, 25)
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
		port = orDefault(port, 587)
	}
	options = append(options, gomail.WithPort(port))
	if config != nil {
		options = append(options, gomail.WithTLSConfig(config))
	}
	if s.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.TLS == "none" {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.User), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, statement.WithHint(fmt.Errorf("prepare the mail server: %w", err), "check smtp in the configuration")
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, err
	}
	return &Channel{server: s, client: client, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}, nil
}

func orDefault(port, standard int) int {
	if port == 0 {
		return standard
	}
	return port
}

// Send hands a message to the server. A refused login, an unreachable server
// or a failed handshake is an *alert.Unavailable: nothing is wrong with the
// message. Only a permanent refusal (5xx, RFC 5321, section 4.2.1) of this
// recipient or message says not to try again.
func (c *Channel) Send(ctx context.Context, m alert.Message) (retry bool, err error) {
	message, err := c.write(m)
	if err != nil {
		return false, err
	}
	if !c.connected {
		if err := c.client.DialWithContext(ctx); err != nil {
			return true, &alert.Unavailable{Err: c.clean(fmt.Errorf("the mail server %s cannot be used: %w", c.server.Host, err))}
		}
		c.connected = true
	}
	err = c.client.Send(message)
	if err == nil {
		return false, nil
	}
	err = c.clean(err)
	var sending *gomail.SendError
	if errors.As(err, &sending) && !sending.IsTemp() && permanent(sending) {
		c.reset()
		return false, err
	}
	c.hangUp()
	return true, err
}

// permanent tells a refusal of the recipient or the message from trouble with
// the connection.
func permanent(e *gomail.SendError) bool {
	if e.ErrorCode() < 500 {
		return false
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrWriteContent:
		return true
	}
	return false
}

// reset clears the server's memory of a refused message, or hangs up.
func (c *Channel) reset() {
	if err := c.client.Reset(); err != nil {
		c.hangUp()
	}
}

func (c *Channel) hangUp() {
	_ = c.client.Close() // it is of no use any more, whatever it says
	c.connected = false
}

// clean keeps the password out of what a server repeats.
func (c *Channel) clean(err error) error {
	secret, bad := c.server.password()
	if bad != nil || secret == "" || !strings.Contains(err.Error(), secret) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), secret, "********"))
}

// Close ends the connection.
func (c *Channel) Close() error {
	if !c.connected {
		return nil
	}
	c.connected = false
	return c.client.Close()
}

func (c *Channel) write(m alert.Message) (*gomail.Msg, error) {
	message := gomail.NewMsg()
	if err := message.From(c.server.From); err != nil {
		return nil, err
	}
	if err := message.To(m.To); err != nil {
		return nil, err
	}
	message.Subject(m.Subject)
	message.SetDateWithValue(m.Date)
	message.SetMessageIDWithValue(m.MessageID + "@" + c.domain)
	if m.Thread != "" {
		root := "<" + m.Thread + "@" + c.domain + ">"
		message.SetGenHeader(gomail.HeaderReferences, root)
		message.SetGenHeader(gomail.HeaderInReplyTo, root)
	}
	if m.List != "" {
		message.SetGenHeader(gomail.Header("List-Id"), fmt.Sprintf("<%s.volteface.%s>", m.List, c.domain))
	}
	message.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return message, nil
}
