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
			return errors.New("it does not offer STARTTLS (a server on port 465 wants tls: tls)")
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

// logIn uses the first way to log in that the server offers: the plain ones
// first inside TLS, where they are the best tested, and last without it.
func (c *Channel) logIn(client *smtp.Client) error {
	if c.server.User == "" {
		return nil
	}
	_, list := client.Extension("AUTH")
	offered := strings.Fields(strings.ToUpper(list))
	user, password, host := c.server.User, c.password(), c.server.Host
	ways := []string{"PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5"}
	if c.server.TLS == "none" {
		ways = []string{"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"}
	}
	for _, way := range ways {
		if !slices.Contains(offered, way) {
			continue
		}
		var auth smtp.Auth
		switch way {
		case "PLAIN":
			auth = smtp.PlainAuth("", user, password, host, c.server.TLS == "none")
		case "LOGIN":
			auth = smtp.LoginAuth(user, password, host, c.server.TLS == "none")
		case "SCRAM-SHA-256":
			auth = smtp.ScramSHA256Auth(user, password)
		case "CRAM-MD5":
			auth = smtp.CRAMMD5Auth(user, password)
		}
		if err := client.Auth(auth); err != nil {
			return fmt.Errorf("login as %s: %w", user, err)
		}
		return nil
	}
	if len(offered) == 0 {
		return errors.New("it offers no login, but smtp.user is set")
	}
	return fmt.Errorf("it offers no login that is known here: %s", strings.Join(offered, " "))
}
