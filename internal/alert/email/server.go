// Package email sends alerts by SMTP.
package email

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"volteface/internal/statement"
)

// Server is the mail server to hand messages to.
type Server struct {
	Host         string             `yaml:"host,omitempty" json:"host,omitempty" jsonschema_description:"name of the mail server"`
	Port         int                `yaml:"port,omitempty" json:"port,omitempty" jsonschema_description:"its port (default: 587, or 465 with tls, or 25 with none)"`
	TLS          string             `yaml:"tls,omitempty" json:"tls,omitempty" jsonschema:"enum=starttls,enum=tls,enum=none" jsonschema_description:"starttls (default), tls from the first byte, or none"`
	User         string             `yaml:"user,omitempty" json:"user,omitempty" jsonschema_description:"name to log in with; none for no login"`
	Password     statement.Secret   `yaml:"password,omitempty" json:"password,omitempty" jsonschema_description:"write ${NAME} to take it from the environment"`
	PasswordFile string             `yaml:"password_file,omitempty" json:"password_file,omitempty" jsonschema_description:"file that holds the password"`
	Auth         string             `yaml:"auth,omitempty" json:"auth,omitempty" jsonschema:"enum=plain,enum=login,enum=cram-md5,enum=scram-sha-256,enum=xoauth2" jsonschema_description:"way to log in (default: the best that the server offers); for xoauth2 the password is an access token, best in a password_file that another program renews"`
	From         string             `yaml:"from,omitempty" json:"from,omitempty" jsonschema_description:"sender, for example volteface <alerts@example.org>"`
	Timeout      statement.Duration `yaml:"timeout,omitempty" json:"timeout,omitempty" jsonschema_description:"longest wait for the server (default 30s)"`
	Unsubscribe  string             `yaml:"unsubscribe,omitempty" json:"unsubscribe,omitempty" jsonschema_description:"address for List-Unsubscribe: mailto:desk@example.org?subject=unsubscribe, or https://..."`
	DKIM         DKIM               `yaml:"dkim,omitempty" json:"dkim,omitempty" jsonschema_description:"signs mails, where the mail server does not"`
}

// DKIM is the key that signs mails (RFC 6376).
type DKIM struct {
	Domain   string           `yaml:"domain,omitempty" json:"domain,omitempty" jsonschema_description:"the domain that signs (default: the sender's)"`
	Selector string           `yaml:"selector,omitempty" json:"selector,omitempty" jsonschema_description:"name of the key below _domainkey in the DNS"`
	Key      statement.Secret `yaml:"key,omitempty" json:"key,omitempty" jsonschema_description:"private key in PEM, RSA or Ed25519; write ${NAME} to take it from the environment"`
	KeyFile  string           `yaml:"key_file,omitempty" json:"key_file,omitempty" jsonschema_description:"file that holds the private key"`
}

// ways a server may be logged in to, as they are written in the configuration.
var authWays = []string{"plain", "login", "cram-md5", "scram-sha-256", "xoauth2"}

// Validate checks what can be checked without asking the server.
func (s Server) Validate() error {
	switch {
	case s.Host == "":
		return statement.WithHint(errors.New("there are alerts, but no mail server"), "write smtp: {host: mail.example.org, from: alerts@example.org}")
	case s.Port < 0 || s.Port > 65535:
		return statement.WithHint(fmt.Errorf("%d is not a port", s.Port), "587, 465 or 25")
	case strings.ContainsAny(s.Host, ":/@ \t\r\n") && net.ParseIP(s.Host) == nil:
		return statement.WithHint(fmt.Errorf("%q is not the name of a mail server", s.Host), "the name alone, such as mail.example.org; the port has its own key")
	case s.TLS != "" && s.TLS != "starttls" && s.TLS != "tls" && s.TLS != "none":
		hint := "one of starttls, tls, none"
		if near := statement.Nearest(s.TLS, []string{"starttls", "tls", "none"}); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return statement.WithHint(fmt.Errorf("tls: %q", s.TLS), hint)
	case s.Auth != "" && !slices.Contains(authWays, s.Auth):
		hint := "one of " + strings.Join(authWays, ", ")
		if near := statement.Nearest(s.Auth, authWays); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return statement.WithHint(fmt.Errorf("auth: %q", s.Auth), hint)
	case s.Auth != "" && s.User == "":
		return statement.WithHint(errors.New("there is a way to log in, but no user"), "add user")
	case s.DKIM.Key != "" && s.DKIM.KeyFile != "":
		return statement.WithHint(errors.New("both dkim.key and dkim.key_file are given"), "keep one of them")
	case (s.DKIM.Key != "" || s.DKIM.KeyFile != "") != (s.DKIM.Selector != ""):
		return statement.WithHint(errors.New("DKIM needs both a key and its selector"), "write dkim: {selector: alerts, key_file: /etc/volteface/dkim.pem}")
	case s.Password != "" && s.PasswordFile != "":
		return statement.WithHint(errors.New("both password and password_file are given"), "keep one of them")
	case s.User == "" && (s.Password != "" || s.PasswordFile != ""):
		return statement.WithHint(errors.New("there is a password, but no user"), "add user")
	}
	if u, err := url.Parse(s.Unsubscribe); err != nil || s.Unsubscribe != "" && (u.Scheme != "mailto" && u.Scheme != "https" || strings.ContainsAny(s.Unsubscribe, "<>, \t\r\n")) {
		return statement.WithHint(fmt.Errorf("unsubscribe: %q", s.Unsubscribe), "write mailto:desk@example.org?subject=unsubscribe, or an https address")
	}
	if _, err := parseAddress(s.From); err != nil {
		return statement.WithHint(fmt.Errorf("the sender %q is not an e-mail address", s.From), "write from: alerts@example.org")
	}
	return nil
}

// startTLS tells whether the connection begins in the clear and is encrypted
// before anything is said; that is the default.
func (s Server) startTLS() bool { return s.TLS == "" || s.TLS == "starttls" }

// address is host and port; without a port, the standard one (RFC 6409, RFC
// 8314, RFC 5321).
func (s Server) address() string {
	port := s.Port
	if port == 0 {
		switch s.TLS {
		case "tls":
			port = 465
		case "none":
			port = 25
		default:
			port = 587
		}
	}
	return net.JoinHostPort(s.Host, strconv.Itoa(port))
}

// password reads the password from where it is kept.
func (s Server) password() (string, error) {
	if s.PasswordFile == "" {
		return s.Password.Reveal(), nil
	}
	content, err := statement.ReadSecret(s.PasswordFile)
	if err != nil {
		return "", statement.WithHint(fmt.Errorf("read the mail password: %w", err), "check smtp.password_file")
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}
