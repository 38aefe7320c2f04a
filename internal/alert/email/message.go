package email

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"volteface/internal/alert"
)

// write makes the mail of a message: the same bytes on every attempt.
func (c *Channel) write(m alert.Message, to *mail.Address) (*gomail.Msg, error) {
	domain := domainOf(c.sender)
	// Nothing in the boundary may need quotes (RFC 2045, section 5.1): the library writes none.
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("volteface."+m.MessageID))
	if err := message.From(c.sender.String()); err != nil {
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
	message.SetGenHeader(gomail.Header("Auto-Submitted"), "auto-generated") // RFC 3834
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	message.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return message, nil
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
