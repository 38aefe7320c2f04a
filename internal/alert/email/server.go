// Package email sends alerts by SMTP.
package email

import (
	"errors"
	"fmt"
	"net"
	"os"
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
	From         string             `yaml:"from,omitempty" json:"from,omitempty" jsonschema_description:"sender, for example volteface <alerts@example.org>"`
	Timeout      statement.Duration `yaml:"timeout,omitempty" json:"timeout,omitempty" jsonschema_description:"longest wait for the server (default 30s)"`
}

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
	case s.Password != "" && s.PasswordFile != "":
		return statement.WithHint(errors.New("both password and password_file are given"), "keep one of them")
	case s.User == "" && (s.Password != "" || s.PasswordFile != ""):
		return statement.WithHint(errors.New("there is a password, but no user"), "add user")
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
	content, err := os.ReadFile(s.PasswordFile)
	if err != nil {
		return "", statement.WithHint(fmt.Errorf("read the mail password: %w", err), "check smtp.password_file")
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}
