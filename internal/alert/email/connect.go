package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// connect dials, greets, encrypts and logs in.
func (c *Channel) connect(ctx context.Context) (err error) {
	var dialer net.Dialer
	dialled, err := dialer.DialContext(ctx, "tcp", c.address)
	if err != nil {
		return err
	}
	raw := &bounded{Conn: dialled, left: maxHeard}
	var conn net.Conn = raw
	stop := context.AfterFunc(ctx, func() { raw.Close() }) // ends a handshake that hangs
	defer stop()
	defer func() {
		if err != nil {
			c.client, c.conn = nil, nil
			_ = raw.Close() // the failure has been told
		}
	}()
	if c.server.TLS == "tls" {
		secure := tls.Client(conn, c.tls)
		if err := secure.HandshakeContext(ctx); err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
		conn = secure
	}
	client, err := smtp.NewClient(conn, c.server.Host)
	if err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	if err := client.Hello(helloName(raw.LocalAddr())); err != nil {
		return err
	}
	if c.server.startTLS() {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return unsuited("it does not offer STARTTLS (a server on port 465 wants tls: tls)")
		}
		if err := client.StartTLS(c.tls); err != nil {
			return fmt.Errorf("STARTTLS: %w", err)
		}
	}
	if err := c.logIn(client); err != nil {
		return err
	}
	c.client, c.conn = client, raw
	return nil
}

// bounded ends a connection whose other end says more than it has reason to:
// a reply is read into memory as a whole.
type bounded struct {
	net.Conn
	left int // bytes it may still say
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("it talks without end")
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// helloName is how this machine introduces itself: by its full name, or where
// it has none by its address (RFC 5321, section 4.1.4), because many servers
// refuse a name without a dot.
func helloName(local net.Addr) string {
	host, err := os.Hostname()
	if err == nil && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsFunc(host, notInHost) {
		return host
	}
	address, ok := local.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case address.IP.To4() != nil:
		return "[" + address.IP.String() + "]"
	default:
		return "[IPv6:" + address.IP.String() + "]" // without the zone, which means nothing to others
	}
}

func notInHost(r rune) bool {
	return !(r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
}

// unsuited is a failure to connect that another attempt will not mend.
type unsuited string

func (e unsuited) Error() string { return string(e) }

// settled tells failures to connect that a person has to look at: what the
// server does not offer, and its certificate.
func settled(err error) bool {
	var lacking unsuited
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &lacking) || errors.As(err, &certificate)
}

// ways to log in, the best tested first; without TLS those first that do not
// show the password.
var (
	waysInTLS   = []string{"PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5"}
	waysInClear = []string{"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"}
)

// logIn uses the way to log in that is configured, or the first that the
// server offers. The password is read anew each time: a file may hold a token
// that another program renews.
func (c *Channel) logIn(client *smtp.Client) error {
	if c.server.User == "" {
		return nil
	}
	if c.server.PasswordFile != "" {
		fresh, err := c.server.password()
		if err != nil {
			return err
		}
		c.password = func() string { return fresh }
	}
	_, list := client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(list))
	ways := waysInTLS
	if c.server.TLS == "none" {
		ways = waysInClear
	}
	if c.server.Auth != "" {
		ways = []string{strings.ToUpper(c.server.Auth)}
	}
	for _, way := range ways {
		if !slices.Contains(offered, way) {
			continue
		}
		if err := client.Auth(c.auth(way)); err != nil {
			return fmt.Errorf("login as %s: %w", c.server.User, err)
		}
		return nil
	}
	switch {
	case len(offered) == 0:
		return unsuited("it offers no login, but smtp.user is set")
	case c.server.Auth != "":
		return unsuited(fmt.Sprintf("it does not offer the login %s, only %s", c.server.Auth, strings.Join(offered, " ")))
	}
	return unsuited("it offers no login that is used unasked (xoauth2 has to be configured): " + strings.Join(offered, " "))
}

func (c *Channel) auth(way string) smtp.Auth {
	user, password, host, clear := c.server.User, c.password(), c.server.Host, c.server.TLS == "none"
	switch way {
	case "LOGIN":
		return smtp.LoginAuth(user, password, host, clear)
	case "SCRAM-SHA-256":
		return smtp.ScramSHA256Auth(user, password)
	case "CRAM-MD5":
		return smtp.CRAMMD5Auth(user, password)
	case "XOAUTH2":
		return smtp.XOAuth2Auth(user, password)
	}
	return smtp.PlainAuth("", user, password, host, clear)
}
