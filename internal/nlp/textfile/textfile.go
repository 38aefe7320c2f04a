// Package textfile reads text files that people saved, in whatever character set their program chose: UTF-8, UTF-16 as Notepad
// saves it, windows-1251, Shift_JIS and so on. A byte order mark tells the set; so does UTF-8 itself. Among the others the one
// counts in which the bytes read as a language (package language). Where two could be meant and the text would differ, the file
// is refused with their names: a quote that was never said is worse than a question.
//
// Names of character sets are those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org).
package textfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"volteface/internal/statement"
)

// Errors a caller can test for.
var (
	// ErrNotText says that the bytes are no text in any character set.
	ErrNotText = errors.New("this is not a text file")
	// ErrCharset says that the character set cannot be told, or is not the one that was named.
	ErrCharset = errors.New("the character set is not clear")
)

// Text is a text as it was read.
type Text struct {
	Bytes   []byte // UTF-8, without a byte order mark
	Charset string // that it was in
	Guessed bool   // by what the bytes read as: neither marked, nor named, nor UTF-8
	Broken  int    // places in UTF-8 that are no character, shown as U+FFFD
}

// mark is a byte order mark (Unicode 16, section 23.8).
type mark struct {
	bytes, name string
	encoding    encoding.Encoding
}

// marks are told apart in this order: that of UTF-32 begins like that of UTF-16.
var marks = []mark{
	{"\xef\xbb\xbf", "utf-8", encoding.Nop},
	{"\xff\xfe\x00\x00", "utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00\x00\xfe\xff", "utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xff\xfe", "utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\xfe\xff", "utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
}

func marked(b []byte) (mark, bool) {
	for _, m := range marks {
		if strings.HasPrefix(string(b[:min(len(b), 4)]), m.bytes) {
			return m, true
		}
	}
	return mark{}, false
}

// Decode reads a whole file. The label names its character set; "" has it told from the bytes. It fails with an error that wraps
// ErrNotText or ErrCharset and carries a hint.
func Decode(b []byte, label string) (Text, error) {
	if m, ok := marked(b); ok {
		return strictly(b[len(m.bytes):], m.encoding, m.name)
	}
	if label != "" {
		enc, name, err := Lookup(label)
		if err != nil {
			return Text{}, err
		}
		return strictly(b, enc, name)
	}
	if what := notText(b); what != "" {
		return Text{}, statement.WithHint(fmt.Errorf("%w: it holds %s", ErrNotText, what), "save the text itself, best in UTF-8, and give that file")
	}
	switch {
	case escaped(b):
		return strictly(b, encodingOf("iso-2022-jp"), "iso-2022-jp")
	case bytes.IndexByte(b, 0) >= 0:
		return wide(b)
	case utf8.Valid(b):
		return Text{Bytes: b, Charset: "utf-8"}, nil
	}
	if broken, good := sequences(b); good >= 10*broken {
		return Text{Bytes: bytes.ToValidUTF8(b, []byte("\uFFFD")), Charset: "utf-8", Broken: broken}, nil
	}
	return guessed(b)
}

// Lookup finds a character set by any of its labels. It fails with an error that wraps ErrCharset.
func Lookup(label string) (encoding.Encoding, string, error) {
	for _, m := range marks {
		if strings.EqualFold(label, m.name) {
			return m.encoding, m.name, nil
		}
	}
	enc, name := charset.Lookup(label)
	if enc == nil || name == "replacement" || name == "x-user-defined" {
		hint := "write utf-8, utf-16le, windows-1251, windows-1252, shift_jis, gbk or another name of the Encoding Standard"
		if near := statement.Nearest(strings.ToLower(label), names()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, "", statement.WithHint(fmt.Errorf("%w: there is none called %q", ErrCharset, label), hint)
	}
	return enc, name, nil
}

func names() []string {
	var all []string
	for _, m := range marks {
		all = append(all, m.name)
	}
	for _, s := range sets {
		all = append(all, s.name)
	}
	return append(all, "iso-2022-jp")
}

// encodingOf is a set of the standard that is known to be there.
func encodingOf(name string) encoding.Encoding {
	enc, _ := charset.Lookup(name)
	return enc
}

// strictly reads bytes in the set they are known to be in.
func strictly(b []byte, enc encoding.Encoding, name string) (Text, error) {
	text := b
	if name != "utf-8" {
		var err error
		if text, err = enc.NewDecoder().Bytes(b); err != nil {
			return Text{}, fmt.Errorf("%w: %s: %w", ErrCharset, name, err)
		}
		text = bytes.TrimPrefix(text, []byte("\uFEFF"))
		if n := broken(text); n > 0 {
			return Text{}, statement.WithHint(fmt.Errorf("%w: it would be %s, but %s of it no characters", ErrCharset, name, places(n)), "save the file again, in UTF-8")
		}
		return Text{Bytes: text, Charset: name}, nil
	}
	bad, _ := sequences(b)
	return Text{Bytes: bytes.ToValidUTF8(b, []byte("\uFFFD")), Charset: name, Broken: bad}, nil
}

func places(n int) string {
	if n == 1 {
		return "one place is"
	}
	return fmt.Sprintf("%d places are", n)
}

// notText names what is recognised by its first bytes (WHATWG MIME Sniffing) and is no text, or "".
func notText(b []byte) string {
	kind := http.DetectContentType(b[:min(len(b), 512)])
	family, _, _ := strings.Cut(kind, "/")
	switch {
	case kind == "application/octet-stream", family == "text":
		return ""
	case kind == "application/zip":
		return "a ZIP archive, as documents of Word and LibreOffice are"
	case kind == "application/pdf":
		return "a PDF"
	case kind == "application/x-gzip":
		return "packed bytes (gzip)"
	}
	return kind
}

// escaped tells whether Japanese or Korean is written with escapes (ISO/IEC 2022): every byte of it is ASCII.
func escaped(b []byte) bool {
	for _, sequence := range []string{"\x1b$B", "\x1b$@", "\x1b(J"} {
		if bytes.Contains(b, []byte(sequence)) {
			return true
		}
	}
	return false
}

// wide reads UTF-16 or UTF-32 that begins with no mark: bytes with zeros among them.
func wide(b []byte) (Text, error) {
	none := statement.WithHint(fmt.Errorf("%w: it is full of zero bytes", ErrNotText), "save the text itself, best in UTF-8, and give that file")
	best, most := Text{}, 0.0
	for _, m := range marks[1:] {
		unit := 2
		if strings.HasPrefix(m.name, "utf-32") {
			unit = 4
		}
		if len(b)%unit != 0 {
			continue
		}
		text, err := m.encoding.NewDecoder().Bytes(b)
		if err != nil || broken(text) > 0 || bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		// In the wrong order of bytes a space is U+2000, a line end U+0A00, and hardly anything is ASCII.
		plain := 0
		for _, r := range string(text) {
			if r == ' ' || r == '\n' || r == '\r' || r == '\t' || '!' <= r && r <= '~' || r == '\u3001' || r == '\u3002' {
				plain++
			}
		}
		if share := float64(plain) / float64(max(1, utf8.RuneCount(text))); share > most {
			best, most = Text{Bytes: text, Charset: m.name, Guessed: true}, share
		}
	}
	if best.Charset == "" {
		return Text{}, none
	}
	return best, nil
}

// broken counts what stands for bytes that are no character, and controls that no text has.
func broken(text []byte) int {
	n := 0
	for _, r := range string(text) {
		if strange(r) {
			n++
		}
	}
	return n
}

// strange tells whether a character says that the bytes were read in the wrong set: the replacement character, a control other
// than white space, a code point without a character or for private use.
func strange(r rune) bool {
	switch {
	case r == utf8.RuneError, r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != 0x1a, 0x7f <= r && r < 0xa0:
		return true
	case 0xE000 <= r && r <= 0xF8FF, r&0xFFFE == 0xFFFE, 0xFDD0 <= r && r <= 0xFDEF:
		return true
	}
	return false
}

// sequences counts the places that are no UTF-8, and the characters beyond ASCII that are.
func sequences(b []byte) (broken, good int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			broken++
		} else {
			good++
		}
		i += size
	}
	return broken, good
}

// looked is how many bytes of a stream are looked at to tell its character set.
const looked = 1 << 20

// NewReader reads a stream of lines, such as JSON Lines, into UTF-8 without a byte order mark. Its character set is told as
// Decode does it, from the first MiB, or, where somebody may be typing, from what comes first; what follows is in the same set.
// Bytes of a stream of UTF-8 that are none come as they are: they are told of where lines are read. It fails as Decode does, or
// with an error of r.
func NewReader(r io.Reader, label string, typed bool) (io.Reader, Text, error) {
	in := bufio.NewReaderSize(r, looked)
	size := looked
	if typed {
		if _, err := in.Peek(4); err != nil && err != io.EOF {
			return nil, Text{}, err
		}
		size = in.Buffered()
	}
	head, err := in.Peek(size)
	if err != nil && err != io.EOF {
		return nil, Text{}, err
	}
	if err == nil { // there is more: what is judged ends with a line
		if end := bytes.LastIndexByte(head, '\n'); end >= 0 {
			head = head[:end+1]
			if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.IndexByte(head, 0) >= 0 {
				head = head[:len(head)/4*4]
			}
		}
	}
	what, err := Decode(head, label)
	if err != nil {
		return nil, Text{}, err
	}
	what.Bytes = nil
	if what.Charset == "utf-8" {
		if m, ok := marked(head); ok {
			_, err = in.Discard(len(m.bytes))
		}
		return in, what, err
	}
	enc, _, err := Lookup(what.Charset)
	if err != nil {
		return nil, Text{}, err
	}
	text := bufio.NewReader(transform.NewReader(in, enc.NewDecoder()))
	if first, _, err := text.ReadRune(); err == nil && first != '\uFEFF' {
		err = text.UnreadRune()
		return text, what, err
	}
	return text, what, nil
}
