package email

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// What is signed is verified with the key that the DNS would give.
func TestDKIM(t *testing.T) {
	old, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, young, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(young)
	if err != nil {
		t.Fatal(err)
	}
	known, err := x509.MarshalPKIXPublicKey(old.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ key, record string }{
		"rsa":     {string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(old)})), "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(known)},
		"ed25519": {string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})), "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)},
	} {
		file := filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(file, []byte(c.key), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, d := range []DKIM{{Selector: "alerts", KeyFile: file}, {Selector: "alerts", Key: statement.Secret(c.key), Domain: "example.org"}} {
			w, err := NewWriter(Server{From: "volteface <alerts@example.org>", DKIM: d, Unsubscribe: "mailto:desk@example.org?subject=unsubscribe"})
			if err != nil {
				t.Fatal(err)
			}
			content, err := w.Write(message(1))
			if err != nil {
				t.Fatal(err)
			}
			verified, err := dkim.VerifyWithOptions(bytes.NewReader(content), &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
				if domain != "alerts._domainkey.example.org" {
					t.Errorf("asked for %s", domain)
				}
				return []string{c.record}, nil
			}})
			if err != nil || len(verified) != 1 || verified[0].Err != nil || verified[0].Domain != "example.org" {
				t.Errorf("%s: %v, %+v", name, err, verified)
			}
		}
	}
	for _, bad := range []string{"", "not PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := NewWriter(Server{From: "a@example.org", DKIM: DKIM{Selector: "s", Key: statement.Secret(bad)}}); err == nil || statement.HintOf(err) == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// The headers that mail programs and people's filters go by.
func TestHeaders(t *testing.T) {
	w, err := NewWriter(Server{From: "volteface <alerts@example.org>", Unsubscribe: "https://example.org/off?x=1"})
	if err != nil {
		t.Fatal(err)
	}
	m := message(1)
	m.Urgent = true
	m.Subject = "[volteface] \r\nBcc: everyone@example.org"
	m.To = `"Reader \r\nBcc: x" <reader@example.org>`
	content, err := w.Write(m)
	if err != nil {
		t.Skip("refused, which is as well") // a name with line breaks is no address
	}
	got, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id": "<00000000000000000000000000000001@example.org>", "References": "<k7d2mq9xvw@example.org>", "In-Reply-To": "<k7d2mq9xvw@example.org>",
		"List-Id": "<mid.volteface.example.org>", "List-Unsubscribe": "<https://example.org/off?x=1>", "Auto-Submitted": "auto-generated", "Importance": "high", "Bcc": "",
	} {
		if got.Header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.Header.Get(header), want)
		}
	}
}

// Addresses outside ASCII: the domain in the letters of the DNS, the part
// before it as it is, where the server knows SMTPUTF8.
func TestInternationalAddresses(t *testing.T) {
	o := (&office{}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	for to, want := range map[string]string{
		"Иван <desk@пример.рф>": "desk@xn--e1afmkfd.xn--p1ai", "δοκιμή@παράδειγμα.gr": "δοκιμή@xn--hxajbheg2az3al.gr", "用户@example.org": "用户@example.org",
	} {
		m := message(1)
		m.To = to
		if _, err := c.Send(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", to, err)
		}
		letters := o.received()
		l := letters[len(letters)-1]
		if l.to != want || o.options[len(o.options)-1].UTF8 == isASCII(want) {
			t.Errorf("%s: to %q, SMTPUTF8 %v", to, l.to, o.options[len(o.options)-1].UTF8)
		}
		got, err := mail.ReadMessage(bytes.NewReader(l.content))
		if err != nil {
			t.Fatal(err)
		}
		if list, err := got.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != want {
			t.Errorf("%s: the mail says %q (%v)", to, got.Header.Get("To"), err)
		}
	}
	plain := scripted(t, "220 hi\r\n", map[string]string{"EHLO": "250 localhost\r\n", "MAIL": "250 ok\r\n", "RCPT": "250 ok\r\n", "DATA": "354 go\r\n", "RSET": "250 ok\r\n", "QUIT": "221 bye\r\n"})
	c = channel(t, plain, nil, nil)
	m := message(1)
	m.To = "用户@example.org"
	if retry, err := c.Send(t.Context(), m); !retry || err == nil || !strings.Contains(err.Error(), "SMTPUTF8") {
		t.Errorf("a server that does not know them: %v, %v", retry, err)
	}
}

// An access token is read anew for each connection, and never shown.
func TestTokens(t *testing.T) {
	const token = "s3cr3t-access-token"
	file := filepath.Join(t.TempDir(), "token")
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("expired")
	o := (&office{login: []string{"XOAUTH2", "PLAIN"}, token: token}).open(t, "none", nil)
	c := channel(t, o.port, nil, func(s *Server) { s.User, s.Auth, s.PasswordFile = user, "xoauth2", file })
	retry, err := c.Send(t.Context(), message(1))
	if !retry || err == nil || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte("expired"))) {
		t.Fatalf("retry %v, %v", retry, err)
	}
	put(token)
	if _, err := c.Send(t.Context(), message(2)); err != nil || len(o.received()) != 1 {
		t.Fatal(err)
	}
	other := channel(t, o.port, nil, func(s *Server) { s.User, s.Auth, s.Password = user, "cram-md5", "x" })
	if _, err := other.Send(t.Context(), message(3)); err == nil || !strings.Contains(err.Error(), "does not offer the login cram-md5") {
		t.Error(err)
	}
	var unavailable *alert.Unavailable
	_, err = other.Send(t.Context(), message(3))
	if ok := asUnavailable(err, &unavailable); !ok || !unavailable.Person {
		t.Errorf("nobody is told: %v", err)
	}
}

func TestChallenge(t *testing.T) {
	o := (&office{login: []string{"CRAM-MD5"}}).open(t, "none", nil)
	c := channel(t, o.port, nil, func(s *Server) { s.User, s.Password = user, password })
	if _, err := c.Send(t.Context(), message(1)); err != nil || len(o.received()) != 1 {
		t.Fatal(err)
	}
	wrong := channel(t, o.port, nil, func(s *Server) { s.User, s.Password, s.Auth = user, password+"x", "cram-md5" })
	if retry, err := wrong.Send(t.Context(), message(1)); !retry || err == nil {
		t.Error(retry, err)
	}
}
