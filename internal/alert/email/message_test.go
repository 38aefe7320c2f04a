package email

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
)

// What was sent is read as any mail program reads it: subject, and the two
// parts, text first (RFC 2046, section 5.1.4).
func TestMessageIsReadable(t *testing.T) {
	o := (&office{}).open(t, "none", nil)
	c := channel(t, o.port, nil, nil)
	m := message(1)
	m.Subject = "[volteface] Changed · Министерство иностранных дел · وزیر خارجه درباره پهپادها " + strings.Repeat("long ", 30) + "end"
	m.Text = "A line of =3D and …\n.\nFrom here on.\n" + strings.Repeat("x", 2000) + "\n"
	m.HTML = `<p title="a=b">` + strings.Repeat("слово ", 300) + "</p>\n"
	if _, err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	content := o.received()[0].content
	for line := range strings.SplitSeq(string(content), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes (RFC 5322, section 2.1.1)", len(line))
		}
	}
	got, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: %v", kind, err)
	}
	var parts []string
	for reader := multipart.NewReader(got.Body, parameters["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if encoding := part.Header.Get("Content-Transfer-Encoding"); encoding != "quoted-printable" {
			t.Errorf("encoding %s", encoding)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part.Header.Get("Content-Type")+"\n"+strings.ReplaceAll(string(text), "\r\n", "\n"))
	}
	if len(parts) != 2 || parts[0] != "text/plain; charset=UTF-8\n"+m.Text || parts[1] != "text/html; charset=UTF-8\n"+m.HTML {
		t.Errorf("parts %q", parts)
	}
}
