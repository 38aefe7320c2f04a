package extract

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
)

// formats name what issuers publish besides pages, by the media types of their servers and of the bytes themselves.
var formats = []struct{ prefix, name string }{
	{"application/pdf", isPDF}, {"application/msword", "a Word document"}, {"application/vnd.ms-word", "a Word document"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml", "a Word document"}, {"application/vnd.oasis.opendocument", "an OpenDocument file"},
	{"application/vnd.ms-excel", "a spreadsheet"}, {"application/vnd.openxmlformats-officedocument.spreadsheetml", "a spreadsheet"}, {"text/csv", "a table (CSV)"},
	{"application/vnd.ms-powerpoint", "a presentation"}, {"application/vnd.openxmlformats-officedocument.presentationml", "a presentation"},
	{"application/rtf", "an RTF document"}, {"text/rtf", "an RTF document"}, {"application/epub", "an e-book"}, {"application/postscript", "a PostScript file"},
	{"application/zip", "a ZIP archive"}, {"application/x-gzip", "a packed file"}, {"application/gzip", "a packed file"}, {"application/x-rar", "an archive"},
	{"text/calendar", "a calendar entry"}, {"application/json", "JSON"}, {"image/", "a picture"}, {"audio/", "a sound recording"}, {"video/", "a video"}, {"font/", "a font"},
}

// Unreadable says what the bytes of a page are in words for people, where they
// are a document of a kind that is not read; "" for a page, a plain text or a
// document that is read (Document), or for what nobody can name.
func Unreadable(body []byte, contentType string) string {
	if Document(body, contentType) != "" {
		return ""
	}
	return format(body, contentType)
}

// format says what the bytes of a page are, where they are none; "" for a page or
// a plain text, or for what nobody can name. What the bytes show counts before
// what the server says of them: many send pages under the wrong name.
func format(body []byte, contentType string) string {
	head := body[:min(len(body), 1024)]
	sniffed := http.DetectContentType(head)
	declared, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		declared, _, _ = strings.Cut(contentType, ";")
	}
	declared = strings.ToLower(strings.TrimSpace(declared))
	switch {
	case bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"), []byte(`{\rtf`)):
		return "an RTF document"
	case isMarkup(body):
		return ""
	case strings.HasPrefix(sniffed, "text/"):
		return formatOf(declared) // a text may be a page, whose markup begins late
	case sniffed == "application/octet-stream" && wide(body, contentType) && formatOf(declared) == "": // UTF-16, or a text with some litter
		return ""
	}
	name := formatOf(sniffed)
	if zipped := sniffed == "application/zip" || sniffed == "application/octet-stream"; name == "" || zipped {
		if told := formatOf(declared); told != "" { // office documents are archives
			return told
		}
	}
	if name == "" && bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) { // [MS-CFB], section 2.2
		return "a document of an older office program"
	}
	if name == "" && sniffed == "application/octet-stream" && bytes.IndexByte(head, 0) >= 0 {
		return "a binary file"
	}
	return name
}

// isMarkup tells bytes that are a page, whatever they hold further down.
func isMarkup(body []byte) bool {
	head := body[:min(len(body), 1024)]
	return strings.HasPrefix(http.DetectContentType(head), "text/html") || bytes.Contains(bytes.ToLower(head), []byte("<html"))
}

func formatOf(mediaType string) string {
	for _, f := range formats {
		if strings.HasPrefix(mediaType, f.prefix) {
			return f.name
		}
	}
	return ""
}
