package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
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
	// filterTime is how many times longer than for any other answer the
	// server is waited for once it has the whole message: 5 minutes by default.
	// It may be looking at the message, and whoever gives up too early gets it
	// delivered twice (RFC 5321, section 4.5.3.2.6, which asks for 10 minutes).
	filterTime = 10
	maxReply   = 300     // characters kept of what a server says
	maxHeard   = 1 << 20 // bytes a server may say for one message; some hundred are usual, and certificates a few thousand
	// maxLost is how many messages in a row may lose their connection, get no
	// answer to their content or an answer out of place, before the server
	// counts as unusable. One may be the message's own doing (some filters drop
	// the line or think for long) and must not hold up those behind it.
	maxLost = 2
)

// errSlow ends an attempt that waits too long.
var errSlow = errors.New("no answer")

// errNotInternational says that a server cannot take an address: another, or a
// newer one, may.
var errNotInternational = errors.New("it does not know addresses outside ASCII (SMTPUTF8, RFC 6531)")

// Channel is a connection to a mail server, made when first needed and kept
// for the messages that follow. It is not safe for concurrent use.
//
// It talks SMTP by itself with go-mail's smtp package rather than through
// go-mail's Client, which reports a message as failed when the server took it
// and only the RSET after it was lost: that message would be sent twice.
type Channel struct {
	server   Server        // without its secrets
	password func() string // a function, so that no formatting can print it
	writer   *Writer
	address  string // host:port
	timeout  time.Duration
	tls      *tls.Config

	client *smtp.Client // nil while not connected
	conn   *bounded
	lost   int // messages in a row that failed without a clear answer
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
	writer, err := NewWriter(s)
	if err != nil {
		return nil, err
	}
	if s.User != "" && password == "" {
		return nil, statement.WithHint(errors.New("there is a mail user, but no password"), "write smtp.password: ${NAME} and set NAME in the environment, or name a smtp.password_file")
	}
	timeout := time.Duration(s.Timeout)
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	config.ServerName = s.Host
	s.Password, s.DKIM.Key = "", ""
	return &Channel{
		server: s, password: func() string { return password }, writer: writer,
		address: s.address(), timeout: timeout, tls: config,
	}, nil
}

// Send hands a message to the server: all but the last answer within the
// server's timeout, the last one, to the whole message, within ten times that.
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
	message, err := c.writer.Write(m)
	if err != nil {
		return false, err
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := time.AfterFunc(c.timeout, func() { cancel(errSlow) })
	defer patience.Stop()
	reused := c.client != nil
	step, err := c.attempt(limited, patience, to, message)
	if err != nil && reused && step == atSender && dropped(err) {
		step, err = c.attempt(limited, patience, to, message) // servers hang up on idle or long connections
	}
	if err == nil {
		c.lost = 0
		return false, nil
	}
	if ctx.Err() != nil {
		c.hangUp()
		return true, fmt.Errorf("mail to %s: %w", to.Address, ctx.Err())
	}
	return c.judge(limited, step, err)
}

// step is how far an attempt came.
type step int

const (
	atConnect step = iota
	atSender
	atRecipient
	atContent
	atEnd // the whole message has been handed over
)

func (s step) String() string {
	return [...]string{"cannot be used", "refused the sender", "refused the recipient", "refused the message", "refused the message"}[s]
}

// attempt makes one transaction, connecting first where that is needed. The
// end of patience ends ctx.
func (c *Channel) attempt(ctx context.Context, patience *time.Timer, to *mail.Address, message []byte) (step, error) {
	if c.client == nil {
		if err := c.connect(ctx); err != nil {
			return atConnect, err
		}
	}
	conn := c.conn
	conn.left = maxHeard
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // ends a read or write that hangs
	defer stop()
	international := !isASCII(c.writer.from.Address) || !isASCII(to.Address)
	if offered, _ := c.client.Extension("SMTPUTF8"); international && !offered {
		return atRecipient, errNotInternational
	}
	c.client.SkipSMTPUTF8(!international) // nothing else needs it, and not every server further on has it (RFC 6531)
	if err := c.client.Mail(angle(c.writer.from)); err != nil {
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
	if _, err := body.Write(message); err != nil {
		c.hangUp() // half a message must not be ended as if it were whole
		return atContent, err
	}
	patience.Reset(filterTime * c.timeout)
	if err := body.Close(); err != nil {
		c.settle(err)
		return atEnd, err
	}
	return atEnd, nil
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
	code, host := replyCode(err), c.server.Host
	switch {
	case errors.Is(err, errNotInternational):
		return true, fmt.Errorf("the mail server %s %s: %w", host, at, err)
	case ctx.Err() != nil: // the connection was closed because time was up
		c.hangUp()
		c.lost++
		waited := c.timeout
		if at == atEnd {
			waited *= filterTime
		}
		err = fmt.Errorf("the mail server %s has not answered within %s", host, waited)
		return true, mark(err, at < atContent || c.lost >= maxLost)
	case code == 421, at == atConnect, at == atSender, loginWanted(code):
		return true, &alert.Unavailable{
			Err:    fmt.Errorf("the mail server %s %s: %s", host, at, c.clean(err)),
			Person: code >= 500 || settled(err),
		}
	case code == 0:
		c.lost++
		return true, mark(fmt.Errorf("the mail server %s dropped the connection: %s", host, c.clean(err)), c.lost >= maxLost)
	case at == atRecipient && senderRefused(err):
		return true, &alert.Unavailable{Err: fmt.Errorf("the mail server %s %s: %s", host, atSender, c.clean(err)), Person: true}
	case outOfPlace(code) && !(at == atRecipient && addressRefused(err)):
		c.lost++
		return true, mark(fmt.Errorf("the mail server %s %s: %s", host, at, c.clean(err)), c.lost >= maxLost)
	}
	c.lost = 0
	return code < 500, fmt.Errorf("the mail server %s %s: %s", host, at, c.clean(err))
}

// loginWanted tells answers that ask for a login, or a better one (RFC 4954,
// section 6).
func loginWanted(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }

// outOfPlace tells answers about the commands rather than about what they
// carry (RFC 5321, section 4.2.3): more likely than not the session is at
// fault, and another server, or this one tomorrow, takes the message.
func outOfPlace(code int) bool { return code >= 500 && code <= 504 }

// addressRefused and senderRefused read the enhanced code of an answer (RFC
// 3463, section 3.2): 5.1.x is about addresses, 5.1.7 and 5.1.8 about the
// sender's, which many servers only judge when they know the recipient.
func addressRefused(err error) bool {
	return strings.HasPrefix(replyText(err), "5.1.") && !senderRefused(err)
}

func senderRefused(err error) bool {
	text := replyText(err)
	return strings.HasPrefix(text, "5.1.7 ") || strings.HasPrefix(text, "5.1.8 ")
}

func replyText(err error) string {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Msg
	}
	return ""
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
	var reply *textproto.Error
	if errors.As(err, &reply) { // which since Go 1.26 quotes what the server said
		text = strings.ReplaceAll(text, reply.Error(), fmt.Sprintf("%03d %s", reply.Code, reply.Msg))
	}
	if secret, user := c.password(), c.server.User; secret != "" { // alone, and as AUTH PLAIN and XOAUTH2 send it
		text = alert.Hide(secret, "\x00"+user+"\x00"+secret, "user="+user+"\x01auth=Bearer "+secret+"\x01\x01")(text)
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

// Check greets the mail server, encrypts and logs in, and sends nothing.
func (c *Channel) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if c.client != nil {
		return nil
	}
	if err := c.connect(ctx); err != nil {
		return statement.WithHint(errors.New(c.clean(err)), statement.HintOf(err)) // which may repeat the password
	}
	return nil
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
