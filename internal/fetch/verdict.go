package fetch

import (
	"net/http"

	"volteface/internal/fetch/quality"
)

// isConditional reports whether a request asks for changes only (RFC 9110,
// section 13.1).
func isConditional(h http.Header) bool {
	return len(h["If-None-Match"]) > 0 || len(h["If-Modified-Since"]) > 0
}

// redirects reports whether a status sends the reader elsewhere, as net/http
// follows it.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// statusLine is a status as people know it: "404 Not Found".
func statusLine(status int) string { return quality.StatusLine(status) }
