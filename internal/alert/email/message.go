package email

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"volteface/internal/alert"
	"volteface/internal/statement"
)

// Writer makes mails of messages.
type Writer struct {
	from        *mail.Address
	unsubscribe string
	sign        *dkim.SignOptions // nil for unsigned ones
}

// NewWriter prepares what the mails of a server have in common. It fails if the
// sender is no address or the DKIM key cannot be read.
func NewWriter(s Server) (*Writer, error) {
	from, err := parseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	w := &Writer{from: from, unsubscribe: s.Unsubscribe}
	if s.DKIM.Selector != "" {
		key, err := s.DKIM.key()
		if err != nil {
			return nil, statement.WithHint(err, "smtp.dkim wants a private key in PEM (PKCS #1 or #8), RSA or Ed25519")
		}
		domain := s.DKIM.Domain
		if domain == "" {
			domain = domainOf(from)
		}
		w.sign = &dkim.SignOptions{
			Domain: domain, Selector: s.DKIM.Selector, Signer: key,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
			HeaderKeys: []string{
				"From", "To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "MIME-Version", "Content-Type",
				"List-Id", "List-Unsubscribe", "Auto-Submitted",
			},
		}
	}
	return w, nil
}

// Write makes the mail of a message: the same on every attempt, but for the
// time of a signature.
func (w *Writer) Write(m alert.Message) ([]byte, error) {
	to, err := parseAddress(m.To)
	if err != nil {
		return nil, fmt.Errorf("the recipient: %w", err)
	}
	domain := domainOf(w.from)
	// Nothing in the boundary may need quotes (RFC 2045, section 5.1): the library writes none.
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("volteface."+m.MessageID))
	if err := message.From(w.from.String()); err != nil {
		return nil, fmt.Errorf("the sender: %w", err)
	}
	if err := message.To(to.String()); err != nil {
		return nil, fmt.Errorf("the recipient: %w", err)
	}
	message.Subject(m.Subject)
	message.SetDateWithValue(m.Date)
	message.SetMessageIDWithValue(m.MessageID + "@" + domain)
	if m.Thread != "" {
		root := "<" + m.Thread + "@" + domain + ">"
		message.SetGenHeader(gomail.HeaderReferences, root)
		message.SetGenHeader(gomail.HeaderInReplyTo, root)
	}
	if m.List != "" {
		message.SetGenHeader(gomail.Header("List-Id"), fmt.Sprintf("<%s.volteface.%s>", m.List, domain)) // RFC 2919
	}
	if w.unsubscribe != "" {
		message.SetGenHeader(gomail.Header("List-Unsubscribe"), "<"+w.unsubscribe+">") // RFC 2369
	}
	if m.Urgent {
		message.SetImportance(gomail.ImportanceHigh)
	}
	message.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var plain, signed bytes.Buffer
	if _, err := message.WriteTo(&plain); err != nil {
		return nil, err
	}
	if w.sign == nil {
		return plain.Bytes(), nil
	}
	if err := dkim.Sign(&signed, &plain, w.sign); err != nil {
		return nil, fmt.Errorf("sign the mail: %w", err)
	}
	return signed.Bytes(), nil
}

// key reads the private key.
func (d DKIM) key() (crypto.Signer, error) {
	text := []byte(d.Key.Reveal())
	if d.KeyFile != "" {
		content, err := statement.ReadSecret(d.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the DKIM key: %w", err)
		}
		text = []byte(content.Reveal())
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the DKIM key is not in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the DKIM key cannot be read") // without what the parser says of it
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("the DKIM key is of a kind that cannot sign")
	}
	return signer, nil
}

// parseAddress reads an address, with its domain in the form of the DNS (RFC
// 5890), which every server understands.
func parseAddress(text string) (*mail.Address, error) {
	address, err := mail.ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not an e-mail address", text)
	}
	domain := domainOf(address)
	if isASCII(domain) {
		return address, nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return nil, fmt.Errorf("%q is not an e-mail address: its domain is not one", text)
	}
	address.Address = strings.TrimSuffix(address.Address, domain) + ascii
	return address, nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func domainOf(a *mail.Address) string { return a.Address[strings.LastIndexByte(a.Address, '@')+1:] }

// angle is the address alone, as MAIL and RCPT take it.
func angle(a *mail.Address) string { return (&mail.Address{Address: a.Address}).String() }
