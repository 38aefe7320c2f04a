package email

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail/smtp"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

const (
	defaultTimeout = 30 * time.Second
	maxReply       = 300 // characters kept of what a server says
	// maxLost is how many messages in a row may lose their connection, or get
	// no answer to their content, before the server counts as unusable. One may
	// be the message's own doing (some filters drop the line or think for
	// minutes) and must not hold up those behind it.
	maxLost = 2
)

// Channel is a connection to a mail server, made when first needed and kept
// for the messages that follow. It is not safe for concurrent use.
//
// It talks SMTP by itself with go-mail's smtp package rather than through
// go-mail's Client, which reports a message as failed when the server took it
// and only the RSET after it was lost: that message would be sent twice.
type Channel struct {
	server   Server        // without its password
	password func() string // a function, so that no formatting can print it
	sender   *mail.Address
	address  string // host:port
	timeout  time.Duration
	tls      *tls.Config

	client *smtp.Client // nil while not connected
	conn   net.Conn
	lost   int // messages in a row that lost their connection
}

var _ alert.Channel = (*Channel)(nil)

// New prepares a channel; it does not connect yet. It fails if the server is
// not valid or the password file cannot be read.
func New(s Server) (*Channel, error) { return newChannel(s, &tls.Config{MinVersion: tls.VersionTLS12}) }

// newChannel lets a test trust its own certificate.
func newChannel(s Server, config *tls.Config) (*Channel, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	sender, err := parseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	timeout := time.Duration(s.Timeout)
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	config.ServerName = s.Host
	s.Password = ""
	return &Channel{
		server: s, password: func() string { return password }, sender: sender,
		address: s.address(), timeout: timeout, tls: config,
	}, nil
}

// Send hands a message to the server, within the server's timeout in all.
//
// A server that cannot be reached, does not answer, wants another login or
// refuses the sender is an *alert.Unavailable: nothing is wrong with the
// message. Only a permanent refusal (5xx, RFC 5321, section 4.2.1) of this
// recipient or this message says not to try again.
func (c *Channel) Send(ctx context.Context, m alert.Message) (retry bool, err error) {
	to, err := parseAddress(m.To)
	if err != nil {
		return false, fmt.Errorf("the recipient: %w", err)
	}
	message, err := c.write(m, to)
	if err != nil {
		return false, err
	}
	bounded, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	reused := c.client != nil
	step, err := c.attempt(bounded, to, message)
	if err != nil && reused && step == atSender && dropped(err) {
		step, err = c.attempt(bounded, to, message) // servers hang up on idle or long connections
	}
	if err == nil {
		c.lost = 0
		return false, nil
	}
	if ctx.Err() != nil {
		c.hangUp()
		return true, fmt.Errorf("mail to %s: %w", to.Address, ctx.Err())
	}
	return c.judge(bounded, step, err)
}

// step is how far an attempt came.
type step string

const (
	atConnect   step = "cannot be used"
	atSender    step = "refused the sender"
	atRecipient step = "refused the recipient"
	atContent   step = "refused the message"
)

// attempt makes one transaction, connecting first where that is needed.
func (c *Channel) attempt(ctx context.Context, to *mail.Address, message io.WriterTo) (step, error) {
	if c.client == nil {
		if err := c.connect(ctx); err != nil {
			return atConnect, err
		}
	}
	conn := c.conn
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // ends a read or write that hangs
	defer stop()
	if err := c.client.Mail(angle(c.sender)); err != nil {
		c.settle(err)
		return atSender, err
	}
	if err := c.client.Rcpt(angle(to)); err != nil {
		c.settle(err)
		return atRecipient, err
	}
	body, err := c.client.Data()
	if err != nil {
		c.settle(err)
		return atContent, err
	}
	if _, err := message.WriteTo(body); err != nil {
		c.hangUp() // half a message must not be ended as if it were whole
		return atContent, err
	}
	if err := body.Close(); err != nil {
		c.settle(err)
		return atContent, err
	}
	return "", nil
}

// settle makes the connection fit for the next message after a failure, or
// ends it.
func (c *Channel) settle(err error) {
	if dropped(err) || c.client.Reset() != nil {
		c.hangUp()
	}
}

// dropped tells a lost or closing connection from an answer. 421 announces
// that the server closes it (RFC 5321, section 3.8).
func dropped(err error) bool {
	code := replyCode(err)
	return code == 0 || code == 421
}

func replyCode(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

// judge says what a failure means for the message and for those behind it.
func (c *Channel) judge(ctx context.Context, at step, err error) (retry bool, _ error) {
	code := replyCode(err)
	if code != 0 {
		c.lost = 0
	} else {
		c.lost++
	}
	host := c.server.Host
	switch {
	case ctx.Err() != nil: // the connection was closed because time was up
		c.hangUp()
		err = fmt.Errorf("the mail server %s has not answered within %s", host, c.timeout)
		return true, mark(err, at != atContent || c.lost >= maxLost)
	case at == atConnect, at == atSender, code == 421, sessionRefused(code):
		return true, mark(fmt.Errorf("the mail server %s %s: %s", host, at, c.clean(err)), true)
	case code == 0:
		return true, mark(fmt.Errorf("the mail server %s dropped the connection: %s", host, c.clean(err)), c.lost >= maxLost)
	}
	return code < 500, fmt.Errorf("the mail server %s %s: %s", host, at, c.clean(err))
}

// sessionRefused tells refusals that concern the session, not the message:
// commands not known or out of order (RFC 5321, section 4.2.3) and logins that
// are missing or too weak (RFC 4954, section 6).
func sessionRefused(code int) bool {
	return code >= 500 && code <= 504 || code == 530 || code == 534 || code == 535 || code == 538
}

func mark(err error, unavailable bool) error {
	if unavailable {
		return &alert.Unavailable{Err: err}
	}
	return err
}

// clean makes one bounded line of what a server said, and takes the password
// out of it in every form in which it was sent.
func (c *Channel) clean(err error) string {
	text := err.Error()
	if secret := c.password(); secret != "" {
		for _, form := range []string{
			base64.StdEncoding.EncodeToString([]byte("\x00" + c.server.User + "\x00" + secret)), // AUTH PLAIN
			base64.StdEncoding.EncodeToString([]byte(secret)),                                   // AUTH LOGIN
			secret,
		} {
			text = strings.ReplaceAll(text, form, statement.Secret(secret).String())
		}
	}
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)), " ")
	if runes := []rune(text); len(runes) > maxReply {
		text = string(runes[:maxReply-1]) + "…"
	}
	return text
}

// Close says goodbye to the server. It waits for an answer no longer than a
// second: there is nothing left to lose.
func (c *Channel) Close() error {
	if c.client == nil {
		return nil
	}
	if err := c.client.UpdateDeadline(time.Second); err == nil {
		_ = c.client.Quit() // whatever it answers, the connection ends
	}
	c.hangUp()
	return nil
}

func (c *Channel) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close() // it is of no use any more, whatever it says
	}
	c.client, c.conn = nil, nil
}
