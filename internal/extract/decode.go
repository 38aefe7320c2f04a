package extract

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// prescan is how many bytes are searched for a declaration of the character
// set. The HTML standard says 1,024; some ministries begin with more comments.
const prescan = 4096

// Decode turns a body into UTF-8 and names the character set it was in. A byte
// order mark counts first; then bytes that are valid UTF-8 with at least one
// character beyond ASCII, whatever the header says; then the header, the
// document's own declaration, and detection by frequency. Bytes that fit no
// character become U+FFFD. The same slice is returned when nothing changes.
func Decode(body []byte, contentType string) (text []byte, name string) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return toValid(body[3:]), "utf-8"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return convert(body, "utf-16le")
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return convert(body, "utf-16be")
	}
	header := headerCharset(contentType)
	if strings.HasPrefix(header, "utf-16") && bytes.IndexByte(body, 0) < 0 {
		header = "" // markup in UTF-16 has a NUL in every tag
	}
	if !plain(body) {
		if strings.HasPrefix(header, "utf-16") {
			return convert(body, header)
		}
		if utf8.Valid(body) {
			return body, "utf-8"
		}
	} else if !stateful(header) && bytes.IndexByte(body, 0x1b) < 0 {
		return body, "utf-8" // ASCII is the same in every set that is left
	}
	declared := header
	if declared == "" {
		declared = declaredCharset(body)
	}
	switch declared {
	case "utf-8":
		if mostlyUTF8(body) {
			return toValid(body), "utf-8"
		}
		declared = "" // the declaration is wrong
		if header != "" {
			if second := declaredCharset(body); second != "utf-8" {
				declared = second
			}
		}
	case "":
		if mostlyUTF8(body) {
			return toValid(body), "utf-8"
		}
	}
	if declared == "" {
		declared = detect(body)
	}
	return convert(body, declared)
}

func headerCharset(contentType string) string {
	if contentType == "" {
		return ""
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return canonical(params["charset"])
}

// canonical is the WHATWG name of a character set, "" for an unknown label.
func canonical(label string) string {
	if label == "" {
		return ""
	}
	_, name := charset.Lookup(label)
	return name
}

// declaredCharset reads <meta charset>, <meta http-equiv> and the XML
// declaration.
func declaredCharset(body []byte) string {
	head := bytes.ToLower(body[:min(len(body), prescan)])
	for rest := head; ; {
		i := bytes.Index(rest, []byte("charset"))
		if i < 0 {
			break
		}
		rest = rest[i+len("charset"):]
		if name := canonical(labelAfterEquals(rest)); name != "" {
			return asDeclared(name)
		}
	}
	if bytes.HasPrefix(head, []byte("<?xml")) {
		end := bytes.Index(head, []byte("?>"))
		if i := bytes.Index(head, []byte("encoding")); i >= 0 && i < end {
			return asDeclared(canonical(labelAfterEquals(head[i+len("encoding"):])))
		}
	}
	return ""
}

// asDeclared corrects a declaration inside the document that cannot be true:
// one that could be read as ASCII is not in UTF-16 (HTML, section 13.2.3.2).
func asDeclared(name string) string {
	if strings.HasPrefix(name, "utf-16") {
		return "utf-8"
	}
	return name
}

func labelAfterEquals(b []byte) string {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 || b[0] != '=' {
		return ""
	}
	b = bytes.TrimLeft(b[1:], " \t\r\n\"'")
	end := bytes.IndexAny(b, " \t\r\n\"';>/?")
	if end < 0 || end > 40 {
		return ""
	}
	return string(b[:end])
}

// detect guesses by the frequency of byte sequences; windows-1252, the web's
// own default, where nothing stands out. The library's guesses come in the
// order in which they were finished, so equals are told apart by name: the
// same bytes must always give the same text.
func detect(body []byte) string {
	guesses, err := chardet.NewHtmlDetector().DetectAll(body[:min(len(body), 64<<10)])
	best, confidence := "windows-1252", 0
	if err != nil {
		return best
	}
	for _, g := range guesses {
		name := canonical(g.Charset)
		if name == "" || name == "utf-8" || strings.HasPrefix(name, "utf-16") || g.Confidence < confidence {
			continue
		}
		if g.Confidence > confidence || name != best && best != "windows-1252" && (name == "windows-1252" || name < best) {
			best, confidence = name, g.Confidence
		}
	}
	return best
}

func convert(body []byte, name string) ([]byte, string) {
	enc, name := charset.Lookup(name)
	if enc == nil || enc == encoding.Nop || name == "replacement" {
		return toValid(body), "utf-8"
	}
	text, _, err := transform.Bytes(enc.NewDecoder(), body)
	if err != nil {
		return toValid(body), "utf-8"
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), name
}

func toValid(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// plain tells whether all bytes are ASCII.
func plain(body []byte) bool {
	for _, b := range body {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stateful are the sets whose text looks like ASCII until it is decoded.
func stateful(name string) bool {
	return name == "iso-2022-jp" || strings.HasPrefix(name, "utf-16")
}

// mostlyUTF8 tells whether a body that is not valid UTF-8 still is UTF-8 with a
// few broken bytes, as truncated teasers leave them: at most one in ten of its
// sequences beyond ASCII is broken.
func mostlyUTF8(body []byte) bool {
	var good, bad int
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good >= 10*bad
}

// wide tells whether bytes full of NULs are UTF-16 by mark, header or pattern.
func wide(body []byte, contentType string) bool {
	return bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) ||
		strings.HasPrefix(headerCharset(contentType), "utf-16") || straysOnly(body)
}

// straysOnly tells whether control bytes are so few among the first ones that
// they are litter in a text: one in fifty.
func straysOnly(body []byte) bool {
	head := body[:min(len(body), 1024)]
	strays := 0
	for _, b := range head {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b {
			strays++
		}
	}
	return strays*50 <= len(head)
}
